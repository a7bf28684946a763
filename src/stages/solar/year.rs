//! A year of sun and radiation at one place, hour by hour.

use conurb_solar::sky::{
    DirintHour, Irradiance, clear_sky_ineichen, decompose_dirint, decompose_disc, decompose_erbs,
    extraterrestrial_from_distance, pressure_from_altitude,
};
use conurb_solar::sun::{Site, SunPosition, julian_day, positions};

use crate::error::{Error, Problem, Warning};
use crate::formats::weather::{HOURS, NIGHT_ZENITH, WeatherYear, closure_warning, night_radiation_warning};
use crate::scenario::{Radiation, Weather};

/// Difference of terrestrial and universal time in seconds, of the years around 2010.
const DELTA_T_S: f64 = 67.0;
/// Air temperature that refraction is computed with, in °C.
const REFRACTION_TEMPERATURE_C: f64 = 12.0;
/// Julian day of 1 January 1970.
const JULIAN_DAY_OF_UNIX: f64 = 2_440_587.5;
const DAYS_OF_MONTHS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Sun and radiation of a year, one entry per slot of the weather file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SolarYear {
    /// Start of each hour in seconds since 1970, UTC.
    pub start_s: Vec<f64>,
    /// Where the sun stands at the instant that stands for the hour.
    pub sun: Vec<SunPosition>,
    /// Global horizontal irradiance (W/m²).
    pub ghi: Vec<f64>,
    /// Direct normal irradiance (W/m²).
    pub dni: Vec<f64>,
    /// Diffuse horizontal irradiance (W/m²).
    pub dhi: Vec<f64>,
    /// Air temperature (°C).
    pub temp_air: Vec<f64>,
    /// Wind speed (m/s).
    pub wind_speed: Vec<f64>,
    /// Month of each hour in local standard time, 0 = January.
    pub month: Vec<u8>,
    /// Hour of the day in local standard time.
    pub hour_of_day: Vec<u8>,
    /// Latitude of the weather file (°).
    pub latitude: f64,
    /// Hours without radiation in the file; they count as dark.
    pub n_missing: usize,
}

impl SolarYear {
    /// Sun and radiation of a weather file as the scenario wants them.
    ///
    /// # Errors
    /// A place that is not on Earth, or radiation that the file does not give.
    pub fn new(weather: &WeatherYear, settings: &Weather) -> Result<(SolarYear, Vec<Warning>), Error> {
        let site = site_of(weather)?;
        let sun = sun_at(weather, settings.sun_year, &site, weather.sun_offset_h)?;
        let mut warnings = Vec::new();
        if settings.radiation == Radiation::File {
            let cos_zenith = |offset_h: f64| match sun_at(weather, settings.sun_year, &site, offset_h) {
                Ok(sun) => sun.iter().map(|sun| sun.direction()[2]).collect(),
                Err(_) => vec![0.0; HOURS],
            };
            warnings.extend(closure_warning(weather, cos_zenith));
        }
        if settings.radiation != Radiation::ClearSky {
            let zenith: Vec<f64> = sun.iter().map(|sun| sun.apparent_zenith).collect();
            warnings.extend(night_radiation_warning(weather, &zenith));
        }
        let (radiation, n_missing) = radiation(weather, settings, &sun, site.pressure_pa)?;
        if n_missing > 0 {
            let message = format!("{n_missing} hours have no radiation and count as dark: annual sums are too low");
            warnings.push(Warning::new("missing_radiation", n_missing, message));
        }
        let (month, hour_of_day) = local_calendar(weather);
        let year = SolarYear {
            start_s: (0..HOURS).map(|slot| unix_seconds(weather, settings.sun_year, slot)).collect(),
            sun,
            ghi: radiation.iter().map(|hour| hour.ghi).collect(),
            dni: radiation.iter().map(|hour| hour.dni).collect(),
            dhi: radiation.iter().map(|hour| hour.dhi).collect(),
            temp_air: without_gaps(&weather.temp_air),
            wind_speed: without_gaps(&weather.wind_speed),
            month,
            hour_of_day,
            latitude: weather.latitude,
            n_missing,
        };
        Ok((year, warnings))
    }

    /// Where the sun stands so many hours after the start of each slot.
    ///
    /// # Errors
    /// A place that is not on Earth.
    pub fn suns_after(weather: &WeatherYear, settings: &Weather, hours: f64) -> Result<Vec<SunPosition>, Error> {
        sun_at(weather, settings.sun_year, &site_of(weather)?, hours)
    }

    /// Day of the month of each hour in local standard time, from 1.
    pub fn days_of_month(&self) -> Vec<u8> {
        let mut days: Vec<u8> = Vec::with_capacity(self.month.len());
        for hour in 0..self.month.len() {
            let day = match hour {
                0 => first_day(&self.month),
                _ if self.hour_of_day[hour] != 0 => days[hour - 1],
                _ if self.month[hour] != self.month[hour - 1] => 1,
                _ => days[hour - 1] + 1,
            };
            days.push(day);
        }
        days
    }

