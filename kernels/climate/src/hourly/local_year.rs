//! Days of climate models and the year of a place: which day is which, and which hours it covers.

use super::{DAYS, HOURS, HOURS_OF_DAY, HourlyError};
use crate::calendar::{Calendar, Date};
use crate::days::Days;

/// Furthest that local standard time is from UTC (h).
const FURTHEST: f64 = 14.0;

/// Where the hours of UTC days lie in a year of local standard time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalClock {
    /// Whole hours from which each day of UTC begins, by the clock of the place.
    ahead: isize,
}

impl LocalClock {
    /// A clock this many hours ahead of UTC, −14 to 14.
    ///
    /// Hours are those of the local clock, so that a day of UTC can only begin with one of them: where the offset is not
    /// whole it begins up to half an hour late.
    ///
    /// # Errors
    /// An offset out of its range.
    pub fn new(utc_offset_h: f64) -> Result<LocalClock, HourlyError> {
        if !(-FURTHEST..=FURTHEST).contains(&utc_offset_h) {
            let (what, expected) = ("offset of the clock", "-14 to 14 hours");
            return Err(HourlyError::Value { what, index: 0, value: utc_offset_h, expected });
        }
        Ok(LocalClock { ahead: utc_offset_h.ceil() as isize })
    }

    /// Hour of the local year of hour `hour` (0 to 23) of UTC day `day` (0 to 364); the year's end goes on at its beginning.
    ///
    /// With a clock ahead of UTC the first hours of the year are the last of the last UTC day, as the year is one that
    /// repeats itself.
    #[inline]
    pub fn slot(self, day: usize, hour: usize) -> usize {
        ((day * HOURS_OF_DAY + hour) as isize + self.ahead).rem_euclid(HOURS as isize) as usize
    }
}

/// For each of the 365 days of a local year the index of its day in a series; month `m` is that of year `years[m - 1]`.
///
/// Calendars with the months of every day's use give the same month and day, and lose 29 February. A year of 360 days is
/// stretched: day `k` is the one at the same fraction of the year, floor((k + ½) 360 / 365), which takes five of them twice.
///
/// # Errors
/// A day that the series does not have.
pub fn days_of_local_year(days: &Days, years: &[i32; 12]) -> Result<Vec<usize>, HourlyError> {
    (0..DAYS)
        .map(|day| {
            let Date { month, day, .. } = match days.calendar {
                Calendar::Day360 => Calendar::Day360.date(((2 * day + 1) * 360 / (2 * DAYS)) as i64),
                _ => Calendar::NoLeap.date(day as i64),
            };
            let year = years[usize::from(month) - 1];
            let number = days.calendar.day_number(Date { year, month, day });
            number.and_then(|number| days.numbers().binary_search(&number).ok()).ok_or(HourlyError::NoDay {
                year,
                month,
                day,
            })
        })
        .collect()
}

/// Month, from 0, of a day of the year of 365 days, from 0.
pub fn month_of_day(day: usize) -> usize {
    usize::from(Calendar::NoLeap.date(day as i64).month) - 1
}

/// Mean step (K) across the borders of UTC days, where days of different origin meet, of a year of hours.
///
/// To be judged beside that of the year which gave the hours. Borders beside missing hours do not count; none if all are.
pub fn mean_midnight_jump(hours: &[f64], clock: LocalClock) -> Option<f64> {
    let jump = |day: usize| {
        let before = clock.slot((day + DAYS - 1) % DAYS, HOURS_OF_DAY - 1);
        (hours[clock.slot(day, 0)] - hours[before]).abs()
    };
    let jumps = (0..DAYS).map(jump).filter(|jump| !jump.is_nan());
    let (sum, n) = jumps.fold((0.0, 0_usize), |(sum, n), jump| (sum + jump, n + 1));
    (n > 0).then(|| sum / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utc_days_lie_across_local_days() {
        let vancouver = LocalClock::new(-8.0).unwrap();
        // Midnight of UTC is 16:00 of the day before; of 1 January that is the end of the year.
        assert_eq!((vancouver.slot(0, 0), vancouver.slot(0, 8), vancouver.slot(1, 0)), (HOURS - 8, 0, 16));
        let delhi = LocalClock::new(5.5).unwrap();
        assert_eq!((delhi.slot(0, 0), delhi.slot(364, 18)), (6, 0));
        let mut seen = vec![0; HOURS];
        (0..DAYS).for_each(|day| (0..24).for_each(|hour| seen[delhi.slot(day, hour)] += 1));
        assert!(seen.iter().all(|&times| times == 1));
        for offset in [f64::NAN, 15.0, -14.5, f64::INFINITY] {
            assert!(matches!(LocalClock::new(offset), Err(HourlyError::Value { .. })));
        }
    }

    #[test]
    fn leap_years_lose_their_day() {
        let days = Days::of_years(Calendar::ProlepticGregorian, 2023, 2025);
        let found = days_of_local_year(&days, &[2024; 12]).unwrap();
        assert_eq!((found.len(), found[0], found[58], found[59], found[364]), (365, 365, 423, 425, 730));
        let days = Days::of_years(Calendar::NoLeap, 2023, 2025);
        assert_eq!(days_of_local_year(&days, &[2024; 12]).unwrap(), (365..730).collect::<Vec<_>>());
    }

    #[test]
    fn years_of_360_days_are_stretched() {
        let days = Days::of_years(Calendar::Day360, 2050, 2050);
        let found = days_of_local_year(&days, &[2050; 12]).unwrap();
        assert_eq!((found[0], found[182], found[364]), (0, 180, 359));
        let mut distinct = found.clone();
        distinct.dedup();
        // Every day once, five twice, none skipped.
        assert_eq!(distinct, (0..360).collect::<Vec<_>>());
        assert_eq!(found.len(), 365);
    }

    #[test]
    fn months_come_from_different_years_and_gaps_are_errors() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2003);
        let mut years = [2001; 12];
        years[1] = 2003;
        let found = days_of_local_year(&days, &years).unwrap();
        assert_eq!((found[30], found[31], found[58], found[59]), (30, 730 + 31, 730 + 58, 59));
        years[11] = 2004;
        let error = days_of_local_year(&days, &years).unwrap_err();
        assert_eq!(error, HourlyError::NoDay { year: 2004, month: 12, day: 1 });
    }

    #[test]
    fn jumps_are_those_between_utc_days() {
        let clock = LocalClock::new(1.0).unwrap();
        let mut hours = vec![0.0; HOURS];
        // The third day of UTC begins with hour 49.
        hours[49..49 + 24].fill(7.3);
        assert!((mean_midnight_jump(&hours, clock).unwrap() - 2.0 * 7.3 / 365.0).abs() < 1e-12);
        hours[48] = f64::NAN;
        assert!((mean_midnight_jump(&hours, clock).unwrap() - 7.3 / 364.0).abs() < 1e-12);
        assert_eq!(mean_midnight_jump(&[f64::NAN; HOURS], clock), None);
    }
}
