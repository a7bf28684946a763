//! Translates a finished run into the formats of others; pure, and repeatable at any time.

pub mod buildings_csv;
pub mod cityjson;
pub mod climate_csv;
pub mod csv;
pub mod epw;
pub mod file;
pub mod geojson;
pub mod geotiff;
pub mod gmns;
pub mod omx;
pub mod picture;
pub mod solar_csv;
pub mod tables;

use std::path::{Path, PathBuf};

pub use file::Existing;

use crate::error::{Error, Problem};
use crate::field::{FieldSpec, climate, climate_indices, energy, solar, traffic};
use crate::report::html;
use crate::report::period::PeriodChoice;
use crate::scenario::ExportFormat;
use crate::store::read::RunReader;

/// What may be chosen of an export.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// What to do about files that are already there.
    pub existing: Existing,
    /// Period whose links are written, by formats that hold those of one.
    pub period: PeriodChoice<'a>,
    /// Field that a picture shows; else the annual irradiation.
    pub field: Option<&'a str>,
    /// Width of a picture, in pixels.
    pub width: usize,
}

impl Options<'_> {
    /// The usual choices.
    pub fn usual(existing: Existing) -> Options<'static> {
        Options { existing, period: PeriodChoice::Busiest, field: None, width: picture::USUAL_WIDTH }
    }
}

/// Translates a run with the usual choices; see [`export_with`].
///
/// # Errors
/// As [`export_with`].
pub fn export(run: &RunReader, format: ExportFormat, out: &Path, existing: Existing) -> Result<Vec<PathBuf>, Error> {
    export_with(run, format, out, &Options::usual(existing))
}

/// Translates a run; `out` is the file (or, for GMNS and GeoTIFF, the new folder) to write, or a folder, in which it gets its usual
/// name; a path that ends in a slash is a folder. Gives what was written.
///
/// # Errors
/// The run lacks what the format needs or what was chosen, something is in the way, or the file cannot be written.
pub fn export_with(
    run: &RunReader,
    format: ExportFormat,
    out: &Path,
    options: &Options<'_>,
) -> Result<Vec<PathBuf>, Error> {
    let is_folder = out.is_dir() || out.as_os_str().as_encoded_bytes().ends_with(b"/");
    let path = if is_folder { out.join(usual_name(format)) } else { out.to_path_buf() };
    let existing = options.existing;
    let looks_itself = match format {
        ExportFormat::Csv => true,
        // A folder is replaced only by the formats that write one, which look at what is in it.
        ExportFormat::Gmns | ExportFormat::GeoTiff => existing == Existing::Replace,
        _ => false,
    };
    if !looks_itself {
        file::refuse_existing(&path, existing)?;
    }
    match format {
        ExportFormat::Report => html::write(run, &path, existing)?,
        ExportFormat::Csv if is_folder => return tables::write_all(run, out, options),
        ExportFormat::Csv => tables::write_one(run, &path, options)?,
        ExportFormat::GeoJson => geojson::write(run, &path, existing, options.period)?,
        ExportFormat::Omx => omx::write(run, &path, existing)?,
        ExportFormat::Gmns => gmns::write(run, &path, existing, options.period)?,
        ExportFormat::CityJson => cityjson::write(run, &path, existing, cityjson::Layout::Whole)?,
        ExportFormat::CityJsonSeq => cityjson::write(run, &path, existing, cityjson::Layout::Lines)?,
        ExportFormat::Png => picture::write(run, &path, options)?,
        ExportFormat::GeoTiff => geotiff::write(run, &path, existing)?,
        ExportFormat::Epw => epw::write(run, &path, existing)?,
    }
    Ok(vec![path])
}

/// Whether a format holds the links of one period and nothing of the others.
pub fn is_of_one_period(format: ExportFormat) -> bool {
    match format {
        ExportFormat::Csv | ExportFormat::GeoJson | ExportFormat::Gmns => true,
        ExportFormat::Report | ExportFormat::Omx | ExportFormat::Epw => false,
        ExportFormat::CityJson | ExportFormat::CityJsonSeq | ExportFormat::GeoTiff | ExportFormat::Png => false,
    }
}

/// Refuses a format that the fields of a run cannot give, before the run is computed.
///
/// # Errors
/// The format needs coordinates, or others than there are, or results that the scenario does not ask for.
pub fn check(format: ExportFormat, crs: Option<&str>, fields: &[FieldSpec]) -> Result<(), Error> {
    let refused = |message: &str, hint: &str| Err(Problem::new(message).of_key("output.exports").hint(hint).into());
    let has = |field: &FieldSpec| fields.contains(field);
    let (has_surfaces, has_raster) = (has(&solar::SURFACE_TYPE), has(&solar::CELL_ANNUAL_IRRADIATION));
    match format {
        ExportFormat::GeoJson if !has(&traffic::NODE_X) => {
            refused("\"geojson\" needs coordinates of nodes", "name a file of nodes in traffic.nodes")
        }
        ExportFormat::Gmns if !has(&traffic::NODE_X) => {
            refused("\"gmns\" needs coordinates of nodes", "name a file of nodes in traffic.nodes")
        }
        ExportFormat::GeoJson if !crs.is_some_and(html::map::is_longitude_latitude) => refused(
            "\"geojson\" needs longitude and latitude",
            "set scenario.crs = \"EPSG:4326\" if the nodes have them, or leave out \"geojson\"",
        ),
        ExportFormat::CityJson | ExportFormat::CityJsonSeq if !has_surfaces => {
            refused(&format!("\"{}\" needs the sun on buildings", format.name()), "add [buildings] and [solar]")
        }
        ExportFormat::GeoTiff if !has_raster => {
            refused("\"geotiff\" needs the sun on a raster", "add [solar.raster], or leave out \"geotiff\"")
        }
        ExportFormat::Png if !has_surfaces && !has_raster => {
            refused("\"png\" needs the sun on buildings or on a raster", "add [solar], or leave out \"png\"")
        }
        ExportFormat::Omx if !has(&traffic::ZONE_ID) => {
            refused("\"omx\" needs matrices between zones", "add [traffic], or leave out \"omx\"")
        }
        ExportFormat::Csv if !(has_surfaces || OF_TABLES.into_iter().any(has)) => {
            refused("\"csv\" needs links, buildings or climate indices", "leave it out")
        }
        ExportFormat::Epw if !has(&climate::WEATHER_GHI) => {
            refused("\"epw\" needs weather of hours", "add [climate.weather], or leave out \"epw\"")
        }
        _ => Ok(()),
    }
}

/// Fields of which each gives a table by itself.
const OF_TABLES: [&FieldSpec; 3] = [&traffic::LINK_ID, &energy::BUILDING_ID, &climate_indices::CLIMATE_YEAR];

/// Name of the exported file in a folder; CSV has one for each table.
pub fn usual_name(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Report => "report.html",
        ExportFormat::Csv => "links.csv",
        ExportFormat::GeoJson => "links.geojson",
        ExportFormat::Omx => "matrices.omx",
        ExportFormat::Gmns => "gmns",
        ExportFormat::CityJson => "city.city.json",
        ExportFormat::CityJsonSeq => "city.city.jsonl",
        ExportFormat::GeoTiff => "rasters",
        ExportFormat::Png => "solar.png",
        ExportFormat::Epw => "weather.epw",
    }
}
