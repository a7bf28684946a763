//! Turns that cost something or are not allowed, against a search over links that knows no states.

use conurb_traffic::{Graph, Network, SearchCosts, TreeSearch, Turn};
use proptest::prelude::*;

use super::oracle::{expanded, least_costs, walk};
use super::random::{any_cost, any_network, any_turning_network, constant, network};

const FREE: f64 = 0.0;
const BANNED: f64 = f64::INFINITY;

fn turn((from_link, to_link): (u32, u32), penalty: f64) -> Turn {
    Turn { from_link, to_link, penalty }
}

/// Networks of which only some nodes are zones and some links are open.
fn any_problem() -> impl Strategy<Value = Network> {
    any_turning_network(any_cost().prop_map(constant)).prop_flat_map(|network| {
        let open = prop::collection::vec(prop::bool::weighted(0.9), network.n_links());
        let is_zone = prop::collection::vec(prop::bool::weighted(0.6), network.n_nodes());
        (open, is_zone).prop_map(move |(open, is_zone)| {
            let zones = (0..network.n_nodes() as u32).filter(|&node| is_zone[node as usize]).collect();
            let ends = (network.tail().to_vec(), network.head().to_vec());
            let same = Network::new(ends, network.delay().to_vec(), open, network.through().to_vec(), zones);
            same.unwrap().with_turns(network.turns().to_vec()).unwrap()
        })
    })
}

/// A tree from one zone and what it was grown on.
struct Grown<'a> {
    network: &'a Network,
    graph: &'a Graph,
    tree: &'a TreeSearch,
    origin: u32,
}

impl Grown<'_> {
    /// The path to a zone in links of the network, and what its turns cost.
    fn path(&self, zone: usize) -> (Vec<usize>, f64) {
        let mut path = Vec::new();
        let turn_cost = self.tree.path_to(self.graph, self.graph.zone_state()[zone], &mut path);
        (path.iter().map(|&link| self.graph.source_link()[link as usize] as usize).collect(), turn_cost)
    }
    fn reached(&self) -> impl Iterator<Item = usize> {
        (0..self.network.n_zones()).filter(|&zone| self.tree.cost(self.graph.zone_state()[zone]).is_finite())
    }
}

fn free_flow(network: &Network) -> impl Fn(usize) -> f64 {
    |link| network.delay()[link].time(0.0)
}

