//! Distributions over bins of one width, such as trips by length.

/// Bins [0, w), [w, 2 w) … and an open one for all beyond.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bins {
    width: f64,
    n: usize,
}

/// Weights by bin.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    bins: Bins,
    weights: Vec<f64>,
    beyond: f64,
    weighted_sum: f64,
}

impl Bins {
    /// `n` bins of `width` and an open one.
    ///
    /// # Panics
    /// If the width is not a finite number above 0.
    pub fn new(width: f64, n: usize) -> Self {
        assert!(width.is_finite() && width > 0.0, "bins have a width");
        Bins { width, n }
    }
    /// Width of each bin but the last.
    pub fn width(&self) -> f64 {
        self.width
    }
    /// Length of a vector of sums: the bins, the open one, and Σ weight × value.
    pub fn n_sums(&self) -> usize {
        self.n + 2
    }
    /// Adds a value to a vector of sums; such vectors may be added to each other, so that chunks can be binned apart.
    ///
    /// A weight of 0 adds nothing, whatever the value.
    ///
    /// # Panics
    /// If the value or the weight is negative or not finite, or `sums` has another length than [`Bins::n_sums`].
    pub fn add(&self, value: f64, weight: f64, sums: &mut [f64]) {
        assert_eq!(sums.len(), self.n_sums(), "sums are by bin");
        if weight == 0.0 {
            return;
        }
        assert!(value.is_finite() && value >= 0.0, "values are finite and at least 0: {value}");
        assert!(weight.is_finite() && weight > 0.0, "weights are finite and at least 0: {weight}");
        // The cast ends at the greatest index, which is beyond all bins.
        sums[((value / self.width) as usize).min(self.n)] += weight;
        sums[self.n + 1] += weight * value;
    }
    /// The histogram that a vector of sums stands for.
    ///
    /// # Panics
    /// If `sums` has another length than [`Bins::n_sums`].
    pub fn histogram(&self, sums: &[f64]) -> Histogram {
        assert_eq!(sums.len(), self.n_sums(), "sums are by bin");
        let weights = sums[..self.n].to_vec();
        Histogram { bins: *self, weights, beyond: sums[self.n], weighted_sum: sums[self.n + 1] }
    }
}

impl Histogram {
    /// The bins.
    pub fn bins(&self) -> Bins {
        self.bins
    }
    /// Weight of each bin but the open one.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }
    /// Weight of all beyond the last bin.
    pub fn beyond(&self) -> f64 {
        self.beyond
    }
    /// All weight.
    pub fn total(&self) -> f64 {
        self.weights.iter().sum::<f64>() + self.beyond
    }
    /// Mean of the values themselves, not of their bins; none without weight.
    pub fn mean(&self) -> Option<f64> {
        let total = self.total();
        (total > 0.0).then(|| self.weighted_sum / total)
    }
    /// [`Histogram::quantile`] of one half.
    pub fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }
    /// The value below which a share of the weight lies, as if weight were even within a bin; 0.9 gives the 90th percentile.
    ///
    /// None without weight, or where the value lies beyond the last bin.
    ///
    /// # Panics
    /// If `share` is not between 0 and 1.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        assert!((0.0..=1.0).contains(&share), "a share is between 0 and 1: {share}");
        let wanted = share * self.total();
        let mut below = 0.0;
        for (bin, &weight) in self.weights.iter().enumerate() {
            if weight > 0.0 && below + weight >= wanted {
                let part = ((wanted - below) / weight).min(1.0);
                return Some((bin as f64 + part) * self.bins.width);
            }
            below += weight;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(bins: Bins, values: &[(f64, f64)]) -> Histogram {
        let mut sums = vec![0.0; bins.n_sums()];
        values.iter().for_each(|&(value, weight)| bins.add(value, weight, &mut sums));
        bins.histogram(&sums)
    }

    #[test]
    fn borders_belong_to_the_bin_above() {
        let found =
            histogram(Bins::new(2.0, 3), &[(0.0, 1.0), (1.9, 2.0), (2.0, 4.0), (5.9, 8.0), (6.0, 16.0), (1e300, 32.0)]);
        assert_eq!((found.weights(), found.beyond(), found.total()), (&[3.0, 4.0, 8.0][..], 48.0, 63.0));
    }

    #[test]
    fn mean_and_quantiles() {
        // Eight between 0 and 5, 32 between 10 and 15: half of all, 20, is reached after 12 / 32 of the third bin. The mean is
        // that of the values: (8 · 4 + 32 · 11) / 40.
        let found = histogram(Bins::new(5.0, 4), &[(4.0, 8.0), (11.0, 32.0)]);
        assert_eq!(found.mean(), Some(9.6));
        assert_eq!(found.median(), Some(11.875));
        assert_eq!((found.quantile(0.1), found.quantile(0.2)), (Some(2.5), Some(5.0)));
        assert_eq!((found.quantile(0.0), found.quantile(1.0)), (Some(0.0), Some(15.0)));
        assert_eq!((found.bins().width(), found.bins()), (5.0, Bins::new(5.0, 4)));
    }

    #[test]
    fn quantiles_begin_and_end_where_weight_does() {
        let found = histogram(Bins::new(1.0, 5), &[(2.5, 1.0), (3.5, 1.0)]);
        assert_eq!((found.quantile(0.0), found.quantile(1.0)), (Some(2.0), Some(4.0)));
    }

    #[test]
    fn the_open_bin_has_no_quantiles_but_counts() {
        let found = histogram(Bins::new(1.0, 2), &[(0.5, 1.0), (100.0, 3.0)]);
        assert_eq!((found.mean(), found.median(), found.quantile(0.25)), (Some(75.125), None, Some(1.0)));
    }

    #[test]
    fn nothing_has_no_mean() {
        let empty = histogram(Bins::new(1.0, 2), &[(f64::INFINITY, 0.0)]);
        assert_eq!((empty.total(), empty.mean(), empty.median()), (0.0, None, None));
    }

    #[test]
    fn chunks_add_up() {
        let bins = Bins::new(1.0, 3);
        let (mut first, mut second) = (vec![0.0; bins.n_sums()], vec![0.0; bins.n_sums()]);
        bins.add(0.5, 1.0, &mut first);
        bins.add(2.5, 2.0, &mut second);
        let sums: Vec<f64> = first.iter().zip(&second).map(|(first, second)| first + second).collect();
        assert_eq!(bins.histogram(&sums), histogram(bins, &[(0.5, 1.0), (2.5, 2.0)]));
    }

    #[test]
    #[should_panic(expected = "values are finite")]
    fn values_that_are_no_numbers_do_not_pass() {
        Bins::new(1.0, 3).add(f64::NAN, 1.0, &mut [0.0; 5]);
    }

    #[test]
    #[should_panic(expected = "weights are finite")]
    fn weights_that_are_no_numbers_do_not_pass() {
        Bins::new(1.0, 3).add(1.0, f64::NAN, &mut [0.0; 5]);
    }
}
