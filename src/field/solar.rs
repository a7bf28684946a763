//! Fields of the sun on buildings and ground, in `solar.nc`.

use super::{Dim, FieldSpec, Kind};

pub use super::shadows::{SUN_BIN_OF_HOUR, SURFACE_HORIZON_FACTOR, SURFACE_REFLECTED_SHARE, SURFACE_SUN_SHARE};

const FILE: &str = "solar.nc";
/// Values that some places lack: what has no area, what lies outside of the data.
const OR_MISSING: &[(&str, &str)] = &[("_FillValue", "NaN")];
/// Values of surfaces, with where the surfaces face; ground and covered ones have none.
pub(super) const OR_MISSING_AT_SURFACE: &[(&str, &str)] =
    &[("_FillValue", "NaN"), ("coordinates", "surface_tilt surface_azimuth")];

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

/// Building id in the city model.
pub const BUILDING_ID: FieldSpec =
    field("building_id", &[Dim::Building], Kind::Text, None, "building id in the city model", &[]);
/// Id of each object of the city model.
pub const OBJECT_ID: FieldSpec =
    field("object_id", &[Dim::CityObject], Kind::Text, None, "id of each object of the city model", &[]);
/// Building that each object is or belongs to, as an index.
pub const OBJECT_BUILDING: FieldSpec = field(
    "object_building",
    &[Dim::CityObject],
    Kind::I32,
    None,
    "building that each object is or belongs to, as an index",
    &[],
);
/// Type of each object in the city model.
pub const OBJECT_TYPE: FieldSpec =
    field("object_type", &[Dim::CityObject], Kind::Text, None, "type of each object in the city model", &[]);
/// Level of detail of each object.
pub const OBJECT_LOD: FieldSpec =
    field("object_lod", &[Dim::CityObject], Kind::Text, None, "level of detail of each object", &[]);
/// Attributes of each object in the city model, as JSON.
pub const OBJECT_ATTRIBUTES: FieldSpec = field(
    "object_attributes",
    &[Dim::CityObject],
    Kind::Text,
    None,
    "attributes of each object in the city model, as JSON",
    &[],
);
/// Object of the city model that each surface bounds, as an index.
pub const SURFACE_OBJECT: FieldSpec = field(
    "surface_object",
    &[Dim::Surface],
    Kind::I32,
    None,
    "object of the city model that each surface bounds, as an index",
    &[],
);
/// Building that each surface bounds, as an index.
pub const SURFACE_BUILDING: FieldSpec =
    field("surface_building", &[Dim::Surface], Kind::I32, None, "building that each surface bounds, as an index", &[]);
/// What each surface is.
pub const SURFACE_TYPE: FieldSpec = field(
    "surface_type",
    &[Dim::Surface],
    Kind::I32,
    None,
    "what each surface is",
    &[("flag_meanings", "roof wall ground")],
);
/// Tilt from level, facing up.
pub const SURFACE_TILT: FieldSpec =
    field("surface_tilt", &[Dim::Surface], Kind::F64, Some("degree"), "tilt from level, facing up", OR_MISSING);
/// Azimuth clockwise from true north; 0 where level.
pub const SURFACE_AZIMUTH: FieldSpec = field(
    "surface_azimuth",
    &[Dim::Surface],
    Kind::F64,
    Some("degree"),
    "azimuth clockwise from true north; 0 where level",
    OR_MISSING,
);
/// Area.
pub const SURFACE_AREA: FieldSpec = field("surface_area", &[Dim::Surface], Kind::F64, Some("m2"), "area", &[]);
/// Area that no other building or part covers.
pub const SURFACE_EXPOSED_AREA: FieldSpec = field(
    "surface_exposed_area",
    &[Dim::Surface],
    Kind::F64,
    Some("m2"),
    "area that no other building or part covers",
    &[],
);
/// Surface of each ring, as an index; the first ring of a surface is its outer one.
pub const RING_SURFACE: FieldSpec = field(
    "ring_surface",
    &[Dim::Ring],
    Kind::I32,
    None,
    "surface of each ring, as an index; the first ring of a surface is its outer one",
    &[],
);
/// Number of vertices of each ring.
pub const RING_LENGTH: FieldSpec =
    field("ring_length", &[Dim::Ring], Kind::I32, None, "number of vertices of each ring", &[]);
