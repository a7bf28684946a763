//! Sine, cosine and their inverses without branches, so that loops over arrays become vector instructions.
//!
//! Every lane is computed by the same plain operations, so the bits do not depend on the width of vectors.
//! Reduction and polynomials are those of fdlibm (Sun Microsystems 1993: `k_sin`, `k_cos`, `s_atan`, `e_rem_pio2`).

/// 1.5 · 2^52: adding it rounds to the nearest whole number and leaves that number in the lowest bits.
const TO_WHOLE: f64 = 6_755_399_441_055_744.0;

const RADIANS_PER_DEGREE: f64 = core::f64::consts::PI / 180.0;
const DEGREES_PER_RADIAN: f64 = 180.0 / core::f64::consts::PI;

/// sin and cos of `x` radians, |x| ≤ 1e6; within 1.5 ulp there, without meaning beyond.
#[inline(always)]
pub fn sin_cos(x: f64) -> (f64, f64) {
    // π/2 = A + B + C; A and B have 33 bits, so that products with whole numbers below 2^20 are exact.
    const A: f64 = 1.570_796_326_734_125_6;
    const B: f64 = 6.077_100_506_303_966e-11;
    const C: f64 = 2.022_266_248_795_950_6e-21;
    let shifted = x * core::f64::consts::FRAC_2_PI + TO_WHOLE;
    let turns = shifted - TO_WHOLE;
    let coarse = x - turns * A;
    let fine = turns * B;
    let high = coarse - fine;
    let low = ((coarse - high) - fine) - turns * C;
    of_quadrant(shifted.to_bits(), high + low)
}

/// sin and cos of `x` degrees, |x| ≤ 1e9; exact at multiples of 90°, else within 2 ulp of those of the angle.
#[inline(always)]
pub fn sin_cos_degrees(x: f64) -> (f64, f64) {
    const QUARTERS_PER_DEGREE: f64 = 1.0 / 90.0;
    let shifted = x * QUARTERS_PER_DEGREE + TO_WHOLE;
    let rest = x - (shifted - TO_WHOLE) * 90.0;
    of_quadrant(shifted.to_bits(), rest * RADIANS_PER_DEGREE)
}

/// Angle of the point (`x`, `y`) in radians, −π to π, within 2 ulp; 0 for the origin, and the sign of zeros counts as in IEEE 754.
///
/// Finite arguments whose greater one is a normal number.
#[inline(always)]
pub fn atan2(y: f64, x: f64) -> f64 {
    let (across, along) = (y.abs(), x.abs());
    let (small, great) = if across > along { (along, across) } else { (across, along) };
    let angle = atan_of_ratio(small, great);
    // π/2 and π in two parts each; the second counts where the angle to an axis is tiny.
    let angle = if across > along { core::f64::consts::FRAC_PI_2 - (angle - 6.123_233_995_736_766e-17) } else { angle };
    let angle =
        if x.is_sign_negative() { core::f64::consts::PI - (angle - 1.224_646_799_147_353_2e-16) } else { angle };
    angle.copysign(y)
}

/// As [`atan2`], in degrees, −180 to 180, within 3 ulp.
#[inline(always)]
pub fn atan2_degrees(y: f64, x: f64) -> f64 {
    atan2(y, x) * DEGREES_PER_RADIAN
}

/// Angle in radians whose sine is `x`, −1 ≤ x ≤ 1, within 3 ulp.
#[inline(always)]
pub fn asin(x: f64) -> f64 {
    atan2(x, ((1.0 - x) * (1.0 + x)).sqrt())
}

/// Angle in radians whose cosine is `x`, −1 ≤ x ≤ 1, within 3 ulp.
#[inline(always)]
pub fn acos(x: f64) -> f64 {
    atan2(((1.0 - x) * (1.0 + x)).sqrt(), x)
}

/// sin and cos of `rest` plus as many quarter turns as the two lowest bits of `quarters` say; |rest| ≤ π/4.
#[inline(always)]
fn of_quadrant(quarters: u64, rest: f64) -> (f64, f64) {
    let (sine, cosine) = (sine_of_octant(rest), cosine_of_octant(rest));
    let odd = quarters & 1 == 1;
    let (first, second) = if odd { (cosine, sine) } else { (sine, cosine) };
    let sign_of_first = (quarters & 2) << 62;
    let sign_of_second = ((quarters + 1) & 2) << 62;
    (f64::from_bits(first.to_bits() ^ sign_of_first), f64::from_bits(second.to_bits() ^ sign_of_second))
}

#[inline(always)]
fn sine_of_octant(x: f64) -> f64 {
    const S1: f64 = -1.666_666_666_666_663_2e-1;
    const S2: f64 = 8.333_333_333_322_49e-3;
    const S3: f64 = -1.984_126_982_985_795e-4;
    const S4: f64 = 2.755_731_370_707_006_8e-6;
    const S5: f64 = -2.505_076_025_340_686_3e-8;
    const S6: f64 = 1.589_690_995_211_55e-10;
    let z = x * x;
    let tail = S2 + z * (S3 + z * S4) + z * (z * z) * (S5 + z * S6);
    x + (z * x) * (S1 + z * tail)
}

#[inline(always)]
fn cosine_of_octant(x: f64) -> f64 {
    const C1: f64 = 4.166_666_666_666_66e-2;
    const C2: f64 = -1.388_888_888_887_411e-3;
    const C3: f64 = 2.480_158_728_947_673e-5;
    const C4: f64 = -2.755_731_435_139_066_3e-7;
    const C5: f64 = 2.087_572_321_298_175e-9;
    const C6: f64 = -1.135_964_755_778_819_5e-11;
    let z = x * x;
    let w = z * z;
    let tail = z * (C1 + z * (C2 + z * C3)) + w * w * (C4 + z * (C5 + z * C6));
    let half = 0.5 * z;
    let near_one = 1.0 - half;
    near_one + (((1.0 - near_one) - half) + z * tail)
}

