//! Exponential and logarithm without branches, so that loops over arrays become vector instructions.
//!
//! Reduction and polynomials are those of fdlibm (Sun Microsystems 1993: `e_exp`, `e_log`). The bits do not depend on
//! the width of vectors.

const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// e^x within 1.5 ulp for −708 ≤ x ≤ 709; beyond it the value at the nearer end.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    const TO_WHOLE: f64 = 6_755_399_441_055_744.0;
    const P1: f64 = 1.666_666_666_666_660_2e-1;
    const P2: f64 = -2.777_777_777_701_559_3e-3;
    const P3: f64 = 6.613_756_321_437_934e-5;
    const P4: f64 = -1.653_390_220_546_525_2e-6;
    const P5: f64 = 4.138_136_797_057_238_5e-8;
    const BIAS: u64 = 1023;
    let x = x.clamp(-708.0, 709.0);
    let shifted = x * core::f64::consts::LOG2_E + TO_WHOLE;
    let twos = shifted - TO_WHOLE;
    let high = x - twos * LN_2_HIGH;
    let low = twos * LN_2_LOW;
    let r = high - low;
    let t = r * r;
    let c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
    let fraction = 1.0 - ((low - (r * c) / (2.0 - c)) - high);
    fraction * f64::from_bits(shifted.to_bits().wrapping_add(BIAS) << 52)
}

/// Natural logarithm of a positive normal number within 1 ulp.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    const LG: [f64; 7] = [
        6.666_666_666_666_735e-1,
        3.999_999_999_940_942e-1,
        2.857_142_874_366_239e-1,
        2.222_219_843_214_978_4e-1,
        1.818_357_216_161_805e-1,
        1.531_383_769_920_937_3e-1,
        1.479_819_860_511_658_6e-1,
    ];
    // Bits of √½, so that the fraction lies within √½ to √2 and its logarithm around 0.
    const ROOT_OF_HALF: u64 = 0x3fe6_a09e_0000_0000;
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    const FRACTION: u64 = 0x000f_ffff_ffff_ffff;
    // A whole number below 2^52 in the lowest bits of 2^52.
    const WHOLE: u64 = 0x4330_0000_0000_0000;
    let bits = x.to_bits() + (ONE - ROOT_OF_HALF);
    let twos = f64::from_bits(WHOLE | (bits >> 52)) - (4_503_599_627_370_496.0 + 1023.0);
    let f = f64::from_bits((bits & FRACTION) + ROOT_OF_HALF) - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (LG[1] + w * (LG[3] + w * LG[5]));
    let odd = z * (LG[0] + w * (LG[2] + w * (LG[4] + w * LG[6])));
    let half_square = 0.5 * f * f;
    s * (half_square + (even + odd)) + twos * LN_2_LOW - half_square + f + twos * LN_2_HIGH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ulp::ulps;
    use proptest::prelude::*;

    #[test]
    fn exponential_follows_libm() {
        for step in -1_416_000..=1_418_000 {
            let x = f64::from(step) * 5e-4;
            assert!(ulps(exp(x), libm::exp(x)) <= 1.5, "{x}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(1e4), exp(709.0));
        assert_eq!(exp(f64::NEG_INFINITY), exp(-708.0));
    }

    #[test]
    fn logarithm_follows_libm() {
        for step in 1..=2_000_000 {
            let x = f64::from(step) * 1e-5;
            assert!(ulps(ln(x), libm::log(x)) <= 1.0, "{x}");
        }
        assert_eq!(ln(1.0), 0.0);
    }

    proptest! {
        #[test]
        fn any_positive_number(x in 1e-300_f64..1e300, small in 1e-300_f64..1.0) {
            prop_assert!(ulps(ln(x), libm::log(x)) <= 1.0);
            prop_assert!(ulps(ln(small), libm::log(small)) <= 1.0);
        }
    }
}
