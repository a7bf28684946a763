//! The transform of points of several variables: rotate, correct each axis, rotate again.

use super::Interpolation;
use super::axis::Ranks;
use super::order::Order;
use crate::sample::Sample;

/// Points of a pool: the values of each variable in turn, and what they are rotated into.
#[derive(Debug, Clone, Default)]
pub(super) struct Points {
    /// Indices of their days, ascending.
    pub(super) days: Vec<u32>,
    values: Vec<f32>,
    rotated: Vec<f32>,
    ranks: Ranks,
    order: Order,
}

/// Room for the numbers of one axis.
#[derive(Debug, Clone, Default)]
pub(super) struct Axis {
    by_rank: Vec<f32>,
    quantiles: Vec<f32>,
}

impl Points {
    /// Takes the days of a pool on which no variable is missing and standardises them: mean 0 and standard deviation
    /// 1, or 0 where a variable does not vary.
    pub(super) fn gather<T: Sample>(&mut self, series: &[&[T]], pool: &[u32]) {
        let is_complete = |&day: &u32| series.iter().all(|values| values[day as usize].to_f64().is_finite());
        self.days.clear();
        self.days.extend(pool.iter().copied().filter(is_complete));
        let n = self.days.len();
        self.values.resize(series.len() * n, 0.0);
        self.rotated.resize(series.len() * n, 0.0);
        for (values, standardised) in series.iter().zip(self.values.chunks_exact_mut(n.max(1))) {
            let at = |&day: &u32| values[day as usize].to_f64();
            let mean = self.days.iter().map(at).sum::<f64>() / n as f64;
            let square = |day: &u32| (at(day) - mean) * (at(day) - mean);
            let deviation = (self.days.iter().map(square).sum::<f64>() / n as f64).sqrt();
            if !(deviation > 0.0 && deviation.is_finite()) {
                standardised.fill(0.0);
                continue;
            }
            let scale = 1.0 / deviation;
            for (slot, day) in standardised.iter_mut().zip(&self.days) {
                *slot = ((at(day) - mean) * scale) as f32;
            }
        }
    }

    /// Values of a variable.
    pub(super) fn variable(&self, variable: usize) -> &[f32] {
        let n = self.days.len();
        &self.values[variable * n..][..n]
    }

    fn variable_mut(&mut self, variable: usize) -> (&mut [f32], &mut Order, &Ranks) {
        let n = self.days.len();
        (&mut self.values[variable * n..][..n], &mut self.order, &self.ranks)
    }

    /// Prepares for corrections with a number of nodes.
    pub(super) fn prepare(&mut self, n_nodes: usize, interpolation: Interpolation) {
        self.ranks.prepare(self.days.len(), n_nodes, interpolation);
    }

    /// Multiplies the points by a matrix, row by row.
    pub(super) fn rotate(&mut self, matrix: &[f32]) {
        let n = self.days.len();
        let call = Rotate { matrix, from: &self.values, to: &mut self.rotated, n };
        pulp::Arch::new().dispatch(call);
        std::mem::swap(&mut self.values, &mut self.rotated);
    }

    /// Quantiles of an axis at the nodes.
    pub(super) fn quantiles(&mut self, axis: usize, quantiles: &mut [f32]) {
        let (values, order, ranks) = self.variable_mut(axis);
        order.sort(values);
        ranks.quantiles(order, quantiles);
    }

    /// Corrections that lead this axis of these points to the same axis of a reference, and their application here.
    pub(super) fn learn(&mut self, axis: usize, reference: &mut Points, corrections: &mut [f32], room: &mut Axis) {
        reference.quantiles(axis, corrections);
        room.quantiles.resize(corrections.len(), 0.0);
        self.quantiles(axis, &mut room.quantiles);
        for (correction, quantile) in corrections.iter_mut().zip(&room.quantiles) {
            *correction -= quantile;
        }
        let (values, order, ranks) = self.variable_mut(axis);
        ranks.correct(corrections, order, &mut room.by_rank, values);
    }

    /// Applies corrections to an axis.
    pub(super) fn correct(&mut self, axis: usize, corrections: &[f32], room: &mut Axis) {
        let (values, order, ranks) = self.variable_mut(axis);
        order.sort(values);
        ranks.correct(corrections, order, &mut room.by_rank, values);
    }
}

struct Rotate<'a> {
    matrix: &'a [f32],
    from: &'a [f32],
    to: &'a mut [f32],
    n: usize,
}

impl pulp::WithSimd for Rotate<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Rotate { matrix, from, to, n } = self;
        let n_variables = from.len() / n;
        for (row, out) in matrix.chunks_exact(n_variables).zip(to.chunks_exact_mut(n)) {
            let (first, second) = (&from[..n], &from[n..2 * n]);
            for ((slot, x), y) in out.iter_mut().zip(first).zip(second) {
                *slot = row[0] * x + row[1] * y;
            }
            for (factor, values) in row.iter().zip(from.chunks_exact(n)).skip(2) {
                for (slot, x) in out.iter_mut().zip(values) {
                    *slot += factor * x;
                }
            }
        }
    }
}
