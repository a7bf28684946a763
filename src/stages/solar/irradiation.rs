//! Irradiation of surfaces from what they see: first without, then with what other surfaces reflect.

use conurb_solar::sky::{Plane, PlaneIrradiance, Surroundings, poa_components, poa_totals};
use conurb_solar::surface::{PlaneSky, irradiance_of_blocks};

use super::shade::Shade;
use super::sky::Sky;
use crate::scenario::Solar;

/// Hours of the month × hour table.
pub const MONTH_HOURS: usize = 12 * 24;
/// Watt-hours in a kilowatt-hour.
pub const WH_PER_KWH: f64 = 1000.0;

/// Annual irradiation of a surface by where it comes from (kWh/m²).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Annual {
    /// Straight from the sun and the bright sky around it.
    pub beam: f64,
    /// From the rest of the sky.
    pub sky: f64,
    /// Reflected by the ground.
    pub ground: f64,
    /// Reflected by other surfaces and by land above the horizon.
    pub facade: f64,
}

impl Annual {
    /// All of it.
    pub fn total(&self) -> f64 {
        self.beam + self.sky + self.ground + self.facade
    }
}

/// Irradiance of one surface, hour by hour, in memory that is used again.
#[derive(Debug, Default)]
pub struct Hourly {
    sun_share: Vec<f64>,
    parts: PlaneIrradiance,
    /// Irradiance in each lit hour (W/m²).
    pub total: Vec<f64>,
}

/// Annual irradiation before any reflection between surfaces; what other surfaces are lit by.
pub fn first_annual(sky: &Sky, solar: &Solar, normal: [f64; 3], shade: &Shade, radiances: &[f64]) -> Annual {
    let mut sun_share = Vec::new();
    sky.sun_share(&shade.suns, &mut sun_share);
    let totals = poa_totals(&sky.hours, &Plane::from_normal(normal), &surroundings(shade, solar), &sun_share);
    let of_patches: f64 =
        shade.patches.iter().zip(radiances).map(|(&coefficient, radiance)| f64::from(coefficient) * radiance).sum();
    Annual {
        beam: (totals.direct + totals.circumsolar) / WH_PER_KWH,
        sky: (totals.isotropic + totals.horizon + of_patches) / WH_PER_KWH,
        ground: totals.ground / WH_PER_KWH,
        facade: 0.0,
    }
}

/// Annual irradiation of a plane that nothing stands before (kWh/m²).
pub fn unshaded_annual(sky: &Sky, solar: &Solar, normal: [f64; 3], radiances: &[f64]) -> f64 {
    let open = vec![1.0; sky.suns.n_bins()];
    let mut sun_share = Vec::new();
    sky.sun_share(&open, &mut sun_share);
    let around = Surroundings::open(solar.albedo);
    let totals = poa_totals(&sky.hours, &Plane::from_normal(normal), &around, &sun_share);
    let of_patches: f64 = match &sky.radiances {
        Some(_) => patch_weights(sky, normal).iter().zip(radiances).map(|(weight, radiance)| weight * radiance).sum(),
        None => 0.0,
    };
    (totals.global() + of_patches) / WH_PER_KWH
}

/// ∫ cos aoi dω of each patch before an open plane (sr).
pub fn patch_weights(sky: &Sky, normal: [f64; 3]) -> Vec<f64> {
    let of_rays = PlaneSky::new(&sky.patches, normal).weights;
    of_rays.chunks(sky.patches.rays_per_patch()).map(|rays| rays.iter().sum()).collect()
}

/// Irradiance that a surface gets from others, per global horizontal irradiance.
///
/// Each surface shines as bright through the year as its own annual irradiation says, before any reflection, compared
/// with that of open level ground; land above the horizon as bright as that ground.
pub fn reflected_share(shade: &Shade, solar: &Solar, annual: &[f64], annual_ghi_kwh: f64) -> f64 {
    if annual_ghi_kwh <= 0.0 {
        return 0.0;
    }
    let brightness = |surface: u32| annual[surface as usize] / annual_ghi_kwh;
    let of_surfaces: f64 =
        shade.reflectors.iter().map(|reflector| reflector.view_factor * brightness(reflector.surface)).sum();
    solar.facade_albedo * of_surfaces + solar.albedo * shade.terrain
}

/// What patches give surfaces in each lit hour, one row for each row of coefficients; empty where patches do not differ.
pub fn irradiance_of_patches(sky: &Sky, coefficients: &[f32]) -> Vec<f32> {
    let Some(radiances) = &sky.radiances else { return Vec::new() };
    let n_patches = sky.patches.n_patches();
    let mut rows = vec![0.0; coefficients.len() / n_patches * sky.lit.len()];
    irradiance_of_blocks(coefficients, n_patches, radiances, &mut rows);
    rows
}

fn surroundings(shade: &Shade, solar: &Solar) -> Surroundings {
    Surroundings {
        albedo: solar.albedo,
        sky_share: shade.sky_share,
        horizon_share: shade.horizon_share,
        ground_share: shade.ground_share,
    }
}

impl Hourly {
    /// Irradiance of the plane of `normal` with the shadows of `shade`, and its annual sums.
    ///
    /// `of_patches` is what patches give in each lit hour, where the sky tells them apart, else empty.
    pub fn compute(
        &mut self,
        sky: &Sky,
        solar: &Solar,
        (normal, of_patches): ([f64; 3], &[f32]),
        (shade, reflected_share): (&Shade, f64),
    ) -> Annual {
        let n_hours = sky.lit.len();
        sky.sun_share(&shade.suns, &mut self.sun_share);
        let plane = Plane::from_normal(normal);
        poa_components(&sky.hours, &plane, &surroundings(shade, solar), &self.sun_share, &mut self.parts);
        self.total.clear();
        let mut annual = Annual::default();
        for hour in 0..n_hours {
            let beam = self.parts.direct[hour] + self.parts.circumsolar[hour];
            let from_sky = self.parts.isotropic[hour]
                + self.parts.horizon[hour]
                + of_patches.get(hour).map_or(0.0, |&value| f64::from(value));
            let ground = self.parts.ground[hour];
            let facade = sky.hours.ghi[hour] * reflected_share;
            annual.beam += beam;
            annual.sky += from_sky;
            annual.ground += ground;
            annual.facade += facade;
            self.total.push((beam + from_sky + ground + facade).max(0.0));
        }
        Annual {
            beam: annual.beam / WH_PER_KWH,
            sky: annual.sky / WH_PER_KWH,
            ground: annual.ground / WH_PER_KWH,
            facade: annual.facade / WH_PER_KWH,
        }
    }

    /// Adds the irradiation of each month and hour of the day (kWh/m²).
    pub fn add_month_hours(&self, sky: &Sky, into: &mut [f64]) {
        for (&slot, irradiance) in sky.month_hour.iter().zip(&self.total) {
            into[slot] += irradiance / WH_PER_KWH;
        }
    }
}