/// Easting of each vertex.
pub const VERTEX_X: FieldSpec =
    field("vertex_x", &[Dim::RingVertex], Kind::F64, Some("m"), "easting of each vertex", &[]);
/// Northing of each vertex.
pub const VERTEX_Y: FieldSpec =
    field("vertex_y", &[Dim::RingVertex], Kind::F64, Some("m"), "northing of each vertex", &[]);
/// Height of each vertex.
pub const VERTEX_Z: FieldSpec =
    field("vertex_z", &[Dim::RingVertex], Kind::F64, Some("m"), "height of each vertex", &[]);
/// Annual irradiation of the exposed area.
pub const ANNUAL_IRRADIATION: FieldSpec = field(
    "annual_irradiation",
    &[Dim::Surface],
    Kind::F64,
    Some("kW h m-2"),
    "annual irradiation of the exposed area",
    OR_MISSING_AT_SURFACE,
);
/// Annual irradiation if nothing stood in the way.
pub const ANNUAL_UNSHADED_IRRADIATION: FieldSpec = field(
    "annual_unshaded_irradiation",
    &[Dim::Surface],
    Kind::F64,
    Some("kW h m-2"),
    "annual irradiation if nothing stood in the way",
    OR_MISSING_AT_SURFACE,
);
/// Annual irradiation straight from the sun and, if the sky model has one, from the bright sky around it.
pub const ANNUAL_BEAM_IRRADIATION: FieldSpec = field(
    "annual_beam_irradiation",
    &[Dim::Surface],
    Kind::F64,
    Some("kW h m-2"),
    "annual irradiation straight from the sun and, if the sky model has one, from the bright sky around it",
    OR_MISSING_AT_SURFACE,
);
/// Annual irradiation from the rest of the sky.
pub const ANNUAL_SKY_IRRADIATION: FieldSpec = field(
    "annual_sky_irradiation",
    &[Dim::Surface],
    Kind::F64,
    Some("kW h m-2"),
    "annual irradiation from the rest of the sky",
    OR_MISSING_AT_SURFACE,
);
/// Annual irradiation reflected by the ground.
pub const ANNUAL_GROUND_IRRADIATION: FieldSpec = field(
    "annual_ground_irradiation",
    &[Dim::Surface],
    Kind::F64,
    Some("kW h m-2"),
    "annual irradiation reflected by the ground",
    OR_MISSING_AT_SURFACE,
);
/// Annual irradiation reflected by other buildings, one bounce.
pub const ANNUAL_FACADE_IRRADIATION: FieldSpec = field(
    "annual_facade_irradiation",
    &[Dim::Surface],
    Kind::F64,
    Some("kW h m-2"),
    "annual irradiation reflected by other buildings, one bounce",
    OR_MISSING_AT_SURFACE,
);
/// Diffuse irradiation from an isotropic sky over that without obstacles.
pub const SURFACE_SKY_FACTOR: FieldSpec = field(
    "surface_sky_factor",
    &[Dim::Surface],
    Kind::F64,
    Some("1"),
    "diffuse irradiation from an isotropic sky over that without obstacles",
    OR_MISSING_AT_SURFACE,
);
/// Number of sample points.
pub const SURFACE_POINTS: FieldSpec =
    field("surface_sample_points", &[Dim::Surface], Kind::I32, None, "number of sample points", &[]);
