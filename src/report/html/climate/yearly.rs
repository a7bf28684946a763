//! Indices of the city year by year.

use conurb_climate::indices::Index;

use super::super::markup::{Cell, Html, section as page_section, table};
use super::Told;
use super::headline::has_ensembles;
use super::plot::{Line, Plot, key};
use crate::report::climate::city::CityIndex;
use crate::report::climate::words::{label, unit, value_text};
use crate::report::climate::years_text;

/// Of each of these the first that the run has is drawn.
const DRAWN: [&[Index]; 3] = [
    &[Index::MeanTemperature, Index::HottestDay, Index::ColdestNight],
    &[Index::TropicalNights, Index::HotDays, Index::SummerDays],
    &[Index::TotalPrecipitation],
];

/// A chart for each kind of index; nothing where there is none.
pub fn section(told: &Told<'_>) -> Html {
    let mut body = Html::new();
    for kind in DRAWN {
        let found = kind.iter().find_map(|wanted| told.indices.iter().find(|city| city.index == *wanted));
        if let Some(city) = found {
            body = body.with(figure(told, city));
        }
    }
    if body == Html::new() { body } else { page_section("climate-years", "Year by year", body) }
}

fn figure(told: &Told<'_>, city: &CityIndex) -> Html {
    let lines = lines(told, city);
    let Some(plot) = Plot::around(&lines) else { return Html::new() };
    let name = label(city.index);
    let caption = if has_ensembles(told) {
        format!(
            "{name}, mean of the city in each year: the median of the models, and between their 10th and 90th percentiles."
        )
    } else {
        format!("{name}, mean of the city in each year.")
    };
    let drawing = plot.drawing(&format!("{name} by year"), unit(city.index), &lines);
    let html = Html::new().raw("<figure class=\"chart\">\n").with(drawing).raw("<figcaption>").text(&caption);
    let html = html.raw("</figcaption>\n").with(key(&lines)).raw("</figure>\n");
    html.raw("<details><summary>The same as a table</summary>\n").with(as_table(city, &lines)).raw("</details>\n")
}

/// The reference, and a line for each emission scenario.
fn lines(told: &Told<'_>, city: &CityIndex) -> Vec<Line> {
    let (projections, years) = (told.projections, told.years);
    let reference = years.of_period[0].iter();
    let reference = reference.map(|&place| (years.years[place], city.yearly[[0, place]], [f64::NAN; 2]));
    let name = format!("reference, {}", years_text(projections.periods[0]));
    let mut lines = vec![Line { name, points: reference.collect() }];
    let mut places: Vec<usize> = years.of_period[1..].iter().flatten().copied().collect();
    places.sort_unstable_by_key(|&place| (years.years[place], place));
    places.dedup();
    for (emission, name) in projections.emissions.iter().enumerate() {
        let points = places.iter().map(|&place| {
            let spread = city.spread_of_year(projections, place, emission);
            (years.years[place], spread.median, [spread.low, spread.high])
        });
        lines.push(Line { name: name.clone(), points: points.collect() });
    }
    lines
}

fn as_table(city: &CityIndex, lines: &[Line]) -> Html {
    let mut years: Vec<i32> = lines.iter().flat_map(|line| &line.points).map(|(year, ..)| *year).collect();
    years.sort_unstable();
    years.dedup();
    let rows = years.into_iter().map(|year| {
        let cell = |line: &Line| {
            let point = line.points.iter().find(|(of, ..)| *of == year);
            let text = point.map_or_else(String::new, |(_, value, [low, high])| {
                let value = value_text(city.index, *value);
                match low.is_finite() {
                    true => format!("{value} ({} to {})", value_text(city.index, *low), value_text(city.index, *high)),
                    false => value,
                }
            });
            Cell::Number(text)
        };
        std::iter::once(Cell::Words(year.to_string())).chain(lines.iter().map(cell)).collect()
    });
    let caption = format!("{} of the city by year, {}", label(city.index), unit(city.index));
    let headings: Vec<&str> = ["Year"].into_iter().chain(lines.iter().map(|line| line.name.as_str())).collect();
    table(&caption, &headings, rows.collect())
}
