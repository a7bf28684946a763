//! Rules of the traffic tables, with what is told.

use std::path::Path;

use super::{problems, read_text, with};
use crate::scenario::*;

pub(super) const NETWORK: &str = "[traffic]\nnetwork = \"a_net.tntp\"\n";
pub(super) const WITH_TRIPS: &str = "[traffic]\nnetwork = \"a_net.tntp\"\ndemand = \"a.omx\"\n";

/// Reads a text that follows `before` and expects these problems, `LINE: KEY: MESSAGE` with hints on lines of their own.
#[track_caller]
pub(super) fn assert_told(before: &str, text: &str, expected: &[&str]) {
    let found = problems(read_text(&format!("{before}{text}")));
    let found: Vec<String> = found.iter().map(|problem| problem.to_string().replace("city.toml:", "")).collect();
    assert_eq!(found, expected);
}

#[track_caller]
pub(super) fn traffic(before: &str, text: &str) -> Traffic {
    read_text(&format!("{before}{text}")).unwrap_or_else(|error| panic!("{error}")).traffic.unwrap()
}

#[test]
fn names_are_unique() {
    for (table, what, more) in [
        ("class", "classes", "demand_matrix = \"{}\"\n"),
        ("period", "periods", "hours = 1\n"),
        ("select", "selections", "links = [1]\n"),
    ] {
        let one = |matrix: &str| format!("[[traffic.{table}]]\nname = \"a\"\n{}", more.replace("{}", matrix));
        let expected = format!("8: traffic.{table}.name: two {what} are named \"a\"");
        assert_told(WITH_TRIPS, &(one("m") + &one("n")), &[&expected]);
        let found = problems(read_text(&format!("{WITH_TRIPS}[[traffic.{table}]]\nname = \"\"\n{}", more)));
        assert_eq!(found[0].message, "expected text of one line, found \"\"");
    }
}

#[test]
fn arrays_of_tables_can_be_set_and_nothing_else_stands_for_them() {
    let set = |value: &str| parse(WITH_TRIPS, Path::new("city.toml"), &with("traffic.class", value));
    let scenario = set("[{ name = \"a\", pce = 2 }, { name = \"b\", demand = \"b.csv\" }]").unwrap();
    let classes = scenario.traffic.unwrap().classes;
    assert_eq!((&*classes[0].name, classes[0].pce, &*classes[1].name), ("a", 2.0, "b"));
    assert_eq!(classes[1].demand, Path::new("b.csv"));
    let told = |value: &str| problems(set(value))[0].to_string();
    assert_eq!(told("3"), "--set traffic.class: expected tables, found 3\n  hint: [[traffic.class]]");
    assert_eq!(told("[3]"), "--set traffic.class: expected a table, found 3");
    assert_eq!(
        told("[{ name = \"a\", pce = 0 }]").lines().next().unwrap().split(": ").next(),
        Some("--set traffic.class.pce")
    );
    assert_told(
        WITH_TRIPS,
        "[traffic.class]\nname = \"a\"\n",
        &["4: traffic.class: expected tables, found a table\n  hint: [[traffic.class]]"],
    );
    let many = "[[traffic.select]]\nname = \"a\"\n".repeat(1001);
    let told = problems(read_text(&format!("{WITH_TRIPS}{many}")));
    assert_eq!(told[0].message, "expected at most 1000 tables, found 1001");
}

