//! `report.html`: one self-contained page about a finished run, for a planner; no request leaves it.

mod chart;
mod climate;
mod counts;
mod energy;
pub mod figures;
mod frame;
mod groups;
mod known;
pub mod map;
pub mod markup;
mod method;
mod optimum;
mod solar;
mod trip_lengths;

use std::io::Write;
use std::path::Path;

use markup::{Cell, Html, section, table};

use super::json::Report;
use super::links::{Coordinates, LinkTable};
use super::numbers;
use super::period::PeriodChoice;
use crate::error::{Error, Warning};
use crate::export::file::{Existing, write_file};
use crate::stages::Metric;
use crate::store::read::RunReader;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const MAP_SCRIPT: &str = include_str!("map.js");
/// Rows of the table of the most loaded links.
const MOST_LOADED: usize = 20;

/// Writes the report of a run, whole or not at all.
///
/// # Errors
/// The run is damaged, or the file cannot be written.
pub fn write(run: &RunReader, path: &Path, existing: Existing) -> Result<(), Error> {
    let page = render(run)?;
    write_file(path, existing, |out| out.write_all(page.as_bytes()))
}

/// The report of a run as the text of a page.
///
/// # Errors
/// The run is damaged.
pub fn render(run: &RunReader) -> Result<String, Error> {
    let report = run.report();
    let mut body = figures::overview(run)?;
    if run.has(crate::field::traffic::LINK_ID.name) {
        let links = LinkTable::read(run, PeriodChoice::Busiest)?;
        let map = volume_map(run, &links)?;
        let map = map.as_ref();
        body = body.with(map_section(&links, map)).with(most_loaded_section(&links, map));
        body = body.with(groups::sections(run)?).with(counts::counts_section(run, &links, map)?);
        body = body.with(trip_lengths::trip_lengths_section(run)?);
        body = body.with(optimum::optimum_section(run)?).with(optimum::closings_section(run, &links, map)?);
        body = body.with(chart::section(run, links.period.as_ref())?);
    }
    body = body.with(energy::sections(run)?).with(solar::sections(run)?).with(climate::sections(run)?);
    body = body.with(warnings_section(report)).with(method::section(run)?).with(method::sources_section(report));
    Ok(page(&report.scenario.title, "Report of a conurb run", body))
}

/// A whole page around its sections.
pub fn page(title: &str, subtitle: &str, body: Html) -> String {
    let escaped = |text: &str| Html::new().text(text).into_string();
    let parts = [
        ("title", escaped(title)),
        ("subtitle", escaped(subtitle)),
        ("version", escaped(env!("CARGO_PKG_VERSION"))),
        ("style", STYLE.to_owned()),
        ("body", body.into_string()),
        ("script", MAP_SCRIPT.to_owned()),
    ];
    fill(PAGE, &parts)
}

/// Puts each part where the template names it; what is put in is not looked at again.
fn fill(template: &str, parts: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(template.len() + parts.iter().map(|(_, text)| text.len()).sum::<usize>());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}").expect("every placeholder of the template is closed");
        let part = parts.iter().find(|(known, _)| *known == name).expect("every placeholder has its part");
        filled.push_str(before);
        filled.push_str(&part.1);
        rest = after;
    }
    filled + rest
}

fn volume_map(run: &RunReader, links: &LinkTable) -> Result<Option<map::Map>, Error> {
    let Coordinates::Known(node_xy) = &links.node_xy else { return Ok(None) };
    let ratio = map::Field::new("Volume over capacity", "", &links.volume_capacity_ratio);
    let volume = map::Field::new("Volume", "passenger-car units per hour", &links.volume_pcu);
    let time = map::Field::new("Travel time", "seconds", &links.travel_time);
    Ok(Some(map::Map::new(
        &map::Network { link_id: &links.link_id, tail: &links.tail, head: &links.head, node_xy },
        map::geographic(run)?,
        map::Look { colour_by: ratio, width_by: volume, also: vec![time], classes: map::Classes::volume_capacity() },
    )))
}

