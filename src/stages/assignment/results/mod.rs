//! What the assignment writes: network, volumes, times, skims, convergence, in the engine's units.

mod fields;
mod matrices;
mod network;
pub mod observed;
pub mod output;
pub mod paths;
pub mod select;
mod summary;
pub mod trip_lengths;
pub mod turning;

use conurb_numerics::pairwise_sum;

use super::problem::AssignmentProblem;
use super::solution::{LogEntry, Solution};
use crate::error::Error;
use crate::field::traffic as field;
use crate::inputs::TrafficInputs;
use crate::parallel::Runtime;
use crate::scenario::Traffic;
use crate::stages::FieldSink;

pub use fields::{fields, of_period as period_fields};
pub use network::write_network;
use output::{Output, put_f64, put_i32};
pub use summary::Groupings;

/// All that the results of one period follow from.
#[derive(Clone, Copy)]
pub struct Results<'a> {
    /// Network and demand as read.
    pub inputs: &'a TrafficInputs,
    /// The `[traffic]` table.
    pub traffic: &'a Traffic,
    /// What was solved.
    pub problem: &'a AssignmentProblem,
    /// How.
    pub solution: &'a Solution,
    /// The period, as an index.
    pub period: usize,
}

/// Totals over links and turns, per `period_h`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Totals {
    /// Σ vehicles × travel time, vehicles × time units of the network.
    pub total_travel_time: f64,
    /// Vehicle hours travelled.
    pub vht: f64,
    /// Vehicle kilometres travelled, where lengths have a unit.
    pub vkt: Option<f64>,
}

impl Results<'_> {
    /// Vehicles per `period_h` on each graph link, all classes.
    pub fn vehicles(&self) -> Vec<f64> {
        let mut vehicles = vec![0.0; self.problem.graph.n_links()];
        for (index, class) in self.problem.classes.iter().enumerate() {
            let volumes = self.solution.flows.of_class(index);
            vehicles.iter_mut().zip(volumes).for_each(|(sum, volume)| *sum += volume / class.pce);
        }
        vehicles
    }

    /// Vehicle kilometres of each class per `period_h`; none where lengths have no unit.
    pub fn class_vkt(&self) -> Vec<f64> {
        let Some(unit) = self.traffic.length_unit else { return Vec::new() };
        let (source, lengths) = (self.problem.graph.source_link(), &self.inputs.roads.length);
        let of_class = |(index, class): (usize, &super::ClassProblem)| {
            let volumes = self.solution.flows.of_class(index).iter().zip(source);
            let terms: Vec<f64> = volumes.map(|(volume, &link)| volume / class.pce * lengths[link as usize]).collect();
            pairwise_sum(&terms) * unit.metres() / 1000.0
        };
        self.problem.classes.iter().enumerate().map(of_class).collect()
    }

    /// Travel time of each graph link at the final volumes, time units of the network.
    pub fn travel_times(&self) -> Vec<f64> {
        let times = &self.problem.travel_times;
        self.solution.flows.total().iter().enumerate().map(|(link, &volume)| times.cost(link, volume)).collect()
    }

    /// Totals over links and turns.
    pub fn totals(&self) -> Totals {
        let (vehicles, times) = (self.vehicles(), self.travel_times());
        let sum = |of_link: &dyn Fn(usize) -> f64| {
            pairwise_sum(&vehicles.iter().enumerate().map(|(link, v)| v * of_link(link)).collect::<Vec<_>>())
        };
        let total_travel_time = sum(&|link| times[link]) + self.turn_time();
        let source = self.problem.graph.source_link();
        let length = |link: usize| self.inputs.roads.length[source[link] as usize];
        Totals {
            total_travel_time,
            vht: total_travel_time * self.traffic.time_unit.seconds() / 3600.0,
            vkt: self.traffic.length_unit.map(|unit| sum(&length) * unit.metres() / 1000.0),
        }
    }

    /// Σ vehicles × time of turns: what fixed costs have besides those of links.
    fn turn_time(&self) -> f64 {
        if !self.problem.graph.has_turns() {
            return 0.0;
        }
        let of_class = |(index, class): (usize, &super::ClassProblem)| {
            let volumes = self.solution.flows.of_class(index);
            let fixed = volumes.iter().zip(&class.fixed_cost).filter(|(volume, _)| **volume > 0.0);
            let of_links = pairwise_sum(&fixed.map(|(volume, cost)| volume * cost).collect::<Vec<_>>());
            (self.solution.flows.fixed_cost_of(index) - of_links) / class.pce
        };
        self.problem.classes.iter().enumerate().map(of_class).sum()
    }

    /// Writes volumes, times and costs of links; every rank holds all of it.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn write_links(&self, output: &mut Output<'_>) -> Result<(), Error> {
        let (traffic, problem) = (self.traffic, self.problem);
        let per_hour = 1.0 / traffic.period_h;
        let (n_links, n_classes) = (problem.network.n_links(), problem.classes.len());
        let volumes = self.solution.flows.total();
        let times = self.travel_times();
        let seconds = traffic.time_unit.seconds();
        let ratio: Vec<f64> = problem
            .by_source_link(0.0, |link| volumes[link])
            .iter()
            .zip(&self.inputs.roads.capacity)
            .map(|(volume, capacity)| if *capacity > 0.0 { volume / capacity } else { f64::NAN })
            .collect();
        let mut put = |spec, shape: &[usize], values| output.put(self.period, spec, shape, values);
        put(&field::LINK_VOLUME, &[n_classes, n_links], self.class_volumes(self.solution))?;
        let pcu = problem.by_source_link(0.0, |link| volumes[link] * per_hour);
        put(&field::LINK_VOLUME_PCU, &[n_links], pcu)?;
        put(&field::VOLUME_CAPACITY_RATIO, &[n_links], ratio)?;
        let time = problem.by_source_link(f64::NAN, |link| times[link] * seconds);
        put(&field::LINK_TRAVEL_TIME, &[n_links], time)?;
        let cost: Vec<f64> = problem
            .classes
            .iter()
            .flat_map(|class| {
                let cost = |link: usize| times[link] + class.fixed_cost[link];
                problem.by_source_link(f64::NAN, |link| Some(cost(link)).filter(|c| c.is_finite()).unwrap_or(f64::NAN))
            })
            .collect();
        match n_classes {
            1 => put(&field::LINK_COST, &[n_links], cost),
            _ => put(&field::LINK_CLASS_COST, &[n_classes, n_links], cost),
        }
    }

    /// Vehicles per hour by class and link in file order.
    pub fn class_volumes(&self, solution: &Solution) -> Vec<f64> {
        let of_class = |(index, class): (usize, &super::ClassProblem)| {
            let (volumes, per_hour) = (solution.flows.of_class(index), 1.0 / self.traffic.period_h);
            self.problem.by_source_link(0.0, |link| volumes[link] / class.pce * per_hour)
        };
        self.problem.classes.iter().enumerate().flat_map(of_class).collect()
    }
}

