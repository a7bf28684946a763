//! The network of a run as a GMNS folder, its results as a further table beside it.

use std::io::{self, Write};
use std::path::Path;

use super::csv::{cell, column_word, columns, write_rows};
use super::file::{Existing, write_file, write_folder};
use crate::error::{Error, Problem};
use crate::field::traffic;
use crate::formats::gmns::{GmnsTables, GmnsTurns, datapackage};
use crate::report::links::{Coordinates, LinkTable};
use crate::report::period::PeriodChoice;
use crate::report::turns::TurnTable;
use crate::store::read::RunReader;

/// The files of a folder.
pub const FILES: [&str; 8] = [
    "config.csv",
    "node.csv",
    "zone.csv",
    "link.csv",
    "movement.csv",
    "link_performance.csv",
    "movement_performance.csv",
    "datapackage.json",
];

/// Writes the folder `path`.
///
/// # Errors
/// The run has no links or no coordinates or is damaged, something else is in the folder, or it cannot be written.
pub fn write(run: &RunReader, path: &Path, existing: Existing, period: PeriodChoice<'_>) -> Result<(), Error> {
    let links = LinkTable::read(run, period)?;
    let node_xy = match &links.node_xy {
        Coordinates::Known(node_xy) => node_xy,
        Coordinates::Missing(why) => {
            return Err(Problem::new(format!("GMNS needs coordinates, but {why}"))
                .in_file(run.dir())
                .hint("name a file of node coordinates in the scenario")
                .into());
        }
    };
    let scenario = run.scenario()?;
    let setting = |key: &str| scenario.get("scenario").and_then(|table| table.get(key)).and_then(toml::Value::as_str);
    let ids = |name: &str| Ok::<_, Error>(run.i64(name)?.into_raw_vec_and_offset().0);
    let node_id = ids(traffic::NODE_ID.name)?;
    let zone_id = ids(traffic::ZONE_ID.name)?;
    let zone_node = zone_nodes(run, ids(traffic::ZONE_NODE.name)?, zone_id.len(), node_id.len())?;
    let tables = GmnsTables {
        title: setting("title").unwrap_or_default(),
        crs: setting("crs"),
        node_id: &node_id,
        node_xy,
        zone_id: &zone_id,
        zone_node: &zone_node,
        link_id: &links.link_id,
        from_node: &links.from_node,
        to_node: &links.to_node,
        length: links.length.as_deref(),
        capacity: links.capacity.as_deref(),
        free_flow_time: links.free_flow_time.as_deref(),
        toll: links.toll.as_deref(),
        link_type: links.link_type.as_deref(),
    };
    let turns = TurnTable::read(run, &links)?;
    write_folder(path, existing, &FILES, |folder| write_files(&tables, &links, turns.as_ref(), folder))
}

fn write_files(
    tables: &GmnsTables<'_>,
    links: &LinkTable,
    turns: Option<&TurnTable>,
    folder: &Path,
) -> Result<(), Error> {
    let file = |name: &str, content: &dyn Fn(&mut dyn Write) -> io::Result<()>| {
        write_file(&folder.join(name), Existing::Refuse, |out| content(out))
    };
    file("config.csv", &|out| tables.write_config(out))?;
    file("node.csv", &|out| tables.write_nodes(out))?;
    file("zone.csv", &|out| tables.write_zones(out))?;
    file("link.csv", &|out| tables.write_links(out))?;
    let results = columns(links);
    file("link_performance.csv", &|out| write_rows(links, &results, out))?;
    let turn_results = turns.map(turn_columns);
    if let Some((turns, results)) = turns.zip(turn_results.as_ref()) {
        let kind = turns.kinds(links);
        let movements =
            GmnsTurns { from_link: &turns.from_link, to_link: &turns.to_link, kind: &kind, penalty: &turns.penalty };
        file("movement.csv", &|out| tables.write_movements(&movements, out))?;
        file("movement_performance.csv", &|out| write_turn_rows(turns.n_turns(), results, out))?;
    }
    let names = |columns: &[(String, Vec<f64>)]| columns.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let turn_names = turn_results.as_deref().map(names);
    let package = datapackage(tables.title, &names(&results), turn_names.as_deref());
    file("datapackage.json", &|out| {
        serde_json::to_writer_pretty(&mut *out, &package)?;
        out.write_all(b"\n")
    })
}

fn turn_columns(turns: &TurnTable) -> Vec<(String, Vec<f64>)> {
    let name = |class: &str| format!("volume_{}_veh_per_h", column_word(class));
    turns.class_volume.iter().map(|(class, volume)| (name(class), volume.clone())).collect()
}

fn write_turn_rows(n_turns: usize, columns: &[(String, Vec<f64>)], out: impl Write) -> io::Result<()> {
    let mut rows = ::csv::Writer::from_writer(out);
    rows.write_record(std::iter::once("mvmt_id").chain(columns.iter().map(|(name, _)| name.as_str())))?;
    for turn in 0..n_turns {
        let id = (turn + 1).to_string();
        rows.write_record(std::iter::once(id).chain(columns.iter().map(|(_, values)| cell(values[turn]))))?;
    }
    rows.flush()
}

fn zone_nodes(run: &RunReader, zone_node: Vec<i64>, n_zones: usize, n_nodes: usize) -> Result<Vec<usize>, Error> {
    let node = |node: i64| usize::try_from(node).ok().filter(|node| *node < n_nodes);
    let nodes: Option<Vec<usize>> = zone_node.into_iter().map(node).collect();
    nodes.filter(|nodes| nodes.len() == n_zones).ok_or_else(|| {
        Problem::new(format!("field {} does not fit the zones and nodes", traffic::ZONE_NODE.name))
            .in_file(run.dir().join(traffic::ZONE_NODE.file))
            .hint("the run folder is damaged or was written by another version; run the scenario again")
            .into()
    })
}
