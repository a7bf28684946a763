//! Turns: bans, penalties, turning back, directions, and movements of a GMNS folder.
//!
//! Held against a search over links and against networks in which every turn is a link of its own.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/oracle.rs"]
mod oracle;
#[path = "common/runs.rs"]
mod runs;
#[path = "common/sketch.rs"]
mod sketch;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use oracle::{Streets, used_paths};
use sketch::{
    Dice, Finished, JUNCTION, Junction, STREET, Street, Town, assert_close, finish, grid, on_town, sioux_falls,
};

/// Seconds of each turn that is not free, by ids of links; infinite where it is not allowed.
type TurnCosts = BTreeMap<(i64, i64), f64>;

/// Pairs of links that follow each other.
fn turns_of(streets: &[Street]) -> Vec<(Street, Street)> {
    let follows = |from: &Street, to: &Street| from.ends[1] == to.ends[0];
    let onwards = |from: Street| streets.iter().filter(move |to| follows(&from, to)).map(move |&to| (from, to));
    streets.iter().flat_map(|&from| onwards(from)).collect()
}

/// Random bans and penalties; every fourth turn is not free.
fn random_turns(streets: &[Street], seed: u64) -> TurnCosts {
    let mut dice = Dice(seed);
    let mut costs = TurnCosts::new();
    for (from, to) in turns_of(streets) {
        match dice.below(12) {
            0 => _ = costs.insert((from.id, to.id), f64::INFINITY),
            1 | 2 => _ = costs.insert((from.id, to.id), (60.0 * dice.number()).ceil()),
            _ => {}
        }
    }
    costs
}

/// Bans of turning back.
fn no_turning_back(streets: &[Street], only_where_there_is_another_way: bool) -> TurnCosts {
    let back = |(from, to): &(Street, Street)| from.ends[0] == to.ends[1];
    let has_other_way =
        |from: &Street| streets.iter().any(|next| next.ends[0] == from.ends[1] && next.ends[1] != from.ends[0]);
    let turns = turns_of(streets).into_iter().filter(back);
    let banned = turns.filter(|(from, _)| !only_where_there_is_another_way || has_other_way(from));
    banned.map(|(from, to)| ((from.id, to.id), f64::INFINITY)).collect()
}

fn write_turns(folder: &Path, costs: &TurnCosts) {
    let mut csv = String::from("from_link,to_link,penalty_s,banned\n");
    for ((from, to), seconds) in costs {
        let (seconds, banned) = if seconds.is_finite() { (*seconds, 0) } else { (0.0, 1) };
        writeln!(csv, "{from},{to},{seconds},{banned}").unwrap();
    }
    fs::write(folder.join("turns.csv"), csv).unwrap();
}

const TURNS: &str = "[traffic.turns]\nfile = \"turns.csv\"\n";
const TIGHT: &str = "[traffic.assignment]\nrelative_gap = 1e-12\n";
const PATHS: &str = "path_flows = true\nturning_volumes = true\n";

/// Costs, paths and turns of a run agree with a search over links in which `turns` cost what they do.
fn assert_search_agrees(run: &Finished, turns: &TurnCosts) {
    let (streets, zone_node, id) = (Streets::of(run), run.indices("zone_node"), run.integers("link_id"));
    let minutes: Vec<f64> = run.values("link_travel_time").iter().map(|seconds| seconds / 60.0).collect();
    let turn = |from: usize, to: usize| turns.get(&(id[from], id[to])).map_or(0.0, |seconds| seconds / 60.0);
    let (skims, times) = (run.array("skim_cost"), run.array("skim_travel_time"));
    let mut least = vec![vec![0.0; zone_node.len()]; zone_node.len()];
    for (origin, &from) in zone_node.iter().enumerate() {
        let search = streets.search(from, &minutes, &turn);
        for (destination, &to) in zone_node.iter().enumerate() {
            let (cost, found) = (search.cost(to), skims[[0, origin, destination]]);
            let agrees = if cost.is_finite() { (found - cost).abs() <= 1e-9 * cost } else { found.is_nan() };
            assert!(agrees, "{origin} to {destination}: {found}, not {cost}");
            let seconds = times[[0, origin, destination]];
            assert!(!cost.is_finite() || (seconds / 60.0 - cost).abs() <= 1e-9 * cost, "turns take time");
            least[origin][destination] = cost;
        }
    }
    for path in used_paths(run).iter().filter(|path| path.flow > 1e-9) {
        let of_turns: f64 = path.links.windows(2).map(|two| turn(two[0], two[1])).sum();
        let cost = of_turns + path.links.iter().map(|&link| minutes[link]).sum::<f64>();
        assert!(cost.is_finite(), "{path:?} has a turn that is not allowed");
        assert!((path.cost / cost - 1.0).abs() < 1e-12, "{path:?} costs {cost}");
        assert!(cost / least[path.key[1]][path.key[2]] < 1.0 + 1e-7, "{path:?} is not among the cheapest");
    }
    let turn_ids = run.indices("turn_from_link").into_iter().zip(run.indices("turn_to_link"));
    for ((from, to), seconds) in turn_ids.zip(run.values("turn_penalty")) {
        let told = turns.get(&(id[from], id[to])).copied().unwrap_or(0.0);
        assert!((seconds - told).abs() <= 1e-12 * told, "from {} to {}: {seconds} s", id[from], id[to]);
    }
}

