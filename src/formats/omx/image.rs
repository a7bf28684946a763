//! HDF5 files opened from their bytes, which another rank may have read.
#![allow(unsafe_code)]

use hdf5::plist::FileAccess;
use hdf5_sys::h5f::{H5F_ACC_RDONLY, H5Fopen};
use hdf5_sys::h5p::H5Pset_file_image;

/// Opens the content of an HDF5 file for reading; no file is touched.
pub(super) fn open(bytes: &[u8]) -> hdf5::Result<hdf5::File> {
    const GROW_BY: usize = 1 << 16;
    let access = FileAccess::build().core_options(GROW_BY, false).finish()?;
    hdf5::sync::sync(|| {
        // SAFETY: the list is open; the library copies the bytes, without writing to them, before it returns.
        let status = unsafe { H5Pset_file_image(access.id(), bytes.as_ptr().cast_mut().cast(), bytes.len()) };
        hdf5::h5check(status)?;
        // SAFETY: the name is a C string and the list is open; the id of an opened file is handed on at once.
        unsafe { hdf5::from_id(hdf5::h5check(H5Fopen(c"image".as_ptr(), H5F_ACC_RDONLY, access.id()))?) }
    })
}
