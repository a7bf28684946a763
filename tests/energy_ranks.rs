//! Energy over any number of threads and ranks, and with buildings in any order: the same bits.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/heated.rs"]
mod heated;
#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/runs.rs"]
mod runs;

use std::collections::BTreeMap;
use std::path::Path;

use heated::{Row, TABLE, house, site, town_weather};
use made_city::{Ran, Site, example};
use ndarray::Axis;

const RANKS: [usize; 4] = [1, 2, 3, 7];
const PACKAGES: &str = "retrofit = [\"wall_standard\", \"window_ambitious+heat_recovery_standard\", \
    \"heat_pump_standard+photovoltaics_ambitious\"]\ncooled = [\"office\", \"hospital\"]\nhourly = true\n";

/// Runs a scenario over threads and ranks and gives its checksum.
#[track_caller]
fn checksum(folder: &Path, scenario: &Path, more: &[&str], (threads, ranks): (usize, usize)) -> String {
    let numbers = [threads.to_string(), ranks.to_string()];
    let ran = Ran::of(folder, scenario, &[more, &["--threads", &numbers[0], "--local-ranks", &numbers[1]]].concat());
    let done = ran.reader.report();
    assert_eq!((done.threads, done.ranks), (threads, ranks));
    ran.checksum().to_owned()
}

/// Every number of these threads and of ranks gives the bits of one of each.
#[track_caller]
fn assert_same(folder: &Path, scenario: &Path, more: &[&str], threads: &[usize]) {
    let expected = checksum(folder, scenario, more, (1, 1));
    for &threads in threads {
        for ranks in RANKS {
            let found = checksum(folder, scenario, more, (threads, ranks));
            assert!(found == expected, "{threads} threads, {ranks} ranks: other bits than one of each");
        }
    }
}

/// The example with coarse sample points for its sun.
const EXAMPLE: [&str; 10] = [
    "--set",
    "solar.surface_spacing_m=2",
    "--set",
    "solar.facade_spacing_m=4",
    "--set",
    "solar.tile_m=50",
    "--set",
    "feeder.hosting_draws=2",
    "--set",
    "output.exports=[]",
];

#[test]
fn all_stages_of_the_example() {
    let folder = tempfile::tempdir().unwrap();
    assert_same(folder.path(), &example("energy.toml"), &EXAMPLE, &[1]);
}

#[test]
fn all_stages_of_the_example_by_two_threads() {
    let folder = tempfile::tempdir().unwrap();
    assert_same(folder.path(), &example("energy.toml"), &EXAMPLE, &[2]);
}

#[test]
fn all_stages_of_the_example_by_four_threads() {
    let folder = tempfile::tempdir().unwrap();
    let more = [&EXAMPLE[..], &["--set", "energy.hourly=true"]].concat();
    assert_same(folder.path(), &example("energy.toml"), &more, &[4]);
}

#[test]
fn the_fast_model_of_the_example() {
    let folder = tempfile::tempdir().unwrap();
    let more = [&EXAMPLE[..], &["--set", "energy.fidelity=5r1c"]].concat();
    assert_same(folder.path(), &example("energy.toml"), &more, &[2]);
}

/// Thirty buildings, no two alike, of all uses; some are not heated.
fn street() -> Vec<Row> {
    let uses =
        ["residential", "residential", "office", "school", "hospital", "retail", "hotel", "industrial", "unheated"];
    let row = |number: usize| {
        let size = 1.0 + (number * 7 % 11) as f64 / 5.0;
        let mut row = house(&format!("b{number:02}"));
        row.usage = uses[number * 5 % uses.len()];
        row.year = 1900 + 3 * number as i32;
        row.walls = [60.0, 45.0, 60.0, 30.0].map(|area| area * size);
        row.ground = 100.0 * size;
        row.party = (number % 3) as f64 * 30.0;
        row.storeys = 1.0 + (number % 4) as f64;
        row
    };
    (0..30).map(row).collect()
}

/// The street in the town's weather, with the archetypes of a country.
fn site_of(rows: &[Row]) -> Site {
    let town = town_weather();
    site(rows, |hour| town[hour])
}

fn keys(more: &str) -> String {
    format!("{}{PACKAGES}{more}", TABLE.replace("archetypes.csv", "TABULA_DE"))
}

#[test]
fn a_table_of_buildings() {
    let made = site_of(&street());
    made.scenario(&keys(""));
    assert_same(&made.path(""), Path::new("sun.toml"), &[], &[2]);
}

