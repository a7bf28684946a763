//! From days and months to each hour of a year.

use conurb_energy::profile::Profile;

use super::{DayProfile, UsageProfile};

/// Level of a setpoint in the hour after the end of a setback: the mean of a linear ramp over it.
const RAMP: f64 = 0.5;

/// Civil time of each hour of a year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Month, 1 to 12.
    pub month: Vec<u8>,
    /// Day of the week, 0 for Monday to 6 for Sunday; public holidays are as the caller says.
    pub weekday: Vec<u8>,
    /// Hour of the day, 0 to 23.
    pub hour: Vec<u8>,
}

/// Factors of each hour of a year.
///
/// People and appliances follow the month's factor. Draws of hot water do too, and days without any leave theirs to the others:
/// the mean day, not every day, sums to 1, so a need per year divided by its days times the factor sums to the need per year.
/// Setpoints that rise from a setback do so linearly over an hour. Night ventilation is open all the time; the zone's
/// temperatures say when it blows.
///
/// # Panics
/// If the calendar's vectors differ in length or hold what is no month, day of the week or hour.
pub fn hourly(profile: &UsageProfile, calendar: &Calendar) -> Profile {
    let n_hours = calendar.hour.len();
    assert!(
        calendar.month.len() == n_hours && calendar.weekday.len() == n_hours,
        "a calendar says month, weekday and hour of each hour"
    );
    let day = |at: usize| -> &DayProfile {
        match calendar.weekday[at] {
            0..=4 => &profile.days[0],
            5 => &profile.days[1],
            6 => &profile.days[2],
            other => panic!("{other} is no day of the week"),
        }
    };
    let month = |at: usize| profile.months[usize::from(calendar.month[at]) - 1];
    let of = |value: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
        (0..n_hours).map(|at| value(at, usize::from(calendar.hour[at]))).collect()
    };
    let heating = of(&|at, hour| day(at).heating[hour]);
    let cooling = of(&|at, hour| day(at).cooling[hour]);
    Profile {
        occupants: of(&|at, hour| day(at).occupants[hour] * month(at)),
        appliances: of(&|at, hour| day(at).appliances[hour] * month(at)),
        ventilation: of(&|at, hour| day(at).ventilation[hour]),
        heating_available: heating.iter().copied().map(available).collect(),
        heating: ramped(&heating),
        cooling_available: cooling.iter().copied().map(available).collect(),
        cooling: cooling.iter().map(|level| level.max(0.0)).collect(),
        night_ventilation: vec![1.0; n_hours],
        hot_water: per_mean_day(of(&|at, hour| day(at).hot_water[hour] * month(at))),
    }
}

/// 0 while a level says off.
fn available(level: f64) -> f64 {
    if level < 0.0 { 0.0 } else { 1.0 }
}

fn ramped(levels: &[f64]) -> Vec<f64> {
    let before = levels.first().into_iter().chain(levels);
    let pairs = before.zip(levels).map(|(before, level)| (before.max(0.0), level.max(0.0)));
    pairs.map(|(before, level)| if level > before { before + RAMP * (level - before) } else { level }).collect()
}

/// Scales draws so that the mean day sums to 1; draws that are 0 all year stay so.
fn per_mean_day(mut draws: Vec<f64>) -> Vec<f64> {
    let sum: f64 = draws.iter().sum();
    if sum > 0.0 {
        let scale = draws.len() as f64 / 24.0 / sum;
        draws.iter_mut().for_each(|draw| *draw *= scale);
    }
    draws
}

#[cfg(test)]
mod tests {
    use super::super::Archetypes;
    use super::*;
    use crate::buildings::Usage;
    use crate::scenario::Country;

    /// 8760 h in standard time that begin on a Monday.
    fn year() -> Calendar {
        let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let mut calendar = Calendar::default();
        let mut weekday = 0;
        for (month, n_days) in days.into_iter().enumerate() {
            for _ in 0..n_days {
                for hour in 0..24 {
                    calendar.month.push(month as u8 + 1);
                    calendar.weekday.push(weekday);
                    calendar.hour.push(hour);
                }
                weekday = (weekday + 1) % 7;
            }
        }
        calendar
    }

