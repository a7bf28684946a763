//! How a correction is applied.

/// Whether a bias is a difference or a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Differences, for temperatures and pressures.
    Additive,
    /// Ratios, for what is never below zero, such as precipitation and wind.
    Multiplicative,
}

impl Kind {
    /// The correction that leads from `from` to `to`; a ratio to zero is not finite.
    #[inline(always)]
    pub fn between(self, from: f64, to: f64) -> f64 {
        match self {
            Kind::Additive => to - from,
            Kind::Multiplicative => to / from,
        }
    }
    /// A value with a correction.
    #[inline(always)]
    pub fn apply(self, value: f64, correction: f64) -> f64 {
        match self {
            Kind::Additive => value + correction,
            Kind::Multiplicative => value * correction,
        }
    }
}
