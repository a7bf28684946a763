//! What can be wrong with hourly series.

use core::ops::RangeInclusive;

use thiserror::Error;

/// Why a climate or a profile cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum SeriesError {
    /// A series of another length than the first one.
    #[error("{what} has {len} hours; expected {expected}")]
    Length {
        /// Which series.
        what: &'static str,
        /// How long it is.
        len: usize,
        /// How long it must be.
        expected: usize,
    },
    /// A value out of its range.
    #[error("{what} of hour {hour} is {value}; expected {expected}")]
    Value {
        /// Which series.
        what: &'static str,
        /// Which hour.
        hour: usize,
        /// What it is.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
}

/// A series with what its values may be.
pub(crate) struct Series<'a> {
    pub(crate) what: &'static str,
    pub(crate) values: &'a [f64],
    pub(crate) range: RangeInclusive<f64>,
    pub(crate) expected: &'static str,
}

impl Series<'_> {
    /// Whether it has so many hours, all in range; NaN is in no range.
    pub(crate) fn check(&self, n_hours: usize) -> Result<(), SeriesError> {
        let Series { what, values, ref range, expected } = *self;
        if values.len() != n_hours {
            return Err(SeriesError::Length { what, len: values.len(), expected: n_hours });
        }
        match values.iter().position(|value| !range.contains(value)) {
            Some(hour) => Err(SeriesError::Value { what, hour, value: values[hour], expected }),
            None => Ok(()),
        }
    }
}
