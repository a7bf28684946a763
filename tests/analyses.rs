//! What follows from an equilibrium: skims, selected links, turning volumes, the system optimum, Braess's paradox.
//!
//! Held against searches and sums of the tests' own, and against the numbers of the textbook.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/oracle.rs"]
mod oracle;
#[path = "common/runs.rs"]
mod runs;
#[path = "common/sketch.rs"]
mod sketch;

use std::fmt::Write;
use std::fs;

use oracle::{Streets, UsedPath, used_paths};
use runs::{BRAESS_SCENARIO, braess};
use sketch::{
    Finished, JUNCTION, Junction, STREET, Street, Town, assert_close, finish, grid, on_town, sioux_falls, two_zones,
};

const CLASSES: &str = "[[traffic.class]]\nname = \"car\"\ndemand_factor = 0.8\nvalue_of_time_per_h = 30.0\n\
    cost_per_km = 0.2\n[[traffic.class]]\nname = \"truck\"\ndemand_factor = 0.2\nvalue_of_time_per_h = 90.0\npce = 2.0\n";
/// Minutes per unit of money and per kilometre of the two.
const WEIGHTS: [[f64; 2]; 2] = [[2.0, 0.4], [60.0 / 90.0, 0.0]];

/// A grid with a zone that nothing leads to: 900 has a street out, but none in.
fn town() -> Town {
    let mut town = grid(4, 4, 5);
    let corner = town.junctions[0];
    town.junctions.push(Junction { id: 90, xy: [-1.0, 0.0], zone: Some(900), ..corner });
    town.streets.push(Street { id: 900, ends: [90, 1], ..town.streets[0] });
    town.trips.extend([(900, 10, 8.0), (900, 30, 9.0)]);
    town
}

const SKIMS: [&str; 5] = ["skim_cost", "skim_travel_time", "skim_distance", "skim_toll", "skim_free_flow_time"];

/// A run on the town with all skims.
fn skimmed(tables: &str) -> (tempfile::TempDir, Finished) {
    let folder = town().folder();
    let all = "skims = [\"cost\", \"travel_time\", \"distance\", \"toll\", \"free_flow_time\"]\n";
    let run = finish(folder.path(), "run", &on_town(all, &format!("{CLASSES}{tables}")), &[]);
    (folder, run)
}

/// Shows class, least cost by the test's own search, its path and the five skims of each pair of zones.
fn for_each_pair(run: &Finished, mut visit: impl FnMut(usize, f64, Vec<usize>, [f64; 5])) {
    let (streets, zone_node) = (Streets::of(run), run.indices("zone_node"));
    let [time, length, toll] = ["link_travel_time", "link_length", "link_toll"].map(|name| run.values(name));
    let skims = SKIMS.map(|name| run.array(name));
    for (class, [per_toll, per_km]) in WEIGHTS.into_iter().enumerate() {
        let cost = |link: usize| time[link] / 60.0 + per_toll * toll[link] + per_km * length[link] / 1000.0;
        let cost: Vec<f64> = (0..time.len()).map(cost).collect();
        for (origin, &from) in zone_node.iter().enumerate() {
            let search = streets.search(from, &cost, &|_, _| 0.0);
            for (destination, &to) in zone_node.iter().enumerate() {
                let found = skims.each_ref().map(|skim| skim[[class, origin, destination]]);
                visit(class, search.cost(to), search.path(to), found);
            }
        }
    }
}

#[test]
fn skims_are_sums_along_least_cost_paths() {
    // One iteration leaves no two paths of equal cost, so that the least-cost path is known.
    let (_folder, run) = skimmed("[traffic.assignment]\nmax_iterations = 1\n");
    let links = ["link_travel_time", "link_length", "link_toll", "link_free_flow_time"].map(|name| run.values(name));
    let mut n_unreachable = 0;
    for_each_pair(&run, |_, cost, path, found| {
        if cost.is_infinite() {
            assert!(found.iter().all(|value| value.is_nan()), "{found:?}");
            n_unreachable += 1;
            return;
        }
        let along = |values: &Vec<f64>| path.iter().map(|&link| values[link]).sum::<f64>();
        let expected = [cost].into_iter().chain(links.iter().map(along));
        for ((name, found), expected) in SKIMS.iter().zip(found).zip(expected) {
            assert!((found - expected).abs() <= 1e-9 * expected, "{name} {path:?}: {found}, not {expected}");
        }
    });
    assert_eq!(n_unreachable, 2 * 8, "from every other zone to the one without a way in, by class");
}

