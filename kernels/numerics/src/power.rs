//! Powers of non-negative numbers, fast where the exponent is a small integer.

/// A finite exponent ≥ 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exponent(f64);

impl Exponent {
    const LARGEST_WHOLE: f64 = 32.0;

    /// Takes `exponent`, which must be finite and ≥ 0.
    pub fn new(exponent: f64) -> Self {
        Exponent(exponent)
    }

    /// The exponent as a number.
    #[inline]
    pub fn value(self) -> f64 {
        self.0
    }

    /// `base` to this power for `base` ≥ 0; 0 to the 0 is 1.
    ///
    /// Whole exponents up to 32 by repeated squaring, others by `libm`, so that no C library can change the bits.
    #[inline]
    pub fn raise(self, base: f64) -> f64 {
        if self.0 == 4.0 {
            let square = base * base;
            square * square
        } else if self.0.fract() == 0.0 && self.0 <= Self::LARGEST_WHOLE {
            raise_whole(base, self.0 as u32)
        } else {
            libm::pow(base, self.0)
        }
    }
}

fn raise_whole(base: f64, exponent: u32) -> f64 {
    let (mut result, mut square, mut rest) = (1.0, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn zero_to_the_zero_is_one() {
        assert_eq!(Exponent::new(0.0).raise(0.0), 1.0);
        assert_eq!(Exponent::new(0.4).raise(0.0), 0.0);
    }

    proptest! {
        #[test]
        fn whole_powers_agree_with_the_general_power(base in 0.0_f64..10.0, exponent in 0_u32..=34) {
            let exact = libm::pow(base, f64::from(exponent));
            let ours = Exponent::new(f64::from(exponent)).raise(base);
            prop_assert!((ours - exact).abs() <= 1e-13 * exact.abs());
        }
    }
}
