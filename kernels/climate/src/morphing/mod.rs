//! Morphing: measured hours of today made those of a climate that has changed.
//!
//! A year of hours is shifted by the change of each month's mean, stretched by its ratio, or both. With x₀ the hour of today,
//! ⟨x₀⟩ its mean in the month and Δ the change: a shift is x = x₀ + Δ, a stretch x = a x₀, both together
//! x = x₀ + Δ + α (x₀ − ⟨x₀⟩). Weather stays what it was measured to be, hour by hour; what changes is a month's mean and, for
//! temperature, the range of its days.
//!
//! Source: Belcher, Hacker & Powell, Constructing design weather data for future climates, Building Serv. Eng. Res.
//! Technol. 26, 2005, 49, eq. 1 to 3 and section 3, <https://doi.org/10.1191/0143624405bt112oa>.

mod change;

use thiserror::Error;

pub use change::{MonthChange, MonthlyChange};

use crate::hourly::{DAYS, HOURS, HOURS_OF_DAY, HourlyError, HourlyYear, SunYear, Variable, WeatherHours};
use crate::hourly::{month_of_day, split};
use crate::humidity::{Air, dew_point, sky_infrared};

/// Why hours cannot be morphed.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum MorphingError {
    /// The hours of today, or daily series, are not as they must be.
    #[error(transparent)]
    Hours(#[from] HourlyError),
    /// A month without any day of a variable.
    #[error("{what} has no day in month {month} of the {period}")]
    EmptyMonth {
        /// Which variable.
        what: &'static str,
        /// Month, 1 to 12.
        month: usize,
        /// Which series.
        period: &'static str,
    },
}

/// What a month's hours of temperature come to today.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Today {
    /// Mean of all hours (°C).
    mean: f64,
    /// Mean of the days' greatest less mean of the days' least temperature (K).
    range: f64,
}

/// Hours of a year after a change of climate.
///
/// Temperature is shifted and stretched, α = (Δtasmax − Δtasmin) / (⟨max₀⟩ − ⟨min₀⟩) with the means of days' greatest and
/// least temperatures, α ≥ −1: the month's mean changes by Δtas and the mean range of its days by Δtasmax − Δtasmin, both
/// exactly. Relative humidity is shifted and kept within 0 to 100 %, pressure shifted; wind and global and diffuse radiation are
/// stretched, radiation by one ratio, and direct radiation closes their sum ([`split`]), as far as the sun's own suffices.
/// Dew point follows from temperature and humidity, the sky's infrared radiation from both, under the same clouds; the
/// wind's direction stays. An hour that is not given stays unknown.
///
/// # Errors
/// Hours of the wrong number, infinite ones, no temperature.
pub fn morph(today: &WeatherHours<'_>, change: &MonthlyChange, sun: &SunYear) -> Result<HourlyYear, MorphingError> {
    today.check()?;
    let mut year = HourlyYear::unknown();
    let months = months_of_today(today);
    for slot in 0..HOURS {
        let month = month_of_slot(slot);
        let (change, of_month) = (&change.months[month], months[month]);
        let hour = |variable| today.hour(variable, slot);
        let (was, was_humid) = (hour(Variable::TempAir), today.humidity(slot));
        let temp_air = was + change.mean + change.stretch_of(of_month.range) * (was - of_month.mean);
        let humidity = shifted_humidity(was_humid, change.relative_humidity);
        let dew = dew_point(temp_air, humidity);
        let from = Air { temp_air: was, dew_point: dew_point(was, was_humid) };
        let (ghi, dhi) = (hour(Variable::Ghi) * change.ghi, hour(Variable::Dhi) * change.ghi);
        let parts = split(ghi, dhi, sun.cos_zenith(slot), sun.dni_extra(slot));
        for (variable, value) in [
            (Variable::TempAir, temp_air),
            (Variable::RelativeHumidity, humidity),
            (Variable::DewPoint, dew),
            (Variable::Pressure, hour(Variable::Pressure) + change.pressure),
            (Variable::WindSpeed, hour(Variable::WindSpeed) * change.wind_speed),
            (Variable::WindDirection, hour(Variable::WindDirection)),
            (Variable::Ghi, ghi),
            (Variable::Dni, parts.dni),
            (Variable::Dhi, parts.dhi),
            (Variable::SkyInfrared, sky_infrared(hour(Variable::SkyInfrared), from, Air { temp_air, dew_point: dew })),
        ] {
            year.set(variable, slot, value);
        }
    }
    Ok(year)
}

impl MonthChange {
    /// α of a month whose days range over so much today (K); none of a month without range.
    fn stretch_of(&self, range: f64) -> f64 {
        // A day's range cannot be below nothing.
        if range > 0.0 { (self.range / range).max(-1.0) } else { 0.0 }
    }
}

fn month_of_slot(slot: usize) -> usize {
    month_of_day(slot / HOURS_OF_DAY)
}

fn shifted_humidity(was: f64, change: f64) -> f64 {
    let shifted = was + change;
    if shifted.is_nan() { shifted } else { shifted.clamp(0.0, 100.0) }
}

/// Means of temperature month by month, over the hours and days that are known.
fn months_of_today(today: &WeatherHours<'_>) -> [Today; 12] {
    let mut hours = [Mean::default(); 12];
    let (mut greatest, mut least) = (hours, hours);
    for day in 0..DAYS {
        let month = month_of_day(day);
        let slots = day * HOURS_OF_DAY..(day + 1) * HOURS_OF_DAY;
        let of_day: Vec<f64> = slots.map(|slot| today.hour(Variable::TempAir, slot)).collect();
        of_day.iter().for_each(|&hour| hours[month].add(hour));
        if of_day.iter().all(|hour| !hour.is_nan()) {
            greatest[month].add(of_day.iter().copied().fold(f64::NEG_INFINITY, f64::max));
            least[month].add(of_day.iter().copied().fold(f64::INFINITY, f64::min));
        }
    }
    std::array::from_fn(|month| Today {
        mean: hours[month].value(),
        range: greatest[month].value() - least[month].value(),
    })
}

/// A mean of what is known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Mean {
    sum: f64,
    n_values: f64,
}

impl Mean {
    fn add(&mut self, value: f64) {
        if !value.is_nan() {
            self.sum += value;
            self.n_values += 1.0;
        }
    }
    fn value(self) -> f64 {
        self.sum / self.n_values
    }
}

#[cfg(test)]
mod tests;
