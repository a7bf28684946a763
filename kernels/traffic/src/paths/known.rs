//! Paths of an earlier solution, and starting from them.

use super::{LinkCosts, OriginPaths, PathScratch, TooManyPathLinks};
use crate::graph::Graph;
use crate::tree::TreeSearch;

/// Paths of an origin's pairs from an earlier solution, pair after pair, as far as they are still valid.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KnownPaths {
    links: Vec<u32>,
    paths: Vec<KnownPath>,
    /// End of each pair's paths.
    pair_end: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct KnownPath {
    flow: f64,
    turn_cost: f64,
    /// End of its links.
    end: usize,
}

impl KnownPaths {
    /// Adds a path of the pair at hand: its links, what its turns cost, its flow.
    pub fn push(&mut self, links: &[u32], turn_cost: f64, flow: f64) {
        self.links.extend_from_slice(links);
        self.paths.push(KnownPath { flow, turn_cost, end: self.links.len() });
    }
    /// Goes on to the next pair.
    pub fn end_pair(&mut self) {
        self.pair_end.push(self.paths.len() as u32);
    }
    /// The paths of a pair: links, what the turns cost, flow.
    pub fn of(&self, pair: usize) -> impl ExactSizeIterator<Item = (&[u32], f64, f64)> + DoubleEndedIterator {
        let first = pair.checked_sub(1).map_or(0, |before| self.pair_end[before] as usize);
        (first..self.pair_end[pair] as usize).map(move |index| {
            let path = &self.paths[index];
            let start = index.checked_sub(1).map_or(0, |before| self.paths[before].end);
            (&self.links[start..path.end], path.turn_cost, path.flow)
        })
    }
    /// Whether every pair has a path with flow.
    pub fn is_complete(&self) -> bool {
        (0..self.pair_end.len()).all(|pair| self.of(pair).any(|(.., flow)| flow > 0.0))
    }
    /// Adds the flows to `volumes`, those of each pair scaled to its `trips`; pairs without flow add nothing.
    pub fn load(&self, trips: &[f64], volumes: &mut [f64]) {
        for (pair, &trips) in trips.iter().enumerate() {
            let total: f64 = self.of(pair).map(|(.., flow)| flow).sum();
            for (links, _, flow) in self.of(pair).filter(|(.., flow)| *flow > 0.0) {
                let share = flow / total * trips;
                links.iter().for_each(|&link| volumes[link as usize] += share);
            }
        }
    }
}

impl OriginPaths {
    /// Takes the paths of an earlier solution, flows scaled to the trips of today; pairs without any get that of `tree`.
    ///
    /// The paths `known` are valid for the graph and these users. `destinations` and `costs` as for `grow`.
    ///
    /// # Errors
    /// The paths have more links than 32 bits number; the paths stay as they were.
    pub fn restore(
        &mut self,
        graph: &Graph,
        costs: LinkCosts<'_>,
        tree: &TreeSearch,
        destinations: impl ExactSizeIterator<Item = (u32, f64)>,
        known: &KnownPaths,
        scratch: &mut PathScratch,
    ) -> Result<(), TooManyPathLinks> {
        scratch.clear();
        for (pair, (state, trips)) in destinations.enumerate() {
            let total: f64 = known.of(pair).map(|(.., flow)| flow).sum();
            // The first of the greatest flow, so that the choice is always the same.
            let greatest = known.of(pair).enumerate().rev().max_by(|(_, one), (_, other)| one.2.total_cmp(&other.2));
            if let Some((chosen, (links, turn_cost, _))) = greatest.filter(|_| total > 0.0) {
                scratch.add_basic(links, costs.fixed_of(links) + turn_cost);
                let others = known.of(pair).enumerate().filter(|(index, path)| *index != chosen && path.2 > 0.0);
                for (_, (other, turn_cost, flow)) in others {
                    let fixed = costs.fixed_of(other) + turn_cost;
                    scratch.describe(pair as u32, other, (flow / total * trips, fixed));
                }
            } else if tree.cost(state).is_finite() {
                scratch.add_tree_path(graph, costs, tree, state);
            } else {
                scratch.add_basic(&[], 0.0);
            }
        }
        self.take(scratch)
    }
}
