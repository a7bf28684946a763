//! What the feeder sees of each package, and how many connections may have a technology.

use ndarray::Array2;

use super::super::markup::{Cell, Html, section as page_section, table};
use super::megawatt_hours;
use crate::error::Error;
use crate::report::energy::feeder::{Feeder, quantile};
use crate::report::numbers;
use crate::store::read::RunReader;

/// Probabilities of the quantiles over draws, with their headings.
const QUANTILES: [(f64, &str); 5] =
    [(0.0, "Least"), (0.25, "25 % quantile"), (0.5, "Median"), (0.75, "75 % quantile"), (1.0, "Greatest")];

/// The section about the feeder; nothing where the run has none.
pub fn section(run: &RunReader) -> Result<Html, Error> {
    let Some(feeder) = Feeder::read(run)? else { return Ok(Html::new()) };
    let text = format!(
        "{} buses and {} lines. Voltages are hourly means over the nominal one: a screening, no statement by EN 50160.",
        numbers::count(feeder.buses.len() as u64),
        numbers::count(feeder.lines.len() as u64)
    );
    let body = Html::new().paragraph(&text).with(packages_table(&feeder)).with(hosting_table(&feeder));
    Ok(page_section("feeder", "What the feeder sees", body))
}

/// A row for each package, and a column for each field that the run has.
fn packages_table(feeder: &Feeder) -> Html {
    let mut headings = vec!["Package"];
    let mut rows: Vec<Vec<Cell>> = feeder.packages.iter().map(|name| vec![Cell::Words(name.clone())]).collect();
    let mut add = |heading: &'static str, is_there: bool, text: &dyn Fn(usize) -> String| {
        if is_there {
            headings.push(heading);
            rows.iter_mut().enumerate().for_each(|(package, row)| row.push(Cell::Number(text(package))));
        }
    };
    let bus = |place: usize| feeder.buses[place].clone();
    let line = |place: usize| feeder.line_name(place);
    let lowest = |package| extreme(&feeder.lowest, package, |one, other| one < other);
    let highest = |package| extreme(&feeder.highest, package, |one, other| one > other);
    let loading = |package| extreme(&feeder.loading, package, |one, other| one > other);
    let with_place = |found: Option<(usize, f64)>, text: fn(f64) -> String, name: &dyn Fn(usize) -> String| {
        found.map_or_else(|| numbers::number(f64::NAN), |(place, value)| format!("{} at {}", text(value), name(place)))
    };
    let voltage = |value: f64| numbers::fixed(value, 3);
    let percent = |value: f64| format!("{} %", numbers::fixed(100.0 * value, 1));
    add("Lowest voltage", feeder.lowest.is_some(), &|package| with_place(lowest(package), voltage, &bus));
    add("Highest voltage", feeder.highest.is_some(), &|package| with_place(highest(package), voltage, &bus));
    let figure = |figures: &Option<Vec<f64>>, package: usize| {
        numbers::number(figures.as_ref().map_or(f64::NAN, |figures| figures[package]))
    };
    add("Hours with a low voltage", feeder.hours_low.is_some(), &|package| figure(&feeder.hours_low, package));
    add("Hours with a high voltage", feeder.hours_high.is_some(), &|package| figure(&feeder.hours_high, package));
    add("Largest loading of a line", feeder.loading.is_some(), &|package| with_place(loading(package), percent, &line));
    add("Hours with a line above its rating", feeder.hours_overloaded.is_some(), &|package| {
        figure(&feeder.hours_overloaded, package)
    });
    let losses = |package: usize| feeder.losses.as_ref().map_or(f64::NAN, |losses| losses[package]);
    add("Losses, MWh", feeder.losses.is_some(), &|package| megawatt_hours(losses(package)));
    table("The feeder in a year, with each package of measures", &headings, rows)
}

/// The first of the values of a package that no other beats, with its place; none without values.
fn extreme(table: &Option<Array2<f64>>, package: usize, beats: impl Fn(f64, f64) -> bool) -> Option<(usize, f64)> {
    let row = table.as_ref()?.row(package);
    let known = row.iter().copied().enumerate().filter(|(_, value)| value.is_finite());
    known.reduce(|best, next| if beats(next.1, best.1) { next } else { best })
}

fn hosting_table(feeder: &Feeder) -> Html {
    if feeder.hosting.is_empty() {
        return Html::new();
    }
    let rows = feeder.hosting.iter().map(|(name, draws)| {
        let percent = |share: f64| match share.is_finite() {
            true => format!("{} %", numbers::fixed(100.0 * share, 1)),
            false => numbers::number(share),
        };
        let cells = QUANTILES.into_iter().map(|(probability, _)| Cell::Number(percent(quantile(draws, probability))));
        let first = [Cell::Words(name.replace('_', " ")), Cell::Number(numbers::count(draws.len() as u64))];
        first.into_iter().chain(cells).collect()
    });
    let headings: Vec<&str> =
        ["Technology", "Draws"].into_iter().chain(QUANTILES.into_iter().map(|(_, heading)| heading)).collect();
    table("Share of connections that may have a technology before a limit is broken", &headings, rows.collect())
        .paragraph("A draw is a random order in which connections get the technology; quantiles are over draws.")
}
