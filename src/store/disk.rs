//! Files that are there as a whole or not at all.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Creates a directory and its parents; one that is there is fine.
pub(super) fn create_directory(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|cause| Error::file("create", path, cause))
}

/// Writes a file under a temporary name and gives it its own name when all of it is on the disk.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let temporary = temporary_name(path);
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(cause) = written {
        // Whether the rest can be removed changes nothing about the failure told.
        let _ = fs::remove_file(&temporary);
        return Err(Error::file("write", path, cause));
    }
    rename(&temporary, path)
}

/// Gives a file its final name, in place of one that is there.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    fs::rename(from, to).map_err(|cause| Error::file("write", to, cause))?;
    to.parent().map_or(Ok(()), sync)
}

/// Hands what the system still holds of a file or directory to the disk.
pub(super) fn sync(path: &Path) -> Result<(), Error> {
    // An empty parent of a relative path is the current directory.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path).and_then(|file| file.sync_all()).map_err(|cause| Error::file("write", path, cause))
}

/// Name that a file has until it is complete.
pub(super) fn temporary_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.tmp"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stays_as_it_was_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        write_whole(&path, b"old").unwrap();
        // A folder in the place of the temporary file makes the write fail before the rename.
        let obstacle = temporary_name(&path);
        fs::create_dir(&obstacle).unwrap();
        let told = write_whole(&path, b"new").unwrap_err().to_string();
        assert!(told.starts_with(&format!("cannot write {}", path.display())), "{told}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        fs::remove_dir(&obstacle).unwrap();
        write_whole(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(!obstacle.exists());
    }
}
