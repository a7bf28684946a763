//! Path sets: demand is conserved, growing changes no volume, sweeps and steps never raise the objective.

use conurb_traffic::{Network, OriginPaths};
use proptest::prelude::*;

use super::problem::any_problem;
use super::random::{bpr, constant, network};
use super::solver::{Class, Row, Solver};

/// Inflow minus outflow at each node of the network, and what of `rows` ends or starts there.
fn assert_conserved(network: &Network, solver: &Solver, reached: &[Vec<bool>]) -> Result<(), TestCaseError> {
    let mut balance = vec![0.0; network.n_nodes()];
    for (link, volume) in solver.volumes().into_iter().enumerate() {
        balance[network.head()[link] as usize] += volume;
        balance[network.tail()[link] as usize] -= volume;
    }
    let mut total = 0.0;
    for ((origin, row), reached) in solver.rows.iter().zip(reached) {
        for (&(node, trips), _) in row.iter().zip(reached).filter(|(_, reached)| **reached) {
            balance[node as usize] -= trips;
            balance[*origin as usize] += trips;
            total += trips;
        }
    }
    for (node, balance) in balance.iter().enumerate() {
        prop_assert!(balance.abs() <= 1e-12 * f64::max(total, 1.0), "node {} is off by {}", node, balance);
    }
    Ok(())
}

/// Which pairs a path joins, told by a solver with one pair at a time.
fn reached(network: &Network, classes: &[Class]) -> Vec<Vec<bool>> {
    let joined = |fixed: &Vec<f64>, origin: u32, pair: (u32, f64)| {
        let alone = Class { fixed: fixed.clone(), rows: vec![(origin, vec![pair])] };
        Solver::with_classes(network, &[alone]).grow(0.0)[0].unreachable_pairs == 0
    };
    let of_row =
        |class: &Class, (origin, row): &Row| row.iter().map(|&pair| joined(&class.fixed, *origin, pair)).collect();
    classes.iter().flat_map(|class| class.rows.iter().map(|row| of_row(class, row))).collect()
}

fn all_trips(classes: &[Class]) -> f64 {
    classes.iter().flat_map(|class| &class.rows).flat_map(|(_, row)| row).map(|(_, trips)| trips).sum()
}

