//! Gradients and effects of covariates from stations: ordinary least squares, or a ridge on standardised predictors.

/// Least squares through stations.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Value where all predictors are 0, in the target's unit.
    pub intercept: f64,
    /// Change of the target with one unit of each predictor.
    pub coefficients: Vec<f64>,
    /// Share of the target's variance that is explained; 1 where the target is constant.
    pub r_squared: f64,
    /// Standard deviation of the residuals with n − p − 1 degrees of freedom, in the target's unit.
    pub residual_sd: f64,
}

/// Why there is no fit.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum FitError {
    /// Fewer stations than coefficients, intercept and one residual need.
    #[error("{stations} stations for {predictors} predictors, which need at least {}", predictors + 2)]
    TooFew {
        /// How many there are.
        stations: usize,
        /// Predictors.
        predictors: usize,
    },
    /// A value is not finite.
    #[error("value {value} of station {station} is not finite")]
    NotFinite {
        /// The station.
        station: usize,
        /// The value.
        value: f64,
    },
    /// A penalty below zero or not finite.
    #[error("a ridge of {0} is not a number from 0 on")]
    Ridge(f64),
    /// A predictor has the same value at all stations.
    #[error("predictor {predictor} is {value} at all stations")]
    Constant {
        /// The predictor.
        predictor: usize,
        /// Its value.
        value: f64,
    },
    /// A predictor follows from the ones before it.
    #[error("predictor {predictor} follows from those before it")]
    Dependent {
        /// The predictor.
        predictor: usize,
    },
}

/// Share of a predictor's variance that those before it must leave unexplained.
const LEAST_OWN_VARIANCE: f64 = 1e-10;

/// Fits target = intercept + Σ coefficient × predictor over stations; `predictors` holds a series of stations for each.
///
/// Minimises Σ r²/n + λ Σ β², β the coefficients of predictors with mean 0 and variance 1 and λ = `ridge` (0: ordinary
/// least squares), from the normal equations (Hoerl and Kennard 1970, Technometrics 12, 55, equation 2.1) of the
/// correlation matrix by Cholesky's decomposition.
///
/// # Errors
/// Too few stations, values that are not finite, predictors that are constant or follow from each other.
///
/// # Panics
/// If a predictor has not one value for each station.
pub fn fit(predictors: &[&[f64]], target: &[f64], ridge: f64) -> Result<Fit, FitError> {
    let (n, p) = (target.len(), predictors.len());
    assert!(predictors.iter().all(|values| values.len() == n), "a value for each station");
    check(predictors, target, ridge)?;
    let mut standard = Vec::with_capacity(p);
    let mut scales = Vec::with_capacity(p);
    for (predictor, values) in predictors.iter().enumerate() {
        let (centred, mean) = centred(values);
        let deviation = (dot(&centred, &centred) / n as f64).sqrt();
        if deviation <= f64::EPSILON * mean.abs() {
            return Err(FitError::Constant { predictor, value: values[0] });
        }
        standard.push(centred.iter().map(|value| value / deviation).collect::<Vec<_>>());
        scales.push((mean, deviation));
    }
    let (of_target, mean) = centred(target);
    let normal = |row: usize, column: usize| {
        let penalty = if row == column { ridge } else { 0.0 };
        dot(&standard[row], &standard[column]) / n as f64 + penalty
    };
    let right: Vec<f64> = standard.iter().map(|values| dot(values, &of_target) / n as f64).collect();
    let solved = cholesky(p, normal).map(|lower| solve(&lower, &right))?;
    let coefficients: Vec<f64> = solved.iter().zip(&scales).map(|(value, (_, deviation))| value / deviation).collect();
    let shift: f64 = coefficients.iter().zip(&scales).map(|(value, (mean, _))| value * mean).sum();
    let explained = |station: usize| solved.iter().zip(&standard).map(|(value, x)| value * x[station]).sum::<f64>();
    let residuals: Vec<f64> = (0..n).map(|station| of_target[station] - explained(station)).collect();
    let (left, all) = (dot(&residuals, &residuals), dot(&of_target, &of_target));
    Ok(Fit {
        intercept: mean - shift,
        coefficients,
        r_squared: if all > 0.0 { 1.0 - left / all } else { 1.0 },
        residual_sd: (left / (n - p - 1) as f64).sqrt(),
    })
}

