//! User equilibrium by path-based gradient projection, origins in small groups.
//!
//! One outer iteration: volumes from paths → costs → trees and new paths for all origins → gap → sweeps. A sweep visits
//! the origins group by group. Origins of a group move their flows at the same time, each seeing its own moves alone; their
//! changes are then added in origin order, an exact step is taken along the sum, and all ranks go on with the same volumes.
//! Groups follow from the scenario and the course of the numbers, never from threads or ranks, so neither do the bits.

use conurb_traffic::{
    CombinedChange, Gaps, Growth, KnownPaths, LinkCosts, LinkState, OriginPaths, Overlay, PathScratch, SearchCosts,
    TooManyPathLinks, TreeSearch,
};

use super::groups::Groups;
use super::problem::AssignmentProblem;
use super::solution::{
    Flows, LogEntry, Solution, Sources, beckmann_objective, check_costs, link_states, refresh_search, search_costs,
    total_system_travel_time,
};
use super::{Target, Watch};
use crate::error::Error;
use crate::parallel::{Runtime, Scratch};

/// Sweeps go on until the excess over known paths has fallen to this part of the gap …
const RESTRICTED_PART_OF_GAP: f64 = 0.02;
/// … or to this part of the gap asked for …
const RESTRICTED_PART_OF_TARGET: f64 = 0.1;
/// … but no longer than this.
const MOST_SWEEPS: usize = 100;
/// One sweep over all sources, the others over those with most to gain.
const SWEEPS_PER_ROUND: usize = 4;
/// A path is added if it is cheaper by this part of the gap, relative: smaller differences are not yet worth a path.
const NEW_PATH_PART_OF_GAP: f64 = 0.05;

/// Change of one link's volume, as ranks tell it each other.
#[derive(Debug, Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Change {
    volume: f64,
    link: u64,
}

