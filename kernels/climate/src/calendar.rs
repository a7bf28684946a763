//! Calendars of climate models: dates and day numbers.
//!
//! CF Conventions 1.11, section 4.4.1. A day number counts whole days from 1 January of year 0 (its first day is 0) in the
//! calendar itself, so that differences of day numbers are days that passed in that calendar.

/// A calendar of CF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// Julian until 4 October 1582, Gregorian from 15 October 1582, the day after.
    Standard,
    /// Gregorian at all times.
    ProlepticGregorian,
    /// Leap years every four years.
    Julian,
    /// 365 days, never a 29 February.
    NoLeap,
    /// 366 days, always a 29 February.
    AllLeap,
    /// Twelve months of 30 days.
    Day360,
}

/// A day of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year; 0 is the year before 1.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
}

/// Last day of the Julian part of the standard calendar.
const LAST_JULIAN: Date = Date { year: 1582, month: 10, day: 4 };
/// First day of its Gregorian part.
const FIRST_GREGORIAN: Date = Date { year: 1582, month: 10, day: 15 };
/// Days before each month of a year of 365 days.
const BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

impl Calendar {
    /// The calendar of a CF attribute `calendar`, whatever its case.
    pub fn from_cf(name: &str) -> Option<Calendar> {
        Some(match name.to_ascii_lowercase().as_str() {
            "standard" | "gregorian" => Calendar::Standard,
            "proleptic_gregorian" => Calendar::ProlepticGregorian,
            "julian" => Calendar::Julian,
            "noleap" | "365_day" => Calendar::NoLeap,
            "all_leap" | "366_day" => Calendar::AllLeap,
            "360_day" => Calendar::Day360,
            _ => return None,
        })
    }

    /// Name in CF.
    pub fn cf_name(self) -> &'static str {
        match self {
            Calendar::Standard => "standard",
            Calendar::ProlepticGregorian => "proleptic_gregorian",
            Calendar::Julian => "julian",
            Calendar::NoLeap => "noleap",
            Calendar::AllLeap => "all_leap",
            Calendar::Day360 => "360_day",
        }
    }

    /// Whether a year has a 29 February; in a calendar of 360 days every year has one, and a 30th.
    pub fn is_leap(self, year: i32) -> bool {
        match self {
            Calendar::NoLeap => false,
            Calendar::AllLeap | Calendar::Day360 => true,
            Calendar::Julian => is_julian_leap(year),
            Calendar::ProlepticGregorian => is_gregorian_leap(year),
            Calendar::Standard if year <= LAST_JULIAN.year => is_julian_leap(year),
            Calendar::Standard => is_gregorian_leap(year),
        }
    }

    /// Last day of a month.
    ///
    /// # Panics
    /// If the month is not one of 1 to 12.
    pub fn days_in_month(self, year: i32, month: u8) -> u8 {
        match (self, month) {
            (Calendar::Day360, 1..=12) => 30,
            (_, 2) => 28 + u8::from(self.is_leap(year)),
            (_, 4 | 6 | 9 | 11) => 30,
            (_, 1 | 3 | 5 | 7 | 8 | 10 | 12) => 31,
            _ => panic!("there is no month {month}"),
        }
    }

    /// Days of a year.
    pub fn days_in_year(self, year: i32) -> u16 {
        match self {
            Calendar::Day360 => 360,
            // Ten days were left out.
            Calendar::Standard if year == LAST_JULIAN.year => 355,
            _ => 365 + u16::from(self.is_leap(year)),
        }
    }

    /// Whether a date exists.
    pub fn has(self, date: Date) -> bool {
        let in_month =
            (1..=12).contains(&date.month) && date.day >= 1 && date.day <= self.days_in_month(date.year, date.month);
        in_month && !(self == Calendar::Standard && date > LAST_JULIAN && date < FIRST_GREGORIAN)
    }

    /// Number of a day, if the date exists.
    pub fn day_number(self, date: Date) -> Option<i64> {
        self.has(date).then(|| {
            let year = i64::from(date.year);
            match self {
                Calendar::Day360 => year * 360 + i64::from(date.month - 1) * 30 + i64::from(date.day - 1),
                Calendar::NoLeap => year * 365 + day_in_year(date, false),
                Calendar::AllLeap => year * 366 + day_in_year(date, true),
                Calendar::Julian => julian_number(date),
                Calendar::ProlepticGregorian => gregorian_number(date),
                Calendar::Standard if date <= LAST_JULIAN => julian_number(date),
                // The two count on without a gap.
                Calendar::Standard => gregorian_number(date) + standard_shift(),
            }
        })
    }

    /// The day of a number.
    pub fn date(self, number: i64) -> Date {
        match self {
            Calendar::Day360 => {
                let day = number.rem_euclid(360);
                Date { year: year_of(number, 360), month: (day / 30 + 1) as u8, day: (day % 30 + 1) as u8 }
            }
            Calendar::NoLeap => date_in_year(year_of(number, 365), number.rem_euclid(365), false),
            Calendar::AllLeap => date_in_year(year_of(number, 366), number.rem_euclid(366), true),
            Calendar::Julian => from_julian(number),
            Calendar::ProlepticGregorian => from_gregorian(number),
            Calendar::Standard if number <= julian_number(LAST_JULIAN) => from_julian(number),
            Calendar::Standard => from_gregorian(number - standard_shift()),
        }
    }

    /// Day of the year, from 1.
    pub fn day_of_year(self, date: Date) -> u16 {
        let first = Date { year: date.year, month: 1, day: 1 };
        match (self.day_number(date), self.day_number(first)) {
            (Some(number), Some(first)) => (number - first + 1) as u16,
            _ => panic!("{date:?} is no date of the calendar {}", self.cf_name()),
        }
    }
}

