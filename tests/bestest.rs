//! The suite `bestest` against the results that six programs gave for the cases of ANSI/ASHRAE Standard 140-2020 that have
//! references (`energy/bestest/reference_ranges.csv` and `reference_solar.csv` of the reference data): annual loads and peaks
//! within their range and 10 % beyond, temperatures of free-running rooms within 1 K of it, irradiation inside of it.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use conurb::error::Error;
use conurb::validate::bestest;
use tempfile::TempDir;

/// Values by case and quantity.
type Values = BTreeMap<(String, String), f64>;

const HEADER: &str =
    "case,mass,window_orientation,window_area_m2,shading,heat_setpoint_C,cool_setpoint_C,setback,night_vent,hvac\n";
const PLAIN: &str = "a,low,S,12,none,20,27,none,none,on\n";

fn data() -> Option<PathBuf> {
    common::data_dir().map(|data| data.join("energy/bestest"))
}

fn run(directory: &Path, overrides: &[(&str, &str)]) -> Result<Values, Error> {
    let overrides: Vec<(String, String)> =
        overrides.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let text = bestest(directory, &overrides, &|_| {})?;
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("case,quantity,unit,value"));
    let value = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        ((fields[0].to_owned(), fields[1].to_owned()), fields[3].parse().unwrap())
    };
    Ok(lines.map(value).collect())
}

/// Rows of a reference table: its columns by name.
fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// A folder with the files of the reference data and these cases.
fn folder(data: &Path, cases: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["constructions.csv", "zone.csv", "725650TYCST.epw"] {
        fs::copy(data.join(name), folder.path().join(name)).unwrap();
        let mut permissions = fs::metadata(folder.path().join(name)).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o644);
        fs::set_permissions(folder.path().join(name), permissions).unwrap();
    }
    fs::write(folder.path().join("cases.csv"), format!("{HEADER}{cases}")).unwrap();
    folder
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap()
}

#[test]
fn loads_peaks_and_temperatures_are_those_of_other_programs() {
    let Some(data) = data() else { return };
    let values = run(&data, &[]).unwrap();
    let mut outside = Vec::new();
    let references = rows(&data.join("reference_ranges.csv"));
    assert!(references.len() >= 22);
    for row in &references {
        let (case, quantity) = (&row["case"], &row["quantity"]);
        let value = values[&(case.clone(), quantity.clone())];
        let (least, most) = (number(row, "min"), number(row, "max"));
        let allowed = match quantity.starts_with("zone_T") {
            true => least - 1.0..=most + 1.0,
            false => 0.9 * least..=1.1 * most,
        };
        if !allowed.contains(&value) {
            outside.push(format!("{case} {quantity} {value} not in {least}..{most}"));
        }
    }
    assert!(outside.is_empty(), "{outside:#?}");
    for case in rows(&data.join("cases.csv")) {
        let quantity = if case["hvac"] == "free_float" { "zone_T_mean" } else { "annual_heating" };
        assert!(values[&(case["case"].clone(), quantity.to_owned())].is_finite());
    }
}

#[test]
fn walls_receive_what_they_receive_in_other_programs() {
    let Some(data) = data() else { return };
    let folder = folder(&data, "600,low,S,12,none,20,27,none,none,on\n620,low,E+W,6+6,none,20,27,none,none,on\n");
    let values = run(folder.path(), &[]).unwrap();
    for row in rows(&data.join("reference_solar.csv")) {
        if row["quantity"] == "incident_solar_annual_case600" {
            let surface = row["surface"].to_lowercase();
            let value = values[&("600".to_owned(), format!("incident_solar_{surface}"))];
            assert!((number(&row, "min")..=number(&row, "max")).contains(&value), "{surface}: {value}");
        }
        if (row["quantity"].as_str(), row["surface"].as_str()) == ("transmitted_solar_annual_unshaded", "600 South") {
            // Panes are taken as the standard's own table of angles takes them, with light that is unpolarised at each of them; the
            // programs' ways differ by 2 %.
            let value = values[&("600".to_owned(), "transmitted_solar".to_owned())];
            let allowed = 0.98 * number(&row, "min")..=1.02 * number(&row, "max");
            assert!(allowed.contains(&value), "transmitted: {value}");
        }
    }
}

