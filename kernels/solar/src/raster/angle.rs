//! Horizon angles as 16 bits.

/// One unit of a stored horizon angle, degrees: 90° / 65534.
pub const QUANTUM_DEGREES: f32 = 90.0 / 65_534.0;

/// What is stored for a cell without height.
pub const NO_HORIZON: u16 = u16::MAX;

const UNITS_PER_RADIAN: f32 = 65_534.0 / core::f32::consts::FRAC_PI_2;

/// arctan of `tangent` ≥ 0 in units of [`QUANTUM_DEGREES`], rounded to the nearest.
///
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, equation 4.4.49, |error| ≤ 2e-8 for 0 to 1;
/// above 1 as π/2 − arctan(1 / tangent).
#[inline(always)]
pub(super) fn quantised(tangent: f32) -> u16 {
    const COEFFICIENTS: [f32; 8] = [
        0.002_866_225_7,
        -0.016_165_736_7,
        0.042_909_613_8,
        -0.075_289_64,
        0.106_562_639_3,
        -0.142_088_994_4,
        0.199_935_508_5,
        -0.333_331_452_8,
    ];
    let steep = tangent > 1.0;
    let x = if steep { 1.0 / tangent } else { tangent };
    let square = x * x;
    let mut sum = COEFFICIENTS[0];
    for coefficient in &COEFFICIENTS[1..] {
        sum = sum * square + coefficient;
    }
    let arc = x + x * square * sum;
    let angle = if steep { core::f32::consts::FRAC_PI_2 - arc } else { arc };
    // Within 0 to 65534; by way of i32, which vector units convert to at once.
    (angle * UNITS_PER_RADIAN + 0.5) as i32 as u16
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
}