/// Relative change of annual irradiation if every other sample point is left out.
pub const SURFACE_SAMPLING_CHANGE: FieldSpec = field(
    "surface_sampling_change",
    &[Dim::Surface],
    Kind::F64,
    Some("1"),
    "relative change of annual irradiation if every other sample point is left out",
    OR_MISSING_AT_SURFACE,
);
/// Irradiation of a month in an hour of the day, local standard time.
pub const MONTH_HOUR_IRRADIATION: FieldSpec = field(
    "month_hour_irradiation",
    &[Dim::Month, Dim::HourOfDay, Dim::Surface],
    Kind::F32,
    Some("kW h m-2"),
    "irradiation of a month in an hour of the day, local standard time",
    OR_MISSING_AT_SURFACE,
);
/// Hourly mean irradiance of the exposed area.
pub const SURFACE_IRRADIANCE: FieldSpec = field(
    "surface_irradiance",
    &[Dim::Time, Dim::Surface],
    Kind::F32,
    Some("W m-2"),
    "hourly mean irradiance of the exposed area",
    OR_MISSING_AT_SURFACE,
);
/// Exposed area of roofs.
pub const BUILDING_ROOF_AREA: FieldSpec =
    field("building_roof_area", &[Dim::Building], Kind::F64, Some("m2"), "exposed area of roofs", &[]);
/// Annual irradiation of all roofs.
pub const BUILDING_ROOF_IRRADIATION: FieldSpec = field(
    "building_roof_irradiation",
    &[Dim::Building],
    Kind::F64,
    Some("kW h"),
    "annual irradiation of all roofs",
    &[],
);
/// Exposed area of walls.
pub const BUILDING_WALL_AREA: FieldSpec =
    field("building_wall_area", &[Dim::Building], Kind::F64, Some("m2"), "exposed area of walls", &[]);
/// Annual irradiation of all walls.
pub const BUILDING_WALL_IRRADIATION: FieldSpec = field(
    "building_wall_irradiation",
    &[Dim::Building],
    Kind::F64,
    Some("kW h"),
    "annual irradiation of all walls",
    &[],
);
/// Irradiation of roofs and walls of a month in an hour of the day, local standard time.
pub const BUILDING_MONTH_HOUR_IRRADIATION: FieldSpec = field(
    "building_month_hour_irradiation",
    &[Dim::Month, Dim::HourOfDay, Dim::Building],
    Kind::F32,
    Some("kW h"),
    "irradiation of roofs and walls of a month in an hour of the day, local standard time",
    &[],
);
/// Hourly mean irradiation of roofs and walls.
pub const BUILDING_IRRADIANCE: FieldSpec = field(
    "building_irradiance",
    &[Dim::Time, Dim::Building],
    Kind::F32,
    Some("kW"),
    "hourly mean irradiation of roofs and walls",
    &[],
);
/// What is wrong with the geometry of each building; empty where nothing is.
pub const BUILDING_FINDINGS: FieldSpec = field(
    "building_findings",
    &[Dim::Building],
    Kind::Text,
    None,
    "what is wrong with the geometry of each building; empty where nothing is",
    &[],
);
/// Start of each hour, UTC.
pub const TIME: FieldSpec = field(
    "time",
    &[Dim::Time],
    Kind::F64,
    Some("seconds since 1970-01-01 00:00:00"),
    "start of each hour, UTC",
    &[("standard_name", "time"), ("calendar", "standard"), ("bounds", "time_bnds"), ("axis", "T")],
);
/// Start and end of each hour.
pub const TIME_BOUNDS: FieldSpec =
    field("time_bnds", &[Dim::Time, Dim::Two], Kind::F64, None, "start and end of each hour", &[]);
