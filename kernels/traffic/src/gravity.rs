//! The doubly constrained gravity model, balanced row by row and column by column.
//!
//! T_ij = a_i b_j f(c_ij) with Σ_j T_ij = P_i and Σ_i T_ij = A_j. In turn the a_i meet the row sums at given b_j and the b_j the
//! column sums at given a_i (Furness's method). A row is used by itself, so that rows may be spread over threads and ranks:
//! [`row_factor`] and [`add_column_sums`] per row, [`balance_columns`] once all have been added up, [`row_trips`] at the end.
//! [`balance`] does all of it on one thread.
//!
//! Sources: Wilson, A statistical theory of spatial distribution models, Transp. Res. 1(3), 1967, 253-269,
//! <https://doi.org/10.1016/0041-1647(67)90035-4>; Furness, Time function iteration, Traffic Engineering and Control 7(7), 1965,
//! 458-460; for convergence Evans, Some properties of trip distribution methods, Transp. Res. 4(1), 1970, 19-36.

use conurb_numerics::pairwise_sum;

use crate::deterrence::GravityError;

/// When balancing stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BalanceLimits {
    /// Σ_j |Σ_i T_ij − A_j| / Σ_j A_j that is good enough.
    pub tolerance: f64,
    /// Rounds of rows and columns at most.
    pub max_iterations: usize,
}

impl Default for BalanceLimits {
    fn default() -> Self {
        BalanceLimits { tolerance: 1e-12, max_iterations: 10_000 }
    }
}

/// Factors of the columns, at which rows are met exactly and columns to the residual.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnBalance {
    /// b_j; 0 for destinations without attractions or that no trip reaches.
    pub factors: Vec<f64>,
    /// What attractions were multiplied by so that their total is that of the productions; destinations that no trip
    /// reaches and origins that reach nothing are left out of both.
    pub attraction_scale: f64,
    /// Attractions, before scaling, of destinations that no trip reaches.
    pub unreached_attractions: f64,
    /// Rounds done.
    pub iterations: usize,
    /// Σ_j |Σ_i T_ij − A_j| / Σ_j A_j with scaled attractions; infinite where factors left the range of doubles.
    pub residual: f64,
}

/// A balanced matrix: T_ij = `row_factors[i]` × `columns.factors[j]` × weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// a_i; 0 for origins without productions or that reach nothing.
    pub row_factors: Vec<f64>,
    /// The columns' side.
    pub columns: ColumnBalance,
}

/// Balances `weights`, one row per origin and one value ≥ 0 per destination, to `productions` and `attractions`.
///
/// # Errors
/// Productions or attractions that [`check_totals`] refuses.
///
/// # Panics
/// If a length does not fit.
pub fn balance(
    weights: &[Vec<f64>],
    productions: &[f64],
    attractions: &[f64],
    limits: BalanceLimits,
) -> Result<Balance, GravityError> {
    assert_eq!(weights.len(), productions.len(), "each origin has a row");
    check_totals(productions, attractions)?;
    let rows = || weights.iter().zip(productions);
    let column_sums = |factors: &[f64]| {
        let mut sums = vec![0.0; factors.len()];
        rows().for_each(|(row, &production)| add_column_sums(row, row_factor(row, production, factors), &mut sums));
        Ok(sums)
    };
    let columns = balance_columns(attractions, limits, column_sums)?;
    let row_factors = rows().map(|(row, &production)| row_factor(row, production, &columns.factors)).collect();
    Ok(Balance { row_factors, columns })
}

/// Checks trips from and to each zone; their totals may differ, as attractions are scaled.
///
/// # Errors
/// Negative or non-finite trips, a total that is not finite, no attractions though there are productions.
pub fn check_totals(productions: &[f64], attractions: &[f64]) -> Result<(), GravityError> {
    let mut totals = [0.0; 2];
    for (total, (what, trips)) in totals.iter_mut().zip([("productions", productions), ("attractions", attractions)]) {
        if let Some(zone) = trips.iter().position(|&trips| !(trips.is_finite() && trips >= 0.0)) {
            return Err(GravityError::Trips { zone, what, value: trips[zone] });
        }
        *total = pairwise_sum(trips);
        if !total.is_finite() {
            return Err(GravityError::Total { what, total: *total, expected: "a finite number" });
        }
    }
    match totals {
        [produced, 0.0] if produced > 0.0 => {
            Err(GravityError::Total { what: "attractions", total: 0.0, expected: "more than 0, as productions are" })
        }
        _ => Ok(()),
    }
}

