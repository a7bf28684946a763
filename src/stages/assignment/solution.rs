//! What the solvers return, and what they share: the partition of origins, the gaps, the convergence log.

use conurb_numerics::pairwise_sum;
use conurb_traffic::{Gaps, LinkState, SearchCosts, TreeSearch};

use super::problem::AssignmentProblem;
use crate::error::{Error, Problem};
use crate::parallel::{Chunks, Runtime};

/// Link volumes and how they were reached.
#[derive(Debug, Clone, Default)]
pub struct Solution {
    /// Volume of each graph link, vehicles per period.
    pub volumes: Vec<f64>,
    /// One entry per evaluation of the gap; the last belongs to `volumes`.
    pub log: Vec<LogEntry>,
    /// Whether the gap asked for was reached.
    pub converged: bool,
    /// Trips and pairs that no path joins.
    pub unreachable_trips: f64,
    /// See `unreachable_trips`.
    pub unreachable_pairs: u64,
    /// Paths in use; none for solvers that keep no paths.
    pub paths: Option<u64>,
    /// Least-cost trees grown by all ranks.
    pub trees: u64,
}

/// State of the solver at one evaluation of the gap.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LogEntry {
    /// Totals that the gaps follow from.
    pub gaps: Gaps,
    /// Beckmann objective.
    pub objective: f64,
}

/// Blocks of neighbouring origins: the unit of summation and of ownership by ranks.
const MOST_BLOCKS: usize = 256;

/// Origins and who owns them.
#[derive(Debug, Clone)]
pub struct Origins {
    /// One chunk per origin.
    pub chunks: Chunks,
    /// Blocks of origins, for sums.
    pub blocks: Chunks,
    /// Origins with demand, ascending.
    pub with_demand: Vec<usize>,
    n_origins: usize,
}

impl Origins {
    /// Origins of `problem`, shared out over the ranks in contiguous blocks that follow from the number of origins alone.
    pub fn new(problem: &AssignmentProblem, runtime: &Runtime) -> Self {
        let n_origins = problem.demand.n_origins();
        let blocks = Chunks::contiguous(n_origins.min(MOST_BLOCKS), runtime.size());
        let owner = (0..n_origins).map(|origin| blocks.owner(origin * blocks.len() / n_origins)).collect();
        let with_demand = (0..n_origins).filter(|&origin| !problem.demand.of(origin).0.is_empty()).collect();
        Origins { chunks: Chunks::owned_by(owner), blocks, with_demand, n_origins }
    }
    /// Origins of one block.
    pub fn in_block(&self, block: usize) -> std::ops::Range<usize> {
        let start = |block: usize| (block * self.n_origins).div_ceil(self.blocks.len().max(1));
        start(block)..start(block + 1)
    }
}

/// Costs and slopes of all links at `volumes`.
pub fn link_states(problem: &AssignmentProblem, volumes: &[f64]) -> Vec<LinkState> {
    volumes.iter().enumerate().map(|(link, &volume)| problem.delays.state(link, volume)).collect()
}

/// Refuses states that no solver can go on from.
///
/// # Errors
/// A link whose cost at its volume is more than a number can hold; the same on every rank.
pub fn check_costs(problem: &AssignmentProblem, states: &[LinkState]) -> Result<(), Error> {
    let Some(link) = states.iter().position(|state| !state.cost.is_finite()) else { return Ok(()) };
    let source = problem.graph.source_link()[link] as usize;
    let delay = problem.network.delay()[source];
    let message = format!(
        "link {} has no finite travel time at volume {}: capacity {}, b {}, power {}",
        problem.link_id[source], states[link].volume, delay.capacity, delay.b, delay.power
    );
    Err(Problem::new(message)
        .of_key("traffic.network")
        .hint("check the link's capacity, b and power, and the demand")
        .into())
}

/// TSTT = Σ volume × cost.
pub fn total_system_travel_time(states: &[LinkState]) -> f64 {
    pairwise_sum(&states.iter().map(|state| state.volume * state.cost).collect::<Vec<_>>())
}

/// Beckmann objective, Σ ∫ cost dv.
pub fn beckmann_objective(problem: &AssignmentProblem, volumes: &[f64]) -> f64 {
    let terms = volumes.iter().enumerate().map(|(link, &volume)| problem.delays.cost_integral(link, volume));
    pairwise_sum(&terms.collect::<Vec<_>>())
}

/// All demand on least-cost trees.
#[derive(Debug, Clone, Default)]
pub struct AllOrNothing {
    /// Volume of each graph link.
    pub volumes: Vec<f64>,
    /// Σ trips × least cost.
    pub shortest_path_travel_time: f64,
    /// Trips of pairs that a path joins.
    pub reachable_trips: f64,
    /// Trips and number of pairs that no path joins.
    pub unreachable_trips: f64,
    /// See `unreachable_trips`.
    pub unreachable_pairs: u64,
}

/// Loads all demand on the least-cost trees at `costs`.
///
/// # Errors
/// A rank that does not answer.
pub fn all_or_nothing(
    runtime: &Runtime,
    problem: &AssignmentProblem,
    origins: &Origins,
    costs: &SearchCosts,
) -> Result<AllOrNothing, Error> {
    let graph = &problem.graph;
    let n_links = graph.n_links();
    // Four totals ride behind the volumes, so that one fixed tree sums everything.
    let scratch = runtime.scratch(|| (TreeSearch::new(graph), vec![0.0; graph.n_nodes()]));
    let sums = runtime.sum(&origins.blocks, n_links + 4, |block, sums| {
        scratch.with(|(tree, node_flow)| {
            let (volumes, totals) = sums.split_at_mut(n_links);
            for origin in origins.in_block(block).filter(|&origin| !problem.demand.of(origin).0.is_empty()) {
                tree.grow(graph, costs, graph.zone_node()[origin]);
                tree.load(graph, problem.destinations(origin), node_flow, volumes);
                for (node, trips) in problem.destinations(origin) {
                    let cost = tree.cost(node);
                    if cost.is_finite() {
                        totals[0] += trips * cost;
                        totals[1] += trips;
                    } else {
                        totals[2] += trips;
                        totals[3] += 1.0;
                    }
                }
            }
        });
    })?;
    let (volumes, totals) = sums.split_at(n_links);
    Ok(AllOrNothing {
        volumes: volumes.to_vec(),
        shortest_path_travel_time: totals[0],
        reachable_trips: totals[1],
        unreachable_trips: totals[2],
        unreachable_pairs: totals[3] as u64,
    })
}

/// Gaps and objective of any volumes, for example published ones.
///
/// # Errors
/// A rank that does not answer.
pub fn evaluate(runtime: &Runtime, problem: &AssignmentProblem, volumes: &[f64]) -> Result<LogEntry, Error> {
    let states = link_states(problem, volumes);
    check_costs(problem, &states)?;
    let costs = SearchCosts::new(&problem.graph, |link| states[link].cost);
    let loaded = all_or_nothing(runtime, problem, &Origins::new(problem, runtime), &costs)?;
    Ok(LogEntry { gaps: gaps(&states, &loaded), objective: beckmann_objective(problem, volumes) })
}

/// Gaps of link states against all-or-nothing volumes at their costs.
pub fn gaps(states: &[LinkState], loaded: &AllOrNothing) -> Gaps {
    Gaps {
        total_system_travel_time: total_system_travel_time(states),
        shortest_path_travel_time: loaded.shortest_path_travel_time,
        demand: loaded.reachable_trips,
    }
}
