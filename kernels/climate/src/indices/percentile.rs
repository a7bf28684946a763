//! Percentiles of each day of the year: what is warm for its season and place.

use super::years::longest_year;
use crate::days::Days;
use crate::sample::Sample;

/// Days of the windows around a day of the year, with it.
const WINDOW: usize = 5;
/// Plotting position of type 8 (Hyndman & Fan 1996, doi:10.2307/2684934), at both ends.
const POSITION: f64 = 1.0 / 3.0;

/// Limits for the days of a year, from a percentile of the reference: prepared once, shared by all cells.
///
/// For each day of the year the pool is all time steps within two of its occurrences in the reference, cut off at both ends of
/// the series. Day 366, which has a quarter of the others' values, is left out; days 1 to 365 are stretched over 1 to 366
/// again, as days 1 to n of one calendar are stretched over those of another (xclim, `percentile_doy`; Zhang et al. 2005,
/// doi:10.1175/JCLI3366.1). Years of 365 days take the first 365 of 366 limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayLimits {
    /// Days of the reference by day of the year, those of one day after the other.
    members: Vec<u32>,
    starts: Vec<u32>,
    n_reference: usize,
    n_limits: usize,
}

/// Why limits cannot be found.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PercentileError {
    /// No percentile.
    #[error("{0} is not a share between 0 and 1")]
    Share(f64),
    /// The series has other days than the reference, or the limits are not as many as there are days.
    #[error("there are {found} values, {expected} are expected")]
    Length {
        /// Values.
        found: usize,
        /// Days.
        expected: usize,
    },
    /// A day of the year of which the reference has none.
    #[error("no day of the reference is day {0} of the year")]
    NoDay(usize),
}

impl DayLimits {
    /// Limits from the days of a reference for series of other days, which may have another calendar.
    ///
    /// # Errors
    /// A day of the year of which the reference has none.
    ///
    /// # Panics
    /// If the reference has 2³² days.
    pub fn new(reference: &Days, target: &Days) -> Result<DayLimits, PercentileError> {
        let n_days = longest_year(reference).min(365);
        let mut of_day: Vec<Vec<u32>> = vec![Vec::new(); n_days];
        let last = reference.len().saturating_sub(1);
        for (at, &day) in reference.day_of_year().iter().enumerate() {
            let Some(pool) = of_day.get_mut(usize::from(day - 1)) else { continue };
            for member in at.saturating_sub(WINDOW / 2)..=(at + WINDOW / 2).min(last) {
                pool.push(u32::try_from(member).expect("days of a series fit 32 bits"));
            }
        }
        if let Some(day) = of_day.iter().position(Vec::is_empty) {
            return Err(PercentileError::NoDay(day + 1));
        }
        let mut starts = vec![0];
        for pool in &of_day {
            starts.push(starts[starts.len() - 1] + pool.len() as u32);
        }
        let n_limits = longest_year(target);
        Ok(DayLimits { members: of_day.concat(), starts, n_reference: reference.len(), n_limits })
    }

    /// Days of the year, which is how many limits there are.
    pub fn len(&self) -> usize {
        self.n_limits
    }
    /// Whether there is none; no calendar is so.
    pub fn is_empty(&self) -> bool {
        self.n_limits == 0
    }

    /// The limits of a cell at a `share` of its reference series, 0.9 for the 90th percentile; missing days are left out, and
    /// a limit is NaN where that leaves none.
    ///
    /// # Errors
    /// A share outside 0 to 1, or lengths that do not fit.
    pub fn of_cell<T: Sample>(
        &self,
        series: &[T],
        share: f64,
        limits: &mut [f64],
        scratch: &mut Vec<T>,
    ) -> Result<(), PercentileError> {
        if !(0.0..=1.0).contains(&share) {
            return Err(PercentileError::Share(share));
        }
        for (found, expected) in [(series.len(), self.n_reference), (limits.len(), self.n_limits)] {
            if found != expected {
                return Err(PercentileError::Length { found, expected });
            }
        }
        let n_days = self.starts.len() - 1;
        let mut at = |day: usize| {
            let members = &self.members[self.starts[day] as usize..self.starts[day + 1] as usize];
            scratch.clear();
            scratch.extend(members.iter().map(|&member| series[member as usize]).filter(|value| !value.is_missing()));
            quantile_type_8(scratch, share)
        };
        if n_days == self.n_limits {
            for (day, limit) in limits.iter_mut().enumerate() {
                *limit = at(day);
            }
            return Ok(());
        }
        // Between days next to each other; each is found once, as positions ascend.
        let (mut low, mut below, mut above) = (0, at(0), at(1));
        for (day, limit) in limits.iter_mut().enumerate() {
            let position = (day * (n_days - 1)) as f64 / (self.n_limits - 1) as f64;
            while low + 2 < n_days && position >= (low + 1) as f64 {
                low += 1;
                (below, above) = (above, at(low + 1));
            }
            let share = position - low as f64;
            *limit = below * (1.0 - share) + above * share;
        }
        Ok(())
    }
}

