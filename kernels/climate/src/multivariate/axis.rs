//! Quantile delta mapping along one axis of rotated points.

use super::Interpolation;
use super::order::Order;

/// Where nodes and ranks of a number of points lie, for points without ties.
#[derive(Debug, Clone, Default)]
pub(super) struct Ranks {
    n: usize,
    interpolation: Interpolation,
    /// For each node the order statistic below it and the share of the next one (Hyndman and Fan, type 7).
    statistics: Vec<(u32, f64)>,
    /// For each node but the last the first rank that is corrected by it and the next, then the end.
    starts: Vec<u32>,
    /// For each rank the share of the next node.
    shares: Vec<f32>,
}

/// Probability of a node: its place in the middle of its share of the points.
fn probability(node: usize, n_nodes: usize) -> f64 {
    (node as f64 + 0.5) / n_nodes as f64
}

/// The node below a rank from 0 to 1, and the share of the next one.
fn place(rank: f64, n_nodes: usize, interpolation: Interpolation) -> (usize, f64) {
    let last = (n_nodes - 1) as f64;
    match interpolation {
        Interpolation::Linear => {
            let position = (rank * n_nodes as f64 - 0.5).clamp(0.0, last);
            let node = position.floor().min((last - 1.0).max(0.0));
            (node as usize, position - node)
        }
        Interpolation::Nearest => (((rank * n_nodes as f64).ceil() - 1.0).clamp(0.0, last) as usize, 0.0),
    }
}

impl Ranks {
    /// Prepares for a number of points, unless they are as many as before.
    pub(super) fn prepare(&mut self, n: usize, n_nodes: usize, interpolation: Interpolation) {
        if (self.n, self.statistics.len(), self.interpolation) == (n, n_nodes, interpolation) {
            return;
        }
        (self.n, self.interpolation) = (n, interpolation);
        self.statistics.clear();
        self.statistics.extend((0..n_nodes).map(|node| {
            let position = probability(node, n_nodes) * (n - 1) as f64;
            (position as u32, position - position.floor())
        }));
        let places = (0..n).map(|rank| place(rank as f64 / (n - 1) as f64, n_nodes, interpolation));
        self.starts.clear();
        self.shares.clear();
        for (rank, (node, share)) in places.enumerate() {
            self.starts.resize(self.starts.len().max(node + 1), rank as u32);
            self.shares.push(share as f32);
        }
        self.starts.resize(n_nodes + 1, n as u32);
    }

    /// Quantiles of sorted points at the nodes.
    pub(super) fn quantiles(&self, order: &Order, quantiles: &mut [f32]) {
        let sorted = order.values();
        for (quantile, &(below, share)) in quantiles.iter_mut().zip(&self.statistics) {
            let low = f64::from(sorted[below as usize]);
            let high = f64::from(sorted[(below as usize + 1).min(sorted.len() - 1)]);
            *quantile = (low + share * (high - low)) as f32;
        }
    }

    /// Adds to each point the correction of its rank; tied points get that of their mean rank.
    pub(super) fn correct(&self, corrections: &[f32], order: &Order, by_rank: &mut Vec<f32>, values: &mut [f32]) {
        let sorted = order.values();
        by_rank.clear();
        for (node, pair) in self.starts.windows(2).enumerate() {
            let low = corrections[node];
            let step = corrections.get(node + 1).map_or(0.0, |high| high - low);
            by_rank.extend(self.shares[pair[0] as usize..pair[1] as usize].iter().map(|share| low + share * step));
        }
        if sorted.windows(2).fold(false, |any, pair| any | (pair[0] == pair[1])) {
            self.correct_ties(corrections, sorted, by_rank);
        }
        for (&point, &correction) in order.points().iter().zip(&*by_rank) {
            values[point as usize] += correction;
        }
    }