    fn profile_of(usage: Usage) -> (UsageProfile, Profile) {
        let profile = Archetypes::built_in(Country::Germany).profile(usage).clone();
        let hours = hourly(&profile, &year());
        (profile, hours)
    }

    /// CEA DE OFFICE: heated from 4:00 to 17:00 on weekdays, nobody before 7:00.
    #[test]
    fn setbacks_end_in_ramps_and_weekends_differ() {
        let (_, hours) = profile_of(Usage::Office);
        assert_eq!(hours.heating[3..7], [0.0, 0.5, 1.0, 1.0]);
        assert_eq!(hours.heating[16..18], [1.0, 0.0]);
        let saturday = 5 * 24;
        assert!(hours.heating[saturday..saturday + 48].iter().all(|level| *level == 0.0));
        assert_eq!((hours.occupants[9], hours.occupants[saturday + 9]), (0.8, 0.0));
        assert_eq!(hours.cooling[3..6], [0.0, 1.0, 1.0], "cooling has no ramp");
    }

    /// CEA DE RETAIL: heating is off on Sundays, cooling whenever the shop is closed.
    #[test]
    fn off_takes_the_power_away() {
        let (_, hours) = profile_of(Usage::Retail);
        let sunday = 6 * 24;
        assert!(hours.heating_available[sunday..sunday + 24].iter().all(|share| *share == 0.0));
        assert_eq!(hours.cooling_available[6..8], [0.0, 1.0]);
        assert_eq!((hours.heating_available[0], hours.heating[0]), (1.0, 0.0));
        let (_, unheated) = profile_of(Usage::Unheated);
        assert!(unheated.heating_available.iter().chain(&unheated.cooling_available).all(|share| *share == 0.0));
    }

    #[test]
    fn hot_water_of_a_year_sums_to_its_days() {
        for usage in Usage::ALL {
            let (profile, hours) = profile_of(usage);
            let sum: f64 = hours.hot_water.iter().sum();
            let expected = if profile.hot_water > 0.0 { 365.0 } else { 0.0 };
            assert!((sum - expected).abs() < 1e-9, "{usage:?} {sum}");
            let all = hours.occupants.iter().chain(&hours.appliances).chain(&hours.heating);
            assert!(all.copied().all(|value| (0.0..=1.0).contains(&value)), "{usage:?}");
        }
        let (_, dwelling) = profile_of(Usage::Residential);
        let day: f64 = dwelling.hot_water[..24].iter().sum();
        assert!((day - 1.0).abs() < 1e-9, "{day}");
    }

    #[test]
    fn months_scale_gains_and_draws() {
        let mut profile = Archetypes::built_in(Country::Germany).profile(Usage::Residential).clone();
        profile.months = [1.0; 12];
        profile.months[1] = 0.5;
        let hours = hourly(&profile, &year());
        let february = 31 * 24;
        assert_eq!(hours.occupants[february], 0.5 * hours.occupants[0]);
        // Monday 1 January and Monday 5 February.
        let monday = (31 + 4) * 24;
        assert!((hours.hot_water[monday + 5] / hours.hot_water[5] - 0.5).abs() < 1e-12);
    }

    #[test]
    fn changes_of_clock_follow_the_calendar() {
        let mut calendar = year();
        // The hour 2:00 is skipped and 1:00 comes twice elsewhere, as clocks do.
        calendar.hour[26] = 3;
        let profile = Archetypes::built_in(Country::Germany).profile(Usage::Residential).clone();
        let hours = hourly(&profile, &calendar);
        assert_eq!(hours.appliances[26], profile.days[0].appliances[3]);
        assert_eq!(hours.heating.len(), 8760);
    }

    #[test]
    #[should_panic(expected = "7 is no day of the week")]
    fn days_of_the_week_end_with_sunday() {
        let mut calendar = year();
        calendar.weekday[0] = 7;
        let profile = Archetypes::built_in(Country::Germany).profile(Usage::Office).clone();
        hourly(&profile, &calendar);
    }
}
