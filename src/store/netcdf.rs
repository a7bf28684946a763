//! One netCDF-4 file: an HDF5 file with dimension scales and the few hidden attributes that netCDF readers look for.

use std::ops::Range;
use std::path::{Path, PathBuf};

use hdf5::file::{AttrCreationOrder, LinkCreationOrder};
use hdf5::plist::dataset_create::FillTime;
use hdf5::types::{FloatSize, IntSize, TypeDescriptor};
use hdf5::{Dataset, File, Location};

use super::hdf5_extra::{self, Transfer};
use crate::error::Error;
use crate::field::Kind;

/// Bytes that a chunk of a compressed field aims at.
const CHUNK_BYTES: usize = 1 << 20;
/// Bytes of chunks that are kept open while a field is written row by row.
const CHUNK_CACHE_BYTES: usize = 32 << 20;
/// Compression level; higher ones cost much time for little space.
pub(super) const DEFLATE_LEVEL: u8 = 4;
/// What the netCDF library writes as the scale name of a dimension that has no variable of its name.
const NOT_A_VARIABLE: &str = "This is a netCDF dimension but not a netCDF variable.";
/// Attributes that belong to one file's own bookkeeping.
const BOOKKEEPING: [&str; 7] =
    ["CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST", "_Netcdf4Dimid", "_Netcdf4Coordinates", "_NCProperties"];

/// Who holds the file.
#[derive(Clone, Copy)]
pub(super) enum Access {
    /// This process alone.
    Alone,
    /// All ranks of an MPI communicator; every call is collective and gets the same arguments on each.
    #[cfg(feature = "mpi")]
    Together(mpi::ffi::MPI_Comm),
}

/// Value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum AttributeValue {
    /// Text, stored with a fixed length (NC_CHAR).
    Text(String),
    /// 32-bit integers.
    I32(Vec<i32>),
    /// 64-bit integers.
    I64(Vec<i64>),
    /// 32-bit floats.
    F32(Vec<f32>),
    /// 64-bit floats.
    F64(Vec<f64>),
}

/// What stands where nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Every value is known.
    Never,
    /// A quiet NaN, told by `_FillValue`.
    NotANumber,
}

/// How the values of a variable lie in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Storage {
    /// As follows from type and shape.
    Usual,
    /// In compressed chunks of this shape.
    Chunks(Vec<usize>),
}

/// A file being written.
pub(super) struct NetcdfFile {
    path: PathBuf,
    file: File,
    transfer: Transfer,
    dimensions: Vec<(String, usize)>,
    variables: Vec<Variable>,
}

/// A variable of a file being written.
struct Variable {
    name: String,
    dataset: Dataset,
    dimensions: Vec<usize>,
}

impl NetcdfFile {
    /// Creates a file, in place of one that is there.
    ///
    /// # Errors
    /// The file cannot be created.
    pub fn create(path: &Path, access: Access) -> Result<Self, Error> {
        let mut options = File::with_options();
        options.with_fcpl(|list| {
            list.link_creation_order(LinkCreationOrder::Indexed).attr_creation_order(AttrCreationOrder::Indexed)
        });
        let transfer = match access {
            Access::Alone => Transfer::Independent,
            #[cfg(feature = "mpi")]
            Access::Together(communicator) => {
                options.with_fapl(|list| list.mpio(communicator, None));
                Transfer::Collective
            }
        };
        let file = options.create(path).map_err(|error| told("create", path, &error))?;
        Ok(NetcdfFile { path: path.to_path_buf(), file, transfer, dimensions: Vec::new(), variables: Vec::new() })
    }

    /// Number of a dimension, declared now if it is new.
    ///
    /// # Errors
    /// It has another length already.
    pub fn dimension(&mut self, name: &str, length: usize) -> Result<usize, Error> {
        match self.dimensions.iter().position(|(known, _)| known == name) {
            Some(dimension) if self.dimensions[dimension].1 == length => Ok(dimension),
            Some(dimension) => Err(Error::Failed(format!(
                "dimension {name} of {} has length {}, not {length}",
                self.path.display(),
                self.dimensions[dimension].1
            ))),
            None => {
                self.dimensions.push((name.to_owned(), length));
                Ok(self.dimensions.len() - 1)
            }
        }
    }

