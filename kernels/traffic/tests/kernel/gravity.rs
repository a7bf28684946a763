//! The gravity model: matrices that can be solved by hand, and what holds for all of them.

use conurb_traffic::gravity::{Balance, BalanceLimits, balance, balance_columns, check_totals, row_factor, row_trips};
use conurb_traffic::{Deterrence, GravityError};
use proptest::prelude::*;

#[track_caller]
fn assert_near(found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{found}, expected {expected}");
}

fn weights_of(deterrence: Deterrence, costs: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let row = |costs: &Vec<f64>| {
        let mut weights = vec![f64::NAN; costs.len()];
        deterrence.weigh(costs, &mut weights).unwrap();
        weights
    };
    costs.iter().map(row).collect()
}

fn matrix(weights: &[Vec<f64>], balance: &Balance) -> Vec<Vec<f64>> {
    let row = |(weights, &factor): (&Vec<f64>, &f64)| {
        let mut trips = vec![f64::NAN; weights.len()];
        row_trips(weights, factor, &balance.columns.factors, &mut trips);
        trips
    };
    weights.iter().zip(&balance.row_factors).map(row).collect()
}

fn solve(weights: &[Vec<f64>], productions: &[f64], attractions: &[f64]) -> (Vec<Vec<f64>>, Balance) {
    let balance = balance(weights, productions, attractions, BalanceLimits::default()).unwrap();
    (matrix(weights, &balance), balance)
}

#[test]
fn deterrence_at_a_cost() {
    // exp(−0.1 · 20) = e^−2; 8^(−2/3) = ¼; 4² exp(−0.5 · 4) = 16 e^−2.
    let e_to_minus_2 = 0.135_335_283_236_612_7;
    assert_near(Deterrence::Exponential { beta: 0.1 }.value(20.0), e_to_minus_2, 1e-15);
    assert_near(Deterrence::Power { alpha: 2.0 / 3.0 }.value(8.0), 0.25, 1e-15);
    assert_near(Deterrence::Combined { alpha: 2.0, beta: 0.5 }.value(4.0), 16.0 * e_to_minus_2, 1e-15);
    for flat in [Deterrence::Exponential { beta: 0.0 }, Deterrence::Power { alpha: 0.0 }] {
        assert_eq!((flat.value(7.0), flat.value(f64::INFINITY)), (1.0, 0.0));
    }
}

#[test]
fn parameters_and_costs_without_meaning_are_refused() {
    let named = |deterrence: Deterrence| match deterrence.check() {
        Err(GravityError::Parameter { what, .. }) => what,
        other => panic!("{deterrence:?} gives {other:?}"),
    };
    for bad in [f64::NAN, f64::INFINITY, -0.1] {
        assert_eq!(named(Deterrence::Exponential { beta: bad }), "beta");
        assert_eq!(named(Deterrence::Power { alpha: bad }), "alpha");
        assert_eq!(named(Deterrence::Combined { alpha: 1.0, beta: bad }), "beta");
    }
    assert_eq!(named(Deterrence::Combined { alpha: f64::NAN, beta: 1.0 }), "alpha");
    assert_eq!(Deterrence::Combined { alpha: -0.5, beta: 0.1 }.check(), Ok(()));

    let refused = |deterrence: Deterrence, cost| deterrence.weigh(&[1.0, cost], &mut [0.0; 2]).is_err();
    let exponential = Deterrence::Exponential { beta: 1.0 };
    for other in [Deterrence::Power { alpha: 1.0 }, Deterrence::Combined { alpha: 1.0, beta: 1.0 }] {
        assert!(refused(other, 0.0) && refused(other, f64::NAN) && refused(other, -1.0));
        assert!(!refused(other, f64::INFINITY));
    }
    assert!(refused(exponential, f64::NAN) && refused(exponential, -1.0) && !refused(exponential, 0.0));
    let error = Deterrence::Power { alpha: 1.0 }.weigh(&[1.0, 0.0], &mut [0.0; 2]).unwrap_err();
    assert_eq!(error.to_string(), "cost to destination 1 is 0, expected more than 0");
    for extreme in [Deterrence::Power { alpha: 1e308 }, Deterrence::Combined { alpha: -1e308, beta: 1.0 }] {
        let error = extreme.weigh(&[1.0, 0.001], &mut [0.0; 2]).unwrap_err();
        assert_eq!(error.to_string(), "cost to destination 1 is 0.001, expected one at which deterrence is finite");
    }
    assert!(refused(Deterrence::Combined { alpha: 1e308, beta: 1e308 }, 1e300), "∞ − ∞ is not a number");
}

