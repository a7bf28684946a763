//! The reference as it would be in the future: each of its values changed as the model changes its own value of that rank.

use core::f64::consts::PI;

use super::settings::{Change, Settings};

/// Ratios beyond these are not believed (Lange 2019, equation 5).
const SMALLEST_RATIO: f64 = 0.01;
const LARGEST_RATIO: f64 = 100.0;
/// From this ratio of reference to model on, a mixed change is a difference (equation 7).
const ADDITIVE_FROM: f64 = 9.0;

/// Quantiles of the model at the ranks of the reference.
#[derive(Debug, Clone, Default)]
pub(super) struct Stretched {
    historical: Vec<f64>,
    future: Vec<f64>,
}

/// Fills `pseudo` with the changed values of ascending `reference`, in its order.
///
/// Probability of a value is its place among its own ([`place_of_last`]); quantiles are linear between
/// values (type 7 of Hyndman and Fan, 1996).
pub(super) fn pseudo_future(
    settings: &Settings,
    [reference, historical, future]: [&[f64]; 3],
    stretched: &mut Stretched,
    pseudo: &mut Vec<f64>,
) {
    pseudo.clear();
    pseudo.extend_from_slice(reference);
    if historical.is_empty() || future.is_empty() || reference.is_empty() {
        return;
    }
    let historical = stretch(historical, reference.len(), &mut stretched.historical);
    let future = stretch(future, reference.len(), &mut stretched.future);
    pulp::Arch::new().dispatch(Carry { settings, reference, historical, future, pseudo });
}

/// Quantiles of ascending values at the ranks of a sample of `n`.
fn stretch<'a>(sorted: &'a [f64], n: usize, stretched: &'a mut Vec<f64>) -> &'a [f64] {
    if sorted.len() == n {
        return sorted;
    }
    let places = Places::new(n, sorted.len());
    stretched.clear();
    stretched.extend((0..n).map(|rank| places.value(sorted, rank)));
    stretched
}

/// Changes of the values of a window, all lists of one length.
struct Carry<'a> {
    settings: &'a Settings,
    reference: &'a [f64],
    historical: &'a [f64],
    future: &'a [f64],
    pseudo: &'a mut [f64],
}

impl pulp::WithSimd for Carry<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        match self.settings.change {
            Change::Additive => self.each(|value, before, after| value + (after - before)),
            Change::Multiplicative => self.each(|value, before, after| value * ratio(before, after)),
            Change::Mixed => self.each(mixed),
            Change::Bounded => {
                let lower = self.settings.lower.map_or(f64::NEG_INFINITY, |edge| edge.bound);
                let upper = self.settings.upper.map_or(f64::INFINITY, |edge| edge.bound);
                self.each(|value, before, after| bounded(value, before, after, lower, upper));
            }
        }
    }
}

impl Carry<'_> {
    /// First every value with the quantiles of its own rank, in vectors; then those that are alike with that of the last.
    #[inline(always)]
    fn each(self, changed: impl Fn(f64, f64, f64) -> f64) {
        let n = self.reference.len();
        let (reference, historical, future) = (self.reference, &self.historical[..n], &self.future[..n]);
        let pseudo = &mut self.pseudo[..n];
        for index in 0..n {
            pseudo[index] = changed(reference[index], historical[index], future[index]);
        }
        for_alike(reference, |index, rank| {
            pseudo[index] = changed(reference[index], historical[rank], future[rank]);
        });
    }
}

/// Tells the rank that counts of ascending values ([`place_of_last`]), at least of all those whose own does not.
#[inline(always)]
fn for_alike(sorted: &[f64], mut found: impl FnMut(usize, usize)) {
    const BLOCK: usize = 32;
    let Some(end) = sorted.len().checked_sub(1) else { return };
    let step = 1.0 / end as f64;
    let mut place = end;
    for first in (0..end).step_by(BLOCK).rev() {
        let last = (first + BLOCK).min(end);
        let pairs = sorted[first..last].iter().zip(&sorted[first + 1..=last]);
        if pairs.fold(0, |n, (value, next)| n + u32::from(value == next)) == 0 {
            place = last_of(sorted, first, step);
            if place != first {
                found(first, place);
            }
            continue;
        }
        for index in (first..last).rev() {
            // No branches: where many values are alike they would be taken at random.
            let of_last = last_of(sorted, index, step);
            place = if sorted[index + 1] == sorted[index] { place } else { of_last };
            found(index, place);
        }
    }
}

