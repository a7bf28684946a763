//! What the climate will be like, in the figures that a planner asks for.

use conurb_climate::indices::Index;

use super::super::markup::{Cell, Html, section as page_section, table};
use super::Told;
use crate::field::climate::CellAxes;
use crate::report::climate::city::{CityIndex, Spread};
use crate::report::climate::words::{change_text, label, unit, value_text};
use crate::report::climate::years_text;
use crate::report::numbers;

/// The indices of the first tables, in their order.
const SHOWN: [Index; 15] = [
    Index::MeanTemperature,
    Index::HottestDay,
    Index::TropicalNights,
    Index::SummerDays,
    Index::HotDays,
    Index::HeatWaveDays,
    Index::WarmSpellDays,
    Index::FrostDays,
    Index::HeatingDegreeDays,
    Index::CoolingDegreeDays,
    Index::TotalPrecipitation,
    Index::WetDays,
    Index::WettestDay,
    Index::WettestFiveDays,
    Index::LongestDrySpell,
];
/// Indices that sentences are about, with what they are called in a sentence.
const IN_WORDS: [(Index, &str); 4] = [
    (Index::TropicalNights, "tropical nights"),
    (Index::HotDays, "hot days"),
    (Index::HeatWaveDays, "days in heat waves"),
    (Index::FrostDays, "frost days"),
];

/// Sentences and a table for each period; nothing where the run has no indices.
pub fn section(told: &Told<'_>) -> Html {
    if told.indices.is_empty() {
        return Html::new();
    }
    let projections = told.projections;
    let mut body = Html::new().raw("<ul>\n");
    for period in 1..projections.periods.len() {
        for emission in 0..projections.emissions.len() {
            body = body.raw("<li>").text(&sentence(told, period, emission)).raw("</li>\n");
        }
    }
    body = body.raw("</ul>\n");
    for period in 1..projections.periods.len() {
        body = body.with(period_table(told, period));
    }
    let mean = match (told.limits.is_over_people(), projections.axes) {
        (true, _) => "Figures are means over the inhabitants of the city",
        (false, CellAxes::Grid) => "Figures are means over all cells by their area",
        (false, CellAxes::Places) => "Figures are means over all places",
    };
    let mut text = format!("{mean}, and over the years of each period. Changes are against the reference.");
    if has_ensembles(told) {
        text += " Where there are several models, a figure is their median; in brackets are the 10th and the 90th \
                 percentile. The last figure is the share of the models whose change goes the way of the median’s.";
    }
    page_section("climate", "What the climate will be like", body.paragraph(&text))
}

/// Whether an emission scenario has several models.
pub fn has_ensembles(told: &Told<'_>) -> bool {
    (0..told.projections.emissions.len()).any(|emission| told.projections.simulations_of(emission).nth(1).is_some())
}

fn sentence(told: &Told<'_>, period: usize, emission: usize) -> String {
    let projections = told.projections;
    let find = |wanted: Index| told.indices.iter().find(|city| city.index == wanted);
    let spread = |city: &CityIndex| city.spread(projections, period, emission);
    let mut clauses = Vec::new();
    if let Some(city) = find(Index::MeanTemperature).or_else(|| find(Index::HottestDay)) {
        let change = change_text(city.index, spread(city).median - city.reference());
        clauses.push(format!("{} {change} K", label(city.index).to_lowercase()));
    }
    for (index, words) in IN_WORDS {
        let Some(city) = find(index) else { continue };
        let (now, then) = (city.reference(), spread(city));
        // What neither is nor will be needs no words.
        if now.max(then.median) > 0.05 {
            let before = value_text(index, now);
            clauses.push(format!("{} {words} a year instead of {before}", with_range(index, &then)));
        }
    }
    if let Some(city) = find(Index::WettestDay) {
        let change = spread(city).median / city.reference() - 1.0;
        clauses.push(format!("precipitation of the wettest day {}", percent(change)));
    }
    let [years, reference] = [period, 0].map(|period| years_text(projections.periods[period]));
    let emission = &projections.emissions[emission];
    if clauses.is_empty() {
        return format!("{years}, {emission}: see the table.");
    }
    format!("{years}, {emission}, against {reference}: {}.", clauses.join("; "))
}

/// A share as a whole percentage with its sign.
fn percent(share: f64) -> String {
    let rounded = (100.0 * share).round();
    if rounded.is_finite() { format!("{} %", numbers::difference(rounded)) } else { numbers::number(f64::NAN) }
}

fn with_range(index: Index, spread: &Spread) -> String {
    let middle = value_text(index, spread.median);
    match spread.low.is_finite() {
        true => format!("{middle} ({} to {})", value_text(index, spread.low), value_text(index, spread.high)),
        false => middle,
    }
}

fn period_table(told: &Told<'_>, period: usize) -> Html {
    let projections = told.projections;
    let emissions = || (0..projections.emissions.len()).zip(&projections.emissions);
    let has_models = has_ensembles(told);
    let mut headings = vec!["Figure".to_owned(), "Unit".to_owned(), years_text(projections.periods[0])];
    for (_, name) in emissions() {
        headings.push(format!("{}, {name}", years_text(projections.periods[period])));
        headings.push("Change".to_owned());
        headings.extend(has_models.then(|| "Agreement".to_owned()));
    }
    headings.push("Meaning".to_owned());
    let shown = SHOWN.iter().filter_map(|wanted| told.indices.iter().find(|city| city.index == *wanted));
    let rows = shown.map(|city| {
        let index = city.index;
        let mut row = vec![
            Cell::Words(label(index).to_owned()),
            Cell::Words(unit(index).to_owned()),
            Cell::Number(value_text(index, city.reference())),
        ];
        for (emission, _) in emissions() {
            let spread = city.spread(projections, period, emission);
            row.push(Cell::Number(with_range(index, &spread)));
            row.push(Cell::Number(change_text(index, spread.median - city.reference())));
            row.extend(has_models.then(|| Cell::Number(agreement(&spread))));
        }
        row.push(Cell::Words(told.limits.meaning(index)));
        row
    });
    let caption = format!(
        "The city in {} and, as the reference, in {}",
        years_text(projections.periods[period]),
        years_text(projections.periods[0])
    );
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    table(&caption, &headings, rows.collect())
}

fn agreement(spread: &Spread) -> String {
    match spread.agreement.is_finite() {
        true => format!("{} % of {}", numbers::fixed(100.0 * spread.agreement, 0), spread.n_models),
        false => numbers::number(f64::NAN),
    }
}
