//! Translates a finished run into the formats of others; pure, and repeatable at any time.

pub mod csv;
pub mod file;
pub mod geojson;
pub mod omx;

use std::path::{Path, PathBuf};

pub use file::Existing;

use crate::error::Error;
use crate::report::html;
use crate::scenario::ExportFormat;
use crate::store::read::RunReader;

/// Translates a run; `out` is the file to write, or a folder, in which it gets its usual name. Gives what was written.
///
/// # Errors
/// The run lacks what the format needs, something is in the way, or the file cannot be written.
pub fn export(run: &RunReader, format: ExportFormat, out: &Path, existing: Existing) -> Result<Vec<PathBuf>, Error> {
    let path = if out.is_dir() { out.join(usual_name(format)) } else { out.to_path_buf() };
    file::refuse_existing(&path, existing)?;
    match format {
        ExportFormat::Report => html::write(run, &path, existing)?,
        ExportFormat::Csv => csv::write(run, &path, existing)?,
        ExportFormat::GeoJson => geojson::write(run, &path, existing)?,
        ExportFormat::Omx => omx::write(run, &path, existing)?,
    }
    Ok(vec![path])
}

/// Name of the exported file in a folder.
pub fn usual_name(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Report => "report.html",
        ExportFormat::Csv => "links.csv",
        ExportFormat::GeoJson => "links.geojson",
        ExportFormat::Omx => "matrices.omx",
    }
}
