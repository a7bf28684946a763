//! Any town: parallel streets, streets round to where they start, streets of no time, dead ends, zones that may not be passed, pairs that nothing joins; with classes,
//! bans, tolls and turns at once. Conditions of equilibrium and sums are checked by the tests' own search over links.
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
use sketch::{Dice, Finished, JUNCTION, Junction, STREET, Street, Town, assert_close, finish, on_town};

/// A town and what is asked of it.
struct Case {
    town: Town,
    /// Seconds of turns by links in file order, infinite where they are not allowed.
    turns: BTreeMap<(usize, usize), f64>,
    /// Links, in file order, that trucks may not use.
    banned: Vec<usize>,
    /// Links that nobody may use.
    closed: Vec<usize>,
}

/// Minutes per unit of money of cars and trucks.
const MINUTES_PER_MONEY: [f64; 2] = [2.0, 0.5];

fn case(seed: u64) -> Case {
    let mut dice = Dice(seed);
    let n_nodes = 5 + dice.below(9);
    let mut town = Town::default();
    for node in 0..n_nodes as i64 {
        let zone = (node < 2 || dice.below(2) == 0).then_some(node + 1);
        let through = zone.is_none() || dice.below(4) > 0;
        town.junctions.push(Junction { id: node + 1, zone, through, ..JUNCTION });
    }
    for id in 0..(n_nodes * 3) as i64 {
        let [from, to] = [0, 0].map(|_| 1 + dice.below(n_nodes) as i64);
        let (time, b) = match dice.below(6) {
            0 => (0.0, 0.0),
            1 => (1.0 + 4.0 * dice.number(), 0.0),
            _ => (1.0 + 4.0 * dice.number(), 0.5),
        };
        let (capacity, power) = (20.0 + 40.0 * dice.number(), 1.0 + dice.below(4) as f64);
        let toll = if dice.below(4) == 0 { dice.number() } else { 0.0 };
        let street = Street { id: id + 1, ends: [from, to], capacity, time, bpr: [b, power], toll, ..STREET };
        town.streets.push(street);
    }
    let zones: Vec<i64> = town.junctions.iter().filter_map(|junction| junction.zone).collect();
    for (from, to) in zones.iter().flat_map(|&from| zones.iter().map(move |&to| (from, to))) {
        town.trips.push((from, to, 1.0 + 9.0 * dice.number()));
    }
    let (turns, banned) = rules(&town, &mut dice);
    Case { town, turns, banned, closed: Vec::new() }
}

/// Turns that are not free, and links that are banned for trucks.
fn rules(town: &Town, dice: &mut Dice) -> (BTreeMap<(usize, usize), f64>, Vec<usize>) {
    let mut turns = BTreeMap::new();
    let n_links = town.streets.len();
    for (from, to) in (0..n_links).flat_map(|from| (0..n_links).map(move |to| (from, to))) {
        if town.streets[from].ends[1] == town.streets[to].ends[0] {
            match dice.below(10) {
                0 => _ = turns.insert((from, to), f64::INFINITY),
                1 => _ = turns.insert((from, to), (90.0 * dice.number()).ceil()),
                _ => {}
            }
        }
    }
    let banned = (0..n_links).filter(|_| dice.below(8) == 0).collect();
    (turns, banned)
}

/// The same streets under other rules, some of them closed, with half of the demand again.
fn changed(case: &Case, seed: u64) -> Case {
    let mut dice = Dice(seed);
    let mut town = case.town.clone();
    let (turns, banned) = rules(&town, &mut dice);
    town.trips.iter_mut().for_each(|pair| pair.2 *= 1.5);
    let closed = (0..town.streets.len()).filter(|_| dice.below(8) == 0).collect();
    Case { town, turns, banned, closed }
}

/// Runs a case into a folder with the name, from the paths of an earlier run if there is a key for it.
fn solved(folder: &Path, name: &str, case: &Case, start: &str) -> Finished {
    case.town.write(folder);
    let mut csv = String::from("from_link,to_link,penalty_s,banned\n");
    for ((from, to), seconds) in &case.turns {
        let (seconds, banned) = if seconds.is_finite() { (*seconds, "no") } else { (0.0, "yes") };
        writeln!(csv, "{},{},{seconds},{banned}", from + 1, to + 1).unwrap();
    }
    fs::write(folder.join("turns.csv"), csv).unwrap();
    let list = |links: &[usize]| links.iter().map(|link| (link + 1).to_string()).collect::<Vec<_>>().join(", ");
    let tables = format!(
        "[traffic.assignment]\nrelative_gap = 1e-11\nmax_iterations = 2000\n{start}[traffic.turns]\nfile = \"turns.csv\"\n\
         [[traffic.class]]\nname = \"car\"\ndemand_factor = 0.7\nvalue_of_time_per_h = 30.0\n\
         [[traffic.class]]\nname = \"truck\"\ndemand_factor = 0.3\npce = 2.0\nvalue_of_time_per_h = 120.0\n\
         banned_links = [{}]\n",
        list(&case.banned)
    );
    let keys = format!(
        "path_flows = true\nturning_volumes = true\nskims = [\"cost\", \"travel_time\", \"toll\"]\nclosed_links = [{}]\n",
        list(&case.closed)
    );
    finish(folder, name, &on_town(&keys, &tables), &["--local-ranks", "2", "--threads", "1"])
}