    /// Creates a variable; `Kind::Text` is single characters, so that its last dimension is the length of the texts.
    ///
    /// # Errors
    /// The name is taken, or the file cannot take it.
    pub fn variable(
        &mut self,
        name: &str,
        kind: Kind,
        dimensions: &[usize],
        (missing, storage): (Missing, &Storage),
    ) -> Result<usize, Error> {
        let shape: Vec<usize> = dimensions.iter().map(|&dimension| self.dimensions[dimension].1).collect();
        let dataset = self
            .create_dataset(name, kind, &shape, (missing, storage))
            .map_err(|error| told(&format!("create {name} in"), &self.path, &error))?;
        self.variables.push(Variable { name: name.to_owned(), dataset, dimensions: dimensions.to_vec() });
        Ok(self.variables.len() - 1)
    }

    /// Writes runs of a variable's values, ascending and apart, from native bytes.
    ///
    /// # Errors
    /// The file cannot take them, for example because the disk is full.
    pub fn write(&self, variable: usize, runs: &[Range<usize>], bytes: &[u8]) -> Result<(), Error> {
        let Variable { name, dataset, .. } = &self.variables[variable];
        hdf5_extra::write_runs(dataset, runs, bytes, self.transfer)
            .map_err(|error| told(&format!("write {name} into"), &self.path, &error))
    }

    /// Writes a chunk of a variable that has chunks, packed already.
    ///
    /// # Errors
    /// The file cannot take it, for example because the disk is full.
    pub fn write_chunk(&self, variable: usize, start: &[usize], bytes: &[u8]) -> Result<(), Error> {
        let Variable { name, dataset, .. } = &self.variables[variable];
        hdf5_extra::write_chunk(dataset, start, bytes)
            .map_err(|error| told(&format!("write {name} into"), &self.path, &error))
    }

    /// Sets an attribute of a variable, or of the file.
    ///
    /// # Errors
    /// It exists already, or the file cannot take it.
    pub fn attribute(&self, variable: Option<usize>, name: &str, value: &AttributeValue) -> Result<(), Error> {
        let location: &Location = match variable {
            Some(variable) => &self.variables[variable].dataset,
            None => &self.file,
        };
        write_attribute(location, name, value)
            .map_err(|error| told(&format!("write attribute {name} into"), &self.path, &error))
    }

