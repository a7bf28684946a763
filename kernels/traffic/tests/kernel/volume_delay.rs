//! The volume-delay functions beside BPR and all marginal costs: values by hand, derivatives and integrals by finite
//! differences and quadrature.

use conurb_traffic::{AkcelikDelay, BprDelay, ConicalDelay, LinkDelays, NetworkError, VolumeDelay};
use proptest::prelude::*;

use super::random::bpr;

const CONICAL: ConicalDelay = ConicalDelay { free_flow_time: 10.0, alpha: 4.0, capacity: 100.0 };
/// A motorway in minutes, an hour of demand, a queue that grows for a quarter of it.
const AKCELIK: AkcelikDelay = AkcelikDelay {
    free_flow_time: 3.0,
    delay_parameter: 0.1,
    capacity: 4000.0,
    demand_period: 60.0,
    analysis_period: 15.0,
};

fn delays_of(delay: impl Into<VolumeDelay>) -> LinkDelays {
    LinkDelays::new([delay.into()])
}

#[track_caller]
fn assert_near(found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs(), "{found}, expected {expected}");
}

#[test]
fn bpr2_doubles_the_power_beyond_capacity() {
    // t0 = 10, b = 1/2, c = 100, p = 2. At v = 50: 10 (1 + ½ ¼) = 11.25, slope 10 · ½ · 2 · ½ / 100 = 0.05.
    // At v = 200: 10 (1 + ½ 2^4) = 90, slope 10 · ½ · 4 · 2^3 / 100 = 1.6.
    // ∫ to 100: 1000 + 5 · 100 / 3; from there to 200: 1000 + 5 · 100 (2^5 − 1) / 5 = 4100.
    let delays = delays_of(VolumeDelay::Bpr2(bpr(10.0, 0.5, 100.0, 2.0)));
    let (below, beyond) = (delays.state(0, 50.0), delays.state(0, 200.0));
    assert_eq!((below.volume, below.cost), (50.0, 11.25));
    assert_near(below.slope, 0.05, 1e-15);
    assert_eq!((beyond.cost, delays.rises(0)), (90.0, true));
    assert_near(beyond.slope, 1.6, 1e-15);
    assert_near(delays.cost_integral(0, 50.0), 500.0 + 500.0 / 3.0 / 8.0, 1e-15);
    assert_near(delays.cost_integral(0, 200.0), 1000.0 + 500.0 / 3.0 + 4100.0, 1e-15);
}

#[test]
fn marginal_cost_of_bpr2_jumps_at_capacity() {
    // t0 (1 + b (1 + p)) = 10 (1 + ½ 3) = 25 up to capacity, 10 (1 + ½ 5) = 35 just beyond it.
    let marginal = delays_of(VolumeDelay::Bpr2(bpr(10.0, 0.5, 100.0, 2.0))).marginal();
    assert_near(marginal.cost(0, 100.0), 25.0, 1e-15);
    assert_near(marginal.cost(0, 100.000_000_01), 35.0, 1e-8);
    assert_near(marginal.cost_integral(0, 200.0), 200.0 * 90.0, 1e-15);
}

