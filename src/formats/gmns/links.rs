//! `link.csv`, values as the file has them.

use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::gmns::fields::{allows_cars, is_missing, number, shape};
use crate::formats::gmns::nodes::Nodes;

use crate::formats::links::id;
use crate::formats::table::{Layout, Row};
use crate::formats::text::{flag, shown};

const LINK_ID: usize = 0;
const FROM_NODE: usize = 1;
const TO_NODE: usize = 2;
const DIRECTED: usize = 3;
const GEOMETRY: usize = 4;
const LENGTH: usize = 5;
const FACILITY_TYPE: usize = 6;
const CAPACITY: usize = 7;
const FREE_SPEED: usize = 8;
const LANES: usize = 9;
const ALLOWED_USES: usize = 10;
const TOLL: usize = 11;
const LINK_TYPE: usize = 12;
const B: usize = 13;
const POWER: usize = 14;
const FREE_FLOW_TIME: usize = 15;
/// Columns of the specification, then four of users: the first three are those of DTALite, the last is of this project.
const COLUMNS: Columns = Columns::of(
    &[
        "link_id",
        "from_node_id",
        "to_node_id",
        "directed",
        "geometry",
        "length",
        "facility_type",
        "capacity",
        "free_speed",
        "lanes",
        "allowed_uses",
        "toll",
        "link_type",
        "vdf_alpha",
        "vdf_beta",
        "free_flow_time_s",
    ],
    &[LINK_ID, FROM_NODE, TO_NODE],
);

/// A row of the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LinkRow {
    pub(super) id: String,
    pub(super) tail: u32,
    pub(super) head: u32,
    /// Whether the file says that it may be used the other way too.
    pub(super) is_two_way: bool,
    pub(super) length: Option<f64>,
    /// Its shape, where that is needed because its length is missing.
    pub(super) shape: Option<Vec<[f64; 2]>>,
    pub(super) facility_type: String,
    pub(super) capacity_per_lane: Option<f64>,
    pub(super) free_speed: Option<f64>,
    pub(super) lanes: Option<f64>,
    pub(super) toll: f64,
    pub(super) link_type: Option<i32>,
    pub(super) b: Option<f64>,
    pub(super) power: Option<f64>,
    pub(super) free_flow_time_s: Option<f64>,
    /// 1-based row of the file, links that were left out counted.
    pub(super) row: usize,
}

/// The links for cars, and the ids of the others.
#[derive(Debug, Default)]
pub(super) struct LinkRows {
    pub(super) rows: Vec<LinkRow>,
    /// Ids of links that were left out, ascending.
    pub(super) left_out: Vec<String>,
    /// Rows of the file.
    pub(super) n_rows: usize,
}

/// Reads the links that cars may use.
pub(super) fn read(source: Source<'_>, nodes: &Nodes) -> Result<(LinkRows, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut table = LinkRows::default();
    let mut lines: Vec<(String, usize)> = Vec::new();
    let [mut n_other_uses, mut n_without_lanes, mut n_undirected] = [0; 3];
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        table.n_rows += 1;
        let Some(link) = link(row, layout, (table.n_rows, line), nodes, findings) else { return };
        lines.push((link.id.clone(), line));
        let uses = layout.position(ALLOWED_USES).map_or(&b""[..], |position| row.field(position));
        if !allows_cars(uses) {
            n_other_uses += 1;
            table.left_out.push(link.id);
        } else if link.lanes == Some(0.0) || link.capacity_per_lane == Some(0.0) {
            n_without_lanes += 1;
            table.left_out.push(link.id);
        } else {
            let directed = layout.position(DIRECTED).map_or(&b""[..], |position| row.field(position));
            n_undirected += usize::from(is_missing(directed));
            table.rows.push(link);
        }
    });
    if table.n_rows > (u32::MAX / 2) as usize {
        findings.push("links", Problem::new(format!("{} links are more than can be read", table.n_rows)));
    }
    if read.is_ok() && findings.is_empty() && table.rows.is_empty() {
        findings.push("no links", no_links(&table));
    }
    table.left_out.sort_unstable();
    lines.sort_unstable();
    for pair in lines.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        findings.at("repeated id", pair[1].1, || {
            let id = shown(pair[1].0.as_bytes());
            Problem::new(format!("{id} stands here and in line {}", pair[0].1)).of_key("link_id")
        });
    }
    findings.conclude(read)?;
    let counted = [
        ("gmns_other_uses", n_other_uses, "links are not for cars (allowed_uses) and were left out"),
        ("gmns_no_lanes", n_without_lanes, "links have no lanes or no capacity for cars (0) and were left out"),
        (
            "gmns_directed_missing",
            n_undirected,
            "links do not say whether they are directed and were taken for one-way",
        ),
    ];
    let warning = |(code, count, words)| Warning::new(code, count, format!("{count} {words}"));
    Ok((table, counted.into_iter().filter(|(_, count, _)| *count > 0).map(warning).collect()))
}

