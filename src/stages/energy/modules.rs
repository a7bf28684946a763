//! Power of photovoltaic modules on the best roof of a building.

use conurb_energy::climate::{Climate, NO_BIN};
use conurb_solar::pv::{PvHours, PvSystem, ac_power};

use super::sunlight::FaceSunlight;
use crate::buildings::{Building, Face, FaceKind};
use crate::error::Error;

/// Capacity of modules per area (kW/m²), of crystalline silicon with an efficiency of 20 %.
pub const KILOWATTS_PER_M2: f64 = 0.2;
/// Modules and inverter as `[solar.pv]` takes them by default.
pub const SYSTEM: PvSystem =
    PvSystem { temperature_coefficient: -0.0035, lost_share: 0.114183, dc_ac_ratio: 1.1, inverter_efficiency: 0.96 };
/// Watts of a kilowatt.
const WATTS: f64 = 1000.0;
/// Value of a share of 1.
const WHOLE: f64 = 255.0;

/// Area of the roofs of a building that modules may lie on (m²).
pub fn roof_area(building: &Building) -> f64 {
    building.faces.iter().filter(|face| face.kind == FaceKind::Roof).map(|face| face.area).sum()
}

/// Power of one kilowatt of modules on the roof that receives most, hour by hour (W); none without a roof.
///
/// # Errors
/// Settings out of range.
pub fn power_per_kilowatt(
    building: &Building,
    sunlight: &[FaceSunlight],
    climate: &Climate,
    (system, hours): (&PvSystem, &PvHours),
) -> Result<Option<Vec<f32>>, Error> {
    let roofs = building.faces.iter().zip(sunlight).filter(|(face, _)| face.kind == FaceKind::Roof);
    let mut best: Option<(f64, Vec<f64>)> = None;
    for (face, seen) in roofs {
        let irradiance: Vec<f64> = (0..climate.n_hours()).map(|hour| irradiance(face, seen, climate, hour)).collect();
        let annual: f64 = irradiance.iter().sum();
        if best.as_ref().is_none_or(|(most, _)| annual > *most) {
            best = Some((annual, irradiance));
        }
    }
    let Some((_, irradiance)) = best else { return Ok(None) };
    let mut per_watt = vec![0.0; irradiance.len()];
    ac_power(system, hours, &irradiance, &mut per_watt)
        .map_err(|error| Error::Failed(format!("photovoltaics: {error}")))?;
    Ok(Some(per_watt.iter().map(|power| (power * WATTS) as f32).collect()))
}

/// Irradiance of a face, by the equation of [`Climate`] (W/m²).
fn irradiance(face: &Face, seen: &FaceSunlight, climate: &Climate, hour: usize) -> f64 {
    if !climate.is_lit(hour) {
        return 0.0;
    }
    let [east, north, up] = face.normal;
    let cosine = east * climate.sun_east[hour] + north * climate.sun_north[hour] + up * climate.sun_up[hour];
    let share = match (&seen.sun_shares, climate.sun_bin[hour]) {
        (_, NO_BIN) => 0.0,
        (Some(shares), bin) => f64::from(shares[bin as usize]) / WHOLE,
        (None, _) => 1.0,
    };
    let steepness = (1.0 - up * up).max(0.0).sqrt();
    let sky = climate.isotropic[hour] * (1.0 + up) / 2.0 * seen.sky_share
        + climate.horizon[hour] * steepness * seen.horizon_share;
    climate.beam[hour] * cosine.max(0.0) * share + sky.max(0.0) + climate.ghi[hour] * seen.reflected
}
