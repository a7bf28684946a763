//! Which package each building should get when a city has so much to spend.
//!
//! Each building takes one of its options or none; the sum of values is to be as large as the budget allows: a
//! multiple-choice knapsack. Source: Sinha & Zoltners, The multiple-choice knapsack problem, Operations Research 27(3), 503-515,
//! 1979; Kellerer, Pferschy & Pisinger, Knapsack Problems, Springer 2004, chapter 11.

mod exact;
mod hull;

use thiserror::Error;

pub use exact::{MOST_OPTIONS, MOST_STATES, exact};
use hull::{Step, steps};

/// Something that can be done to a building.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Cost to the budget, 0 to 1e13 of any currency; counted in hundredths, rounded up.
    pub cost: f64,
    /// What it brings, such as kg of CO2e saved; −1e15 to 1e15. What brings 0 or less is never taken.
    pub value: f64,
}

/// What to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Which of its options each building gets, if any.
    pub chosen: Vec<Option<usize>>,
    /// What that costs, never more than the budget.
    pub cost: f64,
    /// What that brings, summed building by building.
    pub value: f64,
    /// No selection brings more than this: the optimum if options could be taken in part.
    pub upper_bound: f64,
}

/// Why there is no selection.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum BudgetError {
    /// A budget that is none.
    #[error("budget is {value}; expected 0 to 1e13")]
    Budget {
        /// What it is.
        value: f64,
    },
    /// A cost or value out of its range, or not a number.
    #[error("{what} of option {option} of building {building} is {value}; expected {expected}")]
    Option {
        /// Which building.
        building: usize,
        /// Which of its options.
        option: usize,
        /// Cost or value.
        what: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// Too much for an exact solution.
    #[error("{n_options} options in all; an exact selection takes {MOST_OPTIONS} at most")]
    TooManyOptions {
        /// How many there are.
        n_options: usize,
    },
    /// Too many combinations that none of the others beats.
    #[error(
        "more than {MOST_STATES} combinations to compare at building {building}; an exact selection needs fewer buildings"
    )]
    TooManyStates {
        /// Where it was given up.
        building: usize,
    },
}

/// An option with its cost in hundredths: sums are exact, and a budget is never exceeded by rounding.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Priced {
    cost: u64,
    value: f64,
}

/// A selection in the making.
struct Draft {
    chosen: Vec<Option<usize>>,
    left: u64,
}

/// Selects by value per cost.
///
/// Options that a mix of cheaper and dearer ones beats are set aside, which leaves each building a few steps of falling value per
/// cost; steps of all buildings are taken from the best on, equal ones by building, as long as they fit. Where a step does not
/// fit, the building gets what of its options still brings most for what is left. The same is done with the single most
/// valuable option taken first, and the better of both is returned: at least half of the optimum, in practice within the value of
/// a single step, as `upper_bound` shows. O(n log n) for n options.
///
/// # Errors
/// A number out of its range.
pub fn greedy(options: &[Vec<Choice>], budget: f64) -> Result<Selection, BudgetError> {
    let budget = hundredths(budget)?;
    let priced = price(options)?;
    Ok(select(&priced, &steps(&priced), budget))
}

fn select(priced: &[Vec<Priced>], steps: &[Step], budget: u64) -> Selection {
    let plain = draft(priced, steps, budget, None);
    let mut best = finish(priced, &plain, budget);
    if let Some(dearest) = most_valuable(priced, budget) {
        let other = finish(priced, &draft(priced, steps, budget, Some(dearest)), budget);
        if other.value > best.value {
            best = other;
        }
    }
    best.upper_bound = hull::bound(steps, budget).max(best.value);
    best
}

/// Takes steps in order, with option `first` = (building, option) taken before all.
fn draft(priced: &[Vec<Priced>], steps: &[Step], budget: u64, first: Option<(usize, usize)>) -> Draft {
    let mut draft = Draft { chosen: vec![None; priced.len()], left: budget };
    let mut is_closed = vec![false; priced.len()];
    let mut too_dear = Vec::new();
    if let Some((building, option)) = first {
        draft.chosen[building] = Some(option);
        draft.left -= priced[building][option].cost;
        is_closed[building] = true;
    }
    for step in steps {
        if is_closed[step.building] {
            continue;
        }
        if step.cost <= draft.left {
            draft.left -= step.cost;
            draft.chosen[step.building] = Some(step.option);
        } else {
            is_closed[step.building] = true;
            too_dear.push(step.building);
        }
    }
    for building in too_dear {
        draft.improve(building, &priced[building]);
    }
    draft
}

impl Draft {
    /// Gives `building` what brings most of what is left.
    fn improve(&mut self, building: usize, options: &[Priced]) {
        let nothing = Priced { cost: 0, value: 0.0 };
        let now = self.chosen[building].map_or(nothing, |option| options[option]);
        let (mut best, mut choice) = (now, None);
        for (option, priced) in options.iter().enumerate() {
            if priced.value > best.value && priced.cost <= now.cost + self.left {
                (best, choice) = (*priced, Some(option));
            }
        }
        if choice.is_some() {
            self.left = self.left + now.cost - best.cost;
            self.chosen[building] = choice;
        }
    }
}

fn finish(priced: &[Vec<Priced>], draft: &Draft, budget: u64) -> Selection {
    let value = value_of(priced, &draft.chosen);
    Selection { chosen: draft.chosen.clone(), cost: (budget - draft.left) as f64 / 100.0, value, upper_bound: value }
}

fn value_of(priced: &[Vec<Priced>], chosen: &[Option<usize>]) -> f64 {
    priced.iter().zip(chosen).filter_map(|(options, chosen)| chosen.map(|option| options[option].value)).sum()
}

fn most_valuable(priced: &[Vec<Priced>], budget: u64) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    let mut value = 0.0;
    for (building, options) in priced.iter().enumerate() {
        for (option, priced) in options.iter().enumerate() {
            if priced.cost <= budget && priced.value > value {
                (best, value) = (Some((building, option)), priced.value);
            }
        }
    }
    best
}

fn hundredths(budget: f64) -> Result<u64, BudgetError> {
    const MOST: f64 = 1e13;
    if (0.0..=MOST).contains(&budget) {
        Ok((budget * 100.0 + NOISE).floor() as u64)
    } else {
        Err(BudgetError::Budget { value: budget })
    }
}

/// Hundredths of hundredths that come of writing decimals in binary; they are not rounded up.
const NOISE: f64 = 0.01;

fn price(options: &[Vec<Choice>]) -> Result<Vec<Vec<Priced>>, BudgetError> {
    let one = |building: usize, option: usize, choice: &Choice| {
        let refuse = |what, value, expected| BudgetError::Option { building, option, what, value, expected };
        if !(0.0..=1e13).contains(&choice.cost) {
            return Err(refuse("cost", choice.cost, "0 to 1e13"));
        }
        if !(-1e15..=1e15).contains(&choice.value) {
            return Err(refuse("value", choice.value, "-1e15 to 1e15"));
        }
        Ok(Priced { cost: (choice.cost * 100.0 - NOISE).ceil().max(0.0) as u64, value: choice.value })
    };
    let all = |(building, options): (usize, &Vec<Choice>)| {
        options.iter().enumerate().map(|(option, choice)| one(building, option, choice)).collect()
    };
    options.iter().enumerate().map(all).collect()
}

#[cfg(test)]
mod tests;
