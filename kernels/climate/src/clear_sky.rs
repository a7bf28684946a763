//! Daily radiation that the sun and a clear sky allow.
//!
//! Allen, R. G., Pereira, L. S., Raes, D. & Smith, M. (1998): Crop evapotranspiration, FAO Irrigation and Drainage Paper 56,
//! chapter 3: equations 21 (extraterrestrial radiation), 23 to 25 (distance, declination, sunset), 37 (clear sky).

use conurb_numerics::{acos, sin_cos};

/// Solar constant (W/m²), 0.0820 MJ m⁻² min⁻¹.
const SOLAR_CONSTANT: f64 = 0.0820e6 / 60.0;
/// Share of extraterrestrial radiation that a clear sky lets through at sea level.
const CLEAR_AT_SEA_LEVEL: f64 = 0.75;
/// What each metre of height adds to it.
const CLEAR_PER_METRE: f64 = 2e-5;

/// Daily mean of extraterrestrial radiation on the horizontal (W/m²) at `latitude` (°, −90 to 90) on a day that is at
/// `share_of_year` (0 to 1) of its year.
pub fn extraterrestrial(latitude: f64, share_of_year: f64) -> f64 {
    let angle = std::f64::consts::TAU * share_of_year;
    let distance = 1.0 + 0.033 * sin_cos(angle).1;
    let (sin_declination, cos_declination) = sin_cos(0.409 * sin_cos(angle - 1.39).0);
    let (sin_latitude, cos_latitude) = sin_cos(latitude.to_radians());
    let vertical = sin_latitude * sin_declination;
    let horizontal = cos_latitude * cos_declination;
    // Where the sun does not set the angle is π, where it does not rise 0.
    let cos_sunset = if horizontal > 0.0 { (-vertical / horizontal).clamp(-1.0, 1.0) } else { -vertical.signum() };
    let sunset = acos(cos_sunset);
    let mean = SOLAR_CONSTANT / std::f64::consts::PI * distance * (sunset * vertical + horizontal * sin_cos(sunset).0);
    mean.max(0.0)
}

/// Daily mean of global radiation under a clear sky (W/m²), at `elevation_m` above the sea.
pub fn clear(latitude: f64, elevation_m: f64, share_of_year: f64) -> f64 {
    let share = (CLEAR_AT_SEA_LEVEL + CLEAR_PER_METRE * elevation_m).min(1.0);
    share * extraterrestrial(latitude, share_of_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// MJ m⁻² d⁻¹ as W/m².
    fn watts(megajoules: f64) -> f64 {
        megajoules * 1e6 / 86_400.0
    }

    #[test]
    fn the_example_of_the_paper() {
        // FAO 56, example 8: 20° S on 3 September (day 246), Ra = 32.2 MJ m⁻² d⁻¹.
        assert!((extraterrestrial(-20.0, 246.0 / 365.0) - watts(32.2)).abs() < watts(0.05));
        // Example 10: Rio de Janeiro, 22.9° S, 15 May (day 135): Ra = 25.1, Rso = 18.8.
        assert!((clear(-22.9, 0.0, 135.0 / 365.0) - watts(18.8)).abs() < watts(0.05));
    }

    #[test]
    fn poles_have_their_day_and_night() {
        // Sunlit all day at the summer solstice; Ra of table 2.6 at 70° N in June is 42.5.
        assert!((extraterrestrial(70.0, 166.0 / 365.0) - watts(42.5)).abs() < watts(0.5));
        assert_eq!(extraterrestrial(80.0, 0.0), 0.0);
        assert!(extraterrestrial(90.0, 0.47) > 450.0 && extraterrestrial(-90.0, 0.47) == 0.0);
    }
}
