//! Maps of indices: cells or places in the colours of their classes, with their numbers where there is room.

use conurb_climate::indices::Index;

use super::super::markup::{Cell, Html, section as page_section, table};
use super::Told;
use crate::error::Error;
use crate::field::climate_indices::{self, Told as ToldOf};
use crate::report::climate::cells::{Of, Sites};
use crate::report::climate::words::{label, unit, value_text};
use crate::report::climate::years_text;
use crate::report::numbers;
use crate::report::palette::{ColourScale, MISSING, Rgb, hex};
use crate::store::read::RunReader;

/// Of each of these the first that differs from place to place is drawn.
const DRAWN: [&[Index]; 2] = [
    &[Index::TropicalNights, Index::HotDays, Index::SummerDays, Index::MeanTemperature, Index::HottestDay],
    &[Index::TotalPrecipitation, Index::WettestDay],
];
/// Width and greatest height of a drawing, and room around it.
const WIDTH: f64 = 960.0;
const MAX_HEIGHT: f64 = 620.0;
const EDGE: f64 = 24.0;
/// Greatest height of a cell, so that few of them do not fill the page.
const HIGHEST_CELL: f64 = 90.0;
/// Cells or places that are drawn at most; of more only some are.
const MOST_DRAWN: usize = 20_000;
/// Narrowest cell that has room for its number.
const WIDE_ENOUGH: f64 = 38.0;
/// Points that have their names beside them, at most.
const MOST_NAMED: usize = 40;

/// Maps of the last period; nothing where there are no two places.
pub fn section(run: &RunReader, told: &Told<'_>) -> Result<Html, Error> {
    let sites = Sites::read(run, told.projections)?;
    if sites.len() < 2 {
        return Ok(Html::new());
    }
    let mut body = Html::new();
    for kind in DRAWN {
        for &index in kind {
            let spec = climate_indices::index(index, sites.told(told.projections.axes));
            if !told.projections.indices.contains(&index) || !run.has_field(&spec) {
                continue;
            }
            let (values, of) = shown(run, told, &sites, index)?;
            if differ(&values) {
                body = body.with(figure(&sites, index, &values, &of));
                break;
            }
        }
    }
    Ok(if body == Html::new() { body } else { page_section("climate-map", "Where in the city", body) })
}

/// Values of the last period and the last emission scenario, by its models together or by its first model; and in words which.
fn shown(run: &RunReader, told: &Told<'_>, sites: &Sites, index: Index) -> Result<(Vec<f64>, String), Error> {
    let projections = told.projections;
    let period = projections.periods.len() - 1;
    let emission = projections.emissions.len() - 1;
    let years = years_text(projections.periods[period]);
    let median = climate_indices::index(index, ToldOf::Percentile50(projections.axes));
    if sites.of == Of::Cells && run.has_field(&median) {
        let values = sites.values(run, &median, [period, emission])?;
        return Ok((values, format!("{years}, {}, median of the models", projections.emissions[emission])));
    }
    let first = projections.simulations_of(emission).next().unwrap_or(0);
    let spec = climate_indices::index(index, sites.told(projections.axes));
    Ok((sites.values(run, &spec, [period, first])?, format!("{years}, {}", projections.name(first))))
}

fn differ(values: &[f64]) -> bool {
    let mut finite = values.iter().filter(|value| value.is_finite());
    finite.next().is_some_and(|first| finite.any(|value| value != first))
}

