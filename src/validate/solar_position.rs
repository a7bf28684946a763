//! The suite `solar-position`: where the sun stands at given times and places, as CSV.

use std::path::Path;

use conurb_solar::sun::{Site, SunPosition, positions};

use crate::error::Error;
use crate::formats::Source;
use crate::formats::cases::{CaseRow, read_cases};

use super::instant::julian_day_of;
use super::settings::check_keys;
use super::{CSV_HEADER, read};

const FILE: &str = "spa_pairs.csv";
const COLUMNS: [&str; 7] = ["utc", "lat", "lon", "alt_m", "pressure_pa", "temp_c", "delta_t"];
const UTC: usize = 0;

/// Runs the suite on `spa_pairs.csv` in `directory` and gives the lines `case,quantity,unit,value`; a case is a row, from 1.
///
/// # Errors
/// The table is wrong, all its problems listed, or `overrides` name any key.
pub fn solar_position(directory: &Path, overrides: &[(String, String)]) -> Result<String, Error> {
    check_keys(&[], overrides)?;
    let file = directory.join(FILE);
    let cases = read_cases(Source { file: &file, bytes: &read(&file)? }, &COLUMNS, sun_of)?;
    let mut text = String::from(CSV_HEADER);
    for (index, sun) in cases.iter().enumerate() {
        for (quantity, value) in
            [("zenith", sun.zenith), ("apparent_zenith", sun.apparent_zenith), ("azimuth", sun.azimuth)]
        {
            text.push_str(&format!("{},{quantity},deg,{value:?}\n", index + 1));
        }
    }
    Ok(text)
}

fn sun_of(row: &mut CaseRow<'_, '_>) -> Option<SunPosition> {
    let day = julian_day_of(row.text(UTC));
    if let Err(expected) = day {
        row.reject(UTC, "time", expected, None);
    }
    let latitude = row.number(1, -90.0..=90.0, " degrees");
    let longitude = row.number(2, -180.0..=360.0, " degrees");
    let elevation_m = row.number(3, -1000.0..=1e5, " m");
    let pressure_pa = row.number(4, 0.0..=1.2e5, " Pa");
    let temperature_c = row.number(5, -150.0..=100.0, " degrees C");
    let delta_t = row.number(6, -1e5..=1e5, " s");
    let site = Site {
        latitude: latitude?,
        longitude: longitude?,
        elevation_m: elevation_m?,
        pressure_pa: pressure_pa?,
        temperature_c: temperature_c?,
    };
    let mut sun = [SunPosition::default()];
    if positions(&[day.ok()?], &site, delta_t?, &mut sun).is_err() {
        row.reject(UTC, "time", "a time in years -2000 to 6000", None);
        return None;
    }
    Some(sun[0])
}
