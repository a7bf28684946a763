//! The matrices of a finished run, block by block, for a writer of OMX files.

use ndarray::ArrayView2;

use crate::error::{Error, Problem};
use crate::field::traffic;
use crate::store::read::RunReader;

/// Values read at a time.
const BLOCK_VALUES: usize = 1 << 20;

/// One matrix over pairs of zones.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Its name in the OMX file: the field's, with the class's where there are several.
    pub name: String,
    /// One line for people.
    pub description: String,
    field: &'static str,
    class: usize,
}

/// Where matrices go.
pub trait MatrixSink {
    /// Announces a matrix before its rows.
    ///
    /// # Errors
    /// It cannot be written.
    fn matrix(&mut self, matrix: &Matrix) -> Result<(), Error>;
    /// Takes the next rows of the matrix announced last.
    ///
    /// # Errors
    /// They cannot be written.
    fn rows(&mut self, first_row: usize, rows: ArrayView2<'_, f64>) -> Result<(), Error>;
}

/// Ids of the zones that rows and columns stand for.
///
/// # Errors
/// The run has no zones or is damaged.
pub fn zone_ids(run: &RunReader) -> Result<Vec<i64>, Error> {
    Ok(run.i64(traffic::ZONE_ID.name)?.into_raw_vec_and_offset().0)
}

/// The matrices that a run has.
///
/// # Errors
/// The run has none, or is damaged.
pub fn matrices(run: &RunReader) -> Result<Vec<Matrix>, Error> {
    let specs = [&traffic::DEMAND, &traffic::SKIM_COST, &traffic::SKIM_TRAVEL_TIME, &traffic::SKIM_DISTANCE];
    let mut found = Vec::new();
    for spec in specs.into_iter().filter(|spec| run.has(spec.name)) {
        let classes = run.text(traffic::CLASS_NAME.name)?;
        for (class, class_name) in classes.iter().enumerate() {
            let unit = spec.unit.map_or_else(String::new, |unit| format!(" [{unit}]"));
            found.push(Matrix {
                name: if classes.len() == 1 { spec.name.to_owned() } else { format!("{}_{class_name}", spec.name) },
                description: format!("{}, {class_name}{unit}", spec.long_name),
                field: spec.name,
                class,
            });
        }
    }
    if found.is_empty() {
        return Err(Problem::new("the run has no matrices")
            .in_file(run.dir())
            .hint("ask for skims in the scenario with `traffic.skims`")
            .into());
    }
    Ok(found)
}

/// Copies every matrix of a run, a bounded number of rows at a time.
///
/// # Errors
/// The run is damaged, or the sink fails.
pub fn copy_matrices(run: &RunReader, sink: &mut dyn MatrixSink) -> Result<(), Error> {
    let n_zones = zone_ids(run)?.len();
    for matrix in matrices(run)? {
        let shape = run.shape(matrix.field)?;
        if shape[1..] != [n_zones, n_zones] {
            let message = format!("field {} has shape {shape:?}, but there are {n_zones} zones", matrix.field);
            return Err(Problem::new(message).in_file(run.dir()).into());
        }
        sink.matrix(&matrix)?;
        let step = (BLOCK_VALUES / n_zones.max(1)).max(1);
        for first_row in (0..n_zones).step_by(step) {
            let rows = first_row..(first_row + step).min(n_zones);
            let block = run.rows_f64(matrix.field, matrix.class, rows)?;
            sink.rows(first_row, block.view())?;
        }
    }
    Ok(())
}