    /// Hours in which any radiation arrives, ascending.
    pub fn lit_hours(&self) -> Vec<usize> {
        (0..self.ghi.len())
            .filter(|&hour| self.ghi[hour] > 0.0 || self.dni[hour] > 0.0 || self.dhi[hour] > 0.0)
            .collect()
    }
}

/// Cosine of the sun's zenith at evenly spaced instants of each hour, each in the middle of its part of the hour.
///
/// # Errors
/// A place that is not on Earth.
pub fn cosines_of_hours(weather: &WeatherYear, sun_year: i32, per_hour: usize) -> Result<Vec<f64>, Error> {
    let site = site_of(weather)?;
    let mut cosines = vec![0.0; HOURS * per_hour];
    for part in 0..per_hour {
        let suns = sun_at(weather, sun_year, &site, (part as f64 + 0.5) / per_hour as f64)?;
        for (hour, sun) in suns.iter().enumerate() {
            cosines[hour * per_hour + part] = sun.direction()[2].clamp(-1.0, 1.0);
        }
    }
    Ok(cosines)
}

/// Zenith of the sun (°) in the middle of each hour, and the irradiance of a plane that faces it outside of the atmosphere (W/m²).
///
/// # Errors
/// A place that is not on Earth.
pub fn extraterrestrial_of_hours(weather: &WeatherYear, sun_year: i32) -> Result<Vec<(f64, f64)>, Error> {
    let suns = sun_at(weather, sun_year, &site_of(weather)?, 0.5)?;
    Ok(suns.iter().map(|sun| (sun.zenith, extraterrestrial_from_distance(sun.distance_au))).collect())
}

/// Day of the month in which a year begins that may begin in the last hours of December.
fn first_day(month: &[u8]) -> u8 {
    if month[0] == 0 { 1 } else { 31 }
}

fn site_of(weather: &WeatherYear) -> Result<Site, Error> {
    let site = Site {
        latitude: weather.latitude,
        longitude: weather.longitude,
        elevation_m: weather.elevation_m,
        pressure_pa: pressure_from_altitude(weather.elevation_m),
        temperature_c: REFRACTION_TEMPERATURE_C,
    };
    site.check().map_err(|error| Problem::new(format!("the weather file's place: {error}")).of_key("weather"))?;
    Ok(site)
}