/// Writes the history of the gap, periods one after the other.
///
/// # Errors
/// The store cannot take it.
pub fn write_convergence(sink: &mut dyn FieldSink, logs: &[Vec<LogEntry>]) -> Result<(), Error> {
    let all = |of: fn(&LogEntry) -> f64| logs.iter().flatten().map(of).collect::<Vec<f64>>();
    put_f64(sink, &field::RELATIVE_GAP, &all(|entry| entry.gaps.relative_gap()))?;
    put_f64(sink, &field::RELATIVE_GAP_SPTT, &all(|entry| entry.gaps.relative_gap_sptt()))?;
    put_f64(sink, &field::AVERAGE_EXCESS_COST, &all(|entry| entry.gaps.average_excess_cost()))?;
    put_f64(sink, &field::OBJECTIVE, &all(|entry| entry.objective))?;
    if logs.len() > 1 {
        let periods: Vec<i32> =
            logs.iter().enumerate().flat_map(|(period, log)| vec![period as i32; log.len()]).collect();
        put_i32(sink, &field::ITERATION_PERIOD, &[periods.len()], &periods)?;
    }
    Ok(())
}

/// Rows of origins are computed and written by the rank that owns them, a few at a time.
pub(super) const ROWS_AT_A_TIME: usize = 64;

/// Goes through the origins in rounds: `work` gets those of this rank in each; every rank goes through as many rounds, since writing
/// is collective.
pub(super) fn in_rounds(
    runtime: &Runtime,
    owner: impl Fn(usize) -> usize,
    n_origins: usize,
    mut work: impl FnMut(&[usize]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut count = vec![0_usize; runtime.size()];
    (0..n_origins).for_each(|origin| count[owner(origin)] += 1);
    let n_rounds = count.iter().map(|origins| origins.div_ceil(ROWS_AT_A_TIME)).max().unwrap_or(0);
    let own: Vec<usize> = (0..n_origins).filter(|&origin| owner(origin) == runtime.rank()).collect();
    let mut rounds = own.chunks(ROWS_AT_A_TIME);
    (0..n_rounds).try_for_each(|_| work(rounds.next().unwrap_or(&[])))
}
