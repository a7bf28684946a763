//! What is wrong with settings beside their weather and buildings, before anything is written.

use super::climate::sky_temperatures;
use crate::buildings::Usage;
use crate::error::{Error, Problem};
use crate::formats::weather::WeatherYear;
use crate::inputs::EnergyInputs;
use crate::scenario::{Energy, SkyTemperature};

/// Refuses what no hour could be computed with.
///
/// # Errors
/// A sky that the weather does not tell of, heating to more than what is cooled.
pub fn settings(energy: &Energy, weather: &WeatherYear, inputs: &EnergyInputs) -> Result<(), Error> {
    if energy.sky_temperature == SkyTemperature::Weather {
        sky_temperatures(weather)?;
    }
    let is_there = |usage: Usage| inputs.buildings.iter().any(|building| building.usage.value == usage);
    energy.cooled.iter().filter(|usage| is_there(**usage)).try_for_each(|usage| setpoints(energy, *usage, inputs))
}

fn setpoints(energy: &Energy, usage: Usage, inputs: &EnergyInputs) -> Result<(), Error> {
    let profile = inputs.archetypes.profile(usage);
    let heating = energy.heating_setpoint_c.unwrap_or(profile.heating_setpoint);
    let cooling = energy.cooling_setpoint_c.unwrap_or(profile.cooling_setpoint);
    if heating <= cooling {
        return Ok(());
    }
    let message =
        format!("buildings of the use {} would be heated to {heating} °C and cooled to {cooling} °C", usage.name());
    let key =
        if energy.heating_setpoint_c.is_some() { "energy.heating_setpoint_c" } else { "energy.cooling_setpoint_c" };
    Err(Problem::new(message).of_key(key).hint("a setpoint that is not set is that of the use").into())
}
