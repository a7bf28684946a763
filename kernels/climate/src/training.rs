//! What quantile methods learn from the reference and the historical series: their quantiles, and what leads from one to the other.

use crate::groups::Groups;
use crate::kind::Kind;
use crate::quantile::{node_probability, node_quantiles};
use crate::sample::Sample;

/// Settings of methods by quantiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuantileSettings {
    /// How corrections are applied.
    pub kind: Kind,
    /// Nodes, from 1; at (k + 1/2)/n of the sample.
    pub n_quantiles: usize,
    /// Corrections between nodes.
    pub interpolation: Interpolation,
    /// What future values are ranked among, in quantile delta mapping.
    pub rank_among: RankAmong,
}

/// Corrections between nodes; beyond the first and the last they stay as they are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// That of the nearest node, the lower of two.
    Nearest,
    /// On the straight line between the nodes on either side.
    Linear,
}

/// Values that a future value is ranked among.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RankAmong {
    /// The pool of its group.
    Pool,
    /// The group's own days alone.
    SameGroupDay,
}

/// Working memory of quantile methods; one for each thread.
#[derive(Debug, Clone, Default)]
pub struct Scratch<T> {
    pub(crate) sorted: Vec<T>,
}

/// Quantiles of the reference and the historical series of one cell, and the corrections between them: trained once, applied to
/// any number of futures, and used again for the next cell.
#[derive(Debug, Clone)]
pub struct Training {
    settings: QuantileSettings,
    reference: Vec<f64>,
    historical: Vec<f64>,
    corrections: Vec<f64>,
}

impl Training {
    /// Room for the tables of so many groups, untrained.
    ///
    /// # Panics
    /// If there are no nodes.
    pub fn new(settings: QuantileSettings, groups: usize) -> Training {
        assert!(settings.n_quantiles > 0, "a sample is compared at one quantile or more");
        let table = vec![f64::NAN; groups * settings.n_quantiles];
        Training { settings, reference: table.clone(), historical: table.clone(), corrections: table }
    }

    /// Learns from two series, each with the groups of its own days.
    ///
    /// # Panics
    /// If groups are not those of their series or of this training.
    pub fn train<T: Sample>(
        &mut self,
        (reference, reference_groups): (&[T], &Groups),
        (historical, historical_groups): (&[T], &Groups),
        scratch: &mut Scratch<T>,
    ) {
        tabulate(reference, reference_groups, self.settings.n_quantiles, &mut self.reference, scratch);
        tabulate(historical, historical_groups, self.settings.n_quantiles, &mut self.historical, scratch);
        self.correct();
    }

    /// Its settings.
    pub fn settings(&self) -> &QuantileSettings {
        &self.settings
    }
    /// How many groups it has.
    pub fn groups(&self) -> usize {
        self.corrections.len() / self.settings.n_quantiles
    }
    /// Quantiles of a group of the reference at its nodes.
    pub fn reference(&self, group: usize) -> &[f64] {
        self.of_group(&self.reference, group)
    }
    /// Quantiles of a group of the historical series at its nodes.
    pub fn historical(&self, group: usize) -> &[f64] {
        self.of_group(&self.historical, group)
    }
    /// Corrections of a group at its nodes; NaN where the reference or the historical series has no value. A node at which there
    /// is no finite correction, such as the ratio to zero, has that of its neighbours.
    pub fn corrections(&self, group: usize) -> &[f64] {
        self.of_group(&self.corrections, group)
    }

    /// Takes the quantiles of a group relative to the means of its reference and its historical series.
    pub(crate) fn normalise(&mut self, group: usize, relative: impl Fn(f64, f64) -> f64, means: [f64; 2]) {
        let nodes = self.settings.n_quantiles;
        let nodes = group * nodes..(group + 1) * nodes;
        for (table, mean) in [&mut self.reference, &mut self.historical].into_iter().zip(means) {
            table[nodes.clone()].iter_mut().for_each(|value| *value = relative(*value, mean));
        }
    }

    fn of_group<'a>(&self, table: &'a [f64], group: usize) -> &'a [f64] {
        let nodes = self.settings.n_quantiles;
        &table[group * nodes..(group + 1) * nodes]
    }

    fn correct(&mut self) {
        let kind = self.settings.kind;
        for ((correction, &reference), &historical) in
            self.corrections.iter_mut().zip(&self.reference).zip(&self.historical)
        {
            *correction = kind.between(historical, reference);
        }
        for corrections in self.corrections.chunks_exact_mut(self.settings.n_quantiles) {
            fill_dropped(corrections, self.settings.interpolation);
        }
    }
}