#[test]
fn volume_delay_functions_have_their_own_parameters() {
    let rule = |lines: &str| format!("[[traffic.volume_delay]]\n{lines}\n");
    let functions = traffic(
        WITH_TRIPS,
        &[
            "link_types = [1]\nfunction = \"bpr\"\nb = 0.5",
            "link_types = [2]\nfunction = \"bpr2\"\npower = 5",
            "link_types = [-3, 4]\nfunction = \"conical\"\nalpha = 6",
            "function = \"akcelik\"\ndelay_parameter = 0.4",
        ]
        .map(rule)
        .concat(),
    );
    let expected = [
        (vec![1], DelayFunction::Bpr { b: Some(0.5), power: None }),
        (vec![2], DelayFunction::Bpr2 { b: None, power: Some(5.0) }),
        (vec![-3, 4], DelayFunction::Conical { alpha: Some(6.0) }),
        (vec![], DelayFunction::Akcelik { delay_parameter: 0.4, analysis_period_h: None }),
    ];
    assert_eq!(functions.volume_delays.len(), 4);
    for (rule, (link_types, function)) in functions.volume_delays.into_iter().zip(expected) {
        assert_eq!(rule, VolumeDelayRule { link_types, function });
    }
    for (lines, told) in [
        (
            "function = \"bpr\"\nalpha = 2",
            "6: traffic.volume_delay.alpha: \"bpr\" has no alpha\n  hint: it has b or power",
        ),
        ("function = \"conical\"\nb = 2", "6: traffic.volume_delay.b: \"conical\" has no b\n  hint: it has alpha"),
        (
            "function = \"akcelik\"\nb = 2\ndelay_parameter = 1",
            "6: traffic.volume_delay.b: \"akcelik\" has no b\n  hint: it has delay_parameter or analysis_period_h",
        ),
        (
            "function = \"akcelik\"",
            "4: traffic.volume_delay.delay_parameter: missing, \"akcelik\" needs it\n  hint: delay_parameter = 0.1",
        ),
        (
            "function = \"conical\"\nalpha = 1",
            "6: traffic.volume_delay.alpha: expected a number above 1 and at most 100, found 1",
        ),
        (
            "function = \"davidson\"",
            "5: traffic.volume_delay.function: expected \"bpr\", \"bpr2\", \"conical\" or \"akcelik\", found \"davidson\"",
        ),
        ("b = 1", "4: traffic.volume_delay.function: missing, it is required\n  hint: function = \"bpr2\""),
    ] {
        assert_told(WITH_TRIPS, &rule(lines), &[told]);
    }
}

#[test]
fn a_link_type_has_one_rule() {
    let rule = |types: &str| format!("[[traffic.volume_delay]]\nfunction = \"bpr\"\n{types}\n");
    let [one, other] = ["link_types = [1, 2]", "link_types = [3, 1]"].map(rule);
    let told = "9: traffic.volume_delay.link_types: two rules are for the link type 1";
    assert_told(WITH_TRIPS, &(one + &other), &[told]);
    let rest = "two rules are for all links of no other rule\n  hint: link_types = [1, 2]";
    let two = rule("") + &rule("link_types = []");
    assert_told(WITH_TRIPS, &two, &[&format!("7: traffic.volume_delay: {rest}")]);
}

#[test]
fn turns_are_read_and_checked() {
    let text = "[traffic.turns]\nfile = \"t.csv\"\nmovements = \"listed\"\nu_turns = \"forbidden\"\nleft_turn_s = 4\n\
                right_turn_s = 1.5\nu_turn_s = 9\n";
    let expected = Turns {
        file: Some("t.csv".into()),
        movements: Movements::Listed,
        u_turns: UTurns::Forbidden,
        left_turn_s: 4.0,
        right_turn_s: 1.5,
        u_turn_s: 9.0,
    };
    assert_eq!(traffic(WITH_TRIPS, text).turns, expected);
    let none = traffic(WITH_TRIPS, "").turns;
    assert_eq!((none.file, none.movements, none.u_turns), (None, Movements::Penalties, UTurns::Allowed));
    for (line, told) in [
        ("file = \"t.omx\"", "file: expected a file name ending in .csv or .csv.gz, found \"t.omx\""),
        ("u_turns = true", "u_turns: expected \"allowed\", \"dead_ends\" or \"forbidden\", found true"),
        ("left_turn_s = -1", "left_turn_s: expected a number of at least 0 and at most 3600, found -1"),
    ] {
        assert_told(WITH_TRIPS, &format!("[traffic.turns]\n{line}\n"), &[&format!("5: traffic.turns.{told}")]);
    }
}

#[test]
fn what_needs_paths_needs_the_solver_that_keeps_them() {
    for (lines, key) in [
        ("[traffic.distribution]\ndeterrence = \"power\"\nalpha = 1\n", "distribution"),
        ("[traffic.system_optimum]\n", "system_optimum"),
        ("[traffic.braess]\nmost_loaded = 1\n", "braess"),
        ("[[traffic.select]]\nname = \"a\"\nlinks = [1]\n", "select"),
        ("path_flows = true\n", "path_flows"),
        ("turning_volumes = true\n", "turning_volumes"),
        ("assignment.warm_start = \"runs/base\"\n", "assignment.warm_start"),
    ] {
        traffic(WITH_TRIPS, lines);
        for solver in ["msa", "bi_conjugate_frank_wolfe"] {
            let result = parse(
                &format!("{WITH_TRIPS}{lines}"),
                Path::new("city.toml"),
                &with("traffic.assignment.solver", solver),
            );
            let told: Vec<String> = problems(result).iter().map(ToString::to_string).collect();
            let needs = format!("needs traffic.assignment.solver = \"gradient_projection\", found \"{solver}\"");
            assert_eq!(told, [format!("city.toml:4: traffic.{key}: {needs}")]);
        }
    }
    let without = "path_flows = false\nturning_volumes = false\nselect = []\nassignment.solver = \"msa\"\n";
    assert_eq!(traffic(WITH_TRIPS, without).assignment.solver, Solver::Msa);
}

