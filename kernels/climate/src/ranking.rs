//! Ranks of values in a sample, as shares of it.
//!
//! Tied values share the average of their ranks. A share of the sample r/N would leave out the lowest 1/N: shares are stretched
//! so that the lowest value has 0 and the highest keeps its own, which is 1 unless it is tied.

use crate::sample::Sample;

/// From ranks to shares for one sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shares {
    /// Average rank of the lowest value.
    first: f64,
    /// Share per rank; nothing if all values are tied.
    step: Option<f64>,
}

impl Shares {
    /// Shares of a sample of `count` values, the lowest and the highest of which occur so many times.
    pub fn new(count: usize, lowest: usize, highest: usize) -> Shares {
        let first = average_rank(0, lowest);
        let last = average_rank(count - highest, highest);
        let step = (last > first).then(|| last / count as f64 / (last - first));
        Shares { first, step }
    }

    /// Shares of a sorted sample, if it has a value.
    pub fn of_sorted<T: Sample>(sorted: &[T]) -> Option<Shares> {
        let (&first, &last) = (sorted.first()?, sorted.last()?);
        let lowest = sorted.partition_point(|&value| value <= first);
        let highest = sorted.len() - sorted.partition_point(|&value| value < last);
        Some(Shares::new(sorted.len(), lowest, highest))
    }

    /// Share of a value with `below` values below it and `tied` values equal to it, itself included: 0 to 1, and 1/2 if the
    /// whole sample is tied.
    #[inline(always)]
    pub fn share(&self, below: usize, tied: usize) -> f64 {
        match self.step {
            Some(step) => (average_rank(below, tied) - self.first) * step,
            None => 0.5,
        }
    }
}

/// Average rank, from 1, of values with `below` values below them and `tied` of their own.
#[inline(always)]
pub fn average_rank(below: usize, tied: usize) -> f64 {
    below as f64 + 0.5 * (tied as f64 + 1.0)
}

/// How many values of a sorted sample lie below a value and how many equal it.
pub fn count_below_and_tied<T: Sample>(sorted: &[T], value: T) -> (usize, usize) {
    let below = sorted.partition_point(|&other| other < value);
    let to = sorted.partition_point(|&other| other <= value);
    (below, to - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(sorted: &[f64]) -> Vec<f64> {
        let shares = Shares::of_sorted(sorted).unwrap();
        let share = |&value: &f64| {
            let (below, tied) = count_below_and_tied(sorted, value);
            shares.share(below, tied)
        };
        sorted.iter().map(share).collect()
    }

    #[test]
    fn shares_reach_from_zero_to_the_highest_rank() {
        assert_eq!(shares(&[1.0, 2.0, 5.0]), [0.0, 0.5, 1.0]);
        // Ranks 1, 2.5, 2.5, 4.
        assert_eq!(shares(&[1.0, 2.0, 2.0, 3.0]), [0.0, 0.5, 0.5, 1.0]);
        // Ranks 1, 2, 3.5, 3.5: the highest is 0.875.
        let found = shares(&[1.0, 2.0, 3.0, 3.0]);
        for (found, expected) in found.iter().zip([0.0, 0.35, 0.875, 0.875]) {
            assert!((found - expected).abs() < 1e-15, "{found} {expected}");
        }
    }

    #[test]
    fn samples_of_one_value_are_in_the_middle() {
        assert_eq!(shares(&[3.0]), [0.5]);
        assert_eq!(shares(&[3.0, 3.0, 3.0]), [0.5; 3]);
        assert_eq!(Shares::of_sorted::<f64>(&[]), None);
    }
}
