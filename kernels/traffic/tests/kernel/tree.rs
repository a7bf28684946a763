//! Least-cost trees against petgraph's Dijkstra, and what is carried up and down them against paths walked link by link.

use conurb_traffic::{Graph, Network, SearchCosts, TreeSearch};
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};
use proptest::prelude::*;

use super::random::{any_cost, any_network, constant, network};

/// Least cost from `origin` to each node by petgraph: out of a node that ends paths nothing leads, but from the origin.
fn oracle(network: &Network, origin: u32) -> Vec<f64> {
    let mut graph = DiGraph::<(), f64>::new();
    (0..network.n_nodes()).for_each(|_| {
        graph.add_node(());
    });
    for (link, (&tail, &head)) in network.tail().iter().zip(network.head()).enumerate() {
        if network.through()[tail as usize] || tail == origin {
            let cost = network.delay()[link].time(0.0);
            graph.add_edge(NodeIndex::new(tail as usize), NodeIndex::new(head as usize), cost);
        }
    }
    let found = dijkstra(&graph, NodeIndex::new(origin as usize), None, |edge| *edge.weight());
    (0..network.n_nodes()).map(|node| found.get(&NodeIndex::new(node)).copied().unwrap_or(f64::INFINITY)).collect()
}

/// A tree and what it was grown on.
struct Grown<'a> {
    network: &'a Network,
    graph: &'a Graph,
    costs: &'a SearchCosts,
    tree: &'a TreeSearch,
    origin: u32,
}

/// Grows trees from every node with the same working memory and shows each to `check`.
fn each_tree(
    network: &Network,
    mut check: impl FnMut(&Grown<'_>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let graph = Graph::new(network);
    let cost = |link: usize| network.delay()[graph.source_link()[link] as usize].time(0.0);
    let costs = SearchCosts::new(&graph, cost);
    let mut tree = TreeSearch::new(&graph);
    for origin in 0..network.n_nodes() as u32 {
        tree.grow(&graph, &costs, graph.zone_state()[origin as usize]);
        check(&Grown { network, graph: &graph, costs: &costs, tree: &tree, origin })?;
    }
    Ok(())
}

impl Grown<'_> {
    /// Cost of a link of the graph.
    fn time(&self, link: usize) -> f64 {
        self.network.delay()[self.graph.source_link()[link] as usize].time(0.0)
    }

    fn cost(&self, node: usize) -> f64 {
        self.tree.cost(self.graph.zone_state()[node])
    }

    /// Links of the network on the path to `node`, which is checked to be one that may be driven.
    fn path(&self, node: usize) -> Result<Vec<usize>, TestCaseError> {
        let mut path = Vec::new();
        self.tree.path_to(self.graph, self.graph.zone_state()[node], &mut path);
        let path: Vec<usize> = path.iter().map(|&link| self.graph.source_link()[link as usize] as usize).collect();
        let mut at = self.origin;
        for (step, &link) in path.iter().enumerate() {
            prop_assert_eq!(self.network.tail()[link], at);
            prop_assert!(step == 0 || self.network.through()[at as usize], "a path leads through node {}", at);
            at = self.network.head()[link];
        }
        prop_assert_eq!(at as usize, node);
        Ok(path)
    }
}

