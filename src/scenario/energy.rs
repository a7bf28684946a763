//! What a scenario says of energy in buildings.

use super::{Carrier, Package};
use crate::buildings::Usage;

/// The `[energy]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Energy {
    /// The zone model.
    pub fidelity: Fidelity,
    /// Packages of measures, each computed beside the base.
    pub retrofit: Vec<Package>,
    /// Outer films.
    pub exterior_convection: ExteriorConvection,
    /// How cold the sky is.
    pub sky_temperature: SkyTemperature,
    /// What thermostats feel.
    pub control: Control,
    /// Heating setpoint for all; else that of the use (°C).
    pub heating_setpoint_c: Option<f64>,
    /// Heating setpoint at night for all; else that of the use (°C).
    pub heating_setback_c: Option<f64>,
    /// Uses that are cooled; the others are never.
    pub cooled: Vec<Usage>,
    /// Cooling setpoint for all; else that of the use (°C).
    pub cooling_setpoint_c: Option<f64>,
    /// Largest heating power per floor area; enough without it (W/m²).
    pub heating_power_w_m2: Option<f64>,
    /// Largest cooling power per floor area; enough without it (W/m²).
    pub cooling_power_w_m2: Option<f64>,
    /// Night ventilation and opened windows while indoors is warm and outdoors cooler (1/h).
    pub night_ventilation_per_h: f64,
    /// Irradiance above which blinds close; none without it (W/m²).
    pub blinds_above_w_m2: Option<f64>,
    /// Share of solar gains that closed blinds let in.
    pub blinds_factor: f64,
    /// Operative temperatures above which hours count as too warm (°C).
    pub overheating_above_c: [f64; 2],
    /// Days before the year that are computed to forget how it began.
    pub warm_up_days: usize,
    /// Whether needs are written hour by hour.
    pub hourly: bool,
    /// What heats buildings before any measure.
    pub heating_system: HeatingSystem,
    /// Share of the ideal (Carnot) efficiency that heat pumps reach.
    pub heat_pump_efficiency: f64,
    /// Heat per electricity of cooling machines.
    pub cooling_efficiency: f64,
    /// Whether rankings use what people are expected to burn instead of what is calculated (prebound).
    pub rank_by: RankBy,
    /// Expected over calculated heat for all; else by rating (Sunikka-Blank and Galvin 2012).
    pub expected_per_calculated: Option<f64>,
    /// Budget of the city for measures, in the currency of `[economy]`.
    pub budget: Option<f64>,
}

/// The zone model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fidelity {
    /// Multi-node zone after ISO 52016-1.
    MultiNode,
    /// 5R1C after ISO 13790.
    FiveR1C,
}

impl Fidelity {
    /// All of them.
    pub const ALL: [Fidelity; 2] = [Fidelity::MultiNode, Fidelity::FiveR1C];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            Fidelity::MultiNode => "multi_node",
            Fidelity::FiveR1C => "5r1c",
        }
    }
}

/// Outer surface films.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExteriorConvection {
    /// Fixed coefficients.
    Fixed,
    /// They depend on the wind.
    Wind,
}

impl ExteriorConvection {
    /// All of them.
    pub const ALL: [ExteriorConvection; 2] = [ExteriorConvection::Fixed, ExteriorConvection::Wind];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            ExteriorConvection::Fixed => "fixed",
            ExteriorConvection::Wind => "wind",
        }
    }
}

/// How cold the sky is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkyTemperature {
    /// 11 K below air (ISO 52016-1, intermediate climates).
    Fixed,
    /// From the infrared radiation of the weather file.
    Weather,
}

impl SkyTemperature {
    /// All of them.
    pub const ALL: [SkyTemperature; 2] = [SkyTemperature::Fixed, SkyTemperature::Weather];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            SkyTemperature::Fixed => "fixed",
            SkyTemperature::Weather => "weather",
        }
    }
}

/// What thermostats feel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Air temperature.
    Air,
    /// Operative temperature.
    Operative,
}

impl Control {
    /// All of them.
    pub const ALL: [Control; 2] = [Control::Air, Control::Operative];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            Control::Air => "air",
            Control::Operative => "operative",
        }
    }
}

/// What heats a building.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeatingSystem {
    /// Boiler for natural gas.
    GasBoiler,
    /// Boiler for heating oil.
    OilBoiler,
    /// Boiler for wood pellets.
    PelletBoiler,
    /// District heating.
    DistrictHeating,
    /// Electric heaters.
    Electric,
    /// Heat pump from outdoor air.
    AirHeatPump,
    /// Heat pump from the ground.
    GroundHeatPump,
}

impl HeatingSystem {
    /// All of them.
    pub const ALL: [HeatingSystem; 7] = [
        HeatingSystem::GasBoiler,
        HeatingSystem::OilBoiler,
        HeatingSystem::PelletBoiler,
        HeatingSystem::DistrictHeating,
        HeatingSystem::Electric,
        HeatingSystem::AirHeatPump,
        HeatingSystem::GroundHeatPump,
    ];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            HeatingSystem::GasBoiler => "gas_boiler",
            HeatingSystem::OilBoiler => "oil_boiler",
            HeatingSystem::PelletBoiler => "pellet_boiler",
            HeatingSystem::DistrictHeating => "district_heating",
            HeatingSystem::Electric => "electric",
            HeatingSystem::AirHeatPump => "air_heat_pump",
            HeatingSystem::GroundHeatPump => "ground_heat_pump",
        }
    }
    /// What it burns or draws.
    pub fn carrier(self) -> Carrier {
        match self {
            HeatingSystem::GasBoiler => Carrier::NaturalGas,
            HeatingSystem::OilBoiler => Carrier::HeatingOil,
            HeatingSystem::PelletBoiler => Carrier::Pellets,
            HeatingSystem::DistrictHeating => Carrier::DistrictHeat,
            HeatingSystem::Electric | HeatingSystem::AirHeatPump | HeatingSystem::GroundHeatPump => {
                Carrier::Electricity
            }
        }
    }
}

/// Which saving rankings use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankBy {
    /// What people are expected to burn (Sunikka-Blank and Galvin 2012).
    Expected,
    /// What is calculated.
    Calculated,
}

impl RankBy {
    /// All of them.
    pub const ALL: [RankBy; 2] = [RankBy::Expected, RankBy::Calculated];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            RankBy::Expected => "expected",
            RankBy::Calculated => "calculated",
        }
    }
}
