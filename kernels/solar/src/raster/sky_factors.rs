//! What share of the sky's light reaches tilted cells.

use core::f32::consts::FRAC_PI_2;

use super::angle::{QUANTUM_DEGREES, arctangent, sine_cosine};
use super::gradient::CellPlanes;
use super::sweep::Horizons;
use super::window::RasterError;

/// Cells that are worked on at once, so that their sums stay close.
const BLOCK: usize = 1024;

/// Height of the bright band at the horizon, degrees: Perez et al., Solar Energy 39(3), 1987, page 224.
const HORIZON_BAND_DEGREES: f32 = 6.5;

/// Shares of the sky that cells see.
#[derive(Debug, Clone, PartialEq)]
pub struct SkyFactors {
    /// Irradiance on the cell's plane over that on a free horizontal plane under an isotropic sky, 0 to 1; NaN where a cell
    /// has no height.
    pub tilted_sky_view_factors: Vec<f32>,
    /// Share of the band up to 6.5° above the horizon that is free, 0 to 1; NaN where a cell has no height.
    pub free_horizons: Vec<f32>,
}

/// One block of cells in all directions.
struct Block<'a> {
    planes: &'a CellPlanes,
    horizons: &'a Horizons,
    first: usize,
    tilted: &'a mut [f32],
    free: &'a mut [f32],
}

/// Finds the shares of the sky that cells see over their own planes and the horizons around.
///
/// V = 1/N Σ (cos S cos² h + sin S cos(φ − A) ((π/2 − h) − sin h cos h)) over N azimuths φ, with tilt S, aspect A, and h the
/// higher of the horizon and of the cell's own plane, where that rises, arctan(−tan S cos(φ − A)); at least 0 and at most 1.
/// A free plane has (1 + cos S) / 2.
///
/// Source: Dozier and Frew, Rapid calculation of terrain parameters for radiation modeling from digital elevation data, IEEE
/// Trans. Geoscience and Remote Sensing 28(5), 1990, equation 7b, with their H = π/2 − h.
///
/// # Errors
/// Planes and horizons of different numbers of cells.
pub fn sky_factors(planes: &CellPlanes, horizons: &Horizons) -> Result<SkyFactors, RasterError> {
    planes.check(horizons)?;
    let mut tilted_sky_view_factors = vec![0.0; horizons.n_cells];
    let mut free_horizons = vec![0.0; horizons.n_cells];
    let blocks = tilted_sky_view_factors.chunks_mut(BLOCK).zip(free_horizons.chunks_mut(BLOCK));
    for (index, (tilted, free)) in blocks.enumerate() {
        pulp::Arch::new().dispatch(Block { planes, horizons, first: index * BLOCK, tilted, free });
    }
    Ok(SkyFactors { tilted_sky_view_factors, free_horizons })
}

impl pulp::NullaryFnOnce for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let range = self.first..self.first + self.tilted.len();
        let (east, north) = (&self.planes.east[range.clone()], &self.planes.north[range.clone()]);
        let up = &self.planes.up[range.clone()];
        let n = self.horizons.directions;
        for direction in 0..n {
            let azimuth = 2.0 * core::f64::consts::PI * direction as f64 / n as f64;
            let (sine, cosine) = (libm::sin(azimuth) as f32, libm::cos(azimuth) as f32);
            let angles = &self.horizons.of(direction)[range.clone()];
            let normals = east.iter().zip(north).zip(up);
            for (((tilted, free), angle), ((east, north), up)) in
                self.tilted.iter_mut().zip(self.free.iter_mut()).zip(angles).zip(normals)
            {
                let facing = east * sine + north * cosine;
                let (share, open) = shares(f32::from(*angle), facing, *up);
                *tilted += share;
                *free += open;
            }
        }
        let share = 1.0 / n as f32;
        for ((tilted, free), up) in self.tilted.iter_mut().zip(self.free.iter_mut()).zip(up) {
            let no_height = up * 0.0;
            *tilted = (*tilted * share).clamp(0.0, 1.0) + no_height;
            *free = *free * share + no_height;
        }
    }
}

/// Terms of one direction: of the tilted factor and of the free band.
#[inline(always)]
fn shares(angle: f32, facing: f32, up: f32) -> (f32, f32) {
    const RADIANS: f32 = QUANTUM_DEGREES * (core::f32::consts::PI / 180.0);
    const BAND: f32 = QUANTUM_DEGREES / HORIZON_BAND_DEGREES;
    let horizon = angle * RADIANS;
    let rise = if facing < 0.0 { -facing } else { 0.0 };
    // A vertical plane hides all behind it.
    let own = arctangent(rise / if up > 1e-6 { up } else { 1e-6 });
    let height = if own > horizon { own } else { horizon };
    // sin 2h = cos(2h − π/2) and cos 2h = −sin(2h − π/2).
    let (sine, cosine) = sine_cosine(2.0 * height - FRAC_PI_2);
    let level = 0.5 * (1.0 - sine);
    let tilted = up * level + facing * (FRAC_PI_2 - height - 0.5 * cosine);
    let open = 1.0 - angle * BAND;
    (tilted, if open > 0.0 { open } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(tilt: f64, azimuth: f64, degrees: f32) -> SkyFactors {
        let (tilt, azimuth) = (tilt.to_radians(), azimuth.to_radians());
        let planes = CellPlanes {
            east: vec![(libm::sin(tilt) * libm::sin(azimuth)) as f32],
            north: vec![(libm::sin(tilt) * libm::cos(azimuth)) as f32],
            up: vec![libm::cos(tilt) as f32],
        };
        let angles = vec![(degrees / QUANTUM_DEGREES + 0.5) as u16; 36];
        sky_factors(&planes, &Horizons { directions: 36, n_cells: 1, angles }).expect("valid")
    }

    #[test]
    fn a_free_plane_has_the_closed_form() {
        for tilt in [0.0, 10.0, 35.0, 60.0, 80.0, 90.0_f64] {
            for azimuth in [0.0, 45.0, 123.0, 270.0] {
                let found = f64::from(one(tilt, azimuth, 0.0).tilted_sky_view_factors[0]);
                let expected = 0.5 * (1.0 + libm::cos(tilt.to_radians()));
                assert!((found / expected - 1.0).abs() < 0.005, "{tilt} {azimuth}: {found} instead of {expected}");
            }
        }
    }

    #[test]
    fn a_flat_cell_in_a_bowl_sees_the_square_of_the_cosine() {
        // cos² 30° = 3/4; 3.25° is half of the band.
        assert!((one(0.0, 0.0, 30.0).tilted_sky_view_factors[0] - 0.75).abs() < 1e-4);
        assert!((one(0.0, 0.0, 3.25).free_horizons[0] - 0.5).abs() < 1e-3);
        assert_eq!(one(0.0, 0.0, 30.0).free_horizons[0], 0.0);
    }

    #[test]
    fn horizons_below_the_plane_itself_change_nothing() {
        // A wall's own plane hides its back; a horizon of 20° all round leaves of the front half (1 / 2π) ∫ cos(φ)
        // ((π/2 − h) − sin h cos h) over −90° to 90° = ((π/2 − h) − sin h cos h) / π = 0.286_586 at 20°.
        let found = one(90.0, 180.0, 20.0).tilted_sky_view_factors[0];
        assert!((found - 0.286_586).abs() < 0.001, "{found}");
    }
}
