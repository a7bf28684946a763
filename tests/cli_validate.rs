//! `conurb validate` on the command line: what suites print and write, what they refuse and how they say so.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/runs.rs"]
mod runs;

use std::fs;
use std::path::Path;

use runs::{braess, conurb, printed, refused, text};

/// Value of a quantity in what `validate` prints.
fn quantity(told: &str, case: &str, name: &str) -> f64 {
    let start = format!("{case},{name},");
    let line = told.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("no {start} in:\n{told}"));
    line.rsplit(',').next().unwrap().parse().unwrap()
}

#[test]
fn validate_solves_what_it_finds() {
    let folder = braess();
    let told = printed(folder.path(), &["validate", "assignment", "."]);
    assert!(told.starts_with("case,quantity,unit,value\n"));
    assert!(quantity(&told, "braess", "solved_relative_gap") <= 1e-8);
    // Two trips on each route at 92: 386 is ∫ of the costs up to there, with 1e-8 free-flow time on four of the links' trips.
    assert!((quantity(&told, "braess", "solved_beckmann_objective") - 386.000_000_08).abs() < 1e-6);
    assert!((quantity(&told, "braess", "solved_total_system_travel_time") - 552.0).abs() < 1e-4);
    let (code, message) = refused(folder.path(), &["validate", "assignment", ".", "--set", "traffic.period_h=2"]);
    assert!(code == 2 && message.contains("allowed: "), "{message}");
    let (code, _) = refused(folder.path(), &["validate", "assignment", "nowhere"]);
    assert_eq!(code, 2);
}

#[test]
fn validate_holds_published_flows_against_its_own() {
    let Some(data) = common::data_dir() else { return };
    let traffic = data.canonicalize().unwrap().join("traffic/SiouxFalls");
    let told = printed(Path::new("."), &["validate", "assignment", traffic.to_str().unwrap()]);
    let of = |name: &str| quantity(&told, "SiouxFalls", name);
    assert!(of("given_relative_gap").abs() < 1e-14);
    for totals in ["given", "solved"] {
        assert!((of(&format!("{totals}_beckmann_objective")) / 4_231_335.287_107_44 - 1.0).abs() < 1e-9);
        assert!((of(&format!("{totals}_total_system_travel_time")) / 7_480_225.344_921_12 - 1.0).abs() < 1e-6);
    }
    assert_eq!(of("links_off_given_volume"), 0.0);
}

