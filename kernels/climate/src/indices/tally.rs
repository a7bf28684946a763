//! What is remembered of a year so far: a few numbers, the same for any parts in which the days come.

use std::{array, iter};

use crate::sample::Sample;

/// Days before the first of a year that sums over five days look back to.
pub(super) const N_BEFORE: usize = 4;
/// Sums that days take turns in, so that they need not wait for each other.
pub(super) const N_SUMS: usize = 8;
/// Days that are looked at together when spells are counted.
const BLOCK: usize = u64::BITS as usize;

/// Sum over the days of a year; each day has its place whatever the parts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sum {
    sums: [f64; N_SUMS],
    n: usize,
}

/// What counts days for which something holds.
pub(super) trait DayCounter {
    /// Adds `n` days.
    fn add(&mut self, n: usize, holds: impl Fn(usize) -> bool);
}

/// Days so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct DaysSoFar(pub u32);

/// Spells so far; one counts once it has enough days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Runs {
    at_least: u32,
    current: u32,
    pub longest: u32,
    pub events: u32,
    pub days: u32,
}

/// Greatest sum over five days so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct FiveDays {
    before: [f64; N_BEFORE],
    greatest: f64,
}

impl Sum {
    /// Adds `term` of each value.
    #[inline(always)]
    pub fn add<T: Sample>(&mut self, values: &[T], term: impl Fn(f64) -> f64) {
        let head = ((N_SUMS - self.n % N_SUMS) % N_SUMS).min(values.len());
        let (head, rest) = values.split_at(head);
        for value in head {
            self.add_one(term(value.to_f64()));
        }
        let (blocks, tail) = rest.as_chunks::<N_SUMS>();
        let mut sums = self.sums;
        for block in blocks {
            for (sum, value) in sums.iter_mut().zip(block) {
                *sum += term(value.to_f64());
            }
        }
        self.sums = sums;
        self.n += blocks.len() * N_SUMS;
        for value in tail {
            self.add_one(term(value.to_f64()));
        }
    }

    fn add_one(&mut self, term: f64) {
        self.sums[self.n % N_SUMS] += term;
        self.n += 1;
    }

    pub fn total(&self) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.sums;
        ((a + b) + (c + d)) + ((e + f) + (g + h))
    }
    /// Mean over the values added.
    pub fn mean(&self) -> f64 {
        self.total() / self.n as f64
    }
}

impl DayCounter for DaysSoFar {
    #[inline(always)]
    fn add(&mut self, n: usize, holds: impl Fn(usize) -> bool) {
        self.0 += (0..n).map(|day| u32::from(holds(day))).sum::<u32>();
    }
}

impl Runs {
    pub fn new(at_least: u32) -> Self {
        Runs { at_least, current: 0, longest: 0, events: 0, days: 0 }
    }

    /// Adds days that hold, following those before.
    #[inline(always)]
    fn extend(&mut self, n: u32) {
        let before = self.current;
        self.current += n;
        if self.current >= self.at_least {
            self.longest = self.longest.max(self.current);
            let is_new = before < self.at_least;
            self.events += u32::from(is_new);
            self.days += if is_new { self.current } else { n };
        }
    }

    /// Adds days, the first in the lowest bit, none above the last: spell by spell, as most days are like the day before.
    #[inline(always)]
    fn add_block(&mut self, block: u64, n: u32) {
        let mut left = n;
        let mut rest = block;
        while rest != 0 {
            let gap = rest.trailing_zeros();
            if gap > 0 {
                self.current = 0;
            }
            rest >>= gap;
            let run = rest.trailing_ones();
            self.extend(run);
            rest = rest.checked_shr(run).unwrap_or(0);
            left -= gap + run;
        }
        if left > 0 {
            self.current = 0;
        }
    }
}

impl DayCounter for Runs {
    #[inline(always)]
    fn add(&mut self, n: usize, holds: impl Fn(usize) -> bool) {
        let mut runs = *self;
        for begin in (0..n).step_by(BLOCK) {
            let end = n.min(begin + BLOCK);
            let mut days = [0; BLOCK];
            for (day, at) in days.iter_mut().zip(begin..end) {
                *day = u8::from(holds(at));
            }
            runs.add_block(bits(&days), (end - begin) as u32);
        }
        *self = runs;
    }
}

/// One bit of each byte, which are 0 or 1.
#[inline(always)]
fn bits(days: &[u8; BLOCK]) -> u64 {
    // Brings the lowest bit of byte i to bit 56 + i, and no two to one place.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (eights, _) = days.as_chunks::<8>();
    let of = |eight: [u8; 8]| u64::from_le_bytes(eight).wrapping_mul(GATHER) >> 56;
    eights.iter().enumerate().fold(0, |bits, (at, eight)| bits | of(*eight) << (8 * at))
}

/// Greatest of `so_far`, blocks of values and a tail; NaN is not greater.
#[inline(always)]
pub(super) fn greatest(
    so_far: f64,
    blocks: impl Iterator<Item = [f64; N_SUMS]>,
    tail: impl Iterator<Item = f64>,
) -> f64 {
    let greater = |one: f64, other: f64| if one > other { one } else { other };
    let mut most = [so_far; N_SUMS];
    for block in blocks {
        for (most, value) in most.iter_mut().zip(block) {
            *most = greater(value, *most);
        }
    }
    let most = most.into_iter().chain(tail).fold(so_far, |most, value| greater(value, most));
    // Zero of either sign is one result, whichever came first.
    most + 0.0
}

