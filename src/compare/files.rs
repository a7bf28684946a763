//! A comparison as files: `compare.csv` with one row per link, and `compare.html` with maps of the differences.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Comparison, LinkDifferences, MetricDifference, RunDifference, TextDifference, compared_periods};
use crate::error::Error;
use crate::export::Existing;
use crate::export::csv::{cell, column_word};
use crate::export::file::{refuse_existing, write_file};
use crate::report::html::figures::{label_and_unit, metric_text};
use crate::report::html::map::{self, Map};
use crate::report::html::markup::{Cell, Html, section, table};
use crate::report::html::page;
use crate::report::links::{Coordinates, LinkTable};
use crate::report::numbers;

/// Names of the compared fields in `compare.csv`, in the order of [`LinkDifferences::fields`].
const CSV_FIELDS: [&str; 3] = ["volume_pcu_per_h", "travel_time_s", "volume_capacity_ratio"];

/// Writes both files.
pub fn write(comparison: &Comparison, out: &Path, existing: Existing) -> Result<Vec<PathBuf>, Error> {
    let (csv, html) = (out.join("compare.csv"), out.join("compare.html"));
    refuse_existing(&csv, existing)?;
    refuse_existing(&html, existing)?;
    let mut written = Vec::new();
    if let Some(base) = &comparison.base.links {
        write_csv(comparison, base, &csv, existing)?;
        written.push(csv);
    }
    let title = format!("Comparison with {}", comparison.base.title);
    let subtitle = format!("Base: {}", comparison.base.name);
    let body = comparison
        .runs
        .iter()
        .enumerate()
        .fold(Html::new(), |body, (number, run)| body.with(run_part(comparison, number + 1, run)));
    let text = page(&title, &subtitle, body);
    write_file(&html, existing, |out| out.write_all(text.as_bytes()))?;
    written.push(html);
    Ok(written)
}

fn write_csv(comparison: &Comparison, base: &LinkTable, path: &Path, existing: Existing) -> Result<(), Error> {
    let mut headings: Vec<String> = ["link_id", "from_node", "to_node"].map(str::to_owned).to_vec();
    let mut columns: Vec<Vec<f64>> = Vec::new();
    for (name, values) in CSV_FIELDS.iter().zip(values_of(base)) {
        headings.push(format!("base_{name}"));
        columns.push(values.clone());
    }
    for (number, run) in comparison.runs.iter().enumerate() {
        let (Some(links), Some(run_links)) = (&run.links, &run.side.links) else { continue };
        let folder =
            Path::new(&run.side.name).file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
        let prefix = format!("run{}_{}", number + 1, column_word(&folder));
        for ((name, values), field) in CSV_FIELDS.iter().zip(values_of(run_links)).zip(&links.fields) {
            headings.push(format!("{prefix}_{name}"));
            columns.push(by_base_row(base.n_links(), links, |pair| values[links.pairs[pair].1]));
            headings.push(format!("{prefix}_difference_{name}"));
            columns.push(by_base_row(base.n_links(), links, |pair| field.difference[pair]));
        }
    }
    write_file(path, existing, |out| {
        let mut rows = csv::Writer::from_writer(out);
        rows.write_record(&headings)?;
        for link in 0..base.n_links() {
            let ids = [base.link_id[link], base.from_node[link], base.to_node[link]].map(|id| id.to_string());
            rows.write_record(ids.into_iter().chain(columns.iter().map(|column| cell(column[link]))))?;
        }
        rows.flush()
    })
}

fn values_of(links: &LinkTable) -> [&Vec<f64>; 3] {
    [&links.volume_pcu, &links.travel_time, &links.volume_capacity_ratio]
}

fn by_base_row(n_links: usize, links: &LinkDifferences, value: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut column = vec![f64::NAN; n_links];
    for (pair, (in_base, _)) in links.pairs.iter().enumerate() {
        column[*in_base] = value(pair);
    }
    column
}

fn run_part(comparison: &Comparison, number: usize, run: &RunDifference) -> Html {
    let mut body = Html::new().paragraph(&run.side.name).paragraph(if run.same_checksum {
        "All results are equal: the checksums are the same."
    } else {
        "The results differ: so do the checksums."
    });
    let rows = run.metrics.iter().map(metric_row).collect();
    body = body.with(table("Key figures", &["Figure", "Base", "This run", "Difference", "Percent", "Unit"], rows));
    if let (Some(links), Some(base)) = (&run.links, &comparison.base.links) {
        body = body.with(links_part(comparison, run, links, base));
    }
    body = body.with(differences_table("Inputs", &run.inputs)).with(differences_table("Scenario keys", &run.scenario));
    // The script looks for a map's tables inside this element, so that several maps do not mix.
    Html::new().raw("<div data-map>\n").with(section(&format!("run-{number}"), &run.side.title, body)).raw("</div>\n")
}

