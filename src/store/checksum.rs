//! The checksum of a run: the same for the same results, however they were computed, cut, compressed or described.
//!
//! It is the SHA-256, in lower-case hexadecimal, of the following bytes. For every file of the folder whose name ends
//! in `.nc`, in ascending order of its name, and in it for every dataset of the root group, in ascending order of its
//! name (both compared byte by byte):
//!
//! 1. four lines, each ended by one line feed (byte 10): the file's name, the dataset's name, its type, its shape;
//!    the type is one of `f64 f32 i64 i32 i16 i8 u64 u32 u16 u8 char`, the shape is the lengths in decimal joined by
//!    commas, nothing for a scalar;
//! 2. for each block of 131,072 values in C order, the last one being shorter, the 32 bytes of the block's SHA-256.
//!    A block is its values in little-endian order; every NaN as the quiet NaN `0x7ff8000000000000` (f64) or
//!    `0x7fc00000` (f32), every -0 as 0. A dataset without values has no block.
//!
//! Dimensions without a variable of their own are datasets too (`f32`, all 0), and so are `crs` and `road`.
//! Attributes, chunk layout, compression and byte order in the file are outside.

use std::ops::Range;
use std::path::Path;

use hdf5::types::{FloatSize, IntSize, TypeDescriptor};
use hdf5::{Dataset, File};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::hdf5_extra;
use super::slabs::{SlabReader, slab_rows};
use crate::error::Error;
use crate::parallel::{Chunks, Runtime};

/// Values in a block.
const BLOCK_VALUES: usize = 131_072;
/// Most bytes of values that a byte of a file can stand for: deflate packs 1,032 to one, and twice that is enough.
const MOST_PACKED: u64 = 2064;
/// Bytes of values that any file may promise.
const ALWAYS_FINE: u64 = 1 << 24;

/// A dataset as the checksum sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    file: String,
    name: String,
    kind: String,
    value_size: usize,
    shape: Vec<usize>,
    chunk: Option<Vec<usize>>,
}

/// Fewest blocks that are hashed in turn where chunks are longer than blocks.
const BLOCKS_IN_TURN: usize = 16;
/// Slabs that blocks in turn cover at least: those at either end are unpacked twice.
const SLABS_IN_TURN: usize = 4;

/// What a thread keeps open between blocks, by the entry or file it belongs to.
#[derive(Default)]
struct Open {
    dataset: Option<(usize, Dataset)>,
    slabs: Option<(String, SlabReader)>,
    bytes: Vec<u8>,
}

impl Entry {
    fn n_values(&self) -> usize {
        self.shape.iter().product()
    }
    fn n_blocks(&self) -> usize {
        self.n_values().div_ceil(BLOCK_VALUES)
    }
    fn block(&self, block: usize) -> Range<usize> {
        let start = block * BLOCK_VALUES;
        start..self.n_values().min(start + BLOCK_VALUES)
    }
    fn slab_rows(&self) -> Option<usize> {
        // The bytes stand in the file as they are hashed on little-endian machines, which all are that this engine runs on.
        slab_rows(&self.shape, self.chunk.as_deref(), self.value_size).filter(|_| cfg!(target_endian = "little"))
    }
    /// Ranges of blocks that one thread hashes in turn.
    fn turns(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let in_turn = self.slab_rows().map_or(1, |rows| {
            let slab = rows * self.shape[1..].iter().product::<usize>();
            (SLABS_IN_TURN * slab).div_ceil(BLOCK_VALUES).max(BLOCKS_IN_TURN)
        });
        let n_blocks = self.n_blocks();
        (0..n_blocks).step_by(in_turn).map(move |first| first..(first + in_turn).min(n_blocks))
    }
    fn header(&self) -> String {
        let shape = self.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
        format!("{}\n{}\n{}\n{shape}\n", self.file, self.name, self.kind)
    }
}

