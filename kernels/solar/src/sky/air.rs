//! Air mass and pressure.

use conurb_numerics::{exp, ln, sin_cos_degrees};

/// Mean pressure at sea level, Pa.
pub(super) const SEA_LEVEL_PA: f64 = 101_325.0;

/// Air mass relative to that at the zenith, at sea level: 1 / (cos z + 0.50572 (96.07995° − z)^−1.6364).
///
/// `None` for a sun below the horizon, `apparent_zenith` > 90°. Source: Kasten & Young, Revised optical air mass tables and
/// approximation formula, Appl. Opt. 28, 1989, eq. 3, <https://doi.org/10.1364/AO.28.004735>.
#[inline(always)]
pub fn relative_air_mass(apparent_zenith: f64) -> Option<f64> {
    (apparent_zenith <= 90.0).then(|| {
        let cosine = sin_cos_degrees(apparent_zenith).1;
        1.0 / (cosine + 0.505_72 * exp(-1.6364 * ln(96.079_95 - apparent_zenith)))
    })
}

/// As [`relative_air_mass`] by the older formula 1 / (cos z + 0.15 (93.885° − z)^−1.253), on which DISC was fitted.
///
/// Source: Kasten, A new table and approximation formula for the relative optical air mass, CRREL report 136, 1965.
#[inline(always)]
pub(super) fn relative_air_mass_1965(apparent_zenith: f64) -> Option<f64> {
    (apparent_zenith <= 90.0).then(|| {
        let cosine = sin_cos_degrees(apparent_zenith).1;
        1.0 / (cosine + 0.15 * exp(-1.253 * ln(93.885 - apparent_zenith)))
    })
}

/// Air mass at a pressure in Pa: AM p / 101325.
#[inline(always)]
pub fn absolute_air_mass(relative: f64, pressure_pa: f64) -> f64 {
    relative * pressure_pa / SEA_LEVEL_PA
}

/// Pressure in Pa of the standard atmosphere at `altitude_m`, −5000 to 11 000 m: 100 ((44331.514 − h) / 11880.516)^(1 / 0.1902632).
///
/// Source: Portland State Aerospace Society, A quick derivation relating altitude to air pressure, version 1.03, 2004.
pub fn pressure_from_altitude(altitude_m: f64) -> f64 {
    100.0 * libm::pow((44_331.514 - altitude_m) / 11_880.516, 1.0 / 0.190_263_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kasten & Young 1989, table II: air mass at elevations of 90, 30, 10, 1 and 0 degrees.
    #[test]
    fn the_table_of_kasten_and_young() {
        for (elevation, expected, tolerance) in
            [(90.0, 1.0, 1e-3), (30.0, 1.9939, 1e-3), (10.0, 5.5841, 0.02), (1.0, 26.3116, 0.1), (0.0, 38.0868, 0.2)]
        {
            let air_mass = relative_air_mass(90.0 - elevation).unwrap();
            assert!((air_mass - expected).abs() < tolerance, "{elevation} {air_mass}");
        }
        assert_eq!(relative_air_mass(90.000_1), None);
        assert_eq!(relative_air_mass(f64::NAN), None);
    }

    #[test]
    fn pressure_of_the_standard_atmosphere() {
        // Standard atmosphere: 101 325 Pa at sea level, 89 875 Pa at 1000 m, 79 495 Pa at 2000 m.
        for (altitude, expected) in [(0.0, 101_325.0), (1000.0, 89_875.0), (2000.0, 79_495.0)] {
            assert!((pressure_from_altitude(altitude) - expected).abs() < 10.0, "{altitude}");
        }
        assert_eq!(absolute_air_mass(2.0, SEA_LEVEL_PA / 2.0), 1.0);
    }
}
