//! Series of different calendars on the days of one of them.
//!
//! The rule, which also stands in the file: between calendars with months of usual lengths the day of the same date stands
//! for a day, so that a 29 February that the other calendar has not is left out or missing; between one of these and a
//! calendar of 360 days that at the same fraction of the year.

use conurb_climate::calendar::{Calendar, Date};
use conurb_climate::days::Days;

/// The step of a day that the series does not have.
pub const NO_STEP: u32 = u32::MAX;

/// Days of a calendar with the steps of a series that stand for them.
#[derive(Debug, Clone, PartialEq)]
pub struct Alignment {
    /// The days.
    pub days: Days,
    /// Step of the series for each of them, or [`NO_STEP`].
    pub steps: Vec<u32>,
}

/// How the days of a series come into another calendar, in words for the file.
pub fn rule(from: Calendar, to: Calendar) -> &'static str {
    match (from, to) {
        _ if is_same(from, to) => "none: the calendars agree",
        (Calendar::Day360, _) | (_, Calendar::Day360) => {
            "each day is that at the same fraction of its year in the other calendar"
        }
        _ => "each day is that of the same date; 29 February is left out, or missing, where one calendar has none",
    }
}

/// Whether two calendars count modern days alike.
pub fn is_same(one: Calendar, other: Calendar) -> bool {
    let modern = |calendar| match calendar {
        Calendar::ProlepticGregorian => Calendar::Standard,
        other => other,
    };
    modern(one) == modern(other)
}

impl Alignment {
    /// All days of the years from `first` to `last`, in `calendar`, with the steps of a series for them.
    pub fn new(series: &Days, calendar: Calendar, [first, last]: [i32; 2]) -> Alignment {
        let days = Days::of_years(calendar, first, last);
        let steps = days.dates().iter().map(|&date| step_of(series, calendar, date)).collect();
        Alignment { days, steps }
    }

    /// Days that the series does not have.
    pub fn n_missing(&self) -> usize {
        self.steps.iter().filter(|&&step| step == NO_STEP).count()
    }

    /// The first step that is used and the one after the last; empty where none is.
    pub fn window(&self) -> std::ops::Range<usize> {
        let used = || self.steps.iter().filter(|&&step| step != NO_STEP).map(|&step| step as usize);
        match (used().min(), used().max()) {
            (Some(first), Some(last)) => first..last + 1,
            _ => 0..0,
        }
    }

    /// Values of the days from those of steps that begin at `first`; missing days are NaN.
    pub fn gather(&self, steps: &[f32], first: usize, days: &mut [f32]) {
        for (day, &step) in days.iter_mut().zip(&self.steps) {
            *day = if step == NO_STEP { f32::NAN } else { steps[step as usize - first] };
        }
    }
}

fn step_of(series: &Days, calendar: Calendar, date: Date) -> u32 {
    let there = match (series.calendar, calendar) {
        (from, to) if (from == Calendar::Day360) == (to == Calendar::Day360) => date,
        (from, to) => same_fraction(date, to, from),
    };
    let number = series.calendar.day_number(there);
    number.and_then(|number| series.numbers().binary_search(&number).ok()).map_or(NO_STEP, |step| step as u32)
}

/// The day of `to` whose middle is at the same fraction of the year as the middle of a day of `from`.
fn same_fraction(date: Date, from: Calendar, to: Calendar) -> Date {
    let (n_from, n_to) = (i64::from(from.days_in_year(date.year)), i64::from(to.days_in_year(date.year)));
    let day = i64::from(from.day_of_year(date)) - 1;
    // floor((day + 1/2) / n_from * n_to), in whole numbers.
    let there = (2 * day + 1) * n_to / (2 * n_from);
    let first = to.day_number(Date { year: date.year, month: 1, day: 1 }).expect("all years begin");
    to.date(first + there)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date_of(alignment: &Alignment, series: &Days, day: usize) -> Option<Date> {
        let step = alignment.steps[day];
        (step != NO_STEP).then(|| series.dates()[step as usize])
    }

    #[test]
    fn leap_days_are_left_out_or_missing() {
        let leap = Days::of_years(Calendar::Standard, 2000, 2000);
        let aligned = Alignment::new(&leap, Calendar::NoLeap, [2000, 2000]);
        assert_eq!((aligned.days.len(), aligned.n_missing()), (365, 0));
        assert_eq!(date_of(&aligned, &leap, 59), Some(Date { year: 2000, month: 3, day: 1 }));
        let without = Days::of_years(Calendar::NoLeap, 2000, 2000);
        let aligned = Alignment::new(&without, Calendar::Standard, [2000, 2000]);
        assert_eq!((aligned.days.len(), aligned.n_missing(), aligned.steps[59]), (366, 1, NO_STEP));
    }

    #[test]
    fn years_of_360_days_follow_the_fraction_of_the_year() {
        let year = Days::of_years(Calendar::NoLeap, 2001, 2001);
        let aligned = Alignment::new(&year, Calendar::Day360, [2001, 2001]);
        assert_eq!((aligned.days.len(), aligned.n_missing()), (360, 0));
        // 0.5 / 360 * 365 = 0.507; 359.5 / 360 * 365 = 364.49; no day twice.
        assert_eq!((aligned.steps[0], aligned.steps[359]), (0, 364));
        assert!(aligned.steps.windows(2).all(|pair| pair[0] < pair[1]));
        let short = Days::of_years(Calendar::Day360, 2001, 2001);
        let aligned = Alignment::new(&short, Calendar::NoLeap, [2001, 2001]);
        assert_eq!(aligned.n_missing(), 0);
        // 365 days from 360: five of them twice.
        assert_eq!(aligned.steps.windows(2).filter(|pair| pair[0] == pair[1]).count(), 5);
    }

    #[test]
    fn years_that_a_series_does_not_cover_are_missing() {
        let series = Days::of_years(Calendar::NoLeap, 2001, 2002);
        let aligned = Alignment::new(&series, Calendar::NoLeap, [2000, 2001]);
        assert_eq!((aligned.n_missing(), aligned.window()), (365, 0..365));
        assert_eq!(Alignment::new(&series, Calendar::NoLeap, [1990, 1991]).window(), 0..0);
        let mut days = vec![0.0; 730];
        let steps: Vec<f32> = (0..365).map(|step| step as f32).collect();
        aligned.gather(&steps, 0, &mut days);
        assert!(days[364].is_nan() && days[365] == 0.0 && days[729] == 364.0);
    }
}
