//! Trips that find their destinations: consistent with the gravity model at their own costs.
//!
//! Held against its closed form and against the conditions that define it.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/runs.rs"]
mod runs;
#[path = "common/sketch.rs"]
mod sketch;

use std::fs;

use ndarray::ArrayD;
use sketch::{Finished, JUNCTION, Junction, STREET, Street, Town, assert_close, fails, finish, on_town, sioux_falls};

/// Origins 1 and 2 and destinations 3 and 4, each pair joined by a street of its own.
fn two_by_two() -> Town {
    let street = |id, ends, time, capacity| Street { id, ends, time, capacity, ..STREET };
    Town {
        junctions: (1..=4).map(|id| Junction { id, zone: Some(id), ..JUNCTION }).collect(),
        streets: vec![
            street(1, [1, 3], 4.0, 100.0),
            street(2, [1, 4], 9.0, 150.0),
            street(3, [2, 3], 12.0, 120.0),
            street(4, [2, 4], 5.0, 80.0),
        ],
        trips: vec![(1, 3, 70.0), (1, 4, 30.0), (2, 3, 20.0), (2, 4, 80.0)],
    }
}

fn distribution(deterrence: &str) -> String {
    format!(
        "[traffic.assignment]\nrelative_gap = 1e-12\n[traffic.distribution]\n{deterrence}\ntolerance = 1e-10\n\
         max_rounds = 500\n"
    )
}

#[test]
fn two_zones_each_way_have_a_closed_form() {
    // Totals 100 and 100 from, 90 and 110 to: one number x of trips from 1 to 3 tells all. The gravity model demands
    // x (x + 10) / ((100 - x) (90 - x)) = exp(-beta (c13 + c24 - c14 - c23)) at costs c = t0 (1 + v / capacity).
    let beta = 0.15;
    let excess = |x: f64| {
        let cost = |time: f64, capacity: f64, volume: f64| time * (1.0 + volume / capacity);
        let costs =
            cost(4.0, 100.0, x) + cost(5.0, 80.0, x + 10.0) - cost(9.0, 150.0, 100.0 - x) - cost(12.0, 120.0, 90.0 - x);
        (x * (x + 10.0) / ((100.0 - x) * (90.0 - x))).ln() + beta * costs
    };
    let (mut low, mut high) = (1e-6, 90.0 - 1e-6);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if excess(middle) < 0.0 { low = middle } else { high = middle }
    }
    let folder = two_by_two().folder();
    let tables = distribution("deterrence = \"exponential\"\nbeta_per_min = 0.15\n");
    let run = finish(folder.path(), "run", &on_town("", &tables), &[]);
    assert!(run.converged());
    assert_close(&run.values("link_volume"), &[low, 100.0 - low, 90.0 - low, low + 10.0], 1e-8, "volumes");
    assert!((low - 70.0).abs() > 1.0, "the trips of the file are not consistent: {low}");
}

/// Row and column sums of the trips of the first class between zones.
fn sums(demand: &ArrayD<f64>) -> [Vec<f64>; 2] {
    let n = demand.shape()[1];
    let sum = |of: &dyn Fn(usize, usize) -> f64| (0..n).map(|i| (0..n).map(|j| of(i, j)).sum()).collect();
    [sum(&|i, j| demand[[0, i, j]]), sum(&|i, j| demand[[0, j, i]])]
}

/// Trips over deterrence at the run's own costs are a product of a row and a column factor: all cross ratios are 1.
fn assert_gravity(run: &Finished, tolerance: f64, weight: impl Fn(f64) -> f64) {
    let (demand, cost) = (run.array("demand"), run.array("skim_cost"));
    let n = demand.shape()[1];
    let factor = |i: usize, j: usize| demand[[0, i, j]] / weight(cost[[0, i, j]]);
    let mut n_held = 0;
    for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
        let (k, l) = ((i + 7) % n, (j + 5) % n);
        let pairs = [(i, j), (k, l), (i, l), (k, j)];
        if pairs.iter().all(|&(from, to)| from != to && demand[[0, from, to]] > 1.0) {
            let ratio = factor(i, j) * factor(k, l) / (factor(i, l) * factor(k, j));
            assert!((ratio - 1.0).abs() < tolerance, "{pairs:?}: {ratio}");
            n_held += 1;
        }
    }
    assert!(n_held > 100, "{n_held}");
}

