//! Values of series: 32-bit floats in storage, 64-bit floats where every digit counts.

/// A float of a series; arithmetic is done in 64 bits whatever it is.
pub trait Sample: Copy + Default + PartialOrd + Send + Sync + 'static {
    /// An integer that sorts as the float does, all NaN last.
    type Key: Copy + Ord + Default + std::fmt::Debug + Send + Sync + 'static;
    /// The value in 64 bits.
    fn to_f64(self) -> f64;
    /// The nearest value of this type.
    fn from_f64(value: f64) -> Self;
    /// Its key; -0 has that of 0.
    fn key(self) -> Self::Key;
    /// Bits of the key from `shift` on.
    fn digit(key: Self::Key, shift: u32) -> usize;
    /// Bits of a key.
    const KEY_BITS: u32;
    /// Whether it is no number: a missing day.
    #[inline(always)]
    fn is_missing(self) -> bool {
        self.to_f64().is_nan()
    }
}

impl Sample for f32 {
    type Key = u32;
    const KEY_BITS: u32 = 32;
    #[inline(always)]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    #[inline(always)]
    fn from_f64(value: f64) -> f32 {
        value as f32
    }
    #[inline(always)]
    fn key(self) -> u32 {
        if self.is_nan() {
            return u32::MAX;
        }
        // Adding 0 makes 0 of -0.
        let bits = (self + 0.0).to_bits();
        bits ^ ((bits as i32 >> 31) as u32 | 1 << 31)
    }
    #[inline(always)]
    fn digit(key: u32, shift: u32) -> usize {
        (key >> shift) as usize
    }
}

impl Sample for f64 {
    type Key = u64;
    const KEY_BITS: u32 = 64;
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline(always)]
    fn from_f64(value: f64) -> f64 {
        value
    }
    #[inline(always)]
    fn key(self) -> u64 {
        if self.is_nan() {
            return u64::MAX;
        }
        let bits = (self + 0.0).to_bits();
        bits ^ ((bits as i64 >> 63) as u64 | 1 << 63)
    }
    #[inline(always)]
    fn digit(key: u64, shift: u32) -> usize {
        (key >> shift) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_values_do() {
        let values = [f64::NEG_INFINITY, -1e300, -2.5, -1e-310, 0.0, 1e-310, 2.5, 1e300, f64::INFINITY, f64::NAN];
        assert!(values.windows(2).all(|pair| pair[0].key() < pair[1].key()));
        let values = [f32::NEG_INFINITY, -1e30, -2.5, -1e-40, 0.0, 1e-40, 2.5, 1e30, f32::INFINITY, f32::NAN];
        assert!(values.windows(2).all(|pair| pair[0].key() < pair[1].key()));
        assert_eq!((-0.0_f64).key(), 0.0_f64.key());
        assert_eq!((-0.0_f32).key(), 0.0_f32.key());
    }
}
