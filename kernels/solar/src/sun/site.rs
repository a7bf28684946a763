//! A place on earth and its air.

use super::SunError;

/// A place and the air that refracts what it sees of the sun.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Site {
    /// Geographic latitude, −90 to 90°, positive north.
    pub latitude: f64,
    /// Longitude, −180 to 360°, positive east.
    pub longitude: f64,
    /// Height above sea level, −1000 to 100 000 m.
    pub elevation_m: f64,
    /// Mean air pressure, 0 to 120 000 Pa; 0 refracts nothing.
    pub pressure_pa: f64,
    /// Mean air temperature, −150 to 100 °C.
    pub temperature_c: f64,
}

impl Site {
    /// Checks every value.
    ///
    /// # Errors
    /// The first value out of its range.
    pub fn check(&self) -> Result<(), SunError> {
        for (what, value, range, expected) in [
            ("latitude", self.latitude, -90.0..=90.0, "-90 to 90 degrees"),
            ("longitude", self.longitude, -180.0..=360.0, "-180 to 360 degrees"),
            ("elevation", self.elevation_m, -1000.0..=1e5, "-1000 to 100000 m"),
            ("pressure", self.pressure_pa, 0.0..=1.2e5, "0 to 120000 Pa"),
            ("temperature", self.temperature_c, -150.0..=100.0, "-150 to 100 degrees C"),
        ] {
            if !range.contains(&value) {
                return Err(SunError::Value { what, value, expected });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_out_of_range_is_named() {
        let site =
            Site { latitude: 52.0, longitude: 5.0, elevation_m: 0.0, pressure_pa: 101_325.0, temperature_c: 12.0 };
        assert_eq!(site.check(), Ok(()));
        let error = Site { latitude: 90.1, ..site }.check().unwrap_err();
        assert_eq!(error.to_string(), "latitude is 90.1; expected -90 to 90 degrees");
        assert!(Site { temperature_c: f64::NAN, ..site }.check().is_err());
        assert!(Site { pressure_pa: -1.0, ..site }.check().is_err());
    }
}
