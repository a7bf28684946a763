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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;
    use crate::grouping::Grouping;
    use crate::training::{Interpolation, RankAmong};

    fn detrended(kind: Kind, groups: &Groups, past: [&[f64]; 2]) -> Detrended {
        let settings = QuantileSettings {
            kind,
            n_quantiles: 30,
            interpolation: Interpolation::Linear,
            rank_among: RankAmong::Pool,
        };
        let mut trained = Detrended::new(settings, groups.len());
        trained.train((past[0], groups), (past[1], groups), &mut Scratch::default());
        trained
    }

    fn noise(count: usize, seed: u64) -> Vec<f64> {
        (0..count as u64).map(|place| crate::draw::uniform(seed, 0, place) - 0.5).collect()
    }

    /// With a reference that is the historical series moved, futures move with it, whatever their trend.
    #[test]
    fn constant_biases_are_taken_off_whatever_the_trend() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2010);
        let groups = Groups::new(&days, Grouping::Month);
        let historical: Vec<f64> = noise(days.len(), 1).iter().map(|noise| 10.0 + noise).collect();
        let trend = noise(days.len(), 2).into_iter().enumerate().map(|(day, noise)| 12.0 + noise + 1e-3 * day as f64);
        let mut future: Vec<f64> = trend.collect();
        future[100] = f64::NAN;
        for (kind, bias) in [(Kind::Additive, -3.0), (Kind::Multiplicative, 0.5)] {
            let reference: Vec<f64> = historical.iter().map(|&value| kind.apply(value, bias)).collect();
            let trained = detrended(kind, &groups, [&reference, &historical]);
            let mut out = vec![0.0; days.len()];
            assert_eq!(trained.adjust(&future, &days, &groups, &mut out), 0);
            for (day, (found, &value)) in out.iter().zip(&future).enumerate() {
                let expected = kind.apply(value, bias);
                assert!(found.is_nan() && day == 100 || (found - expected).abs() < 1e-9, "{kind:?} {day}: {found}");
            }
        }
    }

    /// What is mapped is the noise around the line: its spread becomes the reference's, the line stays.
    #[test]
    fn spread_is_mapped_around_the_line() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2010);
        let groups = Groups::new(&days, Grouping::All);
        let around = noise(days.len(), 1);
        let historical: Vec<f64> = around.iter().map(|noise| 10.0 + 4.0 * noise).collect();
        let reference: Vec<f64> = around.iter().map(|noise| 8.0 + noise).collect();
        let line = |day: usize| 15.0 + 2e-3 * day as f64;
        let future: Vec<f64> = around.iter().enumerate().map(|(day, noise)| line(day) + 4.0 * noise).collect();
        let trained = detrended(Kind::Additive, &groups, [&reference, &historical]);
        let mut out = vec![0.0; days.len()];
        assert_eq!(trained.adjust(&future, &days, &groups, &mut out), 0);
        for (day, (found, noise)) in out.iter().zip(&around).enumerate() {
            // The noise has a slope of its own of a few hundredths over the ten years.
            let expected = line(day) - 2.0 + noise;
            assert!((found - expected).abs() < 0.15, "{day}: {found} {expected}");
        }
    }

    #[test]
    fn lines_are_least_squares() {
        // By hand: the means are 11.75 and 3.
        let line = Line::fit(&[1.0, 3.0, 2.0, f64::NAN, 6.0], &[10, 11, 12, 13, 14], &[0, 1, 2, 3, 4]);
        // Sum of products 10.0, of squares 8.75.
        assert!((line.slope - 10.0 / 8.75).abs() < 1e-12);
        assert!((line.at(10) - (3.0 - 1.75 * 10.0 / 8.75)).abs() < 1e-12);
        let point = Line::fit(&[4.0], &[10], &[0]);
        assert_eq!(point.at(99), 4.0);
    }
}
