//! Climate indices, in `climate.nc`: annual values by period, by cell, by place and for the city, and what ensembles agree on.

use conurb_climate::indices::Index;

use super::climate::{CellAxes, field};
use super::{Dim, FieldSpec, Kind};

/// What is told of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The mean over the years of each period by simulation, of each cell.
    OfCells(CellAxes),
    /// The same of each place of the city.
    OfPlaces,
    /// The mean over all cells, or all inhabitants, of each year by simulation.
    OfYears,
    /// The tenth percentile over the models of each emission scenario.
    Percentile10(CellAxes),
    /// Their median.
    Percentile50(CellAxes),
    /// Their 90th percentile.
    Percentile90(CellAxes),
    /// Share of the models whose change since the reference has the sign of the median's.
    Agreement(CellAxes),
}

const OF_CELLS: &[(&str, &str)] = &[
    ("_FillValue", "NaN"),
    ("coordinates", "lat lon period_first_year period_last_year simulation_model simulation_future"),
];
const OF_MODELS: &[(&str, &str)] =
    &[("_FillValue", "NaN"), ("coordinates", "lat lon period_first_year period_last_year emission_name")];
const OF_PLACES: &[(&str, &str)] = &[
    ("_FillValue", "NaN"),
    ("coordinates", "place_lat place_lon period_first_year period_last_year simulation_model simulation_future"),
];
const OF_YEARS: &[(&str, &str)] = &[("_FillValue", "NaN"), ("coordinates", "simulation_model simulation_future")];

impl Told {
    fn dims(self) -> &'static [Dim] {
        use CellAxes::{Grid, Places};
        match self {
            Told::OfCells(Grid) => &[Dim::ClimatePeriod, Dim::Simulation, Dim::GridY, Dim::GridX],
            Told::OfCells(Places) => &[Dim::ClimatePeriod, Dim::Simulation, Dim::Location],
            Told::OfPlaces => &[Dim::ClimatePeriod, Dim::Simulation, Dim::Place],
            Told::OfYears => &[Dim::Simulation, Dim::ClimateYear],
            Told::Percentile10(Grid) | Told::Percentile50(Grid) | Told::Percentile90(Grid) | Told::Agreement(Grid) => {
                &[Dim::ClimatePeriod, Dim::Emission, Dim::GridY, Dim::GridX]
            }
            Told::Percentile10(Places)
            | Told::Percentile50(Places)
            | Told::Percentile90(Places)
            | Told::Agreement(Places) => &[Dim::ClimatePeriod, Dim::Emission, Dim::Location],
        }
    }
}

