//! What packages of measures save and cost if all buildings have them.

use super::super::markup::{Cell, Html, section as page_section, table};
use super::megawatt_hours;
use crate::report::energy::stock::Stock;
use crate::report::energy::totals::PackageTotals;
use crate::report::numbers;
use crate::report::solar::notes::SolarNotes;

/// A column: its heading, and the text of a package beside the buildings as they are; none where the run does not tell.
type Column = (&'static str, fn(&PackageTotals, &PackageTotals) -> Option<String>);

const COLUMNS: [Column; 13] = [
    ("Heating need, MWh", |_, after| after.heating.map(megawatt_hours)),
    ("Expected heating need, MWh", |_, after| after.expected_heating.map(megawatt_hours)),
    ("Energy bought, MWh", |_, after| after.bought().map(megawatt_hours)),
    ("Saved, MWh", |now, after| now.bought().zip(after.bought()).map(|(now, after)| megawatt_hours(now - after))),
    ("Saved, share", |now, after| {
        let share = now.bought().zip(after.bought()).filter(|(now, _)| *now > 0.0);
        share.map(|(now, after)| format!("{} %", numbers::fixed(100.0 * (now - after) / now, 1)))
    }),
    ("Emissions saved, t CO₂e", |now, after| {
        now.emissions.zip(after.emissions).map(|(now, after)| numbers::number((now - after) / 1000.0))
    }),
    ("Cost saved, CUR", |now, after| {
        now.energy_cost.zip(after.energy_cost).map(|(now, after)| numbers::number(now - after))
    }),
    ("Investment, CUR", |_, after| after.investment.map(numbers::number)),
    ("Cost of a saved tonne, CUR", |_, after| after.abatement_cost.map(numbers::number)),
    ("Net present value, CUR", |_, after| after.net_present_value.map(numbers::number)),
    ("Payback, years", |now, after| payback(now, after).map(|years| numbers::fixed(years, 1))),
    ("Mean hours too warm", |_, after| after.hours_too_warm.map(numbers::number)),
    ("Buildings chosen within the budget", |_, after| after.chosen.map(numbers::count)),
];

/// The table of packages; nothing where the run has none.
pub fn section(stock: &Stock, totals: &[PackageTotals], notes: &SolarNotes) -> Html {
    let (Some(now), Some(first)) = (totals.first(), totals.get(1)) else { return Html::new() };
    // What the run tells of one package it tells of all.
    let shown: Vec<Column> = COLUMNS.into_iter().filter(|(_, text)| text(now, first).is_some()).collect();
    let rows = stock.packages.iter().zip(totals).skip(1).map(|(name, after)| {
        let cells =
            shown.iter().map(|(_, text)| Cell::Number(text(now, after).unwrap_or_else(|| numbers::number(f64::NAN))));
        std::iter::once(Cell::Words(name.clone())).chain(cells).collect()
    });
    let money = notes.currency.as_deref().unwrap_or("currency");
    let headings: Vec<String> = std::iter::once("Package".to_owned())
        .chain(shown.iter().map(|(heading, _)| heading.replace("CUR", money)))
        .collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let caption =
        "Packages of measures, each as if all buildings had it; energy, emissions and costs are those of a year";
    let mut body = table(caption, &headings, rows.collect());
    let mut notes = Vec::new();
    if first.abatement_cost.is_some() {
        notes.push("The cost of a saved tonne is the mean over buildings that save some, by what they save.");
    }
    if payback(now, first).is_some() {
        notes.push("Payback is investment over the cost saved in a year; there is none where nothing is saved.");
    }
    if !notes.is_empty() {
        body = body.paragraph(&notes.join(" "));
    }
    page_section("packages", "What measures would save", body)
}

/// Investment over yearly saving; NaN where nothing is saved.
fn payback(now: &PackageTotals, after: &PackageTotals) -> Option<f64> {
    let saved = now.energy_cost? - after.energy_cost?;
    let investment = after.investment?;
    Some(if saved > 0.0 { investment / saved } else { f64::NAN })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_saves_nothing_never_pays_back() {
        let of = |cost, investment| PackageTotals {
            energy_cost: Some(cost),
            investment: Some(investment),
            ..PackageTotals::default()
        };
        assert_eq!(payback(&of(500.0, 0.0), &of(300.0, 2400.0)), Some(12.0));
        assert!(payback(&of(500.0, 0.0), &of(500.0, 2400.0)).unwrap().is_nan());
        assert_eq!(payback(&PackageTotals::default(), &of(300.0, 2400.0)), None);
    }
}
