//! What people and machines do to zones: heat they give off, air they exchange, heating and cooling.

use pulp::Simd;

use crate::hourly::LANES;
use crate::profile::ProfileHour;
use crate::wide::Row;
use crate::wide::{Chunk, Wide};
use crate::zone::{Supply, Zone};

/// More power than any zone can use (W), so that a share of it is a number.
const ENOUGH_POWER: f64 = 1e15;
/// Heat is recovered while indoor air is no warmer than the setpoint of heating and this (K).
const RECOVERY_BAND: f64 = 2.0;

/// Services of the zones of a block.
#[derive(Debug, Clone)]
pub(crate) struct Services {
    occupants: Row,
    appliances: Row,
    radiative_share: Row,
    infiltration: Row,
    ventilation: Row,
    /// Share of ventilation's heat that is not recovered while it could be.
    unrecovered: Row,
    /// Air temperature above which nothing is recovered (°C).
    recovery_below: Row,
    night: Row,
    night_above: Row,
    night_difference: Row,
    heating: Setpoints,
    cooling: Setpoints,
    pub(crate) control_radiant_share: Row,
}

#[derive(Debug, Clone)]
struct Setpoints {
    setback: Row,
    span: Row,
    power: Row,
}

/// Setpoints and powers of an hour.
pub(crate) struct Demand<S: Simd> {
    heat_below: Wide<S>,
    cool_above: Wide<S>,
    heating_power: Wide<S>,
    cooling_power: Wide<S>,
}

impl Services {
    pub(crate) fn new(zones: &[&Zone; LANES]) -> Self {
        let lanes = |value: fn(&Zone) -> f64| Row(zones.map(value));
        Services {
            occupants: lanes(|zone| zone.gains.occupants),
            appliances: lanes(|zone| zone.gains.appliances),
            radiative_share: lanes(|zone| zone.gains.radiative_share),
            infiltration: lanes(|zone| zone.air.infiltration),
            ventilation: lanes(|zone| zone.air.ventilation),
            unrecovered: lanes(|zone| 1.0 - zone.air.recovery),
            recovery_below: lanes(|zone| (zone.heating.setpoint + RECOVERY_BAND).min(zone.cooling.setpoint)),
            night: lanes(|zone| zone.air.night),
            night_above: lanes(|zone| zone.air.night_above),
            night_difference: lanes(|zone| zone.air.night_difference),
            heating: Setpoints::new(zones.map(|zone| &zone.heating)),
            cooling: Setpoints::new(zones.map(|zone| &zone.cooling)),
            control_radiant_share: lanes(|zone| zone.control_radiant_share),
        }
    }

    /// Heat of people and appliances, given to the air and radiated (W).
    #[inline(always)]
    pub(crate) fn internal<S: Simd>(&self, chunk: Chunk<S>, users: &ProfileHour) -> (Wide<S>, Wide<S>) {
        let all = chunk.load(&self.occupants) * chunk.splat(users.occupants)
            + chunk.load(&self.appliances) * chunk.splat(users.appliances);
        let radiated = all * chunk.load(&self.radiative_share);
        (all - radiated, radiated)
    }

    /// Exchange of air with outdoors (W/K), by the indoor air temperature of the hour before: an hour that decides by its
    /// own temperature could find two answers, or none.
    #[inline(always)]
    pub(crate) fn exchange<S: Simd>(
        &self,
        chunk: Chunk<S>,
        users: &ProfileHour,
        indoors: Wide<S>,
        outdoors: Wide<S>,
    ) -> Wide<S> {
        let (zero, one) = (chunk.splat(0.0), chunk.splat(1.0));
        let recovery_below = chunk.load(&self.recovery_below);
        let kept = indoors.if_greater(recovery_below, one, chunk.load(&self.unrecovered));
        let ventilation = chunk.load(&self.ventilation) * chunk.splat(users.ventilation) * kept;
        let night = chunk.load(&self.night) * chunk.splat(users.night_ventilation);
        let night = indoors.if_greater(chunk.load(&self.night_above), night, zero);
        let night = (indoors - outdoors).if_greater(chunk.load(&self.night_difference), night, zero);
        chunk.load(&self.infiltration) + ventilation + night
    }

    #[inline(always)]
    pub(crate) fn demand<S: Simd>(&self, chunk: Chunk<S>, users: &ProfileHour) -> Demand<S> {
        let (heat_below, heating_power) = self.heating.at(chunk, users.heating, users.heating_available);
        let (cool_above, cooling_power) = self.cooling.at(chunk, users.cooling, users.cooling_available);
        Demand { heat_below, cool_above, heating_power, cooling_power }
    }

    /// Heating and cooling setpoint of an hour in a lane (°C), heating first; infinite where there is no power.
    pub(crate) fn limits(&self, lane: usize, users: &ProfileHour) -> (f64, f64) {
        let of = |supply: &Setpoints, share: f64| supply.setback[lane] + share * supply.span[lane];
        let low = if self.heating.power[lane] > 0.0 { of(&self.heating, users.heating) } else { f64::NEG_INFINITY };
        let high = if self.cooling.power[lane] > 0.0 { of(&self.cooling, users.cooling) } else { f64::INFINITY };
        (low, high)
    }
}

impl<S: Simd> Demand<S> {
    /// Power of heating and of cooling (W) where the thermostat would read `free` without, and each kelvin needs so much of
    /// heating or cooling (W/K).
    #[inline(always)]
    pub(crate) fn power(
        &self,
        chunk: Chunk<S>,
        free: Wide<S>,
        (by_heating, by_cooling): (Wide<S>, Wide<S>),
    ) -> (Wide<S>, Wide<S>) {
        let zero = chunk.splat(0.0);
        let heating = (self.heat_below - free).greatest(zero) * by_heating;
        let cooling = (free - self.cool_above).greatest(zero) * by_cooling;
        (heating.least(self.heating_power), cooling.least(self.cooling_power))
    }
}

impl Setpoints {
    fn new(supplies: [&Supply; LANES]) -> Self {
        Setpoints {
            setback: Row(supplies.map(|supply| supply.setback)),
            span: Row(supplies.map(|supply| supply.setpoint - supply.setback)),
            power: Row(supplies.map(|supply| supply.max_power.min(ENOUGH_POWER))),
        }
    }

    #[inline(always)]
    fn at<S: Simd>(&self, chunk: Chunk<S>, share: f64, available: f64) -> (Wide<S>, Wide<S>) {
        let temperature = chunk.load(&self.setback) + chunk.splat(share) * chunk.load(&self.span);
        (temperature, chunk.load(&self.power) * chunk.splat(available))
    }
}
