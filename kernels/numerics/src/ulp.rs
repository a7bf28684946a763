//! Distance of two numbers in units in the last place, for tests.

/// |a − b| in spacings of numbers at `b`; spacings do not shrink below those at 1e-300.
pub(crate) fn ulps(a: f64, b: f64) -> f64 {
    if a == b {
        return 0.0;
    }
    let magnitude = b.abs().max(1e-300);
    (a - b).abs() / (f64::from_bits(magnitude.to_bits() + 1) - magnitude)
}
