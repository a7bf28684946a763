//! Time axes: numbers since a date of a calendar, as days.
//!
//! CF Conventions 1.11, section 4.4. A value belongs to the day that its time falls into; bounds are not read.

use conurb_climate::calendar::{Calendar, Date};

use crate::error::Problem;

/// Days that any date may be away from year 0.
const FARTHEST_DAY: f64 = 3.66e8;
const DAY_SECONDS: f64 = 86_400.0;
/// Times are this exact at most (s): hours as a share of a day are not.
const RESOLUTION: f64 = 1e-3;

/// The units of a time axis.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeUnits {
    /// The calendar.
    pub calendar: Calendar,
    /// Seconds of one unit.
    unit_seconds: f64,
    /// Number of the day that times are counted from.
    first_day: i64,
    /// Seconds of that day before.
    first_second: f64,
}

impl TimeUnits {
    /// Reads `UNIT since DATE [TIME [ZONE]]` and the name of a calendar, the standard one unless given.
    ///
    /// # Errors
    /// A calendar that is not known, a date that it does not have, a unit of changing length.
    pub fn parse(units: &str, calendar: Option<&str>) -> Result<TimeUnits, Problem> {
        let name = calendar.unwrap_or("standard");
        let calendar = Calendar::from_cf(name.trim()).ok_or_else(|| {
            Problem::new(format!("the calendar \"{name}\" is not known")).hint(
                "known are standard, gregorian, proleptic_gregorian, julian, noleap, 365_day, all_leap, 366_day, \
                 360_day",
            )
        })?;
        let undecodable = || Problem::new(format!("expected times as \"days since 1850-01-01\", found \"{units}\""));
        let mut words = units.split_whitespace();
        let unit = words.next().ok_or_else(undecodable)?;
        if !words.next().is_some_and(|since| since.eq_ignore_ascii_case("since")) {
            return Err(undecodable());
        }
        let unit_seconds = seconds_of(unit, calendar).ok_or_else(|| {
            let message = format!("times in \"{unit}\" have no fixed length in the calendar {}", calendar.cf_name());
            Problem::new(message).hint("give times in days, hours, minutes or seconds")
        })?;
        let moment = words.collect::<Vec<_>>().join(" ");
        let (date, time) = split_date(&moment).ok_or_else(undecodable)?;
        let first_second = if time.is_empty() { 0.0 } else { second_of_day(time).ok_or_else(undecodable)? };
        if date.year == 0 && matches!(calendar, Calendar::Standard | Calendar::Julian | Calendar::ProlepticGregorian) {
            let message = format!("times count from the year 0, which the calendar {name} does not have");
            return Err(Problem::new(message));
        }
        let first_day = calendar.day_number(date).ok_or_else(|| {
            Problem::new(format!("times count from \"{moment}\", which the calendar {name} does not have"))
        })?;
        Ok(TimeUnits { calendar, unit_seconds, first_day, first_second })
    }

    /// Number of the day that a time falls into, and the seconds of that day before it; none for times out of reach.
    pub fn day(&self, time: f64) -> Option<(i64, f64)> {
        let seconds = time * self.unit_seconds + self.first_second;
        if seconds.is_nan() || seconds.abs() > FARTHEST_DAY * DAY_SECONDS {
            return None;
        }
        let rounded = (seconds / RESOLUTION).round() * RESOLUTION;
        let day = (rounded / DAY_SECONDS).floor();
        let number = self.first_day.checked_add(day as i64)?;
        (number.unsigned_abs() as f64 <= FARTHEST_DAY).then_some((number, rounded - day * DAY_SECONDS))
    }
}

/// Whether text looks like the units of a time axis.
pub(super) fn is_time(units: &str) -> bool {
    units.split_whitespace().nth(1).is_some_and(|since| since.eq_ignore_ascii_case("since"))
}

/// Seconds of a unit; months and years only where all are as long as each other.
fn seconds_of(unit: &str, calendar: Calendar) -> Option<f64> {
    let days = match unit.to_ascii_lowercase().as_str() {
        "day" | "days" | "d" => 1.0,
        "hour" | "hours" | "hr" | "hrs" | "h" => return Some(3600.0),
        "minute" | "minutes" | "min" | "mins" => return Some(60.0),
        "second" | "seconds" | "sec" | "secs" | "s" => return Some(1.0),
        "month" | "months" if calendar == Calendar::Day360 => 30.0,
        "year" | "years" if calendar == Calendar::Day360 => 360.0,
        "year" | "years" if calendar == Calendar::NoLeap => 365.0,
        "year" | "years" if calendar == Calendar::AllLeap => 366.0,
        _ => return None,
    };
    Some(days * DAY_SECONDS)
}

/// A date with or without leading zeros, and what follows it.
fn split_date(text: &str) -> Option<(Date, &str)> {
    let end = text.find([' ', 'T', 't']).unwrap_or(text.len());
    let (date, rest) = text.split_at(end);
    let mut parts = date.split('-');
    let mut digits = |longest: usize| {
        let part = parts.next()?;
        let is_number = !part.is_empty() && part.len() <= longest && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i32>().ok().filter(|_| is_number)
    };
    let (year, month, day) = (digits(6)?, digits(2)?, digits(2)?);
    if parts.next().is_some() {
        return None;
    }
    let date = Date { year, month: month as u8, day: day as u8 };
    Some((date, rest.trim_start_matches(['T', 't', ' '])))
}

