//! Distributions of daily values: fitted to them, and their quantiles.
//!
//! A fit has a fixed lower end (and width, for the beta distribution); only shape and scale are estimated, by maximum
//! likelihood.

mod beta;
mod gamma;
mod goodness;
mod normal;
mod special;
#[cfg(test)]
mod tests;
mod weibull;

pub use beta::Beta;
pub use gamma::Gamma;
pub use goodness::{fits_within, fits_within_unsorted};
pub use normal::Normal;
pub use special::{digamma, student_t_critical, trigamma};
pub use weibull::Weibull;

/// Probabilities of values that are mapped are kept this far from 0 and 1 (Lange, ISIMIP3BASD 3.0).
pub const MARGIN: f64 = 1e-10;
/// Standard deviations of a normal distribution that are exceeded with this probability.
const MARGIN_DEVIATIONS: f64 = 6.361_340_902_404_056;

/// A family of distributions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// Normal: temperatures, pressures.
    Normal,
    /// Gamma above a lower end: precipitation.
    Gamma,
    /// Weibull above a lower end: wind speeds, temperature ranges.
    Weibull,
    /// Beta between two ends: humidity, radiation relative to clear sky.
    Beta,
}

/// Where values can lie; families that do not need an end ignore it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Support {
    /// Lower end.
    pub lower: f64,
    /// Distance of the upper end from it.
    pub width: f64,
}

/// A distribution with its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distribution {
    /// Normal.
    Normal(Normal),
    /// Gamma.
    Gamma(Gamma),
    /// Weibull.
    Weibull(Weibull),
    /// Beta.
    Beta(Beta),
}

impl Distribution {
    /// The distribution of a family under which `values` are most likely; nothing if there are fewer than two, if they
    /// are all alike, or if one is not inside the support.
    pub fn fit(family: Family, values: &[f64], support: Support) -> Option<Distribution> {
        if values.len() < 2 {
            return None;
        }
        match family {
            Family::Normal => Normal::fit(values).map(Distribution::Normal),
            Family::Gamma => Gamma::fit(values, support.lower).map(Distribution::Gamma),
            Family::Weibull => Weibull::fit(values, support.lower).map(Distribution::Weibull),
            Family::Beta => Beta::fit(values, support).map(Distribution::Beta),
        }
    }

    /// Probability of a value up to `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        match self {
            Distribution::Normal(normal) => normal.cdf(x),
            Distribution::Gamma(gamma) => gamma.cdf(x),
            Distribution::Weibull(weibull) => weibull.cdf(x),
            Distribution::Beta(beta) => beta.cdf(x),
        }
    }

    /// The value that is not exceeded with probability `p`, 0 < p < 1.
    pub fn quantile(&self, p: f64) -> f64 {
        match self {
            Distribution::Normal(normal) => normal.quantile(p),
            Distribution::Gamma(gamma) => gamma.quantile(p),
            Distribution::Weibull(weibull) => weibull.quantile(p),
            Distribution::Beta(beta) => beta.quantile(p),
        }
    }

    /// The value of `to` that is as likely exceeded as `x` is here, its probability kept [`MARGIN`] away from 0 and 1.
    pub fn map(&self, to: &Distribution, x: f64) -> f64 {
        match (self, to) {
            (Distribution::Normal(from), Distribution::Normal(to)) => {
                let deviations = (x - from.mean) / from.deviation;
                to.mean + to.deviation * deviations.clamp(-MARGIN_DEVIATIONS, MARGIN_DEVIATIONS)
            }
            (Distribution::Gamma(from), Distribution::Gamma(to)) => {
                let (below, above) = from.tails(x);
                to.quantile_of_tails(below.clamp(MARGIN, 1.0 - MARGIN), above.clamp(MARGIN, 1.0 - MARGIN))
            }
            _ => to.quantile(self.cdf(x).clamp(MARGIN, 1.0 - MARGIN)),
        }
    }
}

/// Sum of `term` over values, in eight lanes, so that it becomes vector instructions; its order follows from the length alone.
#[inline(always)]
pub(crate) fn sum_of(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    const LANES: usize = 8;
    let mut lanes = [0.0; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] += term(chunk[lane]);
        }
    }
    for (lane, &value) in rest.iter().enumerate() {
        lanes[lane] += term(value);
    }
    ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]))
}