/// Costs of each class and pair by the test's own search.
fn least_costs(case: &Case, run: &Finished, costs: &[Vec<f64>]) -> Vec<Vec<Vec<f64>>> {
    let mut streets = Streets::of(run);
    let ids = run.integers("node_id");
    let through = |id: &i64| case.town.junctions.iter().find(|junction| junction.id == *id).unwrap().through;
    streets.through = ids.iter().map(through).collect();
    let zone_node = run.indices("zone_node");
    let turn = |from: usize, to: usize| case.turns.get(&(from, to)).map_or(0.0, |seconds| seconds / 60.0);
    let of_class = |costs: &Vec<f64>| {
        let from = |&from: &usize| {
            let search = streets.search(from, costs, &turn);
            zone_node.iter().map(|&to| search.cost(to)).collect::<Vec<f64>>()
        };
        zone_node.iter().map(from).collect::<Vec<_>>()
    };
    costs.iter().map(of_class).collect()
}

fn assert_in_equilibrium(case: &Case, run: &Finished, seed: u64) {
    assert!(run.converged(), "seed {seed}: gap {:e}", run.number("relative_gap"));
    let (time, toll) = (run.values("link_travel_time"), run.values("link_toll"));
    let cost =
        |class: usize, link: usize| match case.closed.contains(&link) || (class == 1 && case.banned.contains(&link)) {
            true => f64::INFINITY,
            false => time[link] / 60.0 + MINUTES_PER_MONEY[class] * toll[link],
        };
    let costs: Vec<Vec<f64>> = (0..2).map(|class| (0..time.len()).map(|link| cost(class, link)).collect()).collect();
    let least = least_costs(case, run, &costs);
    let [skim_cost, skim_time, skim_toll] = ["skim_cost", "skim_travel_time", "skim_toll"].map(|name| run.array(name));
    let demand = run.array("demand");
    let mut unreachable = 0.0;
    for (class, least) in least.iter().enumerate() {
        for (origin, destination) in (0..least.len()).flat_map(|origin| (0..least.len()).map(move |to| (origin, to))) {
            let (expected, at) = (least[origin][destination], [class, origin, destination]);
            let (found, parts) = (skim_cost[at], skim_time[at] / 60.0 + MINUTES_PER_MONEY[class] * skim_toll[at]);
            if expected.is_infinite() {
                assert!(found.is_nan() && parts.is_nan(), "seed {seed} {at:?}: {found}");
                unreachable += demand[at];
            } else {
                assert!((found - expected).abs() <= 1e-9 * expected, "seed {seed} {at:?}: {found}, not {expected}");
                assert!((parts - expected).abs() <= 1e-9 * expected, "seed {seed} {at:?}: {parts}, not {expected}");
            }
        }
    }
    assert!((run.number("unreachable_demand") - unreachable).abs() < 1e-9, "seed {seed}: {unreachable}");
    let (mut volume, mut trips) = (run.array("link_volume") * 0.0, demand.clone() * 0.0);
    let mut paid = 0.0;
    for path in used_paths(run) {
        let [class, origin, destination] = path.key;
        let turn = |two: &[usize]| case.turns.get(&(two[0], two[1])).map_or(0.0, |seconds| seconds / 60.0);
        let cost = path.links.windows(2).map(turn).sum::<f64>()
            + path.links.iter().map(|&link| costs[class][link]).sum::<f64>();
        assert!((path.cost - cost).abs() <= 1e-9 * cost, "seed {seed} {path:?} costs {cost}");
        let excess = cost - least[class][origin][destination];
        assert!(path.flow * excess <= 1e-9 * run.number("total_system_travel_time"), "seed {seed} {path:?}: {excess}");
        path.links.iter().for_each(|&link| volume[[class, link]] += path.flow);
        trips[path.key.as_slice()] += path.flow;
        paid += path.flow * cost * [1.0, 2.0][class];
    }
    let total = run.number("total_system_travel_time");
    assert!((total - paid).abs() <= 1e-9 * paid, "seed {seed}: {total}, not {paid}");
    let flat = |values: &ndarray::ArrayD<f64>| values.iter().copied().collect::<Vec<f64>>();
    assert_close(&flat(&volume), &run.values("link_volume"), 1e-9, "volumes");
    for (index, found) in trips.indexed_iter() {
        let is_joined = index[1] != index[2] && least[index[0]][index[1]][index[2]].is_finite();
        let expected = if is_joined { demand[[index[0], index[1], index[2]]] } else { 0.0 };
        assert!((found - expected).abs() < 1e-9, "seed {seed} {index:?}: {found}, not {expected}");
    }
}

#[test]
fn each_class_of_any_town_is_in_equilibrium() {
    for seed in 1..=25 {
        let (folder, case) = (tempfile::tempdir().unwrap(), case(seed));
        assert_in_equilibrium(&case, &solved(folder.path(), "run", &case, ""), seed);
    }
}

#[test]
fn paths_of_an_earlier_run_lead_any_town_to_its_own_equilibrium() {
    for seed in 1..=25 {
        let (folder, first) = (tempfile::tempdir().unwrap(), case(seed));
        solved(folder.path(), "first", &first, "");
        let second = changed(&first, seed);
        let run = solved(folder.path(), "second", &second, "warm_start = \"first\"\n");
        assert_in_equilibrium(&second, &run, seed);
    }
}
