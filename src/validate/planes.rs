//! The planes of the suite `plane-irradiance`, and the weather files that they name.

use std::path::{Component, Path};

use conurb_solar::sky::{Plane, Transposition};

use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::cases::{CaseRow, read_cases};
use crate::formats::epw::read_epw;
use crate::formats::tmy3::read_tmy3;
use crate::formats::weather::WeatherYear;

use super::read;

const FILE: &str = "planes.csv";
const COLUMNS: [&str; 4] = ["weather", "tilt", "azimuth", "model"];
const WEATHER: usize = 0;
const MODEL: usize = 3;
const MODELS: [(&str, Transposition); 5] = [
    ("isotropic", Transposition::Isotropic),
    ("haydavies", Transposition::HayDavies),
    ("perez", Transposition::Perez),
    ("hay_davies", Transposition::HayDavies),
    ("perez_1990", Transposition::Perez),
];

/// A plane under the sky of a weather file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PlaneCase {
    /// Path of the weather file within the suite's folder.
    pub weather: String,
    /// Where it faces.
    pub plane: Plane,
    /// How diffuse irradiance is spread over its sky.
    pub model: Transposition,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Epw,
    Tmy3,
}

/// The planes of `planes.csv` in `directory`, one per row.
///
/// # Errors
/// The table is wrong, or names weather files that are not in `directory`; all problems are listed.
pub(super) fn read_planes(directory: &Path) -> Result<Vec<PlaneCase>, Error> {
    let file = directory.join(FILE);
    let present = weather_files(directory);
    read_cases(Source { file: &file, bytes: &read(&file)? }, &COLUMNS, |row| plane_of(row, directory, &present))
}

/// Reads a weather file by the ending of its name.
///
/// # Errors
/// The file cannot be read, or all that is wrong with it.
pub(super) fn read_weather(file: &Path) -> Result<(WeatherYear, Vec<Warning>), Error> {
    let source = Source { file, bytes: &read(file)? };
    match format_of(file) {
        Some(Format::Epw) => read_epw(source),
        Some(Format::Tmy3) => read_tmy3(source),
        None => Err(Problem::new("the name does not tell a weather file").in_file(file).into()),
    }
}

fn plane_of(row: &mut CaseRow<'_, '_>, directory: &Path, present: &[String]) -> Option<PlaneCase> {
    let weather = weather_of(row, directory, present);
    let tilt = row.number(1, 0.0..=180.0, " degrees");
    let azimuth = row.number(2, 0.0..=360.0, " degrees");
    let model = MODELS.iter().find(|(name, _)| *name == row.text(MODEL)).map(|(_, model)| *model);
    if model.is_none() {
        row.reject(MODEL, "model", "isotropic, haydavies or perez", None);
    }
    Some(PlaneCase { weather: weather?, plane: Plane::new(tilt?, azimuth?), model: model? })
}

fn weather_of(row: &mut CaseRow<'_, '_>, directory: &Path, present: &[String]) -> Option<String> {
    let name = row.text(WEATHER);
    let is_below = |name: &str| Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let expected = if name.is_empty() || !is_below(name) {
        "a file below the suite's folder"
    } else if format_of(Path::new(name)).is_none() {
        "a weather file: .epw, or TMY3 as .csv"
    } else if !directory.join(name).is_file() {
        "a file that exists"
    } else {
        return Some(name.to_owned());
    };
    let hint = (!present.is_empty()).then(|| format!("the folder holds {}", present.join(", ")));
    row.reject(WEATHER, "weather", expected, hint);
    None
}

/// Names of files in `directory` that look like weather, for hints.
fn weather_files(directory: &Path) -> Vec<String> {
    const MOST: usize = 10;
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name != FILE && format_of(Path::new(name)).is_some()).collect();
    names.sort();
    names.truncate(MOST);
    names
}

fn format_of(file: &Path) -> Option<Format> {
    let name = file.file_name()?.to_str()?.to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match () {
        () if name.ends_with(".epw") => Some(Format::Epw),
        () if name.ends_with(".csv") => Some(Format::Tmy3),
        () => None,
    }
}
