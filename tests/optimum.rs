//! The system optimum beside the equilibrium: marginal costs and tolls, the price of anarchy, Braess's paradox.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/oracle.rs"]
mod oracle;
#[path = "common/runs.rs"]
mod runs;
#[path = "common/sketch.rs"]
mod sketch;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use oracle::Streets;
use runs::{BRAESS_SCENARIO, braess};
use sketch::{Finished, STREET, Street, assert_close, finish, grid, on_town, sioux_falls, two_zones};

#[test]
fn braess_is_worse_off_with_his_street() {
    let folder = braess();
    let more =
        "[traffic.system_optimum]\n[traffic.braess]\nlinks = [\"3->4\"]\nmost_loaded = 5\n[output]\nexports = []\n";
    let run = finish(folder.path(), "run", &format!("{BRAESS_SCENARIO}{more}"), &[]);
    let near = |metric: &str, expected: f64| {
        let found = run.number(metric);
        assert!((found / expected - 1.0).abs() < 1e-6, "{metric} is {found}, not {expected}");
    };
    // Braess 1968: six trips of 92 minutes each with the street from 3 to 4, of 83 without.
    near("total_system_travel_time", 552.0);
    near("system_optimum_total_system_travel_time", 498.0);
    near("price_of_anarchy", 552.0 / 498.0);
    near("braess_best_change", 498.0 - 552.0);
    assert_eq!((run.number("braess_candidates"), run.number("braess_links")), (5.0, 1.0));
    assert_eq!(run.told("braess_best_link"), "4");
    let (links, changes) = (run.indices("braess_link"), run.values("braess_change"));
    assert_eq!((links.len(), links[0]), (5, 3), "named links come first");
    // Without 1->3 all go by 1->4 of 50 + 6 and 4->2 of 60 minutes; 4->2 is the same seen from the end. Without 3->2 all
    // end on 4->2, x of them over the street from 3: 10 x + 10 + x = 50 + 6 - x, so x = 23/6 and each needs 56 - x + 60.
    for (link, change) in links.into_iter().zip(changes) {
        let expected = match link {
            0 | 4 => 6.0 * 116.0 - 552.0,
            1 | 2 => 6.0 * (116.0 - 23.0 / 6.0) - 552.0,
            _ => -54.0,
        };
        assert!((change / expected - 1.0).abs() < 1e-6, "link {link}: {change}, not {expected}");
    }
}

#[test]
fn a_street_without_which_trips_lose_their_way_is_no_paradox() {
    let mut town = two_zones(&[STREET, Street { id: 2, ends: [2, 1], ..STREET }], 40.0);
    town.trips.push((2, 1, 20.0));
    let folder = town.folder();
    let run = finish(folder.path(), "run", &on_town("", "[traffic.braess]\nlinks = [1, 2]\n"), &[]);
    assert!(run.values("braess_change").iter().all(|change| change.is_nan()));
    assert_eq!((run.number("braess_candidates"), run.number("braess_links")), (2.0, 0.0));
    assert_eq!(run.values("link_volume"), [40.0, 20.0], "the run itself is left as it was");
}

#[test]
fn no_trip_costs_all_others_less_on_another_path_at_the_system_optimum() {
    let town = grid(4, 4, 5);
    let folder = town.folder();
    let tables = "[traffic.assignment]\nrelative_gap = 1e-10\n[traffic.system_optimum]\n";
    let run = finish(folder.path(), "run", &on_town("toll_weight = 0.5\n", tables), &[]);
    let volume = run.values("system_optimum_link_volume");
    // t + v t' of BPR, t0 (1 + b (1 + p) x^p), and the toll; the marginal toll is v t' alone.
    let x = |link: usize| volume[link] / town.streets[link].capacity;
    let rise = |link: usize| {
        let Street { time, bpr: [b, p], .. } = town.streets[link];
        time * b * p * x(link).powf(p)
    };
    let time = |link: usize| {
        let Street { time, bpr: [b, p], .. } = town.streets[link];
        time * (1.0 + b * x(link).powf(p))
    };
    let links = 0..town.streets.len();
    let tolls: Vec<f64> = links.clone().map(|link| 60.0 * rise(link)).collect();
    assert_close(&run.values("marginal_toll"), &tolls, 1e-12, "marginal tolls");
    let marginal: Vec<f64> =
        links.clone().map(|link| time(link) + rise(link) + 0.5 * town.streets[link].toll).collect();
    let total: f64 = links.clone().map(|link| volume[link] * marginal[link]).sum();
    let (streets, zone_node, demand) = (Streets::of(&run), run.indices("zone_node"), run.array("demand"));
    let mut least = 0.0;
    for (origin, &from) in zone_node.iter().enumerate() {
        let search = streets.search(from, &marginal, &|_, _| 0.0);
        least +=
            zone_node.iter().enumerate().map(|(to, &node)| demand[[0, origin, to]] * search.cost(node)).sum::<f64>();
    }
    let gap = 1.0 - least / total;
    assert!(gap.abs() < 1e-10, "gap {gap:e}");
    assert!((run.number("system_optimum_relative_gap") - gap).abs() < 1e-13);
    let spent: f64 = links.map(|link| volume[link] * (time(link) + 0.5 * town.streets[link].toll)).sum();
    assert!((run.number("system_optimum_total_system_travel_time") / spent - 1.0).abs() < 1e-12);
}

/// Runs with marginal tolls of the optimum as tolls and gives both: the run with the optimum, and that with the tolls.
fn tolled(folder: &Path, scenario: &str) -> [Finished; 2] {
    let optimum = finish(folder, "optimum", &format!("{scenario}[traffic.system_optimum]\n"), &[]);
    let mut tolls = String::from("link_id,toll\n");
    for (id, seconds) in optimum.integers("link_id").iter().zip(optimum.values("marginal_toll")) {
        writeln!(tolls, "{id},{}", seconds / 60.0).unwrap();
    }
    fs::write(folder.join("tolls.csv"), tolls).unwrap();
    let class = "[[traffic.class]]\nname = \"car\"\ntolls = \"tolls.csv\"\n";
    let scenario = scenario.replacen("time_unit = \"min\"", "time_unit = \"min\"\ntoll_weight = 1.0", 1);
    [optimum, finish(folder, "tolled", &format!("{scenario}{class}"), &[])]
}

fn assert_tolls_make_the_optimum([optimum, tolled]: [Finished; 2]) {
    let [best, with_tolls] =
        [optimum.number("system_optimum_total_system_travel_time"), tolled.number("total_travel_time")];
    assert!((with_tolls / best - 1.0).abs() < 1e-6, "{with_tolls} with tolls, {best} at the optimum");
    assert!(optimum.number("total_travel_time") > 1.001 * best, "the equilibrium is another one");
}

#[test]
fn marginal_tolls_make_the_equilibrium_of_braess_the_optimum() {
    let folder = braess();
    assert_tolls_make_the_optimum(tolled(folder.path(), BRAESS_SCENARIO));
}

#[test]
fn marginal_tolls_make_the_equilibrium_of_sioux_falls_the_optimum() {
    let folder = sioux_falls();
    let runs = tolled(folder.path(), &on_town("", "[traffic.assignment]\nrelative_gap = 1e-8\n"));
    let [optimum, with_tolls] = &runs;
    assert_close(&with_tolls.values("link_volume"), &optimum.values("system_optimum_link_volume"), 1e-3, "volumes");
    assert_tolls_make_the_optimum(runs);
}
