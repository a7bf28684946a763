//! Steps of falling value per cost, and how much they can bring at most.

use super::Priced;

/// From one option of a building to the next dearer one that is worth it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub building: usize,
    /// The option that it leads to.
    pub option: usize,
    /// What it costs more (hundredths).
    pub cost: u64,
    /// What it brings more.
    pub gain: f64,
    /// Gain per cost; infinite for what costs nothing.
    pub slope: f64,
}

/// Steps of all buildings, the best first, equal ones by building.
pub(super) fn steps(priced: &[Vec<Priced>]) -> Vec<Step> {
    let mut steps: Vec<Step> =
        priced.iter().enumerate().flat_map(|(building, options)| of_building(building, options)).collect();
    // Stable, and those of one building fall strictly: they stay in order.
    steps.sort_by(|a, b| b.slope.total_cmp(&a.slope));
    steps
}

/// What `steps` bring at most for `budget` if one may be taken in part.
pub(super) fn bound(steps: &[Step], budget: u64) -> f64 {
    let (mut left, mut sum) = (budget, 0.0);
    for step in steps {
        if step.cost > left {
            sum += step.slope * left as f64;
            break;
        }
        left -= step.cost;
        sum += step.gain;
    }
    rounded_up(sum)
}

/// A bound that no rounding of sums makes too low.
pub(super) fn rounded_up(bound: f64) -> f64 {
    bound * (1.0 + 1e-12)
}

fn of_building(building: usize, options: &[Priced]) -> Vec<Step> {
    let mut order: Vec<usize> = (0..options.len()).filter(|option| options[*option].value > 0.0).collect();
    order.sort_by(|a, b| {
        let (a, b) = (options[*a], options[*b]);
        a.cost.cmp(&b.cost).then(b.value.total_cmp(&a.value))
    });
    let mut hull: Vec<Step> = Vec::new();
    let mut top = 0.0;
    for option in order {
        let Priced { cost, value } = options[option];
        if value <= top {
            continue;
        }
        top = value;
        // Steps that bring less per cost than going past them are left out.
        loop {
            let (from_cost, from_value) = hull.last().map_or((0, 0.0), |last| {
                let Priced { cost, value } = options[last.option];
                (cost, value)
            });
            let (cost, gain) = (cost - from_cost, value - from_value);
            let slope = if cost == 0 { f64::INFINITY } else { gain / cost as f64 };
            if hull.last().is_some_and(|last| last.slope <= slope) {
                hull.pop();
            } else {
                hull.push(Step { building, option, cost, gain, slope });
                break;
            }
        }
    }
    hull
}
