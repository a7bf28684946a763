//! Random assignment problems: a network with turns, classes of users and their trips.

use std::collections::BTreeMap;

use conurb_traffic::{Network, VolumeDelay};
use proptest::prelude::*;

use super::random::{any_delay, any_turning_network, bpr};
use super::solver::{Class, Row};

/// Networks of all delays and one or two classes with few origins of several destinations each, some not reachable, none the
/// origin itself.
pub fn any_problem() -> impl Strategy<Value = (Network, Vec<Class>)> {
    problem_on(any_turning_network(any_delay()), 1..3)
}

/// As `any_problem` with two classes, on links whose cost rises strictly and is not steep at the trips there are, where flow moved
/// pair by pair comes close to equilibrium soon.
pub fn any_rising_problem() -> impl Strategy<Value = (Network, Vec<Class>)> {
    let power = prop_oneof![Just(1.0), Just(4.0), 1.5..3.0_f64];
    let delay = (0.5..10.0_f64, 0.1..1.0_f64, 50.0..500.0_f64, power);
    let delay = delay.prop_map(|(time, b, capacity, power)| VolumeDelay::Bpr(bpr(time, b, capacity, power)));
    problem_on(any_turning_network(delay), 2..3)
}

fn problem_on(
    network: impl Strategy<Value = Network>,
    n_classes: std::ops::Range<usize>,
) -> impl Strategy<Value = (Network, Vec<Class>)> {
    network.prop_flat_map(move |network| {
        let class = any_class(network.n_nodes() as u32, network.n_links());
        (Just(network), prop::collection::vec(class, n_classes.clone()))
    })
}

/// Users with fixed costs on some links, who may not use some others, and their trips.
fn any_class(n_nodes: u32, n_links: usize) -> impl Strategy<Value = Class> {
    let fixed = prop_oneof![8 => Just(0.0), 4 => 0.1..8.0_f64, 1 => Just(f64::INFINITY)];
    let row = (0..n_nodes, prop::collection::btree_map(0..n_nodes, 0.5..40.0_f64, 1..6));
    let without_itself = |(origin, to): (u32, BTreeMap<u32, f64>)| -> Row {
        (origin, to.into_iter().filter(|&(node, _)| node != origin).collect())
    };
    let rows = prop::collection::vec(row.prop_map(without_itself), 1..4);
    (prop::collection::vec(fixed, n_links), rows).prop_map(|(fixed, rows)| Class { fixed, rows })
}
