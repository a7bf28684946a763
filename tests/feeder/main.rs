//! Load flows of feeders from files, against pandapower.
//!
//! `radial60` and `radial120`: Newton-Raphson results of pandapower 3.5.6 to 1e-10 MVA (`docs/reference-data.md`).
//! `hamlet.json`: a network made for this test with pandapower 3.5.6 and written by its `to_json`, tables without rows and
//! standard types left out; a 20/0.41 kV transformer with iron, tap and vector group, parallel lines, switches, one line
//! out of service. Its results are of `runpp(tolerance_mva=1e-12, trafo_model="t", calculate_voltage_angles=True)`.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "../common/mod.rs"]
mod common;
mod refused;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use conurb::error::{Error, Warning};
use conurb::formats::Source;
use conurb::formats::feeder::{FeederModel, read_pandapower};
use conurb::validate;

const HAMLET: &str = include_str!("hamlet.json");

/// What the suite prints, by case and quantity.
fn told(directory: &Path, overrides: &[(&str, &str)]) -> Result<BTreeMap<(String, String), f64>, Error> {
    let overrides: Vec<_> = overrides.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let text = validate::feeder(directory, &overrides, &|_| ())?;
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("case,quantity,unit,value"));
    let mut found = BTreeMap::new();
    for line in lines {
        let [case, quantity, unit, value] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let expected = match quantity.split('_').next() {
            Some("vm") => "1",
            Some("va") => "deg",
            _ => "kA",
        };
        assert_eq!(unit, expected, "{line}");
        assert!(found.insert((case.to_owned(), quantity.to_owned()), value.parse().unwrap()).is_none(), "{line} twice");
    }
    Ok(found)
}

fn grid() -> Option<PathBuf> {
    common::data_dir().map(|data| data.join("energy/grid"))
}

/// Rows of a reference file as numbers.
fn rows(file: &Path) -> Vec<Vec<f64>> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().skip(1).map(|line| line.split(',').map(|field| field.parse().unwrap()).collect()).collect()
}

fn hamlet(text: &str) -> Result<(FeederModel, Vec<Warning>), Error> {
    read_pandapower("hamlet", Source { file: Path::new("hamlet.json"), bytes: text.as_bytes() })
}

