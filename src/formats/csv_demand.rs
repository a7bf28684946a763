//! Demand in the project's CSV form: origin,destination,trips by zone id.

use std::collections::BTreeSet;

use super::csv_table::{self, Columns};
use super::findings::Findings;
use super::ids::Ids;
use super::links::{id, quantity};
use super::table::{Layout, Row};
use super::text::integer;
use super::trip_rows::TripRows;
use super::{RoadNetwork, Source, TripTable};
use crate::error::{Error, Problem, Warning};

const ORIGIN: usize = 0;
const DESTINATION: usize = 1;
const TRIPS: usize = 2;
/// Other names: the demand of the GMNS example Lima, and of DTALite and TAPLite.
const SYNONYMS: &[(&str, &str)] = &[
    ("orig_taz", "origin"),
    ("dest_taz", "destination"),
    ("total", "trips"),
    ("o_zone_id", "origin"),
    ("d_zone_id", "destination"),
    ("volume", "trips"),
];
const COLUMNS: Columns = Columns::of(&["origin", "destination", "trips"], &[ORIGIN, DESTINATION, TRIPS]).also(SYNONYMS);

/// Reads demand between the zones of `network`.
pub(super) fn read_trips(source: Source<'_>, network: &RoadNetwork) -> Result<(TripTable, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let zones = Ids::new(&network.zone_id);
    let mut rows = TripRows::default();
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let origin = zone(row, layout, ORIGIN, (line, zones), findings);
        let destination = zone(row, layout, DESTINATION, (line, zones), findings);
        let trips = quantity(row, layout, (TRIPS, 0.0), line, findings);
        if let (Some(origin), Some(destination), Some(trips)) = (origin, destination, trips) {
            rows.push([origin, destination], trips, line);
        }
    });
    let read = read.map(|layout| {
        let warnings = csv_table::ignored_columns(source.file, &layout).into_iter().collect();
        (rows.finish(&network.zone_id, &mut findings), warnings)
    });
    findings.conclude(read)
}

/// The zones that a demand file names, ascending; what is no id is told by whoever reads the trips.
pub(super) fn read_zones(source: Source<'_>) -> Result<Vec<i64>, Error> {
    let mut findings = Findings::new(source.file);
    let mut zones = BTreeSet::new();
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, _, _| {
        let ids = [ORIGIN, DESTINATION].map(|column| layout.position(column).map(|position| row.field(position)));
        zones.extend(ids.into_iter().flatten().filter_map(integer));
    });
    read.map(|_| zones.into_iter().collect()).map_err(|problem| problem.in_file(source.file).into())
}

fn zone(
    row: Row<'_>,
    layout: &Layout,
    column: usize,
    (line, zones): (usize, Ids<'_>),
    findings: &mut Findings<'_>,
) -> Option<u32> {
    let id = id(row, layout, column, line, findings)?;
    let zone = zones.find(id);
    if zone.is_none() {
        findings.at("unknown zone", line, || {
            Problem::new(format!("there is no zone {id}")).of_key(layout.name(column)).hint(zones.hint("zones", id))
        });
    }
    zone
}
