//! What the solvers return, and what they share: who owns which trips, flows by class, the gaps, the convergence log.

use conurb_numerics::pairwise_sum;
use conurb_traffic::{Gaps, LinkState, OriginPaths, SearchCosts, TreeSearch};

use super::problem::AssignmentProblem;
use crate::error::{Error, Problem};
use crate::parallel::{Chunks, Runtime};

/// Link volumes and how they were reached.
#[derive(Debug, Clone, Default)]
pub struct Solution {
    /// Flows of each class.
    pub flows: Flows,
    /// One entry per evaluation of the gap; the last belongs to `flows`.
    pub log: Vec<LogEntry>,
    /// Whether the gap asked for was reached.
    pub converged: bool,
    /// Trips, in vehicles, and pairs that no path joins.
    pub unreachable_trips: f64,
    /// See `unreachable_trips`.
    pub unreachable_pairs: u64,
    /// Number of paths in use; none for solvers that keep no paths.
    pub n_paths: Option<u64>,
    /// Used paths by source, empty where this rank does not own it; none for solvers that keep no paths.
    pub paths: Option<Vec<OriginPaths>>,
    /// Least-cost trees grown by all ranks.
    pub trees: u64,
}

impl Solution {
    /// No flows on the links of a problem.
    pub fn empty(problem: &AssignmentProblem) -> Self {
        let flows = Flows::new(problem, vec![0.0; Flows::len_for(problem)]);
        Solution { flows, ..Solution::default() }
    }
}

/// Link volumes of each class in passenger-car units per period, and what they cost besides volume-dependent time.
///
/// One vector, class after class: volumes of the graph's links, then Σ flow × fixed cost. It adds up and mixes as a whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Flows {
    n_links: usize,
    values: Vec<f64>,
}

impl Flows {
    /// Length of the vector.
    pub fn len_for(problem: &AssignmentProblem) -> usize {
        problem.classes.len() * (problem.graph.n_links() + 1)
    }
    /// Flows from such a vector.
    pub fn new(problem: &AssignmentProblem, values: Vec<f64>) -> Self {
        Flows { n_links: problem.graph.n_links(), values }
    }
    /// Flows of a problem with one class and free turns from its link volumes.
    pub fn of_volumes(problem: &AssignmentProblem, volumes: &[f64]) -> Self {
        let terms: Vec<f64> = volumes.iter().zip(&problem.classes[0].fixed_cost).map(|(v, cost)| v * cost).collect();
        let mut values = volumes.to_vec();
        values.push(pairwise_sum(&terms));
        Flows { n_links: volumes.len(), values }
    }
    /// Part of such a vector that belongs to a class.
    pub fn part(n_links: usize, class: usize) -> std::ops::Range<usize> {
        class * (n_links + 1)..(class + 1) * (n_links + 1)
    }
    /// The vector.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
    /// Volumes of a class.
    pub fn of_class(&self, class: usize) -> &[f64] {
        &self.values[Flows::part(self.n_links, class)][..self.n_links]
    }
    /// Σ flow × fixed cost of a class.
    pub fn fixed_cost_of(&self, class: usize) -> f64 {
        self.values[Flows::part(self.n_links, class)][self.n_links]
    }
    /// Σ flow × fixed cost of all classes.
    pub fn fixed_cost(&self) -> f64 {
        self.values.chunks(self.n_links + 1).map(|class| class[self.n_links]).sum()
    }
    /// Volumes of all classes together.
    pub fn total(&self) -> Vec<f64> {
        total_volumes(&self.values, self.n_links)
    }
}