fn links_part(comparison: &Comparison, run: &RunDifference, links: &LinkDifferences, base: &LinkTable) -> Html {
    let mut body = Html::new();
    if let Some(periods) = compared_periods(&comparison.base, &run.side) {
        body = body.paragraph(&format!("Links are compared in {periods}."));
    }
    if links.only_in_base + links.only_in_run + links.other_ends > 0 {
        let text = format!(
            "The networks differ: {} links are in both, {} only in the base, {} only in this run; {} have the same id \
             but other end nodes.",
            links.pairs.len(),
            links.only_in_base,
            links.only_in_run,
            links.other_ends
        );
        body = body.raw("<p class=\"notice\">").text(&text).raw("</p>\n");
    }
    let map = difference_map(comparison, run, links, base);
    body = match (&map, &base.node_xy) {
        (Some(map), _) => body.with(map.html(
            "Map of the differences in volume, this run minus the base. Colour shows more or less traffic, width how \
             much. The table of the greatest changes below holds the same figures.",
        )),
        (None, Coordinates::Missing(why)) => body.raw("<p class=\"notice\">There is no map: ").text(why).raw(".</p>\n"),
        (None, Coordinates::Known(_)) => body,
    };
    let rows = links.fields.iter().map(|field| {
        let numbers = [field.greatest, field.mean_absolute, field.root_mean_square].map(numbers::number);
        let mut row = vec![Cell::Words(field.label.to_owned()), Cell::Number(numbers::count(field.n_differ as u64))];
        row.extend(numbers.map(Cell::Number));
        row.push(Cell::Words(field.unit.to_owned()));
        row
    });
    let headings = ["Figure", "Links that differ", "Greatest", "Mean absolute", "Root mean square", "Unit"];
    body = body.with(table("Differences on links", &headings, rows.collect()));
    body.with(greatest_changes(map.as_ref(), run, links, base))
}

fn difference_map(
    comparison: &Comparison,
    run: &RunDifference,
    links: &LinkDifferences,
    base: &LinkTable,
) -> Option<Map> {
    let (Coordinates::Known(node_xy), Some(run_links)) = (&base.node_xy, &run.side.links) else { return None };
    let [volume, time, _] = &links.fields[..] else { return None };
    let in_base = || links.pairs.iter().map(|(in_base, _)| *in_base);
    let (tail, head): (Vec<usize>, Vec<usize>) = in_base().map(|link| (base.tail[link], base.head[link])).unzip();
    let link_id: Vec<i64> = in_base().map(|link| base.link_id[link]).collect();
    let base_volume: Vec<f64> = in_base().map(|link| base.volume_pcu[link]).collect();
    let run_volume: Vec<f64> = links.pairs.iter().map(|(_, in_run)| run_links.volume_pcu[*in_run]).collect();
    let unit = "passenger-car units per hour";
    Some(Map::new(
        &map::Network { link_id: &link_id, tail: &tail, head: &head, node_xy },
        comparison.base.plane,
        map::Look {
            colour_by: map::Field::new("Difference in volume", unit, &volume.difference),
            width_by: map::Field::new("Size of the difference", unit, &volume.difference),
            also: vec![
                map::Field::new("Base volume", unit, &base_volume),
                map::Field::new("Volume of this run", unit, &run_volume),
                map::Field::new("Difference in travel time", "seconds", &time.difference),
            ],
            classes: map::Classes::differences(&volume.difference),
        },
    ))
}

fn greatest_changes(map: Option<&Map>, run: &RunDifference, links: &LinkDifferences, base: &LinkTable) -> Html {
    let (Some(run_links), Some(volume)) = (&run.side.links, links.fields.first()) else { return Html::new() };
    let rows = volume.most_changed.iter().map(|pair| {
        let (in_base, in_run) = links.pairs[*pair];
        let (before, after) = (base.volume_pcu[in_base], run_links.volume_pcu[in_run]);
        vec![
            Cell::Piece(map::link_button(map, base.link_id[in_base], *pair)),
            Cell::Words(format!("{} → {}", base.from_node[in_base], base.to_node[in_base])),
            Cell::Number(numbers::number(before)),
            Cell::Number(numbers::number(after)),
            Cell::Number(numbers::difference(volume.difference[*pair])),
            Cell::Number(numbers::percent_difference(volume.difference[*pair] / before)),
        ]
    });
    let headings = ["Link", "From node → to node", "Base", "This run", "Difference", "Percent"];
    table("Greatest changes of volume, passenger-car units per hour", &headings, rows.collect())
}

fn metric_row(metric: &MetricDifference) -> Vec<Cell> {
    let side = |value: &Option<_>| Cell::Number(value.as_ref().map_or_else(|| numbers::number(f64::NAN), metric_text));
    let (difference, share) = metric.difference().unwrap_or((f64::NAN, f64::NAN));
    let (label, unit) = label_and_unit(&metric.name);
    vec![
        Cell::Words(label),
        side(&metric.base),
        side(&metric.run),
        Cell::Number(numbers::difference(difference)),
        Cell::Number(numbers::percent_difference(share)),
        Cell::Words(unit.to_owned()),
    ]
}

fn differences_table(what: &'static str, differences: &[TextDifference]) -> Html {
    if differences.is_empty() {
        return Html::new().raw("<p>").text(what).raw(": the same in both.</p>\n");
    }
    let side = |value: &Option<String>| {
        Cell::Piece(Html::new().raw("<code>").text(value.as_deref().unwrap_or("not there")).raw("</code>"))
    };
    let rows = differences.iter().map(|one| vec![Cell::Words(one.what.clone()), side(&one.base), side(&one.run)]);
    table(&format!("{what} that differ"), &["What", "Base", "This run"], rows.collect())
}
