//! Turns that cost time or are not allowed: `from_link,to_link,penalty_s,banned`.

use super::links::LinkFinder;
use super::{number_or, report_repeated, yes_or_no};
use crate::error::{Error, Problem, Warning};
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::table::{Layout, Row};
use crate::formats::{RoadNetwork, Source};

const FROM_LINK: usize = 0;
const TO_LINK: usize = 1;
const FROM_NODE: usize = 2;
const VIA_NODE: usize = 3;
const TO_NODE: usize = 4;
const PENALTY: usize = 5;
const BANNED: usize = 6;
const COLUMNS: Columns =
    Columns::of(&["from_link", "to_link", "from_node", "via_node", "to_node", "penalty_s", "banned"], &[]);

/// What a table says of the turn from one link into another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TurnRow {
    /// Link that the turn leaves.
    pub from_link: u32,
    /// Link that it enters, which starts where the other ends.
    pub to_link: u32,
    /// Seconds that it takes; 0 where the table does not say.
    pub penalty_s: f64,
    /// Whether it is not allowed.
    pub banned: bool,
}

/// Reads turns in the order of the file, links by `from_link,to_link` or by `from_node,via_node,to_node`.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint: unknown links, links that do not meet, a turn twice.
pub fn read_turns(source: Source<'_>, network: &RoadNetwork) -> Result<(Vec<TurnRow>, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let finder = LinkFinder::new(network);
    let mut turns = Vec::new();
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let links = links(row, layout, &finder, line, findings);
        let penalty_s = number_or(row, layout, (PENALTY, 0.0), line, findings);
        let banned = yes_or_no(row, layout, (BANNED, false), line, findings);
        let (Some([from_link, to_link]), Some(penalty_s), Some(banned)) = (links, penalty_s, banned) else { return };
        if network.head[from_link as usize] == network.tail[to_link as usize] {
            turns.push((TurnRow { from_link, to_link, penalty_s, banned }, line));
            return;
        }
        findings.at("links that do not meet", line, || {
            let node = |ends: &[u32], link: u32| network.node_id[ends[link as usize] as usize];
            Problem::new(format!(
                "link {} ends at node {}, but link {} starts at node {}",
                finder.shown(from_link),
                node(&network.head, from_link),
                finder.shown(to_link),
                node(&network.tail, to_link)
            ))
        });
    });
    let read = read.and_then(|layout| required(&layout).map(|()| layout));
    report_repeated(turns.iter().map(|(turn, line)| ([turn.from_link, turn.to_link], *line)), &mut findings, |links| {
        let [from, to] = links.map(|link| finder.shown(link));
        format!("the turn from link {from} to link {to}")
    });
    let layout = findings.conclude(read)?;
    let turns = turns.into_iter().map(|(turn, _)| turn).collect();
    Ok((turns, csv_table::ignored_columns(source.file, &layout).into_iter().collect()))
}

fn required(layout: &Layout) -> Result<(), Problem> {
    let has = |columns: &[usize]| columns.iter().all(|column| layout.position(*column).is_some());
    if !has(&[FROM_LINK, TO_LINK]) && !has(&[FROM_NODE, VIA_NODE, TO_NODE]) {
        return Err(Problem::new("no columns say which turn a row is about")
            .hint("needed are from_link and to_link, or from_node, via_node and to_node"));
    }
    if !has(&[PENALTY]) && !has(&[BANNED]) {
        return Err(Problem::new("no column says what is to become of the turns")
            .hint("needed is penalty_s (seconds), banned (0 or 1), or both"));
    }
    Ok(())
}

fn links(
    row: Row<'_>,
    layout: &Layout,
    finder: &LinkFinder<'_>,
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<[u32; 2]> {
    if layout.position(FROM_LINK).is_some() && layout.position(TO_LINK).is_some() {
        let from = finder.by_id(row, layout, FROM_LINK, line, findings);
        let to = finder.by_id(row, layout, TO_LINK, line, findings);
        return Some([from?, to?]);
    }
    let mut node = |column| finder.node(row, layout, column, line, findings);
    let (from, via, to) = (node(FROM_NODE), node(VIA_NODE), node(TO_NODE));
    let via = via?;
    let inbound = finder.between([from?, via], line, findings);
    let outbound = finder.between([via, to?], line, findings);
    Some([inbound?, outbound?])
}