#[test]
fn the_conical_function() {
    // a = 4, b = 7/6: t(0) = t0 (2 + √(16 + 49/36) − 4 − 7/6), √(625/36) = 25/6, so t0; t(c) = 2 t0.
    // At v = 150: y = −2, √(4 + 49/36) = √193 / 6 = 2.315407…: t = 10 (2 + 2.315407 + 2 − 1.166667) = 51.487…
    let delays = delays_of(VolumeDelay::Conical(CONICAL));
    let root = 193.0_f64.sqrt() / 6.0;
    assert_near(delays.cost(0, 0.0), 10.0, 1e-15);
    assert_near(delays.cost(0, 100.0), 20.0, 1e-15);
    assert_near(delays.cost(0, 150.0), 10.0 * (4.0 + root - 7.0 / 6.0), 1e-15);
    // Slope t0 a / c (1 − y / root): 0.4 (1 − 4 · 6/25) at 0, 0.4 at capacity.
    assert_near(delays.state(0, 0.0).slope, 0.4 * 0.04, 1e-14);
    assert_near(delays.state(0, 100.0).slope, 0.4, 1e-15);
    assert_near(delays.state(0, 150.0).slope, 0.4 * (1.0 + 2.0 / root), 1e-15);
    // ∫ to capacity: 10 (200 + 25 (½ (4 · 25/6 + 49/36 asinh(24/7)) − 4 · 7/6 − 8)); asinh(24/7) = ln(24/7 + 25/7) = ln 7.
    let area = 0.5 * (50.0 / 3.0 + 49.0 / 36.0 * libm::log(7.0)) - 14.0 / 3.0 - 8.0;
    assert_near(delays.cost_integral(0, 100.0), 10.0 * (200.0 + 25.0 * area), 1e-14);
    // Marginal cost at capacity 20 + 100 · 0.4; slope 2 · 0.4 + 100 t0 (a / c)² / b.
    let state = delays.marginal().state(0, 100.0);
    assert_near(state.cost, 60.0, 1e-15);
    assert_near(state.slope, 0.8 + 100.0 * 10.0 * 0.0016 * 6.0 / 7.0, 1e-15);
}

#[test]
fn a_conical_function_beside_a_power_of_great_alpha() {
    // b → 1 as a grows; at twice the capacity √(a² + b²) + a + 2 − b → 2 a + 1 + 1 / 2a.
    let delays = delays_of(VolumeDelay::Conical(ConicalDelay { alpha: 1e6, ..CONICAL }));
    let b = 1_999_999.0 / 1_999_998.0;
    assert_near(delays.cost(0, 200.0), 10.0 * (2e6 + 2.0 - b + 0.5e-6 * b * b), 1e-15);
    assert_near(delays.cost(0, 0.0), 10.0, 1e-15);
}

#[test]
fn the_function_of_akcelik() {
    // Q T = 4000 · 15 / 60 = 1000 vehicles, k = 8 · 0.1 / 1000 = 8e-4. At capacity t = 3 + 3.75 √8e-4 = 3.10607…
    let delays = delays_of(VolumeDelay::Akcelik(AKCELIK));
    assert_near(delays.cost(0, 0.0), 3.0, 0.0);
    assert_near(delays.cost(0, 4000.0), 3.0 + 3.75 * 8e-4_f64.sqrt(), 1e-15);
    // At twice the capacity: z = 1, R = √1.0016.
    let root = 1.0016_f64.sqrt();
    assert_near(delays.cost(0, 8000.0), 3.0 + 3.75 * (1.0 + root), 1e-15);
    // Slope ¼ T / c (1 + (z + k / 2) / R): ¼ T / c · k / 2 at 0.
    assert_near(delays.state(0, 0.0).slope, 3.75 / 4000.0 * 4e-4, 1e-12);
    assert_near(delays.state(0, 8000.0).slope, 3.75 / 4000.0 * (1.0 + 1.0004 / root), 1e-15);
    assert!(delays.rises(0));
}

#[test]
fn the_function_of_akcelik_where_its_root_is_linear() {
    // k = 4 makes R = x + 1: t = t0 + ¼ T · 2 x, here 1 + 2 · 2 x; J = k Q T / 8 = ½ · 10 = 5 with T = 8 and Q T = 10.
    let linear = AkcelikDelay {
        free_flow_time: 1.0,
        delay_parameter: 5.0,
        capacity: 10.0,
        demand_period: 8.0,
        analysis_period: 8.0,
    };
    let delays = delays_of(VolumeDelay::Akcelik(linear));
    for volume in [0.0, 2.5, 10.0, 40.0] {
        assert_near(delays.cost(0, volume), 1.0 + 0.4 * volume, 1e-15);
        assert_near(delays.state(0, volume).slope, 0.4, 1e-15);
        assert_near(delays.cost_integral(0, volume), volume + 0.2 * volume * volume, 1e-15);
        assert_near(delays.marginal().state(0, volume).slope, 0.8, 1e-15);
    }
}

