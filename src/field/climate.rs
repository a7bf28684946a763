//! Fields of downscaled climate, in `climate.nc`.

use conurb_climate::calendar::Calendar;

use super::{Dim, FieldSpec, Kind};
use crate::scenario::ClimateVariable;

const FILE: &str = "climate.nc";
/// Values that some cells lack: outside of the model's grid, without a reference.
const OR_MISSING: &[(&str, &str)] = &[("_FillValue", "NaN")];

/// How the cells of a run are arranged, which gives fields their axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellAxes {
    /// Rows and columns.
    Grid,
    /// A list of places.
    Places,
}

/// Whether a field has an axis for simulations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Simulations {
    /// There is one.
    One,
    /// There are several.
    Several,
}

pub(super) const fn field(
    name: &'static str,
    dims: &'static [Dim],
    kind: Kind,
    unit: Option<&'static str>,
    long_name: &'static str,
    attributes: &'static [(&'static str, &'static str)],
) -> FieldSpec {
    FieldSpec { name, file: FILE, dims, kind, unit, long_name, attributes }
}

/// Start of each day.
pub fn time(calendar: Calendar) -> FieldSpec {
    field(
        "time",
        &[Dim::Time],
        Kind::F64,
        Some(EPOCH),
        "start of each day, which is one of UTC",
        match calendar {
            Calendar::Standard => {
                &[("standard_name", "time"), ("axis", "T"), ("bounds", "time_bnds"), ("calendar", "standard")]
            }
            Calendar::ProlepticGregorian => &[
                ("standard_name", "time"),
                ("axis", "T"),
                ("bounds", "time_bnds"),
                ("calendar", "proleptic_gregorian"),
            ],
            Calendar::Julian => {
                &[("standard_name", "time"), ("axis", "T"), ("bounds", "time_bnds"), ("calendar", "julian")]
            }
            Calendar::NoLeap => {
                &[("standard_name", "time"), ("axis", "T"), ("bounds", "time_bnds"), ("calendar", "noleap")]
            }
            Calendar::AllLeap => {
                &[("standard_name", "time"), ("axis", "T"), ("bounds", "time_bnds"), ("calendar", "all_leap")]
            }
            Calendar::Day360 => {
                &[("standard_name", "time"), ("axis", "T"), ("bounds", "time_bnds"), ("calendar", "360_day")]
            }
        },
    )
}

/// What times count from, a day of every calendar.
pub const EPOCH: &str = "days since 1850-01-01 00:00:00";
/// The year of [`EPOCH`].
pub const EPOCH_YEAR: i32 = 1850;

/// Start and end of each day.
pub const TIME_BOUNDS: FieldSpec =
    field("time_bnds", &[Dim::Time, Dim::Two], Kind::F64, None, "start and end of each day", &[]);

/// Latitude of each cell.
pub fn lat(axes: CellAxes) -> FieldSpec {
    let attributes: &[(&str, &str)] = &[("standard_name", "latitude")];
    field("lat", of_cells(axes), Kind::F64, Some("degrees_north"), "latitude of each cell", attributes)
}

/// Longitude of each cell.
pub fn lon(axes: CellAxes) -> FieldSpec {
    let attributes: &[(&str, &str)] = &[("standard_name", "longitude")];
    field("lon", of_cells(axes), Kind::F64, Some("degrees_east"), "longitude of each cell", attributes)
}

/// Name of each place.
pub const LOCATION_NAME: FieldSpec =
    field("location_name", &[Dim::Location], Kind::Text, None, "name of each place", &[]);
/// Climate model of each simulation.
pub const SIMULATION_MODEL: FieldSpec =
    field("simulation_model", &[Dim::Simulation], Kind::Text, None, "climate model of each simulation", &[]);
/// Emission scenario of each simulation.
pub const SIMULATION_FUTURE: FieldSpec =
    field("simulation_future", &[Dim::Simulation], Kind::Text, None, "emission scenario of each simulation", &[]);
/// First year of each period; the first period is that of the reference.
pub const PERIOD_FIRST_YEAR: FieldSpec = field(
    "period_first_year",
    &[Dim::ClimatePeriod],
    Kind::I32,
    None,
    "first year of each period; the first period is that of the reference",
    &[],
);
/// Last year of each period.
pub const PERIOD_LAST_YEAR: FieldSpec =
    field("period_last_year", &[Dim::ClimatePeriod], Kind::I32, None, "last year of each period", &[]);
/// Why a cell has no values.
pub fn cell_state(axes: CellAxes) -> FieldSpec {
    let attributes: &[(&str, &str)] = &[
        ("flag_meanings", "adjusted outside_of_model without_reference without_model without_training"),
        ("coordinates", "lat lon"),
    ];
    field("cell_state", of_cells(axes), Kind::I32, None, "whether each cell could be adjusted", attributes)
}

