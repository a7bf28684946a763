//! Positions of the sun for one place.

use conurb_numerics::sin_cos_degrees;

use super::geocentric::geocentric;
use super::instant::{check_delta_t, check_instants};
use super::topocentric::Horizon;
use super::{Ephemeris, Site, SunError, ephemeris};

/// Where the sun stands.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SunPosition {
    /// Angle from the zenith to the sun's centre without refraction, 0 to 180°.
    pub zenith: f64,
    /// The same as seen through the air, °.
    pub apparent_zenith: f64,
    /// Clockwise from north, 0 to 360°.
    pub azimuth: f64,
    /// Apparent less mean solar time, minutes.
    pub equation_of_time_min: f64,
    /// Distance of earth and sun, astronomical units.
    pub distance_au: f64,
}

impl SunPosition {
    /// Unit vector to the sun as seen through the air: east, north, up.
    pub fn direction(&self) -> [f64; 3] {
        let (sin_zenith, cos_zenith) = sin_cos_degrees(self.apparent_zenith);
        let (sin_azimuth, cos_azimuth) = sin_cos_degrees(self.azimuth);
        [sin_zenith * sin_azimuth, sin_zenith * cos_azimuth, cos_zenith]
    }
}

/// Position of the sun at Julian day `julian_day` (UTC) seen from `site`: the report step by step.
///
/// `delta_t_s` is TT − UT1, about 67 s in 2013 and 69 s in 2023. Within 0.0003° of the report's theory; refraction at
/// the horizon is 0.5667° in the mean.
///
/// # Errors
/// An instant, ΔT or a value of the place out of its range.
pub fn position(julian_day: f64, site: &Site, delta_t_s: f64) -> Result<SunPosition, SunError> {
    check_instants(&[julian_day])?;
    check_delta_t(delta_t_s)?;
    site.check()?;
    let ephemeris_day = julian_day + delta_t_s / ephemeris::SECONDS_PER_DAY;
    let sun = geocentric(&[ephemeris_day]);
    let (equation_of_time, declination, distance) = (sun.equation_of_time[0], sun.declination[0], sun.distance[0]);
    let hour_angle = ephemeris::mean_sun_hour_angle(julian_day, ephemeris_day) + equation_of_time;
    let seen = Horizon::new(site).see(hour_angle, declination, distance);
    Ok(SunPosition {
        zenith: seen.zenith,
        apparent_zenith: seen.apparent_zenith,
        azimuth: seen.azimuth,
        equation_of_time_min: equation_of_time * ephemeris::MINUTES_PER_DEGREE,
        distance_au: distance,
    })
}