fn map_section(links: &LinkTable, map: Option<&map::Map>) -> Html {
    let body = match (&links.node_xy, map) {
        (_, Some(map)) => map.html(
            "Map of the road network. Colour shows how full each link is, width shows its volume. \
             The table of the most loaded links below holds the same figures.",
        ),
        (Coordinates::Missing(why), None) => {
            let classes = map::Classes::volume_capacity();
            Html::new()
                .raw("<p class=\"notice\">There is no map: ")
                .text(why)
                .raw(". Name a file of node coordinates in the scenario (<code>traffic.nodes</code>) to get one.</p>\n")
                .with(map::legend("How full the links are", &classes, &links.volume_capacity_ratio))
        }
        (Coordinates::Known(_), None) => Html::new(),
    };
    section("network", "How full the network is", period_note(links).with(body))
}

/// Which period the links are shown in, where the run has periods.
fn period_note(links: &LinkTable) -> Html {
    match &links.period {
        None => Html::new(),
        Some(period) => Html::new().paragraph(&format!(
            "Map and most loaded links are those of period {}, which has the largest volumes; the file traffic.nc holds \
             all periods.",
            period.name
        )),
    }
}

fn most_loaded_section(links: &LinkTable, map: Option<&map::Map>) -> Html {
    let order = LinkTable::descending_by(&links.volume_capacity_ratio);
    let rows = order.iter().take(MOST_LOADED).map(|link| {
        let link = *link;
        let delay = match &links.free_flow_time {
            Some(free) => numbers::seconds(links.travel_time[link] - free[link]),
            None => numbers::number(f64::NAN),
        };
        vec![
            Cell::Piece(map::link_button(map, links.link_id[link], link)),
            Cell::Words(format!("{} → {}", links.from_node[link], links.to_node[link])),
            Cell::Number(numbers::fixed(links.volume_capacity_ratio[link], 2)),
            Cell::Number(numbers::number(links.volume_pcu[link])),
            Cell::Number(numbers::seconds(links.travel_time[link])),
            Cell::Number(delay),
        ]
    });
    let headings = [
        "Link",
        "From node → to node",
        "Volume over capacity",
        "Volume, passenger-car units per hour",
        "Travel time",
        "Delay against the empty road",
    ];
    let caption = format!(
        "The {} links with the greatest volume over capacity, of {}",
        order.len().min(MOST_LOADED),
        numbers::count(links.n_links() as u64)
    );
    section("most-loaded", "Most loaded links", table(&caption, &headings, rows.collect()))
}

fn warnings_section(report: &Report) -> Html {
    let warnings: Vec<(&str, &Warning)> = report
        .stages
        .iter()
        .flat_map(|stage| stage.warnings.iter().map(|warning| (stage.name.as_str(), warning)))
        .collect();
    if warnings.is_empty() {
        return section("warnings", "Warnings", Html::new().paragraph("The run gave no warnings."));
    }
    let rows = warnings.into_iter().map(|(stage, warning)| {
        vec![
            Cell::Words(warning.code.replace('_', " ")),
            Cell::Number(numbers::count(warning.count)),
            Cell::Words(warning.message.clone()),
            Cell::Words(stage.to_owned()),
        ]
    });
    section(
        "warnings",
        "Warnings",
        table("What to know about the inputs and the run", &["Kind", "Items", "Message", "Stage"], rows.collect()),
    )
}

/// A metric as a number, where it is one.
pub(crate) fn metric_number(metric: &Metric) -> Option<f64> {
    match metric {
        Metric::Number(value) => Some(*value),
        Metric::Count(value) => Some(*value as f64),
        Metric::Flag(_) | Metric::Text(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_filled_once() {
        let parts = [("a", "{{b}}".to_owned()), ("b", "x".to_owned())];
        assert_eq!(fill("<{{a}}|{{b}}>", &parts), "<{{b}}|x>");
    }

    #[test]
    fn a_title_cannot_break_out_of_the_page() {
        let page = page("</title><script>alert(1)</script>", "s", Html::new());
        assert!(!page.contains("alert(1)</script>"), "{page}");
    }
}