/// Global horizontal irradiance.
pub const GHI: FieldSpec = field("ghi", &[Dim::Time], Kind::F32, Some("W m-2"), "global horizontal irradiance", &[]);
/// Direct normal irradiance.
pub const DNI: FieldSpec = field("dni", &[Dim::Time], Kind::F32, Some("W m-2"), "direct normal irradiance", &[]);
/// Diffuse horizontal irradiance.
pub const DHI: FieldSpec = field("dhi", &[Dim::Time], Kind::F32, Some("W m-2"), "diffuse horizontal irradiance", &[]);
/// Apparent zenith of the sun at the instant that stands for the hour.
pub const SOLAR_ZENITH: FieldSpec = field(
    "solar_zenith",
    &[Dim::Time],
    Kind::F64,
    Some("degree"),
    "apparent zenith of the sun at the instant that stands for the hour",
    &[],
);
/// Azimuth of the sun clockwise from true north.
pub const SOLAR_AZIMUTH: FieldSpec = field(
    "solar_azimuth",
    &[Dim::Time],
    Kind::F64,
    Some("degree"),
    "azimuth of the sun clockwise from true north",
    &[],
);
/// Whether the surface carries modules.
pub const SURFACE_PV_SUITABLE: FieldSpec = field(
    "surface_pv_suitable",
    &[Dim::Surface],
    Kind::I32,
    None,
    "whether the surface carries modules",
    &[("flag_meanings", "no yes"), ("coordinates", "surface_tilt surface_azimuth")],
);
/// Area of modules.
pub const SURFACE_PV_AREA: FieldSpec =
    field("surface_pv_area", &[Dim::Surface], Kind::F64, Some("m2"), "area of modules", &[]);
/// Area of modules, all surfaces of the building.
pub const BUILDING_PV_AREA: FieldSpec = field(
    "building_pv_area",
    &[Dim::Building],
    Kind::F64,
    Some("m2"),
    "area of modules, all surfaces of the building",
    &[],
);
/// Peak power of modules.
pub const SURFACE_PV_CAPACITY: FieldSpec =
    field("surface_pv_capacity", &[Dim::Surface], Kind::F64, Some("kW"), "peak power of modules", &[]);
/// Peak power of modules, all surfaces of the building.
pub const BUILDING_PV_CAPACITY: FieldSpec = field(
    "building_pv_capacity",
    &[Dim::Building],
    Kind::F64,
    Some("kW"),
    "peak power of modules, all surfaces of the building",
    &[],
);
/// Photovoltaic yield of the first year, AC.
pub const SURFACE_PV_YIELD: FieldSpec =
    field("pv_yield", &[Dim::Surface], Kind::F64, Some("kW h"), "photovoltaic yield of the first year, AC", &[]);