#[test]
fn shade_takes_as_much_sun_as_in_other_programs() {
    let Some(data) = data() else { return };
    let cases = "600,low,S,12,none,20,27,none,none,on\n\
        610,low,S,12,overhang_1m_full_south_width_0.5m_above_window,20,27,none,none,on\n\
        620,low,E+W,6+6,none,20,27,none,none,on\n\
        630,low,E+W,6+6,overhang_1m+side_fins_1m_per_window,20,27,none,none,on\n";
    let folder = folder(&data, cases);
    let values = run(folder.path(), &[]).unwrap();
    let transmitted = |case: &str| values[&(case.to_owned(), "transmitted_solar".to_owned())];
    for row in
        rows(&data.join("reference_solar.csv")).iter().filter(|row| row["quantity"] == "shading_coefficient_annual")
    {
        let (shaded, open) = row["surface"].split_once('/').unwrap();
        let (shaded, open) = (shaded.trim(), &open.trim()[..3]);
        let share = 1.0 - transmitted(shaded) / transmitted(open);
        // The east is shaded less than the west that the reference of 630 is for, so that both together are given more room.
        let room = if shaded == "610" { 0.0 } else { 0.05 };
        let allowed = number(row, "min") - room..=number(row, "max") + room;
        assert!(allowed.contains(&share), "{shaded}: {share} not in {allowed:?}");
    }
}

#[test]
fn other_numbers_in_the_words_count() {
    let Some(data) = data() else { return };
    let cases = format!(
        "{PLAIN}warm,low,S,12,none,22,27,none,none,on\n\
        night,low,S,12,none,20,27,15C_22h-6h,none,on\n\
        ramp,low,S,12,none,20,27,15C_22h-6h_linear_ramp_6h-9h_to_20C,none,on\n\
        deep,low,S,12,overhang_2m,20,27,none,none,on\n\
        deeper,low,S,12,overhang_2m+side_fins_0.5m_per_window,20,27,none,none,on\n\
        day,low,S,12,none,off,24_from_8h_to_17.5h_else_30,none,none,cooling_only\n\
        fan,low,S,12,none,20,27,none,fan_20h-6h_800_m3_per_h,on\n\
        strong,low,S,12,none,20,27,none,fan_20h-6h_3000_std_m3_per_h,on\n\
        north,low,N+E+W,3+4+5,none,20,27,none,none,heating_only\n"
    );
    let folder = folder(&data, &cases);
    let values = run(folder.path(), &[]).unwrap();
    let of = |case: &str, quantity: &str| values[&(case.to_owned(), quantity.to_owned())];
    let (heating, cooling) = (|case| of(case, "annual_heating"), |case| of(case, "annual_cooling_sensible"));
    assert!(heating("warm") > heating("a") && heating("night") < heating("a"));
    assert!(heating("ramp") < heating("night") && of("ramp", "peak_heating") < of("night", "peak_heating"));
    let sun = |case| of(case, "transmitted_solar");
    assert!(sun("deep") < 0.85 * sun("a") && sun("deeper") < sun("deep"));
    assert_eq!((heating("day"), cooling("north")), (0.0, 0.0));
    assert!(cooling("day") > 0.0 && sun("north") < sun("a"));
    assert!(cooling("fan") < cooling("a") && cooling("strong") < cooling("fan"));
}

#[test]
fn keys_of_the_model_may_be_set() {
    let Some(data) = data() else { return };
    let folder = folder(&data, PLAIN);
    let heating = |overrides: &[(&str, &str)]| {
        run(folder.path(), overrides).unwrap()[&("a".to_owned(), "annual_heating".to_owned())]
    };
    let usual = heating(&[]);
    for (key, value) in [
        ("energy.fidelity", "5r1c"),
        ("energy.exterior_convection", "wind"),
        ("energy.sky_temperature", "fixed"),
        ("weather.radiation", "erbs"),
    ] {
        let other = heating(&[(key, value)]);
        assert!(other != usual && (other / usual - 1.0).abs() < 0.25, "{key} = {value}: {other} {usual}");
    }
    let error = run(folder.path(), &[("energy.hourly", "true")]).unwrap_err().to_string();
    assert!(error.contains("this key cannot be set here"), "{error}");
}

