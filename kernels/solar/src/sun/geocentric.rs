//! The sun as seen from the centre of the earth.

use conurb_numerics::{asin, atan2_degrees, sin_cos, sin_cos_degrees};

use super::nutation_terms::NUTATION_TERMS;
use super::periodic_terms::*;

/// What of the sun changes slowly and depends on no place; each value for `N` instants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Geocentric<const N: usize> {
    /// Apparent less mean solar time, °: report eq. A1 before it is turned into minutes.
    pub equation_of_time: [f64; N],
    /// Apparent declination δ, °.
    pub declination: [f64; N],
    /// Distance of earth and sun R, au.
    pub distance: [f64; N],
}

/// Nutation, °, and the true obliquity of the ecliptic, °.
struct Nutation<const N: usize> {
    longitude: [f64; N],
    obliquity: [f64; N],
}

pub(super) const J2000: f64 = 2_451_545.0;
pub(super) const DAYS_PER_CENTURY: f64 = 36_525.0;
const DAYS_PER_MILLENNIUM: f64 = 365_250.0;
/// Aberration of the mean sun, ° (report eq. A1).
pub(super) const MEAN_ABERRATION: f64 = 0.005_718_3;

/// Report sections 3.2 to 3.10 at Julian ephemeris days; lanes do not depend on each other.
#[inline(always)]
pub(super) fn geocentric<const N: usize>(julian_ephemeris_days: &[f64; N]) -> Geocentric<N> {
    let mut millennia = [0.0; N];
    for (t, day) in millennia.iter_mut().zip(julian_ephemeris_days) {
        *t = millennia_since_2000(*day);
    }
    let longitude = power_series([&L0, &L1, &L2, &L3, &L4, &L5], &millennia);
    let latitude = power_series([&B0, &B1], &millennia);
    let distance = power_series([&R0, &R1, &R2, &R3, &R4], &millennia);
    let nutation = nutation(&millennia);
    let (mut equation_of_time, mut declination) = ([0.0; N], [0.0; N]);
    for lane in 0..N {
        let aberration = -20.4898 / (3600.0 * distance[lane]);
        let apparent_longitude = longitude[lane].to_degrees() + 180.0 + nutation.longitude[lane] + aberration;
        let (sin_lambda, cos_lambda) = sin_cos_degrees(apparent_longitude);
        let (sin_epsilon, cos_epsilon) = sin_cos_degrees(nutation.obliquity[lane]);
        let (sin_beta, cos_beta) = sin_cos(-latitude[lane]);
        let right_ascension = atan2_degrees(sin_lambda * cos_epsilon - sin_beta / cos_beta * sin_epsilon, cos_lambda);
        let sin_delta = sin_beta * cos_epsilon + cos_beta * sin_epsilon * sin_lambda;
        declination[lane] = asin(sin_delta).to_degrees();
        let of_equinoxes = nutation.longitude[lane] * cos_epsilon;
        equation_of_time[lane] =
            wrapped(mean_longitude(millennia[lane]) - MEAN_ABERRATION - right_ascension + of_equinoxes);
    }
    Geocentric { equation_of_time, declination, distance }
}

/// Mean longitude of the sun, °, not reduced: report eq. A2.
#[inline(always)]
pub(super) fn mean_longitude(millennia: f64) -> f64 {
    let t = millennia;
    280.466_456_7
        + t * (360_007.698_277_9
            + t * (0.030_320_28 + t * (1.0 / 49_931.0 + t * (-1.0 / 15_300.0 + t * (-1.0 / 2_000_000.0)))))
}

/// Julian ephemeris millennia since J2000.
#[inline(always)]
pub(super) fn millennia_since_2000(julian_ephemeris_day: f64) -> f64 {
    (julian_ephemeris_day - J2000) / DAYS_PER_MILLENNIUM
}

/// An angle as −180 to 180°.
#[inline(always)]
pub(super) fn wrapped(degrees: f64) -> f64 {
    degrees - 360.0 * (degrees * (1.0 / 360.0) + 0.5).floor()
}

/// Σ t^n Σ A cos(B + C t), in rad or au: report eq. 9 to 12.
#[inline(always)]
fn power_series<const N: usize, const POWERS: usize>(series: [&[[f64; 3]]; POWERS], t: &[f64; N]) -> [f64; N] {
    let mut total = [0.0; N];
    for terms in series.iter().rev() {
        let mut sum = [0.0; N];
        for &[amplitude, phase, frequency] in terms.iter() {
            for lane in 0..N {
                sum[lane] += amplitude * sin_cos(phase + frequency * t[lane]).1;
            }
        }
        for lane in 0..N {
            total[lane] = total[lane] * t[lane] + sum[lane];
        }
    }
    for value in &mut total {
        *value *= 1e-8;
    }
    total
}

