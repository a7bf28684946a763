//! Local intensity scaling of precipitation: as many wet days as the reference has, and as much on each of them.
//!
//! J. Schmidli, C. Frei and P. L. Vidale, "Downscaling from GCM precipitation: a benchmark for dynamical and statistical downscaling
//! methods", International Journal of Climatology 26, 2006, equations 2 to 4.

use crate::groups::Groups;
use crate::quantile::quantile;
use crate::sample::Sample;
use crate::training::{Scratch, sort_days};

/// What local intensity scaling learns: trained once, applied to any number of futures, and used again for the next cell.
#[derive(Debug, Clone)]
pub struct LocalIntensity {
    threshold: f64,
    groups: Vec<Group>,
}

#[derive(Debug, Clone, Copy)]
struct Group {
    /// What the model gives at least on as many days as are wet in the reference.
    model_threshold: f64,
    /// Ratio of what falls above the thresholds on a wet day.
    scale: f64,
}

const UNTRAINED: Group = Group { model_threshold: f64::NAN, scale: f64::NAN };

impl LocalIntensity {
    /// Room for so many groups, untrained; days of the reference are wet from the threshold on, in the unit of the series.
    pub fn new(threshold: f64, groups: usize) -> LocalIntensity {
        LocalIntensity { threshold, groups: vec![UNTRAINED; groups] }
    }

    /// Learns from two series, each with the groups of its own days. A group in which the model has no intensity to be scaled keeps
    /// its intensities where it is wet.
    ///
    /// # Panics
    /// If groups are not those of their series or of this training.
    pub fn train<T: Sample>(
        &mut self,
        (reference, reference_groups): (&[T], &Groups),
        (historical, historical_groups): (&[T], &Groups),
        scratch: &mut Scratch<T>,
    ) {
        assert_eq!(reference_groups.len(), self.groups.len(), "the training has other groups");
        assert_eq!(historical_groups.len(), self.groups.len(), "the training has other groups");
        for (number, group) in self.groups.iter_mut().enumerate() {
            *group = UNTRAINED;
            let sorted = &mut scratch.sorted;
            sort_days(reference, reference_groups.pool(number), sorted);
            if sorted.is_empty() {
                continue;
            }
            let dry = sorted.partition_point(|value| value.to_f64() <= self.threshold);
            let share = (dry + 1) as f64 / (sorted.len() + 1) as f64;
            let wanted = mean_from(sorted, self.threshold) - self.threshold;
            sort_days(historical, historical_groups.pool(number), sorted);
            if sorted.is_empty() {
                continue;
            }
            let model_threshold = quantile(sorted, share);
            let scale = wanted / (mean_from(sorted, model_threshold) - model_threshold);
            *group = Group { model_threshold, scale: if scale.is_finite() { scale } else { 1.0 } };
        }
    }

    /// Adjusts a future series with the groups of its own days; missing days stay missing. Returns how many days there are no
    /// corrections for: they become missing too.
    ///
    /// # Panics
    /// If the series and the groups differ in length, or the groups are not those of the training.
    pub fn adjust<T: Sample>(&self, future: &[T], groups: &Groups, out: &mut [T]) -> usize {
        assert_eq!(future.len(), groups.days(), "the groups are of another series");
        assert_eq!(groups.len(), self.groups.len(), "the training has other groups");
        assert_eq!(future.len(), out.len(), "results have the days of the future");
        let mut untrained = 0;
        for (number, group) in self.groups.iter().enumerate() {
            for &day in groups.own(number) {
                let value = future[day as usize];
                let adjusted = group.scale * (value.to_f64() - group.model_threshold) + self.threshold;
                untrained += usize::from(adjusted.is_nan() && !value.is_missing());
                // `max` would make 0 of NaN.
                out[day as usize] = T::from_f64(if adjusted < 0.0 { 0.0 } else { adjusted });
            }
        }
        untrained
    }
}

/// Mean of the sorted values from a threshold on; NaN if there is none.
fn mean_from<T: Sample>(sorted: &[T], threshold: f64) -> f64 {
    let wet = &sorted[sorted.partition_point(|value| value.to_f64() < threshold)..];
    wet.iter().map(|value| value.to_f64()).sum::<f64>() / wet.len() as f64
}
