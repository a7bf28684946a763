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
    let settings = training.settings();
    let mut untrained = 0;
    for group in 0..groups.len() {
        let own = groups.own(group);
        if own.is_empty() {
            continue;
        }
        let sample = match settings.rank_among {
            RankAmong::Pool => groups.pool(group),
            RankAmong::SameGroupDay => own,
        };
        sort_days(future, sample, &mut scratch.sorted);
        let shares = Shares::of_sorted(&scratch.sorted);
        let corrections = training.corrections(group);
        for &day in own {
            let value = future[day as usize];
            let correction = match shares {
                Some(shares) if !value.is_missing() => {
                    let (below, tied) = count_below_and_tied(&scratch.sorted, value);
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