/// Deterrence by cost in minutes.
type Weight = fn(f64) -> f64;

#[test]
fn sioux_falls_is_consistent_with_each_function() {
    let folder = sioux_falls();
    let file = finish(folder.path(), "file", &on_town("", ""), &[]);
    let weights: [(&str, Weight); 3] = [
        ("deterrence = \"exponential\"\nbeta_per_min = 0.1\n", |cost| (-0.1 * cost).exp()),
        ("deterrence = \"power\"\nalpha = 1.5\n", |cost| cost.powf(-1.5)),
        ("deterrence = \"combined\"\nalpha = 0.4\nbeta_per_min = 0.12\n", |cost| cost.powf(0.4) * (-0.12 * cost).exp()),
    ];
    for (index, (deterrence, weight)) in weights.into_iter().enumerate() {
        let tables = format!(
            "[traffic.assignment]\nrelative_gap = 1e-8\n[traffic.distribution]\n{deterrence}tolerance = 1e-6\n\
             max_rounds = 200\n"
        );
        let run = finish(folder.path(), &format!("run{index}"), &on_town("", &tables), &[]);
        assert!(run.converged() && run.number("distribution_distance") <= 1e-6, "{deterrence}");
        let [rows, columns] = sums(&run.array("demand"));
        let [rows_of_file, columns_of_file] = sums(&file.array("demand"));
        assert_close(&rows, &rows_of_file, 1e-6, "productions");
        assert_close(&columns, &columns_of_file, 1e-6, "attractions");
        assert_gravity(&run, 1e-3, weight);
        let kept = run.values("demand").iter().zip(file.values("demand")).all(|(new, old)| (new - old).abs() < 1.0);
        assert!(!kept, "the trips of the file are others");
        let demand: f64 = run.values("demand").iter().sum();
        assert!((demand / 360_600.0 - 1.0).abs() < 1e-6);
    }
}

#[test]
fn totals_of_a_file_replace_those_of_the_demand() {
    let folder = two_by_two().folder();
    fs::write(folder.path().join("totals.csv"), "zone,productions,attractions\n1,120,0\n2,40,0\n3,0,100\n4,0,60\n")
        .unwrap();
    let tables = distribution("deterrence = \"power\"\nalpha = 2.0\ntotals = \"totals.csv\"");
    let run = finish(folder.path(), "run", &on_town("", &tables), &[]);
    assert!(run.converged());
    let [rows, columns] = sums(&run.array("demand"));
    assert_close(&rows, &[120.0, 40.0, 0.0, 0.0], 1e-9, "productions");
    assert_close(&columns, &[0.0, 0.0, 100.0, 60.0], 1e-9, "attractions");
    // x trips from 1 to 3: x (x - 60) / ((120 - x) (100 - x)) = (c13 c24 / (c14 c23))^-2.
    let (x, cost) = (run.array("demand")[[0, 0, 2]], run.array("skim_cost"));
    let [c13, c14, c23, c24] = [[0, 2], [0, 3], [1, 2], [1, 3]].map(|[from, to]| cost[[0, from, to]]);
    let ratio = x * (x - 60.0) / ((120.0 - x) * (100.0 - x)) * (c13 * c24 / (c14 * c23)).powi(2);
    assert!((ratio - 1.0).abs() < 1e-8, "{ratio}");
}

#[test]
fn costs_are_in_minutes_whatever_the_unit_of_the_network() {
    // The same streets in seconds; beta stays per minute.
    let tables = distribution("deterrence = \"exponential\"\nbeta_per_min = 0.15\n");
    let volumes = |town: Town, unit: &str| {
        let folder = town.folder();
        let scenario = on_town("", &tables).replace("time_unit = \"min\"", &format!("time_unit = \"{unit}\""));
        finish(folder.path(), "run", &scenario, &[]).values("link_volume")
    };
    let mut seconds = two_by_two();
    seconds.streets.iter_mut().for_each(|street| street.time *= 60.0);
    assert_close(&volumes(seconds, "s"), &volumes(two_by_two(), "min"), 1e-8, "volumes");
}

