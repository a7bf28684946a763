//! Many simulations of one change: percentiles, mean, and whether they agree.
//!
//! A simulation is one value, of a cell and a period; a value that is not finite is a simulation that has none. Agreement
//! follows Gutiérrez et al. (2021), IPCC AR6 WGI, Atlas, Cross-Chapter Box Atlas.1: the simple approach and the advanced
//! one (C).

/// Share of simulations that change in one direction from which on agreement is high (Box Atlas.1).
pub const HIGH_AGREEMENT: f64 = 0.8;
/// Share of simulations that change by more than the variability from which on change is significant (Box Atlas.1).
pub const SIGNIFICANT_SHARE: f64 = 0.66;
/// Years of the means whose difference variability is that of (Box Atlas.1).
const YEARS_OF_MEANS: f64 = 20.0;
/// Standard deviations within which nine tenths of a normal distribution are.
const NINE_TENTHS: f64 = 1.645;

/// Whether simulations say something together (Box Atlas.1, approach C).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Robustness {
    /// Two thirds change by more than the variability and four fifths in one direction.
    Robust,
    /// Less than two thirds change by more than the variability.
    NoSignificantChange,
    /// Two thirds change by more than the variability, but not in one direction.
    Conflicting,
}

/// A simulation's change and what it must exceed to be significant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Difference between the means of two periods.
    pub change: f64,
    /// Its [`variability`].
    pub variability: f64,
}

/// Percentiles at `shares` (0.1, 0.5, 0.9), of type 7 (Hyndman & Fan 1996), of the simulations that have a value; NaN in all if
/// fewer than `at_least` have one. Returns how many have.
///
/// # Panics
/// If there are not as many results as shares, or a share is not in 0 to 1.
pub fn percentiles(values: &[f64], shares: &[f64], at_least: usize, out: &mut [f64], scratch: &mut Vec<f64>) -> usize {
    assert_eq!(shares.len(), out.len(), "each share has a result");
    sort_finite(values, scratch);
    let too_few = scratch.len() < at_least.max(1);
    for (out, &share) in out.iter_mut().zip(shares) {
        assert!((0.0..=1.0).contains(&share), "{share} is not in 0 to 1");
        *out = if too_few { f64::NAN } else { quantile_type_7(scratch, share) };
    }
    scratch.len()
}

/// Mean of the simulations that have a value, in their order; NaN if fewer than `at_least` have one.
pub fn mean(values: &[f64], at_least: usize) -> f64 {
    let finite = values.iter().filter(|value| value.is_finite());
    let (sum, n) = finite.fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
    if n < at_least.max(1) { f64::NAN } else { sum / n as f64 }
}

/// Share, of the simulations that have a value, whose change has the sign of the median's, zero being a sign of its own; NaN if
/// fewer than `at_least` have one. High from [`HIGH_AGREEMENT`] on.
pub fn agreement(changes: &[f64], at_least: usize, scratch: &mut Vec<f64>) -> f64 {
    sort_finite(changes, scratch);
    if scratch.len() < at_least.max(1) {
        return f64::NAN;
    }
    let direction = sign(quantile_type_7(scratch, 0.5));
    let agreeing = scratch.iter().filter(|&&change| sign(change) == direction).count();
    agreeing as f64 / scratch.len() as f64
}

/// What the difference of two means of twenty years exceeds by chance in one of ten: γ = √(2/20) · 1.645 · σ, σ the standard
/// deviation of the yearly values of the reference period about their linear trend (Box Atlas.1, approach C). Years without a
/// value are left out; NaN if fewer than three have one.
pub fn variability(reference_years: &[f64]) -> f64 {
    let years = || reference_years.iter().enumerate().filter(|(_, value)| value.is_finite());
    let n = years().count() as f64;
    if n < 3.0 {
        return f64::NAN;
    }
    let mean_year = years().map(|(year, _)| year as f64).sum::<f64>() / n;
    let mean_value = years().map(|(_, value)| value).sum::<f64>() / n;
    let (mut covariance, mut variance) = (0.0, 0.0);
    for (year, value) in years() {
        let from_mean = year as f64 - mean_year;
        covariance += from_mean * (value - mean_value);
        variance += from_mean * from_mean;
    }
    let slope = covariance / variance;
    let residual = |(year, value): (usize, &f64)| (value - mean_value) - slope * (year as f64 - mean_year);
    let squares: f64 = years().map(residual).map(|residual| residual * residual).sum();
    (2.0 / YEARS_OF_MEANS).sqrt() * NINE_TENTHS * (squares / n).sqrt()
}

/// Whether simulations say something together; none if fewer than `at_least` have a change and its variability.
pub fn robustness(simulations: &[Change], at_least: usize) -> Option<Robustness> {
    let valid = || simulations.iter().filter(|one| one.change.is_finite() && one.variability.is_finite());
    let n = valid().count();
    if n < at_least.max(1) {
        return None;
    }
    let share = |count: usize| count as f64 / n as f64;
    let significant = share(valid().filter(|one| one.change.abs() > one.variability).count());
    let up = valid().filter(|one| one.change > 0.0).count();
    let down = valid().filter(|one| one.change < 0.0).count();
    Some(if significant < SIGNIFICANT_SHARE {
        Robustness::NoSignificantChange
    } else if share(up.max(down)) >= HIGH_AGREEMENT {
        Robustness::Robust
    } else {
        Robustness::Conflicting
    })
}

