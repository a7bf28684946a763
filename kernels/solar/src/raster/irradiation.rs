//! What sun, sky and ground give cells.

use super::angle::QUANTUM_DEGREES;
use super::gradient::CellPlanes;
use super::sky_factors::SkyFactors;
use super::sweep::Horizons;
use super::window::RasterError;

/// Cells that are worked on at once: their horizons in all directions stay in a cache.
const BLOCK: usize = 1024;

/// A position of the sun and what comes from there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SunSample {
    /// East component of the unit vector to the sun.
    pub east: f32,
    /// North component.
    pub north: f32,
    /// Upward component.
    pub up: f32,
    /// Elevation above the horizontal, degrees.
    pub elevation: f32,
    /// Azimuth, degrees clockwise from north, 0 to 360.
    pub azimuth: f32,
    /// Irradiance W/m², or energy Wh/m², on a plane that faces the sun: the beam, and circumsolar light if wanted.
    pub beam: f32,
    /// Group of samples (a year, a month, an hour) to which it is added.
    pub group: usize,
}

/// Diffuse light of a group of samples, irradiance W/m² or energy Wh/m².
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DiffuseTotals {
    /// Isotropic part of the sky on a horizontal plane.
    pub isotropic: f32,
    /// What the bright band at the horizon gives a free vertical plane; may be below 0, as in the model of Perez.
    pub horizon_band: f32,
    /// Global irradiance on a horizontal plane, of which ground reflects its share.
    pub ghi: f32,
}

/// One block of cells and all suns.
struct Block<'a> {
    planes: &'a CellPlanes,
    horizons: &'a Horizons,
    suns: &'a [SunSample],
    first: usize,
    cells: usize,
    /// All groups, each of all cells.
    sums: &'a mut [f32],
}

/// Where a sun stands among the directions of horizons.
struct Place {
    directions: [usize; 2],
    /// Weight of the second.
    weight: f32,
    /// Elevation in units of stored angles.
    elevation: f32,
}

impl SunSample {
    /// A sample from where the sun stands, degrees, and from what comes from there.
    pub fn new(apparent_zenith: f64, solar_azimuth: f64, beam: f64, group: usize) -> Self {
        let (zenith, azimuth) = (apparent_zenith.to_radians(), solar_azimuth.to_radians());
        let across = libm::sin(zenith);
        Self {
            east: (across * libm::sin(azimuth)) as f32,
            north: (across * libm::cos(azimuth)) as f32,
            up: libm::cos(zenith) as f32,
            elevation: (90.0 - apparent_zenith) as f32,
            azimuth: solar_azimuth.rem_euclid(360.0) as f32,
            beam: beam as f32,
            group,
        }
    }

    fn place(&self, directions: usize) -> Place {
        let position = self.azimuth / 360.0 * directions as f32;
        let low = position.floor();
        let first = low as usize % directions;
        let second = (first + 1) % directions;
        Place { directions: [first, second], weight: position - low, elevation: self.elevation / QUANTUM_DEGREES }
    }

    fn check(&self, index: usize, groups: usize) -> Result<(), RasterError> {
        let values = [self.east, self.north, self.up, self.elevation, self.azimuth, self.beam];
        if let Some(&value) = values.iter().find(|value| !value.is_finite()) {
            return Err(RasterError::Sun { index, value, expected: "finite" });
        }
        if !(0.0..=360.0).contains(&self.azimuth) {
            return Err(RasterError::Sun { index, value: self.azimuth, expected: "an azimuth from 0 to 360 degrees" });
        }
        if self.group >= groups {
            return Err(RasterError::Sun { index, value: self.group as f32, expected: "a group that there is" });
        }
        Ok(())
    }
}

/// Finds what comes straight from the sun, Σ beam max(0, n · s) over the samples of each group that are not hidden.
///
/// The sun is hidden where its elevation is not above the horizon, interpolated linearly between the two directions next to
/// it. The result has all cells of group 0 first; NaN where a cell has no height. Unit as of the samples.
///
/// # Errors
/// Planes and horizons of different numbers of cells, or a sample that is not finite or of no group.
pub fn beam(
    planes: &CellPlanes,
    horizons: &Horizons,
    suns: &[SunSample],
    groups: usize,
) -> Result<Vec<f32>, RasterError> {
    planes.check(horizons)?;
    for (index, sun) in suns.iter().enumerate() {
        sun.check(index, groups)?;
    }
    let n_cells = horizons.n_cells;
    let mut sums = vec![0.0; n_cells * groups];
    for first in (0..n_cells).step_by(BLOCK) {
        let cells = BLOCK.min(n_cells - first);
        pulp::Arch::new().dispatch(Block { planes, horizons, suns, first, cells, sums: &mut sums });
    }
    for group in sums.chunks_exact_mut(n_cells.max(1)) {
        for (sum, up) in group.iter_mut().zip(&planes.up) {
            *sum += up * 0.0;
        }
    }
    Ok(sums)
}

