//! What a netCDF-4 file says of itself, asked of the HDF5 library; afterwards the library is not needed any more.

use std::fs::File;
use std::path::Path;

use hdf5::filters::Filter as Hdf5Filter;
use hdf5::types::{FloatSize, IntSize, TypeDescriptor, VarLenArray, VarLenAscii, VarLenUnicode};
use hdf5::{Dataset, IndexType, IterationOrder, LinkType, Location, ObjectReference1, ReferencedObject};

use super::chunk_index::Plain;
use super::description::{Attribute, AttributeValue, ByteOrder, ChunkPlace, Filter, Layout, ValueKind, Variable};
use super::hdf5_calls;
use crate::error::Problem;

/// Attributes of the format itself.
const BOOKKEEPING: [&str; 8] = [
    "CLASS",
    "NAME",
    "REFERENCE_LIST",
    "DIMENSION_LIST",
    "DIMENSION_LABELS",
    "_Netcdf4Dimid",
    "_Netcdf4Coordinates",
    "_NCProperties",
];
/// What the netCDF library writes as the scale name of a dimension that has no variable of its name.
const NOT_A_VARIABLE: &str = "This is a netCDF dimension but not a netCDF variable";
/// What stands before the name of a variable that has the name of a dimension that is not its own.
const NOT_A_COORDINATE: &str = "_nc4_non_coord_";
/// Most values of a variable of texts.
const MOST_TEXTS: usize = 1 << 20;
/// Largest attribute, in values.
const LARGEST_ATTRIBUTE: usize = 1 << 20;
/// Most chunks of a variable.
const MOST_CHUNKS: usize = 1 << 24;
/// Most chunks that the library is asked for one by one.
const MOST_ASKED_CHUNKS: usize = 1 << 14;
/// Largest chunk, in bytes.
const LARGEST_CHUNK: usize = 1 << 30;

/// Attributes and variables of the root group.
///
/// # Errors
/// The library cannot read it, or the file is shorter than its values reach.
pub(super) fn read(path: &Path, plain: &File, n_bytes: u64) -> Result<(Vec<Attribute>, Vec<Variable>), Problem> {
    let file = hdf5::File::open(path).map_err(|error| unreadable(&error))?;
    let links = file.links(IndexType::Name, IterationOrder::Increasing).map_err(|error| unreadable(&error))?;
    let survey = Survey { file: &file, plain: Plain::new(plain, n_bytes), n_bytes };
    let mut variables = Vec::new();
    for (name, _) in links.into_iter().filter(|(_, link)| link.link_type == LinkType::Hard) {
        // Groups are beside the root, where CF data are.
        let Ok(dataset) = file.dataset(&name) else { continue };
        if let Some(variable) = survey.variable(&name, &dataset).map_err(|problem| of_key(problem, &name))? {
            variables.push(variable);
        }
    }
    Ok((attributes(&file).map_err(|error| unreadable(&error))?, variables))
}

struct Survey<'a> {
    file: &'a hdf5::File,
    plain: Option<Plain<'a>>,
    n_bytes: u64,
}