/// The town with a link for every turn: streets run from a start of their own to an end of their own, zones stand aside.
fn with_turns_as_links(town: &Town, turns: &TurnCosts) -> Town {
    let (start, end) = (|street: &Street| 10_000 + street.id, |street: &Street| 20_000 + street.id);
    let mut expanded = Town { trips: town.trips.clone(), ..Town::default() };
    let free = Street { time: 0.0, bpr: [0.0, 1.0], length: 0.0, toll: 0.0, ..STREET };
    let mut next_id = 100_000;
    let mut join = |expanded: &mut Town, ends: [i64; 2], time: f64| {
        expanded.streets.push(Street { id: next_id, ends, time, ..free });
        next_id += 1;
    };
    for street in &town.streets {
        expanded.streets.push(Street { ends: [start(street), end(street)], ..*street });
        expanded.junctions.push(Junction { id: start(street), ..JUNCTION });
        expanded.junctions.push(Junction { id: end(street), ..JUNCTION });
    }
    for junction in town.junctions.iter().filter(|junction| junction.zone.is_some()) {
        expanded.junctions.push(Junction { through: false, ..*junction });
        for street in &town.streets {
            if street.ends[0] == junction.id {
                join(&mut expanded, [junction.id, start(street)], 0.0);
            }
            if street.ends[1] == junction.id {
                join(&mut expanded, [end(street), junction.id], 0.0);
            }
        }
    }
    for (from, to) in turns_of(&town.streets) {
        let seconds = turns.get(&(from.id, to.id)).copied().unwrap_or(0.0);
        if seconds.is_finite() {
            join(&mut expanded, [end(&from), start(&to)], seconds / 60.0);
        }
    }
    expanded
}

/// Volumes of the streets of a town, in the order of its links.
fn volumes_of(run: &Finished, streets: &[Street]) -> Vec<f64> {
    let (id, volume) = (run.integers("link_id"), run.values("link_volume"));
    streets.iter().map(|street| volume[id.iter().position(|&id| id == street.id).unwrap()]).collect()
}

/// Solves with turns, and with a link for every turn, and holds one against the other.
fn assert_same_as_links(town: &Town, rules: &str, file: &TurnCosts, turns: &TurnCosts) {
    let (folder, other) = (town.folder(), with_turns_as_links(town, turns).folder());
    write_turns(folder.path(), file);
    let run = finish(folder.path(), "run", &on_town(PATHS, &format!("{TIGHT}{rules}")), &[]);
    let as_links = finish(other.path(), "run", &on_town("", TIGHT), &[]);
    assert!(run.converged() && as_links.converged());
    assert_search_agrees(&run, turns);
    let expected = volumes_of(&as_links, &town.streets);
    assert_close(&volumes_of(&run, &town.streets), &expected, 1e-6, "volumes");
    assert_close(&run.values("skim_cost"), &as_links.values("skim_cost"), 1e-8, "costs");
    for total in ["total_system_travel_time", "beckmann_objective", "total_travel_time", "unreachable_demand"] {
        let (found, expected) = (run.number(total), as_links.number(total));
        assert!((found - expected).abs() <= 1e-9 * expected, "{total}: {found}, not {expected}");
    }
}

#[test]
fn random_bans_and_penalties_are_as_turns_that_are_links() {
    for seed in 1..=6 {
        let town = grid(3, 4, seed);
        let turns = random_turns(&town.streets, seed);
        assert_same_as_links(&town, TURNS, &turns, &turns);
    }
}

