//! Paths that leave a solver and come back: what they carry, what they cost, and what fills gaps.

use conurb_traffic::{KnownPaths, OriginPaths, in_order};
use proptest::prelude::*;

use super::oracle::walk;
use super::problem::any_problem;
use super::random::{constant, network};
use super::solver::{Class, Grown, Solver};

/// Paths that are some way to equilibrium.
fn worked_on(solver: &mut Solver) {
    for _ in 0..3 {
        solver.grow(0.0);
        (0..3).for_each(|_| {
            solver.sweep_together();
        });
        solver.reload();
    }
}

/// What `for_each_path` shows: pair, flow, fixed cost, links.
type Shown = (usize, f64, f64, Vec<u32>);

fn shown(grown: &mut Grown<'_>) -> Vec<Shown> {
    let trips: Vec<f64> = grown.destinations.iter().map(|&(_, trips)| trips).collect();
    let mut all = Vec::new();
    grown.paths.for_each_path(&trips, grown.scratch, |pair, flow, fixed_cost, links| {
        all.push((pair, flow, fixed_cost, links.to_vec()));
    });
    all
}

/// The paths shown, of those pairs that `keep` names.
fn known(grown: &Grown<'_>, shown: &[Shown], keep: impl Fn(usize) -> bool) -> KnownPaths {
    let mut known = KnownPaths::default();
    for pair in 0..grown.destinations.len() {
        for (_, flow, fixed_cost, links) in shown.iter().filter(|path| path.0 == pair && keep(pair)) {
            let of_links: f64 = links.iter().map(|&link| grown.costs.fixed[link as usize]).sum();
            known.push(links, fixed_cost - of_links, *flow);
        }
        known.end_pair();
    }
    known
}

fn restored(grown: &mut Grown<'_>, known: &KnownPaths, factor: f64) -> OriginPaths {
    let mut paths = OriginPaths::default();
    let destinations = grown.destinations.clone();
    let destinations = destinations.iter().map(|&(state, trips)| (state, factor * trips));
    paths.restore(grown.graph, grown.costs, grown.tree, destinations, known, grown.scratch).unwrap();
    paths
}

