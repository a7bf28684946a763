//! Irradiance above the air.

use conurb_numerics::sin_cos;

/// W/m² at one astronomical unit (ASTM E 490's predecessor; default of pvlib).
pub const SOLAR_CONSTANT: f64 = 1366.1;

/// Extraterrestrial irradiance normal to the sun's rays, W/m²: constant / R², R in astronomical units from the position algorithm.
///
/// What pvlib calls `nrel`.
#[inline]
pub fn extraterrestrial_from_distance(distance_au: f64) -> f64 {
    SOLAR_CONSTANT / (distance_au * distance_au)
}

/// The same by the day of the year (1 to 366) alone, within 0.1 %, for a given solar constant in W/m².
///
/// Source: Spencer, Fourier series representation of the position of the sun, Search 2(5), 1971.
#[inline]
pub fn extraterrestrial_spencer(day_of_year: f64, solar_constant: f64) -> f64 {
    let (sine, cosine) = sin_cos(2.0 * core::f64::consts::PI / 365.0 * (day_of_year - 1.0));
    // cos 2B and sin 2B of the double angle.
    let (sine_2, cosine_2) = (2.0 * sine * cosine, 1.0 - 2.0 * sine * sine);
    solar_constant * (1.000_11 + 0.034_221 * cosine + 0.001_28 * sine + 0.000_719 * cosine_2 + 0.000_077 * sine_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sun_is_nearest_in_january() {
        // B = 0: 1366.1 (1.00011 + 0.034221 + 0.000719).
        assert!((extraterrestrial_spencer(1.0, SOLAR_CONSTANT) - 1_413.981_805).abs() < 1e-6);
        // pvlib 0.16.1: get_extra_radiation(172, 1366.1, 'spencer').
        assert!((extraterrestrial_spencer(172.0, SOLAR_CONSTANT) - 1_321.623_593).abs() < 1e-6);
        assert!((extraterrestrial_from_distance(0.9833) - 1366.1 / 0.966_878_89).abs() < 1e-6);
    }
}
