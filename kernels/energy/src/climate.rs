//! The year that all zones of a city share.

use crate::series::{Series, SeriesError};

/// Bin of an hour whose sun casts no shadow because it is not there.
pub const NO_BIN: u32 = u32::MAX;

/// Air, sky, ground and sun, one entry for each hour of the year.
///
/// With n the outward unit normal of a face, β its tilt and s the unit vector to the sun, the face receives (W/m²)
///
/// beam max(n · s, 0) sun_share + isotropic (1 + cos β) / 2 sky_share + horizon sin β horizon_share + ghi reflected
///
/// where the shares and `reflected` are those of [`crate::zone::Facade`]; all of them are 1 before an open horizon. A sky
/// that adds to less than 0 counts as 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Climate {
    /// Air temperature, mean of the hour (°C).
    pub temp_air: Vec<f64>,
    /// Air minus sky temperature (K).
    pub sky_drop: Vec<f64>,
    /// Temperature behind what lies on the ground (°C).
    pub temp_ground: Vec<f64>,
    /// Wind speed (m/s); only zones whose outer films depend on it use it.
    pub wind_speed: Vec<f64>,
    /// East component of the unit vector to the sun.
    pub sun_east: Vec<f64>,
    /// North component.
    pub sun_north: Vec<f64>,
    /// Upward component.
    pub sun_up: Vec<f64>,
    /// Irradiance normal to the sun, of itself and the bright sky around it (W/m²).
    pub beam: Vec<f64>,
    /// Irradiance of an even sky on the horizontal (W/m²).
    pub isotropic: Vec<f64>,
    /// Irradiance of the bright horizon on a vertical plane, may be negative (W/m²).
    pub horizon: Vec<f64>,
    /// Global horizontal irradiance (W/m²).
    pub ghi: Vec<f64>,
    /// Sun bin of each hour, [`NO_BIN`] without one: hours of a bin share their shadows.
    pub sun_bin: Vec<u32>,
    /// How many sun bins there are.
    pub n_sun_bins: usize,
}

impl Climate {
    /// Number of hours.
    pub fn n_hours(&self) -> usize {
        self.temp_air.len()
    }

    /// Whether any radiation arrives in an hour.
    pub fn is_lit(&self, hour: usize) -> bool {
        self.beam[hour] > 0.0 || self.isotropic[hour] > 0.0 || self.ghi[hour] > 0.0
    }

    /// Checks that all series are as long as that of the air temperature, with values in their ranges, and that bins exist.
    ///
    /// # Errors
    ///
    /// The first series that is not so.
    pub fn check(&self) -> Result<(), SeriesError> {
        let n_hours = self.n_hours();
        let temperature = (-100.0..=100.0, "-100 to 100 °C");
        let direction = (-1.0..=1.0, "-1 to 1");
        let irradiance = (0.0..=2000.0, "0 to 2000 W/m²");
        let series = [
            ("air temperature", &self.temp_air, temperature.clone()),
            ("sky temperature drop", &self.sky_drop, (-100.0..=100.0, "-100 to 100 K")),
            ("ground temperature", &self.temp_ground, temperature),
            ("wind speed", &self.wind_speed, (0.0..=150.0, "0 to 150 m/s")),
            ("east component of the sun", &self.sun_east, direction.clone()),
            ("north component of the sun", &self.sun_north, direction.clone()),
            ("upward component of the sun", &self.sun_up, direction),
            ("beam irradiance", &self.beam, irradiance.clone()),
            ("isotropic irradiance", &self.isotropic, irradiance.clone()),
            ("horizon irradiance", &self.horizon, (-2000.0..=2000.0, "-2000 to 2000 W/m²")),
            ("global horizontal irradiance", &self.ghi, irradiance),
        ];
        for (what, values, (range, expected)) in series {
            Series { what, values, range, expected }.check(n_hours)?;
        }
        let what = "sun bin";
        if self.sun_bin.len() != n_hours {
            return Err(SeriesError::Length { what, len: self.sun_bin.len(), expected: n_hours });
        }
        let exists = |bin: u32| bin == NO_BIN || (bin as usize) < self.n_sun_bins;
        match self.sun_bin.iter().position(|&bin| !exists(bin)) {
            Some(hour) => {
                let (value, expected) = (self.sun_bin[hour] as f64, "less than the number of bins, or none");
                Err(SeriesError::Value { what, hour, value, expected })
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::samples::{Random, climate};

    #[test]
    fn wrong_weather_is_refused() {
        let good = climate(48, &mut Random(1));
        assert_eq!(good.check(), Ok(()));
        let mut missing = good.clone();
        missing.beam.pop();
        assert_eq!(missing.check().unwrap_err().to_string(), "beam irradiance has 47 hours; expected 48");
        let mut odd = good.clone();
        odd.temp_ground[7] = f64::NAN;
        assert!(odd.check().unwrap_err().to_string().starts_with("ground temperature of hour 7 is NaN"));
        let mut binless = good.clone();
        binless.sun_bin[12] = 5;
        assert!(binless.check().is_err());
        let mut negative = good;
        negative.ghi[3] = -1.0;
        assert!(negative.check().is_err());
    }
}
