//! What can be wrong with a place or a time.

use thiserror::Error;

/// Why no position can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum SunError {
    /// An instant outside of years −2000 to 6000, or not a number.
    #[error("instant {index} is Julian day {value}; expected years -2000 to 6000")]
    Instant {
        /// Position in the list of instants.
        index: usize,
        /// Julian day.
        value: f64,
    },
    /// A property of the place, or delta T, out of its range.
    #[error("{what} is {value}; expected {expected}")]
    Value {
        /// Which value.
        what: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
}
