//! What every network format shares: the columns of a link, what their values may be, coordinates of nodes.

use super::RoadNetwork;
use super::findings::Findings;
use super::table::{Layout, Row};
use super::text::{finite, integer, non_negative, shown};
use crate::error::{Problem, Warning};

/// Columns of a link as every format here calls them; the constants below are places in this list.
pub(super) const COLUMNS: &[&str] =
    &["link_id", "from_node", "to_node", "capacity", "free_flow_time", "length", "b", "power", "toll", "link_type"];
pub(super) const LINK_ID: usize = 0;
pub(super) const FROM_NODE: usize = 1;
pub(super) const TO_NODE: usize = 2;
pub(super) const CAPACITY: usize = 3;
pub(super) const FREE_FLOW_TIME: usize = 4;
pub(super) const LENGTH: usize = 5;
pub(super) const B: usize = 6;
pub(super) const POWER: usize = 7;
pub(super) const TOLL: usize = 8;
pub(super) const LINK_TYPE: usize = 9;

/// BPR coefficient and exponent where a CSV network has no such column (Bureau of Public Roads, 1964).
pub(super) const BPR_DEFAULT: [f64; 2] = [0.15, 4.0];

/// The numbers of one link.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LinkValues {
    capacity: f64,
    length: f64,
    free_flow_time: f64,
    b: f64,
    power: f64,
    toll: f64,
    link_type: i32,
}