#[test]
fn skims_at_equilibrium_are_those_of_one_least_cost_path() {
    // Used paths cost the same, so that time, distance and toll may be those of any of them; together they are the cost.
    let (_folder, run) = skimmed("[traffic.assignment]\nrelative_gap = 1e-10\n");
    for_each_pair(&run, |class, cost, _, [found, time, distance, toll, free_flow]| {
        if cost.is_finite() {
            let [per_toll, per_km] = WEIGHTS[class];
            let together = time / 60.0 + per_toll * toll + per_km * distance / 1000.0;
            assert!((found - cost).abs() <= 1e-9 * cost, "{found}, not {cost}");
            assert!((together - cost).abs() <= 1e-9 * cost, "{together}, not {cost}");
            assert!(free_flow <= time * (1.0 + 1e-12), "{free_flow} at free flow, {time} with traffic");
        }
    });
}

/// A run on the town with paths, turns and selections, per half an hour.
fn selected() -> (tempfile::TempDir, Finished) {
    let folder = town().folder();
    let keys = "period_h = 0.5\npath_flows = true\nturning_volumes = true\n";
    let selections = "[traffic.assignment]\nrelative_gap = 1e-9\n\
        [[traffic.select]]\nname = \"one\"\nlinks = [120]\n\
        [[traffic.select]]\nname = \"any\"\nlinks = [120, 107, \"6->7\"]\n\
        [[traffic.select]]\nname = \"all\"\nlinks = [\"90->1\", \"1->2\"]\nrequire = \"all\"\n\
        [[traffic.select]]\nname = \"zones\"\norigins = [10, 30]\ndestinations = [110, 150]\n\
        [[traffic.select]]\nname = \"both\"\nlinks = [120]\ndestinations = [150, 110, 130]\n";
    let run = finish(folder.path(), "run", &on_town(keys, &format!("{CLASSES}{selections}")), &[]);
    (folder, run)
}

/// Which paths each selection takes, written down again.
fn takes(run: &Finished, selection: usize, path: &UsedPath) -> bool {
    let (id, zone, ends) = (run.integers("link_id"), run.integers("zone_id"), run.indices("link_nodes"));
    let node = run.integers("node_id");
    let uses = |link: i64| path.links.iter().any(|&used| id[used] == link);
    let uses_between = |from: i64, to: i64| {
        path.links.iter().any(|&used| [node[ends[2 * used]], node[ends[2 * used + 1]]] == [from, to])
    };
    let (origin, destination) = (zone[path.key[1]], zone[path.key[2]]);
    match selection {
        0 => uses(120),
        1 => uses(120) || uses(107) || uses_between(6, 7),
        2 => uses_between(90, 1) && uses_between(1, 2),
        3 => [10, 30].contains(&origin) && [110, 150].contains(&destination),
        _ => uses(120) && [150, 110, 130].contains(&destination),
    }
}