/// Adds to the `beam` of [`beam`] what sky and ground give each cell in each group, one for each of `diffuse`.
///
/// E = beam + isotropic V + horizon_band sin(S) F + albedo (1 − V) ghi, with tilted sky-view factor V, tilt S and free
/// share F of the horizon; at least 0. NaN where a cell has no height.
///
/// # Errors
/// Arrays that do not belong together, and an albedo or diffuse light out of range.
pub fn add_diffuse(
    planes: &CellPlanes,
    sky: &SkyFactors,
    diffuse: &[DiffuseTotals],
    albedo: f32,
    beam: &mut [f32],
) -> Result<(), RasterError> {
    let n_cells = planes.up.len();
    if !(0.0..=1.0).contains(&albedo) {
        return Err(RasterError::Parameter { what: "albedo", value: f64::from(albedo), expected: "from 0 to 1" });
    }
    for values in [&sky.tilted_sky_view_factors, &sky.free_horizons] {
        if values.len() != n_cells {
            return Err(RasterError::Length { what: "sky factors", found: values.len(), expected: n_cells });
        }
    }
    if beam.len() != n_cells * diffuse.len() {
        let expected = n_cells * diffuse.len();
        return Err(RasterError::Length { what: "beam", found: beam.len(), expected });
    }
    for totals in diffuse {
        let values = [totals.isotropic, totals.horizon_band, totals.ghi];
        if let Some(&value) = values.iter().find(|value| !value.is_finite()) {
            let (value, expected) = (f64::from(value), "a finite number");
            return Err(RasterError::Parameter { what: "diffuse light", value, expected });
        }
    }
    for (totals, group) in diffuse.iter().zip(beam.chunks_exact_mut(n_cells.max(1))) {
        let factors = sky.tilted_sky_view_factors.iter().zip(&sky.free_horizons).zip(&planes.up);
        for (sum, ((&factor, &free), &up)) in group.iter_mut().zip(factors) {
            let sine = (1.0 - up * up).max(0.0).sqrt();
            let reflected = albedo * (1.0 - factor) * totals.ghi;
            let total = *sum + totals.isotropic * factor + totals.horizon_band * sine * free + reflected;
            // Not `max`, which would turn NaN into 0.
            *sum = if total < 0.0 { 0.0 } else { total };
        }
    }
    Ok(())
}

/// Finds what sun, sky and ground give each cell: [`beam`] and [`add_diffuse`].
///
/// # Errors
/// As both.
pub fn irradiation(
    planes: &CellPlanes,
    horizons: &Horizons,
    sky: &SkyFactors,
    suns: &[SunSample],
    diffuse: &[DiffuseTotals],
    albedo: f32,
) -> Result<Vec<f32>, RasterError> {
    let mut sums = beam(planes, horizons, suns, diffuse.len())?;
    add_diffuse(planes, sky, diffuse, albedo, &mut sums)?;
    Ok(sums)
}

impl CellPlanes {
    /// Checks that there are as many planes as cells with horizons.
    pub(super) fn check(&self, horizons: &Horizons) -> Result<(), RasterError> {
        let expected = horizons.n_cells;
        for values in [&self.east, &self.north, &self.up] {
            if values.len() != expected {
                return Err(RasterError::Length { what: "planes of cells", found: values.len(), expected });
            }
        }
        let (found, expected) = (horizons.angles.len(), expected.saturating_mul(horizons.directions));
        if found != expected || horizons.directions == 0 {
            return Err(RasterError::Length { what: "horizons", found, expected });
        }
        Ok(())
    }
}