#[test]
fn units_of_time_do_not_matter() {
    let seconds = AkcelikDelay { free_flow_time: 180.0, demand_period: 3600.0, analysis_period: 900.0, ..AKCELIK };
    let (minutes, seconds) = (VolumeDelay::Akcelik(AKCELIK), VolumeDelay::Akcelik(seconds));
    for volume in [0.0, 1000.0, 4000.0, 6000.0] {
        assert_near(seconds.time(volume), 60.0 * minutes.time(volume), 1e-15);
    }
}

#[test]
fn marginal_cost_of_bpr_is_a_bpr_of_another_coefficient() {
    for (b, power) in [(0.15, 4.0), (0.5, 1.0), (2.0, 0.5), (0.3, 2.7), (0.5, 0.0), (0.0, 4.0)] {
        let marginal = delays_of(bpr(10.0, b, 100.0, power)).marginal();
        let other = delays_of(bpr(10.0, b * (1.0 + power), 100.0, power));
        for volume in [0.0, 30.0, 100.0, 250.0] {
            assert_eq!(marginal.state(0, volume), other.state(0, volume));
            assert_eq!(marginal.cost_integral(0, volume), other.cost_integral(0, volume));
            assert_eq!(marginal.marginal().state(0, volume), marginal.state(0, volume));
        }
        assert_eq!(marginal.rises(0), other.rises(0));
    }
}

#[test]
fn parameters_without_meaning_are_refused_with_link_and_value() {
    let named = |delay: VolumeDelay| match delay.check(7) {
        Err(NetworkError::Value { link: 7, what, .. }) => what,
        other => panic!("{delay:?} gives {other:?}"),
    };
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        assert_eq!(named(VolumeDelay::Conical(ConicalDelay { free_flow_time: bad, ..CONICAL })), "free-flow time");
        assert_eq!(named(VolumeDelay::Akcelik(AkcelikDelay { free_flow_time: bad, ..AKCELIK })), "free-flow time");
    }
    for bad in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        assert_eq!(named(VolumeDelay::Conical(ConicalDelay { capacity: bad, ..CONICAL })), "capacity");
        assert_eq!(named(VolumeDelay::Akcelik(AkcelikDelay { capacity: bad, ..AKCELIK })), "capacity");
        assert_eq!(named(VolumeDelay::Akcelik(AkcelikDelay { delay_parameter: bad, ..AKCELIK })), "delay parameter");
        assert_eq!(named(VolumeDelay::Akcelik(AkcelikDelay { demand_period: bad, ..AKCELIK })), "demand period");
        assert_eq!(named(VolumeDelay::Akcelik(AkcelikDelay { analysis_period: bad, ..AKCELIK })), "analysis period");
    }
    for bad in [f64::NAN, f64::INFINITY, 1.0, 0.5] {
        assert_eq!(named(VolumeDelay::Conical(ConicalDelay { alpha: bad, ..CONICAL })), "alpha");
    }
    assert_eq!(named(VolumeDelay::Bpr2(bpr(1.0, 0.15, 0.0, 4.0))), "capacity");
    for good in [VolumeDelay::Conical(CONICAL), VolumeDelay::Akcelik(AKCELIK), bpr(1.0, 0.15, 100.0, 4.0).into()] {
        assert_eq!(good.check(0), Ok(()));
    }
}

