//! What the faces of buildings see of sun and sky: read from the fields of the solar stage, or open.

use std::ops::Range;

use crate::buildings::{Building, Face, SurfaceShadow, face_shadow};
use crate::error::Error;
use crate::field::solar as field;
use crate::stages::FieldSource;

/// Value of a share of 1.
const WHOLE: u8 = 255;

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

/// What the solar stage found for some consecutive surfaces.
pub struct SurfaceSunlight {
    surfaces: Range<usize>,
    n_bins: usize,
    sun_shares: Vec<u8>,
    sky_share: Vec<f64>,
    horizon_share: Vec<f64>,
    reflected: Vec<f64>,
}

impl SurfaceSunlight {
    /// Reads what all surfaces of some buildings see.
    ///
    /// # Errors
    /// The solar stage did not write it, or it cannot be read.
    pub fn read(source: &dyn FieldSource, surfaces: Range<usize>) -> Result<Self, Error> {
        let shape = source.shape(&field::SURFACE_SUN_SHARE)?;
        Ok(SurfaceSunlight {
            n_bins: shape[1],
            sun_shares: source.bytes(&field::SURFACE_SUN_SHARE, surfaces.clone())?,
            sky_share: source.numbers(&field::SURFACE_SKY_FACTOR, surfaces.clone())?,
            horizon_share: source.numbers(&field::SURFACE_HORIZON_FACTOR, surfaces.clone())?,
            reflected: source.numbers(&field::SURFACE_REFLECTED_SHARE, surfaces.clone())?,
            surfaces,
        })
    }

    /// What a face sees, as the mean of its surfaces by area; open where no ray was ever sent.
    pub fn of_face(&self, face: &Face, albedo: f64) -> FaceSunlight {
        let unknown = open(face, albedo);
        let everything = vec![WHOLE; self.n_bins];
        let of_surface = |surface: usize| {
            let at = surface - self.surfaces.start;
            // A surface too small for a sample point has no values.
            if !self.sky_share[at].is_finite() {
                let FaceSunlight { sky_share, horizon_share, reflected, .. } = unknown;
                return SurfaceShadow { sun_shares: &everything, sky_share, horizon_share, reflected };
            }
            SurfaceShadow {
                sun_shares: &self.sun_shares[at * self.n_bins..][..self.n_bins],
                sky_share: self.sky_share[at],
                horizon_share: self.horizon_share[at],
                reflected: self.reflected[at],
            }
        };
        match face_shadow(face, of_surface) {
            Some(seen) => FaceSunlight {
                sky_share: seen.sky_share,
                horizon_share: seen.horizon_share,
                reflected: seen.reflected,
                sun_shares: Some(seen.sun_shares),
            },
            None => unknown.clone(),
        }
    }
}

/// Range of the surfaces that the faces of some buildings are made of.
pub fn surfaces_of(buildings: &[Building]) -> Range<usize> {
    let surfaces = || {
        buildings
            .iter()
            .flat_map(|building| &building.faces)
            .flat_map(|face| &face.surfaces)
            .map(|&(surface, _)| surface)
    };
    surfaces().min().unwrap_or(0)..surfaces().max().map_or(0, |last| last + 1)
}
