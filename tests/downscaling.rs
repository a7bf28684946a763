//! Adjusted series and indices against those of other programs.
//!
//! References (`climate/reference` of the reference data, with every definition): xsdba 0.7.0, ibicus 1.3.1, xclim 0.62.0, on
//! stations of AHCCD with CanESM2, and on ERA5 in cities. Tolerances stand at each test.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use conurb::formats::cf::{CfFile, DailyScratch, Quantity, open_daily};
use conurb::validate::{AdjustedSeries, Statistics, adjusted_series};
use conurb_climate::indices::{DailySeries, Index, Thresholds, Years, yearly};
use conurb_climate::sample::Sample;

/// Differences of a column from its reference.
struct Differences {
    column: String,
    /// Each day's, with the reference's value.
    days: Vec<(f64, f64)>,
}

impl Differences {
    fn largest(&self) -> f64 {
        self.days.iter().map(|(difference, _)| difference.abs()).fold(0.0, f64::max)
    }
    fn share_beyond(&self, allowed: impl Fn(f64) -> f64) -> f64 {
        let beyond = self.days.iter().filter(|(difference, reference)| difference.abs() > allowed(*reference));
        beyond.count() as f64 / self.days.len() as f64
    }
}

/// A folder with one file of cases, and the station files beside it.
fn folder_of(cases: &str) -> Option<tempfile::TempDir> {
    let climate = common::data_dir()?.canonicalize().unwrap().join("climate");
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(climate.join("reference").join(cases), folder.path().join(cases)).unwrap();
    for file in std::fs::read_dir(climate.join("pair_stations")).unwrap() {
        let file = file.unwrap().path();
        std::os::unix::fs::symlink(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    Some(folder)
}

fn adjusted<T: Sample>(cases: &str) -> Option<Vec<AdjustedSeries<T>>> {
    let folder = folder_of(cases)?;
    Some(adjusted_series(folder.path(), &CfFile::open, &|_| {}).unwrap())
}

fn reference_folder() -> PathBuf {
    common::data_dir().unwrap().join("climate/reference")
}

/// Columns of a table of series by name, NaN for none, after their dates.
fn table(file: &Path) -> (Vec<String>, BTreeMap<String, Vec<f64>>) {
    let text = std::fs::read_to_string(file).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').skip(1).collect();
    let (mut dates, mut columns) = (Vec::new(), vec![Vec::new(); names.len()]);
    for line in lines {
        let mut fields = line.split(',');
        dates.push(fields.next().unwrap().to_owned());
        for (column, field) in columns.iter_mut().zip(fields) {
            column.push(if field.is_empty() { f64::NAN } else { field.parse().unwrap() });
        }
    }
    (dates, names.into_iter().map(str::to_owned).zip(columns).collect())
}

/// Each series beside its reference, days of both being the same.
fn differences<T: Sample>(series: &[AdjustedSeries<T>]) -> Vec<Differences> {
    let compare = |series: &AdjustedSeries<T>| {
        let (dates, columns) = table(&reference_folder().join(&series.file));
        let reference = &columns[&series.column];
        let own: Vec<String> = series
            .days
            .dates()
            .iter()
            .map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day))
            .collect();
        assert_eq!(dates, own, "{}", series.column);
        let days: Vec<(f64, f64)> =
            series.values.iter().zip(reference).map(|(own, &there)| (own.to_f64() - there, there)).collect();
        assert!(days.iter().all(|(difference, _)| !difference.is_nan()), "{}", series.column);
        Differences { column: series.column.clone(), days }
    };
    series.iter().map(compare).collect()
}

fn print(found: &Differences) {
    println!("{:32} largest difference {:.3e}", found.column, found.largest());
}

/// Columns are written with 9 digits: 5e-7 K, less in mm/d.
#[test]
fn series_of_xsdba_in_64_bits() {
    let Some(series) = adjusted::<f64>("cases.json") else { return };
    assert_eq!(series.len(), 18, "all but that by triangles in the plane");
    for found in differences(&series) {
        print(&found);
        assert!(found.largest() <= 1e-6, "{} {}", found.column, found.largest());
    }
}

/// As stored in runs: 5e-3 K; precipitation 1e-3 of the value, and of 0.01 mm/d where there is less.
#[test]
fn series_of_xsdba_in_32_bits() {
    let Some(series) = adjusted::<f32>("cases.json") else { return };
    for found in differences(&series) {
        let is_rain = found.column.starts_with("pr_");
        let share = found.share_beyond(|value| if is_rain { 1e-3 * value.abs().max(0.01) } else { 5e-3 });
        print(&found);
        println!("{:32} share beyond the bar {share:.2e}", "");
        assert!(share == 0.0, "{} {share}", found.column);
    }
}

#[test]
fn statistics_of_xsdba() {
    let Some(series) = adjusted::<f64>("cases.json") else { return };
    let listed: serde_json::Value =
        serde_json::from_slice(&std::fs::read(reference_folder().join("cases.json")).unwrap()).unwrap();
    let listed = listed["cases"].as_array().unwrap();
    for series in &series {
        let case = listed.iter().find(|case| case["id"] == series.case.as_str()).unwrap();
        let number = |key: &str| case[key].as_f64().unwrap();
        let found = Statistics::of(&series.values);
        assert_eq!((found.n as f64, found.n_missing as f64), (number("n"), number("nan")), "{}", series.case);
        for (key, value) in [("mean", found.mean), ("std", found.std), ("min", found.min), ("max", found.max)] {
            let allowed = 1e-9 * number(key).abs().max(1.0);
            assert!((value - number(key)).abs() <= allowed, "{} {key} {value}", series.case);
        }
        for (index, mean) in series.means_before.into_iter().enumerate() {
            let expected = case["in_mean"][index].as_f64().unwrap();
            assert!((mean / expected - 1.0).abs() <= 1e-9, "{} series {index}: {mean}", series.case);
        }
    }
}