    /// Names of the variables, in order of creation.
    pub fn variable_names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|variable| variable.name.as_str())
    }

    /// Takes over all variables and file attributes of another file that are not here yet.
    ///
    /// # Errors
    /// A dimension differs in length, a field stands in both, or a file fails.
    pub fn merge(&mut self, other: &Path) -> Result<(), Error> {
        let source = File::open(other).map_err(|error| told("open", other, &error))?;
        let found = read_layout(&source).map_err(|error| told("read", other, &error))?;
        for (name, length) in &found.dimensions {
            self.dimension(name, *length)?;
        }
        for variable in found.variables {
            if self.variable_names().any(|known| known == variable.name) {
                // Scalars are anchors such as `crs`, which every stage brings along.
                if variable.dimensions.is_empty() {
                    continue;
                }
                return Err(Error::Failed(format!("two stages wrote {} of {}", variable.name, self.path.display())));
            }
            self.copy_variable(&found.dimensions, variable)
                .map_err(|error| told(&format!("copy {} to", other.display()), &self.path, &error))?;
        }
        copy_attributes(&source, &self.file)
            .map_err(|error| told(&format!("copy {} to", other.display()), &self.path, &error))
    }

    /// Adds dimension scales and hidden attributes, and hands everything to the system.
    ///
    /// # Errors
    /// The file cannot take it.
    pub fn finish(self) -> Result<(), Error> {
        self.write_scales().map_err(|error| told("finish", &self.path, &error))?;
        let (major, minor, micro) = hdf5::library_version();
        let properties = format!("version=2,conurb={},hdf5={major}.{minor}.{micro}", env!("CARGO_PKG_VERSION"));
        self.attribute(None, "_NCProperties", &AttributeValue::Text(properties))?;
        self.file.flush().map_err(|error| told("finish", &self.path, &error))?;
        drop(self.variables);
        self.file.close().map_err(|error| told("close", &self.path, &error))
    }

    fn create_dataset(
        &self,
        name: &str,
        kind: Kind,
        shape: &[usize],
        (missing, storage): (Missing, &Storage),
    ) -> hdf5::Result<Dataset> {
        let (descriptor, value_size) = stored_as(kind);
        let mut builder = self.file.new_dataset_builder();
        builder = builder.attr_creation_order(AttrCreationOrder::Indexed).obj_track_times(false);
        let chunk = match storage {
            Storage::Chunks(chunk) => Some(chunk.clone()),
            Storage::Usual => chunk_shape(kind, value_size, shape),
        };
        if let Some(chunk) = chunk {
            let n_slots = 100 * CHUNK_CACHE_BYTES / CHUNK_BYTES + 1;
            builder =
                builder.chunk(chunk).shuffle().deflate(DEFLATE_LEVEL).chunk_cache(n_slots, CHUNK_CACHE_BYTES, 1.0);
        }
        // Every value gets written, so that filling the space first would only write twice.
        builder = builder.fill_time(FillTime::Never);
        builder = match (missing, kind) {
            (Missing::NotANumber, Kind::F64) => builder.fill_value(f64::NAN),
            (Missing::NotANumber, Kind::F32) => builder.fill_value(f32::NAN),
            _ => builder,
        };
        builder.empty_as(&descriptor).shape(shape).create(name)
    }

    fn copy_variable(&mut self, dimensions: &[(String, usize)], variable: Variable) -> hdf5::Result<()> {
        let mut list = hdf5::plist::ObjectCopyBuilder::new();
        let list = list.copy_without_attr(true).finish()?;
        variable.dataset.copy_to_with_props(&self.file, &variable.name, Some(&list), None)?;
        let dataset = self.file.dataset(&variable.name)?;
        copy_attributes(&variable.dataset, &dataset)?;
        let number = |old: &usize| {
            let name = &dimensions[*old].0;
            self.dimensions.iter().position(|(known, _)| known == name).expect("all dimensions were declared before")
        };
        let dimensions = variable.dimensions.iter().map(number).collect();
        self.variables.push(Variable { name: variable.name, dataset, dimensions });
        Ok(())
    }

    fn write_scales(&self) -> hdf5::Result<()> {
        for (number, (name, length)) in self.dimensions.iter().enumerate() {
            let scale = match self.variables.iter().find(|variable| variable.name == *name) {
                Some(coordinate) => {
                    if coordinate.dimensions != [number] {
                        return Err(format!("variable {name} has the name of a dimension that is not its own").into());
                    }
                    hdf5_extra::set_scale(&coordinate.dataset, name)?;
                    coordinate.dataset.clone()
                }
                None => self.dimension_without_variable(name, *length)?,
            };
            write_attribute(&scale, "_Netcdf4Dimid", &AttributeValue::I32(vec![number as i32]))?;
            for variable in self.variables.iter().filter(|variable| variable.name != *name) {
                for axis in (0..variable.dimensions.len()).filter(|&axis| variable.dimensions[axis] == number) {
                    hdf5_extra::attach_scale(&variable.dataset, &scale, axis)?;
                }
            }
        }
        for variable in self.variables.iter().filter(|variable| !variable.dimensions.is_empty()) {
            let numbers = variable.dimensions.iter().map(|&dimension| dimension as i32).collect();
            write_attribute(&variable.dataset, "_Netcdf4Coordinates", &AttributeValue::I32(numbers))?;
        }
        Ok(())
    }

    fn dimension_without_variable(&self, name: &str, length: usize) -> hdf5::Result<Dataset> {
        let mut builder = self.file.new_dataset_builder();
        builder = builder.attr_creation_order(AttrCreationOrder::Indexed).obj_track_times(false);
        // Zeros on purpose: these values belong to the checksum like any other.
        let scale = builder.fill_value(0.0f32).empty::<f32>().shape([length]).create(name)?;
        hdf5_extra::set_scale(&scale, &format!("{NOT_A_VARIABLE}{length:10}"))?;
        Ok(scale)
    }
}

/// Dimensions and variables of a file that `NetcdfFile` wrote.
struct Layout {
    dimensions: Vec<(String, usize)>,
    variables: Vec<Variable>,
}

fn read_layout(file: &File) -> hdf5::Result<Layout> {
    let mut dimensions = Vec::new();
    let mut variables = Vec::new();
    let names = file.member_names_by(hdf5::IndexType::CreationOrder, hdf5::IterationOrder::Increasing)?;
    for name in names {
        let dataset = file.dataset(&name)?;
        let attributes = dataset.attr_names()?;
        let has = |attribute: &str| attributes.iter().any(|known| known == attribute);
        if has("_Netcdf4Dimid") {
            let number = dataset.attr("_Netcdf4Dimid")?.read_raw::<i32>()?;
            let length = dataset.shape().first().copied().unwrap_or(0);
            dimensions.push((number.first().copied().unwrap_or(0), name.clone(), length));
        }
        if has("_Netcdf4Coordinates") || dataset.is_scalar() {
            let numbers = match has("_Netcdf4Coordinates") {
                true => dataset.attr("_Netcdf4Coordinates")?.read_raw::<i32>()?,
                false => Vec::new(),
            };
            let numbers = numbers.into_iter().map(|number| number as usize).collect();
            variables.push(Variable { name, dataset, dimensions: numbers });
        }
    }
    dimensions.sort();
    let n = dimensions.len();
    if variables.iter().any(|variable| variable.dimensions.iter().any(|&dimension| dimension >= n)) {
        return Err("a variable names a dimension that is not there".into());
    }
    Ok(Layout { dimensions: dimensions.into_iter().map(|(_, name, length)| (name, length)).collect(), variables })
}

