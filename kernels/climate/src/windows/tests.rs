//! Windows against sorting each of them.

use proptest::prelude::*;

use super::*;

/// Pools of half a window around each day of a year of `length` days, over all years, and the days of the group.
fn circular(n_days: u32, length: u32, half: u32) -> Vec<(Vec<u32>, Vec<u32>)> {
    let near = |day: u32, group: u32| {
        let apart = (day % length).abs_diff(group);
        apart.min(length - apart) <= half
    };
    let group = |group| {
        let pool = (0..n_days).filter(|&day| near(day, group)).collect();
        (pool, (0..n_days).filter(|&day| day % length == group).collect())
    };
    (0..length).map(group).collect()
}

fn windows_of(n_days: usize, groups: &[(Vec<u32>, Vec<u32>)]) -> Windows {
    Windows::new(n_days, groups.iter().map(|(pool, own)| (pool.as_slice(), own.as_slice())))
}

/// Type 7 by its definition: the values stand at (i - 1)/(N - 1).
fn quantile_by_definition(sorted: &[f64], probability: f64) -> f64 {
    let position = (sorted.len() - 1) as f64 * probability;
    let lower = sorted[position.floor() as usize];
    lower + (sorted[position.ceil() as usize] - lower) * (position - position.floor())
}

fn check(series: &[f64], groups: &[(Vec<u32>, Vec<u32>)]) {
    let windows = windows_of(series.len(), groups);
    let probabilities: Vec<f64> = (0..20).map(|node| (f64::from(node) + 0.5) / 20.0).chain([1.0]).collect();
    let (mut sorted, mut scratch, mut ranks) = (Sorted::new(), WindowScratch::default(), Ranks::default());
    let mut quantiles = vec![0.0; groups.len() * probabilities.len()];
    // Twice with the same memory: nothing of the first series may stay.
    for series in [series.iter().map(|value| -value * 3.0).collect(), series.to_vec()] {
        sorted.sort(&series);
        windows.quantiles(&sorted, &probabilities, &mut quantiles, &mut scratch);
        windows.ranks(&sorted, &mut ranks, &mut scratch);
        for (window, (pool, own)) in groups.iter().enumerate() {
            let mut values: Vec<f64> =
                pool.iter().map(|&day| series[day as usize]).filter(|value| !value.is_nan()).collect();
            values.sort_by(f64::total_cmp);
            let equal = |to: Option<&f64>| values.iter().filter(|&value| Some(value) == to).count() as u32;
            assert_eq!(ranks.members[window] as usize, values.len());
            assert_eq!(ranks.lowest[window], equal(values.first()));
            assert_eq!(ranks.highest[window], equal(values.last()));
            for (&probability, &found) in probabilities.iter().zip(&quantiles[window * probabilities.len()..]) {
                if values.is_empty() {
                    assert!(found.is_nan());
                } else {
                    assert_eq!(found, quantile_by_definition(&values, probability), "window {window}, {probability}");
                }
            }
            for &day in own {
                let value = series[day as usize];
                assert_eq!(ranks.below[day as usize] as usize, values.iter().filter(|&&other| other < value).count());
                assert_eq!(ranks.tied[day as usize], equal(Some(&value)), "window {window}, day {day}");
            }
        }
    }
}

#[test]
fn order_statistics_of_five_days() {
    // Windows of three days over 4, 1, missing, 1, 2.
    let groups: Vec<(Vec<u32>, Vec<u32>)> = [vec![0, 1], vec![0, 1, 2], vec![1, 2, 3], vec![2, 3, 4], vec![3, 4]]
        .into_iter()
        .enumerate()
        .map(|(day, pool)| (pool, vec![day as u32]))
        .collect();
    let windows = windows_of(5, &groups);
    let mut sorted = Sorted::new();
    sorted.sort(&[4.0_f32, 1.0, f32::NAN, 1.0, 2.0]);
    let (mut scratch, mut ranks, mut medians) = (WindowScratch::default(), Ranks::default(), [0.0; 5]);
    windows.quantiles(&sorted, &[0.5], &mut medians, &mut scratch);
    windows.ranks(&sorted, &mut ranks, &mut scratch);
    assert_eq!(medians, [2.5, 2.5, 1.0, 1.5, 1.5]);
    assert_eq!(ranks.below, [1, 0, 0, 0, 1]);
    assert_eq!(ranks.tied, [1, 1, 0, 1, 1]);
    assert_eq!(ranks.members, [2, 2, 2, 2, 2]);
    assert_eq!(ranks.lowest, [1, 1, 2, 1, 1]);
    assert_eq!(ranks.highest, [1, 1, 2, 1, 1]);
}

#[test]
fn windows_without_values_have_no_quantiles() {
    let groups = [(vec![], vec![]), (vec![0, 1], vec![0]), (vec![2], vec![1, 2])];
    check(&[f64::NAN, f64::NAN, 3.0], &groups);
    check(&[f64::NAN; 3], &groups);
    check(&[7.0; 3], &groups);
}

#[test]
#[should_panic(expected = "windows hold days of their series")]
fn days_behind_the_series_are_refused() {
    Windows::new(2, [([0, 2].as_slice(), [].as_slice())]);
}

proptest! {
    #[test]
    fn windows_are_as_if_sorted(
        values in prop::collection::vec(prop_oneof![6 => -50.0_f64..50.0, 1 => Just(f64::NAN), 2 => Just(0.0)], 60..400),
        half in 0_u32..12,
        step in prop_oneof![Just(0.001), Just(5.0)],
    ) {
        let values: Vec<f64> = values.iter().map(|value| (value / step).round() * step).collect();
        check(&values, &circular(values.len() as u32, 40, half));
    }
}
