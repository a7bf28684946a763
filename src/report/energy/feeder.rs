//! What the feeder of a finished run sees.

use ndarray::{Array2, Ix2};

use super::{misfit, optional};
use crate::error::Error;
use crate::field::{FieldSpec, energy as field};
use crate::store::read::RunReader;

/// A feeder with what each package of measures does to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Feeder {
    /// Name of each bus.
    pub buses: Vec<String>,
    /// Buses at the ends of each line, as indices.
    pub lines: Vec<[usize; 2]>,
    /// Name of each package, the first of them none.
    pub packages: Vec<String>,
    /// Lowest voltage over packages and buses, per unit.
    pub lowest: Option<Array2<f64>>,
    /// Highest voltage over packages and buses, per unit.
    pub highest: Option<Array2<f64>>,
    /// Hours of each package with any voltage below the limit.
    pub hours_low: Option<Vec<f64>>,
    /// Hours of each package with any voltage above the limit.
    pub hours_high: Option<Vec<f64>>,
    /// Largest loading over packages and lines, 1 at the rating.
    pub loading: Option<Array2<f64>>,
    /// Hours of each package with any line above its rating.
    pub hours_overloaded: Option<Vec<f64>>,
    /// Losses of each package (kWh a year).
    pub losses: Option<Vec<f64>>,
    /// Name of each technology with the largest share of connections that may have it, draw by draw, ascending.
    pub hosting: Vec<(String, Vec<f64>)>,
}

impl Feeder {
    /// The feeder of a run; none where it has none.
    ///
    /// # Errors
    /// Its fields do not fit together.
    pub fn read(run: &RunReader) -> Result<Option<Feeder>, Error> {
        if !run.has_field(&field::BUS_ID) {
            return Ok(None);
        }
        let buses = run.text_of(&field::BUS_ID)?;
        let packages = run.text_of(&field::FEEDER_PACKAGE)?;
        let lines = lines(run, buses.len())?;
        let table = |spec: &FieldSpec, n: usize| -> Result<Option<Array2<f64>>, Error> {
            let values = optional(run, spec, &[packages.len(), n])?;
            Ok(values.map(|values| values.into_dimensionality::<Ix2>().expect("the shape was just checked")))
        };
        let figures = |spec: &FieldSpec| -> Result<Option<Vec<f64>>, Error> {
            Ok(optional(run, spec, &[packages.len()])?.map(|values| values.iter().copied().collect()))
        };
        Ok(Some(Feeder {
            lowest: table(&field::BUS_LOWEST, buses.len())?,
            highest: table(&field::BUS_HIGHEST, buses.len())?,
            hours_low: figures(&field::HOURS_LOW_VOLTAGE)?,
            hours_high: figures(&field::HOURS_HIGH_VOLTAGE)?,
            loading: table(&field::LINE_LOADING, lines.len())?,
            hours_overloaded: figures(&field::HOURS_OVERLOADED)?,
            losses: figures(&field::LOSSES)?,
            hosting: hosting(run)?,
            buses,
            lines,
            packages,
        }))
    }

    /// A line by the names of its ends.
    pub fn line_name(&self, line: usize) -> String {
        let [from, to] = self.lines[line];
        format!("{} – {}", self.buses[from], self.buses[to])
    }
}

fn lines(run: &RunReader, n_buses: usize) -> Result<Vec<[usize; 2]>, Error> {
    let spec = &field::LINE_BUSES;
    let values = run.numbers_of(spec)?;
    let is_place = |value: &f64| *value >= 0.0 && *value < n_buses as f64;
    match values.into_dimensionality::<Ix2>() {
        Ok(values) if values.ncols() == 2 && values.iter().all(is_place) => {
            Ok(values.rows().into_iter().map(|ends| [ends[0] as usize, ends[1] as usize]).collect())
        }
        _ => Err(misfit(run, spec, format!("does not name two of {n_buses} buses for each line"))),
    }
}

fn hosting(run: &RunReader) -> Result<Vec<(String, Vec<f64>)>, Error> {
    let spec = &field::HOSTING_SHARE;
    if !run.has_field(spec) {
        return Ok(Vec::new());
    }
    let names = run.text_of(&field::TECHNOLOGY_NAME)?;
    let shares = run.numbers_of(spec)?.into_dimensionality::<Ix2>();
    let shares = shares.ok().filter(|shares| shares.nrows() == names.len());
    let shares = shares.ok_or_else(|| misfit(run, spec, format!("does not fit {} technologies", names.len())))?;
    let ascending = |draws: ndarray::ArrayView1<'_, f64>| {
        let mut draws: Vec<f64> = draws.iter().copied().filter(|share| share.is_finite()).collect();
        draws.sort_by(f64::total_cmp);
        draws
    };
    Ok(names.into_iter().zip(shares.rows().into_iter().map(ascending)).collect())
}

/// The quantile of ascending values at a probability, straight between neighbours (Hyndman and Fan 1996, definition 7);
/// NaN without values.
pub fn quantile(ascending: &[f64], probability: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return f64::NAN };
    let place = probability.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    ascending[below] + (ascending[above] - ascending[below]) * (place - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_neighbours() {
        // As R's quantile(c(0.1, 0.2, 0.4, 0.8), c(0, 0.25, 0.5, 1)): 0.1, 0.175, 0.3, 0.8.
        let values = [0.1, 0.2, 0.4, 0.8];
        let found = [0.0, 0.25, 0.5, 1.0].map(|probability| quantile(&values, probability));
        assert!(found.iter().zip([0.1, 0.175, 0.3, 0.8]).all(|(one, other)| (one - other).abs() < 1e-15), "{found:?}");
        assert!(quantile(&[], 0.5).is_nan() && quantile(&[0.3], 0.9) == 0.3);
    }
}
