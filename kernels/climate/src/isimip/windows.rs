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
