//! Fields of stages that have finished, for the stages behind them.
//!
//! They are read back from the files of the unfinished run instead of being kept in memory: a resumed run has them too,
//! and each rank reads only what its own share of the work needs.

use std::ops::Range;
use std::path::PathBuf;

use hdf5::{Dataset, File, H5Type, Hyperslab, SliceOrIndex};

use super::hdf5_extra;
use super::sink::FileFields;
use crate::error::Error;
use crate::field::{FieldSpec, Kind};
use crate::stages::FieldSource;

/// Files of finished stages and what they hold.
pub struct FinishedFields {
    files: Vec<(PathBuf, FileFields)>,
}

impl FinishedFields {
    pub(super) fn new(files: Vec<(PathBuf, FileFields)>) -> Self {
        FinishedFields { files }
    }

    /// Opens a field; the file is closed again with what is returned.
    fn open(&self, spec: &FieldSpec) -> Result<Dataset, Error> {
        let holds = |known: &FileFields| known.file == spec.file && known.fields.iter().any(|name| name == spec.name);
        let Some((path, _)) = self.files.iter().find(|(_, known)| holds(known)) else {
            return Err(Error::Failed(format!("no finished stage wrote {} of {}", spec.name, spec.file)));
        };
        let opened = File::open(path).and_then(|file| file.dataset(spec.name));
        opened.map_err(|error| Error::file(&format!("read {} of", spec.name), path, hdf5_extra::cause(&error)))
    }

    fn read<T: H5Type>(&self, spec: &FieldSpec, entries: Range<usize>) -> Result<Vec<T>, Error> {
        let dataset = self.open(spec)?;
        let shape = dataset.shape();
        if entries.start > entries.end || shape.first().is_none_or(|&length| entries.end > length) {
            return Err(Error::Failed(format!("entries {entries:?} asked of {} of shape {shape:?}", spec.name)));
        }
        if entries.is_empty() || shape.contains(&0) {
            return Ok(Vec::new());
        }
        let mut part = vec![SliceOrIndex::from(entries)];
        part.extend(shape[1..].iter().map(|&length| SliceOrIndex::from(0..length)));
        let values = dataset.read_slice::<T, _, ndarray::IxDyn>(Hyperslab::from(part));
        let values = values.map_err(|error| Error::Failed(format!("cannot read {}: {error}", spec.name)))?;
        Ok(values.into_raw_vec_and_offset().0)
    }
}

impl FieldSource for FinishedFields {
    fn shape(&self, spec: &FieldSpec) -> Result<Vec<usize>, Error> {
        Ok(self.open(spec)?.shape())
    }

    fn numbers(&self, spec: &FieldSpec, entries: Range<usize>) -> Result<Vec<f64>, Error> {
        match spec.kind {
            Kind::F64 | Kind::F32 | Kind::I32 => self.read(spec, entries),
            other => Err(Error::Failed(format!("{} holds {other:?}, not numbers", spec.name))),
        }
    }

    fn bytes(&self, spec: &FieldSpec, entries: Range<usize>) -> Result<Vec<u8>, Error> {
        match spec.kind {
            Kind::U8 => self.read(spec, entries),
            other => Err(Error::Failed(format!("{} holds {other:?}, not bytes", spec.name))),
        }
    }
}
