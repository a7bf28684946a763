//! QPLAD: from adjusted values of a coarse cell to the fine cells in it (Gergel et al., Geoscientific Model Development 17,
//! 2024, section 2.4: quantile-preserving, localized-analog downscaling).
//!
//! Each adjusted day of the coarse cell has a rank in its pool, the days of all years around its day of the year. The day of
//! the same rank in the coarse reference is its analogue: how a fine cell differed from the coarse cell on that day, as
//! difference or ratio, it differs again. All fine cells of a coarse cell have the same analogues, so that their mean is
//! the coarse value, as long as that was their mean in the reference: patterns come from days that were.
//!
//! Analogues are found once for a coarse cell, in two steps ([`Ranked::new`] of the reference, [`Ranked::analogues`] of
//! each future); a fine cell then costs a few operations a day ([`downscale`]). Equal values rank in the order
//! of their days.

mod ranks;

pub use ranks::{Analogues, Ranked, Scratch};

use crate::kind::Kind;
use crate::sample::Sample;

/// How fine cells differ from their coarse cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factors {
    /// Differences or ratios.
    pub kind: Kind,
    /// Largest ratio, at least 1: what a fine cell had in a shower that nearly missed the coarse cell is no measure of heavy
    /// rain. Infinity leaves all as they are; a ratio cut off takes from the mean over the fine cells. Differences
    /// are not cut off.
    pub largest_ratio: f64,
}

impl Factors {
    /// The correction of an analogue day, none where it cannot be known. Without a coarse value there is no ratio to it:
    /// fine cells then get the coarse value as it is.
    #[inline(always)]
    fn correction(&self, coarse: f64, fine: f64) -> Option<f64> {
        match self.kind {
            _ if !fine.is_finite() => None,
            Kind::Additive => Some(self.kind.between(coarse, fine)),
            Kind::Multiplicative if coarse == 0.0 => Some(1.0),
            Kind::Multiplicative => Some(self.kind.between(coarse, fine).min(self.largest_ratio)),
        }
    }
}

/// Values of a fine cell, one for each day of the adjusted series of its coarse cell.
///
/// A day on which the fine reference is missing is no analogue: the day of the nearest rank takes its place, the lower one
/// of two. The result is missing where the adjusted value is, where no day of the pool is known in both references, and
/// where a number is too large for its type.
///
/// # Panics
/// If the references have not the days that were ranked, or the adjusted series not those that have analogues.
pub fn downscale<T: Sample>(
    factors: &Factors,
    references: References<'_, T>,
    ranked: &Ranked,
    analogues: &Analogues,
    coarse_adjusted: &[T],
    fine_adjusted: &mut [T],
) {
    let References { coarse, fine } = references;
    assert_eq!((coarse.len(), fine.len()), (ranked.n_days(), ranked.n_days()), "references have the days ranked");
    assert_eq!(coarse_adjusted.len(), analogues.places().len(), "adjusted days have analogues");
    assert_eq!(fine_adjusted.len(), coarse_adjusted.len(), "each adjusted day has a result");
    let missing = T::from_f64(f64::NAN);
    for ((out, &value), &place) in fine_adjusted.iter_mut().zip(coarse_adjusted).zip(analogues.places()) {
        let of_day = |day: u32| factors.correction(coarse[day as usize].to_f64(), fine[day as usize].to_f64());
        let correction = ranked.day(place).and_then(|day| of_day(day).or_else(|| ranked.nearest(place, of_day)));
        let fine_value = correction.map_or(missing, |it| T::from_f64(factors.kind.apply(value.to_f64(), it)));
        *out = if fine_value.to_f64().is_finite() { fine_value } else { missing };
    }
}

/// What was measured at a coarse cell and at a fine cell in it, day by day.
#[derive(Debug, Clone, Copy)]
pub struct References<'a, T> {
    /// The coarse cell: the mean over its fine cells, if that is to return.
    pub coarse: &'a [T],
    /// The fine cell.
    pub fine: &'a [T],
}

#[cfg(test)]
mod tests;
