use super::*;
use crate::calendar::Calendar;
use crate::days::Days;
use crate::hourly::days_of_local_year;
use crate::hourly::fit::{extremes, mean};
use crate::hourly::sun::tests::sun;
use crate::humidity::relative_humidity;

/// A year with seasons and weather of no pattern; the last value is that of a wave 23 days long.
struct Made {
    tas: Vec<f64>,
    tasmin: Vec<f64>,
    tasmax: Vec<f64>,
    rsds: Vec<f64>,
    hurs: Vec<f64>,
}

fn made(n_days: usize) -> Made {
    let wave = |day: usize, period: f64| conurb_numerics::sin_cos_degrees(360.0 * day as f64 / period).0;
    let series = |value: &dyn Fn(usize) -> f64| (0..n_days).map(value).collect::<Vec<f64>>();
    let tas = series(&|day| 283.0 - 10.0 * wave(day + 80, 365.0) + 4.0 * wave(day, 23.0));
    let range = series(&|day| 8.0 + 5.0 * wave(day, 17.3));
    Made {
        tasmin: tas.iter().zip(&range).map(|(mean, range)| mean - 0.45 * range).collect(),
        tasmax: tas.iter().zip(&range).map(|(mean, range)| mean + 0.55 * range).collect(),
        tas,
        rsds: series(&|day| 130.0 - 80.0 * wave(day + 90, 365.0) + 25.0 * wave(day, 7.7)),
        hurs: series(&|day| 80.0 + 22.0 * wave(day, 11.1)),
    }
}

fn daily(made: &Made) -> DailyWeather<'_, f64> {
    DailyWeather {
        tas: &made.tas,
        tasmin: Some(&made.tasmin),
        tasmax: Some(&made.tasmax),
        rsds: Some(&made.rsds),
        hurs: Some(&made.hurs),
        huss: None,
        sfc_wind: None,
        ps: None,
    }
}

fn day_of(year: &HourlyYear, variable: Variable, clock: LocalClock, day: usize) -> DayHours {
    std::array::from_fn(|hour| year.of(variable)[clock.slot(day, hour)])
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
}

#[test]
fn days_keep_what_they_are_said_to_be() {
    let (made, sun) = (made(365), sun(2));
    let daily = daily(&made);
    let days: Vec<usize> = (0..365).collect();
    for offset in [-8.0, 0.0, 1.0, 5.5, 12.0] {
        let clock = LocalClock::new(offset).unwrap();
        let year = hours(&daily, &days, &sun, clock, 1e5).unwrap();
        for day in 0..365 {
            let wanted = daily.day(day, 1e5);
            let temperature = day_of(&year, Variable::TempAir, clock, day);
            near(mean(&temperature), wanted.mean);
            near(extremes(&temperature).0, wanted.least.unwrap());
            near(extremes(&temperature).1, wanted.greatest.unwrap());
            let ghi = day_of(&year, Variable::Ghi, clock, day);
            near(mean(&ghi), wanted.ghi.unwrap());
            let limits = sun.extraterrestrial(clock, day);
            assert!(ghi.iter().zip(&limits).all(|(&ghi, &limit)| (0.0..=limit + 1e-9).contains(&ghi)));
            let humidity = day_of(&year, Variable::RelativeHumidity, clock, day);
            near(mean(&humidity), wanted.relative_humidity.unwrap());
            assert!(humidity.iter().all(|humidity| (0.0..=100.0 + 1e-9).contains(humidity)));
        }
        assert!(year.of(Variable::WindSpeed).iter().chain(year.of(Variable::Dni)).all(|hour| hour.is_nan()));
    }
}

/// At an equinox the sun rises at 6 and the warmest time is half past two: hours end at 6 and at 14 or 15.
#[test]
fn turning_points_follow_the_sun() {
    let (mut made, sun) = (made(365), sun(4));
    for day in 70..90 {
        (made.tas[day], made.tasmin[day], made.tasmax[day]) = (283.15, 278.15, 288.15);
    }
    let days: Vec<usize> = (0..365).collect();
    for offset in [0.0, 1.0, -8.0, 12.0] {
        let clock = LocalClock::new(offset).unwrap();
        let year = hours(&daily(&made), &days, &sun, clock, 1e5).unwrap();
        let local = &year.of(Variable::TempAir)[80 * 24..81 * 24];
        let coldest = (0..24).min_by(|&a, &b| local[a].total_cmp(&local[b])).unwrap();
        let warmest = (0..24).max_by(|&a, &b| local[a].total_cmp(&local[b])).unwrap();
        assert!([5, 6].contains(&coldest) && [13, 14].contains(&warmest), "{offset}: {coldest} {warmest}");
        let jumps = local.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f64::max);
        assert!(jumps < 2.0, "{offset}: {jumps}");
    }
}

