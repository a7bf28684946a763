//! Which days of a series share their quantiles.
//!
//! A group has a pool, the days that its quantiles are taken from, and days of its own, those that it corrects; every day belongs
//! to one group, and lies in the pool of that group. Days of the year are told apart by month and day, so that 1 March is the
//! same group in leap years and others; 29 February is a group of its own. Series of one calendar have the same groups, whatever
//! their years.

use crate::calendar::{Calendar, Date};
use crate::days::Days;
use crate::grouping::{Grouping, Pool};

/// Groups of the days of one series; prepared once for all cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    days: usize,
    overlap: bool,
    pools: Lists,
    own: Lists,
}

/// Lists of indices, one after another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Lists {
    ends: Vec<u32>,
    indices: Vec<u32>,
}

impl Groups {
    /// Groups of days.
    ///
    /// # Panics
    /// If the days are more than 2^31 in all pools.
    pub fn new(days: &Days, grouping: Grouping) -> Groups {
        let (count, group_of): (usize, Vec<usize>) = match grouping {
            Grouping::All => (1, vec![0; days.len()]),
            Grouping::Month => (12, days.dates().iter().map(|date| usize::from(date.month - 1)).collect()),
            Grouping::DayOfYear { .. } => {
                let group = |&date: &Date| usize::from(slot(days.calendar, date));
                (days_of_year(days.calendar), days.dates().iter().map(group).collect())
            }
        };
        let own = Lists::of_groups(count, &group_of);
        let pools = match grouping {
            Grouping::All | Grouping::Month => own.clone(),
            Grouping::DayOfYear { window, pool: Pool::Contiguous } => contiguous_pools(&own, days.numbers(), window),
            Grouping::DayOfYear { window, pool: Pool::Circular } => circular_pools(&own, window),
        };
        let overlap = pools != own;
        Groups { days: days.len(), overlap, pools, own }
    }

    /// How many groups there are; some may have no day.
    pub fn len(&self) -> usize {
        self.own.ends.len()
    }
    /// Whether there is none; there always is one.
    pub fn is_empty(&self) -> bool {
        self.own.ends.is_empty()
    }
    /// Days of the series.
    pub fn days(&self) -> usize {
        self.days
    }
    /// Whether days lie in more than one pool.
    pub fn overlap(&self) -> bool {
        self.overlap
    }
    /// Days of a group's pool, ascending.
    pub fn pool(&self, group: usize) -> &[u32] {
        self.pools.list(group)
    }
    /// Days that a group corrects, ascending.
    pub fn own(&self, group: usize) -> &[u32] {
        self.own.list(group)
    }
}

impl Lists {
    fn of_groups(count: usize, group_of: &[usize]) -> Lists {
        let mut lists = vec![Vec::new(); count];
        for (day, &group) in group_of.iter().enumerate() {
            lists[group].push(day as u32);
        }
        let mut joined = Lists::default();
        lists.iter().for_each(|list| joined.push(list));
        joined
    }

    fn push(&mut self, list: &[u32]) {
        self.indices.extend_from_slice(list);
        self.ends.push(u32::try_from(self.indices.len()).expect("pools have fewer days than 2^32"));
    }

    fn list(&self, group: usize) -> &[u32] {
        let start = if group == 0 { 0 } else { self.ends[group - 1] };
        &self.indices[start as usize..self.ends[group] as usize]
    }
}

/// Days that a calendar's longest year has.
fn days_of_year(calendar: Calendar) -> usize {
    match calendar {
        Calendar::NoLeap => 365,
        Calendar::Day360 => 360,
        _ => 366,
    }
}

/// Place of a month and day in that year, from 0.
fn slot(calendar: Calendar, date: Date) -> u16 {
    /// A leap year of every calendar that has one.
    const LEAP_YEAR: i32 = 2000;
    calendar.day_of_year(Date { year: LEAP_YEAR, ..date }) - 1
}

/// Days at most half a window before or after one of the group's own.
fn contiguous_pools(own: &Lists, numbers: &[i64], window: u16) -> Lists {
    let half = i64::from(window / 2);
    let mut pools = Lists::default();
    let mut pool = Vec::new();
    for group in 0..own.ends.len() {
        pool.clear();
        // Where windows are longer than years they overlap.
        let mut next = 0;
        for &day in own.list(group) {
            let centre = numbers[day as usize];
            let start = numbers.partition_point(|&number| number < centre - half);
            let end = numbers.partition_point(|&number| number <= centre + half);
            pool.extend((start.max(next)..end).map(|day| day as u32));
            next = end;
        }
        pools.push(&pool);
    }
    pools
}

