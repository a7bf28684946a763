//! Which states a network has, in which order, and which arcs join them.

use std::collections::VecDeque;

use crate::network::Network;

/// No state, no arc.
pub(crate) const NONE: u32 = u32::MAX;

/// The states of a network.
pub(crate) struct Layout {
    /// Number of states, and of those that paths may pass through, which come first.
    pub n_states: usize,
    /// See `n_states`.
    pub n_through: usize,
    /// Whether some node is split.
    pub splits: bool,
    /// State at which trips of each node start and end.
    pub end_state: Vec<u32>,
    /// State that each graph link leads to, for going on; where trips may only end, the end state.
    onward_state: Vec<u32>,
    is_split: Vec<bool>,
    /// Graph links into each split node.
    into_split: Vec<Vec<u32>>,
}

/// A way from one state to another.
pub(crate) struct Arc {
    pub tail: u32,
    pub head: u32,
    /// Graph link.
    pub link: u32,
    pub turn_cost: f64,
}

impl Layout {
    /// States in the order of `rank`, nodes that paths may not pass through last, then the ends of split nodes.
    pub(crate) fn new(network: &Network, rank: &[u32], source_link: &[u32]) -> Self {
        let n_nodes = network.n_nodes();
        let is_split = split_nodes(network);
        let mut into_split: Vec<Vec<u32>> = vec![Vec::new(); n_nodes];
        for (link, &source) in source_link.iter().enumerate() {
            let head = network.head()[source as usize] as usize;
            if is_split[head] {
                into_split[head].push(link as u32);
            }
        }
        let mut by_rank: Vec<u32> = (0..n_nodes as u32).collect();
        by_rank.sort_by_key(|&node| rank[node as usize]);
        let (mut end_state, mut onward_state) = (vec![NONE; n_nodes], vec![NONE; source_link.len()]);
        let (through, mut n_states) = (network.through(), 0);
        for node in by_rank.iter().map(|&node| node as usize).filter(|&node| through[node]) {
            if is_split[node] {
                into_split[node].iter().for_each(|&link| onward_state[link as usize] = next(&mut n_states));
            } else {
                end_state[node] = next(&mut n_states);
            }
        }
        let n_through = n_states as usize;
        let mut is_zone = vec![false; n_nodes];
        network.zone_node().iter().for_each(|&node| is_zone[node as usize] = true);
        let not_through = by_rank.iter().filter(|&&node| !through[node as usize]);
        let split_ends = by_rank.iter().filter(|&&node| is_split[node as usize] && is_zone[node as usize]);
        not_through.chain(split_ends).for_each(|&node| end_state[node as usize] = next(&mut n_states));
        for (link, &source) in source_link.iter().enumerate() {
            let head = network.head()[source as usize] as usize;
            if !is_split[head] {
                onward_state[link] = end_state[head];
            }
        }
        let splits = is_split.contains(&true);
        Layout { n_states: n_states as usize, n_through, splits, end_state, onward_state, is_split, into_split }
    }

    /// All arcs, in no particular order.
    pub(crate) fn arcs(&self, network: &Network, source_link: &[u32]) -> Vec<Arc> {
        let mut arcs = Vec::with_capacity(source_link.len());
        for (link, &source) in source_link.iter().enumerate() {
            let (tail, head) = (network.tail()[source as usize] as usize, network.head()[source as usize] as usize);
            let onward = self.onward_state[link];
            let end = Some(self.end_state[head]).filter(|&end| end != NONE && end != onward);
            let heads = [Some(onward), end];
            let mut from = |tail: u32, turn_cost: f64| {
                arcs.extend(heads.iter().flatten().map(|&head| Arc { tail, head, link: link as u32, turn_cost }));
            };
            if self.end_state[tail] != NONE {
                from(self.end_state[tail], 0.0);
            }
            if self.is_split[tail] {
                for &before in &self.into_split[tail] {
                    let penalty = network.turn_penalty(source_link[before as usize], source);
                    if penalty.is_finite() {
                        from(self.onward_state[before as usize], penalty);
                    }
                }
            }
        }
        arcs
    }
}

/// The number to give next, which is used up.
fn next(number: &mut u32) -> u32 {
    std::mem::replace(number, *number + 1)
}

/// Nodes at which some turn is not free.
fn split_nodes(network: &Network) -> Vec<bool> {
    let mut is_split = vec![false; network.n_nodes()];
    for turn in network.turns() {
        let node = network.tail()[turn.to_link as usize] as usize;
        let is_open = |link: u32| network.open()[link as usize];
        is_split[node] |= network.through()[node] && is_open(turn.from_link) && is_open(turn.to_link);
    }
    is_split
}

/// First index of each of `n` keys in an ascending sequence of keys, and its length at the end.
pub(crate) fn starts(n: usize, ascending_keys: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut start = vec![0; n + 1];
    for key in ascending_keys {
        start[key as usize + 1] += 1;
    }
    for index in 0..n {
        start[index + 1] += start[index];
    }
    start
}

/// New number of each node: through nodes breadth-first over links in both directions, then the others in their order.
pub(crate) fn search_order(network: &Network) -> Vec<u32> {
    let n_nodes = network.n_nodes();
    let mut neighbours: Vec<(u32, u32)> = Vec::with_capacity(2 * network.n_links());
    for (&tail, &head) in network.tail().iter().zip(network.head()) {
        neighbours.extend([(tail, head), (head, tail)]);
    }
    neighbours.sort_unstable();
    let first = starts(n_nodes, neighbours.iter().map(|&(node, _)| node));
    let mut order: Vec<u32> = Vec::with_capacity(n_nodes);
    let mut seen: Vec<bool> = network.through().iter().map(|&through| !through).collect();
    let mut queue = VecDeque::new();
    for start in 0..n_nodes as u32 {
        if !std::mem::replace(&mut seen[start as usize], true) {
            queue.push_back(start);
        }
        while let Some(node) = queue.pop_front() {
            order.push(node);
            for &(_, next) in &neighbours[first[node as usize] as usize..first[node as usize + 1] as usize] {
                if !std::mem::replace(&mut seen[next as usize], true) {
                    queue.push_back(next);
                }
            }
        }
    }
    order.extend((0..n_nodes as u32).filter(|&node| !network.through()[node as usize]));
    let mut rank = vec![0; n_nodes];
    for (position, &node) in order.iter().enumerate() {
        rank[node as usize] = position as u32;
    }
    rank
}
