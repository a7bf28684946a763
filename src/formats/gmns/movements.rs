//! `movement.csv`: turns, one row per group of lanes.

use crate::error::{Error, Problem, Warning};
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::gmns::fields::{allows_cars, is_missing};
use crate::formats::gmns::links::LinkRows;
use crate::formats::table::{Layout, Row};
use crate::formats::text::{integer, non_negative, shown};
use crate::formats::{Movement, MovementKind, RoadNetwork, Source};

const NODE: usize = 0;
const INBOUND: usize = 1;
const OUTBOUND: usize = 2;
const KIND: usize = 3;
const PENALTY: usize = 4;
const ALLOWED_USES: usize = 5;
const COLUMNS: Columns =
    Columns::of(&["node_id", "ib_link_id", "ob_link_id", "type", "penalty", "allowed_uses"], &[INBOUND, OUTBOUND]);

/// Gives the network its movements; of several rows for the same links the smallest penalty and the first kind count.
pub(super) fn read(source: Source<'_>, network: &mut RoadNetwork, table: &LinkRows) -> Result<Vec<Warning>, Error> {
    let mut findings = Findings::new(source.file);
    let links = Links::new(network, table);
    let mut movements: Vec<Movement> = Vec::new();
    let [mut n_other_uses, mut n_left_out, mut n_unfit] = [0; 3];
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let field = |column| layout.position(column).map_or(&b""[..], |position| row.field(position));
        if !allows_cars(field(ALLOWED_USES)) {
            n_other_uses += 1;
            return;
        }
        let inbound = links.find(row, layout, INBOUND, line, findings);
        let outbound = links.find(row, layout, OUTBOUND, line, findings);
        let penalty = penalty(field(PENALTY), line, findings);
        let (Some(inbound), Some(outbound), Some(penalty_s)) = (inbound, outbound, penalty) else { return };
        let (Found::Here(inbound), Found::Here(outbound)) = (inbound, outbound) else {
            n_left_out += 1;
            return;
        };
        match links.meeting(inbound, outbound, integer(field(NODE))) {
            None => n_unfit += 1,
            Some([from_link, to_link]) => {
                movements.push(Movement { from_link, to_link, penalty_s, kind: kind(field(KIND)) });
            }
        }
    });
    findings.conclude(read)?;
    network.movements = merged(movements);
    let counted = [
        ("gmns_movements_other_uses", n_other_uses, "movements are not for cars and were left out"),
        ("gmns_movements_left_out", n_left_out, "movements are of links that were left out"),
        ("gmns_movements_unfit", n_unfit, "movements are of links that do not meet at their node and were left out"),
    ];
    let warning = |(code, count, words)| Warning::new(code, count, format!("{count} {words}"));
    Ok(counted.into_iter().filter(|(_, count, _)| *count > 0).map(warning).collect())
}

/// Where a row's link is.
#[derive(Clone, Copy)]
enum Found<'a> {
    /// In the network, in one or both directions.
    Here(&'a [(&'a str, u32)]),
    /// In the file only.
    LeftOut,
}

/// Links by the ids of the file.
struct Links<'a> {
    network: &'a RoadNetwork,
    table: &'a LinkRows,
    by_id: Vec<(&'a str, u32)>,
}

impl<'a> Links<'a> {
    fn new(network: &'a RoadNetwork, table: &'a LinkRows) -> Self {
        let rows = &table.rows;
        let mut by_id: Vec<(&str, u32)> = rows.iter().map(|row| row.id.as_str()).zip(0..).collect();
        // Ways back stand at the end of the network, in the order of their rows.
        let ids = &network.link_id;
        let mut way_back = rows.len() as u32;
        for row in rows.iter().filter(|row| row.is_two_way) {
            let is_turned = ids.get(way_back as usize).is_some()
                && [network.tail[way_back as usize], network.head[way_back as usize]] == [row.head, row.tail];
            if is_turned {
                by_id.push((row.id.as_str(), way_back));
                way_back += 1;
            }
        }
        by_id.sort_unstable();
        Links { network, table, by_id }
    }

    /// The links of the id in a column; none if there never was one, which is told.
    fn find(
        &'a self,
        row: Row<'_>,
        layout: &Layout,
        column: usize,
        line: usize,
        findings: &mut Findings<'_>,
    ) -> Option<Found<'a>> {
        let field = row.field(layout.position(column)?);
        let first = self.by_id.partition_point(|(id, _)| id.as_bytes() < field);
        let n_links = self.by_id[first..].iter().take_while(|(id, _)| id.as_bytes() == field).count();
        if n_links > 0 {
            return Some(Found::Here(&self.by_id[first..first + n_links]));
        }
        if self.table.left_out.binary_search_by_key(&field, |id| id.as_bytes()).is_ok() {
            return Some(Found::LeftOut);
        }
        findings.at("unknown link", line, || {
            Problem::new(format!("there is no link {}", shown(field))).of_key(layout.name(column))
        });
        None
    }

    /// The directions in which two links meet, at the node that the file names if it does.
    fn meeting(&self, inbound: &[(&str, u32)], outbound: &[(&str, u32)], node: Option<i64>) -> Option<[u32; 2]> {
        let pairs = inbound.iter().flat_map(|(_, from)| outbound.iter().map(move |(_, to)| [*from, *to]));
        pairs.into_iter().find(|[from, to]| {
            let at = self.network.head[*from as usize];
            at == self.network.tail[*to as usize] && node.is_none_or(|node| node == self.network.node_id[at as usize])
        })
    }
}

/// Seconds, none inside where the file does not say; the outer none is a problem.
fn penalty(field: &[u8], line: usize, findings: &mut Findings<'_>) -> Option<Option<f64>> {
    if is_missing(field) {
        return Some(None);
    }
    match non_negative(field) {
        Ok(value) => Some(Some(value)),
        Err(fault) => {
            findings.at(fault.kind(), line, || fault.problem("penalty", field));
            None
        }
    }
}

fn kind(field: &[u8]) -> Option<MovementKind> {
    match field.to_ascii_lowercase().as_slice() {
        b"left" => Some(MovementKind::Left),
        b"right" => Some(MovementKind::Right),
        b"uturn" | b"u-turn" | b"u_turn" => Some(MovementKind::UTurn),
        b"thru" | b"through" | b"straight" => Some(MovementKind::Through),
        b"merge" => Some(MovementKind::Merge),
        b"diverge" => Some(MovementKind::Diverge),
        missing if is_missing(missing) => None,
        _ => Some(MovementKind::Other),
    }
}

fn merged(mut movements: Vec<Movement>) -> Vec<Movement> {
    movements.sort_by_key(|movement| [movement.from_link, movement.to_link]);
    movements.dedup_by(|next, kept| {
        let is_same = [next.from_link, next.to_link] == [kept.from_link, kept.to_link];
        if is_same {
            kept.penalty_s = match (kept.penalty_s, next.penalty_s) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
            kept.kind = kept.kind.or(next.kind);
        }
        is_same
    });
    movements
}
