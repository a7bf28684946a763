//! Empirical quantile mapping: values are moved by the bias of the historical value equal to them.
//!
//! M. J. Themeßl, A. Gobiet and A. Leuprecht, "Empirical-statistical downscaling and error correction of daily precipitation from
//! regional climate models", International Journal of Climatology 31, 2011, equations 2 and 3, with the corrections of the
//! first and the last node beyond them: y = x + a(x), or y = x a(x), a being R - H, or R/H, at the quantiles H of the historical
//! series.

use crate::groups::Groups;
use crate::kind::Kind;
use crate::sample::Sample;
use crate::training::{Interpolation, Scratch, Training, between};

/// Corrections over historical values, for each group: made from a training, applied to any number of futures, and made again
/// for the next cell.
#[derive(Debug, Clone)]
pub struct Mapping {
    kind: Kind,
    interpolation: Interpolation,
    room: usize,
    lengths: Vec<usize>,
    values: Vec<f64>,
    corrections: Vec<f64>,
}

impl Mapping {
    /// Room for the mapping of a training.
    pub fn new(training: &Training) -> Mapping {
        let settings = training.settings();
        let table = vec![f64::NAN; training.groups() * settings.n_quantiles];
        Mapping {
            kind: settings.kind,
            interpolation: settings.interpolation,
            room: settings.n_quantiles,
            lengths: vec![0; training.groups()],
            values: table.clone(),
            corrections: table,
        }
    }

    /// Takes the mapping from a training. Nodes without a finite correction are left out; nodes with the same value become one,
    /// with the mean of their corrections.
    ///
    /// # Panics
    /// If the training has other groups or nodes.
    pub fn learn(&mut self, training: &Training) {
        assert_eq!(training.groups(), self.lengths.len(), "the mapping is made for other groups");
        assert_eq!(training.settings().n_quantiles, self.room, "the mapping is made for other nodes");
        for group in 0..self.lengths.len() {
            let nodes = group * self.room..(group + 1) * self.room;
            self.lengths[group] = join_ties(
                self.kind,
                training.historical(group),
                training.reference(group),
                &mut self.values[nodes.clone()],
                &mut self.corrections[nodes],
            );
        }
    }

    /// A value of a group, corrected; NaN if the group has no training.
    #[inline]
    pub fn map(&self, group: usize, value: f64) -> f64 {
        let nodes = group * self.room..group * self.room + self.lengths[group];
        let correction =
            correction_over(value, &self.values[nodes.clone()], &self.corrections[nodes], self.interpolation);
        self.kind.apply(value, correction)
    }

    /// Adjusts a future series with the groups of its own days; missing days stay missing. Returns how many days there are no
    /// corrections for: they become missing too.
    ///
    /// # Panics
    /// If the series and the groups differ in length, or the groups are not those of the training.
    pub fn adjust<T: Sample>(&self, future: &[T], groups: &Groups, out: &mut [T]) -> usize {
        assert_eq!(future.len(), groups.days(), "the groups are of another series");
        assert_eq!(future.len(), out.len(), "results have the days of the future");
        assert_eq!(groups.len(), self.lengths.len(), "the training has other groups");
        let mut untrained = 0;
        for group in 0..groups.len() {
            for &day in groups.own(group) {
                let value = future[day as usize];
                let mapped = self.map(group, value.to_f64());
                untrained += usize::from(mapped.is_nan() && !value.is_missing());
                out[day as usize] = T::from_f64(mapped);
            }
        }
        untrained
    }
}

/// Trains on two series, each with the groups of its own days, and takes the mapping.
pub fn train<T: Sample>(
    training: &mut Training,
    mapping: &mut Mapping,
    reference: (&[T], &Groups),
    historical: (&[T], &Groups),
    scratch: &mut Scratch<T>,
) {
    training.train(reference, historical, scratch);
    mapping.learn(training);
}

/// Writes the distinct historical values and their corrections; returns how many there are.
fn join_ties(kind: Kind, historical: &[f64], reference: &[f64], values: &mut [f64], corrections: &mut [f64]) -> usize {
    let mut found = 0;
    let mut tied = 0.0;
    for (&from, &to) in historical.iter().zip(reference) {
        let correction = kind.between(from, to);
        if !correction.is_finite() {
            continue;
        }
        if found > 0 && values[found - 1] == from {
            tied += 1.0;
            corrections[found - 1] += (correction - corrections[found - 1]) / tied;
        } else {
            tied = 1.0;
            values[found] = from;
            corrections[found] = correction;
            found += 1;
        }
    }
    found
}

#[inline(always)]
fn correction_over(value: f64, values: &[f64], corrections: &[f64], interpolation: Interpolation) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return f64::NAN };
    let upper = values.partition_point(|&node| node < value);
    if upper == 0 {
        return corrections[0];
    }
    if upper > last {
        return corrections[last];
    }
    let fraction = (value - values[upper - 1]) / (values[upper] - values[upper - 1]);
    between(corrections[upper - 1], corrections[upper], fraction, interpolation)
}