#[test]
fn flags_are_true_or_false() {
    for (value, told) in [
        ("1", "expected true or false, found 1"),
        ("\"true\"", "expected true or false, found \"true\"\n  hint: write it without quotes: true"),
    ] {
        let expected = format!("4: traffic.path_flows: {told}");
        assert_told(WITH_TRIPS, &format!("path_flows = {value}\n"), &[&expected]);
    }
    let title = "2: scenario.title: expected text of one line, found true\n  hint: put it in quotes: \"true\"";
    assert_told("[scenario]\ntitle = true\n", WITH_TRIPS, &[title]);
}

#[test]
fn deterrence_functions_have_their_own_parameters() {
    let table = |lines: &str| format!("[traffic.distribution]\n{lines}\n");
    let read = |lines: &str| traffic(WITH_TRIPS, &table(lines)).distribution.unwrap();
    let exponential = read("deterrence = \"exponential\"\nbeta_per_min = 0.1");
    assert_eq!(exponential.deterrence, Deterrence::Exponential { beta_per_min: 0.1 });
    assert_eq!((exponential.totals, exponential.tolerance, exponential.max_rounds), (None, 1e-4, 50));
    assert_eq!(read("deterrence = \"power\"\nalpha = 0").deterrence, Deterrence::Power { alpha: 0.0 });
    let combined = read("deterrence = \"combined\"\nalpha = -1\nbeta_per_min = 0.2").deterrence;
    assert_eq!(combined, Deterrence::Combined { alpha: -1.0, beta_per_min: 0.2 });
    for (lines, told) in [
        (
            "deterrence = \"exponential\"",
            "4: traffic.distribution.beta_per_min: missing, \"exponential\" needs it\n  hint: beta_per_min = 0.1",
        ),
        (
            "deterrence = \"exponential\"\nbeta_per_min = 1\nalpha = 1",
            "7: traffic.distribution.alpha: \"exponential\" has no alpha\n  hint: it has beta_per_min",
        ),
        (
            "deterrence = \"power\"\nalpha = 1\nbeta_per_min = 1",
            "7: traffic.distribution.beta_per_min: \"power\" has no beta_per_min\n  hint: it has alpha",
        ),
        (
            "deterrence = \"power\"\nalpha = -1",
            "6: traffic.distribution.alpha: expected a number of at least 0 for \"power\", found -1",
        ),
        (
            "deterrence = \"combined\"\nbeta_per_min = 1",
            "4: traffic.distribution.alpha: missing, \"combined\" needs it\n  hint: alpha = 0.1",
        ),
        (
            "deterrence = \"power\"\nalpha = inf",
            "6: traffic.distribution.alpha: expected a number of at least -1000000 and at most 1000000, found inf",
        ),
        (
            "deterrence = \"power\"\nalpha = 1\ntolerance = 0",
            "7: traffic.distribution.tolerance: expected a number above 0 and below 1, found 0",
        ),
        (
            "deterrence = \"power\"\nalpha = 1\nmax_rounds = 0",
            "7: traffic.distribution.max_rounds: expected a whole number from 1 to 10000, found 0",
        ),
        ("", "4: traffic.distribution.deterrence: missing, it is required\n  hint: deterrence = \"exponential\""),
    ] {
        assert_told(WITH_TRIPS, &table(lines), &[told]);
    }
}

#[test]
fn the_gap_of_the_system_optimum_is_that_of_the_assignment() {
    let text = "assignment.relative_gap = 1e-3\n[traffic.system_optimum]\n";
    assert_eq!(traffic(WITH_TRIPS, text).system_optimum, Some(SystemOptimum { relative_gap: 1e-3 }));
    let own = traffic(WITH_TRIPS, &format!("{text}relative_gap = 1e-2\n"));
    assert_eq!(own.system_optimum, Some(SystemOptimum { relative_gap: 1e-2 }));
    assert_eq!(traffic(WITH_TRIPS, "").system_optimum, None);
}

