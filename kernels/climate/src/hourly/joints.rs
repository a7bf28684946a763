//! Where days of different origin meet.

use super::{DAYS, Day, DayHours, HOURS_OF_DAY, transfer::temperature};

/// Hours on either side of a border over which a step is taken back.
const SPAN: usize = 6;
/// How often steps are taken back; what a day must keep brings some of each of them again.
const N_PASSES: usize = 4;

/// Temperatures of 365 days whose steps from one day to the next come near to `steps`, those to be expected (K).
///
/// `steps[d]` leads from the last hour of the day before `d`, December's end before January, to the first of `d`. What a step
/// exceeds its own by is taken back, half on either side of the border, less and less over six hours; then each day is fitted
/// to what it must keep once more. Days that are not known stay so, and do not touch their neighbours.
pub(super) fn smooth(hours: &mut [DayHours], days: &[Day], steps: &[f64]) {
    for _ in 0..N_PASSES {
        let excess: Vec<f64> = (0..DAYS)
            .map(|day| hours[day][0] - hours[before(day)][HOURS_OF_DAY - 1] - steps[day])
            .map(|excess| if excess.is_nan() { 0.0 } else { excess })
            .collect();
        for (day, &excess) in excess.iter().enumerate() {
            for hour in 0..SPAN {
                let part = 0.5 * excess * (1.0 - hour as f64 / SPAN as f64);
                hours[day][hour] -= part;
                hours[before(day)][HOURS_OF_DAY - 1 - hour] += part;
            }
        }
        hours.iter_mut().zip(days).for_each(|(hours, day)| *hours = temperature(hours, day));
    }
}

/// The day before, of a year that repeats itself.
pub(super) fn before(day: usize) -> usize {
    (day + DAYS - 1) % DAYS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hourly::fit::{extremes, mean};

    fn day(mean: f64) -> Day {
        Day {
            mean,
            least: Some(mean - 4.0),
            greatest: Some(mean + 5.0),
            ghi: None,
            relative_humidity: None,
            wind_speed: None,
            pressure: None,
        }
    }

    #[test]
    fn steps_shrink_and_days_keep_what_they_must() {
        let days: Vec<Day> = (0..DAYS).map(|index| day([10.0, 14.0, 9.0][index % 3])).collect();
        let course = |hour: usize| conurb_numerics::sin_cos_degrees(15.0 * hour as f64 - 130.0).0;
        let mut hours: Vec<DayHours> = days.iter().map(|day| temperature(&std::array::from_fn(course), day)).collect();
        let size = |hours: &[DayHours]| {
            (0..DAYS).map(|day| (hours[day][0] - hours[before(day)][23]).abs()).sum::<f64>() / DAYS as f64
        };
        let was = size(&hours);
        smooth(&mut hours, &days, &[0.0; DAYS]);
        assert!(was > 3.0 && size(&hours) < 0.35 * was, "{was} {}", size(&hours));
        for (hours, day) in hours.iter().zip(&days) {
            let (least, greatest) = extremes(hours);
            for (found, wanted) in [(mean(hours), day.mean), (least, day.mean - 4.0), (greatest, day.mean + 5.0)] {
                assert!((found - wanted).abs() < 1e-9, "{found}, not {wanted}");
            }
        }
    }

    #[test]
    fn unknown_days_touch_no_other() {
        let mut days = vec![day(10.0); DAYS];
        days[0].mean = f64::NAN;
        let shape: DayHours = std::array::from_fn(|hour| hour as f64);
        let mut hours: Vec<DayHours> = days.iter().map(|day| temperature(&shape, day)).collect();
        let lone = hours.clone();
        // Steps as they are leave all days as they are.
        let steps = [hours[2][0] - hours[1][23]; DAYS];
        smooth(&mut hours, &days, &steps);
        for (index, (hours, lone)) in hours.iter().zip(&lone).enumerate() {
            for (found, was) in hours.iter().zip(lone) {
                assert!(if index == 0 { found.is_nan() } else { (found - was).abs() < 1e-9 }, "{index}");
            }
        }
    }
}
