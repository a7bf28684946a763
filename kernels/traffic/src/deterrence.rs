//! How trips thin out with cost.

/// A deterrence function f(c) of the gravity model; c is generalised cost in the unit that `beta` is per.
///
/// Source: Ortúzar and Willumsen, Modelling Transport, 4th edition, Wiley 2011, chapter 5,
/// <https://doi.org/10.1002/9781119993308>. The combined one is due to Tanner, Factors affecting the amount of travel, Road
/// Research Technical Paper 51, HMSO 1961.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Deterrence {
    /// exp(−β c), c ≥ 0.
    Exponential {
        /// β ≥ 0.
        beta: f64,
    },
    /// c^−α, c > 0.
    Power {
        /// α ≥ 0.
        alpha: f64,
    },
    /// c^α exp(−β c), c > 0; with α < 0 it falls throughout, with α > 0 it first rises, up to c = α / β.
    Combined {
        /// α, of either sign.
        alpha: f64,
        /// β ≥ 0.
        beta: f64,
    },
}

/// Why a gravity model cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum GravityError {
    /// A parameter of the deterrence function is out of range.
    #[error("deterrence has {what} {value}, expected {expected}")]
    Parameter {
        /// `alpha` or `beta`.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What is valid.
        expected: &'static str,
    },
    /// The function has no value at a cost.
    #[error("cost to destination {destination} is {cost}, expected {expected}")]
    Cost {
        /// Index in the row.
        destination: usize,
        /// The cost.
        cost: f64,
        /// What is valid.
        expected: &'static str,
    },
    /// Trips from or to a zone are negative or not finite.
    #[error("zone {zone} has {what} {value}, expected a finite number of at least 0")]
    Trips {
        /// Index of the zone.
        zone: usize,
        /// `productions` or `attractions`.
        what: &'static str,
        /// Their value.
        value: f64,
    },
    /// All trips of one kind together are too few or too many.
    #[error("{what} are {total} in all, expected {expected}")]
    Total {
        /// `productions` or `attractions`.
        what: &'static str,
        /// Their sum.
        total: f64,
        /// What is valid.
        expected: &'static str,
    },
}

impl Deterrence {
    /// Checks the parameters.
    ///
    /// # Errors
    /// α or β not finite or out of range.
    pub fn check(&self) -> Result<(), GravityError> {
        let at_least_0 = |what, value: f64| {
            let (valid, expected) = (value.is_finite() && value >= 0.0, "a finite number of at least 0");
            if valid { Ok(()) } else { Err(GravityError::Parameter { what, value, expected }) }
        };
        match *self {
            Deterrence::Exponential { beta } => at_least_0("beta", beta),
            Deterrence::Power { alpha } => at_least_0("alpha", alpha),
            Deterrence::Combined { alpha: value, .. } if !value.is_finite() => {
                Err(GravityError::Parameter { what: "alpha", value, expected: "a finite number" })
            }
            Deterrence::Combined { beta, .. } => at_least_0("beta", beta),
        }
    }

    /// f at `cost`, 0 where it is infinite.
    pub fn value(&self, cost: f64) -> f64 {
        libm::exp(self.logarithm(cost))
    }

    /// Weights f(c) of one origin's pairs relative to the greatest of them, so that none of a row of great costs is lost to
    /// underflow; 0 where the cost is infinite. Balancing makes up for factors on whole rows.
    ///
    /// # Errors
    /// A cost that is not a number or negative, or is 0 where the function needs c > 0, or at which f is no finite number.
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn weigh(&self, costs: &[f64], weights: &mut [f64]) -> Result<(), GravityError> {
        assert_eq!(costs.len(), weights.len(), "costs and weights are of the same pairs");
        let refused = |destination: usize, expected| {
            let cost = costs[destination];
            Err(GravityError::Cost { destination, cost, expected })
        };
        let mut greatest = f64::NEG_INFINITY;
        for (destination, &cost) in costs.iter().enumerate() {
            if !self.accepts(cost) {
                return refused(destination, if self.accepts(0.0) { "at least 0" } else { "more than 0" });
            }
            let logarithm = self.logarithm(cost);
            if logarithm.is_nan() || logarithm == f64::INFINITY {
                return refused(destination, "one at which deterrence is finite");
            }
            weights[destination] = logarithm;
            greatest = greatest.max(logarithm);
        }
        for weight in weights {
            *weight = if *weight == f64::NEG_INFINITY { 0.0 } else { libm::exp(*weight - greatest) };
        }
        Ok(())
    }

    fn accepts(&self, cost: f64) -> bool {
        match self {
            Deterrence::Exponential { .. } => cost >= 0.0,
            Deterrence::Power { .. } | Deterrence::Combined { .. } => cost > 0.0,
        }
    }

    /// ln f.
    fn logarithm(&self, cost: f64) -> f64 {
        if cost == f64::INFINITY {
            return f64::NEG_INFINITY;
        }
        match *self {
            Deterrence::Exponential { beta } => -beta * cost,
            Deterrence::Power { alpha } => -alpha * libm::log(cost),
            Deterrence::Combined { alpha, beta } => alpha * libm::log(cost) - beta * cost,
        }
    }
}
