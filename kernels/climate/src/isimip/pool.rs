//! The values of a window in ascending order, kept from one window to the next.

use super::trend;
use super::windows::Arc;

/// What is known of the days of a series before its values.
#[derive(Debug, Clone)]
pub(super) struct SeriesDays {
    /// Slot of each day.
    pub slot: Vec<u16>,
    /// Index into `years` of each day.
    pub year: Vec<u16>,
    /// The years.
    pub years: Vec<f64>,
    /// Days of each slot: `by_slot[starts[s]..starts[s + 1]]`.
    pub starts: Vec<usize>,
    /// Days by slot.
    pub by_slot: Vec<u32>,
}

impl SeriesDays {
    pub fn new(slot: Vec<u16>, n_slots: u16, years_of_days: &[i32]) -> SeriesDays {
        let mut years: Vec<i32> = years_of_days.to_vec();
        years.dedup();
        let year = years_of_days.iter().map(|year| years.partition_point(|other| other < year) as u16).collect();
        let mut by_slot: Vec<u32> = (0..slot.len() as u32).collect();
        by_slot.sort_by_key(|&day| slot[day as usize]);
        let start = |s: u16| by_slot.partition_point(|&day| slot[day as usize] < s);
        let starts = (0..=n_slots).map(start).collect();
        SeriesDays { slot, year, years: years.into_iter().map(f64::from).collect(), starts, by_slot }
    }

    pub fn of_slot(&self, slot: u16) -> &[u32] {
        &self.by_slot[self.starts[usize::from(slot)]..self.starts[usize::from(slot) + 1]]
    }
}

/// A day of a window, in two words, as many of them are moved.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Entry {
    /// Its value, with the trend.
    value: f64,
    /// Index of the day, index of its year, its slot.
    place: u64,
}

impl Entry {
    fn new(value: f64, day: u32, year: u16, slot: u16) -> Entry {
        Entry { value, place: u64::from(day) << 32 | u64::from(year) << 16 | u64::from(slot) }
    }

    /// Index of the day.
    #[inline(always)]
    pub fn day(self) -> usize {
        (self.place >> 32) as usize
    }

    /// Index of its year.
    #[inline(always)]
    pub fn year(self) -> u16 {
        (self.place >> 16) as u16
    }

    /// Its slot.
    #[inline(always)]
    pub fn slot(self) -> u16 {
        self.place as u16
    }
}

/// Days of a window by their values without the trend.
#[derive(Debug, Clone)]
pub(super) struct Pool {
    arc: Arc,
    entries: Vec<Entry>,
    entering: Vec<(f64, Entry)>,
    values: Vec<f64>,
    yearly: trend::Yearly,
}

impl Pool {
    /// An empty pool.
    pub fn new() -> Pool {
        Pool {
            arc: Arc::EMPTY,
            entries: Vec::new(),
            entering: Vec::new(),
            values: Vec::new(),
            yearly: trend::Yearly::default(),
        }
    }

    /// Forgets all days, for another series.
    pub fn clear(&mut self, days: &SeriesDays) {
        self.arc = Arc::EMPTY;
        self.entries.clear();
        self.values.clear();
        self.yearly.clear(days.years.len());
    }

    /// Values without the trend, ascending.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Days in the order of [`Pool::values`].
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Trend of a year, 0 in its middle.
    pub fn trend(&self, year: u16) -> f64 {
        self.yearly.trend()[usize::from(year)]
    }

    /// Takes the days of another window; `series` has a value for each day, NaN where it is missing. A trend is taken out
    /// if it is significant by `critical` values of t for 1, 2, … degrees of freedom.
    pub fn move_to(&mut self, arc: Arc, days: &SeriesDays, series: &[f64], critical: Option<&[f64]>) {
        self.entering.clear();
        for slot in arc.slots().filter(|&slot| !self.arc.contains(slot)) {
            for &day in days.of_slot(slot) {
                let (value, year) = (series[day as usize], days.year[day as usize]);
                if !value.is_nan() {
                    self.entering.push((value, Entry::new(value, day, year, slot)));
                    self.yearly.add(year, value);
                }
            }
        }
        for slot in self.arc.slots().filter(|&slot| !arc.contains(slot)) {
            for &day in days.of_slot(slot) {
                let value = series[day as usize];
                if !value.is_nan() {
                    self.yearly.remove(days.year[day as usize], value);
                }
            }
        }
        self.arc = arc;
        if let Some(critical) = critical {
            self.yearly.fit(&days.years, critical);
        }
        self.keep_inside();
        if !sort_by_value(&mut self.values, &mut self.entries) {
            // All come in anew.
            self.entering.extend(self.entries.drain(..).map(|entry| (entry.value, entry)));
            self.values.clear();
        }
        self.merge();
    }

