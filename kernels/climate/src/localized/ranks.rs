//! Ranks of days in their pools, and the days of the same rank in another series.

use crate::groups::Groups;
use crate::sample::Sample;

/// Days of a reference in the order of their values, in each pool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranked {
    /// Where the days of each group begin, then the end.
    starts: Vec<u32>,
    days: Vec<u32>,
    n_days: usize,
}

/// The analogue of each day of a series.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analogues {
    places: Vec<Place>,
}

/// A place among the ranked days of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    group: u32,
    rank: u32,
}

/// A day without a value, or without a pool.
const NOWHERE: Place = Place { group: u32::MAX, rank: 0 };

/// Working memory of a thread.
#[derive(Debug, Clone, Default)]
pub struct Scratch<T> {
    /// Values with their days, ascending.
    sorted: Vec<(T, u32)>,
    /// Rank of each day in the whole series, or [`MISSING`].
    rank_of: Vec<u32>,
    /// Who is in the pool, a bit for each rank.
    members: Vec<u64>,
    /// Members before each word of bits.
    before: Vec<u32>,
}

const MISSING: u32 = u32::MAX;

impl Ranked {
    /// Ranks the days of a reference; missing days have no rank.
    ///
    /// # Panics
    /// If the groups are of a series of another length.
    pub fn new<T: Sample>(reference: &[T], groups: &Groups, scratch: &mut Scratch<T>) -> Ranked {
        scratch.rank(reference, groups);
        let mut ranked = Ranked { starts: vec![0], days: Vec::new(), n_days: reference.len() };
        for group in 0..groups.len() {
            scratch.gather(groups.pool(group));
            for (word, &bits) in scratch.members.iter().enumerate() {
                let mut left = bits;
                while left != 0 {
                    let rank = word * 64 + left.trailing_zeros() as usize;
                    ranked.days.push(scratch.sorted[rank].1);
                    left &= left - 1;
                }
            }
            ranked.starts.push(ranked.days.len() as u32);
        }
        ranked
    }

    /// Analogues of the days of a series: of N days in the pool that with rank i (from 0) has the one with the rank nearest to
    /// i (n - 1)/(N - 1) of n in the reference, the higher of two.
    ///
    /// # Panics
    /// If the groups are of a series of another length, or others than the reference's.
    pub fn analogues<T: Sample>(&self, series: &[T], groups: &Groups, scratch: &mut Scratch<T>) -> Analogues {
        assert_eq!(groups.len() + 1, self.starts.len(), "both series are grouped alike");
        scratch.rank(series, groups);
        let mut places = vec![NOWHERE; series.len()];
        for group in (0..groups.len()).filter(|&group| !groups.own(group).is_empty()) {
            let n_members = scratch.gather(groups.pool(group));
            let n_ranked = self.starts[group + 1] - self.starts[group];
            for &day in groups.own(group).iter().filter(|_| n_ranked > 0) {
                if let Some(rank) = scratch.rank_in_pool(day) {
                    places[day as usize] = Place { group: group as u32, rank: scale(rank, n_members, n_ranked) };
                }
            }
        }
        Analogues { places }
    }

    /// Days of the reference.
    pub(super) fn n_days(&self) -> usize {
        self.n_days
    }

    /// The day at a place.
    #[inline(always)]
    pub(super) fn day(&self, place: Place) -> Option<u32> {
        (place != NOWHERE).then(|| self.days[(self.starts[place.group as usize] + place.rank) as usize])
    }

    /// The first that is known of the days around a place, the nearest ranks first, the lower one of two.
    #[cold]
    pub(super) fn nearest(&self, place: Place, known: impl Fn(u32) -> Option<f64>) -> Option<f64> {
        let group = place.group as usize;
        let days = &self.days[self.starts[group] as usize..self.starts[group + 1] as usize];
        let (below, above) = days.split_at(place.rank as usize);
        let at = |days: &[u32], index: usize| days.get(index).and_then(|&day| known(day));
        (1..days.len()).find_map(|distance| {
            let lower = below.len().checked_sub(distance).and_then(|index| at(below, index));
            lower.or_else(|| at(above, distance))
        })
    }
}

/// Nearest rank of `to` to a rank of `from`, the ends to the ends.
fn scale(rank: u32, from: u32, to: u32) -> u32 {
    let (rank, from, to) = (u64::from(rank), u64::from(from) - 1, u64::from(to) - 1);
    if from == 0 { (to / 2) as u32 } else { ((2 * rank * to + from) / (2 * from)) as u32 }
}

impl Analogues {
    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    /// The day of the reference that is the analogue of a day, if it has one.
    pub fn day(&self, ranked: &Ranked, day: usize) -> Option<u32> {
        ranked.day(self.places[day])
    }
}

impl<T: Sample> Scratch<T> {
    /// Ranks the days of a whole series.
    fn rank(&mut self, series: &[T], groups: &Groups) {
        assert_eq!(series.len(), groups.days(), "each day has a value");
        let known = series.iter().zip(0_u32..).filter(|(value, _)| value.to_f64().is_finite());
        self.sorted.clear();
        self.sorted.extend(known.map(|(&value, day)| (value, day)));
        self.sorted.sort_unstable_by_key(|&(value, day)| (value.key(), day));
        self.rank_of.clear();
        self.rank_of.resize(series.len(), MISSING);
        for (&(_, day), rank) in self.sorted.iter().zip(0..) {
            self.rank_of[day as usize] = rank;
        }
    }

    /// Marks the days of a pool; says how many are known.
    fn gather(&mut self, pool: &[u32]) -> u32 {
        self.members.clear();
        self.members.resize(self.sorted.len().div_ceil(64), 0);
        for &day in pool {
            let rank = self.rank_of[day as usize];
            if rank != MISSING {
                self.members[rank as usize / 64] |= 1 << (rank % 64);
            }
        }
        self.before.clear();
        let mut count = 0;
        for bits in &self.members {
            self.before.push(count);
            count += bits.count_ones();
        }
        count
    }

    /// Rank of a day among those marked, which it is one of.
    fn rank_in_pool(&self, day: u32) -> Option<u32> {
        let rank = self.rank_of[day as usize];
        (rank != MISSING).then(|| {
            let word = rank as usize / 64;
            self.before[word] + (self.members[word] & ((1 << (rank % 64)) - 1)).count_ones()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_scaled_end_to_end() {
        assert_eq!((0..5).map(|rank| scale(rank, 5, 5)).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!((0..5).map(|rank| scale(rank, 5, 9)).collect::<Vec<_>>(), [0, 2, 4, 6, 8]);
        // 4 of 9 ranks: 1, 3, 5 and 7 lie halfway.
        assert_eq!((0..9).map(|rank| scale(rank, 9, 5)).collect::<Vec<_>>(), [0, 1, 1, 2, 2, 3, 3, 4, 4]);
        assert_eq!(scale(0, 1, 9), 4);
    }
}
