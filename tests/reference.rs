//! Assignments held against published ones.
//!
//! Source: Transportation Networks for Research, <https://github.com/bstabler/TransportationNetworks> at d1639b4, and the
//! objectives of `reference_solutions.csv`, which an independent evaluator reproduced (`docs/reference-data.md`).
//! Tolerances: objective 1e-9 relative at a relative gap of at most 1e-10; volumes max(1 vehicle, 0.1 %) on links whose
//! cost rises, because on others equilibrium does not fix the volume.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/problems.rs"]
mod problems;

use conurb::parallel::Runtime;
use conurb::stages::assignment::{Flows, Solution, Target, evaluate};
use problems::{Case, frank_wolfe, large_tests, solved, target};

#[track_caller]
fn assert_near(found: f64, expected: f64, relative: f64, what: &str) {
    let error = ((found - expected) / expected).abs();
    assert!(error <= relative, "{what}: {found}, expected {expected}, off by {error:e}");
}

/// Solves a listed case and holds its objective against the list.
fn meets_the_list(name: &str) -> Option<(Case, Solution)> {
    let case = Case::listed(&common::data_dir()?, name);
    let solution = solved(&case.problem, &target(1e-10));
    let last = solution.log.last().unwrap();
    assert!(solution.converged && last.gaps.relative_gap() <= 1e-10, "{name}: {:e}", last.gaps.relative_gap());
    assert_near(last.objective, case.objective.unwrap(), 1e-9, name);
    Some((case, solution))
}

/// The same, and every volume that equilibrium fixes against the published flow file.
fn meets_the_published_flows(name: &str) {
    let Some((case, solution)) = meets_the_list(name) else { return };
    let published = case.published_volumes();
    let (mut held, volumes) = (0, solution.flows.total());
    for link in (0..published.len()).filter(|&link| case.problem.delays.rises(link)) {
        let (found, expected) = (volumes[link], published[link]);
        let id = case.roads.link_id[case.problem.graph.source_link()[link] as usize];
        assert!(
            (found - expected).abs() <= f64::max(1.0, 1e-3 * expected),
            "{name} link {id}: {found}, not {expected}"
        );
        held += 1;
    }
    assert!(held > 0);
}

/// The published flows themselves are an equilibrium, with the objective and totals of the list.
fn published_flows_are_in_equilibrium(name: &str) {
    let Some(data) = common::data_dir() else { return };
    let case = Case::listed(&data, name);
    let published = case.published_volumes();
    let entry =
        evaluate(&Runtime::serial(1).unwrap(), &case.problem, &Flows::of_volumes(&case.problem, &published)).unwrap();
    assert!(entry.gaps.relative_gap().abs() <= 1e-13, "{name}: {:e}", entry.gaps.relative_gap());
    assert_near(entry.objective, case.objective.unwrap(), 1e-13, name);
    assert_near(entry.gaps.total_system_travel_time, case.total_cost.unwrap(), 1e-13, name);
    let times =
        published.iter().enumerate().map(|(link, volume)| volume * case.problem.travel_times.cost(link, *volume));
    assert_near(times.sum(), case.total_time.unwrap(), 1e-12, name);
}

#[test]
fn sioux_falls() {
    meets_the_published_flows("SiouxFalls");
}

#[test]
fn anaheim() {
    meets_the_published_flows("Anaheim");
}

#[test]
fn barcelona() {
    meets_the_published_flows("Barcelona");
}

#[test]
fn chicago_sketch() {
    meets_the_published_flows("ChicagoSketch");
}

#[test]
fn chicago_sketch_with_twice_the_demand() {
    meets_the_list("ChicagoSketch-x2");
}

#[test]
fn eastern_massachusetts() {
    meets_the_list("EasternMassachusetts");
}

#[test]
fn braess() {
    let Some((_, solution)) = meets_the_list("Braess") else { return };
    // Six trips: two on each outer route, two over the bridge (Braess, Unternehmensforschung 12, 1968).
    let mut volumes = solution.flows.total();
    volumes.sort_by(f64::total_cmp);
    for (found, expected) in volumes.iter().zip([2.0, 2.0, 2.0, 4.0, 4.0]) {
        assert!((found - expected).abs() < 1e-4, "{volumes:?}");
    }
}

