//! The place and the clock of weather that is downscaled.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use conurb_climate::calendar::{Calendar, Date};

use crate::error::{Error, Problem, Warning};
use crate::formats::weather::{HOURS, WeatherYear};
use crate::formats::{Source, epw};
use crate::inputs::Reader;
use crate::scenario::{DownscaledWeather, Scenario, WeatherOfYear};

/// Temperature of the stand-in for weather that is not downscaled yet (°C); nothing is computed from it.
const STAND_IN_TEMPERATURE: f32 = 10.0;

impl Reader<'_> {
    /// A year at the place and with the clock of `[climate.weather]`, from which other stages can be planned.
    ///
    /// # Errors
    /// Everything wrong with the donor's file; an unknown time zone.
    pub(in crate::inputs) fn planned_weather(&mut self, scenario: &Scenario) -> Result<WeatherYear, Error> {
        let climate = scenario.climate.as_ref().and_then(|climate| climate.weather.as_ref());
        let wanted = climate.expect("weather that is downscaled has [climate.weather]");
        // The climate stage tells of the donor.
        let donor = self.donor(wanted, &mut Vec::new())?;
        site_of_weather(scenario, wanted, donor.as_ref())
    }

    /// The hours that were measured, if the scenario names any.
    pub(in crate::inputs) fn donor(
        &mut self,
        wanted: &DownscaledWeather,
        warnings: &mut Vec<Warning>,
    ) -> Result<Option<WeatherYear>, Error> {
        let Some(file) = &wanted.donor else { return Ok(None) };
        let bytes = self.bytes(file)?;
        let read = epw::read_epw(Source { file, bytes: &bytes });
        let (donor, more) = self.runtime.agree(read)?;
        let of_donor = |warning: Warning| Warning { message: format!("donor: {}", warning.message), ..warning };
        warnings.extend(more.into_iter().map(of_donor));
        Ok(Some(donor))
    }
}

/// Place and clock of the weather year, with hours of no meaning.
///
/// # Errors
/// An unknown time zone.
pub fn site_of_weather(
    scenario: &Scenario,
    wanted: &DownscaledWeather,
    donor: Option<&WeatherYear>,
) -> Result<WeatherYear, Error> {
    let mut year = WeatherYear { place: "downscaled".to_owned(), sun_offset_h: 0.5, ..WeatherYear::default() };
    if let Some(donor) = donor {
        (year.latitude, year.longitude, year.elevation_m) = (donor.latitude, donor.longitude, donor.elevation_m);
        // The year follows the rows of the donor, which are those of UTC in files of PVGIS.
        year.utc_offset_h = donor.clock_utc_h;
        year.first_weekday = donor.first_weekday;
    }
    if let Some(place) = wanted.place {
        (year.latitude, year.longitude, year.elevation_m) = (place.latitude, place.longitude, place.elevation_m);
    }
    let of_year = match wanted.year {
        WeatherOfYear::Projected(year) => year,
        WeatherOfYear::Typical => wanted.period.map_or(TYPICAL_YEAR, |[first, _]| first),
    };
    if donor.is_none() {
        year.utc_offset_h = match &scenario.timezone {
            Some(name) => standard_offset_h(name, of_year)?,
            None => (year.longitude / 15.0).round(),
        };
    }
    if let WeatherOfYear::Projected(of_year) = wanted.year {
        year.first_weekday = Some(weekday_of_new_year(of_year));
    }
    year.clock_utc_h = year.utc_offset_h;
    let hours = |value: f32| vec![value; HOURS];
    for dark in [&mut year.ghi, &mut year.dni, &mut year.dhi, &mut year.wind_speed, &mut year.wind_direction] {
        *dark = hours(0.0);
    }
    year.temp_air = hours(STAND_IN_TEMPERATURE);
    year.dew_point = hours(STAND_IN_TEMPERATURE);
    year.relative_humidity = hours(100.0);
    year.pressure = hours(101_325.0);
    // Whether there is any is asked before anything is computed.
    let has_infrared = donor.is_some_and(|donor| donor.sky_infrared.iter().any(|value| *value > 0.0));
    year.sky_infrared = hours(if has_infrared { 300.0 } else { f32::NAN });
    Ok(year)
}

/// A year whose clock stands for years that have none of their own.
const TYPICAL_YEAR: i32 = 2023;

/// Standard time minus UTC: the lesser of the offsets of winter and summer, on either half of the globe.
fn standard_offset_h(timezone: &str, year: i32) -> Result<f64, Error> {
    let told = |error: jiff::Error| Error::from(Problem::new(error.to_string()).of_key("scenario.timezone"));
    let zone = TimeZone::get(timezone).map_err(told)?;
    let year = year.clamp(1900, 2100) as i16;
    let offset = |month| -> Result<f64, Error> {
        let noon = jiff::civil::date(year, month, 1).at(12, 0, 0, 0).to_zoned(TimeZone::UTC).map_err(told)?;
        Ok(f64::from(zone.to_offset(Timestamp::from(noon)).seconds()) / 3600.0)
    };
    Ok(offset(1)?.min(offset(7)?))
}

/// Weekday of 1 January, 0 = Monday.
fn weekday_of_new_year(year: i32) -> u8 {
    let number = |year| Calendar::ProlepticGregorian.day_number(Date { year, month: 1, day: 1 });
    // 1 January 2024 was a Monday.
    let days = number(year).zip(number(2024)).map_or(0, |(day, monday)| day - monday);
    days.rem_euclid(7) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_time_is_that_without_summer() {
        assert_eq!(standard_offset_h("Europe/Amsterdam", 2050).unwrap(), 1.0);
        assert_eq!(standard_offset_h("Australia/Sydney", 2050).unwrap(), 10.0);
        assert_eq!(standard_offset_h("America/New_York", 2050).unwrap(), -5.0);
        assert!(standard_offset_h("Europe/Atlantis", 2050).unwrap_err().to_string().contains("scenario.timezone"));
    }

    #[test]
    fn years_begin_on_their_weekdays() {
        // 2023 on a Sunday, 2000 on a Saturday, 2050 on a Saturday (ISO 8601 calendars).
        assert_eq!([2023, 2024, 2000, 2050].map(weekday_of_new_year), [6, 0, 5, 5]);
    }
}
