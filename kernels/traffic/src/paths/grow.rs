//! Growing path sets by the paths of a tree.

use super::{Alternatives, Basic, LinkCosts, OriginPaths, PathScratch, TooManyPathLinks};
use crate::graph::Graph;
use crate::tree::TreeSearch;

/// What growing the path sets of an origin found.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Growth {
    /// Σ trips × least cost over reachable pairs.
    pub shortest_path_travel_time: f64,
    /// Σ flow × fixed cost over the paths as they were.
    pub fixed_cost: f64,
    /// Σ flow × (cost − least cost) over the paths as they were.
    pub excess_cost: f64,
    /// Trips of reachable pairs.
    pub reachable_trips: f64,
    /// Trips of pairs that no path joins.
    pub unreachable_trips: f64,
    /// Pairs that no path joins.
    pub unreachable_pairs: u64,
    /// Paths added.
    pub new_paths: u64,
    /// Paths in use, basic ones included.
    pub paths: u64,
}

impl OriginPaths {
    /// Adds the paths of `tree` where they are cheaper than all known ones by more than `tolerance` relative, drops unused paths
    /// and makes the cheapest path of each such pair its basic path.
    ///
    /// `destinations` are states of the graph with their trips, the same ones at every call; `costs` those the tree was grown with.
    ///
    /// # Errors
    /// The paths have more links than 32 bits number; the paths stay as they were.
    pub fn grow(
        &mut self,
        graph: &Graph,
        costs: LinkCosts<'_>,
        tree: &TreeSearch,
        destinations: impl ExactSizeIterator<Item = (u32, f64)>,
        tolerance: f64,
        scratch: &mut PathScratch,
    ) -> Result<Growth, TooManyPathLinks> {
        let mut growth = Growth::default();
        scratch.clear();
        let mut known = self.pairs();
        for (pair, (state, trips)) in destinations.enumerate() {
            let known = known.next();
            let least = tree.cost(state);
            if !least.is_finite() {
                growth.unreachable_pairs += 1;
                growth.unreachable_trips += trips;
                scratch.add_basic(&[], 0.0);
                continue;
            }
            growth.shortest_path_travel_time += trips * least;
            growth.reachable_trips += trips;
            growth.paths += 1;
            let Some((basic, alternatives)) = known else {
                growth.fixed_cost += trips * scratch.add_tree_path(graph, costs, tree, state);
                growth.new_paths += 1;
                continue;
            };
            growth.fixed_cost += trips * basic.fixed + alternatives.fixed_excess();
            let (cheapest, over_basic) = cheapest(costs, (&basic, &alternatives), least, tolerance);
            growth.excess_cost += trips * (costs.volume_dependent_of(basic.links) + basic.fixed - least) + over_basic;
            let (pair, basic_flow) = (pair as u32, trips - alternatives.flow());
            match cheapest {
                Cheapest::Basic => {
                    scratch.add_basic(basic.links, basic.fixed);
                    alternatives.used().for_each(|(other, gained, lost)| scratch.add_described(other, (gained, lost)));
                    continue;
                }
                Cheapest::Known(index) => {
                    let (chosen, gained, lost) = alternatives.iter().nth(index).expect("the cheapest is one of them");
                    scratch.rebuild(basic.links, (gained, lost));
                    let links = std::mem::take(&mut scratch.rebuilt);
                    scratch.add_basic(&links, basic.fixed + chosen.fixed_excess);
                    scratch.rebuilt = links;
                }
                Cheapest::New => {
                    scratch.add_tree_path(graph, costs, tree, state);
                    growth.new_paths += 1;
                }
            }
            describe_others(pair, (&basic, basic_flow), &alternatives, cheapest, scratch);
        }
        drop(known);
        growth.paths += scratch.alternatives.len() as u64;
        self.take(scratch)?;
        Ok(growth)
    }
}

/// Which path of a pair is the cheapest.
#[derive(Clone, Copy, PartialEq)]
enum Cheapest {
    Basic,
    Known(usize),
    New,
}

/// Costs closer than this, relative, may differ only by rounding: sums of a hundred terms in different orders.
const ROUNDING: f64 = 1e-13;

/// The cheapest path of a pair, given the least cost that the tree knows, and Σ flow × cost over that of the basic path.
fn cheapest(
    costs: LinkCosts<'_>,
    (basic, alternatives): (&Basic<'_>, &Alternatives<'_>),
    least_of_tree: f64,
    tolerance: f64,
) -> (Cheapest, f64) {
    let mut over_basic = 0.0;
    let basic_cost = costs.volume_dependent_of(basic.links) + basic.fixed;
    let (mut least, mut cheapest) = (basic_cost, Cheapest::Basic);
    for (index, (alternative, gained, lost)) in alternatives.iter().enumerate() {
        let difference = costs.volume_dependent_of(gained) - costs.volume_dependent_of(lost);
        let excess = difference + alternative.fixed_excess;
        over_basic += alternative.flow * excess;
        let cost = basic_cost + excess;
        if cost < least * (1.0 - ROUNDING) {
            (least, cheapest) = (cost, Cheapest::Known(index));
        }
    }
    let is_new = least - least_of_tree > tolerance.max(ROUNDING) * least_of_tree;
    (if is_new { Cheapest::New } else { cheapest }, over_basic)
}

/// Describes the used paths of a pair, but the cheapest, against the new basic path, which is the last in `scratch`.
fn describe_others(
    pair: u32,
    (basic, basic_flow): (&Basic<'_>, f64),
    alternatives: &Alternatives<'_>,
    cheapest: Cheapest,
    scratch: &mut PathScratch,
) {
    if basic_flow > 0.0 {
        scratch.describe(pair, basic.links, (basic_flow, basic.fixed));
    }
    for (index, (alternative, gained, lost)) in alternatives.iter().enumerate() {
        if alternative.flow > 0.0 && cheapest != Cheapest::Known(index) {
            scratch.rebuild(basic.links, (gained, lost));
            let path = std::mem::take(&mut scratch.rebuilt);
            scratch.describe(pair, &path, (alternative.flow, basic.fixed + alternative.fixed_excess));
            scratch.rebuilt = path;
        }
    }
}
