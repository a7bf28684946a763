//! A run of buildings: all their variants, lane by lane.

use std::ops::Range;
use std::sync::Arc;

use conurb_energy::heating_curve::OutdoorReset;
use conurb_energy::hourly::LANES;
use conurb_energy::profile::Profile;
use conurb_energy::zone::Zone;
use conurb_solar::pv::{PvHours, PvSystem};

use super::modules::{self, KILOWATTS_PER_M2};
use super::rows::Row;
use super::simulate::{Keep, Occupant, Outcome, Scratch, Year};
use super::sunlight::{FaceSunlight, SurfaceSunlight, open, surfaces_of};
use super::systems::{heat_loss, systems};
use super::variants::Variant;
use super::worth::Appraisal;
use super::zones::{Makings, areas, zone};
use crate::archetypes::{Archetype, Archetypes, UsageProfile};
use crate::buildings::{Building, Usage};
use crate::error::{Error, Problem};
use crate::scenario::{Energy, HeatingSystem};

const WATTS_PER_KILOWATT: f64 = 1000.0;

/// What all chunks of a run share.
pub struct Shared<'a> {
    /// The buildings.
    pub buildings: &'a [Building],
    /// Archetype of each building; none for what is not heated.
    pub archetype_of: &'a [Option<usize>],
    /// What they are made of and how they are used.
    pub archetypes: &'a Archetypes,
    /// What the scenario says.
    pub energy: &'a Energy,
    /// The building as it is, and after each package.
    pub variants: &'a [Variant],
    /// The year.
    pub year: &'a Year,
    /// How users of each use behave, in the order of [`Usage::ALL`]; none where no building has the use.
    pub profiles: &'a [Option<Profile>],
    /// How heating follows the weather.
    pub reset: OutdoorReset,
    /// Share of radiation that the ground reflects.
    pub albedo: f64,
    /// Modules of one kilowatt.
    pub modules: (PvSystem, PvHours),
    /// How packages are appraised.
    pub appraisal: &'a Appraisal,
    /// Buildings that hang at a feeder, ascending.
    pub connected: &'a [usize],
}

/// What a run of buildings comes to.
pub struct ChunkResult {
    /// The first of them.
    pub first: usize,
    /// Rows of all variants of each building, one building after the other.
    pub rows: Vec<Vec<Row>>,
    /// Heating, cooling and temperature of each building as it is, hour by hour, if they are wanted.
    pub hourly: Vec<[Vec<f32>; 3]>,
    /// What feeders see of connected buildings.
    pub connections: Vec<Connection>,
}

/// What a feeder sees of a building.
pub struct Connection {
    /// The building.
    pub building: usize,
    /// Electric power of each variant without modules, hour by hour (W).
    pub load: Vec<Vec<f32>>,
    /// What a heat pump adds to the building as it is (W).
    pub heat_pump: Vec<f32>,
    /// Power of a kilowatt of modules on the best roof (W).
    pub per_kilowatt: Vec<f32>,
    /// Capacity of the modules of each variant (kW).
    pub capacity: Vec<f64>,
}

/// A variant of a building that waits for a lane; variants behind the last are the building with a heat pump.
struct Waiting {
    building: usize,
    variant: usize,
    occupant: Occupant,
}

impl ChunkResult {
    /// How many buildings it has.
    pub fn n_buildings(&self) -> usize {
        self.rows.len()
    }

    /// A number of one variant of each building.
    pub fn of_variant(&self, variant: usize, value: &dyn Fn(&Row) -> f64) -> Vec<f64> {
        self.rows.iter().map(|rows| value(&rows[variant])).collect()
    }
}

