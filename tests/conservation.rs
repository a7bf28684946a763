//! Nothing is lost: flow at every node, demand as a whole, and cost between links and pairs of zones.
//!
//! Tolerance at nodes: 1e-12 of all trips, the rounding of sums of some ten thousand terms (the largest case: 1e-6 vehicles).
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/problems.rs"]
mod problems;

use conurb::scenario::LinkReference;
use conurb::stages::assignment::{AssignmentProblem, Solution, Target};
use conurb_numerics::pairwise_sum;
use problems::{Case, frank_wolfe, solved, target};

/// Inflow - outflow = destined - originating demand at each node, where every pair is joined.
fn assert_conserved(problem: &AssignmentProblem, volumes: &[f64], what: &str) {
    let (network, demand) = (&problem.network, &problem.classes[0].demand);
    let mut balance = vec![0.0; network.n_nodes()];
    for (&link, volume) in problem.graph.source_link().iter().zip(volumes) {
        balance[network.head()[link as usize] as usize] += volume;
        balance[network.tail()[link as usize] as usize] -= volume;
    }
    for origin in 0..demand.n_origins() {
        let (destinations, trips) = demand.of(origin);
        for (&destination, trips) in destinations.iter().zip(trips) {
            balance[network.zone_node()[destination as usize] as usize] -= trips;
            balance[network.zone_node()[origin] as usize] += trips;
        }
    }
    let total = pairwise_sum(&demand.trips);
    let worst = balance.iter().map(|balance| balance.abs()).fold(0.0, f64::max);
    assert!(worst <= 1e-12 * total, "{what}: a node is off by {worst:e} of {total}");
}

fn solved_case(name: &str, target: &Target) -> Option<(Case, Solution)> {
    let case = Case::listed(&common::data_dir()?, name);
    let solution = solved(&case.problem, target);
    assert_eq!(solution.unreachable_pairs, 0);
    Some((case, solution))
}

fn flow_is_conserved(name: &str) {
    for target in [target(1e-6), Target { max_iterations: 2, ..target(1e-6) }, frank_wolfe(1e-3)] {
        let Some((case, solution)) = solved_case(name, &target) else { return };
        let volumes = solution.flows.total();
        assert_conserved(&case.problem, &volumes, name);
        assert!(volumes.iter().all(|&volume| volume >= -1e-9), "{name}: a volume below zero");
    }
}

#[test]
fn flow_is_conserved_in_sioux_falls() {
    flow_is_conserved("SiouxFalls");
}

#[test]
fn flow_is_conserved_in_anaheim() {
    flow_is_conserved("Anaheim");
}

#[test]
fn flow_is_conserved_in_barcelona() {
    flow_is_conserved("Barcelona");
}

#[test]
fn flow_is_conserved_in_eastern_massachusetts() {
    flow_is_conserved("EasternMassachusetts");
}

#[test]
fn flow_is_conserved_in_chicago_sketch() {
    flow_is_conserved("ChicagoSketch");
}

/// Assigned, intrazonal and unreachable trips add up to those of the file.
fn assert_accounted(case: &Case, solution: &Solution) {
    let total = case.demand_factor * pairwise_sum(&case.trips.trips);
    let intrazonal = pairwise_sum(&case.problem.classes[0].intrazonal_trips);
    let assigned = solution.log.last().unwrap().gaps.demand;
    let found = assigned + intrazonal + solution.unreachable_trips;
    assert!(
        (found - total).abs() <= 1e-12 * total,
        "{assigned} + {intrazonal} + {} of {total}",
        solution.unreachable_trips
    );
}

#[test]
fn all_demand_is_accounted_for() {
    for (name, intrazonal) in [("ChicagoSketch", 123_414.0), ("ChicagoSketch-x2", 246_828.0), ("SiouxFalls", 0.0)] {
        let Some((case, solution)) = solved_case(name, &target(1e-3)) else { return };
        assert_accounted(&case, &solution);
        let found = pairwise_sum(&case.problem.classes[0].intrazonal_trips);
        assert!((found - intrazonal).abs() < 2.0, "{name}: {found} intrazonal trips");
    }
}

#[test]
fn demand_without_a_path_is_accounted_for() {
    let Some(data) = common::data_dir() else { return };
    // All links out of node 13 closed: nothing leaves zone 13, everything else still moves.
    let out_of_13 = [(13, 12), (13, 24)].map(|(from, to)| LinkReference::Between(from, to));
    for target in [target(1e-6), frank_wolfe(1e-3)] {
        let case = Case::with(&data, "SiouxFalls", |traffic| traffic.closed_links = out_of_13.to_vec());
        let solution = solved(&case.problem, &target);
        let origin = case.roads.zone_id.iter().position(|&zone| zone == 13).unwrap();
        let (destinations, trips) = case.problem.classes[0].demand.of(origin);
        assert_eq!(solution.unreachable_pairs as usize, destinations.len());
        assert!((solution.unreachable_trips - pairwise_sum(trips)).abs() < 1e-9);
        assert!(solution.converged);
        assert_accounted(&case, &solution);
    }
}

#[test]
fn all_or_nothing_volumes_cost_what_the_trees_say() {
    let Some(data) = common::data_dir() else { return };
    // One Frank-Wolfe iteration logs the all-or-nothing volumes at free-flow costs; their cost at free flow is Σ trips × least cost,
    // and both sides of that are sums over links here and over pairs there.
    let case = Case::listed(&data, "Anaheim");
    let once = solved(&case.problem, &Target { max_iterations: 1, ..frank_wolfe(1e-12) });
    let (delays, volumes) = (&case.problem.delays, once.flows.total());
    let over_links: Vec<f64> =
        volumes.iter().enumerate().map(|(link, volume)| volume * delays.cost(link, 0.0)).collect();
    let empty = conurb::stages::assignment::evaluate(
        &conurb::parallel::Runtime::serial(1).unwrap(),
        &case.problem,
        &Solution::empty(&case.problem).flows,
    );
    let over_pairs = empty.unwrap().gaps.shortest_path_travel_time;
    assert!((pairwise_sum(&over_links) / over_pairs - 1.0).abs() < 1e-12);
}
