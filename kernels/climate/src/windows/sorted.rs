//! A series in the order of its values.

use crate::sample::Sample;

/// Bits of a key that one pass of the sort looks at.
const DIGIT_BITS: u32 = 11;
/// Values of so many bits.
const DIGITS: usize = 1 << DIGIT_BITS;

/// A series sorted by value, missing days last.
#[derive(Debug, Clone, Default)]
pub struct Sorted<T: Sample> {
    /// Values in ascending order, then one NaN for each missing day.
    values: Vec<T>,
    /// Of each day, where its value stands among them.
    place_of_day: Vec<u32>,
    /// Of each place, the first place of an equal value.
    ties_start: Vec<u32>,
    /// Of each place, the place after the last equal value.
    ties_end: Vec<u32>,
    present: usize,
    entries: Vec<(T::Key, u32)>,
    spare: Vec<(T::Key, u32)>,
}

impl<T: Sample> Sorted<T> {
    /// Room for a series, which the first sort makes as long as it needs.
    pub fn new() -> Sorted<T> {
        Sorted::default()
    }

    /// Puts a series in order; equal values stay in the order of their days.
    ///
    /// # Panics
    /// If the series has 2^32 days or more.
    pub fn sort(&mut self, series: &[T]) {
        assert!(u32::try_from(series.len()).is_ok(), "days are counted in 32 bits");
        self.entries.clear();
        self.entries.extend(series.iter().zip(0..).map(|(value, day)| (value.key(), day)));
        sort_by_digits::<T>(&mut self.entries, &mut self.spare);
        self.values.clear();
        self.values.extend(self.entries.iter().map(|&(_, day)| series[day as usize]));
        self.present = self.values.partition_point(|value| !value.is_missing());
        self.place_of_day.resize(series.len(), 0);
        for (&(_, day), place) in self.entries.iter().zip(0..) {
            self.place_of_day[day as usize] = place;
        }
        self.find_ties();
    }

    /// Values in ascending order, without missing days.
    pub fn values(&self) -> &[T] {
        &self.values[..self.present]
    }
    /// Days of the series, missing ones included.
    pub fn days(&self) -> usize {
        self.values.len()
    }
    /// Whether a day of the series is missing.
    #[inline(always)]
    pub fn is_missing(&self, day: u32) -> bool {
        self.place_of_day[day as usize] as usize >= self.present
    }
    /// Where the value of a day stands in the order; missing days stand behind all others.
    #[inline(always)]
    pub fn place_of(&self, day: u32) -> u32 {
        self.place_of_day[day as usize]
    }
    /// Places of the values that equal the one of a place: the first, and the one after the last.
    #[inline(always)]
    pub fn ties(&self, place: u32) -> (u32, u32) {
        (self.ties_start[place as usize], self.ties_end[place as usize])
    }

    fn find_ties(&mut self) {
        let n_days = self.entries.len();
        self.ties_start.resize(n_days, 0);
        self.ties_end.resize(n_days, 0);
        let mut start = 0;
        for place in 1..=n_days {
            if place == n_days || self.entries[place].0 != self.entries[start].0 {
                self.ties_start[start..place].fill(start as u32);
                self.ties_end[start..place].fill(place as u32);
                start = place;
            }
        }
    }
}

/// Sorts entries by their keys from the lowest digit to the highest, leaving out those that are the same in all keys.
fn sort_by_digits<T: Sample>(entries: &mut Vec<(T::Key, u32)>, spare: &mut Vec<(T::Key, u32)>) {
    spare.resize(entries.len(), Default::default());
    for shift in (0..T::KEY_BITS).step_by(DIGIT_BITS as usize) {
        let digit = |key: T::Key| T::digit(key, shift) & (DIGITS - 1);
        let mut starts = [0_u32; DIGITS];
        entries.iter().for_each(|&(key, _)| starts[digit(key)] += 1);
        if starts.iter().any(|&count| count as usize == entries.len()) {
            continue;
        }
        let mut before = 0;
        for start in &mut starts {
            before += std::mem::replace(start, before);
        }
        for &entry in entries.iter() {
            let start = &mut starts[digit(entry.0)];
            spare[*start as usize] = entry;
            *start += 1;
        }
        std::mem::swap(entries, spare);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_values_share_their_places_and_missing_days_are_last() {
        let mut sorted = Sorted::new();
        sorted.sort(&[3.0_f32, f32::NAN, 1.0, 3.0, -0.0, 0.0]);
        assert_eq!(sorted.values(), [0.0, 0.0, 1.0, 3.0, 3.0]);
        assert_eq!((0..6).map(|day| sorted.place_of(day)).collect::<Vec<_>>(), [3, 5, 2, 4, 0, 1]);
        assert_eq!([sorted.ties(0), sorted.ties(2), sorted.ties(4)], [(0, 2), (2, 3), (3, 5)]);
        assert!(sorted.is_missing(1) && !sorted.is_missing(0));
        // Shorter than before.
        sorted.sort(&[2.0, 1.0]);
        assert_eq!((sorted.values(), sorted.days()), ([1.0, 2.0].as_slice(), 2));
        sorted.sort(&[]);
        assert_eq!(sorted.days(), 0);
    }

    proptest! {
        #[test]
        fn order_is_that_of_the_standard_library(series in prop::collection::vec(-1e3_f64..1e3, 0..300), scale in 0.001_f64..10.0) {
            let series: Vec<f64> = series.iter().map(|value| (value * scale).round()).collect();
            let mut expected: Vec<usize> = (0..series.len()).collect();
            expected.sort_by(|&one, &other| series[one].partial_cmp(&series[other]).unwrap());
            let mut sorted = Sorted::new();
            sorted.sort(&series);
            for (place, &day) in expected.iter().enumerate() {
                prop_assert_eq!(sorted.place_of(day as u32), place as u32);
            }
        }
    }
}
