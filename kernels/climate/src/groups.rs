//! Which days of a series share their quantiles.
//!
//! A group has a pool, the days that its quantiles are taken from, and days of its own, those that it corrects; every day belongs
//! to one group, and lies in the pool of that group. Days of the year are told apart by month and day, so that 1 March is the
//! same group in leap years and others; 29 February is a group of its own. Series of one calendar have the same groups, whatever
//! their years.

#[cfg(test)]
mod tests;

use crate::calendar::{Calendar, Date};
use crate::days::Days;
use crate::grouping::{Grouping, Pool};

/// Groups of the days of one series; prepared once for all cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    days: usize,
    pools: Lists,
    own: Lists,
    /// Days that are in a pool or in the one before, and not in both.
    changes: Lists,
}

/// Why days cannot be grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
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

/// Lists of indices, one after another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Lists {
    ends: Vec<u32>,
    indices: Vec<u32>,
}

impl Groups {
    /// Groups of days; of windows, each day of the year has its own.
    ///
    /// # Panics
    /// If the days are more than 2^31 in all pools.
    pub fn new(days: &Days, grouping: Grouping) -> Groups {
        Groups::of_steps(days, grouping, 1)
    }

    /// Groups of days; of windows, `step` days of the year in turn from 1 January share one pool, all the windows around them.
    ///
    /// # Errors
    /// A window that is even, or a step that is 0 or longer than the window.
    pub fn stepped(days: &Days, grouping: Grouping, step: u16) -> Result<Groups, GroupError> {
        match grouping {
            Grouping::DayOfYear { window, .. } if window.is_multiple_of(2) => Err(GroupError::Window(window)),
            Grouping::DayOfYear { window, .. } if step == 0 || step > window => Err(GroupError::Step { window, step }),
            _ => Ok(Groups::of_steps(days, grouping, step)),
        }
    }

    fn of_steps(days: &Days, grouping: Grouping, step: u16) -> Groups {
        let by_key = |count: usize, key: &dyn Fn(&Date) -> usize| {
            Lists::of_groups(count, &days.dates().iter().map(key).collect::<Vec<_>>())
        };
        let (own, pools) = match grouping {
            Grouping::All => {
                let all = by_key(1, &|_| 0);
                (all.clone(), all)
            }
            Grouping::Month => {
                let months = by_key(12, &|date| usize::from(date.month - 1));
                (months.clone(), months)
            }
            Grouping::DayOfYear { window, pool } => {
                let (step, half) = (usize::from(step), usize::from(window / 2));
                let slot = |date: &Date| usize::from(slot(days.calendar, *date));
                let year = days_of_year(days.calendar);
                let own = by_key(year.div_ceil(step), &|date| slot(date) / step);
                let pools = match pool {
                    Pool::Contiguous => contiguous_pools(&own, days.numbers(), half as i64),
                    Pool::Circular => circular_pools(&by_key(year, &slot), step, half),
                };
                (own, pools)
            }
        };
        let changes = changes_between(&pools);
        Groups { days: days.len(), pools, own, changes }
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
    /// Days of a group's pool, ascending.
    pub fn pool(&self, group: usize) -> &[u32] {
        self.pools.list(group)
    }
    /// Days that a group corrects, ascending.
    pub fn own(&self, group: usize) -> &[u32] {
        self.own.list(group)
    }
    /// Days that enter or leave on the way from the pool before to a group's, the first coming from none.
    pub(crate) fn changes(&self, group: usize) -> &[u32] {
        self.changes.list(group)
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

/// Days at most `half` before or after one of the group's own.
fn contiguous_pools(own: &Lists, numbers: &[i64], half: i64) -> Lists {
    let mut pools = Lists::default();
    let mut pool = Vec::new();
    for group in 0..own.ends.len() {
        pool.clear();
        // Windows of days in turn overlap, and those that are longer than years.
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

/// Days of all years that are at most `half` days of the year before or after `step` of these in turn, the last of December
/// beside the first of January.
fn circular_pools(of_year: &Lists, step: usize, half: usize) -> Lists {
    let year = of_year.ends.len();
    let mut pools = Lists::default();
    let mut pool: Vec<u32> = Vec::new();
    for first in (0..year).step_by(step) {
        pool.clear();
        let around = step.min(year - first) + 2 * half;
        for other in 0..around.min(year) {
            // A window of the whole year or more may begin anywhere.
            pool.extend_from_slice(of_year.list((first + year - half % year + other) % year));
        }
        pool.sort_unstable();
        pools.push(&pool);
    }
    pools
}

fn changes_between(pools: &Lists) -> Lists {
    let mut changes = Lists::default();
    let mut list = Vec::new();
    let mut before: &[u32] = &[];
    for group in 0..pools.ends.len() {
        let pool = pools.list(group);
        list.clear();
        let (mut old, mut new) = (before.iter().peekable(), pool.iter().peekable());
        while let Some(&&day) = [old.peek(), new.peek()].into_iter().flatten().min() {
            let left = old.next_if_eq(&&day).is_some();
            let entered = new.next_if_eq(&&day).is_some();
            if left != entered {
                list.push(day);
            }
        }
        changes.push(&list);
        before = pool;
    }
    changes
}