#[test]
fn two_by_two_in_closed_form() {
    // With T_11 = t the cross ratio t (t + A_2 − P_1) / ((P_1 − t) (A_1 − t)) stays that of the weights, here
    // exp(−β (c_11 + c_22 − c_12 − c_21)) = exp(0.1 · ln 4 · 10) = 4: P = (60, 40), A = (50, 50) gives
    // t (t − 10) = 4 (60 − t) (50 − t), 3 t² − 430 t + 12000 = 0, t = (430 − √(430² − 144000)) / 6 = 37.96…
    let (near, far) = (5.0, 5.0 + 5.0 * libm::log(4.0));
    let costs = [vec![near, far], vec![far, near]];
    let weights = weights_of(Deterrence::Exponential { beta: 0.1 }, &costs);
    let (trips, balance) = solve(&weights, &[60.0, 40.0], &[50.0, 50.0]);
    let t = (430.0 - (430.0_f64 * 430.0 - 144_000.0).sqrt()) / 6.0;
    for (found, expected) in trips.concat().into_iter().zip([t, 60.0 - t, 50.0 - t, t - 10.0]) {
        assert_near(found, expected, 1e-11);
    }
    assert!(balance.columns.residual <= 1e-12 && balance.columns.iterations > 2);
    assert_eq!((balance.columns.attraction_scale, balance.columns.unreached_attractions), (1.0, 0.0));
}

#[test]
fn without_deterrence_trips_are_the_product_of_totals() {
    let (trips, balance) = solve(&[vec![1.0; 3], vec![1.0; 3]], &[30.0, 10.0], &[20.0, 12.0, 8.0]);
    for (found, expected) in trips.concat().into_iter().zip([15.0, 9.0, 6.0, 5.0, 3.0, 2.0]) {
        assert_near(found, expected, 1e-15);
    }
    assert_eq!(balance.columns.iterations, 2);
}

#[test]
fn attractions_are_scaled_to_productions() {
    let (trips, balance) = solve(&[vec![1.0, 2.0], vec![3.0, 1.0]], &[30.0, 10.0], &[6.0, 2.0]);
    assert_near(balance.columns.attraction_scale, 5.0, 1e-15);
    assert_near(trips[0][0] + trips[1][0], 30.0, 1e-11);
    assert_near(trips[0][0] + trips[0][1], 30.0, 1e-15);
}

#[test]
fn what_cannot_be_reached_gets_nothing_and_the_rest_balances() {
    // Origin 1 reaches nothing, destination 2 is reached by nobody with trips, destination 3 attracts none.
    let infinite = f64::INFINITY;
    let costs = [vec![1.0, 2.0, infinite, 1.0], vec![infinite; 4], vec![2.0, 1.0, infinite, 1.0], vec![1.0; 4]];
    let weights = weights_of(Deterrence::Power { alpha: 1.0 }, &costs);
    let (trips, balance) = solve(&weights, &[10.0, 5.0, 20.0, 0.0], &[12.0, 8.0, 4.0, 0.0]);
    assert_eq!((trips[1].clone(), trips[3].clone()), (vec![0.0; 4], vec![0.0; 4]));
    assert_eq!(balance.row_factors[1], 0.0);
    assert_eq!(balance.columns.unreached_attractions, 4.0);
    assert_near(balance.columns.attraction_scale, 30.0 / 20.0, 1e-15);
    assert_near(trips[0][0] + trips[2][0], 18.0, 1e-11);
    assert_near(trips[2][0] + trips[2][1], 20.0, 1e-14);
    assert!(trips.iter().all(|row| row[2] == 0.0 && row[3] == 0.0));
}

#[test]
fn nobody_travels_where_nothing_is_produced() {
    let (trips, balance) = solve(&[vec![1.0; 2], vec![1.0; 2]], &[0.0; 2], &[3.0, 4.0]);
    assert_eq!((trips, balance.columns.residual), (vec![vec![0.0; 2]; 2], 0.0));
    assert_eq!(solve(&[], &[], &[]).1.row_factors, []);
}

#[test]
fn totals_without_meaning_are_refused() {
    let message =
        |productions: &[f64], attractions: &[f64]| check_totals(productions, attractions).unwrap_err().to_string();
    assert_eq!(message(&[1.0, -1.0], &[1.0]), "zone 1 has productions -1, expected a finite number of at least 0");
    assert_eq!(message(&[1.0], &[f64::NAN]), "zone 0 has attractions NaN, expected a finite number of at least 0");
    assert_eq!(message(&[1.0], &[0.0]), "attractions are 0 in all, expected more than 0, as productions are");
    assert!(message(&[f64::MAX, f64::MAX], &[1.0]).starts_with("productions are inf in all"));
}

#[test]
fn totals_that_cannot_be_met_end_at_the_limit() {
    // Each origin reaches its own destination alone, and 10 ≠ 30 · 40 / 60.
    let limits = BalanceLimits { max_iterations: 25, ..BalanceLimits::default() };
    let found = balance(&[vec![1.0, 0.0], vec![0.0, 1.0]], &[10.0, 30.0], &[30.0, 30.0], limits).unwrap();
    assert_eq!(found.columns.iterations, 25);
    // 10 and 30 where 20 and 20 are asked for: a residual of 20 / 40.
    assert_near(found.columns.residual, 0.5, 1e-14);
}

