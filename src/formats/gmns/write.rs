//! A network as the tables of a GMNS folder.

use std::io::{self, Write};

use crate::formats::MovementKind;
use crate::formats::gmns::schema::{CONFIG, Column, LINK, MOST_SPEED, MOVEMENT, NODE, VERSION, ZONE};

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

/// Turns that are written, one entry per turn in all columns.
#[derive(Debug, Clone, Copy)]
pub struct GmnsTurns<'a> {
    /// Link that each turn leaves, as an index.
    pub from_link: &'a [usize],
    /// Link that each turn enters, as an index.
    pub to_link: &'a [usize],
    /// What kind of turn it is.
    pub kind: &'a [MovementKind],
    /// Seconds that it takes.
    pub penalty: &'a [f64],
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

    /// `movement.csv`; ids are the 1-based rows.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_movements(&self, turns: &GmnsTurns<'_>, out: impl Write) -> io::Result<()> {
        write(out, MOVEMENT, 0..turns.from_link.len(), |column, turn| match column {
            "mvmt_id" => (turn + 1).to_string(),
            "node_id" => self.to_node[turns.from_link[turn]].to_string(),
            "ib_link_id" => self.link_id[turns.from_link[turn]].to_string(),
            "ob_link_id" => self.link_id[turns.to_link[turn]].to_string(),
            "type" => name(turns.kind[turn]).to_owned(),
            "penalty" => number(turns.penalty[turn]),
            _ => String::new(),
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

/// What the specification calls a kind of movement, which must be called something.
fn name(kind: MovementKind) -> &'static str {
    match kind {
        MovementKind::Left => "left",
        MovementKind::Right => "right",
        MovementKind::UTurn => "uturn",
        MovementKind::Through => "thru",
        MovementKind::Merge => "merge",
        MovementKind::Diverge => "diverge",
        MovementKind::Other => "other",
    }
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
