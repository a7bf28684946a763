//! Every index by period and simulation.

use super::super::markup::{Cell, Html, section as page_section, table};
use super::Told;
use crate::report::climate::words::{label, unit, value_text};
use crate::report::climate::years_text;

/// Simulations that the table has at most; more columns could not be read.
const MOST_SIMULATIONS: usize = 24;

/// The table, folded; nothing where the run has no indices.
pub fn section(told: &Told<'_>) -> Html {
    if told.indices.is_empty() {
        return Html::new();
    }
    let projections = told.projections;
    let n_shown = projections.n_simulations().min(MOST_SIMULATIONS);
    let names: Vec<String> = (0..n_shown).map(|simulation| projections.name(simulation)).collect();
    let headings: Vec<&str> = ["Figure", "Unit", "Years"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let rows = told.indices.iter().flat_map(|city| {
        projections.periods.iter().enumerate().map(|(period, &years)| {
            let first = [label(city.index), unit(city.index)].map(|word| Cell::Words(word.to_owned()));
            let values =
                (0..n_shown).map(|simulation| Cell::Number(value_text(city.index, city.means[[period, simulation]])));
            first.into_iter().chain([Cell::Words(years_text(years))]).chain(values).collect()
        })
    });
    let caption = "Means of the city by period and simulation; the first years of each are those of the reference";
    let mut body = Html::new();
    if n_shown < projections.n_simulations() {
        let text = format!(
            "The table has {n_shown} of {} simulations; the export as CSV has all of them.",
            projections.n_simulations()
        );
        body = body.paragraph(&text);
    }
    let body = body.raw("<details><summary>The table</summary>\n").with(table(caption, &headings, rows.collect()));
    page_section("climate-indices", "Every index", body.raw("</details>\n"))
}