/// Report eq. 15 to 25.
#[inline(always)]
fn nutation<const N: usize>(millennia: &[f64; N]) -> Nutation<N> {
    let mut centuries = [0.0; N];
    for (centuries, millennia) in centuries.iter_mut().zip(millennia) {
        *centuries = 10.0 * millennia;
    }
    let arguments = fundamental_arguments(&centuries);
    let (mut longitude, mut obliquity) = ([0.0; N], [0.0; N]);
    for term in &NUTATION_TERMS {
        for lane in 0..N {
            let mut angle = 0.0;
            for (multiple, argument) in term.multiples.iter().zip(&arguments) {
                angle += multiple * argument[lane];
            }
            let (sine, cosine) = sin_cos_degrees(angle);
            longitude[lane] += (term.longitude[0] + term.longitude[1] * centuries[lane]) * sine;
            obliquity[lane] += (term.obliquity[0] + term.obliquity[1] * centuries[lane]) * cosine;
        }
    }
    const UNITS_PER_DEGREE: f64 = 36_000_000.0;
    for lane in 0..N {
        longitude[lane] /= UNITS_PER_DEGREE;
        obliquity[lane] = mean_obliquity_arcseconds(millennia[lane]) / 3600.0 + obliquity[lane] / UNITS_PER_DEGREE;
    }
    Nutation { longitude, obliquity }
}

/// X0 to X4, °: report eq. 15 to 19.
#[inline(always)]
fn fundamental_arguments<const N: usize>(centuries: &[f64; N]) -> [[f64; N]; 5] {
    const COEFFICIENTS: [[f64; 4]; 5] = [
        [297.850_36, 445_267.111_48, -0.001_914_2, 1.0 / 189_474.0],
        [357.527_72, 35_999.050_34, -0.000_160_3, -1.0 / 300_000.0],
        [134.962_98, 477_198.867_398, 0.008_697_2, 1.0 / 56_250.0],
        [93.271_91, 483_202.017_538, -0.003_682_5, 1.0 / 327_270.0],
        [125.044_52, -1_934.136_261, 0.002_070_8, 1.0 / 450_000.0],
    ];
    let mut arguments = [[0.0; N]; 5];
    for (argument, [a, b, c, d]) in arguments.iter_mut().zip(COEFFICIENTS) {
        for (argument, t) in argument.iter_mut().zip(centuries) {
            *argument = a + t * (b + t * (c + t * d));
        }
    }
    arguments
}

/// Report eq. 24.
#[inline(always)]
fn mean_obliquity_arcseconds(millennia: f64) -> f64 {
    const COEFFICIENTS: [f64; 11] =
        [84_381.448, -4680.93, -1.55, 1999.25, -51.38, -249.67, -39.05, 7.12, 27.87, 5.79, 2.45];
    let u = millennia / 10.0;
    COEFFICIENTS.iter().rev().fold(0.0, |sum, coefficient| sum * u + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the report (appendix A.5): 2003-10-17T12:30:30 −07:00, ΔT 67 s.
    #[test]
    fn the_example_of_the_report() {
        let day = 2_452_930.312_847 + 67.0 / 86_400.0;
        let millennia = [millennia_since_2000(day)];
        let longitude = power_series([&L0, &L1, &L2, &L3, &L4, &L5], &millennia)[0].to_degrees().rem_euclid(360.0);
        let latitude = power_series([&B0, &B1], &millennia)[0].to_degrees();
        let nutation = nutation(&millennia);
        let sun = geocentric(&[day]);
        let near = |value: f64, expected: f64, tolerance: f64| {
            assert!((value - expected).abs() <= tolerance, "{value} {expected}");
        };
        near(longitude, 24.018_261_7, 2e-6);
        near(latitude, -0.000_101_12, 1e-8);
        near(sun.distance[0], 0.996_542_297_4, 1e-9);
        near(nutation.longitude[0], -0.003_998_40, 1e-8);
        near(nutation.obliquity[0], 23.440_465, 1e-6);
        near(sun.declination[0], -9.314_34, 1e-5);
        near(sun.equation_of_time[0] * 4.0, 14.641_511, 1e-5);
    }

    #[test]
    fn angles_wrap() {
        assert_eq!(wrapped(350.0), -10.0);
        assert_eq!(wrapped(-190.0), 170.0);
        assert_eq!(wrapped(720.0), 0.0);
    }
}
