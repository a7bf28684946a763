//! Paths carried from one solution to the next: to other trips, a closed link, or from the folder of an earlier run.

use conurb_traffic::{KnownPaths, PathScratch, turn_cost_along};

use super::gradient_projection::Start;
use super::problem::AssignmentProblem;
use super::solution::{Solution, Sources};
use crate::error::Error;
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

/// What the first solve of a period starts from: the paths of the earlier run that the scenario names, or nothing; and how many of
/// these paths do not hold any more.
///
/// # Errors
/// A rank that does not answer.
pub fn first_start(
    runtime: &Runtime,
    earlier: Option<&EarlierPaths>,
    problem: &AssignmentProblem,
    period: usize,
) -> Result<(Start, usize), Error> {
    match earlier.filter(|earlier| earlier.has(period)) {
        None => Ok((Start::Cold, 0)),
        Some(earlier) => {
            let (known, n_dropped) = from_earlier(runtime, earlier, problem, period)?;
            Ok((Start::Known(known), n_dropped))
        }
    }
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
fn from_earlier(
    runtime: &Runtime,
    earlier: &EarlierPaths,
    problem: &AssignmentProblem,
    period: usize,
) -> Result<(Vec<KnownPaths>, usize), Error> {
    let (by_source, n_lost) = earlier.by_source(period, (problem.n_sources(), problem.classes.len()));
    let graph_links: Vec<Vec<u32>> = (0..problem.classes.len()).map(|class| usable_links(problem, class)).collect();
    let sources = Sources::new(problem, runtime);
    let scratch =
        runtime.scratch(|| Translation { links: Vec::new(), used: vec![0; problem.graph.n_links()], turn: 0 });
    let mut restored = vec![KnownPaths::default(); problem.n_sources()];
    let all: Vec<usize> = (0..problem.n_sources()).collect();
    let dropped = runtime.map(&sources.chunks, &all, &mut restored, &scratch, |source, restored, translation| {
        let (zones, paths) = (problem.destination_zones(source), &by_source[source]);
        let (mut next, mut n_dropped) = (0, 0_u64);
        for &zone in zones {
            while paths.get(next).is_some_and(|&path| earlier.destination(path) < zone) {
                (next, n_dropped) = (next + 1, n_dropped + 1);
            }
            while let Some(&path) = paths.get(next).filter(|&&path| earlier.destination(path) == zone) {
                next += 1;
                match translation.take(earlier.links(path), &graph_links, problem, (source, zone)) {
                    Some(turn_cost) => restored.push(&translation.links, turn_cost, earlier.flow(path)),
                    None => n_dropped += 1,
                }
            }
            restored.end_pair();
        }
        vec![n_dropped + (paths.len() - next) as u64]
    });
    let dropped = runtime.gather(&sources.chunks, &all, Ok(dropped))?;
    Ok((restored, n_lost + dropped.iter().flatten().sum::<u64>() as usize))
}

/// No link.
const NONE: u32 = u32::MAX;

/// Graph link of each link in file order that a class may use.
fn usable_links(problem: &AssignmentProblem, class: usize) -> Vec<u32> {
    let is_usable = |&link: &u32| problem.classes[class].fixed_cost[link as usize].is_finite();
    problem.graph_links().into_iter().map(|link| link.filter(is_usable).unwrap_or(NONE)).collect()
}

/// Working memory for taking over paths.
struct Translation {
    links: Vec<u32>,
    /// The turn in which each link was used last.
    used: Vec<u32>,
    turn: u32,
}

impl Translation {
    /// Brings a path's links to the graph; what its turns cost, none if it does not hold for this problem.
    fn take(
        &mut self,
        links: impl Iterator<Item = Option<usize>>,
        graph_links: &[Vec<u32>],
        problem: &AssignmentProblem,
        (source, zone): (usize, u32),
    ) -> Option<f64> {
        let (origin, class) = problem.origin_and_class(source);
        self.links.clear();
        self.turn += 1;
        for link in links {
            let link = graph_links[class][link?];
            if link == NONE || std::mem::replace(&mut self.used[link as usize], self.turn) == self.turn {
                return None;
            }
            self.links.push(link);
        }
        let states = problem.graph.zone_state();
        turn_cost_along(&problem.graph, &self.links, states[origin], states[zone as usize])
    }
}
