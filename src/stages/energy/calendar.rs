//! Civil time of each hour of a year.

use std::cmp::Ordering;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

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
    let civil = |start: f64| {
        let instant = Timestamp::from_second(start as i64);
        let instant = instant.map_err(|error| Error::Failed(format!("a year out of range: {error}")))?;
        Ok::<_, Error>(instant.to_zoned(zone.clone()))
    };
    let middle = year.start_s.get(year.start_s.len() / 2).map(|start| civil(*start)).transpose()?;
    let mut calendar = Calendar::default();
    for start in &year.start_s {
        let civil = civil(*start)?;
        let weekday = match (weather.first_weekday, &middle) {
            (Some(first), Some(middle)) => {
                ((i64::from(first) + day_of_file(&civil, middle.year())).rem_euclid(7)) as u8
            }
            _ => civil.weekday().to_monday_zero_offset() as u8,
        };
        calendar.month.push(civil.month() as u8);
        calendar.weekday.push(weekday);
        calendar.hour.push(civil.hour() as u8);
    }
    Ok(calendar)
}

/// Days since 1 January of `year`, which has no 29 February in weather files; hours at its ends may be of the years beside it.
fn day_of_file(civil: &Zoned, year: i16) -> i64 {
    const DAYS: i64 = 365;
    const LEAP_DAY: i64 = 60;
    let day = i64::from(civil.day_of_year());
    match civil.year().cmp(&year) {
        Ordering::Less => -1,
        Ordering::Equal if civil.in_leap_year() && day >= LEAP_DAY => day - 2,
        Ordering::Equal => day - 1,
        Ordering::Greater => DAYS,
    }
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
    fn weekdays_go_on_past_new_year_and_over_the_leap_day_that_files_leave_out() {
        // A file that begins on a Sunday, with the sun of 2024; 1 January 0:00 UTC is 1 704 067 200 s.
        let start = |slot: u32| 1_704_067_200.0 + 3600.0 * f64::from(slot + if slot >= 59 * 24 { 24 } else { 0 });
        let year = SolarYear { start_s: (0..8760).map(start).collect(), ..SolarYear::default() };
        let weather = WeatherYear { utc_offset_h: 0.0, first_weekday: Some(6), ..WeatherYear::default() };
        let plain = calendar(&weather, &year, None).unwrap();
        for slot in 0..8760 {
            assert_eq!(usize::from(plain.weekday[slot]), (6 + slot / 24) % 7, "slot {slot}");
        }
        // New York is 5 h behind: the first hours are of Saturday, 31 December. Tokyo is 9 h ahead: the last ones of a Monday.
        assert_eq!(calendar(&weather, &year, Some("America/New_York")).unwrap().weekday[0], 5);
        assert_eq!(calendar(&weather, &year, Some("Asia/Tokyo")).unwrap().weekday[8759], 0);
    }

    #[test]
    fn a_zone_that_is_none_is_refused() {
        let (weather, year) = hours(0.0);
        let error = calendar(&weather, &year, Some("Europe/Atlantis")).unwrap_err().to_string();
        assert!(error.contains("Europe/Atlantis"), "{error}");
    }
}
