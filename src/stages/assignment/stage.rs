//! The assignment as a stage of a run.

use std::time::Instant;

use super::problem::AssignmentProblem;
use super::results::Results;
use super::solution::Solution;
use super::solve;
use crate::error::{Error, Warning};
use crate::field::FieldSpec;
use crate::inputs::TrafficInputs;
use crate::scenario::{Solver, Traffic};
use crate::stages::{Context, Metric, Phases, Stage, StageReport};

/// `traffic.assignment`: from network and demand to link volumes at user equilibrium.
pub struct AssignmentStage {
    traffic: Traffic,
    inputs: TrafficInputs,
    problem: AssignmentProblem,
}

/// Bytes of a path-based solution per pair and link of its path, measured on networks of 400 to 39,000 links.
const BYTES_PER_PATH_LINK: f64 = 5.0;
/// Links on a mean path per square root of nodes: paths grow with the width of a city.
const PATH_LINKS_PER_ROOT_NODE: f64 = 0.4;
/// Bytes per pair besides its paths: demand as read and as solved, alternatives.
const BYTES_PER_PAIR: usize = 64;
/// Bytes per link: cost functions, states, search form, results.
const BYTES_PER_LINK: usize = 600;
/// Bytes per link and thread: private link states, working memory.
const BYTES_PER_LINK_AND_THREAD: usize = 80;

impl AssignmentStage {
    /// The stage for a `[traffic]` table and its files.
    ///
    /// # Errors
    /// Closed links that do not exist, values a solver cannot work with.
    pub fn new(traffic: Traffic, inputs: TrafficInputs) -> Result<Self, Error> {
        let problem = AssignmentProblem::new(&inputs.roads, &inputs.trips, &traffic)?;
        Ok(AssignmentStage { traffic, inputs, problem })
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
        Results::fields(&self.inputs.roads, &self.traffic)
    }

    fn sizes(&self) -> Vec<(&'static str, u64)> {
        let (roads, trips) = (&self.inputs.roads, &self.inputs.trips);
        [
            ("zones", roads.n_zones()),
            ("nodes", roads.n_nodes()),
            ("links", roads.n_links()),
            ("zone pairs", trips.trips.len()),
        ]
        .map(|(what, count)| (what, count as u64))
        .to_vec()
    }

    fn memory(&self, n_ranks: usize, n_threads: usize) -> u64 {
        let (pairs, links) = (self.inputs.trips.destination.len(), self.inputs.roads.n_links());
        let path_links = PATH_LINKS_PER_ROOT_NODE * (self.inputs.roads.n_nodes() as f64).sqrt() + 2.0;
        let paths = match self.traffic.assignment.solver {
            Solver::GradientProjection => pairs as f64 * path_links * BYTES_PER_PATH_LINK / n_ranks as f64,
            Solver::BiConjugateFrankWolfe | Solver::Msa => 0.0,
        };
        let fixed = pairs * BYTES_PER_PAIR + links * (BYTES_PER_LINK + n_threads * BYTES_PER_LINK_AND_THREAD);
        paths as u64 + fixed as u64
    }

    fn run(&self, context: &mut Context<'_>) -> Result<StageReport, Error> {
        let runtime = context.runtime;
        let (start, waited) = (Instant::now(), runtime.communication_seconds());
        let problem = &self.problem;
        let target = &self.traffic.assignment;
        let solution = solve(runtime, problem, target, &|iteration, entry| {
            let gap = entry.gaps.relative_gap();
            // Gaps fall by about the same factor each iteration, so progress is told on their logarithm.
            let done = if gap > target.relative_gap { gap.ln() / target.relative_gap.ln() } else { 1.0 };
            context.progress.update(self.name(), done, &format!("iteration {iteration}, relative gap {gap:.2e}"));
        })?;
        let communicate = runtime.communication_seconds() - waited;
        let compute = start.elapsed().as_secs_f64() - communicate;
        let results = Results { roads: &self.inputs.roads, traffic: &self.traffic, problem, solution: &solution };
        let writing = Instant::now();
        results.write_links(context.sink)?;
        let skim_seconds = results.write_matrices(runtime, context.sink)?;
        let phases = Phases {
            read: self.inputs.seconds,
            compute: compute + skim_seconds,
            communicate,
            write: writing.elapsed().as_secs_f64() - skim_seconds,
        };
        let mut warnings = self.inputs.warnings.clone();
        warnings.extend(problem.warnings.iter().cloned());
        warnings.extend(outcome_warnings(&self.traffic, &solution));
        let metrics = metrics(&results);
        Ok(StageReport {
            metrics,
            warnings,
            phases,
            throughput: Some(("trees/s".into(), solution.trees as f64 / compute)),
        })
    }
}

fn outcome_warnings(traffic: &Traffic, solution: &Solution) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if solution.unreachable_pairs > 0 {
        let message = format!(
            "{:.2} trips of {} zone pairs have no path and are not assigned",
            solution.unreachable_trips, solution.unreachable_pairs
        );
        warnings.push(Warning::new("unreachable_demand", solution.unreachable_pairs as usize, message));
    }
    if !solution.converged {
        let gap = solution.log.last().map_or(1.0, |entry| entry.gaps.relative_gap());
        let message = format!(
            "relative gap {gap:.2e} after {} iterations, {:.0e} was asked for",
            solution.log.len(),
            traffic.assignment.relative_gap
        );
        warnings.push(Warning::new("not_converged", 1, message));
    }
    warnings
}

fn metrics(results: &Results<'_>) -> Vec<(String, Metric)> {
    let (problem, solution) = (results.problem, results.solution);
    let last = solution.log.last().copied().unwrap_or_default();
    let totals = results.totals();
    let number = |name: &str, value: f64| (name.to_owned(), Metric::Number(value));
    let count = |name: &str, value: usize| (name.to_owned(), Metric::Count(value as u64));
    let mut metrics = vec![
        ("converged".to_owned(), Metric::Flag(solution.converged)),
        count("iterations", solution.log.len()),
        number("relative_gap", last.gaps.relative_gap()),
        number("relative_gap_sptt", last.gaps.relative_gap_sptt()),
        number("average_excess_cost", last.gaps.average_excess_cost()),
        number("beckmann_objective", last.objective),
        number("total_system_travel_time", last.gaps.total_system_travel_time),
        number("total_travel_time", totals.total_travel_time),
        number("vht", totals.vht),
    ];
    metrics.extend(totals.vkt.map(|vkt| number("vkt", vkt)));
    metrics.extend([
        number("assigned_demand", last.gaps.demand),
        number("intrazonal_demand", conurb_numerics::pairwise_sum(&problem.intrazonal_trips)),
        number("unreachable_demand", solution.unreachable_trips),
        number("toll_weight", problem.toll_weight),
        number("distance_weight", problem.distance_weight),
        count("zones", problem.network.n_zones()),
        count("nodes", problem.network.n_nodes()),
        count("links", problem.network.n_links()),
        count("closed_links", problem.network.n_links() - problem.graph.n_links()),
        count("zone_pairs", problem.demand.n_pairs()),
        count("trees", solution.trees as usize),
    ]);
    metrics.extend(solution.paths.map(|paths| count("paths", paths as usize)));
    metrics
}
