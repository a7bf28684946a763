//! The year of hours of a downscaled climate as an EPW file, for programs that take weather.

use std::path::Path;

use toml::{Table, Value};

use super::file::{Existing, refuse_existing, write_file};
use crate::error::{Error, Problem};
use crate::field::{FieldSpec, climate};
use crate::formats::epw::{EpwHead, write_epw};
use crate::formats::weather::{HOURS, WeatherYear};
use crate::store::read::RunReader;

/// Latitude, longitude, elevation, time zone and weekday of 1 January, as [`climate::WEATHER_SITE`] has them.
const SITE_ENTRIES: usize = 5;
/// The sun stands in the middle of the hours of a downscaled year.
const MID_HOUR: f64 = 0.5;
/// Year that rows name where the scenario does not tell one.
const USUAL_YEAR: i64 = 2023;

/// Writes the year of hours of a run as an EPW file.
///
/// # Errors
/// The run has no such year or is damaged, something is in the way, or the file cannot be written.
pub fn write(run: &RunReader, path: &Path, existing: Existing) -> Result<(), Error> {
    refuse_existing(path, existing)?;
    if !run.has_field(&climate::WEATHER_GHI) {
        return Err(Problem::new("the run has no weather of hours")
            .in_file(run.dir())
            .hint("the scenario needs [climate.weather] for this")
            .into());
    }
    let year = year_of(run)?;
    let told = Told::of(run)?;
    let head = EpwHead { source: "downscaled", row_year: told.row_year, comments: [&told.how, &told.credits] };
    write_file(path, existing, |out| write_epw(&year, &head, out))
}

fn year_of(run: &RunReader) -> Result<WeatherYear, Error> {
    let site = numbers(run, &climate::WEATHER_SITE, SITE_ENTRIES)?;
    let [latitude, longitude, elevation_m, utc_offset_h, weekday] = site[..] else {
        unreachable!("the number of entries is checked")
    };
    let is_on_earth = (-90.0..=90.0).contains(&latitude)
        && (-180.0..=360.0).contains(&longitude)
        && (-12.0..=14.0).contains(&utc_offset_h)
        && elevation_m.is_finite();
    if !is_on_earth {
        return Err(damaged(run, &climate::WEATHER_SITE, &format!("has {site:?}, no place on Earth")));
    }
    let hours = |field: &FieldSpec| -> Result<Vec<f32>, Error> {
        Ok(numbers(run, field, HOURS)?.into_iter().map(|value| value as f32).collect())
    };
    Ok(WeatherYear {
        place: run.report().scenario.title.clone(),
        latitude,
        longitude,
        elevation_m,
        utc_offset_h,
        clock_utc_h: utc_offset_h,
        sun_offset_h: MID_HOUR,
        first_weekday: (0_u8..7).find(|&day| f64::from(day) == weekday),
        ghi: hours(&climate::WEATHER_GHI)?,
        dni: hours(&climate::WEATHER_DNI)?,
        dhi: hours(&climate::WEATHER_DHI)?,
        temp_air: hours(&climate::WEATHER_TEMP_AIR)?,
        dew_point: hours(&climate::WEATHER_DEW_POINT)?,
        relative_humidity: hours(&climate::WEATHER_RELATIVE_HUMIDITY)?,
        pressure: hours(&climate::WEATHER_PRESSURE)?,
        wind_speed: hours(&climate::WEATHER_WIND_SPEED)?,
        wind_direction: hours(&climate::WEATHER_WIND_DIRECTION)?,
        sky_infrared: hours(&climate::WEATHER_SKY_INFRARED)?,
        missing_hours: Vec::new(),
    })
}

fn numbers(run: &RunReader, field: &FieldSpec, n_values: usize) -> Result<Vec<f64>, Error> {
    let values = run.numbers_of(field)?;
    if values.shape() != [n_values] {
        return Err(damaged(run, field, &format!("has shape {:?}, expected [{n_values}]", values.shape())));
    }
    Ok(values.into_iter().collect())
}

fn damaged(run: &RunReader, field: &FieldSpec, what: &str) -> Error {
    Problem::new(format!("field {} {what}", field.name)).in_file(run.dir().join(field.file)).into()
}

/// What the run says of its year of hours.
struct Told {
    row_year: i32,
    /// How it was made.
    how: String,
    /// Whose data it was made of.
    credits: String,
}

impl Told {
    fn of(run: &RunReader) -> Result<Told, Error> {
        let scenario = run.scenario()?;
        let of_climate = scenario.get("climate").and_then(Value::as_table);
        let of_weather = of_climate.and_then(|climate| climate.get("weather")).and_then(Value::as_table);
        let word = |key: &str| of_weather.and_then(|weather| weather.get(key)).and_then(Value::as_str);
        let period = of_weather.and_then(|weather| years(weather.get("period"))).or_else(|| only_period(of_climate));
        let projected = of_weather.and_then(|weather| weather.get("year")).and_then(Value::as_integer);
        let row_year = projected.or(period.map(|[first, _]| first)).unwrap_or(USUAL_YEAR);
        let version = &run.report().engine.version;
        let mut how = format!("Downscaled by conurb {version}");
        let known = [("method", "method"), ("model", "model"), ("future", "emission scenario")];
        for (key, name) in known {
            how += &word(key).map(|word| format!("; {name} {word}")).unwrap_or_default();
        }
        how += &match (projected, period) {
            (Some(year), _) => format!("; year {year} as projected"),
            (None, Some([first, last])) => format!("; typical months of {first} to {last}"),
            (None, None) => String::new(),
        };
        let mut credits = vec!["A projection and no measurement".to_owned()];
        credits.extend(run.report().sources.iter().filter_map(|source| source.attribution.clone()));
        let row_year = i32::try_from(row_year).unwrap_or(USUAL_YEAR as i32);
        Ok(Told { row_year, how, credits: credits.join("; ") })
    }
}

/// The period of the future, where there is one.
fn only_period(climate: Option<&Table>) -> Option<[i64; 2]> {
    match &climate?.get("future_periods")?.as_array()?[..] {
        [only] => years(Some(only)),
        _ => None,
    }
}

fn years(value: Option<&Value>) -> Option<[i64; 2]> {
    match &value?.as_array()?[..] {
        [first, last] => Some([first.as_integer()?, last.as_integer()?]),
        _ => None,
    }
}