/// Grows trees from every zone with the same working memory and shows each to `check`.
fn each_tree(
    network: &Network,
    mut check: impl FnMut(&Grown<'_>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let graph = Graph::new(network);
    let costs = SearchCosts::new(&graph, |link| free_flow(network)(graph.source_link()[link] as usize));
    let mut tree = TreeSearch::new(&graph);
    for (zone, &origin) in network.zone_node().iter().enumerate() {
        tree.grow(&graph, &costs, graph.zone_state()[zone]);
        check(&Grown { network, graph: &graph, tree: &tree, origin })?;
    }
    Ok(())
}

/// Least costs from zone to zone by the kernel, of zones that are all nodes.
fn all_costs(network: &Network) -> Vec<Vec<f64>> {
    let mut rows = Vec::new();
    each_tree(network, |grown| {
        rows.push(grown.graph.zone_state().iter().map(|&state| grown.tree.cost(state)).collect());
        Ok(())
    })
    .unwrap();
    rows
}

fn near(left: f64, right: f64) -> bool {
    left == right || (left - right).abs() <= 1e-12 * right.abs()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn least_costs_are_those_of_a_search_over_links_to_the_bit(network in any_problem()) {
        each_tree(&network, |grown| {
            let least = least_costs(&network, free_flow(&network), grown.origin);
            for (&node, &state) in network.zone_node().iter().zip(grown.graph.zone_state()) {
                prop_assert_eq!(grown.tree.cost(state), least[node as usize], "from {} to {}", grown.origin, node);
            }
            Ok(())
        })?;
    }

    #[test]
    fn paths_are_legal_use_no_link_twice_and_cost_what_they_should(network in any_problem()) {
        each_tree(&network, |grown| {
            for zone in grown.reached() {
                let (path, turn_cost) = grown.path(zone);
                let ends = (grown.origin, network.zone_node()[zone]);
                let walked = walk(&network, free_flow(&network), &path, ends);
                prop_assert!(walked.is_some(), "{path:?} may not be driven");
                let (cost, of_turns) = walked.unwrap();
                prop_assert_eq!(cost, grown.tree.cost(grown.graph.zone_state()[zone]));
                prop_assert!(near(turn_cost, of_turns), "{turn_cost} and {of_turns}");
                let mut links = path.clone();
                links.sort_unstable();
                links.dedup();
                prop_assert_eq!(links.len(), path.len(), "{:?}", path);
            }
            Ok(())
        })?;
    }

    #[test]
    fn loads_and_skims_are_those_of_walked_paths(network in any_problem(), trips in prop::collection::vec(0..9_u32, 14)) {
        each_tree(&network, |grown| {
            let graph = grown.graph;
            let (mut flow_at, mut volumes) = (vec![0.0; graph.n_states()], vec![0.0; graph.n_links()]);
            let to_all = graph.zone_state().iter().zip(&trips).map(|(&state, &trips)| (state, f64::from(trips)));
            grown.tree.load(graph, to_all, &mut flow_at, &mut volumes);
            prop_assert!(flow_at.iter().all(|&flow| flow == 0.0), "the working memory is left as it was");
            let (mut of_links, mut of_turns) = (vec![f64::NAN; graph.n_states()], vec![f64::NAN; graph.n_states()]);
            grown.tree.accumulate(graph, &mut of_links, |arc| f64::from(1 + graph.source_link()[graph.link_of(arc)]));
            grown.tree.accumulate(graph, &mut of_turns, |arc| graph.turn_cost(arc));
            let mut walked = vec![0.0; network.n_links()];
            for (zone, &state) in graph.zone_state().iter().enumerate() {
                let (sum, turn_sum) = (of_links[state as usize], of_turns[state as usize]);
                if grown.tree.cost(state).is_finite() {
                    let (path, turn_cost) = grown.path(zone);
                    path.iter().for_each(|&link| walked[link] += f64::from(trips[zone]));
                    prop_assert_eq!(sum, path.iter().map(|&link| 1.0 + link as f64).sum::<f64>());
                    prop_assert!(near(turn_cost, turn_sum));
                } else {
                    prop_assert!(sum.is_nan() && turn_sum.is_nan());
                }
            }
            for (link, &volume) in volumes.iter().enumerate() {
                prop_assert_eq!(volume, walked[graph.source_link()[link] as usize]);
            }
            Ok(())
        })?;
    }

    #[test]
    fn movements_as_links_give_the_same_costs(network in any_turning_network(any_cost().prop_map(constant))) {
        let by_hand = all_costs(&expanded(&network));
        for (row, by_hand) in all_costs(&network).iter().zip(&by_hand) {
            for (cost, by_hand) in row.iter().zip(by_hand) {
                prop_assert!(near(*cost, *by_hand), "{cost} and {by_hand}");
            }
        }
    }

    #[test]
    fn without_turns_states_are_nodes_and_arcs_are_links(network in any_network(any_cost().prop_map(constant))) {
        let free = (0..network.n_links() as u32).flat_map(|from| (0..network.n_links() as u32).map(move |to| (from, to)));
        let meets = |&(from, to): &(u32, u32)| network.head()[from as usize] == network.tail()[to as usize];
        let turns = free.filter(meets).map(|links| turn(links, FREE)).collect();
        for graph in [Graph::new(&network), Graph::new(&network.clone().with_turns(turns).unwrap())] {
            prop_assert_eq!((graph.n_states(), graph.n_arcs()), (network.n_nodes(), network.n_links()));
            prop_assert!(!graph.has_turns());
            prop_assert!((0..graph.n_arcs()).all(|arc| graph.link_of(arc) == arc && graph.turn_cost(arc) == 0.0));
        }
    }
}

/// A crossing 4 with roads to 0, 1, 2 and 3: link 2 i leads in from i, 2 i + 1 out to i; a block 1 → 5 → 2 beside it.
fn crossing(turns: &[Turn]) -> Network {
    let mut links: Vec<_> = (0..4).flat_map(|arm| [(arm, 4, constant(1.0)), (4, arm, constant(1.0))]).collect();
    links.extend([(1, 5, constant(1.0)), (5, 2, constant(1.0))]);
    network(&links, &[true; 6]).with_turns(turns.to_vec()).unwrap()
}

#[test]
fn a_banned_turn_is_gone_round() {
    // 0 → 4 → 2 costs 2; by 1 and 5 it costs 4, by turning round in 3 and coming back to the crossing also.
    assert_eq!(all_costs(&crossing(&[]))[0][2], 2.0);
    let no_left = turn((0, 5), BANNED);
    assert_eq!(all_costs(&crossing(&[no_left]))[0][2], 4.0);
    let no_block = turn((0, 3), BANNED);
    let costs = all_costs(&crossing(&[no_left, no_block]));
    assert_eq!((costs[0][2], costs[0][1]), (4.0, 4.0), "twice over the crossing, by 3");
    let no_u_turn_at_3 = turn((7, 6), BANNED);
    let turns = [no_left, no_block, no_u_turn_at_3];
    // Turning round in 0 itself leads over the same link, after which the same turns are banned.
    assert_eq!(all_costs(&crossing(&turns))[0][2], f64::INFINITY);
    assert_eq!(all_costs(&crossing(&turns))[0][4], 1.0, "trips that end at the crossing turn nowhere");
    assert_eq!(all_costs(&crossing(&turns))[4][2], 1.0, "nor do those that start there");
}

#[test]
fn a_penalty_is_paid_until_the_way_round_is_cheaper() {
    for (penalty, expected) in [(0.5, 2.5), (1.75, 3.75), (2.5, 4.0)] {
        assert_eq!(all_costs(&crossing(&[turn((0, 5), penalty)]))[0][2], expected);
    }
    let twice = [turn((0, 5), 0.25), turn((0, 5), 0.5)];
    assert_eq!(all_costs(&crossing(&twice))[0][2], 2.75, "penalties of one turn add up");
}

#[test]
fn a_zone_at_a_split_node_needs_no_link_to_it_and_is_passed_as_the_turns_allow() {
    // Node 0 has no link that leads to it but a loop, whose turns are banned; trips from it take any link all the same.
    let links = [(0, 1, constant(1.0)), (0, 0, constant(5.0)), (1, 2, constant(1.0)), (2, 1, constant(1.0))];
    let turns = vec![turn((1, 0), BANNED), turn((1, 1), BANNED), turn((0, 2), 3.0), turn((2, 3), BANNED)];
    let costs = all_costs(&network(&links, &[true; 3]).with_turns(turns).unwrap());
    assert_eq!(costs[0], [0.0, 1.0, 5.0]);
    assert_eq!(costs[1], [f64::INFINITY, 0.0, 1.0]);
    assert_eq!(costs[2], [f64::INFINITY, 1.0, 0.0]);
}

#[test]
fn a_trip_that_ends_at_a_split_node_comes_there_once_even_where_a_round_costs_nothing() {
    // From 2 by link 0 to the crossing 0, on round the block 0 → 1 → 2 for nothing, and by link 0 again: all cost the same.
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        let ends = [(2, 0), (0, 1), (1, 2), (3, 2)];
        let links: Vec<_> = order.iter().map(|&link: &usize| (ends[link].0, ends[link].1, constant(0.0))).collect();
        let at = |link: usize| order.iter().position(|&other| other == link).unwrap() as u32;
        let turns = vec![turn((at(0), at(1)), 1e-30), turn((at(3), at(0)), 1.0), turn((at(1), at(2)), 1e-40)];
        let network = network(&links, &[true; 4]).with_turns(turns).unwrap();
        each_tree(&network, |grown| {
            for zone in grown.reached() {
                let (path, _) = grown.path(zone);
                let mut once = path.clone();
                once.sort_unstable();
                once.dedup();
                assert_eq!(once.len(), path.len(), "from {} to {zone}: {path:?}", grown.origin);
            }
            Ok(())
        })
        .unwrap();
    }
}