/// The field of an index.
pub fn index(index: Index, told: Told) -> FieldSpec {
    let dims = told.dims();
    macro_rules! one_of {
        ($($variant:ident, $name:literal, $unit:literal, $about:literal;)*) => {
            match index {
                $(Index::$variant => match told {
                    Told::OfCells(_) => field(
                        $name, dims, Kind::F32, Some($unit),
                        concat!($about, "; annual mean of each period"), OF_CELLS,
                    ),
                    Told::OfPlaces => field(
                        concat!("place_", $name), dims, Kind::F32, Some($unit),
                        concat!($about, "; annual mean of each period at places of the city"), OF_PLACES,
                    ),
                    Told::OfYears => field(
                        concat!($name, "_yearly"), dims, Kind::F64, Some($unit),
                        concat!($about, "; mean of the city in each year"), OF_YEARS,
                    ),
                    Told::Percentile10(_) => field(
                        concat!($name, "_p10"), dims, Kind::F32, Some($unit),
                        concat!($about, "; tenth percentile over the models"), OF_MODELS,
                    ),
                    Told::Percentile50(_) => field(
                        concat!($name, "_p50"), dims, Kind::F32, Some($unit),
                        concat!($about, "; median over the models"), OF_MODELS,
                    ),
                    Told::Percentile90(_) => field(
                        concat!($name, "_p90"), dims, Kind::F32, Some($unit),
                        concat!($about, "; 90th percentile over the models"), OF_MODELS,
                    ),
                    Told::Agreement(_) => field(
                        concat!($name, "_agreement"), dims, Kind::F32, Some("1"),
                        concat!($about, "; share of the models whose change since the reference has the sign of the median's"),
                        OF_MODELS,
                    ),
                },)*
            }
        };
    }
    one_of! {
        MeanTemperature, "mean_temperature", "degC", "mean of the daily mean temperature";
        ColdestNight, "coldest_night", "degC", "lowest daily minimum of the year";
        HottestDay, "hottest_day", "degC", "highest daily maximum of the year";
        TropicalNights, "tropical_nights", "d", "nights that stay above the limit of tropical nights";
        SummerDays, "summer_days", "d", "days that get above the limit of summer days";
        HotDays, "hot_days", "d", "days that get above the limit of hot days";
        FrostDays, "frost_days", "d", "days with a minimum below 0 degC";
        IceDays, "ice_days", "d", "days with a maximum below 0 degC";
        HeatWaves, "heat_waves", "1", "heat waves: enough days in turn with nights and days above their limits";
        HeatWaveDays, "heat_wave_days", "d", "days in heat waves";
        LongestHeatWave, "longest_heat_wave", "d", "days of the longest heat wave";
        WarmDays, "warm_days", "d", "days above the percentile of their day of the year in the reference";
        WarmSpells, "warm_spells", "1", "spells of enough warm days in turn";
        WarmSpellDays, "warm_spell_days", "d", "days in warm spells";
        LongestWarmSpell, "longest_warm_spell", "d", "days of the longest warm spell";
        HeatingDegreeDays, "heating_degree_days", "K d", "sum of how far the daily mean is below the base of heating";
        CoolingDegreeDays, "cooling_degree_days", "K d", "sum of how far the daily mean is above the base of cooling";
        TotalPrecipitation, "total_precipitation", "mm", "sum of precipitation";
        WetDays, "wet_days", "d", "days of at least the limit of wet days";
        WetDayIntensity, "wet_day_intensity", "mm d-1", "mean precipitation of wet days";
        WettestDay, "wettest_day", "mm", "greatest precipitation of a day";
        WettestFiveDays, "wettest_five_days", "mm", "greatest precipitation of five days in turn";
        LongestDrySpell, "longest_dry_spell", "d", "days of the longest spell below the limit of wet days";
        LongestWetSpell, "longest_wet_spell", "d", "days of the longest spell of wet days";
    }
}

/// Latitude of each place of the city.
pub const PLACE_LAT: FieldSpec = field(
    "place_lat",
    &[Dim::Place],
    Kind::F64,
    Some("degrees_north"),
    "latitude of each place of the city",
    &[("standard_name", "latitude")],
);
/// Longitude of each place of the city.
pub const PLACE_LON: FieldSpec = field(
    "place_lon",
    &[Dim::Place],
    Kind::F64,
    Some("degrees_east"),
    "longitude of each place of the city",
    &[("standard_name", "longitude")],
);
/// Elevation of each place of the city.
pub const PLACE_ELEVATION: FieldSpec =
    field("place_elevation", &[Dim::Place], Kind::F64, Some("m"), "elevation of each place of the city", &[]);
/// Name of each place of the city.
pub const PLACE_NAME: FieldSpec =
    field("place_name", &[Dim::Place], Kind::Text, None, "name of each place of the city", &[]);
/// Row of each place in the raster of the city, from the north.
pub const PLACE_ROW: FieldSpec = field(
    "place_row",
    &[Dim::Place],
    Kind::I32,
    None,
    "row of each place in the raster of the city, from the north",
    &[],
);
/// Column of each place in the raster of the city, from the west.
pub const PLACE_COLUMN: FieldSpec = field(
    "place_column",
    &[Dim::Place],
    Kind::I32,
    None,
    "column of each place in the raster of the city, from the west",
    &[],
);
/// Cell of the climate that each place lies in or nearest to, as an index.
pub const PLACE_CELL: FieldSpec = field(
    "place_cell",
    &[Dim::Place],
    Kind::I32,
    None,
    "cell of the climate that each place takes its days from, as an index",
    &[],
);
/// Years of all periods.
pub const CLIMATE_YEAR: FieldSpec =
    field("climate_year", &[Dim::ClimateYear], Kind::I32, None, "years of the reference and of all periods", &[]);
/// Emission scenarios of ensembles.
pub const EMISSION_NAME: FieldSpec =
    field("emission_name", &[Dim::Emission], Kind::Text, None, "name of each emission scenario", &[]);
