//! The reference as it would be in the future: each of its values changed as the model changes its own value of that rank.

use core::f64::consts::PI;

use super::settings::{Change, Edge, Settings};

/// Ratios beyond these are not believed (Lange 2019, equation 5).
const SMALLEST_RATIO: f64 = 0.01;
const LARGEST_RATIO: f64 = 100.0;
/// From this ratio of reference to model on, a mixed change is a difference (equation 7).
const ADDITIVE_FROM: f64 = 9.0;

/// Fills `pseudo` with the changed values of ascending `reference`, in its order.
///
/// Probability of a value is its place among its own ([`place_of_last`]); quantiles are linear between
/// values (type 7 of Hyndman and Fan, 1996).
pub(super) fn pseudo_future(settings: &Settings, [reference, historical, future]: [&[f64]; 3], pseudo: &mut Vec<f64>) {
    pseudo.clear();
    if historical.is_empty() || future.is_empty() {
        pseudo.extend_from_slice(reference);
        return;
    }
    let n = reference.len();
    pseudo.resize(n, 0.0);
    let places = [Places::new(n, historical.len()), Places::new(n, future.len())];
    let mut last = 0;
    for index in (0..n).rev() {
        let observed = reference[index];
        if index + 1 == n || reference[index + 1] != observed {
            last = place_of_last(reference, index);
        }
        let before = places[0].value(historical, last);
        let after = places[1].value(future, last);
        pseudo[index] = changed(settings, observed, before, after);
    }
}

/// Rank that counts for all values that equal the last of them.
///
/// ISIMIP3BASD looks a value up among the quantiles of the probabilities k/(n − 1). In 64 bits that of the last of alike values may
/// round to above them; then the one before it is found.
pub(super) fn place_of_last(sorted: &[f64], last: usize) -> usize {
    let value = sorted[last];
    let is_single = last == 0 || sorted[last - 1] != value;
    let Some(next) = sorted.get(last + 1).filter(|_| !is_single) else { return last };
    let steps = (sorted.len() - 1) as f64;
    let place = last as f64 * (1.0 / steps) * steps;
    let quantile = value + (next - value) * (place - last as f64);
    if quantile > value { last - 1 } else { last }
}

/// Where the ranks of one sample lie in another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    from: f64,
    to: f64,
}

impl Places {
    /// Places of a sample of `from` values in one of `to` > 0.
    pub fn new(from: usize, to: usize) -> Places {
        Places { from: from as f64 - 1.0, to: to as f64 - 1.0 }
    }

    /// The value of ascending `sorted` at the place of the value `rank` of the other sample; a single value is in the middle.
    #[inline(always)]
    pub fn value(self, sorted: &[f64], rank: usize) -> f64 {
        let place = if self.from > 0.0 { rank as f64 * self.to / self.from } else { 0.5 * self.to };
        value_at(sorted, place)
    }
}

/// The value at a place from 0 to the last index, linear between neighbours.
#[inline(always)]
pub(super) fn value_at(sorted: &[f64], place: f64) -> f64 {
    let below = (place as usize).min(sorted.len() - 1);
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

#[inline(always)]
fn changed(settings: &Settings, observed: f64, before: f64, after: f64) -> f64 {
    match settings.change {
        Change::Additive => observed + (after - before),
        Change::Multiplicative => observed * ratio(before, after),
        Change::Mixed => {
            let share = share_of_ratio(observed, before);
            share * observed * ratio(before, after) + (1.0 - share) * (observed + (after - before))
        }
        Change::Bounded => match (settings.lower, settings.upper) {
            (Some(Edge { bound: lower, .. }), Some(Edge { bound: upper, .. })) => {
                bounded(observed, before, after, lower, upper)
            }
            _ => observed + (after - before),
        },
    }
}

#[inline(always)]
fn ratio(before: f64, after: f64) -> f64 {
    if before == 0.0 { 1.0 } else { (after / before).clamp(SMALLEST_RATIO, LARGEST_RATIO) }
}

/// How much of a mixed change is a ratio (Lange 2019, equation 7).
#[inline(always)]
fn share_of_ratio(observed: f64, before: f64) -> f64 {
    if before >= observed {
        1.0
    } else if observed < ADDITIVE_FROM * before {
        0.5 * (1.0 + libm::cos((observed / before - 1.0) * (PI / 8.0)))
    } else {
        0.0
    }
}

/// Change of a value between two bounds (Lange 2021, ISIMIP3BASD 2.3: equation 8 of Lange 2019, where the change leads
/// away from the bias, is an addition).
#[inline(always)]
fn bounded(observed: f64, before: f64, after: f64, lower: f64, upper: f64) -> f64 {
    let alike = (before - observed).abs() <= 1e-8 + 1e-5 * observed.abs();
    let changed = if (before < observed && after < before) || (before > observed && after > before) {
        observed + after - before
    } else if alike {
        after
    } else if before < observed {
        upper - (upper - observed) * (upper - after) / (upper - before)
    } else {
        lower + (observed - lower) * (after - lower) / (before - lower)
    };
    changed.clamp(lower, upper)
}
