//! A year of a block of buildings: heat balance, key figures, energy bought.

use std::ops::Range;

use conurb_energy::climate::Climate;
use conurb_energy::demand::{BuildingDemand, BuildingSystems, Demand, DemandYear, ElectricityHours};
use conurb_energy::five_r1c::FiveR1CBlock;
use conurb_energy::heating_curve::PartLoads;
use conurb_energy::hourly::{Hourly, LANES, Lanes};
use conurb_energy::kpi::{Controls, Kpi, Limits, ZoneKpi};
use conurb_energy::load_duration::LoadDuration;
use conurb_energy::multi_node::{ExteriorConvection, MultiNodeBlock};
use conurb_energy::profile::Profile;
use conurb_energy::zone::Zone;

use crate::error::Error;
use crate::scenario::Fidelity;

/// What all blocks of a run share.
pub struct Year {
    /// Weather of the year.
    pub climate: Climate,
    /// Loads of heating by the weather.
    pub part_loads: PartLoads,
    /// What hours are judged by.
    pub limits: Limits,
    /// The zone model.
    pub fidelity: Fidelity,
    /// Outer films.
    pub exterior: ExteriorConvection,
    /// Hours before the year that are computed to forget how it began.
    pub warm_up_hours: usize,
}

/// A building, or a variant of one, in a lane.
pub struct Occupant {
    /// Its heat balance.
    pub zone: Zone,
    /// What heats, cools and lights it.
    pub systems: BuildingSystems,
    /// Capacity of its modules (kW) and the power of one kilowatt of them hour by hour (W), if it has any.
    pub modules: Option<(f64, std::sync::Arc<Vec<f32>>)>,
    /// Whether its hours are kept.
    pub keep: Keep,
}

/// What of the hours is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keep {
    /// Heating, cooling and temperature.
    pub needs: bool,
    /// Electricity.
    pub electricity: bool,
}

/// What a year of one lane comes to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Key figures of the heat balance.
    pub kpi: ZoneKpi,
    /// Heating that 99 % of hours do not exceed (W).
    pub heating_p99: f64,
    /// Energy bought.
    pub demand: BuildingDemand,
    /// Heating (W), cooling (W) and operative temperature (°C) hour by hour, if they are kept.
    pub needs: [Vec<f32>; 3],
    /// Electricity from the grid hour by hour, negative where modules feed in (W), if it is kept.
    pub electricity: Vec<f32>,
}

/// Memory of one thread.
#[derive(Default)]
pub struct Scratch {
    hourly: Hourly,
    electricity: ElectricityHours,
    modules: Vec<Lanes>,
}

enum Block {
    MultiNode(Box<MultiNodeBlock>),
    FiveR1C(Box<FiveR1CBlock>),
}

impl Block {
    fn new(year: &Year, zones: &[&Zone]) -> Self {
        match year.fidelity {
            Fidelity::MultiNode => Block::MultiNode(Box::new(MultiNodeBlock::new(zones, year.exterior))),
            Fidelity::FiveR1C => Block::FiveR1C(Box::new(FiveR1CBlock::new(zones))),
        }
    }

    fn advance(&mut self, year: &Year, profile: &Profile, hours: Range<usize>, out: &mut Hourly) {
        match self {
            Block::MultiNode(block) => block.advance(&year.climate, profile, hours, out),
            Block::FiveR1C(block) => block.advance(&year.climate, profile, hours, out),
        }
    }
}

