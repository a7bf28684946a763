//! Equilibria that can be solved by hand.

use conurb_traffic::{AkcelikDelay, BprDelay, ConicalDelay, LinkDelays, VolumeDelay};

use super::random::{bpr, constant, network};
use super::solver::Solver;

type Link<D> = (u32, u32, D);

#[track_caller]
fn assert_volumes<D: Into<VolumeDelay> + Copy>(links: &[Link<D>], trips: f64, to: u32, expected: &[f64]) {
    assert_volumes_at(|delays| delays, links, trips, to, expected);
}

/// Volumes at which total travel time is least.
#[track_caller]
fn assert_optimum<D: Into<VolumeDelay> + Copy>(links: &[Link<D>], trips: f64, to: u32, expected: &[f64]) {
    assert_volumes_at(|delays| delays.marginal(), links, trips, to, expected);
}

#[track_caller]
fn assert_volumes_at<D: Into<VolumeDelay> + Copy>(
    costs: impl FnOnce(LinkDelays) -> LinkDelays,
    links: &[Link<D>],
    trips: f64,
    to: u32,
    expected: &[f64],
) {
    let n_nodes = 1 + links.iter().map(|&(tail, head, _)| tail.max(head)).max().unwrap() as usize;
    let network = network(links, &vec![true; n_nodes]);
    let mut solver = Solver::with_costs(&network, &[(0, vec![(to, trips)])], costs);
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
fn a_route_whose_power_doubles_beyond_capacity() {
    // 1 + (x / 2)^(2 p) = 17 with p = 2: x = 4, twice the capacity; with p throughout x would be 8.
    let links = [(0, 1, VolumeDelay::Bpr2(bpr(1.0, 1.0, 2.0, 2.0))), (0, 1, constant(17.0).into())];
    assert_volumes(&links, 10.0, 1, &[4.0, 6.0]);
}

#[test]
fn a_conical_route() {
    // a = 4, b = 7/6. Full at twice the free-flow time; at y = −35/12, x = 1 − y / 4 = 83/48, r = 7 √29 / 12.
    let conical = VolumeDelay::Conical(ConicalDelay { free_flow_time: 1.0, alpha: 4.0, capacity: 48.0 });
    assert_volumes(&[(0, 1, conical), (0, 1, constant(2.0).into())], 60.0, 1, &[48.0, 12.0]);
    let beyond = 2.0 + 7.0 * 29.0_f64.sqrt() / 12.0 + 35.0 / 12.0 - 7.0 / 6.0;
    assert_volumes(&[(0, 1, conical), (0, 1, constant(beyond).into())], 90.0, 1, &[83.0, 7.0]);
}

#[test]
fn a_route_of_akcelik() {
    // t0 = 5, T = 60, Q T = 100, J = 100/8, so that k = 1: 5 + 15 (z + √(z² + x)) is 20 at capacity and 5 + 15 (1 + √3) at
    // twice the capacity.
    let (delay_parameter, demand_period) = (12.5, 60.0);
    let akcelik =
        AkcelikDelay { free_flow_time: 5.0, delay_parameter, capacity: 100.0, demand_period, analysis_period: 60.0 };
    let akcelik = VolumeDelay::Akcelik(akcelik);
    assert_volumes(&[(0, 1, akcelik), (0, 1, constant(20.0).into())], 110.0, 1, &[100.0, 10.0]);
    let beyond = 5.0 + 15.0 * (1.0 + 3.0_f64.sqrt());
    assert_volumes(&[(0, 1, akcelik), (0, 1, constant(beyond).into())], 210.0, 1, &[200.0, 10.0]);
}

#[test]
fn the_optimum_of_pigou() {
    // x against 1: all take the first at equilibrium, half of them at the optimum, where 2 x = 1.
    let links = [(0, 1, bpr(1e-9, 1e9, 1.0, 1.0)), (0, 1, constant(1.0 + 1e-9))];
    assert_volumes(&links, 1.0, 1, &[1.0, 0.0]);
    assert_optimum(&links, 1.0, 1, &[0.5, 0.5]);
}

#[test]
fn optima_of_the_other_functions() {
    // Marginal costs at capacity: conical 2 t0 + a t0 = 6; Akçelik as above 20 + c · 15 / 100 (1 + ½) = 42.5; BPR2 with p = 2
    // at twice the capacity 1 + (1 + 4) 2^4 = 81.
    let conical = VolumeDelay::Conical(ConicalDelay { free_flow_time: 1.0, alpha: 4.0, capacity: 48.0 });
    assert_optimum(&[(0, 1, conical), (0, 1, constant(6.0).into())], 60.0, 1, &[48.0, 12.0]);
    let (delay_parameter, demand_period) = (12.5, 60.0);
    let akcelik =
        AkcelikDelay { free_flow_time: 5.0, delay_parameter, capacity: 100.0, demand_period, analysis_period: 60.0 };
    assert_optimum(&[(0, 1, VolumeDelay::Akcelik(akcelik)), (0, 1, constant(42.5).into())], 110.0, 1, &[100.0, 10.0]);
    let bpr2 = VolumeDelay::Bpr2(bpr(1.0, 1.0, 2.0, 2.0));
    assert_optimum(&[(0, 1, bpr2), (0, 1, constant(81.0).into())], 10.0, 1, &[4.0, 6.0]);
}

/// Costs 10 x on 0→1 and 2→3, 50 + x on 0→2 and 1→3, 10 + x on 1→2, the bridge (Braess 1968).
fn braess() -> [Link<BprDelay>; 5] {
    let (tenfold, slow) = (bpr(1e-8, 1e9, 1.0, 1.0), bpr(50.0, 0.02, 1.0, 1.0));
    [(0, 1, tenfold), (0, 2, slow), (1, 3, slow), (1, 2, bpr(10.0, 0.1, 1.0, 1.0)), (2, 3, tenfold)]
}

#[test]
fn the_paradox_of_braess() {
    // Six trips, y on each outer route and z on the bridge: 2 y + z = 6; 10 (y + z) + 50 + y = 20 (y + z) + 10 + z gives
    // y = z = 2 at a cost of 92, 552 in all.
    assert_volumes(&braess(), 6.0, 3, &[4.0, 2.0, 2.0, 2.0, 4.0]);
}

#[test]
fn the_optimum_of_braess_leaves_the_bridge_empty() {
    // At 3 on each outer route marginal costs are 60 + 56 = 116 there and 60 + 10 + 60 over the bridge; 6 · 83 = 498 in all.
    assert_optimum(&braess(), 6.0, 3, &[3.0, 3.0, 3.0, 0.0, 3.0]);
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