#[test]
fn rounds_that_do_not_suffice_are_told() {
    let folder = two_by_two().folder();
    let tables = distribution("deterrence = \"exponential\"\nbeta_per_min = 0.15\n").replace("500", "2");
    let run = finish(folder.path(), "run", &on_town("", &tables), &[]);
    assert!(!run.converged() && run.warned("distribution_not_converged") == 1);
    assert_eq!(run.number("distribution_rounds"), 2.0);
}

#[test]
fn a_cost_of_nothing_has_no_power() {
    let mut town = two_by_two();
    town.streets[0].time = 0.0;
    let folder = town.folder();
    let tables = distribution("deterrence = \"power\"\nalpha = 2.0");
    let (code, message) = fails(folder.path(), "run", &on_town("", &tables));
    assert!(code == 2 && message.contains("traffic.distribution"), "{code}: {message}");
}

#[test]
fn factors_on_demand_hold_for_totals_too() {
    let folder = two_by_two().folder();
    fs::write(folder.path().join("totals.csv"), "zone,productions,attractions\n1,120,0\n2,40,0\n3,0,100\n4,0,60\n")
        .unwrap();
    let tables = distribution("deterrence = \"power\"\nalpha = 2.0\ntotals = \"totals.csv\"");
    let run = finish(folder.path(), "run", &on_town("demand_factor = 0.5\n", &tables), &[]);
    let [rows, columns] = sums(&run.array("demand"));
    assert_close(&rows, &[60.0, 20.0, 0.0, 0.0], 1e-9, "productions");
    assert_close(&columns, &[0.0, 0.0, 50.0, 30.0], 1e-9, "attractions");
}

/// Streets of constant time, of which both into zone 4 but that from zone 2 take so long that hardly anyone would come.
fn far_apart(minutes: f64) -> Town {
    let street = |id, ends, time| Street { id, ends, time, capacity: 1e6, bpr: [0.0, 4.0], ..STREET };
    Town {
        junctions: (1..=4).map(|id| Junction { id, zone: Some(id), ..JUNCTION }).collect(),
        streets: vec![
            street(1, [1, 3], 1.0),
            street(2, [1, 4], minutes),
            street(3, [2, 3], minutes),
            street(4, [2, 4], 1.0),
        ],
        trips: vec![(1, 3, 10.0), (1, 4, 20.0), (2, 3, 10.0), (2, 4, 10.0)],
    }
}

#[test]
fn costs_far_apart_give_the_limit_of_the_model_and_never_the_trips_of_the_file() {
    // Origins 30 and 20, destinations 20 and 30: the limit of great differences is 20 and 10 from zone 1, 20 from zone 2.
    for minutes in [100.0, 300.0, 690.0] {
        let folder = far_apart(minutes).folder();
        let run = finish(
            folder.path(),
            "run",
            &on_town("", &distribution("deterrence = \"exponential\"\nbeta_per_min = 1.0\n")),
            &[],
        );
        let demand = run.array("demand");
        assert_close(&[demand[[0, 0, 2]], demand[[0, 0, 3]], demand[[0, 1, 3]]], &[20.0, 10.0, 20.0], 1e-6, "trips");
    }
    // Beyond the range of numbers the far pairs count as not joined, and then the totals cannot be met.
    for minutes in [700.0, 740.0, 760.0, 9000.0] {
        let folder = far_apart(minutes).folder();
        let scenario = on_town("", &distribution("deterrence = \"exponential\"\nbeta_per_min = 1.0\n"));
        let (code, told) = fails(folder.path(), "run", &scenario);
        assert_eq!(code, 2);
        assert!(told.contains("the gravity model leaves the range of numbers"), "{minutes}: {told}");
    }
}

#[test]
fn productions_that_reach_no_attraction_are_told() {
    let folder = two_by_two().folder();
    fs::write(folder.path().join("totals.csv"), "zone,productions,attractions\n1,120,0\n2,40,0\n3,50,160\n4,0,0\n")
        .unwrap();
    let tables = distribution("deterrence = \"exponential\"\nbeta_per_min = 0.1\ntotals = \"totals.csv\"");
    let run = finish(folder.path(), "run", &on_town("", &tables), &[]);
    let report = fs::read_to_string(folder.path().join("run/report.json")).unwrap();
    assert!(report.contains("lost_productions") && report.contains("50.00 productions"), "{report}");
    assert_close(&run.values("link_volume"), &[120.0, 0.0, 40.0, 0.0], 1e-9, "volumes");
}