/// Seconds of a time `H[:M[:S[.F]]]` with a zone behind it, in world time.
fn second_of_day(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(text.len());
    let (time, zone) = text.split_at(end);
    let mut parts = time.split(':');
    let mut next = |most: f64| match parts.next() {
        None => Some(0.0),
        Some(part) => part.parse::<f64>().ok().filter(|value| *value >= 0.0 && *value < most),
    };
    let seconds = next(24.0)? * 3600.0 + next(60.0)? * 60.0 + next(61.0)?;
    if parts.next().is_some() {
        return None;
    }
    Some(seconds - zone_seconds(zone.trim())?)
}

/// Seconds that a zone is ahead of world time.
fn zone_seconds(zone: &str) -> Option<f64> {
    if ["", "z", "utc", "gmt"].contains(&zone.to_ascii_lowercase().as_str()) {
        return Some(0.0);
    }
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1.0, digits),
        ("-", digits) => (-1.0, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then(|| sign * (f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(units: &str, calendar: &str, time: f64) -> (Date, f64) {
        let parsed = TimeUnits::parse(units, Some(calendar)).unwrap();
        let (day, seconds) = parsed.day(time).unwrap();
        (parsed.calendar.date(day), seconds)
    }

    /// Dates of cftime 1.6, `num2date` of the same arguments.
    #[test]
    fn dates_as_others_decode_them() {
        let of = |year, month, day| Date { year, month, day };
        for (units, calendar, time, expected, seconds) in [
            ("days since 0001-01-01 00:00:00", "noleap", 729_635.5, of(2000, 1, 1), 43_200.0),
            ("days since 1850-1-1", "gregorian", 60_265.5, of(2015, 1, 1), 43_200.0),
            ("days since 1859-12-01", "360_day", 52_560.5, of(2005, 12, 1), 43_200.0),
            ("days since 1949-12-01 00:00:00", "standard", 20_485.5, of(2006, 1, 1), 43_200.0),
            ("days since 1950-01-01 00:00:00.000000", "noleap", 55_114.0, of(2100, 12, 31), 0.0),
            ("hours since 1900-01-01 00:00:0.0", "gregorian", 1_051_894.0, of(2019, 12, 31), 79_200.0),
            ("seconds since 1970-01-01T00:00:00Z", "proleptic_gregorian", 951_782_399.0, of(2000, 2, 28), 86_399.0),
            ("minutes since 2000-02-29 12:30", "standard", 690.0, of(2000, 3, 1), 0.0),
            ("days since 1582-10-04", "standard", 1.0, of(1582, 10, 15), 0.0),
            ("days since 1900-02-28", "julian", 1.0, of(1900, 2, 29), 0.0),
            ("days since 2000-01-01 00:00:00 +02:00", "standard", 0.0, of(1999, 12, 31), 79_200.0),
            ("days since 2000-01-01 6:0:0 -6:00", "standard", 0.0, of(2000, 1, 1), 43_200.0),
            ("months since 2000-01-01", "360_day", 13.0, of(2001, 2, 1), 0.0),
        ] {
            assert_eq!(date(units, calendar, time), (expected, seconds), "{units} {calendar} {time}");
        }
        // A third of a day is no float: 8 hours, three times, are midnight.
        assert_eq!(date("days since 2000-01-01", "standard", 1.0 / 3.0 + 1.0 / 3.0 + 1.0 / 3.0).0, of(2000, 1, 2));
        assert_eq!(date("hours since 2000-01-01", "standard", 23.999_999_999_9).0, of(2000, 1, 2));
    }

    #[test]
    fn what_is_no_time_axis() {
        for (units, calendar, said) in [
            ("days since 2000-01-01", Some("lunar"), "calendar \"lunar\" is not known"),
            ("days since 2000-02-30", None, "does not have"),
            ("days since 2000-02-30", Some("noleap"), "does not have"),
            ("days since 0000-01-01", Some("gregorian"), "year 0"),
            ("months since 2000-01-01", None, "no fixed length"),
            ("fortnights since 2000-01-01", None, "no fixed length"),
            ("days after 2000-01-01", None, "expected times"),
            ("day as %Y%m%d.%f", None, "expected times"),
            ("days since yesterday", None, "expected times"),
            ("days since 2000-01-01 25:00", None, "expected times"),
            ("days since 2000-01-01 00:00 Mars", None, "expected times"),
            ("", None, "expected times"),
        ] {
            let problem = TimeUnits::parse(units, calendar).unwrap_err();
            assert!(problem.message.contains(said), "{units}: {problem}");
        }
        let parsed = TimeUnits::parse("days since 2000-01-01", None).unwrap();
        for time in [f64::NAN, f64::INFINITY, 1e20, -1e12] {
            assert_eq!(parsed.day(time), None, "{time}");
        }
        assert!(TimeUnits::parse("days since 0000-01-01", Some("noleap")).is_ok());
    }

    proptest! {
        #[test]
        fn any_text_is_units_or_a_problem(text in "(days|hours) since \\PC{0,20}", calendar in "\\PC{0,8}") {
            let _ = TimeUnits::parse(&text, None);
            let _ = TimeUnits::parse(&text, Some(&calendar));
        }
    }
}