#[test]
fn selected_trips_and_volumes_are_sums_of_paths() {
    let (_folder, run) = selected();
    let paths = used_paths(&run);
    let (volume, demand) = (run.array("link_volume"), run.array("demand"));
    let (on_links, trips) = (run.array("selected_link_volume"), run.array("selected_demand"));
    for selection in 0..5 {
        let (mut expected_links, mut expected_trips) = (volume.clone() * 0.0, demand.clone() * 0.0);
        let mut n_paths = 0;
        for path in paths.iter().filter(|path| takes(&run, selection, path)) {
            expected_trips[path.key.as_slice()] += path.flow;
            path.links.iter().for_each(|&link| expected_links[[path.key[0], link]] += path.flow);
            n_paths += 1;
        }
        assert!(n_paths > 0, "selection {selection} takes some paths");
        let flat = |values: ndarray::ArrayViewD<'_, f64>| values.iter().copied().collect::<Vec<f64>>();
        let axis = ndarray::Axis(0);
        assert_close(&flat(on_links.index_axis(axis, selection)), &flat(expected_links.view()), 1e-9, "volumes");
        assert_close(&flat(trips.index_axis(axis, selection)), &flat(expected_trips.view()), 1e-9, "trips");
    }
    // Of one link alone, without any path: trips and volume on the link are the link's volume.
    let link = run.integers("link_id").iter().position(|&id| id == 120).unwrap();
    for class in 0..2 {
        let of_class: f64 = trips.index_axis(ndarray::Axis(0), 0).index_axis(ndarray::Axis(0), class).sum();
        let expected = volume[[class, link]];
        assert!(expected > 1.0);
        assert!((of_class / expected - 1.0).abs() < 1e-9 && (on_links[[0, class, link]] / expected - 1.0).abs() < 1e-9);
    }
    // Of zones alone: the demand of these pairs, which is per half an hour in the file.
    let zones = run.integers("zone_id");
    for (class, part) in [0.8, 0.2].into_iter().enumerate() {
        let at = |id: i64| zones.iter().position(|&zone| zone == id).unwrap();
        let file = town().trips.iter().find(|pair| (pair.0, pair.1) == (30, 110)).unwrap().2;
        assert!((trips[[3, class, at(30), at(110)]] - 2.0 * part * file).abs() < 1e-9);
    }
}

#[test]
fn paths_add_up_to_volumes_and_demand() {
    let (_folder, run) = selected();
    let (mut volume, mut demand) = (run.array("link_volume") * 0.0, run.array("demand") * 0.0);
    let shares = run.values("path_share");
    for (path, share) in used_paths(&run).iter().zip(shares) {
        demand[path.key.as_slice()] += path.flow;
        path.links.iter().for_each(|&link| volume[[path.key[0], link]] += path.flow);
        let trips = run_demand(&run, path.key);
        assert!((share - path.flow / trips).abs() < 1e-12, "{path:?}: {share} of {trips}");
    }
    let flat = |values: &ndarray::ArrayD<f64>| values.iter().copied().collect::<Vec<f64>>();
    assert_close(&flat(&volume), &run.values("link_volume"), 1e-12, "volumes");
    let between: ndarray::ArrayD<f64> = {
        let mut demand = run.array("demand");
        (0..2).for_each(|class| (0..9).for_each(|zone| demand[[class, zone, zone]] = 0.0));
        demand
    };
    assert_close(&flat(&demand), &flat(&between), 1e-12, "demand but for trips within a zone");
}

fn run_demand(run: &Finished, key: [usize; 3]) -> f64 {
    run.array("demand")[key.as_slice()]
}

#[test]
fn turning_volumes_balance_with_links_and_demand() {
    let (_folder, run) = selected();
    let (volume, demand, turns) = (run.array("link_volume"), run.array("demand"), run.array("turn_volume"));
    let (from, to) = (run.indices("turn_from_link"), run.indices("turn_to_link"));
    let (ends, zone_node) = (run.indices("link_nodes"), run.indices("zone_node"));
    let n_nodes = run.integers("node_id").len();
    for class in 0..2 {
        let (mut through, mut passing_in, mut passing_out) =
            (vec![0.0; n_nodes], vec![0.0; n_nodes], vec![0.0; n_nodes]);
        for turn in 0..from.len() {
            let node = ends[2 * from[turn] + 1];
            assert_eq!(node, ends[2 * to[turn]], "the second link starts where the first ends");
            through[node] += turns[[class, turn]];
        }
        for link in 0..volume.shape()[1] {
            passing_in[ends[2 * link + 1]] += volume[[class, link]];
            passing_out[ends[2 * link]] += volume[[class, link]];
        }
        for (origin, &node) in zone_node.iter().enumerate() {
            for (destination, &other) in zone_node.iter().enumerate().filter(|(other, _)| *other != origin) {
                passing_out[node] -= demand[[class, origin, destination]];
                passing_in[other] -= demand[[class, origin, destination]];
            }
        }
        assert_close(&through, &passing_in, 1e-9, "turns and links in");
        assert_close(&through, &passing_out, 1e-9, "turns and links out");
    }
    // Turn by turn from the paths.
    let mut expected = turns.clone() * 0.0;
    for path in used_paths(&run) {
        for two in path.links.windows(2) {
            let turn = (0..from.len()).find(|&turn| [from[turn], to[turn]] == [two[0], two[1]]).unwrap();
            expected[[path.key[0], turn]] += path.flow;
        }
    }
    let flat = |values: &ndarray::ArrayD<f64>| values.iter().copied().collect::<Vec<f64>>();
    assert_close(&flat(&turns), &flat(&expected), 1e-9, "turns");
}

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

