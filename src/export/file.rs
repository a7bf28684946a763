//! Writes a file whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use crate::error::{Error, Problem};

/// What to do about a file that is already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Refuse,
    /// The new one takes its place once it is complete.
    Replace,
}

/// Removes the unfinished file unless it was given its final name.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // Nothing is there any more after the rename; and an unfinished file that cannot be removed harms nobody.
        let _ = fs::remove_file(&self.0);
    }
}

/// Writes a file under a temporary name beside `path`, syncs it, and renames it.
///
/// # Errors
/// The file exists and is to be kept, or cannot be written; nothing is then left under `path` that was not there.
pub fn write_file(
    path: &Path,
    existing: Existing,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Error> {
    refuse_existing(path, existing)?;
    let name = path.file_name().ok_or_else(|| Problem::new("this is not the name of a file").in_file(path))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|cause| Error::file("make the folder", folder, cause))?;
    let temporary = Temporary(folder.join(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id())));
    let written = || -> io::Result<()> {
        let mut out = BufWriter::new(File::create(&temporary.0)?);
        write(&mut out)?;
        out.into_inner()?.sync_all()?;
        fs::rename(&temporary.0, path)?;
        File::open(folder)?.sync_all()
    };
    written().map_err(|cause| Error::file("write", path, cause))
}

/// Removes an unfinished folder with the files that it may hold.
struct TemporaryFolder<'a> {
    path: PathBuf,
    files: &'a [&'a str],
}

impl Drop for TemporaryFolder<'_> {
    fn drop(&mut self) {
        // As above; and a folder that holds anything else is nobody's to remove.
        for file in self.files {
            let _ = fs::remove_file(self.path.join(file));
        }
        let _ = fs::remove_dir(&self.path);
    }
}

/// Writes a folder of `files` under a temporary name beside `path`, and renames it.
///
/// A folder that is to be replaced may hold these files and nothing else.
///
/// # Errors
/// There is something that is to be kept, or the folder cannot be written; what was there before then stays.
pub fn write_folder(
    path: &Path,
    existing: Existing,
    files: &[&str],
    write: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<(), Error> {
    let is_replaced = existing == Existing::Replace && path.is_dir() && holds_only(path, files)?;
    if !is_replaced {
        refuse_existing(path, Existing::Refuse)?;
    }
    let name = path.file_name().ok_or_else(|| Problem::new("this is not the name of a folder").in_file(path))?;
    let parent = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = |role: &str| {
        let path = parent.join(format!(".{}.{}.{role}.tmp", name.to_string_lossy(), std::process::id()));
        TemporaryFolder { path, files }
    };
    let new = beside("new");
    fs::create_dir_all(&new.path).map_err(|cause| Error::file("make the folder", &new.path, cause))?;
    write(&new.path)?;
    let old = beside("old");
    let renamed = || -> io::Result<()> {
        if is_replaced {
            fs::rename(path, &old.path)?;
        }
        if let Err(cause) = fs::rename(&new.path, path) {
            if is_replaced {
                fs::rename(&old.path, path)?;
            }
            return Err(cause);
        }
        File::open(parent)?.sync_all()
    };
    renamed().map_err(|cause| Error::file("write", path, cause))
}

fn holds_only(folder: &Path, files: &[&str]) -> Result<bool, Error> {
    let failed = |cause| Error::file("list", folder, cause);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if !files.iter().any(|file| name == **file) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Refuses a path that is taken, if what is there is to be kept; a folder is never replaced.
///
/// # Errors
/// The path is taken.
pub fn refuse_existing(path: &Path, existing: Existing) -> Result<(), Error> {
    if path.is_dir() || (existing == Existing::Refuse && path.symlink_metadata().is_ok()) {
        return Err(Problem::new("there is something of this name already")
            .in_file(path)
            .hint("remove it or choose another name")
            .into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_failure_leaves_the_old_file_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        write_file(&path, Existing::Refuse, |out| out.write_all(b"old")).unwrap();
        let broken = write_file(&path, Existing::Replace, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("disk full"))
        });
        assert!(broken.unwrap_err().to_string().ends_with("a.csv: disk full"));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_is_written_whole_and_replaced_only_if_it_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("net");
        let put = |text: &'static str| {
            move |folder: &Path| {
                fs::write(folder.join("a.csv"), text).map_err(|cause| Error::file("write", folder, cause))
            }
        };
        write_folder(&path, Existing::Replace, &["a.csv"], put("one")).unwrap();
        assert!(write_folder(&path, Existing::Refuse, &["a.csv"], put("two")).is_err());
        assert!(write_folder(&path, Existing::Replace, &["a.csv"], |_| Err(Error::Failed("half".into()))).is_err());
        assert_eq!(fs::read(path.join("a.csv")).unwrap(), b"one");
        write_folder(&path, Existing::Replace, &["a.csv"], put("two")).unwrap();
        assert_eq!(fs::read(path.join("a.csv")).unwrap(), b"two");
        fs::write(path.join("mine.txt"), "x").unwrap();
        assert!(write_folder(&path, Existing::Replace, &["a.csv"], put("three")).is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_existing_file_is_kept_or_replaced_as_asked() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new/a.csv");
        write_file(&path, Existing::Refuse, |out| out.write_all(b"one")).unwrap();
        let refused = write_file(&path, Existing::Refuse, |out| out.write_all(b"two")).unwrap_err();
        assert_eq!(refused.exit_code(), 2);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write_file(&path, Existing::Replace, |out| out.write_all(b"two")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert!(write_file(dir.path(), Existing::Replace, |_| Ok(())).is_err());
    }
}