impl Survey<'_> {
    /// A variable; none for a dimension alone.
    fn variable(&self, name: &str, dataset: &Dataset) -> Result<Option<Variable>, Problem> {
        let told = |error: hdf5::Error| unreadable(&error);
        let names = dataset.attr_names().map_err(told)?;
        let has = |attribute: &str| names.iter().any(|known| known == attribute);
        if has("NAME") && label(dataset, "NAME").is_some_and(|label| label.starts_with(NOT_A_VARIABLE)) {
            return Ok(None);
        }
        let (kind, order) = kind_of(dataset);
        let shape = dataset.get_shape().map_err(told)?;
        let own_name = name.strip_prefix(NOT_A_COORDINATE).unwrap_or(name);
        let dimensions = if has("DIMENSION_LIST") {
            self.scales(dataset, shape.len()).map_err(told)?
        } else if shape.len() == 1 && label(dataset, "CLASS").is_some_and(|class| class == "DIMENSION_SCALE") {
            vec![own_name.to_owned()]
        } else {
            // As the netCDF library does for HDF5 files without scales, but by length and place.
            shape.iter().enumerate().map(|(axis, length)| format!("phony_{axis}_{length}")).collect()
        };
        let unwritten = match kind {
            ValueKind::Texts | ValueKind::Other => Vec::new(),
            _ => hdf5_calls::fill_bytes(dataset).map_err(told)?,
        };
        Ok(Some(Variable {
            name: own_name.to_owned(),
            kind,
            order,
            dimensions,
            attributes: attributes(dataset).map_err(told)?,
            layout: self.layout(dataset, kind, &shape)?,
            shape,
            unwritten,
        }))
    }

    /// Names of the dimensions by the scales that the variable refers to.
    fn scales(&self, dataset: &Dataset, rank: usize) -> hdf5::Result<Vec<String>> {
        let lists = dataset.attr("DIMENSION_LIST")?.read_raw::<VarLenArray<ObjectReference1>>()?;
        if lists.len() != rank {
            return Err(format!("{} dimension scales for {rank} dimensions", lists.len()).into());
        }
        let mut names = Vec::new();
        for (axis, list) in lists.iter().enumerate() {
            let name = match list.first() {
                Some(reference) => match self.file.dereference(reference)? {
                    ReferencedObject::Dataset(scale) => scale.name().trim_start_matches('/').to_owned(),
                    _ => return Err("a dimension scale is no dataset".into()),
                },
                None => format!("phony_{axis}"),
            };
            names.push(name);
        }
        Ok(names)
    }

    fn layout(&self, dataset: &Dataset, kind: ValueKind, shape: &[usize]) -> Result<Layout, Problem> {
        let told = |error: hdf5::Error| unreadable(&error);
        let count = shape.iter().try_fold(1_usize, |count, &length| count.checked_mul(length));
        let Some(n_bytes) = count.and_then(|count| count.checked_mul(kind.n_bytes())) else {
            return Ok(Layout::NotRead("it has more values than can be counted".into()));
        };
        let created = dataset.create_plist().map_err(told)?;
        if !created.get_external().map_err(told)?.is_empty() {
            return Ok(Layout::NotRead("its values are kept in another file".into()));
        }
        match kind {
            ValueKind::Other => return Ok(Layout::NotRead("its values are neither numbers nor texts".into())),
            ValueKind::Texts if count.is_none_or(|count| count > MOST_TEXTS) => {
                return Ok(Layout::NotRead(format!("it has more than {MOST_TEXTS} texts")));
            }
            ValueKind::Texts => return texts(dataset).map(Layout::Texts).map_err(told),
            _ => {}
        }
        match created.get_layout().map_err(told)? {
            hdf5::dataset::Layout::Compact => hdf5_calls::dataset_bytes(dataset).map(Layout::Inline).map_err(told),
            hdf5::dataset::Layout::Contiguous => {
                // Behind a user block the library gives an offset for values without a place, too.
                let place = dataset.offset().filter(|_| dataset.storage_size() > 0);
                let Some(offset) = place else { return Ok(Layout::Unwritten) };
                self.inside(offset, n_bytes as u64)?;
                Ok(Layout::Strided { offset, strides: strides(shape, kind.n_bytes()) })
            }
            hdf5::dataset::Layout::Chunked => self.chunked(dataset, kind, shape),
            _ => Ok(Layout::NotRead("its values are kept in other datasets".into())),
        }
    }

    fn chunked(&self, dataset: &Dataset, kind: ValueKind, shape: &[usize]) -> Result<Layout, Problem> {
        let told = |error: hdf5::Error| unreadable(&error);
        let created = dataset.create_plist().map_err(told)?;
        let filters: Result<Vec<Filter>, String> =
            created.get_filters().map_err(told)?.into_iter().map(|filter| known(&filter)).collect();
        let filters = match filters {
            Ok(filters) => filters,
            Err(name) => return Ok(Layout::NotRead(format!("it is stored with the filter {name}"))),
        };
        let chunk = dataset.chunk().filter(|chunk| chunk.len() == shape.len() && !chunk.contains(&0));
        let Some(chunk) = chunk else { return Err(Problem::new("not readable as HDF5: a chunk without extent")) };
        let chunk_bytes = chunk.iter().try_fold(kind.n_bytes(), |size, &length| size.checked_mul(length));
        if chunk_bytes.is_none_or(|size| size > LARGEST_CHUNK) {
            return Ok(Layout::NotRead(format!("its chunks are larger than {} MiB", LARGEST_CHUNK >> 20)));
        }
        let grid: Vec<usize> = shape.iter().zip(&chunk).map(|(&length, &chunk)| length.div_ceil(chunk)).collect();
        let n_chunks = grid.iter().try_fold(1_usize, |count, &length| count.checked_mul(length));
        if n_chunks.is_none_or(|n_chunks| n_chunks > MOST_CHUNKS) {
            return Ok(Layout::NotRead(format!("it has more than {MOST_CHUNKS} chunks")));
        }
        let header = hdf5_calls::header_address(dataset).map_err(told)?;
        let indexed = self.plain.as_ref().and_then(|plain| plain.chunks(header, &grid, &chunk));
        let chunks = match indexed {
            Some(chunks) => chunks,
            None => match asked_chunks(dataset, &grid, &chunk)? {
                Ok(chunks) => chunks,
                Err(why) => return Ok(Layout::NotRead(why)),
            },
        };
        for place in &chunks {
            self.inside(place.offset, u64::from(place.n_bytes))?;
        }
        Ok(Layout::Chunked { chunk, filters, chunks })
    }

    fn inside(&self, offset: u64, n_bytes: u64) -> Result<(), Problem> {
        match offset.checked_add(n_bytes) {
            Some(end) if end <= self.n_bytes => Ok(()),
            _ => {
                Err(Problem::new(format!("the file is truncated: its values reach beyond its {} bytes", self.n_bytes))
                    .hint("fetch or write it again"))
            }
        }
    }
}

