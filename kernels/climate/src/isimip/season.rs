//! Values relative to the largest of the season, for radiation, whose upper bound moves with the sun.
//!
//! Lange (2019), section 2.3, step 1: the bound of a day of the year is the running mean of the running maximum of the largest
//! value of that day in any year.

use super::pool::SeriesDays;

/// Change of the bound beyond which it is not believed.
const SMALLEST_CHANGE: f64 = 0.1;
const LARGEST_CHANGE: f64 = 10.0;

/// Fills `bounds` with the bound of each slot that has values; others are NaN.
pub(super) fn upper_bounds(window: u16, days: &SeriesDays, series: &[f64], bounds: &mut Vec<f64>) {
    let n_slots = days.starts.len() - 1;
    let largest = |slot: usize| {
        let of_days = days.of_slot(slot as u16).iter().map(|&day| series[day as usize]);
        of_days.filter(|value| !value.is_nan()).reduce(f64::max)
    };
    let (in_use, maxima): (Vec<usize>, Vec<f64>) =
        (0..n_slots).filter_map(|slot| largest(slot).map(|value| (slot, value))).unzip();
    let running = around(&maxima, window, |values| values.fold(f64::NEG_INFINITY, f64::max));
    let smooth = around(&running, window, |values| values.sum::<f64>() / f64::from(window));
    bounds.clear();
    bounds.resize(n_slots, f64::NAN);
    for (slot, bound) in in_use.into_iter().zip(smooth) {
        bounds[slot] = bound;
    }
}

/// A figure of the values around each value, on a circle.
fn around(values: &[f64], window: u16, figure: impl Fn(&mut dyn Iterator<Item = f64>) -> f64) -> Vec<f64> {
    let (n, half) = (values.len() as i64, i64::from(window / 2));
    let at =
        |centre: i64| figure(&mut (centre - half..=centre + half).map(|place| values[place.rem_euclid(n) as usize]));
    (0..n).map(at).collect()
}

/// Divides values by the bound of their slot; where that is 0 they stay.
pub(super) fn divide(days: &SeriesDays, bounds: &[f64], series: &mut [f64]) {
    for (value, &slot) in series.iter_mut().zip(&days.slot) {
        let bound = bounds[usize::from(slot)];
        if bound != 0.0 {
            *value /= bound;
        }
    }
}

/// The bounds of adjusted values: those of the reference with the change of the model's; of the future itself where a slot has
/// no other.
pub(super) fn adjusted_bounds([reference, historical, future]: [&[f64]; 3], bounds: &mut Vec<f64>) {
    bounds.clear();
    bounds.extend(reference.iter().zip(historical).zip(future).map(|((&reference, &historical), &future)| {
        let change = future / historical;
        if reference.is_nan() || historical.is_nan() {
            future
        } else if historical == 0.0 {
            reference
        } else {
            reference * change.clamp(SMALLEST_CHANGE, LARGEST_CHANGE)
        }
    }));
}
