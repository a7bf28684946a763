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

/// Whether it is certain that the same is true of `values` in an order that is nearly ascending.
///
/// The k-th smallest of them lies between the smallest of those from k on and the largest of those up to k, which are
/// taken for a number of blocks only. False says nothing.
pub fn fits_within_unsorted(values: &[f64], distance: f64, cdf: impl Fn(f64) -> f64) -> bool {
    const BLOCKS: usize = 16;
    let n = values.len();
    let start = |block: usize| block * n / BLOCKS;
    let mut bounds = [(f64::INFINITY, f64::NEG_INFINITY); BLOCKS];
    pulp::Arch::new().dispatch(Extremes { values, bounds: &mut bounds });
    for block in 1..BLOCKS {
        bounds[block].1 = bounds[block].1.max(bounds[block - 1].1);
        let from_end = BLOCKS - 1 - block;
        bounds[from_end].0 = bounds[from_end].0.min(bounds[from_end + 1].0);
    }
    (0..BLOCKS).filter(|&block| start(block) < start(block + 1)).all(|block| {
        let share = |index: usize| index as f64 / n as f64;
        let (smallest, largest) = bounds[block];
        share(start(block + 1)) - cdf(smallest) <= distance && cdf(largest) - share(start(block)) <= distance
    })
}

/// Smallest and largest value of each of equal blocks.
struct Extremes<'a> {
    values: &'a [f64],
    bounds: &'a mut [(f64, f64)],
}

impl pulp::WithSimd for Extremes<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        const LANES: usize = 8;
        let (n, blocks) = (self.values.len(), self.bounds.len());
        for (block, bounds) in self.bounds.iter_mut().enumerate() {
            let (chunks, rest) = self.values[block * n / blocks..(block + 1) * n / blocks].as_chunks::<LANES>();
            let (mut low, mut high) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
            for chunk in chunks {
                for lane in 0..LANES {
                    low[lane] = if chunk[lane] < low[lane] { chunk[lane] } else { low[lane] };
                    high[lane] = if chunk[lane] > high[lane] { chunk[lane] } else { high[lane] };
                }
            }
            let of_lanes =
                (low.into_iter().fold(f64::INFINITY, f64::min), high.into_iter().fold(f64::NEG_INFINITY, f64::max));
            *bounds = rest.iter().fold(of_lanes, |(low, high), &value| (low.min(value), high.max(value)));
        }
    }
}
