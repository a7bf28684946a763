//! Hours of a day made to keep what the day is said to be.

use super::{DayHours, HOURS_OF_DAY};

/// Less than this share of a day is rounding.
const NEGLIGIBLE: f64 = 1e-12;

/// Hours that rise and fall as `shape` does, with a mean, a least and a greatest value.
///
/// With u the shape scaled to 0 … 1 and ū its mean, each hour is least + (greatest − least) g(u), where g is linear from
/// (0, 0) to (ū, k) and from there to (1, 1). The mean is linear in k, which follows from it. Where k would leave 0 … 1 (a
/// day much more skew than the shape) it stays at that end, and all hours but the warmest (coldest) are moved towards the
/// least (greatest) value in one ratio. So the mean is exact always, and least and greatest are unless one hour alone can
/// not make up for the others: mean nearer to one of them than 1/24 of the range. A mean that is not between them widens
/// them; a flat shape or one that is not known gives the mean all day. NaN in any of the three gives NaN.
pub fn fit(shape: &DayHours, mean: f64, least: f64, greatest: f64) -> DayHours {
    if (mean + least + greatest).is_nan() {
        return [f64::NAN; HOURS_OF_DAY];
    }
    let (least, greatest) = (least.min(mean), greatest.max(mean));
    let (low, high) = extremes(shape);
    let range = greatest - least;
    if !(high > low && range > 0.0) || shape.iter().any(|hour| hour.is_nan()) {
        return [mean; HOURS_OF_DAY];
    }
    let unit = shape.map(|value| (value - low) / (high - low));
    with_mean(&unit, (mean - least) / range).map(|share| least + range * share)
}

/// Hours in the ratio of `shape`, none above its `limit`, with a mean; all are 0 or more.
///
/// What does not fit below the limits goes to the other hours, in the ratio of the shape, then of what room they have. If
/// all of it does not fit, the limits are exceeded in one ratio: the mean is kept always. A shape and limits that are 0 all
/// day give the mean all day. NaN as mean gives NaN.
pub fn share(shape: &DayHours, mean: f64, limit: &DayHours) -> DayHours {
    if mean.is_nan() {
        return [f64::NAN; HOURS_OF_DAY];
    }
    let total = mean.max(0.0) * HOURS_OF_DAY as f64;
    let room: f64 = limit.iter().sum();
    if room <= total {
        return if room > 0.0 { limit.map(|limit| limit * (total / room)) } else { [mean.max(0.0); HOURS_OF_DAY] };
    }
    let mut is_full = [false; HOURS_OF_DAY];
    loop {
        let mut left = total;
        let mut weight = 0.0;
        for hour in 0..HOURS_OF_DAY {
            if is_full[hour] {
                left -= limit[hour];
            } else {
                weight += shape[hour];
            }
        }
        if weight <= NEGLIGIBLE * total {
            return into_room(&is_full, left, limit);
        }
        let factor = left / weight;
        let mut fits = true;
        for hour in 0..HOURS_OF_DAY {
            if !is_full[hour] && factor * shape[hour] > limit[hour] {
                is_full[hour] = true;
                fits = false;
            }
        }
        if fits {
            return std::array::from_fn(|hour| if is_full[hour] { limit[hour] } else { factor * shape[hour] });
        }
    }
}

/// Mean of the hours of a day.
pub fn mean(hours: &DayHours) -> f64 {
    hours.iter().sum::<f64>() / HOURS_OF_DAY as f64
}

/// Least and greatest of the hours of a day.
pub(super) fn extremes(hours: &DayHours) -> (f64, f64) {
    hours.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &hour| (low.min(hour), high.max(hour)))
}

/// Full hours at their limit, and what is left spread over the room of the others.
fn into_room(is_full: &[bool; HOURS_OF_DAY], left: f64, limit: &DayHours) -> DayHours {
    let rooms: DayHours = std::array::from_fn(|hour| if is_full[hour] { 0.0 } else { limit[hour] });
    let room: f64 = rooms.iter().sum();
    let n_open = is_full.iter().filter(|&&full| !full).count().max(1) as f64;
    std::array::from_fn(|hour| match (is_full[hour], room.is_finite()) {
        (true, _) => limit[hour],
        (false, true) if room > 0.0 => left * (rooms[hour] / room),
        (false, true) => 0.0,
        (false, false) => left / n_open,
    })
}