#[test]
fn a_table_of_buildings_in_the_fast_model() {
    let made = site_of(&street());
    made.scenario(&keys("fidelity = \"5r1c\"\nblinds_above_w_m2 = 200.0\nnight_ventilation_per_h = 2.0\n"));
    assert_same(&made.path(""), Path::new("sun.toml"), &[], &[2]);
}

/// Everything that is told of a building.
const FIELDS: [&str; 24] = [
    "heating_need",
    "cooling_need",
    "peak_heating",
    "peak_cooling",
    "solar_gains",
    "hot_water_need",
    "hours_above_first_limit",
    "degree_hours_above_first_limit",
    "lowest_operative_temperature",
    "highest_operative_temperature",
    "monthly_heating_need",
    "monthly_cooling_need",
    "package_heating_need",
    "package_cooling_need",
    "package_peak_heating",
    "package_peak_cooling",
    "package_peak_electricity",
    "package_pv_yield",
    "package_pv_used",
    "package_hours_above_first_limit",
    "final_energy",
    "heating_power",
    "cooling_power",
    "operative_temperature",
];

#[track_caller]
fn assert_same_bits(found: &Ran, expected: &Ran, pairs: &[(String, String)]) {
    for field in FIELDS {
        assert!(expected.f64(field).iter().any(|value| *value != 0.0), "{field} is 0 everywhere");
    }
    let places = |ran: &Ran| -> BTreeMap<String, usize> {
        ran.reader.text("building_id").unwrap().into_iter().zip(0..).collect()
    };
    let (of_found, of_expected) = (places(found), places(expected));
    for field in FIELDS {
        let (found, expected) = (found.reader.f64(field).unwrap(), expected.reader.f64(field).unwrap());
        let axis = Axis(expected.ndim() - 1);
        for (own, other) in pairs {
            let (found, expected) =
                (found.index_axis(axis, of_found[own]), expected.index_axis(axis, of_expected[other]));
            let same = found.iter().zip(&expected).all(|(a, b)| a.to_bits() == b.to_bits());
            assert!(same && found.len() == expected.len(), "{field} of {own}");
        }
    }
}

/// Buildings turned round, moved on by odd numbers and with doubles between them: whichever lane they come to lie in, their
/// numbers are those they have in their own order, and those that they have alone.
#[track_caller]
fn assert_place_changes_nothing(more: &str) {
    let rows = street();
    let expected = site_of(&rows).run(&keys(more), &[]);
    let own: Vec<(String, String)> = rows.iter().map(|row| (row.id.clone(), row.id.clone())).collect();
    let mut turned = rows.clone();
    turned.reverse();
    turned.rotate_left(7);
    assert_same_bits(&site_of(&turned).run(&keys(more), &["--threads", "2"]), &expected, &own);
    let double = |(number, row): (usize, &Row)| {
        let twins = (0..1 + number % 3).map(|twin| Row { id: format!("{}-{twin}", row.id), ..row.clone() });
        twins.collect::<Vec<_>>()
    };
    let doubled: Vec<Row> = rows.iter().enumerate().flat_map(double).collect();
    let pairs: Vec<(String, String)> =
        doubled.iter().map(|row| (row.id.clone(), row.id.split('-').next().unwrap().to_owned())).collect();
    assert_same_bits(&site_of(&doubled).run(&keys(more), &["--local-ranks", "2"]), &expected, &pairs);
    let number = 13;
    let alone = site_of(&rows[number..=number]).run(&keys(more), &[]);
    assert_same_bits(&alone, &expected, &own[number..=number]);
}

#[test]
fn the_place_of_a_building_changes_no_bit() {
    assert_place_changes_nothing("exterior_convection = \"wind\"\nblinds_above_w_m2 = 200.0\n");
}

#[test]
fn the_place_of_a_building_changes_no_bit_in_the_fast_model() {
    assert_place_changes_nothing("fidelity = \"5r1c\"\n");
}

/// What differs must differ: a checksum that never changes would pass all tests above.
#[test]
fn what_changes_results_changes_the_checksum() {
    let made = site_of(&street());
    let plain = made.run(&keys(""), &[]).checksum().to_owned();
    for set in
        ["energy.heating_setpoint_c=20.001", "energy.fidelity=5r1c", "energy.hourly=false", "energy.warm_up_days=2"]
    {
        assert_ne!(made.run(&keys(""), &["--set", set]).checksum(), plain, "{set}");
    }
}