fn no_links(table: &LinkRows) -> Problem {
    match table.n_rows {
        0 => Problem::new("there are no links"),
        n_rows => Problem::new(format!("none of the {n_rows} links is for cars")).hint(
            "allowed_uses of such a link is empty or contains auto, car or all, and its lanes and capacity are not 0",
        ),
    }
}

fn link(
    row: Row<'_>,
    layout: &Layout,
    (n_row, line): (usize, usize),
    nodes: &Nodes,
    findings: &mut Findings<'_>,
) -> Option<LinkRow> {
    let link = link_id(row, layout, line, findings);
    let tail = node(row, layout, (FROM_NODE, nodes), line, findings);
    let head = node(row, layout, (TO_NODE, nodes), line, findings);
    let is_one_way = is_one_way(row, layout, line, findings);
    let mut number = |column| number(row, layout, column, line, findings);
    let (length, capacity, lanes) = (number(LENGTH), number(CAPACITY), number(LANES));
    let (toll, b, power, time) = (number(TOLL), number(B), number(POWER), number(FREE_FLOW_TIME));
    let free_speed = number(FREE_SPEED);
    if free_speed == Some(Some(0.0)) {
        findings.at("free speed", line, || Problem::new("a link needs a speed above 0").of_key("free_speed"));
    }
    let link_type = link_type(row, layout, line, findings);
    let length = length?;
    let field = |column| layout.position(column).map_or(&b""[..], |position| row.field(position));
    Some(LinkRow {
        id: link?,
        tail: tail?,
        head: head?,
        is_two_way: !is_one_way?,
        length,
        shape: if length.is_none() { shape(field(GEOMETRY)) } else { None },
        facility_type: String::from_utf8_lossy(field(FACILITY_TYPE)).trim().to_owned(),
        capacity_per_lane: capacity?,
        free_speed: free_speed?.filter(|speed| *speed > 0.0),
        lanes: lanes?,
        toll: toll?.unwrap_or(0.0),
        link_type: link_type?,
        b: b?,
        power: power?,
        free_flow_time_s: time?,
        row: n_row,
    })
}

fn link_id(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<String> {
    let field = row.field(layout.position(LINK_ID)?);
    let text = std::str::from_utf8(field).ok().filter(|text| !text.is_empty());
    if text.is_none() {
        findings
            .at("link id", line, || Problem::new(format!("expected an id, found {}", shown(field))).of_key("link_id"));
    }
    text.map(str::to_owned)
}

fn node(
    row: Row<'_>,
    layout: &Layout,
    (column, nodes): (usize, &Nodes),
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<u32> {
    let id = id(row, layout, column, line, findings)?;
    let node = nodes.ids().find(id);
    if node.is_none() {
        findings.at("unknown node", line, || {
            let problem = Problem::new(format!("there is no node {id}")).of_key(layout.name(column));
            problem.hint(nodes.ids().hint("nodes", id))
        });
    }
    node
}

fn is_one_way(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<bool> {
    let field = layout.position(DIRECTED).map_or(&b""[..], |position| row.field(position));
    if is_missing(field) {
        return Some(true);
    }
    let value = flag(field);
    if value.is_none() {
        findings.at("directed", line, || {
            Problem::new(format!("expected true or false, found {}", shown(field))).of_key("directed")
        });
    }
    value
}

fn link_type(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<Option<i32>> {
    let field = layout.position(LINK_TYPE).map_or(&b""[..], |position| row.field(position));
    if is_missing(field) {
        return Some(None);
    }
    let value = std::str::from_utf8(field).ok().and_then(|text| text.parse().ok());
    if value.is_none() {
        findings.at("not an integer", line, || {
            Problem::new(format!("expected an integer, found {}", shown(field))).of_key("link_type")
        });
    }
    value.map(Some)
}
