//! Circumsolar and horizon brightness of Perez et al. 1990.

/// F1 and F2, the shares of diffuse irradiance that brighten the sun's surroundings and the horizon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Brightness {
    pub circumsolar: f64,
    pub horizon: f64,
}

/// F1 and F2 of eight classes of sky clearness (columns F11, F12, F13, F21, F22, F23): all-sites composite.
///
/// Source: Perez, Ineichen, Seals, Michalsky & Stewart, Modeling daylight availability and irradiance components from
/// direct and global irradiance, Sol. Energy 44(5), 1990, table 6, <https://doi.org/10.1016/0038-092X(90)90055-H>.
const COEFFICIENTS: [[f64; 6]; 8] = [
    [-0.008, 0.588, -0.062, -0.060, 0.072, -0.022],
    [0.130, 0.683, -0.151, -0.019, 0.066, -0.029],
    [0.330, 0.487, -0.221, 0.055, -0.064, -0.026],
    [0.568, 0.187, -0.295, 0.109, -0.152, -0.014],
    [0.873, -0.392, -0.362, 0.226, -0.462, 0.001],
    [1.132, -1.237, -0.412, 0.288, -0.823, 0.056],
    [1.060, -1.600, -0.359, 0.264, -1.127, 0.131],
    [0.678, -0.327, -0.250, 0.156, -1.377, 0.251],
];

/// Least clearness of classes 2 to 8 (table 1).
const CLASS_STARTS: [f64; 7] = [1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2];

/// F1 = max(0, F11 + F12 Δ + F13 z) and F2 = F21 + F22 Δ + F23 z with Δ = dhi AM / E0 and the class of
/// ε = ((dhi + dni) / dhi + 1.041 z³) / (1 + 1.041 z³), z in radians; `dhi` > 0.
#[inline(always)]
pub(super) fn brightness(dhi: f64, dni: f64, zenith_radians: f64, air_mass: f64, dni_extra: f64) -> Brightness {
    let z = zenith_radians;
    let bend = 1.041 * z * z * z;
    let clearness = ((dhi + dni) / dhi + bend) / (1.0 + bend);
    let class = CLASS_STARTS.iter().filter(|&&start| clearness >= start).count();
    let delta = dhi * air_mass / dni_extra;
    let [f11, f12, f13, f21, f22, f23] = COEFFICIENTS[class];
    Brightness { circumsolar: (f11 + f12 * delta + f13 * z).max(0.0), horizon: f21 + f22 * delta + f23 * z }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overcast_and_a_clear_sky() {
        // No beam: ε = 1, class 1. z = 60° = 1.047198, Δ = 200 · 2 / 1400 = 0.285714:
        // F1 = −0.008 + 0.588 · 0.285714 − 0.062 · 1.047198 = 0.095074; F2 = −0.060 + 0.072 · 0.285714 − 0.022 · 1.047198.
        let z = core::f64::consts::FRAC_PI_3;
        let overcast = brightness(200.0, 0.0, z, 2.0, 1400.0);
        assert!((overcast.circumsolar - 0.095_073_7).abs() < 1e-6, "{overcast:?}");
        assert!((overcast.horizon + 0.062_466_9).abs() < 1e-6, "{overcast:?}");
        // ε = (1 + 900 / 70 + 1.195473) / 2.195473 = 6.8564: class 8. Δ = 0.1: F1 = 0.678 − 0.0327 − 0.2617994.
        let clear = brightness(70.0, 900.0, z, 2.0, 1400.0);
        assert!((clear.circumsolar - 0.383_500_6).abs() < 1e-6, "{clear:?}");
        assert!((clear.horizon - 0.281_146_6).abs() < 1e-6, "{clear:?}");
    }
}
