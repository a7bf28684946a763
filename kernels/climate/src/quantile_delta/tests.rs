use proptest::prelude::*;

use super::*;
use crate::calendar::Calendar;
use crate::days::Days;
use crate::grouping::{Grouping, Pool};
use crate::kind::Kind;
use crate::quantile::{node_quantiles, quantile};
use crate::training::{Interpolation, QuantileSettings};

const GROUPINGS: [Grouping; 5] = [
    Grouping::All,
    Grouping::Month,
    Grouping::DayOfYear { window: 31, pool: Pool::Contiguous },
    Grouping::DayOfYear { window: 31, pool: Pool::Circular },
    Grouping::DayOfYear { window: 1, pool: Pool::Circular },
];

fn settings(kind: Kind, n_quantiles: usize, interpolation: Interpolation) -> QuantileSettings {
    QuantileSettings { kind, n_quantiles, interpolation, rank_among: RankAmong::Pool }
}

/// Numbers from 0 to 1, made the same way each time.
fn random(seed: u64) -> impl FnMut() -> f64 {
    let mut place = 0;
    move || {
        place += 1;
        crate::draw::uniform(seed, 0, place)
    }
}

/// Values of a series: rounded to steps that tie, with dry and missing days.
fn series(days: &Days, seed: u64, steps: f64, dry: f64, missing: f64) -> Vec<f32> {
    let mut uniform = random(seed);
    let value = |_| match uniform() {
        draw if draw < missing => f32::NAN,
        draw if draw < missing + dry => 0.0,
        _ => ((uniform() + uniform()) * steps).round() as f32 / 7.0,
    };
    (0..days.len()).map(value).collect()
}

/// The same by sorting every pool.
fn naive(training: &Training, future: &[f32], groups: &Groups) -> Vec<f32> {
    let settings = training.settings();
    let mut out = vec![0.0; future.len()];
    let mut sorted = Vec::new();
    for group in 0..groups.len() {
        sort_days(future, groups.pool(group), &mut sorted);
        for &day in groups.own(group) {
            let value = future[day as usize];
            let below = sorted.iter().filter(|&&other| other < value).count();
            let tied = sorted.iter().filter(|&&other| other == value).count();
            let correction = match Shares::of_sorted(&sorted) {
                Some(shares) if tied > 0 => {
                    correction_at(shares.share(below, tied), training.corrections(group), settings.interpolation)
                }
                _ => f64::NAN,
            };
            out[day as usize] = settings.kind.apply(f64::from(value), correction) as f32;
        }
    }
    out
}

fn assert_same_as_naive(calendar: Calendar, grouping: Grouping, past: [&[f32]; 2], future: &[f32], years: i32) {
    let days = Days::of_years(calendar, 1995, 1994 + years);
    let later = Days::of_years(calendar, 2051, 2050 + years);
    let (groups, later_groups) = (Groups::new(&days, grouping), Groups::new(&later, grouping));
    let [reference, historical] = past.map(|series| &series[..days.len()]);
    let future = &future[..later.len()];
    let mut scratch = Scratch::default();
    for kind in [Kind::Additive, Kind::Multiplicative] {
        let settings = settings(kind, 20, Interpolation::Linear);
        let mut training = Training::new(settings, groups.len());
        training.train((reference, &groups), (historical, &groups), &mut scratch);
        let (mut sorted, mut nodes) = (Vec::new(), [0.0; 20]);
        for group in 0..groups.len() {
            for (series, found) in [(reference, training.reference(group)), (historical, training.historical(group))] {
                sort_days(series, groups.pool(group), &mut sorted);
                node_quantiles(&sorted, &mut nodes);
                assert_eq!(nodes.map(f64::to_bits), *bits(found), "{calendar:?} {grouping:?} {group}");
            }
        }
        let mut out = vec![0.0; future.len()];
        let untrained = adjust(&training, future, &later_groups, &mut out, &mut scratch);
        let expected = naive(&training, future, &later_groups);
        let same = |(one, other): (&f32, &f32)| one.to_bits() == other.to_bits() || one.is_nan() && other.is_nan();
        assert!(out.iter().zip(&expected).all(same), "{calendar:?} {grouping:?} {kind:?}");
        let lost = out.iter().zip(future).filter(|(out, future)| out.is_nan() && !future.is_nan()).count();
        assert_eq!(untrained, lost);
    }
}

