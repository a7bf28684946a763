//! What the HDF5 crate does not offer: dimension scales, transfers of runs of values, collective writes.
//!
//! The only module of the store with foreign calls; everything it hands out is safe to use.
#![allow(unsafe_code)]

use std::ffi::{CString, c_char, c_int, c_uint, c_void};
use std::ops::Range;
use std::ptr;

use hdf5::{Attribute, Dataset};
use hdf5_sys::h5::{herr_t, hsize_t};
use hdf5_sys::h5d::{H5Dget_space, H5Dget_type, H5Dread, H5Dwrite, H5Dwrite_chunk};
use hdf5_sys::h5i::{H5I_INVALID_HID, H5Idec_ref, hid_t};
use hdf5_sys::h5p::H5P_DEFAULT;
use hdf5_sys::h5s::{
    H5S_SELECT_OR, H5S_SELECT_SET, H5Screate_simple, H5Sselect_all, H5Sselect_hyperslab, H5Sselect_none,
};
use hdf5_sys::h5t::{H5T_DIR_ASCEND, H5Tget_native_type, H5Tget_size};

use super::runs::{Region, regions_of_run};

// The high-level library is linked by the feature `hl` of hdf5-metno-sys, which binds none of its functions.
unsafe extern "C" {
    fn H5DSset_scale(dataset: hid_t, name: *const c_char) -> herr_t;
    fn H5DSattach_scale(dataset: hid_t, scale: hid_t, axis: c_uint) -> herr_t;
}

/// How a transfer meets the other ranks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transfer {
    /// This process alone.
    Independent,
    /// All ranks that opened the file together; each calls, also with nothing to transfer.
    #[cfg(feature = "mpi")]
    Collective,
}

/// Makes a one-dimensional dataset a dimension scale.
pub(super) fn set_scale(dataset: &Dataset, name: &str) -> hdf5::Result<()> {
    let name = CString::new(name).map_err(|cause| cause.to_string())?;
    // SAFETY: the dataset is open for as long as it is borrowed, the name ends with a zero byte.
    locked(|| unsafe { H5DSset_scale(dataset.id(), name.as_ptr()) })
}

/// Makes `scale` the scale of one axis of `dataset`.
pub(super) fn attach_scale(dataset: &Dataset, scale: &Dataset, axis: usize) -> hdf5::Result<()> {
    // SAFETY: both datasets are open for as long as they are borrowed; the library checks the axis.
    locked(|| unsafe { H5DSattach_scale(dataset.id(), scale.id(), axis as c_uint) })
}

/// Fills an attribute with `bytes`, which are in the attribute's own type.
pub(super) fn write_attribute(attribute: &Attribute, bytes: &[u8]) -> hdf5::Result<()> {
    let own_type = attribute.dtype()?;
    require_size(bytes.len(), attribute.size(), own_type.size())?;
    // SAFETY: the buffer is as large as the attribute, as just checked; the type is the attribute's own.
    locked(|| unsafe { hdf5_sys::h5a::H5Awrite(attribute.id(), own_type.id(), bytes.as_ptr().cast()) })
}

/// The content of an attribute of fixed size, in the attribute's own type.
pub(super) fn read_attribute(attribute: &Attribute) -> hdf5::Result<Vec<u8>> {
    let own_type = attribute.dtype()?;
    let mut bytes = vec![0; attribute.size() * own_type.size()];
    // SAFETY: the buffer is as large as the attribute; the type is the attribute's own.
    locked(|| unsafe { hdf5_sys::h5a::H5Aread(attribute.id(), own_type.id(), bytes.as_mut_ptr().cast()) })?;
    Ok(bytes)
}

/// Writes runs of values, ascending and apart, from native values one after the other in `bytes`.
pub(super) fn write_runs(
    dataset: &Dataset,
    runs: &[Range<usize>],
    bytes: &[u8],
    transfer: Transfer,
) -> hdf5::Result<()> {
    hdf5::sync::sync(|| {
        let open = Selected::new(dataset, runs)?;
        require_size(bytes.len(), open.n_values, open.value_size)?;
        let list = transfer_list(transfer)?;
        // SAFETY: the buffer holds exactly the selected values in the memory type, as just checked.
        check(unsafe {
            H5Dwrite(
                dataset.id(),
                open.memory_type.0,
                open.memory.0,
                open.file.0,
                list.as_ref().map_or(H5P_DEFAULT, |list| list.0),
                bytes.as_ptr().cast::<c_void>(),
            )
        })
    })
}

