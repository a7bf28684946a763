//! Rows of a folder → a network in the units asked for.

use std::path::Path;

use crate::error::{Error, Problem, Warning};
use crate::formats::RoadNetwork;
use crate::formats::findings::Findings;
use crate::formats::gmns::GmnsUnits;
use crate::formats::gmns::defaults::of_facility;
use crate::formats::gmns::links::{LinkRow, LinkRows};
use crate::formats::gmns::nodes::{NodeKind, Nodes};
use crate::formats::gmns::ruler::Measure;
use crate::formats::links::BPR_DEFAULT;
use crate::scenario::LengthUnit;

/// Most link types that a message names.
const NAMED_TYPES: usize = 20;

/// The nodes and links of a network, without zones and movements.
pub(super) fn assemble(
    nodes: &Nodes,
    table: &LinkRows,
    measure: &Measure,
    units: GmnsUnits,
) -> (RoadNetwork, Vec<Warning>) {
    let mut network = RoadNetwork {
        node_id: nodes.id.clone(),
        node_xy: Some(nodes.xy.clone()),
        node_through: nodes.kind.iter().map(|kind| *kind != NodeKind::Centroid).collect(),
        ..RoadNetwork::default()
    };
    let mut missing = Missing::default();
    let (types, mut warnings) = link_types(&table.rows);
    let turned = turned(&table.rows);
    for (link, row) in table.rows.iter().enumerate() {
        push(&mut network, nodes, (row, types[link]), (measure, units), &mut missing);
    }
    for link in &turned {
        let row = &table.rows[*link];
        let back = LinkRow { tail: row.head, head: row.tail, ..row.clone() };
        push(&mut network, nodes, (&back, types[*link]), (measure, units), &mut Missing::default());
    }
    if !turned.is_empty() {
        let message = format!("{} links may be used both ways, so that each of them became two", turned.len());
        warnings.push(Warning::new("gmns_undirected", turned.len(), message));
    }
    (network.link_id, network.link_name) = ids(table, &turned);
    warnings.extend(missing.warnings());
    (network, warnings)
}

/// Refuses numbers that each are finite and together are not, such as the time of a road of 1e308 miles.
pub(super) fn check(network: &RoadNetwork, table: &LinkRows, file: &Path) -> Result<(), Error> {
    let mut findings = Findings::new(file);
    for (link, row) in table.rows.iter().enumerate() {
        let values = [network.capacity[link], network.length[link], network.free_flow_time[link]];
        if values.iter().any(|value| !value.is_finite()) {
            findings.at_record("beyond what a number can hold", row.row, || {
                Problem::new("capacity, length or free-flow time are beyond what a number can hold")
            });
        }
    }
    findings.conclude(Ok(()))
}

