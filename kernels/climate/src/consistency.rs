//! Variables that belong together, kept together: daily extremes around the mean, values within their bounds.
//!
//! Extremes are adjusted through the range and the skewness of the day, both within bounds, so that tasmin ≤ tas ≤ tasmax
//! holds by construction (Lange 2019, Geosci. Model Dev. 12, 3055, section 2.1).

use crate::sample::Sample;

/// Values that were moved to a bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    /// Values that were below.
    pub up: u64,
    /// Values that were above.
    pub down: u64,
}

impl Moved {
    /// Both together.
    pub fn total(self) -> u64 {
        self.up + self.down
    }
}

impl core::ops::AddAssign for Moved {
    fn add_assign(&mut self, other: Moved) {
        self.up += other.up;
        self.down += other.down;
    }
}

/// Three temperatures of each day, any unit.
#[derive(Debug, Clone, Copy)]
pub struct DailyTemperatures<'a, T> {
    /// Daily mean.
    pub tas: &'a [T],
    /// Daily minimum.
    pub tasmin: &'a [T],
    /// Daily maximum.
    pub tasmax: &'a [T],
}

/// Range = tasmax − tasmin and skewness = (tas − tasmin)/range of each day.
///
/// Range is at least 0, skewness within 0 to 1; what had to be moved there is counted. A day without range has no skewness.
///
/// # Panics
/// If the series differ in length.
pub fn range_and_skewness<T: Sample>(
    temperatures: DailyTemperatures<'_, T>,
    range: &mut [T],
    skewness: &mut [T],
) -> Moved {
    let DailyTemperatures { tas, tasmin, tasmax } = temperatures;
    let n = tas.len();
    assert!([tasmin.len(), tasmax.len(), range.len(), skewness.len()] == [n; 4], "series of one length");
    let mut moved = Moved::default();
    for day in 0..n {
        let (mean, low, high) = (tas[day].to_f64(), tasmin[day].to_f64(), tasmax[day].to_f64());
        let width = kept(high - low, 0.0, f64::INFINITY, &mut moved);
        let place = if width > 0.0 { kept((mean - low) / width, 0.0, 1.0, &mut moved) } else { f64::NAN };
        range[day] = T::from_f64(width);
        skewness[day] = T::from_f64(place);
    }
    moved
}

/// tasmin = tas − skewness · range and tasmax = tasmin + range of each day, so that tasmin ≤ tas ≤ tasmax.
///
/// A day that has a range but no skewness has its mean in the middle. Ranges below 0 and skewnesses outside 0 to 1 are
/// moved there and counted.
///
/// # Panics
/// If the series differ in length.
pub fn extremes<T: Sample>(tas: &[T], range: &[T], skewness: &[T], tasmin: &mut [T], tasmax: &mut [T]) -> Moved {
    let n = tas.len();
    assert!([range.len(), skewness.len(), tasmin.len(), tasmax.len()] == [n; 4], "series of one length");
    let mut moved = Moved::default();
    for day in 0..n {
        let mean = tas[day].to_f64();
        let width = kept(range[day].to_f64(), 0.0, f64::INFINITY, &mut moved);
        let place = skewness[day].to_f64();
        let place = if place.is_nan() { 0.5 } else { kept(place, 0.0, 1.0, &mut moved) };
        let low = mean - place * width;
        // `max` would drop what is missing.
        let high = if low + width < mean { mean } else { low + width };
        tasmin[day] = T::from_f64(low);
        tasmax[day] = T::from_f64(high);
    }
    moved
}

/// Moves values into `low` to `high`, missing ones apart: 0 to 100 % for hurs, 0 to ∞ for pr.
pub fn keep_within<T: Sample>(values: &mut [T], low: f64, high: f64) -> Moved {
    keep_below_days(values, low, |_| high)
}

/// Moves values into `low` to a bound of each day, missing ones apart; a bound that is missing binds nothing. For rsds:
/// the daily mean under a clear sky.
pub fn keep_below_days<T: Sample>(values: &mut [T], low: f64, high: impl Fn(usize) -> f64) -> Moved {
    let mut moved = Moved::default();
    for (day, value) in values.iter_mut().enumerate() {
        let before = value.to_f64();
        let after = kept(before, low, high(day), &mut moved);
        if after != before && !after.is_nan() {
            *value = T::from_f64(after);
        }
    }
    moved
}

