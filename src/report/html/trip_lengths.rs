//! How long trips are, by distance and by travel time.

use ndarray::{Array2, Ix2};

use super::frame::Frame;
use super::groups::span;
use super::markup::{Cell, Html, section, table};
use crate::error::Error;
use crate::field::{FieldSpec, traffic};
use crate::report::numbers;
use crate::report::period::{misfit, sum_of_day};
use crate::store::read::RunReader;

const HEIGHT: f64 = 260.0;

/// One distribution: its fields and how people read it.
struct Distribution {
    bins: &'static FieldSpec,
    trips: &'static FieldSpec,
    /// SI units per unit that people read.
    scale: f64,
    unit: &'static str,
    axis: &'static str,
    caption: &'static str,
}

const DISTRIBUTIONS: [Distribution; 2] = [
    Distribution {
        bins: &traffic::TRIP_LENGTH_BIN,
        trips: &traffic::TRIP_LENGTH_TRIPS,
        scale: 1000.0,
        unit: "km",
        axis: "length, km",
        caption: "Trips by length of the least-cost path",
    },
    Distribution {
        bins: &traffic::TRIP_TIME_BIN,
        trips: &traffic::TRIP_TIME_TRIPS,
        scale: 60.0,
        unit: "min",
        axis: "travel time, minutes",
        caption: "Trips by travel time of the least-cost path",
    },
];

/// Trips by length and by time; nothing where the run has neither.
pub fn trip_lengths_section(run: &RunReader) -> Result<Html, Error> {
    let mut body = Html::new();
    for distribution in DISTRIBUTIONS.iter().filter(|distribution| run.has(distribution.trips.name)) {
        body = body.with(distribution_part(run, distribution)?);
    }
    Ok(if body == Html::new() { body } else { section("trip-lengths", "Trip lengths", body) })
}

fn distribution_part(run: &RunReader, distribution: &Distribution) -> Result<Html, Error> {
    let starts: Vec<f64> = run.f64(distribution.bins.name)?.iter().map(|start| start / distribution.scale).collect();
    let classes = run.text(traffic::CLASS_NAME.name)?;
    let trips = sum_of_day(run, distribution.trips.name)?;
    if trips.shape() != [classes.len(), starts.len()] || starts.is_empty() {
        let name = distribution.trips.name;
        return Err(misfit(run, format!("field {name} does not fit {} bins", starts.len())));
    }
    let trips = trips.into_dimensionality::<Ix2>().expect("the shape was just checked");
    let Some(last) = (0..starts.len()).rev().find(|&bin| trips.column(bin).sum() > 0.0) else {
        return Ok(Html::new().paragraph("No trip between zones has a path."));
    };
    let ends: Vec<Option<f64>> = (0..=last).map(|bin| starts.get(bin + 1).copied()).collect();
    let words: Vec<String> =
        ends.iter().zip(&starts).map(|(end, start)| bin_words(*start, *end, distribution)).collect();
    let drawn = bars(distribution, (&starts, &words), &trips, span(run));
    let caption = format!(
        "{}, vehicles per {}; without trips that stay in their zone or have no path.",
        distribution.caption,
        span(run)
    );
    Ok(Html::new()
        .raw("<figure class=\"chart\">\n")
        .with(drawn)
        .raw("<figcaption>")
        .text(&caption)
        .raw("</figcaption>\n</figure>\n<details><summary>The same as a table</summary>\n")
        .with(bins_table(distribution, &classes, &words, &trips))
        .raw("</details>\n"))
}

fn bin_words(start: f64, end: Option<f64>, distribution: &Distribution) -> String {
    let unit = distribution.unit;
    match end {
        Some(end) => format!("{} to {} {unit}", numbers::number(start), numbers::number(end)),
        None => format!("{} {unit} and more", numbers::number(start)),
    }
}

/// A bar for each bin up to the last that has trips, all classes together; an open bin is as wide as the first.
fn bars(distribution: &Distribution, (starts, words): (&[f64], &[String]), trips: &Array2<f64>, span: &str) -> Html {
    let width = starts.get(1).map_or(1.0, |second| second - starts[0]);
    let end = |bin: usize| starts.get(bin + 1).copied().unwrap_or(starts[bin] + width);
    let sums: Vec<f64> = (0..words.len()).map(|bin| trips.column(bin).sum()).collect();
    let frame = Frame::new(HEIGHT, end(words.len() - 1), sums.iter().copied().fold(0.0, f64::max));
    let with_trips = sums.iter().enumerate().filter(|(_, sum)| **sum > 0.0);
    let drawn = with_trips.fold(Html::new(), |drawn, (bin, &sum)| {
        let words = format!("{}: {}", words[bin], numbers::number(sum));
        drawn.with(frame.bar((starts[bin], end(bin)), sum, &words))
    });
    frame.drawing(distribution.caption, (distribution.axis, &format!("vehicles per {span}")), drawn)
}

fn bins_table(distribution: &Distribution, classes: &[String], words: &[String], trips: &Array2<f64>) -> Html {
    let mut headings = vec![distribution.axis];
    headings.extend(classes.iter().map(String::as_str));
    let with_trips = words.iter().enumerate().filter(|(bin, _)| trips.column(*bin).sum() > 0.0);
    let rows = with_trips.map(|(bin, words)| {
        let mut row = vec![Cell::Words(words.clone())];
        row.extend(trips.column(bin).iter().map(|&trips| Cell::Number(numbers::number(trips))));
        row
    });
    table(distribution.caption, &headings, rows.collect())
}
