//! From the heat that zones need to the energy that buildings buy, hour by hour.
//!
//! Heat pumps depend on the hour's weather; all else is proportional. Every way to make heat is therefore one and the same
//! computation with other numbers: a machine of some capacity gives what it can, and what is left is burnt or drawn as
//! current. That keeps lanes with different systems side by side, at a cost of about 3 ns per building and hour.

mod sweep;
mod systems;

use crate::carriers::{Carrier, EnergyByCarrier};
use crate::climate::Climate;
use crate::heating_curve::PartLoads;
use crate::hourly::{Hourly, LANES, Lanes};
use crate::parameter::{ParameterError, check_length};
use crate::profile::Profile;
use sweep::{Hours, Plant, Sums};
pub use systems::{Backup, BuildingSystems, HeatSystem};

const WATT_HOURS_PER_KWH: f64 = 1000.0;
const ELECTRICITY: usize = Carrier::Electricity as usize;

/// The year that all buildings of a block share.
#[derive(Debug, Clone, Copy)]
pub struct DemandYear<'a> {
    climate: &'a Climate,
    profile: &'a Profile,
    part_loads: &'a PartLoads,
}

/// Energy of a block of buildings, summed over hours that come in order, in chunks of any length.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    systems: Vec<BuildingSystems>,
    plant: Plant,
    sums: Sums,
}

/// Electricity of each hour of a chunk, for feeders (W).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ElectricityHours {
    /// Drawn from the grid; negative where photovoltaics feed in.
    pub net: Vec<[f32; LANES]>,
    /// Drawn by heat pumps and their electric backup, for heating and hot water.
    pub heat: Vec<[f32; LANES]>,
}

/// What one building buys.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BuildingDemand {
    /// Energy for heating and hot water, before photovoltaics (kWh).
    pub heat: EnergyByCarrier,
    /// Electricity for cooling (kWh).
    pub cooling: f64,
    /// Electricity for appliances and light (kWh).
    pub appliances: f64,
    /// Heat in hot water (kWh).
    pub hot_water_need: f64,
    /// Heat that heat pumps gave, and the electricity that took, backup not counted (kWh).
    pub pump_heat: f64,
    /// See [`BuildingDemand::pump_heat`] (kWh).
    pub pump_electricity: f64,
    /// Electricity from photovoltaics (kWh).
    pub pv: f64,
    /// Part of that which the building used in the same hour (kWh).
    pub pv_used: f64,
    /// Part of that which was fed in (kWh).
    pub fed_in: f64,
    /// Largest hourly mean drawn from the grid (W).
    pub peak_import: f64,
    /// Largest hourly mean fed in (W).
    pub peak_export: f64,
}

impl<'a> DemandYear<'a> {
    /// Brings together what all hours need.
    ///
    /// # Errors
    /// Series of different lengths.
    pub fn new(
        climate: &'a Climate,
        profile: &'a Profile,
        part_loads: &'a PartLoads,
    ) -> Result<DemandYear<'a>, ParameterError> {
        let n = climate.n_hours();
        check_length("temperature of the ground", climate.temp_ground.len(), n)?;
        check_length("part loads of heating", part_loads.n_hours(), n)?;
        check_length("profile of hot water", profile.hot_water.len(), n)?;
        check_length("profile of appliances", profile.appliances.len(), n)?;
        Ok(DemandYear { climate, profile, part_loads })
    }
}

impl Demand {
    /// Begins with no hours for a block of buildings; lanes without one stay empty.
    ///
    /// # Errors
    /// A value out of its range.
    ///
    /// # Panics
    /// With more than [`LANES`] buildings.
    pub fn new(systems: &[BuildingSystems], year: &DemandYear<'_>) -> Result<Demand, ParameterError> {
        assert!(systems.len() <= LANES, "a building for each lane at most");
        for building in systems {
            building.check(&year.part_loads.reset)?;
        }
        let plant = Plant::new(systems, &year.part_loads.reset);
        Ok(Demand { systems: systems.to_vec(), plant, sums: Sums::default() })
    }