/// Whether a row has as many fields as its file has columns; says what is missing if not.
pub(super) fn has_all_columns(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> bool {
    let (found, expected) = (row.len(), layout.n_columns);
    if found != expected {
        findings.at("wrong number of columns", line, || {
            let problem = Problem::new(format!("expected {expected} columns, found {found}"));
            match layout.name_at(found) {
                Some(column) if found < expected => problem.of_key(column),
                _ => problem,
            }
        });
    }
    found == expected
}

/// An integer field; a column that is not there counts as wrong.
pub(super) fn id(
    row: Row<'_>,
    layout: &Layout,
    column: usize,
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<i64> {
    let field = row.field(layout.position(column)?);
    let value = integer(field);
    if value.is_none() {
        findings.at("not an integer", line, || {
            Problem::new(format!("expected an integer, found {}", shown(field))).of_key(layout.name(column))
        });
    }
    value
}

/// A finite number not below zero, or `default` where the file has no such column.
pub(super) fn quantity(
    row: Row<'_>,
    layout: &Layout,
    (column, default): (usize, f64),
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<f64> {
    let Some(position) = layout.position(column) else { return Some(default) };
    let field = row.field(position);
    match non_negative(field) {
        Ok(value) => Some(value),
        Err(fault) => {
            findings.at(fault.kind(), line, || fault.problem(layout.name(column), field));
            None
        }
    }
}

/// A finite number of any sign; a column that is not there counts as wrong.
pub(super) fn coordinate(
    row: Row<'_>,
    layout: &Layout,
    column: usize,
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<f64> {
    let field = row.field(layout.position(column)?);
    match finite(field) {
        Ok(value) => Some(value),
        Err(fault) => {
            findings.at(fault.kind(), line, || fault.problem(layout.name(column), field));
            None
        }
    }
}

/// The numbers of one link; none if one of them is wrong, and all that are wrong are told.
pub(super) fn values(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<LinkValues> {
    let mut number = |column, default| quantity(row, layout, (column, default), line, findings);
    let capacity = number(CAPACITY, 0.0);
    let length = number(LENGTH, 0.0);
    let free_flow_time = number(FREE_FLOW_TIME, 0.0);
    let b = number(B, BPR_DEFAULT[0]);
    let power = number(POWER, BPR_DEFAULT[1]);
    let toll = number(TOLL, 0.0);
    let link_type = link_type(row, layout, line, findings);
    if capacity == Some(0.0) && b.is_some_and(|b| b > 0.0) {
        findings.at("zero capacity", line, || {
            Problem::new("a link with b above 0 needs a capacity above 0")
                .of_key("capacity")
                .hint("set b to 0 for a link whose time does not depend on its volume, or leave a closed link out")
        });
        return None;
    }
    Some(LinkValues {
        capacity: capacity?,
        length: length?,
        free_flow_time: free_flow_time?,
        b: b?,
        power: power?,
        toll: toll?,
        link_type: link_type?,
    })
}

fn link_type(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<i32> {
    let Some(position) = layout.position(LINK_TYPE) else { return Some(0) };
    let field = row.field(position);
    let whole = |value: f64| (value.fract() == 0.0 && value.abs() <= f64::from(i32::MAX)).then_some(value as i32);
    let value = finite(field).ok().and_then(whole);
    if value.is_none() {
        findings.at("not an integer", line, || {
            Problem::new(format!("expected an integer, found {}", shown(field))).of_key("link_type")
        });
    }
    value
}

/// Adds a link at the end.
pub(super) fn push(network: &mut RoadNetwork, link_id: i64, [tail, head]: [u32; 2], values: LinkValues) {
    network.link_id.push(link_id);
    network.tail.push(tail);
    network.head.push(head);
    network.capacity.push(values.capacity);
    network.length.push(values.length);
    network.free_flow_time.push(values.free_flow_time);
    network.b.push(values.b);
    network.power.push(values.power);
    network.toll.push(values.toll);
    network.link_type.push(values.link_type);
}

/// What is allowed in a network and yet worth a word.
pub(super) fn oddities(network: &RoadNetwork) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let loops = || network.tail.iter().zip(&network.head).filter(|(tail, head)| tail == head);
    if let Some((node, _)) = loops().next() {
        let message = format!(
            "{} links start and end at the same node, first at node {}: no least-cost path uses them",
            loops().count(),
            network.node_id[*node as usize]
        );
        warnings.push(Warning::new("self_loops", loops().count(), message));
    }
    warnings
}

/// Coordinates of a node as a node file gives them.
pub(super) type Coordinates = (i64, [f64; 2]);

/// The rows of a node file by ascending id; an id that stands there twice is a problem.
pub(super) fn unique_coordinates(mut rows: Vec<(Coordinates, usize)>, findings: &mut Findings<'_>) -> Vec<Coordinates> {
    rows.sort_by_key(|((id, _), line)| (*id, *line));
    for pair in rows.windows(2) {
        let [((id, _), earlier), ((next, _), later)] = pair else { continue };
        if id == next {
            findings.at("repeated node", *later, || {
                Problem::new(format!("node {id} stands here and in line {earlier}")).of_key("node")
            });
        }
    }
    rows.into_iter().map(|(coordinates, _)| coordinates).collect()
}

/// Gives the nodes their coordinates, unless a node with links lacks them.
pub(super) fn place_nodes(network: &mut RoadNetwork, coordinates: &[Coordinates]) -> Vec<Warning> {
    let ids = super::ids::Ids::new(&network.node_id);
    let mut node_xy = vec![[f64::NAN; 2]; network.n_nodes()];
    let mut n_unknown = 0;
    for (id, xy) in coordinates {
        match ids.find(*id) {
            Some(node) => node_xy[node as usize] = *xy,
            None => n_unknown += 1,
        }
    }
    let mut is_linked = vec![false; network.n_nodes()];
    network.tail.iter().chain(&network.head).for_each(|node| is_linked[*node as usize] = true);
    let lacking: Vec<usize> = (0..node_xy.len()).filter(|node| node_xy[*node][0].is_nan()).collect();
    let mut warnings = Vec::new();
    if n_unknown > 0 {
        let message = format!("{n_unknown} nodes of the node file are not nodes of the network and were left out");
        warnings.push(Warning::new("unknown_nodes", n_unknown, message));
    }
    if let Some(first) = lacking.first() {
        let is_map_lost = lacking.iter().any(|node| is_linked[*node]);
        let consequence = if is_map_lost { "no coordinates are used" } else { "none of them has links" };
        let message = format!(
            "{} nodes have no coordinates, first node {}: {consequence}",
            lacking.len(),
            network.node_id[*first]
        );
        warnings.push(Warning::new("missing_coordinates", lacking.len(), message));
        if is_map_lost {
            return warnings;
        }
    }
    network.node_xy = Some(node_xy);
    warnings
}
