use super::*;
use crate::calendar::Calendar;
use crate::draw;
use crate::grouping::Pool;

const SEED: u64 = 5;

fn settings(grouping: Grouping) -> Settings {
    Settings { n_iterations: 20, n_nodes: 20, interpolation: Interpolation::Linear, grouping, step_days: 1, seed: SEED }
}

fn windows(pool: Pool) -> Grouping {
    Grouping::DayOfYear { window: 31, pool }
}

/// Warm and wet go together as `coupling` says; a third of the days are dry.
fn weather(days: &Days, stream: u64, coupling: f64, spread: f64) -> [Vec<f64>; 2] {
    let draw = |which: u64, day: usize| draw::normal(SEED, stream + which, day as u64);
    let tas = |day: usize| {
        let season = libm::cos(f64::from(days.day_of_year()[day]) / 58.0);
        285.0 + spread * draw(0, day) - 8.0 * season
    };
    let pr = |day: usize| {
        let both = coupling * draw(0, day) + (1.0 - coupling * coupling).sqrt() * draw(1, day);
        (4.0 * spread * (both + 0.4)).max(0.0)
    };
    [(0..days.len()).map(tas).collect(), (0..days.len()).map(pr).collect()]
}

fn slices<T>(series: &[Vec<T>]) -> Vec<&[T]> {
    series.iter().map(Vec::as_slice).collect()
}

fn adjusted<T: Sample>(
    plan: &Plan,
    days: &Days,
    series: [&[Vec<T>]; 3],
    univariate: &[Vec<T>],
    scratch: &mut Scratch<T>,
) -> Vec<Vec<T>> {
    let [reference, historical, future] = series;
    let mut training = Training::default();
    plan.train(&slices(reference), &slices(historical), &mut training, scratch);
    let mut out = univariate.to_vec();
    let mut views: Vec<&mut [T]> = out.iter_mut().map(Vec::as_mut_slice).collect();
    plan.adjust(&training, &plan.groups(days), &slices(future), &mut views, scratch);
    out
}

/// Quantile mapping of the whole series by ranks: each variable gets the very distribution of the reference.
fn by_ranks(reference: &[f64], values: &[f64]) -> Vec<f64> {
    let mut sorted = reference.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut out = vec![0.0; values.len()];
    order.iter().zip(&sorted).for_each(|(&day, &value)| out[day] = value);
    out
}

fn standardised(series: &[Vec<f64>], by: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let one = |(values, by): (&Vec<f64>, &Vec<f64>)| {
        let mean = by.iter().sum::<f64>() / by.len() as f64;
        let deviation = (by.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / by.len() as f64).sqrt();
        values.iter().map(|x| (x - mean) / deviation).collect()
    };
    series.iter().zip(by).map(one).collect()
}

/// With the training period as its future, MBCn brings the points nearer to those of the reference than each variable's
/// own adjustment, whose coupling is the model's: here of the wrong sign.
#[test]
fn points_come_nearer_to_the_reference() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2008);
    let reference = weather(&days, 0, 0.7, 3.0);
    let historical = weather(&days, 10, -0.5, 4.0);
    for grouping in [Grouping::All, Grouping::Month, windows(Pool::Circular)] {
        let univariate = [0, 1].map(|v| by_ranks(&reference[v], &historical[v]));
        let plan = Plan::new(settings(grouping), 2, &days, &days).unwrap();
        let series = [&reference[..], &historical, &historical];
        let out = adjusted(&plan, &days, series, &univariate, &mut Scratch::default());
        let target = standardised(&reference, &reference);
        let distance =
            |series: &[Vec<f64>]| energy_distance(&slices(&target), &slices(&standardised(series, &reference)));
        let (before, after) = (distance(&univariate), distance(&out));
        assert!(before > 0.02 && after < 0.2 * before, "{grouping:?}: {before} {after}");
    }
}

/// Each group of days has the very values that each variable's own adjustment gave it.
#[test]
fn values_are_those_of_each_variable() {
    let days = Days::of_years(Calendar::ProlepticGregorian, 2001, 2004);
    let narrow = |series: [Vec<f64>; 2]| series.map(|values| values.iter().map(|&x| x as f32).collect::<Vec<_>>());
    let [reference, historical, future] =
        [(0, 0.7, 3.0), (10, -0.5, 4.0), (20, -0.5, 5.0)].map(|(s, c, d)| narrow(weather(&days, s, c, d)));
    for grouping in [Grouping::All, Grouping::Month, windows(Pool::Circular), windows(Pool::Contiguous)] {
        let plan = Plan::new(settings(grouping), 2, &days, &days).unwrap();
        let out = adjusted(&plan, &days, [&reference, &historical, &future], &future, &mut Scratch::default());
        assert_ne!(out, future);
        let groups = plan.groups(&days);
        for group in 0..groups.len() {
            for (found, given) in out.iter().zip(&future) {
                let bits = |series: &[f32]| {
                    let mut bits: Vec<u32> =
                        groups.own(group).iter().map(|&day| series[day as usize].to_bits()).collect();
                    bits.sort_unstable();
                    bits
                };
                assert_eq!(bits(found), bits(given));
            }
        }
    }
}

