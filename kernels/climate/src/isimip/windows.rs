//! Windows of the year: which days are adjusted together, and from which days.

use crate::calendar::Calendar;
use crate::days::Days;

use super::Window;

/// Slots of a year of days: the 366 days of a leap year.
const DAYS: u16 = 366;

/// Neighbouring slots on a circle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arc {
    first: u16,
    width: u16,
    around: u16,
}

/// What is adjusted, and from what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    /// Slots of the days that are adjusted.
    pub centre: Arc,
    /// Slots of the days that they are adjusted from.
    pub pool: Arc,
}

impl Arc {
    /// An arc without slots.
    pub const EMPTY: Arc = Arc { first: 0, width: 0, around: 1 };

    #[inline(always)]
    pub fn contains(self, slot: u16) -> bool {
        let from_first = slot.wrapping_sub(self.first);
        let from_first = if slot < self.first { from_first.wrapping_add(self.around) } else { from_first };
        from_first < self.width
    }

    pub fn slots(self) -> impl Iterator<Item = u16> {
        (0..self.width).map(move |step| (self.first + step) % self.around)
    }
}

/// Slot of each day, and how many slots a year has.
///
/// Days of the year are those of the date in a real year: after February, days of a calendar without leap days lie one later in
/// leap years; those of a calendar of 360 days are spread over the year.
pub(super) fn slots(window: Window, days: &Days) -> (Vec<u16>, u16) {
    match window {
        Window::All => (vec![0; days.len()], 1),
        Window::Month => (days.dates().iter().map(|date| u16::from(date.month) - 1).collect(), 12),
        Window::DayOfYear { .. } => {
            let slot = |(&day, date): (&u16, &crate::calendar::Date)| match days.calendar {
                Calendar::NoLeap if date.month > 2 && Calendar::ProlepticGregorian.is_leap(date.year) => day,
                Calendar::Day360 => ((2 * u32::from(day) - 1) * u32::from(DAYS) / 720) as u16,
                _ => day - 1,
            };
            (days.day_of_year().iter().zip(days.dates()).map(slot).collect(), DAYS)
        }
    }
}

/// The windows that together adjust each slot in use once.
///
/// Those of days of the year are placed as in ISIMIP3BASD 3.0: what a year leaves over after the last whole step is
/// shared by both ends.
pub(super) fn pairs(window: Window, in_use: &[u16]) -> Vec<Pair> {
    let single = |slot, around| {
        let arc = Arc { first: slot, width: 1, around };
        Pair { centre: arc, pool: arc }
    };
    match window {
        Window::All => vec![single(0, 1)],
        Window::Month => (0..12).map(|month| single(month, 12)).collect(),
        Window::DayOfYear { days, step } => {
            let (Some(&first), Some(&last)) = (in_use.iter().min(), in_use.iter().max()) else { return Vec::new() };
            let missing = (step - (last - first + 1) % step) % step;
            let start = i32::from(first) - i32::from(missing / 2);
            let pair = |low: i32| {
                let centre = low + i32::from(step / 2);
                let high = (low + i32::from(step)).min(i32::from(last) + 1);
                let low = low.max(i32::from(first));
                let before = (centre - i32::from(days / 2)).rem_euclid(i32::from(DAYS));
                Pair {
                    centre: Arc { first: low as u16, width: (high - low) as u16, around: DAYS },
                    pool: Arc { first: before as u16, width: days, around: DAYS },
                }
            };
            (start..=i32::from(last)).step_by(usize::from(step)).map(pair).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Date;

    fn slots_of(calendar: Calendar, first: i32, last: i32) -> (Vec<u16>, Days) {
        let days = Days::of_years(calendar, first, last);
        (slots(Window::DayOfYear { days: 31, step: 1 }, &days).0, days)
    }

    #[test]
    fn dates_have_the_slot_of_a_real_year() {
        let (found, days) = slots_of(Calendar::NoLeap, 2003, 2004);
        let slot =
            |year, month, day| found[days.dates().iter().position(|&date| date == Date { year, month, day }).unwrap()];
        assert_eq!([slot(2003, 1, 1), slot(2003, 2, 28), slot(2003, 3, 1), slot(2003, 12, 31)], [0, 58, 59, 364]);
        assert_eq!([slot(2004, 1, 1), slot(2004, 2, 28), slot(2004, 3, 1), slot(2004, 12, 31)], [0, 58, 60, 365]);
        let (found, _) = slots_of(Calendar::Day360, 2000, 2000);
        assert_eq!([found[0], found[180], found[359]], [0, 183, 365]);
        assert!(found.windows(2).all(|pair| (1..=2).contains(&(pair[1] - pair[0]))));
        let (found, _) = slots_of(Calendar::AllLeap, 2001, 2001);
        assert_eq!(found, (0..366).collect::<Vec<u16>>());
    }

    #[test]
    fn each_slot_is_adjusted_once() {
        for window in [5_u16, 31, 365] {
            for step in (1..=window.min(33)).step_by(2) {
                for (first, last) in [(0_u16, 365_u16), (0, 364), (10, 360), (100, 100), (3, 19)] {
                    let in_use: Vec<u16> = (first..=last).collect();
                    let pairs = pairs(Window::DayOfYear { days: window, step }, &in_use);
                    let mut found: Vec<u16> = pairs.iter().flat_map(|pair| pair.centre.slots()).collect();
                    found.sort_unstable();
                    assert_eq!(found, in_use, "{window} {step}");
                    for pair in pairs {
                        assert!(pair.centre.slots().all(|slot| pair.pool.contains(slot)), "{pair:?}");
                        assert_eq!(
                            pair.pool.slots().filter(|&slot| pair.pool.contains(slot)).count(),
                            usize::from(window)
                        );
                        assert_eq!((0..366).filter(|&slot| pair.pool.contains(slot)).count(), usize::from(window));
                    }
                }
            }
        }
    }

    #[test]
    fn windows_lie_where_isimip_has_them() {
        let year: Vec<u16> = (0..366).collect();
        // ibicus 1.3.1: centres 1, 6, … 366 (days from 1), which adjust two days on either side.
        let found = pairs(Window::DayOfYear { days: 31, step: 5 }, &year);
        assert_eq!(found.len(), 74);
        let [first, last] = [found[0], found[73]];
        assert_eq!(first.centre.slots().collect::<Vec<u16>>(), [0, 1, 2]);
        assert_eq!(last.centre.slots().collect::<Vec<u16>>(), [363, 364, 365]);
        assert_eq!(first.pool.slots().next(), Some(351));
        assert_eq!(last.pool.slots().last(), Some(14));
        // A step that divides the year begins with a whole one.
        let found = pairs(Window::DayOfYear { days: 31, step: 3 }, &year);
        assert_eq!(found[0].centre.slots().collect::<Vec<u16>>(), [0, 1, 2]);
        assert_eq!(found[0].pool.slots().next(), Some(352));
    }
}
