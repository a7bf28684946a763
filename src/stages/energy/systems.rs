//! What heats, cools and lights buildings.

use conurb_energy::carriers::Carrier;
use conurb_energy::demand::{Backup, BuildingSystems, HeatSystem};
use conurb_energy::heat_pump::{HeatPump, HeatSource};
use conurb_energy::heating_curve::{FlowTemperatures, OutdoorReset};
use conurb_energy::hot_water;
use conurb_energy::zone::{Boundary, Element, Zone};

use crate::archetypes::UsageProfile;
use crate::error::Error;
use crate::scenario::{Energy, HeatingSystem};

/// Temperature of rooms that heating curves are made for (°C).
const ROOM_C: f64 = 20.0;
/// Exponent of heat emission of radiators, EN 442-2.
const RADIATOR_EXPONENT: f64 = 1.3;
/// Water of radiators at the design load, as built (°C): 70/55 of DIN V 4701-10 (2003).
const RADIATORS: FlowTemperatures = FlowTemperatures { design_flow: 70.0, design_return: 55.0, lowest_flow: 30.0 };
/// Water of a heat pump that makes hot water (°C), Ruhnau et al. 2019.
const HOT_WATER_C: f64 = 50.0;
/// Lift below which heat pumps get no better (K), Ruhnau et al. 2019.
const SMALLEST_LIFT_K: f64 = 15.0;
/// Share of the ideal efficiency that pumps from the ground reach over that of pumps from air, which defrost and move much
/// air: the fits of Ruhnau et al. 2019 reach 0.49 and 0.40 at a lift of 35 K.
const GROUND_OVER_AIR: f64 = 0.49 / 0.40;
/// No pump reaches more of the ideal efficiency.
const BEST_SHARE: f64 = 0.8;
/// How much colder brine leaves the ground than the ground is (K), Ruhnau et al. 2019.
const GROUND_APPROACH_K: f64 = 5.0;
/// Heat per fuel, from expenditure factors e_g of the TABULA tables (IWU) for single-unit housing since 1995: condensing
/// boiler DE.B_C.SUH.03, low-temperature boiler DE.B_NC_LT.SUH.03, pellets DE.B_WP.SUH.03, district heat DE.TS.Gen.01.
const GAS_BOILER: f64 = 1.0 / 1.16;
const OIL_BOILER: f64 = 1.0 / 1.23;
const PELLET_BOILER: f64 = 1.0 / 1.37;
const DISTRICT: f64 = 1.0 / 1.02;

/// How heating follows the weather: its design day is the coldest day of the year.
///
/// # Errors
/// A year that is never cold enough to heat, or too cold for any building.
pub fn outdoor_reset(temp_air: &[f64]) -> OutdoorReset {
    let days = temp_air.chunks(24).map(|day| day.iter().sum::<f64>() / day.len() as f64);
    let coldest = days.min_by(f64::total_cmp).unwrap_or(0.0);
    // Where no day is cold, curves still need a day to be made for.
    OutdoorReset { design_outdoor: coldest.clamp(-50.0, 14.0), room: ROOM_C, exponent: RADIATOR_EXPONENT }
}

/// What serves a zone; `as_built` is the same building before any measure.
///
/// # Errors
/// A value out of its range.
pub fn systems(
    energy: &Energy,
    usage: &UsageProfile,
    (zone, as_built): (&Zone, &Zone),
    (system, warmest_flow): (HeatingSystem, Option<f64>),
    reset: &OutdoorReset,
) -> Result<BuildingSystems, Error> {
    let failed = |error: &dyn std::fmt::Display| Error::Failed(format!("systems of buildings: {error}"));
    let ratio = (heat_loss(zone) / heat_loss(as_built)).clamp(0.0, 1.0);
    let heating = heat_system(system, energy.heat_pump_efficiency);
    Ok(BuildingSystems {
        heating,
        flow: no_warmer(RADIATORS.after(reset, ratio).map_err(|error| failed(&error))?, warmest_flow, reset.room),
        hot_water: heating,
        hot_water_flow: HOT_WATER_C,
        hot_water_daily: hot_water::daily_by_area(zone.floor_area, usage.hot_water).map_err(|error| failed(&error))?,
        appliances: zone.gains.appliances,
        cooling_efficiency: energy.cooling_efficiency,
    })
}

/// Heat that leaves a zone per kelvin, in a steady state (W/K).
pub fn heat_loss(zone: &Zone) -> f64 {
    let opaque = |part: &Element| {
        let resistance: f64 = part.conductances.iter().map(|conductance| 1.0 / conductance).sum();
        let outside = match part.boundary {
            Boundary::Air => 1.0 / part.outer.total(),
            Boundary::Ground => 1.0 / part.outer.convective,
            Boundary::Adiabatic => return 0.0,
        };
        part.area / (resistance + 1.0 / part.inner.total() + outside)
    };
    let window = &zone.window;
    let of_window = window.area / (1.0 / window.conductance + 1.0 / window.inner.total() + 1.0 / window.outer.total());
    let air = zone.air.infiltration + zone.air.ventilation * (1.0 - zone.air.recovery);
    zone.parts.iter().map(opaque).sum::<f64>() + of_window + air
}

/// Water no warmer than emitters need that were fitted with a heat pump; the return keeps its share of what is above the room.
fn no_warmer(flow: FlowTemperatures, warmest: Option<f64>, room: f64) -> FlowTemperatures {
    match warmest {
        Some(warmest) if warmest < flow.design_flow && flow.design_flow > room => {
            let share = (warmest - room).max(0.0) / (flow.design_flow - room);
            FlowTemperatures {
                design_flow: room + share * (flow.design_flow - room),
                design_return: room + share * (flow.design_return - room),
                lowest_flow: flow.lowest_flow.min(warmest),
            }
        }
        _ => flow,
    }
}

fn heat_system(system: HeatingSystem, carnot_share: f64) -> HeatSystem {
    let boiler = |efficiency: f64, fuel: Carrier| HeatSystem::Boiler { efficiency, fuel };
    let pump = |source: HeatSource, carnot_share: f64| HeatSystem::HeatPump {
        pump: HeatPump {
            source,
            carnot_share,
            smallest_lift: SMALLEST_LIFT_K,
            capacity: f64::INFINITY,
            coldest_source: f64::NEG_INFINITY,
        },
        backup: Backup::Electric,
    };
    match system {
        HeatingSystem::GasBoiler => boiler(GAS_BOILER, Carrier::NaturalGas),
        HeatingSystem::OilBoiler => boiler(OIL_BOILER, Carrier::HeatingOil),
        HeatingSystem::PelletBoiler => boiler(PELLET_BOILER, Carrier::Pellets),
        HeatingSystem::DistrictHeating => HeatSystem::District { efficiency: DISTRICT },
        HeatingSystem::Electric => HeatSystem::Electric { efficiency: 1.0 },
        HeatingSystem::AirHeatPump => pump(HeatSource::Air, carnot_share),
        HeatingSystem::GroundHeatPump => {
            pump(HeatSource::Ground { approach: GROUND_APPROACH_K }, (carnot_share * GROUND_OVER_AIR).min(BEST_SHARE))
        }
    }
}