/// Photovoltaic yield of the first year, AC, all surfaces of the building.
pub const BUILDING_PV_YIELD: FieldSpec = field(
    "building_pv_yield",
    &[Dim::Building],
    Kind::F64,
    Some("kW h"),
    "photovoltaic yield of the first year, AC, all surfaces of the building",
    &[],
);
/// Photovoltaic yield per peak power.
pub const SURFACE_PV_SPECIFIC_YIELD: FieldSpec = field(
    "surface_pv_specific_yield",
    &[Dim::Surface],
    Kind::F64,
    Some("kW h kW-1"),
    "photovoltaic yield per peak power",
    OR_MISSING_AT_SURFACE,
);
/// Emissions avoided over the lifetime of modules, CO2e; one year where no lifetime is given.
pub const SURFACE_PV_AVOIDED_EMISSIONS: FieldSpec = field(
    "surface_pv_avoided_emissions",
    &[Dim::Surface],
    Kind::F64,
    Some("kg"),
    "emissions avoided over the lifetime of modules, CO2e; one year where no lifetime is given",
    &[],
);
/// Emissions avoided over the lifetime of modules, CO2e; one year where no lifetime is given, all surfaces of the building.
pub const BUILDING_PV_AVOIDED_EMISSIONS: FieldSpec = field(
    "building_pv_avoided_emissions",
    &[Dim::Building],
    Kind::F64,
    Some("kg"),
    "emissions avoided over the lifetime of modules, CO2e; one year where no lifetime is given, all surfaces of the building",
    &[],
);
/// Investment in modules, in the currency of the scenario.
pub const SURFACE_PV_INVESTMENT: FieldSpec = field(
    "surface_pv_investment",
    &[Dim::Surface],
    Kind::F64,
    Some("1"),
    "investment in modules, in the currency of the scenario",
    &[("_FillValue", "NaN"), ("display_unit", "currency")],
);
/// Investment in modules, in the currency of the scenario, all surfaces of the building.
pub const BUILDING_PV_INVESTMENT: FieldSpec = field(
    "building_pv_investment",
    &[Dim::Building],
    Kind::F64,
    Some("1"),
    "investment in modules, in the currency of the scenario, all surfaces of the building",
    &[("_FillValue", "NaN"), ("display_unit", "currency")],
);
/// Levelised cost of electricity per kW h, in the currency of the scenario.
pub const SURFACE_PV_LEVELISED_COST: FieldSpec = field(
    "surface_pv_levelised_cost",
    &[Dim::Surface],
    Kind::F64,
    Some("1"),
    "levelised cost of electricity per kW h, in the currency of the scenario",
    &[("_FillValue", "NaN"), ("display_unit", "currency per kW h")],
);
/// Levelised cost of electricity per kW h, in the currency of the scenario, all surfaces of the building.
pub const BUILDING_PV_LEVELISED_COST: FieldSpec = field(
    "building_pv_levelised_cost",
    &[Dim::Building],
    Kind::F64,
    Some("1"),
    "levelised cost of electricity per kW h, in the currency of the scenario, all surfaces of the building",
    &[("_FillValue", "NaN"), ("display_unit", "currency per kW h")],
);
/// Net present value of modules, in the currency of the scenario.
pub const SURFACE_PV_NET_PRESENT_VALUE: FieldSpec = field(
    "surface_pv_net_present_value",
    &[Dim::Surface],
    Kind::F64,
    Some("1"),
    "net present value of modules, in the currency of the scenario",
    &[("_FillValue", "NaN"), ("display_unit", "currency")],
);
/// Net present value of modules, in the currency of the scenario, all surfaces of the building.
pub const BUILDING_PV_NET_PRESENT_VALUE: FieldSpec = field(
    "building_pv_net_present_value",
    &[Dim::Building],
    Kind::F64,
    Some("1"),
    "net present value of modules, in the currency of the scenario, all surfaces of the building",
    &[("_FillValue", "NaN"), ("display_unit", "currency")],
);
/// Years until modules have paid for themselves, undiscounted; missing where they never do.
pub const SURFACE_PV_PAYBACK_TIME: FieldSpec = field(
    "surface_pv_payback_time",
    &[Dim::Surface],
    Kind::F64,
    Some("1"),
    "years until modules have paid for themselves, undiscounted; missing where they never do",
    &[("_FillValue", "NaN"), ("display_unit", "year")],
);
/// Years until modules have paid for themselves, undiscounted; missing where they never do, all surfaces of the building.
pub const BUILDING_PV_PAYBACK_TIME: FieldSpec = field(
    "building_pv_payback_time",
    &[Dim::Building],
    Kind::F64,
    Some("1"),
    "years until modules have paid for themselves, undiscounted; missing where they never do, all surfaces of the building",
    &[("_FillValue", "NaN"), ("display_unit", "year")],
);
/// Rank by net present value per investment, or by specific yield without costs; 1 is best, 0 carries no modules.
pub const SURFACE_PV_RANK: FieldSpec = field(
    "surface_pv_rank",
    &[Dim::Surface],
    Kind::I32,
    None,
    "rank by net present value per investment, or by specific yield without costs; 1 is best, 0 carries no modules",
    &[],
);
/// Rank of the building by the same measure; 1 is best, 0 carries no modules.
pub const BUILDING_PV_RANK: FieldSpec = field(
    "building_pv_rank",
    &[Dim::Building],
    Kind::I32,
    None,
    "rank of the building by the same measure; 1 is best, 0 carries no modules",
    &[],
);
/// Easting of the centre of each cell.
pub const X: FieldSpec = field(
    "x",
    &[Dim::X],
    Kind::F64,
    Some("m"),
    "easting of the centre of each cell",
    &[("standard_name", "projection_x_coordinate"), ("axis", "X")],
);
/// Northing of the centre of each cell.
pub const Y: FieldSpec = field(
    "y",
    &[Dim::Y],
    Kind::F64,
    Some("m"),
    "northing of the centre of each cell",
    &[("standard_name", "projection_y_coordinate"), ("axis", "Y")],
);
/// Height of each cell.
pub const CELL_HEIGHT: FieldSpec =
    field("cell_height", &[Dim::Y, Dim::X], Kind::F32, Some("m"), "height of each cell", OR_MISSING);