/// Volumes of all classes together.
pub fn total_volumes(values: &[f64], n_links: usize) -> Vec<f64> {
    let mut total = vec![0.0; n_links];
    for class in values.chunks(n_links + 1) {
        total.iter_mut().zip(class).for_each(|(sum, volume)| *sum += volume);
    }
    total
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

/// Where trips come from and who owns them: one source per origin and class, the classes of an origin side by side.
#[derive(Debug, Clone)]
pub struct Sources {
    /// One chunk per source.
    pub chunks: Chunks,
    /// One chunk per origin.
    pub origins: Chunks,
    /// Blocks of sources, for sums.
    pub blocks: Chunks,
    /// Sources with demand, ascending.
    pub with_demand: Vec<usize>,
    n_origins: usize,
    n_classes: usize,
}

impl Sources {
    /// Sources of `problem`, shared out over the ranks in contiguous blocks that follow from the number of origins alone.
    pub fn new(problem: &AssignmentProblem, runtime: &Runtime) -> Self {
        let (n_origins, n_classes) = (problem.network.n_zones(), problem.classes.len());
        let blocks = Chunks::contiguous(n_origins.min(MOST_BLOCKS), runtime.size());
        let owner = |origin: usize| blocks.owner(origin * blocks.len() / n_origins);
        let with_demand = (0..problem.n_sources()).filter(|&source| !problem.trips(source).is_empty()).collect();
        let origins = Chunks::owned_by((0..n_origins).map(owner).collect());
        let chunks = Chunks::owned_by((0..problem.n_sources()).map(|source| owner(source / n_classes)).collect());
        Sources { chunks, origins, blocks, with_demand, n_origins, n_classes }
    }
    /// Sources of one block.
    pub fn in_block(&self, block: usize) -> std::ops::Range<usize> {
        let start = |block: usize| (block * self.n_origins).div_ceil(self.blocks.len().max(1)) * self.n_classes;
        start(block)..start(block + 1)
    }
}

/// Costs and slopes of all links at `volumes`.
pub fn link_states(problem: &AssignmentProblem, volumes: &[f64]) -> Vec<LinkState> {
    volumes.iter().enumerate().map(|(link, &volume)| problem.delays.state(link, volume)).collect()
}

/// Costs of searches for each class at the link states.
pub fn search_costs(problem: &AssignmentProblem, states: &[LinkState]) -> Vec<SearchCosts> {
    let of_class = |class: &super::problem::ClassProblem| {
        SearchCosts::new(&problem.graph, |link| states[link].cost + class.fixed_cost[link])
    };
    problem.classes.iter().map(of_class).collect()
}

/// Brings costs of searches to new link states.
pub fn refresh_search(problem: &AssignmentProblem, states: &[LinkState], search: &mut [SearchCosts]) {
    for (class, costs) in problem.classes.iter().zip(search) {
        costs.refresh(&problem.graph, |link| states[link].cost + class.fixed_cost[link]);
    }
}

/// Refuses states that no solver can go on from.
///
/// # Errors
/// A link whose cost at its volume is more than a number can hold; the same on every rank.
pub fn check_costs(problem: &AssignmentProblem, states: &[LinkState]) -> Result<(), Error> {
    let Some(link) = states.iter().position(|state| !state.cost.is_finite()) else { return Ok(()) };
    let source = problem.graph.source_link()[link] as usize;
    let message =
        format!("link {} has no finite travel time at volume {}", problem.link_id[source], states[link].volume);
    Err(Problem::new(message)
        .of_key("traffic.network")
        .hint("check the link's capacity, b and power, and the demand")
        .into())
}

/// TSTT = Σ volume × cost + Σ flow × fixed cost.
pub fn total_system_travel_time(states: &[LinkState], fixed_cost: f64) -> f64 {
    pairwise_sum(&states.iter().map(|state| state.volume * state.cost).collect::<Vec<_>>()) + fixed_cost
}

/// Beckmann objective, Σ ∫ cost dv + Σ flow × fixed cost.
pub fn beckmann_objective(problem: &AssignmentProblem, volumes: &[f64], fixed_cost: f64) -> f64 {
    let terms = volumes.iter().enumerate().map(|(link, &volume)| problem.delays.cost_integral(link, volume));
    pairwise_sum(&terms.collect::<Vec<_>>()) + fixed_cost
}

/// All demand on least-cost trees.
#[derive(Debug, Clone, Default)]
pub struct AllOrNothing {
    /// Flows of each class.
    pub flows: Flows,
    /// Σ trips × least cost.
    pub shortest_path_travel_time: f64,
    /// Trips of pairs that a path joins, passenger-car units.
    pub reachable_trips: f64,
    /// Trips, in vehicles, and number of pairs that no path joins.
    pub unreachable_trips: f64,
    /// See `unreachable_trips`.
    pub unreachable_pairs: u64,
}

/// Loads all demand on the least-cost trees at the costs of each class.
///
/// # Errors
/// A rank that does not answer.
pub fn all_or_nothing(
    runtime: &Runtime,
    problem: &AssignmentProblem,
    sources: &Sources,
    search: &[SearchCosts],
) -> Result<AllOrNothing, Error> {
    let graph = &problem.graph;
    let (n_links, n_states, n_flows) = (graph.n_links(), graph.n_states(), Flows::len_for(problem));
    let scratch = runtime.scratch(|| (TreeSearch::new(graph), vec![0.0; n_states], vec![0.0; n_states]));
    // Four totals ride behind the flows, so that one fixed tree sums everything.
    let mut sums = runtime.sum(&sources.blocks, n_flows + 4, |block, sums| {
        scratch.with(|(tree, flow_at, fixed_to)| {
            let (flows, totals) = sums.split_at_mut(n_flows);
            for source in sources.in_block(block).filter(|&source| !problem.trips(source).is_empty()) {
                let (origin, class) = problem.origin_and_class(source);
                let flows = &mut flows[Flows::part(n_links, class)];
                tree.grow(graph, &search[class], graph.zone_state()[origin]);
                tree.load(graph, problem.destinations(source), flow_at, &mut flows[..n_links]);
                let fixed = &problem.classes[class].fixed_cost;
                tree.accumulate(graph, fixed_to, |arc| fixed[graph.link_of(arc)] + graph.turn_cost(arc));
                for (state, trips) in problem.destinations(source) {
                    let cost = tree.cost(state);
                    if cost.is_finite() {
                        flows[n_links] += trips * fixed_to[state as usize];
                        totals[0] += trips * cost;
                        totals[1] += trips;
                    } else {
                        totals[2] += trips / problem.classes[class].pce;
                        totals[3] += 1.0;
                    }
                }
            }
        });
    })?;
    let totals = sums.split_off(n_flows);
    Ok(AllOrNothing {
        flows: Flows::new(problem, sums),
        shortest_path_travel_time: totals[0],
        reachable_trips: totals[1],
        unreachable_trips: totals[2],
        unreachable_pairs: totals[3] as u64,
    })
}

/// Gaps and objective of any flows, for example published ones.
///
/// # Errors
/// A rank that does not answer.
pub fn evaluate(runtime: &Runtime, problem: &AssignmentProblem, flows: &Flows) -> Result<LogEntry, Error> {
    let states = link_states(problem, &flows.total());
    check_costs(problem, &states)?;
    let search = search_costs(problem, &states);
    let loaded = all_or_nothing(runtime, problem, &Sources::new(problem, runtime), &search)?;
    Ok(log_entry(problem, flows, &states, &loaded))
}

/// Gaps against all-or-nothing flows at the costs of the link states, and objective.
pub fn log_entry(problem: &AssignmentProblem, flows: &Flows, states: &[LinkState], loaded: &AllOrNothing) -> LogEntry {
    let fixed_cost = flows.fixed_cost();
    let volumes: Vec<f64> = states.iter().map(|state| state.volume).collect();
    LogEntry {
        gaps: Gaps {
            total_system_travel_time: total_system_travel_time(states, fixed_cost),
            shortest_path_travel_time: loaded.shortest_path_travel_time,
            demand: loaded.reachable_trips,
        },
        objective: beckmann_objective(problem, &volumes, fixed_cost),
    }
}
