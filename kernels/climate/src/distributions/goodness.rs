//! How well a distribution fits.

/// Whether the largest distance between the distribution function and that of ascending `values` (the statistic of
/// Kolmogorov and Smirnov, two-sided) is at most `distance`.
///
/// Both functions grow, so between two values whose probabilities are known the distance is bounded; only where the bound
/// is too wide is a value between looked at. The answer is that of looking at all of them.
pub fn fits_within(values: &[f64], distance: f64, cdf: impl Fn(f64) -> f64) -> bool {
    let n = values.len() as f64;
    let at = |index: usize| {
        let probability = cdf(values[index]);
        let near = (index + 1) as f64 / n - probability <= distance && probability - index as f64 / n <= distance;
        near.then_some(probability)
    };
    let Some(last) = values.len().checked_sub(1) else { return true };
    let (Some(first_probability), Some(last_probability)) = (at(0), at(last)) else { return false };
    let mut open = [(0, 0.0, 0, 0.0); usize::BITS as usize + 1];
    open[0] = (0, first_probability, last, last_probability);
    let mut n_open = 1;
    while n_open > 0 {
        n_open -= 1;
        let (low, low_probability, high, high_probability) = open[n_open];
        let above = high as f64 / n - low_probability;
        let below = high_probability - (low + 1) as f64 / n;
        if high - low < 2 || (above <= distance && below <= distance) {
            continue;
        }
        let middle = low + (high - low) / 2;
        let Some(probability) = at(middle) else { return false };
        open[n_open] = (low, low_probability, middle, probability);
        open[n_open + 1] = (middle, probability, high, high_probability);
        n_open += 2;
    }
    true
}
