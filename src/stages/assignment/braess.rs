//! Links whose closing makes everyone together better off (Braess, Über ein Paradoxon aus der Verkehrsplanung, 1968,
//! <https://doi.org/10.1007/BF01918335>), among candidates: each is closed by itself and the equilibrium found again.

use super::gradient_projection::{self, Start};
use super::known::carry_over;
use super::links::LinkFinder;
use super::problem::AssignmentProblem;
use super::solution::{LogEntry, Solution};
use super::system_optimum::total_cost;
use super::{Target, Watch};
use crate::error::Error;
use crate::inputs::TrafficInputs;
use crate::parallel::Runtime;
use crate::scenario::{Braess, Traffic};

/// The links to close, in file order: those named, then those with the greatest volume over capacity, open ones only.
///
/// # Errors
/// Links that do not exist.
pub fn candidates(
    inputs: &TrafficInputs,
    traffic: &Traffic,
    (problem, solution): (&AssignmentProblem, &Solution),
    braess: &Braess,
) -> Result<Vec<usize>, Error> {
    let mut links = LinkFinder::new(&inputs.roads, &traffic.network).find_all(&braess.links, "traffic.braess.links")?;
    let volumes = solution.flows.total();
    let ratio = problem.by_source_link(0.0, |link| volumes[link]);
    let ratio: Vec<f64> = ratio
        .iter()
        .zip(&inputs.roads.capacity)
        .map(|(volume, capacity)| if *capacity > 0.0 { volume / capacity } else { 0.0 })
        .collect();
    let mut by_ratio: Vec<usize> = (0..ratio.len()).filter(|&link| ratio[link] > 0.0).collect();
    by_ratio.sort_by(|&one, &other| ratio[other].total_cmp(&ratio[one]).then(one.cmp(&other)));
    links.extend(by_ratio.into_iter().take(braess.most_loaded));
    let mut seen = vec![false; ratio.len()];
    links.retain(|&link| problem.network.open()[link] && !std::mem::replace(&mut seen[link], true));
    Ok(links)
}

/// What closing one link does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closing {
    /// Total system travel time without the link less that with it; not a number where trips lose their only path.
    pub change: f64,
    /// Whether the total falls by more than the excess costs of the two solutions together: by more than noise, as a rule.
    pub is_paradox: bool,
    /// Least-cost trees grown.
    pub trees: u64,
}

/// Closes each candidate by itself and solves to `target` from the paths of `solution`.
///
/// # Errors
/// A rank that does not answer.
pub fn close_each(
    runtime: &Runtime,
    (problem, solution): (&AssignmentProblem, &Solution),
    target: &Target,
    candidates: &[usize],
    watch: Watch<'_>,
) -> Result<Vec<Closing>, Error> {
    let graph_link = problem.graph_links();
    let excess = |log: &[LogEntry]| {
        log.last().map_or(0.0, |entry| entry.gaps.total_system_travel_time - entry.gaps.shortest_path_travel_time)
    };
    let (before, unsure) = (total_cost(problem, &solution.flows), excess(&solution.log));
    let mut without = problem.clone();
    let mut closings = Vec::with_capacity(candidates.len());
    for &candidate in candidates {
        let link = graph_link[candidate].expect("candidates are open") as usize;
        let costs: Vec<f64> = without.classes.iter().map(|class| class.fixed_cost[link]).collect();
        without.classes.iter_mut().for_each(|class| class.fixed_cost[link] = f64::INFINITY);
        let start = Start::Known(carry_over(runtime, (problem, solution), &without));
        let found = gradient_projection::solve(runtime, &without, target, start, watch)?;
        without.classes.iter_mut().zip(costs).for_each(|(class, cost)| class.fixed_cost[link] = cost);
        let change = if found.unreachable_pairs > solution.unreachable_pairs {
            f64::NAN
        } else {
            total_cost(&without, &found.flows) - before
        };
        let is_paradox = change < -(unsure + excess(&found.log));
        closings.push(Closing { change, is_paradox, trees: found.trees });
    }
    Ok(closings)
}
