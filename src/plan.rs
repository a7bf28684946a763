//! What a run will do: its stages in order, what they read and write, how much memory they take.

use std::fmt::Write;
use std::sync::Arc;

use crate::city::City;
use crate::error::{Error, Problem};
use crate::export;
use crate::field::FieldSpec;
use crate::inputs::{FeederInputs, PlaceInputs, Reader};
use crate::parallel::{Runtime, machine};
use crate::scenario::Scenario;
use crate::stages::Stage;
use crate::stages::assignment::AssignmentStage;
use crate::stages::climate::ClimateStage;
use crate::stages::energy::{AS_IT_IS, EnergyStage, Light};
use crate::stages::feeder::FeederStage;
use crate::stages::solar::{RasterStage, SurfacesStage, site};

/// The stages of a run in an order in which each finds what it reads.
pub struct Plan {
    /// The stages.
    pub stages: Vec<Box<dyn Stage>>,
    /// Coordinate reference system of results: the scenario's, else that of the inputs.
    pub crs: Option<String>,
}

impl Plan {
    /// Reads the inputs of `scenario` and plans the stages its tables ask for; collective.
    ///
    /// # Errors
    /// Everything wrong with the inputs; a field that no stage writes; an export that the run cannot give.
    pub fn new(scenario: &Scenario, reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut stages: Vec<Box<dyn Stage>> = Vec::new();
        if let Some(traffic) = &scenario.traffic {
            let inputs = reader.traffic(scenario, traffic)?;
            stages.push(Box::new(AssignmentStage::new(traffic.clone(), inputs)?));
        }
        if let Some(climate) = &scenario.climate {
            let inputs = reader.climate(scenario, climate)?;
            stages.push(Box::new(ClimateStage::new(scenario, climate, inputs)?));
        }
        let mut crs = scenario.crs.clone();
        if scenario.solar.is_some() || scenario.energy.is_some() {
            let inputs = reader.place(scenario)?;
            if let Some(of_place) = inputs.crs.as_ref().filter(|_| crs.is_none()) {
                if scenario.traffic.is_some() {
                    let message = "a network beside buildings or rasters needs it, to lie in the same place";
                    let hint = format!("crs = \"{of_place}\", if the network's coordinates are in it too");
                    return Err(Problem::new(message).of_key("scenario.crs").hint(hint).into());
                }
                crs = Some(of_place.clone());
            }
            stages.extend(stages_of_place(scenario, inputs, reader)?);
        }
        if let Some(feeder) = scenario.feeder.as_ref().filter(|_| scenario.energy.is_none()) {
            let inputs = reader.feeder(feeder, &[])?;
            let settings = (feeder.clone(), scenario.seed);
            stages.push(Box::new(FeederStage::new(settings, inputs, vec![AS_IT_IS.to_owned()], Vec::new())?));
        }
        let stages = in_order(stages)?;
        let fields: Vec<FieldSpec> = stages.iter().flat_map(|stage| stage.writes()).collect();
        for &format in &scenario.exports {
            export::check(format, crs.as_deref(), &fields)?;
        }
        Ok(Plan { stages, crs })
    }

    /// Memory that the run will take on each rank, an estimate in bytes: stages run one after the other.
    pub fn memory(&self, runtime: &Runtime) -> u64 {
        self.stages.iter().map(|stage| stage.memory(runtime.size(), runtime.threads())).max().unwrap_or(0)
    }

    /// Refuses a run that this machine has no memory for; collective.
    ///
    /// # Errors
    /// More memory is needed than is available.
    pub fn check_memory(&self, runtime: &Runtime) -> Result<(), Error> {
        let hosts = runtime.all_gather(Ok(machine::host_id().into_bytes()))?;
        let ranks_here = hosts.iter().filter(|host| **host == hosts[runtime.rank()]).count() as u64;
        let needed = self.memory(runtime) * ranks_here;
        let fits = match machine::memory_available() {
            Some(available) if needed > available => {
                let message = format!(
                    "the run needs about {} MB of memory on this host, {} MB are available",
                    needed >> 20,
                    available >> 20
                );
                Err(Problem::new(message).hint(self.how_to_need_less()).into())
            }
            _ => Ok(()),
        };
        runtime.agree(fits)
    }

    fn how_to_need_less(&self) -> &'static str {
        let largest = self.stages.iter().max_by_key(|stage| stage.memory(1, 1));
        match largest.map(|stage| stage.name()) {
            Some("traffic.assignment") => {
                "share it over more hosts; the solver \"bi_conjugate_frank_wolfe\" keeps no paths and needs the least memory"
            }
            Some("climate") => "share it over more hosts, or adjust fewer variables or simulations at once",
            Some("energy") => "take fewer retrofit packages at once, or a part of the city",
            _ => "share it over more hosts",
        }
    }

    /// The plan in words, for `conurb check`.
    pub fn describe(&self, runtime: &Runtime) -> String {
        let mut text = String::new();
        for (index, stage) in self.stages.iter().enumerate() {
            let _ = writeln!(text, "stage {}: {}", index + 1, stage.name());
            for (what, size) in stage.sizes() {
                let _ = writeln!(text, "  {what}: {size}");
            }
            let fields: Vec<&str> = stage.writes().iter().map(|field| field.name).collect();
            let _ = writeln!(text, "  writes: {}", fields.join(", "));
        }
        let memory = self.memory(runtime) as f64 / f64::from(1 << 20);
        let _ =
            writeln!(text, "memory: about {memory:.0} MB, an estimate for one rank with {} threads", runtime.threads());
        text
    }
}

