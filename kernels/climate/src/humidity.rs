//! Moisture of the air: relative and specific humidity, dew point, infrared radiation of the sky.
//!
//! Saturation is over water at all temperatures, as weather services report relative humidity (WMO-No. 8, Guide to
//! Instruments and Methods of Observation, 2018, annex 4.A).

use conurb_numerics::exp;
use libm::log;

/// 0 °C in K.
pub const ZERO_CELSIUS: f64 = 273.15;
/// Molar mass of water vapour over that of dry air (WMO-No. 8, 2018, annex 4.A).
const MASS_RATIO: f64 = 0.62198;
/// Magnus equation: pressure at 0 °C (Pa), factor and temperature (°C) of its exponent.
const MAGNUS: (f64, f64, f64) = (610.94, 17.625, 243.04);
/// Relative humidity (%) below which a dew point is that of this one: dry air has none.
pub const LEAST_HUMIDITY: f64 = 0.1;

/// Pressure of saturated vapour over water (Pa) at −40 to 50 °C: e = 610.94 exp(17.625 t / (243.04 + t)), within 0.4 %.
///
/// Source: Alduchov & Eskridge, Improved Magnus form approximation of saturation vapor pressure, J. Appl. Meteorol. 35,
/// 1996, eq. 21.
pub fn saturation_vapour_pressure(temp_air: f64) -> f64 {
    let (at_zero, factor, temperature) = MAGNUS;
    at_zero * exp(factor * temp_air / (temperature + temp_air))
}

/// Dew point (°C) from air temperature (°C) and relative humidity (%, 0 to 100).
///
/// The inverse of [`saturation_vapour_pressure`] at the vapour pressure of the air; humidity below [`LEAST_HUMIDITY`]
/// counts as that.
pub fn dew_point(temp_air: f64, relative_humidity: f64) -> f64 {
    if relative_humidity.is_nan() {
        return f64::NAN;
    }
    let (_, factor, temperature) = MAGNUS;
    let exponent = log(relative_humidity.max(LEAST_HUMIDITY) / 100.0) + factor * temp_air / (temperature + temp_air);
    temperature * exponent / (factor - exponent)
}

/// Relative humidity (%, 0 to 100) from air temperature and dew point (°C); air colder than its dew point is saturated.
pub fn relative_humidity_at_dew_point(temp_air: f64, dew_point: f64) -> f64 {
    percent(saturation_vapour_pressure(dew_point) / saturation_vapour_pressure(temp_air))
}

/// Specific humidity (kg/kg) from air temperature (°C), relative humidity (%) and pressure (Pa).
///
/// q = ε e / (p − (1 − ε) e), ε = 0.62198, e the vapour pressure (WMO-No. 8, 2018, annex 4.A).
pub fn specific_humidity(temp_air: f64, relative_humidity: f64, pressure: f64) -> f64 {
    let vapour = relative_humidity / 100.0 * saturation_vapour_pressure(temp_air);
    MASS_RATIO * vapour / (pressure - (1.0 - MASS_RATIO) * vapour)
}

/// Relative humidity (%, 0 to 100) from air temperature (°C), specific humidity (kg/kg) and pressure (Pa): the inverse of
/// [`specific_humidity`]; what is beyond saturation is 100.
pub fn relative_humidity(temp_air: f64, specific_humidity: f64, pressure: f64) -> f64 {
    let vapour = specific_humidity * pressure / (MASS_RATIO + (1.0 - MASS_RATIO) * specific_humidity);
    percent(vapour / saturation_vapour_pressure(temp_air))
}

