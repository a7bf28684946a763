//! Hours without measured ones: the course of the sun and of a common day.
//!
//! Temperature falls to its least at sunrise and rises to its greatest two and a half hours after noon, in half cosines
//! from one to the next across the days (Parton & Logan, Agric. Meteorol. 23, 1981, find the greatest at 14 to 15 h; half
//! cosines as in Linvill, HortScience 25, 1990, and MELODIST: Förster et al., Geosci. Model Dev. 9, 2016, 2315). Radiation is that of a
//! clear sky ([`SunYear::clear`]) in one ratio, moisture constant up to saturation, wind and pressure constant.

use super::fit::share;
use super::joints::{before, smooth};
use super::transfer::temperature;
use super::{
    DAYS, DailyWeather, Day, DayHours, DayWeather, HOURS_OF_DAY, HourlyError, HourlyYear, LocalClock, SunYear, Variable,
};
use crate::humidity::{dew_point, saturation_vapour_pressure};
use crate::sample::Sample;

/// Hours from noon to the greatest temperature.
const AFTER_NOON: f64 = 2.5;
/// Hours from noon back to the least temperature where the sun neither rises nor sets.
const BEFORE_NOON: f64 = 6.0;

/// Hours of a local year out of days of a series: `days[k]` is the day of the series that is day `k` of the year.
///
/// Each day, which is one of UTC, keeps its mean of each variable, its least and greatest temperature, radiation up to the
/// extraterrestrial ([`super::fit`]). `pressure` (Pa) serves to know relative from specific humidity without `ps`. Direct and
/// diffuse radiation, the wind's direction and the sky's infrared radiation stay unknown, and so does what is not projected.
///
/// # Errors
/// No least and greatest temperature, series of different lengths, days outside of them, another number than 365.
pub fn hours<T: Sample>(
    daily: &DailyWeather<'_, T>,
    days: &[usize],
    sun: &SunYear,
    clock: LocalClock,
    pressure: f64,
) -> Result<HourlyYear, HourlyError> {
    daily.check_year(days)?;
    for (what, series) in [("tasmin", daily.tasmin), ("tasmax", daily.tasmax)] {
        if series.is_none() {
            return Err(HourlyError::Missing { what });
        }
    }
    let wanted: Vec<Day> = days.iter().map(|&index| daily.day(index, pressure)).collect();
    let temperatures = temperatures(&wanted, sun, clock);
    let mut year = HourlyYear::unknown();
    for (day, &temperature) in temperatures.iter().enumerate() {
        year.set_day(clock, day, &hours_of_day(&wanted[day], temperature, sun, clock, day));
    }
    Ok(year)
}

/// Half cosines fitted to each day, with the steps of the half cosines between days.
fn temperatures(days: &[Day], sun: &SunYear, clock: LocalClock) -> Vec<DayHours> {
    let curve = |day: usize| {
        let neighbours = [&days[before(day)], &days[day], &days[(day + 1) % DAYS]];
        cosines(neighbours, Course::of(sun, clock, day))
    };
    let curves: Vec<DayHours> = (0..DAYS).map(curve).collect();
    let steps: Vec<f64> = (0..DAYS).map(|day| curves[day][0] - curves[before(day)][HOURS_OF_DAY - 1]).collect();
    let mut hours: Vec<DayHours> = curves.iter().zip(days).map(|(curve, day)| temperature(curve, day)).collect();
    smooth(&mut hours, days, &steps);
    hours
}

/// When a day is coldest and warmest, in hours from the start of the UTC day (0 to 24).
#[derive(Debug, Clone, Copy, PartialEq)]
struct Course {
    coldest: f64,
    warmest: f64,
}

impl Course {
    fn of(sun: &SunYear, clock: LocalClock, day: usize) -> Course {
        let noon = sun.noon(clock, day);
        let within_day = |hour: f64| hour.rem_euclid(HOURS_OF_DAY as f64);
        let coldest = sun.sunrise(clock, day).unwrap_or(within_day(noon - BEFORE_NOON));
        Course { coldest, warmest: within_day(noon + AFTER_NOON) }
    }
}

fn hours_of_day(today: &Day, temperature: DayHours, sun: &SunYear, clock: LocalClock, day: usize) -> DayWeather {
    let known = |value: Option<f64>| value.unwrap_or(f64::NAN);
    let constant = |value: Option<f64>| [known(value); HOURS_OF_DAY];
    // Constant vapour pressure: relative humidity is as the inverse of saturation.
    let dryness = temperature.map(|temp_air| 1.0 / saturation_vapour_pressure(temp_air));
    let humidity = match today.relative_humidity {
        Some(humidity) if !temperature[0].is_nan() => share(&dryness, humidity, &[100.0; HOURS_OF_DAY]),
        humidity => constant(humidity),
    };
    let ghi = share(&sun.clear(clock, day), known(today.ghi), &sun.extraterrestrial(clock, day));
    let mut weather = DayWeather::unknown();
    weather.set(Variable::TempAir, temperature);
    weather.set(Variable::RelativeHumidity, humidity);
    weather.set(Variable::DewPoint, std::array::from_fn(|hour| dew_point(temperature[hour], humidity[hour])));
    weather.set(Variable::Ghi, ghi);
    weather.set(Variable::WindSpeed, constant(today.wind_speed));
    weather.set(Variable::Pressure, constant(today.pressure));
    weather
}

/// Half cosines through the turning points of a day and its neighbours, at the end of each hour.
fn cosines(days: [&Day; 3], course: Course) -> DayHours {
    let today = days[1];
    let mut points = [(0.0, 0.0); 6];
    for (index, day) in days.into_iter().enumerate() {
        // A neighbour that is missing is like today.
        let of = |value: fn(&Day) -> Option<f64>| {
            value(day).filter(|value| !value.is_nan()).or(value(today)).unwrap_or(f64::NAN)
        };
        let starts = (index as f64 - 1.0) * HOURS_OF_DAY as f64;
        let cold = (starts + course.coldest, of(|day| day.least));
        let warm = (starts + course.warmest, of(|day| day.greatest));
        let (first, second) = if course.coldest <= course.warmest { (cold, warm) } else { (warm, cold) };
        (points[2 * index], points[2 * index + 1]) = (first, second);
    }
    std::array::from_fn(|hour| {
        let time = hour as f64 + 1.0;
        let next = points.iter().position(|&(at, _)| at >= time).expect("the next day turns after today");
        let ((from, before), (to, after)) = (points[next - 1], points[next]);
        let share = if to > from { (time - from) / (to - from) } else { 1.0 };
        before + (after - before) * (0.5 - 0.5 * conurb_numerics::sin_cos_degrees(180.0 * share).1)
    })
}

#[cfg(test)]
mod tests;