/// Rank that counts for all values that equal the last of them.
///
/// ISIMIP3BASD looks a value up among the quantiles of the probabilities k/(n − 1). In 64 bits that of the last of alike values may
/// round to above them; then the one before it is found.
pub(super) fn place_of_last(sorted: &[f64], last: usize) -> usize {
    if last + 1 < sorted.len() { last_of(sorted, last, 1.0 / (sorted.len() - 1) as f64) } else { last }
}

/// The rank that counts for the value of an index before the end, the last of its like; `step` = 1/(n − 1).
#[inline(always)]
fn last_of(sorted: &[f64], index: usize, step: f64) -> usize {
    let place = index as f64 * step * (sorted.len() - 1) as f64;
    let value = sorted[index];
    let quantile = value + (sorted[index + 1] - value) * (place - index as f64);
    index - usize::from((quantile > value) & (sorted[index.saturating_sub(1)] == value) & (index > 0))
}

/// Where the ranks of one sample lie in another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    scale: f64,
    /// Place of rank 0.
    first: f64,
}

impl Places {
    /// Places of a sample of `from` values in one of `to` > 0; a single value lies in the middle.
    pub fn new(from: usize, to: usize) -> Places {
        let (from, to) = (from as f64 - 1.0, to as f64 - 1.0);
        if from > 0.0 { Places { scale: to / from, first: 0.0 } } else { Places { scale: 0.0, first: 0.5 * to } }
    }

