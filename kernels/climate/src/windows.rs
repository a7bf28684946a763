//! Quantiles and ranks in windows that slide over a series, without sorting each window.
//!
//! The series is sorted once. A window is a set of places in that order, one bit each: from one group to the next only the days
//! that enter or leave are flipped, the members before each word are counted, and order statistics and ranks are found by
//! counting bits. Results are exactly those of sorting each window, ties included.

mod members;
mod sorted;

pub use members::Members;
pub use sorted::Sorted;

use crate::sample::Sample;

/// Windows of one series, one after another; prepared once for all cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Windows {
    n_days: usize,
    /// Days that enter or leave at each window.
    changes: Lists,
    /// Days whose ranks are wanted in each window.
    centres: Lists,
}

/// Lists one after another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Lists {
    ends: Vec<usize>,
    items: Vec<u32>,
}

/// Ranks of days in their windows, as counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranks {
    /// Of each day, the members of its window that are lower.
    pub below: Vec<u32>,
    /// Of each day, the members of its window that are equal, itself included if it is one.
    pub tied: Vec<u32>,
    /// Of each window, its members that are not missing.
    pub members: Vec<u32>,
    /// Of each window, how many members equal the lowest.
    pub lowest: Vec<u32>,
    /// Of each window, how many members equal the highest.
    pub highest: Vec<u32>,
}

/// Working memory of one thread.
#[derive(Debug, Clone, Default)]
pub struct WindowScratch {
    members: Members,
    /// Where the node values stand among the members of a window: the lower one, and the share of the way to the next.
    places: Vec<(u32, f64)>,
}

impl Windows {
    /// Windows of a series of `n_days`, each with its members (its pool) and the days whose ranks are wanted (its own), both
    /// ascending.
    ///
    /// # Panics
    /// If a day is not one of the series.
    pub fn new<'a>(n_days: usize, windows: impl IntoIterator<Item = (&'a [u32], &'a [u32])>) -> Windows {
        let (mut changes, mut centres) = (Lists::default(), Lists::default());
        let mut previous: &[u32] = &[];
        for (pool, own) in windows {
            let last = pool.iter().chain(own).max();
            assert!(last.is_none_or(|&day| (day as usize) < n_days), "windows hold days of their series");
            changes.push(difference(previous, pool));
            centres.push(own.iter().copied());
            previous = pool;
        }
        Windows { n_days, changes, centres }
    }

    /// How many windows there are.
    pub fn len(&self) -> usize {
        self.changes.ends.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.changes.ends.is_empty()
    }

    /// Quantiles of every window by Hyndman and Fan's type 7, missing days left out: of the first window at all
    /// `probabilities` (ascending, 0 to 1), then of the next one. A window without members has NaN.
    ///
    /// # Panics
    /// If the series has another length, or `quantiles` has.
    pub fn quantiles<T: Sample>(
        &self,
        series: &Sorted<T>,
        probabilities: &[f64],
        quantiles: &mut [f64],
        scratch: &mut WindowScratch,
    ) {
        assert_eq!(series.days(), self.n_days, "series and windows are of the same days");
        assert_eq!(quantiles.len(), self.len() * probabilities.len(), "a quantile per window and probability");
        pulp::Arch::new().dispatch(QuantilesCall { windows: self, series, probabilities, quantiles, scratch });
    }

    /// Ranks of all days in their windows; a missing day is below and equal to none.
    ///
    /// # Panics
    /// If the series has another length.
    pub fn ranks<T: Sample>(&self, series: &Sorted<T>, ranks: &mut Ranks, scratch: &mut WindowScratch) {
        assert_eq!(series.days(), self.n_days, "series and windows are of the same days");
        for of_days in [&mut ranks.below, &mut ranks.tied] {
            of_days.clear();
            of_days.resize(self.n_days, 0);
        }
        for of_windows in [&mut ranks.members, &mut ranks.lowest, &mut ranks.highest] {
            of_windows.clear();
            of_windows.resize(self.len(), 0);
        }
        pulp::Arch::new().dispatch(RanksCall { windows: self, series, ranks, scratch });
    }

    #[inline(always)]
    fn slide<T: Sample>(&self, window: usize, series: &Sorted<T>, members: &mut Members) {
        for &day in self.changes.list(window) {
            members.flip(series.place_of(day));
        }
        members.count_up();
    }
}

