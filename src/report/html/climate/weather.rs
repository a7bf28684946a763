//! The year of hours that other stages take.

use super::super::markup::{Cell, Html, section as page_section, table};
use crate::error::Error;
use crate::report::climate::hours::{MONTHS, WeatherHours, has_hours, hour_text};
use crate::report::numbers;
use crate::store::read::RunReader;

/// Its figures and its months; nothing where the run has no such year.
pub fn section(run: &RunReader) -> Result<Html, Error> {
    if !has_hours(run) {
        return Ok(Html::new());
    }
    let year = WeatherHours::read(run)?;
    let months = year.month_years.as_ref();
    let text = "A year of hours was made of the projection, in local standard time, for the sun on buildings, their energy \
                and other programs. It is a year of this climate and no forecast.";
    let rows = figures(&year).into_iter().map(|(what, value, unit, meaning)| {
        vec![Cell::Words(what.to_owned()), Cell::Number(value), Cell::Words(unit.to_owned()), Cell::Words(meaning)]
    });
    let body = Html::new().paragraph(text);
    let body = body.with(table("The year of hours", &["Figure", "Value", "Unit", "Meaning"], rows.collect()));
    let rows = MONTHS.iter().enumerate().map(|(month, name)| {
        let hours = WeatherHours::of_month(month);
        let temperature = &year.temperature[hours.clone()];
        let ends = [extreme(temperature, f64::min), extreme(temperature, f64::max)];
        let mut row = vec![Cell::Words((*name).to_owned())];
        row.extend(months.map(|years| Cell::Words(years[month].clone())));
        row.extend([mean(temperature), ends[0], ends[1]].map(|value| Cell::Number(numbers::fixed(value, 1))));
        row.push(Cell::Number(numbers::fixed(kwh(&year.ghi[hours]), 0)));
        row
    });
    let mut headings = vec!["Month"];
    headings.extend(months.map(|_| "Taken from the year"));
    headings.extend(["Mean temperature, °C", "Lowest, °C", "Highest, °C", "Sun on level ground, kWh/m²"]);
    let body = body.with(table("Months of the year of hours", &headings, rows.collect()));
    Ok(page_section("climate-weather", "The year of hours", body))
}

fn figures(year: &WeatherHours) -> Vec<(&'static str, String, &'static str, String)> {
    let place = |end: f64| {
        let hour = year.temperature.iter().position(|value| *value == end);
        hour.map_or_else(String::new, |hour| format!("hour that ends {}", hour_text(hour)))
    };
    let (lowest, highest) = (extreme(&year.temperature, f64::min), extreme(&year.temperature, f64::max));
    let one = |value| numbers::fixed(value, 1);
    vec![
        ("Mean temperature", one(mean(&year.temperature)), "°C", "of all hours".to_owned()),
        ("Hottest hour", one(highest), "°C", place(highest)),
        ("Coldest hour", one(lowest), "°C", place(lowest)),
        ("Sun on level ground", numbers::fixed(kwh(&year.ghi), 0), "kWh/m²", "global radiation of the year".to_owned()),
    ]
}

fn finite(values: &[f64]) -> impl Iterator<Item = f64> + '_ {
    values.iter().copied().filter(|value| value.is_finite())
}

fn mean(values: &[f64]) -> f64 {
    let (sum, n) = finite(values).fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
    if n == 0 { f64::NAN } else { sum / f64::from(n) }
}

fn extreme(values: &[f64], further: fn(f64, f64) -> f64) -> f64 {
    finite(values).reduce(further).unwrap_or(f64::NAN)
}

/// Hours of W/m² as kWh/m²; nothing where no hour is known.
fn kwh(watts: &[f64]) -> f64 {
    let known = finite(watts).next().is_some();
    if known { finite(watts).sum::<f64>() / 1000.0 } else { f64::NAN }
}
