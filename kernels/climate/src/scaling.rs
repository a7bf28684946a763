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
