//! A commented scenario file to start from.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
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
    let written = write_new(&draft, &template(&stem)).and_then(|()| publish(&draft, &file));
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

/// Gives a finished draft its final name, never in place of another file.
fn publish(draft: &Path, file: &Path) -> io::Result<()> {
    match fs::hard_link(draft, file) {
        // Some file systems have no hard links, and renaming alone would overwrite.
        Err(cause) if cause.kind() != ErrorKind::AlreadyExists && fs::symlink_metadata(file).is_err() => {
            fs::rename(draft, file)
        }
        done => done,
    }
}

fn write_new(file: &Path, text: &str) -> io::Result<()> {
    let mut out: File = OpenOptions::new().write(true).create_new(true).open(file)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_scenario_never_overwrites_and_leaves_no_draft() {
        let folder = tempfile::tempdir().unwrap();
        let file = create(&folder.path().join("v1.2")).unwrap();
        assert_eq!(file, folder.path().join("v1.2.toml"));
        assert!(fs::read_to_string(&file).unwrap().contains("title = \"v1.2\""));
        fs::write(&file, "mine").unwrap();
        assert_eq!(create(&file).unwrap_err().exit_code(), 2);
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_does_not_exist_and_a_name_that_is_none_are_told() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(create(&folder.path().join("none/city")).unwrap_err().exit_code(), 1);
        for name in ["", "..", "/", ".toml"] {
            assert_eq!(create(Path::new(name)).unwrap_err().exit_code(), 2, "{name}");
        }
    }
}
