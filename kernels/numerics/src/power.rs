//! Powers of non-negative numbers, fast where the exponent is a small integer.

/// A non-negative exponent, classified once so that hot loops need no general power.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Exponent {
    /// A whole number up to 32.
    Whole(u32),
    /// Any other number.
    Real(f64),
}

impl Exponent {
    const LARGEST_WHOLE: f64 = 32.0;

    /// Classifies `exponent`, which must be finite and ≥ 0.
    pub fn new(exponent: f64) -> Self {
        if exponent.fract() == 0.0 && (0.0..=Self::LARGEST_WHOLE).contains(&exponent) {
            Exponent::Whole(exponent as u32)
        } else {
            Exponent::Real(exponent)
        }
    }

    /// The exponent as a number.
    pub fn value(self) -> f64 {
        match self {
            Exponent::Whole(whole) => f64::from(whole),
            Exponent::Real(real) => real,
        }
    }

    /// `base` to this power for `base` ≥ 0; 0 to the 0 is 1.
    ///
    /// Whole exponents by repeated squaring, others by `libm`, so that no C library can change the bits.
    #[inline]
    pub fn raise(self, base: f64) -> f64 {
        match self {
            Exponent::Whole(4) => (base * base) * (base * base),
            Exponent::Whole(whole) => raise_whole(base, whole),
            Exponent::Real(real) => libm::pow(base, real),
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
    fn classifies_whole_and_real() {
        assert_eq!(Exponent::new(4.0), Exponent::Whole(4));
        assert_eq!(Exponent::new(0.0), Exponent::Whole(0));
        assert_eq!(Exponent::new(16.83), Exponent::Real(16.83));
        assert_eq!(Exponent::new(33.0), Exponent::Real(33.0));
    }

    #[test]
    fn zero_to_the_zero_is_one() {
        assert_eq!(Exponent::new(0.0).raise(0.0), 1.0);
        assert_eq!(Exponent::new(0.4).raise(0.0), 0.0);
    }

    proptest! {
        #[test]
        fn whole_powers_agree_with_the_general_power(base in 0.0_f64..10.0, exponent in 0_u32..=32) {
            let exact = libm::pow(base, f64::from(exponent));
            let ours = Exponent::Whole(exponent).raise(base);
            prop_assert!((ours - exact).abs() <= 1e-13 * exact.abs());
        }
    }
}