/// The chunks of an index of another form, each asked for; or why not.
fn asked_chunks(
    dataset: &Dataset,
    grid: &[usize],
    chunk: &[usize],
) -> Result<Result<Vec<ChunkPlace>, String>, Problem> {
    let mut places = vec![ChunkPlace::NONE; grid.iter().product()];
    let n_written = dataset.num_chunks().unwrap_or(0);
    if n_written > MOST_ASKED_CHUNKS {
        return Ok(Err(format!("it has {n_written} chunks in an index of HDF5 1.10 (rewrite the file with nccopy)")));
    }
    for number in 0..n_written {
        let info = dataset.chunk_info(number).ok_or_else(|| Problem::new("not readable as HDF5: a chunk is lost"))?;
        let mut index = 0;
        for ((&start, &chunk), &of_grid) in info.offset.iter().zip(chunk).zip(grid) {
            index = index * of_grid + start as usize / chunk;
        }
        let place = places.get_mut(index).ok_or_else(|| Problem::new("not readable as HDF5: a chunk lies outside"))?;
        let n_bytes = u32::try_from(info.size).map_err(|_| Problem::new("not readable as HDF5: a chunk of 4 GiB"))?;
        *place = ChunkPlace { offset: info.addr, n_bytes, left_out: info.filter_mask };
    }
    Ok(Ok(places))
}

/// Bytes from one index to the next of values that follow each other.
pub(super) fn strides(shape: &[usize], value_bytes: usize) -> Vec<u64> {
    let mut strides = vec![value_bytes as u64; shape.len()];
    for dimension in (0..shape.len().saturating_sub(1)).rev() {
        strides[dimension] = strides[dimension + 1].saturating_mul(shape[dimension + 1] as u64);
    }
    strides
}

fn kind_of(dataset: &Dataset) -> (ValueKind, ByteOrder) {
    let Ok(own_type) = dataset.dtype() else { return (ValueKind::Other, ByteOrder::Little) };
    let order = match own_type.byte_order() {
        hdf5::datatype::ByteOrder::BigEndian => ByteOrder::Big,
        _ => ByteOrder::Little,
    };
    let kind = match own_type.to_descriptor() {
        Ok(TypeDescriptor::Integer(IntSize::U1)) => ValueKind::I8,
        Ok(TypeDescriptor::Integer(IntSize::U2)) => ValueKind::I16,
        Ok(TypeDescriptor::Integer(IntSize::U4)) => ValueKind::I32,
        Ok(TypeDescriptor::Integer(IntSize::U8)) => ValueKind::I64,
        Ok(TypeDescriptor::Unsigned(IntSize::U1)) => ValueKind::U8,
        Ok(TypeDescriptor::Unsigned(IntSize::U2)) => ValueKind::U16,
        Ok(TypeDescriptor::Unsigned(IntSize::U4)) => ValueKind::U32,
        Ok(TypeDescriptor::Unsigned(IntSize::U8)) => ValueKind::U64,
        Ok(TypeDescriptor::Float(FloatSize::U4)) => ValueKind::F32,
        Ok(TypeDescriptor::Float(FloatSize::U8)) => ValueKind::F64,
        Ok(TypeDescriptor::FixedAscii(n_bytes) | TypeDescriptor::FixedUnicode(n_bytes)) => ValueKind::Text(n_bytes),
        Ok(TypeDescriptor::VarLenAscii | TypeDescriptor::VarLenUnicode) => ValueKind::Texts,
        _ => ValueKind::Other,
    };
    (kind, order)
}