/// Days of the groups at most half a window before or after, the last beside the first.
fn circular_pools(own: &Lists, window: u16) -> Lists {
    let groups = own.ends.len();
    let around = usize::from(window / 2) * 2 + 1;
    let mut pools = Lists::default();
    let mut pool: Vec<u32> = Vec::new();
    for group in 0..groups {
        pool.clear();
        let first = group + groups - (around / 2).min(groups / 2);
        for other in 0..around.min(groups) {
            pool.extend_from_slice(own.list((first + other) % groups));
        }
        pool.sort_unstable();
        pools.push(&pool);
    }
    pools
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTIGUOUS: Grouping = Grouping::DayOfYear { window: 31, pool: Pool::Contiguous };
    const CIRCULAR: Grouping = Grouping::DayOfYear { window: 31, pool: Pool::Circular };
    const ALL_CALENDARS: [Calendar; 6] = [
        Calendar::Standard,
        Calendar::ProlepticGregorian,
        Calendar::Julian,
        Calendar::NoLeap,
        Calendar::AllLeap,
        Calendar::Day360,
    ];

    #[test]
    fn every_day_belongs_to_one_group_and_its_pool() {
        for calendar in ALL_CALENDARS {
            let days = Days::of_years(calendar, 1999, 2004);
            for grouping in [Grouping::All, Grouping::Month, CONTIGUOUS, CIRCULAR] {
                let groups = Groups::new(&days, grouping);
                let mut seen = vec![0; days.len()];
                for group in 0..groups.len() {
                    let pool = groups.pool(group);
                    assert!(pool.windows(2).all(|pair| pair[0] < pair[1]), "{calendar:?} {grouping:?} {group}");
                    for day in groups.own(group) {
                        seen[*day as usize] += 1;
                        assert!(pool.binary_search(day).is_ok());
                    }
                }
                assert!(seen.iter().all(|&times| times == 1), "{calendar:?} {grouping:?}");
            }
        }
    }

    #[test]
    fn contiguous_windows_end_with_the_series_and_circular_ones_do_not() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2030);
        let contiguous = Groups::new(&days, CONTIGUOUS);
        let circular = Groups::new(&days, CIRCULAR);
        // 1 January: no days before the first year.
        assert_eq!(contiguous.pool(0).len(), 30 * 31 - 15);
        assert_eq!(contiguous.pool(0)[..17], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 350]);
        assert_eq!(contiguous.pool(180).len(), 30 * 31);
        for group in 0..365 {
            assert_eq!(circular.pool(group).len(), 30 * 31);
        }
        assert_eq!(circular.pool(0)[15..17], [15, 350]);
        assert_eq!(circular.pool(0).last(), Some(&(30 * 365 - 1)));
        assert_eq!(circular.pool(180), contiguous.pool(180));
    }

    #[test]
    fn first_of_march_is_one_group_in_all_years() {
        let days = Days::of_years(Calendar::Standard, 2003, 2004);
        let groups = Groups::new(&days, CIRCULAR);
        assert_eq!(groups.len(), 366);
        assert_eq!(groups.own(59), [365 + 59]);
        assert_eq!(groups.own(60), [59, 365 + 60]);
        assert_eq!(groups.own(365), [364, 365 + 365]);
        // 15 days on either side of 29 February, in both years, itself in the leap year.
        assert_eq!(groups.pool(59).len(), 30 + 31);
        assert_eq!(Groups::new(&days, CONTIGUOUS).pool(59).len(), 31);
    }

    #[test]
    fn windows_wider_than_a_year_hold_each_day_once() {
        let days = Days::of_years(Calendar::Day360, 2001, 2003);
        for pool in [Pool::Circular, Pool::Contiguous] {
            let groups = Groups::new(&days, Grouping::DayOfYear { window: 999, pool });
            assert_eq!(groups.pool(7).len(), 3 * 360, "{pool:?}");
        }
    }

    #[test]
    fn gaps_do_not_widen_windows() {
        let numbers: Vec<i64> = (0..40).chain(100..140).collect();
        let days = Days::new(Calendar::NoLeap, numbers).unwrap();
        let groups = Groups::new(&days, CONTIGUOUS);
        assert_eq!(groups.pool(39).len(), 16);
        assert_eq!(groups.own(50), []);
        assert_eq!(groups.pool(50), []);
    }
}
