//! Horizon angles as 16 bits.

use core::f32::consts::FRAC_PI_2;

/// One unit of a stored horizon angle, degrees: 90° / 65534.
pub const QUANTUM_DEGREES: f32 = 90.0 / 65_534.0;

/// What is stored for a cell without height.
pub const NO_HORIZON: u16 = u16::MAX;

const UNITS_PER_RADIAN: f32 = 65_534.0 / FRAC_PI_2;

/// arctan of `tangent` ≥ 0 in units of [`QUANTUM_DEGREES`], rounded to the nearest.
#[inline(always)]
pub(super) fn quantised(tangent: f32) -> u16 {
    // Added to 2^23, a number below it is rounded to a whole one, which then is the lowest bits.
    const WHOLE: f32 = 8_388_608.0;
    (arctangent(tangent) * UNITS_PER_RADIAN + WHOLE).to_bits() as u16
}

/// arctan of `tangent` ≥ 0, radians.
///
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, equation 4.4.49, |error| ≤ 2e-8 for 0 to 1;
/// above 1 as π/2 − arctan(1 / tangent).
#[inline(always)]
pub(super) fn arctangent(tangent: f32) -> f32 {
    const COEFFICIENTS: [f32; 8] = [
        0.002_866_225_8,
        -0.016_165_737,
        0.042_909_615,
        -0.075_289_64,
        0.106_562_64,
        -0.142_089,
        0.199_935_51,
        -0.333_331_47,
    ];
    let steep = tangent > 1.0;
    let x = if steep { 1.0 / tangent } else { tangent };
    let square = x * x;
    let mut sum = COEFFICIENTS[0];
    for coefficient in &COEFFICIENTS[1..] {
        sum = sum * square + coefficient;
    }
    let arc = x + x * square * sum;
    if steep { FRAC_PI_2 - arc } else { arc }
}

/// Sine and cosine of an angle from −π/2 to π/2, by their power series to x¹¹ and x¹², |error| < 6e-8 and rounding.
#[inline(always)]
pub(super) fn sine_cosine(x: f32) -> (f32, f32) {
    const SINE: [f32; 5] = [-1.0 / 39_916_800.0, 1.0 / 362_880.0, -1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0];
    const COSINE: [f32; 6] =
        [1.0 / 479_001_600.0, -1.0 / 3_628_800.0, 1.0 / 40_320.0, -1.0 / 720.0, 1.0 / 24.0, -1.0 / 2.0];
    let square = x * x;
    let (mut sine, mut cosine) = (0.0, 0.0);
    for coefficient in SINE {
        sine = sine * square + coefficient;
    }
    for coefficient in COSINE {
        cosine = cosine * square + coefficient;
    }
    (x + x * square * sine, 1.0 + square * cosine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_are_those_of_the_library_within_a_unit() {
        for step in 0..200_000_u32 {
            let tangent = libm::tan(f64::from(step) * core::f64::consts::FRAC_PI_2 / 200_000.0) as f32;
            let exact = libm::atan(f64::from(tangent)).to_degrees();
            let stored = f64::from(quantised(tangent)) * f64::from(QUANTUM_DEGREES);
            assert!((stored - exact).abs() < 0.6 * f64::from(QUANTUM_DEGREES), "{tangent} {stored} {exact}");
        }
        assert_eq!(quantised(0.0), 0);
        assert_eq!(quantised(f32::MAX), 65_534);
    }

    #[test]
    fn series_are_those_of_the_library() {
        for step in -1000..=1000 {
            let x = FRAC_PI_2 * step as f32 / 1000.0;
            let (sine, cosine) = sine_cosine(x);
            assert!((f64::from(sine) - libm::sin(f64::from(x))).abs() < 2e-7, "{x}");
            assert!((f64::from(cosine) - libm::cos(f64::from(x))).abs() < 2e-7, "{x}");
        }
    }
}