/// A model that is the reference needs no new order.
#[test]
fn a_perfect_model_keeps_its_order() {
    let days = Days::of_years(Calendar::Day360, 2001, 2003);
    let series = weather(&days, 0, 0.7, 3.0).map(|values| values.iter().map(|x| x + 0.0).collect::<Vec<f64>>());
    let plan = Plan::new(settings(Grouping::Month), 2, &days, &days).unwrap();
    let out = adjusted(&plan, &days, [&series, &series, &series], &series, &mut Scratch::default());
    for day in 0..days.len() {
        assert!((out[0][day] - series[0][day]).abs() < 1e-4, "{day}");
        assert_eq!(out[1][day] > 0.0, series[1][day] > 0.0, "{day}");
    }
}

#[test]
fn one_variable_stays_as_its_own_adjustment_made_it() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2002);
    let [tas, pr] = weather(&days, 0, 0.5, 3.0);
    let plan = Plan::new(settings(Grouping::All), 1, &days, &days).unwrap();
    let (tas, pr) = ([tas], [pr]);
    assert_eq!(adjusted(&plan, &days, [&tas, &pr, &pr], &tas, &mut Scratch::default()), tas);
}

#[test]
fn days_with_gaps_keep_their_values() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2003);
    let [mut reference, historical, mut future] =
        [(0, 0.7, 3.0), (10, -0.5, 4.0), (20, -0.5, 5.0)].map(|(s, c, d)| weather(&days, s, c, d));
    (0..400).for_each(|day| reference[1][day] = f64::NAN);
    (100..130).for_each(|day| future[0][day] = f64::NAN);
    let mut univariate = future.clone();
    (200..210).for_each(|day| univariate[1][day] = f64::NAN);
    let plan = Plan::new(settings(windows(Pool::Circular)), 2, &days, &days).unwrap();
    let series = [&reference[..], &historical, &future];
    let out = adjusted(&plan, &days, series, &univariate, &mut Scratch::default());
    for day in 0..days.len() {
        assert_eq!(out[0][day].is_nan(), univariate[0][day].is_nan());
        assert_eq!(out[1][day].is_nan(), univariate[1][day].is_nan());
    }
    assert_eq!(out[1][100..130], univariate[1][100..130]);
    assert!(out[1][300..].iter().zip(&univariate[1][300..]).any(|(a, b)| a != b));
    let empty = [vec![f64::NAN; days.len()], vec![f64::NAN; days.len()]];
    assert_eq!(
        adjusted(&plan, &days, [&empty, &historical, &future], &historical, &mut Scratch::default()),
        historical
    );
}

/// What cells were computed before in the same memory makes no difference.
#[test]
fn cells_do_not_depend_on_each_other() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2002);
    let cell = |stream: u64| [0.7, -0.5, -0.4].map(|coupling| weather(&days, stream, coupling, 3.0 + coupling));
    let plan = Plan::new(settings(windows(Pool::Contiguous)), 2, &days, &days).unwrap();
    let run =
        |[r, h, f]: &[[Vec<f64>; 2]; 3], scratch: &mut Scratch<f64>| adjusted(&plan, &days, [r, h, f], f, scratch);
    let (one, mut other) = (cell(1), cell(2));
    (3..500).step_by(7).for_each(|day| other[2][0][day] = f64::NAN);
    let alone = run(&one, &mut Scratch::default());
    let mut scratch = Scratch::default();
    run(&other, &mut scratch);
    assert_eq!(run(&one, &mut scratch), alone);
}

#[test]
fn extreme_values_do_no_harm() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2002);
    let [mut reference, mut historical, future] = [0, 10, 20].map(|stream| weather(&days, stream, 0.5, 3.0));
    (reference[0][4], reference[1][5], historical[1][7]) = (1e308, f64::INFINITY, -1e300);
    historical[0].fill(280.0);
    for grouping in [Grouping::All, windows(Pool::Circular)] {
        let plan = Plan::new(settings(grouping), 2, &days, &days).unwrap();
        let out = adjusted(&plan, &days, [&reference, &historical, &future], &future, &mut Scratch::default());
        assert!(out.iter().flatten().all(|x| x.is_finite()));
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
    let of = |settings, n_variables| Plan::new(settings, n_variables, &days, &days).map(|_| ());
    let good = settings(Grouping::All);
    assert_eq!(of(good, 0), Err(PlanError::Variables(0)));
    assert_eq!(of(good, 9), Err(PlanError::Variables(9)));
    assert_eq!(of(Settings { n_nodes: 0, ..good }, 2), Err(PlanError::Empty { n_iterations: 20, n_nodes: 0 }));
    let even = Grouping::DayOfYear { window: 30, pool: Pool::Circular };
    assert_eq!(of(settings(even), 2), Err(PlanError::Groups(GroupError::Window(30))));
    assert_eq!(of(Settings { n_iterations: 0, ..good }, 2), Err(PlanError::Empty { n_iterations: 0, n_nodes: 20 }));
}