/// a = `production` / Σ_j b_j w_j for one origin's row of weights; 0 where it reaches nothing.
///
/// # Panics
/// If the row and the factors differ in length.
pub fn row_factor(weights: &[f64], production: f64, column_factors: &[f64]) -> f64 {
    let factor = production / pairwise_product(weights, column_factors);
    if factor.is_finite() { factor } else { 0.0 }
}

/// Adds a w_j of one origin's row to the sum of each column.
///
/// # Panics
/// If the row and the sums differ in length.
pub fn add_column_sums(weights: &[f64], row_factor: f64, sums: &mut [f64]) {
    assert_eq!(weights.len(), sums.len(), "rows have a weight per column");
    if row_factor > 0.0 {
        weights.iter().zip(sums).for_each(|(weight, sum)| *sum += row_factor * weight);
    }
}

/// Trips a b_j w_j of one origin.
///
/// # Panics
/// If the lengths differ.
pub fn row_trips(weights: &[f64], row_factor: f64, column_factors: &[f64], trips: &mut [f64]) {
    assert!(weights.len() == column_factors.len() && weights.len() == trips.len(), "rows have a weight per column");
    for ((&weight, &factor), trips) in weights.iter().zip(column_factors).zip(trips) {
        *trips = row_factor * factor * weight;
    }
}

/// Finds column factors; `column_sums` adds up a_i w_ij over all origins, with each a_i from [`row_factor`] at the factors it is given.
///
/// Attractions are to have passed [`check_totals`].
///
/// # Errors
/// Those of `column_sums`.
///
/// # Panics
/// If `column_sums` gives another number of columns than there are attractions.
pub fn balance_columns<E>(
    attractions: &[f64],
    limits: BalanceLimits,
    mut column_sums: impl FnMut(&[f64]) -> Result<Vec<f64>, E>,
) -> Result<ColumnBalance, E> {
    let mut factors: Vec<f64> = attractions.iter().map(|&trips| if trips > 0.0 { 1.0 } else { 0.0 }).collect();
    let mut sums = column_sums(&factors)?;
    assert_eq!(sums.len(), attractions.len(), "sums are by column");
    let reached: Vec<f64> =
        attractions.iter().zip(&sums).map(|(&trips, &sum)| if sum > 0.0 { trips } else { 0.0 }).collect();
    let total = pairwise_product(&factors, &sums);
    let attraction_scale = if total > 0.0 { total / pairwise_sum(&reached) } else { 1.0 };
    let targets: Vec<f64> = reached.iter().map(|trips| trips * attraction_scale).collect();
    let (mut iterations, mut residual) = (1, residual_of(&factors, &sums, &targets));
    while residual > limits.tolerance && residual.is_finite() && iterations < limits.max_iterations {
        for (factor, (&target, &sum)) in factors.iter_mut().zip(targets.iter().zip(&sums)) {
            *factor = if target > 0.0 { target / sum } else { 0.0 };
        }
        sums = column_sums(&factors)?;
        residual = residual_of(&factors, &sums, &targets);
        iterations += 1;
    }
    let unreached: Vec<f64> = attractions.iter().zip(&reached).map(|(trips, reached)| trips - reached).collect();
    let unreached_attractions = pairwise_sum(&unreached);
    Ok(ColumnBalance { factors, attraction_scale, unreached_attractions, iterations, residual })
}

/// How far columns are from their targets, relative to all of them.
fn residual_of(factors: &[f64], sums: &[f64], targets: &[f64]) -> f64 {
    let total = pairwise_sum(targets);
    if total == 0.0 {
        return 0.0;
    }
    let missed: Vec<f64> =
        factors.iter().zip(sums).zip(targets).map(|((factor, sum), target)| (factor * sum - target).abs()).collect();
    let residual = pairwise_sum(&missed) / total;
    if residual.is_nan() { f64::INFINITY } else { residual }
}

/// Σ left × right by halving, as [`pairwise_sum`].
fn pairwise_product(left: &[f64], right: &[f64]) -> f64 {
    const LEAF: usize = 128;
    assert_eq!(left.len(), right.len(), "rows have a weight per column");
    if left.len() <= LEAF {
        return left.iter().zip(right).map(|(left, right)| left * right).sum();
    }
    let middle = left.len() / 2;
    pairwise_product(&left[..middle], &right[..middle]) + pairwise_product(&left[middle..], &right[middle..])
}