/// An adjusted daily variable.
pub fn daily(variable: ClimateVariable, axes: CellAxes, simulations: Simulations) -> FieldSpec {
    use ClimateVariable::{Hurs, Huss, Pr, Ps, Rsds, SfcWind, Tas, Tasmax, Tasmin};
    let dims: &[Dim] = match (simulations, axes) {
        (Simulations::One, CellAxes::Grid) => &[Dim::Time, Dim::GridY, Dim::GridX],
        (Simulations::One, CellAxes::Places) => &[Dim::Time, Dim::Location],
        (Simulations::Several, CellAxes::Grid) => &[Dim::Simulation, Dim::Time, Dim::GridY, Dim::GridX],
        (Simulations::Several, CellAxes::Places) => &[Dim::Simulation, Dim::Time, Dim::Location],
    };
    macro_rules! named {
        ($name:literal, $standard_name:literal, $unit:literal, $methods:literal, $long_name:literal) => {
            match simulations {
                Simulations::One => named!(of "lat lon", $name, $standard_name, $unit, $methods, $long_name),
                Simulations::Several => named!(
                    of "lat lon simulation_model simulation_future", $name, $standard_name, $unit, $methods, $long_name
                ),
            }
        };
        (of $coordinates:literal, $name:literal, $standard_name:literal, $unit:literal, $methods:literal, $long_name:literal) => {
            field(
                $name,
                dims,
                Kind::F32,
                Some($unit),
                concat!("adjusted ", $long_name),
                &[
                    ("standard_name", $standard_name),
                    ("cell_methods", $methods),
                    ("coordinates", $coordinates),
                    ("_FillValue", "NaN"),
                ],
            )
        };
    }
    match variable {
        Tas => named!("tas", "air_temperature", "K", "time: mean", "daily mean near-surface air temperature"),
        Tasmin => {
            named!("tasmin", "air_temperature", "K", "time: minimum", "daily minimum near-surface air temperature")
        }
        Tasmax => {
            named!("tasmax", "air_temperature", "K", "time: maximum", "daily maximum near-surface air temperature")
        }
        Pr => named!("pr", "lwe_precipitation_rate", "mm day-1", "time: mean", "daily precipitation"),
        Rsds => named!(
            "rsds",
            "surface_downwelling_shortwave_flux_in_air",
            "W m-2",
            "time: mean",
            "daily mean shortwave radiation that reaches the ground"
        ),
        Hurs => named!("hurs", "relative_humidity", "%", "time: mean", "daily mean near-surface relative humidity"),
        Huss => named!("huss", "specific_humidity", "1", "time: mean", "daily mean near-surface specific humidity"),
        SfcWind => named!("sfcWind", "wind_speed", "m s-1", "time: mean", "daily mean near-surface wind speed"),
        Ps => named!("ps", "surface_air_pressure", "Pa", "time: mean", "daily mean surface air pressure"),
    }
}

pub(super) fn of_cells(axes: CellAxes) -> &'static [Dim] {
    match axes {
        CellAxes::Grid => &[Dim::GridY, Dim::GridX],
        CellAxes::Places => &[Dim::Location],
    }
}

/// Starts of the hours of the weather year.
pub const WEATHER_TIME: FieldSpec = field(
    "weather_time",
    &[Dim::WeatherHour],
    Kind::F64,
    None,
    "hours of local standard time since the year began, at the end of each hour",
    &[("display_unit", "h")],
);

macro_rules! weather {
    ($($constant:ident, $name:literal, $unit:literal, $long_name:literal;)*) => {
        $(
            #[doc = concat!($long_name, ".")]
            pub const $constant: FieldSpec =
                field($name, &[Dim::WeatherHour], Kind::F32, Some($unit), $long_name, OR_MISSING);
        )*
        /// The hours that other stages take, in the order of the weather year.
        pub const WEATHER: &[FieldSpec] = &[$($constant),*];
    };
}

weather! {
    WEATHER_GHI, "weather_ghi", "W m-2", "global horizontal irradiance, mean of each hour";
    WEATHER_DNI, "weather_dni", "W m-2", "direct normal irradiance, mean of each hour";
    WEATHER_DHI, "weather_dhi", "W m-2", "diffuse horizontal irradiance, mean of each hour";
    WEATHER_TEMP_AIR, "weather_temp_air", "degC", "air temperature at the end of each hour";
    WEATHER_DEW_POINT, "weather_dew_point", "degC", "dew point at the end of each hour";
    WEATHER_RELATIVE_HUMIDITY, "weather_relative_humidity", "%", "relative humidity at the end of each hour";
    WEATHER_PRESSURE, "weather_pressure", "Pa", "air pressure at the end of each hour";
    WEATHER_WIND_SPEED, "weather_wind_speed", "m s-1", "wind speed at the end of each hour";
    WEATHER_WIND_DIRECTION, "weather_wind_direction", "degree", "where the wind comes from, at the end of each hour";
    WEATHER_SKY_INFRARED, "weather_sky_infrared", "W m-2", "infrared radiation from the sky, mean of each hour";
}

/// Place and clock of the weather year: degrees north and east, metres, hours from UTC, weekday of 1 January or -1.
pub const WEATHER_SITE: FieldSpec = field(
    "weather_site",
    &[Dim::WeatherSite],
    Kind::F64,
    None,
    "latitude, longitude, elevation (m), standard time minus UTC (h), weekday of 1 January (0 = Monday, -1 unknown)",
    &[],
);
