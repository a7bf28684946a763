//! Temperature of cells in the sun and wind.

use conurb_numerics::exp;

use super::PvError;
use super::error::check;

/// How much warmer than the air cells are: linear in irradiance, by a slope that depends on wind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellTemperature {
    /// Tc = Ta + E (exp(a + b w) + ΔT / 1000), w at 10 m height.
    ///
    /// Source: King, Boyson & Kratochvil, Photovoltaic array performance model, SAND2004-3535, 2004, eq. 11 and 12.
    Sapm {
        /// a, −10 to 0.
        a: f64,
        /// b, −1 to 0 s/m.
        b: f64,
        /// Cell over back of module at 1000 W/m², 0 to 20 K.
        delta_t: f64,
    },
    /// Tc = Ta + E / (u0 + u1 w).
    ///
    /// Source: Faiman, Assessing the outdoor operating temperature of photovoltaic modules, Prog. Photovolt. 16, 2008,
    /// <https://doi.org/10.1002/pip.813>.
    Faiman {
        /// 1 to 200 W/(m² K).
        u0: f64,
        /// 0 to 100 W s/(m³ K).
        u1: f64,
    },
}

impl CellTemperature {
    /// Glass and glass on an open rack (King et al. 2004, table 1, as are the next three).
    pub const OPEN_RACK_GLASS_GLASS: Self = CellTemperature::Sapm { a: -3.47, b: -0.0594, delta_t: 3.0 };
    /// Glass and glass close to a roof.
    pub const CLOSE_MOUNT_GLASS_GLASS: Self = CellTemperature::Sapm { a: -2.98, b: -0.0471, delta_t: 1.0 };
    /// Glass and polymer on an open rack.
    pub const OPEN_RACK_GLASS_POLYMER: Self = CellTemperature::Sapm { a: -3.56, b: -0.0750, delta_t: 3.0 };
    /// Glass and polymer with an insulated back, as built into roofs and walls.
    pub const INSULATED_BACK_GLASS_POLYMER: Self = CellTemperature::Sapm { a: -2.81, b: -0.0455, delta_t: 0.0 };
    /// Mean of seven silicon modules on an open rack (Faiman 2008).
    pub const FAIMAN_OPEN_RACK: Self = CellTemperature::Faiman { u0: 25.0, u1: 6.84 };

    /// Warmth over the air per irradiance, K m²/W, at a wind speed of `wind` m/s.
    #[inline]
    pub fn rise(&self, wind: f64) -> f64 {
        const REFERENCE_IRRADIANCE: f64 = 1000.0;
        match *self {
            CellTemperature::Sapm { a, b, delta_t } => exp(a + b * wind) + delta_t / REFERENCE_IRRADIANCE,
            CellTemperature::Faiman { u0, u1 } => 1.0 / (u0 + u1 * wind),
        }
    }

    fn check(&self) -> Result<(), PvError> {
        match *self {
            CellTemperature::Sapm { a, b, delta_t } => {
                check("a of the cell temperature", a, -10.0..=0.0, "-10 to 0")?;
                check("b of the cell temperature", b, -1.0..=0.0, "-1 to 0 s/m")?;
                check("temperature difference of cell and module", delta_t, 0.0..=20.0, "0 to 20 K")
            }
            CellTemperature::Faiman { u0, u1 } => {
                check("u0 of the cell temperature", u0, 1.0..=200.0, "1 to 200 W/(m2 K)")?;
                check("u1 of the cell temperature", u1, 0.0..=100.0, "0 to 100 W s/(m3 K)")
            }
        }
    }
}

/// Weather as modules feel it: what does not depend on the plane.
#[derive(Debug, Clone, Default)]
pub struct PvHours {
    /// Air temperature, °C.
    pub air_temperature: Vec<f64>,
    /// Warmth of cells over the air per irradiance, K m²/W.
    pub rise: Vec<f64>,
}

impl PvHours {
    /// Air temperatures, −100 to 100 °C, and wind speeds, 0 to 150 m/s, of time steps.
    ///
    /// # Errors
    /// Values out of range or not numbers; series of different lengths.
    pub fn new(model: &CellTemperature, air_temperature: &[f64], wind: &[f64]) -> Result<Self, PvError> {
        model.check()?;
        if air_temperature.len() != wind.len() {
            return Err(PvError::Length { n_temperatures: air_temperature.len(), n_winds: wind.len() });
        }
        for (what, values, range, expected) in [
            ("air temperature", air_temperature, -100.0..=100.0, "-100 to 100 degrees C"),
            ("wind speed", wind, 0.0..=150.0, "0 to 150 m/s"),
        ] {
            if let Some(index) = values.iter().position(|value| !range.contains(value)) {
                return Err(PvError::Weather { index, what, value: values[index], expected });
            }
        }
        let rise = wind.iter().map(|wind| model.rise(*wind)).collect();
        Ok(PvHours { air_temperature: air_temperature.to_vec(), rise })
    }

    /// Number of time steps.
    pub fn len(&self) -> usize {
        self.rise.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rise.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_models_by_hand() {
        // pvlib's documentation: sapm_cell(1000, 10, 0, open_rack_glass_glass) = 44.11703066106086 °C.
        let warm = 10.0 + 1000.0 * CellTemperature::OPEN_RACK_GLASS_GLASS.rise(0.0);
        assert!((warm - 44.117_030_661_060_86).abs() < 1e-9, "{warm}");
        // 800 / (25 + 6.84 · 2) = 20.683 K.
        let rise = 800.0 * CellTemperature::FAIMAN_OPEN_RACK.rise(2.0);
        assert!((rise - 800.0 / 38.68).abs() < 1e-12);
    }

    /// pvlib 0.16.1: sapm_cell(1000, 10, 2) of the four mounts of the table.
    #[test]
    fn the_mounts() {
        for (mount, expected) in [
            (CellTemperature::OPEN_RACK_GLASS_GLASS, 40.63146830),
            (CellTemperature::CLOSE_MOUNT_GLASS_GLASS, 57.22659487),
            (CellTemperature::OPEN_RACK_GLASS_POLYMER, 37.47752327),
            (CellTemperature::INSULATED_BACK_GLASS_POLYMER, 64.96822434),
        ] {
            assert!((10.0 + 1000.0 * mount.rise(2.0) - expected).abs() < 1e-7, "{mount:?}");
        }
    }

    #[test]
    fn bad_weather_is_named() {
        let model = CellTemperature::OPEN_RACK_GLASS_GLASS;
        let error = PvHours::new(&model, &[10.0, f64::NAN], &[1.0, 1.0]).unwrap_err();
        assert!(matches!(error, PvError::Weather { index: 1, what: "air temperature", .. }));
        let error = PvHours::new(&model, &[10.0], &[999.0]).unwrap_err();
        assert_eq!(error.to_string(), "wind speed of step 0 is 999; expected 0 to 150 m/s");
        assert!(PvHours::new(&model, &[10.0], &[]).is_err());
        assert!(PvHours::new(&CellTemperature::Faiman { u0: 0.0, u1: 0.0 }, &[], &[]).is_err());
    }
}
