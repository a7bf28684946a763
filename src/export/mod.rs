//! Translates a finished run into the formats of others; pure, and repeatable at any time.

pub mod csv;
pub mod file;
pub mod geojson;
pub mod gmns;
pub mod omx;

use std::path::{Path, PathBuf};

pub use file::Existing;

use crate::error::{Error, Problem};
use crate::field::{FieldSpec, traffic};
use crate::report::html;
use crate::report::period::PeriodChoice;
use crate::scenario::ExportFormat;
use crate::store::read::RunReader;

/// Translates a run; `out` is the file (or, for GMNS, the new folder) to write, or a folder, in which it gets its usual name. Gives what was written.
///
/// # Errors
/// The run lacks what the format needs, something is in the way, or the file cannot be written.
pub fn export(run: &RunReader, format: ExportFormat, out: &Path, existing: Existing) -> Result<Vec<PathBuf>, Error> {
    export_period(run, format, out, existing, PeriodChoice::Busiest)
}

/// As [`export`], for formats that hold the links of one period: of the one that is wanted.
///
/// # Errors
/// As [`export`]; the run has no such period.
pub fn export_period(
    run: &RunReader,
    format: ExportFormat,
    out: &Path,
    existing: Existing,
    period: PeriodChoice<'_>,
) -> Result<Vec<PathBuf>, Error> {
    let path = if out.is_dir() { out.join(usual_name(format)) } else { out.to_path_buf() };
    // A folder is replaced only by the format that writes one, which looks at what is in it.
    if !(format == ExportFormat::Gmns && existing == Existing::Replace) {
        file::refuse_existing(&path, existing)?;
    }
    match format {
        ExportFormat::Report => html::write(run, &path, existing)?,
        ExportFormat::Csv => csv::write(run, &path, existing, period)?,
        ExportFormat::GeoJson => geojson::write(run, &path, existing, period)?,
        ExportFormat::Omx => omx::write(run, &path, existing)?,
        ExportFormat::Gmns => gmns::write(run, &path, existing, period)?,
        ExportFormat::CityJson | ExportFormat::CityJsonSeq | ExportFormat::GeoTiff | ExportFormat::Png => {
            return Err(Problem::new(without_sun(format)).into());
        }
    }
    Ok(vec![path])
}

/// Whether a format holds the links of one period and nothing of the others.
pub fn is_of_one_period(format: ExportFormat) -> bool {
    match format {
        ExportFormat::Csv | ExportFormat::GeoJson | ExportFormat::Gmns => true,
        ExportFormat::Report | ExportFormat::Omx => false,
        ExportFormat::CityJson | ExportFormat::CityJsonSeq | ExportFormat::GeoTiff | ExportFormat::Png => false,
    }
}

/// Refuses a format that the fields of a run cannot give, before the run is computed.
///
/// # Errors
/// The format needs coordinates, or others than there are.
pub fn check(format: ExportFormat, crs: Option<&str>, fields: &[FieldSpec]) -> Result<(), Error> {
    let refused = |message: &str, hint: &str| Err(Problem::new(message).of_key("output.exports").hint(hint).into());
    match format {
        ExportFormat::GeoJson if !fields.contains(&traffic::NODE_X) => {
            refused("\"geojson\" needs coordinates of nodes", "name a file of nodes in traffic.nodes")
        }
        ExportFormat::Gmns if !fields.contains(&traffic::NODE_X) => {
            refused("\"gmns\" needs coordinates of nodes", "name a file of nodes in traffic.nodes")
        }
        ExportFormat::GeoJson if !crs.is_some_and(html::map::is_longitude_latitude) => refused(
            "\"geojson\" needs longitude and latitude",
            "set scenario.crs = \"EPSG:4326\" if the nodes have them, or leave out \"geojson\"",
        ),
        ExportFormat::CityJson | ExportFormat::CityJsonSeq | ExportFormat::GeoTiff | ExportFormat::Png => {
            refused(&without_sun(format), "leave it out")
        }
        ExportFormat::GeoJson | ExportFormat::Gmns | ExportFormat::Report | ExportFormat::Omx | ExportFormat::Csv => {
            Ok(())
        }
    }
}

/// Name of the exported file in a folder.
pub fn usual_name(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Report => "report.html",
        ExportFormat::Csv => "links.csv",
        ExportFormat::GeoJson => "links.geojson",
        ExportFormat::Omx => "matrices.omx",
        ExportFormat::Gmns => "gmns",
        ExportFormat::CityJson => "buildings.city.json",
        ExportFormat::CityJsonSeq => "buildings.city.jsonl",
        ExportFormat::GeoTiff => "solar.tif",
        ExportFormat::Png => "solar.png",
    }
}

fn without_sun(format: ExportFormat) -> String {
    format!("\"{}\" needs results of [solar], the run has none", format.name())
}
