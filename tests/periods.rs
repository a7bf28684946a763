//! Periods of the day: each as a run of its own, and what they add up to.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/oracle.rs"]
mod oracle;
#[path = "common/runs.rs"]
mod runs;
#[path = "common/sketch.rs"]
mod sketch;

use std::fs;

use oracle::{Streets, used_paths};
use sketch::{Finished, Town, assert_close, finish, grid, on_town, trips_csv};

const KEYS: &str = "path_flows = true\nturning_volumes = true\nperiod_h = 0.5\n";
const TIGHT: &str = "[traffic.assignment]\nrelative_gap = 1e-10\n";
const CLASSES: &str = "[[traffic.class]]\nname = \"car\"\ndemand_factor = 0.8\n\
    [[traffic.class]]\nname = \"truck\"\ndemand_factor = 0.2\npce = 2.0\n";
const ANALYSES: &str = "[[traffic.select]]\nname = \"one\"\nlinks = [110]\n[traffic.system_optimum]\n\
    [traffic.braess]\nlinks = [110, 111]\n";
/// The morning has its own trips of trucks, the evening a factor.
const PERIODS: &str = "[[traffic.period]]\nname = \"morning\"\nhours = 2.0\nannual_days = { weekday = 250 }\n\
    demand = { truck = \"trucks.csv\" }\n\
    [[traffic.period]]\nname = \"evening\"\nhours = 3.5\ndemand_factor = 0.6\n\
    annual_days = { weekday = 250, weekend = 100 }\n";

fn town() -> (Town, tempfile::TempDir) {
    let town = grid(3, 4, 9);
    let folder = town.folder();
    let trucks: Vec<(i64, i64, f64)> = town.trips.iter().map(|&(from, to, trips)| (to, from, 1.5 * trips)).collect();
    fs::write(folder.path().join("trucks.csv"), trips_csv(&trucks)).unwrap();
    (town, folder)
}

fn with_periods(folder: &std::path::Path) -> Finished {
    finish(folder, "day", &on_town(KEYS, &format!("{TIGHT}{CLASSES}{ANALYSES}{PERIODS}")), &[])
}

/// The two periods as runs of their own.
fn one_by_one(folder: &std::path::Path) -> [Finished; 2] {
    let trucks = "pce = 2.0\ndemand = \"trucks.csv\"\n";
    let morning = CLASSES.replace("pce = 2.0\n", trucks);
    let alone = |name: &str, keys: &str, classes: &str| {
        finish(folder, name, &on_town(keys, &format!("{TIGHT}{classes}{ANALYSES}")), &[])
    };
    [alone("morning", KEYS, &morning), alone("evening", &format!("{KEYS}demand_factor = 0.6\n"), CLASSES)]
}

#[test]
fn periods_are_runs_of_their_own() {
    let (_, folder) = town();
    let day = with_periods(folder.path());
    let alone = one_by_one(folder.path());
    assert!(day.converged());
    // How the volume of a link divides among classes is not unique, so that sums over vehicles are left out.
    let compared = [
        ("demand", 1e-15),
        ("link_volume_pcu", 1e-6),
        ("link_travel_time", 1e-6),
        ("volume_capacity_ratio", 1e-6),
        ("skim_cost", 1e-6),
        ("marginal_toll", 1e-5),
        ("braess_change", 1e-4),
    ];
    for (name, tolerance) in compared {
        let of_day = day.array(name);
        for (period, run) in alone.iter().enumerate() {
            let found: Vec<f64> = of_day.index_axis(ndarray::Axis(0), period).iter().copied().collect();
            assert_close(&found, &run.values(name), tolerance, name);
        }
    }
    for (period, run) in ["morning", "evening"].iter().zip(&alone) {
        for total in ["total_system_travel_time", "beckmann_objective", "assigned_demand", "price_of_anarchy"] {
            let (found, expected) = (day.number(&format!("{period}.{total}")), run.number(total));
            assert!((found / expected - 1.0).abs() < 1e-7, "{period}.{total} is {found}, not {expected}");
        }
    }
    let truck = |run: &Finished| run.values("demand").iter().skip(36).sum::<f64>();
    assert!((truck(&alone[0]) / truck(&alone[1]) - 1.5 / 0.6).abs() < 1e-12, "own matrix and own factor");
}

#[test]
fn days_and_years_add_up() {
    let (town, folder) = town();
    let day = with_periods(folder.path());
    // Vehicles per hour × kilometres × hours of the period × days of the year.
    let volume = day.array("link_volume");
    let per_hour = |period: usize| -> f64 {
        let length = |link: usize| town.streets[link].length;
        (0..2)
            .map(|class| (0..town.streets.len()).map(|link| volume[[period, class, link]] * length(link)).sum::<f64>())
            .sum()
    };
    let vkt = 2.0 * per_hour(0) + 3.5 * per_hour(1);
    let annual = 2.0 * 250.0 * per_hour(0) + 3.5 * 350.0 * per_hour(1);
    for (metric, expected) in [("vkt", vkt), ("annual_vkt", annual), ("morning.vkt", 0.5 * per_hour(0))] {
        let found = day.number(metric);
        assert!((found / expected - 1.0).abs() < 1e-12, "{metric} is {found}, not {expected}");
    }
    let time = day.array("link_travel_time");
    let hours = |period: usize| -> f64 {
        let of = |class: usize, link: usize| volume[[period, class, link]] * time[[period, link]] / 3600.0;
        (0..2).map(|class| (0..town.streets.len()).map(|link| of(class, link)).sum::<f64>()).sum()
    };
    let annual = 2.0 * 250.0 * hours(0) + 3.5 * 350.0 * hours(1);
    assert!((day.number("annual_vht") / annual - 1.0).abs() < 1e-12);
    assert_eq!((day.values("period_hours"), day.values("period_annual_days")), (vec![2.0, 3.5], vec![250.0, 350.0]));
}