/// In place of a link, for the entries that carry an origin's excess cost and its change of fixed cost.
const EXCESS: u64 = u64::MAX;
/// See `EXCESS`.
const FIXED: u64 = u64::MAX - 1;

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

    /// Takes the paths of an earlier solution, with its shares of today's trips.
    fn restore(&mut self, known: &[KnownPaths]) -> Result<(), Error> {
        let (problem, graph, sources) = (self.problem, &self.problem.graph, &self.sources);
        let volumes = self.runtime.sum(&sources.blocks, graph.n_links(), |block, volumes| {
            for source in sources.in_block(block).filter(|&source| !problem.trips(source).is_empty()) {
                known[source].load(problem.trips(source), volumes);
            }
        })?;
        self.set_volumes(&volumes)?;
        let (search, costs, all) = (&self.search, &self.volume_costs, &self.sources.with_demand);
        let restored =
            self.runtime.map(&self.sources.chunks, all, &mut self.paths, &self.scratch, |source, paths, work| {
                let (origin, class) = problem.origin_and_class(source);
                let (destinations, known) = (problem.destinations(source), &known[source]);
                if !known.is_complete() {
                    work.tree.grow(graph, &search[class], graph.zone_state()[origin]);
                }
                let costs = LinkCosts { volume_dependent: costs, fixed: &problem.classes[class].fixed_cost };
                paths.restore(graph, costs, &work.tree, destinations, known, &mut work.paths)
            });
        self.runtime.agree(all_or_error(restored).map(|_| ()))
    }

    /// Loads each source's demand on its tree, later groups seeing the volumes of earlier ones.
    fn load_in_turn(&mut self, groups: &Groups) -> Result<(), Error> {
        let (problem, graph) = (self.problem, &self.problem.graph);
        for group in groups.of(&self.sources.with_demand) {
            let (search, costs) = (&self.search, &self.volume_costs);
            let changes = self.runtime.map(
                &self.sources.chunks,
                &group,
                &mut self.paths,
                &self.scratch,
                |source, paths, work| {
                    let (origin, class) = problem.origin_and_class(source);
                    work.tree.grow(graph, &search[class], graph.zone_state()[origin]);
                    let costs = LinkCosts { volume_dependent: costs, fixed: &problem.classes[class].fixed_cost };
                    paths.grow(graph, costs, &work.tree, problem.destinations(source), 0.0, &mut work.paths)?;
                    work.tree.load(graph, problem.destinations(source), &mut work.flow_at, &mut work.volumes);
                    Ok(take_loaded(&mut work.volumes))
                },
            );
            self.combine(&group, all_or_error(changes))?;
            let states = &self.states;
            self.runtime.share(self.combined.parts(), |mut part| part.run(&problem.delays, states));
            self.combined.apply_tried(&mut self.states);
            self.refresh_costs();
        }
        self.trees += self.sources.with_demand.len() as u64;
        Ok(())
    }

    /// Moves flow between known paths until a sweep over all sources finds an excess cost of at most `enough`; in between a few
    /// sweeps over the busy ones, which have most of it.
    fn settle(&mut self, groups: &mut Groups, enough: f64) -> Result<(), Error> {
        let mut excess = 0.0;
        for sweep in 0..MOST_SWEEPS {
            let over_all = sweep % SWEEPS_PER_ROUND == 0 || excess <= enough;
            let listed = groups.of(&self.sources.with_demand).collect();
            if over_all {
                let mean_step = self.sweep(listed)?;
                groups.adapt(mean_step);
            } else {
                // Each in its own group as before: those at work on the same links would overshoot together in one.
                let is_busy = busy(&self.sources.with_demand, &self.swept_excess);
                self.sweep(only(listed, &is_busy))?;
            }
            excess = self.swept_excess.iter().sum::<f64>();
            if over_all && excess <= enough {
                break;
            }
        }
        Ok(())
    }

    /// Takes volumes afresh from the paths, so that no rounding piles up, and adds the paths that are cheaper at their costs.
    fn grow_paths(&mut self, tolerance: f64) -> Result<Growth, Error> {
        let (problem, graph) = (self.problem, &self.problem.graph);
        let (sources, paths) = (&self.sources, &self.paths);
        let volumes = self.runtime.sum(&sources.blocks, graph.n_links(), |block, volumes| {
            for source in sources.in_block(block) {
                paths[source].load(problem.trips(source), volumes);
            }
        })?;
        self.set_volumes(&volumes)?;
        let all = self.sources.with_demand.clone();
        self.price(&all, tolerance)
    }

    /// Grows the trees of some sources at the costs at hand and adds the paths that are cheaper.
    fn price(&mut self, listed: &[usize], tolerance: f64) -> Result<Growth, Error> {
        let (problem, graph) = (self.problem, &self.problem.graph);
        let (search, costs) = (&self.search, &self.volume_costs);
        let grown =
            self.runtime.map(&self.sources.chunks, listed, &mut self.paths, &self.scratch, |source, paths, work| {
                let (origin, class) = problem.origin_and_class(source);
                work.tree.grow(graph, &search[class], graph.zone_state()[origin]);
                let costs = LinkCosts { volume_dependent: costs, fixed: &problem.classes[class].fixed_cost };
                let destinations = problem.destinations(source);
                let found = paths.grow(graph, costs, &work.tree, destinations, tolerance, &mut work.paths)?;
                Ok(vec![[
                    found.shortest_path_travel_time,
                    found.reachable_trips,
                    found.unreachable_trips,
                    found.unreachable_pairs as f64,
                    found.new_paths as f64,
                    found.paths as f64,
                    found.fixed_cost,
                    found.excess_cost,
                ]])
            });
        self.trees += listed.len() as u64;
        let grown = self.runtime.gather(&self.sources.chunks, listed, all_or_error(grown))?;
        for (&source, found) in listed.iter().zip(&grown) {
            self.priced_excess[source] = found[0][7];
        }
        let total =
            |index: usize| conurb_numerics::pairwise_sum(&grown.iter().map(|one| one[0][index]).collect::<Vec<_>>());
        Ok(Growth {
            shortest_path_travel_time: total(0),
            reachable_trips: total(1),
            unreachable_trips: total(2),
            unreachable_pairs: total(3) as u64,
            new_paths: total(4) as u64,
            paths: total(5) as u64,
            fixed_cost: total(6),
            excess_cost: total(7),
        })
    }

    fn log_entry(&self, growth: &Growth) -> LogEntry {
        let volumes: Vec<f64> = self.states.iter().map(|state| state.volume).collect();
        let gaps = Gaps {
            total_system_travel_time: total_system_travel_time(&self.states, growth.fixed_cost),
            shortest_path_travel_time: growth.shortest_path_travel_time,
            demand: growth.reachable_trips,
        };
        LogEntry { gaps, objective: beckmann_objective(self.problem, &volumes, growth.fixed_cost) }
    }

    /// Moves flow once between the known paths of sources, group by group; the mean step.
    fn sweep(&mut self, groups: Vec<Vec<usize>>) -> Result<f64, Error> {
        let (mut steps, n_groups) = (0.0, groups.len().max(1));
        for group in groups {
            let (problem, states, combined, version) = (self.problem, &self.states, &self.combined, self.version);
            let changes = self.runtime.map(
                &self.sources.chunks,
                &group,
                &mut self.paths,
                &self.scratch,
                |source, paths, work| {
                    work.catch_up(states, combined.links(), version);
                    let swept = paths.sweep(&problem.delays, problem.trips(source), &mut work.overlay);
                    let mut changes = Vec::with_capacity(work.overlay.n_touched() + 2);
                    changes.push(Change { volume: swept.excess_cost, link: EXCESS });
                    changes.push(Change { volume: swept.fixed_change, link: FIXED });
                    let mut put = |link, volume| changes.push(Change { volume, link: u64::from(link) });
                    work.overlay.take_changes(states, &mut put);
                    changes
                },
            );
            let fixed_change = self.combine(&group, Ok(changes))?;
            let (delays, states) = (&problem.delays, &self.states);
            let trials = self.runtime.share(self.combined.parts(), |mut part| part.run(delays, states));
            let step = self.combined.best_step(&trials, fixed_change, delays, states);
            if step < 1.0 {
                // Too little work to wake threads for; origins of other ranks have no paths here.
                group.iter().for_each(|&source| self.paths[source].scale_last_sweep(step));
                self.combined.apply(step, &problem.delays, &mut self.states);
            } else {
                self.combined.apply_tried(&mut self.states);
            }
            self.version += 1;
            steps += step;
        }
        Ok(steps / n_groups as f64)
    }

    /// Adds the changes of all sources of a group, on every rank in their order; the change of Σ flow × fixed cost.
    fn combine(&mut self, group: &[usize], changes: Result<Vec<Vec<Change>>, Error>) -> Result<f64, Error> {
        let (combined, excess) = (&mut self.combined, &mut self.swept_excess);
        combined.clear();
        let (changes, status) = changes.map_or_else(|error| (Vec::new(), Err(error)), |changes| (changes, Ok(())));
        let mut fixed_change = 0.0;
        self.runtime.gather_each(
            &self.sources.chunks,
            group,
            status.map(|()| changes.as_slice()),
            |source, changes: &[Change]| {
                for change in changes {
                    match change.link {
                        EXCESS => excess[source] = change.volume,
                        FIXED => fixed_change += change.volume,
                        link => combined.add(link as u32, change.volume),
                    }
                }
            },
        )?;
        Ok(fixed_change)
    }
}

