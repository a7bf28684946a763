//! Runs of two periods and two classes: counts, trip lengths, and what report, exports and comparison make of them.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/runs.rs"]
mod runs;

use std::fs;
use std::path::Path;

use conurb::stages::Metric;
use conurb::store::read::RunReader;
use runs::{field, printed, report};

/// A triangle of one-way streets whose times do not depend on volumes, so that everything can be added up by hand.
const LINKS: &str = "link_id,from_node,to_node,capacity,free_flow_time,length,b,power,link_type\n\
    10,1,2,100,2,1.5,0,1,1\n20,2,3,100,3,2.6,0,1,2\n30,3,1,100,4,0.2,0,1,2\n";
const NODES: &str = "node_id,x,y,zone_id\n1,8.50,47.30,1\n2,8.51,47.30,2\n3,8.51,47.31,3\n";
const CARS: &str = "origin,destination,trips\n1,1,7\n1,2,20\n1,3,60\n2,3,10\n";
const TRUCKS: &str = "origin,destination,trips\n1,3,5\n";
/// The last one names a link that nobody uses.
const COUNTS: &str = "link_id,count,class,period,screenline\n10,85,,am,river\n20,60,car,pm,\n20,5,truck,,river\n\
    10,200,,,river\n30,10,,,river\n";
const SCENARIO: &str = "[scenario]\ntitle = \"Two periods\"\ncrs = \"EPSG:4326\"\n\
    [traffic]\nnetwork = \"links.csv\"\nnodes = \"nodes.csv\"\ntime_unit = \"min\"\nlength_unit = \"km\"\n\
    [[traffic.class]]\nname = \"car\"\ndemand = \"cars.csv\"\n\
    [[traffic.class]]\nname = \"truck\"\ndemand = \"trucks.csv\"\npce = 2.0\n\
    [[traffic.period]]\nname = \"pm\"\nhours = 1.0\ndemand_factor = 0.5\n\
    [[traffic.period]]\nname = \"am\"\nhours = 3.0\n\
    [[traffic.select]]\nname = \"bridge\"\nlinks = [20]\n\
    [observed]\ncounts = \"counts.csv\"\n\
    [output]\nexports = [\"report\"]\n";

/// A folder with a scenario as `town.toml`.
fn town(scenario: &str, counts: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("links.csv", LINKS),
        ("nodes.csv", NODES),
        ("cars.csv", CARS),
        ("trucks.csv", TRUCKS),
        ("counts.csv", counts),
        ("town.toml", scenario),
    ];
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// The same with a finished run of it as `run`.
fn finished() -> tempfile::TempDir {
    let folder = town(SCENARIO, COUNTS);
    printed(folder.path(), &["run", "town.toml", "--out", "run"]);
    folder
}

fn number(run: &Path, name: &str) -> f64 {
    match report(run).metric(name) {
        Some(Metric::Number(value)) => *value,
        Some(Metric::Count(value)) => *value as f64,
        other => panic!("{name} is {other:?}"),
    }
}

#[track_caller]
fn assert_near(found: &[f64], expected: &[f64]) {
    let near = |(found, expected): (&f64, &f64)| (found - expected).abs() <= 1e-12 * expected.abs();
    assert!(found.len() == expected.len() && found.iter().zip(expected).all(near), "{found:?}, expected {expected:?}");
}

fn indices(run: &Path, name: &str) -> Vec<i64> {
    RunReader::open(run).unwrap().i64(name).unwrap().into_raw_vec_and_offset().0
}

/// GEH by its definition.
fn geh(modelled: f64, counted: f64) -> f64 {
    (2.0 * (modelled - counted).powi(2) / (modelled + counted)).sqrt()
}

#[test]
fn counts_are_held_against_their_class_and_period() {
    let folder = finished();
    let run = &folder.path().join("run");
    // Link 10 carries 80 cars and 5 trucks in the morning, link 20 has 70 and 5; the afternoon has half of all. The morning is
    // three of four hours, so that the mean of the day is 7/8 of it.
    let modelled = [85.0, 35.0, 5.0 * 0.875, 85.0 * 0.875, 0.0];
    assert_near(&field(run, "count_modelled"), &modelled);
    let counted = [85.0, 60.0, 5.0, 200.0, 10.0];
    assert_eq!(field(run, "count_observed"), counted);
    let each: Vec<f64> = modelled.iter().zip(counted).map(|(&modelled, counted)| geh(modelled, counted)).collect();
    assert_near(&field(run, "count_geh"), &each);
    assert_eq!(indices(run, "count_link"), [0, 1, 1, 0, 2]);
    assert_eq!(indices(run, "count_class"), [-1, 0, 1, -1, -1]);
    assert_eq!(indices(run, "count_period"), [1, 0, -1, -1, -1]);
    // A GEH of 0, 3.6, 0.3, 10.7 and 4.5.
    assert_eq!([number(run, "counts"), number(run, "geh_below_5"), number(run, "geh_below_10")], [5.0, 0.8, 0.8]);
    let squares: f64 = modelled.iter().zip(counted).map(|(modelled, counted)| (modelled - counted).powi(2)).sum();
    assert_near(&[number(run, "percent_rmse")], &[100.0 * (squares / 4.0).sqrt() / 72.0]);
    assert!((0.0..1.0).contains(&number(run, "count_r_squared")) && number(run, "count_slope") > 0.0);
}

