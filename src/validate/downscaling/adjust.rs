//! A case, adjusted with the kernels that runs use.

use conurb_climate::calendar::{Calendar, Date};
use conurb_climate::days::Days;
use conurb_climate::detrended::Detrended;
use conurb_climate::dry_days::{Draws, DryDays};
use conurb_climate::empirical::{self, Mapping};
use conurb_climate::grouping::{Grouping, Pool};
use conurb_climate::groups::Groups;
use conurb_climate::isimip::{IsimipError, IsimipPlan};
use conurb_climate::kind::Kind;
use conurb_climate::local_intensity::LocalIntensity;
use conurb_climate::quantile_delta;
use conurb_climate::sample::Sample;
use conurb_climate::scaling::Scaling;
use conurb_climate::training::{QuantileSettings, Scratch, Training};

use super::method::Method;

/// Precipitation (mm/d) below which days are spread, so that ratios and ranks are defined.
const TRACE: f64 = 0.05;

/// The series of a place with its days.
#[derive(Debug, Clone)]
pub struct Dated<T> {
    /// Days.
    pub days: Days,
    /// A value for each; NaN for none.
    pub values: Vec<T>,
}

/// What is done to series before all else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preparation {
    /// Nothing.
    None,
    /// Dry days of all three series are spread below a trace.
    SpreadDryDays,
    /// Missing days of the reference are dry.
    MissingIsDry,
    /// Missing days of the reference have the mean of the same date in other years.
    MissingIsUsual,
}

/// Prepares the reference, the historical series and the future.
pub fn prepare<T: Sample>(series: &mut [Dated<T>; 3], preparation: Preparation) {
    match preparation {
        Preparation::None => {}
        Preparation::SpreadDryDays => {
            for Dated { days, values } in series {
                DryDays { wet_from: TRACE, filled_from: 0.0, draws: Draws::GoldenRatio }.fill(0, days, values);
            }
        }
        Preparation::MissingIsDry => {
            let missing = series[0].values.iter_mut().filter(|value| value.is_missing());
            missing.for_each(|value| *value = T::from_f64(0.0));
        }
        Preparation::MissingIsUsual => fill_with_usual(&mut series[0]),
    }
}

fn fill_with_usual<T: Sample>(series: &mut Dated<T>) {
    let place = |date: &Date| usize::from(date.month - 1) * 31 + usize::from(date.day - 1);
    let (mut sums, mut counts) = ([0.0; 12 * 31], [0_u32; 12 * 31]);
    for (date, value) in series.days.dates().iter().zip(&series.values).filter(|(_, value)| !value.is_missing()) {
        sums[place(date)] += value.to_f64();
        counts[place(date)] += 1;
    }
    for (date, value) in series.days.dates().iter().zip(&mut series.values).filter(|(_, value)| value.is_missing()) {
        // Not a number where no year has the date.
        *value = T::from_f64(sums[place(date)] / f64::from(counts[place(date)]));
    }
}

/// The future of a case, adjusted; days without anything to be adjusted by are NaN.
///
/// # Errors
/// A window that makes no sense.
pub fn adjust<T: Sample>(method: &Method, series: &[Dated<T>; 3]) -> Result<Vec<T>, IsimipError> {
    let [reference, historical, future] = series;
    let mut out = vec![T::from_f64(f64::NAN); future.values.len()];
    match *method {
        Method::QuantileDelta(grouping, settings) => {
            let grouped = Grouped::new(series, |days| Groups::new(days, grouping));
            let (training, mut scratch) = grouped.trained(settings);
            quantile_delta::adjust(&training, &future.values, &grouped.groups[2], &mut out, &mut scratch);
        }
        Method::Empirical(grouping, settings) => {
            let grouped = Grouped::new(series, |days| Groups::new(days, grouping));
            let mut training = Training::new(settings, grouped.groups[0].len());
            let mut mapping = Mapping::new(&training);
            let (reference, historical) = (grouped.of(0), grouped.of(1));
            empirical::train(&mut training, &mut mapping, reference, historical, &mut Scratch::default());
            mapping.adjust(&future.values, &grouped.groups[2], &mut out);
        }
        Method::Detrended(grouping, settings) => {
            let grouped = Grouped::new(series, |days| Groups::new(days, grouping));
            let mut detrended = Detrended::new(settings, grouped.groups[0].len());
            detrended.train(grouped.of(0), grouped.of(1), &mut Scratch::default());
            detrended.adjust(&future.values, &future.days, &grouped.groups[2], &mut out);
        }
        Method::LocalIntensity(grouping, threshold) => {
            let grouped = Grouped::new(series, |days| Groups::new(days, grouping));
            let mut intensity = LocalIntensity::new(threshold, grouped.groups[0].len());
            intensity.train(grouped.of(0), grouped.of(1), &mut Scratch::default());
            intensity.adjust(&future.values, &grouped.groups[2], &mut out);
        }
        Method::Means(grouping, kind) => {
            let grouped = Grouped::new(series, |days| Groups::new(days, grouping));
            grouped.scaling(kind).adjust(&future.values, &grouped.groups[2], &mut out);
        }
        Method::MeansBetweenMonths(kind) => {
            let grouped = Grouped::new(series, |days| Groups::new(days, Grouping::Month));
            grouped.scaling(kind).adjust_between_months(&future.values, &future.days, &mut out);
        }
        Method::MeansOfRealYear(window, kind) => {
            let grouping = Grouping::DayOfYear { window, pool: Pool::Circular };
            let grouped = Grouped::new(series, |days| Groups::new(&of_real_year(days), grouping));
            grouped.scaling(kind).adjust(&future.values, &grouped.groups[2], &mut out);
        }
        Method::Isimip(window, settings) => {
            let plan = IsimipPlan::new(settings, window, &reference.days, &historical.days, &future.days)?;
            let cell = [&reference.values[..], &historical.values, &future.values];
            plan.adjust(cell, 0, &mut out, &mut plan.scratch());
        }
        Method::OfPlane => {}
    }
    Ok(out)
}