fn figure(sites: &Sites, index: Index, values: &[f64], of: &str) -> Html {
    let scale = ColourScale::of(values.iter().copied());
    let drawn = drawn(sites);
    let what = if sites.of == Of::Cells { "cells of the climate" } else { "places of the city" };
    let summary = format!("Map of {}, {of}", label(index).to_lowercase());
    let mut html = Html::new().raw("<figure class=\"roofs\">\n");
    html = html.with(drawing(sites, &drawn, (index, values), &scale, &summary));
    let text = format!(
        "{} ({}), {of}, at {what}; north is up. Colours go from dark for little to light for much; grey has no value. Point \
         at one for its value.",
        label(index),
        unit(index)
    );
    html = html.raw("<figcaption>").text(&text).raw("</figcaption>\n");
    if drawn.len() < sites.len() {
        let text = format!(
            "Only {} of {} are drawn, evenly spread; climate.nc and the exports have all of them.",
            numbers::count(drawn.len() as u64),
            numbers::count(sites.len() as u64)
        );
        html = html.raw("<p class=\"notice\">").text(&text).raw("</p>\n");
    }
    html.with(legend(index, &scale, values, what)).raw("</figure>\n")
}

/// Those that are drawn: all, or every n-th row and column, or every n-th point.
fn drawn(sites: &Sites) -> Vec<usize> {
    let all = 0..sites.len();
    if sites.len() <= MOST_DRAWN {
        return all.collect();
    }
    let share = sites.len().div_ceil(MOST_DRAWN);
    match sites.side {
        None => all.step_by(share).collect(),
        Some(_) => {
            let step = (share as f64).sqrt().ceil();
            all.filter(|&site| sites.at[site].iter().all(|place| place % step == 0.0)).collect()
        }
    }
}

fn drawing(
    sites: &Sites,
    drawn: &[usize],
    (index, values): (Index, &[f64]),
    scale: &ColourScale,
    summary: &str,
) -> Html {
    let ends = |axis: usize| {
        let start = (f64::INFINITY, f64::NEG_INFINITY);
        drawn.iter().map(|&site| sites.at[site][axis]).fold(start, |(low, high), at| (low.min(at), high.max(at)))
    };
    let ((west, east), (north, south)) = (ends(0), ends(1));
    let step = (sites.len() as f64 / drawn.len().max(1) as f64).sqrt().ceil();
    let [wide, high] = sites.side.unwrap_or([1.0, 1.0]);
    let more = if sites.side.is_some() { step } else { 0.0 };
    let (across, down) = (((east - west + more) * wide).max(1e-9), ((south - north + more) * high).max(1e-9));
    let fitting = ((WIDTH - 2.0 * EDGE) / across).min((MAX_HEIGHT - 2.0 * EDGE) / down);
    let size = if sites.side.is_some() { fitting.min(HIGHEST_CELL / high) } else { fitting };
    let left = (WIDTH - across * size) / 2.0;
    let mut svg = Html::new().raw("<svg viewBox=\"0 0 960 ").coordinate(down * size + 2.0 * EDGE);
    svg = svg.raw("\" role=\"img\" aria-label=\"").text(summary).raw("\">\n<title>").text(summary).raw("</title>\n");
    let names_fit = drawn.len() <= MOST_NAMED;
    for &site in drawn {
        let [x, y] = sites.at[site];
        let place = [left + (x - west) * wide * size, EDGE + (y - north) * high * size];
        let class = scale.class_of(values[site]);
        let mark = Mark {
            fill: class.map_or(MISSING, |class| scale.colour(class)),
            words: format!("{}: {} {}", sites.names[site], value_text(index, values[site]), unit(index)),
            value: value_text(index, values[site]),
        };
        svg = match sites.side {
            Some(_) => cell(svg, place, [wide, high].map(|side| side * step * size), &mark),
            None => point(svg, place, &mark, names_fit.then_some(&sites.names[site])),
        };
    }
    svg.raw("</svg>\n")
}

struct Mark {
    fill: Rgb,
    words: String,
    value: String,
}

