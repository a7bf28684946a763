//! The `[climate]` table: which projections are adjusted against which reference, how, and what is made of them.

mod words;

use std::path::PathBuf;

pub use words::{
    AdjustmentMethod, BiasKind, CalendarRule, ClimateVariable, HourlyMethod, Interpolation, RankAmong, Regrid,
    WindowPool,
};

/// The `[climate]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Climate {
    /// How each variable is adjusted, unless its table says otherwise.
    pub method: AdjustmentMethod,
    /// Which days are adjusted together.
    pub grouping: ClimateGrouping,
    /// How factors between the nodes are found.
    pub interpolation: Interpolation,
    /// Nodes of quantile methods.
    pub quantiles: usize,
    /// Among which days a day is ranked in windows around days of the year.
    pub rank_among: RankAmong,
    /// First and last year of the training, both included.
    pub reference_period: [i32; 2],
    /// First and last years of the periods that are adjusted.
    pub future_periods: Vec<[i32; 2]>,
    /// What is done about calendars that differ.
    pub calendar: CalendarRule,
    /// How models come onto the grid of the reference.
    pub regrid: Regrid,
    /// Iterations of the multivariate method.
    pub iterations: usize,
    /// Days of precipitation from this on are wet (mm/d).
    pub wet_day_mm: f64,
    /// Precipitation below this is spread by random numbers before ratios are taken (mm/d); 0 for none.
    pub jitter_below_mm: f64,
    /// Whether the adjusted daily series are written.
    pub daily: bool,
    /// Cells that are computed together, at most; as many as seems good where none is asked for.
    pub tile_cells: Option<usize>,
    /// The variables, in the order of [`ClimateVariable::ALL`].
    pub variables: Vec<AdjustedVariable>,
    /// The layer of the city, if asked for.
    pub city: Option<CityLayer>,
    /// Thresholds of the indices.
    pub indices: Indices,
    /// The year of hours that other stages take, if asked for.
    pub weather: Option<DownscaledWeather>,
}

/// Which days are adjusted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClimateGrouping {
    /// All.
    All,
    /// Those of each month.
    Month,
    /// For each day of the year those around it.
    DayOfYear {
        /// Days of the window, odd.
        window: u16,
        /// Whether windows follow the days of the series or the days of the calendar.
        pool: WindowPool,
    },
}

/// A `[climate.variable.NAME]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct AdjustedVariable {
    /// The variable.
    pub variable: ClimateVariable,
    /// Name of the netCDF variable, where it is not the CMIP name.
    pub name_in_files: Option<String>,
    /// Its method, where it has one of its own.
    pub method: Option<AdjustmentMethod>,
    /// Whether biases are differences; ratios otherwise.
    pub kind: BiasKind,
    /// Files of the reference, following each other in time.
    pub reference: Vec<PathBuf>,
    /// What models give, sorted by name: the same models for every variable.
    pub models: Vec<ModelRuns>,
}

/// Runs of one climate model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelRuns {
    /// Name; `model` where the scenario names no models.
    pub name: String,
    /// Files of the past, following each other in time.
    pub historical: Vec<PathBuf>,
    /// Files of the future by emission scenario, sorted by its name and the same for every model; files of the past are added where a period needs them.
    pub future: Vec<(String, Vec<PathBuf>)>,
}

impl ModelRuns {
    /// Name of the only model where the scenario names none.
    pub const ONLY: &'static str = "model";
}

/// The `[climate.city]` table: from the cells of the reference to places of the city.
#[derive(Debug, Clone, PartialEq)]
pub struct CityLayer {
    /// The places.
    pub places: CityPlaces,
    /// Elevation of the reference's cells (m), where their files do not hold it.
    pub reference_elevation_m: Option<f64>,
    /// Change of temperature with height by month (K/km), below zero as a rule.
    pub temperature_gradient_k_per_km: [f64; 12],
    /// Change of precipitation with height (share per km).
    pub precipitation_gradient_per_km: f64,
    /// What else makes places warmer or colder.
    pub covariates: Vec<Covariate>,
}

/// Places of the city.
#[derive(Debug, Clone, PartialEq)]
pub enum CityPlaces {
    /// Cells of an elevation raster, brought to cells of this size (m).
    Raster {
        /// The elevation raster.
        elevation: PathBuf,
        /// Size of the cells (m).
        cell_m: f64,
    },
    /// Stations (`station,latitude,longitude,elevation_m` and a column per covariate).
    Stations(PathBuf),
}

/// A `[climate.city.covariate.NAME]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Covariate {
    /// Name, also of its column in tables of stations.
    pub name: String,
    /// Its values in a city of cells, a raster.
    pub raster: Option<PathBuf>,
    /// Its value where the reference was measured.
    pub at_reference: f64,
    /// What one unit of it adds to the daily minimum (K).
    pub tasmin_k: f64,
    /// What one unit of it adds to the daily maximum (K); the mean gets the mean of both.
    pub tasmax_k: f64,
}

/// The `[climate.indices]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Indices {
    /// Nights that stay above this are tropical (°C).
    pub tropical_night_c: f64,
    /// Days that get above this are summer days (°C).
    pub summer_day_c: f64,
    /// Days that get above this are hot (°C).
    pub hot_day_c: f64,
    /// Heat waves have nights above this (°C).
    pub heat_wave_tasmin_c: f64,
    /// Heat waves have days above this (°C).
    pub heat_wave_tasmax_c: f64,
    /// They last at least as many days.
    pub heat_wave_days: u16,
    /// Heat waves for their season and place have days above this percentile of the reference.
    pub heat_wave_percentile: f64,
    /// Heating degree days count from this down (°C).
    pub heating_base_c: f64,
    /// Cooling degree days count from this up (°C).
    pub cooling_base_c: f64,
    /// Inhabitants by cell: a raster in the scenario's reference system, or a table of places.
    pub population: Option<PathBuf>,
}

/// The `[climate.weather]` table: a year of hours.
#[derive(Debug, Clone, PartialEq)]
pub struct DownscaledWeather {
    /// How days become hours.
    pub method: HourlyMethod,
    /// Hours that were measured near the place.
    pub donor: Option<PathBuf>,
    /// The model, where there are several.
    pub model: Option<String>,
    /// The emission scenario, where there are several.
    pub future: Option<String>,
    /// The period, where there are several.
    pub period: Option<[i32; 2]>,
    /// Which year of it.
    pub year: WeatherOfYear,
    /// Where: degrees north and east, metres; that of the donor where none is named.
    pub place: Option<WeatherPlace>,
}

/// Which year of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeatherOfYear {
    /// Typical months of all of it.
    Typical,
    /// One year as it is projected.
    Projected(i32),
}

/// A place on Earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeatherPlace {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Metres above sea level.
    pub elevation_m: f64,
}