#[test]
fn published_flows_of_sioux_falls() {
    published_flows_are_in_equilibrium("SiouxFalls");
}

#[test]
fn published_flows_of_anaheim() {
    published_flows_are_in_equilibrium("Anaheim");
}

#[test]
fn published_flows_of_barcelona() {
    published_flows_are_in_equilibrium("Barcelona");
}

#[test]
fn published_flows_of_chicago_sketch() {
    published_flows_are_in_equilibrium("ChicagoSketch");
}

#[test]
fn frank_wolfe_reaches_1e_4_in_50_iterations_and_agrees() {
    let Some(data) = common::data_dir() else { return };
    let case = Case::listed(&data, "ChicagoSketch");
    let solution = solved(&case.problem, &Target { max_iterations: 50, ..frank_wolfe(1e-4) });
    assert!(
        solution.converged,
        "{} iterations, {:e}",
        solution.log.len(),
        solution.log.last().unwrap().gaps.relative_gap()
    );
    // The objective is convex, so it lies above its minimum by at most TSTT - SPTT.
    let last = solution.log.last().unwrap();
    let most = last.gaps.relative_gap() * last.gaps.total_system_travel_time;
    let above = last.objective - solved(&case.problem, &target(1e-8)).log.last().unwrap().objective;
    assert!((0.0..=most).contains(&above), "{above} above the minimum, at most {most}");
}

#[test]
fn groups_take_at_most_a_fifth_more_iterations_than_single_origins() {
    let Some(data) = common::data_dir() else { return };
    let case = Case::listed(&data, "ChicagoSketch-x2");
    let iterations = |group_size| {
        let solution = solved(&case.problem, &Target { group_size, ..target(1e-8) });
        assert!(solution.converged);
        solution.log.len()
    };
    let (default, single) = (iterations(target(1e-8).group_size), iterations(1));
    assert!(5 * default <= 6 * single, "{default} iterations in groups, {single} without");
}

#[test]
fn gaps_of_the_log_fall_together_and_the_objective_never_rises_in_the_end() {
    let Some(data) = common::data_dir() else { return };
    let case = Case::listed(&data, "Barcelona");
    let solution = solved(&case.problem, &target(1e-8));
    for entry in &solution.log {
        let gaps = entry.gaps;
        let excess = gaps.total_system_travel_time - gaps.shortest_path_travel_time;
        assert_eq!(gaps.relative_gap(), excess / gaps.total_system_travel_time);
        assert_eq!(gaps.relative_gap_sptt(), excess / gaps.shortest_path_travel_time);
        assert_eq!(gaps.average_excess_cost(), excess / gaps.demand);
        assert!(gaps.relative_gap() >= -1e-15);
    }
    for pair in solution.log.windows(2) {
        assert!(pair[1].objective <= pair[0].objective * (1.0 + 1e-13), "{:?}", pair);
    }
}

#[test]
fn chicago_regional_lies_within_the_bounds_of_the_list() {
    let Some(data) = common::data_dir().filter(|_| large_tests()) else { return };
    // Upper and lower bound of the optimum, from a solution at a gap of 6.8e-7 (reference_solutions.csv).
    const BOUNDS: (f64, f64) = (30_804_162.0, 30_804_188.8);
    let case = Case::listed(&data, "ChicagoRegional-synthetic");
    let last = *solved(&case.problem, &target(1e-6)).log.last().unwrap();
    let most = last.gaps.relative_gap() * last.gaps.total_system_travel_time;
    assert!(last.objective >= BOUNDS.0, "{} is less than possible", last.objective);
    assert!(last.objective - most <= BOUNDS.1, "{} less {most} is more than the optimum", last.objective);
    assert!(last.objective <= BOUNDS.1 + most, "{} is more than its gap allows", last.objective);
}
