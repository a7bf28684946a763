//! A comparison as text: tables aligned by spaces, numbers that other programs can read.

use super::{
    Comparison, FieldDifference, LinkDifferences, MetricDifference, RunDifference, TextDifference, compared_periods,
};
use crate::export::csv::cell;
use crate::report::links::LinkTable;
use crate::stages::Metric;

/// The whole comparison.
pub fn to_text(comparison: &Comparison) -> String {
    let mut text = format!("base: {} ({})\n", comparison.base.name, comparison.base.title);
    for run in &comparison.runs {
        text.push_str(&run_text(comparison, run));
    }
    text
}

fn run_text(comparison: &Comparison, run: &RunDifference) -> String {
    let mut text = format!("\nrun: {} ({})\n", run.side.name, run.side.title);
    text.push_str(if run.same_checksum {
        "results: equal, the checksums are the same\n"
    } else {
        "results: different, the checksums differ\n"
    });
    let heading = ["metric", "base", "run", "difference", "percent"];
    text.push_str(&format!("\n{}", aligned(&heading, &run.metrics.iter().map(metric_row).collect::<Vec<_>>())));
    match (&run.links, &comparison.base.links) {
        (Some(links), Some(base)) => {
            if let Some(periods) = compared_periods(&comparison.base, &run.side) {
                text.push_str(&format!("\nlinks are compared in {periods}\n"));
            }
            text.push_str(&links_text(links, base));
        }
        _ => text.push_str("\nlinks: not compared, as not both runs have road links\n"),
    }
    text.push_str(&differences_text("inputs", &run.inputs));
    text.push_str(&differences_text("scenario keys", &run.scenario));
    text
}

fn links_text(links: &LinkDifferences, base: &LinkTable) -> String {
    let mut text = format!("\nlinks: {} in both runs", links.pairs.len());
    if links.only_in_base + links.only_in_run > 0 {
        text.push_str(&format!(", {} only in the base, {} only in the run", links.only_in_base, links.only_in_run));
    }
    text.push('\n');
    if links.other_ends > 0 {
        text.push_str(&format!("warning: {} links have the same id but other end nodes\n", links.other_ends));
    }
    let heading = ["link field", "links that differ", "greatest", "mean absolute", "root mean square", "unit"];
    let rows: Vec<Vec<String>> = links.fields.iter().map(field_row).collect();
    text.push_str(&aligned(&heading, &rows));
    for field in links.fields.iter().filter(|field| field.n_one_sided > 0) {
        let label = field.label.to_lowercase();
        text.push_str(&format!("note: {} links have a {label} in one of the runs only\n", field.n_one_sided));
    }
    for field in links.fields.iter().filter(|field| !field.most_changed.is_empty()) {
        text.push_str(&format!("\ngreatest changes of {}\n", field.label.to_lowercase()));
        let rows: Vec<Vec<String>> = field
            .most_changed
            .iter()
            .map(|pair| {
                let link = links.pairs[*pair].0;
                let id = |ids: &[i64]| ids[link].to_string();
                vec![id(&base.link_id), id(&base.from_node), id(&base.to_node), plain(field.difference[*pair])]
            })
            .collect();
        text.push_str(&aligned(&["link", "from", "to", "difference"], &rows));
    }
    text
}

fn differences_text(what: &str, differences: &[TextDifference]) -> String {
    if differences.is_empty() {
        return format!("\n{what}: the same\n");
    }
    let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let rows: Vec<Vec<String>> =
        differences.iter().map(|one| vec![one.what.clone(), side(&one.base), side(&one.run)]).collect();
    format!("\n{}", aligned(&[&format!("{what} that differ"), "base", "run"], &rows))
}

fn metric_row(metric: &MetricDifference) -> Vec<String> {
    let side = |value: &Option<Metric>| match value {
        Some(Metric::Flag(flag)) => flag.to_string(),
        Some(Metric::Count(count)) => count.to_string(),
        Some(Metric::Number(number)) => plain(*number),
        Some(Metric::Text(text)) => text.clone(),
        None => "-".to_owned(),
    };
    let (difference, percent) = match metric.difference() {
        Some((difference, share)) => (plain(difference), plain(100.0 * share)),
        None => ("-".to_owned(), "-".to_owned()),
    };
    vec![format!("{}: {}", metric.stage, metric.name), side(&metric.base), side(&metric.run), difference, percent]
}

fn field_row(field: &FieldDifference) -> Vec<String> {
    vec![
        field.label.to_lowercase(),
        field.n_differ.to_string(),
        plain(field.greatest),
        plain(field.mean_absolute),
        plain(field.root_mean_square),
        if field.unit.is_empty() { "1" } else { field.unit }.to_owned(),
    ]
}

/// A number with seven digits that count; `-` where there is none.
fn plain(value: f64) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    cell(format!("{value:.6e}").parse().expect("a printed number reads back"))
}

/// Columns aligned by spaces: the first and words to the left, numbers to the right.
fn aligned(heading: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |column: usize| rows.iter().map(move |row| row[column].as_str());
    let width =
        |column: usize| cells(column).chain([heading[column]]).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let is_number = |cell: &str| cell == "-" || cell.parse::<f64>().is_ok();
    let rightward: Vec<bool> =
        (0..heading.len()).map(|column| column > 0 && !rows.is_empty() && cells(column).all(is_number)).collect();
    let mut text = String::new();
    let heading: Vec<String> = heading.iter().map(|cell| (*cell).to_owned()).collect();
    for row in [&heading].into_iter().chain(rows) {
        let line: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(column, cell)| match rightward[column] {
                true => format!("{cell:>width$}", width = width(column)),
                false => format!("{cell:<width$}", width = width(column)),
            })
            .collect();
        text.push_str(line.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_line_up() {
        let rows = vec![vec!["a".to_owned(), "1.5".to_owned()], vec!["long".to_owned(), "-".to_owned()]];
        assert_eq!(aligned(&["x", "value"], &rows), "x     value\na       1.5\nlong      -\n");
    }

    #[test]
    fn numbers_are_short_and_parse() {
        assert_eq!(plain(1.0 / 3.0), "0.3333333");
        assert_eq!(plain(-4_231_335.287_1), "-4231335");
        assert_eq!(plain(1e-12), "1e-12");
        assert_eq!(plain(f64::NAN), "-");
    }
}
