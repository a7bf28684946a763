//! The year of hours of a made-up downscaled climate, exported and read back.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/fake_climate.rs"]
mod fake_climate;
#[path = "common/fake_run.rs"]
mod fake_run;
#[path = "common/fake_sun.rs"]
mod fake_sun;

use std::fs;
use std::path::{Path, PathBuf};

use conurb::export::{Existing, export};
use conurb::formats::Source;
use conurb::formats::epw::read_epw;
use conurb::scenario::ExportFormat;
use conurb::store::read::RunReader;
use fake_climate::{HOURS, value};
use fake_run::FakeRun;
use fake_sun::put;
use hdf5::File;
use ndarray::{Array1, array};

fn run_folder(weather: &str) -> (tempfile::TempDir, PathBuf) {
    let keep = tempfile::tempdir().unwrap();
    let path = keep.path().join("run");
    fake_climate::write(&path, weather);
    (keep, path)
}

fn refused(run: &Path) -> String {
    let out = run.join("x.epw");
    let error = export(&RunReader::open(run).unwrap(), ExportFormat::Epw, &out, Existing::Refuse).unwrap_err();
    assert!(error.exit_code() == 2 && !out.exists(), "{error}");
    error.to_string()
}

#[test]
fn hours_become_a_file_that_reads_back() {
    let (_keep, run) = run_folder("model = \"south\"\nfuture = \"ssp245\"\nyear = 2050\n");
    let written = export(&RunReader::open(&run).unwrap(), ExportFormat::Epw, &run, Existing::Refuse).unwrap();
    assert_eq!(written, [run.join("weather.epw")]);
    let bytes = fs::read(&written[0]).unwrap();
    let (year, warnings) = read_epw(Source { file: &written[0], bytes: &bytes }).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!((year.place.as_str(), year.latitude, year.longitude), ("A made-up town", 52.155, 5.387));
    assert_eq!((year.elevation_m, year.utc_offset_h, year.first_weekday), (3.0, 1.0, Some(5)));
    // Each quantity with its bounds and half of its last digit.
    let all = [
        (&year.ghi, 0.0, 900.0, 0.05),
        (&year.dni, 0.0, 800.0, 0.05),
        (&year.dhi, 0.0, 400.0, 0.05),
        (&year.temp_air, -10.0, 35.0, 0.005),
        (&year.dew_point, -15.0, 20.0, 0.005),
        (&year.relative_humidity, 20.0, 100.0, 0.05),
        (&year.pressure, 98_000.0, 103_000.0, 0.5),
        (&year.wind_speed, 0.0, 15.0, 0.005),
        (&year.wind_direction, 0.0, 360.0, 0.05),
        (&year.sky_infrared, 200.0, 400.0, 0.05),
    ];
    for (quantity, (series, low, high, half)) in all.into_iter().enumerate() {
        let is_near = |slot: usize| (series[slot] - value(slot, low, high)).abs() <= half * 1.001 + 1e-4;
        assert!((0..HOURS).all(is_near), "quantity {quantity}");
    }
    let text = String::from_utf8(bytes).unwrap();
    let told = "Downscaled by conurb 0.1.0; model south; emission scenario ssp245; year 2050 as projected";
    assert!(text.contains(&format!("\nCOMMENTS 1,{told}\n")), "{text:.600}");
    assert!(text.contains("COMMENTS 2,A projection and no measurement; © Town survey; © Weather service\n"));
    assert!(text.lines().skip(8).all(|row| row.starts_with("2050,")));
}

#[test]
fn typical_years_name_the_first_year_of_their_period() {
    for (weather, told) in [
        ("", "; typical months of 2041 to 2050\n"),
        ("method = \"analogue\"\nperiod = [2031, 2040]\n", "; method analogue; typical months of 2031 to 2040\n"),
    ] {
        let (_keep, run) = run_folder(weather);
        let out = run.join("x.epw");
        export(&RunReader::open(&run).unwrap(), ExportFormat::Epw, &out, Existing::Refuse).unwrap();
        let text = fs::read_to_string(out).unwrap();
        let year = if weather.is_empty() { "2041,1,1,1," } else { "2031,1,1,1," };
        assert!(text.contains(told) && text.lines().nth(8).unwrap().starts_with(year), "{text:.600}");
    }
}

#[test]
fn what_is_no_year_of_weather_is_refused_and_leaves_no_file() {
    let keep = tempfile::tempdir().unwrap();
    let traffic = keep.path().join("traffic");
    FakeRun::default().write(&traffic);
    let told = refused(&traffic);
    assert!(told.contains("the run has no weather of hours\n  hint: the scenario needs [climate.weather]"), "{told}");
    let spoilt = |spoil: &dyn Fn(&File)| {
        let (_keep, run) = run_folder("");
        spoil(&File::open_rw(run.join("climate.nc")).unwrap());
        refused(&run)
    };
    let told = spoilt(&|file| put(file, "weather_dew_point", &Array1::from(vec![1.0_f32; 24])));
    assert!(told.contains("climate.nc: field weather_dew_point has shape [24], expected [8760]"), "{told}");
    let told = spoilt(&|file| put(file, "weather_site", &array![52.0, f64::NAN, 3.0, 1.0, 5.0]));
    assert!(told.contains("no place on Earth"), "{told}");
    let told = spoilt(&|file| file.unlink("weather_ghi").unwrap());
    assert!(told.contains("no weather of hours"), "{told}");
    let told = spoilt(&|file| file.unlink("weather_dni").unwrap());
    assert!(told.contains("weather_dni"), "{told}");
}
