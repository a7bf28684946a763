//! Civil time of each hour of a year.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::archetypes::Calendar;
use crate::error::{Error, Problem};
use crate::formats::weather::WeatherYear;
use crate::stages::solar::SolarYear;

/// Month, weekday and hour of each hour in civil time of `timezone`; without one in the weather's standard time.
///
/// Weekdays count from that of 1 January in the weather file, else in the calendar of the sun's year.
///
/// # Errors
/// A time zone that is not known.
pub fn calendar(weather: &WeatherYear, year: &SolarYear, timezone: Option<&str>) -> Result<Calendar, Error> {
    let zone = match timezone {
        Some(name) => TimeZone::get(name).map_err(|_| {
            Error::from(
                Problem::new(format!("there is no time zone \"{name}\""))
                    .of_key("scenario.timezone")
                    .hint("a name of the IANA time zone database, for example \"Europe/Amsterdam\""),
            )
        })?,
        None => {
            let seconds = (weather.utc_offset_h * 3600.0).round() as i32;
            let offset = jiff::tz::Offset::from_seconds(seconds);
            offset.map_err(|error| Error::from(Problem::new(error.to_string()).of_key("weather")))?.to_time_zone()
        }
    };
    let mut calendar = Calendar::default();
    for start in &year.start_s {
        let instant = Timestamp::from_second(*start as i64);
        let instant = instant.map_err(|error| Error::Failed(format!("a year out of range: {error}")))?;
        let civil = instant.to_zoned(zone.clone());
        let weekday = match weather.first_weekday {
            // The first hours of a year may still be of 31 December.
            Some(first) if civil.day_of_year() == 365 && calendar.hour.len() < 24 => (first + 6) % 7,
            Some(first) => ((i64::from(first) + i64::from(civil.day_of_year()) - 1) % 7) as u8,
            None => civil.weekday().to_monday_zero_offset() as u8,
        };
        calendar.month.push(civil.month() as u8);
        calendar.weekday.push(weekday);
        calendar.hour.push(civil.hour() as u8);
    }
    Ok(calendar)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(start: f64) -> (WeatherYear, SolarYear) {
        let year = SolarYear {
            start_s: (0..48).map(|hour| start + 3600.0 * f64::from(hour)).collect(),
            ..SolarYear::default()
        };
        (WeatherYear { utc_offset_h: 1.0, first_weekday: Some(6), ..WeatherYear::default() }, year)
    }

    #[test]
    fn summer_time_is_an_hour_ahead() {
        // 1 July 2023 0:00 UTC is 2:00 in Amsterdam and 1:00 in its standard time; the file says 1 January is a Sunday.
        let (weather, year) = hours(1_688_169_600.0);
        let civil = calendar(&weather, &year, Some("Europe/Amsterdam")).unwrap();
        assert_eq!((civil.month[0], civil.weekday[0], civil.hour[0], civil.hour[22]), (7, 5, 2, 0));
        assert_eq!(calendar(&weather, &year, None).unwrap().hour[0], 1);
    }

    #[test]
    fn a_zone_that_is_none_is_refused() {
        let (weather, year) = hours(0.0);
        let error = calendar(&weather, &year, Some("Europe/Atlantis")).unwrap_err().to_string();
        assert!(error.contains("Europe/Atlantis"), "{error}");
    }
}