/// Checksum over all netCDF files in a folder; collective, the blocks are spread over ranks and threads.
///
/// # Errors
/// A file cannot be read, or holds what no run writes.
pub fn checksum(runtime: &Runtime, directory: &Path) -> Result<String, Error> {
    let listed = runtime.from_root(|| {
        let entries = list_entries(directory)?;
        serde_json::to_vec(&entries).map_err(|cause| Error::Failed(format!("cannot list the datasets: {cause}")))
    })?;
    let entries: Vec<Entry> = serde_json::from_slice(&listed).expect("rank 0 sends what it wrote");
    let turns: Vec<(usize, Range<usize>)> = entries
        .iter()
        .enumerate()
        .flat_map(|(index, entry)| entry.turns().map(move |blocks| (index, blocks)))
        .collect();
    let chunks = Chunks::contiguous(turns.len(), runtime.size());
    let all: Vec<usize> = (0..turns.len()).collect();
    let scratch = runtime.scratch(Open::default);
    let own = runtime.map(&chunks, &all, &mut vec![(); turns.len()], &scratch, |turn, (), open| {
        let (index, blocks) = &turns[turn];
        let mut digests = Vec::new();
        for block in blocks.clone() {
            digests.extend(hash_block(directory, &entries[*index], *index, block, open)?);
        }
        Ok(digests)
    });
    let digests = runtime.gather(&chunks, &all, own.into_iter().collect())?;
    let mut total = Sha256::new();
    let mut digests = digests.iter();
    for entry in &entries {
        total.update(entry.header());
        digests.by_ref().take(entry.turns().count()).for_each(|digests| total.update(digests));
    }
    Ok(hex(&total.finalize()))
}

/// Bytes in lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn list_entries(directory: &Path) -> Result<Vec<Entry>, Error> {
    let failed = |cause| Error::file("list", directory, cause);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let is_netcdf = entry.path().extension().is_some_and(|suffix| suffix == "nc");
        // Hidden ones are not complete yet.
        let name = entry.file_name().into_string().ok().filter(|name| is_netcdf && !name.starts_with('.'));
        if let Some(name) = name {
            let size = entry.metadata().map_err(failed)?.len();
            files.push((name, size));
        }
    }
    files.sort();
    let mut entries = Vec::new();
    for (file, size) in files {
        let path = directory.join(&file);
        let told = |error: hdf5::Error| Error::file("read", &path, hdf5_extra::cause(&error));
        let mut found = list_datasets(&file, &path).map_err(told)?;
        found.sort_by(|one, other| one.name.cmp(&other.name));
        found.iter().try_for_each(|entry| check_entry(entry, &path, size))?;
        entries.append(&mut found);
    }
    Ok(entries)
}

fn list_datasets(file: &str, path: &Path) -> hdf5::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let opened = File::open(path)?;
    for name in opened.member_names()? {
        if opened.loc_type_by_name(&name)? != hdf5::LocationType::Dataset {
            continue;
        }
        let dataset = opened.dataset(&name)?;
        let (kind, value_size) = kind_of(&dataset.dtype()?.to_descriptor()?)
            .ok_or_else(|| hdf5::Error::from(format!("dataset {name} has a type that no run writes")))?;
        let shape = dataset.shape();
        let chunk = dataset.chunk();
        entries.push(Entry { file: file.to_owned(), name, kind: kind.to_owned(), value_size, shape, chunk });
    }
    Ok(entries)
}

/// A damaged shape must not make the engine hash for ever, nor a name pass for another.
fn check_entry(entry: &Entry, path: &Path, file_size: u64) -> Result<(), Error> {
    let failed = |what: &str| Error::file("read", path, format!("dataset {} {what}", entry.name.escape_debug()));
    if entry.name.contains('\n') || entry.file.contains('\n') {
        return Err(failed("has a line feed in its name"));
    }
    let n_bytes = entry.shape.iter().try_fold(entry.value_size as u64, |n, &length| n.checked_mul(length as u64));
    match n_bytes {
        Some(n_bytes) if n_bytes <= ALWAYS_FINE.max(file_size.saturating_mul(MOST_PACKED)) => Ok(()),
        _ => Err(failed(&format!("promises {:?} values, more than the file can hold", entry.shape))),
    }
}