#[test]
fn the_search_for_paradoxes_needs_candidates() {
    let neither = "4: traffic.braess: expected links or most_loaded, found neither\n  hint: most_loaded = 20";
    for lines in ["", "links = []\n", "most_loaded = 0\n"] {
        assert_told(WITH_TRIPS, &format!("[traffic.braess]\n{lines}"), &[neither]);
    }
    let both = traffic(WITH_TRIPS, "[traffic.braess]\nlinks = [3, \"1->2\"]\nmost_loaded = 4\n").braess.unwrap();
    assert_eq!(both.links, [LinkReference::Id(3), LinkReference::Between(1, 2)]);
    assert_eq!(both.most_loaded, 4);
    let many = "5: traffic.braess.most_loaded: expected a whole number from 0 to 1000, found 1001";
    assert_told(WITH_TRIPS, "[traffic.braess]\nmost_loaded = 1001\n", &[many]);
}

#[test]
fn selections_select_something() {
    let none = "4: traffic.select: expected links, origins or destinations, found none of them\n  \
                hint: links = [12, \"3->4\"]";
    assert_told(WITH_TRIPS, "[[traffic.select]]\nname = \"a\"\norigins = []\n", &[none]);
    let text = "[[traffic.select]]\nname = \"a\"\ndestinations = [3, -1]\n\
                [[traffic.select]]\nname = \"b\"\nlinks = [1]\nrequire = \"all\"\n";
    let selections = traffic(WITH_TRIPS, text).selections;
    assert_eq!((&selections[0].destinations[..], selections[0].all_links), (&[3, -1][..], false));
    assert!(selections[1].all_links);
    let twice = "6: traffic.select.origins: 3 is named twice";
    assert_told(WITH_TRIPS, "[[traffic.select]]\nname = \"a\"\norigins = [3, 3]\n", &[twice]);
    let text = "6: traffic.select.origins: expected a whole number, found 1.5";
    assert_told(WITH_TRIPS, "[[traffic.select]]\nname = \"a\"\norigins = [1.5]\n", &[text]);
}

#[test]
fn a_gmns_folder_has_its_own_nodes_and_kilometres() {
    let gmns = "[traffic]\nnetwork = \"gmns/\"\ndemand = \"a.omx\"\n";
    let plain = traffic(gmns, "");
    assert_eq!(plain.length_unit, Some(LengthUnit::Kilometre));
    assert_eq!(plain.skims, [Skim::Cost, Skim::TravelTime, Skim::Distance]);
    assert_eq!(plain.defaulted, ["traffic.period_h = 1.0"]);
    assert!(plain.network_is_folder());
    assert!(!traffic(WITH_TRIPS, "").network_is_folder());
    assert_eq!(traffic(gmns, "length_unit = \"mi\"\nskims = [\"distance\"]\n").length_unit, Some(LengthUnit::Mile));
    let nodes = "4: traffic.nodes: a GMNS folder has its own nodes\n  hint: remove it";
    assert_told(gmns, "nodes = \"n.csv\"\n", &[nodes]);
}

#[test]
fn districts_and_counts_need_traffic() {
    let needs = "needs [traffic]\n  hint: add a [traffic] table";
    let text = "[people]\ndistricts = \"d.geojson\"\n[observed]\ncounts = \"c.csv\"\n";
    assert_told("", text, &[&format!("1: people: {needs}"), &format!("3: observed: {needs}")]);
    let scenario = read_text(&format!("{WITH_TRIPS}{text}")).unwrap();
    assert_eq!(scenario.people, Some(People { districts: "d.geojson".into() }));
    assert_eq!(scenario.observed, Some(Observed { counts: "c.csv".into() }));
    for (text, told) in [
        ("[people]\n", "4: people.districts: missing, it is required\n  hint: districts = \"districts.geojson\""),
        ("[observed]\n", "4: observed.counts: missing, it is required\n  hint: counts = \"counts.csv\""),
        (
            "[people]\ndistricts = \"d.shp\"\n",
            "5: people.districts: expected a file name ending in .geojson or .json, found \"d.shp\"",
        ),
        (
            "[people]\ndistricts = \"d.json\"\npopulation = \"p.csv\"\n",
            "6: people.population: not available in this version\n  hint: remove population",
        ),
    ] {
        assert_told(WITH_TRIPS, text, &[told]);
    }
}
