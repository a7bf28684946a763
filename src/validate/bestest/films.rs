//! Surface films of the zone and what glass and gaps let through, all from published correlations.
//!
//! - Inside, convection: natural convection of Walton 1983 (TARP, NBSIR 83-2655, after ASHRAE), 1.31 ΔT^⅓ at vertical
//!   surfaces, 1.52 ΔT^⅓ where heat rises and 0.76 ΔT^⅓ where it does not, at ΔT = 3 K. Surfaces of rooms are 1.5 to 5.5 K
//!   from their air in the mean of a year, which moves the cube root by less than a quarter. Floors without loss give the
//!   heat of the sun to the room, upwards; through roofs heat goes up and down by turns: the mean of both.
//! - Inside, radiation: ε 4 σ T³ at 20 °C (ISO 6946:2017 C.2).
//! - Outside, convection: 4 + 4 v (ISO 6946:2017 C.2) with the wind at the middle of walls and at the roof: that of the weather
//!   station by the profile of open land, (H/270 m)^0.14 (ASHRAE Fundamentals 2017 ch. 24, eq. 4). The underside of the raised
//!   floor has neither wind nor sun nor sky: still air.
//! - Outside, radiation: ε 4 σ T³ at the mean outdoor temperature of the year.
//!
//! The correlations are those of air at sea level; no standard corrects them for altitude.

use conurb_energy::zone::Film;

use super::zone_file::{Glass, ZoneFile};

/// Difference of surface and air that natural convection is taken at (K).
const DIFFERENCE_K: f64 = 3.0;
const VERTICAL: f64 = 1.31;
const RISING: f64 = 1.52;
const STRATIFIED: f64 = 0.76;
const STEFAN_BOLTZMANN: f64 = 5.670_374_419e-8;
const ZERO_CELSIUS: f64 = 273.15;
const INDOORS_C: f64 = 20.0;
/// ISO 6946:2017 C.2: in still air (W/m²K), and by m/s of wind.
const STILL_AIR: f64 = 4.0;
const PER_WIND: f64 = 4.0;
/// Profile of the wind over open land: height of its boundary layer and of the instrument (m), and exponent.
const BOUNDARY_LAYER_M: f64 = 270.0;
const INSTRUMENT_M: f64 = 10.0;
const PROFILE: f64 = 0.14;

/// Inner and outer films.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Films {
    pub wall: [Film; 2],
    pub roof: [Film; 2],
    pub floor: [Film; 2],
    pub window: [Film; 2],
}

impl Films {
    /// Those of a zone in a climate of this mean temperature (°C) and this mean wind at the middle of its walls (m/s).
    pub(super) fn new(zone: &ZoneFile, temp_air: f64, wind: f64) -> Films {
        let natural = libm::cbrt(DIFFERENCE_K);
        let radiative = |emissivity: f64, celsius: f64| {
            let kelvin = celsius + ZERO_CELSIUS;
            emissivity * 4.0 * STEFAN_BOLTZMANN * kelvin * kelvin * kelvin
        };
        let inner = |coefficient: f64, emissivity: f64| Film {
            convective: coefficient * natural,
            radiative: radiative(emissivity, INDOORS_C),
        };
        let outer = |height: f64, emissivity: f64| Film {
            convective: STILL_AIR + PER_WIND * wind * wind_share(height) / wind_share(0.5 * zone.size[2]),
            radiative: radiative(emissivity, temp_air),
        };
        let (opaque, glass, height) = (zone.emissivity, zone.glass.emissivity, zone.size[2]);
        let underside = Film { convective: STRATIFIED * natural, radiative: radiative(opaque, temp_air) };
        Films {
            wall: [inner(VERTICAL, opaque), outer(0.5 * height, opaque)],
            roof: [inner(0.5 * (RISING + STRATIFIED), opaque), outer(height, opaque)],
            floor: [inner(RISING, opaque), underside],
            window: [inner(VERTICAL, glass), outer(0.5 * height, glass)],
        }
    }
}

/// Wind at a height (m) over that at the weather station.
pub(super) fn wind_share(height: f64) -> f64 {
    libm::pow(BOUNDARY_LAYER_M / INSTRUMENT_M, PROFILE) * libm::pow(height / BOUNDARY_LAYER_M, PROFILE)
}

/// Resistance of a glazing between its surfaces (m²K/W): panes, and gaps by EN 673:2011 with air at 10 °C and 15 K between
/// the outer panes.
///
/// A gap conducts Nu λ/s with Nu = 0.035 (Gr Pr)^0.38, at least 1, and radiates 4 σ T³ / (1/ε + 1/ε − 1).
pub(super) fn glazing_resistance(glass: &Glass) -> f64 {
    const CONDUCTIVITY: f64 = 2.496e-2;
    const DENSITY: f64 = 1.232;
    const VISCOSITY: f64 = 1.761e-5;
    const SPECIFIC_HEAT: f64 = 1008.0;
    const MEAN_K: f64 = 283.0;
    const DIFFERENCE: f64 = 15.0;
    const GRAVITY: f64 = 9.81;
    let panes = glass.panes as f64 * glass.thickness / glass.conductivity;
    let n_gaps = glass.panes.saturating_sub(1) as f64;
    if n_gaps == 0.0 {
        return panes;
    }
    let gap = glass.gap;
    let grashof =
        GRAVITY * gap * gap * gap * (DIFFERENCE / n_gaps) * DENSITY * DENSITY / (MEAN_K * VISCOSITY * VISCOSITY);
    let prandtl = VISCOSITY * SPECIFIC_HEAT / CONDUCTIVITY;
    let nusselt = (0.035 * libm::pow(grashof * prandtl, 0.38)).max(1.0);
    let radiation = 4.0 * STEFAN_BOLTZMANN * MEAN_K * MEAN_K * MEAN_K / (2.0 / glass.emissivity - 1.0);
    panes + n_gaps / (nusselt * CONDUCTIVITY / gap + radiation)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PANES: Glass = Glass {
        panes: 2,
        thickness: 0.004,
        conductivity: 1.0,
        transmittance: 0.8,
        reflectance: 0.08,
        emissivity: 0.837,
        gap: 0.012,
    };

    #[test]
    fn double_glazing_has_the_u_value_of_the_standard() {
        // EN 673 with h_e 25 and h_i 7.7: 4-12-4 of uncoated float has U = 2.9 (EN ISO 10077-1:2017 table G.2: 2.8 to 2.9).
        let u_value = |glass: &Glass| 1.0 / (glazing_resistance(glass) + 1.0 / 25.0 + 1.0 / 7.7);
        assert!((u_value(&PANES) - 2.85).abs() < 0.05, "{}", u_value(&PANES));
        // 4-12-4-12-4: 1.9 in the same table. A single pane: 5.7.
        assert!((u_value(&Glass { panes: 3, ..PANES }) - 1.9).abs() < 0.05);
        assert!((u_value(&Glass { panes: 1, ..PANES }) - 5.7).abs() < 0.1);
    }

    #[test]
    fn wind_is_weaker_near_the_ground() {
        // (1.35 / 10)^0.14 = e^(0.14 ln 0.135) = 0.7556.
        assert!((wind_share(1.35) - 0.7556).abs() < 1e-4);
        assert!((wind_share(10.0) - 1.0).abs() < 1e-12);
    }
}