#[test]
fn vapour_pressure_is_constant() {
    let (mut made, sun) = (made(365), sun(1));
    made.hurs.fill(40.0);
    let clock = LocalClock::new(0.0).unwrap();
    let days: Vec<usize> = (0..365).collect();
    let year = hours(&daily(&made), &days, &sun, clock, 1e5).unwrap();
    let dew = day_of(&year, Variable::DewPoint, clock, 200);
    assert!(extremes(&dew).1 - extremes(&dew).0 < 1e-9);
}

#[test]
fn missing_days_are_missing_and_no_others() {
    let (mut made, sun) = (made(365), sun(1));
    let clock = LocalClock::new(-3.0).unwrap();
    let days: Vec<usize> = (0..365).collect();
    let complete = hours(&daily(&made), &days, &sun, clock, 1e5).unwrap();
    made.tasmax[100] = f64::NAN;
    made.rsds[200] = f64::INFINITY;
    let year = hours(&daily(&made), &days, &sun, clock, 1e5).unwrap();
    for day in 0..365 {
        let is_unknown = |variable| day_of(&year, variable, clock, day).map(f64::is_nan);
        assert_eq!(is_unknown(Variable::TempAir), [day == 100; 24], "{day}");
        assert_eq!(is_unknown(Variable::DewPoint), [day == 100; 24], "{day}");
        // Days beside the gap keep a course of their own.
        let warmest = |year: &HourlyYear| {
            let hours = day_of(year, Variable::TempAir, clock, day);
            (0..24).max_by(|&one, &other| hours[one].total_cmp(&hours[other])).unwrap()
        };
        assert!(day == 100 || warmest(&year) == warmest(&complete), "{day}");
        assert_eq!(is_unknown(Variable::Ghi), [day == 200; 24], "{day}");
        assert_eq!(is_unknown(Variable::RelativeHumidity), [false; 24], "{day}");
    }
}

#[test]
fn specific_humidity_and_years_of_360_days() {
    let (mut made, sun) = (made(360), sun(1));
    made.hurs.fill(0.005);
    let days = Days::of_years(Calendar::Day360, 2050, 2050);
    let days = days_of_local_year(&days, &[2050; 12]).unwrap();
    let specific = DailyWeather { hurs: None, huss: Some(&made.hurs), ..daily(&made) };
    let clock = LocalClock::new(0.0).unwrap();
    let year = hours(&specific, &days, &sun, clock, 9e4).unwrap();
    for (day, &index) in days.iter().enumerate() {
        near(mean(&day_of(&year, Variable::TempAir, clock, day)), made.tas[index] - 273.15);
        let wanted = relative_humidity(made.tas[index] - 273.15, 0.005, 9e4);
        near(mean(&day_of(&year, Variable::RelativeHumidity, clock, day)), wanted);
    }
}

#[test]
fn what_is_needed_is_named() {
    let (made, sun) = (made(365), sun(1));
    let days: Vec<usize> = (0..365).collect();
    let clock = LocalClock::new(0.0).unwrap();
    let without = DailyWeather { tasmax: None, ..daily(&made) };
    assert_eq!(hours(&without, &days, &sun, clock, 1e5).unwrap_err(), HourlyError::Missing { what: "tasmax" });
    let short = DailyWeather { rsds: Some(&made.rsds[1..]), ..daily(&made) };
    assert!(matches!(hours(&short, &days, &sun, clock, 1e5), Err(HourlyError::Length { what: "rsds", .. })));
    assert!(matches!(hours(&daily(&made), &days[1..], &sun, clock, 1e5), Err(HourlyError::Length { .. })));
    let mut outside = days.clone();
    outside[7] = 365;
    assert!(matches!(hours(&daily(&made), &outside, &sun, clock, 1e5), Err(HourlyError::Value { index: 7, .. })));
}
