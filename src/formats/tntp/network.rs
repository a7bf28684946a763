//! TNTP network files: one row per link.

use super::metadata::{self, Entry, Metadata};
use super::{header, split_row_end, without_comment};
use crate::error::{Error, Problem, Warning};
use crate::formats::findings::Findings;
use crate::formats::table::{Layout, Row, split_blanks};
use crate::formats::text::{Lines, shown};
use crate::formats::{RoadNetwork, Source, links};

/// Columns of a file that has no header line.
const STANDARD_ORDER: [&str; 10] =
    ["from_node", "to_node", "capacity", "length", "free_flow_time", "b", "power", "speed", "toll", "link_type"];
const NEEDED: [usize; 7] =
    [links::FROM_NODE, links::TO_NODE, links::CAPACITY, links::LENGTH, links::FREE_FLOW_TIME, links::B, links::POWER];
/// Most nodes a network may have.
const MOST_NODES: i64 = 50_000_000;
/// Nodes without links are real, so their number cannot be checked by counting rows; it is bounded by these two instead.
const NODES_OF_ANY_NETWORK: i64 = 1_000_000;
const NODES_PER_LINK: i64 = 64;

/// Reads a network; nodes without links stay, and zone `z` is node `z`.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint.
pub fn read_network(source: Source<'_>) -> Result<(RoadNetwork, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let read = Lines::open(source).and_then(|mut lines| {
        let metadata = metadata::read(&mut lines, &mut findings)?;
        let counts = Counts::of(&metadata, &mut findings)?;
        let mut network = read_links(&mut lines, &counts, &mut findings)?;
        if findings.is_empty() {
            counts.number_nodes(&mut network);
            network.toll_factor = metadata.toll_factor.map(|entry| entry.value);
            network.distance_factor = metadata.distance_factor.map(|entry| entry.value);
        }
        Ok(network)
    });
    let network = findings.conclude(read)?;
    let warnings = links::oddities(&network);
    Ok((network, warnings))
}

/// The sizes that the metadata promises.
struct Counts {
    n_zones: i64,
    n_nodes: i64,
    n_links: Entry<i64>,
    first_through_node: i64,
    nodes_line: usize,
}

impl Counts {
    fn of(metadata: &Metadata, findings: &mut Findings<'_>) -> Result<Self, Problem> {
        let needed = |entry: Option<Entry<i64>>, key: &str| match entry {
            Some(entry) if entry.value >= 0 => Ok(entry),
            Some(entry) => Err(Problem::new(format!("expected a count, found {}", entry.value))
                .of_key(format!("<{key}>"))
                .at_line(entry.line)),
            None => Err(Problem::new("the metadata lacks this line").of_key(format!("<{key}>"))),
        };
        let zones = needed(metadata.n_zones, "NUMBER OF ZONES")?;
        let nodes = needed(metadata.n_nodes, "NUMBER OF NODES")?;
        let n_links = needed(metadata.n_links, "NUMBER OF LINKS")?;
        if nodes.value > MOST_NODES {
            return Err(too_many_nodes(nodes.value, nodes.line, &format!("at most {MOST_NODES} can be read")));
        }
        if zones.value > nodes.value {
            findings.at("zones", zones.line, || {
                Problem::new(format!("{} zones but only {} nodes", zones.value, nodes.value))
                    .of_key("<NUMBER OF ZONES>")
                    .hint("zone z is node z, so there are at least as many nodes as zones")
            });
        }
        let first_through_node = match metadata.first_through_node {
            None => 1,
            Some(entry) => {
                if entry.value < 0 || entry.value > nodes.value + 1 {
                    findings.at("first through node", entry.line, || {
                        Problem::new(format!("expected a node id, found {}", entry.value))
                            .of_key("<FIRST THRU NODE>")
                            .hint(format!(
                                "the nodes are 1 to {}; leave the line out if paths may pass all",
                                nodes.value
                            ))
                    });
                }
                entry.value
            }
        };
        Ok(Counts { n_zones: zones.value, n_nodes: nodes.value, n_links, first_through_node, nodes_line: nodes.line })
    }

