//! The best buildings, and what is wrong with the geometry of some.

use super::super::markup::{Cell, Html, section, table};
use crate::field::{FieldSpec, solar};
use crate::report::numbers;
use crate::report::solar::city::City;
use crate::report::solar::columns::Column;
use crate::report::solar::notes::SolarNotes;

/// Buildings in the table of the best.
const BEST: usize = 20;
/// Findings that are listed; the tables have the rest.
const MOST_FINDINGS: usize = 200;

/// A column of the table: its field, its heading, and decimals, if a fixed number of them is read more easily.
const COLUMNS: [(&FieldSpec, &str, Option<usize>); 7] = [
    (&solar::BUILDING_ROOF_AREA, "Roofs, m²", None),
    (&solar::BUILDING_ROOF_IRRADIATION, "Irradiation of roofs, kWh a year", None),
    (&solar::BUILDING_PV_CAPACITY, "Capacity, kWp", None),
    (&solar::BUILDING_PV_YIELD, "Yield, kWh a year", None),
    (&solar::BUILDING_PV_LEVELISED_COST, "Cost of electricity, CUR/kWh", Some(3)),
    (&solar::BUILDING_PV_NET_PRESENT_VALUE, "Net present value, CUR", None),
    (&solar::BUILDING_PV_PAYBACK_TIME, "Payback, years", Some(1)),
];

/// The best buildings: by the rank of their photovoltaics, else by the irradiation of their roofs.
pub fn best_section(city: &City, columns: &[Column], notes: &SolarNotes) -> Html {
    let find = |field: &FieldSpec| columns.iter().find(|column| column.field.name == field.name);
    let (order, by) = match (find(&solar::BUILDING_PV_RANK), find(&solar::BUILDING_ROOF_IRRADIATION)) {
        (Some(rank), _) => (by_rank(&rank.values), "rank"),
        (None, Some(irradiation)) => (descending(&irradiation.values), "annual irradiation of their roofs"),
        (None, None) => return Html::new(),
    };
    let shown: Vec<(&Column, &str, Option<usize>)> =
        COLUMNS.into_iter().filter_map(|(field, heading, decimals)| Some((find(field)?, heading, decimals))).collect();
    let rows = order.iter().take(BEST).map(|&building| {
        let numbers = shown.iter().map(|(column, _, decimals)| {
            let value = column.values[building];
            Cell::Number(decimals.map_or_else(|| numbers::number(value), |decimals| numbers::fixed(value, decimals)))
        });
        std::iter::once(Cell::Words(city.building_id[building].clone())).chain(numbers).collect()
    });
    let money = notes.currency.as_deref().unwrap_or("currency");
    let headings: Vec<String> = std::iter::once("Building".to_owned())
        .chain(shown.iter().map(|(_, heading, _)| heading.replace("CUR", money)))
        .collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let caption = format!(
        "The first {} of {} buildings by {by}",
        order.len().min(BEST),
        numbers::count(city.building_id.len() as u64)
    );
    section("best-buildings", "Best buildings", table(&caption, &headings, rows.collect()))
}

/// Buildings by rank, 1 first; 0 has no modules and is left out.
fn by_rank(ranks: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..ranks.len()).filter(|&building| ranks[building] >= 1.0).collect();
    order.sort_by(|one, other| ranks[*one].total_cmp(&ranks[*other]).then(one.cmp(other)));
    order
}

fn descending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).filter(|&building| values[building].is_finite()).collect();
    order.sort_by(|one, other| values[*other].total_cmp(&values[*one]).then(one.cmp(other)));
    order
}

/// What is wrong with the geometry of buildings, by building.
pub fn findings_section(city: &City, findings: &[String]) -> Html {
    let found: Vec<(&String, &String)> =
        city.building_id.iter().zip(findings).filter(|(_, findings)| !findings.is_empty()).collect();
    let body = if found.is_empty() {
        Html::new().paragraph("Nothing is wrong with the geometry of any building.")
    } else {
        let rows = found.iter().take(MOST_FINDINGS);
        let rows = rows.map(|(id, findings)| vec![Cell::Words((*id).clone()), Cell::Words((*findings).clone())]);
        let caption = format!("{} buildings whose geometry has faults", numbers::count(found.len() as u64));
        let table = table(&caption, &["Building", "What is wrong"], rows.collect());
        match found.len() > MOST_FINDINGS {
            true => table.paragraph(&format!("These are the first {MOST_FINDINGS}; the table of buildings has all.")),
            false => table,
        }
    };
    section("findings", "Faults of the city model", body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_and_those_without_modules_not_at_all() {
        assert_eq!(by_rank(&[3.0, 0.0, 1.0, 2.0]), [2, 3, 0]);
        assert_eq!(descending(&[5.0, f64::NAN, 9.0, 5.0]), [2, 0, 3]);
    }
}
