//! Quantiles of a sample and the nodes at which two samples are compared.
//!
//! Type 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50, 1996, pages
//! 361-365: the sorted values stand at (i - 1)/(N - 1), with straight lines between them.

use crate::sample::Sample;

/// Place of a quantile among sorted values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Index of the value at or below it.
    pub lower: usize,
    /// Index of the next value, or of the same one if there is none.
    pub upper: usize,
    /// Where it lies between the two, 0 to 1.
    pub fraction: f64,
}

impl Place {
    /// Place of the quantile of a probability in 0 to 1 among `count` values.
    ///
    /// # Panics
    /// If there is no value.
    #[inline(always)]
    pub fn of(probability: f64, count: usize) -> Place {
        assert!(count > 0, "no value has no quantile");
        let last = count - 1;
        let position = (last as f64 * probability).clamp(0.0, last as f64);
        let lower = position as usize;
        Place { lower, upper: (lower + 1).min(last), fraction: position - lower as f64 }
    }

    /// The quantile, from the values at the two indices.
    #[inline(always)]
    pub fn between(&self, lower: f64, upper: f64) -> f64 {
        lower + (upper - lower) * self.fraction
    }
}

/// Quantile of a probability in 0 to 1 of sorted values, none of them missing.
///
/// # Panics
/// If there is no value.
#[inline]
pub fn quantile<T: Sample>(sorted: &[T], probability: f64) -> f64 {
    let place = Place::of(probability, sorted.len());
    place.between(sorted[place.lower].to_f64(), sorted[place.upper].to_f64())
}

/// Probability of a node: the middle of its share of `nodes`, (k + 1/2)/n.
#[inline(always)]
pub fn node_probability(node: usize, nodes: usize) -> f64 {
    (node as f64 + 0.5) / nodes as f64
}

/// Quantiles of sorted values at as many nodes as there is room for; NaN if there is no value.
pub fn node_quantiles<T: Sample>(sorted: &[T], quantiles: &mut [f64]) {
    if sorted.is_empty() {
        quantiles.fill(f64::NAN);
        return;
    }
    let nodes = quantiles.len();
    for (node, found) in quantiles.iter_mut().enumerate() {
        *found = quantile(sorted, node_probability(node, nodes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_hyndman_and_fan() {
        // R: quantile(c(1, 3, 4, 10), c(0, .1, .5, .8, 1), type = 7).
        let sorted = [1.0_f64, 3.0, 4.0, 10.0];
        for (probability, expected) in [(0.0, 1.0), (0.1, 1.6), (0.5, 3.5), (0.8, 6.4), (1.0, 10.0)] {
            assert!((quantile(&sorted, probability) - expected).abs() < 1e-12, "{probability}");
        }
        assert_eq!(quantile(&[7.0_f32], 0.3), 7.0);
    }

    #[test]
    fn nodes_are_the_middles_of_their_shares() {
        let mut nodes = [0.0; 4];
        node_quantiles(&[0.0_f64, 8.0], &mut nodes);
        assert_eq!(nodes, [1.0, 3.0, 5.0, 7.0]);
        node_quantiles::<f64>(&[], &mut nodes);
        assert!(nodes.iter().all(|node| node.is_nan()));
    }
}
