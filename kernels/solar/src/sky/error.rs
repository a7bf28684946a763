//! What can be wrong with weather.

use thiserror::Error;

/// Why the sky cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum SkyError {
    /// A value of a time step out of its range.
    #[error("{what} of step {index} is {value}; expected {expected}")]
    Value {
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
    #[error("{what} has {len} steps; expected {expected}")]
    Length {
        /// Which series.
        what: &'static str,
        /// How long it is.
        len: usize,
        /// How long the sun's is.
        expected: usize,
    },
}
