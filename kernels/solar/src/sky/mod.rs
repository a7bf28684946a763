//! The sky: extraterrestrial and clear-sky irradiance, decomposition, transposition, patches.

mod patches;
mod perez_1993;
pub use patches::{Patches, RaysPerPatch, SkyPart, Subdivision};
pub use perez_1993::{PerezSky, patch_radiances};
