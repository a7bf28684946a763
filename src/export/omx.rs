//! Matrices of a finished run as an OMX file: demand and skims, copied block by block.

use std::collections::BTreeSet;
use std::path::Path;

use ndarray::Axis;

use crate::error::{Error, Problem};
use crate::export::file::{Existing, refuse_existing};
use crate::field::{FieldSpec, traffic};
use crate::formats::omx::OmxWriter;
use crate::report::period;
use crate::store::read::RunReader;

/// Values read at a time.
const BLOCK_VALUES: usize = 1 << 20;

/// One matrix over pairs of zones.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Its name in the OMX file: the field's or the selection's, with the class's where there are several and the period's where
    /// there are any.
    pub name: String,
    /// One line for people.
    pub description: String,
    field: &'static str,
    /// Indices on the axes of the field before those of zones.
    at: Vec<usize>,
}

/// One entry of an axis: its index, none without such an axis, and its name in names of matrices, none where that is left out.
type Entry = (Option<usize>, Option<String>);

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
    let axes = Axes::read(run)?;
    let mut found = Vec::new();
    for spec in specs.into_iter().filter(|spec| run.has(spec.name)) {
        found.extend(axes.matrices(spec, spec.name, &[(None, None)]));
    }
    if run.has(traffic::SELECTED_DEMAND.name) {
        let names = run.text(traffic::SELECTION_NAME.name)?;
        let selections: Vec<Entry> =
            names.into_iter().enumerate().map(|(index, name)| (Some(index), Some(name))).collect();
        found.extend(axes.matrices(&traffic::SELECTED_DEMAND, "selected", &selections));
    }
    keep_apart(&mut found);
    if found.is_empty() {
        return Err(Problem::new("the run has no matrices")
            .in_file(run.dir())
            .hint("ask for skims in the scenario with `traffic.skims`")
            .into());
    }
    Ok(found)
}

/// The axes that most matrices share.
struct Axes {
    classes: Vec<Entry>,
    class_names: Vec<String>,
    periods: Vec<Entry>,
}

impl Axes {
    fn read(run: &RunReader) -> Result<Axes, Error> {
        let class_names = run.text(traffic::CLASS_NAME.name)?;
        let several = class_names.len() > 1;
        let class = |(index, name): (usize, &String)| (Some(index), several.then(|| name.clone()));
        let periods = period::names(run)?;
        let periods: Vec<Entry> = match periods.is_empty() {
            true => vec![(None, None)],
            false => periods.into_iter().enumerate().map(|(index, name)| (Some(index), Some(name))).collect(),
        };
        Ok(Axes { classes: class_names.iter().enumerate().map(class).collect(), class_names, periods })
    }

    /// The matrices of a field over periods, selections, classes and pairs of zones.
    fn matrices(&self, spec: &FieldSpec, prefix: &str, selections: &[Entry]) -> Vec<Matrix> {
        let unit = spec.unit.map_or_else(String::new, |unit| format!(" [{unit}]"));
        let mut found = Vec::new();
        for (selection, selection_name) in selections {
            for ((class, class_name), shown_class) in self.classes.iter().zip(&self.class_names) {
                for (period, period_name) in &self.periods {
                    let words = [selection_name, class_name, period_name].into_iter().flatten();
                    // A slash would make a group of the part before it.
                    let name = words.fold(prefix.to_owned(), |name, word| format!("{name}_{}", word.replace('/', "_")));
                    let shown = [Some(shown_class), selection_name.as_ref(), period_name.as_ref()];
                    let shown: Vec<&str> = shown.into_iter().flatten().map(String::as_str).collect();
                    found.push(Matrix {
                        name,
                        description: format!("{}, {}{unit}", spec.long_name, shown.join(", ")),
                        field: spec.name,
                        at: [period, selection, class].into_iter().flatten().copied().collect(),
                    });
                }
            }
        }
        found
    }
}

/// Numbers matrices whose names came out the same, as those of class "a_b" and of class "a" in period "b" do.
fn keep_apart(matrices: &mut [Matrix]) {
    let mut taken = BTreeSet::new();
    for matrix in matrices {
        let mut name = matrix.name.clone();
        for number in 2.. {
            if taken.insert(name.clone()) {
                break;
            }
            name = format!("{}_{number}", matrix.name);
        }
        matrix.name = name;
    }
}

/// Copies every matrix of a run, a bounded number of rows at a time.
///
/// # Errors
/// The run is damaged, or the file cannot be written.
pub fn copy_matrices(run: &RunReader, writer: &mut OmxWriter) -> Result<(), Error> {
    let n_zones = zone_ids(run)?.len();
    for matrix in matrices(run)? {
        let shape = run.shape(matrix.field)?;
        if shape.get(matrix.at.len()..) != Some(&[n_zones, n_zones]) {
            let message = format!("field {} has shape {shape:?}, but there are {n_zones} zones", matrix.field);
            return Err(Problem::new(message).in_file(run.dir()).into());
        }
        writer.matrix(&matrix.name, &matrix.description)?;
        let step = (BLOCK_VALUES / n_zones.max(1)).max(1);
        for first_row in (0..n_zones).step_by(step) {
            let rows = first_row..(first_row + step).min(n_zones);
            let block = run.rows_at(matrix.field, &matrix.at, rows)?;
            debug_assert_eq!(block.len_of(Axis(1)), n_zones);
            writer.write_rows(&matrix.name, first_row, &block.view())?;
        }
    }
    Ok(())
}
