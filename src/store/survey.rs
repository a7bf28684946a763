//! What lies in a run folder: files that the engine knows as its own, and everything else, which it never touches.

use std::fs;
use std::path::{Path, PathBuf};

use super::lock::LOCK_FILE;
use crate::error::Error;

/// Files that hold the results of one domain each.
pub const DOMAIN_FILES: [&str; 6] = ["traffic.nc", "solar.nc", "buildings.nc", "feeder.nc", "climate.nc", "kpi.nc"];
/// The file that makes a run a finished one.
pub const REPORT_FILE: &str = "report.json";
/// The resolved scenario.
pub const SCENARIO_FILE: &str = "scenario.toml";
/// Further files that a run may hold.
pub const OTHER_FILES: [&str; 2] = ["report.html", "kpi.csv"];
/// Folder of an unfinished run within its run folder.
pub(super) const PARTIAL: &str = ".partial";
/// Folder of the domain files within the folder of an unfinished run.
pub(super) const ASSEMBLED: &str = "assembled";
/// What an unfinished run was started with.
pub(super) const IDENTITY_FILE: &str = "identity.json";
/// The stages of an unfinished run that are finished.
pub(super) const STAGES_FILE: &str = "stages.json";

const EXPORTS: &str = "export";
const VARIANTS: &str = "variants";
const EXPORT_SUFFIXES: [&str; 8] = ["omx", "csv", "geojson", "html", "json", "jsonl", "png", "epw"];
const GMNS_SUFFIXES: [&str; 2] = ["csv", "json"];
/// Folder of exported rasters.
const RASTERS: &str = "rasters";
const STATE_SUFFIX: &str = "state";
/// Ending of files that no longer count when their stage is done.
const SCRATCH_SUFFIX: &str = "scratch";

/// What was found in a run folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// Files of the engine, its lock left out.
    pub files: Vec<PathBuf>,
    /// Folders of the engine, each behind what lies in it.
    pub directories: Vec<PathBuf>,
    /// Everything else.
    pub unknown: Vec<PathBuf>,
}

/// What a folder is within a run folder.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Run,
    Variants,
    Variant,
    Partial,
    Stage,
    Exports,
    GmnsExport,
    RasterExport,
}

impl Survey {
    /// Looks through a run folder; one that is not there is empty.
    pub fn of(directory: &Path) -> Result<Self, Error> {
        let mut survey = Survey::default();
        if directory.exists() {
            survey.look(directory, Place::Run)?;
        }
        Ok(survey)
    }

    /// Looks through the folder of an unfinished run.
    pub fn of_partial(directory: &Path) -> Result<Self, Error> {
        let mut survey = Survey::default();
        survey.look(directory, Place::Partial)?;
        Ok(survey)
    }

    /// Removes what the engine knows, the report first, so that no run looks finished while it is taken apart.
    pub fn remove_known(&self, directory: &Path) -> Result<(), Error> {
        let report = directory.join(REPORT_FILE);
        let reports = self.files.iter().filter(|file| **file == report);
        for file in reports.chain(self.files.iter().filter(|file| **file != report)) {
            fs::remove_file(file).map_err(|cause| Error::file("remove", file, cause))?;
        }
        for folder in &self.directories {
            fs::remove_dir(folder).map_err(|cause| Error::file("remove", folder, cause))?;
        }
        Ok(())
    }

    fn look(&mut self, directory: &Path, place: Place) -> Result<(), Error> {
        let failed = |cause| Error::file("list", directory, cause);
        let mut entries = fs::read_dir(directory).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let kind = entry.file_type().map_err(failed)?;
            if place == Place::Run && name == LOCK_FILE {
            } else if kind.is_file() && is_known_file(&name, place) {
                self.files.push(path);
            } else if let (true, Some(inner)) = (kind.is_dir(), inner_place(&name, place)) {
                self.look(&path, inner)?;
                self.directories.push(path);
            } else {
                self.unknown.push(path);
            }
        }
        Ok(())
    }
}

fn is_known_file(name: &str, place: Place) -> bool {
    let name = name.strip_prefix('.').and_then(|rest| rest.strip_suffix(".tmp")).unwrap_or(name);
    let suffix = Path::new(name).extension().and_then(|suffix| suffix.to_str()).unwrap_or("");
    match place {
        Place::Run | Place::Variant => {
            let single = [REPORT_FILE, SCENARIO_FILE];
            single.contains(&name) || DOMAIN_FILES.contains(&name) || OTHER_FILES.contains(&name)
        }
        Place::Partial => {
            [IDENTITY_FILE, STAGES_FILE].contains(&name) || [STATE_SUFFIX, SCRATCH_SUFFIX].contains(&suffix)
        }
        Place::Stage => DOMAIN_FILES.contains(&name),
        Place::Exports => EXPORT_SUFFIXES.contains(&suffix),
        Place::GmnsExport => GMNS_SUFFIXES.contains(&suffix),
        Place::RasterExport => suffix == "tif",
        Place::Variants => false,
    }
}

fn inner_place(name: &str, place: Place) -> Option<Place> {
    match (place, name) {
        (Place::Run | Place::Variant, PARTIAL) => Some(Place::Partial),
        (Place::Run | Place::Variant, EXPORTS) => Some(Place::Exports),
        (Place::Run, VARIANTS) => Some(Place::Variants),
        (Place::Variants, _) => Some(Place::Variant),
        (Place::Partial, _) => Some(Place::Stage),
        (Place::Exports, "gmns") => Some(Place::GmnsExport),
        (Place::Exports, RASTERS) => Some(Place::RasterExport),
        // What an export that was cut off leaves behind.
        (Place::Exports, name) if name.starts_with(".rasters.") && name.ends_with(".tmp") => Some(Place::RasterExport),
        (Place::Exports, name) if name.starts_with(".gmns.") && name.ends_with(".tmp") => Some(Place::GmnsExport),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_engines_own_files_are_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for inner in
            [".partial/traffic.assignment", "export", "export/gmns", "export/rasters", "variants/closed", "notes"]
        {
            fs::create_dir_all(path.join(inner)).unwrap();
        }
        let known = [
            ".partial/identity.json",
            ".partial/traffic.assignment/traffic.nc",
            ".report.html.tmp",
            "export/city.city.jsonl",
            "export/gmns/link.csv",
            "export/rasters/tilt.tif",
            "export/skims.omx",
            "report.json",
            "traffic.nc",
            "variants/closed/report.json",
        ];
        let unknown = ["export/gmns/thesis.docx", "export/thesis.docx", "my.nc", "variants/readme.md"];
        for file in known.iter().chain(&unknown) {
            fs::write(path.join(file), "x").unwrap();
        }
        fs::write(path.join(LOCK_FILE), "1 here\n").unwrap();
        // A link is never followed, whatever its name.
        std::os::unix::fs::symlink("/", path.join("solar.nc")).unwrap();
        let survey = Survey::of(path).unwrap();
        let mut files: Vec<_> = survey.files.iter().map(|file| file.strip_prefix(path).unwrap()).collect();
        files.sort();
        assert_eq!(files, known.map(Path::new));
        let mut found: Vec<_> = survey.unknown.iter().map(|file| file.strip_prefix(path).unwrap()).collect();
        found.sort();
        let mut expected = [&unknown[..], &["notes", "solar.nc"]].concat();
        expected.sort_unstable();
        assert_eq!(found, expected.iter().map(Path::new).collect::<Vec<_>>());
    }
}
