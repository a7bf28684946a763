//! Scenario file → [`Scenario`]: typed, valid, every default spelled out.
//!
//! The text becomes a tree that knows its lines (`tree`), the tree is held against the one description of all keys
//! (`keys`, `check`, `wording`), the files it names are held against the file system (`files`), and only a tree without problems
//! becomes a [`Scenario`] (`resolve`). The JSON Schema (`schema`) comes from the same description.

mod check;
mod files;
mod keys;
mod load;
mod resolve;
mod schema;
mod template;
#[cfg(test)]
mod tests;
mod tree;
mod wording;
mod write;

use std::path::PathBuf;

pub use files::nodes_beside;
pub use load::{LoadOptions, MAX_BYTES, load, parse, parse_and_locate, read};
pub use schema::schema;
pub use template::{create, template};

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
}

impl ExportFormat {
    /// All of them.
    pub const ALL: [ExportFormat; 4] =
        [ExportFormat::Report, ExportFormat::Omx, ExportFormat::Csv, ExportFormat::GeoJson];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            ExportFormat::Report => "report",
            ExportFormat::Omx => "omx",
            ExportFormat::Csv => "csv",
            ExportFormat::GeoJson => "geojson",
        }
    }
}

/// The `[traffic]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// Network: `.tntp`, or `.csv` with one row per link.
    pub network: PathBuf,
    /// Node coordinates: `.tntp` or `.csv`; a network in CSV needs it.
    pub nodes: Option<PathBuf>,
    /// Demand: `.tntp`, `.tntp.gz`, `.omx` or `.csv`.
    pub demand: PathBuf,
    /// Name of the matrix in an `.omx` file that holds several.
    pub demand_matrix: Option<String>,
    /// Unit of times in the network file.
    pub time_unit: TimeUnit,
    /// Unit of lengths in the network file; without it no lengths and distances in metres are written.
    pub length_unit: Option<LengthUnit>,
    /// Hours that demand and capacity are per.
    pub period_h: f64,
    /// Factor on all demand.
    pub demand_factor: f64,
    /// Time units per toll unit; the network file's own factor where the scenario names none, else 0.
    pub toll_weight: Option<f64>,
    /// Time units per length unit; the network file's own factor where the scenario names none, else 0.
    pub distance_weight: Option<f64>,
    /// Links that carry nothing.
    pub closed_links: Vec<LinkReference>,
    /// How trips find their routes.
    pub assignment: Assignment,
    /// Skims to write, with `traffic.skims`.
    pub skims: Vec<Skim>,
    /// Keys that were not given and whose default changes results, for the counted warning `defaulted_keys`.
    pub defaulted: Vec<String>,
}

/// A link as a scenario names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkReference {
    /// The network's link id, else the 1-based row.
    Id(i64),
    /// The one link from node `a` to node `b`, written `"a->b"`.
    Between(i64, i64),
}

/// Unit of time in a network file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
}

impl TimeUnit {
    /// All of them.
    pub const ALL: [TimeUnit; 3] = [TimeUnit::Second, TimeUnit::Minute, TimeUnit::Hour];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            TimeUnit::Second => "s",
            TimeUnit::Minute => "min",
            TimeUnit::Hour => "h",
        }
    }
    /// Seconds in one unit.
    pub fn seconds(self) -> f64 {
        match self {
            TimeUnit::Second => 1.0,
            TimeUnit::Minute => 60.0,
            TimeUnit::Hour => 3600.0,
        }
    }
}

/// Unit of length in a network file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthUnit {
    /// Metres.
    Metre,
    /// Kilometres.
    Kilometre,
    /// International miles.
    Mile,
    /// International feet.
    Foot,
}

impl LengthUnit {
    /// All of them.
    pub const ALL: [LengthUnit; 4] = [LengthUnit::Metre, LengthUnit::Kilometre, LengthUnit::Mile, LengthUnit::Foot];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            LengthUnit::Metre => "m",
            LengthUnit::Kilometre => "km",
            LengthUnit::Mile => "mi",
            LengthUnit::Foot => "ft",
        }
    }
    /// Metres in one unit (international mile and foot, 1959).
    pub fn metres(self) -> f64 {
        match self {
            LengthUnit::Metre => 1.0,
            LengthUnit::Kilometre => 1000.0,
            LengthUnit::Mile => 1609.344,
            LengthUnit::Foot => 0.3048,
        }
    }
}

/// A matrix over pairs of zones along least-cost paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skim {
    /// Generalised cost.
    Cost,
    /// Travel time.
    TravelTime,
    /// Distance; needs `length_unit`.
    Distance,
}

impl Skim {
    /// All of them.
    pub const ALL: [Skim; 3] = [Skim::Cost, Skim::TravelTime, Skim::Distance];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Skim::Cost => "cost",
            Skim::TravelTime => "travel_time",
            Skim::Distance => "distance",
        }
    }
}

/// The `[traffic.assignment]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The algorithm.
    pub solver: Solver,
    /// Relative gap, (TSTT - SPTT) / TSTT, at which to stop.
    pub relative_gap: f64,
    /// Outer iterations at which to stop without having reached the gap.
    pub max_iterations: usize,
    /// Origins whose flows are shifted at the same time; changes results below the gap, so it is part of the scenario.
    pub group_size: usize,
}

/// An algorithm for user equilibrium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Solver {
    /// Path-based gradient projection.
    GradientProjection,
    /// Bi-conjugate Frank-Wolfe.
    BiConjugateFrankWolfe,
}

impl Solver {
    /// All of them.
    pub const ALL: [Solver; 2] = [Solver::GradientProjection, Solver::BiConjugateFrankWolfe];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Solver::GradientProjection => "gradient_projection",
            Solver::BiConjugateFrankWolfe => "bi_conjugate_frank_wolfe",
        }
    }
}
