//! The system optimum, and links whose closing helps.

use super::map::{Map, link_button};
use super::markup::{Cell, Html, section, table};
use super::metric_number;
use crate::error::Error;
use crate::field::traffic;
use crate::report::links::LinkTable;
use crate::report::numbers;
use crate::report::period::{self, misfit};
use crate::store::read::RunReader;

/// Rows of the table of links whose closing was tried.
const MOST_CLOSED: usize = 20;

/// What the system optimum comes to; nothing where it was not computed.
pub fn optimum_section(run: &RunReader) -> Result<Html, Error> {
    if !run.has(traffic::SYSTEM_OPTIMUM_LINK_VOLUME.name) {
        return Ok(Html::new());
    }
    let rows = prefixes(run)?.into_iter().map(|(name, prefix)| {
        let figure = |what: &str| figure(run, &prefix, what);
        let (equilibrium, optimum) =
            (figure("total_system_travel_time"), figure("system_optimum_total_system_travel_time"));
        vec![
            Cell::Words(name),
            Cell::Number(numbers::number(equilibrium)),
            Cell::Number(numbers::number(optimum)),
            Cell::Number(numbers::percent_difference((optimum - equilibrium) / equilibrium)),
            Cell::Number(numbers::fixed(figure("price_of_anarchy"), 4)),
        ]
    });
    let headings =
        ["Period", "Total when each driver chooses", "Least total there can be", "Difference", "Price of anarchy"];
    let body = Html::new()
        .paragraph(
            "At the system optimum the total cost of all trips is the least there can be. The price of anarchy is the \
             total that drivers reach by themselves over that. The file traffic.nc holds the volumes and the tolls that \
             would lead drivers there.",
        )
        .with(table("Total generalised cost, in the network’s own cost unit", &headings, rows.collect()));
    Ok(section("system-optimum", "System optimum", body))
}

/// What closing links does; nothing where none was tried.
pub fn closings_section(run: &RunReader, links: &LinkTable, map: Option<&Map>) -> Result<Html, Error> {
    if !run.has(traffic::BRAESS_LINK.name) {
        return Ok(Html::new());
    }
    let name = traffic::BRAESS_LINK.name;
    let known = |link: &i64| usize::try_from(*link).ok().filter(|link| *link < links.n_links());
    let candidates: Option<Vec<usize>> = run.i64(name)?.iter().map(known).collect();
    let candidates = candidates.ok_or_else(|| misfit(run, format!("field {name} names links that do not exist")))?;
    let prefixes = prefixes(run)?;
    let change = run.f64(traffic::BRAESS_CHANGE.name)?;
    if change.len() != prefixes.len() * candidates.len() {
        let message = format!("field {} has {} values", traffic::BRAESS_CHANGE.name, change.len());
        return Err(misfit(run, message));
    }
    let change: Vec<f64> = change.into_iter().collect();
    let mut body = Html::new();
    for (index, (period, prefix)) in prefixes.into_iter().enumerate() {
        let change = &change[index * candidates.len()..][..candidates.len()];
        let helping = figure(run, &prefix, "braess_links");
        let of_period = if prefix.is_empty() { String::new() } else { format!(", period {period}") };
        let text = format!(
            "Links that were closed one at a time: {}. Of these lower the total by more than the solutions can be off: \
             {}{of_period}.",
            candidates.len(),
            numbers::number(helping)
        );
        body = body.paragraph(&text);
        body = body.with(closings_table(&candidates, change, &of_period, (links, map)));
    }
    Ok(section("closings", "Links whose closing helps", body))
}

fn closings_table(
    candidates: &[usize],
    change: &[f64],
    of_period: &str,
    (links, map): (&LinkTable, Option<&Map>),
) -> Html {
    let mut order: Vec<usize> = (0..change.len()).filter(|&candidate| change[candidate].is_finite()).collect();
    order.sort_by(|&one, &other| change[one].total_cmp(&change[other]).then(one.cmp(&other)));
    let rows = order.iter().take(MOST_CLOSED).map(|&candidate| {
        let link = candidates[candidate];
        vec![
            Cell::Piece(link_button(map, links.link_id[link], link)),
            Cell::Words(format!("{} → {}", links.from_node[link], links.to_node[link])),
            Cell::Number(numbers::difference(change[candidate])),
        ]
    });
    let caption = format!("Change of the total cost, in the network’s own cost unit, least first{of_period}");
    table(&caption, &["Link", "From node → to node", "Change of the total"], rows.collect())
}

/// Names of the periods with what their metrics begin with; one of all where there are no periods.
fn prefixes(run: &RunReader) -> Result<Vec<(String, String)>, Error> {
    let names = period::names(run)?;
    Ok(match names.is_empty() {
        true => vec![("all".to_owned(), String::new())],
        false => names.into_iter().map(|name| (name.clone(), format!("{name}."))).collect(),
    })
}

fn figure(run: &RunReader, prefix: &str, what: &str) -> f64 {
    run.report().metric(&format!("{prefix}{what}")).and_then(metric_number).unwrap_or(f64::NAN)
}