const DISTRICTS: &str = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "west"},
    "geometry": {"type": "Polygon", "coordinates": [[[-0.5, -0.5], [1.0, -0.5], [1.0, 3.5], [-0.5, 3.5], [-0.5, -0.5]]]}},
    {"type": "Feature", "properties": {"name": "east"},
    "geometry": {"type": "Polygon", "coordinates": [[[1.0, -0.5], [2.2, -0.5], [2.2, 3.5], [1.0, 3.5], [1.0, -0.5]]]}}]}"#;

#[test]
fn kilometres_hours_and_delay_are_summed_by_type_and_district() {
    let mut town = grid(4, 4, 5);
    town.streets.iter_mut().for_each(|street| street.link_type = [7, 3, 5][street.id as usize % 3]);
    let folder = town.folder();
    fs::write(folder.path().join("districts.geojson"), DISTRICTS).unwrap();
    let tables = format!("{CLASSES}[people]\ndistricts = \"districts.geojson\"\n");
    let run = finish(folder.path(), "run", &on_town("period_h = 2.0\n", &tables), &[]);
    let (volume, [time, free_flow]) =
        (run.array("link_volume"), ["link_travel_time", "link_free_flow_time"].map(|name| run.values(name)));
    let xy = |id: i64| town.junctions.iter().find(|junction| junction.id == id).unwrap().xy;
    let district = |street: &Street| {
        let [[from, _], [to, _]] = street.ends.map(xy);
        match 0.5 * (from + to) {
            x if x < 1.0 => 0,
            // A point on an edge belongs to the area to the right of it.
            x if x < 2.2 => 1,
            _ => 2,
        }
    };
    let mut expected = [[[0.0; 3]; 3]; 2];
    for (link, street) in town.streets.iter().enumerate() {
        let vehicles = volume[[0, link]] + volume[[1, link]];
        let hours = [street.length, time[link] / 3600.0, (time[link] - free_flow[link]) / 3600.0];
        for (index, per_vehicle) in hours.into_iter().enumerate() {
            expected[0][index][(street.link_type as usize - 3) / 2] += vehicles * per_vehicle;
            expected[1][index][district(street)] += vehicles * per_vehicle;
        }
    }
    assert_eq!(run.integers("type_code"), [3, 5, 7]);
    for (group, expected) in ["type", "district"].into_iter().zip(expected) {
        for (what, expected) in ["vkt", "vht", "delay"].into_iter().zip(expected) {
            assert_close(&run.values(&format!("{group}_{what}")), &expected, 1e-12, what);
        }
    }
    // The rows of a table add up to the whole, which is per two hours.
    let total: f64 = run.values("district_vkt").iter().sum();
    assert!((2.0 * total / run.number("vkt") - 1.0).abs() < 1e-12);
}

#[test]
fn connectors_beyond_their_capacity_are_counted() {
    // Zones 1 and 2 may not be passed, so that their streets are connectors; the first of two is overloaded.
    let mut town = two_zones(&[], 150.0);
    town.junctions.iter_mut().for_each(|zone| zone.through = false);
    town.junctions.push(Junction { id: 3, ..JUNCTION });
    town.streets = vec![
        Street { ends: [1, 3], capacity: 100.0, ..STREET },
        Street { id: 2, ends: [3, 2], capacity: 200.0, ..STREET },
    ];
    let run = finish(town.folder().path(), "run", &on_town("", ""), &[]);
    assert_eq!(run.warned("overloaded_connectors"), 1);
}

/// Runs with marginal tolls of the optimum as tolls and gives both: the run with the optimum, and that with the tolls.
fn tolled(folder: &std::path::Path, scenario: &str) -> [Finished; 2] {
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
