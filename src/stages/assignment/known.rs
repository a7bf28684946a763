//! Paths carried from one solution to the next: to other trips, a closed link, or from the folder of an earlier run.

use conurb_traffic::{KnownPaths, OrderScratch, PathScratch, in_order, turn_cost_along};

use super::problem::AssignmentProblem;
use super::solution::{Solution, Sources};
use crate::inputs::EarlierPaths;
use crate::parallel::Runtime;

/// A path of one source: destination zone, links, what its turns cost, flow.
#[derive(Debug, Clone, PartialEq)]
struct Known {
    destination: u32,
    links: Vec<u32>,
    turn_cost: f64,
    flow: f64,
}

/// The paths of `solution`, which was found for `old`, as far as they hold for `new` on the same graph; those of each source
/// that this rank owns.
pub fn carry_over(
    runtime: &Runtime,
    (old, solution): (&AssignmentProblem, &Solution),
    new: &AssignmentProblem,
) -> Vec<KnownPaths> {
    let sources = Sources::new(new, runtime);
    let scratch = runtime.scratch(|| PathScratch::new(&old.graph));
    let mut carried = vec![KnownPaths::default(); new.n_sources()];
    let Some(paths) = &solution.paths else { return carried };
    let all = &sources.with_demand;
    runtime.map(&sources.chunks, all, &mut carried, &scratch, |source, carried, scratch| {
        let (_, class) = old.origin_and_class(source);
        let (before, now) = (&old.classes[class].fixed_cost, &new.classes[class].fixed_cost);
        let zones = old.destination_zones(source);
        let mut known = Vec::new();
        paths[source].for_each_path(old.trips(source), scratch, |pair, flow, fixed_cost, links| {
            if links.iter().all(|&link| now[link as usize].is_finite()) {
                let of_links: f64 = links.iter().map(|&link| before[link as usize]).sum();
                let turn_cost = if old.graph.has_turns() { fixed_cost - of_links } else { 0.0 };
                known.push(Known { destination: zones[pair], links: links.to_vec(), turn_cost, flow });
            }
        });
        *carried = by_pair(new.destination_zones(source), &known);
    });
    carried
}

/// Paths in the order of a source's pairs; both ascend by destination.
fn by_pair(zones: &[u32], known: &[Known]) -> KnownPaths {
    let mut paths = KnownPaths::default();
    let mut next = 0;
    for &zone in zones {
        while known.get(next).is_some_and(|path| path.destination < zone) {
            next += 1;
        }
        while let Some(path) = known.get(next).filter(|path| path.destination == zone) {
            paths.push(&path.links, path.turn_cost, path.flow);
            next += 1;
        }
        paths.end_pair();
    }
    paths
}

/// The paths of an earlier run that hold for `problem`, and how many do not.
pub fn from_earlier(
    runtime: &Runtime,
    earlier: &EarlierPaths,
    problem: &AssignmentProblem,
    period: usize,
) -> (Vec<KnownPaths>, usize) {
    let graph_link = problem.graph_links();
    let mut known: Vec<Vec<Known>> = vec![Vec::new(); problem.n_sources()];
    let mut n_dropped = 0;
    let mut order = OrderScratch::new(&problem.graph);
    let n_classes = problem.classes.len();
    for path in earlier.of_period(period) {
        let links: Option<Vec<u32>> = path.links.iter().map(|&link| graph_link[link?]).collect();
        let (Some(origin), Some(destination), Some(class), Some(links)) =
            (path.origin, path.destination, path.class, links)
        else {
            n_dropped += 1;
            continue;
        };
        let fixed_cost = &problem.classes[class].fixed_cost;
        let states = (problem.graph.zone_state()[origin], problem.graph.zone_state()[destination]);
        let turn_cost = turn_cost_along(&problem.graph, &links, states.0, states.1);
        match turn_cost.filter(|_| links.iter().all(|&link| fixed_cost[link as usize].is_finite())) {
            Some(turn_cost) if has_no_link_twice(&problem.graph, &links, states, &mut order) => {
                let destination = destination as u32;
                let flow = path.flow;
                known[origin * n_classes + class].push(Known { destination, links, turn_cost, flow });
            }
            _ => n_dropped += 1,
        }
    }
    let sources = Sources::new(problem, runtime);
    let mut restored = vec![KnownPaths::default(); problem.n_sources()];
    for (source, known) in known.iter_mut().enumerate() {
        if sources.chunks.owner(source) == runtime.rank() {
            known.sort_by_key(|path| path.destination);
            restored[source] = by_pair(problem.destination_zones(source), known);
        }
    }
    (restored, n_dropped)
}

/// Solvers know paths by the sets of their links.
fn has_no_link_twice(graph: &conurb_traffic::Graph, links: &[u32], ends: (u32, u32), order: &mut OrderScratch) -> bool {
    in_order(graph, &mut links.to_vec(), ends, order)
}