/// Writes a whole chunk whose bytes have passed the filters already; `start` is the index of its first value.
pub(super) fn write_chunk(dataset: &Dataset, start: &[usize], bytes: &[u8]) -> hdf5::Result<()> {
    let shape = dataset.shape();
    let starts_chunk = |chunk: &Vec<usize>| {
        let axis = |axis: usize| start[axis] < shape[axis] && start[axis].is_multiple_of(chunk[axis]);
        start.len() == chunk.len() && (0..start.len()).all(axis)
    };
    if !dataset.chunk().as_ref().is_some_and(starts_chunk) {
        return Err(format!("no chunk of a dataset of shape {shape:?} starts at {start:?}").into());
    }
    let offset: Vec<hsize_t> = start.iter().map(|&index| index as hsize_t).collect();
    // SAFETY: an offset for each axis, within the dataset and at the start of a chunk, as just checked; the buffer is borrowed.
    locked(|| unsafe {
        H5Dwrite_chunk(dataset.id(), H5P_DEFAULT, 0, offset.as_ptr(), bytes.len(), bytes.as_ptr().cast::<c_void>())
    })
}

/// Reads one run of values as native values into `bytes`, which has exactly their size.
pub(super) fn read_run(dataset: &Dataset, run: Range<usize>, bytes: &mut [u8]) -> hdf5::Result<()> {
    let regions = regions_of_run(&dataset.shape(), run.clone());
    let value_size = bytes.len() / run.len().max(1);
    let (mut start, mut rest) = (run.start, bytes);
    // One region after the other, as each is copied by rows.
    for region in regions {
        let end = start + region.shape.iter().product::<usize>();
        let (own, behind) = rest.split_at_mut((end - start) * value_size);
        read_region(dataset, start..end, own)?;
        (start, rest) = (end, behind);
    }
    require_size(rest.len(), 0, value_size)
}

fn read_region(dataset: &Dataset, run: Range<usize>, bytes: &mut [u8]) -> hdf5::Result<()> {
    hdf5::sync::sync(|| {
        let open = Selected::new(dataset, std::slice::from_ref(&run))?;
        require_size(bytes.len(), open.n_values, open.value_size)?;
        // SAFETY: the buffer has room for exactly the selected values in the memory type, as just checked.
        check(unsafe {
            H5Dread(
                dataset.id(),
                open.memory_type.0,
                open.memory.0,
                open.file.0,
                H5P_DEFAULT,
                bytes.as_mut_ptr().cast::<c_void>(),
            )
        })
    })
}

/// The innermost cause that the library tells, for example a full disk.
pub(super) fn cause(error: &hdf5::Error) -> String {
    let frames = error.stack();
    let innermost = frames.as_ref().and_then(|stack| stack.last());
    let Some(innermost) = innermost else { return error.to_string() };
    let told = innermost.desc().to_owned();
    // The library's file driver words system errors as `..., error message = 'TEXT', ...`.
    match told.split_once("error message = '").and_then(|(_, rest)| rest.split_once('\'')) {
        Some((system, _)) => system.to_owned(),
        None => error.to_string(),
    }
}

/// An identifier of the library, given back when dropped.
struct Owned(hid_t);

impl Owned {
    fn new(id: hid_t) -> hdf5::Result<Self> {
        if id == H5I_INVALID_HID || id < 0 { Err(last_error()) } else { Ok(Owned(id)) }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: the identifier was valid when it was taken and is given back once.
        hdf5::sync::sync(|| unsafe { H5Idec_ref(self.0) });
    }
}

/// What a transfer needs: selections in file and memory, and the native type of the values.
struct Selected {
    file: Owned,
    memory: Owned,
    memory_type: Owned,
    n_values: usize,
    value_size: usize,
}

