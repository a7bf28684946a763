//! The sun on buildings and ground of a finished run as checked tables, for the report, the exports and the pictures.

pub mod city;
pub mod columns;
pub mod notes;
pub mod raster;

use crate::error::{Error, Problem};
use crate::field::{FieldSpec, solar};
use crate::store::read::RunReader;

/// Whether a run has surfaces of buildings with what the sun does to them.
pub fn has_surfaces(run: &RunReader) -> bool {
    run.has(solar::SURFACE_TYPE.name)
}

/// Whether a run has a raster with what the sun does to its cells.
pub fn has_raster(run: &RunReader) -> bool {
    run.has_field(&solar::X) && run.has_field(&solar::Y)
}

/// A column of floats or integers.
///
/// # Errors
/// The run lacks it, or it is not of this length.
pub fn column(run: &RunReader, field: &FieldSpec, length: usize) -> Result<Vec<f64>, Error> {
    let values = match field.kind {
        crate::field::Kind::I32 | crate::field::Kind::I64 => run.i64(field.name)?.mapv(|value| value as f64),
        _ => run.f64(field.name)?,
    };
    if values.shape() != [length] {
        return Err(misfit(run, format!("field {} has shape {:?} instead of [{length}]", field.name, values.shape())));
    }
    Ok(values.into_raw_vec_and_offset().0)
}

/// A run whose fields do not fit together.
pub(crate) fn misfit(run: &RunReader, message: String) -> Error {
    Problem::new(message)
        .in_file(run.dir().join(solar::SURFACE_TYPE.file))
        .hint("the run folder is damaged or was written by another version; run the scenario again")
        .into()
}

/// A run that was not asked for surfaces.
pub(crate) fn no_surfaces(run: &RunReader) -> Error {
    Problem::new("the run has no surfaces of buildings")
        .in_file(run.dir())
        .hint("the scenario needs [solar] and [buildings] tables for this")
        .into()
}
