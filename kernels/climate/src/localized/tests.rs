use proptest::prelude::*;

use super::*;
use crate::calendar::Calendar;
use crate::days::Days;
use crate::draw;
use crate::grouping::{Grouping, Pool};
use crate::groups::Groups;

const ADDITIVE: Factors = Factors { kind: Kind::Additive, largest_ratio: f64::INFINITY };
const RATIO: Factors = Factors { kind: Kind::Multiplicative, largest_ratio: f64::INFINITY };

fn windows(days: &Days, pool: Pool) -> Groups {
    Groups::new(days, Grouping::DayOfYear { window: 31, pool })
}

/// Fine cells, a third of their values zero, and their mean.
fn cells(n_cells: u64, n_days: usize, stream: u64) -> (Vec<Vec<f64>>, Vec<f64>) {
    let value = |cell: u64, day: usize| {
        let shared = draw::normal(9, stream, day as u64);
        (4.0 * (shared + 0.6 * draw::normal(9, stream + 1 + cell, day as u64) + 0.4)).max(0.0)
    };
    let fine: Vec<Vec<f64>> = (0..n_cells).map(|cell| (0..n_days).map(|day| value(cell, day)).collect()).collect();
    let coarse = (0..n_days).map(|day| fine.iter().map(|cell| cell[day]).sum::<f64>() / n_cells as f64).collect();
    (fine, coarse)
}

struct Case {
    reference_days: Days,
    future_days: Days,
    pool: Pool,
}

impl Case {
    fn run<T: Sample>(&self, factors: &Factors, coarse: &[T], fine: &[T], adjusted: &[T]) -> Vec<T> {
        let mut scratch = Scratch::default();
        let ranked = Ranked::new(coarse, &windows(&self.reference_days, self.pool), &mut scratch);
        let analogues = ranked.analogues(adjusted, &windows(&self.future_days, self.pool), &mut scratch);
        let mut out = vec![T::default(); adjusted.len()];
        downscale(factors, References { coarse, fine }, &ranked, &analogues, adjusted, &mut out);
        out
    }
}

fn training_case(pool: Pool) -> Case {
    let days = Days::of_years(Calendar::ProlepticGregorian, 1981, 1984);
    Case { reference_days: days.clone(), future_days: days, pool }
}

/// The training series itself has itself as analogue: fine cells return, ties and all.
#[test]
fn training_days_return() {
    for pool in [Pool::Contiguous, Pool::Circular] {
        let case = training_case(pool);
        let (fine, coarse) = cells(5, case.reference_days.len(), 0);
        for (factors, cell) in [ADDITIVE, RATIO].iter().flat_map(|factors| fine.iter().map(move |cell| (factors, cell)))
        {
            let out = case.run(factors, &coarse, cell, &coarse);
            for (found, expected) in out.iter().zip(cell) {
                assert!((found - expected).abs() < 1e-12, "{factors:?}: {found} {expected}");
            }
        }
    }
}

/// The mean over the fine cells is the coarse value in any future of the same mean in the reference.
#[test]
fn coarse_values_return_as_means() {
    let case = Case {
        reference_days: Days::of_years(Calendar::NoLeap, 1981, 1985),
        future_days: Days::of_years(Calendar::NoLeap, 2041, 2043),
        pool: Pool::Circular,
    };
    let (fine, coarse) = cells(7, case.reference_days.len(), 0);
    let (_, adjusted) = cells(7, case.future_days.len(), 50);
    let adjusted: Vec<f64> = adjusted.iter().map(|x| 1.3 * x).collect();
    for factors in [ADDITIVE, RATIO] {
        let results: Vec<Vec<f64>> = fine.iter().map(|cell| case.run(&factors, &coarse, cell, &adjusted)).collect();
        assert_ne!(results[0], results[1]);
        for (day, expected) in adjusted.iter().enumerate() {
            let mean = results.iter().map(|cell| cell[day]).sum::<f64>() / 7.0;
            assert!((mean - expected).abs() < 1e-6, "{factors:?} {day}: {mean} {expected}");
        }
    }
}

