//! Buildings that stand out: those that need most and least heat for their floor area, and those that get too warm.

use super::super::markup::{Cell, Html, section, table};
use super::method;
use crate::error::Error;
use crate::field::{FieldSpec, energy as field};
use crate::report::energy::of_buildings;
use crate::report::energy::stock::Stock;
use crate::report::numbers;
use crate::store::read::RunReader;

/// Buildings in each table.
const SHOWN: usize = 15;

/// Columns of numbers beside the id.
const NEED_COLUMNS: [(&FieldSpec, &str); 4] = [
    (&field::YEAR, "Year of construction"),
    (&field::FLOOR_AREA, "Floor area, m²"),
    (&field::HEATING_NEED, "Heating need, kWh"),
    (&field::PEAK_HEATING, "Peak heating, W"),
];
const WARM_COLUMNS: [(&FieldSpec, &str); 3] = [
    (&field::DEGREE_HOURS, "Degree-hours above it, K h"),
    (&field::WARMEST, "Highest operative temperature, °C"),
    (&field::COOLING_NEED, "Cooling need, kWh"),
];

/// The buildings with the greatest and the least heating need per floor area; nothing where none is heated.
pub fn need_section(run: &RunReader, stock: &Stock) -> Result<Html, Error> {
    let order = descending(&stock.heating_per_area);
    if order.is_empty() {
        return Ok(Html::new());
    }
    let columns = columns(run, stock, &NEED_COLUMNS)?;
    let part = |caption: &str, buildings: &mut dyn Iterator<Item = usize>| {
        let rows = buildings.map(|building| row(stock, building, &stock.heating_per_area, &columns));
        table(caption, &headings("Heating need, kWh/m²", &columns), rows.collect())
    };
    let shown = order.len().min(SHOWN);
    let all = numbers::count(order.len() as u64);
    let worst = part(
        &format!("The {shown} buildings with the greatest heating need per floor area, of {all}"),
        &mut order.iter().copied().take(shown),
    );
    let best = part(
        &format!("The {shown} buildings with the least heating need per floor area, of {all}"),
        &mut order.iter().rev().copied().take(shown),
    );
    let best = Html::new().raw("<details><summary>Those that need least</summary>\n").with(best).raw("</details>\n");
    Ok(section("standouts", "Buildings that stand out", worst.with(best)))
}

/// The buildings with most hours above the first limit; nothing where none has any.
pub fn warm_section(run: &RunReader, stock: &Stock) -> Result<Html, Error> {
    let Some(hours) = of_buildings(run, &field::HOURS_TOO_WARM, stock.n_buildings())? else { return Ok(Html::new()) };
    let mut order = descending(&hours);
    order.retain(|&building| hours[building] > 0.0);
    let [limit, _] = method::warmth_limits(run)?;
    let heated = hours.iter().filter(|hours| hours.is_finite()).count();
    let text = format!(
        "In {} of {} buildings it is above {limit} in some hour of the year.",
        numbers::count(order.len() as u64),
        numbers::count(heated as u64)
    );
    let mut body = Html::new().paragraph(&text);
    if !order.is_empty() {
        let columns = columns(run, stock, &WARM_COLUMNS)?;
        let rows = order.iter().take(SHOWN).map(|&building| row(stock, building, &hours, &columns));
        let caption = format!("The {} buildings with most hours above {limit}", order.len().min(SHOWN));
        body = body.with(table(&caption, &headings("Hours too warm", &columns), rows.collect()));
    }
    Ok(section("overheating", "Where it gets too warm", body))
}

/// Those of some columns that the run has.
fn columns(
    run: &RunReader,
    stock: &Stock,
    list: &[(&FieldSpec, &'static str)],
) -> Result<Vec<(&'static str, Vec<f64>)>, Error> {
    let mut columns = Vec::new();
    for (spec, heading) in list {
        columns.extend(of_buildings(run, spec, stock.n_buildings())?.map(|values| (*heading, values)));
    }
    Ok(columns)
}

fn headings(of_order: &'static str, columns: &[(&'static str, Vec<f64>)]) -> Vec<&'static str> {
    ["Building", "Use", of_order].into_iter().chain(columns.iter().map(|(heading, _)| *heading)).collect()
}

fn row(stock: &Stock, building: usize, by: &[f64], columns: &[(&'static str, Vec<f64>)]) -> Vec<Cell> {
    let usage = stock.words.iter().find(|(name, _)| *name == field::USE.name);
    let usage = usage.map_or_else(String::new, |(_, words)| words[building].replace('_', " "));
    let first = [
        Cell::Words(stock.building_id[building].clone()),
        Cell::Words(usage),
        Cell::Number(numbers::number(by[building])),
    ];
    first.into_iter().chain(columns.iter().map(|(_, values)| Cell::Number(numbers::number(values[building])))).collect()
}

fn descending(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).filter(|&building| values[building].is_finite()).collect();
    order.sort_by(|one, other| values[*other].total_cmp(&values[*one]).then(one.cmp(other)));
    order
}
