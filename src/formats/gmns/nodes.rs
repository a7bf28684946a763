//! `node.csv`.

use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::gmns::fields::is_missing;
use crate::formats::ids::Ids;
use crate::formats::links::{coordinate, id};
use crate::formats::table::{Layout, Row};

const NODE_ID: usize = 0;
const X: usize = 1;
const Y: usize = 2;
const NODE_TYPE: usize = 3;
const ZONE_ID: usize = 4;
const COLUMNS: Columns = Columns::of(&["node_id", "x_coord", "y_coord", "node_type", "zone_id"], &[NODE_ID, X, Y]);

/// Nodes by ascending id, one entry per node in all columns.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    pub(super) id: Vec<i64>,
    pub(super) xy: Vec<[f64; 2]>,
    pub(super) kind: Vec<NodeKind>,
    /// The zone that the node belongs to, if any.
    pub(super) zone: Vec<Option<i64>>,
}

impl Nodes {
    pub(super) fn ids(&self) -> Ids<'_> {
        Ids::new(&self.id)
    }
}

/// What `node_type` says of where trips may start and pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    /// Trips start and end here and do not pass.
    Centroid,
    /// On the border of the area.
    External,
    /// Any other.
    Ordinary,
}

/// Reads the nodes; `zone_id` 0 is no zone, as in the example Lima and in DTALite.
pub(super) fn read(source: Source<'_>) -> Result<(Nodes, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut rows = Vec::new();
    let mut n_zone_zero = 0;
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let node = id(row, layout, NODE_ID, line, findings);
        let x = coordinate(row, layout, X, line, findings);
        let y = coordinate(row, layout, Y, line, findings);
        let zone = zone(row, layout, line, findings);
        if let (Some(node), Some(x), Some(y), Some(zone)) = (node, x, y, zone) {
            n_zone_zero += usize::from(zone == Some(0));
            rows.push((node, line, [x, y], kind(row, layout), zone.filter(|zone| *zone != 0)));
        }
    });
    rows.sort_by_key(|(node, line, ..)| (*node, *line));
    for pair in rows.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        findings.at("repeated node", pair[1].1, || {
            Problem::new(format!("node {} stands here and in line {}", pair[1].0, pair[0].1)).of_key("node_id")
        });
    }
    if rows.len() > u32::MAX as usize {
        findings.push("nodes", Problem::new(format!("{} nodes are more than can be read", rows.len())));
    }
    findings.conclude(read)?;
    let mut nodes = Nodes::default();
    for (node, _, xy, kind, zone) in rows {
        nodes.id.push(node);
        nodes.xy.push(xy);
        nodes.kind.push(kind);
        nodes.zone.push(zone);
    }
    let message = || format!("{n_zone_zero} nodes have zone_id 0, which is taken for no zone");
    let warning = (n_zone_zero > 0).then(|| Warning::new("gmns_zone_zero", n_zone_zero, message()));
    Ok((nodes, warning.into_iter().collect()))
}

/// The zone of a node, if it has one; the outer none is a problem.
fn zone(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<Option<i64>> {
    match layout.position(ZONE_ID) {
        Some(position) if !is_missing(row.field(position)) => id(row, layout, ZONE_ID, line, findings).map(Some),
        _ => Some(None),
    }
}

fn kind(row: Row<'_>, layout: &Layout) -> NodeKind {
    let field = layout.position(NODE_TYPE).map_or(&b""[..], |position| row.field(position));
    match field.to_ascii_lowercase().as_slice() {
        b"centroid" => NodeKind::Centroid,
        b"external" => NodeKind::External,
        _ => NodeKind::Ordinary,
    }
}