/// The stages of sun and heat.
fn stages_of_place(
    scenario: &Scenario,
    mut inputs: PlaceInputs,
    reader: &mut Reader<'_>,
) -> Result<Vec<Box<dyn Stage>>, Error> {
    let mut stages: Vec<Box<dyn Stage>> = Vec::new();
    if let Some(solar) = scenario.solar.as_ref().filter(|solar| solar.raster.is_some()) {
        stages.push(Box::new(RasterStage::new(scenario, solar, &mut inputs)?));
    }
    let Some(buildings) = &scenario.buildings else { return Ok(stages) };
    let mut city = None;
    let mut light = Light::Open;
    if buildings.have_surfaces() {
        let (prepared, warnings) = City::new(std::mem::take(&mut inputs.objects));
        inputs.warnings.extend(warnings);
        if let Some(solar) = &scenario.solar {
            let stage = SurfacesStage::new(scenario, solar, &mut inputs, prepared)?;
            city = Some((stage.city(), stage.convergence_deg()));
            light = Light::Shaded;
            stages.push(Box::new(stage));
        } else {
            let middle = [prepared.origin[0], prepared.origin[1]];
            let (convergence_deg, far) = site(inputs.crs(), middle, &inputs.weather)?;
            inputs.warnings.extend(far);
            city = Some((Arc::new(prepared), convergence_deg));
        }
    }
    if let Some(energy) = &scenario.energy {
        let city = city.as_ref().map(|(city, convergence_deg)| (&**city, *convergence_deg));
        let mut own = reader.energy(scenario, energy, city)?;
        own.warnings.splice(0..0, std::mem::take(&mut inputs.warnings));
        let ids: Vec<String> = own.buildings.iter().map(|building| building.id.clone()).collect();
        let feeder = scenario.feeder.as_ref().map(|feeder| reader.feeder(feeder, &ids)).transpose()?;
        own.connected = feeder.as_ref().map_or_else(Vec::new, FeederInputs::connected);
        let stage = EnergyStage::new(scenario, energy, inputs.weather, own, light)?;
        if let (Some(feeder), Some(inputs)) = (&scenario.feeder, feeder) {
            let hours = if inputs.connections.is_empty() { Vec::new() } else { stage.hour_of_day().to_vec() };
            let packages = if hours.is_empty() { vec![AS_IT_IS.to_owned()] } else { stage.package_names() };
            stages.push(Box::new(FeederStage::new((feeder.clone(), scenario.seed), inputs, packages, hours)?));
        }
        stages.push(Box::new(stage));
    }
    Ok(stages)
}

/// Orders stages so that each comes after those whose fields it reads.
fn in_order(mut waiting: Vec<Box<dyn Stage>>) -> Result<Vec<Box<dyn Stage>>, Error> {
    let mut ordered: Vec<Box<dyn Stage>> = Vec::new();
    while !waiting.is_empty() {
        let written: Vec<FieldSpec> = ordered.iter().flat_map(|stage| stage.writes()).collect();
        let ready = waiting.iter().position(|stage| stage.reads().iter().all(|field| written.contains(field)));
        let Some(ready) = ready else {
            let missing: Vec<String> = waiting
                .iter()
                .flat_map(|stage| stage.reads().into_iter().map(|field| (stage.name(), field)))
                .filter(|(_, field)| !written.contains(field))
                .map(|(stage, field)| format!("{} for {stage}", field.name))
                .collect();
            return Err(Problem::new(format!("no stage writes {}", missing.join(", "))).into());
        };
        ordered.push(waiting.remove(ready));
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::traffic::{LINK_COST, LINK_VOLUME};
    use crate::stages::{Context, StageReport};

    struct Fake(&'static str, Vec<FieldSpec>, Vec<FieldSpec>);

    impl Stage for Fake {
        fn name(&self) -> &'static str {
            self.0
        }
        fn reads(&self) -> Vec<FieldSpec> {
            self.1.clone()
        }
        fn writes(&self) -> Vec<FieldSpec> {
            self.2.clone()
        }
        fn sizes(&self) -> Vec<(&'static str, u64)> {
            Vec::new()
        }
        fn memory(&self, _: usize, _: usize) -> u64 {
            0
        }
        fn run(&self, _: &mut Context<'_>) -> Result<StageReport, Error> {
            Ok(StageReport::default())
        }
    }

    #[test]
    fn readers_come_after_writers() {
        let reader = Fake("reader", vec![LINK_VOLUME], vec![]);
        let writer = Fake("writer", vec![], vec![LINK_VOLUME]);
        let ordered = in_order(vec![Box::new(reader), Box::new(writer)]).unwrap();
        assert_eq!(ordered.iter().map(|stage| stage.name()).collect::<Vec<_>>(), ["writer", "reader"]);
    }

    #[test]
    fn a_field_that_nobody_writes_is_named() {
        let reader = Fake("reader", vec![LINK_COST], vec![]);
        let error = in_order(vec![Box::new(reader)]).err().unwrap();
        assert_eq!(error.to_string(), "no stage writes link_cost for reader");
    }
}
