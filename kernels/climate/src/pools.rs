//! Groups of a series: the days that are adjusted together, and those whose values they are adjusted by.

use std::collections::BTreeSet;

use crate::calendar::Calendar;
use crate::days::Days;
use crate::grouping::{Grouping, Pool};

/// The groups of a series; their numbers mean the same in every series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pools {
    groups: Vec<Group>,
    n_days: usize,
}

/// A group of days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Indices of the days that are adjusted in this group, ascending; each day of the series is in one group.
    pub days: Vec<u32>,
    /// Indices of the days in its pool, ascending: those days and what the window adds.
    pub pool: Vec<u32>,
}

/// Why days cannot be grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// A window without a day in its middle.
    #[error("a window has an odd number of days, not {0}")]
    Window(u16),
    /// No step, or one that leaves out days.
    #[error("a window of {window} days cannot stand for {step} days of the year")]
    Step {
        /// Days of the window.
        window: u16,
        /// Days of the year that share it.
        step: u16,
    },
}

/// Days of the longest year of all calendars.
const LONGEST_YEAR: u16 = 366;

impl Pools {
    /// Groups of a series. With windows around days of the year, `step` days of the year in turn from 1 January share
    /// one pool, all the windows around them; 1 gives each day of the year its own.
    ///
    /// # Errors
    /// A window that is even, or a step that is 0 or longer than the window.
    pub fn new(days: &Days, grouping: Grouping, step: u16) -> Result<Pools, PoolError> {
        let groups = match grouping {
            Grouping::All => by_key(days, 1, |_| 0),
            Grouping::Month => by_key(days, 12, |day| usize::from(days.dates()[day].month - 1)),
            Grouping::DayOfYear { window, pool } => {
                check_window(window, step)?;
                let n_groups = usize::from(LONGEST_YEAR.div_ceil(step));
                let mut groups = by_key(days, n_groups, |day| usize::from((days.day_of_year()[day] - 1) / step));
                match pool {
                    Pool::Contiguous => pool_around(&mut groups, days.len(), usize::from(window / 2)),
                    Pool::Circular => pool_across_years(&mut groups, days, window / 2),
                }
                groups
            }
        };
        Ok(Pools { groups, n_days: days.len() })
    }

    /// The groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Days of the series.
    pub fn n_days(&self) -> usize {
        self.n_days
    }
}

fn check_window(window: u16, step: u16) -> Result<(), PoolError> {
    if window.is_multiple_of(2) {
        return Err(PoolError::Window(window));
    }
    if step == 0 || step > window { Err(PoolError::Step { window, step }) } else { Ok(()) }
}

/// Groups without windows.
fn by_key(days: &Days, n_groups: usize, key: impl Fn(usize) -> usize) -> Vec<Group> {
    let mut groups = vec![Group::default(); n_groups];
    for day in 0..days.len() {
        let group = &mut groups[key(day)];
        group.days.push(day as u32);
        group.pool.push(day as u32);
    }
    groups
}

/// Time steps up to `half` from a day of the group, cut off at both ends of the series.
fn pool_around(groups: &mut [Group], n_days: usize, half: usize) {
    for group in groups {
        group.pool.clear();
        let mut end = 0;
        for &day in &group.days {
            let start = end.max((day as usize).saturating_sub(half));
            end = (day as usize + half + 1).min(n_days);
            group.pool.extend(start as u32..end as u32);
        }
    }
}

/// Days of all years whose day of the year is up to `half` from one of the group's, the last of December beside the
/// first of January.
fn pool_across_years(groups: &mut [Group], days: &Days, half: u16) {
    let year = i32::from(longest_year(days.calendar));
    let mut occurrences = vec![Vec::new(); usize::from(LONGEST_YEAR)];
    for (day, &of_year) in days.day_of_year().iter().enumerate() {
        occurrences[usize::from(of_year - 1)].push(day as u32);
    }
    for group in groups {
        let centres: BTreeSet<u16> = group.days.iter().map(|&day| days.day_of_year()[day as usize] - 1).collect();
        let half = i32::from(half);
        let around = |&centre: &u16| (-half..=half).map(move |shift| (i32::from(centre) + shift).rem_euclid(year));
        let of_year: BTreeSet<i32> = centres.iter().flat_map(around).collect();
        group.pool = of_year.iter().flat_map(|&of_year| &occurrences[of_year as usize]).copied().collect();
        group.pool.sort_unstable();
    }
}

