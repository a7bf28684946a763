//! What a scenario says of a feeder.

use std::path::PathBuf;

/// The `[feeder]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct FeederScenario {
    /// The network.
    pub network: FeederFiles,
    /// CSV `building_id,bus`: which building hangs at which bus; without it no building loads the feeder.
    pub connections: Option<PathBuf>,
    /// Voltage of the slack bus (per unit), for files that do not tell.
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

impl Technology {
    /// All of them.
    pub const ALL: [Technology; 3] = [Technology::Photovoltaics, Technology::HeatPump, Technology::ElectricCar];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            Technology::Photovoltaics => "photovoltaics",
            Technology::HeatPump => "heat_pump",
            Technology::ElectricCar => "electric_car",
        }
    }
}