#[test]
fn turning_back_is_forbidden_where_the_scenario_says_so() {
    let town = grid(3, 3, 11);
    let file = random_turns(&town.streets, 11);
    for (rule, only_where_there_is_another_way) in [("dead_ends", true), ("forbidden", false)] {
        let mut turns = file.clone();
        turns.extend(no_turning_back(&town.streets, only_where_there_is_another_way));
        assert_same_as_links(&town, &format!("{TURNS}u_turns = \"{rule}\"\n"), &file, &turns);
    }
}

/// Sioux Falls as a town.
fn sioux_falls_town() -> Town {
    let folder = sioux_falls();
    let rows = |name: &str| {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        let rows: Vec<Vec<f64>> = text
            .lines()
            .filter(|line| line.starts_with(|first: char| first.is_ascii_digit()))
            .map(|line| line.split(',').map(|field| field.trim().parse().unwrap_or(f64::NAN)).collect())
            .collect();
        let header = text.lines().find(|line| !line.starts_with('#')).unwrap().to_owned();
        let column = move |name: &str| header.split(',').position(|found| found.trim() == name);
        (rows, column)
    };
    let (links, column) = rows("links.csv");
    let at = |row: &[f64], name: &str| row[column(name).unwrap()];
    let streets = links.iter().map(|row| Street {
        id: at(row, "link_id") as i64,
        ends: [at(row, "from_node") as i64, at(row, "to_node") as i64],
        capacity: at(row, "capacity"),
        time: at(row, "free_flow_time"),
        length: at(row, "length"),
        bpr: [at(row, "b"), at(row, "power")],
        ..STREET
    });
    let junctions = (1..=24).map(|id| Junction { id, zone: Some(id), ..JUNCTION });
    let (demand, _) = rows("trips.csv");
    let trips = demand.iter().map(|row| (row[0] as i64, row[1] as i64, row[2]));
    Town { junctions: junctions.collect(), streets: streets.collect(), trips: trips.collect() }
}

#[test]
fn sioux_falls_with_bans_and_penalties() {
    let town = sioux_falls_town();
    let turns = random_turns(&town.streets, 3);
    assert!(turns.values().filter(|seconds| seconds.is_infinite()).count() > 5);
    let file = turns.clone();
    let folder = town.folder();
    write_turns(folder.path(), &file);
    let run = finish(folder.path(), "run", &on_town(PATHS, &format!("{TIGHT}{TURNS}")), &[]);
    assert!(run.converged());
    assert_search_agrees(&run, &turns);
    let other = with_turns_as_links(&town, &turns).folder();
    let as_links = finish(other.path(), "run", &on_town("", TIGHT), &[]);
    assert_close(&volumes_of(&run, &town.streets), &volumes_of(&as_links, &town.streets), 1e-6, "volumes");
}

/// A crossing at node 9 with arms 1 (west), 2 (north), 3 (east), 4 (south), each a zone and a minute away.
fn crossing() -> Town {
    let arms = [[-1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, -1.0]];
    let mut town = Town { junctions: vec![Junction { id: 9, ..JUNCTION }], ..Town::default() };
    for (arm, xy) in (1..).zip(arms) {
        town.junctions.push(Junction { id: arm, xy, zone: Some(arm), through: true });
        let street = Street { time: 1.0, bpr: [0.0, 1.0], ..STREET };
        town.streets.push(Street { id: arm, ends: [arm, 9], ..street });
        town.streets.push(Street { id: 10 + arm, ends: [9, arm], ..street });
    }
    town.trips = (1..5).flat_map(|from| (1..5).map(move |to| (from, to, 1.0))).collect();
    town
}

#[test]
fn left_turns_take_longer_than_right_ones() {
    let folder = crossing().folder();
    let rules = "[traffic.turns]\nleft_turn_s = 30.0\nright_turn_s = 12.0\nu_turn_s = 7.0\n";
    let run = finish(folder.path(), "run", &on_town(PATHS, rules), &[]);
    // From the west: left to the north, straight on to the east, right to the south; the other arms turned by quarters.
    let onwards = [0.0, 120.0 + 30.0, 120.0, 120.0 + 12.0];
    let expected: Vec<f64> =
        (0..4).flat_map(|from: usize| (0..4).map(move |to: usize| onwards[(to + 4 - from) % 4])).collect();
    assert_close(&run.values("skim_travel_time"), &expected, 1e-12, "times");
    assert_eq!(run.number("turn_penalties"), 4.0 + 4.0 + 8.0, "left, right, and back at the crossing and at the arms");
    // 12 trips of two minutes, four of them turning left and four right.
    assert!((run.number("total_travel_time") - (12.0 * 2.0 + 4.0 * 0.5 + 4.0 * 0.2)).abs() < 1e-9);
}