/// Sorts the values of some days, missing ones left out.
pub(crate) fn sort_days<T: Sample>(series: &[T], days: &[u32], sorted: &mut Vec<T>) {
    sorted.clear();
    sorted.extend(days.iter().map(|&day| series[day as usize]).filter(|value| !value.is_missing()));
    sorted.sort_unstable_by_key(|value| value.key());
}

/// Quantiles of the pools of all groups.
fn tabulate<T: Sample>(series: &[T], groups: &Groups, nodes: usize, table: &mut [f64], scratch: &mut Scratch<T>) {
    assert_eq!(series.len(), groups.days(), "the groups are of another series");
    assert_eq!(table.len(), groups.len() * nodes, "the training has other groups");
    for (group, quantiles) in table.chunks_exact_mut(nodes).enumerate() {
        sort_days(series, groups.pool(group), &mut scratch.sorted);
        node_quantiles(&scratch.sorted, quantiles);
    }
}

/// Gives nodes without a finite correction what interpolation between the others finds there; NaN if there are no others.
fn fill_dropped(corrections: &mut [f64], interpolation: Interpolation) {
    if corrections.iter().all(|correction| correction.is_finite()) {
        return;
    }
    let nodes = corrections.len();
    let mut before: Option<usize> = None;
    for node in 0..=nodes {
        if node < nodes && !corrections[node].is_finite() {
            continue;
        }
        let after = (node < nodes).then_some(node);
        for dropped in before.map_or(0, |before| before + 1)..node {
            corrections[dropped] = match (before, after) {
                (None, None) => f64::NAN,
                (Some(only), None) | (None, Some(only)) => corrections[only],
                (Some(before), Some(after)) => {
                    let fraction = (dropped - before) as f64 / (after - before) as f64;
                    between(corrections[before], corrections[after], fraction, interpolation)
                }
            };
        }
        before = after;
    }
}

/// Correction between those of two nodes, at a fraction of the way.
#[inline(always)]
pub(crate) fn between(lower: f64, upper: f64, fraction: f64, interpolation: Interpolation) -> f64 {
    match interpolation {
        Interpolation::Linear => lower + (upper - lower) * fraction,
        Interpolation::Nearest if fraction > 0.5 => upper,
        Interpolation::Nearest => lower,
    }
}

/// Correction at a share of the sample, from those at the nodes.
#[inline(always)]
pub(crate) fn correction_at(share: f64, corrections: &[f64], interpolation: Interpolation) -> f64 {
    let nodes = corrections.len();
    let last = nodes - 1;
    match interpolation {
        Interpolation::Nearest => {
            // The lower of two nodes as near.
            let position = share * nodes as f64;
            let floor = position as usize;
            let above = usize::from(position > floor as f64);
            corrections[(floor + above).saturating_sub(1).min(last)]
        }
        Interpolation::Linear => {
            let position = ((share - node_probability(0, nodes)) * nodes as f64).clamp(0.0, last as f64);
            let lower = position as usize;
            let fraction = position - lower as f64;
            between(corrections[lower], corrections[(lower + 1).min(last)], fraction, interpolation)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrections_are_taken_between_nodes() {
        // Nodes at 1/8, 3/8, 5/8 and 7/8.
        let corrections = [1.0, 2.0, 4.0, 8.0];
        for (share, nearest, linear) in
            [(0.0, 1.0, 1.0), (0.25, 1.0, 1.5), (0.26, 2.0, 1.54), (0.5, 2.0, 3.0), (0.625, 4.0, 4.0), (1.0, 8.0, 8.0)]
        {
            assert_eq!(correction_at(share, &corrections, Interpolation::Nearest), nearest, "{share}");
            let found = correction_at(share, &corrections, Interpolation::Linear);
            assert!((found - linear).abs() < 1e-12, "{share}: {found}");
        }
    }

    #[test]
    fn dropped_nodes_take_from_their_neighbours() {
        let filled = |interpolation| {
            let mut corrections = [f64::INFINITY, f64::NAN, 1.0, f64::NAN, f64::NAN, 4.0, f64::NEG_INFINITY];
            fill_dropped(&mut corrections, interpolation);
            corrections
        };
        assert_eq!(filled(Interpolation::Nearest), [1.0, 1.0, 1.0, 1.0, 4.0, 4.0, 4.0]);
        assert_eq!(filled(Interpolation::Linear), [1.0, 1.0, 1.0, 2.0, 3.0, 4.0, 4.0]);
        let mut corrections = [f64::NAN; 3];
        fill_dropped(&mut corrections, Interpolation::Linear);
        assert!(corrections.iter().all(|correction| correction.is_nan()));
    }
}
