//! The stage `feeder`: what buildings, heat pumps, photovoltaics and charging cars do to a low-voltage feeder.
//!
//! Every package of retrofit is screened through the hours of the year, and every technology is handed out, draw by draw, to
//! as many buses as the feeder bears. Packages and draws are independent of each other and are shared by threads and ranks.

mod loads;
mod output;

use std::time::Instant;

use conurb_energy::feeder::{Accuracy, Added, Hosted, Hosting, OperatingLimits, Screening, host, screen};

use self::loads::{Loads, Series};
use crate::error::{Error, Problem, Warning};
use crate::field::{FieldSpec, energy as field};
use crate::inputs::FeederInputs;
use crate::parallel::Chunks;
use crate::scenario::{FeederScenario, Technology};
use crate::stages::writing::Stopwatch;
use crate::stages::{Context, FieldSource, Metric, Phases, Stage, StageReport};

/// Voltages of a bus may differ this much from those of the feeder before it is told.
const SAME_VOLTAGE: f64 = 1e-6;
/// Bytes of a number.
const NUMBER: u64 = 8;

/// `feeder`: from loads to voltages, loadings and hosting capacities.
pub struct FeederStage {
    scenario: FeederScenario,
    seed: u64,
    inputs: FeederInputs,
    /// Names of the packages, the first of them none.
    packages: Vec<String>,
    /// Hour of the day in civil time of each hour; none without buildings.
    hour_of_day: Vec<u8>,
}

/// What one item of the work comes to.
enum Found {
    Screened(Box<Screening>),
    Hosted(Vec<Hosted>),
}

impl FeederStage {
    /// The stage for a scenario with `[feeder]`; `hour_of_day` is empty where no building hangs at it.
    ///
    /// # Errors
    /// Hosting capacity is asked of a feeder without any bus for it.
    pub fn new(
        (scenario, seed): (FeederScenario, u64),
        inputs: FeederInputs,
        packages: Vec<String>,
        hour_of_day: Vec<u8>,
    ) -> Result<Self, Error> {
        let stage = FeederStage { scenario, seed, inputs, packages, hour_of_day };
        if !stage.scenario.hosting.is_empty() && stage.candidates().is_empty() {
            let problem = Problem::new("no bus but the slack has a building or a load to hand technologies out to");
            return Err(problem.of_key("feeder.hosting").hint("remove it, or add connections").into());
        }
        Ok(stage)
    }

    fn limits(&self) -> OperatingLimits {
        let [v_min, v_max] = self.scenario.voltage_limits_pu;
        OperatingLimits { v_min, v_max, ..OperatingLimits::default() }
    }

    fn loads<'a>(&'a self, source: &'a dyn FieldSource) -> Loads<'a> {
        Loads {
            model: &self.inputs.model,
            connections: &self.inputs.connections,
            power_factor: self.scenario.power_factor,
            hour_of_day: &self.hour_of_day,
            source,
        }
    }

    /// Draws of each technology that are computed together.
    fn draws(&self) -> Vec<(Technology, std::ops::Range<u64>)> {
        let n_draws = self.scenario.hosting_draws as u64;
        let of = |&technology: &Technology| (0..n_draws).map(move |draw| (technology, draw..draw + 1));
        self.scenario.hosting.iter().flat_map(of).collect()
    }

    fn screened(&self, loads: &Series) -> Result<Screening, Error> {
        screen(&self.inputs.model.feeder, loads.borrow(), &self.limits(), &Accuracy::default())
            .map_err(|error| Error::Failed(format!("feeder {}: {error}", self.inputs.model.name)))
    }

    fn hosted(&self, base: &Series, added: &Series, draws: std::ops::Range<u64>) -> Result<Vec<Hosted>, Error> {
        let hosting = Hosting {
            base: base.borrow(),
            added: Added::ByBus(added.borrow()),
            candidates: &self.candidates(),
            limits: self.limits(),
            accuracy: Accuracy::default(),
            seed: self.seed,
            draws,
        };
        host(&self.inputs.model.feeder, &hosting)
            .map_err(|error| Error::Failed(format!("feeder {}: {error}", self.inputs.model.name)))
    }

    /// Buses that technologies are handed out to: those of buildings, else those with loads, ascending.
    fn candidates(&self) -> Vec<usize> {
        let FeederInputs { model, connections, .. } = &self.inputs;
        let of_buildings = connections.iter().map(|connection| connection.bus);
        let of_loads = model.loads.iter().map(|load| load.bus);
        let mut buses: Vec<usize> = if connections.is_empty() { of_loads.collect() } else { of_buildings.collect() };
        buses.retain(|bus| *bus != model.feeder.slack());
        buses.sort_unstable();
        buses.dedup();
        buses
    }