/// atan(small / great) for 0 ≤ small ≤ great; 0 where both are 0.
#[inline(always)]
fn atan_of_ratio(small: f64, great: f64) -> f64 {
    const TAN_OF_EIGHTH: f64 = 0.414_213_562_373_095_05;
    // Beyond π/8 the angle is π/4 less that of (great − small) / (great + small): the polynomial holds to 7/16.
    let steep = small > TAN_OF_EIGHTH * great;
    let across = if steep { small - great } else { small };
    let along = if steep { small + great } else { great };
    let along = if great == 0.0 { 1.0 } else { along };
    let t = across / along;
    let z = t * t;
    let w = z * z;
    let even = w * (AT[1] + w * (AT[3] + w * (AT[5] + w * (AT[7] + w * AT[9]))));
    let odd = z * (AT[0] + w * (AT[2] + w * (AT[4] + w * (AT[6] + w * (AT[8] + w * AT[10])))));
    let less = t * (even + odd);
    if steep { core::f64::consts::FRAC_PI_4 - ((less - 3.061_616_997_868_383e-17) - t) } else { t - less }
}

/// Coefficients of (t − atan t) / t in powers of t², |t| ≤ 7/16.
const AT: [f64; 11] = [
    3.333_333_333_333_293e-1,
    -1.999_999_999_987_648_3e-1,
    1.428_571_427_250_346_6e-1,
    -1.111_111_040_546_235_6e-1,
    9.090_887_133_436_507e-2,
    -7.691_876_205_044_83e-2,
    6.661_073_137_387_531e-2,
    -5.833_570_133_790_573_5e-2,
    4.976_877_994_615_932_4e-2,
    -3.653_157_274_421_691_6e-2,
    1.628_582_011_536_578_2e-2,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ulp::ulps;
    use proptest::prelude::*;

    #[test]
    fn sine_and_cosine_follow_libm() {
        for step in -2_000_000..=2_000_000 {
            let x = f64::from(step) * 0.003_7;
            let (sine, cosine) = sin_cos(x);
            assert!(ulps(sine, libm::sin(x)) <= 1.5, "sin {x}: {sine}");
            assert!(ulps(cosine, libm::cos(x)) <= 1.5, "cos {x}: {cosine}");
        }
    }

    #[test]
    fn degrees_are_exact_at_quarters_and_close_elsewhere() {
        for quarter in -400_i32..400 {
            let expected = [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)][quarter.rem_euclid(4) as usize];
            assert_eq!(sin_cos_degrees(90.0 * f64::from(quarter)), expected);
        }
        for step in 0..1_000_000 {
            let x = f64::from(step) * 4.5e-5;
            let (sine, cosine) = sin_cos_degrees(x);
            assert!(ulps(sine, libm::sin(x.to_radians())) <= 3.0, "sin {x}°: {sine}");
            assert!(ulps(cosine, libm::cos(x.to_radians())) <= 2.0, "cos {x}°: {cosine}");
        }
        // sin 30° = 1/2 and cos 60° = 1/2 by construction of the hexagon.
        assert!(ulps(sin_cos_degrees(30.0).0, 0.5) <= 2.0);
        assert!(ulps(sin_cos_degrees(-300.0).1, 0.5) <= 2.0);
    }

    #[test]
    fn angles_follow_libm_all_around() {
        for step in 0..1_000_000 {
            let (y, x) = sin_cos(f64::from(step) * 6.3e-6 - 3.15);
            let (y, x) = (3.7 * y, 3.7 * x);
            assert!(ulps(atan2(y, x), libm::atan2(y, x)) <= 2.0, "{y} {x}");
        }
        for (y, x) in [(0.0, 0.0), (0.0, -0.0), (-0.0, -0.0), (0.0, 2.0), (-0.0, -2.0), (3.0, 0.0), (-3.0, 0.0)] {
            assert_eq!(atan2(y, x).to_bits(), libm::atan2(y, x).to_bits(), "{y} {x}");
        }
    }

    #[test]
    fn next_to_the_axes_the_last_bit_is_right() {
        for tiny in [1.2e-16, 1.5e-16, 2.4e-16, 3e-16, 4e-16] {
            for (y, x) in [(1.0, tiny), (1.0, -tiny), (tiny, -1.0), (-tiny, -1.0), (tiny, 1.0)] {
                assert_eq!(atan2(y, x), libm::atan2(y, x), "{y} {x}");
            }
        }
    }

    #[test]
    fn arcs_follow_libm() {
        for step in -1_000_000..=1_000_000 {
            let x = f64::from(step) * 1e-6;
            assert!(ulps(asin(x), libm::asin(x)) <= 3.0, "asin {x}");
            assert!(ulps(acos(x), libm::acos(x)) <= 3.0, "acos {x}");
        }
    }

    proptest! {
        #[test]
        fn any_angle_in_range(x in -1e6_f64..1e6) {
            prop_assert!(ulps(sin_cos(x).0, libm::sin(x)) <= 1.5);
            prop_assert!(ulps(sin_cos(x).1, libm::cos(x)) <= 1.5);
        }

        #[test]
        fn any_point(y in -1e3_f64..1e3, x in -1e3_f64..1e3, scale in -30_i32..30) {
            let y = libm::ldexp(y, scale);
            prop_assert!(ulps(atan2(y, x), libm::atan2(y, x)) <= 2.0);
        }
    }
}
