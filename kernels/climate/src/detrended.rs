//! Detrended quantile mapping: the mean and the trend of the model are kept, the shape around them is mapped.
//!
//! A. J. Cannon, S. R. Sobie and T. Q. Murdock, Journal of Climate 28, 2015, section 2b. The reference and the historical series
//! are taken relative to their means; the future is scaled by the bias of the mean, a straight line in time is taken off it, the rest is
//! mapped by the historical quantiles, and the line put back.

use crate::days::Days;
use crate::empirical::Mapping;
use crate::groups::Groups;
use crate::kind::Kind;
use crate::sample::Sample;
use crate::scaling::{Scaling, mean};
use crate::training::{QuantileSettings, Scratch, Training};

/// What detrended mapping learns: trained once, applied to any number of futures, and used again for the next cell.
#[derive(Debug, Clone)]
pub struct Detrended {
    training: Training,
    mapping: Mapping,
    scaling: Scaling,
}

/// A straight line in time.
#[derive(Debug, Clone, Copy)]
struct Line {
    middle_time: f64,
    middle: f64,
    slope: f64,
}

impl Detrended {
    /// Room for so many groups, untrained.
    ///
    /// # Panics
    /// If there are no nodes.
    pub fn new(settings: QuantileSettings, groups: usize) -> Detrended {
        let training = Training::new(settings, groups);
        Detrended { mapping: Mapping::new(&training), scaling: Scaling::new(settings.kind, groups), training }
    }

    /// Learns from two series, each with the groups of its own days.
    ///
    /// # Panics
    /// If groups are not those of their series or of this training.
    pub fn train<T: Sample>(
        &mut self,
        reference: (&[T], &Groups),
        historical: (&[T], &Groups),
        scratch: &mut Scratch<T>,
    ) {
        self.scaling.train(historical, reference);
        self.training.train(reference, historical, scratch);
        let kind = self.training.settings().kind;
        for group in 0..self.training.groups() {
            // Quantiles move with the values that they are of.
            let means = [reference, historical].map(|(series, groups)| mean(series, groups.pool(group)));
            self.training.normalise(group, |value, mean| kind.between(mean, value), means);
        }
        self.mapping.learn(&self.training);
    }

    /// Adjusts a future series with its days and their groups; missing days stay missing. The line is fitted to the pool of each
    /// group. Returns how many days there are no corrections for: they become missing too.
    ///
    /// # Panics
    /// If the series, days and groups differ in length, or the groups are not those of the training.
    pub fn adjust<T: Sample>(&self, future: &[T], days: &Days, groups: &Groups, out: &mut [T]) -> usize {
        assert_eq!(future.len(), groups.days(), "the groups are of another series");
        assert_eq!(future.len(), days.len(), "the days are of another series");
        assert_eq!(future.len(), out.len(), "results have the days of the future");
        assert_eq!(groups.len(), self.training.groups(), "the training has other groups");
        let kind = self.training.settings().kind;
        let mut untrained = 0;
        for group in 0..groups.len() {
            let correction = self.scaling.corrections()[group];
            let line = Line::fit(future, days.numbers(), groups.pool(group));
            for &day in groups.own(group) {
                let day = day as usize;
                let adjusted = self.map(kind, group, future[day].to_f64(), line.at(days.numbers()[day]), correction);
                untrained += usize::from(adjusted.is_nan() && !future[day].is_missing());
                out[day] = T::from_f64(adjusted);
            }
        }
        untrained
    }

    /// The line of the scaled future is the scaled line of the future.
    #[inline(always)]
    fn map(&self, kind: Kind, group: usize, value: f64, trend: f64, correction: f64) -> f64 {
        let trend = kind.apply(trend, correction);
        let rest = kind.between(trend, kind.apply(value, correction));
        let adjusted = kind.apply(trend, self.mapping.map(group, rest));
        if adjusted.is_finite() { adjusted } else { f64::NAN }
    }
}

impl Line {
    /// Least squares through the values of some days, missing ones left out.
    fn fit<T: Sample>(series: &[T], numbers: &[i64], days: &[u32]) -> Line {
        let present = || {
            let start = days.first().map_or(0, |&day| numbers[day as usize]);
            let points = days.iter().map(move |&day| (numbers[day as usize] - start, series[day as usize]));
            points.filter(|(_, value)| !value.is_missing()).map(|(time, value)| (time as f64, value.to_f64()))
        };
        let start = days.first().map_or(0, |&day| numbers[day as usize]) as f64;
        let (mut count, mut time_sum, mut sum) = (0.0, 0.0, 0.0);
        for (time, value) in present() {
            count += 1.0;
            time_sum += time;
            sum += value;
        }
        let (middle_time, middle) = (time_sum / count, sum / count);
        let (mut square, mut product) = (0.0, 0.0);
        for (time, value) in present() {
            square += (time - middle_time) * (time - middle_time);
            product += (time - middle_time) * (value - middle);
        }
        let slope = if square > 0.0 { product / square } else { 0.0 };
        Line { middle_time: start + middle_time, middle, slope }
    }

    fn at(&self, number: i64) -> f64 {
        self.middle + self.slope * (number as f64 - self.middle_time)
    }
}
