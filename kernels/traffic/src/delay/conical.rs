//! The conical function of Spiess.

use super::Shape;
use super::check::{above_0, at_least_0};
use crate::network::NetworkError;

/// The conical function of one link: t = t0 (2 + √(a² (1 − x)² + b²) − a (1 − x) − b), x = v / c, b = (2a − 1) / (2a − 2).
///
/// t(0) = t0 and t(c) = 2 t0; far beyond capacity time rises linearly, by 2 a t0 per capacity.
///
/// Source: Spiess, Conical volume-delay functions, Transp. Sci. 24(2), 1990, <https://doi.org/10.1287/trsc.24.2.153>.
/// Times in any one unit, volume and capacity per the same period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConicalDelay {
    /// t0 ≥ 0; the time of a link with 0 is 0 at any volume.
    pub free_flow_time: f64,
    /// a > 1, the steepness.
    pub alpha: f64,
    /// c > 0.
    pub capacity: f64,
}

impl ConicalDelay {
    pub(super) fn check(&self, link: usize) -> Result<(), NetworkError> {
        at_least_0(link, "free-flow time", self.free_flow_time)?;
        above_0(link, "capacity", self.capacity)?;
        if self.alpha.is_finite() && self.alpha > 1.0 {
            return Ok(());
        }
        Err(NetworkError::Value { link, what: "alpha", value: self.alpha, expected: "a finite number above 1" })
    }

    /// Time and derivatives at `volume` ≥ 0.
    pub(super) fn shape(&self, volume: f64) -> Shape {
        let (b, y) = (self.b(), self.y(volume));
        let root = (y * y + b * b).sqrt();
        // √(y² + b²) − y − b and 1 − y / √(y² + b²) in terms of one sign each, so that nothing cancels.
        let (excess, falling) = if y > 0.0 {
            (-y * (b / (root + y)) * ((b + root + y) / (root + b)), (b / root) * (b / (root + y)))
        } else {
            (-y * (1.0 - y / (root + b)), 1.0 - y / root)
        };
        let steepness = self.alpha / self.capacity;
        let curvature = self.free_flow_time * steepness * steepness * (b / root) * (b / root) / root;
        Shape {
            time: self.free_flow_time * (2.0 + excess),
            slope: self.free_flow_time * steepness * falling,
            bend: volume * curvature,
        }
    }

    /// ∫ time dv from 0 to `volume` ≥ 0.
    pub(super) fn integral(&self, volume: f64) -> f64 {
        let excess = self.excess_area(self.alpha) - self.excess_area(self.y(volume));
        self.free_flow_time * (2.0 * volume + self.capacity / self.alpha * excess)
    }

    fn b(&self) -> f64 {
        (2.0 * self.alpha - 1.0) / (2.0 * (self.alpha - 1.0))
    }

    fn y(&self, volume: f64) -> f64 {
        self.alpha * (1.0 - volume / self.capacity)
    }

    /// ∫ (√(s² + b²) − s − b) ds from 0 to `y`, that is ½ (y √(y² + b²) + b² asinh(y / b) − 2 b y − y²).
    fn excess_area(&self, y: f64) -> f64 {
        let b = self.b();
        let root = (y * y + b * b).sqrt();
        0.5 * (y * y * (y / (root + b)) + b * b * asinh_less_argument(y / b) - y * y)
    }
}

/// asinh(u) − u, to rounding also for small u, where alpha is close to 1 and b is great.
fn asinh_less_argument(u: f64) -> f64 {
    const SERIES_BELOW: f64 = 0.1;
    if u.abs() >= SERIES_BELOW {
        return libm::asinh(u) - u;
    }
    // Coefficients of u³, u⁵ ... of asinh; the first one left out adds less than 1e-15 relative.
    const COEFFICIENTS: [f64; 7] = [
        -1.0 / 6.0,
        3.0 / 40.0,
        -15.0 / 336.0,
        105.0 / 3456.0,
        -945.0 / 42_240.0,
        10_395.0 / 599_040.0,
        -135_135.0 / 9_676_800.0,
    ];
    let square = u * u;
    let series = COEFFICIENTS.iter().rev().fold(0.0, |sum, coefficient| sum * square + coefficient);
    u * square * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_and_function_meet() {
        for u in [0.1, -0.1_f64] {
            let below = u * (1.0 - 1e-15);
            let (series, function) = (asinh_less_argument(below), asinh_less_argument(u));
            assert!((series - function).abs() < 1e-13 * function.abs(), "{series} {function}");
        }
    }
}
