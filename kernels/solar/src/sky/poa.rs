//! Irradiance of planes, step by step or summed.

use std::ops::Range;

use super::{Plane, PlaneIrradiance, PlaneTotals, SkyHours, Surroundings};
use crate::vectorised::vectorised;

/// Sums side by side: fixed, so that bits do not depend on the width of vectors.
const SUMS: usize = 64;

/// Global irradiance of a plane that no shadow falls on, W/m², into `out`.
///
/// The equation is that of [`SkyHours`]; a sky that adds to less than 0 counts as 0.
///
/// # Panics
/// If `out` is not as long as `hours`.
pub fn poa_global(hours: &SkyHours, plane: &Plane, around: &Surroundings, out: &mut [f64]) {
    assert_eq!(out.len(), hours.len(), "one value per time step");
    fill_global(hours, Weights::new(plane, around), out);
}

/// As [`poa_global`], with `sun_share` the visible share of the sun in each time step, 0 to 1; it takes the beam and what surrounds it.
///
/// # Panics
/// If `out` or `sun_share` is not as long as `hours`.
pub fn poa_global_shaded(hours: &SkyHours, plane: &Plane, around: &Surroundings, sun_share: &[f64], out: &mut [f64]) {
    assert!(out.len() == hours.len() && sun_share.len() == hours.len(), "one value per time step");
    fill_shaded(hours, Weights::new(plane, around), sun_share, out);
}

/// As [`poa_global_shaded`], by origin; where the sky adds to 0 or less, each of its parts is 0.
///
/// # Panics
/// If `sun_share` is not as long as `hours`.
pub fn poa_components(
    hours: &SkyHours,
    plane: &Plane,
    around: &Surroundings,
    sun_share: &[f64],
    out: &mut PlaneIrradiance,
) {
    assert_eq!(sun_share.len(), hours.len(), "one share per time step");
    out.resize(hours.len());
    fill_components(hours, Weights::new(plane, around), sun_share, out);
}

/// Sums over all time steps of [`poa_components`], in a fixed order.
///
/// # Panics
/// If `sun_share` is not as long as `hours`.
pub fn poa_totals(hours: &SkyHours, plane: &Plane, around: &Surroundings, sun_share: &[f64]) -> PlaneTotals {
    assert_eq!(sun_share.len(), hours.len(), "one share per time step");
    let mut sums = [[0.0; SUMS]; 5];
    add_components(hours, Weights::new(plane, around), sun_share, &mut sums);
    let [direct, isotropic, circumsolar, horizon, ground] = sums.map(|lanes| lanes.iter().sum());
    PlaneTotals { direct, isotropic, circumsolar, horizon, ground }
}

vectorised! {
    fn fill_global<'a>(hours: &'a SkyHours, weights: Weights, out: &'a mut [f64]) {
        let steps = Steps::of(hours, 0..out.len());
        for (step, out) in out.iter_mut().enumerate() {
            *out = weights.apply(&steps, step, 1.0).without_dark_sky().global();
        }
    }
}

vectorised! {
    fn fill_shaded<'a>(hours: &'a SkyHours, weights: Weights, sun_share: &'a [f64], out: &'a mut [f64]) {
        let steps = Steps::of(hours, 0..out.len());
        let sun_share = &sun_share[..out.len()];
        for (step, out) in out.iter_mut().enumerate() {
            *out = weights.apply(&steps, step, sun_share[step]).without_dark_sky().global();
        }
    }
}

vectorised! {
    fn fill_components<'a>(
        hours: &'a SkyHours,
        weights: Weights,
        sun_share: &'a [f64],
        out: &'a mut PlaneIrradiance,
    ) {
        let n = sun_share.len();
        let steps = Steps::of(hours, 0..n);
        let (direct, isotropic) = (&mut out.direct[..n], &mut out.isotropic[..n]);
        let (circumsolar, horizon) = (&mut out.circumsolar[..n], &mut out.horizon[..n]);
        let ground = &mut out.ground[..n];
        for (step, share) in sun_share.iter().enumerate() {
            let parts = weights.apply(&steps, step, *share).without_dark_sky();
            direct[step] = parts.direct;
            isotropic[step] = parts.isotropic;
            circumsolar[step] = parts.circumsolar;
            horizon[step] = parts.horizon;
            ground[step] = parts.ground;
        }
    }
}