fn check(predictors: &[&[f64]], target: &[f64], ridge: f64) -> Result<(), FitError> {
    if target.len() < predictors.len() + 2 {
        return Err(FitError::TooFew { stations: target.len(), predictors: predictors.len() });
    }
    for values in predictors.iter().copied().chain([target]) {
        if let Some(station) = values.iter().position(|value| !value.is_finite()) {
            return Err(FitError::NotFinite { station, value: values[station] });
        }
    }
    if ridge.is_finite() && ridge >= 0.0 { Ok(()) } else { Err(FitError::Ridge(ridge)) }
}

fn centred(values: &[f64]) -> (Vec<f64>, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|value| value - mean).collect(), mean)
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// The lower triangle whose product with its mirror image is a symmetric matrix, row after row.
fn cholesky(n: usize, matrix: impl Fn(usize, usize) -> f64) -> Result<Vec<Vec<f64>>, FitError> {
    let mut lower: Vec<Vec<f64>> = Vec::with_capacity(n);
    for row in 0..n {
        let mut values = Vec::with_capacity(row + 1);
        for column in 0..row {
            let rest = matrix(row, column) - dot(&values[..column], &lower[column][..column]);
            values.push(rest / lower[column][column]);
        }
        let own = matrix(row, row) - dot(&values, &values);
        if own <= LEAST_OWN_VARIANCE {
            return Err(FitError::Dependent { predictor: row });
        }
        values.push(own.sqrt());
        lower.push(values);
    }
    Ok(lower)
}