/// Runs `check` within a visit that returns nothing.
fn each_tree(
    solver: &mut Solver,
    check: impl Fn(&mut Grown<'_>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut found = Ok(());
    solver.each_tree(|grown| {
        if found.is_ok() {
            found = check(grown);
        }
    });
    found
}

fn assert_near(found: &[f64], expected: &[f64], tolerance: f64) -> Result<(), TestCaseError> {
    for (link, (found, expected)) in found.iter().zip(expected).enumerate() {
        prop_assert!((found - expected).abs() <= tolerance, "link {link}: {found}, expected {expected}");
    }
    Ok(())
}

fn loaded(paths: &OriginPaths, trips: &[f64], n_links: usize) -> Vec<f64> {
    let mut volumes = vec![0.0; n_links];
    paths.load(trips, &mut volumes);
    volumes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn shown_paths_add_up_to_loads_and_fixed_costs_and_can_be_driven((network, classes) in any_problem()) {
        let mut solver = Solver::with_classes(&network, &classes);
        worked_on(&mut solver);
        let rows = solver.rows.clone();
        each_tree(&mut solver, |grown| {
            let (origin, row) = &rows[grown.index];
            let trips: Vec<f64> = row.iter().map(|&(_, trips)| trips).collect();
            let total: f64 = trips.iter().sum();
            let (mut volumes, mut fixed, mut of_pair) = (vec![0.0; network.n_links()], 0.0, vec![0.0; row.len()]);
            let mut order = conurb_traffic::OrderScratch::new(grown.graph);
            let mut last = 0;
            for (pair, flow, fixed_cost, links) in &mut shown(grown) {
                prop_assert!(*pair >= last && *flow > 0.0, "pair {pair} after {last}, flow {flow}");
                last = *pair;
                links.iter().for_each(|&link| volumes[link as usize] += *flow);
                fixed += *flow * *fixed_cost;
                of_pair[*pair] += *flow;
                let zone_state = grown.graph.zone_state();
                let ends = (*origin, row[*pair].0);
                prop_assert!(in_order(grown.graph, links, (zone_state[ends.0 as usize], zone_state[ends.1 as usize]), &mut order));
                let path: Vec<usize> = links.iter().map(|&link| grown.graph.source_link()[link as usize] as usize).collect();
                let of_link = |source: usize| {
                    grown.costs.fixed[links[path.iter().position(|&link| link == source).unwrap()] as usize]
                };
                let walked = walk(&network, of_link, &path, ends);
                let near = |cost: f64| (cost - *fixed_cost).abs() <= 1e-11 * (1.0 + cost);
                prop_assert!(walked.is_some_and(|(cost, _)| near(cost)), "{walked:?} {fixed_cost}");
            }
            assert_near(&volumes, &loaded(grown.paths, &trips, network.n_links()), 1e-12 * total)?;
            let of_paths = grown.paths.fixed_cost(&trips);
            prop_assert!((fixed - of_paths).abs() <= 1e-11 * (1.0 + fixed), "{fixed} {of_paths}");
            for (pair, &(state, trips)) in grown.destinations.iter().enumerate() {
                let expected = if grown.tree.cost(state).is_finite() { trips } else { 0.0 };
                prop_assert!((of_pair[pair] - expected).abs() <= 1e-12 * trips, "{} {expected}", of_pair[pair]);
            }
            Ok(())
        })?;
    }

    #[test]
    fn restored_paths_carry_and_cost_what_they_did((network, classes) in any_problem(), factor in 0.1..10.0_f64) {
        let mut solver = Solver::with_classes(&network, &classes);
        worked_on(&mut solver);
        each_tree(&mut solver, |grown| {
            let shown = shown(grown);
            let known = known(grown, &shown, |_| true);
            let (mut once, mut scaled): (Vec<f64>, Vec<f64>) = Default::default();
            grown.destinations.iter().for_each(|&(_, trips)| {
                once.push(trips);
                scaled.push(factor * trips);
            });
            let (total, n_links) = (scaled.iter().sum::<f64>() + once.iter().sum::<f64>(), network.n_links());
            let before = loaded(grown.paths, &once, n_links);
            let fixed = grown.paths.fixed_cost(&once);
            let again = restored(grown, &known, 1.0);
            assert_near(&loaded(&again, &once, n_links), &before, 1e-12 * total)?;
            prop_assert!((again.fixed_cost(&once) - fixed).abs() <= 1e-11 * (1.0 + fixed));
            let grown_up = restored(grown, &known, factor);
            let more: Vec<f64> = before.iter().map(|volume| factor * volume).collect();
            assert_near(&loaded(&grown_up, &scaled, n_links), &more, 1e-12 * total)?;
            prop_assert!((grown_up.fixed_cost(&scaled) - factor * fixed).abs() <= 1e-11 * (1.0 + factor * fixed));
            let mut straight = vec![0.0; n_links];
            known.load(&scaled, &mut straight);
            assert_near(&straight, &more, 1e-12 * total)?;
            Ok(())
        })?;
    }

    #[test]
    fn pairs_without_known_paths_get_that_of_the_tree((network, classes) in any_problem(), odd in any::<bool>()) {
        let mut solver = Solver::with_classes(&network, &classes);
        worked_on(&mut solver);
        each_tree(&mut solver, |grown| {
            let is_kept = |pair: usize| (pair % 2 == 1) == odd;
            let shown_before = shown(grown);
            let known = known(grown, &shown_before, is_kept);
            let mut paths = restored(grown, &known, 1.0);
            let shown_after = shown(&mut Grown { paths: &mut paths, scratch: grown.scratch, destinations: grown.destinations.clone(), ..*grown });
            for (pair, &(state, trips)) in grown.destinations.iter().enumerate() {
                let found: Vec<&Shown> = shown_after.iter().filter(|path| path.0 == pair).collect();
                if is_kept(pair) {
                    let kept = shown_before.iter().filter(|path| path.0 == pair && path.1 > 1e-12 * trips).count();
                    prop_assert_eq!(found.iter().filter(|path| path.1 > 1e-12 * trips).count(), kept);
                } else if grown.tree.cost(state).is_finite() {
                    let mut path = Vec::new();
                    let turn_cost = grown.tree.path_to(grown.graph, state, &mut path);
                    let of_links: f64 = path.iter().map(|&link| grown.costs.fixed[link as usize]).sum();
                    prop_assert_eq!(found, [&(pair, trips, of_links + turn_cost, path)]);
                } else {
                    prop_assert!(found.is_empty());
                }
            }
            // What was restored goes on as any other: it grows, and its volumes stay.
            let trips: Vec<f64> = grown.destinations.iter().map(|&(_, trips)| trips).collect();
            let before = loaded(&paths, &trips, network.n_links());
            let destinations = grown.destinations.iter().copied();
            paths.grow(grown.graph, grown.costs, grown.tree, destinations, 0.0, grown.scratch).unwrap();
            assert_near(&loaded(&paths, &trips, network.n_links()), &before, 1e-12 * trips.iter().sum::<f64>())?;
            Ok(())
        })?;
    }
}

#[test]
fn paths_without_flow_count_for_nothing() {
    let mut known = KnownPaths::default();
    known.push(&[0], 0.0, 0.0);
    known.push(&[1], 0.0, 3.0);
    known.end_pair();
    known.push(&[0], 0.0, 0.0);
    known.end_pair();
    known.end_pair();
    let mut volumes = [0.0; 2];
    known.load(&[6.0, 5.0, 4.0], &mut volumes);
    assert_eq!(volumes, [0.0, 6.0]);
    assert_eq!((known.of(0).len(), known.of(1).len(), known.of(2).len()), (2, 1, 0));
    assert_eq!(known.of(0).last(), Some((&[1][..], 0.0, 3.0)));
    assert!(!known.is_complete(), "the second pair has no path with flow");
    let mut known = KnownPaths::default();
    assert!(known.is_complete());
    known.push(&[0], 0.0, 0.0);
    known.push(&[1], 0.0, 3.0);
    known.end_pair();
    assert!(known.is_complete());
}

#[test]
fn the_cheapest_known_path_becomes_the_basic_one_by_all_that_it_costs() {
    // 1 + 3 on the first link, 2 + 1 on the second, which is the cheaper though it takes longer.
    let network = network(&[(0, 1, constant(1.0)), (0, 1, constant(2.0))], &[true; 2]);
    let class = Class { fixed: vec![3.0, 1.0], rows: vec![(0, vec![(1, 4.0)])] };
    let mut known = KnownPaths::default();
    known.push(&[0], 0.0, 3.0);
    known.push(&[1], 0.0, 1.0);
    known.end_pair();
    Solver::with_classes(&network, &[class]).each_tree(|grown| {
        *grown.paths = restored(grown, &known, 1.0);
        assert_eq!(shown(grown), [(0, 3.0, 3.0, vec![0]), (0, 1.0, 1.0, vec![1])]);
        let destinations = grown.destinations.iter().copied();
        let growth = grown.paths.grow(grown.graph, grown.costs, grown.tree, destinations, 0.0, grown.scratch).unwrap();
        assert_eq!(shown(grown), [(0, 1.0, 1.0, vec![1]), (0, 3.0, 3.0, vec![0])]);
        assert_eq!((growth.fixed_cost, growth.new_paths, growth.paths), (10.0, 0, 2));
        assert_eq!((growth.shortest_path_travel_time, growth.reachable_trips), (12.0, 4.0));
    });
}