#[test]
fn wrong_words_and_numbers_are_told_with_their_place() {
    let Some(data) = data() else { return };
    let cases = "a,low,S,12,curtain,20,27,none,none,on\n\
        a,heavy,S,12,none,hot,27,none,none,on\n\
        b,low,X,12,none,20,27,10C,none,on\n\
        c,low,E+W,12,none,20,27,none,window,on\n\
        d,low,S,12,none,20,27,none,none,off\n";
    let told = run(folder(&data, cases).path(), &[]).unwrap_err().to_string();
    for expected in [
        "cases.csv:2: shading: expected none, as_CASE, or terms joined by +",
        "cases.csv:3: mass: expected a mass that constructions are of: high, low, found \"heavy\"",
        "cases.csv:3: heat_setpoint_c: expected off, a temperature such as 20",
        "cases.csv:4: window_orientation: expected N, E, S or W",
        "cases.csv:4: setback: expected none, or such as 10C_23h-7h",
        "cases.csv:5: window_area_m2: expected an area for each orientation",
        "cases.csv:5: night_vent: expected none, as_CASE",
        "cases.csv:6: hvac: expected on, heating_only, cooling_only or free_float, found \"off\"",
    ] {
        assert!(told.contains(expected), "{expected}\nnot in\n{told}");
    }
    let cases = "a,low,S,12,as_b,20,27,none,none,on\nb,low,S,12,as_a,20,27,none,as_z,on\n\
        a,low,S,12,none,20,27,none,none,on\n";
    let told = run(folder(&data, cases).path(), &[]).unwrap_err().to_string();
    for expected in [
        "cases.csv:4: case: the case a stands in line 2 already",
        "it is as a case that is as this one",
        "it is as the case z, which the table has not",
    ] {
        assert!(told.contains(expected), "{expected}\nnot in\n{told}");
    }
    let cases = "a,low,S,30,none,20,27,none,none,on\nb,low,S,12,none,28,27,none,none,on\n";
    let told = run(folder(&data, cases).path(), &[]).unwrap_err().to_string();
    assert!(told.contains("cases.csv:2: case a: 30 m² of windows do not fit into the wall S"), "{told}");
    assert!(told.contains("cases.csv:3: case b: heating minus cooling setpoint"), "{told}");
}

#[test]
fn files_that_lack_something_are_told() {
    let Some(data) = data() else { return };
    let told = |change: &dyn Fn(&Path)| {
        let folder = folder(&data, PLAIN);
        change(folder.path());
        run(folder.path(), &[]).unwrap_err().to_string()
    };
    let edit = |file: &'static str, from: &'static str, to: &'static str| {
        move |folder: &Path| {
            let text = fs::read_to_string(folder.join(file)).unwrap();
            assert!(text.contains(from));
            fs::write(folder.join(file), text.replace(from, to)).unwrap();
        }
    };
    for (change, expected) in [
        (edit("zone.csv", "volume,129.6", "volume,nan"), "zone.csv:5: value: expected a number from 0.01 to"),
        (edit("zone.csv", "window_size,3 x 2", "window_size,3 by 2"), "zone.csv:11: value: expected width and height"),
        (edit("zone.csv", "gap_air,", "gap,"), "the table lacks the items gap_air"),
        (
            edit("constructions.csv", "wall_low,2", "wall_low,3"),
            "constructions.csv:3: layer_from_outside: expected layer 2",
        ),
        (
            edit("constructions.csv", "0.066,0.040", "0.066,0"),
            "constructions.csv:3: conductivity_w_mk: expected a number",
        ),
        (edit("constructions.csv", "wall_high", "door_high"), "a name that begins with wall_"),
    ] {
        let told = told(&change);
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let no_weather = told(&|folder| fs::remove_file(folder.join("725650TYCST.epw")).unwrap());
    assert!(no_weather.contains("no weather file (.epw) here"), "{no_weather}");
    let none = told(&|folder| fs::remove_file(folder.join("zone.csv")).unwrap());
    assert!(none.contains("zone.csv: the file does not exist"), "{none}");
    // Of several weather files the one that zone.csv names counts.
    let folder = folder(&data, PLAIN);
    fs::copy(data.join("725650TYCST.epw"), folder.path().join("a.epw")).unwrap();
    assert!(run(folder.path(), &[]).is_ok());
    fs::rename(folder.path().join("725650TYCST.epw"), folder.path().join("b.epw")).unwrap();
    let several = run(folder.path(), &[]).unwrap_err().to_string();
    assert!(several.contains("2 weather files here: a.epw, b.epw"), "{several}");
}
