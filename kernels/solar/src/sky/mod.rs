//! The sky: extraterrestrial and clear-sky irradiance, decomposition, transposition, patches.

mod air;
mod clear_sky;
mod decomposition;
mod error;
mod extraterrestrial;
mod hours;
mod patches;
mod perez;
mod perez_1993;
mod plane;
mod poa;

pub use air::{absolute_air_mass, pressure_from_altitude, relative_air_mass};
pub use clear_sky::{Irradiance, clear_sky_ineichen};
pub use decomposition::{DirintHour, decompose_dirint, decompose_disc, decompose_erbs};
pub use error::SkyError;
pub use extraterrestrial::{SOLAR_CONSTANT, extraterrestrial_from_distance, extraterrestrial_spencer};
pub use hours::{SkyHours, SkySeries, Transposition};
pub use patches::{Patches, RaysPerPatch, SkyPart, Subdivision};
pub use perez_1993::{PerezSky, patch_radiances};
pub use plane::{Plane, PlaneIrradiance, PlaneTotals, Surroundings};
pub use poa::{poa_components, poa_global, poa_global_shaded, poa_totals};
