//! What is remembered of a year so far: a few numbers, the same for any parts in which the days come.

use crate::sample::Sample;

/// Days before the first of a year that sums over five days look back to.
pub(super) const N_BEFORE: usize = 4;
/// Sums that days take turns in, so that they need not wait for each other.
const N_SUMS: usize = 8;

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
}

impl DayCounter for Runs {
    #[inline(always)]
    fn add(&mut self, n: usize, holds: impl Fn(usize) -> bool) {
        let mut runs = *self;
        let at_least = runs.at_least;
        for day in 0..n {
            runs.current = if holds(day) { runs.current + 1 } else { 0 };
            runs.events += u32::from(runs.current == at_least);
            if runs.current >= at_least {
                runs.days += if runs.current == at_least { at_least } else { 1 };
                runs.longest = runs.longest.max(runs.current);
            }
        }
        *self = runs;
    }
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
        let mut greatest = self.greatest;
        // Sums from the oldest day on, so that parts of any length give the same bits.
        let mut add = |[a, b, c, d, e]: [f64; 5]| {
            let sum = a + b + c + d + e;
            greatest = if sum > greatest { sum } else { greatest };
        };
        let mut before = self.before;
        for value in &values[..values.len().min(N_BEFORE)] {
            let [a, b, c, d] = before;
            add([a, b, c, d, value.to_f64()]);
            before = [b, c, d, value.to_f64()];
        }
        for window in values.windows(5) {
            let window: &[T; 5] = window.try_into().expect("windows are of five days");
            add(window.map(Sample::to_f64));
        }
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