#[test]
fn values_so_extreme_that_slopes_overflow_are_refused() {
    let extreme = [
        VolumeDelay::Bpr(bpr(1.0, 1.0, 1e-309, 4.0)),
        VolumeDelay::Bpr2(bpr(1e200, 1e200, 100.0, 4.0)),
        VolumeDelay::Conical(ConicalDelay { alpha: 1e300, ..CONICAL }),
        VolumeDelay::Conical(ConicalDelay { capacity: 1e-300, ..CONICAL }),
        VolumeDelay::Akcelik(AkcelikDelay { delay_parameter: 1e300, ..AKCELIK }),
        VolumeDelay::Akcelik(AkcelikDelay { capacity: 1e-320, ..AKCELIK }),
        VolumeDelay::Akcelik(AkcelikDelay { delay_parameter: 1e-323, ..AKCELIK }),
    ];
    for delay in extreme {
        assert!(matches!(delay.check(0), Err(NetworkError::Value { what: "capacity", .. })), "{delay:?}");
    }
}

#[test]
fn empty_links_that_take_no_time() {
    let delays = delays_of(VolumeDelay::Conical(ConicalDelay { free_flow_time: 0.0, ..CONICAL }));
    assert_eq!((delays.cost(0, 500.0), delays.cost_integral(0, 500.0), delays.rises(0)), (0.0, 0.0, false));
    let delays = delays_of(VolumeDelay::Akcelik(AkcelikDelay { free_flow_time: 0.0, ..AKCELIK }));
    assert!(delays.cost(0, 0.0) == 0.0 && delays.cost(0, 5000.0) > 0.0 && delays.rises(0));
}

fn any_function() -> impl Strategy<Value = VolumeDelay> {
    let bpr = (0.1..100.0_f64, 0.01..10.0_f64, 0.1..5000.0_f64, prop_oneof![Just(4.0), Just(1.0), 0.3..8.0_f64]);
    let bpr = bpr.prop_map(|(free_flow_time, b, capacity, power)| BprDelay { free_flow_time, b, capacity, power });
    let conical = (0.1..100.0_f64, -9.0..3.0_f64, 0.1..5000.0_f64).prop_map(|(free_flow_time, exponent, capacity)| {
        ConicalDelay { free_flow_time, alpha: 1.0 + libm::pow(10.0, exponent), capacity }
    });
    // k from 1e-9 to 1e3, on both sides of the 4 at which the integral changes its form.
    let akcelik = (0.0..100.0_f64, -9.0..3.0_f64, 0.1..5000.0_f64, 0.1..100.0_f64, 0.1..100.0_f64);
    let akcelik = akcelik.prop_map(|(free_flow_time, exponent, capacity, demand_period, analysis_period)| {
        let delay_parameter = libm::pow(10.0, exponent) * capacity * analysis_period / demand_period / 8.0;
        AkcelikDelay { free_flow_time, delay_parameter, capacity, demand_period, analysis_period }
    });
    prop_oneof![
        bpr.clone().prop_map(VolumeDelay::Bpr),
        bpr.prop_map(VolumeDelay::Bpr2),
        conical.prop_map(VolumeDelay::Conical),
        akcelik.prop_map(VolumeDelay::Akcelik),
    ]
}

fn capacity(delay: &VolumeDelay) -> f64 {
    match delay {
        VolumeDelay::Bpr(delay) | VolumeDelay::Bpr2(delay) => delay.capacity,
        VolumeDelay::Conical(delay) => delay.capacity,
        VolumeDelay::Akcelik(delay) => delay.capacity,
    }
}