impl Shared<'_> {
    /// Computes all variants of some buildings.
    ///
    /// # Errors
    /// Values out of range, fields that cannot be read.
    pub fn chunk(
        &self,
        range: Range<usize>,
        sunlight: Option<&SurfaceSunlight>,
        scratch: &mut Scratch,
    ) -> Result<ChunkResult, Error> {
        let mut result = ChunkResult {
            first: range.start,
            rows: range.clone().map(|_| vec![Row::unheated(); self.variants.len()]).collect(),
            hourly: Vec::new(),
            connections: Vec::new(),
        };
        if self.energy.hourly {
            result.hourly = range.clone().map(|_| self.no_hours()).collect();
        }
        let mut waiting: Vec<(Usage, Vec<Waiting>)> = Usage::ALL.iter().map(|&usage| (usage, Vec::new())).collect();
        for building in range {
            let Some(archetype) = self.archetype_of[building] else {
                if self.connected.binary_search(&building).is_ok() {
                    result.connections.push(self.without_load(building));
                }
                continue;
            };
            let usage = self.buildings[building].usage.value;
            let of_usage = waiting.iter_mut().find(|(known, _)| *known == usage).expect("all uses are listed");
            let lanes = self.lanes(building, &self.archetypes.archetypes[archetype], sunlight, &mut result)?;
            of_usage.1.extend(lanes);
        }
        for (usage, waiting) in waiting {
            let number = Usage::ALL.iter().position(|known| *known == usage).expect("all uses are listed");
            let Some(profile) = &self.profiles[number] else { continue };
            let mut waiting = waiting.into_iter().peekable();
            while waiting.peek().is_some() {
                let (places, occupants): (Vec<_>, Vec<_>) = waiting
                    .by_ref()
                    .take(LANES)
                    .map(|Waiting { building, variant, occupant }| ((building, variant), occupant))
                    .unzip();
                let outcomes = self.year.compute(profile, &occupants, scratch)?;
                for (((building, variant), occupant), outcome) in places.into_iter().zip(&occupants).zip(outcomes) {
                    self.store(&mut result, (building, variant), occupant, outcome);
                }
            }
        }
        for (at, rows) in result.rows.iter_mut().enumerate() {
            let building = result.first + at;
            if let Some(archetype) = self.archetype_of[building] {
                let archetype = &self.archetypes.archetypes[archetype];
                self.appraisal.appraise(rows, &areas(&self.buildings[building], archetype))?;
            }
        }
        for connection in &mut result.connections {
            let as_built = &connection.load[0];
            connection.heat_pump.iter_mut().zip(as_built).for_each(|(with, without)| *with -= without);
        }
        Ok(result)
    }

    /// All variants of a building, ready for lanes.
    fn lanes(
        &self,
        building: usize,
        archetype: &Archetype,
        sunlight: Option<&SurfaceSunlight>,
        result: &mut ChunkResult,
    ) -> Result<Vec<Waiting>, Error> {
        let own = &self.buildings[building];
        let usage = self.archetypes.profile(own.usage.value);
        let sunlight: Vec<FaceSunlight> = own
            .faces
            .iter()
            .map(|face| sunlight.map_or_else(|| open(face, self.albedo), |read| read.of_face(face, self.albedo)))
            .collect();
        let makings = Makings {
            building: own,
            archetype,
            usage,
            energy: self.energy,
            sunlight: &sunlight,
            n_sun_bins: self.year.climate.n_sun_bins,
        };
        let is_connected = self.connected.binary_search(&building).is_ok();
        let wants_modules = is_connected || self.variants.iter().any(|variant| variant.pv_roof_share > 0.0);
        let per_kilowatt = match wants_modules {
            true => {
                modules::power_per_kilowatt(own, &sunlight, &self.year.climate, (&self.modules.0, &self.modules.1))?
            }
            false => None,
        };
        let per_kilowatt = Arc::new(per_kilowatt.unwrap_or_default());
        let capacity = |variant: &Variant| match per_kilowatt.is_empty() {
            true => 0.0,
            false => variant.pv_roof_share * modules::roof_area(own) * KILOWATTS_PER_M2,
        };
        let mut lanes = Vec::with_capacity(self.variants.len() + 1);
        let as_built = self.zone_of(&makings, &self.variants[0])?;
        for (number, variant) in self.variants.iter().enumerate() {
            let zone = if number == 0 { as_built.clone() } else { self.zone_of(&makings, variant)? };
            let system = variant.heating_system.unwrap_or(self.energy.heating_system);
            let capacity = capacity(variant);
            lanes.push(Waiting {
                building,
                variant: number,
                occupant: Occupant {
                    systems: systems(
                        self.energy,
                        usage,
                        (&zone, &as_built),
                        (system, variant.heat_pump_flow_c),
                        &self.reset,
                    )?,
                    modules: (capacity > 0.0).then(|| (capacity, Arc::clone(&per_kilowatt))),
                    keep: Keep { needs: number == 0 && self.energy.hourly, electricity: is_connected },
                    zone,
                },
            });
        }
        if is_connected {
            lanes.push(self.with_heat_pump(building, usage, &as_built)?);
            let n_hours = self.year.climate.n_hours();
            result.connections.push(Connection {
                building,
                load: vec![Vec::new(); self.variants.len()],
                heat_pump: Vec::new(),
                per_kilowatt: if per_kilowatt.is_empty() { vec![0.0; n_hours] } else { per_kilowatt.to_vec() },
                capacity: self.variants.iter().map(capacity).collect(),
            });
        }
        Ok(lanes)
    }

    /// The building as it is with a heat pump from outdoor air: what feeders are asked to host.
    fn with_heat_pump(&self, building: usize, usage: &UsageProfile, as_built: &Zone) -> Result<Waiting, Error> {
        let zones = (as_built, as_built);
        let warmest = self.archetypes.measures.heat_pump_flow_c[0];
        let pump = (HeatingSystem::AirHeatPump, Some(warmest));
        let systems = systems(self.energy, usage, zones, pump, &self.reset)?;
        let keep = Keep { needs: false, electricity: true };
        let occupant = Occupant { zone: as_built.clone(), systems, modules: None, keep };
        Ok(Waiting { building, variant: self.variants.len(), occupant })
    }

    fn zone_of(&self, makings: &Makings<'_>, variant: &Variant) -> Result<Zone, Error> {
        zone(makings, variant).map_err(|error| {
            let message = format!("building {}: {error}", makings.building.id);
            Problem::new(message).of_key("buildings").into()
        })
    }

    fn store(&self, result: &mut ChunkResult, (building, variant): (usize, usize), of: &Occupant, outcome: Outcome) {
        let at = building - result.first;
        if variant < self.variants.len() {
            let modules_kw = of.modules.as_ref().map_or(0.0, |(capacity, _)| *capacity);
            let kelvin = self.reset.room - self.reset.design_outdoor;
            let design_load_kw = heat_loss(&of.zone) * kelvin / WATTS_PER_KILOWATT;
            result.rows[at][variant] = Row::new(&outcome, of.zone.floor_area, (design_load_kw, modules_kw));
        }
        if of.keep.electricity {
            let connection = result.connections.iter_mut().find(|known| known.building == building);
            let connection = connection.expect("connected buildings were listed with their lanes");
            let mut load = outcome.electricity;
            if let Some((capacity, per_kilowatt)) = &of.modules {
                let modules = per_kilowatt.iter().map(|power| (capacity * f64::from(*power)) as f32);
                load.iter_mut().zip(modules).for_each(|(net, power)| *net += power);
            }
            match connection.load.get_mut(variant) {
                Some(of_variant) => *of_variant = load,
                None => connection.heat_pump = load,
            }
        }
        if of.keep.needs {
            result.hourly[at] = outcome.needs;
        }
    }

    /// What a feeder sees of a building that is neither heated nor lit.
    fn without_load(&self, building: usize) -> Connection {
        let nothing = vec![0.0; self.year.climate.n_hours()];
        Connection {
            building,
            load: vec![nothing.clone(); self.variants.len()],
            heat_pump: nothing.clone(),
            per_kilowatt: nothing,
            capacity: vec![0.0; self.variants.len()],
        }
    }

    /// Hours of a building without heat balance.
    fn no_hours(&self) -> [Vec<f32>; 3] {
        let n_hours = self.year.climate.n_hours();
        [vec![0.0; n_hours], vec![0.0; n_hours], vec![f32::NAN; n_hours]]
    }
}

/// Range of the surfaces that a run of buildings reads.
pub fn surfaces(buildings: &[Building], range: Range<usize>) -> Range<usize> {
    surfaces_of(&buildings[range])
}
