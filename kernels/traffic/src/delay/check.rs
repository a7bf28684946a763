//! What values a volume-delay function may have.

use crate::network::NetworkError;

pub(super) fn at_least_0(link: usize, what: &'static str, value: f64) -> Result<(), NetworkError> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    Err(NetworkError::Value { link, what, value, expected: "a finite number of at least 0" })
}

pub(super) fn above_0(link: usize, what: &'static str, value: f64) -> Result<(), NetworkError> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(NetworkError::Value { link, what, value, expected: "a finite number above 0" })
}

/// A link without capacity is allowed as long as nothing is divided by it.
pub(super) fn congestible_capacity(link: usize, capacity: f64) -> Result<(), NetworkError> {
    if capacity > 0.0 {
        return Ok(());
    }
    Err(NetworkError::Value { link, what: "capacity", value: capacity, expected: "more than 0" })
}