/// Quantile of type 8 of values in any order, which change their order; NaN of none.
fn quantile_type_8<T: Sample>(values: &mut [T], share: f64) -> f64 {
    let n = values.len();
    if n == 0 {
        return f64::NAN;
    }
    // Hyndman & Fan's n p + m less 1, m = a + p (1 - a - b).
    let position = n as f64 * share + (POSITION + share * (1.0 - POSITION - POSITION)) - 1.0;
    let position = position.clamp(0.0, (n - 1) as f64);
    let low = position.floor() as usize;
    let (_, below, rest) = values.select_nth_unstable_by_key(low, |value| value.key());
    let below = below.to_f64();
    let above = rest.iter().min_by_key(|value| value.key()).map_or(below, |value| value.to_f64());
    below + (above - below) * (position - low as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, Date};

    #[test]
    fn quantiles_of_type_8() {
        // Position 4 (0.5) + (1/3 + 0.5/3) - 1 = 1.5; 4 (0.75) + (1/3 + 0.25) - 1 = 2.58333.
        assert_eq!(quantile_type_8(&mut [4.0, 1.0, 3.0, 2.0], 0.5), 2.5);
        assert!(
            (quantile_type_8(&mut [40.0, 10.0, 30.0, 20.0], 0.75) - (30.0 + 10.0 * 0.583_333_333_333)).abs() < 1e-9
        );
        assert_eq!(quantile_type_8(&mut [4.0_f32, 1.0, 3.0, 2.0], 1.0), 4.0);
        assert_eq!(quantile_type_8(&mut [4.0_f32, 1.0, 3.0, 2.0], 0.0), 1.0);
        assert_eq!(quantile_type_8(&mut [7.0], 0.3), 7.0);
        assert!(quantile_type_8::<f32>(&mut [], 0.5).is_nan());
    }

    #[test]
    fn windows_are_cut_at_the_ends_of_the_series() {
        let days = Days::of_years(Calendar::Day360, 2000, 2001);
        let limits = DayLimits::new(&days, &days).unwrap();
        let series: Vec<f64> = (0..720).map(f64::from).collect();
        let mut found = vec![0.0; 360];
        limits.of_cell(&series, 0.5, &mut found, &mut Vec::new()).unwrap();
        // Day 1: 0, 1, 2 and 358 to 362, the fourth and fifth of eight are 358 and 359.
        assert_eq!(found[0], 358.5);
        // Day 100: 97 to 101 and 457 to 461.
        assert_eq!(found[99], (101.0 + 457.0) / 2.0);
        limits.of_cell(&series, 1.0, &mut found, &mut Vec::new()).unwrap();
        assert_eq!(found[359], 719.0);
    }

    #[test]
    fn days_are_stretched_over_another_calendar() {
        let reference = Days::of_years(Calendar::NoLeap, 2001, 2001);
        let target = Days::of_years(Calendar::Standard, 2001, 2003);
        let limits = DayLimits::new(&reference, &target).unwrap();
        let series: Vec<f64> = (0..365).map(f64::from).collect();
        let mut found = vec![0.0; limits.len()];
        limits.of_cell(&series, 0.5, &mut found, &mut Vec::new()).unwrap();
        assert_eq!(found.len(), 366);
        // The median of a window is its middle; those of the first and last day have three values.
        assert_eq!((found[0], found[365]), (1.0, 363.0));
        for (day, found) in found.iter().enumerate().take(363).skip(3) {
            assert!((found - day as f64 * 364.0 / 365.0).abs() < 1e-9, "{day} {found}");
        }
    }

    #[test]
    fn leap_days_are_in_windows_and_have_no_own() {
        let days = Days::of_years(Calendar::Standard, 2004, 2004);
        let limits = DayLimits::new(&days, &days).unwrap();
        let series: Vec<f64> = (0..366).map(f64::from).collect();
        let mut found = vec![0.0; 366];
        limits.of_cell(&series, 1.0, &mut found, &mut Vec::new()).unwrap();
        // Day 365 has day 366 in its window, and is stretched to day 366; day 60 lies between days 59 and 60.
        assert_eq!(found[365], 365.0);
        assert!((found[59] - (61.0 - 59.0 / 365.0)).abs() < 1e-9);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let number = Calendar::NoLeap.day_number(Date { year: 2000, month: 1, day: 1 }).unwrap();
        let half = Days::new(Calendar::NoLeap, (number..number + 180).collect()).unwrap();
        let year = Days::of_years(Calendar::NoLeap, 2000, 2000);
        assert_eq!(DayLimits::new(&half, &year), Err(PercentileError::NoDay(181)));
        assert_eq!(
            DayLimits::new(&Days::new(Calendar::NoLeap, vec![]).unwrap(), &year),
            Err(PercentileError::NoDay(1))
        );
        let limits = DayLimits::new(&year, &year).unwrap();
        let (mut out, mut scratch) = (vec![0.0; 365], Vec::new());
        let mut of = |n: usize, share| limits.of_cell(&vec![1.0_f32; n], share, &mut out, &mut scratch);
        assert_eq!(of(364, 0.9), Err(PercentileError::Length { found: 364, expected: 365 }));
        assert_eq!(of(365, 90.0), Err(PercentileError::Share(90.0)));
        assert!(matches!(of(365, f64::NAN), Err(PercentileError::Share(_))));
        limits.of_cell(&vec![f32::NAN; 365], 0.9, &mut out, &mut scratch).unwrap();
        assert!(out.iter().all(|limit| limit.is_nan()));
    }
}
