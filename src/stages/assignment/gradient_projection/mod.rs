//! User equilibrium by path-based gradient projection, origins in small groups.
//!
//! One outer iteration: volumes from paths → costs → trees and new paths for all origins → gap → sweeps. A sweep visits
//! the origins group by group. Origins of a group move their flows at the same time, each seeing its own moves alone; their
//! changes are then added in origin order, an exact step is taken along the sum, and all ranks go on with the same volumes.
//! Groups follow from the scenario and the course of the numbers, never from threads or ranks, so neither do the bits.

mod groups;
mod pricing;
mod sweeps;

use conurb_traffic::{
    CombinedChange, KnownPaths, LinkState, OriginPaths, Overlay, PathScratch, SearchCosts, TreeSearch,
};
use groups::Groups;
use pricing::class_flows;
use sweeps::busy;

use super::problem::AssignmentProblem;
use super::solution::{Flows, Solution, Sources, check_costs, link_states, refresh_search, search_costs};
use super::{Target, Watch};
use crate::error::Error;
use crate::parallel::{Runtime, Scratch};

/// Sweeps go on until the excess over known paths has fallen to this part of the gap …
const RESTRICTED_PART_OF_GAP: f64 = 0.02;
/// … or to this part of the gap asked for.
const RESTRICTED_PART_OF_TARGET: f64 = 0.1;
/// A path is added if it is cheaper by this part of the gap, relative: smaller differences are not yet worth a path.
const NEW_PATH_PART_OF_GAP: f64 = 0.05;

/// What a solve starts from.
pub enum Start {
    /// Nothing: origins load their trips in turn on least-cost paths at rising costs.
    Cold,
    /// Paths of an earlier solution by source, as far as this rank owns them.
    Known(Vec<KnownPaths>),
    /// The paths of a solution for the same network and trips.
    Paths(Vec<OriginPaths>),
}

/// What the solver keeps between groups and iterations.
struct Solver<'a> {
    runtime: &'a Runtime,
    problem: &'a AssignmentProblem,
    sources: Sources,
    paths: Vec<OriginPaths>,
    states: Vec<LinkState>,
    /// Volume-dependent costs of the states, by themselves.
    volume_costs: Vec<f64>,
    /// Costs of searches by class.
    search: Vec<SearchCosts>,
    scratch: Scratch<Work>,
    combined: CombinedChange,
    /// Excess cost of each source over its known paths, when it was swept last, and over all paths, when its trees grew last.
    swept_excess: Vec<f64>,
    /// See `swept_excess`.
    priced_excess: Vec<f64>,
    /// Counts the changes of `states`, so that a thread knows whether its overlay is up to date.
    version: u64,
    trees: u64,
}

/// Working memory of a thread.
struct Work {
    tree: TreeSearch,
    paths: PathScratch,
    overlay: Overlay,
    overlay_version: u64,
    volumes: Vec<f64>,
    flow_at: Vec<f64>,
}

/// Brings `start` to flows for all demand, then iterates to `target`.
///
/// # Errors
/// A rank that does not answer.
pub fn solve(
    runtime: &Runtime,
    problem: &AssignmentProblem,
    target: &Target,
    start: Start,
    watch: Watch<'_>,
) -> Result<Solution, Error> {
    let mut solver = Solver::new(runtime, problem);
    let mut groups = Groups::new(target.group_size);
    match start {
        Start::Cold => solver.load_in_turn(&groups)?,
        Start::Known(known) => solver.restore(&known)?,
        Start::Paths(paths) => solver.paths = paths,
    }
    let mut solution = Solution::default();
    let (mut gap, mut fixed_cost) = (1.0, 0.0);
    for iteration in 1..=target.max_iterations {
        let growth = solver.grow_paths(NEW_PATH_PART_OF_GAP * gap)?;
        let entry = solver.log_entry(&growth);
        fixed_cost = growth.fixed_cost;
        gap = entry.gaps.relative_gap();
        solution.log.push(entry);
        solution.unreachable_trips = growth.unreachable_trips;
        solution.unreachable_pairs = growth.unreachable_pairs;
        solution.n_paths = Some(growth.paths);
        solution.converged = gap <= target.relative_gap;
        watch(iteration, &entry);
        if solution.converged || iteration == target.max_iterations {
            break;
        }
        let enough = (RESTRICTED_PART_OF_GAP * gap).max(RESTRICTED_PART_OF_TARGET * target.relative_gap)
            * entry.gaps.total_system_travel_time;
        solver.settle(&mut groups, enough)?;
        // Most of what is left to gain lies with some sources: a second look at these alone is cheap.
        let listed = busy(&solver.sources.with_demand, &solver.priced_excess);
        if listed.len() < solver.sources.with_demand.len() / 2 {
            solver.refresh_costs();
            solver.price(&listed, NEW_PATH_PART_OF_GAP * gap)?;
            solver.settle(&mut groups, enough)?;
        }
    }
    solution.trees = solver.trees;
    solution.flows = match problem.classes.len() {
        // The volumes at hand are those of the paths.
        1 => Flows::new(problem, solver.states.iter().map(|state| state.volume).chain([fixed_cost]).collect()),
        _ => class_flows(runtime, problem, &solver.sources, &solver.paths)?,
    };
    solution.paths = Some(solver.paths);
    Ok(solution)
}

impl<'a> Solver<'a> {
    fn new(runtime: &'a Runtime, problem: &'a AssignmentProblem) -> Self {
        let graph = &problem.graph;
        let states = link_states(problem, &vec![0.0; graph.n_links()]);
        let work = || Work {
            tree: TreeSearch::new(graph),
            paths: PathScratch::new(graph),
            overlay: Overlay::new(&states),
            overlay_version: 0,
            volumes: vec![0.0; graph.n_links()],
            flow_at: vec![0.0; graph.n_states()],
        };
        let scratch = runtime.scratch(work);
        let volume_costs = states.iter().map(|state| state.cost).collect();
        let search = search_costs(problem, &states);
        let paths = vec![OriginPaths::default(); problem.n_sources()];
        let combined = CombinedChange::new(graph.n_links());
        let sources = Sources::new(problem, runtime);
        Solver {
            runtime,
            problem,
            sources,
            paths,
            states,
            volume_costs,
            search,
            scratch,
            combined,
            swept_excess: vec![0.0; problem.n_sources()],
            priced_excess: vec![0.0; problem.n_sources()],
            version: 0,
            trees: 0,
        }
    }

    /// Takes link states for new volumes of all links.
    fn set_volumes(&mut self, volumes: &[f64]) -> Result<(), Error> {
        self.states = link_states(self.problem, volumes);
        check_costs(self.problem, &self.states)?;
        // All states changed, not just those of the last group: no overlay may catch up by these alone.
        self.version += 2;
        self.refresh_costs();
        Ok(())
    }

    /// Brings costs to the present states.
    fn refresh_costs(&mut self) {
        self.volume_costs.iter_mut().zip(&self.states).for_each(|(cost, state)| *cost = state.cost);
        refresh_search(self.problem, &self.states, &mut self.search);
    }
}
