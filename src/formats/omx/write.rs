//! OMX files written row by row, so that no matrix needs to be in memory as a whole.

use std::path::{Path, PathBuf};

use hdf5::types::{FixedAscii, VarLenUnicode};
use hdf5::{Dataset, Group};
use ndarray::{ArrayView2, s};

use crate::error::Error;

const VERSION: &[u8] = b"0.2";
/// Values of one chunk of rows: a mebibyte.
const CHUNK_VALUES: usize = 1 << 17;
const DEFLATE_LEVEL: u8 = 1;

/// Writes one OMX file; it takes its name only when it is finished.
pub struct OmxWriter {
    // Fields are dropped in this order, and the library closes a file after its last object.
    matrices: Vec<(String, Dataset)>,
    data: Group,
    file: hdf5::File,
    n_zones: usize,
    target: PathBuf,
    partial: Partial,
}

impl OmxWriter {
    /// Starts a file of matrices between these zones.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn create(path: &Path, zone_ids: &[i64]) -> Result<Self, Error> {
        let n_zones = zone_ids.len();
        let side = i32::try_from(n_zones).ok().filter(|side| *side > 0);
        let side = side.ok_or_else(|| Error::file("write", path, format!("a matrix of {n_zones} zones")))?;
        let partial = Partial::beside(path);
        let (file, data) = start(&partial.0, zone_ids, side).map_err(|error| Error::file("write", path, error))?;
        Ok(OmxWriter { matrices: Vec::new(), data, file, n_zones, target: path.to_path_buf(), partial })
    }

    /// Adds a matrix; rows that are never written read as not a number.
    ///
    /// # Errors
    /// The file cannot be written, or already has a matrix of this name.
    pub fn matrix(&mut self, name: &str, description: &str) -> Result<(), Error> {
        let chunk_rows = (CHUNK_VALUES / self.n_zones).clamp(1, self.n_zones);
        let add = || -> hdf5::Result<Dataset> {
            let dataset = self
                .data
                .new_dataset_builder()
                .chunk((chunk_rows, self.n_zones))
                .shuffle()
                .deflate(DEFLATE_LEVEL)
                .fill_value(f64::NAN)
                .empty::<f64>()
                .shape((self.n_zones, self.n_zones))
                .create(name)?;
            let text: VarLenUnicode = description.parse().map_err(|_| "the description holds a NUL")?;
            dataset.new_attr::<VarLenUnicode>().create("description")?.write_scalar(&text)?;
            Ok(dataset)
        };
        let dataset = add().map_err(|error| self.failed(&error))?;
        self.matrices.push((name.to_owned(), dataset));
        Ok(())
    }

    /// Writes rows of a matrix from `first_row` on; unreachable pairs are not a number.
    ///
    /// # Errors
    /// The file cannot be written, or the rows do not fit the matrix.
    pub fn write_rows(&mut self, name: &str, first_row: usize, rows: &ArrayView2<'_, f64>) -> Result<(), Error> {
        let last_row = first_row + rows.nrows();
        let Some((_, dataset)) = self.matrices.iter().find(|(known, _)| known == name) else {
            return Err(Error::file("write", &self.target, format!("it has no matrix {name}")));
        };
        if last_row > self.n_zones || rows.ncols() != self.n_zones {
            let cause = format!("rows {first_row} to {last_row} of {} columns do not fit {name}", rows.ncols());
            return Err(Error::file("write", &self.target, cause));
        }
        let rows = rows.as_standard_layout();
        dataset.write_slice(&rows, s![first_row..last_row, ..]).map_err(|error| self.failed(&error))
    }

    /// Closes the file and gives it its name, over an older one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(self) -> Result<(), Error> {
        let OmxWriter { matrices, data, file, target, partial, .. } = self;
        let failed = |error: &dyn std::fmt::Display| Error::file("write", &target, error);
        file.flush().map_err(|error| failed(&error))?;
        drop((matrices, data));
        file.close().map_err(|error| failed(&error))?;
        std::fs::File::open(&partial.0).and_then(|file| file.sync_all()).map_err(|error| failed(&error))?;
        std::fs::rename(&partial.0, &target).map_err(|error| failed(&error))
    }

    fn failed(&self, error: &hdf5::Error) -> Error {
        Error::file("write", &self.target, error)
    }
}

/// A file without its final name, removed unless it got that.
struct Partial(PathBuf);

impl Partial {
    fn beside(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Partial(path.with_file_name(format!(".{name}.{}.partial", std::process::id())))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After a finished write there is nothing to remove, and a failed one has been told already.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn start(path: &Path, zone_ids: &[i64], side: i32) -> hdf5::Result<(hdf5::File, Group)> {
    let file = hdf5::File::create(path)?;
    let version = FixedAscii::<3>::from_ascii(VERSION).map_err(|error| error.to_string())?;
    file.new_attr::<FixedAscii<3>>().create("OMX_VERSION")?.write_scalar(&version)?;
    file.new_attr::<i32>().shape(2).create("SHAPE")?.write_raw(&[side, side])?;
    let data = file.create_group("data")?;
    file.create_group("lookup")?.new_dataset::<i64>().shape(zone_ids.len()).create("zone_id")?.write_raw(zone_ids)?;
    Ok((file, data))
}