impl Year {
    /// Computes the year of up to [`LANES`] buildings of one use.
    ///
    /// # Errors
    /// Values out of range, or results that are no numbers.
    pub fn compute(
        &self,
        profile: &Profile,
        occupants: &[Occupant],
        scratch: &mut Scratch,
    ) -> Result<Vec<Outcome>, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::Failed(format!("energy of buildings: {error}"));
        let zones: Vec<&Zone> = occupants.iter().map(|occupant| &occupant.zone).collect();
        let systems: Vec<BuildingSystems> = occupants.iter().map(|occupant| occupant.systems).collect();
        let controls: Vec<Controls> = zones.iter().map(|&zone| Controls::from(zone)).collect();
        let demand_year = DemandYear::new(&self.climate, profile, &self.part_loads).map_err(|error| failed(&error))?;
        let mut block = Block::new(self, &zones);
        let mut duration = LoadDuration::default();
        let mut kpi = Kpi::new(&controls, self.limits);
        let mut demand = Demand::new(&systems, &demand_year).map_err(|error| failed(&error))?;
        let mut kept: Vec<([Vec<f32>; 3], Vec<f32>)> = occupants.iter().map(|_| Default::default()).collect();
        let n_hours = self.climate.n_hours();
        self.warm_up(&mut block, profile, scratch);
        let wants = occupants.iter().any(|occupant| occupant.keep.electricity);
        for hours in in_pieces(0..n_hours) {
            block.advance(self, profile, hours.clone(), &mut scratch.hourly);
            duration.add(&scratch.hourly.heating);
            kpi.add(&scratch.hourly, hours.start);
            let modules = fill_modules(occupants, hours.clone(), &mut scratch.modules);
            let out = wants.then_some(&mut scratch.electricity);
            demand.add(&demand_year, &scratch.hourly, hours.start, modules, out);
            for (lane, (occupant, kept)) in occupants.iter().zip(&mut kept).enumerate() {
                keep(occupant.keep, lane, scratch, kept);
            }
        }
        kept.into_iter()
            .enumerate()
            .map(|(lane, (needs, electricity))| {
                let kpi = kpi.zone(lane).map_err(|error| failed(&error))?;
                let demand = demand.building(lane).map_err(|error| failed(&error))?;
                let heating_p99 = duration.percentile(lane, MOST_HOURS).unwrap_or(0.0);
                Ok(Outcome { kpi, heating_p99, demand, needs, electricity })
            })
            .collect()
    }

    /// Computes the last days of the year once before it begins.
    fn warm_up(&self, block: &mut Block, profile: &Profile, scratch: &mut Scratch) {
        let n_hours = self.climate.n_hours();
        for hours in in_pieces(n_hours - self.warm_up_hours.min(n_hours)..n_hours) {
            block.advance(self, profile, hours, &mut scratch.hourly);
        }
    }
}

/// Share of hours that a peak of systems serves.
const MOST_HOURS: f64 = 0.99;
/// Hours that are computed in one go: few enough to stay in the nearest cache until all that looks at them has done so.
const HOURS_AT_ONCE: usize = 48;

fn in_pieces(hours: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = hours.end;
    hours.step_by(HOURS_AT_ONCE).map(move |start| start..(start + HOURS_AT_ONCE).min(end))
}

/// Power of the modules of each lane in some hours; nothing where no lane has any.
fn fill_modules<'a>(occupants: &[Occupant], hours: Range<usize>, memory: &'a mut Vec<Lanes>) -> Option<&'a [Lanes]> {
    if occupants.iter().all(|occupant| occupant.modules.is_none()) {
        return None;
    }
    memory.clear();
    memory.resize(hours.len(), [0.0; LANES]);
    for (lane, occupant) in occupants.iter().enumerate() {
        let Some((capacity, per_kilowatt)) = &occupant.modules else { continue };
        for (values, power) in memory.iter_mut().zip(&per_kilowatt[hours.clone()]) {
            values[lane] = capacity * f64::from(*power);
        }
    }
    Some(memory)
}

fn keep(wanted: Keep, lane: usize, scratch: &Scratch, (needs, electricity): &mut ([Vec<f32>; 3], Vec<f32>)) {
    if wanted.needs {
        let Hourly { heating, cooling, temp_operative, .. } = &scratch.hourly;
        for (series, kept) in [heating, cooling, temp_operative].into_iter().zip(needs) {
            kept.extend(series.iter().map(|lanes| lanes[lane] as f32));
        }
    }
    if wanted.electricity {
        electricity.extend(scratch.electricity.net.iter().map(|lanes| lanes[lane]));
    }
}
