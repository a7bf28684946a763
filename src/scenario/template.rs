//! A commented scenario file to start from.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::files::folder_of;
use super::write::quoted;
use crate::error::{Error, Problem};

const TEMPLATE: &str = include_str!("template.toml");

/// The text of a commented scenario file with every key.
pub fn template(title: &str) -> String {
    TEMPLATE.replacen("\"Title\"", &quoted(title), 1)
}

/// Writes `NAME.toml`, or `NAME` where it ends so, with the commented template, and returns its path.
///
/// # Errors
/// The file exists already, or cannot be written.
pub fn create(name: &Path) -> Result<PathBuf, Error> {
    let file = match name.extension() {
        Some(extension) if extension == "toml" => name.to_path_buf(),
        _ => {
            let mut with_ending = name.as_os_str().to_owned();
            with_ending.push(".toml");
            PathBuf::from(with_ending)
        }
    };
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    if stem.starts_with('.') || name.file_name().is_none() {
        return Err(Problem::new(format!("expected a name for the scenario, found \"{}\"", name.display())).into());
    }
    let draft = folder_of(&file).join(format!(".{stem}.toml.{}.partial", std::process::id()));
    let written = write_new(&draft, &template(&stem)).and_then(|()| fs::hard_link(&draft, &file));
    // The draft may not exist, and what matters is told already.
    let _ = fs::remove_file(&draft);
    match written {
        Ok(()) => Ok(file),
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
            Err(Problem::new("the file exists already").in_file(&file).hint("choose another name").into())
        }
        Err(cause) => Err(Error::file("write", &file, cause)),
    }
}

fn write_new(file: &Path, text: &str) -> std::io::Result<()> {
    let mut out: File = OpenOptions::new().write(true).create_new(true).open(file)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()
}