fn sort_finite(values: &[f64], sorted: &mut Vec<f64>) {
    sorted.clear();
    sorted.extend(values.iter().filter(|value| value.is_finite()));
    sorted.sort_unstable_by(f64::total_cmp);
}

/// Quantile of sorted values, at least one: linear at (n − 1) p.
fn quantile_type_7(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len() - 1;
    let position = last as f64 * share;
    let low = (position.floor() as usize).min(last);
    let (below, above) = (sorted[low], sorted[(low + 1).min(last)]);
    // Rounding must not lead out of the two.
    (below + (above - below) * (position - low as f64)).clamp(below, above)
}

fn sign(value: f64) -> i8 {
    i8::from(value > 0.0) - i8::from(value < 0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn percentiles_of_those_that_have_a_value() {
        let values = [4.0, f64::NAN, 1.0, 3.0, f64::INFINITY, 2.0, 5.0];
        let (mut out, mut scratch) = ([0.0; 3], Vec::new());
        assert_eq!(percentiles(&values, &[0.1, 0.5, 0.9], 5, &mut out, &mut scratch), 5);
        // (5 - 1) 0.1 = 0.4 from 1; 4 (0.9) = 3.6, between 4 and 5.
        assert_eq!(out, [1.4, 3.0, 4.6]);
        assert_eq!(mean(&values, 5), 3.0);
        assert_eq!(percentiles(&values, &[0.1, 0.5, 0.9], 6, &mut out, &mut scratch), 5);
        assert!(out.iter().all(|value| value.is_nan()) && mean(&values, 6).is_nan());
        assert_eq!(percentiles(&[f64::NAN], &[0.5], 0, &mut out[..1], &mut scratch), 0);
        assert!(out[0].is_nan() && mean(&[], 0).is_nan() && agreement(&[], 0, &mut scratch).is_nan());
    }

    #[test]
    fn agreement_is_with_the_median() {
        let mut scratch = Vec::new();
        assert_eq!(agreement(&[1.0, 2.0, 0.5, -1.0, 3.0], 1, &mut scratch), 0.8);
        assert_eq!(agreement(&[-1.0, -2.0, 0.0, f64::NAN], 1, &mut scratch), 2.0 / 3.0);
        assert_eq!(agreement(&[0.0, 0.0, 0.0, 1.0], 1, &mut scratch), 0.75);
        assert!(agreement(&[1.0, 2.0], 3, &mut scratch).is_nan());
    }

    #[test]
    fn variability_is_about_the_trend() {
        // Residuals ±1 about 10 + 2 year that neither slope nor mean: + - - + has no covariance with -1.5, -0.5, 0.5, 1.5.
        let years = [11.0, 11.0, 13.0, 17.0];
        let expected = 0.1_f64.sqrt() * 1.645;
        assert!((variability(&years) - expected).abs() < 1e-14);
        assert!(variability(&[1.0, 5.0]).is_nan() && variability(&[1.0, f64::NAN, 5.0]).is_nan());
        assert!(variability(&[1.0, f64::NAN, 5.0, 7.0]) < 1e-14);
    }

    #[test]
    fn robust_or_not() {
        let all =
            |changes: &[f64]| changes.iter().map(|&change| Change { change, variability: 1.0 }).collect::<Vec<_>>();
        assert_eq!(robustness(&all(&[2.0, 3.0, 4.0, 0.5, -0.5]), 1), Some(Robustness::NoSignificantChange));
        assert_eq!(robustness(&all(&[2.0, 3.0, 4.0, 2.5, -0.5]), 1), Some(Robustness::Robust));
        assert_eq!(robustness(&all(&[2.0, 3.0, 4.0, -2.5, -2.5]), 1), Some(Robustness::Conflicting));
        assert_eq!(robustness(&all(&[-2.0, f64::NAN]), 1), Some(Robustness::Robust));
        assert_eq!(robustness(&all(&[-2.0, f64::NAN]), 2), None);
    }

    proptest! {
        #[test]
        fn percentiles_ascend_within_the_values_whatever_their_order(
            values in proptest::collection::vec(-1e6_f64..1e6, 1..40), turn in 0_usize..40,
        ) {
            let shares = [0.0, 0.1, 0.33, 0.5, 0.9, 1.0];
            let (mut out, mut turned, mut scratch) = ([0.0; 6], [0.0; 6], Vec::new());
            percentiles(&values, &shares, 1, &mut out, &mut scratch);
            let mut other = values.clone();
            other.rotate_left(turn % values.len());
            percentiles(&other, &shares, 1, &mut turned, &mut scratch);
            prop_assert_eq!(out, turned);
            prop_assert!(out.windows(2).all(|pair| pair[0] <= pair[1]));
            prop_assert_eq!(out[0], values.iter().copied().fold(f64::INFINITY, f64::min));
            prop_assert_eq!(out[5], values.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        }
    }
}