/// Sources whose excess cost is at least the mean.
fn busy(sources: &[usize], excess: &[f64]) -> Vec<usize> {
    let mean = excess.iter().sum::<f64>() / sources.len().max(1) as f64;
    sources.iter().copied().filter(|&source| excess[source] >= mean).collect()
}

/// Groups of ascending sources without those that `kept`, ascending, does not have, and without empty groups.
fn only(mut groups: Vec<Vec<usize>>, kept: &[usize]) -> Vec<Vec<usize>> {
    groups.iter_mut().for_each(|group| group.retain(|source| kept.binary_search(source).is_ok()));
    groups.retain(|group| !group.is_empty());
    groups
}

/// Flows of each class, from its paths.
fn class_flows(
    runtime: &Runtime,
    problem: &AssignmentProblem,
    sources: &Sources,
    paths: &[OriginPaths],
) -> Result<Flows, Error> {
    let n_links = problem.graph.n_links();
    let values = runtime.sum(&sources.blocks, Flows::len_for(problem), |block, values| {
        for source in sources.in_block(block) {
            let (_, class) = problem.origin_and_class(source);
            let (volumes, fixed_cost) = values[Flows::part(n_links, class)].split_at_mut(n_links);
            paths[source].load(problem.trips(source), volumes);
            fixed_cost[0] += paths[source].fixed_cost(problem.trips(source));
        }
    })?;
    Ok(Flows::new(problem, values))
}

impl Work {
    /// Brings the overlay to the present states, of which only `changed` differ if it missed one version.
    fn catch_up(&mut self, states: &[LinkState], changed: &[u32], version: u64) {
        if self.overlay_version + 1 == version {
            self.overlay.refresh(states, changed);
        } else if self.overlay_version != version {
            self.overlay.refresh_all(states);
        }
        self.overlay_version = version;
    }
}

fn all_or_error<T>(results: Vec<Result<T, TooManyPathLinks>>) -> Result<Vec<T>, Error> {
    results.into_iter().collect::<Result<_, _>>().map_err(|cause| Error::Failed(cause.to_string()))
}

/// The loaded links with their volumes; `volumes` is zero again afterwards.
fn take_loaded(volumes: &mut [f64]) -> Vec<Change> {
    let loaded = volumes.iter_mut().enumerate().filter(|(_, volume)| **volume > 0.0);
    loaded.map(|(link, volume)| Change { volume: std::mem::take(volume), link: link as u64 }).collect()
}
