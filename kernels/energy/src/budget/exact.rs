//! The best selection of all, for cases small enough.

use super::hull::{Step, rounded_up, steps};
use super::{BudgetError, Choice, Priced, Selection, hundredths, price, select, value_of};

/// Options of all buildings together that [`exact`] takes.
pub const MOST_OPTIONS: usize = 10_000;
/// Combinations that [`exact`] keeps, 24 bytes each.
pub const MOST_STATES: usize = 2_000_000;

/// A combination for the buildings so far.
#[derive(Debug, Clone, Copy)]
struct State {
    cost: u64,
    value: f64,
    /// Combination of the buildings before, and the option of this one + 1 (0 for none).
    parent: u32,
    option: u32,
}

/// What the steps of the buildings still to come bring at most.
struct Rest {
    /// Cost and gain of the first k steps.
    sums: Vec<(u64, f64)>,
    slopes: Vec<f64>,
}

/// Selects the best of all combinations; costs are hundredths, so that it is exact for those.
///
/// Building by building, combinations are kept that are worth more than all cheaper ones and that could still beat [`greedy`]
/// by the bound of what is to come (dynamic programming with dominance, Nemhauser & Ullmann, Management Science 15(9), 494-505,
/// 1969). Their number may grow without bound, so that large cases are refused.
///
/// # Errors
/// A number out of its range, more than [`MOST_OPTIONS`] or [`MOST_STATES`].
///
/// [`greedy`]: super::greedy
pub fn exact(options: &[Vec<Choice>], budget: f64) -> Result<Selection, BudgetError> {
    let budget = hundredths(budget)?;
    let n_options = options.iter().map(Vec::len).sum();
    if n_options > MOST_OPTIONS {
        return Err(BudgetError::TooManyOptions { n_options });
    }
    let priced = price(options)?;
    let steps = steps(&priced);
    let least = select(&priced, &steps, budget);
    let stages = stages(&priced, &steps, budget, least.value)?;
    let chosen = trace(&stages);
    let value = value_of(&priced, &chosen);
    if value <= least.value {
        return Ok(Selection { upper_bound: least.value, ..least });
    }
    let cost = stages.last().and_then(|stage| stage.last()).map_or(0, |state| state.cost);
    Ok(Selection { chosen, cost: cost as f64 / 100.0, value, upper_bound: value })
}

/// Combinations after each building, by rising cost and value.
fn stages(priced: &[Vec<Priced>], steps: &[Step], budget: u64, least: f64) -> Result<Vec<Vec<State>>, BudgetError> {
    let mut stages: Vec<Vec<State>> = Vec::with_capacity(priced.len());
    let (mut before, mut n_states) = (vec![State { cost: 0, value: 0.0, parent: 0, option: 0 }], 0);
    for (building, options) in priced.iter().enumerate() {
        if before.len().saturating_mul(options.len() + 1) > 8 * MOST_STATES {
            return Err(BudgetError::TooManyStates { building });
        }
        let rest = Rest::new(steps, building + 1);
        let may_win =
            |state: &State| state.cost <= budget && rounded_up(state.value + rest.bound(budget - state.cost)) >= least;
        let now = undominated(combine(&before, options), may_win);
        n_states += now.len();
        if n_states > MOST_STATES {
            return Err(BudgetError::TooManyStates { building });
        }
        before.clone_from(&now);
        stages.push(now);
    }
    Ok(stages)
}

fn combine(before: &[State], options: &[Priced]) -> Vec<State> {
    let mut all = Vec::with_capacity(before.len() * (options.len() + 1));
    for (parent, state) in before.iter().enumerate() {
        let parent = parent as u32;
        all.push(State { parent, option: 0, ..*state });
        for (option, priced) in options.iter().enumerate() {
            if priced.value > 0.0 {
                let (cost, value) = (state.cost + priced.cost, state.value + priced.value);
                all.push(State { cost, value, parent, option: option as u32 + 1 });
            }
        }
    }
    all
}

/// Those worth more than all cheaper ones; of equals the first.
fn undominated(mut all: Vec<State>, may_win: impl Fn(&State) -> bool) -> Vec<State> {
    all.sort_by(|a, b| a.cost.cmp(&b.cost).then(b.value.total_cmp(&a.value)));
    let mut most = f64::NEG_INFINITY;
    all.retain(|state| {
        let is_better = state.value > most && may_win(state);
        if is_better {
            most = state.value;
        }
        is_better
    });
    all
}

fn trace(stages: &[Vec<State>]) -> Vec<Option<usize>> {
    let mut chosen = vec![None; stages.len()];
    // The dearest combination left is worth most.
    let mut at = stages.last().map_or(0, |stage| stage.len().saturating_sub(1));
    for (building, stage) in stages.iter().enumerate().rev() {
        let Some(state) = stage.get(at) else { return vec![None; stages.len()] };
        chosen[building] = (state.option > 0).then(|| state.option as usize - 1);
        at = state.parent as usize;
    }
    chosen
}

impl Rest {
    fn new(steps: &[Step], first_building: usize) -> Rest {
        let (mut sums, mut slopes, mut sum) = (vec![(0, 0.0)], Vec::new(), (0, 0.0));
        for step in steps.iter().filter(|step| step.building >= first_building) {
            sum = (sum.0 + step.cost, sum.1 + step.gain);
            sums.push(sum);
            slopes.push(step.slope);
        }
        Rest { sums, slopes }
    }

    fn bound(&self, left: u64) -> f64 {
        let whole = self.sums.partition_point(|sum| sum.0 <= left) - 1;
        let (cost, gain) = self.sums[whole];
        gain + self.slopes.get(whole).map_or(0.0, |slope| slope * (left - cost) as f64)
    }
}