    /// Adds the hours of `hourly`, the first of which is hour `first_hour` of the year, with the electricity of
    /// photovoltaics `pv` (W, ≥ 0) if there is any; fills `out` with the same hours if it is wanted.
    ///
    /// # Panics
    /// If series differ in length or an hour lies outside of the year.
    pub fn add(
        &mut self,
        year: &DemandYear<'_>,
        hourly: &Hourly,
        first_hour: usize,
        pv: Option<&[Lanes]>,
        out: Option<&mut ElectricityHours>,
    ) {
        let hours = first_hour..first_hour + hourly.heating.len();
        assert!(hours.end <= year.climate.n_hours(), "every hour is in the year");
        let hours = Hours {
            heating: &hourly.heating,
            cooling: &hourly.cooling,
            pv,
            temp_air: &year.climate.temp_air[hours.clone()],
            temp_ground: &year.climate.temp_ground[hours.clone()],
            load: &year.part_loads.load[hours.clone()],
            root: &year.part_loads.root[hours.clone()],
            hot_water: &year.profile.hot_water[hours.clone()],
            appliances: &year.profile.appliances[hours],
        };
        sweep::add(&self.plant, hours, &mut self.sums, out);
    }

    /// What the building of `lane` buys.
    ///
    /// # Errors
    /// A sum that is not a number.
    ///
    /// # Panics
    /// If there is no building in `lane`.
    pub fn building(&self, lane: usize) -> Result<BuildingDemand, ParameterError> {
        let (sums, systems) = (&self.sums, &self.systems[lane]);
        let kwh = |sums: &Lanes| sums[lane] / WATT_HOURS_PER_KWH;
        let mut heat = EnergyByCarrier::default();
        heat.put(Carrier::Electricity, kwh(&sums.heat_electricity));
        heat.put(systems.heating.fuel(), kwh(&sums.heating_fuel));
        heat.put(systems.hot_water.fuel(), kwh(&sums.hot_water_fuel));
        let demand = BuildingDemand {
            heat,
            cooling: kwh(&sums.cooling_electricity),
            appliances: kwh(&sums.appliances),
            hot_water_need: kwh(&sums.hot_water_need),
            pump_heat: kwh(&sums.pump_heat),
            pump_electricity: kwh(&sums.pump_electricity),
            pv: kwh(&sums.pv),
            pv_used: kwh(&sums.pv_used),
            fed_in: kwh(&sums.pv) - kwh(&sums.pv_used),
            peak_import: sums.peak_import[lane],
            peak_export: sums.peak_export[lane],
        };
        // A NaN of any series of this building is in one of these sums.
        let all = demand.heat.total() + demand.cooling + demand.appliances + demand.pv + demand.pv_used;
        if all.is_finite() {
            Ok(demand)
        } else {
            Err(ParameterError::Entry {
                index: lane,
                what: "energy of a year",
                value: all,
                expected: "a number of kWh",
            })
        }
    }
}

impl BuildingDemand {
    /// Final energy that is bought, by carrier (kWh), if people use `heat_factor` (≥ 0) of the heat that is calculated.
    ///
    /// What photovoltaics give stays the same and covers no more than there is.
    pub fn bought(&self, heat_factor: f64) -> EnergyByCarrier {
        let mut energy = self.heat * heat_factor;
        energy.0[ELECTRICITY] += self.cooling + self.appliances;
        energy.0[ELECTRICITY] -= self.pv_used.min(energy.0[ELECTRICITY]);
        energy
    }

    /// Electricity that is used, whether bought or not (kWh).
    pub fn electricity(&self) -> f64 {
        self.heat.of(Carrier::Electricity) + self.cooling + self.appliances
    }

    /// Share of photovoltaic electricity that the building uses; none without any.
    pub fn self_consumption(&self) -> Option<f64> {
        (self.pv > 0.0).then(|| self.pv_used / self.pv)
    }

    /// Share of its electricity that a building makes itself; none without any.
    pub fn self_sufficiency(&self) -> Option<f64> {
        let used = self.electricity();
        (used > 0.0).then(|| self.pv_used / used)
    }

    /// Heat per electricity of heat pumps over the year (SPF, backup not counted); none without heat pumps.
    pub fn seasonal_performance(&self) -> Option<f64> {
        (self.pump_electricity > 0.0).then(|| self.pump_heat / self.pump_electricity)
    }
}

#[cfg(test)]
mod tests;
