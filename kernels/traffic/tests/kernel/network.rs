//! What is refused as a network, and what the search form keeps of it.

use conurb_traffic::{BprDelay, Graph, Network, NetworkError, Turn};
use proptest::prelude::*;

use super::random::{any_delay, any_network, bpr, constant, network, with_any_turns};

fn one_link(delay: BprDelay) -> Result<Network, NetworkError> {
    Network::new((vec![0], vec![1]), vec![delay.into()], vec![true], vec![true; 2], vec![0, 1])
}

#[test]
fn values_without_meaning_are_refused_with_link_and_value() {
    let good = bpr(1.0, 0.15, 100.0, 4.0);
    assert!(one_link(good).is_ok());
    for bad in [f64::NAN, f64::INFINITY, -1e-300] {
        let delays = [
            BprDelay { free_flow_time: bad, ..good },
            BprDelay { b: bad, ..good },
            BprDelay { capacity: bad, ..good },
            BprDelay { power: bad, ..good },
        ];
        for (delay, named) in delays.into_iter().zip(["free-flow time", "b", "capacity", "power"]) {
            let Err(NetworkError::Value { link: 0, what, .. }) = one_link(delay) else { panic!("{delay:?}") };
            assert_eq!(what, named);
        }
    }
}

#[test]
fn capacity_zero_is_refused_only_where_it_matters() {
    assert!(one_link(bpr(1.0, 0.15, 0.0, 4.0)).is_err());
    for without_congestion in [bpr(0.0, 0.15, 0.0, 4.0), bpr(1.0, 0.0, 0.0, 4.0), bpr(1.0, 0.15, 0.0, 0.0)] {
        assert!(one_link(without_congestion).is_ok(), "{without_congestion:?}");
    }
}

#[test]
fn arrays_that_do_not_fit_are_refused() {
    let delay = vec![constant(1.0).into()];
    let short = Network::new((vec![0], vec![]), delay.clone(), vec![true], vec![true; 2], vec![]);
    assert_eq!(short.unwrap_err().to_string(), "head has 0 links, expected 1");
    let node = Network::new((vec![0], vec![2]), delay.clone(), vec![true], vec![true; 2], vec![]);
    assert_eq!(node.unwrap_err().to_string(), "link 0 names node 2, expected below 2");
    let zone = Network::new((vec![0], vec![1]), delay, vec![true], vec![true; 2], vec![0, 9]);
    assert_eq!(zone.unwrap_err().to_string(), "zone 1 names node 9, expected below 2");
}

#[test]
fn closed_links_are_not_in_the_graph() {
    let ends = (vec![0, 1, 0], vec![1, 0, 1]);
    let delays = vec![constant(1.0).into(); 3];
    let network = Network::new(ends, delays, vec![true, false, true], vec![true; 2], vec![0]).unwrap();
    assert_eq!(Graph::new(&network).source_link(), [0, 2]);
}

#[test]
fn turns_that_make_no_sense_are_refused_with_their_links() {
    // 0 → 1 → 2 and back from 1.
    let links = [(0, 1, constant(1.0)), (1, 2, constant(1.0)), (1, 0, constant(1.0))];
    let with = |from_link: u32, to_link: u32, penalty: f64| {
        let good = Turn { from_link: 0, to_link: 2, penalty: 1.0 };
        network(&links, &[true; 3]).with_turns(vec![good, Turn { from_link, to_link, penalty }])
    };
    assert!(with(0, 1, f64::INFINITY).is_ok() && with(2, 0, 0.0).is_ok());
    for (from, to, penalty) in [(1, 0, 1.0), (0, 3, 1.0), (3, 0, 1.0), (0, 1, f64::NAN), (0, 1, -1.0), (0, 0, 1.0)] {
        match with(from, to, penalty) {
            Err(NetworkError::Turn { index: 1, from_link, to_link, .. }) => {
                assert_eq!((from_link, to_link), (from, to))
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(with(1, 0, 1.0).unwrap_err().to_string(), "turn 1 leads from link 1 to link 0 at a penalty of 1");
}

#[test]
fn a_crossing_of_too_many_turns_is_refused() {
    let mut links = vec![(0, 1, constant(1.0)); 50_000];
    links.extend(vec![(1, 2, constant(1.0)); 50_000]);
    let crossing = network(&links, &[true; 3]);
    assert!(crossing.clone().with_turns(vec![]).is_ok());
    let turn = |penalty| vec![Turn { from_link: 7, to_link: 50_007, penalty }];
    assert!(crossing.clone().with_turns(turn(0.0)).is_ok());
    let refused = crossing.with_turns(turn(1.0)).unwrap_err().to_string();
    assert!(refused.ends_with("nodes, links or turns, expected below 2^32 - 1"), "{refused}");
}

proptest! {
    #[test]
    fn turns_listed_several_times_add_up(
        (network, listed) in any_network(any_delay()).prop_flat_map(with_any_turns),
    ) {
        for from in 0..network.n_links() as u32 {
            for to in 0..network.n_links() as u32 {
                let same = listed.iter().filter(|turn| (turn.from_link, turn.to_link) == (from, to));
                let sum = same.fold(0.0, |sum, turn| sum + turn.penalty);
                prop_assert_eq!(network.turn_penalty(from, to), sum, "from {} to {}", from, to);
            }
        }
        prop_assert!(network.turns().iter().all(|turn| turn.penalty > 0.0));
    }

    #[test]
    fn the_graph_holds_each_link_and_node_once(network in any_network(any_delay())) {
        let graph = Graph::new(&network);
        let mut links = graph.source_link().to_vec();
        links.sort_unstable();
        prop_assert_eq!(links, (0..network.n_links() as u32).collect::<Vec<_>>());
        let mut nodes = graph.zone_state().to_vec();
        nodes.sort_unstable();
        prop_assert_eq!(nodes, (0..network.n_nodes() as u32).collect::<Vec<_>>());
        prop_assert_eq!((graph.n_links(), graph.n_states()), (network.n_links(), network.n_nodes()));
    }
}
