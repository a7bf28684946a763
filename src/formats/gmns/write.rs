//! A network as the tables of a GMNS folder, with a `datapackage.json` that describes them.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::formats::gmns::schema::{self, CONFIG, Column, LINK, MOST_SPEED, NODE, ZONE};

/// Version of the specification that is written.
const VERSION: &str = "0.96";

/// What is written; columns of links and nodes have one entry each, lengths are in metres, times in seconds.
#[derive(Debug, Clone, Copy)]
pub struct GmnsTables<'a> {
    /// What the network is called.
    pub title: &'a str,
    /// Coordinate reference system, if it is known.
    pub crs: Option<&'a str>,
    /// Id of each node.
    pub node_id: &'a [i64],
    /// Where each node is; a node that is nowhere is left out.
    pub node_xy: &'a [[f64; 2]],
    /// Id of each zone.
    pub zone_id: &'a [i64],
    /// Node of each zone.
    pub zone_node: &'a [usize],
    /// Id of each link.
    pub link_id: &'a [i64],
    /// Id of the node each link starts at.
    pub from_node: &'a [i64],
    /// Id of the node each link ends at.
    pub to_node: &'a [i64],
    /// Length of each link.
    pub length: Option<&'a [f64]>,
    /// Capacity of each link, per hour; 0 where its time does not depend on its volume.
    pub capacity: Option<&'a [f64]>,
    /// Free-flow time of each link.
    pub free_flow_time: Option<&'a [f64]>,
    /// Toll of each link.
    pub toll: Option<&'a [f64]>,
    /// Type of each link.
    pub link_type: Option<&'a [i64]>,
}

impl GmnsTables<'_> {
    /// `config.csv`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_config(&self, out: impl Write) -> io::Result<()> {
        write(out, CONFIG, 0..1, |column, _| match column {
            "dataset_name" => self.title.to_owned(),
            "short_length" | "long_length" => "meter".to_owned(),
            "speed" => "kph".to_owned(),
            "crs" => self.crs.unwrap_or_default().to_owned(),
            "geometry_field_format" => "wkt".to_owned(),
            "version_number" => VERSION.to_owned(),
            "id_type" => "integer".to_owned(),
            _ => String::new(),
        })
    }

    /// `node.csv`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_nodes(&self, out: impl Write) -> io::Result<()> {
        let mut zone: Vec<Option<i64>> = vec![None; self.node_id.len()];
        for (node, id) in self.zone_node.iter().zip(self.zone_id) {
            zone[*node] = zone[*node].or(Some(*id));
        }
        let is_somewhere = |node: &usize| self.node_xy[*node].iter().all(|value| value.is_finite());
        write(out, NODE, (0..self.node_id.len()).filter(is_somewhere), |column, node| match column {
            "node_id" => self.node_id[node].to_string(),
            "x_coord" => number(self.node_xy[node][0]),
            "y_coord" => number(self.node_xy[node][1]),
            "zone_id" => zone[node].map_or_else(String::new, |id| id.to_string()),
            _ => String::new(),
        })
    }

    /// `zone.csv`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_zones(&self, out: impl Write) -> io::Result<()> {
        write(out, ZONE, 0..self.zone_id.len(), |column, zone| match column {
            "zone_id" => self.zone_id[zone].to_string(),
            _ => String::new(),
        })
    }

    /// `link.csv`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_links(&self, out: impl Write) -> io::Result<()> {
        let value = |values: Option<&[f64]>, link: usize| values.map(|values| values[link]);
        let optional = |value: Option<f64>| value.map_or_else(String::new, number);
        write(out, LINK, 0..self.link_id.len(), |column, link| match column {
            "link_id" => self.link_id[link].to_string(),
            "from_node_id" => self.from_node[link].to_string(),
            "to_node_id" => self.to_node[link].to_string(),
            "directed" => "true".to_owned(),
            "dir_flag" => "0".to_owned(),
            "length" => optional(value(self.length, link)),
            // Zero would mean that no car may pass.
            "capacity" => optional(value(self.capacity, link).filter(|capacity| *capacity > 0.0)),
            "vdf_alpha" if value(self.capacity, link) == Some(0.0) => "0".to_owned(),
            "lanes" => "1".to_owned(),
            "free_speed" => optional(speed(value(self.length, link), value(self.free_flow_time, link))),
            "free_flow_time_s" => optional(value(self.free_flow_time, link)),
            "toll" => optional(value(self.toll, link)),
            "link_type" => self.link_type.map_or_else(String::new, |types| types[link].to_string()),
            _ => String::new(),
        })
    }

    /// `datapackage.json`; `results` are the columns of a further table about the links.
    pub fn datapackage(&self, results: &[String]) -> Value {
        let link = [["from_node_id", "node", "node_id"], ["to_node_id", "node", "node_id"]];
        let mut result_fields = vec![json!({ "name": "link_id", "type": "any" })];
        result_fields.extend(["from_node", "to_node"].map(|name| json!({ "name": name, "type": "any" })));
        result_fields.extend(results.iter().map(|name| json!({ "name": name, "type": "number" })));
        let result_keys = [["link_id", "link", "link_id"]];
        json!({
            "name": "gmns-network",
            "title": self.title,
            "description": format!("A network in the General Modeling Network Specification, version {VERSION}"),
            "resources": [
                schema::resource("config", "units", schema::fields(CONFIG), None, &[]),
                schema::resource("node", "nodes", schema::fields(NODE), Some("node_id"), &[["zone_id", "zone", "zone_id"]]),
                schema::resource("zone", "zones", schema::fields(ZONE), Some("zone_id"), &[]),
                schema::resource("link", "one-way links", schema::fields(LINK), Some("link_id"), &link),
                schema::resource(
                    "link_performance",
                    "results by link; not a table of GMNS",
                    result_fields,
                    Some("link_id"),
                    &result_keys,
                ),
            ],
        })
    }
}

/// Km/h, where the specification allows as much.
fn speed(length: Option<f64>, time: Option<f64>) -> Option<f64> {
    let speed = length? / time? * 3.6;
    (speed > 0.0 && speed <= MOST_SPEED).then_some(speed)
}

fn write(
    out: impl Write,
    columns: &[Column],
    rows: impl Iterator<Item = usize>,
    cell: impl Fn(&str, usize) -> String,
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(columns.iter().map(|column| column.name))?;
    for row in rows {
        table.write_record(columns.iter().map(|column| cell(column.name, row)))?;
    }
    table.flush()
}

/// A number with all its digits; nothing where it is none.
fn number(value: f64) -> String {
    if value.is_finite() { format!("{value:?}") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_written_where_they_are_allowed() {
        assert_eq!(speed(Some(1000.0), Some(36.0)), Some(100.0));
        assert_eq!(speed(Some(1000.0), Some(10.0)), None);
        assert_eq!([speed(Some(1.0), Some(0.0)), speed(Some(0.0), Some(0.0)), speed(None, Some(1.0))], [None; 3]);
    }

    #[test]
    fn numbers_keep_their_digits() {
        for value in [0.1, 1e300, -2.5e-7, 0.0, 123_456_789.123_456_78] {
            assert_eq!(number(value).parse::<f64>().unwrap(), value);
        }
        assert_eq!(number(f64::NAN), "");
    }
}
