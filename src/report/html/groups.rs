//! Distance, time and delay by link type and by district.

use super::markup::{Cell, Html, section, table};
use crate::error::Error;
use crate::field::{FieldSpec, traffic};
use crate::report::numbers;
use crate::report::period::{misfit, sum_of_day};
use crate::store::read::RunReader;

/// Both sections, each where the run has its fields.
pub fn sections(run: &RunReader) -> Result<Html, Error> {
    let mut html = Html::new();
    if run.has(traffic::TYPE_CODE.name) {
        let names = run.i64(traffic::TYPE_CODE.name)?.iter().map(i64::to_string).collect();
        let fields = [&traffic::TYPE_VKT, &traffic::TYPE_VHT, &traffic::TYPE_DELAY];
        html = html.with(section("by-type", "By link type", groups(run, "Link type", names, fields)?));
    }
    if run.has(traffic::DISTRICT_NAME.name) {
        let names = run.text(traffic::DISTRICT_NAME.name)?;
        let fields = [&traffic::DISTRICT_VKT, &traffic::DISTRICT_VHT, &traffic::DISTRICT_DELAY];
        html = html.with(section("by-district", "By district", groups(run, "District", names, fields)?));
    }
    Ok(html)
}

/// The span of time that sums over periods are about.
pub fn span(run: &RunReader) -> &'static str {
    if run.has(traffic::PERIOD_HOURS.name) { "day" } else { "hour" }
}

fn groups(run: &RunReader, what: &str, names: Vec<String>, fields: [&FieldSpec; 3]) -> Result<Html, Error> {
    let span = span(run);
    let mut headings = vec![what.to_owned()];
    let mut columns = Vec::new();
    let labels = ["Distance driven, vehicle-kilometres", "Time spent driving, vehicle-hours", "Delay, vehicle-hours"];
    for (field, label) in fields.into_iter().zip(labels) {
        if run.has(field.name) {
            columns.push(column(run, field, names.len())?);
            headings.push(format!("{label} per {span}"));
        }
    }
    let share = if run.has(fields[1].name) { column(run, fields[1], names.len())? } else { Vec::new() };
    let total: f64 = share.iter().sum();
    headings.extend((!share.is_empty()).then(|| "Share of the time".to_owned()));
    let row = |(group, name): (usize, String)| {
        let mut row = vec![Cell::Words(name)];
        row.extend(columns.iter().map(|column| Cell::Number(numbers::number(column[group]))));
        let percent = |share: &f64| format!("{} %", numbers::fixed(100.0 * share / total, 1));
        row.extend(share.get(group).map(|share| Cell::Number(percent(share))));
        row
    };
    let caption = match span {
        "day" => "Sums over the hours of all periods; time of turns is left out",
        _ => "Sums over links; time of turns is left out",
    };
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    Ok(table(caption, &headings, names.into_iter().enumerate().map(row).collect()))
}

fn column(run: &RunReader, field: &FieldSpec, length: usize) -> Result<Vec<f64>, Error> {
    let values = sum_of_day(run, field.name)?;
    if values.shape() != [length] {
        let message = format!("field {} has {} groups instead of {length}", field.name, values.len());
        return Err(misfit(run, message));
    }
    Ok(values.into_iter().collect())
}
