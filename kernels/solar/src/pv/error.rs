//! What can be wrong with a system, its weather or its money.

use thiserror::Error;

/// Why nothing can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum PvError {
    /// A parameter out of its range.
    #[error("{what} is {value}; expected {expected}")]
    Parameter {
        /// Which one.
        what: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// Weather of a time step out of its range.
    #[error("{what} of step {index} is {value}; expected {expected}")]
    Weather {
        /// Time step.
        index: usize,
        /// Which series.
        what: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// Series of different lengths.
    #[error("{n_temperatures} air temperatures, but {n_winds} wind speeds")]
    Length {
        /// Air temperatures.
        n_temperatures: usize,
        /// Wind speeds.
        n_winds: usize,
    },
}

/// Refuses what is out of `range`, NaN among it.
pub(super) fn check(
    what: &'static str,
    value: f64,
    range: std::ops::RangeInclusive<f64>,
    expected: &'static str,
) -> Result<(), PvError> {
    if range.contains(&value) { Ok(()) } else { Err(PvError::Parameter { what, value, expected }) }
}
