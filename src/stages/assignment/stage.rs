//! The assignment as a stage of a run.

use std::time::Instant;

use super::problem::AssignmentProblem;
use super::results::fields;
use super::results::observed::Observed;
use super::results::select::Selected;
use super::run::Run;
use super::solution::Solution;
use super::{braess, metrics, system_optimum};
use crate::error::{Error, Problem, Warning};
use crate::field::FieldSpec;
use crate::inputs::TrafficInputs;
use crate::scenario::{Solver, Traffic};
use crate::stages::{Context, Phases, Stage, StageReport};

/// `traffic.assignment`: from network and demand to link volumes at user equilibrium, and what follows from them.
pub struct AssignmentStage {
    pub(super) traffic: Traffic,
    pub(super) inputs: TrafficInputs,
    /// The problem of the first period, or of the only one.
    pub(super) problem: AssignmentProblem,
    /// What is odd about the problems of all periods.
    warnings: Vec<Warning>,
}

/// Bytes of a path-based solution per pair and link of its path, measured on networks of 400 to 39,000 links.
const BYTES_PER_PATH_LINK: f64 = 5.0;
/// Links on a mean path per square root of nodes: paths grow with the width of a city.
const PATH_LINKS_PER_ROOT_NODE: f64 = 0.4;
/// Bytes per pair besides its paths: demand as read and as solved, alternatives, fixed costs.
const BYTES_PER_PAIR: usize = 72;
/// Bytes per link of a path that is listed by itself, with its share of the path's own figures.
const BYTES_PER_LISTED_LINK: f64 = 8.0;
/// Bytes per pair of zones and class while trips are distributed: weights, trips as they are and as they should be.
const BYTES_PER_DISTRIBUTED_PAIR: usize = 64;
/// Bytes per link: cost functions, states, search form, results.
const BYTES_PER_LINK: usize = 600;
/// Bytes per link and thread: private link states, working memory.
const BYTES_PER_LINK_AND_THREAD: usize = 80;

impl AssignmentStage {
    /// The stage for a `[traffic]` table and its files.
    ///
    /// # Errors
    /// Links and zones that do not exist, values a solver cannot work with.
    pub fn new(traffic: Traffic, inputs: TrafficInputs) -> Result<Self, Error> {
        let problem = AssignmentProblem::new(&inputs, &traffic, 0)?;
        let mut warnings = problem.warnings.clone();
        for period in 1..traffic.periods.len() {
            // What is odd about the network is told once.
            let of_period = AssignmentProblem::new(&inputs, &traffic, period)?.warnings;
            warnings.extend(of_period.into_iter().filter(|warning| !problem.warnings.contains(warning)));
        }
        if !inputs.districts.is_empty() && inputs.roads.node_xy.is_none() {
            let problem = Problem::new("links lie in no district without coordinates of nodes");
            return Err(problem.of_key("people.districts").hint("name a file of nodes in traffic.nodes").into());
        }
        if traffic.system_optimum.is_some() {
            system_optimum::check(&problem)?;
        }
        if let Some(braess) = &traffic.braess {
            braess::candidates(&inputs, &traffic, (&problem, &Solution::empty(&problem)), braess)?;
        }
        Selected::new(&inputs, &traffic, &problem)?;
        Ok(AssignmentStage { traffic, inputs, problem, warnings })
    }
}

impl AssignmentStage {
    /// How often paths are held at the same time: solved, carried over to another solve, of the optimum.
    fn copies_of_paths(&self) -> f64 {
        let traffic = &self.traffic;
        let carries = traffic.periods.len() > 1 || traffic.distribution.is_some() || traffic.braess.is_some();
        1.0 + if carries { 2.0 } else { 0.0 } + if traffic.system_optimum.is_some() { 1.0 } else { 0.0 }
    }
}

impl Stage for AssignmentStage {
    fn name(&self) -> &'static str {
        "traffic.assignment"
    }

    fn reads(&self) -> Vec<FieldSpec> {
        Vec::new()
    }

    fn writes(&self) -> Vec<FieldSpec> {
        fields(&self.inputs, &self.traffic)
    }

    fn sizes(&self) -> Vec<(&'static str, u64)> {
        let roads = &self.inputs.roads;
        let pairs: usize = self.problem.classes.iter().map(|class| class.demand.n_pairs()).sum();
        [
            ("zones", roads.n_zones()),
            ("nodes", roads.n_nodes()),
            ("links", roads.n_links()),
            ("user classes", self.traffic.classes.len()),
            ("periods", self.traffic.periods.len().max(1)),
            ("zone pairs", pairs),
        ]
        .map(|(what, count)| (what, count as u64))
        .to_vec()
    }

    fn memory(&self, n_ranks: usize, n_threads: usize) -> u64 {
        let (roads, graph) = (&self.inputs.roads, &self.problem.graph);
        let pairs: usize = self.problem.classes.iter().map(|class| class.demand.n_pairs()).sum();
        let read: usize = self.inputs.trips.iter().map(|trips| trips.trips.len() * 16).sum();
        let path_links = PATH_LINKS_PER_ROOT_NODE * (roads.n_nodes() as f64).sqrt() + 2.0;
        let of_paths = pairs as f64 * path_links;
        let paths = match self.traffic.assignment.solver {
            Solver::GradientProjection => of_paths * BYTES_PER_PATH_LINK * self.copies_of_paths() / n_ranks as f64,
            Solver::BiConjugateFrankWolfe | Solver::Msa => 0.0,
        };
        let earlier = if self.inputs.earlier.is_some() { of_paths * BYTES_PER_LISTED_LINK } else { 0.0 };
        let listed =
            if self.traffic.path_flows { 2.0 * of_paths * BYTES_PER_LISTED_LINK / n_ranks as f64 } else { 0.0 };
        let n_periods = self.traffic.periods.len().max(1) as f64;
        let matrices = self.traffic.distribution.as_ref().map_or(0, |_| {
            let n_zones = roads.n_zones();
            n_zones * n_zones * self.traffic.classes.len() * BYTES_PER_DISTRIBUTED_PAIR
        });
        let arcs = roads.n_links().max(graph.n_arcs());
        let fixed = read + pairs * BYTES_PER_PAIR + arcs * (BYTES_PER_LINK + n_threads * BYTES_PER_LINK_AND_THREAD);
        (paths + earlier + listed * n_periods) as u64 + (fixed + matrices) as u64
    }

    fn run(&self, context: &mut Context<'_>) -> Result<StageReport, Error> {
        let (start, waited) = (Instant::now(), context.runtime.communication_seconds());
        let mut run = Run::start(self, context)?;
        for period in 0..self.traffic.periods.len().max(1) {
            run.period(period)?;
        }
        run.finish()?;
        let of_counts: Vec<_> = run.observed.iter().flat_map(Observed::metrics).collect();
        let Run { outcomes, warnings, write_seconds, .. } = run;
        let communicate = context.runtime.communication_seconds() - waited;
        let compute = (start.elapsed().as_secs_f64() - communicate - write_seconds).max(0.0);
        let trees: u64 = outcomes.iter().map(|outcome| outcome.trees).sum();
        let mut all = self.inputs.warnings.clone();
        all.extend(self.warnings.iter().cloned());
        all.extend(warnings);
        let mut metrics = metrics::of_run(&self.traffic, &self.problem, &outcomes);
        metrics.extend(of_counts);
        Ok(StageReport {
            metrics,
            warnings: all,
            phases: Phases { read: self.inputs.seconds, compute, communicate, write: write_seconds },
            throughput: (compute > 0.0).then(|| ("trees/s".into(), trees as f64 / compute)),
        })
    }
}