/// As the definition says: sort each pool, take the day of the scaled rank.
fn naive(case: &Case, factors: &Factors, coarse: &[f64], fine: &[f64], adjusted: &[f64]) -> Vec<f64> {
    let sorted = |series: &[f64], pool: &[u32]| {
        let mut days: Vec<u32> = pool.iter().copied().filter(|&day| !series[day as usize].is_nan()).collect();
        days.sort_by(|&a, &b| series[a as usize].total_cmp(&series[b as usize]));
        days
    };
    let (reference, future) = (windows(&case.reference_days, case.pool), windows(&case.future_days, case.pool));
    let mut out = vec![f64::NAN; adjusted.len()];
    for group in 0..reference.len() {
        let (from, to) = (sorted(adjusted, future.pool(group)), sorted(coarse, reference.pool(group)));
        for (rank, &day) in from.iter().enumerate().filter(|(_, day)| future.own(group).contains(day)) {
            let place = rank as f64 * (to.len() - 1) as f64 / (from.len() - 1) as f64;
            let analogue = to[(place + 0.5).floor() as usize] as usize;
            let correction = factors.correction(coarse[analogue], fine[analogue]).unwrap();
            out[day as usize] = factors.kind.apply(adjusted[day as usize], correction);
        }
    }
    out
}

#[test]
fn results_are_those_of_sorting() {
    for pool in [Pool::Contiguous, Pool::Circular] {
        let case = Case {
            reference_days: Days::of_years(Calendar::ProlepticGregorian, 1981, 1984),
            future_days: Days::of_years(Calendar::ProlepticGregorian, 2041, 2042),
            pool,
        };
        let (fine, mut coarse) = cells(3, case.reference_days.len(), 0);
        let (_, mut adjusted) = cells(3, case.future_days.len(), 70);
        (10..40).for_each(|day| coarse[day] = f64::NAN);
        (300..340).for_each(|day| adjusted[day] = f64::NAN);
        for factors in [ADDITIVE, RATIO, Factors { largest_ratio: 1.5, ..RATIO }] {
            let out = case.run(&factors, &coarse, &fine[0], &adjusted);
            let expected = naive(&case, &factors, &coarse, &fine[0], &adjusted);
            let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&out), bits(&expected));
        }
    }
}

/// Gaps of a fine reference are bridged by the nearest rank; a cell without a value stays without.
#[test]
fn gaps_of_the_fine_reference_are_bridged() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
    let case = Case { reference_days: days.clone(), future_days: days, pool: Pool::Circular };
    let coarse: Vec<f64> = (0..365).map(f64::from).collect();
    let mut fine: Vec<f64> = (0..365).map(|day| f64::from(day) * 2.0).collect();
    (100..103).for_each(|day| fine[day] = f64::NAN);
    let out = case.run(&ADDITIVE, &coarse, &fine, &coarse);
    assert_eq!(out[98..105], [196.0, 198.0, 199.0, 200.0, 205.0, 206.0, 208.0]);
    assert!(case.run(&ADDITIVE, &coarse, &[f64::NAN; 365], &coarse).iter().all(|x| x.is_nan()));
    assert!(case.run(&ADDITIVE, &[f64::NAN; 365], &fine, &coarse).iter().all(|x| x.is_nan()));
    assert!(case.run(&RATIO, &coarse, &fine, &[f64::NAN; 365]).iter().all(|x| x.is_nan()));
}

#[test]
fn ratios_are_cut_off_and_zeros_pass() {
    let factors = Factors { largest_ratio: 3.0, ..RATIO };
    assert_eq!(factors.correction(0.5, 4.0), Some(3.0));
    assert_eq!(factors.correction(0.5, 1.0), Some(2.0));
    assert_eq!(factors.correction(0.0, 4.0), Some(1.0));
    assert_eq!(factors.correction(0.0, 0.0), Some(1.0));
    assert_eq!(factors.correction(1.0, f64::NAN), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]
    #[test]
    fn results_are_missing_where_the_future_is_and_never_infinite(
        adjusted in prop::collection::vec(
            prop_oneof![0.0_f32..50.0, Just(0.0), Just(f32::NAN), Just(f32::INFINITY), Just(f32::MAX)], 365),
        scale in prop_oneof![Just(0.0_f32), Just(1e-38), Just(1.0), Just(1e30)],
    ) {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
        let case = Case { reference_days: days.clone(), future_days: days, pool: Pool::Contiguous };
        let fine: Vec<f32> = (0..365).map(|day| (day * 7 % 31) as f32).collect();
        let coarse: Vec<f32> = (0..365).map(|day| scale * (day * 5 % 29) as f32).collect();
        for factors in [ADDITIVE, RATIO] {
            let out = case.run(&factors, &coarse, &fine, &adjusted);
            for (found, given) in out.iter().zip(&adjusted) {
                prop_assert!(!found.is_infinite());
                prop_assert!(found.is_nan() != given.is_finite() || (*given > 1e37 || scale == 1e-38));
            }
        }
    }
}
