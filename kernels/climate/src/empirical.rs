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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::Calendar;
    use crate::days::Days;
    use crate::grouping::Grouping;
    use crate::training::{QuantileSettings, RankAmong};

    fn mapping(kind: Kind, n_quantiles: usize, interpolation: Interpolation, past: [&[f64]; 2]) -> Mapping {
        let days = Days::new(Calendar::NoLeap, (0..past[0].len() as i64).collect()).unwrap();
        let groups = Groups::new(&days, Grouping::All);
        let settings = QuantileSettings { kind, n_quantiles, interpolation, rank_among: RankAmong::Pool };
        let mut training = Training::new(settings, 1);
        let mut mapping = Mapping::new(&training);
        train(&mut training, &mut mapping, (past[0], &groups), (past[1], &groups), &mut Scratch::default());
        mapping
    }

    /// Nodes at 1/4 and 3/4: historical values 20 and 40, reference 2 and 4.
    #[test]
    fn small_samples_are_as_computed_by_hand() {
        let past: [&[f64]; 2] = [&[3.0, 1.0, 2.0, 5.0, 4.0], &[10.0, 20.0, 30.0, 40.0, 50.0]];
        let linear = mapping(Kind::Additive, 2, Interpolation::Linear, past);
        let nearest = mapping(Kind::Additive, 2, Interpolation::Nearest, past);
        for (value, by_line, by_node) in
            [(0.0, -18.0, -18.0), (20.0, 2.0, 2.0), (25.0, 2.5, 7.0), (35.0, 3.5, -1.0), (60.0, 24.0, 24.0)]
        {
            assert_eq!(linear.map(0, value), by_line, "{value}");
            assert_eq!(nearest.map(0, value), by_node, "{value}");
        }
        assert!(linear.map(0, f64::NAN).is_nan());
    }

    #[test]
    fn tied_nodes_share_the_mean_of_their_corrections() {
        let mapped = mapping(Kind::Additive, 4, Interpolation::Linear, [&[1.0, 2.0, 4.0, 5.0], &[7.0; 4]]);
        for value in [6.0, 7.0, 8.0] {
            assert!((mapped.map(0, value) - (value - 4.0)).abs() < 1e-12);
        }
    }

    #[test]
    fn ratios_to_zero_are_left_out() {
        let mapped =
            mapping(Kind::Multiplicative, 4, Interpolation::Linear, [&[0.0, 1.0, 2.0, 4.0], &[0.0, 0.0, 0.0, 2.0]]);
        assert_eq!(mapped.map(0, 0.0), 0.0);
        assert!(mapped.map(0, 9.0).is_finite());
        let dry = mapping(Kind::Multiplicative, 4, Interpolation::Linear, [&[0.0, 1.0], &[0.0, 0.0]]);
        assert!(dry.map(0, 1.0).is_nan());
    }

    proptest! {
        #[test]
        fn additive_mapping_never_turns_order_around(
            past in proptest::collection::vec((-20_i32..20, -5_i32..5), 1..60), nodes in 1_usize..30,
            mut values in proptest::collection::vec(-30.0_f64..30.0, 2..40),
        ) {
            let (reference, historical): (Vec<f64>, Vec<f64>) =
                past.iter().map(|&(one, other)| (f64::from(one) / 3.0, f64::from(other))).unzip();
            let mapped = mapping(Kind::Additive, nodes, Interpolation::Linear, [&reference, &historical]);
            values.extend(&historical);
            values.sort_by(f64::total_cmp);
            let out: Vec<f64> = values.iter().map(|&value| mapped.map(0, value)).collect();
            prop_assert!(out.windows(2).all(|pair| pair[0] <= pair[1] + 1e-9), "{out:?}");
        }
    }
}
