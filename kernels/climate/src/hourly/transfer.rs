//! The course of a measured day given to a projected one.

use super::fit::{extremes, fit, mean, share};
use super::{Day, DayHours, DayWeather, HOURS_OF_DAY, LocalClock, SunYear, Variable};
use crate::humidity::{Air, dew_point, sky_infrared};

/// Cosine of the zenith below which the sun is too low for direct radiation to follow from that on the horizontal.
const LOWEST_SUN: f64 = 0.065;

/// Greatest ratio in which wind rises.
const MOST_WIND: f64 = 2.0;

/// Radiation of an hour on its two ways (W/m²).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Direct normal irradiance.
    pub dni: f64,
    /// Diffuse horizontal irradiance.
    pub dhi: f64,
}

/// Direct normal irradiance that closes ghi = dhi + dni cos z, from ghi and dhi (W/m²).
///
/// None with the sun below 3.7° (cos z < 0.065), where the quotient says nothing, and never more than the extraterrestrial
/// `dni_extra`; what it cannot be is diffuse, so that ghi stays.
pub fn split(ghi: f64, dhi: f64, cos_zenith: f64, dni_extra: f64) -> Split {
    let most = if cos_zenith < LOWEST_SUN { 0.0 } else { dni_extra };
    if (ghi + dhi).is_nan() {
        return Split { dni: f64::NAN, dhi: f64::NAN };
    }
    let wanted = (ghi - dhi).max(0.0);
    let dni = if most > 0.0 { (wanted / cos_zenith).min(most) } else { 0.0 };
    Split { dni, dhi: ghi - if wanted / cos_zenith <= most { wanted } else { dni * cos_zenith } }
}

/// Where and when a day lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub sun: &'a SunYear,
    pub clock: LocalClock,
    pub day: usize,
}

/// Hours of a projected day, whose `temp_air` is known, with the course of the donor's.
///
/// Relative humidity, wind and global radiation: in the donor's ratio ([`share`]), humidity up to 100 %, radiation up to the
/// extraterrestrial; wind up to twice the donor's, and what is beyond that is added all day, lest a calm day's few hours of
/// wind become a storm. Pressure: moved as a whole. Diffuse radiation keeps its share of the global, direct closes the sum ([`split`]). Dew point
/// follows from temperature and humidity, the sky's infrared radiation from both, under the donor's clouds. The wind's
/// direction is the donor's, and so is what is not projected.
pub(super) fn transfer(donor: &DayWeather, day: &Day, temp_air: DayHours, place: Place<'_>) -> DayWeather {
    let mut hours = *donor;
    hours.set(Variable::TempAir, temp_air);
    if let Some(humidity) = day.relative_humidity {
        let limit = [100.0; HOURS_OF_DAY];
        hours.set(Variable::RelativeHumidity, in_ratio(donor.of(Variable::RelativeHumidity), humidity, &limit));
    }
    if let Some(wind) = day.wind_speed {
        hours.set(Variable::WindSpeed, windy(donor.of(Variable::WindSpeed), wind));
    }
    if let Some(pressure) = day.pressure {
        hours.set(Variable::Pressure, moved(donor.of(Variable::Pressure), pressure));
    }
    if let Some(ghi) = day.ghi {
        let limit = place.sun.extraterrestrial(place.clock, place.day);
        hours.set(Variable::Ghi, in_ratio(donor.of(Variable::Ghi), ghi, &limit));
        split_day(donor, &mut hours, place);
    }
    moisten(donor, &mut hours);
    hours
}

/// Dew point of the hours, and the sky's radiation, from temperature and humidity.
fn moisten(donor: &DayWeather, hours: &mut DayWeather) {
    let air = |weather: &DayWeather, hour: usize| {
        let temp_air = weather.of(Variable::TempAir)[hour];
        Air { temp_air, dew_point: dew_point(temp_air, weather.of(Variable::RelativeHumidity)[hour]) }
    };
    hours.set(Variable::DewPoint, std::array::from_fn(|hour| air(hours, hour).dew_point));
    let before = donor.of(Variable::SkyInfrared);
    let infrared = std::array::from_fn(|hour| sky_infrared(before[hour], air(donor, hour), air(hours, hour)));
    hours.set(Variable::SkyInfrared, infrared);
}

