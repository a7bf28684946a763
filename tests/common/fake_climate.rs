//! A year of hours of a made-up downscaled climate, written with the HDF5 library directly.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a made-up run that cannot be written fails its test")]

use std::fs;
use std::path::Path;

use hdf5::File;
use ndarray::{Array1, array};

use crate::fake_sun::{put, report};

/// Hours of the year.
pub const HOURS: usize = 8760;

/// Writes a whole run folder; `weather` is the table of the scenario that tells what the year is made of.
pub fn write(dir: &Path, weather: &str) {
    fs::create_dir_all(dir).unwrap();
    let scenario = format!(
        "[scenario]\ntitle = \"A made-up town\"\nseed = 1\n\n[climate]\nreference_period = [1991, 2000]\n\
         future_periods = [[2041, 2050]]\n\n[climate.weather]\n{weather}"
    );
    fs::write(dir.join("scenario.toml"), scenario).unwrap();
    fs::write(dir.join("report.json"), report().to_json().unwrap()).unwrap();
    write_hours(dir);
}

/// A value that tells the hour, between two bounds.
pub fn value(slot: usize, low: f32, high: f32) -> f32 {
    low + (high - low) * (slot % 101) as f32 / 100.0
}

/// Writes the fields of the hours alone.
pub fn write_hours(dir: &Path) {
    let file = File::create(dir.join("climate.nc")).unwrap();
    put(&file, "weather_site", &array![52.155, 5.387, 3.0, 1.0, 5.0]);
    let series = |name: &str, low, high| {
        put(&file, name, &Array1::from_shape_fn(HOURS, |slot| value(slot, low, high)));
    };
    series("weather_ghi", 0.0, 900.0);
    series("weather_dni", 0.0, 800.0);
    series("weather_dhi", 0.0, 400.0);
    series("weather_temp_air", -10.0, 35.0);
    series("weather_dew_point", -15.0, 20.0);
    series("weather_relative_humidity", 20.0, 100.0);
    series("weather_pressure", 98_000.0, 103_000.0);
    series("weather_wind_speed", 0.0, 15.0);
    series("weather_wind_direction", 0.0, 360.0);
    series("weather_sky_infrared", 200.0, 400.0);
}
