use proptest::prelude::*;

use super::*;

fn choices(pairs: &[(f64, f64)]) -> Vec<Choice> {
    pairs.iter().map(|(cost, value)| Choice { cost: *cost, value: *value }).collect()
}

/// Best value of all combinations whatever.
fn brute_force(options: &[Vec<Choice>], left: f64) -> f64 {
    let Some((first, others)) = options.split_first() else { return 0.0 };
    let affordable = first.iter().filter(|choice| choice.cost <= left);
    affordable
        .map(|choice| choice.value + brute_force(others, left - choice.cost))
        .fold(brute_force(others, left), f64::max)
}

fn costs(options: &[Vec<Choice>], selection: &Selection) -> f64 {
    options
        .iter()
        .zip(&selection.chosen)
        .filter_map(|(options, chosen)| chosen.map(|option| options[option].cost))
        .sum()
}

#[test]
fn two_houses_and_a_budget() {
    let options = [choices(&[(10.0, 60.0), (20.0, 100.0)]), choices(&[(30.0, 120.0)])];
    // Per cost 6, then 4 and 4 for the other house: 10, 10 and no 30 within 40; the bound is 60 + 40 + 4 · 20.
    let found = greedy(&options, 40.0).unwrap();
    assert_eq!((found.upper_bound * 1e6).round() / 1e6, 180.0);
    // Taking the 30 first leaves 10: 180, which is the optimum.
    assert_eq!((found.chosen, found.cost, found.value), (vec![Some(0), Some(0)], 40.0, 180.0));
    let all = greedy(&options, 1e6).unwrap();
    assert_eq!((all.chosen, all.value), (vec![Some(1), Some(0)], 220.0));
    assert_eq!(greedy(&options, 5.0).unwrap().chosen, [None, None]);
}

#[test]
fn a_trap_for_value_per_cost() {
    // The tiny option is best per cost and leaves too little for the large one.
    let options = [choices(&[(1.0, 2.0)]), choices(&[(100.0, 150.0)])];
    let found = greedy(&options, 100.0).unwrap();
    assert_eq!((found.chosen, found.value), (vec![None, Some(0)], 150.0));
}

#[test]
fn exact_finds_what_greedy_misses() {
    // Best per cost 3 · 2.1 = 6.3 of 5; two of 2.5 bring 10.
    let options = [choices(&[(3.0, 6.3)]), choices(&[(2.5, 5.0)]), choices(&[(2.5, 5.0)])];
    assert_eq!(greedy(&options, 5.0).unwrap().value, 6.3);
    let found = exact(&options, 5.0).unwrap();
    assert_eq!((found.chosen, found.cost, found.value), (vec![None, Some(0), Some(0)], 5.0, 10.0));
}

#[test]
fn what_is_free_is_taken_and_what_harms_never() {
    let options = [choices(&[(0.0, 1.0), (0.0, 3.0), (5.0, 2.0)]), choices(&[(0.0, -1.0), (1.0, 0.0)]), vec![]];
    for found in [greedy(&options, 0.0).unwrap(), exact(&options, 0.0).unwrap()] {
        assert_eq!((found.chosen, found.value, found.cost), (vec![Some(1), None, None], 3.0, 0.0));
    }
}

#[test]
fn equal_buildings_are_served_in_order() {
    let options = vec![choices(&[(10.0, 5.0)]); 4];
    assert_eq!(greedy(&options, 25.0).unwrap().chosen, [Some(0), Some(0), None, None]);
}

#[test]
fn cents_are_rounded_against_the_spender() {
    // 0.1 + 0.2 is 0.3 here; a third of a cent is a whole one.
    let options = [choices(&[(0.1, 1.0)]), choices(&[(0.2, 1.0)])];
    assert_eq!(exact(&options, 0.3).unwrap().value, 2.0);
    let thirds = [choices(&[(0.003_3, 1.0)]), choices(&[(0.003_3, 1.0)])];
    assert_eq!(exact(&thirds, 0.01).unwrap().value, 1.0);
}

#[test]
fn bad_numbers_are_refused() {
    let options = [choices(&[(1.0, 1.0)]), choices(&[(1.0, 1.0), (f64::NAN, 1.0)])];
    let error = greedy(&options, 1.0).unwrap_err();
    assert_eq!(error.to_string(), "cost of option 1 of building 1 is NaN; expected 0 to 1e13");
    assert!(greedy(&[choices(&[(1.0, f64::INFINITY)])], 1.0).is_err());
    assert!(greedy(&[], f64::NAN).is_err() && greedy(&[], -1.0).is_err());
    assert_eq!(greedy(&[], 1.0).unwrap().chosen, []);
    assert_eq!(exact(&[], 1.0).unwrap().value, 0.0);
}

#[test]
fn large_cases_are_refused_by_exact_alone() {
    let many = vec![choices(&[(1.0, 1.0)]); MOST_OPTIONS + 1];
    assert!(matches!(exact(&many, 10.0), Err(BudgetError::TooManyOptions { .. })));
    assert_eq!(greedy(&many, 10.0).unwrap().value, 10.0);
}

#[test]
fn a_hundred_buildings_of_five_options() {
    let options: Vec<Vec<Choice>> = (0..100_u32)
        .map(|building| {
            let size = f64::from(1 + building * 37 % 23);
            let option = |level: u32| Choice {
                cost: f64::from(level) * size * 1000.0 + f64::from(building * level * 7919 % 997),
                value: size * f64::from(level).sqrt() * f64::from(900 + building * 31 % 200),
            };
            (1..=5).map(option).collect()
        })
        .collect();
    let (found, best) = (greedy(&options, 800_000.0).unwrap(), exact(&options, 800_000.0).unwrap());
    assert!(found.value <= best.value && best.value <= found.upper_bound);
    assert!(found.value > 0.995 * found.upper_bound, "{} {}", found.value, found.upper_bound);
}

proptest! {
    #[test]
    fn exact_is_brute_force_and_greedy_at_least_half(
        pairs in proptest::collection::vec(proptest::collection::vec((0_u32..40, -5_i32..60), 0..4), 0..7), budget in 0_u32..120,
    ) {
        let number = |(cost, value): &(u32, i32)| (f64::from(*cost), f64::from(*value));
        let options: Vec<_> = pairs.iter().map(|all| choices(&all.iter().map(number).collect::<Vec<_>>())).collect();
        let budget = f64::from(budget);
        let (fast, best) = (greedy(&options, budget).unwrap(), exact(&options, budget).unwrap());
        let optimum = brute_force(&options, budget);
        prop_assert_eq!(best.value, optimum);
        prop_assert!(fast.value <= optimum && 2.0 * fast.value >= optimum && fast.upper_bound >= optimum);
        for selection in [&fast, &best] {
            prop_assert!(selection.cost <= budget);
            prop_assert_eq!(selection.cost, costs(&options, selection));
        }
    }

    #[test]
    fn budgets_hold_and_bounds_too_for_any_numbers(
        pairs in proptest::collection::vec(proptest::collection::vec((0.0_f64..5e4, 0.0_f64..1e4), 1..5), 1..12),
        budget in 0.0_f64..2e5,
    ) {
        let options: Vec<_> = pairs.iter().map(|all| choices(all)).collect();
        let (fast, best) = (greedy(&options, budget).unwrap(), exact(&options, budget).unwrap());
        prop_assert!(fast.value <= best.value && best.value <= fast.upper_bound);
        for selection in [&fast, &best] {
            prop_assert!(selection.cost <= budget && costs(&options, selection) <= selection.cost + 1e-3);
        }
    }
}
