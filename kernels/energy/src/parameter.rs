//! What can be wrong with the numbers that describe a system, its price or its use.

use std::ops::RangeInclusive;

use thiserror::Error;

/// A number that nothing can be computed from.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum ParameterError {
    /// A parameter out of its range, or not a number.
    #[error("{what} is {value}; expected {expected}")]
    Value {
        /// Which one.
        what: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// An entry of a series or list out of its range, or not a number.
    #[error("{what} of entry {index} is {value}; expected {expected}")]
    Entry {
        /// Where in the list.
        index: usize,
        /// Which value.
        what: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// Lists of different lengths.
    #[error("{what} has {found} entries; expected {expected}")]
    Length {
        /// Which list.
        what: &'static str,
        /// How long it is.
        found: usize,
        /// How long it must be.
        expected: usize,
    },
}

/// Refuses what is out of `range`, NaN among it.
pub(crate) fn check(
    what: &'static str,
    value: f64,
    range: RangeInclusive<f64>,
    expected: &'static str,
) -> Result<(), ParameterError> {
    if range.contains(&value) { Ok(()) } else { Err(ParameterError::Value { what, value, expected }) }
}

/// Refuses the first entry out of `range`, NaN among it.
pub(crate) fn check_all(
    what: &'static str,
    values: &[f64],
    range: RangeInclusive<f64>,
    expected: &'static str,
) -> Result<(), ParameterError> {
    match values.iter().position(|value| !range.contains(value)) {
        None => Ok(()),
        Some(index) => Err(ParameterError::Entry { index, what, value: values[index], expected }),
    }
}

/// Refuses a list that is not `expected` long.
pub(crate) fn check_length(what: &'static str, found: usize, expected: usize) -> Result<(), ParameterError> {
    if found == expected { Ok(()) } else { Err(ParameterError::Length { what, found, expected }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_never_passes() {
        assert!(check("share", f64::NAN, 0.0..=1.0, "0 to 1").is_err());
        let error = check_all("price", &[1.0, f64::INFINITY], 0.0..=9.0, "0 to 9").unwrap_err();
        assert_eq!(error.to_string(), "price of entry 1 is inf; expected 0 to 9");
        assert_eq!(check_length("pv", 3, 4).unwrap_err().to_string(), "pv has 3 entries; expected 4");
        assert_eq!(check("share", 2.0, 0.0..=1.0, "0 to 1").unwrap_err().to_string(), "share is 2; expected 0 to 1");
    }
}
