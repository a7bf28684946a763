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
        // Nothing is known to hide the sun, as heat balances take it too.
        (None, _) | (_, NO_BIN) => 1.0,
        (Some(shares), bin) => f64::from(shares[bin as usize]) / WHOLE,
    };
    let steepness = (1.0 - up * up).max(0.0).sqrt();
    let sky = climate.isotropic[hour] * (1.0 + up) / 2.0 * seen.sky_share
        + climate.horizon[hour] * steepness * seen.horizon_share;
    climate.beam[hour] * cosine.max(0.0) * share + sky.max(0.0) + climate.ghi[hour] * seen.reflected
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sun in the zenith with 800 W/m², isotropic sky 100 W/m², ghi 900 W/m², in a bin, then without one.
    fn noon(sun_bin: u32, n_sun_bins: usize) -> Climate {
        Climate {
            temp_air: vec![20.0],
            sun_east: vec![0.0],
            sun_north: vec![0.0],
            sun_up: vec![1.0],
            beam: vec![800.0],
            isotropic: vec![100.0],
            horizon: vec![40.0],
            ghi: vec![900.0],
            sun_bin: vec![sun_bin],
            n_sun_bins,
            ..Climate::default()
        }
    }

    #[test]
    fn a_flat_roof_receives_the_beam_with_and_without_shadows() {
        let roof =
            Face { kind: FaceKind::Roof, normal: [0.0, 0.0, 1.0], area: 50.0, window_area: None, surfaces: vec![] };
        let open = FaceSunlight { sky_share: 1.0, horizon_share: 1.0, reflected: 0.0, sun_shares: None };
        assert_eq!(irradiance(&roof, &open, &noon(NO_BIN, 0), 0), 900.0, "no solar stage: the sun is in no bin");
        let shaded = FaceSunlight { sun_shares: Some(vec![0, 51]), ..open };
        assert_eq!(irradiance(&roof, &shaded, &noon(0, 2), 0), 100.0);
        // A fifth of the beam: 51 / 255.
        assert!((irradiance(&roof, &shaded, &noon(1, 2), 0) - 260.0).abs() < 1e-9);
        assert_eq!(irradiance(&roof, &shaded, &noon(NO_BIN, 2), 0), 900.0);
    }
}
