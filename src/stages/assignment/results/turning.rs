//! Volumes of turns.

use conurb_traffic::{OrderScratch, PathScratch, in_order};

use super::output::{Output, put_f64, put_i32};
use super::{AssignmentProblem, Results, Traffic};
use crate::error::Error;
use crate::field::traffic as field;
use crate::parallel::Runtime;
use crate::stages::FieldSink;
use crate::stages::assignment::solution::Sources;

/// The turns that open links allow, in order of the links they leave and enter.
#[derive(Debug, Clone)]
pub struct TurnList {
    /// Links left and entered, in file order.
    pairs: Vec<(u32, u32)>,
    penalty: Vec<f64>,
}

impl TurnList {
    /// All turns of a network.
    pub fn new(problem: &AssignmentProblem) -> Self {
        let network = &problem.network;
        let mut out = vec![Vec::new(); network.n_nodes()];
        let is_open = |link: &u32| network.open()[*link as usize];
        let links = || (0..network.n_links() as u32).filter(is_open);
        links().for_each(|link| out[network.tail()[link as usize] as usize].push(link));
        let mut turns = TurnList { pairs: Vec::new(), penalty: Vec::new() };
        for from in links().filter(|&link| network.through()[network.head()[link as usize] as usize]) {
            for &to in &out[network.head()[from as usize] as usize] {
                let penalty = network.turn_penalty(from, to);
                if penalty.is_finite() {
                    turns.pairs.push((from, to));
                    turns.penalty.push(penalty);
                }
            }
        }
        turns
    }

    /// Number of turns.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Writes what the turns are.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn write(&self, sink: &mut dyn FieldSink, traffic: &Traffic) -> Result<(), Error> {
        let links = |of: fn(&(u32, u32)) -> u32| self.pairs.iter().map(|pair| of(pair) as i32).collect::<Vec<i32>>();
        put_i32(sink, &field::TURN_FROM_LINK, &[self.len()], &links(|pair| pair.0))?;
        put_i32(sink, &field::TURN_TO_LINK, &[self.len()], &links(|pair| pair.1))?;
        let seconds = self.penalty.iter().map(|penalty| penalty * traffic.time_unit.seconds());
        put_f64(sink, &field::TURN_PENALTY, &seconds.collect::<Vec<_>>())
    }
}

impl Results<'_> {
    /// Writes vehicles per hour of each class and turn, summed over the used paths.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn write_turning_volumes(
        &self,
        runtime: &Runtime,
        output: &mut Output<'_>,
        turns: &TurnList,
    ) -> Result<(), Error> {
        let (problem, graph) = (self.problem, &self.problem.graph);
        let Some(paths) = &self.solution.paths else { return Ok(()) };
        let sources = Sources::new(problem, runtime);
        let (n_turns, n_classes) = (turns.len(), problem.classes.len());
        let scratch = runtime.scratch(|| (PathScratch::new(graph), OrderScratch::new(graph)));
        let volumes = runtime.sum(&sources.blocks, n_classes * n_turns, |block, volumes| {
            scratch.with(|(scratch, order)| {
                let mut ordered = Vec::new();
                for source in sources.in_block(block) {
                    let (origin, class) = problem.origin_and_class(source);
                    let zones = problem.destination_zones(source);
                    let to_hourly = 1.0 / (problem.classes[class].pce * self.traffic.period_h);
                    let volumes = &mut volumes[class * n_turns..(class + 1) * n_turns];
                    paths[source].for_each_path(problem.trips(source), scratch, |pair, flow, _, links| {
                        ordered.clear();
                        ordered.extend_from_slice(links);
                        let end = graph.zone_state()[zones[pair] as usize];
                        let found = in_order(graph, &mut ordered, (graph.zone_state()[origin], end), order);
                        assert!(found, "the links of a path lead from its origin to its destination");
                        for two in ordered.windows(2) {
                            let [from, to] = [two[0], two[1]].map(|link| graph.source_link()[link as usize]);
                            if let Ok(turn) = turns.pairs.binary_search(&(from, to)) {
                                volumes[turn] += flow * to_hourly;
                            }
                        }
                    });
                }
            });
        })?;
        output.put(self.period, &field::TURN_VOLUME, &[n_classes, n_turns], volumes)
    }
}