    /// The value of ascending `sorted` at the place of the value `rank` of the other sample.
    #[inline(always)]
    pub fn value(self, sorted: &[f64], rank: usize) -> f64 {
        if self.scale == 1.0 { sorted[rank] } else { value_at(sorted, self.first + rank as f64 * self.scale) }
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
fn ratio(before: f64, after: f64) -> f64 {
    if before == 0.0 { 1.0 } else { (after / before).clamp(SMALLEST_RATIO, LARGEST_RATIO) }
}

/// A change that is partly a ratio, partly a difference (Lange 2019, equations 6 and 7).
#[inline(always)]
fn mixed(observed: f64, before: f64, after: f64) -> f64 {
    let off = observed / before;
    let between = 0.5 * (1.0 + conurb_numerics::sin_cos((off - 1.0) * (PI / 8.0)).1);
    let additive = if observed < ADDITIVE_FROM * before { between } else { 0.0 };
    let share = if before >= observed { 1.0 } else { additive };
    share * observed * ratio(before, after) + (1.0 - share) * (observed + (after - before))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isimip::Variable;
    use proptest::prelude::*;

    fn pseudo(settings: Settings, series: [&[f64]; 3]) -> Vec<f64> {
        let mut found = Vec::new();
        pseudo_future(&settings, series, &mut Stretched::default(), &mut found);
        found
    }

    fn places(sorted: &[f64]) -> Vec<usize> {
        let mut places: Vec<usize> = (0..sorted.len()).collect();
        for_alike(sorted, |index, place| places[index] = place);
        places
    }

    fn close(found: &[f64], expected: &[f64]) {
        let same = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12);
        assert!(same && found.len() == expected.len(), "{found:?} instead of {expected:?}");
    }

    #[test]
    fn quantiles_change_as_those_of_the_model() {
        let settings = Settings::of(Variable::Unbounded);
        close(&pseudo(settings, [&[1.0, 2.0, 4.0], &[10.0, 11.0, 12.0], &[11.0, 13.0, 15.0]]), &[2.0, 4.0, 7.0]);
        // Ranks 0, ½ and 1 of two and of five values.
        let series: [&[f64]; 3] = [&[1.0, 2.0, 4.0], &[10.0, 12.0], &[11.0, 12.0, 13.0, 14.0, 16.0]];
        close(&pseudo(settings, series), &[2.0, 4.0, 8.0]);
        close(&pseudo(settings, [&[3.0], &[10.0, 12.0], &[20.0]]), &[12.0]);
        close(&pseudo(settings, [&[3.0, 5.0], &[], &[20.0]]), &[3.0, 5.0]);
    }

    #[test]
    fn alike_values_have_the_last_place() {
        assert_eq!(place_of_last(&[1.0, 1.0, 2.0], 2), 2);
        assert_eq!(place_of_last(&[1.0, 1.0, 2.0], 1), 1);
        assert_eq!(places(&[1.0, 1.0, 1.0, 2.0, 3.0, 3.0]), [2, 2, 2, 3, 5, 5]);
        // Some k/(n − 1) · (n − 1) round to above k; it moves the quantile if the next value is far enough away.
        let rounds = |n: usize, k: usize| k as f64 * (1.0 / (n as f64 - 1.0)) * (n as f64 - 1.0) > k as f64;
        let pairs = (3..2000_usize).flat_map(|n| (1..n - 1).map(move |k| (n, k)));
        let (n, k) = pairs.into_iter().find(|&(n, k)| rounds(n, k)).unwrap();
        let mut sorted = vec![0.0; n];
        sorted[..k - 1].fill(-1.0);
        sorted[k - 1..=k].fill(1e-3);
        sorted[k + 1..].fill(9.0);
        assert_eq!(place_of_last(&sorted, k), k - 1);
        sorted[k + 1..].fill(1e-3 + 1e-9);
        assert_eq!(place_of_last(&sorted, k), k);
        assert_eq!(places(&sorted)[k - 1..=k], [k; 2]);
    }

    proptest! {
        #[test]
        fn each_value_has_the_place_of_its_last(steps in prop::collection::vec(0_u8..3, 1..300)) {
            let sorted: Vec<f64> = steps.iter().scan(7.0, |value, &step| { *value += 0.1 * f64::from(step / 2); Some(*value) }).collect();
            for (index, place) in places(&sorted).into_iter().enumerate() {
                let last = sorted.iter().rposition(|&other| other == sorted[index]).unwrap();
                prop_assert_eq!(place, place_of_last(&sorted, last));
            }
        }
    }

    #[test]
    fn ratios_and_differences_mix() {
        // Model too wet: ratio. Nine times too dry: difference. Five times: half of each, as cos(π/2) is 0.
        for (observed, before, after, expected) in
            [(2.0, 4.0, 6.0, 3.0), (9.0, 1.0, 3.0, 11.0), (5.0, 1.0, 3.0, 0.5 * 15.0 + 0.5 * 7.0), (1.0, 0.0, 2.0, 3.0)]
        {
            close(&[mixed(observed, before, after)], &[expected]);
        }
        assert_eq!([ratio(1.0, 1e9), ratio(1.0, 0.0), ratio(0.0, 5.0)], [100.0, 0.01, 1.0]);
    }

    #[test]
    fn bounded_changes_stay_within() {
        for (observed, before, after, expected) in [
            // Too low and rising: distances to the upper bound, 1 − 0.4 · 0.3/0.5.
            (0.6, 0.5, 0.7, 0.76),
            // Too high and falling: distances to the lower bound, 0.4 · 0.2/0.5.
            (0.4, 0.5, 0.2, 0.16),
            // Away from the bias: difference.
            (0.6, 0.5, 0.3, 0.4),
            (0.4, 0.5, 0.7, 0.6),
            (0.4, 0.4, 0.7, 0.7),
            (0.1, 0.0, 0.0, 0.1),
        ] {
            close(&[bounded(observed, before, after, 0.0, 1.0)], &[expected]);
        }
    }
}
