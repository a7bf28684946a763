//! Matrices of a finished run as an OMX file: demand and skims, copied block by block.

use std::path::Path;

use ndarray::Axis;

use crate::error::{Error, Problem};
use crate::export::file::{Existing, refuse_existing};
use crate::field::traffic;
use crate::formats::omx::OmxWriter;
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

/// Writes all matrices of a run to the file `path`.
///
/// # Errors
/// The file exists and is to be kept, the run has no matrices or is damaged, or the file cannot be written.
pub fn write(run: &RunReader, path: &Path, existing: Existing) -> Result<(), Error> {
    refuse_existing(path, existing)?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|cause| Error::file("make the folder", folder, cause))?;
    }
    let mut writer = OmxWriter::create(path, &zone_ids(run)?)?;
    copy_matrices(run, &mut writer)?;
    writer.finish()
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
    let specs = [
        &traffic::DEMAND,
        &traffic::SKIM_COST,
        &traffic::SKIM_TRAVEL_TIME,
        &traffic::SKIM_DISTANCE,
        &traffic::SKIM_TOLL,
        &traffic::SKIM_FREE_FLOW_TIME,
    ];
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
/// The run is damaged, or the file cannot be written.
pub fn copy_matrices(run: &RunReader, writer: &mut OmxWriter) -> Result<(), Error> {
    let n_zones = zone_ids(run)?.len();
    for matrix in matrices(run)? {
        let shape = run.shape(matrix.field)?;
        if shape.get(1..) != Some(&[n_zones, n_zones]) {
            let message = format!("field {} has shape {shape:?}, but there are {n_zones} zones", matrix.field);
            return Err(Problem::new(message).in_file(run.dir()).into());
        }
        writer.matrix(&matrix.name, &matrix.description)?;
        let step = (BLOCK_VALUES / n_zones.max(1)).max(1);
        for first_row in (0..n_zones).step_by(step) {
            let rows = first_row..(first_row + step).min(n_zones);
            let block = run.rows_f64(matrix.field, matrix.class, rows)?;
            debug_assert_eq!(block.len_of(Axis(1)), n_zones);
            writer.write_rows(&matrix.name, first_row, &block.view())?;
        }
    }
    Ok(())
}
