//! Equilibria of several classes and with turns: each used path of each class is a least-cost one of its own.

use conurb_traffic::{LinkCosts, Network, in_order};
use proptest::prelude::*;

use super::oracle::{expanded, least_costs, walk};
use super::problem::any_rising_problem;
use super::random::{bpr, constant, network};
use super::solver::{Class, Row, Solver};

const GAP: f64 = 1e-13;
/// How well costs of links agree then, relative; volumes do not where a cost hardly rises.
const COSTS: f64 = 1e-5;

fn solved(network: &Network, classes: &[Class]) -> Solver {
    let mut solver = Solver::with_classes(network, classes);
    solver.solve(GAP);
    solver
}

/// Cost of each link of the network to users whose fixed costs are those of `costs`; infinite on closed links.
fn by_source(solver_links: &[u32], n_links: usize, costs: LinkCosts<'_>) -> Vec<f64> {
    let mut by_source = vec![f64::INFINITY; n_links];
    for (link, &source) in solver_links.iter().enumerate() {
        by_source[source as usize] = costs.volume_dependent[link] + costs.fixed[link];
    }
    by_source
}

/// The greatest excess of a used path over the least cost of its class, relative; by a search over links.
fn greatest_excess(network: &Network, solver: &mut Solver) -> f64 {
    let rows = solver.rows.clone();
    let mut greatest = 0.0_f64;
    solver.each_tree(|grown| {
        let (origin, row) = &rows[grown.index];
        let graph = grown.graph;
        let cost = by_source(graph.source_link(), network.n_links(), grown.costs);
        let least = least_costs(network, |link| cost[link], *origin);
        let trips: Vec<f64> = row.iter().map(|&(_, trips)| trips).collect();
        let mut order = conurb_traffic::OrderScratch::new(graph);
        grown.paths.for_each_path(&trips, grown.scratch, |pair, _, _, links| {
            let mut links = links.to_vec();
            let node = row[pair].0;
            let ends = (graph.zone_state()[*origin as usize], graph.zone_state()[node as usize]);
            assert!(in_order(graph, &mut links, ends, &mut order));
            let path: Vec<usize> = links.iter().map(|&link| graph.source_link()[link as usize] as usize).collect();
            let (found, _) = walk(network, |link| cost[link], &path, (*origin, node)).unwrap();
            greatest = greatest.max(found / least[node as usize] - 1.0);
        });
    });
    greatest
}

fn near(left: f64, right: f64, relative: f64) -> bool {
    (left - right).abs() <= relative * left.abs().max(right.abs())
}

