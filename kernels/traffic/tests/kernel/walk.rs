//! Paths as sequences: shuffled links find their order, and what may not be driven is told.

use conurb_traffic::{Graph, Network, OrderScratch, SearchCosts, TreeSearch, Turn, in_order, turn_cost_along};
use proptest::prelude::*;

use super::oracle::{movements, walk};
use super::random::{any_cost, any_turning_network, constant, network};

const BANNED: f64 = f64::INFINITY;

fn turns(turns: &[(u32, u32, f64)]) -> Vec<Turn> {
    turns.iter().map(|&(from_link, to_link, penalty)| Turn { from_link, to_link, penalty }).collect()
}

/// The links of the graph that a path over links of the network has.
fn of_graph(graph: &Graph, path: &[usize]) -> Vec<u32> {
    let position = |&link: &usize| graph.source_link().iter().position(|&source| source as usize == link);
    path.iter().map(|link| position(link).unwrap() as u32).collect()
}

fn of_network(graph: &Graph, path: &[u32]) -> Vec<usize> {
    path.iter().map(|&link| graph.source_link()[link as usize] as usize).collect()
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-12 * right.abs()
}

/// A trail that uses no link twice, from the first of `choices` on.
fn trail(network: &Network, choices: &[prop::sample::Index]) -> Vec<usize> {
    let movements = movements(network);
    let mut trail = vec![choices[0].index(network.n_links())];
    for choice in &choices[1..] {
        let last = trail[trail.len() - 1];
        let onward: Vec<usize> = movements
            .iter()
            .filter(|&&(from, to, _)| from == last && !trail.contains(&to))
            .map(|&(_, to, _)| to)
            .collect();
        if onward.is_empty() {
            break;
        }
        trail.push(onward[choice.index(onward.len())]);
    }
    trail
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn shuffled_least_cost_paths_find_their_order(
        network in any_turning_network(any_cost().prop_map(constant)),
        keys in prop::collection::vec(any::<u32>(), 60),
    ) {
        let graph = Graph::new(&network);
        let time = |link: usize| network.delay()[link].time(0.0);
        let costs = SearchCosts::new(&graph, |link| time(graph.source_link()[link] as usize));
        let (mut tree, mut order, mut path) = (TreeSearch::new(&graph), OrderScratch::new(&graph), Vec::new());
        for (from, &origin) in graph.zone_state().iter().enumerate() {
            tree.grow(&graph, &costs, origin);
            let reached = graph.zone_state().iter().enumerate().filter(|&(_, &state)| tree.cost(state).is_finite());
            for (to, &end) in reached {
                let turn_cost = tree.path_to(&graph, end, &mut path);
                let along = turn_cost_along(&graph, &path, origin, end);
                prop_assert!(along.is_some_and(|along| near(along, turn_cost)), "{along:?} {turn_cost}");
                let mut links = path.clone();
                links.sort_by_key(|&link| keys[link as usize]);
                prop_assert!(in_order(&graph, &mut links, (origin, end), &mut order), "from {from} to {to}");
                let walked = walk(&network, |_| 0.0, &of_network(&graph, &links), (from as u32, to as u32));
                prop_assert!(walked.is_some_and(|(_, of_turns)| of_turns <= turn_cost * (1.0 + 1e-12)), "{walked:?} {turn_cost}");
                let mut same = path.clone();
                same.sort_unstable();
                links.sort_unstable();
                prop_assert_eq!(links, same);
            }
        }
    }

    #[test]
    fn shuffled_trails_find_an_order_no_dearer(
        network in any_turning_network(any_cost().prop_map(constant)),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 1..7),
        keys in prop::collection::vec(any::<u32>(), 60),
    ) {
        let graph = Graph::new(&network);
        let trail = trail(&network, &choices);
        let ends = (network.tail()[trail[0]], network.head()[trail[trail.len() - 1]]);
        let states = (graph.zone_state()[ends.0 as usize], graph.zone_state()[ends.1 as usize]);
        let (_, turn_cost) = walk(&network, |_| 0.0, &trail, ends).unwrap();
        let mut links = of_graph(&graph, &trail);
        let along = turn_cost_along(&graph, &links, states.0, states.1);
        prop_assert!(along.is_some_and(|along| near(along, turn_cost)), "{along:?} {turn_cost}");
        links.sort_by_key(|&link| keys[link as usize]);
        let mut order = OrderScratch::new(&graph);
        prop_assert!(in_order(&graph, &mut links, states, &mut order));
        let walked = walk(&network, |_| 0.0, &of_network(&graph, &links), ends);
        prop_assert!(walked.is_some_and(|(_, of_turns)| of_turns <= turn_cost * (1.0 + 1e-12)), "{walked:?} {turn_cost}");
    }

    #[test]
    fn sequences_are_judged_as_by_walking_them(
        network in any_turning_network(any_cost().prop_map(constant)),
        sequence in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
    ) {
        let path: Vec<usize> = sequence.iter().map(|index| index.index(network.n_links())).collect();
        for network in [&network, &network.clone().with_turns(vec![]).unwrap()] {
            let graph = Graph::new(network);
            let links = of_graph(&graph, &path);
            for (from, &origin) in graph.zone_state().iter().enumerate() {
                for (to, &end) in graph.zone_state().iter().enumerate() {
                    let walked = walk(network, |_| 0.0, &path, (from as u32, to as u32)).map(|(_, of_turns)| of_turns);
                    let along = turn_cost_along(&graph, &links, origin, end);
                    prop_assert_eq!(along, walked, "{:?} from {} to {}", &path, from, to);
                }
            }
        }
    }
}

