//! From days to hours: weather of a year as stages that work by the hour take it.
//!
//! [`analogue`] takes the course of each day from a day of measured hours that is most alike, [`geometry`] does without
//! measured hours. Both keep what the days say: the mean of each variable, and the least and greatest temperature.
//!
//! Years have 365 days of local standard time, hour `k` of which goes from `k` to `k + 1`: radiation is the mean of the
//! hour, all else the value at its end (the layout of weather files). A climate model's day is one of UTC: it lies across
//! two of those days, and [`LocalClock`] knows where.

pub mod analogue;
pub mod fit;
pub mod geometry;
mod joints;
mod local_year;
mod sun;
mod transfer;
mod weather;

use thiserror::Error;

pub use local_year::{LocalClock, days_of_local_year, mean_midnight_jump, month_of_day};
pub use sun::SunYear;
pub use transfer::{Split, split};
pub use weather::{DailyWeather, Day, DayWeather, HourlyYear, Variable, WeatherHours};

/// Hours of a day.
pub const HOURS_OF_DAY: usize = 24;
/// Days of a year of weather, which never has a 29 February.
pub const DAYS: usize = 365;
/// Hours of a year of weather.
pub const HOURS: usize = DAYS * HOURS_OF_DAY;

/// A value for each hour of a day.
pub type DayHours = [f64; HOURS_OF_DAY];

/// Why there are no hours.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum HourlyError {
    /// A series of the wrong length.
    #[error("{what} has {len} values; expected {expected}")]
    Length {
        /// Which series.
        what: &'static str,
        /// How long it is.
        len: usize,
        /// How long it should be.
        expected: usize,
    },
    /// A value out of its range.
    #[error("{what} of {index} is {value}; expected {expected}")]
    Value {
        /// Which series.
        what: &'static str,
        /// Which of its values.
        index: usize,
        /// The value.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// A variable that cannot be done without.
    #[error("{what} is missing")]
    Missing {
        /// Which variable.
        what: &'static str,
    },
    /// A day that a year should have.
    #[error("day {day} of month {month} of {year} is not in the series")]
    NoDay {
        /// Year.
        year: i32,
        /// Month, 1 to 12.
        month: u8,
        /// Day of the month.
        day: u8,
    },
    /// A day around which no complete day was measured.
    #[error("no complete day of measured hours within {half_window} days of day {day} of the year")]
    NoDonor {
        /// Day of the year, from 1.
        day: usize,
        /// Days on either side that were looked at.
        half_window: usize,
    },
}
