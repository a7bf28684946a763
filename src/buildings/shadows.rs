//! Shadows of faces from those of the surfaces that they are made of.

use super::Face;

/// Shadows of a surface of the city.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurfaceShadow<'a> {
    /// Visible share of the sun by sun bin, in 255ths.
    pub sun_shares: &'a [u8],
    /// Visible share of the sky before it, 1 if nothing hides any.
    pub sky_share: f64,
    /// Visible share of the horizon before it.
    pub horizon_share: f64,
    /// Irradiance reflected onto it per global horizontal irradiance.
    pub reflected: f64,
}

/// Shadows of a face.
#[derive(Debug, Clone, PartialEq)]
pub struct FaceShadow {
    /// Visible share of the sun by sun bin, in 255ths.
    pub sun_shares: Vec<u8>,
    /// Visible share of the sky before it, 1 if nothing hides any.
    pub sky_share: f64,
    /// Visible share of the horizon before it.
    pub horizon_share: f64,
    /// Irradiance reflected onto it per global horizontal irradiance.
    pub reflected: f64,
}

/// Means of the shadows of a face's surfaces, weighted by their outside areas in the order of the face.
///
/// `of` gives the shadow of a surface of the city. Shares of the sun are rounded to the nearest 255th, halves up, which
/// moves a face's beam by at most 0.2 %. None for a face without surfaces, as of a table: nothing is known before it.
///
/// # Panics
/// If surfaces differ in their number of sun bins.
pub fn face_shadow<'a>(face: &Face, of: impl Fn(usize) -> SurfaceShadow<'a>) -> Option<FaceShadow> {
    let &(first, _) = face.surfaces.first()?;
    let mut suns = vec![0.0; of(first).sun_shares.len()];
    let (mut area, mut sky, mut horizon, mut reflected) = (0.0, 0.0, 0.0, 0.0);
    for &(surface, own) in &face.surfaces {
        let shadow = of(surface);
        assert_eq!(shadow.sun_shares.len(), suns.len(), "all surfaces share the sun bins");
        area += own;
        sky += own * shadow.sky_share;
        horizon += own * shadow.horizon_share;
        reflected += own * shadow.reflected;
        suns.iter_mut().zip(shadow.sun_shares).for_each(|(sum, share)| *sum += own * f64::from(*share));
    }
    Some(FaceShadow {
        // What is cut off is what `floor` would take, without a call for each of some hundred suns.
        sun_shares: suns.iter().map(|sum| (sum / area + 0.5) as u8).collect(),
        sky_share: sky / area,
        horizon_share: horizon / area,
        reflected: reflected / area,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buildings::FaceKind;

    fn face(surfaces: &[(usize, f64)]) -> Face {
        let area = surfaces.iter().map(|(_, area)| area).sum();
        Face { kind: FaceKind::Wall, normal: [0.0, 1.0, 0.0], area, window_area: None, surfaces: surfaces.to_vec() }
    }

    #[test]
    fn a_face_is_shaded_as_the_mean_of_its_surfaces() {
        let rows = [[0u8, 255, 3], [255, 255, 4]];
        let of = |surface: usize| SurfaceShadow {
            sun_shares: &rows[surface],
            sky_share: [0.5, 1.0][surface],
            horizon_share: [0.0, 0.8][surface],
            reflected: [0.1, 0.2][surface],
        };
        // 30 m² and 10 m²: (30·0 + 10·255) / 40 = 63.75, rounded 64; (30·3 + 10·4) / 40 = 3.25.
        let shadow = face_shadow(&face(&[(0, 30.0), (1, 10.0)]), of).unwrap();
        assert_eq!(shadow.sun_shares, [64, 255, 3]);
        assert_eq!([shadow.sky_share, shadow.horizon_share], [0.625, 0.2]);
        assert!((shadow.reflected - 0.125).abs() < 1e-15);
        // Halves go up: (3 + 4) / 2.
        assert_eq!(face_shadow(&face(&[(0, 1.0), (1, 1.0)]), of).unwrap().sun_shares[2], 4);
        assert_eq!(face_shadow(&face(&[]), of), None);
    }
}
