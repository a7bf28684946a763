//! The BPR function and its variant with twice the power beyond capacity.

use conurb_numerics::Exponent;

use super::check::{at_least_0, congestible_capacity};
use super::power::PowerCurve;
use super::{CostMeasure, LinkState};
use crate::network::NetworkError;

/// The BPR function, t = t0 (1 + b (v / c)^p), of one link.
///
/// Source: Bureau of Public Roads, Traffic Assignment Manual, Washington 1964. Times in any one unit, volume and
/// capacity per the same period; 0^0 is 1, so that p = 0 gives the constant t0 (1 + b).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BprDelay {
    /// t0 ≥ 0.
    pub free_flow_time: f64,
    /// b ≥ 0.
    pub b: f64,
    /// c > 0 where the link is congestible (t0, b and p > 0).
    pub capacity: f64,
    /// p ≥ 0.
    pub power: f64,
}

impl BprDelay {
    pub(super) fn check(&self, link: usize) -> Result<(), NetworkError> {
        at_least_0(link, "free-flow time", self.free_flow_time)?;
        at_least_0(link, "b", self.b)?;
        at_least_0(link, "capacity", self.capacity)?;
        at_least_0(link, "power", self.power)?;
        if self.congestible() { congestible_capacity(link, self.capacity) } else { Ok(()) }
    }

    /// Whether time rises with volume.
    pub(super) fn congestible(&self) -> bool {
        self.free_flow_time > 0.0 && self.b > 0.0 && self.power > 0.0
    }

    /// The whole curve of BPR, that of BPR2 up to capacity.
    pub(super) fn curve(&self, measure: CostMeasure) -> PowerCurve {
        self.curve_of_power(self.power, measure)
    }

    /// Cost and slope as BPR2, where the function is congestible.
    pub(super) fn state_of_two_powers(&self, measure: CostMeasure, volume: f64) -> LinkState {
        let power = if volume <= self.capacity { self.power } else { 2.0 * self.power };
        self.curve_of_power(power, measure).state(volume)
    }

    /// ∫ time dv from 0 to `volume` as BPR2.
    pub(super) fn integral_of_two_powers(&self, volume: f64) -> f64 {
        let below = self.curve(CostMeasure::Average);
        if volume <= self.capacity || !self.congestible() {
            return below.integral(volume);
        }
        let beyond = self.curve_of_power(2.0 * self.power, CostMeasure::Average);
        below.integral(self.capacity) + (beyond.integral(volume) - beyond.integral(self.capacity))
    }

    /// d (v t) / dv of t0 (1 + b x^p) is t0 (1 + b (1 + p) x^p): a curve of the same kind.
    fn curve_of_power(&self, power: f64, measure: CostMeasure) -> PowerCurve {
        if !self.congestible() {
            let added = if self.power == 0.0 { self.b } else { 0.0 };
            return PowerCurve::constant(self.free_flow_time * (1.0 + added));
        }
        let b = match measure {
            CostMeasure::Average => self.b,
            CostMeasure::Marginal => self.b * (1.0 + power),
        };
        PowerCurve {
            constant: self.free_flow_time,
            rise: self.free_flow_time * b,
            inverse_capacity: 1.0 / self.capacity,
            exponent: Exponent::new(power),
        }
    }
}