fn assert_same(left: &[f64], right: &[f64], tolerance: f64) -> Result<(), TestCaseError> {
    for (link, (left, right)) in left.iter().zip(right).enumerate() {
        prop_assert!((left - right).abs() <= tolerance, "link {}: {} and {}", link, left, right);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn demand_is_conserved_and_no_volume_falls_below_zero((network, classes) in any_problem()) {
        let reached = reached(&network, &classes);
        let mut solver = Solver::with_classes(&network, &classes);
        let total = all_trips(&classes);
        for _ in 0..6 {
            assert_conserved(&network, &solver, &reached)?;
            solver.grow(0.0);
            (0..3).for_each(|_| { solver.sweep_together(); });
            prop_assert!(solver.loaded().iter().all(|&volume| volume >= -1e-12 * total));
            solver.reload();
        }
    }

    #[test]
    fn growing_and_rebasing_change_no_volume((network, classes) in any_problem()) {
        let mut solver = Solver::with_classes(&network, &classes);
        let total = all_trips(&classes);
        for _ in 0..6 {
            let before = solver.loaded();
            solver.grow(0.0);
            assert_same(&before, &solver.loaded(), 1e-12 * total)?;
            (0..2).for_each(|_| { solver.sweep_together(); });
            solver.reload();
        }
    }

    #[test]
    fn the_states_follow_the_paths_and_the_objective_never_rises((network, classes) in any_problem()) {
        let mut solver = Solver::with_classes(&network, &classes);
        let total = all_trips(&classes);
        for _ in 0..4 {
            solver.grow(0.0);
            for _ in 0..4 {
                let before = solver.objective();
                let (step, _) = solver.sweep_together();
                prop_assert!((0.0..=1.0).contains(&step));
                prop_assert!(solver.objective() <= before * (1.0 + 1e-13) + 1e-13, "{} after {}", solver.objective(), before);
                let kept: Vec<f64> = solver.states.iter().map(|state| state.volume).collect();
                assert_same(&kept, &solver.loaded(), 1e-11 * total)?;
            }
            solver.reload();
        }
    }

    #[test]
    fn growth_counts_what_there_is((network, classes) in any_problem()) {
        let reached = reached(&network, &classes);
        let mut solver = Solver::with_classes(&network, &classes);
        let rows = solver.rows.clone();
        for (index, growth) in solver.grow(f64::INFINITY).iter().enumerate() {
            let of = |wanted: bool| {
                rows[index].1.iter().zip(&reached[index]).filter(move |(_, reached)| **reached == wanted).map(|(pair, _)| pair.1)
            };
            prop_assert_eq!(growth.unreachable_pairs as usize, of(false).count());
            prop_assert!((growth.unreachable_trips - of(false).sum::<f64>()).abs() <= 1e-12 * growth.unreachable_trips);
            prop_assert!((growth.reachable_trips - of(true).sum::<f64>()).abs() <= 1e-12 * growth.reachable_trips);
            prop_assert_eq!(growth.paths as usize, of(true).count(), "the first paths are the only ones on an empty network");
        }
    }
}

#[test]
fn half_a_sweep_is_half_of_what_it_moved() {
    let links = [(0, 1, bpr(10.0, 1.0, 10.0, 1.0)), (0, 1, bpr(15.0, 1.0, 15.0, 1.0))];
    let mut solver = Solver::new(&network(&links, &[true; 2]), &[(0, vec![(1, 10.0)])]);
    solver.grow(0.0);
    let mut overlay = conurb_traffic::Overlay::new(&solver.states);
    // All 10 trips start on the first link at 20, the other costs 15, both slopes are 1: the step moves 5 / 2.
    let sweep = solver.paths[0].sweep(&solver.delays, &[10.0], &mut overlay);
    assert_eq!(sweep.excess_cost, 50.0);
    assert_eq!(solver.loaded(), [7.5, 2.5]);
    solver.paths[0].scale_last_sweep(0.5);
    assert_eq!(solver.loaded(), [8.75, 1.25]);
}

#[test]
fn paths_of_constant_cost_move_all_or_nothing() {
    // Both routes cost the same at every volume once grown, so nothing moves; a dearer constant route loses all.
    let links = [(0, 1, bpr(1.0, 1.0, 1.0, 1.0)), (0, 1, constant(1.5))];
    let mut solver = Solver::new(&network(&links, &[true; 2]), &[(0, vec![(1, 2.0)])]);
    solver.solve(1e-15);
    // 1 + x = 1.5.
    assert!((solver.volumes()[0] - 0.5).abs() < 1e-12);
}

#[test]
fn unused_paths_are_dropped() {
    let links = [(0, 1, bpr(1.0, 1.0, 1.0, 4.0)), (0, 1, constant(1.5)), (0, 1, constant(1.2))];
    let mut solver = Solver::new(&network(&links, &[true; 2]), &[(0, vec![(1, 3.0)])]);
    solver.solve(1e-14);
    assert_eq!(solver.grow(0.0)[0].paths, 2, "the constant route of 1.5 is not used");
}

#[test]
fn an_origin_without_pairs_is_empty() {
    let network = network(&[(0, 1, constant(1.0))], &[true; 2]);
    let mut solver = Solver::new(&network, &[(0, vec![])]);
    solver.grow(0.0);
    let (step, sweeps) = solver.sweep_together();
    assert_eq!((step, sweeps[0].excess_cost, solver.paths[0].n_bytes()), (1.0, 0.0, 0));
    assert_eq!(OriginPaths::default().n_bytes(), 0);
}