/// Of values that are alike one decides in ibicus, by rounding: up to 2e-2 K on 1 % of days; elsewhere 1e-3 K. Precipitation: 1e-3 of the
/// value and 1e-3 mm/d on 99 % of days. Linear scaling: 1e-4 K.
#[test]
fn series_of_ibicus() {
    let Some(series) = adjusted::<f64>("ibicus_cases.json") else { return };
    assert_eq!(series.len(), 6);
    for found in differences(&series) {
        print(&found);
        let column = &found.column;
        if column.starts_with("linear_scaling") {
            assert!(found.largest() <= 1e-4, "{column} {}", found.largest());
        } else if column.starts_with("isimip_pr") {
            let share = found.share_beyond(|value| 1e-3 * value + 1e-3);
            println!("{column:32} share beyond the bar {share:.2e}");
            assert!(share <= 0.01, "{column} {share}");
        } else {
            let share = found.share_beyond(|_| 1e-3);
            println!("{column:32} share beyond 1e-3 {share:.2e}");
            assert!(found.largest() <= 2e-2 && share <= 0.01, "{column} {} {share}", found.largest());
        }
    }
}

/// The same in 32 bits, as runs store: no further than rounding moves values.
#[test]
fn series_of_ibicus_in_32_bits() {
    let Some(series) = adjusted::<f32>("ibicus_cases.json") else { return };
    for found in differences(&series) {
        let is_rain = found.column.contains("_pr_");
        let share = found.share_beyond(|value| if is_rain { 1e-3 * value + 1e-3 } else { 5e-3 });
        print(&found);
        println!("{:32} share beyond the bar {share:.2e}", "");
        assert!(share <= 0.01, "{} {share}", found.column);
    }
}

/// Limits are those of the reference table; counts are exact, sums to 1e-3.
#[test]
fn indices_of_xclim() {
    let Some(data) = common::data_dir() else { return };
    let file = data.join("climate/era5_cities/daily_surface_cancities_1990-1993.nc");
    let limits = Thresholds {
        tropical_night: 20.0,
        summer_day: 25.0,
        heat_wave_night: 16.0,
        heat_wave_day: 26.0,
        heat_wave_length: 3,
        heating_base: 18.0,
        cooling_base: 18.0,
        wet_day: 1.0,
        ..Thresholds::default()
    };
    let read = |name: &str, quantity| {
        let variable = open_daily(std::slice::from_ref(&file), name, quantity).unwrap();
        let mut values = vec![0.0_f32; variable.grid.len() * variable.days.len()];
        let cells = 0..variable.grid.len();
        variable.read_cells(cells, 0..variable.days.len(), &mut DailyScratch::default(), &mut values).unwrap();
        (variable, values)
    };
    let (of_tas, tas) = read("tas", Quantity::Temperature);
    let [tasmin, tasmax] = ["tasmin", "tasmax"].map(|name| read(name, Quantity::Temperature).1);
    let pr = read("pr", Quantity::Precipitation).1;
    let (years, n_days) = (Years::new(&of_tas.days), of_tas.days.len());
    let places = of_tas.grid.names.as_deref().unwrap();
    let mut reader = csv::Reader::from_path(reference_folder().join("kpi_era5_cities.csv")).unwrap();
    let (mut n_rows, mut values) = (0, vec![0.0; years.len()]);
    for row in reader.records() {
        let row = row.unwrap();
        let (index, is_count) = match &row[0] {
            "tropical_nights" => (Index::TropicalNights, true),
            "summer_days_25" => (Index::SummerDays, true),
            "heat_wave_frequency" => (Index::HeatWaves, true),
            "heat_wave_total_length" => (Index::HeatWaveDays, true),
            "hdd18" => (Index::HeatingDegreeDays, false),
            "cdd18" => (Index::CoolingDegreeDays, false),
            "wet_days_1mm" => (Index::WetDays, true),
            "rx1day" => (Index::WettestDay, false),
            other => panic!("{other} is not known"),
        };
        let cell = places.iter().position(|place| *place == row[2]).unwrap();
        let of_cell = |series: &'static str| match series {
            "tas" => &tas[cell * n_days..][..n_days],
            "tasmin" => &tasmin[cell * n_days..][..n_days],
            "tasmax" => &tasmax[cell * n_days..][..n_days],
            _ => &pr[cell * n_days..][..n_days],
        };
        let series = DailySeries {
            tas: Some(of_cell("tas")),
            tasmin: Some(of_cell("tasmin")),
            tasmax: Some(of_cell("tasmax")),
            pr: Some(of_cell("pr")),
            tasmax_limits: None,
        };
        yearly(index, &series, &years, &limits, &mut values).unwrap();
        let year = years.numbers().position(|year| year == row[3].parse::<i32>().unwrap()).unwrap();
        let (found, expected) = (values[year], row[4].parse::<f64>().unwrap());
        let allowed = if is_count { 0.0 } else { 1e-3 * expected.abs() };
        assert!((found - expected).abs() <= allowed, "{row:?}: {found}");
        n_rows += 1;
    }
    assert_eq!(n_rows, 160);
}
