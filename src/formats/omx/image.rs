//! HDF5 files opened from their bytes, which another rank may have read.
#![allow(unsafe_code)]

use hdf5::plist::FileAccess;
use hdf5_sys::h5p::H5Pset_file_image;

/// Opens the content of an HDF5 file for reading; no file is touched.
pub(super) fn open(bytes: &[u8]) -> hdf5::Result<hdf5::File> {
    const GROW_BY: usize = 1 << 16;
    let access = FileAccess::build().core_options(GROW_BY, false).finish()?;
    // SAFETY: the list is open, and the library copies the bytes and does not write to them.
    let status =
        hdf5::sync::sync(|| unsafe { H5Pset_file_image(access.id(), bytes.as_ptr().cast_mut().cast(), bytes.len()) });
    if status < 0 {
        return Err("the file image was refused".into());
    }
    hdf5::File::with_options().set_access_plist(&access)?.open("image")
}