fn longest_year(calendar: Calendar) -> u16 {
    match calendar {
        Calendar::NoLeap => 365,
        Calendar::Day360 => 360,
        Calendar::Standard | Calendar::ProlepticGregorian | Calendar::Julian | Calendar::AllLeap => LONGEST_YEAR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(window: u16, pool: Pool) -> Grouping {
        Grouping::DayOfYear { window, pool }
    }

    #[test]
    fn contiguous_windows_end_with_the_series() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2002);
        let pools = Pools::new(&days, windows(5, Pool::Contiguous), 1).unwrap();
        // 1 January of both years: nothing before the first.
        assert_eq!(pools.groups()[0].days, [0, 365]);
        assert_eq!(pools.groups()[0].pool, [0, 1, 2, 363, 364, 365, 366, 367]);
        assert_eq!(pools.groups()[364].pool, [362, 363, 364, 365, 366, 727, 728, 729]);
        assert!(pools.groups()[365].days.is_empty() && pools.groups()[365].pool.is_empty());
    }

    #[test]
    fn circular_windows_go_round_the_year() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2002);
        let pools = Pools::new(&days, windows(5, Pool::Circular), 1).unwrap();
        assert_eq!(pools.groups()[0].pool, [0, 1, 2, 363, 364, 365, 366, 367, 728, 729]);
        let leap = Days::of_years(Calendar::AllLeap, 2001, 2001);
        let pools = Pools::new(&leap, windows(3, Pool::Circular), 1).unwrap();
        assert_eq!(pools.groups()[365].pool, [0, 364, 365]);
    }

    #[test]
    fn steps_share_a_pool() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
        for pool in [Pool::Contiguous, Pool::Circular] {
            let pools = Pools::new(&days, windows(5, pool), 5).unwrap();
            assert_eq!(pools.groups()[1].days, [5, 6, 7, 8, 9]);
            assert_eq!(pools.groups()[1].pool, (3..12).collect::<Vec<_>>());
        }
    }

    #[test]
    fn each_day_is_in_one_group_and_its_pool() {
        for calendar in [Calendar::ProlepticGregorian, Calendar::Day360, Calendar::NoLeap] {
            let days = Days::of_years(calendar, 1999, 2001);
            for (grouping, step) in [
                (Grouping::All, 1),
                (Grouping::Month, 1),
                (windows(31, Pool::Contiguous), 1),
                (windows(31, Pool::Circular), 7),
            ] {
                let pools = Pools::new(&days, grouping, step).unwrap();
                let mut seen: Vec<u32> = pools.groups().iter().flat_map(|group| group.days.clone()).collect();
                seen.sort_unstable();
                assert_eq!(seen, (0..days.len() as u32).collect::<Vec<_>>());
                for group in pools.groups() {
                    assert!(group.pool.windows(2).all(|pair| pair[0] < pair[1]));
                    assert!(group.days.iter().all(|day| group.pool.binary_search(day).is_ok()));
                }
            }
        }
    }

    #[test]
    fn windows_that_are_none_are_refused() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
        let of = |window, step| Pools::new(&days, windows(window, Pool::Circular), step);
        assert_eq!(of(30, 1), Err(PoolError::Window(30)));
        assert_eq!(of(0, 1), Err(PoolError::Window(0)));
        assert_eq!(of(5, 0), Err(PoolError::Step { window: 5, step: 0 }));
        assert_eq!(of(5, 6), Err(PoolError::Step { window: 5, step: 6 }));
        assert!(of(65535, 400).is_ok());
    }
}