/// [`position`] at many instants, to 1e-8°: what depends on no place is interpolated between days.
///
/// Bits depend on the instant alone, never on the others. For several places keep an [`Ephemeris`].
///
/// # Errors
/// As [`position`], with the index of the instant.
///
/// # Panics
/// If `out` is not as long as `julian_days`.
pub fn positions(julian_days: &[f64], site: &Site, delta_t_s: f64, out: &mut [SunPosition]) -> Result<(), SunError> {
    Ephemeris::new(julian_days, delta_t_s)?.positions(site, out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sun::julian_day;

    const GOLDEN: Site = Site {
        latitude: 39.742_476,
        longitude: -105.1786,
        elevation_m: 1830.14,
        pressure_pa: 82_000.0,
        temperature_c: 11.0,
    };

    fn near(value: f64, expected: f64, tolerance: f64) {
        assert!((value - expected).abs() <= tolerance, "{value} {expected}");
    }

    /// Report, appendix A.5: 2003-10-17T12:30:30 −07:00; the unrefracted zenith is that of pvlib 0.16.1.
    #[test]
    fn the_example_of_the_report() {
        let instant = julian_day(2003, 10, 17, 19.0 + 30.5 / 60.0);
        near(instant, 2_452_930.312_847, 5e-7);
        let sun = position(instant, &GOLDEN, 67.0).unwrap();
        near(sun.apparent_zenith, 50.111_622, 2e-6);
        near(sun.zenith, 50.127_954, 2e-6);
        near(sun.azimuth, 194.340_241, 2e-6);
        near(sun.equation_of_time_min, 14.641_511, 2e-6);
        // Incidence on a slope of 30° that faces 10° east of south: 25.18700° in the report.
        let (sin_tilt, cos_tilt) = sin_cos_degrees(30.0);
        let (sin_azimuth, cos_azimuth) = sin_cos_degrees(170.0);
        let normal = [sin_tilt * sin_azimuth, sin_tilt * cos_azimuth, cos_tilt];
        let cosine: f64 = normal.iter().zip(sun.direction()).map(|(a, b)| a * b).sum();
        near(libm::acos(cosine).to_degrees(), 25.187_00, 5e-6);
    }

    /// Two years at each of five epochs; what differs is the interpolation, by 6e-9° at all of them.
    #[test]
    fn many_at_once_agree_with_one_by_one() {
        for year in [-2000, 0, 2023, 4000, 5998] {
            let first = julian_day(year, 1, 1, 0.0);
            let instants: Vec<f64> = (0..5000).map(|step| first + 0.1437 * f64::from(step)).collect();
            let mut fast = vec![SunPosition::default(); instants.len()];
            positions(&instants, &GOLDEN, 69.0, &mut fast).unwrap();
            let mut worst = 0.0_f64;
            for (instant, fast) in instants.iter().zip(&fast) {
                let plain = position(*instant, &GOLDEN, 69.0).unwrap();
                let (a, b) = (plain.direction(), fast.direction());
                let apart = (0..3).map(|axis| (a[axis] - b[axis]) * (a[axis] - b[axis])).sum::<f64>().sqrt();
                worst = worst.max(apart.to_degrees()).max((plain.zenith - fast.zenith).abs());
                near(fast.distance_au, plain.distance_au, 2e-10);
                near(fast.equation_of_time_min, plain.equation_of_time_min, 4e-8);
            }
            assert!(worst < 1e-8, "{year}: {worst}");
        }
    }

    #[test]
    fn bits_do_not_depend_on_the_other_instants() {
        let first = julian_day(1999, 6, 1, 0.0);
        let instants: Vec<f64> = (0..500).map(|step| first + 0.71 * f64::from(step)).collect();
        let scattered: Vec<f64> = (0..500).map(|step| instants[(step * 77) % 500]).collect();
        let (mut in_order, mut out_of_order) = (vec![SunPosition::default(); 500], vec![SunPosition::default(); 500]);
        positions(&instants, &GOLDEN, 67.0, &mut in_order).unwrap();
        positions(&scattered, &GOLDEN, 67.0, &mut out_of_order).unwrap();
        for step in 0..500 {
            assert_eq!(out_of_order[step], in_order[(step * 77) % 500]);
        }
        let mut alone = [SunPosition::default()];
        positions(&instants[123..124], &GOLDEN, 67.0, &mut alone).unwrap();
        assert_eq!(alone[0], in_order[123]);
    }

    proptest! {
        #[test]
        fn any_place_at_any_time(
            latitude in -90.0_f64..=90.0, longitude in -180.0_f64..=360.0, elevation_m in -1000.0_f64..1e4,
            pressure_pa in 0.0_f64..1.1e5, temperature_c in -90.0_f64..60.0,
            instant in crate::sun::FIRST_JULIAN_DAY..crate::sun::LAST_JULIAN_DAY, delta_t_s in -1e4_f64..5e4,
        ) {
            let site = Site { latitude, longitude, elevation_m, pressure_pa, temperature_c };
            let sun = position(instant, &site, delta_t_s).unwrap();
            prop_assert!((0.0..=180.0).contains(&sun.apparent_zenith) && (0.0..=360.0).contains(&sun.azimuth));
            // Air lifts the sun by a degree at most: colder and denser than usual, it bends more than the mean 0.57°.
            prop_assert!((-1e-3..1.5).contains(&(sun.zenith - sun.apparent_zenith)), "{sun:?}");
            prop_assert!((0.97..1.03).contains(&sun.distance_au) && sun.equation_of_time_min.abs() < 40.0);
            let length: f64 = sun.direction().iter().map(|part| part * part).sum();
            prop_assert!((length - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn poles_and_ends_of_time_are_finite() {
        for latitude in [-90.0, 90.0] {
            for instant in [crate::sun::FIRST_JULIAN_DAY, crate::sun::LAST_JULIAN_DAY, 2_451_545.0] {
                let site = Site { latitude, ..GOLDEN };
                let plain = position(instant, &site, 67.0).unwrap();
                let mut fast = [SunPosition::default()];
                positions(&[instant], &site, 67.0, &mut fast).unwrap();
                near(fast[0].zenith, plain.zenith, 1e-7);
                assert!(plain.azimuth.is_finite() && (0.0..=180.0).contains(&plain.zenith));
            }
        }
        assert!(positions(&[f64::NAN], &GOLDEN, 67.0, &mut [SunPosition::default()]).is_err());
        assert!(position(2e6, &Site { latitude: 91.0, ..GOLDEN }, 67.0).is_err());
        positions(&[], &GOLDEN, 67.0, &mut []).unwrap();
    }
}
