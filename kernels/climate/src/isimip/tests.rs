use super::*;
use crate::calendar::{Calendar, Date};
use crate::distributions::Family;
use proptest::prelude::*;

const DOY: Window = Window::DayOfYear { days: 31, step: 1 };

/// Uniform numbers, 0 to 1.
fn random(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn years(first: i32, n: i32) -> Days {
    Days::of_years(Calendar::NoLeap, first, first + n - 1)
}

/// A temperature with a yearly cycle, noise of nearly normal distribution and a trend per year.
fn temperature(days: &Days, level: f64, spread: f64, trend: f64, seed: u64) -> Vec<f64> {
    let mut uniform = random(seed);
    let day = |(&day, date): (&u16, &Date)| {
        let noise: f64 = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
        let cycle = -10.0 * libm::cos(f64::from(day) / 58.1);
        level + cycle + spread * noise + trend * f64::from(date.year - days.dates()[0].year)
    };
    days.day_of_year().iter().zip(days.dates()).map(day).collect()
}

/// Rain on a share of the days, its amounts a power of a uniform number; drizzle below the threshold on some others.
fn rain(days: &Days, wet: f64, scale: f64, seed: u64) -> Vec<f64> {
    let mut uniform = random(seed);
    let day = |_| match uniform() {
        place if place < wet => 0.1 - scale * libm::log(1.0 - uniform()),
        place if place < wet + 0.1 => 0.09 * uniform(),
        _ => 0.0,
    };
    (0..days.len()).map(day).collect()
}

fn adjusted(settings: Settings, window: Window, days: [&Days; 3], series: [&[f64]; 3]) -> (Vec<f64>, Outcome) {
    let plan = IsimipPlan::new(settings, window, days[0], days[1], days[2]).unwrap();
    let mut out = vec![0.0; series[2].len()];
    let outcome = plan.adjust(series, 7, &mut out, &mut plan.scratch());
    (out, outcome)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn near(found: f64, expected: f64, by: f64) {
    assert!((found - expected).abs() <= by, "{found} instead of {expected}");
}

#[test]
fn without_bias_the_future_stays() {
    let (past, future) = (years(1981, 12), years(2041, 15));
    let historical = temperature(&past, 285.0, 2.0, 0.0, 1);
    let simulated = temperature(&future, 288.0, 2.5, 0.05, 2);
    let fitted = Settings::of(Variable::Unbounded);
    for window in [Window::All, Window::Month, DOY, Window::DayOfYear { days: 31, step: 5 }] {
        // Windows in which the future has fewer days than the past have other quantiles.
        let (out, _) = adjusted(fitted, window, [&past, &past, &future], [&historical, &historical, &simulated]);
        let most = out.iter().zip(&simulated).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(most < 0.05, "{window:?} {most}");
        let ranks = Settings { mapping: Mapping::Ranks, detrending: Detrending::Never, ..fitted };
        let (out, outcome) = adjusted(ranks, window, [&past, &past, &past], [&historical, &historical, &historical]);
        assert!(out.iter().zip(&historical).all(|(a, b)| (a - b).abs() < 1e-10), "{window:?}");
        assert_eq!((outcome.fitted, outcome.left), (0, 0));
    }
    let wet = rain(&past, 0.4, 6.0, 3);
    let (out, outcome) =
        adjusted(Settings::of(Variable::Precipitation), Window::Month, [&past, &past, &past], [&wet, &wet, &wet]);
    assert_eq!((outcome.fitted, outcome.by_rank), (12, 0));
    for ((&out, &before), date) in out.iter().zip(&wet).zip(past.dates()) {
        // Ranks of n values are divided by n, so that each value moves towards the one below, at most there.
        let month = wet.iter().zip(past.dates()).filter(|(_, other)| other.month == date.month);
        let below = month.map(|(&other, _)| other).filter(|&other| other < before).fold(0.0, f64::max);
        assert!(if before <= 0.1 { out == 0.0 } else { out <= before + 1e-9 && out > below - 1e-9 }, "{out} {before}");
    }
    near(mean(&out) / mean(&wet), 1.0, 0.05);
}

#[test]
fn plans_do_not_disturb_each_other() {
    let past = years(1981, 10);
    let days = [&past, &past, &past];
    let series = [temperature(&past, 285.0, 2.0, 0.0, 1), temperature(&past, 286.0, 3.0, 0.0, 2)];
    let all = [&series[0][..], &series[1], &series[1]];
    let plan = |of| IsimipPlan::new(Settings::of(of), DOY, days[0], days[1], days[2]).unwrap();
    let (bounded, free) = (plan(Variable::ShortwaveRadiation), plan(Variable::Unbounded));
    let (mut alone, mut after) = (vec![0.0; past.len()], vec![0.0; past.len()]);
    free.adjust(all, 0, &mut alone, &mut free.scratch());
    // Radiation has bounds by season, which stay behind in the working memory.
    let mut scratch = bounded.scratch();
    bounded.adjust(all, 0, &mut after, &mut scratch);
    free.adjust(all, 0, &mut after, &mut scratch);
    assert_eq!(alone, after);
}

#[test]
fn bias_goes_and_change_stays() {
    let (past, future) = (years(1981, 20), years(2041, 20));
    let reference = temperature(&past, 283.0, 1.5, 0.0, 1);
    let historical = temperature(&past, 285.0, 3.0, 0.0, 2);
    let simulated: Vec<f64> = historical.iter().map(|value| value + 3.0).collect();
    let days = [&past, &past, &future];
    for window in [Window::Month, DOY] {
        let (out, outcome) =
            adjusted(Settings::of(Variable::Unbounded), window, days, [&reference, &historical, &simulated]);
        near(mean(&out), mean(&reference) + 3.0, 0.02);
        let spread = |values: &[f64]| {
            let mean = mean(values);
            values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / values.len() as f64
        };
        near(spread(&out) / spread(&reference), 1.0, 0.02);
        assert_eq!((outcome.by_rank, outcome.left), (0, 0));
    }
}

#[test]
fn trend_within_the_future_stays() {
    let (past, future) = (years(1981, 20), years(2041, 30));
    let reference = temperature(&past, 283.0, 1.5, 0.0, 1);
    let historical = temperature(&past, 285.0, 3.0, 0.0, 2);
    let simulated = temperature(&future, 287.0, 3.0, 0.2, 3);
    let days = [&past, &past, &future];
    let (out, _) = adjusted(Settings::of(Variable::Unbounded), DOY, days, [&reference, &historical, &simulated]);
    let warming = |values: &[f64]| mean(&values[20 * 365..]) - mean(&values[..10 * 365]);
    // Taken out and put back, 4 K in 20 years stay; without that they would be halved with the spread.
    near(warming(&out), warming(&simulated), 0.1);
    let never = Settings { detrending: Detrending::Never, ..Settings::of(Variable::Unbounded) };
    let (out, _) = adjusted(never, DOY, days, [&reference, &historical, &simulated]);
    assert!(warming(&out) < warming(&simulated) - 0.4, "{}", warming(&out));
}

#[test]
fn dry_days_are_as_frequent_as_in_the_reference() {
    let past = years(1981, 20);
    let days = [&past, &past, &past];
    for (wet, historical_wet) in [(0.3, 0.6), (0.6, 0.3)] {
        let reference = rain(&past, wet, 6.0, 1);
        let historical = rain(&past, historical_wet, 3.0, 2);
        let (out, _) = adjusted(
            Settings::of(Variable::Precipitation),
            Window::Month,
            days,
            [&reference, &historical, &historical],
        );
        for month in 1..=12 {
            let dry = |values: &[f64], most: f64| {
                let of_month = values.iter().zip(past.dates()).filter(|(_, date)| date.month == month);
                of_month.filter(|&(&value, _)| value <= most).count()
            };
            assert_eq!(dry(&out, 0.0), dry(&reference, 0.1), "{month}");
            assert!(out.iter().all(|&value| value == 0.0 || value > 0.1));
        }
        near(mean(&out) / mean(&reference), 1.0, 0.03);
    }
}

#[test]
fn dry_days_that_become_wet_are_any() {
    let past = years(1981, 20);
    let reference = vec![5.0; past.len()];
    let mut reference = reference;
    reference.iter_mut().step_by(2).for_each(|value| *value = 0.0);
    let historical = vec![0.0; past.len()];
    let plan = IsimipPlan::new(Settings::of(Variable::Precipitation), Window::Month, &past, &past, &past).unwrap();
    let of_cell = |cell| {
        let mut out = vec![0.0; past.len()];
        plan.adjust([&reference, &historical, &historical], cell, &mut out, &mut plan.scratch());
        out
    };
    let (one, other) = (of_cell(1), of_cell(2));
    assert_ne!(one, other);
    assert_eq!(one, of_cell(1));
    // Without an order of their own the first years would be dry, the last wet.
    let half = past.len() / 2;
    let wet = |values: &[f64]| values.iter().filter(|&&value| value > 0.0).count();
    near(wet(&one[..half]) as f64 / wet(&one) as f64, 0.5, 0.05);
    near(wet(&one) as f64 / past.len() as f64, 0.5, 0.01);
}

#[test]
fn humidity_stays_within_its_bounds() {
    let (past, future) = (years(1981, 10), years(2041, 10));
    let humid = |low: f64, seed| {
        let mut uniform = random(seed);
        (0..past.len()).map(|_| (low + 80.0 * uniform()).clamp(0.0, 103.0)).collect::<Vec<f64>>()
    };
    let (reference, historical, simulated) = (humid(10.0, 1), humid(40.0, 2), humid(35.0, 3));
    for settings in [
        Settings::of(Variable::RelativeHumidity),
        Settings {
            mapping: Mapping::Fitted { family: Family::Beta, worst_fit: 0.15 },
            carried: Carried::BetweenThresholds,
            ..Settings::of(Variable::RelativeHumidity)
        },
    ] {
        let (out, outcome) = adjusted(settings, DOY, [&past, &past, &future], [&reference, &historical, &simulated]);
        assert!(out.iter().all(|value| (0.0..=100.0).contains(value)));
        // A model that is too moist: its change counts as a ratio.
        near(mean(&out) / mean(&reference), mean(&simulated) / mean(&historical), 0.03);
        assert_eq!(outcome.left, 0);
    }
}

#[test]
fn radiation_stays_below_that_of_clear_days() {
    let (past, future) = (years(1981, 10), years(2041, 10));
    let radiation = |most: f64, seed| {
        let mut uniform = random(seed);
        let day = |&day: &u16| most * (1.2 - libm::cos(f64::from(day) / 58.1)) * (0.2 + 0.8 * uniform());
        past.day_of_year().iter().map(day).collect::<Vec<f64>>()
    };
    let (reference, historical, simulated) = (radiation(120.0, 1), radiation(150.0, 2), radiation(135.0, 3));
    let days = [&past, &past, &future];
    let (out, _) =
        adjusted(Settings::of(Variable::ShortwaveRadiation), DOY, days, [&reference, &historical, &simulated]);
    near(mean(&out) / mean(&reference), 0.9, 0.02);
    for (value, &day) in out.iter().zip(future.day_of_year()) {
        // Largest of 31 days in 10 years, reduced as the model's is.
        let most = 120.0 * 0.9 * (1.2 - libm::cos((f64::from(day).clamp(16.0, 350.0) + 15.0) / 58.1)).max(0.24);
        assert!(
            *value <= most.max(120.0 * 0.9 * (1.2 - libm::cos(f64::from(day) / 58.1))) * 1.25,
            "{value} {most} {day}"
        );
        assert!(*value >= 0.0);
    }
}

#[test]
fn missing_days_stay_missing_and_no_others() {
    let (past, future) = (years(1981, 10), years(2041, 10));
    let mut reference = temperature(&past, 283.0, 1.5, 0.0, 1);
    let historical = temperature(&past, 285.0, 3.0, 0.0, 2);
    let mut simulated = temperature(&future, 287.0, 3.0, 0.0, 3);
    reference.iter_mut().step_by(3).for_each(|value| *value = f64::NAN);
    simulated[5..3600].iter_mut().step_by(7).for_each(|value| *value = f64::NAN);
    simulated[100] = f64::INFINITY;
    let days = [&past, &past, &future];
    for window in [DOY, Window::Month, Window::All] {
        let (out, outcome) =
            adjusted(Settings::of(Variable::Unbounded), window, days, [&reference, &historical, &simulated]);
        assert!(!outcome.is_masked);
        for (out, before) in out.iter().zip(&simulated) {
            assert!(out.is_nan() != before.is_finite() && !out.is_infinite());
        }
    }
    let nothing = vec![f64::NAN; past.len()];
    for series in [[&nothing, &historical, &simulated], [&reference, &nothing, &simulated]] {
        let (out, outcome) = adjusted(Settings::of(Variable::Unbounded), DOY, days, series.map(|series| &series[..]));
        assert!(outcome.is_masked && out.iter().all(|value| value.is_nan()));
    }
}

#[test]
fn months_without_a_reference_are_missing_and_counted() {
    let past = years(1981, 10);
    let mut reference = temperature(&past, 283.0, 1.5, 0.0, 1);
    let simulated = temperature(&past, 287.0, 3.0, 0.0, 3);
    let july = |date: &Date| date.month == 7;
    reference.iter_mut().zip(past.dates()).filter(|(_, date)| july(date)).for_each(|(value, _)| *value = f64::NAN);
    let days = [&past, &past, &past];
    let (out, outcome) =
        adjusted(Settings::of(Variable::Unbounded), Window::Month, days, [&reference, &simulated, &simulated]);
    let days_untrained = 10 * 31;
    assert_eq!(outcome, Outcome { is_masked: false, fitted: 11, by_rank: 0, left: 0, days_untrained });
    for (out, date) in out.iter().zip(past.dates()) {
        assert_eq!(out.is_nan(), july(date), "{date:?}");
    }
}

#[test]
fn constant_series_are_shifted() {
    let past = years(1981, 5);
    let constant = |value| vec![value; past.len()];
    let days = [&past, &past, &past];
    for window in [DOY, Window::Month, Window::All] {
        let (out, outcome) =
            adjusted(Settings::of(Variable::Unbounded), window, days, [&constant(5.0), &constant(7.0), &constant(9.0)]);
        assert!(out.iter().all(|&value| value == 7.0));
        assert_eq!((outcome.fitted, outcome.left), (0, 0));
    }
    // Mixed change of a model that is too wet: a ratio.
    let (out, _) =
        adjusted(Settings::of(Variable::Precipitation), DOY, days, [&constant(5.0), &constant(10.0), &constant(8.0)]);
    assert!(out.iter().all(|&value| (value - 4.0).abs() < 1e-12));
}

#[test]
fn a_single_day_is_enough() {
    let one = Days::new(Calendar::NoLeap, vec![700_000]).unwrap();
    for window in [DOY, Window::Month, Window::All] {
        let (out, _) = adjusted(Settings::of(Variable::Unbounded), window, [&one; 3], [&[5.0], &[7.0], &[9.5]]);
        assert_eq!(out, [7.5]);
        let (out, _) = adjusted(Settings::of(Variable::Precipitation), window, [&one; 3], [&[0.0], &[7.0], &[9.5]]);
        assert!(out[0].is_finite() && out[0] >= 0.0);
    }
    let none = Days::new(Calendar::NoLeap, Vec::new()).unwrap();
    assert_eq!(
        adjusted(Settings::of(Variable::Unbounded), DOY, [&one, &one, &none], [&[5.0], &[7.0], &[]]).0,
        [0.0; 0]
    );
}

#[test]
fn storage_and_memory_change_nothing() {
    let (past, future) = (years(1981, 6), years(2041, 6));
    let plan = IsimipPlan::new(Settings::of(Variable::Precipitation), DOY, &past, &past, &future).unwrap();
    let series = [rain(&past, 0.3, 6.0, 1), rain(&past, 0.5, 3.0, 2), rain(&future, 0.5, 4.0, 3)]
        .map(|series| series.iter().map(|&value| value as f32).collect::<Vec<f32>>());
    let wide = series.clone().map(|series| series.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>());
    let mut scratch = plan.scratch();
    let mut out = vec![0.0_f32; future.len()];
    let mut wide_out = vec![0.0; future.len()];
    plan.adjust([&wide[0], &wide[1], &wide[2]], 3, &mut wide_out, &mut plan.scratch());
    for _ in 0..2 {
        plan.adjust([&series[0], &series[1], &series[2]], 3, &mut out, &mut scratch);
        assert!(out.iter().zip(&wide_out).all(|(&out, &wide)| out == wide as f32));
        plan.adjust([&series[1], &series[0], &series[2]], 4, &mut vec![0.0; future.len()], &mut scratch);
    }
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let days = years(1981, 2);
    let plan = |settings, window| IsimipPlan::new(settings, window, &days, &days, &days).map(|_| ());
    let tas = Settings::of(Variable::Unbounded);
    for (days, step) in [(30, 1), (31, 2), (31, 33), (367, 1), (0, 1), (31, 0)] {
        assert_eq!(plan(tas, Window::DayOfYear { days, step }), Err(IsimipError::Window { days, step }));
    }
    let gamma = Mapping::Fitted { family: Family::Gamma, worst_fit: 0.15 };
    assert_eq!(plan(Settings { mapping: gamma, ..tas }, DOY), Err(IsimipError::NoBound));
    assert_eq!(plan(Settings { change: Change::Bounded, ..tas }, DOY), Err(IsimipError::NoBound));
    let lower = Some(Edge { bound: 0.0, threshold: -0.1 });
    let wrong = Settings { lower, ..Settings::of(Variable::Precipitation) };
    assert_eq!(plan(wrong, DOY), Err(IsimipError::Threshold { threshold: -0.1, bound: 0.0 }));
    let nan = Settings { lower: Some(Edge { bound: 0.0, threshold: f64::NAN }), ..wrong };
    assert!(plan(nan, DOY).is_err());
    let trend = Settings { detrending: Detrending::Significant, ..Settings::of(Variable::Precipitation) };
    assert_eq!(plan(trend, DOY), Err(IsimipError::TrendOfBounded));
    let bad = Mapping::Fitted { family: Family::Normal, worst_fit: -0.1 };
    assert_eq!(plan(Settings { mapping: bad, ..tas }, DOY), Err(IsimipError::WorstFit { value: -0.1 }));
    for variable in [
        Variable::Unbounded,
        Variable::Precipitation,
        Variable::WindSpeed,
        Variable::RelativeHumidity,
        Variable::ShortwaveRadiation,
        Variable::TemperatureRange,
        Variable::TemperatureSkewness,
    ] {
        assert_eq!(plan(Settings::of(variable), DOY), Ok(()), "{variable:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn anything_finite_gives_values_within_bounds(
        seed in 0_u64..1000, gaps in 0.0_f64..1.0, scale in 1e-3_f64..1e4, which in 0_usize..5, step in 0_usize..3,
    ) {
        let variable = [
            Variable::Unbounded, Variable::Precipitation, Variable::WindSpeed, Variable::RelativeHumidity,
            Variable::ShortwaveRadiation,
        ][which];
        let days = years(1999, 2);
        let mut uniform = random(seed);
        let mut series = || (0..days.len()).map(|_| match uniform() {
            place if place < gaps * gaps => f64::NAN,
            place if place < 0.8 => (scale * (uniform() - 0.2)).round(),
            _ => scale * uniform() * uniform(),
        }).collect::<Vec<f64>>();
        let series = [series(), series(), series()];
        let window = [DOY, Window::DayOfYear { days: 9, step: 9 }, Window::Month][step];
        let settings = Settings::of(variable);
        let (out, outcome) = adjusted(settings, window, [&days; 3], [&series[0], &series[1], &series[2]]);
        let lost = out.iter().zip(&series[2]).filter(|(out, before)| out.is_nan() && !before.is_nan()).count();
        let present = series[2].iter().filter(|value| !value.is_nan()).count();
        let expected = if outcome.is_masked { present } else { outcome.days_untrained as usize };
        prop_assert_eq!(lost, expected);
        for (out, before) in out.iter().zip(&series[2]) {
            prop_assert!(!out.is_infinite());
            prop_assert!(out.is_nan() || !before.is_nan());
            let (low, high) = (settings.lower.map_or(f64::NEG_INFINITY, |edge| edge.bound), settings.upper.map_or(f64::INFINITY, |edge| edge.bound));
            let kept = out == before;
            prop_assert!(out.is_nan() || kept || variable == Variable::ShortwaveRadiation || (low..=high).contains(out), "{out} {before}");
        }
    }
}
