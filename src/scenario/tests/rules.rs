//! Every rule of the traffic tables, with what is told.

use std::path::Path;

use super::{problems, read_text, with};
use crate::scenario::*;

const NETWORK: &str = "[traffic]\nnetwork = \"a_net.tntp\"\n";
const WITH_TRIPS: &str = "[traffic]\nnetwork = \"a_net.tntp\"\ndemand = \"a.omx\"\n";

/// Reads a text that follows `before` and expects these problems, `LINE: KEY: MESSAGE` with hints on lines of their own.
#[track_caller]
fn assert_told(before: &str, text: &str, expected: &[&str]) {
    let found = problems(read_text(&format!("{before}{text}")));
    let found: Vec<String> = found.iter().map(|problem| problem.to_string().replace("city.toml:", "")).collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn traffic(before: &str, text: &str) -> Traffic {
    read_text(&format!("{before}{text}")).unwrap_or_else(|error| panic!("{error}")).traffic.unwrap()
}

/// Each class with its file and matrix.
fn names(traffic: &Traffic) -> Vec<String> {
    let name = |class: &UserClass| {
        let matrix = class.demand_matrix.as_deref().unwrap_or("-");
        format!("{} {} {matrix}", class.name, class.demand.display())
    };
    traffic.classes.iter().map(name).collect()
}

#[test]
fn without_classes_there_is_one_car() {
    let traffic = traffic(WITH_TRIPS, "demand_matrix = \"m\"\n");
    assert_eq!(names(&traffic), ["car a.omx m"]);
    assert_eq!((traffic.classes[0].pce, traffic.classes[0].demand_factor), (1.0, 1.0));
}

#[test]
fn classes_share_a_file_or_have_their_own() {
    let shared = "[[traffic.class]]\nname = \"car\"\ndemand_matrix = \"c\"\n[[traffic.class]]\nname = \"bus\"\n";
    let shared = traffic(WITH_TRIPS, &format!("demand_matrix = \"m\"\n{shared}"));
    assert_eq!(names(&shared), ["car a.omx c", "bus a.omx m"]);
    let own = "[[traffic.class]]\nname = \"bus\"\ndemand = \"b.csv\"\n";
    assert_eq!(names(&traffic(NETWORK, own)), ["bus b.csv -"]);
}

#[test]
fn demand_that_no_listed_class_takes_is_that_of_cars() {
    let bus = "[[traffic.class]]\nname = \"bus\"\ndemand = \"b.csv\"\npce = 2.5\n";
    let with_cars = traffic(WITH_TRIPS, &format!("demand_matrix = \"m\"\n{bus}"));
    assert_eq!(names(&with_cars), ["car a.omx m", "bus b.csv -"]);
    assert_eq!((with_cars.classes[0].pce, with_cars.classes[1].pce), (1.0, 2.5));
    assert_told(
        WITH_TRIPS,
        "[[traffic.class]]\nname = \"car\"\ndemand = \"b.csv\"\n",
        &["3: traffic.demand: used by no class, each has a demand of its own\n  \
           hint: remove it, or the demand of the class \"car\""],
    );
}

#[test]
fn every_class_needs_demand() {
    let needs = "3: traffic.class.demand: missing, and there is no traffic.demand that the class could take\n  \
                 hint: demand = \"trucks.csv\"";
    assert_told(NETWORK, "[[traffic.class]]\nname = \"bus\"\n", &[needs]);
    let required = "1: traffic.demand: missing, it is required\n  hint: demand = \"town_trips.tntp\"";
    assert_told(NETWORK, "", &[required]);
    assert_told(NETWORK, "class = []\n", &[required]);
}

#[test]
fn matrices_have_names_in_omx_files_alone() {
    let only = "only an .omx file has named matrices\n  hint: remove it";
    let csv = "[traffic]\nnetwork = \"a_net.tntp\"\ndemand = \"a.csv\"\n";
    assert_told(csv, "demand_matrix = \"m\"\n", &[&format!("4: traffic.demand_matrix: {only}")]);
    let class = "[[traffic.class]]\nname = \"bus\"\ndemand_matrix = \"m\"\n";
    assert_told(csv, class, &[&format!("6: traffic.class.demand_matrix: {only}")]);
    let own = format!("{class}demand = \"b.csv\"\n");
    assert_told(WITH_TRIPS, &own, &[&format!("6: traffic.class.demand_matrix: {only}")]);
}

#[test]
fn a_matrix_that_no_class_takes_is_told() {
    let class = "demand_matrix = \"m\"\n[[traffic.class]]\nname = \"bus\"\ndemand_matrix = \"b\"\n";
    let unused = "4: traffic.demand_matrix: used by no class, each that takes traffic.demand has a matrix of its own\n  \
                  hint: remove it";
    assert_told(WITH_TRIPS, class, &[unused]);
    let own = "demand_matrix = \"m\"\n[[traffic.class]]\nname = \"bus\"\ndemand = \"b.omx\"\n";
    let nothing = "3: traffic.demand_matrix: there is no traffic.demand that it could be of\n  hint: remove it";
    assert_told(NETWORK, own, &[nothing]);
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
fn two_classes_do_not_have_the_same_demand() {
    let class = |name: &str, demand: &str| format!("[[traffic.class]]\nname = \"{name}\"\ndemand = \"{demand}\"\n");
    let same = |line: usize, one: &str, other: &str| {
        format!("{line}: traffic.class: classes \"{one}\" and \"{other}\" have the same demand")
    };
    assert_told(NETWORK, &(class("a", "x.csv") + &class("b", "./x.csv")), &[&same(6, "a", "b")]);
    assert_told(WITH_TRIPS, &class("bus", "a.omx"), &[&same(4, "car", "bus")]);
    let shared = "[[traffic.class]]\nname = \"a\"\n[[traffic.class]]\nname = \"b\"\n";
    assert_told(WITH_TRIPS, shared, &[&same(6, "a", "b")]);
    traffic(WITH_TRIPS, &shared.replace("\"b\"\n", "\"b\"\ndemand_matrix = \"b\"\n"));
}

#[test]
fn costs_per_kilometre_need_a_value_of_time_and_kilometres() {
    let class = "[[traffic.class]]\nname = \"a\"\ncost_per_km = 0.2\n";
    let value = "6: traffic.class.cost_per_km: needs value_of_time_per_h\n  hint: value_of_time_per_h = 30.0";
    let unit = "6: traffic.class.cost_per_km: needs traffic.length_unit\n  hint: length_unit = \"km\"";
    assert_told(WITH_TRIPS, class, &[value, unit]);
    assert_told(WITH_TRIPS, &format!("{class}value_of_time_per_h = 9\n"), &[unit]);
    let gmns = WITH_TRIPS.replace("a_net.tntp", "gmns");
    assert_told(&gmns, class, &[value]);
    traffic(&gmns, &format!("{class}value_of_time_per_h = 9\n"));
    traffic(WITH_TRIPS, "[[traffic.class]]\nname = \"a\"\ncost_per_km = 0\n");
}

#[test]
fn values_of_classes_out_of_range_are_problems() {
    for (line, told) in [
        ("pce = 0", "pce: expected a number above 0 and at most 100, found 0"),
        ("pce = nan", "pce: expected a number above 0 and at most 100, found nan"),
        (
            "value_of_time_per_h = 0.0",
            "value_of_time_per_h: expected a number above 0 and at most 1000000000, found 0.0",
        ),
        ("demand_factor = -1", "demand_factor: expected a number of at least 0 and at most 1000000, found -1"),
        ("tolls = \"t.tntp\"", "tolls: expected a file name ending in .csv or .csv.gz, found \"t.tntp\""),
        ("banned_links = [1, 1]", "banned_links: 1 is named twice"),
        (
            "banned_link_types = [2147483648]",
            "banned_link_types: expected a whole number from -2147483648 to 2147483647, found 2147483648",
        ),
        ("banned_link_types = [3, 4, 3]", "banned_link_types: 3 is named twice"),
        (
            "cost_per_mile = 3",
            "cost_per_mile: unknown key, allowed are name, demand, demand_matrix, demand_factor, pce, \
          value_of_time_per_h, cost_per_km, tolls, banned_links, banned_link_types\n  hint: did you mean \"cost_per_km\"?",
        ),
    ] {
        let text = format!("[[traffic.class]]\nname = \"a\"\n{line}\n");
        assert_told(WITH_TRIPS, &text, &[&format!("6: traffic.class.{told}")]);
    }
    let unnamed = "4: traffic.class.name: missing, it is required\n  hint: name = \"truck\"";
    assert_told(WITH_TRIPS, "[[traffic.class]]\npce = 2\n", &[unnamed]);
    let elsewhere = "unknown key, allowed are links, most_loaded\n  hint: it belongs in [[traffic.class]]";
    assert_told(
        WITH_TRIPS,
        "[traffic.braess]\nmost_loaded = 1\npce = 2\n",
        &[&format!("6: traffic.braess.pce: {elsewhere}")],
    );
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
fn periods_bring_days_and_demand() {
    let text = "[[traffic.period]]\nname = \"am\"\nhours = 2\nannual_days = { weekday = 250, sunday = 0.5 }\n\
                demand = { bus = \"am.csv\" }\ndemand_matrix = { car = \"am\" }\n\
                [[traffic.class]]\nname = \"bus\"\ndemand = \"b.omx\"\ndemand_matrix = \"b\"\n";
    let traffic = traffic(WITH_TRIPS, text);
    let am = &traffic.periods[0];
    assert_eq!(am.annual_days, [("weekday".to_owned(), 250.0), ("sunday".to_owned(), 0.5)]);
    let of = |class: &UserClass| {
        let (file, matrix) = am.demand_of(class);
        (file.display().to_string(), matrix.map(str::to_owned))
    };
    assert_eq!(of(&traffic.classes[0]), ("a.omx".to_owned(), Some("am".to_owned())));
    assert_eq!(of(&traffic.classes[1]), ("am.csv".to_owned(), None));
}

#[test]
fn values_of_periods_out_of_range_are_problems() {
    for (line, told) in [
        ("hours = 0", "hours: expected a number above 0 and at most 24, found 0"),
        ("hours = 24.5", "hours: expected a number above 0 and at most 24, found 24.5"),
        ("annual_days = { a = 367 }", "annual_days.a: expected a number of at least 0 and at most 366, found 367"),
        ("annual_days = { a = -1 }", "annual_days.a: expected a number of at least 0 and at most 366, found -1"),
        ("annual_days = { a = nan }", "annual_days.a: expected a number of at least 0 and at most 366, found nan"),
        ("annual_days = { a = 250, b = 117 }", "annual_days: expected at most 366 days in all, found 367"),
        ("annual_days = 250", "annual_days: expected a table, found 250\n  hint: { name = 250 }"),
        ("annual_days = { \"\" = 1 }", "annual_days.\"\": expected a name of one line"),
        ("demand = { cra = \"b.csv\" }", "demand.cra: there is no class of that name\n  hint: did you mean \"car\"?"),
        ("demand_matrix = { bus = \"b\" }", "demand_matrix.bus: there is no class of that name\n  hint: name \"car\""),
        (
            "demand = { car = \"b.txt\" }",
            "demand.car: expected a file name ending in .tntp, .tntp.gz, .omx, .csv or .csv.gz, found \"b.txt\"",
        ),
        (
            "demand_matrix = { car = 3 }",
            "demand_matrix.car: expected text of one line, found 3\n  \
          hint: put it in quotes: \"3\"",
        ),
        ("start = 7", "start: unknown key, allowed are name, hours, demand_factor, annual_days, demand, demand_matrix"),
    ] {
        let hours = if line.starts_with("hours") { "" } else { "hours = 1\n" };
        let text = format!("[[traffic.period]]\nname = \"a\"\n{hours}{line}\n");
        let number = if hours.is_empty() { 6 } else { 7 };
        assert_told(WITH_TRIPS, &text, &[&format!("{number}: traffic.period.{told}")]);
    }
    let needed = "4: traffic.period.hours: missing, it is required\n  hint: hours = 3.0";
    assert_told(WITH_TRIPS, "[[traffic.period]]\nname = \"am\"\n", &[needed]);
}

#[test]
fn demand_of_periods_is_checked_like_that_of_classes() {
    let period = "[[traffic.period]]\nname = \"am\"\nhours = 1\n";
    let bus = "[[traffic.class]]\nname = \"bus\"\ndemand = \"b.csv\"\n";
    let only = "7: traffic.period.demand_matrix.bus: only an .omx file has named matrices\n  hint: remove it";
    assert_told(WITH_TRIPS, &format!("{period}demand_matrix = {{ bus = \"m\" }}\n{bus}"), &[only]);
    let same = "7: traffic.period.demand: classes \"car\" and \"bus\" have the same demand";
    assert_told(WITH_TRIPS, &format!("{period}demand = {{ bus = \"a.omx\" }}\n{bus}"), &[same]);
    traffic(WITH_TRIPS, &format!("{period}demand = {{ bus = \"a.omx\" }}\ndemand_matrix = {{ bus = \"m\" }}\n{bus}"));
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
