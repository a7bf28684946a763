//! The days of a series: what each of its values is the day of.

use crate::calendar::{Calendar, Date};

/// Days of a daily series, ascending, one entry per value; gaps between them are allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    /// Their calendar.
    pub calendar: Calendar,
    numbers: Vec<i64>,
    dates: Vec<Date>,
    day_of_year: Vec<u16>,
}

/// Why days are not a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("day {index} is {date:?}, not after the one before it")]
pub struct NotAscending {
    /// Index of the value.
    pub index: usize,
    /// Its day.
    pub date: Date,
}

impl Days {
    /// Days of these numbers ([`Calendar::day_number`]).
    ///
    /// # Errors
    /// A day that is not after the one before it.
    pub fn new(calendar: Calendar, numbers: Vec<i64>) -> Result<Days, NotAscending> {
        if let Some(before) = numbers.windows(2).position(|pair| pair[1] <= pair[0]) {
            return Err(NotAscending { index: before + 1, date: calendar.date(numbers[before + 1]) });
        }
        let dates: Vec<Date> = numbers.iter().map(|&number| calendar.date(number)).collect();
        let day_of_year = dates.iter().map(|&date| calendar.day_of_year(date)).collect();
        Ok(Days { calendar, numbers, dates, day_of_year })
    }

    /// All days of the years from `first` to `last`, both included.
    pub fn of_years(calendar: Calendar, first: i32, last: i32) -> Days {
        let start = |year| calendar.day_number(Date { year, month: 1, day: 1 }).expect("all years begin");
        let numbers = (start(first)..start(last + 1)).collect();
        Days::new(calendar, numbers).expect("days in turn ascend")
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
    /// Numbers of the days.
    pub fn numbers(&self) -> &[i64] {
        &self.numbers
    }
    /// Their dates.
    pub fn dates(&self) -> &[Date] {
        &self.dates
    }
    /// Their days of the year, from 1, in their own calendar.
    pub fn day_of_year(&self) -> &[u16] {
        &self.day_of_year
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_hold_their_days() {
        let days = Days::of_years(Calendar::ProlepticGregorian, 2023, 2024);
        assert_eq!(days.len(), 365 + 366);
        assert_eq!(days.dates()[365 + 59], Date { year: 2024, month: 2, day: 29 });
        assert_eq!(days.day_of_year()[364..367], [365, 1, 2]);
    }

    #[test]
    fn repeated_days_are_refused() {
        let error = Days::new(Calendar::Day360, vec![720_000, 720_001, 720_001]).unwrap_err();
        assert_eq!(error, NotAscending { index: 2, date: Date { year: 2000, month: 1, day: 2 } });
    }
}
