//! Equilibria that can be solved by hand.

use super::random::{Link, bpr, constant, network};
use super::solver::Solver;

#[track_caller]
fn assert_volumes(links: &[Link], trips: f64, to: u32, expected: &[f64]) {
    let n_nodes = 1 + links.iter().map(|&(tail, head, _)| tail.max(head)).max().unwrap() as usize;
    let mut solver = Solver::new(&network(links, &vec![true; n_nodes]), &[(0, vec![(to, trips)])]);
    solver.solve(1e-14);
    let found = solver.volumes();
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-6 * trips, "{found}, expected {expected}");
    }
}

#[test]
fn two_linear_routes() {
    // 10 + x = 15 + (10 - x): x = 7.5 at a cost of 17.5.
    assert_volumes(&[(0, 1, bpr(10.0, 1.0, 10.0, 1.0)), (0, 1, bpr(15.0, 1.0, 15.0, 1.0))], 10.0, 1, &[7.5, 2.5]);
}

#[test]
fn a_quartic_route_beside_a_constant_one() {
    // 1 + x^4 = 17: x = 2, the rest takes the constant route.
    assert_volumes(&[(0, 1, bpr(1.0, 1.0, 1.0, 4.0)), (0, 1, constant(17.0))], 5.0, 1, &[2.0, 3.0]);
}

#[test]
fn a_route_that_stays_dearer_stays_empty() {
    // 1 + 2^4 = 17 < 18.
    assert_volumes(&[(0, 1, bpr(1.0, 1.0, 1.0, 4.0)), (0, 1, constant(18.0))], 2.0, 1, &[2.0, 0.0]);
}

#[test]
fn a_concave_route() {
    // 1 + sqrt(x) = 3: x = 4.
    assert_volumes(
        &[(0, 1, bpr(1.0, 1.0, 1.0, 0.5)), (0, 1, bpr(2.9, 1.0, 10.0, 1.0))],
        4.0 + 10.0 / 29.0,
        1,
        &[4.0, 10.0 / 29.0],
    );
}

#[test]
fn the_paradox_of_braess() {
    // Costs 10 x on 0→1 and 2→3, 50 + x on 0→2 and 1→3, 10 + x on 1→2; six trips. With y on each outer route and z on the bridge:
    // 2 y + z = 6; 10 (y + z) + 50 + y = 20 (y + z) + 10 + z gives y = z = 2 at a cost of 92.
    let tenfold = bpr(1e-8, 1e9, 1.0, 1.0);
    let slow = bpr(50.0, 0.02, 1.0, 1.0);
    let links = [(0, 1, tenfold), (0, 2, slow), (1, 3, slow), (1, 2, bpr(10.0, 0.1, 1.0, 1.0)), (2, 3, tenfold)];
    assert_volumes(&links, 6.0, 3, &[4.0, 2.0, 2.0, 2.0, 4.0]);
}

#[test]
fn two_pairs_that_share_a_link() {
    // 0→2 and 1→2 both may use link 3→2 (1 + v), reached free of charge, or go alone for 5: the shared link fills to v = 4.
    let links = [
        (0, 3, constant(0.0)),
        (1, 3, constant(0.0)),
        (3, 2, bpr(1.0, 1.0, 1.0, 1.0)),
        (0, 2, constant(5.0)),
        (1, 2, constant(5.0)),
    ];
    let mut solver = Solver::new(&network(&links, &[true; 4]), &[(0, vec![(2, 3.0)]), (1, vec![(2, 3.0)])]);
    solver.solve(1e-14);
    let volumes = solver.volumes();
    assert!((volumes[2] - 4.0).abs() < 1e-9 && (volumes[3] + volumes[4] - 2.0).abs() < 1e-9, "{volumes:?}");
}
