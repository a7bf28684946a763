//! Networks to test on: written down link by link, or random.

use std::fmt::Debug;

use conurb_traffic::{AkcelikDelay, BprDelay, ConicalDelay, Network, Turn, VolumeDelay};
use proptest::prelude::*;

/// A constant cost.
pub fn constant(cost: f64) -> BprDelay {
    BprDelay { free_flow_time: cost, b: 0.0, capacity: 1.0, power: 1.0 }
}

/// A BPR delay.
pub fn bpr(free_flow_time: f64, b: f64, capacity: f64, power: f64) -> BprDelay {
    BprDelay { free_flow_time, b, capacity, power }
}

/// Links as tail, head and delay, all open, each node a zone of its own, so that tests see the graph's number of every node.
pub fn network<D: Into<VolumeDelay> + Copy>(links: &[(u32, u32, D)], through: &[bool]) -> Network {
    let ends = (links.iter().map(|link| link.0).collect(), links.iter().map(|link| link.1).collect());
    let delays = links.iter().map(|link| link.2.into()).collect();
    let zones = (0..through.len() as u32).collect();
    Network::new(ends, delays, vec![true; links.len()], through.to_vec(), zones).unwrap()
}

/// Costs of twelve orders of magnitude, zeros and small whole numbers, which tie.
pub fn any_cost() -> impl Strategy<Value = f64> {
    prop_oneof![
        2 => Just(0.0),
        4 => (-6.0..6.0_f64).prop_map(|exponent| libm::pow(10.0, exponent)),
        4 => (1..4_u32).prop_map(f64::from),
    ]
}

/// Delays of all functions, among BPR with whole and real exponents above 1 and now and then a constant one.
pub fn any_delay() -> impl Strategy<Value = VolumeDelay> {
    let power = prop_oneof![4 => Just(4.0), 1 => Just(1.0), 1 => 1.2..6.0_f64];
    let time = || prop_oneof![1 => Just(0.0), 9 => 0.5..20.0_f64];
    let capacity = || 1.0..50.0_f64;
    let bpr = (time(), prop_oneof![1 => Just(0.0), 9 => 0.05..2.0_f64], capacity(), power)
        .prop_map(|(free_flow_time, b, capacity, power)| bpr(free_flow_time, b, capacity, power));
    let conical = (time(), 1.1..10.0_f64, capacity()).prop_map(|(free_flow_time, alpha, capacity)| ConicalDelay {
        free_flow_time,
        alpha,
        capacity,
    });
    let akcelik = (time(), 0.1..2.0_f64, capacity(), 1.0..60.0_f64).prop_map(
        |(free_flow_time, delay_parameter, capacity, analysis_period)| AkcelikDelay {
            free_flow_time,
            delay_parameter,
            capacity,
            demand_period: 60.0,
            analysis_period,
        },
    );
    prop_oneof![
        6 => bpr.clone().prop_map(VolumeDelay::Bpr),
        1 => bpr.prop_map(VolumeDelay::Bpr2),
        1 => conical.prop_map(VolumeDelay::Conical),
        1 => akcelik.prop_map(VolumeDelay::Akcelik),
    ]
}

/// Up to 14 nodes, some of which paths may not pass through, and links with parallels and loops among them.
pub fn any_network<D: Into<VolumeDelay> + Copy + Debug>(
    delay: impl Strategy<Value = D> + 'static,
) -> impl Strategy<Value = Network> {
    let delay = delay.boxed();
    (2..14_usize).prop_flat_map(move |n_nodes| {
        let node = 0..n_nodes as u32;
        let links = prop::collection::vec((node.clone(), node, delay.clone()), 1..60);
        let through = prop::collection::vec(prop::bool::weighted(0.8), n_nodes);
        (links, through).prop_map(|(links, through)| network(&links, &through))
    })
}

/// The network with random turns at a few of its nodes, half of them bans; some turns cost nothing, some are listed twice.
pub fn with_any_turns(network: Network) -> impl Strategy<Value = (Network, Vec<Turn>)> {
    let meets = |&(from, to): &(u32, u32)| network.head()[from as usize] == network.tail()[to as usize];
    let links = 0..network.n_links() as u32;
    let pairs: Vec<(u32, u32)> =
        links.clone().flat_map(|from| links.clone().map(move |to| (from, to))).filter(meets).collect();
    let penalty = prop_oneof![
        5 => Just(f64::INFINITY),
        1 => Just(0.0),
        2 => (1..4_u32).prop_map(f64::from),
        2 => 0.01..30.0_f64,
    ];
    let most = if pairs.is_empty() { 0 } else { 2 * pairs.len() / 3 };
    let turns = prop::collection::vec((any::<prop::sample::Index>(), penalty), 0..=most).prop_map(move |turns| {
        let turn = |(index, penalty): (prop::sample::Index, f64)| {
            let &(from_link, to_link) = index.get(&pairs);
            Turn { from_link, to_link, penalty }
        };
        turns.into_iter().map(turn).collect::<Vec<_>>()
    });
    turns.prop_map(move |turns| (network.clone().with_turns(turns.clone()).unwrap(), turns))
}

/// As `any_network`, with turns; now and then without.
pub fn any_turning_network<D: Into<VolumeDelay> + Copy + Debug>(
    delay: impl Strategy<Value = D> + 'static,
) -> impl Strategy<Value = Network> {
    any_network(delay).prop_flat_map(with_any_turns).prop_map(|(network, _)| network)
}