vectorised! {
    fn add_components<'a>(
        hours: &'a SkyHours,
        weights: Weights,
        sun_share: &'a [f64],
        sums: &'a mut [[f64; SUMS]; 5],
    ) {
        let [direct, isotropic, circumsolar, horizon, ground] = sums;
        for (block, shares) in sun_share.chunks(SUMS).enumerate() {
            let n = shares.len();
            let steps = Steps::of(hours, block * SUMS..block * SUMS + n);
            let (direct, isotropic) = (&mut direct[..n], &mut isotropic[..n]);
            let (circumsolar, horizon, ground) = (&mut circumsolar[..n], &mut horizon[..n], &mut ground[..n]);
            for (lane, share) in shares.iter().enumerate() {
                let parts = weights.apply(&steps, lane, *share).without_dark_sky();
                direct[lane] += parts.direct;
                isotropic[lane] += parts.isotropic;
                circumsolar[lane] += parts.circumsolar;
                horizon[lane] += parts.horizon;
                ground[lane] += parts.ground;
            }
        }
    }
}

/// Some steps of [`SkyHours`]: slices of one length, so that loops over them check no bounds.
struct Steps<'a> {
    east: &'a [f64],
    north: &'a [f64],
    up: &'a [f64],
    dni: &'a [f64],
    circumsolar: &'a [f64],
    isotropic: &'a [f64],
    horizon: &'a [f64],
    ghi: &'a [f64],
}

impl<'a> Steps<'a> {
    #[inline(always)]
    fn of(hours: &'a SkyHours, steps: Range<usize>) -> Self {
        Steps {
            east: &hours.east[steps.clone()],
            north: &hours.north[steps.clone()],
            up: &hours.up[steps.clone()],
            dni: &hours.dni[steps.clone()],
            circumsolar: &hours.circumsolar[steps.clone()],
            isotropic: &hours.isotropic[steps.clone()],
            horizon: &hours.horizon[steps.clone()],
            ghi: &hours.ghi[steps],
        }
    }
}

/// What a plane makes of each part.
struct Weights {
    normal: [f64; 3],
    isotropic: f64,
    horizon: f64,
    ground: f64,
}

impl Weights {
    fn new(plane: &Plane, around: &Surroundings) -> Self {
        let [east, north, up] = plane.normal;
        Weights {
            normal: plane.normal,
            isotropic: 0.5 * (1.0 + up) * around.sky_share,
            horizon: (east * east + north * north).sqrt() * around.horizon_share,
            ground: 0.5 * (1.0 - up) * around.albedo * around.ground_share,
        }
    }

    #[inline(always)]
    fn apply(&self, steps: &Steps<'_>, step: usize, sun_share: f64) -> PlaneTotals {
        let [east, north, up] = self.normal;
        let cosine = steps.east[step] * east + steps.north[step] * north + steps.up[step] * up;
        let sun = cosine.max(0.0) * sun_share;
        PlaneTotals {
            direct: steps.dni[step] * sun,
            isotropic: steps.isotropic[step] * self.isotropic,
            circumsolar: steps.circumsolar[step] * sun,
            horizon: steps.horizon[step] * self.horizon,
            ground: steps.ghi[step] * self.ground,
        }
    }
}

#[cfg(test)]
mod tests {
    use conurb_numerics::sin_cos_degrees;
    use proptest::prelude::*;

    use super::*;

    /// `n` steps of any irradiance under a sun that goes round.
    fn hours(n: usize) -> SkyHours {
        let mut hours = SkyHours::default();
        for step in 0..n {
            let (sine, cosine) = sin_cos_degrees(17.3 * step as f64);
            let (sin_zenith, cos_zenith) = sin_cos_degrees(1.1 * step as f64 % 120.0);
            hours.east.push(sin_zenith * sine);
            hours.north.push(sin_zenith * cosine);
            hours.up.push(cos_zenith);
            hours.dni.push(9.0 * step as f64);
            hours.circumsolar.push(2.0 + step as f64);
            hours.isotropic.push(80.0);
            hours.horizon.push(if step % 7 == 0 { -200.0 } else { 0.5 * step as f64 });
            hours.ghi.push(100.0);
        }
        hours
    }