#[test]
fn directions_need_coordinates() {
    let folder = runs::braess();
    let scenario = format!("{}[traffic.turns]\nleft_turn_s = 5.0\n", runs::BRAESS_SCENARIO);
    let (code, message) = sketch::fails(folder.path(), "run", &scenario);
    assert_eq!(code, 2, "{message}");
    assert!(message.contains("coordinates") && message.contains("hint: name a file of nodes"), "{message}");
}

#[test]
fn a_banned_turn_is_gone_round_the_block_or_at_a_dead_end() {
    // From 1 to 3 by 2, where the turn is banned; street 2->4 is a dead end in which one can turn back, if that is allowed.
    let ends = [[1, 2], [2, 3], [2, 4], [4, 2]];
    let junctions = [(1, Some(1)), (2, None), (3, Some(3)), (4, None)];
    let town = Town {
        junctions: junctions.map(|(id, zone)| Junction { id, zone, ..JUNCTION }).to_vec(),
        streets: (1..).zip(ends).map(|(id, ends)| Street { id, ends, time: 1.0, ..STREET }).collect(),
        trips: vec![(1, 3, 2.0)],
    };
    let folder = town.folder();
    fs::write(folder.path().join("turns.csv"), "from_node,via_node,to_node,banned\n1,2,3,yes\n").unwrap();
    for (rule, minutes) in [("allowed", 4.08), ("dead_ends", 4.08), ("forbidden", f64::NAN)] {
        let run = finish(folder.path(), rule, &on_town(PATHS, &format!("{TURNS}u_turns = \"{rule}\"\n")), &[]);
        // 2 vehicles of 100 on each of four streets of a minute, which doubles at capacity.
        assert_close(&run.values("skim_cost"), &[0.0, minutes, f64::NAN, 0.0], 1e-12, rule);
        let unreachable = if minutes.is_nan() { 2.0 } else { 0.0 };
        assert_eq!(run.number("unreachable_demand"), unreachable, "{rule}");
    }
}

/// The crossing as a GMNS folder, in which one may go on from the west to the east and, in half a minute, to the north.
fn gmns_crossing() -> tempfile::TempDir {
    let (town, folder) = (crossing(), tempfile::tempdir().unwrap());
    let roads = folder.path().join("roads");
    fs::create_dir(&roads).unwrap();
    let mut nodes = String::from("node_id,x_coord,y_coord,zone_id\n");
    for junction in &town.junctions {
        let zone = junction.zone.map_or_else(String::new, |zone| zone.to_string());
        writeln!(nodes, "{},{},{},{zone}", junction.id, 1000.0 * junction.xy[0], 1000.0 * junction.xy[1]).unwrap();
    }
    let mut links =
        String::from("link_id,from_node_id,to_node_id,directed,length,capacity,free_speed,lanes,vdf_alpha\n");
    for Street { id, ends: [from, to], .. } in &town.streets {
        writeln!(links, "{id},{from},{to},1,1.0,1000,60,1,0").unwrap();
    }
    let movements = "mvmt_id,node_id,ib_link_id,ob_link_id,type,penalty\n1,9,1,13,thru,\n2,9,1,12,left,30\n";
    let config = "dataset_name,short_length,long_length,speed,currency\ncrossing,m,km,kph,euro\n";
    for (name, text) in [("node", &*nodes), ("link", &*links), ("movement", movements), ("config", config)] {
        fs::write(roads.join(format!("{name}.csv")), text).unwrap();
    }
    fs::write(folder.path().join("trips.csv"), sketch::trips_csv(&town.trips)).unwrap();
    folder
}

#[test]
fn movements_mean_what_the_scenario_says() {
    let folder = gmns_crossing();
    for (meaning, north, south) in [("ignored", 120.0, 120.0), ("penalties", 150.0, 120.0), ("listed", 150.0, f64::NAN)]
    {
        let scenario = format!(
            "[traffic]\nnetwork = \"roads\"\ndemand = \"trips.csv\"\n[traffic.turns]\nmovements = \"{meaning}\"\n\
             u_turns = \"forbidden\"\n[output]\nexports = []\n"
        );
        let run = finish(folder.path(), meaning, &scenario, &[]);
        let from_west = &run.values("skim_travel_time")[..4];
        assert_close(from_west, &[0.0, north, 120.0, south], 1e-12, meaning);
        // No movement is listed for the other arms, which may go on as they like.
        assert_close(&run.values("skim_travel_time")[4..8], &[120.0, 0.0, 120.0, 120.0], 1e-12, meaning);
    }
}
