//! Curves that are a constant plus a power of volume over capacity: BPR and its pieces.

use conurb_numerics::Exponent;

use super::LinkState;

/// cost(v) = constant + rise (v / capacity)^exponent; two to a cache line, since every move of flow reads them.
#[derive(Debug, Clone, Copy)]
pub(super) struct PowerCurve {
    pub constant: f64,
    pub rise: f64,
    pub inverse_capacity: f64,
    pub exponent: Exponent,
}

/// Volume over capacity below which the slope of a concave delay (p < 1) is held, because it is infinite at 0.
const LEAST_RATIO_OF_CONCAVE_SLOPE: f64 = 1e-6;

impl PowerCurve {
    /// A cost that does not depend on volume.
    pub fn constant(cost: f64) -> Self {
        PowerCurve { constant: cost, rise: 0.0, inverse_capacity: 0.0, exponent: Exponent::new(1.0) }
    }

    /// Whether the exponent is the usual 4; constants have another.
    #[inline]
    pub fn is_quartic(&self) -> bool {
        self.exponent.value() == 4.0
    }

    /// Cost and slope at `volume` where the curve is quartic.
    #[inline]
    pub fn state_quartic(&self, volume: f64) -> LinkState {
        let ratio = volume.max(0.0) * self.inverse_capacity;
        let cube = ratio * ratio * ratio;
        let slope = 4.0 * self.rise * self.inverse_capacity * cube;
        LinkState { volume, cost: self.constant + self.rise * (cube * ratio), slope }
    }

    /// Cost and slope at `volume`.
    pub fn state(&self, volume: f64) -> LinkState {
        if self.is_quartic() {
            return self.state_quartic(volume);
        }
        let ratio = volume.max(0.0) * self.inverse_capacity;
        let powered = self.exponent.raise(ratio);
        let slope = self.rise * self.inverse_capacity * self.ratio_slope(ratio, powered);
        LinkState { volume, cost: self.constant + self.rise * powered, slope }
    }

    /// ∫ cost dv from 0 to `volume`.
    pub fn integral(&self, volume: f64) -> f64 {
        let constant_part = self.constant * volume;
        if self.rise == 0.0 {
            return constant_part;
        }
        let ratio = volume.max(0.0) * self.inverse_capacity;
        constant_part + self.rise * self.exponent.raise(ratio) * volume.max(0.0) / (self.exponent.value() + 1.0)
    }

    /// d (r^p) / d r.
    fn ratio_slope(&self, ratio: f64, powered: f64) -> f64 {
        let power = self.exponent.value();
        if power < 1.0 {
            let ratio = ratio.max(LEAST_RATIO_OF_CONCAVE_SLOPE);
            power * self.exponent.raise(ratio) / ratio
        } else if power == 1.0 {
            1.0
        } else if ratio > 0.0 {
            power * powered / ratio
        } else {
            0.0
        }
    }
}