impl FiveDays {
    pub fn none() -> Self {
        FiveDays { before: [f64::NAN; N_BEFORE], greatest: f64::NEG_INFINITY }
    }

    /// Begins a year before whose first day only so many follow each other.
    pub fn begin_year(&mut self, unbroken_before: usize) {
        self.greatest = f64::NEG_INFINITY;
        self.before[..N_BEFORE - unbroken_before].fill(f64::NAN);
    }

    pub fn add<T: Sample>(&mut self, values: &[T]) {
        // Sums from the oldest day on, so that parts of any length give the same bits.
        let sum = |[a, b, c, d, e]: [f64; 5]| a + b + c + d + e;
        let mut before = self.before;
        let head = values.len().min(N_BEFORE);
        let mut sums = [f64::NAN; N_BEFORE];
        for (value, sum_to) in values[..head].iter().zip(&mut sums) {
            let [a, b, c, d] = before;
            *sum_to = sum([a, b, c, d, value.to_f64()]);
            before = [b, c, d, value.to_f64()];
        }
        let so_far = greatest(self.greatest, iter::empty(), sums.into_iter());
        // Eight windows lie in twelve days.
        let twelves = values.windows(N_SUMS + N_BEFORE).step_by(N_SUMS);
        let n_eights = twelves.len();
        let blocks = twelves.map(|days| {
            let days: &[T; N_SUMS + N_BEFORE] = days.try_into().expect("windows are of twelve days");
            let days = days.map(Sample::to_f64);
            array::from_fn(|at| sum([days[at], days[at + 1], days[at + 2], days[at + 3], days[at + 4]]))
        });
        let rest = values[n_eights * N_SUMS..].windows(N_BEFORE + 1).map(|days| {
            let days: &[T; N_BEFORE + 1] = days.try_into().expect("windows are of five days");
            sum(days.map(Sample::to_f64))
        });
        let greatest = greatest(so_far, blocks, rest);
        if let Some(last) = values.last_chunk::<N_BEFORE>() {
            before = last.map(Sample::to_f64);
        }
        *self = FiveDays { before, greatest };
    }

    pub fn greatest(&self) -> f64 {
        self.greatest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_count_from_their_length_on() {
        let days = "x.xx.xxx.xxxxx".as_bytes();
        let mut runs = Runs::new(3);
        runs.add(days.len(), |day| days[day] == b'x');
        assert_eq!((runs.events, runs.days, runs.longest), (2, 8, 5));
        runs.add(1, |_| true);
        assert_eq!((runs.events, runs.days, runs.longest), (2, 9, 6));
    }

    #[test]
    fn spells_by_blocks_are_those_by_days() {
        let mut state = 12_345_u32;
        for at_least in [1, 2, 3, 70] {
            let mut days = vec![true; 700];
            for day in (0..200).chain(400..700) {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                days[day] = state >> 30 != 0;
            }
            let (mut blocks, mut single) = (Runs::new(at_least), Runs::new(at_least));
            blocks.add(days.len(), |day| days[day]);
            for day in &days {
                single.add(1, |_| *day);
            }
            assert_eq!(blocks, single);
            // What a reader of the list counts.
            let spells: Vec<u32> = days.split(|day| !day).map(|spell| spell.len() as u32).collect();
            let long = || spells.iter().filter(|&&spell| spell >= at_least);
            assert_eq!((blocks.events, blocks.days), (long().count() as u32, long().sum()));
            assert_eq!(blocks.longest, *long().max().unwrap());
        }
    }

    #[test]
    fn five_days_need_five() {
        let mut five = FiveDays::none();
        five.begin_year(0);
        five.add(&[9.0, 1.0, 1.0, 1.0]);
        assert_eq!(five.greatest(), f64::NEG_INFINITY);
        five.add(&[2.0]);
        assert_eq!(five.greatest(), 14.0);
        five.add(&[8.0, f64::NAN, 99.0]);
        assert_eq!(five.greatest(), 14.0);
        five.begin_year(1);
        five.add(&[1.0_f64, 1.0, 1.0]);
        assert_eq!(five.greatest(), f64::NEG_INFINITY);
        five.add(&[1.0]);
        assert_eq!(five.greatest(), 103.0);
    }

    #[test]
    fn a_sum_has_the_bits_of_any_parts() {
        let values: Vec<f32> = (0..100).map(|day| 1.0 / (day as f32 + 0.7)).collect();
        let mut whole = Sum::default();
        whole.add(&values, |value| value * value);
        for cut in 0..100 {
            let mut parts = Sum::default();
            parts.add(&values[..cut], |value| value * value);
            parts.add(&values[cut..], |value| value * value);
            assert_eq!(parts, whole);
        }
        let direct: f64 = values.iter().map(|&value| f64::from(value) * f64::from(value)).sum();
        assert!((whole.total() - direct).abs() < 1e-12);
    }
}