/// Infrared radiation of the sky (W/m²) under the same clouds, once air and dew point (°C) have changed.
///
/// L = L₀ ε T⁴ / (ε₀ T₀⁴) with the clear sky's ε = 0.787 + 0.764 ln(T_dew / 273); the factor for clouds, which L₀ holds,
/// stays.
///
/// Source: Clark & Allen, The estimation of atmospheric radiation for clear and cloudy skies, Proc. 2nd National Passive
/// Solar Conference, 1978, as in EnergyPlus, Engineering Reference, "Sky radiation modeling".
pub fn sky_infrared(before: f64, from: Air, to: Air) -> f64 {
    let clear = |air: Air| {
        let temperature = air.temp_air + ZERO_CELSIUS;
        let squared = temperature * temperature;
        (0.787 + 0.764 * log((air.dew_point + ZERO_CELSIUS) / 273.0)) * squared * squared
    };
    before * (clear(to) / clear(from))
}

/// Air as the sky's radiation sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Air {
    /// Temperature (°C).
    pub temp_air: f64,
    /// Dew point (°C).
    pub dew_point: f64,
}

/// A share as per cent from 0 to 100; NaN stays.
fn percent(share: f64) -> f64 {
    if share.is_nan() { share } else { (100.0 * share).clamp(0.0, 100.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Smithsonian Meteorological Tables (List, 1951), table 94: saturation over water.
    #[test]
    fn saturation_is_as_in_tables() {
        for (temp_air, expected) in
            [(-20.0, 125.40), (0.0, 610.78), (10.0, 1227.2), (20.0, 2337.3), (30.0, 4243.0), (40.0, 7377.7)]
        {
            let found = saturation_vapour_pressure(temp_air);
            assert!((found / expected - 1.0).abs() < 4e-3, "{temp_air}: {found}, not {expected}");
        }
    }

    /// Saturated air of 20 °C at 1013.25 hPa holds 14.5 g/kg: 0.62198 · 23.37 / (1013.25 − 0.37802 · 23.37) = 0.01447.
    #[test]
    fn specific_humidity_by_hand() {
        let found = specific_humidity(20.0, 100.0, 101_325.0);
        assert!((found - 0.01447).abs() < 6e-5, "{found}");
        // ASHRAE psychrometric chart: 25 °C and 50 % have a dew point of 13.9 °C.
        assert!((dew_point(25.0, 50.0) - 13.9).abs() < 0.06, "{}", dew_point(25.0, 50.0));
    }

    #[test]
    fn what_is_beyond_its_range_is_bounded() {
        assert_eq!(relative_humidity(0.0, 0.02, 101_325.0), 100.0);
        assert_eq!(relative_humidity(0.0, -1e-9, 101_325.0), 0.0);
        assert_eq!(relative_humidity_at_dew_point(10.0, 12.0), 100.0);
        assert!(dew_point(10.0, 0.0).is_finite());
        assert_eq!(dew_point(10.0, 0.0), dew_point(10.0, LEAST_HUMIDITY));
        assert!(dew_point(10.0, f64::NAN).is_nan() && dew_point(f64::NAN, 50.0).is_nan());
        assert!(relative_humidity(f64::NAN, 0.01, 1e5).is_nan());
    }

    #[test]
    fn the_sky_warms_with_the_air() {
        let from = Air { temp_air: 10.0, dew_point: 5.0 };
        assert_eq!(sky_infrared(300.0, from, from), 300.0);
        // Clear sky: ε(5 °C) = 0.787 + 0.764 ln(278.15 / 273) = 0.80128, ε(7 °C) = 0.80675; (285.15 / 283.15)⁴ = 1.028554.
        let found = sky_infrared(300.0, from, Air { temp_air: 12.0, dew_point: 7.0 });
        assert!((found - 300.0 * 0.80675 / 0.80128 * 1.028554).abs() < 0.01, "{found}");
    }

    proptest! {
        #[test]
        fn conversions_are_each_others_inverse(temp in -40.0..50.0, humid in 1.0..100.0, pressure in 6e4..1.08e5) {
            prop_assert!((relative_humidity_at_dew_point(temp, dew_point(temp, humid)) - humid).abs() < 1e-9);
            let specific = specific_humidity(temp, humid, pressure);
            prop_assert!((relative_humidity(temp, specific, pressure) - humid).abs() < 1e-9);
            prop_assert!(dew_point(temp, humid) <= temp + 1e-9);
        }
    }
}
