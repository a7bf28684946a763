//! Which zones a network joins.

use std::cmp::Reverse;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::network::Network;

/// Zones with open links that lie outside the strongly connected part that holds most nodes, ascending.
///
/// Nodes that paths may not pass through are joined if open links lead from the part to them and from them to the part; a zone
/// without any link is not listed here.
pub fn zones_apart(network: &Network) -> Vec<usize> {
    // A node that ends paths is split, so that no path leads through it: trips leave one half and reach the other.
    let n_nodes = network.n_nodes();
    let mut graph: DiGraph<(), (), u32> = DiGraph::with_capacity(2 * n_nodes, network.n_links() + n_nodes);
    (0..2 * n_nodes).for_each(|_| {
        graph.add_node(());
    });
    let arrival =
        |node: u32| NodeIndex::new(node as usize + if network.through()[node as usize] { 0 } else { n_nodes });
    for (link, (&tail, &head)) in network.tail().iter().zip(network.head()).enumerate() {
        if network.open()[link] {
            graph.add_edge(NodeIndex::new(tail as usize), arrival(head), ());
        }
    }
    let through_part = part_of_each(&graph, n_nodes);
    let has_links = linked_nodes(network);
    let mut count = vec![0_usize; 2 * n_nodes];
    (0..n_nodes).filter(|&node| network.through()[node]).for_each(|node| count[through_part[node]] += 1);
    // The first of the largest, so that the choice is always the same.
    let largest = (0..count.len()).max_by_key(|&part| (count[part], Reverse(part)));
    let Some(main) = largest.filter(|&part| count[part] > 0) else {
        return Vec::new();
    };
    let joined = joined_to(network, &through_part, main);
    (0..network.n_zones())
        .filter(|&zone| {
            let node = network.zone_node()[zone] as usize;
            has_links[node] && !joined[node]
        })
        .collect()
}

/// Strongly connected part of each node.
fn part_of_each(graph: &DiGraph<(), (), u32>, n_nodes: usize) -> Vec<usize> {
    let mut part_of = vec![0; 2 * n_nodes];
    for (part, nodes) in kosaraju_scc(graph).iter().enumerate() {
        nodes.iter().for_each(|node| part_of[node.index()] = part);
    }
    part_of
}

fn linked_nodes(network: &Network) -> Vec<bool> {
    let mut linked = vec![false; network.n_nodes()];
    for (link, (&tail, &head)) in network.tail().iter().zip(network.head()).enumerate() {
        if network.open()[link] {
            linked[tail as usize] = true;
            linked[head as usize] = true;
        }
    }
    linked
}

/// Whether each node is in the part, or ends paths and has links both into and out of it.
fn joined_to(network: &Network, part_of: &[usize], main: usize) -> Vec<bool> {
    let in_main = |node: u32| network.through()[node as usize] && part_of[node as usize] == main;
    let (mut leaves, mut reaches) = (vec![false; network.n_nodes()], vec![false; network.n_nodes()]);
    for (link, (&tail, &head)) in network.tail().iter().zip(network.head()).enumerate() {
        if network.open()[link] {
            leaves[tail as usize] |= in_main(head);
            reaches[head as usize] |= in_main(tail);
        }
    }
    (0..network.n_nodes() as u32)
        .map(|node| {
            in_main(node) || (!network.through()[node as usize] && leaves[node as usize] && reaches[node as usize])
        })
        .collect()
}