    #[test]
    fn a_wall_and_a_roof_by_hand() {
        // The sun in the east at 30° elevation, 100 W/m² of each kind.
        let (sine, cosine) = sin_cos_degrees(30.0);
        let mut hours = SkyHours { east: vec![cosine], north: vec![0.0], up: vec![sine], ..hours(1) };
        for part in [&mut hours.dni, &mut hours.circumsolar, &mut hours.isotropic, &mut hours.horizon, &mut hours.ghi] {
            *part = vec![100.0];
        }
        let around = Surroundings { albedo: 0.2, sky_share: 0.5, horizon_share: 0.25, ground_share: 0.75 };
        let mut parts = PlaneIrradiance::default();
        poa_components(&hours, &Plane::new(90.0, 90.0), &around, &[0.8], &mut parts);
        let expected = [0.8 * 100.0 * cosine, 25.0, 0.8 * 100.0 * cosine, 25.0, 7.5];
        let found = [parts.direct[0], parts.isotropic[0], parts.circumsolar[0], parts.horizon[0], parts.ground[0]];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        poa_components(&hours, &Plane::new(0.0, 0.0), &Surroundings::open(0.2), &[1.0], &mut parts);
        assert!((parts.direct[0] - 50.0).abs() < 1e-12 && parts.isotropic[0] == 100.0);
        assert_eq!((parts.horizon[0], parts.ground[0]), (0.0, 0.0));
    }

    #[test]
    fn a_wall_that_looks_away_gets_no_beam() {
        let mut totals = poa_totals(&hours(1), &Plane::new(90.0, 180.0), &Surroundings::open(0.0), &[1.0]);
        assert_eq!((totals.direct, totals.circumsolar), (0.0, 0.0));
        // 40 W/m² of an even sky less 200 of the horizon: a dark sky.
        assert_eq!((totals.isotropic, totals.horizon, totals.global()), (0.0, 0.0, 0.0));
        totals = poa_totals(&hours(1), &Plane::from_normal([0.0, 0.0, 1.0]), &Surroundings::open(0.0), &[1.0]);
        assert_eq!(totals.isotropic, 80.0);
    }

    #[test]
    fn vectors_give_the_bits_of_single_steps() {
        let (hours, plane, around) = (hours(1001), Plane::new(37.0, 155.0), Surroundings::open(0.2));
        let weights = Weights::new(&plane, &around);
        let steps = Steps::of(&hours, 0..1001);
        let mut global = vec![0.0; 1001];
        poa_global(&hours, &plane, &around, &mut global);
        for (step, global) in global.iter().enumerate() {
            let alone = weights.apply(&steps, std::hint::black_box(step), 1.0).without_dark_sky().global();
            assert_eq!(global.to_bits(), alone.to_bits(), "{step}");
        }
    }

    proptest! {
        #[test]
        fn every_form_agrees(n in 0_usize..300, tilt in 0.0_f64..180.0, azimuth in 0.0_f64..360.0, share in 0.0_f64..1.0) {
            let (hours, plane) = (hours(n), Plane::new(tilt, azimuth));
            let around = Surroundings { albedo: 0.3, sky_share: share, horizon_share: 1.0 - share, ground_share: share };
            let sun_share = vec![share; n];
            let (mut global, mut parts) = (vec![0.0; n], PlaneIrradiance::default());
            poa_global_shaded(&hours, &plane, &around, &sun_share, &mut global);
            poa_components(&hours, &plane, &around, &sun_share, &mut parts);
            let totals = poa_totals(&hours, &plane, &around, &sun_share);
            for (step, global) in global.iter().enumerate() {
                let sky = parts.isotropic[step] + parts.circumsolar[step] + parts.horizon[step];
                prop_assert!((global - (parts.direct[step] + sky + parts.ground[step])).abs() < 1e-9);
                prop_assert!(sky >= 0.0 && parts.direct[step] >= 0.0);
            }
            let sum: f64 = global.iter().sum();
            prop_assert!((totals.global() - sum).abs() <= 1e-11 * sum.max(1.0));
        }
    }
}