/// Two rounds at node 1 between the way in, link 0, and the way out, link 5; the turns of one order cost 1 each, of the other 2.
fn two_rounds(dearer: f64) -> Graph {
    let ends = [(0, 1), (1, 2), (2, 1), (1, 3), (3, 1), (1, 4)];
    let links: Vec<_> = ends.iter().map(|&(tail, head)| (tail, head, constant(1.0))).collect();
    let first = [(0, 1, dearer), (2, 3, dearer), (4, 5, dearer)];
    let second = [(0, 3, 1.0), (4, 1, 1.0), (2, 5, 1.0)];
    let bans = [(0, 5, BANNED), (2, 1, BANNED), (4, 3, BANNED)];
    let turns = turns(&[first, second, bans].concat());
    Graph::new(&network(&links, &[true; 5]).with_turns(turns).unwrap())
}

#[test]
fn of_several_orders_the_cheapest_is_taken() {
    for (dearer, expected) in [(2.0, [0, 3, 4, 1, 2, 5]), (0.5, [0, 1, 2, 3, 4, 5]), (BANNED, [0, 3, 4, 1, 2, 5])] {
        let graph = two_rounds(dearer);
        let (origin, end) = (graph.zone_state()[0], graph.zone_state()[4]);
        let (mut links, mut order) = (of_graph(&graph, &[5, 4, 3, 2, 1, 0]), OrderScratch::new(&graph));
        assert!(in_order(&graph, &mut links, (origin, end), &mut order));
        assert_eq!(of_network(&graph, &links), expected);
        let cost = if dearer == 0.5 { 1.5 } else { 3.0 };
        assert_eq!(turn_cost_along(&graph, &links, origin, end), Some(cost));
    }
}

#[test]
fn a_path_does_not_come_back_through_where_it_started_unless_paths_may_pass() {
    let links = [(0, 1, constant(1.0)), (1, 0, constant(1.0)), (0, 2, constant(1.0))];
    for (through, expected) in [([true; 3], Some(0.0)), ([false, true, true], None)] {
        let network = network(&links, &through);
        let elsewhere = turns(&[(0, 1, 7.0)]);
        for graph in [Graph::new(&network), Graph::new(&network.clone().with_turns(elsewhere).unwrap())] {
            let ends = (graph.zone_state()[0], graph.zone_state()[2]);
            let path = of_graph(&graph, &[0, 1, 2]);
            let expected = expected.map(|cost| if graph.has_turns() { cost + 7.0 } else { cost });
            assert_eq!(turn_cost_along(&graph, &path, ends.0, ends.1), expected);
            let found = in_order(&graph, &mut path.clone(), ends, &mut OrderScratch::new(&graph));
            assert_eq!(found, expected.is_some());
        }
    }
}

#[test]
fn links_that_make_no_path_have_no_order() {
    let graph = two_rounds(2.0);
    let mut order = OrderScratch::new(&graph);
    let state = |node: usize| graph.zone_state()[node];
    let mut may = |path: &[usize], from: usize, to: usize| {
        in_order(&graph, &mut of_graph(&graph, path), (state(from), state(to)), &mut order)
    };
    assert!(may(&[0], 0, 1) && may(&[5], 1, 4) && may(&[], 2, 2));
    assert!(!may(&[0, 5], 0, 4), "the turn is banned");
    assert!(!may(&[0, 1], 0, 3) && !may(&[0, 1], 1, 2), "the ends are others");
    assert!(!may(&[0, 3, 5], 0, 4), "there is a gap");
    assert!(!may(&[0, 1, 2, 5, 2], 0, 4), "a link is named twice");
    assert!(!may(&[], 0, 1));
    assert!(may(&[0, 3, 4, 1, 2, 5], 0, 4), "what failed leaves no trace");
}

#[test]
fn many_rounds_that_can_be_permuted_come_to_an_end() {
    // 40 loops at one node, each turn between them at its own cost: 40! orders.
    let mut links = vec![(0, 1, constant(1.0))];
    links.extend((0..40).map(|_| (1, 1, constant(1.0))));
    links.push((1, 2, constant(1.0)));
    let pairs = (0..41).flat_map(|from| (1..42).map(move |to| (from, to)));
    let turns = pairs.map(|(from_link, to_link)| {
        let penalty = f64::from(1 + (7 * from_link + 13 * to_link) % 17);
        Turn { from_link, to_link, penalty }
    });
    let graph = Graph::new(&network(&links, &[true; 3]).with_turns(turns.collect()).unwrap());
    let mut path: Vec<u32> = (0..graph.n_links() as u32).collect();
    let ends = (graph.zone_state()[0], graph.zone_state()[2]);
    assert!(in_order(&graph, &mut path, ends, &mut OrderScratch::new(&graph)));
    assert!(turn_cost_along(&graph, &path, ends.0, ends.1).is_some());
}