fn kind_of(descriptor: &TypeDescriptor) -> Option<(&'static str, usize)> {
    Some(match descriptor {
        TypeDescriptor::Float(FloatSize::U8) => ("f64", 8),
        TypeDescriptor::Float(FloatSize::U4) => ("f32", 4),
        TypeDescriptor::Integer(IntSize::U8) => ("i64", 8),
        TypeDescriptor::Integer(IntSize::U4) => ("i32", 4),
        TypeDescriptor::Integer(IntSize::U2) => ("i16", 2),
        TypeDescriptor::Integer(IntSize::U1) => ("i8", 1),
        TypeDescriptor::Unsigned(IntSize::U8) => ("u64", 8),
        TypeDescriptor::Unsigned(IntSize::U4) => ("u32", 4),
        TypeDescriptor::Unsigned(IntSize::U2) => ("u16", 2),
        TypeDescriptor::Unsigned(IntSize::U1) => ("u8", 1),
        TypeDescriptor::FixedAscii(1) | TypeDescriptor::FixedUnicode(1) => ("char", 1),
        _ => return None,
    })
}

fn hash_block(directory: &Path, entry: &Entry, index: usize, block: usize, open: &mut Open) -> Result<Vec<u8>, Error> {
    let path = directory.join(&entry.file);
    let run = entry.block(block);
    open.bytes.resize(run.len() * entry.value_size, 0);
    if !read_in_slabs(&path, entry, run.clone(), open)? {
        let told = |error: hdf5::Error| Error::file("read", &path, hdf5_extra::cause(&error));
        let dataset = match open.dataset.take() {
            Some((known, dataset)) if known == index => dataset,
            _ => File::open(&path).and_then(|file| file.dataset(&entry.name)).map_err(told)?,
        };
        hdf5_extra::read_run(&dataset, run, &mut open.bytes).map_err(told)?;
        open.dataset = Some((index, dataset));
    }
    make_canonical(&entry.kind, &mut open.bytes);
    Ok(Sha256::digest(&open.bytes).to_vec())
}

/// Reads a run without the library, which unpacks on one thread alone; gives whether the dataset can be read so.
fn read_in_slabs(path: &Path, entry: &Entry, run: Range<usize>, open: &mut Open) -> Result<bool, Error> {
    let Some(rows) = entry.slab_rows() else { return Ok(false) };
    let reader = match &mut open.slabs {
        Some((file, reader)) if *file == entry.file => reader,
        slabs => &mut slabs.insert((entry.file.clone(), SlabReader::open(path)?)).1,
    };
    reader.read(&entry.name, rows, run, &mut open.bytes)
}

