//! The year of hours of a finished run, month by month.

use crate::error::Error;
use crate::field::{FieldSpec, climate as field};
use crate::formats::weather::HOURS;
use crate::report::energy::misfit;
use crate::stages::Metric;
use crate::store::read::RunReader;

/// Days of each month of the year of hours.
const MONTH_DAYS: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// Names of months.
pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A year of hours.
#[derive(Debug, Clone, PartialEq)]
pub struct WeatherHours {
    /// Air temperature of each hour (°C).
    pub temperature: Vec<f64>,
    /// Global horizontal irradiance of each hour (W/m²).
    pub ghi: Vec<f64>,
    /// Year that each month is from, where the run tells.
    pub month_years: Option<Vec<String>>,
}

/// Whether a run has a year of hours.
pub fn has_hours(run: &RunReader) -> bool {
    run.has_field(&field::WEATHER_GHI)
}

impl WeatherHours {
    /// The year of hours of a run that has one.
    ///
    /// # Errors
    /// It is not one of 8760 hours.
    pub fn read(run: &RunReader) -> Result<WeatherHours, Error> {
        let hours = |spec: &FieldSpec| -> Result<Vec<f64>, Error> {
            let values = run.numbers_of(spec)?;
            match values.shape() == [HOURS] {
                true => Ok(values.into_iter().collect()),
                false => Err(misfit(run, spec, format!("has shape {:?} instead of [{HOURS}]", values.shape()))),
            }
        };
        let month_years = match run.report().metric("weather_years_of_months") {
            Some(Metric::Text(text)) => Some(text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()),
            _ => None,
        };
        Ok(WeatherHours {
            temperature: hours(&field::WEATHER_TEMP_AIR)?,
            ghi: hours(&field::WEATHER_GHI)?,
            month_years: month_years.filter(|years| years.len() == MONTHS.len()),
        })
    }

    /// Hours of a month.
    pub fn of_month(month: usize) -> std::ops::Range<usize> {
        let first: usize = MONTH_DAYS[..month].iter().sum();
        first * 24..(first + MONTH_DAYS[month]) * 24
    }
}

/// The end of an hour of the year, as people write it.
pub fn hour_text(hour: usize) -> String {
    let mut day = hour / 24;
    for (name, days) in MONTHS.iter().zip(MONTH_DAYS) {
        if day < days {
            return format!("{} {name}, {}:00", day + 1, hour % 24 + 1);
        }
        day -= days;
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_end_within_their_day() {
        assert_eq!(
            [0, 23, 24, HOURS - 1].map(hour_text),
            ["1 Jan, 1:00", "1 Jan, 24:00", "2 Jan, 1:00", "31 Dec, 24:00"]
        );
        // 31 + 28 days end with February.
        assert_eq!((hour_text(59 * 24), WeatherHours::of_month(2)), ("1 Mar, 1:00".to_owned(), 1416..2160));
        assert_eq!(WeatherHours::of_month(11).end, HOURS);
    }
}