fn known(filter: &Hdf5Filter) -> Result<Filter, String> {
    match filter {
        Hdf5Filter::Shuffle => Ok(Filter::Shuffle),
        Hdf5Filter::Deflate(_) => Ok(Filter::Deflate),
        Hdf5Filter::Fletcher32 => Ok(Filter::Fletcher32),
        Hdf5Filter::SZip(..) => Err("szip".into()),
        Hdf5Filter::NBit => Err("n-bit".into()),
        Hdf5Filter::ScaleOffset(_) => Err("scale-offset".into()),
        // Numbers registered with The HDF Group.
        Hdf5Filter::User(307, _) => Err("bzip2".into()),
        Hdf5Filter::User(32_000, _) => Err("LZF".into()),
        Hdf5Filter::User(32_001, _) => Err("Blosc".into()),
        Hdf5Filter::User(32_004, _) => Err("LZ4".into()),
        Hdf5Filter::User(32_013, _) => Err("ZFP".into()),
        Hdf5Filter::User(32_015, _) => Err("Zstandard".into()),
        Hdf5Filter::User(number, _) => Err(format!("number {number}")),
    }
}

fn attributes(location: &Location) -> hdf5::Result<Vec<Attribute>> {
    let mut attributes = Vec::new();
    for name in location.attr_names()? {
        if BOOKKEEPING.contains(&name.as_str()) {
            continue;
        }
        if let Some(value) = attribute_value(&location.attr(&name)?)? {
            attributes.push(Attribute { name, value });
        }
    }
    Ok(attributes)
}

/// Value of an attribute, if it is of a kind that CF knows.
fn attribute_value(attribute: &hdf5::Attribute) -> hdf5::Result<Option<AttributeValue>> {
    if attribute.size() > LARGEST_ATTRIBUTE {
        return Ok(None);
    }
    Ok(Some(match attribute.dtype()?.to_descriptor() {
        Ok(TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(IntSize::U1 | IntSize::U2 | IntSize::U4)) => {
            AttributeValue::Integers(attribute.read_raw()?)
        }
        Ok(TypeDescriptor::Unsigned(IntSize::U8) | TypeDescriptor::Float(_)) => {
            AttributeValue::Floats(attribute.read_raw()?)
        }
        Ok(TypeDescriptor::FixedAscii(length) | TypeDescriptor::FixedUnicode(length)) => {
            let bytes = hdf5_calls::attribute_bytes(attribute)?;
            let texts: Vec<String> = bytes.chunks_exact(length.max(1)).map(text).collect();
            AttributeValue::Text(texts.join("\n"))
        }
        Ok(TypeDescriptor::VarLenUnicode) => AttributeValue::Text(joined(&attribute.read_raw::<VarLenUnicode>()?)),
        Ok(TypeDescriptor::VarLenAscii) => AttributeValue::Text(joined(&attribute.read_raw::<VarLenAscii>()?)),
        _ => return Ok(None),
    }))
}

fn texts(dataset: &Dataset) -> hdf5::Result<Vec<String>> {
    Ok(match dataset.dtype()?.to_descriptor()? {
        TypeDescriptor::VarLenAscii => lossy(&dataset.read_raw::<VarLenAscii>()?),
        _ => lossy(&dataset.read_raw::<VarLenUnicode>()?),
    })
}

/// Text of an attribute of the format itself.
fn label(dataset: &Dataset, name: &str) -> Option<String> {
    match attribute_value(&dataset.attr(name).ok()?).ok()?? {
        AttributeValue::Text(text) => Some(text),
        _ => None,
    }
}

fn joined<T: Bytes>(texts: &[T]) -> String {
    lossy(texts).join("\n")
}

fn lossy<T: Bytes>(texts: &[T]) -> Vec<String> {
    texts.iter().map(|text| String::from_utf8_lossy(text.bytes()).into_owned()).collect()
}

/// Text as bytes: what is said to be UTF-8 need not be.
trait Bytes {
    fn bytes(&self) -> &[u8];
}

impl Bytes for VarLenUnicode {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Bytes for VarLenAscii {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// A text of fixed length up to its first zero byte.
pub(super) fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

fn unreadable(error: &hdf5::Error) -> Problem {
    Problem::new(format!("not readable as HDF5: {error}"))
}

fn of_key(problem: Problem, name: &str) -> Problem {
    if problem.key.is_some() { problem } else { problem.of_key(name) }
}
