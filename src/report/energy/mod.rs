//! Energy in buildings of a finished run, and what its feeder sees, as checked tables for the report and the exports.

pub mod columns;
pub mod feeder;
pub mod stock;
pub mod totals;

use ndarray::ArrayD;

use crate::error::{Error, Problem};
use crate::field::{FieldSpec, energy as field};
use crate::store::read::RunReader;

/// Whether a run has energy of buildings.
pub fn has_energy(run: &RunReader) -> bool {
    run.has_field(&field::BUILDING_ID)
}

/// A field of a known shape; none where the run lacks it.
///
/// # Errors
/// It has another shape or cannot be read.
pub fn optional(run: &RunReader, spec: &FieldSpec, shape: &[usize]) -> Result<Option<ArrayD<f64>>, Error> {
    if !run.has_field(spec) {
        return Ok(None);
    }
    let values = run.numbers_of(spec)?;
    match values.shape() == shape {
        true => Ok(Some(values)),
        false => Err(misfit(run, spec, format!("has shape {:?} instead of {shape:?}", values.shape()))),
    }
}

/// A field over buildings; none where the run lacks it.
///
/// # Errors
/// As [`optional`].
pub fn of_buildings(run: &RunReader, spec: &FieldSpec, n_buildings: usize) -> Result<Option<Vec<f64>>, Error> {
    let values = optional(run, spec, &[n_buildings])?;
    Ok(values.map(|values| values.iter().copied().collect()))
}

/// A run whose fields do not fit together.
pub(crate) fn misfit(run: &RunReader, spec: &FieldSpec, what: String) -> Error {
    Problem::new(format!("field {} {what}", spec.name))
        .in_file(run.dir().join(spec.file))
        .hint("the run folder is damaged or was written by another version; run the scenario again")
        .into()
}