/// One bit pattern for all NaN, and 0 for -0.
fn make_canonical(kind: &str, bytes: &mut [u8]) {
    match kind {
        "f64" => bytes.as_chunks_mut().0.iter_mut().for_each(|bytes| {
            let value = f64::from_le_bytes(*bytes);
            if value.is_nan() {
                *bytes = 0x7ff8_0000_0000_0000_u64.to_le_bytes();
            } else if value == 0.0 {
                *bytes = [0; 8];
            }
        }),
        "f32" => bytes.as_chunks_mut().0.iter_mut().for_each(|bytes| {
            let value = f32::from_le_bytes(*bytes);
            if value.is_nan() {
                *bytes = 0x7fc0_0000_u32.to_le_bytes();
            } else if value == 0.0 {
                *bytes = [0; 4];
            }
        }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum_of(make: impl FnOnce(&File)) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = File::create(folder.path().join("traffic.nc")).unwrap();
        make(&file);
        file.close().unwrap();
        checksum(&Runtime::serial(1).unwrap(), folder.path()).unwrap()
    }

    fn values(file: &File, name: &str, values: &[f64]) {
        file.new_dataset::<f64>().shape([values.len()]).create(name).unwrap().write(values).unwrap();
    }

    #[test]
    fn the_bytes_are_those_of_the_definition() {
        let mut expected = b"traffic.nc\nlink_cost\nf64\n2\n".to_vec();
        let block: Vec<u8> = [1.5f64, -2.0].iter().flat_map(|value| value.to_le_bytes()).collect();
        expected.extend_from_slice(&Sha256::digest(block));
        expected.extend_from_slice(b"traffic.nc\nroad\ni32\n\n");
        expected.extend_from_slice(&Sha256::digest(7i32.to_le_bytes()));
        let found = sum_of(|file| {
            file.new_dataset::<i32>().create("road").unwrap().write_scalar(&7).unwrap();
            values(file, "link_cost", &[1.5, -2.0]);
        });
        assert_eq!(found, hex(&Sha256::digest(expected)));
    }

    #[test]
    fn it_sees_values_names_shapes_and_types() {
        let base = sum_of(|file| values(file, "a", &[1.0, 2.0]));
        assert_ne!(base, sum_of(|file| values(file, "a", &[1.0, 2.0 + f64::EPSILON * 2.0])));
        assert_ne!(base, sum_of(|file| values(file, "b", &[1.0, 2.0])));
        let reshape = |file: &File| {
            let values = ndarray::arr2(&[[1.0], [2.0]]);
            file.new_dataset::<f64>().shape([2, 1]).create("a").unwrap().write(&values).unwrap();
        };
        assert_ne!(base, sum_of(reshape));
        let bits = |file: &File| {
            let values = [1.0f64.to_bits() as i64, 2.0f64.to_bits() as i64];
            file.new_dataset::<i64>().shape([2]).create("a").unwrap().write(&values).unwrap();
        };
        assert_ne!(base, sum_of(bits));
    }

    #[test]
    fn it_does_not_see_attributes_layout_or_byte_order_of_writing() {
        let base = sum_of(|file| values(file, "a", &[1.0, 2.0, 3.0]));
        let other = sum_of(|file| {
            let builder = file.new_dataset::<f64>().chunk([2]).shuffle().deflate(9).shape([3]);
            let dataset = builder.create("a").unwrap();
            dataset.write(&[1.0, 2.0, 3.0]).unwrap();
            dataset.new_attr::<i32>().create("note").unwrap().write_scalar(&1).unwrap();
        });
        assert_eq!(base, other);
    }

    #[test]
    fn all_nan_are_one_and_minus_zero_is_zero() {
        let one = sum_of(|file| values(file, "a", &[f64::NAN, 0.0]));
        let other = sum_of(|file| values(file, "a", &[f64::from_bits(0xfff0_0000_0000_0001), -0.0]));
        assert_eq!(one, other);
        let mut bytes = [(-0.0f32).to_le_bytes(), f32::from_bits(0xffc0_1234).to_le_bytes()].concat();
        make_canonical("f32", &mut bytes);
        assert_eq!(bytes, [0, 0, 0, 0, 0, 0, 0xc0, 0x7f]);
    }

    #[test]
    fn blocks_cross_rows_and_the_last_is_short() {
        let entry = Entry {
            file: "a.nc".to_owned(),
            name: "a".to_owned(),
            kind: "f64".to_owned(),
            value_size: 8,
            shape: vec![3, 100_000],
            chunk: None,
        };
        assert_eq!(entry.n_blocks(), 3);
        assert_eq!(entry.block(2), 262_144..300_000);
        let numbers: Vec<f64> = (0..300_000).map(f64::from).collect();
        let chunked = |chunk: [usize; 2]| {
            sum_of(|file| {
                let values = ndarray::ArrayView2::from_shape((3, 100_000), &numbers).unwrap();
                let builder = file.new_dataset::<f64>().chunk(chunk).shape([3, 100_000]);
                builder.create("a").unwrap().write(values).unwrap();
            })
        };
        let mut expected = b"traffic.nc\na\nf64\n3,100000\n".to_vec();
        for block in numbers.chunks(BLOCK_VALUES) {
            let bytes: Vec<u8> = block.iter().flat_map(|value| value.to_le_bytes()).collect();
            expected.extend_from_slice(&Sha256::digest(bytes));
        }
        let expected = hex(&Sha256::digest(expected));
        assert_eq!(chunked([1, 4096]), expected);
        assert_eq!(chunked([3, 33_333]), expected);
    }

    #[test]
    fn a_shape_that_promises_too_much_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::create(folder.path().join("traffic.nc")).unwrap();
        file.new_dataset::<f64>().chunk([1024]).shape([1usize << 50]).create("a").unwrap();
        file.close().unwrap();
        let refused = checksum(&Runtime::serial(1).unwrap(), folder.path()).unwrap_err().to_string();
        assert!(refused.contains("dataset a promises [1125899906842624] values"), "{refused}");
    }

    #[test]
    fn a_file_that_is_not_netcdf_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("traffic.nc"), "no HDF5").unwrap();
        let refused = checksum(&Runtime::serial(1).unwrap(), folder.path()).unwrap_err().to_string();
        assert!(refused.contains("cannot read") && refused.contains("traffic.nc"), "{refused}");
    }
}
