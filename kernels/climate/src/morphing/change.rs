//! How the climate of each month changes.

use super::{Mean, MorphingError};
use crate::days::Days;
use crate::hourly::{DailyWeather, Day};
use crate::sample::Sample;

/// Changes of the twelve months, January first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthlyChange {
    /// Month by month.
    pub months: [MonthChange; 12],
}

/// How a month changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthChange {
    /// Mean temperature: what is added (K).
    pub mean: f64,
    /// Mean range of the days' temperature, greatest less least: what is added (K).
    pub range: f64,
    /// Relative humidity: what is added (percentage points).
    pub relative_humidity: f64,
    /// Pressure: what is added (Pa).
    pub pressure: f64,
    /// Global irradiance: the ratio (≥ 0).
    pub ghi: f64,
    /// Wind speed: the ratio (≥ 0).
    pub wind_speed: f64,
}

impl MonthChange {
    /// Nothing changes.
    pub const NONE: MonthChange =
        MonthChange { mean: 0.0, range: 0.0, relative_humidity: 0.0, pressure: 0.0, ghi: 1.0, wind_speed: 1.0 };
}

impl MonthlyChange {
    /// From the climate of `reference` to that of `future`, both adjusted daily series of the same cell beside their days.
    ///
    /// Means are those of all known days of a month in all years. A variable that either of the two lacks does not change, and
    /// neither does one that is 0 in all the month today, as radiation in a polar night is. `pressure` (Pa) serves to know
    /// relative from specific humidity without `ps`.
    ///
    /// # Errors
    /// Series of unlike lengths, a month without a day that is known.
    pub fn between<T: Sample>(
        reference: (&Days, &DailyWeather<'_, T>),
        future: (&Days, &DailyWeather<'_, T>),
        pressure: f64,
    ) -> Result<MonthlyChange, MorphingError> {
        let before = monthly(reference, pressure, "reference")?;
        let after = monthly(future, pressure, "future")?;
        let added = |from: Option<f64>, to: Option<f64>| from.zip(to).map_or(0.0, |(from, to)| to - from);
        let ratio = |from: Option<f64>, to: Option<f64>| match from.zip(to) {
            Some((from, to)) if from > 0.0 => to / from,
            _ => 1.0,
        };
        let months = std::array::from_fn(|month| {
            let (from, to) = (&before[month], &after[month]);
            let range = |day: &Day| day.greatest.zip(day.least).map(|(greatest, least)| greatest - least);
            MonthChange {
                mean: to.mean - from.mean,
                range: added(range(from), range(to)),
                relative_humidity: added(from.relative_humidity, to.relative_humidity),
                pressure: added(from.pressure, to.pressure),
                ghi: ratio(from.ghi, to.ghi),
                wind_speed: ratio(from.wind_speed, to.wind_speed),
            }
        });
        Ok(MonthlyChange { months })
    }
}

/// What a variable is called and how a day has it.
type Reading = (&'static str, fn(&Day) -> Option<f64>);

/// All variables, in the order of [`mean_day`].
const READINGS: [Reading; 7] = [
    ("tas", |day| Some(day.mean)),
    ("tasmin", |day| day.least),
    ("tasmax", |day| day.greatest),
    ("rsds", |day| day.ghi),
    ("hurs", |day| day.relative_humidity),
    ("sfcWind", |day| day.wind_speed),
    ("ps", |day| day.pressure),
];

/// The mean day of each month.
fn monthly<T: Sample>(
    (days, daily): (&Days, &DailyWeather<'_, T>),
    pressure: f64,
    period: &'static str,
) -> Result<[Day; 12], MorphingError> {
    daily.check_length(days.len())?;
    let mut means = [[None::<Mean>; READINGS.len()]; 12];
    for (index, date) in days.dates().iter().enumerate() {
        let day = daily.day(index, pressure);
        for (mean, (_, value)) in means[usize::from(date.month) - 1].iter_mut().zip(READINGS) {
            if let Some(value) = value(&day) {
                mean.get_or_insert_default().add(value);
            }
        }
    }
    let is_empty = |mean: &Option<Mean>| mean.is_some_and(|mean| mean.n_values == 0.0);
    for (month, means) in means.iter().enumerate() {
        let empty = if means[0].is_none() { Some(0) } else { means.iter().position(is_empty) };
        if let Some(variable) = empty {
            return Err(MorphingError::EmptyMonth { what: READINGS[variable].0, month: month + 1, period });
        }
    }
    Ok(means.map(|means| mean_day(&means.map(|mean| mean.map(Mean::value)))))
}

fn mean_day(&[mean, least, greatest, ghi, relative_humidity, wind_speed, pressure]: &[Option<f64>; 7]) -> Day {
    let mean = mean.expect("a month without temperature was refused");
    Day { mean, least, greatest, ghi, relative_humidity, wind_speed, pressure }
}
