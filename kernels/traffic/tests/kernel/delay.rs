//! BPR: values by hand, derivatives and integrals by finite differences.

use conurb_traffic::{BprDelay, LinkDelays};
use proptest::prelude::*;

use super::random::bpr;

fn delays_of(delay: BprDelay) -> LinkDelays {
    LinkDelays::new([delay.into()])
}

#[track_caller]
fn assert_near(found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{found}, expected {expected}");
}

#[test]
fn the_standard_curve() {
    // t0 = 10, b = 0.15, c = 100, p = 4 at v = 200: t = 10 (1 + 0.15 · 2^4) = 34;
    // dt/dv = 10 · 0.15 · 4 · 2^3 / 100 = 0.48; ∫ = 10 · 200 + 10 · 0.15 · 100 / 5 · 2^5 = 2960.
    let delays = delays_of(bpr(10.0, 0.15, 100.0, 4.0));
    let state = delays.state(0, 200.0);
    assert_eq!((state.volume, delays.rises(0)), (200.0, true));
    assert_near(state.cost, 34.0, 1e-15);
    assert_near(state.slope, 0.48, 1e-15);
    assert_near(delays.cost_integral(0, 200.0), 2960.0, 1e-15);
}

#[test]
fn no_power_and_no_coefficient_is_the_free_flow_time() {
    // 0^0 = 1, so b = 0 with p = 0 is t0 (1 + 0 · 1).
    let delays = delays_of(bpr(3.0, 0.0, 1.0, 0.0));
    for volume in [0.0, 5.0, 1e9] {
        let state = delays.state(0, volume);
        assert_eq!((state.cost, state.slope), (3.0, 0.0));
        assert_eq!(delays.cost_integral(0, volume), 3.0 * volume);
    }
    assert!(!delays.rises(0));
}

#[test]
fn power_zero_adds_the_whole_coefficient_at_any_volume() {
    let delays = delays_of(bpr(2.0, 0.5, 0.0, 0.0));
    assert_eq!(delays.cost(0, 0.0), 3.0);
    assert_eq!(delays.cost(0, 7.0), 3.0);
    assert!(!delays.rises(0));
}

#[test]
fn a_minute_coefficient_with_a_great_power() {
    // 20000^16.8 = 10^(16.8 · 4.301029995663981) = 10^72.25730392715488, times 1e-71 is 10^1.25730392715488 = 18.0843…:
    // t = 2 (1 + 10^1.25730392715488), dt/dv = 2 · 10^1.25730392715488 · 16.8 / 20000.
    let delays = delays_of(bpr(2.0, 1e-71, 1.0, 16.8));
    let added = libm::pow(10.0, 1.257_303_927_154_88);
    let state = delays.state(0, 20_000.0);
    assert_near(state.cost, 2.0 * (1.0 + added), 1e-11);
    assert_near(state.slope, 2.0 * added * 16.8 / 20_000.0, 1e-11);
    assert_near(delays.cost_integral(0, 20_000.0), 2.0 * 20_000.0 * (1.0 + added / 17.8), 1e-11);
    assert_eq!(delays.state(0, 0.0).cost, 2.0);
}

#[test]
fn a_concave_curve_has_a_finite_slope_at_zero() {
    // t0 = 1, b = 1, c = 100, p = 1/2 at v = 25: t = 1 + √¼ = 1.5; dt/dv = ½ (¼)^-½ / 100 = 0.01; ∫ = 25 + 100 · (¼)^1.5 / 1.5.
    let delays = delays_of(bpr(1.0, 1.0, 100.0, 0.5));
    let state = delays.state(0, 25.0);
    assert_near(state.cost, 1.5, 1e-15);
    assert_near(state.slope, 0.01, 1e-14);
    assert_near(delays.cost_integral(0, 25.0), 25.0 + 12.5 / 1.5, 1e-14);
    let slope = delays.state(0, 0.0).slope;
    assert!(slope.is_finite() && slope > 0.0, "{slope}");
}

#[test]
fn a_capacity_of_one_with_a_small_coefficient() {
    // b = 1e-16, p = 4 at v = 1000: 1e-16 · 1e12 = 1e-4.
    let delays = delays_of(bpr(5.0, 1e-16, 1.0, 4.0));
    assert_near(delays.cost(0, 1000.0) - 5.0, 5e-4, 1e-10);
}

#[test]
fn volumes_below_zero_by_rounding_cost_what_empty_links_cost() {
    for power in [0.5, 1.0, 4.0, 2.7] {
        let delays = delays_of(bpr(10.0, 0.15, 100.0, power));
        assert_eq!(delays.cost(0, -1e-13), 10.0, "power {power}");
        assert!(delays.state(0, -1e-13).slope.is_finite());
    }
}

proptest! {
    #[test]
    fn slope_and_integral_agree_with_finite_differences(
        free_flow_time in 0.1..100.0_f64,
        b in 0.01..10.0_f64,
        capacity in 0.1..5000.0_f64,
        power in prop_oneof![Just(4.0), Just(1.0), 0.3..1.0_f64, 1.0..8.0_f64],
        ratio in 0.05..3.0_f64,
    ) {
        let delays = delays_of(bpr(free_flow_time, b, capacity, power));
        let volume = ratio * capacity;
        let step = 1e-5 * volume;
        let state = delays.state(0, volume);
        // A central difference of a power p errs by (p h / v)² / 6 relative plus rounding ε t / (h t').
        let rise = (delays.cost(0, volume + step) - delays.cost(0, volume - step)) / (2.0 * step);
        let rounding = 4.0 * f64::EPSILON * state.cost / step;
        prop_assert!((rise - state.slope).abs() <= 1e-8 * state.slope + rounding, "{rise} {}", state.slope);
        let area = (delays.cost_integral(0, volume + step) - delays.cost_integral(0, volume - step)) / (2.0 * step);
        let rounding = 4.0 * f64::EPSILON * delays.cost_integral(0, volume) / step;
        prop_assert!((area - state.cost).abs() <= 1e-8 * state.cost + rounding, "{area} {}", state.cost);
    }

    #[test]
    fn cost_rises_with_volume(
        power in prop_oneof![Just(4.0), Just(0.0), 0.1..20.0_f64],
        lower in 0.0..10.0_f64,
        more in 0.0..10.0_f64,
    ) {
        let delays = delays_of(bpr(1.0, 0.15, 2.0, power));
        prop_assert!(delays.cost(0, lower) <= delays.cost(0, lower + more));
    }
}