#[test]
fn paths_know_their_period() {
    let (_, folder) = town();
    let day = with_periods(folder.path());
    let (paths, period) = (used_paths(&day), day.indices("path_period"));
    assert_eq!(paths.len(), period.len());
    let mut volume = day.array("link_volume") * 0.0;
    let mut selected = day.array("selected_link_volume") * 0.0;
    let link = day.integers("link_id").iter().position(|&id| id == 110).unwrap();
    let streets = Streets::of(&day);
    for (path, &period) in paths.iter().zip(&period) {
        path.links.iter().for_each(|&link| volume[[period, path.key[0], link]] += path.flow);
        if path.links.contains(&link) {
            path.links.iter().for_each(|&link| selected[[period, 0, path.key[0], link]] += path.flow);
        }
        assert_eq!(streets.ends[path.links[0]][0], day.indices("zone_node")[path.key[1]]);
    }
    let flat = |values: &ndarray::ArrayD<f64>| values.iter().copied().collect::<Vec<f64>>();
    assert_close(&flat(&volume), &day.values("link_volume"), 1e-12, "volumes");
    assert_close(&flat(&selected), &day.values("selected_link_volume"), 1e-12, "selected");
    let iterations: Vec<usize> = day.indices("iteration_period");
    assert!(iterations.is_sorted() && iterations.contains(&0) && iterations.contains(&1));
    assert_eq!(iterations.len() as f64, day.number("iterations"));
}

#[test]
fn paths_stand_by_period_and_origin_whichever_rank_owns_them() {
    let (_, folder) = town();
    let scenario = on_town(KEYS, &format!("{TIGHT}{CLASSES}{PERIODS}"));
    let [one, three] = ["1", "3"].map(|ranks| {
        finish(folder.path(), &format!("ranks_{ranks}"), &scenario, &["--local-ranks", ranks, "--threads", "1"])
    });
    let period = three.indices("path_period");
    let keys: Vec<_> = period.iter().zip(used_paths(&three)).map(|(&period, path)| (period, path.key[1])).collect();
    assert!(keys.is_sorted(), "{keys:?}");
    assert_eq!(used_paths(&three), used_paths(&one));
    assert_eq!(three.checksum(), one.checksum());
}

#[test]
fn a_run_with_periods_starts_the_same_periods() {
    let (_, folder) = town();
    let day = with_periods(folder.path());
    let warm = format!("{TIGHT}warm_start = \"day\"\n{CLASSES}");
    let again = finish(folder.path(), "again", &on_town(KEYS, &format!("{warm}{PERIODS}")), &[]);
    assert_eq!(again.number("iterations"), 2.0, "one for each period");
    assert_close(&again.values("link_volume"), &day.values("link_volume"), 1e-9, "volumes");
    // The other way about and one of them by itself: periods are known by their names.
    let split = PERIODS.rfind("[[").unwrap();
    let turned = format!("{}{}", &PERIODS[split..], &PERIODS[..split]);
    let turned = finish(folder.path(), "turned", &on_town(KEYS, &format!("{warm}{turned}")), &[]);
    assert_eq!(turned.number("iterations"), 2.0);
    let (volume, other) = (day.array("link_volume"), turned.array("link_volume"));
    for period in 0..2 {
        let flat = |array: &ndarray::ArrayD<f64>, period| {
            array.index_axis(ndarray::Axis(0), period).iter().copied().collect::<Vec<f64>>()
        };
        assert_close(&flat(&other, 1 - period), &flat(&volume, period), 1e-9, "volumes");
    }
    let evening = finish(folder.path(), "evening", &on_town(KEYS, &format!("{warm}{}", &PERIODS[split..])), &[]);
    assert_eq!((evening.number("iterations"), evening.warned("dropped_paths")), (1.0, 0));
}

#[test]
fn a_run_without_periods_starts_all_of_them() {
    let (_, folder) = town();
    finish(folder.path(), "first", &on_town(KEYS, &format!("{TIGHT}{CLASSES}")), &[]);
    let warm = format!("{TIGHT}warm_start = \"first\"\n{CLASSES}{ANALYSES}{PERIODS}");
    let warm = finish(folder.path(), "warm", &on_town(KEYS, &warm), &[]);
    let day = with_periods(folder.path());
    assert!(warm.converged());
    assert_close(&warm.values("link_volume_pcu"), &day.values("link_volume_pcu"), 1e-6, "volumes");
}