    /// Called after the rows were read and their number found to be right, so that a header alone allocates nothing.
    fn number_nodes(&self, network: &mut RoadNetwork) {
        network.node_id = (1..=self.n_nodes).collect();
        network.node_through = (1..=self.n_nodes).map(|node| node >= self.first_through_node).collect();
        network.zone_id = (1..=self.n_zones).collect();
        network.zone_node = (0..self.n_zones as u32).collect();
    }

    fn check(&self, n_rows: usize, findings: &mut Findings<'_>) {
        if n_rows as i64 != self.n_links.value {
            findings.at("number of links", self.n_links.line, || {
                Problem::new(format!("{} links promised, {n_rows} rows found", self.n_links.value))
                    .of_key("<NUMBER OF LINKS>")
                    .hint("the file may be cut off, or its metadata belong to another file")
            });
        }
        let most = NODES_OF_ANY_NETWORK + NODES_PER_LINK * n_rows as i64;
        if self.n_nodes > most {
            let reason = format!("not believable beside {n_rows} links");
            findings.push("nodes", too_many_nodes(self.n_nodes, self.nodes_line, &reason));
        }
    }
}

fn too_many_nodes(n_nodes: i64, line: usize, reason: &str) -> Problem {
    Problem::new(format!("{n_nodes} nodes promised: {reason}")).of_key("<NUMBER OF NODES>").at_line(line)
}

fn read_links(lines: &mut Lines<'_>, counts: &Counts, findings: &mut Findings<'_>) -> Result<RoadNetwork, Problem> {
    let mut network = RoadNetwork::default();
    let mut layout = None;
    let mut n_rows = 0;
    let mut fields = Vec::new();
    while let Some((line, text)) = lines.next()? {
        if layout.is_none()
            && let Some(announced) = header::parse(text, links::COLUMNS, &NEEDED)
        {
            layout = Some(announced.map_err(|problem| problem.at_line(line))?);
            continue;
        }
        let (row, rest) = split_row_end(without_comment(text));
        if row.is_empty() && rest.is_empty() {
            continue;
        }
        n_rows += 1;
        let layout = layout.get_or_insert_with(standard_layout);
        if !rest.is_empty() {
            findings.at("text after the row", line, || {
                Problem::new(format!("expected nothing after the ; of a row, found {}", shown(rest)))
            });
        }
        split_blanks(row, &mut fields);
        read_link(Row::new(row, &fields), layout, (line, n_rows), counts.n_nodes, &mut network, findings);
    }
    counts.check(n_rows, findings);
    Ok(network)
}

fn read_link(
    row: Row<'_>,
    layout: &Layout,
    (line, n_rows): (usize, usize),
    n_nodes: i64,
    network: &mut RoadNetwork,
    findings: &mut Findings<'_>,
) {
    if !links::has_all_columns(row, layout, line, findings) {
        return;
    }
    let tail = node(row, layout, links::FROM_NODE, (line, n_nodes), findings);
    let head = node(row, layout, links::TO_NODE, (line, n_nodes), findings);
    let values = links::values(row, layout, line, findings);
    if let (Some(tail), Some(head), Some(values)) = (tail, head, values) {
        links::push(network, n_rows as i64, [tail, head], values);
    }
}

fn node(
    row: Row<'_>,
    layout: &Layout,
    column: usize,
    (line, n_nodes): (usize, i64),
    findings: &mut Findings<'_>,
) -> Option<u32> {
    let id = links::id(row, layout, column, line, findings)?;
    if (1..=n_nodes).contains(&id) {
        return Some((id - 1) as u32);
    }
    findings.at("unknown node", line, || {
        Problem::new(format!("there is no node {id}"))
            .of_key(layout.name(column))
            .hint(format!("<NUMBER OF NODES> says that the nodes are 1 to {n_nodes}"))
    });
    None
}

fn standard_layout() -> Layout {
    Layout::of_header(links::COLUMNS, &STANDARD_ORDER.map(str::to_owned)).expect("no name stands there twice")
}
