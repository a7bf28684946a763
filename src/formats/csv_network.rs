//! Road networks in the project's CSV form: one file of links, one of nodes.

use super::csv_table::{self, Columns};
use super::findings::Findings;
use super::ids::Ids;
use super::links::{self, Coordinates, coordinate, id};
use super::table::{Layout, Row};
use super::text::shown;
use super::{RoadNetwork, Source};
use crate::error::{Error, Problem, Warning};

const LINK_COLUMNS: Columns = Columns::of(
    links::COLUMNS,
    &[links::LINK_ID, links::FROM_NODE, links::TO_NODE, links::CAPACITY, links::FREE_FLOW_TIME, links::LENGTH],
);

const NODE_ID: usize = 0;
const X: usize = 1;
const Y: usize = 2;
const ZONE_ID: usize = 3;
const THROUGH: usize = 4;
const NODE_WANTED: &[&str] = &["node_id", "x", "y", "zone_id", "through"];
const NODE_COLUMNS: Columns = Columns::of(NODE_WANTED, &[NODE_ID, X, Y, ZONE_ID]);
const COORDINATE_COLUMNS: Columns = Columns::of(NODE_WANTED, &[NODE_ID, X, Y]);

/// Reads a network from its links and nodes; a node with a zone id is that zone's node.
pub(super) fn read_network(source: Source<'_>, nodes: Source<'_>) -> Result<(RoadNetwork, Vec<Warning>), Error> {
    let (mut network, mut warnings) = read_nodes(nodes)?;
    let mut findings = Findings::new(source.file);
    let node_id = std::mem::take(&mut network.node_id);
    let node_ids = Ids::new(&node_id);
    let mut link_lines = Vec::new();
    let read = csv_table::read(source, LINK_COLUMNS, &mut findings, |row, layout, line, findings| {
        let link = id(row, layout, links::LINK_ID, line, findings);
        let tail = node(row, layout, links::FROM_NODE, (line, node_ids), findings);
        let head = node(row, layout, links::TO_NODE, (line, node_ids), findings);
        let values = links::values(row, layout, line, findings);
        if let (Some(link), Some(tail), Some(head), Some(values)) = (link, tail, head, values) {
            links::push(&mut network, link, [tail, head], values);
            link_lines.push((link, line));
        }
    });
    report_repeated(link_lines, "link_id", &mut findings);
    let layout = findings.conclude(read)?;
    network.node_id = node_id;
    warnings.extend(csv_table::ignored_columns(source.file, &layout));
    warnings.extend(defaulted_columns(&layout));
    warnings.extend(links::oddities(&network));
    Ok((network, warnings))
}

/// Reads the coordinates of nodes alone, for a network of another form.
pub(super) fn read_coordinates(source: Source<'_>) -> Result<Vec<Coordinates>, Error> {
    let mut findings = Findings::new(source.file);
    let mut rows = Vec::new();
    let read = csv_table::read(source, COORDINATE_COLUMNS, &mut findings, |row, layout, line, findings| {
        rows.extend(place(row, layout, line, findings).map(|coordinates| (coordinates, line)));
    });
    let read = read.map(|_| links::unique_coordinates(rows, &mut findings));
    findings.conclude(read)
}

struct Node {
    id: i64,
    xy: [f64; 2],
    zone: Option<i64>,
    is_through: bool,
    line: usize,
}

