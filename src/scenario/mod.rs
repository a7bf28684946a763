//! Scenario file → [`Scenario`]: typed, valid, every default spelled out.
//!
//! The text becomes a tree that knows its lines (`tree`), the tree is held against the one description of all keys
//! (`keys`, `check`, `wording`), the files it names are held against the file system (`files`), and only a tree without problems
//! becomes a [`Scenario`] (`resolve`). The JSON Schema (`schema`) comes from the same description.

mod analyses;
mod buildings;
mod check;
mod climate;
mod economy;
mod energy;
mod feeder;
mod files;
mod keys;
mod load;
mod measures;
mod resolve;
mod schema;
mod solar;
mod template;
#[cfg(test)]
mod tests;
mod traffic;
mod tree;
mod wording;
mod write;

use std::path::PathBuf;

pub use analyses::{Assignment, Braess, Deterrence, Distribution, Selection, Skim, Solver, SystemOptimum};
pub use buildings::{ArchetypeSource, AttributeNames, Buildings, Country};
pub use climate::{
    AdjustedVariable, AdjustmentMethod, BiasKind, CalendarRule, CityLayer, CityPlaces, Climate, ClimateGrouping,
    ClimateVariable, Covariate, DownscaledWeather, HourlyMethod, Indices, Interpolation, ModelRuns, RankAmong, Regrid,
    WeatherOfYear, WeatherPlace, WindowPool,
};
pub use economy::{Carrier, CarrierFactors, Economy};
pub use energy::{Control, Energy, ExteriorConvection, Fidelity, HeatingSystem, RankBy, SkyTemperature};
pub use feeder::{FeederFiles, FeederScenario, Technology};
pub use files::nodes_beside;
pub use load::{LoadOptions, MAX_BYTES, load, parse, parse_and_locate, read};
pub use measures::{Level, Measure, MeasureKind, Package, PackageFault};
pub use schema::schema;
pub use solar::{
    CellPlanes, CellTemperature, Photovoltaics, PvCosts, Radiation, SkyModel, SkyPatches, Solar, SolarRaster,
    SunPositions, Weather, WeatherFile,
};
pub use template::{create, template};
pub use traffic::{
    DelayFunction, LengthUnit, LinkReference, Movements, Period, TimeUnit, Traffic, Turns, UTurns, UserClass,
    VolumeDelayRule,
};

/// A valid scenario; paths are absolute or relative to the working directory.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The scenario file.
    pub file: PathBuf,
    /// Title for reports.
    pub title: String,
    /// Key of every random draw.
    pub seed: u64,
    /// Coordinate reference system of inputs that name none, for example `EPSG:28992`.
    pub crs: Option<String>,
    /// IANA time zone of schedules and profiles.
    pub timezone: Option<String>,
    /// Road traffic, if the scenario asks for it.
    pub traffic: Option<Traffic>,
    /// Districts, if the scenario names them.
    pub people: Option<People>,
    /// Measurements to hold results against.
    pub observed: Option<Observed>,
    /// Weather of the year, if the scenario names it.
    pub weather: Option<Weather>,
    /// Buildings of the city, if the scenario names them.
    pub buildings: Option<Buildings>,
    /// Solar potential, if the scenario asks for it.
    pub solar: Option<Solar>,
    /// Energy in buildings, if the scenario asks for it.
    pub energy: Option<Energy>,
    /// Climate projections brought to the city, if the scenario asks for them.
    pub climate: Option<Climate>,
    /// A feeder that buildings hang at, if the scenario names one.
    pub feeder: Option<FeederScenario>,
    /// Prices, if the scenario names them.
    pub economy: Option<Economy>,
    /// Licences and credits of inputs by file name.
    pub sources: Vec<Source>,
    /// Formats to export to when the run is done.
    pub exports: Vec<ExportFormat>,
}

/// Licence and credit of one input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The input as the scenario names it.
    pub input: String,
    /// Licence, an SPDX expression where there is one.
    pub licence: Option<String>,
    /// Credit to show beside results.
    pub attribution: Option<String>,
}

/// A format a finished run can be translated to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Self-contained HTML report.
    Report,
    /// Open matrix: demand and skims.
    Omx,
    /// One row per link, for spreadsheets.
    Csv,
    /// Links as GeoJSON.
    GeoJson,
    /// Network and link results as a GMNS folder.
    Gmns,
    /// City model with results as attributes of its surfaces.
    CityJson,
    /// The same, one object per line.
    CityJsonSeq,
    /// Rasters of results.
    GeoTiff,
    /// A raster or the roofs as a map.
    Png,
    /// The year of hours of a downscaled climate.
    Epw,
}

impl ExportFormat {
    /// All of them.
    pub const ALL: [ExportFormat; 10] = [
        ExportFormat::Report,
        ExportFormat::Omx,
        ExportFormat::Csv,
        ExportFormat::GeoJson,
        ExportFormat::Gmns,
        ExportFormat::CityJson,
        ExportFormat::CityJsonSeq,
        ExportFormat::GeoTiff,
        ExportFormat::Png,
        ExportFormat::Epw,
    ];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            ExportFormat::Report => "report",
            ExportFormat::Omx => "omx",
            ExportFormat::Csv => "csv",
            ExportFormat::GeoJson => "geojson",
            ExportFormat::Gmns => "gmns",
            ExportFormat::CityJson => "cityjson",
            ExportFormat::CityJsonSeq => "cityjsonseq",
            ExportFormat::GeoTiff => "geotiff",
            ExportFormat::Png => "png",
            ExportFormat::Epw => "epw",
        }
    }
}

/// The `[observed]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// Counted volumes (`link_id,count` and, if wanted, `class,period,screenline`), vehicles per hour.
    pub counts: PathBuf,
}

/// The `[people]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    /// Districts as GeoJSON polygons with a `name`, in the network's coordinates.
    pub districts: PathBuf,
}
