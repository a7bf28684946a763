//! Which days are which year's.

use std::ops::Range;

use super::tally::N_BEFORE;
use crate::days::Days;

/// Years of a series' days: prepared once, shared by all cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Years {
    years: Vec<Year>,
    n_days: usize,
    longest: usize,
}

/// A year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Year {
    /// Its number.
    pub number: i32,
    /// Its days among those of the series.
    pub days: Range<usize>,
    /// Whether no day of it is absent.
    pub is_complete: bool,
    /// Days right before its first that follow each other up to it, as many as five-day sums look back.
    pub unbroken_before: usize,
}

impl Years {
    /// Years of these days.
    pub fn new(days: &Days) -> Years {
        let mut years: Vec<Year> = Vec::new();
        for (day, date) in days.dates().iter().enumerate() {
            match years.last_mut() {
                Some(year) if year.number == date.year => year.days.end = day + 1,
                _ => years.push(Year {
                    number: date.year,
                    days: day..day + 1,
                    is_complete: false,
                    unbroken_before: unbroken_before(days, day),
                }),
            }
        }
        for year in &mut years {
            year.is_complete = year.days.len() == usize::from(days.calendar.days_in_year(year.number));
        }
        let longest = years.iter().filter(|year| year.is_complete).map(|year| year.days.len()).max().unwrap_or(0);
        Years { years, n_days: days.len(), longest }
    }

    /// How many years have a day, which is how many results an index has.
    pub fn len(&self) -> usize {
        self.years.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.years.is_empty()
    }
    /// Days of all years.
    pub fn n_days(&self) -> usize {
        self.n_days
    }
    /// Numbers of the years, ascending.
    pub fn numbers(&self) -> impl Iterator<Item = i32> {
        self.years.iter().map(|year| year.number)
    }
    /// Where results of the years from `first` to `last`, both included, are.
    pub fn of_period(&self, first: i32, last: i32) -> Range<usize> {
        let start = self.years.partition_point(|year| year.number < first);
        start..self.years.partition_point(|year| year.number <= last).max(start)
    }

    pub(super) fn get(&self, year: usize) -> &Year {
        &self.years[year]
    }
    /// Days of the longest complete year.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }
}

fn unbroken_before(days: &Days, day: usize) -> usize {
    let numbers = days.numbers();
    (1..=N_BEFORE.min(day)).take_while(|&back| numbers[day - back] == numbers[day] - back as i64).count()
}

/// Days of the year that a calendar has at most.
pub(super) fn longest_year(days: &Days) -> usize {
    // A leap year in all calendars that have some.
    usize::from(days.calendar.days_in_year(2000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, Date};

    #[test]
    fn years_are_complete_or_not() {
        let start = Calendar::Standard.day_number(Date { year: 2003, month: 12, day: 30 }).unwrap();
        // Two days of 2003, 2004 but for its last day, all of 2005, one day of 2007.
        let mut numbers: Vec<i64> = (start..start + 2 + 366 + 365).collect();
        numbers.remove(2 + 365);
        numbers.push(start + 2 + 366 + 365 + 400);
        let years = Years::new(&Days::new(Calendar::Standard, numbers).unwrap());
        assert_eq!(years.numbers().collect::<Vec<_>>(), [2003, 2004, 2005, 2007]);
        let complete: Vec<bool> = (0..4).map(|year| years.get(year).is_complete).collect();
        assert_eq!(complete, [false, false, true, false]);
        let before: Vec<usize> = (0..4).map(|year| years.get(year).unbroken_before).collect();
        assert_eq!(before, [0, 2, 0, 0]);
        assert_eq!((years.get(2).days.clone(), years.longest(), years.n_days()), (367..732, 365, 733));
        assert_eq!((years.of_period(2004, 2006), years.of_period(2006, 2006)), (1..3, 3..3));
        assert_eq!(years.of_period(2007, 2003), 3..3);
    }

    #[test]
    fn calendars_have_their_longest_year() {
        let longest = |calendar| longest_year(&Days::new(calendar, Vec::new()).unwrap());
        assert_eq!([Calendar::Day360, Calendar::NoLeap, Calendar::Standard].map(longest), [360, 365, 366]);
    }
}
