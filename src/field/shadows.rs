//! Fields of `solar.nc` that tell other stages what stands before surfaces.

use super::solar::{OR_MISSING_AT_SURFACE, field};
use super::{Dim, FieldSpec, Kind};

/// Visible share of the horizon.
pub const SURFACE_HORIZON_FACTOR: FieldSpec = field(
    "surface_horizon_factor",
    &[Dim::Surface],
    Kind::F64,
    Some("1"),
    "visible share of the horizon",
    OR_MISSING_AT_SURFACE,
);
/// What ground and other surfaces reflect, per global horizontal irradiance.
pub const SURFACE_REFLECTED_SHARE: FieldSpec = field(
    "surface_reflected_share",
    &[Dim::Surface],
    Kind::F64,
    Some("1"),
    "irradiance reflected by ground and other surfaces, per global horizontal irradiance",
    OR_MISSING_AT_SURFACE,
);
/// Visible share of the sun by sun bin, in 255ths; written for stages that need shadows.
pub const SURFACE_SUN_SHARE: FieldSpec = field(
    "surface_sun_share",
    &[Dim::Surface, Dim::SunBin],
    Kind::U8,
    Some("1"),
    "visible share of the sun in hours of each sun bin; 0 where the sun does not reach the surface",
    &[("scale_factor", "0.00392156862745098")],
);
/// Sun bin of each hour; written for stages that need shadows.
pub const SUN_BIN_OF_HOUR: FieldSpec = field(
    "sun_bin_of_hour",
    &[Dim::Time],
    Kind::I32,
    None,
    "sun bin of each hour, hours of one bin share their shadows; -1 without radiation",
    &[],
);
