//! Equilibria between two routes that can be solved by hand, through the whole program.
//!
//! Expected volumes are closed forms or come from bisection on the textbook formula, written down again here.
//! Tolerance: 1e-9 of the trips at a relative gap of 1e-12.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/runs.rs"]
mod runs;
#[path = "common/sketch.rs"]
mod sketch;

use sketch::{STREET, Street, assert_close, finish, on_town, two_zones};

const TIGHT: &str = "[traffic.assignment]\nrelative_gap = 1e-12\n";

/// The root of a rising function.
fn bisected(mut low: f64, mut high: f64, rising: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if rising(middle) < 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// A short narrow street and a long wide one.
const NARROW: Street = Street { id: 1, time: 10.0, capacity: 100.0, ..STREET };
const WIDE: Street = Street { id: 2, time: 15.0, capacity: 200.0, ..STREET };

/// Volumes and times in minutes on two parallel streets.
fn volumes_and_times(streets: [Street; 2], trips: f64, keys: &str, tables: &str) -> [Vec<f64>; 2] {
    let folder = two_zones(&streets, trips).folder();
    let run = finish(folder.path(), "run", &on_town(keys, &format!("{TIGHT}{tables}")), &[]);
    assert!(run.converged());
    let minutes = run.values("link_travel_time").iter().map(|seconds| seconds / 60.0).collect();
    [run.values("link_volume"), minutes]
}

/// Trips split so that two rising functions are equal.
fn split(trips: f64, first: impl Fn(f64) -> f64, second: impl Fn(f64) -> f64) -> [f64; 2] {
    let on_first = bisected(0.0, trips, |volume| first(volume) - second(trips - volume));
    [on_first, trips - on_first]
}

#[test]
fn bpr() {
    // 10 (1 + v / 100) = 15 (1 + 0.5 (300 - v) / 200): 10 + 0.1 v = 15 + 11.25 - 0.0375 v, so v = 16.25 / 0.1375.
    let half = Street { bpr: [0.5, 1.0], ..WIDE };
    let [volumes, times] = volumes_and_times([NARROW, half], 300.0, "", "");
    let expected = 16.25 / 0.1375;
    assert_close(&volumes, &[expected, 300.0 - expected], 1e-9, "volumes");
    assert_close(&times, &[10.0 + 0.1 * expected; 2], 1e-9, "times");
}

#[test]
fn bpr_with_parameters_of_a_rule() {
    // Type 2 alone: 10 (1 + v / 100) = 15 (1 + 2 ((300 - v) / 200)²), a square equation in w = 300 - v:
    // 40 - 0.1 w = 15 + 30 w² / 40000, so 0.00075 w² + 0.1 w - 25 = 0.
    let rule = "[[traffic.volume_delay]]\nlink_types = [2]\nfunction = \"bpr\"\nb = 2.0\npower = 2.0\n";
    let [volumes, _] = volumes_and_times([NARROW, Street { link_type: 2, ..WIDE }], 300.0, "", rule);
    let wide = (-0.1 + f64::sqrt(0.01 + 4.0 * 0.00075 * 25.0)) / (2.0 * 0.00075);
    assert_close(&volumes, &[300.0 - wide, wide], 1e-9, "volumes");
}

#[test]
fn bpr2() {
    // The narrow street ends beyond its capacity, where the power is twice that of the file, the wide one below.
    let rule = "[[traffic.volume_delay]]\nfunction = \"bpr2\"\nb = 0.6\npower = 3.0\n";
    let time = |street: Street| {
        move |volume: f64| {
            let x = volume / street.capacity;
            street.time * (1.0 + 0.6 * if x > 1.0 { x.powi(6) } else { x.powi(3) })
        }
    };
    let expected = split(280.0, time(NARROW), time(WIDE));
    assert!(expected[0] > 101.0 && expected[1] < 199.0, "{expected:?}");
    let [volumes, times] = volumes_and_times([NARROW, WIDE], 280.0, "", rule);
    assert_close(&volumes, &expected, 1e-9, "volumes");
    assert_close(&times, &[time(NARROW)(expected[0]); 2], 1e-9, "times");
}

#[test]
fn conical() {
    // Spiess 1990, with a of 4 on one street and the file's power of 6 on the other.
    let rules = "[[traffic.volume_delay]]\nfunction = \"conical\"\nalpha = 4.0\nlink_types = [1]\n\
                 [[traffic.volume_delay]]\nfunction = \"conical\"\nlink_types = [2]\n";
    let time = |street: Street, a: f64| {
        move |volume: f64| {
            let (rest, b) = (1.0 - volume / street.capacity, (2.0 * a - 1.0) / (2.0 * a - 2.0));
            street.time * (2.0 + f64::sqrt(a * a * rest * rest + b * b) - a * rest - b)
        }
    };
    let wide = Street { link_type: 2, bpr: [1.0, 6.0], ..WIDE };
    for trips in [150.0, 400.0] {
        let expected = split(trips, time(NARROW, 4.0), time(wide, 6.0));
        let [volumes, times] = volumes_and_times([NARROW, wide], trips, "", rules);
        assert_close(&volumes, &expected, 1e-9, "volumes");
        assert_close(&times, &[time(NARROW, 4.0)(expected[0]); 2], 1e-9, "times");
    }
}

#[test]
fn akcelik() {
    // Demand and capacity are per 2 h, analysed for 1 h: T = 60 min, Q T = half the capacity. Volumes are told per hour.
    let rule = "[[traffic.volume_delay]]\nfunction = \"akcelik\"\ndelay_parameter = 0.4\nanalysis_period_h = 1.0\n";
    let time = |street: Street| {
        move |volume: f64| {
            let x = volume / street.capacity;
            let z = x - 1.0;
            street.time + 0.25 * 60.0 * (z + f64::sqrt(z * z + 8.0 * 0.4 * x / (0.5 * street.capacity)))
        }
    };
    for trips in [260.0, 420.0] {
        let expected = split(trips, time(NARROW), time(WIDE));
        let [volumes, times] = volumes_and_times([NARROW, WIDE], trips, "period_h = 2.0", rule);
        assert_close(&volumes, &expected.map(|volume| 0.5 * volume), 1e-9, "vehicles per hour");
        assert_close(&times, &[time(NARROW)(expected[0]); 2], 1e-9, "times");
    }
}

#[test]
fn each_function_at_its_system_optimum() {
    // Least total time: d/dv (v t(v)) is equal on both; differentiated numerically here, so that 1e-6 is the tolerance.
    let bpr = |street: Street| move |volume: f64| street.time * (1.0 + volume / street.capacity);
    let conical = |street: Street| {
        move |volume: f64| {
            let (rest, b) = (1.0 - volume / street.capacity, 7.0 / 6.0);
            street.time * (2.0 + f64::sqrt(16.0 * rest * rest + b * b) - 4.0 * rest - b)
        }
    };
    let total = |times: [&dyn Fn(f64) -> f64; 2], first: f64| {
        first * times[0](first) + (300.0 - first) * times[1](300.0 - first)
    };
    let best = |times: [&dyn Fn(f64) -> f64; 2]| {
        bisected(1.0, 299.0, |first| total(times, first + 1e-3) - total(times, first - 1e-3))
    };
    let optimum = "[traffic.system_optimum]\n";
    for (rule, first) in [
        ("", best([&bpr(NARROW), &bpr(WIDE)])),
        ("[[traffic.volume_delay]]\nfunction = \"conical\"\nalpha = 4.0\n", best([&conical(NARROW), &conical(WIDE)])),
    ] {
        let folder = two_zones(&[NARROW, WIDE], 300.0).folder();
        let run = finish(folder.path(), "run", &on_town("", &format!("{TIGHT}{optimum}{rule}")), &[]);
        assert_close(&run.values("system_optimum_link_volume"), &[first, 300.0 - first], 1e-6, "volumes");
    }
}

/// A free street of 10 minutes and one with a toll of 3, each with one minute more per 100 vehicles.
fn toll_choice() -> [Street; 2] {
    let street = Street { time: 10.0, capacity: 1000.0, ..STREET };
    [street, Street { id: 2, toll: 3.0, ..street }]
}

fn with_two_classes(rich: f64, poor: f64, pce: f64) -> Vec<f64> {
    let folder = two_zones(&toll_choice(), 1.0).folder();
    let classes = format!(
        "[[traffic.class]]\nname = \"rich\"\ndemand_factor = {rich}\nvalue_of_time_per_h = 60.0\n\
         [[traffic.class]]\nname = \"poor\"\ndemand_factor = {poor}\nvalue_of_time_per_h = 10.0\npce = {pce}\n"
    );
    let run = finish(folder.path(), "run", &on_town("", &format!("{TIGHT}{classes}")), &[]);
    assert!(run.converged());
    run.values("link_volume")
}

#[test]
fn two_classes_at_a_toll_where_some_of_the_rich_pay() {
    // The toll is worth 3 minutes to the rich and 18 to the poor. Rich users are indifferent where the free street is 3 minutes slower:
    // 1150 on it and 850 on the other, all of them rich, since 850 < 1000 and the poor would need 18 minutes.
    assert_close(&with_two_classes(1000.0, 1000.0, 1.0), &[150.0, 850.0, 1000.0, 0.0], 1e-9, "volumes");
    // Lorries of two car units: half as many do the same.
    assert_close(&with_two_classes(1000.0, 500.0, 2.0), &[150.0, 850.0, 500.0, 0.0], 1e-9, "volumes");
}

#[test]
fn two_classes_at_a_toll_where_all_of_the_rich_pay() {
    // 400 rich users leave the free street with 1600, 12 minutes slower: worth 3 to them, not worth 18 to the poor.
    assert_close(&with_two_classes(400.0, 1600.0, 1.0), &[0.0, 400.0, 1600.0, 0.0], 1e-9, "volumes");
}

#[test]
fn two_classes_at_a_toll_where_some_of_the_poor_pay() {
    // 2900 poor and 100 rich: 18 minutes of difference are 1800 vehicles, 2400 on the free street and 600 on the other.
    assert_close(&with_two_classes(100.0, 2900.0, 1.0), &[0.0, 100.0, 2400.0, 500.0], 1e-9, "volumes");
}
