//! Links as GeoJSON (RFC 7946): longitude and latitude on WGS 84, seven decimals (about a centimetre), no `crs` member.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value};

use super::csv::columns;
use super::file::{Existing, write_file};
use crate::error::{Error, Problem};
use crate::report::html::map::is_longitude_latitude;
use crate::report::links::{Coordinates, LinkTable};
use crate::report::period::PeriodChoice;
use crate::store::read::RunReader;

/// Writes the links of a run as GeoJSON.
///
/// # Errors
/// The run's coordinates are missing or not longitude and latitude, or the file cannot be written.
pub fn write(run: &RunReader, path: &Path, existing: Existing, period: PeriodChoice<'_>) -> Result<(), Error> {
    refuse_other_crs(run)?;
    let links = LinkTable::read(run, period)?;
    let node_xy = positions(run, &links)?;
    let columns = columns(&links);
    write_file(path, existing, |out| {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        for link in 0..links.n_links() {
            out.write_all(if link == 0 { b"\n" } else { b",\n" })?;
            write_feature(out, &links, &columns, node_xy, link)?;
        }
        out.write_all(b"\n]}\n")
    })
}

fn write_feature(
    out: &mut impl Write,
    links: &LinkTable,
    columns: &[(String, Vec<f64>)],
    node_xy: &[[f64; 2]],
    link: usize,
) -> io::Result<()> {
    let mut properties = Map::new();
    properties.insert("link_id".to_owned(), links.link_id[link].into());
    properties.insert("from_node".to_owned(), links.from_node[link].into());
    properties.insert("to_node".to_owned(), links.to_node[link].into());
    for (name, values) in columns {
        // What is not finite becomes null, as JSON has no word for it.
        properties.insert(name.clone(), Value::from(values[link]));
    }
    let [x1, y1] = node_xy[links.tail[link]];
    let [x2, y2] = node_xy[links.head[link]];
    write!(out, "{{\"type\":\"Feature\",\"id\":{},\"geometry\":{{\"type\":\"LineString\",", links.link_id[link])?;
    write!(out, "\"coordinates\":[[{x1:.7},{y1:.7}],[{x2:.7},{y2:.7}]]}},\"properties\":")?;
    serde_json::to_writer(&mut *out, &properties)?;
    out.write_all(b"}")
}

fn refuse_other_crs(run: &RunReader) -> Result<(), Error> {
    let scenario = run.scenario()?;
    let crs = scenario.get("scenario").and_then(|table| table.get("crs")).and_then(toml::Value::as_str);
    let problem = match crs {
        Some(crs) if is_longitude_latitude(crs) => return Ok(()),
        Some(crs) => Problem::new(format!("GeoJSON needs longitude and latitude (EPSG:4326), found {crs}")),
        None => Problem::new("GeoJSON needs longitude and latitude (EPSG:4326), and the scenario names no crs"),
    };
    Err(problem
        .of_key("scenario.crs")
        .in_file(run.dir().join("scenario.toml"))
        .hint("give node coordinates in EPSG:4326 and say so, or export csv and join it to the network in a GIS")
        .into())
}

fn positions<'a>(run: &RunReader, links: &'a LinkTable) -> Result<&'a [[f64; 2]], Error> {
    let problem = match &links.node_xy {
        Coordinates::Missing(why) => Problem::new(format!("GeoJSON needs coordinates, but {why}")),
        Coordinates::Known(node_xy) => match node_xy.iter().find(|[x, y]| x.abs() > 180.0 || y.abs() > 90.0) {
            None => return Ok(node_xy),
            Some([x, y]) => {
                Problem::new(format!("({x}, {y}) is not a longitude and latitude in degrees")).of_key("scenario.crs")
            }
        },
    };
    Err(problem.in_file(run.dir()).hint("name a file of node coordinates and its crs in the scenario").into())
}
