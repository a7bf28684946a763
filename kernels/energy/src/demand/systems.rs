//! What heats, cools and lights a building.

use crate::carriers::Carrier;
use crate::heat_pump::HeatPump;
use crate::heating_curve::{FlowTemperatures, OutdoorReset};
use crate::parameter::{ParameterError, check};

/// What makes heat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HeatSystem {
    /// A boiler.
    Boiler {
        /// Heat per energy of the fuel, losses of storage and pipes included, 0.1 to 1.2 (by net calorific value).
        efficiency: f64,
        /// What it burns.
        fuel: Carrier,
    },
    /// District heating.
    District {
        /// Heat per heat bought, 0.1 to 1.
        efficiency: f64,
    },
    /// Electric heaters.
    Electric {
        /// Heat per electricity, 0.1 to 1.
        efficiency: f64,
    },
    /// A heat pump.
    HeatPump {
        /// The pump.
        pump: HeatPump,
        /// What gives the rest.
        backup: Backup,
    },
}

/// What gives the heat that a heat pump cannot: above its capacity, and all of it while its source is too cold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Backup {
    /// A heating element: heat for the same electricity.
    Electric,
    /// A boiler.
    Boiler {
        /// Heat per energy of the fuel, 0.1 to 1.2.
        efficiency: f64,
        /// What it burns.
        fuel: Carrier,
    },
}

/// What heats, cools and lights a building.
///
/// Where heating and hot water have the same heat pump, hot water takes of its capacity first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BuildingSystems {
    /// What heats it.
    pub heating: HeatSystem,
    /// How warm the heating water is; of use to heat pumps alone.
    pub flow: FlowTemperatures,
    /// What makes its hot water.
    pub hot_water: HeatSystem,
    /// How warm water leaves a heat pump that makes hot water (°C, 30 to 90); Ruhnau et al. (2019) take 50 °C.
    pub hot_water_flow: f64,
    /// Heat in the hot water of a day (Wh, ≥ 0): [`crate::hot_water`].
    pub hot_water_daily: f64,
    /// Largest electricity of appliances and light (W, ≥ 0), times the profile's factor.
    pub appliances: f64,
    /// Heat that cooling takes per electricity, 0.5 to 20 (energy efficiency ratio).
    pub cooling_efficiency: f64,
}

impl HeatSystem {
    /// What it burns where the rest is not electricity.
    pub(super) fn fuel(&self) -> Carrier {
        match *self {
            HeatSystem::Boiler { fuel, .. } => fuel,
            HeatSystem::District { .. } => Carrier::DistrictHeat,
            HeatSystem::Electric { .. } => Carrier::Electricity,
            HeatSystem::HeatPump { backup: Backup::Boiler { fuel, .. }, .. } => fuel,
            HeatSystem::HeatPump { backup: Backup::Electric, .. } => Carrier::Electricity,
        }
    }

    /// Electricity and fuel per heat of what no heat pump gives.
    pub(super) fn rest(&self) -> (f64, f64) {
        match *self {
            HeatSystem::Boiler { efficiency, .. } | HeatSystem::District { efficiency } => (0.0, 1.0 / efficiency),
            HeatSystem::Electric { efficiency } => (1.0 / efficiency, 0.0),
            HeatSystem::HeatPump { backup: Backup::Boiler { efficiency, .. }, .. } => (0.0, 1.0 / efficiency),
            HeatSystem::HeatPump { backup: Backup::Electric, .. } => (1.0, 0.0),
        }
    }

    pub(super) fn pump(&self) -> Option<HeatPump> {
        match *self {
            HeatSystem::HeatPump { pump, .. } => Some(pump),
            _ => None,
        }
    }

    fn check(&self) -> Result<(), ParameterError> {
        let boiler = |efficiency| check("efficiency of a boiler", efficiency, 0.1..=1.2, "0.1 to 1.2");
        match *self {
            HeatSystem::Boiler { efficiency, .. } => boiler(efficiency),
            HeatSystem::District { efficiency } => {
                check("efficiency of district heating", efficiency, 0.1..=1.0, "0.1 to 1")
            }
            HeatSystem::Electric { efficiency } => {
                check("efficiency of electric heating", efficiency, 0.1..=1.0, "0.1 to 1")
            }
            HeatSystem::HeatPump { pump, backup } => {
                pump.check()?;
                match backup {
                    Backup::Electric => Ok(()),
                    Backup::Boiler { efficiency, .. } => boiler(efficiency),
                }
            }
        }
    }
}

impl BuildingSystems {
    /// Checks every value.
    ///
    /// # Errors
    /// The first value out of its range.
    pub fn check(&self, reset: &OutdoorReset) -> Result<(), ParameterError> {
        self.heating.check()?;
        self.flow.check(reset)?;
        self.hot_water.check()?;
        check("flow temperature of hot water", self.hot_water_flow, 30.0..=90.0, "30 to 90 °C")?;
        check("hot water of a day", self.hot_water_daily, 0.0..=1e12, "0 to 1e12 Wh")?;
        check("electricity of appliances", self.appliances, 0.0..=1e12, "0 to 1e12 W")?;
        check("efficiency of cooling", self.cooling_efficiency, 0.5..=20.0, "0.5 to 20")
    }
}