/// A folder with these files.
fn holding(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// 1e-6 pu, 1e-6° and 1e-5 of a current with 1e-8 kA.
#[test]
fn radial_feeders_are_those_of_pandapower() {
    let Some(grid) = grid() else { return };
    let found = told(&grid, &[]).unwrap();
    for (case, n_lines) in [("radial60", 60), ("radial120", 120)] {
        let of = |quantity: String| found[&(case.to_owned(), quantity)];
        let voltages = rows(&grid.join(format!("{case}_voltages.csv")));
        let currents = rows(&grid.join(format!("{case}_lines_result.csv")));
        assert_eq!((voltages.len(), currents.len()), (n_lines + 1, n_lines));
        for row in &voltages {
            assert!((of(format!("vm_pu_{}", row[0])) - row[1]).abs() <= 1e-6, "{case} bus {}", row[0]);
            assert!((of(format!("va_degree_{}", row[0])) - row[2]).abs() <= 1e-6, "{case} bus {}", row[0]);
        }
        for row in &currents {
            let off = (of(format!("i_from_ka_{}", row[0])) - row[1]).abs();
            assert!(off <= 1e-5 * row[1] + 1e-8, "{case} line {}: {off}", row[0]);
        }
    }
    assert_eq!(found.keys().filter(|(case, _)| case == "radial250").count(), 251 + 251 + 250);
}

#[test]
fn a_transformer_with_lines_and_switches_is_that_of_pandapower() {
    let folder = holding(&[("hamlet.json", HAMLET)]);
    let found = told(folder.path(), &[]).unwrap();
    let of = |quantity: &str| found[&("hamlet".to_owned(), quantity.to_owned())];
    // Bus 6 is one with 7 and 8 with 4 by closed switches.
    for (bus, magnitude, degree) in [
        (0, 1.01, 0.0),
        (1, 1.004_279_599_6, -150.358_318_770_7),
        (2, 1.002_333_800_9, -150.317_331_214_0),
        (3, 1.002_716_411_3, -150.268_079_840_6),
        (4, 1.001_947_433_4, -150.321_889_405_3),
        (5, 0.998_205_338_0, -150.389_207_639_3),
        (6, 0.996_911_382_7, -150.397_160_825_4),
    ] {
        assert!((of(&format!("vm_pu_{bus}")) - magnitude).abs() < 1e-9, "bus {bus}");
        assert!((of(&format!("va_degree_{bus}")) - degree).abs() < 1e-7, "bus {bus}");
    }
    // Line 5 has an open end, which it charges.
    for (line, current) in [
        ("line_0", 0.021_491_383_024_24),
        ("line_1", 0.012_213_195_428_50),
        ("line_2", 0.016_353_010_685_47),
        ("line_3", 0.052_661_859_299_80),
        ("line_4", 0.022_475_859_508_17),
        ("line_5", 1.887_757_938_7e-6),
    ] {
        assert!((of(&format!("i_from_ka_{line}")) - current).abs() < 1e-9, "{line}");
    }
    assert!(!found.contains_key(&("hamlet".to_owned(), "i_from_ka_line_6".to_owned())));
    assert!(!found.contains_key(&("hamlet".to_owned(), "vm_pu_8".to_owned())));
}

#[test]
fn what_a_network_says_of_itself_is_kept() {
    let (model, warnings) = hamlet(HAMLET).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!(model.buses, ["0", "1", "2", "3", "4", "5", "6", "open end of line 5"]);
    assert_eq!(model.aliases, [("7".to_owned(), 6), ("8".to_owned(), 4)]);
    assert_eq!((model.bus("8"), model.bus("3"), model.bus("9")), (Some(4), Some(3), None));
    let [transformer] = model.transformers[..] else { panic!("{:?}", model.transformers) };
    assert_eq!((transformer.rated_kva, model.lines[transformer.line].as_str()), (250.0, "trafo 0"));
    // 250 kVA at 20 kV · 1.025 are 7.041 A.
    let limit = model.feeder.lines()[transformer.line].max_i_ka;
    assert!((limit - 0.25 / (3.0_f64.sqrt() * 20.5)).abs() < 1e-12, "{limit}");
    // Two loads of one bus group: 8 · 0.9 and 4 kW; one out of service; a static generator of 18 kW with 3 kvar taken.
    let (p, q) = model.load_of_buses();
    assert!((p[4] - 11.2).abs() < 1e-12 && p[3] == 12.0 - 18.0 && p[5] == 20.0, "{p:?}");
    assert!((q[3] - 6.0).abs() < 1e-12);
    assert_eq!(p[6], 15.0);
}

#[test]
fn tables_follow_the_settings_of_what_feeds_them() {
    let lines = "from_bus,to_bus,length_km,r_ohm_per_km,x_ohm_per_km\nhome,grid,0.1,0.2,0.1\n";
    let folder = holding(&[("a_lines.csv", lines), ("a_loads.csv", "bus,p_kw,q_kvar\nhome,1000,500\n")]);
    let set = [("feeder.slack_bus", "grid"), ("feeder.slack_pu", "1"), ("feeder.base_kv", "10")];
    let found = told(folder.path(), &set).unwrap();
    // 0.02 + j0.01 ohm at 10 kV and 1 + j0.5 MVA: V⁴ + V² (2 (rP + xQ) − 1) + |Z|²|S|² = 0 with 100 ohm for 1 MVA.
    let half: f64 = 0.5 - (2e-4 * 1.0 + 1e-4 * 0.5);
    let expected = (half + (half * half - 5e-8 * 1.25).sqrt()).sqrt();
    assert!((found[&("a".to_owned(), "vm_pu_home".to_owned())] - expected).abs() < 1e-11);
    let current = 1.25_f64.sqrt() / (3.0_f64.sqrt() * 10.0) / expected;
    assert!((found[&("a".to_owned(), "i_from_ka_0".to_owned())] - current).abs() < 1e-11);
}