fn bits(values: &[f64]) -> Box<[u64]> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn windows_give_the_bits_of_sorted_pools() {
    for calendar in [Calendar::Standard, Calendar::NoLeap, Calendar::Day360] {
        for grouping in GROUPINGS {
            let days = Days::of_years(calendar, 1992, 2000);
            // Temperatures with few ties, then rain with many, then hardly any value.
            for (steps, dry, missing) in [(1e6, 0.0, 0.01), (40.0, 0.6, 0.1), (10.0, 0.0, 0.97)] {
                let [reference, historical, future] = [1, 2, 3].map(|seed| series(&days, seed, steps, dry, missing));
                assert_same_as_naive(calendar, grouping, [&reference, &historical], &future, 4);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn windows_give_the_bits_of_sorted_pools_of_any_values(
        seed in 0_u64..1000, steps in 1.0_f64..1e4, dry in 0.0_f64..0.9, missing in 0.0_f64..1.0, which in 0_usize..5,
    ) {
        let days = Days::of_years(Calendar::Standard, 1996, 1999);
        let [reference, historical, future] = [1, 2, 3].map(|add| series(&days, seed + add, steps, dry, missing));
        assert_same_as_naive(Calendar::Standard, GROUPINGS[which], [&reference, &historical], &future, 2);
    }
}

#[test]
fn change_of_each_quantile_is_kept_at_the_nodes() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2010);
    let groups = Groups::new(&days, Grouping::All);
    let count = days.len();
    for kind in [Kind::Additive, Kind::Multiplicative] {
        // As many nodes as values, and no tie: each value has a node of its own.
        let made = |seed, level: f64, spread: f64| -> Vec<f64> {
            let mut uniform = random(seed);
            (0..count).map(|_| level + spread * (uniform() + uniform())).collect()
        };
        let [reference, historical, future] = [made(1, 5.0, 2.0), made(2, 7.0, 5.0), made(3, 9.0, 3.0)];
        let mut training = Training::new(settings(kind, 50, Interpolation::Linear), 1);
        let mut scratch = Scratch::default();
        training.train((&reference, &groups), (&historical, &groups), &mut scratch);
        let mut out = vec![0.0; count];
        adjust(&training, &future, &groups, &mut out, &mut scratch);
        let mut sorted = future.clone();
        sorted.sort_by(f64::total_cmp);
        for (node, &historical) in training.historical(0).iter().enumerate() {
            // The change at a node, put on the reference, is the future value of the node with its correction.
            let value = quantile(&sorted, (node as f64 + 0.5) / 50.0);
            let change = kind.between(historical, value);
            let expected = kind.apply(training.reference(0)[node], change);
            let found = kind.apply(value, training.corrections(0)[node]);
            assert!((found - expected).abs() < 1e-9, "{kind:?} {node}");
        }
        // And each day lies between those of the nodes around its share.
        for (value, out) in future.iter().zip(&out) {
            let (below, tied) = count_below_and_tied(&sorted, *value);
            let share = Shares::of_sorted(&sorted).unwrap().share(below, tied);
            let node = ((share * 50.0 - 0.5).max(0.0) as usize).min(49);
            let around = [node, (node + 1).min(49)].map(|node| training.corrections(0)[node]);
            let found = kind.between(*value, *out);
            assert!(found >= around[0].min(around[1]) - 1e-9 && found <= around[0].max(around[1]) + 1e-9);
        }
    }
}

/// Hand-computed: five values each, nodes at 1/4 and 3/4 are their second and fourth.
#[test]
fn small_samples_are_as_computed_by_hand() {
    let days = Days::new(Calendar::NoLeap, (0..5).collect()).unwrap();
    let groups = Groups::new(&days, Grouping::All);
    let (reference, historical) = ([3.0, 1.0, 2.0, 5.0, 4.0], [10.0, 20.0, 30.0, 40.0, 50.0]);
    // Shares 0, 1/4, 1/2, 3/4, 1; corrections -18 at 1/4 and -36 at 3/4.
    let future = [100.0, 140.0, 110.0, 130.0, 120.0];
    let run = |interpolation| {
        let mut training = Training::new(settings(Kind::Additive, 2, interpolation), 1);
        let mut scratch = Scratch::default();
        training.train((&reference, &groups), (&historical, &groups), &mut scratch);
        let mut out = [0.0; 5];
        adjust(&training, &future, &groups, &mut out, &mut scratch);
        out
    };
    assert_eq!(run(Interpolation::Linear), [82.0, 104.0, 92.0, 94.0, 93.0]);
    assert_eq!(run(Interpolation::Nearest), [82.0, 104.0, 92.0, 94.0, 102.0]);
}

#[test]
fn groups_without_training_are_missing_and_counted() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2002);
    let groups = Groups::new(&days, Grouping::Month);
    let historical = vec![1.0_f32; days.len()];
    let mut reference = vec![2.0_f32; days.len()];
    for &day in groups.own(1) {
        reference[day as usize] = f32::NAN;
    }
    let mut future = vec![5.0_f32; days.len()];
    future[0] = f32::NAN;
    for rank_among in [RankAmong::Pool, RankAmong::SameGroupDay] {
        let settings = QuantileSettings { rank_among, ..settings(Kind::Additive, 10, Interpolation::Nearest) };
        let mut training = Training::new(settings, 12);
        let mut scratch = Scratch::default();
        training.train((&reference, &groups), (&historical, &groups), &mut scratch);
        let mut out = vec![0.0; days.len()];
        assert_eq!(adjust(&training, &future, &groups, &mut out, &mut scratch), 2 * 28);
        for (day, (value, date)) in out.iter().zip(days.dates()).enumerate() {
            assert_eq!(value.is_nan(), day == 0 || date.month == 2, "{date:?}");
            assert!(value.is_nan() || *value == 6.0);
        }
    }
}

#[test]
fn no_rain_stays_finite() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2003);
    let groups = Groups::new(&days, Grouping::Month);
    let rain = series(&days, 5, 40.0, 0.7, 0.0);
    let dry = vec![0.0_f32; days.len()];
    for (historical, future, lost) in [(&rain, &dry, 0), (&rain, &rain, 0), (&dry, &rain, days.len())] {
        let mut training = Training::new(settings(Kind::Multiplicative, 20, Interpolation::Linear), 12);
        let mut scratch = Scratch::default();
        training.train((&rain, &groups), (historical, &groups), &mut scratch);
        let mut out = vec![0.0; days.len()];
        // Nothing leads from a model that is always dry to rain.
        assert_eq!(adjust(&training, future, &groups, &mut out, &mut scratch), lost);
        assert!(out.iter().all(|value| !value.is_infinite()));
    }
}