impl Selected {
    /// Call with the library's lock held.
    fn new(dataset: &Dataset, runs: &[Range<usize>]) -> hdf5::Result<Self> {
        let shape = dataset.shape();
        // SAFETY: the dataset is open for as long as it is borrowed; both calls give new identifiers.
        let (file, file_type) =
            unsafe { (Owned::new(H5Dget_space(dataset.id()))?, Owned::new(H5Dget_type(dataset.id()))?) };
        // SAFETY: the type was just opened.
        let memory_type = Owned::new(unsafe { H5Tget_native_type(file_type.0, H5T_DIR_ASCEND) })?;
        // SAFETY: the type was just opened.
        let value_size = unsafe { H5Tget_size(memory_type.0) };
        let n_values = runs.iter().map(Range::len).sum::<usize>();
        let regions: Vec<Region> = runs.iter().flat_map(|run| regions_of_run(&shape, run.clone())).collect();
        // Only between equal shapes does the library copy rows instead of single values.
        let lengths: Vec<hsize_t> = match regions.as_slice() {
            [region] if !shape.is_empty() => region.shape.iter().map(|&length| length as hsize_t).collect(),
            _ => vec![n_values.max(1) as hsize_t],
        };
        // SAFETY: a length for each axis.
        let memory = Owned::new(unsafe { H5Screate_simple(lengths.len() as c_int, lengths.as_ptr(), ptr::null()) })?;
        select(&file, regions)?;
        if n_values == 0 {
            // SAFETY: the space was just made.
            check(unsafe { H5Sselect_none(memory.0) })?;
        }
        Ok(Selected { file, memory, memory_type, n_values, value_size })
    }
}

fn select(space: &Owned, regions: Vec<Region>) -> hdf5::Result<()> {
    // SAFETY: the space is open.
    check(unsafe { H5Sselect_none(space.0) })?;
    for Region { start, shape } in regions {
        if shape.is_empty() {
            // SAFETY: the space is open.
            check(unsafe { H5Sselect_all(space.0) })?;
            continue;
        }
        let start: Vec<hsize_t> = start.into_iter().map(|index| index as hsize_t).collect();
        let count: Vec<hsize_t> = shape.into_iter().map(|length| length as hsize_t).collect();
        let first = is_nothing_selected(space);
        let how = if first { H5S_SELECT_SET } else { H5S_SELECT_OR };
        // SAFETY: both arrays have one entry per axis of the space; no stride and no block means ones.
        check(unsafe { H5Sselect_hyperslab(space.0, how, start.as_ptr(), ptr::null(), count.as_ptr(), ptr::null()) })?;
    }
    Ok(())
}

fn is_nothing_selected(space: &Owned) -> bool {
    // SAFETY: the space is open.
    unsafe { hdf5_sys::h5s::H5Sget_select_npoints(space.0) == 0 }
}

fn transfer_list(transfer: Transfer) -> hdf5::Result<Option<Owned>> {
    match transfer {
        Transfer::Independent => Ok(None),
        #[cfg(feature = "mpi")]
        Transfer::Collective => {
            use hdf5_sys::h5p::H5FD_mpio_xfer_t::H5FD_MPIO_COLLECTIVE;
            use hdf5_sys::h5p::{H5P_CLS_DATASET_XFER, H5Pcreate, H5Pset_dxpl_mpio};
            // SAFETY: the class is a constant of the library, initialised by the lock that is held.
            let list = Owned::new(unsafe { H5Pcreate(*H5P_CLS_DATASET_XFER) })?;
            // SAFETY: the list was just made.
            check(unsafe { H5Pset_dxpl_mpio(list.0, H5FD_MPIO_COLLECTIVE) })?;
            Ok(Some(list))
        }
    }
}

fn locked(call: impl FnOnce() -> herr_t) -> hdf5::Result<()> {
    hdf5::sync::sync(|| check(call()))
}

fn check(code: herr_t) -> hdf5::Result<()> {
    if code < 0 { Err(last_error()) } else { Ok(()) }
}

fn last_error() -> hdf5::Error {
    match hdf5::Error::query() {
        Ok(error) | Err(error) => error,
    }
}

fn require_size(n_bytes: usize, n_values: usize, value_size: usize) -> hdf5::Result<()> {
    match n_values.checked_mul(value_size) {
        Some(expected) if expected == n_bytes => Ok(()),
        _ => Err(format!("{n_bytes} bytes for {n_values} values of {value_size} bytes").into()),
    }
}
