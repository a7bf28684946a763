//! What the HDF5 crate does not offer: raw bytes of attributes, datasets and fill values, and addresses of objects.
//!
//! The only module of the reader with foreign calls; everything it hands out is safe to use.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;

use hdf5::{Attribute, Dataset};
use hdf5_sys::h5::herr_t;
use hdf5_sys::h5d::{H5D_fill_value_t, H5Dread};
use hdf5_sys::h5o::{H5O_INFO_BASIC, H5O_info1_t, H5Oget_info2};
use hdf5_sys::h5p::{H5P_DEFAULT, H5Pfill_value_defined, H5Pget_fill_value};
use hdf5_sys::h5s::H5S_ALL;

/// Bytes of an attribute whose values have a fixed size, in its own type.
pub(super) fn attribute_bytes(attribute: &Attribute) -> hdf5::Result<Vec<u8>> {
    let own_type = attribute.dtype()?;
    let mut bytes = vec![0; attribute.size().checked_mul(own_type.size()).ok_or("an attribute is too large")?];
    // SAFETY: the buffer is as large as the attribute, whose values have a fixed size; the type is its own.
    locked(|| unsafe { hdf5_sys::h5a::H5Aread(attribute.id(), own_type.id(), bytes.as_mut_ptr().cast()) })?;
    Ok(bytes)
}

/// Bytes of all values of a dataset whose values have a fixed size, in its own type.
pub(super) fn dataset_bytes(dataset: &Dataset) -> hdf5::Result<Vec<u8>> {
    let own_type = dataset.dtype()?;
    let mut bytes = vec![0; dataset.size().checked_mul(own_type.size()).ok_or("a dataset is too large")?];
    // SAFETY: the buffer is as large as the dataset, whose values have a fixed size; the type is its own.
    locked(|| unsafe {
        H5Dread(dataset.id(), own_type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.as_mut_ptr().cast())
    })?;
    Ok(bytes)
}

/// Bytes of the value that stands where none was written, in the dataset's own type of a fixed size; zeros unless set.
pub(super) fn fill_bytes(dataset: &Dataset) -> hdf5::Result<Vec<u8>> {
    let (list, own_type) = (dataset.create_plist()?, dataset.dtype()?);
    let mut bytes = vec![0; own_type.size()];
    let mut status = H5D_fill_value_t::H5D_FILL_VALUE_UNDEFINED;
    // SAFETY: the list is open, the status outlives the call.
    locked(|| unsafe { H5Pfill_value_defined(list.id(), &raw mut status) })?;
    if status == H5D_fill_value_t::H5D_FILL_VALUE_USER_DEFINED {
        // SAFETY: the buffer is as large as a value of the type, which has a fixed size.
        locked(|| unsafe { H5Pget_fill_value(list.id(), own_type.id(), bytes.as_mut_ptr().cast()) })?;
    }
    Ok(bytes)
}

/// Address of the header of a dataset, from the base address of the file on.
pub(super) fn header_address(dataset: &Dataset) -> hdf5::Result<u64> {
    let mut info = MaybeUninit::<H5O_info1_t>::zeroed();
    // SAFETY: the dataset is open; all bytes of the struct, integers alone, are set before the call.
    locked(|| unsafe { H5Oget_info2(dataset.id(), info.as_mut_ptr(), H5O_INFO_BASIC) })?;
    // SAFETY: the call succeeded, and zeros are valid values of all fields.
    Ok(unsafe { info.assume_init() }.addr)
}

fn locked(call: impl FnOnce() -> herr_t) -> hdf5::Result<()> {
    hdf5::sync::sync(|| {
        if call() >= 0 {
            return Ok(());
        }
        match hdf5::Error::query() {
            Ok(error) | Err(error) => Err(error),
        }
    })
}
