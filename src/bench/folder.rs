//! Where measured runs and their made files lie.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::error::Error;
use crate::parallel::Runtime;

/// A folder for made files and run folders; the process that made it removes it with what is in it.
#[derive(Default)]
pub struct BenchFolder(OnceLock<PathBuf>);

impl BenchFolder {
    /// The folder, and whether it was made just now; collective.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn find(&self, runtime: &Runtime, inside: Option<&Path>) -> Result<(PathBuf, bool), Error> {
        let told = runtime.from_root(|| {
            let is_new = self.0.get().is_none();
            let inside = inside.map_or_else(std::env::temp_dir, Path::to_path_buf);
            let path = self.0.get_or_init(|| inside.join(format!("conurb-bench-{}", std::process::id())));
            fs::create_dir_all(path).map_err(|cause| Error::file("create", path, cause))?;
            let mut told = vec![u8::from(is_new)];
            told.extend(path.to_string_lossy().bytes());
            Ok(told)
        })?;
        let (is_new, path) = told.split_first().expect("rank 0 sends a byte before the path");
        Ok((PathBuf::from(String::from_utf8_lossy(path).into_owned()), *is_new == 1))
    }
}

impl Drop for BenchFolder {
    fn drop(&mut self) {
        if let Some(path) = self.0.get() {
            // What cannot be removed lies among files that the system removes.
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// Removes a run folder.
///
/// # Errors
/// It cannot be removed.
pub fn remove(folder: &Path) -> Result<(), Error> {
    fs::remove_dir_all(folder).map_err(|cause| Error::file("remove", folder, cause))
}
