//! Sums of a fixed order.

/// Length up to which values are summed in turn.
const LEAF: usize = 128;

/// Sum of `values` by halving, so that the rounding error grows with log n and the bits follow from the values alone.
///
/// Error bound ~ log2(n) ε Σ|x| (Higham, The accuracy of floating point summation, SIAM J. Sci. Comput. 14, 1993,
/// <https://doi.org/10.1137/0914050>). The empty sum is 0.
pub fn pairwise_sum(values: &[f64]) -> f64 {
    if values.len() <= LEAF {
        return values.iter().sum::<f64>() + 0.0;
    }
    let (left, right) = values.split_at(values.len() / 2);
    pairwise_sum(left) + pairwise_sum(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_tenths_keep_twelve_digits() {
        // Summed in turn the error is about 1.3e-6; by halving it stays below 1e-9.
        let total = pairwise_sum(&vec![0.1; 1_000_000]);
        assert!((total - 100_000.0).abs() < 1e-9, "{total}");
    }

    #[test]
    fn empty_sum_is_positive_zero() {
        assert_eq!(pairwise_sum(&[]).to_bits(), 0.0_f64.to_bits());
    }
}