/// Three series with the groups of their days.
struct Grouped<'a, T> {
    series: &'a [Dated<T>; 3],
    groups: [Groups; 3],
}

impl<'a, T: Sample> Grouped<'a, T> {
    fn new(series: &'a [Dated<T>; 3], groups: impl Fn(&Days) -> Groups) -> Self {
        Grouped { series, groups: [0, 1, 2].map(|index: usize| groups(&series[index].days)) }
    }

    fn of(&self, index: usize) -> (&[T], &Groups) {
        (&self.series[index].values, &self.groups[index])
    }

    fn trained(&self, settings: QuantileSettings) -> (Training, Scratch<T>) {
        let mut training = Training::new(settings, self.groups[0].len());
        let mut scratch = Scratch::default();
        training.train(self.of(0), self.of(1), &mut scratch);
        (training, scratch)
    }

    fn scaling(&self, kind: Kind) -> Scaling {
        let mut scaling = Scaling::new(kind, self.groups[0].len());
        scaling.train(self.of(1), self.of(0));
        scaling
    }
}

/// Days in years of 366, by the day of the year that their dates have in the real calendar: after February, days of
/// a calendar without leap days lie one later in leap years.
fn of_real_year(days: &Days) -> Days {
    let number = |date: &Date| {
        let real = Calendar::ProlepticGregorian;
        // A calendar of 360 days has a 30 February.
        let day = date.day.min(real.days_in_month(date.year, date.month));
        i64::from(date.year) * 366 + i64::from(real.day_of_year(Date { day, ..*date })) - 1
    };
    let mut numbers: Vec<i64> = days.dates().iter().map(number).collect();
    for index in 1..numbers.len() {
        numbers[index] = numbers[index].max(numbers[index - 1] + 1);
    }
    Days::new(Calendar::AllLeap, numbers).expect("each is after the one before it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_days_of_the_reference_are_the_usual_ones() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2003);
        let mut values = vec![1.0; days.len()];
        (values[0], values[365], values[730]) = (2.0, f64::NAN, 5.0);
        (values[1], values[366], values[731]) = (f64::NAN, f64::NAN, f64::NAN);
        let mut series = [(); 3].map(|()| Dated { days: days.clone(), values: values.clone() });
        prepare(&mut series, Preparation::MissingIsUsual);
        assert_eq!(series[0].values[365], 3.5, "the mean of 2 and 5");
        assert!(series[0].values[366].is_nan(), "no year has the date");
        assert!(series[1].values[365].is_nan(), "that of the model stays as it is");
        prepare(&mut series, Preparation::MissingIsDry);
        assert_eq!(series[0].values[366], 0.0);
    }

    #[test]
    fn days_of_the_real_year_are_one_later_after_february_of_leap_years() {
        let days = Days::of_years(Calendar::NoLeap, 2003, 2004);
        let real = of_real_year(&days);
        assert_eq!((real.day_of_year()[58], real.day_of_year()[59], real.day_of_year()[364]), (59, 60, 365));
        assert_eq!((real.day_of_year()[365 + 58], real.day_of_year()[365 + 59]), (59, 61));
        assert_eq!(real.day_of_year()[729], 366);
        let short = Days::of_years(Calendar::Day360, 2001, 2001);
        assert_eq!(of_real_year(&short).len(), 360);
    }

    #[test]
    fn means_of_the_real_year_go_round_it() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
        let at = |of: &dyn Fn(usize) -> f64| Dated { days: days.clone(), values: (0..365).map(of).collect() };
        // The last day of December is 3 above; a window of 3 days shares that with its neighbours, 1 January among them.
        let series = [at(&|day| if day == 364 { 3.0 } else { 0.0 }), at(&|_| 0.0), at(&|_| 10.0)];
        let out = adjust(&Method::MeansOfRealYear(3, Kind::Additive), &series).unwrap();
        // The year has no day 366, which lies between 31 December and 1 January.
        assert_eq!((out[0], out[1]), (10.0, 10.0));
        assert_eq!((out[363], out[364]), (11.0, 11.5));
    }
}
