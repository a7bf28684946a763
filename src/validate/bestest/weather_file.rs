//! Which weather file of the folder counts.

use std::path::{Path, PathBuf};

use super::zone_file;
use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::epw::read_epw;
use crate::formats::weather::WeatherYear;
use crate::validate::read;

/// The only EPW file in `directory`, or of several the one that `zone.csv` names first.
///
/// # Errors
/// There is none, or several of which none is named.
pub(super) fn find(directory: &Path) -> Result<PathBuf, Error> {
    let unreadable = |cause| Error::from(Problem::new(format!("cannot be listed: {cause}")).in_file(directory));
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        names.extend(entry.map_err(unreadable)?.file_name().into_string().ok());
    }
    names.retain(|name| name.to_ascii_lowercase().ends_with(".epw"));
    names.sort();
    let text = String::from_utf8_lossy(&read(&directory.join(zone_file::FILE))?).into_owned();
    let named = names.iter().filter_map(|name| Some((text.find(name.as_str())?, name))).min();
    match (names.as_slice(), named) {
        ([only], _) => Ok(directory.join(only)),
        (_, Some((_, name))) => Ok(directory.join(name)),
        ([], _) => Err(Problem::new("no weather file (.epw) here").in_file(directory).into()),
        (several, None) => {
            let message = format!("{} weather files here: {}", several.len(), several.join(", "));
            Err(Problem::new(message).in_file(directory).hint("keep one, or name one in a note of zone.csv").into())
        }
    }
}

/// Reads it.
///
/// # Errors
/// Everything wrong with it.
pub(super) fn read_year(file: &Path) -> Result<(WeatherYear, Vec<Warning>), Error> {
    read_epw(Source { file, bytes: &read(file)? })
}