fn random_network() -> impl Strategy<Value = Network> {
    any_network(any_cost().prop_map(constant))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn labels_are_those_of_dijkstra_to_the_bit(network in random_network()) {
        each_tree(&network, |grown| {
            let found: Vec<f64> = (0..network.n_nodes()).map(|node| grown.cost(node)).collect();
            prop_assert_eq!(found, oracle(&network, grown.origin), "from node {}", grown.origin);
            Ok(())
        })?;
    }

    #[test]
    fn paths_lead_where_they_should_and_cost_what_their_labels_say(network in random_network()) {
        each_tree(&network, |grown| {
            for node in (0..network.n_nodes()).filter(|&node| grown.cost(node).is_finite()) {
                let cost = grown.path(node)?.iter().fold(0.0, |sum, &link| sum + network.delay()[link].time(0.0));
                prop_assert_eq!(cost, grown.cost(node));
            }
            Ok(())
        })?;
    }

    #[test]
    fn loading_is_walking_each_path(network in random_network(), trips in prop::collection::vec(0..9_u32, 14)) {
        // Whole numbers of trips, so that sums in any order are exact.
        let mut flow_at = vec![0.0; network.n_nodes()];
        each_tree(&network, |grown| {
            let zone_state = grown.graph.zone_state();
            let mut volumes = vec![0.0; network.n_links()];
            let to_all = zone_state.iter().zip(&trips).map(|(&node, &trips)| (node, f64::from(trips)));
            grown.tree.load(grown.graph, to_all, &mut flow_at, &mut volumes);
            prop_assert!(flow_at.iter().all(|&flow| flow == 0.0), "the working memory is left as it was");
            let mut walked = vec![0.0; network.n_links()];
            for node in (0..network.n_nodes()).filter(|&node| grown.cost(node).is_finite()) {
                grown.path(node)?.iter().for_each(|&link| walked[link] += f64::from(trips[node]));
            }
            for (link, &volume) in volumes.iter().enumerate() {
                prop_assert_eq!(volume, walked[grown.graph.source_link()[link] as usize]);
            }
            Ok(())
        })?;
    }

    #[test]
    fn loads_are_conserved_at_every_node(network in random_network(), trips in prop::collection::vec(0..9_u32, 14)) {
        each_tree(&network, |grown| {
            let zone_state = grown.graph.zone_state();
            let mut volumes = vec![0.0; network.n_links()];
            let to_all = zone_state.iter().zip(&trips).map(|(&node, &trips)| (node, f64::from(trips)));
            grown.tree.load(grown.graph, to_all, &mut vec![0.0; network.n_nodes()], &mut volumes);
            let mut balance = vec![0.0; network.n_nodes()];
            for (link, &volume) in volumes.iter().enumerate() {
                let source = grown.graph.source_link()[link] as usize;
                balance[network.head()[source] as usize] += volume;
                balance[network.tail()[source] as usize] -= volume;
            }
            let reached = |node: usize| if grown.cost(node).is_finite() { f64::from(trips[node]) } else { 0.0 };
            let origin = grown.origin as usize;
            let sent: f64 = (0..network.n_nodes()).filter(|&node| node != origin).map(reached).sum();
            for (node, &balance) in balance.iter().enumerate() {
                prop_assert_eq!(balance, if node == origin { -sent } else { reached(node) }, "at node {}", node);
            }
            Ok(())
        })?;
    }

    #[test]
    fn carrying_down_is_walking_each_path(network in random_network()) {
        let mut values = vec![0.0; network.n_nodes()];
        each_tree(&network, |grown| {
            let step = |link: usize| 1.0 + link as f64;
            grown.tree.accumulate(grown.graph, &mut values, step);
            for node in 0..network.n_nodes() {
                let value = values[grown.graph.zone_state()[node] as usize];
                if grown.cost(node).is_finite() {
                    let mut path = Vec::new();
                    grown.tree.path_to(grown.graph, grown.graph.zone_state()[node], &mut path);
                    prop_assert_eq!(value, path.iter().map(|&link| step(link as usize)).sum::<f64>());
                } else {
                    prop_assert!(value.is_nan());
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn refreshed_costs_are_the_costs_of_the_next_tree(network in random_network(), factor in 0.1..10.0_f64) {
        each_tree(&network, |grown| {
            let cost = |link: usize| factor * grown.time(link);
            let mut costs = grown.costs.clone();
            costs.refresh(grown.graph, cost);
            let origin = grown.graph.zone_state()[grown.origin as usize];
            let (mut tree, mut fresh) = (grown.tree.clone(), TreeSearch::new(grown.graph));
            tree.grow(grown.graph, &costs, origin);
            fresh.grow(grown.graph, &SearchCosts::new(grown.graph, cost), origin);
            for node in 0..network.n_nodes() as u32 {
                prop_assert_eq!(tree.cost(node), fresh.cost(node));
                prop_assert_eq!(tree.arc_into(node), fresh.arc_into(node));
            }
            Ok(())
        })?;
    }
}

#[test]
fn a_better_way_whose_gain_rounding_hides_further_on_loses_no_flow() {
    // An eighth of the median cost is the width of a bucket, 1/8, and a bucket is a stack: from node 0 it gives 2, then 4, and only
    // then 1, 3 and 2 again, now cheaper by an amount that 0.1 swallows, so that the label of 4 stays as it is.
    let links = [
        (0, 2, constant(1.0e-20)),
        (0, 1, constant(0.25e-20)),
        (1, 3, constant(0.25e-20)),
        (3, 2, constant(0.25e-20)),
        (2, 4, constant(0.1)),
        (0, 5, constant(1.0)),
        (5, 0, constant(1.0)),
        (4, 0, constant(1.0)),
        (4, 5, constant(1.0)),
        (5, 4, constant(2.0)),
        (5, 3, constant(2.0)),
    ];
    let network = network(&links, &[true; 6]);
    each_tree(&network, |grown| {
        let (node_4, mut volumes, mut values) = (grown.graph.zone_state()[4], vec![0.0; links.len()], vec![0.0; 6]);
        grown.tree.load(grown.graph, std::iter::once((node_4, 7.0)), &mut [0.0; 6], &mut volumes);
        let mut path = Vec::new();
        grown.tree.path_to(grown.graph, node_4, &mut path);
        path.iter().for_each(|&link| assert_eq!(volumes[link as usize], 7.0, "from node {}", grown.origin));
        grown.tree.accumulate(grown.graph, &mut values, |_| 1.0);
        assert_eq!(values[node_4 as usize], path.len() as f64, "from node {}", grown.origin);
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_destination_at_the_origin_loads_nothing() {
    let network = network(&[(0, 1, constant(1.0)), (1, 0, constant(0.0)), (0, 0, constant(0.0))], &[true; 2]);
    each_tree(&network, |grown| {
        let origin = grown.graph.zone_state()[grown.origin as usize];
        let (mut flow_at, mut volumes) = (vec![0.0; 2], vec![0.0; 3]);
        grown.tree.load(grown.graph, std::iter::once((origin, 5.0)), &mut flow_at, &mut volumes);
        assert_eq!((flow_at, volumes), (vec![0.0; 2], vec![0.0; 3]));
        assert_eq!((grown.cost(grown.origin as usize), grown.tree.arc_into(origin)), (0.0, None));
        Ok(())
    })
    .unwrap();
}

#[test]
fn costs_without_bound_stay_exact_beyond_the_last_bucket() {
    // A chain whose costs grow tenfold per link leaves the buckets behind soon; the heap must order the rest.
    let links: Vec<_> =
        (0..12_u32).map(|node| (node, node + 1, constant(libm::pow(10.0, f64::from(node) - 6.0)))).collect();
    let network = network(&links, &[true; 13]);
    each_tree(&network, |grown| {
        let found: Vec<f64> = (0..13).map(|node| grown.cost(node)).collect();
        assert_eq!(found, oracle(&network, grown.origin));
        Ok(())
    })
    .unwrap();
}