/// All trips of both by origin and destination.
fn summed(one: &[Row], other: &[Row]) -> Vec<Row> {
    let mut all = std::collections::BTreeMap::<u32, std::collections::BTreeMap<u32, f64>>::new();
    for (origin, row) in one.iter().chain(other) {
        let to = all.entry(*origin).or_default();
        row.iter().for_each(|&(node, trips)| *to.entry(node).or_default() += trips);
    }
    all.into_iter().map(|(origin, row)| (origin, row.into_iter().collect())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn used_paths_are_least_cost_paths_of_their_class((network, classes) in any_rising_problem()) {
        let mut solver = solved(&network, &classes);
        let excess = greatest_excess(&network, &mut solver);
        prop_assert!(excess <= 1e-9, "a used path is dearer by {excess:e}");
    }

    #[test]
    fn equal_classes_are_one_class((network, classes) in any_rising_problem()) {
        let fixed = &classes[0].fixed;
        let equal: Vec<Class> =
            classes.iter().map(|class| Class { fixed: fixed.clone(), rows: class.rows.clone() }).collect();
        let one = Class { fixed: fixed.clone(), rows: summed(&classes[0].rows, &classes[1].rows) };
        let (apart, together) = (solved(&network, &equal), solved(&network, &[one]));
        prop_assert!(near(apart.objective(), together.objective(), 1e-11));
        for (link, (apart, together)) in apart.states.iter().zip(&together.states).enumerate() {
            prop_assert!(near(apart.cost, together.cost, COSTS), "link {link}: {apart:?} and {together:?}");
        }
    }

    #[test]
    fn movements_as_links_give_the_same_equilibrium((network, classes) in any_rising_problem()) {
        let by_hand = expanded(&network);
        let on_links = |class: &Class| {
            let mut fixed = class.fixed.clone();
            fixed.resize(by_hand.n_links(), 0.0);
            Class { fixed, rows: class.rows.clone() }
        };
        let classes_by_hand: Vec<Class> = classes.iter().map(on_links).collect();
        let (turning, by_hand) = (solved(&network, &classes), solved(&by_hand, &classes_by_hand));
        prop_assert!(near(turning.objective(), by_hand.objective(), 1e-11), "{} {}", turning.objective(), by_hand.objective());
        let volumes = turning.volumes().into_iter().zip(by_hand.volumes());
        for ((link, delay), (turning, by_hand)) in network.delay().iter().enumerate().zip(volumes) {
            prop_assert!(near(delay.time(turning), delay.time(by_hand), COSTS), "link {link}: {turning} and {by_hand}");
        }
    }
}

#[test]
fn users_who_mind_a_toll_leave_the_road_to_those_who_do_not() {
    // A road of 10 + v with a toll beside one of 15 + v; the toll costs class 0 nothing and class 1 ten. Class 0, 8 trips: 10 + x =
    // 15 + (8 − x) + y, class 1, 2 trips, all on the free road, y = 2: x = 7.5 and 0.5 + 2 on the other, both at 17.5; for class 1
    // the tolled road would be 27.5.
    let links = [(0, 1, bpr(10.0, 1.0, 10.0, 1.0)), (0, 1, bpr(15.0, 1.0, 15.0, 1.0))];
    let network = network(&links, &[true; 2]);
    let class = |toll: f64, trips: f64| Class { fixed: vec![toll, 0.0], rows: vec![(0, vec![(1, trips)])] };
    let mut solver = solved(&network, &[class(0.0, 8.0), class(10.0, 2.0)]);
    let volumes = solver.volumes();
    assert!((volumes[0] - 7.5).abs() < 1e-9 && (volumes[1] - 2.5).abs() < 1e-9, "{volumes:?}");
    // ∫ (10 + v) to 7.5 and ∫ (15 + v) to 2.5: 75 + 28.125 + 37.5 + 3.125; nobody pays.
    assert!((solver.objective() - 143.75).abs() < 1e-9, "{}", solver.objective());
    assert!(solver.fixed_cost().abs() < 1e-12);
    // With a toll of 2 and class 1 alone, 10 trips: 12 + x = 15 + (10 − x), x = 6.5, of which 13 are paid.
    solver = solved(&network, &[class(0.0, 0.0), class(2.0, 10.0)]);
    assert!((solver.volumes()[0] - 6.5).abs() < 1e-9 && (solver.fixed_cost() - 13.0).abs() < 1e-8);
}

#[test]
fn a_class_that_may_not_use_a_road_goes_round() {
    let links = [(0, 1, bpr(1.0, 1.0, 1.0, 1.0)), (0, 1, constant(50.0))];
    let class = |fixed: f64| Class { fixed: vec![fixed, 0.0], rows: vec![(0, vec![(1, 3.0)])] };
    let solver = solved(&network(&links, &[true; 2]), &[class(f64::INFINITY), class(0.0)]);
    assert_eq!(solver.volumes(), [3.0, 3.0]);
}

#[test]
fn a_penalty_shifts_trips_as_a_longer_road_would() {
    // Two ways from 0 over 1 to 2; the turn onto the second costs 5: 10 + x = 5 + 10 + (10 − x) gives x = 7.5.
    let links = [(0, 1, constant(0.0)), (1, 2, bpr(10.0, 1.0, 10.0, 1.0)), (1, 2, bpr(10.0, 1.0, 10.0, 1.0))];
    let turn = conurb_traffic::Turn { from_link: 0, to_link: 2, penalty: 5.0 };
    let network = network(&links, &[true; 3]).with_turns(vec![turn]).unwrap();
    let class = Class { fixed: vec![0.0; 3], rows: vec![(0, vec![(2, 10.0)])] };
    let solver = solved(&network, &[class]);
    assert!((solver.volumes()[1] - 7.5).abs() < 1e-9, "{:?}", solver.volumes());
    assert!((solver.fixed_cost() - 12.5).abs() < 1e-8);
}
