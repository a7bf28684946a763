//! Loads of the buses of a feeder, hour by hour.

use conurb_energy::feeder::LoadSeries;

use crate::error::Error;
use crate::field::energy as field;
use crate::formats::feeder::FeederModel;
use crate::formats::tables::Connection;
use crate::scenario::{FeederScenario, Technology};
use crate::stages::FieldSource;

/// Watts of a kilowatt.
const WATTS: f64 = 1000.0;
/// Hour of the day at which cars are plugged in: when most come home (Nobis and Kuhnimhof 2018, Mobilität in Deutschland).
const PLUGGED_IN_AT: u8 = 18;
/// Hours of a day.
const HOURS: u8 = 24;

/// Where loads come from.
pub struct Loads<'a> {
    /// The network with its constant loads.
    pub model: &'a FeederModel,
    /// Buildings and their buses, in the order of buildings.
    pub connections: &'a [Connection],
    /// Power factor of what buildings draw.
    pub power_factor: f64,
    /// Hour of the day of each hour; empty without buildings: then there is one hour, with the constant loads.
    pub hour_of_day: &'a [u8],
    /// Fields of the energy stage.
    pub source: &'a dyn FieldSource,
}

/// Power of each bus in each hour, buses beside each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    p_kw: Vec<f64>,
    q_kvar: Vec<f64>,
}

impl Series {
    /// As the kernel takes it.
    pub fn borrow(&self) -> LoadSeries<'_> {
        LoadSeries { p_kw: &self.p_kw, q_kvar: &self.q_kvar }
    }
}

impl Loads<'_> {
    fn n_hours(&self) -> usize {
        self.hour_of_day.len().max(1)
    }

    /// Reactive over active power of what buildings draw.
    fn reactive(&self) -> f64 {
        (1.0 - self.power_factor * self.power_factor).max(0.0).sqrt() / self.power_factor
    }

    fn none(&self) -> Series {
        let n = self.n_hours() * self.model.buses.len();
        Series { p_kw: vec![0.0; n], q_kvar: vec![0.0; n] }
    }

    /// Loads after a package: constant ones, what buildings draw, and less what their modules give.
    ///
    /// # Errors
    /// Fields that cannot be read.
    pub fn of_package(&self, package: usize) -> Result<Series, Error> {
        let mut series = self.none();
        let n_buses = self.model.buses.len();
        let (p, q) = self.model.load_of_buses();
        for hour in 0..self.n_hours() {
            series.p_kw[hour * n_buses..][..n_buses].copy_from_slice(&p);
            series.q_kvar[hour * n_buses..][..n_buses].copy_from_slice(&q);
        }
        let reactive = self.reactive();
        for (at, connection) in self.connections.iter().enumerate() {
            let loads = self.source.numbers(&field::CONNECTION_LOAD, at..at + 1)?;
            let modules = self.source.numbers(&field::CONNECTION_PV, at..at + 1)?;
            let capacity = self.source.numbers(&field::CONNECTION_PV_CAPACITY, at..at + 1)?[package];
            let loads = &loads[package * self.n_hours()..][..self.n_hours()];
            for (hour, (load, per_kilowatt)) in loads.iter().zip(&modules).enumerate() {
                let place = hour * n_buses + connection.bus;
                series.p_kw[place] += (load - capacity * per_kilowatt) / WATTS;
                series.q_kvar[place] += reactive * load / WATTS;
            }
        }
        Ok(series)
    }

    /// What a technology adds at each bus if all of its buildings have it.
    ///
    /// # Errors
    /// Fields that cannot be read.
    pub fn of_technology(&self, technology: Technology, scenario: &FeederScenario) -> Result<Series, Error> {
        let mut series = self.none();
        let n_buses = self.model.buses.len();
        let reactive = self.reactive();
        if self.connections.is_empty() {
            // A snapshot: everything at full power.
            for load in &self.model.loads {
                let p_kw = match technology {
                    Technology::Photovoltaics => -scenario.pv_kwp,
                    Technology::ElectricCar => scenario.ev_kw,
                    Technology::HeatPump => 0.0,
                };
                series.p_kw[load.bus] = p_kw;
            }
            return Ok(series);
        }
        for (at, connection) in self.connections.iter().enumerate() {
            let of_building: Vec<f64> = match technology {
                Technology::Photovoltaics => {
                    let modules = self.source.numbers(&field::CONNECTION_PV, at..at + 1)?;
                    modules.iter().map(|per_kilowatt| -scenario.pv_kwp * per_kilowatt / WATTS).collect()
                }
                Technology::HeatPump => {
                    let watts = self.source.numbers(&field::CONNECTION_HEAT_PUMP, at..at + 1)?;
                    watts.iter().map(|watts| watts / WATTS).collect()
                }
                Technology::ElectricCar => self.hour_of_day.iter().map(|hour| charging(*hour, scenario)).collect(),
            };
            let is_load = technology == Technology::HeatPump;
            for (hour, p_kw) in of_building.into_iter().enumerate() {
                let place = hour * n_buses + connection.bus;
                series.p_kw[place] += p_kw;
                series.q_kvar[place] += if is_load { reactive * p_kw } else { 0.0 };
            }
        }
        Ok(series)
    }
}

/// Mean charging power of a car in an hour of the day (kW): full power from when it is plugged in until it is charged.
fn charging(hour: u8, scenario: &FeederScenario) -> f64 {
    let since = f64::from((hour + HOURS - PLUGGED_IN_AT) % HOURS);
    let needed = scenario.ev_kwh_per_day / scenario.ev_kw;
    scenario.ev_kw * (needed - since).clamp(0.0, 1.0)
}
