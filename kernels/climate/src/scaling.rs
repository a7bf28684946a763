//! Linear scaling and delta change: the means of groups are moved, and nothing else.
//!
//! G. Lenderink, A. Buishand and W. van Deursen, "Estimates of future discharges of the river Rhine using two scenario methodologies:
//! direct versus delta approach", Hydrology and Earth System Sciences 11, 2007. The correction a of a group is the mean of the
//! reference minus, or over, that of the historical series; delta change takes that of the future and of the historical series
//! and corrects the reference.

use crate::days::Days;
use crate::groups::Groups;
use crate::kind::Kind;
use crate::sample::Sample;

/// Corrections of one cell, one per group: trained once, applied to any number of futures, and used again for the next cell.
#[derive(Debug, Clone)]
pub struct Scaling {
    kind: Kind,
    corrections: Vec<f64>,
}

impl Scaling {
    /// Room for so many groups, untrained.
    pub fn new(kind: Kind, groups: usize) -> Scaling {
        Scaling { kind, corrections: vec![f64::NAN; groups] }
    }

    /// Learns the corrections that lead from the means of one series to those of the other, each with the groups of its own days:
    /// from the historical series to the reference for linear scaling, from the historical series to the future for delta
    /// change. Groups without a finite correction have NaN.
    ///
    /// # Panics
    /// If groups are not those of their series or of this scaling.
    pub fn train<T: Sample>(&mut self, (from, from_groups): (&[T], &Groups), (to, to_groups): (&[T], &Groups)) {
        assert_eq!(from_groups.len(), self.corrections.len(), "the scaling is made for other groups");
        assert_eq!(to_groups.len(), self.corrections.len(), "the scaling is made for other groups");
        for (group, correction) in self.corrections.iter_mut().enumerate() {
            let from = mean(from, from_groups.pool(group));
            let found = self.kind.between(from, mean(to, to_groups.pool(group)));
            *correction = if found.is_finite() { found } else { f64::NAN };
        }
    }

    /// Corrections of all groups.
    pub fn corrections(&self) -> &[f64] {
        &self.corrections
    }

    /// Corrects each day by its own group; missing days stay missing. Returns how many days there are no corrections for:
    /// they become missing too.
    ///
    /// # Panics
    /// If the series and the groups differ in length, or the groups are not those of this scaling.
    pub fn adjust<T: Sample>(&self, series: &[T], groups: &Groups, out: &mut [T]) -> usize {
        assert_eq!(series.len(), groups.days(), "the groups are of another series");
        assert_eq!(groups.len(), self.corrections.len(), "the scaling is made for other groups");
        assert_eq!(series.len(), out.len(), "results have the days of the series");
        let mut untrained = 0;
        for (group, &correction) in self.corrections.iter().enumerate() {
            for &day in groups.own(group) {
                untrained += self.correct(series[day as usize], correction, &mut out[day as usize]);
            }
        }
        untrained
    }

    /// Corrects each day by the corrections of the two months whose middles it lies between, December beside January; missing
    /// days stay missing. Returns how many days there are no corrections for: they become missing too.
    ///
    /// # Panics
    /// If the series and the days differ in length, or the groups of this scaling are not months.
    pub fn adjust_between_months<T: Sample>(&self, series: &[T], days: &Days, out: &mut [T]) -> usize {
        assert_eq!(self.corrections.len(), 12, "corrections are not those of months");
        assert_eq!(series.len(), days.len(), "the days are of another series");
        assert_eq!(series.len(), out.len(), "results have the days of the series");
        let mut untrained = 0;
        for ((&value, date), out) in series.iter().zip(days.dates()).zip(out) {
            let length = f64::from(days.calendar.days_in_month(date.year, date.month));
            // Months from the middle of December of the year before.
            let position = f64::from(date.month) - 0.5 + f64::from(date.day) / length;
            let before = position as usize;
            let fraction = position - before as f64;
            let (lower, upper) = (self.corrections[(before + 11) % 12], self.corrections[before % 12]);
            untrained += self.correct(value, lower + (upper - lower) * fraction, out);
        }
        untrained
    }

    #[inline(always)]
    fn correct<T: Sample>(&self, value: T, correction: f64, out: &mut T) -> usize {
        *out = T::from_f64(self.kind.apply(value.to_f64(), correction));
        usize::from(correction.is_nan() && !value.is_missing())
    }
}