    /// Corrections of tied points. Ranks are counted from the lowest to the highest mean rank.
    fn correct_ties(&self, corrections: &[f32], sorted: &[f32], by_rank: &mut [f32]) {
        let blocks = || sorted.chunk_by(|one, other| one == other);
        let last = sorted.len() - 1;
        let lowest = blocks().next().map_or(0, |block| block.len() - 1);
        let highest = 2 * last - blocks().next_back().map_or(0, |block| block.len() - 1);
        let mut start = 0;
        for block in blocks() {
            let end = start + block.len();
            if block.len() > 1 || (lowest, highest) != (0, 2 * last) {
                // Ranks in halves, so that means of them are whole; points that are all tied lie in the middle.
                let rank = match highest - lowest {
                    0 => 0.5,
                    span => (start + end - 1 - lowest) as f64 / span as f64,
                };
                by_rank[start..end].fill(self.correction(corrections, rank));
            }
            start = end;
        }
    }

    fn correction(&self, corrections: &[f32], rank: f64) -> f32 {
        let (node, share) = place(rank, corrections.len(), self.interpolation);
        let low = corrections[node];
        low + share as f32 * corrections.get(node + 1).map_or(0.0, |high| high - low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corrected(values: &[f32], corrections: &[f32], interpolation: Interpolation) -> Vec<f32> {
        let (mut ranks, mut order, mut values) = (Ranks::default(), Order::default(), values.to_vec());
        ranks.prepare(values.len(), corrections.len(), interpolation);
        order.sort(&values);
        let before = values.clone();
        ranks.correct(corrections, &order, &mut Vec::new(), &mut values);
        values.iter().zip(&before).map(|(after, before)| after - before).collect()
    }

    /// Nodes at 0.25 and 0.75; ranks 0, 0.25, ... 1 lie at -0.5, 0, 0.5, 1 and 1.5 nodes.
    #[test]
    fn corrections_by_hand() {
        let values = [30.0, 10.0, 0.0, 40.0, 20.0];
        assert_eq!(corrected(&values, &[0.0, 1.0], Interpolation::Linear), [1.0, 0.0, 0.0, 1.0, 0.5]);
        assert_eq!(corrected(&values, &[0.0, 1.0], Interpolation::Nearest), [1.0, 0.0, 0.0, 1.0, 0.0]);
        assert_eq!(corrected(&values, &[2.0], Interpolation::Linear), [2.0; 5]);
        assert_eq!(corrected(&values, &[2.0], Interpolation::Nearest), [2.0; 5]);
    }

    /// Mean ranks 1.5, 1.5, 3, 4, 5, from 0 to 1 as (r - 1.5)/3.5.
    #[test]
    fn ties_are_corrected_by_their_mean_rank() {
        let found = corrected(&[3.0, 1.0, 1.0, 2.0, 5.0], &[0.0, 1.0], Interpolation::Linear);
        let expected = [2.0 * 2.5 / 3.5 - 0.5, 0.0, 0.0, 2.0 * 1.5 / 3.5 - 0.5, 1.0];
        assert!(found.iter().zip(expected).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-6), "{found:?}");
        // Those in the middle: ranks 1, 2.5, 2.5, 4.
        assert_eq!(corrected(&[0.0, 1.0, 1.0, 2.0], &[0.0, 1.0], Interpolation::Linear), [0.0, 0.5, 0.5, 1.0]);
        assert_eq!(corrected(&[4.0; 60], &[0.0, 1.0], Interpolation::Linear), [0.5; 60]);
    }

    #[test]
    fn quantiles_are_of_type_7() {
        let (mut ranks, mut order) = (Ranks::default(), Order::default());
        ranks.prepare(4, 2, Interpolation::Linear);
        order.sort(&[8.0, 1.0, 2.0, 4.0]);
        let mut quantiles = [0.0; 2];
        ranks.quantiles(&order, &mut quantiles);
        // (N - 1) p is 0.75 and 2.25.
        assert_eq!(quantiles, [1.75, 5.0]);
    }
}