/// A folder with these files.
fn holding(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn the_sun_at_wrong_times_and_places_is_told_with_line_and_column() {
    let table = "utc,lat,lon,alt_m,pressure_pa,temp_c,delta_t,note\n\
        2023-06-21T12:00:00Z,52,5,0,101325,12,67,fine\n\
        2023-02-29T12:00:00Z,91,5,0,101325,12,67,\n\
        yesterday,52,361,0,101325,12,67,\n\
        9000-01-01T00:00:00Z,52,5,0,x,12,nan,\n\
        9000-01-01T00:00:00Z,52,5,0,0,12,67,\n";
    let folder = holding(&[("spa_pairs.csv", table)]);
    let (code, message) = refused(folder.path(), &["validate", "solar-position", "."]);
    assert_eq!(code, 2);
    let expected = "error: ./spa_pairs.csv:3: utc: expected a day that exists, found \"2023-02-29T12:00:00Z\"\n\
        error: ./spa_pairs.csv:3: lat: expected a number from -90 to 90 degrees, found \"91\"\n\
        error: ./spa_pairs.csv:4: utc: expected a time such as 2023-06-21T12:00:00Z, found \"yesterday\"\n\
        error: ./spa_pairs.csv:4: lon: expected a number from -180 to 360 degrees, found \"361\"\n\
        error: ./spa_pairs.csv:5: pressure_pa: expected a number from 0 to 120000 Pa, found \"x\"\n\
        error: ./spa_pairs.csv:5: delta_t: expected a number from -100000 to 100000 s, found \"nan\"\n\
        error: ./spa_pairs.csv:6: utc: expected a time in years -2000 to 6000, found \"9000-01-01T00:00:00Z\"\n\
        7 problems in ./spa_pairs.csv\n";
    assert_eq!(message, expected);
}

#[test]
fn tables_that_are_missing_or_incomplete_are_told() {
    let folder = holding(&[("spa_pairs.csv", "utc,lat\n"), ("planes.csv", "weather,tilt,azimuth,model\n")]);
    let (code, message) = refused(folder.path(), &["validate", "solar-position", "."]);
    assert!(code == 2 && message.contains("spa_pairs.csv:1: the header lacks lon, alt_m"), "{message}");
    let (code, message) = refused(folder.path(), &["validate", "plane-irradiance", "."]);
    assert!(code == 2 && message.contains("planes.csv: the table has no rows"), "{message}");
    let (code, message) = refused(folder.path(), &["validate", "horizon", "."]);
    assert!(code == 2 && message.contains("no dsm.tif here\n  hint: "), "{message}");
    let (code, message) = refused(folder.path(), &["validate", "solar-position", "nowhere"]);
    assert!(code == 2 && message.contains("nowhere/spa_pairs.csv: the file does not exist"), "{message}");
}

#[test]
fn planes_under_wrong_weather_are_told_and_nothing_is_written() {
    let table = "weather,tilt,azimuth,model\n\
        ../town.epw,30,180,perez\ntown.tmy,200,180,perez\ngone.epw,30,180,klucher\ntown.epw,30,-1,hay_davies\n";
    let folder = holding(&[("planes.csv", table), ("town.epw", "LOCATION,x\n")]);
    let arguments = ["validate", "plane-irradiance", ".", "--hourly", "hours.csv"];
    let (code, message) = refused(folder.path(), &arguments);
    assert_eq!(code, 2);
    let hint = "\n  hint: the folder holds town.epw\n";
    let expected = [
        format!(":2: weather: expected a file below the suite's folder, found \"../town.epw\"{hint}"),
        format!(":3: weather: expected a weather file: .epw, or TMY3 as .csv, found \"town.tmy\"{hint}"),
        ":3: tilt: expected a number from 0 to 180 degrees, found \"200\"\n".to_owned(),
        format!(":4: weather: expected a file that exists, found \"gone.epw\"{hint}"),
        ":4: model: expected isotropic, haydavies or perez, found \"klucher\"\n".to_owned(),
        ":5: azimuth: expected a number from 0 to 360 degrees, found \"-1\"\n".to_owned(),
    ];
    let expected: String = expected.iter().map(|line| format!("error: ./planes.csv{line}")).collect();
    assert_eq!(message, format!("{expected}6 problems in ./planes.csv\n"));
    fs::write(folder.path().join("planes.csv"), "weather,tilt,azimuth,model\ntown.epw,30,180,perez\n").unwrap();
    let (code, message) = refused(folder.path(), &arguments);
    assert!(code == 2 && message.contains("./town.epw"), "{message}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing but the inputs");
}

#[test]
fn suites_of_the_sun_take_the_keys_they_know() {
    let folder = holding(&[("hours.csv", "mine")]);
    for (suite, set, expected) in [
        ("solar-position", "solar.albedo=0.3", "hint: this suite sets none"),
        ("plane-irradiance", "solar.reach_m=3", "hint: allowed: weather.radiation, "),
        ("plane-irradiance", "weather.radiation=erps", "did you mean"),
        ("plane-irradiance", "weather.radiation=clear_sky", "weather.linke_turbidity"),
        ("plane-irradiance", "solar.albedo=1.5", "solar.albedo"),
        ("horizon", "solar.raster.directions=30", "expected a multiple of 4, found 30"),
        ("horizon", "solar.raster.directions=35", "expected an even number, found 35"),
    ] {
        let (code, message) = refused(folder.path(), &["validate", suite, ".", "--set", set]);
        assert!(code == 2 && message.contains(expected), "{suite} {set}: {message}");
    }
    let (code, message) = refused(folder.path(), &["validate", "horizon", ".", "--hourly", "hours.csv"]);
    assert!(code == 2 && message.contains("--hourly: this suite has no hours to write"), "{message}");
    let (code, message) = refused(folder.path(), &["validate", "plane-irradiance", ".", "--hourly", "hours.csv"]);
    assert!(code == 2 && message.contains("hours.csv: there is something of this name already"), "{message}");
    assert_eq!(fs::read_to_string(folder.path().join("hours.csv")).unwrap(), "mine");
}

#[test]
fn planes_follow_the_keys_and_their_hours_add_up() {
    let Some(data) = common::data_dir() else { return };
    let name = "NLD_Amsterdam062400_IWEC.epw";
    let table = format!("weather,tilt,azimuth,model\n{name},0,0,isotropic\n{name},90,90,perez_1990\n");
    let folder = holding(&[("planes.csv", &table)]);
    fs::copy(data.join("solar").join(name), folder.path().join(name)).unwrap();
    let of = |arguments: &[&str], case: &str| {
        quantity(
            &printed(folder.path(), &[&["validate", "plane-irradiance", "."], arguments].concat()),
            case,
            "poa_global",
        )
    };
    let usual = of(&["--hourly", "hours.csv"], "2");
    let hours = fs::read_to_string(folder.path().join("hours.csv")).unwrap();
    let rows: Vec<Vec<&str>> = hours.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(
        (rows.len(), &rows[0][..2], &rows[8761][..2]),
        (1 + 2 * 8760, &["case", "start_local"][..], &["2", "01-01T00:00"][..])
    );
    let global = rows[0].iter().position(|name| *name == "poa_global_W_m2").unwrap();
    let sum: f64 = rows[8761..].iter().map(|row| row[global].parse::<f64>().unwrap()).sum();
    assert!((sum / 1000.0 - usual).abs() < 1e-4, "{sum} {usual}");
    // The ground gives the wall half of what it reflects: 982.481 kWh/m² of global radiation, 0.1 of albedo more.
    let brighter = of(&["--set", "solar.albedo=0.3"], "2");
    assert!((brighter - usual - 49.124).abs() < 0.001, "{brighter} {usual}");
    // A level plane gets the global radiation of the file, or nearly that where it is decomposed.
    let decomposed = of(&["--set", "weather.radiation=erbs"], "1");
    assert!((decomposed / 982.481 - 1.0).abs() < 0.01 && decomposed != of(&[], "1"), "{decomposed}");
    let output = conurb(folder.path(), &["validate", "plane-irradiance", ".", "--set", "weather.radiation=dirint"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn cells_outside_of_the_raster_are_told() {
    let Some(data) = common::data_dir() else { return };
    let folder = holding(&[("cells.csv", "row,col\n0,0\n500,5\n3,x\n")]);
    let raster = data.join("solar/goteborg_kronenhuset_dsm_1m.tif");
    fs::copy(&raster, folder.path().join("any.tif")).unwrap();
    let (code, message) = refused(folder.path(), &["validate", "horizon", "."]);
    assert_eq!(code, 2, "{message}");
    let rows = "./cells.csv:3: row: expected an integer from 0 to ";
    assert!(
        message.contains(rows) && message.contains("./cells.csv:4: col: expected an integer from 0 to "),
        "{message}"
    );
    fs::write(folder.path().join("cells.csv"), "row,col\n120,100\n").unwrap();
    let told = printed(folder.path(), &["validate", "horizon", "."]);
    assert_eq!(told.lines().count(), 6);
    assert!((0.0..=1.0).contains(&quantity(&told, "1", "svf")));
    // Results do not hang on tiles.
    assert_eq!(printed(folder.path(), &["validate", "horizon", ".", "--set", "solar.raster.tile_cells=16"]), told);
    fs::copy(&raster, folder.path().join("other.TIF")).unwrap();
    let (code, message) = refused(folder.path(), &["validate", "horizon", "."]);
    assert!(code == 2 && message.contains("no dsm.tif here, and 2 other rasters"), "{message}");
}

#[test]
fn feeders_are_told_bus_by_bus_and_line_by_line() {
    let lines = "from_bus,to_bus,length_km,r_ohm_per_km,x_ohm_per_km\n0,1,0.1,1.6,0\n";
    let folder = holding(&[("street_lines.csv", lines), ("street_loads.csv", "bus,p_kw,q_kvar\n1,90,0\n")]);
    let arguments = ["validate", "feeder", ".", "--set", "feeder.slack_pu=1"];
    let told = printed(folder.path(), &arguments);
    assert_eq!(told.lines().count(), 1 + 2 * 2 + 1);
    // 1 pu behind 0.16 ohm, 1 pu of 0.4 kV and 1 MVA: V = V² + 0.09, so V = 0.9.
    assert!((quantity(&told, "street", "vm_pu_1") - 0.9).abs() < 1e-10);
    assert_eq!(quantity(&told, "street", "va_degree_1"), 0.0);
    assert!((quantity(&told, "street", "i_from_ka_0") - 0.1 / (3.0_f64.sqrt() * 0.4)).abs() < 1e-10);
    let (code, message) = refused(folder.path(), &[&arguments[..], &["--set", "feeder.slack_bus=2"]].concat());
    assert!(code == 2 && message.contains("street_lines.csv: no line joins bus 2"), "{message}");
}

/// The stations' files beside cases of the given text.
fn stations(cases: &str) -> Option<tempfile::TempDir> {
    let stations = common::data_dir()?.canonicalize().unwrap().join("climate/pair_stations");
    let folder = holding(&[("cases.json", cases)]);
    for file in fs::read_dir(stations).unwrap() {
        let file = file.unwrap().path();
        std::os::unix::fs::symlink(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    Some(folder)
}

/// Statistics of xsdba 0.7.0 for Vancouver (`climate/reference/cases.json` of the reference data).
#[test]
fn series_are_adjusted_told_and_written_once() {
    let case = |id: &str, interp: &str| {
        format!(
            r#"{{"id": "{id}", "ref": "ahccd", "ry": [1981, 2010], "fy": [2041, 2070], "loc": "vancouver",
            "var": "tasmax", "kind": "+", "nq": 50, "method": "qdm", "group": "month", "interp": "{interp}"}}"#
        )
    };
    let cases = format!(r#"{{"cases": [{}, {}]}}"#, case("near", "nearest"), case("plane", "linear"));
    let Some(folder) = stations(&cases) else { return };
    let arguments = ["validate", "downscaling", ".", "--series", "out"];
    let output = conurb(folder.path(), &arguments);
    let (told, warned) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success() && warned.contains("plane: left out: "), "{warned}");
    assert_eq!(told.lines().count(), 7, "{told}");
    assert_eq!((quantity(&told, "near", "n"), quantity(&told, "near", "nan")), (10_950.0, 0.0));
    assert!((quantity(&told, "near", "mean") - 289.895_070_662_153_96).abs() < 1e-9);
    let series = fs::read_to_string(folder.path().join("out/vancouver_tasmax_2041-2070.csv")).unwrap();
    assert!(series.starts_with("date,near\n2041-01-01,284.8333") && series.lines().count() == 10_951);
    let (code, message) = refused(folder.path(), &arguments);
    assert!(code == 2 && message.contains("out/vancouver_tasmax_2041-2070.csv"), "{message}");
}

#[test]
fn cases_without_their_files_places_and_days_are_told() {
    let case = |reference: &str, place: &str, first: i32| {
        format!(
            r#"{{"cases": [{{"id": "a", "ref": "{reference}", "ry": [1981, 2010], "fy": [{first}, 2300], "loc": "{place}",
            "var": "tasmax", "method": "qdm"}}]}}"#
        )
    };
    for (cases, expected) in [
        (case("eobs", "Amos", 2041), "./: ref: no file eobs*.nc, which the case a names\n  hint: there are CanESM2"),
        (case("ahccd", "Paris", 2041), "there is no place Paris, which the case a names\n  hint: it has Vancouver"),
        (case("ahccd", "Amos", 2200), "0 files beside the references have tasmax in 2200-2300"),
    ] {
        let Some(folder) = stations(&cases) else { return };
        let (code, message) = refused(folder.path(), &["validate", "downscaling", "./", "--series", "out"]);
        assert!(code == 2 && message.contains(expected), "{message}");
        assert!(!folder.path().join("out").exists(), "nothing is written");
    }
    let folder = holding(&[("cases.json", "{\"cases\": 1}")]);
    let (code, message) = refused(folder.path(), &["validate", "downscaling", "."]);
    assert!(code == 2 && message.contains("./cases.json: cases: expected a list of cases"), "{message}");
    let (code, message) = refused(folder.path(), &["validate", "feeder", ".", "--series", "out"]);
    assert!(code == 2 && message.contains("--series: this suite has no series to write"), "{message}");
}
