//! One run at a time in a folder.
//!
//! The lock is a file created atomically, held by the system's file lock where the file system has one: that one ends
//! with its process however the process ends, so that a lock left behind by a killed run is told from a live one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::{Error, Problem};

/// Name of the lock file in a run folder.
pub(super) const LOCK_FILE: &str = ".lock";
/// Longest lock file that is read.
const LONGEST: u64 = 1024;

/// A held lock; let go when dropped.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

/// Who holds or held a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Holder {
    process: u32,
    host: String,
}

impl Lock {
    /// Takes the lock of a folder, also one left behind by a process of this host that is gone.
    pub fn take(directory: &Path) -> Result<Self, Error> {
        let path = directory.join(LOCK_FILE);
        let failed = |cause: std::io::Error| Error::file("lock", &path, cause);
        // Another run may let go between a look and the next step; after a few such races something else is wrong.
        for _ in 0..8 {
            let created = OpenOptions::new().read(true).write(true).create_new(true).open(&path);
            let (file, is_new) = match created {
                Ok(file) => (file, true),
                Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
                    match OpenOptions::new().read(true).write(true).open(&path) {
                        Ok(file) => (file, false),
                        Err(cause) if cause.kind() == ErrorKind::NotFound => continue,
                        Err(cause) => return Err(failed(cause)),
                    }
                }
                Err(cause) => return Err(failed(cause)),
            };
            let is_locked = match file.try_lock() {
                Ok(()) => true,
                Err(TryLockError::WouldBlock) => return Err(taken(directory, read_holder(&file))),
                Err(TryLockError::Error(_)) => false,
            };
            if is_locked && !is_same_file(&file, &path) {
                continue;
            }
            let holder = if is_new { None } else { read_holder(&file) };
            // A new file is empty for a moment; without a system lock only its creator may go on.
            let is_free = is_new || (is_locked && holder.as_ref().is_none_or(|holder| holder.host == host()));
            if !is_free {
                return Err(taken(directory, holder));
            }
            let lock = Lock { path: path.clone(), file };
            lock.sign().map_err(failed)?;
            return Ok(lock);
        }
        Err(Error::Failed(format!("cannot lock {}: other runs keep taking it", directory.display())))
    }

    fn sign(&self) -> std::io::Result<()> {
        self.file.set_len(0)?;
        (&self.file).write_all(format!("{} {}\n", std::process::id(), host()).as_bytes())?;
        self.file.sync_all()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A lock that cannot be removed is found to be stale by the next run.
        let _ = fs::remove_file(&self.path);
    }
}

fn taken(directory: &Path, holder: Option<Holder>) -> Error {
    let by = holder.map_or_else(
        || "another run".to_owned(),
        |holder| format!("process {} on host {}", holder.process, holder.host),
    );
    Error::Input(vec![
        Problem::new(format!("the run folder {} is in use by {by}", directory.display()))
            .hint(format!("if that run is gone, remove {}", directory.join(LOCK_FILE).display())),
    ])
}

fn read_holder(mut file: &File) -> Option<Holder> {
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).ok()?;
    let _ = std::io::Seek::rewind(&mut file);
    let (process, host) = text.trim_end().split_once(' ')?;
    Some(Holder { process: process.parse().ok()?, host: host.to_owned() })
}

fn is_same_file(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(named)) => open.ino() == named.ino() && open.dev() == named.dev(),
        _ => false,
    }
}

fn host() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname").map_or_else(|_| "unknown".to_owned(), |name| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_once_and_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let held = Lock::take(folder.path()).unwrap();
        let refused = Lock::take(folder.path()).unwrap_err();
        assert_eq!(refused.exit_code(), 2);
        assert!(refused.to_string().contains(&format!("process {} on host", std::process::id())), "{refused}");
        drop(held);
        assert!(!folder.path().join(LOCK_FILE).exists());
        Lock::take(folder.path()).unwrap();
    }

    #[test]
    fn a_lock_that_its_process_left_behind_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(LOCK_FILE);
        fs::write(&path, format!("999999 {}\n", host())).unwrap();
        let held = Lock::take(folder.path()).unwrap();
        let signed = fs::read_to_string(&path).unwrap();
        assert_eq!(signed, format!("{} {}\n", std::process::id(), host()));
        drop(held);
        // Killed before it could sign.
        fs::write(&path, "").unwrap();
        Lock::take(folder.path()).unwrap();
    }

    #[test]
    fn a_lock_of_another_host_is_respected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(LOCK_FILE);
        fs::write(&path, "17 some-other-host\n").unwrap();
        let refused = Lock::take(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("process 17 on host some-other-host"), "{refused}");
        assert!(refused.contains("hint: if that run is gone, remove"), "{refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "17 some-other-host\n");
    }
}
