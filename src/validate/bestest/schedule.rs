//! Thermostats and fans hour by hour.

use conurb_energy::profile::Profile;
use conurb_energy::zone::Supply;

use super::case_file::Case;
use super::forms::{Setback, Setpoint};

/// Instants of an hour over whose mean settings are taken: zones are computed with means of hours.
const INSTANTS: usize = 60;
/// Setpoint of what is off (°C).
const UNUSED_C: f64 = 20.0;

/// How a case behaves in hours of these hours of the day.
pub(super) fn profile(case: &Case, hour_of_day: &[u8]) -> Profile {
    let of_day = |level: &dyn Fn(f64) -> f64| -> Vec<f64> {
        let mean = |hour: usize| {
            let instants = (0..INSTANTS).map(|step| level(hour as f64 + (step as f64 + 0.5) / INSTANTS as f64));
            instants.sum::<f64>() / INSTANTS as f64
        };
        let day: Vec<f64> = (0..24).map(mean).collect();
        hour_of_day.iter().map(|&hour| day[usize::from(hour)]).collect()
    };
    let ones = || vec![1.0; hour_of_day.len()];
    Profile {
        occupants: ones(),
        appliances: ones(),
        ventilation: ones(),
        heating: of_day(&|time| level(case.heating, time) * case.setback.map_or(1.0, |setback| setback.level(time))),
        heating_available: of_day(&|time| available(case.heating, time)),
        cooling: of_day(&|time| level(case.cooling, time)),
        cooling_available: of_day(&|time| available(case.cooling, time)),
        night_ventilation: of_day(&|time| case.fan.map_or(0.0, |fan| f64::from(u8::from(fan.period.holds(time))))),
        hot_water: vec![1.0 / 24.0; hour_of_day.len()],
    }
}

/// Heating or cooling without limit into the air.
pub(super) fn supply(setpoint: Setpoint, setback: Option<Setback>) -> Supply {
    let (setpoint, otherwise, max_power) = match setpoint {
        Setpoint::Off => (UNUSED_C, None, 0.0),
        Setpoint::Always(celsius) => (celsius, None, f64::INFINITY),
        Setpoint::Within { celsius, otherwise, .. } => (celsius, otherwise, f64::INFINITY),
    };
    let setback = setback.map(|setback| setback.celsius).or(otherwise).unwrap_or(setpoint);
    Supply { setpoint, setback, max_power, convective_share: 1.0 }
}

impl Setback {
    /// Where the setpoint is between setback (0) and its usual value (1).
    fn level(&self, time_h: f64) -> f64 {
        match self.ramp {
            _ if self.period.holds(time_h) => 0.0,
            Some(ramp) if ramp.period.holds(time_h) => ramp.period.share(time_h),
            _ => 1.0,
        }
    }
}

fn level(setpoint: Setpoint, time_h: f64) -> f64 {
    match setpoint {
        Setpoint::Within { period, otherwise: Some(_), .. } if !period.holds(time_h) => 0.0,
        _ => 1.0,
    }
}

fn available(setpoint: Setpoint, time_h: f64) -> f64 {
    match setpoint {
        Setpoint::Off => 0.0,
        Setpoint::Within { period, otherwise: None, .. } if !period.holds(time_h) => 0.0,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::bestest::forms::{self, Said, Shading};

    fn case(heating: &str, cooling: &str, setback: &str, fan: &str) -> Case {
        let Some(Said::Here(fan)) = forms::night_vent(fan) else { panic!("{fan}") };
        Case {
            line: 2,
            name: "a".into(),
            mass: "low".into(),
            windows: Vec::new(),
            shading: Shading::default(),
            heating: forms::setpoint(heating).unwrap(),
            cooling: forms::setpoint(cooling).unwrap(),
            setback: forms::setback(setback).unwrap(),
            fan,
            is_free: false,
        }
    }

    #[test]
    fn a_ramp_counts_as_the_mean_of_its_hours() {
        let case = case("20", "27", "10C_23h-7h_linear_ramp_7h-9h_to_20C", "fan_18.25h-7h_100_m3_per_h");
        let hours: Vec<u8> = (0..24).collect();
        let profile = profile(&case, &hours);
        for (hour, expected) in [(22, 1.0), (23, 0.0), (0, 0.0), (6, 0.0), (7, 0.25), (8, 0.75), (9, 1.0)] {
            assert!((profile.heating[hour] - expected).abs() < 1e-12, "{hour}: {}", profile.heating[hour]);
        }
        assert_eq!([profile.night_ventilation[17], profile.night_ventilation[18]], [0.0, 0.75]);
        assert_eq!([profile.night_ventilation[6], profile.night_ventilation[7]], [1.0, 0.0]);
        let supply = supply(case.heating, case.setback);
        assert_eq!((supply.setpoint, supply.setback, supply.max_power), (20.0, 10.0, f64::INFINITY));
    }

    #[test]
    fn what_acts_for_a_part_of_the_day_is_off_or_other_outside_of_it() {
        let until_off = case("off", "27_from_7h_to_18h_else_off", "none", "none");
        let profile_off = profile(&until_off, &[6, 7, 17, 18]);
        assert_eq!(profile_off.cooling_available, [0.0, 1.0, 1.0, 0.0]);
        assert_eq!(profile_off.heating_available, [0.0; 4]);
        assert_eq!(supply(until_off.heating, None).max_power, 0.0);
        let other = case("off", "24_from_7h_to_18h_else_30", "none", "none");
        let profile_other = profile(&other, &[6, 7]);
        assert_eq!((profile_other.cooling_available, profile_other.cooling), (vec![1.0; 2], vec![0.0, 1.0]));
        assert_eq!(supply(other.cooling, None).setback, 30.0);
    }
}