fn split_day(donor: &DayWeather, hours: &mut DayWeather, place: Place<'_>) {
    let (was_ghi, was_dhi) = (donor.of(Variable::Ghi), donor.of(Variable::Dhi));
    let parts: [Split; HOURS_OF_DAY] = std::array::from_fn(|hour| {
        let ghi = hours.of(Variable::Ghi)[hour];
        // An hour that was dark has no share of its own; that of a low sun is all diffuse.
        let diffuse = match was_ghi[hour] {
            dark if dark <= 0.0 && !was_dhi[hour].is_nan() => 1.0,
            was => (was_dhi[hour] / was).clamp(0.0, 1.0),
        };
        let slot = place.clock.slot(place.day, hour);
        split(ghi, ghi * diffuse, place.sun.cos_zenith(slot), place.sun.dni_extra(slot))
    });
    hours.set(Variable::Dni, parts.map(|part| part.dni));
    hours.set(Variable::Dhi, parts.map(|part| part.dhi));
}

/// The course of a temperature fitted to what a day must keep ([`fit`]); without least and greatest it is moved as a whole.
pub(super) fn temperature(shape: &DayHours, day: &Day) -> DayHours {
    if day.least.is_none() && day.greatest.is_none() {
        return moved(shape, day.mean);
    }
    let (low, high) = extremes(shape);
    let offset = day.mean - mean(shape);
    fit(shape, day.mean, day.least.unwrap_or(low + offset), day.greatest.unwrap_or(high + offset))
}

fn moved(shape: &DayHours, wanted: f64) -> DayHours {
    let offset = wanted - mean(shape);
    if offset.is_nan() {
        // Without a measured course a value holds all day.
        return [wanted; HOURS_OF_DAY];
    }
    shape.map(|hour| hour + offset)
}

fn windy(shape: &DayHours, wanted: f64) -> DayHours {
    let was = mean(shape).max(0.0);
    let most = if was.is_nan() { wanted } else { wanted.min(MOST_WIND * was) };
    let rest = wanted - most;
    in_ratio(shape, most, &[f64::INFINITY; HOURS_OF_DAY]).map(|hour| hour + rest)
}

fn in_ratio(shape: &DayHours, wanted: f64, limit: &DayHours) -> DayHours {
    if shape.iter().any(|hour| hour.is_nan()) {
        // Without a measured course a value holds all day, radiation as the sun stands.
        let flat = limit.map(|limit| if limit.is_finite() { limit } else { 1.0 });
        return share(&flat, wanted, limit);
    }
    share(&shape.map(|hour| hour.max(0.0)), wanted, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radiation_closes() {
        let found = split(500.0, 100.0, 0.5, 1361.0);
        assert_eq!(found, Split { dni: 800.0, dhi: 100.0 });
        // Direct radiation cannot exceed the sun's: 1361 · 0.5 = 680.5 of 900.
        assert_eq!(split(1000.0, 100.0, 0.5, 1361.0), Split { dni: 1361.0, dhi: 319.5 });
        assert_eq!(split(20.0, 5.0, 0.05, 1361.0), Split { dni: 0.0, dhi: 20.0 });
        assert_eq!(split(0.0, 0.0, 0.0, 1361.0), Split { dni: 0.0, dhi: 0.0 });
        assert_eq!(split(50.0, 60.0, 0.5, 1361.0), Split { dni: 0.0, dhi: 50.0 });
        assert!(split(f64::NAN, 5.0, 0.5, 1361.0).dni.is_nan() && split(5.0, f64::NAN, 0.5, 1361.0).dhi.is_nan());
    }

    /// Mean 1 to 4: twice the hours make 2, and 2 are added. A calm day has a constant wind.
    #[test]
    fn calm_days_become_no_storms() {
        let mut shape = [0.0; HOURS_OF_DAY];
        shape[5] = 24.0;
        let found = windy(&shape, 4.0);
        assert_eq!((found[4], found[5], mean(&found)), (2.0, 50.0, 4.0));
        assert_eq!((windy(&shape, 1.5)[4], windy(&shape, 1.5)[5]), (0.0, 36.0));
        assert_eq!(windy(&[0.0; HOURS_OF_DAY], 3.0), [3.0; HOURS_OF_DAY]);
        assert_eq!(windy(&[f64::NAN; HOURS_OF_DAY], 3.0), [3.0; HOURS_OF_DAY]);
        assert!(windy(&shape, f64::NAN).iter().all(|hour| hour.is_nan()));
    }

    #[test]
    fn one_extreme_alone_is_met() {
        let shape: DayHours = std::array::from_fn(|hour| hour as f64);
        let day = Day {
            mean: 20.0,
            least: None,
            greatest: Some(30.0),
            ghi: None,
            relative_humidity: None,
            wind_speed: None,
            pressure: None,
        };
        let found = temperature(&shape, &day);
        // The donor's mean is 11.5, its least 8.5 + 0 once moved.
        let (low, high) = extremes(&found);
        for (found, expected) in [(low, 8.5), (high, 30.0), (mean(&found), 20.0)] {
            assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
        }
    }
}
