//! What the faces of buildings see of sun and sky: read from the fields of the solar stage, or open.

use std::ops::Range;

use crate::buildings::{Building, Face, SurfaceShadow, face_shadow};
use crate::city::City;
use crate::error::Error;
use crate::field::solar as field;
use crate::stages::FieldSource;

/// What a face sees.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FaceSunlight {
    /// Visible share of the sky.
    pub sky_share: f64,
    /// Visible share of the horizon.
    pub horizon_share: f64,
    /// Irradiance reflected onto it per global horizontal irradiance.
    pub reflected: f64,
    /// Visible share of the sun by sun bin, in 255ths; none where nothing stands before it.
    pub sun_shares: Option<Vec<u8>>,
}

/// What a face without anything before it sees.
pub fn open(face: &Face, albedo: f64) -> FaceSunlight {
    FaceSunlight {
        sky_share: 1.0,
        horizon_share: 1.0,
        reflected: albedo * (1.0 - face.normal[2]) / 2.0,
        sun_shares: None,
    }
}
