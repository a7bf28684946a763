//! Indices: what a year of days means to people, as one number per year.
//!
//! Definitions follow the indices of ETCCDI (Zhang et al. 2011, doi:10.1002/wcc.147) and heat waves of nights and days after
//! Casati et al. (2013, Journal of Applied Meteorology and Climatology 52), with these rules:
//! - A year is one of the calendar, from its 1 January. A spell that lasts over New Year is cut there, and each part is a
//!   spell of its own year if it is long enough. Sums over five days belong to the year of their last day.
//! - A year that lacks a day, in the days themselves or as NaN (or an infinite value) in a variable that the index needs, has
//!   no value (NaN). Five days that lack one count nowhere.
//! - Series are in K and mm d⁻¹, limits in °C; a limit is rounded to the type of the series before the two are compared, so
//!   that 20 °C stored in 32 bits is not above 20 °C.

mod index;
mod percentile;
mod reducer;
mod rule;
mod tally;
#[cfg(test)]
mod tests;
mod years;

pub use index::{Index, Thresholds};
pub use percentile::{DayLimits, PercentileError};
pub use reducer::Reducer;
pub use years::Years;

use crate::sample::Sample;

/// Kelvin of 0 °C.
pub const ZERO_CELSIUS: f64 = 273.15;

/// A variable that indices are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// Mean air temperature of the day (K).
    Tas,
    /// Its minimum (K).
    Tasmin,
    /// Its maximum (K).
    Tasmax,
    /// Precipitation (mm d⁻¹).
    Pr,
}

/// Daily series of a cell, or parts of them that begin at one day and are of one length; NaN are missing days.
#[derive(Debug, Clone, Copy, Default)]
pub struct DailySeries<'a, T> {
    /// Mean air temperature (K).
    pub tas: Option<&'a [T]>,
    /// Minimum air temperature (K).
    pub tasmin: Option<&'a [T]>,
    /// Maximum air temperature (K).
    pub tasmax: Option<&'a [T]>,
    /// Precipitation (mm d⁻¹).
    pub pr: Option<&'a [T]>,
    /// What the maximum is compared with on each day of the year (K), from its first, of [`DayLimits::of_cell`]: no part.
    pub tasmax_limits: Option<&'a [f64]>,
}

/// Why indices cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// A variable was not given.
    #[error("{index:?} needs {variable:?}")]
    NoSeries {
        /// The index.
        index: Index,
        /// The variable.
        variable: Variable,
    },
    /// Limits of the days of the year were not given, or too few.
    #[error("{index:?} needs a limit for each of {days} days of the year, there are {found}")]
    NoLimits {
        /// The index.
        index: Index,
        /// Days of the longest year.
        days: usize,
        /// Limits.
        found: usize,
    },
    /// Two series have parts of different length.
    #[error("{variable:?} has {found} values, {expected} are expected")]
    Length {
        /// The longer or shorter one.
        variable: Variable,
        /// Its values.
        found: usize,
        /// Values of the other, or days.
        expected: usize,
    },
    /// More values than days.
    #[error("there are {values} values, {days} days are left")]
    TooLong {
        /// Values of the part.
        values: usize,
        /// Days that have no value yet.
        days: usize,
    },
    /// Results do not have the years of the days.
    #[error("there is room for {found} years of {expected}")]
    Years {
        /// Length of the results.
        found: usize,
        /// Years.
        expected: usize,
    },
}

/// Mean over years and how many had a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanOfYears {
    /// Mean over the years with a value; NaN if there is none.
    pub mean: f64,
    /// Years with a value.
    pub years: usize,
}

/// One value of an index for each year of `years`, NaN for years that lack a day.
///
/// # Errors
/// A variable that the index needs and is not given, or lengths that do not fit each other.
pub fn yearly<T: Sample>(
    index: Index,
    series: &DailySeries<'_, T>,
    years: &Years,
    thresholds: &Thresholds,
    out: &mut [f64],
) -> Result<(), IndexError> {
    let values = series.needed_length(index)?;
    if values != years.n_days() {
        return Err(IndexError::Length { variable: index.needs()[0], found: values, expected: years.n_days() });
    }
    Reducer::new(index, thresholds).add(series, years, out)
}

/// Mean over the years of a period; years without a value are left out and not counted.
pub fn mean_of_years(values: &[f64]) -> MeanOfYears {
    let valid = values.iter().filter(|value| !value.is_nan());
    let (sum, years) = valid.fold((0.0, 0), |(sum, years), value| (sum + value, years + 1));
    MeanOfYears { mean: if years > 0 { sum / years as f64 } else { f64::NAN }, years }
}

impl<'a, T> DailySeries<'a, T> {
    /// The series of a variable.
    pub fn of(&self, variable: Variable) -> Option<&'a [T]> {
        match variable {
            Variable::Tas => self.tas,
            Variable::Tasmin => self.tasmin,
            Variable::Tasmax => self.tasmax,
            Variable::Pr => self.pr,
        }
    }

    /// Length of all series that an index needs.
    fn needed_length(&self, index: Index) -> Result<usize, IndexError> {
        let length = |&variable: &Variable| {
            let series = self.of(variable).ok_or(IndexError::NoSeries { index, variable })?;
            Ok((variable, series.len()))
        };
        let (_, expected) = length(&index.needs()[0])?;
        for needed in index.needs() {
            let (variable, found) = length(needed)?;
            if found != expected {
                return Err(IndexError::Length { variable, found, expected });
            }
        }
        Ok(expected)
    }
}