fn cell(svg: Html, [x, y]: [f64; 2], [width, height]: [f64; 2], mark: &Mark) -> Html {
    let svg = svg.raw("<rect x=\"").coordinate(x).raw("\" y=\"").coordinate(y).raw("\" width=\"").coordinate(width);
    let svg = svg.raw("\" height=\"").coordinate(height).raw("\" fill=\"").text(&hex(mark.fill)).raw("\"><title>");
    let svg = svg.text(&mark.words).raw("</title></rect>\n");
    if width < WIDE_ENOUGH || height < WIDE_ENOUGH / 2.0 {
        return svg;
    }
    let svg = svg.raw(if is_dark(mark.fill) {
        "<text class=\"middle on-dark\" x=\""
    } else {
        "<text class=\"middle on-light\" x=\""
    });
    let svg = svg.coordinate(x + width / 2.0).raw("\" y=\"").coordinate(y + height / 2.0 + 4.0).raw("\">");
    svg.text(&mark.value).raw("</text>\n")
}

fn point(svg: Html, [x, y]: [f64; 2], mark: &Mark, name: Option<&String>) -> Html {
    let svg = svg.raw("<circle class=\"place\" r=\"7\" cx=\"").coordinate(x).raw("\" cy=\"").coordinate(y);
    let svg = svg.raw("\" style=\"fill:").text(&hex(mark.fill)).raw("\"><title>").text(&mark.words);
    let svg = svg.raw("</title></circle>\n");
    let Some(name) = name else { return svg };
    // Names of the eastern half stand to the west of their places, within the drawing.
    let is_east = x > WIDTH / 2.0;
    let svg = svg.raw(if is_east { "<text class=\"end\" x=\"" } else { "<text class=\"start\" x=\"" });
    let svg = svg.coordinate(if is_east { x - 11.0 } else { x + 11.0 }).raw("\" y=\"").coordinate(y + 4.0).raw("\">");
    svg.text(&format!("{name}: {}", mark.value)).raw("</text>\n")
}

/// Whether light words read better on a colour, by its share of the brightness of white (Rec. 709).
fn is_dark([red, green, blue]: Rgb) -> bool {
    0.2126 * f64::from(red) + 0.7152 * f64::from(green) + 0.0722 * f64::from(blue) < 128.0
}

fn legend(index: Index, scale: &ColourScale, values: &[f64], what: &str) -> Html {
    let row = |class: Option<usize>| {
        let count = values.iter().filter(|value| scale.class_of(**value) == class).count();
        let colour = hex(class.map_or(MISSING, |class| scale.colour(class)));
        let label = class.map_or_else(|| "no value".to_owned(), |class| scale.label(class));
        let swatch = Html::new().raw("<span class=\"swatch\" style=\"background:").text(&colour).raw("\"></span> ");
        vec![Cell::Piece(swatch.text(&label)), Cell::Number(numbers::count(count as u64))]
    };
    let mut rows: Vec<Vec<Cell>> = (0..scale.n_classes()).rev().map(|class| row(Some(class))).collect();
    if values.iter().any(|value| scale.class_of(*value).is_none()) {
        rows.push(row(None));
    }
    let caption = format!("{}, {}", label(index), unit(index));
    let count = format!("Number of {what}");
    Html::new().raw("<div class=\"legend\">").with(table(&caption, &["Class", &count], rows)).raw("</div>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(rows: usize, columns: usize) -> Sites {
        let at = (0..rows * columns).map(|cell| [(cell % columns) as f64, (cell / columns) as f64]);
        let names = (0..rows * columns).map(|cell| cell.to_string());
        Sites {
            of: Of::Cells,
            at: at.collect(),
            side: Some([1.0, 1.0]),
            names: names.collect(),
            shape: vec![rows, columns],
        }
    }

    #[test]
    fn of_very_many_cells_some_are_drawn() {
        assert_eq!(drawn(&cells(100, 200)).len(), 20_000);
        // 40,000 cells: every second row and column.
        let sites = cells(200, 200);
        let few = drawn(&sites);
        assert_eq!((few.len(), few[1], few[100]), (10_000, 2, 400));
    }

    #[test]
    fn values_that_are_all_the_same_are_no_map() {
        assert!(differ(&[f64::NAN, 1.0, 2.0]));
        assert!(!differ(&[f64::NAN, 1.0, 1.0]) && !differ(&[f64::NAN]) && !differ(&[]));
    }
}
