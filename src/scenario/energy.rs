//! What a scenario says of energy in buildings and of feeders.

use std::path::PathBuf;

use crate::buildings::Usage;

/// Where archetypes come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchetypeSource {
    /// The project's own table of a country: `TABULA_NL`, `TABULA_DE`.
    Country(Country),
    /// A CSV in the form of the project's own tables.
    Table(PathBuf),
    /// A folder with TABULA parameter tables, and the country to take from it.
    Tabula {
        /// The folder.
        folder: PathBuf,
        /// Country code of the rows.
        country: String,
    },
}

/// Countries with a table of archetypes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Country {
    /// Germany.
    Germany,
    /// The Netherlands.
    Netherlands,
}

/// The `[buildings.attributes]` table: what attributes of the city model are called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttributeNames {
    /// Id to report instead of the object's.
    pub id: Option<String>,
    /// Year of construction.
    pub year: Option<String>,
    /// What the building is used for.
    pub usage: Option<String>,
    /// Number of storeys.
    pub storeys: Option<String>,
    /// What values of the use attribute mean, as (value, use).
    pub usages: Vec<(String, Usage)>,
}

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

/// Outer surface films.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExteriorConvection {
    /// Fixed coefficients.
    Fixed,
    /// They depend on the wind.
    Wind,
}

/// How cold the sky is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkyTemperature {
    /// 11 K below air (ISO 52016-1, intermediate climates).
    Fixed,
    /// From the infrared radiation of the weather file.
    Weather,
}

/// What thermostats feel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Air temperature.
    Air,
    /// Operative temperature.
    Operative,
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

/// Which saving rankings use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankBy {
    /// What people are expected to burn (Sunikka-Blank and Galvin 2012).
    Expected,
    /// What is calculated.
    Calculated,
}

/// Measures that are taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Name in results: its measures joined by `+`.
    pub name: String,
    /// The measures.
    pub measures: Vec<Measure>,
}

/// A measure and how far it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measure {
    /// What is done.
    pub kind: MeasureKind,
    /// How far.
    pub level: Level,
}

/// What is done to a building.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MeasureKind {
    /// Insulation of walls.
    Wall,
    /// Insulation of roofs.
    Roof,
    /// Insulation of the floor.
    Floor,
    /// New windows.
    Window,
    /// Sealing of leaks.
    Airtightness,
    /// Ventilation with heat recovery.
    HeatRecovery,
    /// Heat pump instead of the heating system.
    HeatPump,
    /// Photovoltaics on the roof.
    Photovoltaics,
}

/// How far a measure goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Usual refurbishment.
    Standard,
    /// As good as is worth doing.
    Ambitious,
}

/// Energy that is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// Electricity.
    Electricity,
    /// Natural gas.
    NaturalGas,
    /// Heating oil.
    HeatingOil,
    /// Wood pellets.
    Pellets,
    /// District heat.
    DistrictHeat,
}

/// The `[economy.carriers.NAME]` table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CarrierFactors {
    /// Price in the currency of `[economy]` per kWh.
    pub price_per_kwh: Option<f64>,
    /// Emissions (kg CO2e/kWh).
    pub kg_co2_per_kwh: Option<f64>,
    /// Primary energy per final energy.
    pub primary_energy_factor: Option<f64>,
}

/// The `[feeder]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct FeederScenario {
    /// The network.
    pub network: FeederFiles,
    /// CSV `building_id,bus`: which building hangs at which bus; without it no building loads the feeder.
    pub connections: Option<PathBuf>,
    /// Voltage of the slack bus (per unit).
    pub slack_pu: f64,
    /// Nominal voltage (kV), for files that do not tell.
    pub base_kv: f64,
    /// Voltages that buses should keep between (per unit).
    pub voltage_limits_pu: [f64; 2],
    /// Technologies whose hosting capacity is sought.
    pub hosting: Vec<Technology>,
    /// Draws of who gets a technology first.
    pub hosting_draws: usize,
    /// Peak power of photovoltaics of one connection (kWp).
    pub pv_kwp: f64,
    /// Charging power of an electric car (kW).
    pub ev_kw: f64,
    /// Electricity of a car per day (kWh).
    pub ev_kwh_per_day: f64,
    /// Power factor of loads (cos φ), inductive.
    pub power_factor: f64,
}

/// Files of a feeder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeederFiles {
    /// Lines and loads as CSV.
    Csv {
        /// `from_bus,to_bus,length_km,r_ohm_per_km,x_ohm_per_km,c_nf_per_km,max_i_ka`.
        lines: PathBuf,
        /// `bus,p_kw,q_kvar`: constant loads besides those of buildings.
        loads: Option<PathBuf>,
    },
    /// A network of pandapower as JSON.
    Pandapower(PathBuf),
}

/// What a feeder hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Technology {
    /// Photovoltaics.
    Photovoltaics,
    /// Heat pumps.
    HeatPump,
    /// Charging of electric cars.
    ElectricCar,
}