/// Hours from 1 January 0:00 UTC of the sun's year to the start of a slot; no slot is of a 29 February.
fn utc_hours(weather: &WeatherYear, sun_year: i32, slot: usize) -> f64 {
    let leap_day = if is_leap(sun_year) && slot >= 24 * (DAYS_OF_MONTHS[0] + DAYS_OF_MONTHS[1]) { 24.0 } else { 0.0 };
    slot as f64 + leap_day - weather.clock_utc_h
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn unix_seconds(weather: &WeatherYear, sun_year: i32, slot: usize) -> f64 {
    (julian_day(sun_year, 1, 1, 0.0) - JULIAN_DAY_OF_UNIX) * 86_400.0 + utc_hours(weather, sun_year, slot) * 3600.0
}

fn sun_at(weather: &WeatherYear, sun_year: i32, site: &Site, offset_h: f64) -> Result<Vec<SunPosition>, Error> {
    let new_year = julian_day(sun_year, 1, 1, 0.0);
    let days: Vec<f64> =
        (0..HOURS).map(|slot| new_year + (utc_hours(weather, sun_year, slot) + offset_h) / 24.0).collect();
    let mut sun = vec![SunPosition::default(); HOURS];
    positions(&days, site, DELTA_T_S, &mut sun)
        .map_err(|error| Problem::new(error.to_string()).of_key("weather.sun_year"))?;
    Ok(sun)
}

/// Month and hour of the day of each slot in local standard time.
fn local_calendar(weather: &WeatherYear) -> (Vec<u8>, Vec<u8>) {
    let mut month_of_day = Vec::with_capacity(365);
    for (month, &days) in DAYS_OF_MONTHS.iter().enumerate() {
        month_of_day.extend(std::iter::repeat_n(month as u8, days));
    }
    let shift = (weather.utc_offset_h - weather.clock_utc_h).round() as i64;
    let local = |slot: usize| (slot as i64 + shift).rem_euclid(HOURS as i64) as usize;
    (0..HOURS).map(|slot| (month_of_day[local(slot) / 24], (local(slot) % 24) as u8)).unzip()
}

/// Radiation of each slot, and how many slots have none in the file.
fn radiation(
    weather: &WeatherYear,
    settings: &Weather,
    sun: &[SunPosition],
    pressure_pa: f64,
) -> Result<(Vec<Irradiance>, usize), Error> {
    if settings.radiation == Radiation::ClearSky {
        let turbidity = settings.linke_turbidity.expect("clear_sky comes with a turbidity");
        let clear = |sun: &SunPosition| {
            let extra = extraterrestrial_from_distance(sun.distance_au);
            clear_sky_ineichen(sun.apparent_zenith, turbidity, weather.elevation_m, pressure_pa, extra)
        };
        return Ok((sun.iter().map(clear).collect(), 0));
    }
    let needed: &[&[f32]] = match settings.radiation {
        Radiation::File => &[&weather.ghi, &weather.dni, &weather.dhi],
        _ => &[&weather.ghi],
    };
    if needed.iter().any(|values| values.iter().all(|value| value.is_nan())) {
        let what = if needed.len() == 1 { "global" } else { "global, direct and diffuse" };
        let problem = Problem::new(format!("the weather file lacks {what} radiation")).of_key("weather.radiation");
        return Err(problem.hint("set it to \"erbs\", \"disc\", \"dirint\" or \"clear_sky\"").into());
    }
    let is_usable = |slot: &usize| {
        needed.iter().all(|values| values[*slot].is_finite()) && sun[*slot].apparent_zenith <= NIGHT_ZENITH
    };
    let given = |values: &[f32], slot: usize| if is_usable(&slot) { f64::from(values[slot]).max(0.0) } else { 0.0 };
    let n_missing = (0..HOURS).filter(|&slot| sun[slot].apparent_zenith < 90.0 && !is_usable(&slot)).count();
    let split = |slot: usize| -> Irradiance {
        let (ghi, zenith) = (given(&weather.ghi, slot), sun[slot].zenith);
        let day_of_year = (slot / 24 + 1) as f64;
        match settings.radiation {
            Radiation::File => Irradiance { ghi, dni: given(&weather.dni, slot), dhi: given(&weather.dhi, slot) },
            Radiation::Disc => decompose_disc(ghi, zenith, day_of_year, pressure_pa),
            _ => decompose_erbs(ghi, zenith, extraterrestrial_from_distance(sun[slot].distance_au)),
        }
    };
    let mut hours: Vec<Irradiance> = (0..HOURS).map(split).collect();
    if settings.radiation == Radiation::Dirint {
        let known = |value: f32| value.is_finite().then(|| f64::from(value));
        let series: Vec<DirintHour> = (0..HOURS)
            .map(|slot| DirintHour {
                ghi: given(&weather.ghi, slot),
                zenith: sun[slot].zenith,
                day_of_year: (slot / 24 + 1) as f64,
                dew_point_c: known(weather.dew_point[slot]),
            })
            .collect();
        decompose_dirint(&series, pressure_pa, &mut hours);
    }
    Ok((hours, n_missing))
}

/// A series with its gaps filled: linear between what is known on both sides, else the nearest; 0 if nothing is known.
pub(in crate::stages) fn without_gaps(values: &[f32]) -> Vec<f64> {
    let known: Vec<usize> = (0..values.len()).filter(|&slot| values[slot].is_finite()).collect();
    let at = |slot: usize| {
        let next = known.partition_point(|&other| other < slot);
        match (next.checked_sub(1).map(|before| known[before]), known.get(next).copied()) {
            (_, Some(after)) if after == slot => f64::from(values[slot]),
            (Some(before), Some(after)) => {
                let share = (slot - before) as f64 / (after - before) as f64;
                f64::from(values[before]) * (1.0 - share) + f64::from(values[after]) * share
            }
            (Some(nearest), None) | (None, Some(nearest)) => f64::from(values[nearest]),
            (None, None) => 0.0,
        }
    };
    (0..values.len()).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_from_both_sides() {
        let nan = f32::NAN;
        assert_eq!(without_gaps(&[nan, 2.0, nan, nan, 5.0, nan]), [2.0, 2.0, 3.0, 4.0, 5.0, 5.0]);
        assert_eq!(without_gaps(&[nan, nan]), [0.0, 0.0]);
    }

    #[test]
    fn leap_years_have_no_slots_on_29_february() {
        assert!(is_leap(2024) && is_leap(2000) && !is_leap(1900) && !is_leap(2023));
        let weather = WeatherYear { clock_utc_h: 1.0, ..WeatherYear::default() };
        // The last hour of February, then the first of March a day later than in other years.
        assert_eq!(utc_hours(&weather, 2024, 59 * 24 - 1), 59.0 * 24.0 - 2.0);
        assert_eq!(utc_hours(&weather, 2024, 59 * 24), 60.0 * 24.0 - 1.0);
        assert_eq!(utc_hours(&weather, 2023, 59 * 24), 59.0 * 24.0 - 1.0);
    }
}
