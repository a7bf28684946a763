//! What the engine's results are: dimensions, units, types, and the one list of field names.

use ndarray::ArrayViewD;

/// A named axis of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dim {
    /// Road links.
    Link,
    /// Road nodes.
    Node,
    /// Traffic zones.
    Zone,
    /// Zones as origins.
    Origin,
    /// Zones as destinations.
    Destination,
    /// User classes.
    Class,
    /// Iterations of a solver.
    Iteration,
    /// Pairs, such as the two ends of a link.
    Two,
    /// Periods of the day.
    Period,
    /// Types of links.
    LinkType,
    /// Districts.
    District,
    /// Used paths.
    Path,
    /// Links of used paths, one path after the other.
    PathLink,
    /// Turns from one link to the next.
    Turn,
    /// Selections of trips.
    Selection,
    /// Links whose closing is tried.
    Candidate,
    /// Counted volumes.
    Count,
    /// Sums of counts along a line, one for each class and period that was counted.
    Screenline,
    /// Bins of trip length.
    LengthBin,
    /// Bins of trip time.
    TimeBin,
    /// Buildings.
    Building,
    /// Buildings and parts of buildings that have a geometry of their own.
    CityObject,
    /// Surfaces of buildings.
    Surface,
    /// Rings of surfaces, one surface after the other.
    Ring,
    /// Vertices of rings, one ring after the other.
    RingVertex,
    /// Months of the year.
    Month,
    /// Hours of the day.
    HourOfDay,
    /// Hours of the year, days of a projection.
    Time,
    /// Rows of a raster, from the north.
    Y,
    /// Columns of a raster, from the west.
    X,
    /// Azimuths of horizons.
    Direction,
    /// Hours for which a raster is written.
    CellTime,
    /// Places of the sun whose hours share their shadows.
    SunBin,
    /// Packages of retrofit measures, the first of them none.
    Package,
    /// Buses of feeders.
    Bus,
    /// Lines of feeders.
    Line,
    /// Technologies that a feeder may host.
    Technology,
    /// Draws of who gets a technology first.
    Draw,
    /// Carriers of energy.
    Carrier,
    /// Buildings that hang at a feeder.
    Connection,
    /// Places for which a climate is computed.
    Location,
    /// Rows of a climate grid.
    GridY,
    /// Columns of a climate grid.
    GridX,
    /// Runs of climate models into the future.
    Simulation,
    /// Emission scenarios.
    Emission,
    /// Periods of years, the first one that of the reference.
    ClimatePeriod,
    /// Years of all periods.
    ClimateYear,
    /// Hours of the weather year.
    WeatherHour,
    /// What tells where a weather year is.
    WeatherSite,
    /// Places of the city within the cells of a climate grid.
    Place,
}

impl Dim {
    /// Name of the axis in files.
    pub fn name(self) -> &'static str {
        match self {
            Dim::Link => "link",
            Dim::Node => "node",
            Dim::Zone => "zone",
            Dim::Origin => "origin",
            Dim::Destination => "destination",
            Dim::Class => "class",
            Dim::Iteration => "iteration",
            Dim::Two => "two",
            Dim::Period => "period",
            Dim::LinkType => "link_type_group",
            Dim::District => "district",
            Dim::Path => "path",
            Dim::PathLink => "path_link_entry",
            Dim::Turn => "turn",
            Dim::Selection => "selection",
            Dim::Candidate => "candidate",
            Dim::Count => "count",
            Dim::Screenline => "screenline",
            Dim::LengthBin => "length_bin",
            Dim::TimeBin => "time_bin",
            Dim::Building => "building",
            Dim::CityObject => "city_object",
            Dim::Surface => "surface",
            Dim::Ring => "ring",
            Dim::RingVertex => "ring_vertex",
            Dim::Month => "month",
            Dim::HourOfDay => "hour_of_day",
            Dim::Time => "time",
            Dim::Y => "y",
            Dim::X => "x",
            Dim::Direction => "direction",
            Dim::CellTime => "cell_time",
            Dim::SunBin => "sun_bin",
            Dim::Package => "package",
            Dim::Bus => "bus",
            Dim::Line => "line",
            Dim::Technology => "technology",
            Dim::Draw => "draw",
            Dim::Carrier => "carrier",
            Dim::Connection => "connection",
            Dim::Location => "location",
            Dim::GridY => "y",
            Dim::GridX => "x",
            Dim::Simulation => "simulation",
            Dim::Emission => "emission_scenario",
            Dim::ClimatePeriod => "climate_period",
            Dim::ClimateYear => "climate_year",
            Dim::WeatherHour => "weather_hour",
            Dim::WeatherSite => "weather_site_entry",
            Dim::Place => "place",
        }
    }
}

/// Type of a field's values in files and in the checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit float.
    F64,
    /// 32-bit float.
    F32,
    /// 64-bit integer.
    I64,
    /// 32-bit integer.
    I32,
    /// 8-bit unsigned integer.
    U8,
    /// UTF-8 text.
    Text,
}

/// What one field is: its name, axes, unit and meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSpec {
    /// Name in the run folder.
    pub name: &'static str,
    /// File of the run folder that holds it, for example `traffic.nc`.
    pub file: &'static str,
    /// Axes, slowest first.
    pub dims: &'static [Dim],
    /// Type of the values.
    pub kind: Kind,
    /// UDUNITS string; none for ids, text and indices.
    pub unit: Option<&'static str>,
    /// One line for people.
    pub long_name: &'static str,
    /// Further CF, UGRID or project attributes as (name, value).
    pub attributes: &'static [(&'static str, &'static str)],
}

/// Values of a field or of a part of it, shape included; text has one dimension.
#[derive(Debug, Clone)]
pub enum Values<'a> {
    /// 64-bit floats.
    F64(ArrayViewD<'a, f64>),
    /// 32-bit floats.
    F32(ArrayViewD<'a, f32>),
    /// 64-bit integers.
    I64(ArrayViewD<'a, i64>),
    /// 32-bit integers.
    I32(ArrayViewD<'a, i32>),
    /// 8-bit unsigned integers.
    U8(ArrayViewD<'a, u8>),
    /// Text.
    Text(&'a [String]),
}

impl Values<'_> {
    /// Lengths of the axes.
    pub fn shape(&self) -> Vec<usize> {
        match self {
            Values::F64(view) => view.shape().to_vec(),
            Values::F32(view) => view.shape().to_vec(),
            Values::I64(view) => view.shape().to_vec(),
            Values::I32(view) => view.shape().to_vec(),
            Values::U8(view) => view.shape().to_vec(),
            Values::Text(text) => vec![text.len()],
        }
    }
    /// Type of the values.
    pub fn kind(&self) -> Kind {
        match self {
            Values::F64(_) => Kind::F64,
            Values::F32(_) => Kind::F32,
            Values::I64(_) => Kind::I64,
            Values::I32(_) => Kind::I32,
            Values::U8(_) => Kind::U8,
            Values::Text(_) => Kind::Text,
        }
    }
}

pub mod climate;
pub mod climate_indices;
pub mod energy;
mod shadows;
pub mod solar;
pub mod traffic;

/// Meshes that fields name in their attribute `mesh`; a file that describes one completely gets its variable.
pub const MESHES: &[FieldSpec] = &[traffic::ROAD];