fn copy_attributes(from: &Location, to: &Location) -> hdf5::Result<()> {
    let there = to.attr_names()?;
    for name in from.attr_names_by(hdf5::IndexType::CreationOrder, hdf5::IterationOrder::Increasing)? {
        if BOOKKEEPING.contains(&name.as_str()) || there.contains(&name) {
            continue;
        }
        let attribute = from.attr(&name)?;
        let shape = attribute.shape();
        let builder = to.new_attr_builder().empty_as(attribute.dtype()?);
        let copy = match attribute.is_scalar() {
            true => builder.create(name.as_str())?,
            false => builder.shape(shape).create(name.as_str())?,
        };
        hdf5_extra::write_attribute(&copy, &hdf5_extra::read_attribute(&attribute)?)?;
    }
    Ok(())
}

fn write_attribute(location: &Location, name: &str, value: &AttributeValue) -> hdf5::Result<()> {
    let builder = location.new_attr_builder();
    match value {
        AttributeValue::Text(text) => {
            // HDF5 knows no text of length zero; one zero byte reads as an empty one.
            let bytes = if text.is_empty() { b"\0" } else { text.as_bytes() };
            let descriptor = match text.is_ascii() {
                true => TypeDescriptor::FixedAscii(bytes.len()),
                false => TypeDescriptor::FixedUnicode(bytes.len()),
            };
            hdf5_extra::write_attribute(&builder.empty_as(&descriptor).create(name)?, bytes)
        }
        AttributeValue::I32(numbers) => builder.with_data(numbers).create(name).map(drop),
        AttributeValue::I64(numbers) => builder.with_data(numbers).create(name).map(drop),
        AttributeValue::F32(numbers) => builder.with_data(numbers).create(name).map(drop),
        AttributeValue::F64(numbers) => builder.with_data(numbers).create(name).map(drop),
    }
}

/// Type in files and bytes of one value.
fn stored_as(kind: Kind) -> (TypeDescriptor, usize) {
    match kind {
        Kind::F64 => (TypeDescriptor::Float(FloatSize::U8), 8),
        Kind::F32 => (TypeDescriptor::Float(FloatSize::U4), 4),
        Kind::I64 => (TypeDescriptor::Integer(IntSize::U8), 8),
        Kind::I32 => (TypeDescriptor::Integer(IntSize::U4), 4),
        Kind::U8 => (TypeDescriptor::Unsigned(IntSize::U1), 1),
        Kind::Text => (TypeDescriptor::FixedAscii(1), 1),
    }
}

/// Shape of the chunks of a big field of floats or shares with several axes; none where the values simply follow each other.
///
/// Follows from the field alone, so that files do not depend on threads or ranks.
fn chunk_shape(kind: Kind, value_size: usize, shape: &[usize]) -> Option<Vec<usize>> {
    let may_be = matches!(kind, Kind::F64 | Kind::F32 | Kind::U8);
    let n_bytes = shape.iter().fold(value_size, |product, length| product.saturating_mul(*length));
    if !may_be || shape.len() < 2 || n_bytes <= CHUNK_BYTES {
        return None;
    }
    let mut room = CHUNK_BYTES / value_size;
    let mut chunk = vec![1; shape.len()];
    for axis in (0..shape.len()).rev() {
        chunk[axis] = shape[axis].min(room).max(1);
        room /= chunk[axis];
    }
    Some(chunk)
}

fn told(what: &str, path: &Path, error: &hdf5::Error) -> Error {
    Error::file(what, path, hdf5_extra::cause(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_big_fields_of_floats_with_several_axes_are_chunked() {
        assert_eq!(chunk_shape(Kind::F64, 8, &[1000, 100]), None);
        assert_eq!(chunk_shape(Kind::F64, 8, &[10_000_000]), None);
        assert_eq!(chunk_shape(Kind::I32, 4, &[10_000_000, 2]), None);
        // 131,072 values a chunk: 73 rows of 1,790.
        assert_eq!(chunk_shape(Kind::F64, 8, &[2, 1790, 1790]), Some(vec![1, 73, 1790]));
        // A row longer than a chunk is cut.
        assert_eq!(chunk_shape(Kind::F32, 4, &[3, 1_000_000]), Some(vec![1, 262_144]));
    }
}
