//! Least costs by a search over links, independent of the engine's over nodes and states.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::sketch::Finished;

/// The links of a network by their ends, as indices.
pub struct Streets {
    /// Tail and head of each link.
    pub ends: Vec<[usize; 2]>,
    /// Whether paths may pass each node.
    pub through: Vec<bool>,
    out: Vec<Vec<usize>>,
}

impl Streets {
    /// Links with these ends between nodes that all may be passed.
    pub fn new(ends: Vec<[usize; 2]>, n_nodes: usize) -> Self {
        let mut out = vec![Vec::new(); n_nodes];
        ends.iter().enumerate().for_each(|(link, &[tail, _])| out[tail].push(link));
        Streets { ends, through: vec![true; n_nodes], out }
    }
    /// The links of a finished run.
    pub fn of(run: &Finished) -> Self {
        let ends = run.indices("link_nodes").chunks(2).map(|ends| [ends[0], ends[1]]).collect();
        Streets::new(ends, run.integers("node_id").len())
    }
    /// Least costs from a node; links of no finite cost and turns of infinite cost are not used.
    pub fn search(&self, origin: usize, cost: &[f64], turn: &dyn Fn(usize, usize) -> f64) -> Search {
        let mut search = Search {
            origin,
            label: vec![f64::INFINITY; self.ends.len()],
            before: vec![None; self.ends.len()],
            last: vec![None; self.out.len()],
        };
        // Costs are not negative, so that their bits are in the order of their values.
        let mut waiting: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
        let reach = |link: usize, to: f64, from: Option<usize>, search: &mut Search| {
            let to = to + cost[link];
            if to < search.label[link] {
                (search.label[link], search.before[link]) = (to, from);
                Some(Reverse((to.to_bits(), link)))
            } else {
                None
            }
        };
        for &link in &self.out[origin] {
            waiting.extend(reach(link, 0.0, None, &mut search));
        }
        while let Some(Reverse((bits, link))) = waiting.pop() {
            let (label, node) = (search.label[link], self.ends[link][1]);
            if bits != label.to_bits() || !self.through[node] {
                continue;
            }
            for &next in &self.out[node] {
                waiting.extend(reach(next, label + turn(link, next), Some(link), &mut search));
            }
        }
        for (link, &[_, node]) in self.ends.iter().enumerate().filter(|&(link, _)| search.label[link].is_finite()) {
            if search.last[node].is_none_or(|best: usize| search.label[link] < search.label[best]) {
                search.last[node] = Some(link);
            }
        }
        search
    }
}

/// What a search found.
pub struct Search {
    origin: usize,
    label: Vec<f64>,
    before: Vec<Option<usize>>,
    /// The link by which the least cost to each node comes.
    last: Vec<Option<usize>>,
}

impl Search {
    /// Least cost to a node: 0 to the origin, infinite where no path leads.
    pub fn cost(&self, node: usize) -> f64 {
        if node == self.origin {
            return 0.0;
        }
        self.last[node].map_or(f64::INFINITY, |link| self.label[link])
    }
    /// Links of a least-cost path to a node.
    pub fn path(&self, node: usize) -> Vec<usize> {
        let mut links = Vec::new();
        let mut next = if node == self.origin { None } else { self.last[node] };
        while let Some(link) = next {
            links.push(link);
            next = self.before[link];
        }
        links.reverse();
        links
    }
}

/// A used path of a finished run.
#[derive(Debug, Clone, PartialEq)]
pub struct UsedPath {
    /// Class, origin and destination, as indices.
    pub key: [usize; 3],
    /// Vehicles per hour.
    pub flow: f64,
    /// Generalised cost as written.
    pub cost: f64,
    /// Links in order.
    pub links: Vec<usize>,
}

/// The used paths of a run.
pub fn used_paths(run: &Finished) -> Vec<UsedPath> {
    let [class, origin, destination, n_links, links] =
        ["path_class", "path_origin", "path_destination", "path_n_links", "path_link"].map(|name| run.indices(name));
    let (flow, cost) = (run.values("path_flow"), run.values("path_cost"));
    let mut start = 0;
    let mut paths = Vec::with_capacity(flow.len());
    for path in 0..flow.len() {
        let end = start + n_links[path];
        let key = [class[path], origin[path], destination[path]];
        paths.push(UsedPath { key, flow: flow[path], cost: cost[path], links: links[start..end].to_vec() });
        start = end;
    }
    assert_eq!(start, links.len());
    paths
}
