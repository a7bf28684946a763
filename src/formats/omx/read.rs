//! Matrices and lookups of an OMX file, read in blocks of rows.

use hdf5::dataset::Layout;
use hdf5::types::TypeDescriptor;
use hdf5::{Dataset, Group, IndexType, IterationOrder, LinkType};
use ndarray::{ArrayView2, Ix2, s};

use super::image;
use crate::error::Problem;

/// How many values of a matrix are in memory at a time, unless one row or the file's own chunks are larger.
const BLOCK_VALUES: usize = 1 << 20;
/// Largest chunk a file may be stored in, in values.
const LARGEST_CHUNK: usize = 1 << 27;

/// The parts of an opened file.
pub(super) struct Omx {
    data: Group,
    lookup: Option<Group>,
    /// `SHAPE` of the file, if it has it.
    shape: Option<Vec<i64>>,
}

/// One matrix of a file.
pub(super) struct Matrix {
    dataset: Dataset,
    /// Rows and columns.
    pub(super) n_zones: usize,
}

impl Omx {
    pub(super) fn open(bytes: &[u8]) -> Result<Self, Problem> {
        let file = image::open(bytes).map_err(|error| unreadable(&error))?;
        let groups = member_names(&file)?;
        let group = |name: &str| file.group(name).map_err(|error| unreadable(&error));
        if !groups.iter().any(|name| name == "data") {
            return Err(Problem::new("the file has no group data").hint("OMX 0.2 keeps its matrices there"));
        }
        let lookup = if groups.iter().any(|name| name == "lookup") { Some(group("lookup")?) } else { None };
        let shape = file.attr("SHAPE").and_then(|shape| shape.read_raw::<i64>()).ok();
        Ok(Omx { data: group("data")?, lookup, shape })
    }

    /// Names of all matrices, ascending.
    pub(super) fn matrix_names(&self) -> Result<Vec<String>, Problem> {
        member_names(&self.data)
    }

    /// Names of all lookups, ascending.
    pub(super) fn lookup_names(&self) -> Result<Vec<String>, Problem> {
        self.lookup.as_ref().map_or_else(|| Ok(Vec::new()), member_names)
    }

    /// A matrix that is square, of numbers, and in this file alone.
    pub(super) fn matrix(&self, name: &str) -> Result<Matrix, Problem> {
        let dataset = open_dataset(&self.data, name)?;
        if !matches!(
            descriptor(&dataset, name)?,
            TypeDescriptor::Float(_) | TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_)
        ) {
            return Err(Problem::new("expected a matrix of numbers").of_key(name));
        }
        let shape = dataset.get_shape().map_err(|error| unreadable(&error))?;
        let &[n_zones, n_columns] = shape.as_slice() else {
            return Err(Problem::new(format!("expected a matrix, found {} dimensions", shape.len())).of_key(name));
        };
        if n_zones != n_columns {
            return Err(Problem::new(format!("expected a square matrix, found {n_zones} x {n_columns}")).of_key(name));
        }
        match &self.shape {
            Some(shape) if *shape != [n_zones as i64; 2] => {
                let message = format!("{n_zones} x {n_zones}, but the file's SHAPE says {shape:?}");
                Err(Problem::new(message).of_key(name))
            }
            _ => Ok(Matrix { dataset, n_zones }),
        }
    }

    /// A lookup, if it is one integer per zone.
    pub(super) fn lookup(&self, name: &str, n_zones: usize) -> Result<Option<Vec<i64>>, Problem> {
        let Some(lookup) = &self.lookup else { return Ok(None) };
        let dataset = open_dataset(lookup, name)?;
        let is_integer =
            matches!(descriptor(&dataset, name)?, TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_));
        if !is_integer || dataset.get_shape().map_err(|error| unreadable(&error))? != [n_zones] {
            return Ok(None);
        }
        dataset.read_raw().map(Some).map_err(|error| unreadable(&error).of_key(name))
    }
}

impl Matrix {
    /// Reads all rows in order; `each` gets the index of a block's first row, and the block.
    pub(super) fn read_rows(
        &self,
        name: &str,
        mut each: impl FnMut(usize, ArrayView2<'_, f64>),
    ) -> Result<(), Problem> {
        if self.n_zones == 0 {
            return Ok(());
        }
        // Whole chunks at a time: a chunk read in parts would be inflated for each of them.
        let chunk_rows = self.dataset.chunk().map_or(1, |chunk| chunk[0].max(1));
        let n_rows = (BLOCK_VALUES / self.n_zones / chunk_rows).max(1) * chunk_rows;
        for first in (0..self.n_zones).step_by(n_rows) {
            let last = (first + n_rows).min(self.n_zones);
            let block = self.dataset.read_slice::<f64, _, Ix2>(s![first..last, ..]);
            let block = block.map_err(|error| unreadable(&error).of_key(name).at_record(first + 1))?;
            each(first, block.view());
        }
        Ok(())
    }
}

/// Reads all that [`super::read_trips`] could read, to see whether the library survives it.
pub(in crate::formats) fn read_everything(bytes: &[u8]) -> Result<(), Problem> {
    let omx = Omx::open(bytes)?;
    for name in omx.matrix_names()? {
        let matrix = omx.matrix(&name)?;
        matrix.read_rows(&name, |_, _| {})?;
        for lookup in omx.lookup_names()? {
            omx.lookup(&lookup, matrix.n_zones)?;
        }
    }
    Ok(())
}

/// Members of a group that are in this file: a link could lead to any file of the machine.
fn member_names(group: &Group) -> Result<Vec<String>, Problem> {
    let links = group.links(IndexType::Name, IterationOrder::Increasing).map_err(|error| unreadable(&error))?;
    let own = links.into_iter().filter(|(_, link)| link.link_type == LinkType::Hard);
    Ok(own.map(|(name, _)| name).collect())
}

fn open_dataset(group: &Group, name: &str) -> Result<Dataset, Problem> {
    let dataset = group.dataset(name).map_err(|error| unreadable(&error).of_key(name))?;
    let created = dataset.create_plist().map_err(|error| unreadable(&error).of_key(name))?;
    let is_own = created.get_external().is_ok_and(|external| external.is_empty())
        && created
            .get_layout()
            .is_ok_and(|layout| matches!(layout, Layout::Compact | Layout::Contiguous | Layout::Chunked));
    if !is_own {
        return Err(Problem::new("the values are kept in another file").of_key(name).hint("copy them into this one"));
    }
    let chunk: usize = dataset.chunk().map_or(0, |chunk| chunk.iter().fold(1, |size, n| size.saturating_mul(*n)));
    if chunk > LARGEST_CHUNK {
        let message = format!("stored in chunks of {chunk} values, at most {LARGEST_CHUNK} can be read");
        return Err(Problem::new(message).of_key(name));
    }
    Ok(dataset)
}

fn descriptor(dataset: &Dataset, name: &str) -> Result<TypeDescriptor, Problem> {
    dataset.dtype().and_then(|dtype| dtype.to_descriptor()).map_err(|error| unreadable(&error).of_key(name))
}

fn unreadable(error: &hdf5::Error) -> Problem {
    Problem::new(format!("not readable as HDF5: {error}"))
}
