//! TNTP flow files: volume and cost by pair of nodes, as published for a network.

use super::{header, metadata, split_row_end, without_comment};
use crate::error::{Error, Problem, Warning};
use crate::formats::findings::Findings;
use crate::formats::ids::Ids;
use crate::formats::links::{has_all_columns, id, quantity};
use crate::formats::table::{Layout, Row, split_blanks};
use crate::formats::text::Lines;
use crate::formats::{RoadNetwork, Source};

const COLUMNS: &[&str] = &["from_node", "to_node", "volume", "cost"];
const FROM: usize = 0;
const TO: usize = 1;
const VOLUME: usize = 2;
const COST: usize = 3;

/// What a flow file says of each link of a network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinkFlows {
    /// Volume of each link, where the file has a row for it.
    pub volume: Vec<Option<f64>>,
    /// Cost of each link, where the file has it.
    pub cost: Vec<Option<f64>>,
}

/// Reads link flows; rows may come in any order, and the k-th row of a pair of nodes is its k-th link.
///
/// # Errors
/// Everything wrong with the file, a row without a link in `network` among it, each with line and hint.
pub fn read_flow(source: Source<'_>, network: &RoadNetwork) -> Result<(LinkFlows, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut links = LinksByNodes::new(network);
    let mut flows = LinkFlows { volume: vec![None; network.n_links()], cost: vec![None; network.n_links()] };
    let read = Lines::open(source).and_then(|mut lines| {
        skip_metadata(&mut lines, &mut findings)?;
        read_rows(&mut lines, &mut links, &mut flows, &mut findings)
    });
    findings.conclude(read)?;
    let warnings = oddities(&links, &flows);
    Ok((flows, warnings))
}

fn oddities(links: &LinksByNodes<'_>, flows: &LinkFlows) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let n_parallel = links.n_parallel();
    if n_parallel > 0 {
        let message = format!("{n_parallel} links share both nodes with another: flows were matched in file order");
        warnings.push(Warning::new("parallel_links", n_parallel, message));
    }
    let n_without = flows.volume.iter().filter(|volume| volume.is_none()).count();
    if n_without > 0 {
        warnings.push(Warning::new("links_without_flow", n_without, format!("{n_without} links have no row")));
    }
    warnings
}

/// Some files start with metadata whose counts are -1, others with the header.
fn skip_metadata(lines: &mut Lines<'_>, findings: &mut Findings<'_>) -> Result<(), Problem> {
    while let Some((_, text)) = lines.next()? {
        let text = text.trim_ascii();
        if text.is_empty() {
            continue;
        }
        let is_metadata = text.starts_with(b"<");
        lines.unread();
        if is_metadata {
            metadata::read(lines, findings)?;
        }
        break;
    }
    Ok(())
}

fn read_rows(
    lines: &mut Lines<'_>,
    links: &mut LinksByNodes<'_>,
    flows: &mut LinkFlows,
    findings: &mut Findings<'_>,
) -> Result<(), Problem> {
    let mut layout: Option<Layout> = None;
    let mut fields = Vec::new();
    while let Some((line, text)) = lines.next()? {
        if layout.is_none()
            && let Some(announced) = header::parse(text, COLUMNS, &[FROM, TO, VOLUME])
        {
            layout = Some(announced.map_err(|problem| problem.at_line(line))?);
            continue;
        }
        let (row, _) = split_row_end(without_comment(text));
        if row.is_empty() {
            continue;
        }
        split_blanks(row, &mut fields);
        let row = Row::new(row, &fields);
        let layout = layout.get_or_insert_with(|| Layout::in_order(COLUMNS));
        if !has_all_columns(row, layout, line, findings) {
            continue;
        }
        let nodes = [id(row, layout, FROM, line, findings), id(row, layout, TO, line, findings)];
        let volume = quantity(row, layout, (VOLUME, 0.0), line, findings);
        let cost = quantity(row, layout, (COST, 0.0), line, findings);
        let ([Some(from), Some(to)], Some(volume), Some(cost)) = (nodes, volume, cost) else { continue };
        match links.next([from, to]) {
            Some(link) => {
                flows.volume[link] = Some(volume);
                flows.cost[link] = layout.position(COST).map(|_| cost);
            }
            None => findings.at("unknown link", line, || {
                Problem::new(format!("the network has no further link from node {from} to node {to}"))
                    .hint("the flows must be of this network, one row per link")
            }),
        }
    }
    Ok(())
}

/// Links in order of (tail, head, file), each to be taken once.
struct LinksByNodes<'a> {
    network: &'a RoadNetwork,
    order: Vec<u32>,
    /// How many of each run of parallel links were taken, at the run's first place.
    n_taken: Vec<u32>,
}

impl<'a> LinksByNodes<'a> {
    fn new(network: &'a RoadNetwork) -> Self {
        let mut order: Vec<u32> = (0..network.n_links() as u32).collect();
        order.sort_by_key(|link| nodes_of(network, *link));
        LinksByNodes { network, n_taken: vec![0; order.len()], order }
    }

    fn next(&mut self, [from, to]: [i64; 2]) -> Option<usize> {
        let ids = Ids::new(&self.network.node_id);
        let nodes = (ids.find(from)?, ids.find(to)?);
        let first = self.order.partition_point(|link| nodes_of(self.network, *link) < nodes);
        let n_taken = self.n_taken.get_mut(first)?;
        let link = *self.order.get(first + *n_taken as usize)?;
        *n_taken += 1;
        (nodes_of(self.network, link) == nodes).then_some(link as usize)
    }

    fn n_parallel(&self) -> usize {
        let mut runs = self.order.chunk_by(|one, other| nodes_of(self.network, *one) == nodes_of(self.network, *other));
        runs.by_ref().map(<[u32]>::len).filter(|length| *length > 1).sum()
    }
}

fn nodes_of(network: &RoadNetwork, link: u32) -> (u32, u32) {
    (network.tail[link as usize], network.head[link as usize])
}