    /// Drops the days outside and takes the new trend from the values of the others.
    fn keep_inside(&mut self) {
        let (trend, arc) = (self.yearly.trend(), self.arc);
        let n = self.entries.len();
        let (entries, values) = (&mut self.entries[..n], &mut self.values[..n]);
        let mut kept = 0;
        for index in 0..n {
            let entry = entries[index];
            entries[kept] = entry;
            values[kept] = entry.value - trend[usize::from(entry.year())];
            kept += usize::from(arc.contains(entry.slot()));
        }
        self.entries.truncate(kept);
        self.values.truncate(kept);
    }

    fn merge(&mut self) {
        let trend = self.yearly.trend();
        for (value, entry) in &mut self.entering {
            *value = entry.value - trend[usize::from(entry.year())];
        }
        self.entering.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.place.cmp(&b.1.place)));
        let mut kept = self.entries.len();
        let n = kept + self.entering.len();
        self.entries.resize(n, Entry::default());
        self.values.resize(n, 0.0);
        let (entries, values) = (&mut self.entries[..n], &mut self.values[..n]);
        for (before, &(value, entry)) in self.entering.iter().enumerate().rev() {
            let below = values[..kept].iter().rev().position(|&other| other <= value).map_or(0, |above| kept - above);
            values.copy_within(below..kept, below + before + 1);
            entries.copy_within(below..kept, below + before + 1);
            values[below + before] = value;
            entries[below + before] = entry;
            kept = below;
        }
    }
}

/// Sorts days most of which are in place, as a new trend changes their order only a little; gives up, the days in some order, where
/// it changes more.
fn sort_by_value(values: &mut [f64], entries: &mut [Entry]) -> bool {
    // Moves a value, after which sorting from nothing is faster.
    const MOST_MOVES: usize = 24;
    let n = values.len().min(entries.len());
    let (values, entries) = (&mut values[..n], &mut entries[..n]);
    let mut left = MOST_MOVES * n;
    for from in 1..n {
        let value = values[from];
        if values[from - 1] <= value {
            continue;
        }
        let entry = entries[from];
        let mut to = from;
        while to > 0 && values[to - 1] > value {
            values[to] = values[to - 1];
            entries[to] = entries[to - 1];
            to -= 1;
        }
        values[to] = value;
        entries[to] = entry;
        left = left.saturating_sub(from - to);
        if left == 0 {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;
    use crate::days::Days;
    use crate::distributions::student_t_critical;
    use crate::isimip::{Window, windows};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn windows_hold_their_values_in_order(
            seed in 0_u64..1000, n_years in 1_i32..12, half in 0_u16..40, step in 0_u16..20, slope in -3.0_f64..3.0,
        ) {
            let (window, step) = (2 * half + 1, 2 * step.min(half) + 1);
            let days = Days::of_years(Calendar::ProlepticGregorian, 1999, 1998 + n_years);
            let (slot, n_slots) = windows::slots(Window::DayOfYear { days: window, step }, &days);
            let years: Vec<i32> = days.dates().iter().map(|date| date.year).collect();
            let pairs = windows::pairs(Window::DayOfYear { days: window, step }, &slot);
            let of_series = SeriesDays::new(slot.clone(), n_slots, &years);
            let mut state = seed;
            let series: Vec<f64> = years.iter().map(|year| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // Tenths, so that many are alike, and a tenth of them missing.
                let noise = (state >> 40) % 100;
                if noise < 10 { f64::NAN } else { (noise as f64 + slope * f64::from(*year)).round() / 10.0 }
            }).collect();
            let critical: Vec<f64> = (1..10).map(|freedom| student_t_critical(f64::from(freedom), 0.05)).collect();
            let mut pool = Pool::new();
            pool.clear(&of_series);
            for pair in pairs {
                pool.move_to(pair.pool, &of_series, &series, Some(&critical));
                let inside = |&day: &usize| pair.pool.contains(slot[day]) && !series[day].is_nan();
                let mut expected: Vec<f64> = (0..series.len()).filter(inside)
                    .map(|day| series[day] - pool.trend(of_series.year[day])).collect();
                expected.sort_by(f64::total_cmp);
                prop_assert_eq!(pool.values(), &expected[..]);
                for (entry, value) in pool.entries().iter().zip(pool.values()) {
                    prop_assert_eq!(series[entry.day()] - pool.trend(entry.year()), *value);
                    prop_assert_eq!(slot[entry.day()], entry.slot());
                }
                prop_assert_eq!(pool.entries().len(), expected.len());
                // Nothing of the windows before is left.
                let mut fresh = Pool::new();
                fresh.clear(&of_series);
                fresh.move_to(pair.pool, &of_series, &series, Some(&critical));
                for year in 0..of_series.years.len() as u16 {
                    prop_assert!((fresh.trend(year) - pool.trend(year)).abs() < 1e-9);
                }
            }
        }
    }
}