/// The network without links.
fn read_nodes(source: Source<'_>) -> Result<(RoadNetwork, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut nodes = Vec::new();
    let read = csv_table::read(source, NODE_COLUMNS, &mut findings, |row, layout, line, findings| {
        let place = place(row, layout, line, findings);
        let zone = zone(row, layout, line, findings);
        let is_through = is_through(row, layout, line, findings);
        if let (Some((id, xy)), Some(zone), Some(is_through)) = (place, zone, is_through) {
            nodes.push(Node { id, xy, zone, is_through, line });
        }
    });
    if read.is_ok() && nodes.iter().all(|node| node.zone.is_none()) {
        findings.push(
            "no zones",
            Problem::new("no node has a zone id")
                .of_key("zone_id")
                .hint("give one to each node where trips start or end"),
        );
    }
    if nodes.len() > u32::MAX as usize {
        findings.push("nodes", Problem::new(format!("{} nodes are more than can be read", nodes.len())));
    }
    report_repeated(nodes.iter().map(|node| (node.id, node.line)).collect(), "node_id", &mut findings);
    report_repeated(nodes.iter().filter_map(|node| Some((node.zone?, node.line))).collect(), "zone_id", &mut findings);
    let layout = findings.conclude(read)?;
    Ok((number_nodes(nodes), csv_table::ignored_columns(source.file, &layout).into_iter().collect()))
}

fn number_nodes(mut nodes: Vec<Node>) -> RoadNetwork {
    nodes.sort_by_key(|node| node.id);
    let mut zones: Vec<(i64, u32)> =
        nodes.iter().enumerate().filter_map(|(index, node)| Some((node.zone?, index as u32))).collect();
    zones.sort_unstable();
    RoadNetwork {
        node_id: nodes.iter().map(|node| node.id).collect(),
        node_xy: Some(nodes.iter().map(|node| node.xy).collect()),
        node_through: nodes.iter().map(|node| node.is_through).collect(),
        zone_id: zones.iter().map(|(zone, _)| *zone).collect(),
        zone_node: zones.iter().map(|(_, node)| *node).collect(),
        ..RoadNetwork::default()
    }
}

fn place(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<Coordinates> {
    let node = id(row, layout, NODE_ID, line, findings);
    let x = coordinate(row, layout, X, line, findings);
    let y = coordinate(row, layout, Y, line, findings);
    Some((node?, [x?, y?]))
}

/// The zone of a node, if it has one; the outer none is a problem.
fn zone(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<Option<i64>> {
    if row.field(layout.position(ZONE_ID)?).is_empty() {
        return Some(None);
    }
    id(row, layout, ZONE_ID, line, findings).map(Some)
}

fn is_through(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<bool> {
    let Some(position) = layout.position(THROUGH) else { return Some(true) };
    match row.field(position) {
        b"0" => Some(false),
        b"1" | b"" => Some(true),
        field => {
            findings.at("through", line, || {
                Problem::new(format!("expected 0 or 1, found {}", shown(field)))
                    .of_key("through")
                    .hint("0 is for nodes where paths may only start or end")
            });
            None
        }
    }
}

fn node(
    row: Row<'_>,
    layout: &Layout,
    column: usize,
    (line, nodes): (usize, Ids<'_>),
    findings: &mut Findings<'_>,
) -> Option<u32> {
    let id = id(row, layout, column, line, findings)?;
    let node = nodes.find(id);
    if node.is_none() {
        findings.at("unknown node", line, || {
            Problem::new(format!("there is no node {id}")).of_key(layout.name(column)).hint(nodes.hint("nodes", id))
        });
    }
    node
}

fn report_repeated(mut ids: Vec<(i64, usize)>, column: &str, findings: &mut Findings<'_>) {
    ids.sort_unstable();
    for pair in ids.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        findings.at("repeated id", pair[1].1, || {
            Problem::new(format!("{} stands here and in line {}", pair[1].0, pair[0].1)).of_key(column)
        });
    }
}

fn defaulted_columns(layout: &Layout) -> Option<Warning> {
    let [b, power] = links::BPR_DEFAULT;
    let defaults = [(links::B, b), (links::POWER, power)];
    let used: Vec<String> = defaults
        .iter()
        .filter(|(column, _)| layout.position(*column).is_none())
        .map(|(column, value)| format!("{} = {value}", layout.name(*column)))
        .collect();
    let message = || format!("the network has no such columns, used for all links: {}", used.join(", "));
    (!used.is_empty()).then(|| Warning::new("defaulted_columns", used.len(), message()))
}
