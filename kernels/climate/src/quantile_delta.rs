//! Quantile delta mapping: future values are moved by the bias of the value with the same rank in training.
//!
//! A. J. Cannon, S. R. Sobie and T. Q. Murdock, "Bias correction of GCM precipitation by quantile mapping: how well do methods
//! preserve changes in quantiles and extremes?", Journal of Climate 28, 2015, equations 4 to 7: y = x + (`Q_R(q)` - `Q_H(q)`), or
//! y = x `Q_R(q)`/`Q_H(q)`, q being the share of the future pool that lies below x. What the model changes at a quantile is kept.

use crate::groups::Groups;
use crate::ranking::{Shares, count_below_and_tied};
use crate::sample::Sample;
use crate::training::{RankAmong, Scratch, Training, correction_at, sort_days};

/// Adjusts a future series with the groups of its own days; missing days stay missing. Returns how many days there are no
/// corrections for: they become missing too.
///
/// # Panics
/// If the series and the groups differ in length, or the groups are not those of the training.
pub fn adjust<T: Sample>(
    training: &Training,
    future: &[T],
    groups: &Groups,
    out: &mut [T],
    scratch: &mut Scratch<T>,
) -> usize {
    assert_eq!(future.len(), groups.days(), "the groups are of another series");
    assert_eq!(future.len(), out.len(), "results have the days of the future");
    assert_eq!(groups.len(), training.groups(), "the training has other groups");
    match training.settings().rank_among {
        RankAmong::Pool => {
            scratch.order.sort(future);
            scratch.ties.find(&scratch.order);
            pulp::Arch::new().dispatch(AmongPools { training, future, groups, out, scratch })
        }
        RankAmong::SameGroupDay => adjust_among_own(training, future, groups, out, &mut scratch.sorted),
    }
}

/// Adjustment by ranks in pools, compiled for the instructions of the machine.
struct AmongPools<'a, T: Sample> {
    training: &'a Training,
    future: &'a [T],
    groups: &'a Groups,
    out: &'a mut [T],
    scratch: &'a mut Scratch<T>,
}

impl<T: Sample> pulp::WithSimd for AmongPools<'_, T> {
    type Output = usize;
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> usize {
        let AmongPools { training, future, groups, out, scratch } = self;
        let Scratch { order, ties, window, .. } = scratch;
        let settings = training.settings();
        let mut untrained = 0;
        window.clear(order);
        for group in 0..groups.len() {
            let count = window.change(order, groups.changes(group));
            let shares = window.shares(ties, count);
            let corrections = training.corrections(group);
            for &day in groups.own(group) {
                let (Some(shares), Some(place)) = (shares, order.place(day)) else {
                    out[day as usize] = T::from_f64(f64::NAN);
                    continue;
                };
                let (below, tied) = window.below_and_tied(ties, place);
                let correction = correction_at(shares.share(below, tied), corrections, settings.interpolation);
                untrained += usize::from(correction.is_nan());
                let value = future[day as usize].to_f64();
                out[day as usize] = T::from_f64(settings.kind.apply(value, correction));
            }
        }
        untrained
    }
}

fn adjust_among_own<T: Sample>(
    training: &Training,
    future: &[T],
    groups: &Groups,
    out: &mut [T],
    sorted: &mut Vec<T>,
) -> usize {
    let settings = training.settings();
    let mut untrained = 0;
    for group in 0..groups.len() {
        sort_days(future, groups.own(group), sorted);
        let shares = Shares::of_sorted(sorted);
        let corrections = training.corrections(group);
        for &day in groups.own(group) {
            let value = future[day as usize];
            let correction = match shares {
                Some(shares) if !value.is_missing() => {
                    let (below, tied) = count_below_and_tied(sorted, value);
                    correction_at(shares.share(below, tied), corrections, settings.interpolation)
                }
                _ => f64::NAN,
            };
            untrained += usize::from(correction.is_nan() && !value.is_missing());
            out[day as usize] = T::from_f64(settings.kind.apply(value.to_f64(), correction));
        }
    }
    untrained
}

#[cfg(test)]
mod tests;