#[test]
fn screenlines_add_up_what_counts_the_same() {
    let folder = finished();
    let run = &folder.path().join("run");
    assert_eq!(RunReader::open(run).unwrap().text("screenline_name").unwrap(), ["river"; 3]);
    assert_eq!(indices(run, "screenline_class"), [-1, 1, -1]);
    assert_eq!(indices(run, "screenline_period"), [1, -1, -1]);
    assert_eq!(field(run, "screenline_observed"), [85.0, 5.0, 210.0]);
    assert_near(&field(run, "screenline_modelled"), &[85.0, 4.375, 74.375]);
    assert_near(&field(run, "screenline_geh"), &[0.0, geh(4.375, 5.0), geh(74.375, 210.0)]);
}

#[test]
fn a_link_that_is_closed_or_banned_carries_nothing() {
    let folder = town(SCENARIO, "link_id,count,class\n30,10,\n20,5,truck\n");
    let banned = SCENARIO.replace("pce = 2.0", "pce = 2.0\nbanned_links = [20]");
    fs::write(folder.path().join("town.toml"), banned).unwrap();
    printed(folder.path(), &["run", "town.toml", "--out", "run", "--set", "traffic.closed_links=[30]"]);
    let run = &folder.path().join("run");
    assert_eq!(field(run, "count_modelled"), [0.0, 0.0]);
    assert!(!RunReader::open(run).unwrap().has("screenline_name"), "no count belongs to one");
}

#[test]
fn trips_are_binned_by_length_and_time() {
    let folder = finished();
    let run = &folder.path().join("run");
    let open = RunReader::open(run).unwrap();
    assert_eq!(open.shape("trip_length_trips").unwrap(), [2, 2, 101]);
    assert_eq!(open.shape("trip_time_trips").unwrap(), [2, 2, 181]);
    assert_eq!((field(run, "trip_length_bin")[100], field(run, "trip_time_bin")[180]), (100_000.0, 10_800.0));
    // Cars go 1.5 km, 4.1 km and 2.6 km in 2, 5 and 3 minutes, trucks 4.1 km in 5; those within zone 1 are not there.
    let lengths = open.f64("trip_length_trips").unwrap();
    let times = open.f64("trip_time_trips").unwrap();
    for (period, factor) in [(0, 0.5), (1, 1.0)] {
        let of_cars =
            |bin: usize| [(1, 20.0), (2, 10.0), (4, 60.0)].iter().find(|of| of.0 == bin).map_or(0.0, |of| of.1);
        let found: Vec<f64> = (0..101).map(|bin| lengths[[period, 0, bin]]).collect();
        assert_eq!(found, (0..101).map(|bin| factor * of_cars(bin)).collect::<Vec<_>>());
        assert_eq!([2, 3, 5].map(|bin| times[[period, 0, bin]]), [20.0, 10.0, 60.0].map(|trips| factor * trips));
        assert_eq!([lengths[[period, 1, 4]], times[[period, 1, 5]]], [5.0 * factor; 2]);
    }
    assert_eq!(times.sum(), 95.0 * 1.5);
    let figures = ["am.car.mean_trip_length_km", "am.car.mean_trip_time_min", "pm.truck.mean_trip_length_km"];
    assert_near(&figures.map(|name| number(run, name)), &[302.0 / 90.0, 370.0 / 90.0, 4.1]);
    // Half of 90 is 45: 15 of the 60 in the bin from 4 km, or from 5 minutes.
    assert_near(
        &["km", "min"].map(|unit| {
            number(run, &format!("am.car.median_trip_{}_{unit}", if unit == "km" { "length" } else { "time" }))
        }),
        &[4.25, 5.25],
    );
}

#[test]
fn trips_without_a_path_have_no_length() {
    let folder = town(SCENARIO, COUNTS);
    printed(folder.path(), &["run", "town.toml", "--out", "run", "--set", "traffic.closed_links=[20]"]);
    let run = &folder.path().join("run");
    assert_eq!(field(run, "trip_time_trips").iter().sum::<f64>(), 20.0 * 1.5);
    assert_eq!(number(run, "am.car.mean_trip_length_km"), 1.5);
    assert!(report(run).metric("am.truck.mean_trip_time_min").is_none(), "no truck gets anywhere");
}