fn is_julian_leap(year: i32) -> bool {
    year.rem_euclid(4) == 0
}

fn is_gregorian_leap(year: i32) -> bool {
    is_julian_leap(year) && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

fn year_of(number: i64, days: i64) -> i32 {
    number.div_euclid(days) as i32
}

/// Days before a date in its year.
fn day_in_year(date: Date, is_leap: bool) -> i64 {
    BEFORE_MONTH[usize::from(date.month - 1)] + i64::from(is_leap && date.month > 2) + i64::from(date.day - 1)
}

fn date_in_year(year: i32, day: i64, is_leap: bool) -> Date {
    let starts = |month: usize| BEFORE_MONTH[month] + i64::from(is_leap && month > 1);
    let month = (0..12).rev().find(|&month| starts(month) <= day).expect("day 0 is in January");
    Date { year, month: month as u8 + 1, day: (day - starts(month) + 1) as u8 }
}

/// Leap days before 1 January of a year, year 0 being one itself, so that they count from there.
fn julian_leap_days(year: i64) -> i64 {
    (year + 3).div_euclid(4)
}

fn julian_number(date: Date) -> i64 {
    let year = i64::from(date.year);
    year * 365 + julian_leap_days(year) + day_in_year(date, is_julian_leap(date.year))
}

fn gregorian_leap_days(year: i64) -> i64 {
    julian_leap_days(year) - (year + 99).div_euclid(100) + (year + 399).div_euclid(400)
}

fn gregorian_number(date: Date) -> i64 {
    let year = i64::from(date.year);
    year * 365 + gregorian_leap_days(year) + day_in_year(date, is_gregorian_leap(date.year))
}

fn from_julian(number: i64) -> Date {
    let year = last_year_starting_by(number, |year| year * 365 + julian_leap_days(year));
    date_in_year(year as i32, number - year * 365 - julian_leap_days(year), is_julian_leap(year as i32))
}

fn from_gregorian(number: i64) -> Date {
    let year = last_year_starting_by(number, |year| year * 365 + gregorian_leap_days(year));
    date_in_year(year as i32, number - year * 365 - gregorian_leap_days(year), is_gregorian_leap(year as i32))
}

/// The year that a day lies in: an estimate that is at most one off, mended.
fn last_year_starting_by(number: i64, start: impl Fn(i64) -> i64) -> i64 {
    let mut year = (number as f64 / 365.2425).floor() as i64 + 1;
    while start(year) > number {
        year -= 1;
    }
    year
}

/// What the standard calendar adds to the numbers of Gregorian days.
fn standard_shift() -> i64 {
    julian_number(LAST_JULIAN) + 1 - gregorian_number(FIRST_GREGORIAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Calendar; 6] = [
        Calendar::Standard,
        Calendar::ProlepticGregorian,
        Calendar::Julian,
        Calendar::NoLeap,
        Calendar::AllLeap,
        Calendar::Day360,
    ];

    fn date(year: i32, month: u8, day: u8) -> Date {
        Date { year, month, day }
    }

    #[test]
    fn numbers_and_dates_are_each_others_inverse() {
        for calendar in ALL {
            let mut before: Option<Date> = None;
            for number in -1000..900_000 {
                let found = calendar.date(number);
                assert_eq!(calendar.day_number(found), Some(number), "{calendar:?} {found:?}");
                assert!(before.is_none_or(|before| before < found), "{calendar:?} {found:?}");
                before = Some(found);
            }
        }
    }

    #[test]
    fn days_between_known_dates() {
        let between = |calendar: Calendar, one: Date, other: Date| {
            calendar.day_number(other).unwrap() - calendar.day_number(one).unwrap()
        };
        // Unix time: 1 January 2000 is day 10957 of it.
        assert_eq!(between(Calendar::Standard, date(1970, 1, 1), date(2000, 1, 1)), 10_957);
        assert_eq!(between(Calendar::ProlepticGregorian, date(1970, 1, 1), date(2000, 1, 1)), 10_957);
        // The day after 4 October 1582 was 15 October.
        assert_eq!(between(Calendar::Standard, LAST_JULIAN, FIRST_GREGORIAN), 1);
        assert_eq!(between(Calendar::ProlepticGregorian, LAST_JULIAN, FIRST_GREGORIAN), 11);
        assert_eq!(between(Calendar::NoLeap, date(2000, 2, 28), date(2000, 3, 1)), 1);
        assert_eq!(between(Calendar::AllLeap, date(2001, 2, 28), date(2001, 3, 1)), 2);
        assert_eq!(between(Calendar::Day360, date(2000, 2, 28), date(2000, 3, 1)), 3);
        assert_eq!(between(Calendar::Julian, date(1900, 2, 28), date(1900, 3, 1)), 2);
        // Julian day numbers 2299160 and 2440588 (Meeus, Astronomical Algorithms, chapter 7).
        assert_eq!(between(Calendar::Standard, date(1582, 10, 4), date(1970, 1, 1)), 2_440_588 - 2_299_160);
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for (calendar, missing) in [
            (Calendar::NoLeap, date(2000, 2, 29)),
            (Calendar::Standard, date(1582, 10, 10)),
            (Calendar::ProlepticGregorian, date(1900, 2, 29)),
            (Calendar::Day360, date(2000, 1, 31)),
            (Calendar::Julian, date(2000, 13, 1)),
            (Calendar::Julian, date(2000, 1, 0)),
        ] {
            assert_eq!(calendar.day_number(missing), None, "{calendar:?} {missing:?}");
        }
        assert!(Calendar::Day360.has(date(2001, 2, 30)));
    }

    #[test]
    fn years_have_their_days() {
        for calendar in ALL {
            for year in [-5, 0, 1, 4, 100, 1581, 1582, 1583, 1900, 2000, 2001, 2024] {
                let first = |year| calendar.day_number(date(year, 1, 1)).unwrap();
                let found = first(year + 1) - first(year);
                assert_eq!(found, i64::from(calendar.days_in_year(year)), "{calendar:?} {year}");
            }
        }
        assert_eq!(Calendar::ProlepticGregorian.day_of_year(date(2024, 12, 31)), 366);
        assert_eq!(Calendar::Day360.day_of_year(date(2024, 3, 1)), 61);
    }
}