/// Mean of the values of some days, missing ones left out; NaN if there is none.
pub(crate) fn mean<T: Sample>(series: &[T], days: &[u32]) -> f64 {
    let mut sum = 0.0;
    let mut count = 0_u32;
    for &day in days {
        let value = series[day as usize];
        if !value.is_missing() {
            sum += value.to_f64();
            count += 1;
        }
    }
    sum / f64::from(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;
    use crate::grouping::{Grouping, Pool};

    #[test]
    fn means_of_months_become_those_of_the_reference() {
        let days = Days::of_years(Calendar::Standard, 2001, 2004);
        let groups = Groups::new(&days, Grouping::Month);
        let mut reference: Vec<f64> = (0..days.len()).map(|day| f64::from(day as u32 * 31 % 17) + 1.0).collect();
        let historical: Vec<f64> = (0..days.len()).map(|day| f64::from(day as u32 * 7 % 13) + 2.0).collect();
        reference[40] = f64::NAN;
        for kind in [Kind::Additive, Kind::Multiplicative] {
            let mut scaling = Scaling::new(kind, 12);
            scaling.train((&historical, &groups), (&reference, &groups));
            let mut out = vec![0.0; days.len()];
            assert_eq!(scaling.adjust(&historical, &groups, &mut out), 0);
            for month in 0..12 {
                let [found, expected] = [&out, &reference].map(|series| mean(series, groups.pool(month)));
                assert!((found - expected).abs() < 1e-12, "{kind:?} {month}");
            }
        }
    }

    #[test]
    fn delta_change_moves_the_reference_by_what_the_model_changes() {
        let days = Days::of_years(Calendar::Day360, 2001, 2002);
        let groups = Groups::new(&days, Grouping::DayOfYear { window: 31, pool: Pool::Circular });
        let historical = vec![4.0_f32; days.len()];
        let future = vec![6.0_f32; days.len()];
        let mut reference: Vec<f32> = (0..days.len()).map(|day| day as f32).collect();
        reference[7] = f32::NAN;
        let mut scaling = Scaling::new(Kind::Multiplicative, groups.len());
        scaling.train((&historical, &groups), (&future, &groups));
        let mut out = vec![0.0; days.len()];
        assert_eq!(scaling.adjust(&reference, &groups, &mut out), 0);
        for (day, &value) in out.iter().enumerate() {
            assert!(if day == 7 { value.is_nan() } else { value == 1.5 * day as f32 });
        }
    }

    /// The middle of a month has its own correction; 31 December and 1 January lie on the line between theirs.
    #[test]
    fn corrections_pass_from_month_to_month() {
        let days = Days::of_years(Calendar::Day360, 2001, 2001);
        let groups = Groups::new(&days, Grouping::Month);
        let historical = vec![0.0; 360];
        let reference: Vec<f64> = days.dates().iter().map(|date| 30.0 * f64::from(date.month)).collect();
        let mut scaling = Scaling::new(Kind::Additive, 12);
        scaling.train((&historical, &groups), (&reference, &groups));
        let mut out = vec![0.0; 360];
        assert_eq!(scaling.adjust_between_months(&historical, &days, &mut out), 0);
        for (day, expected) in
            [(14, 30.0), (15, 31.0), (44, 60.0), (344, 360.0), (345, 349.0), (359, 195.0), (0, 184.0)]
        {
            assert!((out[day] - expected).abs() < 1e-9, "{day}: {}", out[day]);
        }
    }

    #[test]
    fn groups_without_values_or_with_a_mean_of_zero_are_missing() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
        let groups = Groups::new(&days, Grouping::Month);
        let series = |value: f64| days.dates().iter().map(|date| if date.month == 2 { value } else { 1.0 }).collect();
        let [missing, zero, one]: [Vec<f64>; 3] = [f64::NAN, 0.0, 1.0].map(series);
        for (kind, from, to) in [(Kind::Additive, &missing, &one), (Kind::Multiplicative, &zero, &one)] {
            let mut scaling = Scaling::new(kind, 12);
            scaling.train((from, &groups), (to, &groups));
            let mut out = vec![0.0; 365];
            assert_eq!(scaling.adjust(&one, &groups, &mut out), 28);
            assert!(out.iter().zip(days.dates()).all(|(value, date)| value.is_nan() == (date.month == 2)));
        }
    }
}
