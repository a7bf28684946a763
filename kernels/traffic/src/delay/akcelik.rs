//! The time-dependent function of Akçelik.

use super::Shape;
use super::check::{above_0, at_least_0};
use crate::network::NetworkError;

/// Akçelik's function of one link: t = t0 + ¼ T (z + √(z² + 8 J x / (Q T))), x = v / c, z = x − 1.
///
/// T is how long demand lasts, and Q T the vehicles that capacity lets pass meanwhile. Far beyond capacity time rises by
/// ½ T per capacity, the mean wait in a queue that grows for T.
///
/// Source: Akçelik, Travel time functions for transport planning purposes: Davidson's function, its time-dependent form and
/// an alternative travel time function, Australian Road Research 21(3), 1991, 49-59. The source has t and t0 per unit of length;
/// here they are times of a whole link. The literature has T in hours and Q in vehicles per hour; any one unit of time does,
/// because Q T = `capacity` × `analysis_period` / `demand_period` is a number of vehicles and J has no unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AkcelikDelay {
    /// t0 ≥ 0, time units.
    pub free_flow_time: f64,
    /// J > 0: 0.1 for motorways to 1.6 for streets with much friction.
    pub delay_parameter: f64,
    /// c > 0, vehicles per `demand_period`, as volumes are.
    pub capacity: f64,
    /// What volume and capacity are per, in time units, > 0.
    pub demand_period: f64,
    /// T > 0, time units.
    pub analysis_period: f64,
}

impl AkcelikDelay {
    pub(super) fn check(&self, link: usize) -> Result<(), NetworkError> {
        at_least_0(link, "free-flow time", self.free_flow_time)?;
        above_0(link, "delay parameter", self.delay_parameter)?;
        above_0(link, "capacity", self.capacity)?;
        above_0(link, "demand period", self.demand_period)?;
        above_0(link, "analysis period", self.analysis_period)
    }

    /// Time and derivatives at `volume` ≥ 0.
    ///
    /// With k = 8 J / (Q T), w = z + k / 2 and d = k − k² / 4 the root R is √(w² + d), so that R' = w / R, R'' = d / R³.
    pub(super) fn shape(&self, volume: f64) -> Shape {
        let (k, quarter) = (self.k(), 0.25 * self.analysis_period);
        let ratio = volume / self.capacity;
        let z = ratio - 1.0;
        let root = (z * z + k * ratio).sqrt();
        // z + R, not as a difference of like numbers.
        let delay = if z < 0.0 { k * ratio / (root - z) } else { z + root };
        let d = difference_of_squares(k);
        Shape {
            time: self.free_flow_time + quarter * delay,
            slope: quarter / self.capacity * (root_plus_w(z + 0.5 * k, root, d) / root),
            bend: quarter / self.capacity * ratio * (d / root / root / root),
        }
    }

    /// ∫ time dv from 0 to `volume` ≥ 0.
    ///
    /// ∫ R dw = ½ (w R + d ln(w + R)) whatever the sign of d.
    pub(super) fn integral(&self, volume: f64) -> f64 {
        let (k, quarter) = (self.k(), 0.25 * self.analysis_period);
        let ratio = volume / self.capacity;
        let (z, d) = (ratio - 1.0, difference_of_squares(k));
        let (empty_w, w) = (0.5 * k - 1.0, z + 0.5 * k);
        let (empty_root, root) = (1.0, (z * z + k * ratio).sqrt());
        let logarithm = libm::log(root_plus_w(w, root, d) / root_plus_w(empty_w, empty_root, d));
        let area = 0.5 * (ratio * (ratio - 2.0) + w * root - empty_w * empty_root + d * logarithm);
        self.free_flow_time * volume + quarter * self.capacity * area
    }

    fn k(&self) -> f64 {
        8.0 * self.delay_parameter * (self.demand_period / self.analysis_period) / self.capacity
    }
}

/// d = R² − w².
fn difference_of_squares(k: f64) -> f64 {
    k * (1.0 - 0.25 * k)
}

/// R + w > 0, not as a difference of like numbers; w < 0 only where d > 0.
fn root_plus_w(w: f64, root: f64, d: f64) -> f64 {
    if w < 0.0 { d / (root - w) } else { root + w }
}