impl Lists {
    fn push(&mut self, list: impl IntoIterator<Item = u32>) {
        self.items.extend(list);
        self.ends.push(self.items.len());
    }

    #[inline(always)]
    fn list(&self, index: usize) -> &[u32] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.items[start..self.ends[index]]
    }
}

/// What is in one of two ascending lists alone, ascending.
fn difference(one: &[u32], other: &[u32]) -> Vec<u32> {
    let without = |list: &[u32], left_out: &[u32]| -> Vec<u32> {
        list.iter().copied().filter(|day| left_out.binary_search(day).is_err()).collect()
    };
    let mut days = without(one, other);
    days.extend(without(other, one));
    days.sort_unstable();
    days
}

struct QuantilesCall<'a, T: Sample> {
    windows: &'a Windows,
    series: &'a Sorted<T>,
    probabilities: &'a [f64],
    quantiles: &'a mut [f64],
    scratch: &'a mut WindowScratch,
}

impl<T: Sample> pulp::WithSimd for QuantilesCall<'_, T> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let QuantilesCall { windows, series, probabilities, quantiles, scratch } = self;
        if probabilities.is_empty() {
            return;
        }
        let values = series.values();
        let WindowScratch { members, places } = scratch;
        members.clear(series.days());
        let mut counted = 0;
        for (window, found) in quantiles.chunks_exact_mut(probabilities.len()).enumerate() {
            windows.slide(window, series, members);
            let count = members.before(values.len() as u32);
            if count == 0 {
                found.fill(f64::NAN);
                continue;
            }
            if count != counted {
                counted = count;
                places.clear();
                places.extend(probabilities.iter().map(|&probability| place_of_quantile(probability, count)));
            }
            let mut word = 0;
            for (found, &(member, fraction)) in found.iter_mut().zip(places.iter()) {
                word = members.word_of(member, word);
                let (lower, upper) = members.pair(member, word);
                let lower = values[lower as usize].to_f64();
                // Behind the last member stand the missing days of the window: the fraction is 0 there, but not its product.
                let upper = values.get(upper as usize).map_or(lower, |value| value.to_f64());
                *found = lower + (upper - lower) * fraction;
            }
        }
    }
}

/// The member at or below a quantile, and the share of the way to the next.
#[inline(always)]
fn place_of_quantile(probability: f64, count: u32) -> (u32, f64) {
    let last = f64::from(count - 1);
    let position = (last * probability).clamp(0.0, last);
    let lower = position as u32;
    (lower, position - f64::from(lower))
}

struct RanksCall<'a, T: Sample> {
    windows: &'a Windows,
    series: &'a Sorted<T>,
    ranks: &'a mut Ranks,
    scratch: &'a mut WindowScratch,
}

impl<T: Sample> pulp::WithSimd for RanksCall<'_, T> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let RanksCall { windows, series, ranks, scratch } = self;
        let members = &mut scratch.members;
        members.clear(series.days());
        for window in 0..windows.len() {
            windows.slide(window, series, members);
            for &day in windows.centres.list(window) {
                if !series.is_missing(day) {
                    let (start, end) = series.ties(series.place_of(day));
                    let below = members.before(start);
                    ranks.below[day as usize] = below;
                    ranks.tied[day as usize] = members.before(end) - below;
                }
            }
            let count = members.before(series.values().len() as u32);
            ranks.members[window] = count;
            if count > 0 {
                let (first, _) = members.pair(0, members.word_of(0, 0));
                let (last, _) = members.pair(count - 1, members.word_of(count - 1, 0));
                ranks.lowest[window] = members.before(series.ties(first).1);
                ranks.highest[window] = count - members.before(series.ties(last).0);
            }
        }
    }
}

#[cfg(test)]
mod tests;
