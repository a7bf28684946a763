//! The network of a run as a GMNS folder, its results as a further table beside it.

use std::io::{self, Write};
use std::path::Path;

use super::csv::{columns, write_rows};
use super::file::{Existing, write_file, write_folder};
use crate::error::{Error, Problem};
use crate::field::traffic;
use crate::formats::gmns::GmnsTables;
use crate::report::links::{Coordinates, LinkTable};
use crate::report::period::PeriodChoice;
use crate::store::read::RunReader;

/// The files of a folder.
pub const FILES: [&str; 6] =
    ["config.csv", "node.csv", "zone.csv", "link.csv", "link_performance.csv", "datapackage.json"];

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
    write_folder(path, existing, &FILES, |folder| write_files(&tables, &links, folder))
}

fn write_files(tables: &GmnsTables<'_>, links: &LinkTable, folder: &Path) -> Result<(), Error> {
    let file = |name: &str, content: &dyn Fn(&mut dyn Write) -> io::Result<()>| {
        write_file(&folder.join(name), Existing::Refuse, |out| content(out))
    };
    file("config.csv", &|out| tables.write_config(out))?;
    file("node.csv", &|out| tables.write_nodes(out))?;
    file("zone.csv", &|out| tables.write_zones(out))?;
    file("link.csv", &|out| tables.write_links(out))?;
    let results = columns(links);
    file("link_performance.csv", &|out| write_rows(links, &results, out))?;
    let names: Vec<String> = results.iter().map(|(name, _)| name.clone()).collect();
    let package = tables.datapackage(&names);
    file("datapackage.json", &|out| {
        serde_json::to_writer_pretty(&mut *out, &package)?;
        out.write_all(b"\n")
    })
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