/// A value moved into a range whose ends may be missing; the lower end wins.
fn kept(value: f64, low: f64, high: f64, moved: &mut Moved) -> f64 {
    if value < low {
        moved.up += 1;
        low
    } else if value > high {
        moved.down += 1;
        high.max(low)
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn extremes_come_apart_and_together() {
        let temperatures = DailyTemperatures {
            tas: &[12.0, 5.0, 7.0, NAN, 9.0],
            tasmin: &[10.0, 5.0, 8.0, 1.0, 10.0],
            tasmax: &[18.0, 5.0, 10.0, 2.0, 4.0],
        };
        let (mut range, mut skewness) = ([0.0; 5], [0.0; 5]);
        let moved = range_and_skewness(temperatures, &mut range, &mut skewness);
        assert_eq!(range, [8.0, 0.0, 2.0, 1.0, 0.0]);
        assert_eq!([skewness[0], skewness[2]], [0.25, 0.0]);
        assert!([1, 3, 4].iter().all(|&day| skewness[day].is_nan()));
        // The mean below the minimum, and a maximum below it.
        assert_eq!(moved, Moved { up: 2, down: 0 });
        let (mut low, mut high) = ([0.0; 5], [0.0; 5]);
        let moved = extremes(
            &[12.0, 5.0, 7.0, NAN, 9.0],
            &[8.0, 2.0, -1.0, 1.0, NAN],
            &[0.25, NAN, 1.5, 0.5, 0.5],
            &mut low,
            &mut high,
        );
        assert_eq!(low[..3], [10.0, 4.0, 7.0]);
        assert_eq!(high[..3], [18.0, 6.0, 7.0]);
        assert!(low[3].is_nan() && high[3].is_nan() && low[4].is_nan() && high[4].is_nan());
        assert_eq!(moved, Moved { up: 1, down: 1 });
    }

    #[test]
    fn values_are_moved_and_counted() {
        let mut hurs = [-1.0_f32, 50.0, 101.0, f32::NAN, 100.0];
        assert_eq!(keep_within(&mut hurs, 0.0, 100.0), Moved { up: 1, down: 1 });
        assert_eq!(hurs[..3], [0.0, 50.0, 100.0]);
        assert!(hurs[3].is_nan());
        let mut rsds = [300.0, 300.0, -2.0, NAN, 300.0];
        let clear = [250.0, 350.0, 200.0, 100.0, NAN];
        let moved = keep_below_days(&mut rsds, 0.0, |day| clear[day]);
        assert_eq!(moved, Moved { up: 1, down: 1 });
        assert_eq!((moved.total(), rsds[0], rsds[1], rsds[2], rsds[4]), (2, 250.0, 300.0, 0.0, 300.0));
        assert!(rsds[3].is_nan());
    }

    #[test]
    fn rounding_does_not_cross_the_mean() {
        // A range of half a last place is lost twice: 300.000…1 − 0.000…05 + 0.000…05 = 300.
        let tas = 300.0_f64.next_up();
        let half_a_place = 0.5 * (tas - 300.0);
        let (mut low, mut high) = ([0.0], [0.0]);
        extremes(&[tas], &[half_a_place], &[1.0], &mut low, &mut high);
        assert_eq!((low[0], high[0]), (300.0, tas));
    }

    proptest! {
        #[test]
        fn extremes_lie_around_the_mean(tas in 200.0_f32..330.0, range in -1.0_f32..40.0, skewness in -0.2_f32..1.2) {
            let (mut low, mut high) = ([0.0_f32], [0.0_f32]);
            extremes(&[tas], &[range], &[skewness], &mut low, &mut high);
            prop_assert!(low[0] <= tas && tas <= high[0]);
            let wide = f64::from(tas);
            let (mut low, mut high) = ([0.0], [0.0]);
            extremes(&[wide], &[f64::from(range)], &[f64::from(skewness)], &mut low, &mut high);
            prop_assert!(low[0] <= wide && wide <= high[0]);
        }
    }
}