fn solve(lower: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let n = lower.len();
    let mut values = Vec::with_capacity(n);
    for (row, &right) in lower.iter().zip(right) {
        let known = values.len();
        values.push((right - dot(&row[..known], &values)) / row[known]);
    }
    for row in (0..n).rev() {
        let below: f64 = (row + 1..n).map(|other| lower[other][row] * values[other]).sum();
        values[row] = (values[row] - below) / lower[row][row];
    }
    values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found}, not {expected}");
    }

    #[test]
    fn a_line_through_five_points() {
        // x 1..5, y 2 4 5 4 5: slope 6/10, intercept 4 - 0.6*3 = 2.2, residuals -0.8 0.6 1 -0.6 -0.2, whose squares sum to
        // 2.4 of 6.
        let found = fit(&[&[1.0, 2.0, 3.0, 4.0, 5.0]], &[2.0, 4.0, 5.0, 4.0, 5.0], 0.0).unwrap();
        near(found.coefficients[0], 0.6);
        near(found.intercept, 2.2);
        near(found.r_squared, 0.6);
        near(found.residual_sd, (2.4_f64 / 3.0).sqrt());
    }

    #[test]
    fn longley_of_the_statistical_reference_datasets() {
        // Certified values of the NIST StRD for ill-conditioned data of high difficulty (Longley 1967, J. Am. Stat.
        // Assoc. 62, 819).
        let x1 =
            [83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9];
        let x2 = [
            234289.0, 259426.0, 258054.0, 284599.0, 328975.0, 346999.0, 365385.0, 363112.0, 397469.0, 419180.0,
            442769.0, 444546.0, 482704.0, 502601.0, 518173.0, 554894.0,
        ];
        let x3 = [
            2356.0, 2325.0, 3682.0, 3351.0, 2099.0, 1932.0, 1870.0, 3578.0, 2904.0, 2822.0, 2936.0, 4681.0, 3813.0,
            3931.0, 4806.0, 4007.0,
        ];
        let x4 = [
            1590.0, 1456.0, 1616.0, 1650.0, 3099.0, 3594.0, 3547.0, 3350.0, 3048.0, 2857.0, 2798.0, 2637.0, 2552.0,
            2514.0, 2572.0, 2827.0,
        ];
        let x5 = [
            107608.0, 108632.0, 109773.0, 110929.0, 112075.0, 113270.0, 115094.0, 116219.0, 117388.0, 118734.0,
            120445.0, 121950.0, 123366.0, 125368.0, 127852.0, 130081.0,
        ];
        let x6: Vec<f64> = (1947..=1962).map(f64::from).collect();
        let y = [
            60323.0, 61122.0, 60171.0, 61187.0, 63221.0, 63639.0, 64989.0, 63761.0, 66019.0, 67857.0, 68169.0, 66513.0,
            68655.0, 69564.0, 69331.0, 70551.0,
        ];
        let found = fit(&[&x1, &x2, &x3, &x4, &x5, &x6], &y, 0.0).unwrap();
        let certified = [
            15.0618722713733,
            -0.0358191792925910,
            -2.02022980381683,
            -1.03322686717359,
            -0.0511041056535807,
            1829.15146461355,
        ];
        let close = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-7, "{found} {expected}");
        found.coefficients.iter().zip(certified).for_each(|(found, expected)| close(*found, expected));
        close(found.intercept, -3482258.63459582);
        close(found.residual_sd, 304.854073561965);
        close(found.r_squared, 0.995479004577296);
    }

    #[test]
    fn a_ridge_shrinks_standardised_coefficients() {
        // One predictor: beta = cov/(1 + lambda), here 0.6/(1 + 0.5) = 0.4 per unit; the line turns around the means.
        let found = fit(&[&[1.0, 2.0, 3.0, 4.0, 5.0]], &[2.0, 4.0, 5.0, 4.0, 5.0], 0.5).unwrap();
        near(found.coefficients[0], 0.4);
        near(found.intercept, 2.8);
    }

    #[test]
    fn what_cannot_be_fitted_is_told() {
        let x = [1.0, 2.0, 3.0, 4.0];
        let y = [1.0, 0.0, 2.0, 1.0];
        assert_eq!(fit(&[&x, &x], &y, 0.0), Err(FitError::Dependent { predictor: 1 }));
        assert!(fit(&[&x, &x], &y, 0.1).is_ok());
        assert_eq!(fit(&[&[7.0; 4]], &y, 0.0), Err(FitError::Constant { predictor: 0, value: 7.0 }));
        assert_eq!(fit(&[&x[..2]], &y[..2], 0.0), Err(FitError::TooFew { stations: 2, predictors: 1 }));
        let infinite = [1.0, f64::INFINITY, 2.0, 1.0];
        assert_eq!(fit(&[&x], &infinite, 0.0), Err(FitError::NotFinite { station: 1, value: f64::INFINITY }));
        assert_eq!(fit(&[&x], &y, -1.0), Err(FitError::Ridge(-1.0)));
        assert_eq!(fit(&[&x], &[3.0; 4], 0.0).unwrap().r_squared, 1.0);
    }

    proptest! {
        /// Stations made of gradients give them back.
        #[test]
        fn made_gradients_are_found(
            stations in prop::collection::vec((0.0_f64..2000.0, 0.0_f64..1.0), 8..40),
            (gradient, sealed) in (-0.01_f64..0.0, -1.0_f64..4.0),
        ) {
            let heights: Vec<f64> = stations.iter().map(|one| one.0).collect();
            let shares: Vec<f64> = stations.iter().map(|one| one.1).collect();
            let target: Vec<f64> = stations.iter().map(|(z, x)| 12.0 + gradient * z + sealed * x).collect();
            let found = fit(&[&heights, &shares], &target, 0.0).unwrap();
            prop_assert!((found.coefficients[0] - gradient).abs() < 1e-9);
            prop_assert!((found.coefficients[1] - sealed).abs() < 1e-6);
            prop_assert!((found.intercept - 12.0).abs() < 1e-5);
        }
    }
}
