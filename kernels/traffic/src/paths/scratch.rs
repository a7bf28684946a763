//! Working memory in which the paths of an origin are put together anew.

use super::{Alternative, LinkCosts};
use crate::graph::Graph;
use crate::tree::TreeSearch;

/// Working memory for growing path sets.
#[derive(Debug, Clone)]
pub struct PathScratch {
    pub(super) basic_links: Vec<u32>,
    pub(super) basic_end: Vec<u32>,
    pub(super) basic_fixed: Vec<f64>,
    pub(super) alternatives: Vec<Alternative>,
    pub(super) segments: Vec<u32>,
    /// A path of the tree, and one rebuilt from gained and lost links.
    candidate: Vec<u32>,
    pub(super) rebuilt: Vec<u32>,
    /// Which links a basic path has, and which of them an alternative has not; none between calls.
    on_basic: Vec<bool>,
    is_lost: Vec<bool>,
}

impl PathScratch {
    /// Working memory for `graph`.
    pub fn new(graph: &Graph) -> Self {
        PathScratch {
            basic_links: Vec::new(),
            basic_end: Vec::new(),
            basic_fixed: Vec::new(),
            alternatives: Vec::new(),
            segments: Vec::new(),
            candidate: Vec::new(),
            rebuilt: Vec::new(),
            on_basic: vec![false; graph.n_links()],
            is_lost: vec![false; graph.n_links()],
        }
    }

    /// Forgets all paths.
    pub(super) fn clear(&mut self) {
        self.basic_links.clear();
        self.basic_end.clear();
        self.basic_fixed.clear();
        self.alternatives.clear();
        self.segments.clear();
    }

    /// Appends the next pair's basic path.
    pub(super) fn add_basic(&mut self, links: &[u32], fixed: f64) {
        self.basic_links.extend_from_slice(links);
        self.basic_end.push(self.basic_links.len() as u32);
        self.basic_fixed.push(fixed);
    }

    /// Appends the tree's path to `state` as the next pair's basic path; its fixed cost.
    pub(super) fn add_tree_path(&mut self, graph: &Graph, costs: LinkCosts<'_>, tree: &TreeSearch, state: u32) -> f64 {
        let mut path = std::mem::take(&mut self.candidate);
        let turn_cost = tree.path_to(graph, state, &mut path);
        let fixed = costs.fixed_of(&path) + turn_cost;
        self.add_basic(&path, fixed);
        self.candidate = path;
        fixed
    }

    /// Appends an alternative as it is described already: its gained and lost links.
    pub(super) fn add_described(&mut self, alternative: &Alternative, (gained, lost): (&[u32], &[u32])) {
        self.segments.extend_from_slice(gained);
        let gained_end = self.segments.len() as u32;
        self.segments.extend_from_slice(lost);
        let lost_end = self.segments.len() as u32;
        self.alternatives.push(Alternative { gained_end, lost_end, ..*alternative });
    }

    /// Appends `path` with its flow and fixed cost as an alternative to the last basic path, which is that of `pair`.
    pub(super) fn describe(&mut self, pair: u32, path: &[u32], (flow, fixed): (f64, f64)) {
        let last = self.basic_end.len() - 1;
        let start = if last == 0 { 0 } else { self.basic_end[last - 1] as usize };
        let basic = &self.basic_links[start..];
        basic.iter().for_each(|&link| self.on_basic[link as usize] = true);
        self.segments.extend(path.iter().filter(|&&link| !self.on_basic[link as usize]));
        let gained_end = self.segments.len() as u32;
        path.iter().for_each(|&link| self.on_basic[link as usize] = false);
        self.segments.extend(basic.iter().filter(|&&link| self.on_basic[link as usize]));
        let lost_end = self.segments.len() as u32;
        basic.iter().for_each(|&link| self.on_basic[link as usize] = false);
        let fixed_excess = fixed - self.basic_fixed[last];
        self.alternatives.push(Alternative { flow, previous_flow: flow, fixed_excess, pair, gained_end, lost_end });
    }

    /// Leaves the links of an alternative in `rebuilt`: those of the basic path that it has not lost, then those gained.
    pub(super) fn rebuild(&mut self, basic: &[u32], (gained, lost): (&[u32], &[u32])) {
        lost.iter().for_each(|&link| self.is_lost[link as usize] = true);
        self.rebuilt.clear();
        self.rebuilt.extend(basic.iter().filter(|&&link| !self.is_lost[link as usize]));
        self.rebuilt.extend_from_slice(gained);
        lost.iter().for_each(|&link| self.is_lost[link as usize] = false);
    }
}