/// ∫ of `function` by Gauss and Legendre's rule of three points on `parts` parts in s, where v = from + (to − from) s³, so that
/// slopes without bound at `from` do no harm.
fn quadrature(from: f64, to: f64, parts: usize, function: impl Fn(f64) -> f64) -> f64 {
    let (width, node) = (1.0 / parts as f64, 0.6_f64.sqrt());
    let weighted = |s: f64| 3.0 * s * s * function(from + (to - from) * s * s * s);
    let part = |part: usize| {
        let middle = (part as f64 + 0.5) * width;
        let at = |node: f64| weighted(middle + 0.5 * width * node);
        0.5 * width * (5.0 * at(-node) + 8.0 * at(0.0) + 5.0 * at(node)) / 9.0
    };
    (to - from) * (0..parts).map(part).sum::<f64>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn functions_in_range_pass_and_never_fall(delay in any_function(), lower in 0.0..5.0_f64, more in 1e-3..5.0_f64) {
        prop_assert_eq!(delay.check(0), Ok(()));
        let capacity = capacity(&delay);
        for delays in [delays_of(delay), delays_of(delay).marginal()] {
            let (low, high) = (delays.state(0, lower * capacity), delays.state(0, (lower + more) * capacity));
            // Strictly, as far as doubles can tell: by what the slope says, less rounding.
            prop_assert!(low.cost <= high.cost * (1.0 + 1e-15), "{low:?} {high:?}");
            prop_assert!(low.slope > 0.0 || lower < 1e-3, "{low:?}");
            prop_assert!(low.cost.is_finite() && high.slope.is_finite() && delays.rises(0));
        }
    }

    #[test]
    fn slopes_are_those_of_costs(delay in any_function(), ratio in prop_oneof![0.05..0.99_f64, 1.01..4.0_f64]) {
        let volume = ratio * capacity(&delay);
        for delays in [delays_of(delay), delays_of(delay).marginal()] {
            let state = delays.state(0, volume);
            // Central differences at two steps, extrapolated, so that what is left is the fourth order and rounding.
            let rise = |step: f64| (delays.cost(0, volume + step) - delays.cost(0, volume - step)) / (2.0 * step);
            let step = 1e-3 * volume.min(capacity(&delay) * (ratio - 1.0).abs());
            let rise = (4.0 * rise(0.5 * step) - rise(step)) / 3.0;
            let rounding = 16.0 * f64::EPSILON * state.cost / step;
            prop_assert!((rise - state.slope).abs() <= 1e-7 * state.slope + rounding, "{} {}", rise, state.slope);
        }
    }

    #[test]
    fn costs_have_no_gaps(delay in any_function(), ratio in prop_oneof![Just(1.0), 0.0..4.0_f64]) {
        let volume = ratio * capacity(&delay);
        let delays = delays_of(delay);
        let (low, high) = (delays.cost(0, volume * (1.0 - 1e-12)), delays.cost(0, volume * (1.0 + 1e-12)));
        let near = 1e-11 * volume * delays.state(0, volume).slope + 1e-14 * low;
        prop_assert!((high - low).abs() <= near, "{} {}", low, high);
    }

    #[test]
    fn integrals_are_areas_under_costs(delay in any_function(), ratio in 0.01..3.0_f64) {
        let capacity = capacity(&delay);
        let volume = ratio * capacity;
        let delays = delays_of(delay);
        let area = |from: f64, to: f64| quadrature(from, to, 2000, |volume| delays.cost(0, volume));
        let area = area(0.0, volume.min(capacity)) + if ratio > 1.0 { area(capacity, volume) } else { 0.0 };
        let integral = delays.cost_integral(0, volume);
        prop_assert!((area - integral).abs() <= 1e-7 * integral, "{} {}", area, integral);
        let total = delays.marginal().cost_integral(0, volume);
        let expected = volume * delays.cost(0, volume);
        prop_assert!((total - expected).abs() <= 1e-14 * expected, "{} {}", total, expected);
    }

    #[test]
    fn empty_links_and_volumes_below_zero_by_rounding_cost_the_same(delay in any_function()) {
        for delays in [delays_of(delay), delays_of(delay).marginal()] {
            let (empty, below) = (delays.state(0, 0.0), delays.state(0, -1e-13));
            prop_assert_eq!((empty.cost, empty.slope, below.volume), (below.cost, below.slope, -1e-13));
            prop_assert_eq!(delays.cost_integral(0, -1e-13), -1e-13 * empty.cost);
            prop_assert!((empty.cost - delay.time(0.0)).abs() <= 1e-15 * empty.cost);
        }
    }
}
