//! Volume-delay functions: travel time of a link as a function of its volume.

use conurb_numerics::Exponent;

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
    pub(crate) fn check(&self, link: usize) -> Result<(), NetworkError> {
        let values = [
            ("free-flow time", self.free_flow_time),
            ("b", self.b),
            ("capacity", self.capacity),
            ("power", self.power),
        ];
        for (what, value) in values {
            if !(value.is_finite() && value >= 0.0) {
                return Err(NetworkError::Value { link, what, value, expected: "a finite number of at least 0" });
            }
        }
        if self.congestible() && self.capacity == 0.0 {
            return Err(NetworkError::Value { link, what: "capacity", value: 0.0, expected: "more than 0" });
        }
        Ok(())
    }

    fn congestible(&self) -> bool {
        self.free_flow_time > 0.0 && self.b > 0.0 && self.power > 0.0
    }
}

/// Volume, cost and cost derivative of one link, side by side because they are read together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LinkState {
    /// Volume, vehicles per period.
    pub volume: f64,
    /// Generalised cost at that volume, time units.
    pub cost: f64,
    /// d cost / d volume.
    pub slope: f64,
}

/// Cost functions of all links of a [`crate::Graph`], in its link order, ready for hot loops.
#[derive(Debug, Clone)]
pub struct LinkDelays {
    links: Vec<LinkDelay>,
}

/// cost(v) = constant + rise (v / capacity)^exponent; two to a cache line, since every move of flow reads them.
#[derive(Debug, Clone, Copy)]
struct LinkDelay {
    constant: f64,
    rise: f64,
    inverse_capacity: f64,
    exponent: Exponent,
}

/// Volume over capacity below which the slope of a concave delay (p < 1) is held, because it is infinite at 0.
const LEAST_RATIO_OF_CONCAVE_SLOPE: f64 = 1e-6;

impl LinkDelay {
    fn new(delay: &BprDelay) -> Self {
        if delay.congestible() {
            LinkDelay {
                constant: delay.free_flow_time,
                rise: delay.free_flow_time * delay.b,
                inverse_capacity: 1.0 / delay.capacity,
                exponent: Exponent::new(delay.power),
            }
        } else {
            let added = if delay.power == 0.0 { delay.b } else { 0.0 };
            LinkDelay {
                constant: delay.free_flow_time * (1.0 + added),
                rise: 0.0,
                inverse_capacity: 0.0,
                exponent: Exponent::new(1.0),
            }
        }
    }

    #[inline]
    fn state(&self, volume: f64) -> LinkState {
        if self.rise == 0.0 {
            return LinkState { volume, cost: self.constant, slope: 0.0 };
        }
        let ratio = volume.max(0.0) * self.inverse_capacity;
        if self.exponent.value() == 4.0 {
            let cube = ratio * ratio * ratio;
            let slope = 4.0 * self.rise * self.inverse_capacity * cube;
            return LinkState { volume, cost: self.constant + self.rise * (cube * ratio), slope };
        }
        let powered = self.exponent.raise(ratio);
        let slope = self.rise * self.inverse_capacity * self.ratio_slope(ratio, powered);
        LinkState { volume, cost: self.constant + self.rise * powered, slope }
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

    /// ∫ cost dv from 0 to `volume`.
    fn integral(&self, volume: f64) -> f64 {
        let constant_part = self.constant * volume;
        if self.rise == 0.0 {
            return constant_part;
        }
        let ratio = volume.max(0.0) * self.inverse_capacity;
        constant_part + self.rise * self.exponent.raise(ratio) * volume.max(0.0) / (self.exponent.value() + 1.0)
    }
}

impl LinkDelays {
    /// The cost functions of these delays.
    pub fn new(delays: impl IntoIterator<Item = BprDelay>) -> Self {
        LinkDelays { links: delays.into_iter().map(|delay| LinkDelay::new(&delay)).collect() }
    }
    /// Number of links.
    pub fn len(&self) -> usize {
        self.links.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }
    /// Cost and slope of `link` at `volume`.
    #[inline]
    pub fn state(&self, link: usize, volume: f64) -> LinkState {
        self.links[link].state(volume)
    }
    /// Generalised cost of `link` at `volume`.
    #[inline]
    pub fn cost(&self, link: usize, volume: f64) -> f64 {
        self.links[link].state(volume).cost
    }
    /// ∫ cost dv of `link` from 0 to `volume`: its term of the Beckmann objective.
    pub fn cost_integral(&self, link: usize, volume: f64) -> f64 {
        self.links[link].integral(volume)
    }
    /// Whether the cost of `link` rises with its volume.
    pub fn rises(&self, link: usize) -> bool {
        self.links[link].rise > 0.0
    }
}