impl pulp::NullaryFnOnce for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let range = self.first..self.first + self.cells;
        let (east, north) = (&self.planes.east[range.clone()], &self.planes.north[range.clone()]);
        let up = &self.planes.up[range.clone()];
        for sun in self.suns {
            let place = sun.place(self.horizons.directions);
            let [low, high] = place.directions.map(|direction| &self.horizons.of(direction)[range.clone()]);
            let sums = &mut self.sums[sun.group * self.horizons.n_cells..][range.clone()];
            let normals = east.iter().zip(north).zip(up);
            for ((sum, (&low, &high)), ((east, north), up)) in sums.iter_mut().zip(low.iter().zip(high)).zip(normals) {
                let (low, high) = (f32::from(low), f32::from(high));
                let horizon = low + place.weight * (high - low);
                let facing = east * sun.east + north * sun.north + up * sun.up;
                let lit = (place.elevation > horizon) & (facing > 0.0);
                *sum += if lit { sun.beam * facing } else { 0.0 };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sky_factors;
    use super::*;

    fn flat(cells: usize) -> CellPlanes {
        CellPlanes { east: vec![0.0; cells], north: vec![0.0; cells], up: vec![1.0; cells] }
    }

    fn same(cells: usize, degrees: f32) -> Horizons {
        let angle = (degrees / QUANTUM_DEGREES + 0.5) as u16;
        Horizons { directions: 36, n_cells: cells, angles: vec![angle; 36 * cells] }
    }

    #[test]
    fn an_open_flat_cell_gets_ghi() {
        let (planes, horizons) = (flat(3), same(3, 0.0));
        let sky = sky_factors(&planes, &horizons).expect("valid");
        // DNI 800 at zenith 60° is 400 on the horizontal; with DHI 100, GHI is 500.
        let suns = [SunSample::new(60.0, 135.0, 800.0, 0)];
        let diffuse = [DiffuseTotals { isotropic: 100.0, horizon_band: 30.0, ghi: 500.0 }];
        let found = irradiation(&planes, &horizons, &sky, &suns, &diffuse, 0.2).expect("valid");
        assert!(found.iter().all(|value| (value - 500.0).abs() < 0.05), "{found:?}");
    }

    #[test]
    fn a_tilted_cell_gets_each_part_by_its_factor() {
        // Tilt 60° to the south; sun in the south at zenith 30°: cos of incidence cos 30° = 0.866025.
        let (sine, cosine) = (0.75_f32.sqrt(), 0.5);
        let planes = CellPlanes { east: vec![0.0], north: vec![-sine], up: vec![cosine] };
        let horizons = same(1, 0.0);
        let sky = SkyFactors { tilted_sky_view_factors: vec![0.75], free_horizons: vec![0.5] };
        let suns = [SunSample::new(30.0, 180.0, 800.0, 1)];
        let totals = DiffuseTotals { isotropic: 100.0, horizon_band: 20.0, ghi: 600.0 };
        let found =
            irradiation(&planes, &horizons, &sky, &suns, &[DiffuseTotals::default(), totals], 0.2).expect("valid");
        // 800 × 0.866025 + 100 × 0.75 + 20 × 0.866025 × 0.5 + 0.2 × 0.25 × 600 = 692.820 + 75 + 8.660 + 30.
        assert!(found[0] == 0.0 && (found[1] - 806.480).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn horizons_are_interpolated_between_directions() {
        let planes = flat(1);
        let mut horizons = same(1, 10.0);
        horizons.angles[1] = (20.0 / QUANTUM_DEGREES) as u16;
        // Half-way between north (10°) and 10° east of it (20°) the horizon is 15°.
        for (zenith, lit) in [(74.9, true), (75.1, false)] {
            let suns = [SunSample::new(zenith, 5.0, 1000.0, 0)];
            assert_eq!(beam(&planes, &horizons, &suns, 1).expect("valid")[0] > 0.0, lit, "{zenith}");
        }
        // Between the last direction and the first all is 10°.
        let suns = [SunSample::new(79.9, 359.0, 1000.0, 0)];
        assert!(beam(&planes, &horizons, &suns, 1).expect("valid")[0] > 0.0);
    }

    #[test]
    fn nonsense_is_refused_and_missing_heights_stay_missing() {
        let (mut planes, horizons) = (flat(2), same(2, 0.0));
        assert!(beam(&planes, &same(3, 0.0), &[], 1).is_err());
        assert!(beam(&planes, &horizons, &[SunSample::new(f64::NAN, 0.0, 1.0, 0)], 1).is_err());
        assert!(beam(&planes, &horizons, &[SunSample::new(10.0, 0.0, 1.0, 1)], 1).is_err());
        planes.up[1] = f32::NAN;
        let sky = sky_factors(&planes, &horizons).expect("valid");
        let diffuse = [DiffuseTotals { isotropic: 1.0, horizon_band: 1.0, ghi: 1.0 }];
        let found = irradiation(&planes, &horizons, &sky, &[], &diffuse, 0.2).expect("valid");
        assert!(found[0] > 0.9 && found[1].is_nan());
        assert!(irradiation(&planes, &horizons, &sky, &[], &diffuse, f32::NAN).is_err());
    }
}
