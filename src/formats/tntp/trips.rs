//! TNTP demand files: blocks `Origin n` of `destination : trips;`.

use super::metadata;
use super::without_comment;
use crate::error::{Error, Problem, Warning};
use crate::formats::findings::Findings;
use crate::formats::ids::Ids;
use crate::formats::text::{Lines, integer, non_negative, shown};
use crate::formats::trip_rows::TripRows;
use crate::formats::{RoadNetwork, Source, TripTable};

const ORIGIN: &[u8] = b"origin";
/// How far the sum of all trips may lie from the file's own total before it is worth a word.
const TOTAL_TOLERANCE: f64 = 1e-6;

/// Reads demand between the zones of `network`.
///
/// # Errors
/// Everything wrong with the file, each with line and hint.
pub fn read_trips(source: Source<'_>, network: &RoadNetwork) -> Result<(TripTable, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut warnings = Vec::new();
    let read = Lines::open(source).and_then(|mut lines| {
        let metadata = metadata::read(&mut lines, &mut findings)?;
        if let Some(zones) =
            metadata.n_zones.filter(|zones| zones.value >= 0 && zones.value != network.n_zones() as i64)
        {
            findings.at("number of zones", zones.line, || {
                Problem::new(format!("{} zones, but the network has {}", zones.value, network.n_zones()))
                    .of_key("<NUMBER OF ZONES>")
                    .hint("demand and network must be of the same zones")
            });
        }
        let mut block = Block { zones: Ids::new(&network.zone_id), origin: None, rows: TripRows::default() };
        while let Some((line, text)) = lines.next()? {
            block.read_line(without_comment(text), line, &mut findings);
        }
        if let Some(promised) = metadata.total_od_flow {
            warnings.extend(total_differs(block.rows.total(), promised.value));
        }
        Ok(block.rows.finish(&network.zone_id, &mut findings))
    });
    Ok((findings.conclude(read)?, warnings))
}

fn total_differs(found: f64, promised: f64) -> Option<Warning> {
    let is_close = (found - promised).abs() <= TOTAL_TOLERANCE * found.abs().max(promised.abs());
    let message = || format!("the trips add up to {found}, the file's metadata say {promised}");
    (!is_close).then(|| Warning::new("demand_total_differs", 1, message()))
}

struct Block<'a> {
    zones: Ids<'a>,
    origin: Option<Origin>,
    rows: TripRows,
}

#[derive(Clone, Copy)]
enum Origin {
    Zone(u32),
    /// Told already; the block's entries are still checked.
    Unknown,
}

impl Block<'_> {
    fn read_line(&mut self, text: &[u8], line: usize, findings: &mut Findings<'_>) {
        let mut rest = text;
        if text.len() >= ORIGIN.len() && text[..ORIGIN.len()].eq_ignore_ascii_case(ORIGIN) {
            let after = text[ORIGIN.len()..].trim_ascii_start();
            let end = after.iter().position(u8::is_ascii_whitespace).unwrap_or(after.len());
            self.origin =
                Some(self.zone(&after[..end], "Origin", line, findings).map_or(Origin::Unknown, Origin::Zone));
            rest = &after[end..];
        }
        for entry in rest.split(|byte| *byte == b';') {
            let entry = entry.trim_ascii();
            if !entry.is_empty() {
                self.read_entry(entry, line, findings);
            }
        }
    }

    fn read_entry(&mut self, entry: &[u8], line: usize, findings: &mut Findings<'_>) {
        let Some(colon) = entry.iter().position(|byte| *byte == b':') else {
            findings.at("entry", line, || {
                Problem::new(format!("expected Origin n or destination : trips; found {}", shown(entry)))
            });
            return;
        };
        let destination = self.zone(entry[..colon].trim_ascii_end(), "destination", line, findings);
        let field = entry[colon + 1..].trim_ascii_start();
        let trips = match non_negative(field) {
            Ok(trips) => trips,
            Err(fault) => return findings.at(fault.kind(), line, || fault.problem("trips", field)),
        };
        match (self.origin, destination) {
            (Some(Origin::Zone(origin)), Some(destination)) => self.rows.push([origin, destination], trips, line),
            (None, _) => findings.at("no origin", line, || Problem::new("trips stand before the first line Origin n")),
            _ => {}
        }
    }

    fn zone(&self, field: &[u8], key: &str, line: usize, findings: &mut Findings<'_>) -> Option<u32> {
        let Some(id) = integer(field) else {
            findings.at("not an integer", line, || {
                Problem::new(format!("expected a zone, found {}", shown(field))).of_key(key)
            });
            return None;
        };
        let zone = self.zones.find(id);
        if zone.is_none() {
            findings.at("unknown zone", line, || {
                Problem::new(format!("there is no zone {id}")).of_key(key).hint(self.zones.hint("zones", id))
            });
        }
        zone
    }
}
