//! A year of weather as files give it, one slot per hour.

mod quality;
pub(super) mod rows;

pub use quality::{NIGHT_ZENITH, closure_rms, closure_warning, night_radiation_warning};
pub use rows::gaps;

/// Hours of a year without 29 February.
pub const HOURS: usize = 8760;

/// A typical or measured year at one place; a value that the file does not give is NaN.
///
/// Slot `k` is the hour from `k` to `k + 1` of the file's own clock, which is `clock_utc_h` ahead of UTC. Radiation is
/// the mean over the hour; temperature, wind and pressure are spot values at its end. In files of PVGIS, whose clock is
/// UTC, radiation is that of the instant `sun_offset_h` and the rest that of the start of the slot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WeatherYear {
    /// Where it was measured, as the file says.
    pub place: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Metres above sea level.
    pub elevation_m: f64,
    /// Local standard time minus UTC, in hours.
    pub utc_offset_h: f64,
    /// The clock that rows follow, minus UTC, in hours: `utc_offset_h`, but 0 for files whose rows are UTC.
    pub clock_utc_h: f64,
    /// Hours from the start of a slot to the instant at which the sun stands for it.
    pub sun_offset_h: f64,
    /// Weekday of 1 January, 0 = Monday, where the file tells.
    pub first_weekday: Option<u8>,
    /// Global horizontal irradiance (W/m²).
    pub ghi: Vec<f32>,
    /// Direct normal irradiance (W/m²).
    pub dni: Vec<f32>,
    /// Diffuse horizontal irradiance (W/m²).
    pub dhi: Vec<f32>,
    /// Air temperature (°C).
    pub temp_air: Vec<f32>,
    /// Dew point (°C).
    pub dew_point: Vec<f32>,
    /// Relative humidity (%).
    pub relative_humidity: Vec<f32>,
    /// Station pressure (Pa).
    pub pressure: Vec<f32>,
    /// Wind speed (m/s).
    pub wind_speed: Vec<f32>,
    /// Where the wind comes from (° clockwise from north).
    pub wind_direction: Vec<f32>,
    /// Infrared radiation from the sky on a horizontal plane (W/m²).
    pub sky_infrared: Vec<f32>,
    /// Slots for which the file has no row.
    pub missing_hours: Vec<usize>,
}