/// How many links lack what.
#[derive(Default)]
struct Missing {
    length: usize,
    lanes: usize,
    /// Kinds of road that lack capacities, each with their number and what was taken.
    capacity: Vec<(&'static str, usize, f64)>,
    /// Kinds of road that lack speeds.
    speed: Vec<(&'static str, usize, f64)>,
}

impl Missing {
    fn warnings(mut self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let mut tell = |code: &str, count: usize, words: String| {
            if count > 0 {
                warnings.push(Warning::new(code, count, format!("{count} links have no {words}")));
            }
        };
        tell("gmns_defaulted_length", self.length, "length: it was taken from their shape or their nodes".to_owned());
        tell("gmns_defaulted_lanes", self.lanes, "number of lanes: one was taken".to_owned());
        for (code, kinds, what, unit) in [
            ("gmns_defaulted_capacity", &mut self.capacity, "capacity", "vehicles per hour and lane"),
            ("gmns_defaulted_speed", &mut self.speed, "free speed", "km/h"),
        ] {
            kinds.sort_by_key(|(kind, ..)| *kind);
            let count = kinds.iter().map(|(_, count, _)| count).sum();
            let taken: Vec<String> = kinds.iter().map(|(kind, _, value)| format!("{value:.0} for {kind}")).collect();
            tell(code, count, format!("{what}: taken by facility_type, {unit}, were {}", taken.join(", ")));
        }
        warnings
    }
}

fn count(kinds: &mut Vec<(&'static str, usize, f64)>, kind: &'static str, value: f64) -> f64 {
    match kinds.iter_mut().find(|(known, ..)| *known == kind) {
        Some((_, count, _)) => *count += 1,
        None => kinds.push((kind, 1, value)),
    }
    value
}

fn push(
    network: &mut RoadNetwork,
    nodes: &Nodes,
    (row, link_type): (&LinkRow, i32),
    (measure, units): (&Measure, GmnsUnits),
    missing: &mut Missing,
) {
    let default = of_facility(&row.facility_type);
    let length = row.length.map_or_else(
        || {
            missing.length += 1;
            let ends = [nodes.xy[row.tail as usize], nodes.xy[row.head as usize]];
            let metres = measure.ruler.along(row.shape.as_deref().unwrap_or(&ends));
            metres / units.length.metres()
        },
        |length| convert(length, measure.length, units.length),
    );
    let lanes = row.lanes.unwrap_or_else(|| {
        missing.lanes += 1;
        1.0
    });
    let capacity =
        row.capacity_per_lane.unwrap_or_else(|| count(&mut missing.capacity, default.kind, default.capacity_per_lane));
    let seconds = row.free_flow_time_s.unwrap_or_else(|| {
        let km_h = || count(&mut missing.speed, default.kind, default.free_speed_km_h) * 1000.0 / 3600.0;
        let speed = row.free_speed.map_or_else(km_h, |speed| speed * measure.speed.metres_per_second());
        length * units.length.metres() / speed
    });
    network.tail.push(row.tail);
    network.head.push(row.head);
    network.capacity.push(capacity * lanes * units.period_h);
    network.length.push(length);
    network.free_flow_time.push(seconds / units.time.seconds());
    network.b.push(row.b.unwrap_or(BPR_DEFAULT[0]));
    network.power.push(row.power.unwrap_or(BPR_DEFAULT[1]));
    network.toll.push(row.toll);
    network.link_type.push(link_type);
}

/// The same number where nothing is to be converted, so that what was written reads back equal.
fn convert(length: f64, from: LengthUnit, to: LengthUnit) -> f64 {
    if from == to { length } else { length * from.metres() / to.metres() }
}

/// Links that may be used both ways and whose way back is not a row of its own.
fn turned(rows: &[LinkRow]) -> Vec<usize> {
    let mut ends: Vec<[u32; 2]> = rows.iter().map(|row| [row.tail, row.head]).collect();
    ends.sort_unstable();
    let has_way_back = |row: &LinkRow| ends.binary_search(&[row.head, row.tail]).is_ok();
    (0..rows.len()).filter(|link| rows[*link].is_two_way && !has_way_back(&rows[*link])).collect()
}

/// Ids of the links, ways back at the end: the file's own if they are integers, else the row and a name.
///
/// A way back has the id of its link below zero, or its name with a minus before it and a number beyond all rows.
fn ids(table: &LinkRows, turned: &[usize]) -> (Vec<i64>, Option<Vec<String>>) {
    let rows = &table.rows;
    // Only what is written like an integer is one: 007 and 7 are two ids.
    let integer = |row: &LinkRow| row.id.parse::<i64>().ok().filter(|id| id.to_string() == row.id);
    let ids: Option<Vec<i64>> = rows.iter().map(integer).collect();
    if let Some(mut ids) = ids.filter(|ids| turned.is_empty() || ids.iter().all(|id| *id > 0)) {
        ids.extend(turned.iter().map(|link| -ids[*link]).collect::<Vec<_>>());
        return (ids, None);
    }
    let back = turned.iter().map(|link| (table.n_rows + rows[*link].row) as i64);
    let ids = rows.iter().map(|row| row.row as i64).chain(back).collect();
    let mut taken: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    taken.sort_unstable();
    let back = turned.iter().map(|link| {
        let mut name = format!("-{}", rows[*link].id);
        while taken.binary_search(&name.as_str()).is_ok() {
            name.insert(0, '-');
        }
        name
    });
    (ids, Some(rows.iter().map(|row| row.id.clone()).chain(back).collect()))
}

/// Types of the links: `link_type`, else `facility_type` where it is a number, else its place among all, by name.
fn link_types(rows: &[LinkRow]) -> (Vec<i32>, Vec<Warning>) {
    if rows.iter().any(|row| row.link_type.is_some()) {
        return (rows.iter().map(|row| row.link_type.unwrap_or(0)).collect(), Vec::new());
    }
    let number = |row: &LinkRow| if row.facility_type.is_empty() { Ok(0) } else { row.facility_type.parse() };
    if let Ok(numbers) = rows.iter().map(number).collect::<Result<Vec<i32>, _>>() {
        return (numbers, Vec::new());
    }
    let mut names: Vec<&str> =
        rows.iter().map(|row| row.facility_type.as_str()).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let place = |row: &LinkRow| names.binary_search(&row.facility_type.as_str()).map_or(0, |place| place as i32 + 1);
    let shown: Vec<String> =
        names.iter().take(NAMED_TYPES).enumerate().map(|(place, name)| format!("{} {name}", place + 1)).collect();
    let more = if names.len() > NAMED_TYPES { ", …" } else { "" };
    let message = format!("link types are facility types by their place in the alphabet: {}{more}", shown.join(", "));
    (rows.iter().map(place).collect(), vec![Warning::new("gmns_link_types", names.len(), message)])
}