/// Tilt of each cell from level.
pub const CELL_TILT: FieldSpec =
    field("cell_tilt", &[Dim::Y, Dim::X], Kind::F32, Some("degree"), "tilt of each cell from level", OR_MISSING);
/// Azimuth of each cell clockwise from grid north; 0 where level.
pub const CELL_AZIMUTH: FieldSpec = field(
    "cell_azimuth",
    &[Dim::Y, Dim::X],
    Kind::F32,
    Some("degree"),
    "azimuth of each cell clockwise from grid north; 0 where level",
    OR_MISSING,
);
/// Sky-view factor of a level plane.
pub const CELL_SKY_VIEW_FACTOR: FieldSpec =
    field("sky_view_factor", &[Dim::Y, Dim::X], Kind::F32, Some("1"), "sky-view factor of a level plane", OR_MISSING);
/// Sky-view factor of the plane of each cell.
pub const CELL_TILTED_SKY_VIEW_FACTOR: FieldSpec = field(
    "tilted_sky_view_factor",
    &[Dim::Y, Dim::X],
    Kind::F32,
    Some("1"),
    "sky-view factor of the plane of each cell",
    OR_MISSING,
);
/// Annual irradiation of each cell.
pub const CELL_ANNUAL_IRRADIATION: FieldSpec = field(
    "cell_annual_irradiation",
    &[Dim::Y, Dim::X],
    Kind::F32,
    Some("kW h m-2"),
    "annual irradiation of each cell",
    OR_MISSING,
);
/// Annual irradiation straight from the sun and, if the sky model has one, from the bright sky around it.
pub const CELL_ANNUAL_BEAM_IRRADIATION: FieldSpec = field(
    "cell_annual_beam_irradiation",
    &[Dim::Y, Dim::X],
    Kind::F32,
    Some("kW h m-2"),
    "annual irradiation straight from the sun and, if the sky model has one, from the bright sky around it",
    OR_MISSING,
);
/// Irradiation of each cell by month, local standard time.
pub const CELL_MONTH_IRRADIATION: FieldSpec = field(
    "cell_month_irradiation",
    &[Dim::Month, Dim::Y, Dim::X],
    Kind::F32,
    Some("kW h m-2"),
    "irradiation of each cell by month, local standard time",
    OR_MISSING,
);
/// Hourly mean irradiance of each cell.
pub const CELL_IRRADIANCE: FieldSpec = field(
    "cell_irradiance",
    &[Dim::CellTime, Dim::Y, Dim::X],
    Kind::F32,
    Some("W m-2"),
    "hourly mean irradiance of each cell",
    OR_MISSING,
);
/// Start of each hour for which the raster is written, UTC.
pub const CELL_TIME: FieldSpec = field(
    "cell_time",
    &[Dim::CellTime],
    Kind::F64,
    Some("seconds since 1970-01-01 00:00:00"),
    "start of each hour for which the raster is written, UTC",
    &[("standard_name", "time"), ("calendar", "standard"), ("axis", "T")],
);
/// Azimuth of each horizon clockwise from grid north.
pub const HORIZON_AZIMUTH: FieldSpec = field(
    "direction",
    &[Dim::Direction],
    Kind::F64,
    Some("degree"),
    "azimuth of each horizon clockwise from grid north",
    &[],
);
/// Elevation of the horizon of each cell.
pub const CELL_HORIZON: FieldSpec = field(
    "cell_horizon",
    &[Dim::Direction, Dim::Y, Dim::X],
    Kind::F32,
    Some("degree"),
    "elevation of the horizon of each cell",
    OR_MISSING,
);
