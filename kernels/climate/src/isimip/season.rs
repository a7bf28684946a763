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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_means_of_maxima() {
        // Two years of five slots, one of them without values.
        let days = SeriesDays::new(vec![0, 1, 2, 4, 0, 1, 2, 4], 5, &[2001, 2001, 2001, 2001, 2002, 2002, 2002, 2002]);
        let mut series = [1.0, 2.0, 9.0, 0.0, 4.0, 3.0, f64::NAN, 0.0];
        let mut bounds = Vec::new();
        upper_bounds(3, &days, &series, &mut bounds);
        // Largest 4, 3, 9, 0; around them 4, 9, 9, 9; means of three 22/3, 22/3, 9, 22/3.
        let third = 22.0 / 3.0;
        assert!(bounds[3].is_nan());
        for (slot, expected) in [(0, third), (1, third), (2, 9.0), (4, third)] {
            assert!((bounds[slot] - expected).abs() < 1e-12, "{bounds:?}");
        }
        divide(&days, &bounds, &mut series);
        assert_eq!(series[2], 1.0);
        assert_eq!(series[3], 0.0);
    }

    #[test]
    fn bounds_change_as_those_of_the_model() {
        let mut found = Vec::new();
        let reference = [10.0, 10.0, 10.0, f64::NAN, 10.0, 0.0];
        let historical = [20.0, 1.0, 0.0, 20.0, f64::NAN, 5.0];
        let future = [25.0, 50.0, 3.0, 25.0, 25.0, 10.0];
        adjusted_bounds([&reference, &historical, &future], &mut found);
        assert_eq!(found, [12.5, 100.0, 10.0, 25.0, 25.0, 0.0]);
    }
}
