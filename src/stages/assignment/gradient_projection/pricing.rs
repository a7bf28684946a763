//! Paths and costs: where a solve starts, what least-cost trees add, what is left to gain.

use conurb_traffic::{Gaps, Growth, KnownPaths, LinkCosts, OriginPaths, TooManyPathLinks};

use super::Solver;
use super::groups::Groups;
use super::sweeps::take_loaded;
use crate::error::Error;
use crate::parallel::Runtime;
use crate::stages::assignment::problem::AssignmentProblem;
use crate::stages::assignment::solution::{Flows, LogEntry, Sources, beckmann_objective, total_system_travel_time};

impl Solver<'_> {
    /// Takes the paths of an earlier solution, with its shares of today's trips.
    pub(super) fn restore(&mut self, known: &[KnownPaths]) -> Result<(), Error> {
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
    pub(super) fn load_in_turn(&mut self, groups: &Groups) -> Result<(), Error> {
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

    /// Takes volumes afresh from the paths, so that no rounding piles up, and adds the paths that are cheaper at their costs.
    pub(super) fn grow_paths(&mut self, tolerance: f64) -> Result<Growth, Error> {
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
    pub(super) fn price(&mut self, listed: &[usize], tolerance: f64) -> Result<Growth, Error> {
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
                    found.unreachable_trips / problem.classes[class].pce,
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

    pub(super) fn log_entry(&self, growth: &Growth) -> LogEntry {
        let volumes: Vec<f64> = self.states.iter().map(|state| state.volume).collect();
        let gaps = Gaps {
            total_system_travel_time: total_system_travel_time(&self.states, growth.fixed_cost),
            shortest_path_travel_time: growth.shortest_path_travel_time,
            demand: growth.reachable_trips,
        };
        LogEntry { gaps, objective: beckmann_objective(self.problem, &volumes, growth.fixed_cost) }
    }
}

/// Flows of each class, from its paths.
pub(super) fn class_flows(
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

fn all_or_error<T>(results: Vec<Result<T, TooManyPathLinks>>) -> Result<Vec<T>, Error> {
    results.into_iter().collect::<Result<_, _>>().map_err(|cause| Error::Failed(cause.to_string()))
}
