//! What can be wrong with a zone.

use thiserror::Error;

/// Why a zone, or a piece of one, cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum ZoneError {
    /// A value out of its range.
    #[error("{what} is {value}; expected {expected}")]
    Value {
        /// Which value.
        what: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// A value of one of several out of its range.
    #[error("{what} {index} is {value}; expected {expected}")]
    Indexed {
        /// Which value.
        what: &'static str,
        /// Which of them.
        index: usize,
        /// What it is.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// A list of the wrong length.
    #[error("{what} {index} has {len} entries; expected {expected}")]
    Length {
        /// Which list.
        what: &'static str,
        /// Which of them.
        index: usize,
        /// How long it is.
        len: usize,
        /// How long it must be.
        expected: usize,
    },
    /// Values that do not go together.
    #[error("{what}: {value}; expected {expected}")]
    Together {
        /// Which values.
        what: &'static str,
        /// What they amount to.
        value: f64,
        /// What they should amount to.
        expected: &'static str,
    },
}

/// Passes a value in a range on; NaN is in no range.
pub(super) fn within(
    what: &'static str,
    value: f64,
    range: core::ops::RangeInclusive<f64>,
    expected: &'static str,
) -> Result<f64, ZoneError> {
    if range.contains(&value) { Ok(value) } else { Err(ZoneError::Value { what, value, expected }) }
}
