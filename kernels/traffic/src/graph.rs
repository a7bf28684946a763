//! The search form of a network: nodes and links renumbered so that a search walks through near memory.

use std::collections::VecDeque;

use crate::network::Network;

/// A forward star over the open links of a network.
///
/// Nodes are renumbered breadth-first, those that paths may not pass through last; links are sorted by tail, and
/// within a tail those to through nodes come first. Everything the solvers keep per link is in this order;
/// [`Graph::source_link`] leads back to the network.
#[derive(Debug, Clone)]
pub struct Graph {
    pub(crate) first_out: Vec<u32>,
    /// End of the out-links to through nodes.
    pub(crate) through_out_end: Vec<u32>,
    pub(crate) head: Vec<u32>,
    pub(crate) tail: Vec<u32>,
    pub(crate) n_through: usize,
    /// In-links of each node that is not through, indexed from `n_through`.
    pub(crate) first_into_terminal: Vec<u32>,
    pub(crate) into_terminal: Vec<u32>,
    source_link: Vec<u32>,
    zone_node: Vec<u32>,
}

impl Graph {
    /// Builds the search form of `network`.
    pub fn new(network: &Network) -> Self {
        let rank = search_order(network);
        let n_nodes = network.n_nodes();
        let n_through = network.through().iter().filter(|&&through| through).count();
        let renumbered = |node: u32| rank[node as usize];
        let mut source_link: Vec<u32> =
            (0..network.n_links() as u32).filter(|&link| network.open()[link as usize]).collect();
        source_link.sort_by_key(|&link| {
            let head = renumbered(network.head()[link as usize]);
            (renumbered(network.tail()[link as usize]), head as usize >= n_through, head, link)
        });
        let tail: Vec<u32> = source_link.iter().map(|&link| renumbered(network.tail()[link as usize])).collect();
        let head: Vec<u32> = source_link.iter().map(|&link| renumbered(network.head()[link as usize])).collect();
        let first_out = starts(n_nodes, tail.iter().copied());
        let through_out_end = (0..n_nodes)
            .map(|node| {
                let links = first_out[node] as usize..first_out[node + 1] as usize;
                first_out[node] + head[links].partition_point(|&head| (head as usize) < n_through) as u32
            })
            .collect();
        let mut into_terminal: Vec<u32> =
            (0..head.len() as u32).filter(|&link| head[link as usize] as usize >= n_through).collect();
        into_terminal.sort_by_key(|&link| (head[link as usize], link));
        let terminal = |&link: &u32| head[link as usize] - n_through as u32;
        let first_into_terminal = starts(n_nodes - n_through, into_terminal.iter().map(terminal));
        let zone_node = network.zone_node().iter().map(|&node| renumbered(node)).collect();
        Graph {
            first_out,
            through_out_end,
            head,
            tail,
            n_through,
            first_into_terminal,
            into_terminal,
            source_link,
            zone_node,
        }
    }

    /// Number of open links.
    pub fn n_links(&self) -> usize {
        self.head.len()
    }
    /// Number of nodes.
    pub fn n_nodes(&self) -> usize {
        self.first_out.len() - 1
    }
    /// Link of the network for each link of the graph.
    pub fn source_link(&self) -> &[u32] {
        &self.source_link
    }
    /// Node of the graph for each zone.
    pub fn zone_node(&self) -> &[u32] {
        &self.zone_node
    }
}

/// First index of each of `n` keys in an ascending sequence of keys, and its length at the end.
fn starts(n: usize, ascending_keys: impl Iterator<Item = u32>) -> Vec<u32> {
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
fn search_order(network: &Network) -> Vec<u32> {
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