#[test]
fn distant_zones_keep_their_trips() {
    // exp(−1 · 2000) is below the least double, its ratio to exp(−1 · 2001) is not.
    let costs = [vec![0.0, 1.0], vec![2000.0, 2001.0]];
    let weights = weights_of(Deterrence::Exponential { beta: 1.0 }, &costs);
    let (trips, _) = solve(&weights, &[10.0, 10.0], &[10.0, 10.0]);
    trips.concat().into_iter().for_each(|trips| assert_near(trips, 5.0, 1e-11));
}

#[test]
fn factors_beyond_doubles_do_not_pass() {
    let weights = [vec![1.0, 1e-300], vec![1e-300, 1e-300]];
    let found = balance(&weights, &[1e300, 1e-300], &[1e-300, 1e300], BalanceLimits::default()).unwrap();
    assert!(!found.columns.residual.is_nan() && found.row_factors.iter().all(|factor| factor.is_finite()));
    let sums = |_: &[f64]| Ok::<_, ()>(vec![f64::INFINITY, 1.0]);
    assert_eq!(balance_columns(&[1.0, 1.0], BalanceLimits::default(), sums).unwrap().residual, f64::INFINITY);
    assert_eq!(row_factor(&[0.0], 1.0, &[1.0]), 0.0);
}

#[test]
fn errors_of_column_sums_come_back() {
    assert_eq!(balance_columns(&[1.0], BalanceLimits::default(), |_| Err("no sums")), Err("no sums"));
}

/// Costs of up to 8 × 8 zones with some pairs apart, productions and attractions.
fn any_city() -> impl Strategy<Value = (Vec<Vec<f64>>, Vec<f64>, Vec<f64>)> {
    (2..8_usize, 2..8_usize).prop_flat_map(|(n_origins, n_destinations)| {
        let row = prop::collection::vec(1.0..60.0_f64, n_destinations);
        let trips = prop_oneof![1 => Just(0.0), 6 => 1.0..1000.0_f64];
        (
            prop::collection::vec(row, n_origins),
            prop::collection::vec(trips.clone(), n_origins),
            prop::collection::vec(trips, n_destinations),
        )
    })
}

fn any_deterrence() -> impl Strategy<Value = Deterrence> {
    prop_oneof![
        (0.0..0.2_f64).prop_map(|beta| Deterrence::Exponential { beta }),
        (0.0..3.0_f64).prop_map(|alpha| Deterrence::Power { alpha }),
        (-2.0..2.0_f64, 0.0..0.2_f64).prop_map(|(alpha, beta)| Deterrence::Combined { alpha, beta }),
    ]
}

proptest! {
    #[test]
    fn rows_and_columns_are_met(deterrence in any_deterrence(), (costs, productions, attractions) in any_city()) {
        prop_assume!(attractions.iter().sum::<f64>() > 0.0);
        let weights = weights_of(deterrence, &costs);
        let (trips, balance) = solve(&weights, &productions, &attractions);
        let total: f64 = productions.iter().sum();
        prop_assert!(balance.columns.residual <= 1e-12, "{:?}", balance.columns);
        for (row, production) in trips.iter().zip(&productions) {
            prop_assert!((row.iter().sum::<f64>() - production).abs() <= 1e-13 * production);
        }
        for (column, attraction) in attractions.iter().enumerate() {
            let sum: f64 = trips.iter().map(|row| row[column]).sum();
            let target = if total > 0.0 { attraction * balance.columns.attraction_scale } else { 0.0 };
            prop_assert!((sum - target).abs() <= 1e-11 * total, "{} {}", sum, target);
        }
        // A factor on a row changes nothing: T depends on f through cross ratios alone.
        let plain: Vec<Vec<f64>> =
            costs.iter().map(|row| row.iter().map(|&cost| deterrence.value(cost)).collect()).collect();
        let (other, _) = solve(&plain, &productions, &attractions);
        for (found, other) in trips.concat().into_iter().zip(other.concat()) {
            prop_assert!((found - other).abs() <= 1e-9 * total, "{} {}", found, other);
        }
    }

    #[test]
    fn the_dearer_travel_weighs_the_shorter_trips_are(
        (costs, productions, attractions) in any_city(),
        beta in 0.0..0.1_f64,
        more in 0.0..0.1_f64,
    ) {
        prop_assume!(attractions.iter().sum::<f64>() > 0.0 && productions.iter().sum::<f64>() > 0.0);
        let mean_cost = |beta: f64| {
            let weights = weights_of(Deterrence::Exponential { beta }, &costs);
            let (trips, _) = solve(&weights, &productions, &attractions);
            let (trips, costs) = (trips.concat(), costs.concat());
            trips.iter().zip(&costs).map(|(trips, cost)| trips * cost).sum::<f64>() / trips.iter().sum::<f64>()
        };
        prop_assert!(mean_cost(beta + more) <= mean_cost(beta) * (1.0 + 1e-10));
    }
}