/// `unit`, which goes from 0 to 1, bent to a mean.
fn with_mean(unit: &DayHours, wanted: f64) -> DayHours {
    let middle = mean(unit);
    let spread: f64 = unit.iter().map(|&share| (middle - share).max(0.0)).sum();
    let (below, above) = (spread / middle, spread / (1.0 - middle));
    let freedom = HOURS_OF_DAY as f64 - below - above;
    // A shape of nothing but 0 and 1 has no hours to bend.
    let knot = if freedom > 1e-9 { (HOURS_OF_DAY as f64 * wanted - above) / freedom } else { middle }.clamp(0.0, 1.0);
    let bent = unit.map(|share| {
        if share < middle { knot * (share / middle) } else { knot + (1.0 - knot) * ((share - middle) / (1.0 - middle)) }
    });
    let excess = mean(&bent) - wanted;
    if excess > NEGLIGIBLE {
        towards_zero(&bent, wanted)
    } else if excess < -NEGLIGIBLE {
        towards_zero(&bent.map(|share| 1.0 - share), 1.0 - wanted).map(|share| 1.0 - share)
    } else {
        bent
    }
}

/// Lowers all but the first greatest hour, which is 1, to a mean; that hour too where nothing else is left.
fn towards_zero(unit: &DayHours, wanted: f64) -> DayHours {
    let total = HOURS_OF_DAY as f64 * wanted;
    let greatest = extremes(unit).1;
    let first = unit.iter().position(|&share| share == greatest).expect("one hour is the greatest");
    let others = unit.iter().sum::<f64>() - greatest;
    let factor = ((total - greatest) / others).max(0.0);
    std::array::from_fn(|hour| if hour == first { greatest.min(total) } else { factor * unit[hour] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sine() -> DayHours {
        std::array::from_fn(|hour| conurb_numerics::sin_cos_degrees(15.0 * hour as f64 - 120.0).0)
    }

    fn assert_fits(hours: &DayHours, expected: [f64; 3]) {
        let (low, high) = extremes(hours);
        for (found, expected) in [mean(hours), low, high].into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
        }
    }

    /// Two hours at 0, one at 0.5 … by hand: 12 hours u = 0, 6 hours 0.5, 6 hours 1: ū = 0.375, spread = 4.5, so that
    /// below = 12, above = 7.2, k = (24 c − 7.2) / 4.8; c = 0.4 gives k = 0.5, and u = 0.5 becomes 0.5 + 0.5 · 0.2 = 0.6.
    #[test]
    fn knot_by_hand() {
        let shape: DayHours = std::array::from_fn(|hour| [0.0, 0.0, 0.5, 1.0][hour / 6]);
        let found = fit(&shape, 4.0, 0.0, 10.0);
        for (hour, expected) in [(0, 0.0), (11, 0.0), (12, 6.0), (23, 10.0)] {
            assert!((found[hour] - expected).abs() < 1e-12, "{hour}: {}", found[hour]);
        }
        assert_fits(&found, [4.0, 0.0, 10.0]);
    }

    #[test]
    fn a_symmetric_day_is_stretched_only() {
        let found = fit(&sine(), 15.0, 10.0, 20.0);
        for (found, shape) in found.iter().zip(sine()) {
            assert!((found - (15.0 + 5.0 * shape)).abs() < 1e-12);
        }
    }

    #[test]
    fn skew_days_keep_all_three() {
        for mean in [10.5, 11.0, 12.0, 18.0, 19.0, 19.5] {
            assert_fits(&fit(&sine(), mean, 10.0, 20.0), [mean, 10.0, 20.0]);
        }
        // One hour of 24 cannot bring the mean below 10 + 10 / 24 without being cooler itself.
        assert_fits(&fit(&sine(), 10.25, 10.0, 20.0), [10.25, 10.0, 16.0]);
        let steps: DayHours = std::array::from_fn(|hour| f64::from(hour as u8 / 12));
        assert_fits(&fit(&steps, 14.0, 10.0, 20.0), [14.0, 10.0, 20.0]);
        assert_fits(&fit(&steps, 17.0, 10.0, 20.0), [17.0, 10.0, 20.0]);
    }

    #[test]
    fn days_that_contradict_themselves_keep_their_mean() {
        assert_fits(&fit(&sine(), 9.0, 10.0, 20.0), [9.0, 9.0, 9.0]);
        assert_fits(&fit(&sine(), 15.0, 16.0, 15.0), [15.0, 15.0, 15.0]);
        assert_eq!(fit(&[3.0; 24], 15.0, 10.0, 20.0), [15.0; 24]);
        let mut gap = sine();
        gap[4] = f64::NAN;
        assert_eq!(fit(&gap, 15.0, 10.0, 20.0), [15.0; 24]);
        assert!(fit(&sine(), f64::NAN, 10.0, 20.0).iter().all(|hour| hour.is_nan()));
        assert!(fit(&sine(), 15.0, f64::NAN, 20.0).iter().all(|hour| hour.is_nan()));
    }

    #[test]
    fn what_does_not_fit_goes_to_other_hours() {
        let mut shape = [1.0; 24];
        shape[0] = 25.0;
        let mut limit = [100.0; 24];
        limit[0] = 26.0;
        // Shape sums to 48; mean 4 needs 96, factor 2: hour 0 would be 50 but is 26, and 70 stay for 23 hours.
        let found = share(&shape, 4.0, &limit);
        assert_eq!(found[0], 26.0);
        assert!(found[1..].iter().all(|hour| (hour - 70.0 / 23.0).abs() < 1e-12));
    }

    #[test]
    fn shapes_without_a_value_and_limits_without_room() {
        let mut limit = [0.0; 24];
        limit[12] = 48.0;
        limit[13] = 24.0;
        let found = share(&[0.0; 24], 1.0, &limit);
        assert_eq!((found[12], found[13], mean(&found)), (16.0, 8.0, 1.0));
        let found = share(&[0.0; 24], 6.0, &limit);
        assert_eq!((found[12], found[13], mean(&found)), (96.0, 48.0, 6.0));
        assert_eq!(share(&[0.0; 24], 2.0, &[f64::INFINITY; 24]), [2.0; 24]);
        assert_eq!(share(&[1.0; 24], 2.0, &[0.0; 24]), [2.0; 24]);
        assert_eq!(share(&[1.0; 24], 0.0, &[0.0; 24]), [0.0; 24]);
        assert!(share(&[1.0; 24], f64::NAN, &limit).iter().all(|hour| hour.is_nan()));
    }

    proptest! {
        #[test]
        fn mean_is_kept_and_order_too(
            shape in prop::array::uniform24(-30.0..30.0), low in -40.0_f64..10.0, range in 0.1_f64..30.0, at in 0.05..0.95,
        ) {
            prop_assume!(extremes(&shape).1 - extremes(&shape).0 > 1.0);
            let wanted = low + at * range;
            let found = fit(&shape, wanted, low, low + range);
            prop_assert!((mean(&found) - wanted).abs() < 1e-9);
            let (least, greatest) = extremes(&found);
            prop_assert!((least - low).abs() < 1e-9 && (greatest - low - range).abs() < 1e-9);
            for one in 0..24 {
                for other in 0..24 {
                    prop_assert!(shape[one] > shape[other] || found[one] <= found[other] + 1e-9);
                }
            }
        }

        #[test]
        fn shares_keep_mean_and_limits(
            shape in prop::array::uniform24(0.0..800.0), limit in prop::array::uniform24(0.0..1300.0), at in 0.0..0.999,
        ) {
            let wanted = at * mean(&limit);
            let found = share(&shape, wanted, &limit);
            prop_assert!((mean(&found) - wanted).abs() < 1e-9);
            prop_assert!(found.iter().zip(&limit).all(|(&hour, &limit)| (0.0..=limit * (1.0 + 1e-12)).contains(&hour)));
        }
    }
}