    /// Screens packages and hands out technologies; every rank gets all of it. Collective.
    fn compute(&self, context: &Context<'_>) -> Result<(Vec<Screening>, Vec<Vec<f64>>), Error> {
        let (runtime, loads) = (context.runtime, self.loads(context.source));
        let draws = self.draws();
        let n_items = self.packages.len() + draws.len();
        // Series are read here, by one thread, because the library of the files has one lock.
        let base = runtime.agree(loads.of_package(0))?;
        let added: Vec<(Technology, Series)> = {
            let of = |&technology: &Technology| Ok((technology, loads.of_technology(technology, &self.scenario)?));
            runtime.agree(self.scenario.hosting.iter().map(of).collect::<Result<_, Error>>())?
        };
        let items: Vec<usize> = (0..n_items).collect();
        let own_items = |rank: usize| items.iter().copied().filter(move |item| item % runtime.size() == rank);
        let chunks = Chunks::owned_by(items.iter().map(|item| item % runtime.size()).collect());
        let own: Vec<usize> = own_items(runtime.rank()).collect();
        let is_own = |package: usize| package % runtime.size() == runtime.rank();
        let of_package = |package| is_own(package).then(|| loads.of_package(package)).transpose();
        let packages = (1..self.packages.len()).map(of_package).collect::<Result<Vec<_>, Error>>();
        let packages = runtime.agree(packages)?;
        let scratch = runtime.scratch(|| ());
        let found = runtime.map(&chunks, &own, &mut vec![(); n_items], &scratch, |item, (), ()| match item {
            0 => self.screened(&base).map(|found| Found::Screened(Box::new(found))),
            package if package < self.packages.len() => {
                let series = packages[package - 1].as_ref().expect("series of own packages were read");
                self.screened(series).map(|found| Found::Screened(Box::new(found)))
            }
            draw => {
                let (technology, range) = &draws[draw - self.packages.len()];
                let series = added.iter().find(|(known, _)| known == technology);
                let (_, series) = series.expect("each technology has a series");
                self.hosted(&base, series, range.clone()).map(Found::Hosted)
            }
        });
        let found: Result<Vec<Found>, Error> = found.into_iter().collect();
        let numbers = found.map(|found| found.iter().map(output::to_numbers).collect());
        let gathered = runtime.gather(&chunks, &items, numbers)?;
        let feeder = &self.inputs.model.feeder;
        let sizes = (feeder.n_buses(), feeder.lines().len());
        let screened =
            gathered[..self.packages.len()].iter().map(|numbers| output::screening_from(numbers, sizes)).collect();
        let hosted = gathered[self.packages.len()..].iter().map(|numbers| output::hosted_from(numbers)).collect();
        Ok((screened, hosted))
    }
}

impl Stage for FeederStage {
    fn name(&self) -> &'static str {
        "feeder"
    }

    fn reads(&self) -> Vec<FieldSpec> {
        match self.inputs.connections.is_empty() {
            true => Vec::new(),
            false => vec![
                field::CONNECTION_LOAD,
                field::CONNECTION_HEAT_PUMP,
                field::CONNECTION_PV,
                field::CONNECTION_PV_CAPACITY,
            ],
        }
    }

    fn writes(&self) -> Vec<FieldSpec> {
        output::fields(!self.scenario.hosting.is_empty())
    }

    fn sizes(&self) -> Vec<(&'static str, u64)> {
        [
            ("buses", self.inputs.model.buses.len()),
            ("lines", self.inputs.model.lines.len()),
            ("connected buildings", self.inputs.connections.len()),
            ("hours", self.hour_of_day.len().max(1)),
            ("draws", self.draws().len()),
        ]
        .map(|(what, count)| (what, count as u64))
        .to_vec()
    }

    fn memory(&self, n_ranks: usize, _: usize) -> u64 {
        let hours = self.hour_of_day.len().max(1) as u64;
        // Every rank has the loads before packages and the technologies, and the packages that it screens.
        let n_series = 1 + (self.packages.len() - 1).div_ceil(n_ranks) + self.scenario.hosting.len();
        let series = 2 * hours * self.inputs.model.buses.len() as u64 * NUMBER;
        series * n_series as u64
    }

    fn run(&self, context: &mut Context<'_>) -> Result<StageReport, Error> {
        let (start, runtime) = (Instant::now(), context.runtime);
        let waited = runtime.communication_seconds();
        let (screened, hosted) = self.compute(context)?;
        let computed = start.elapsed().as_secs_f64();
        let mut writing = Stopwatch::default();
        writing.run(|| output::write_network(context.sink, &self.inputs.model, &self.packages))?;
        writing.run(|| output::write_screening(context.sink, &self.inputs.model, &screened))?;
        writing.run(|| output::write_hosting(context.sink, &self.scenario, &hosted))?;
        let mut metrics = output::metrics(&self.inputs.model, &self.packages, &screened);
        metrics.extend(output::hosting_metrics(&self.scenario, &hosted));
        metrics.push(("buses".to_owned(), Metric::Count(self.inputs.model.buses.len() as u64)));
        let communicate = runtime.communication_seconds() - waited;
        let n_flows = (self.hour_of_day.len().max(1) * self.packages.len()) as f64;
        Ok(StageReport {
            metrics,
            warnings: self.warnings(&screened),
            phases: Phases {
                read: self.inputs.seconds,
                compute: (computed - communicate).max(0.0),
                communicate,
                write: writing.seconds,
            },
            throughput: (computed > 0.0).then(|| ("screened load flows/s".into(), n_flows / computed)),
        })
    }
}

impl FeederStage {
    fn warnings(&self, screened: &[Screening]) -> Vec<Warning> {
        let mut warnings = self.inputs.warnings.clone();
        let unsolved: usize = screened.iter().map(|found| found.hours_without_solution).sum();
        if unsolved > 0 {
            let message =
                format!("{unsolved} hours of all packages have no solution: the feeder cannot carry their loads");
            warnings.push(Warning::new("no_load_flow", unsolved, message));
        }
        let factors = &self.inputs.model.voltage_factor;
        let shifted = factors.iter().filter(|factor| (**factor - 1.0).abs() > SAME_VOLTAGE).count();
        if shifted > 0 {
            let message = format!(
                "{shifted} buses lie behind transformers whose ratio is not that of nominal voltages; limits are held against voltages of the feeder"
            );
            warnings.push(Warning::new("shifted_voltages", shifted, message));
        }
        warnings
    }
}
