//! The year that all zones of a city share.

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
}
