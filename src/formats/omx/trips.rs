//! Demand from a matrix of an OMX file.

use ndarray::ArrayView2;

use super::read::{Matrix, Omx};
use crate::error::{Error, Problem, Warning};
use crate::formats::findings::Findings;
use crate::formats::ids::Ids;
use crate::formats::trip_rows::TripRows;
use crate::formats::{RoadNetwork, Source, TripTable};

/// Names that lookups of zone ids go by, the likelier first.
const ZONE_LOOKUPS: [&str; 8] =
    ["zone_id", "zone_ids", "zone", "zones", "zone_number", "zone number", "taz", "mapping"];

/// Reads demand between the zones of `network` from the named matrix, or from the only one.
pub(in crate::formats) fn read_trips(
    source: Source<'_>,
    network: &RoadNetwork,
    matrix: Option<&str>,
) -> Result<(TripTable, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut warnings = Vec::new();
    let read = Omx::open(source.bytes).and_then(|omx| {
        let name = choose_matrix(&omx, matrix)?;
        let matrix = omx.matrix(&name)?;
        let zones = match zone_lookup(&omx, &matrix)? {
            Some((lookup, ids)) => {
                warnings.extend(zones_without_row(&ids, network));
                match_zones(&lookup, &ids, network, &mut findings)
            }
            None => zones_in_order(&matrix, network, &name)?,
        };
        if !findings.is_empty() {
            return Ok(TripTable::default());
        }
        let mut rows = TripRows::default();
        matrix.read_rows(&name, |first, block| read_block(first, block, &zones, &name, &mut rows, &mut findings))?;
        Ok(rows.finish(&network.zone_id, &mut findings))
    });
    Ok((findings.conclude(read)?, warnings))
}

fn choose_matrix(omx: &Omx, wanted: Option<&str>) -> Result<String, Problem> {
    let names = omx.matrix_names()?;
    let list = || format!("its matrices are {}", names.join(", "));
    match (wanted, names.as_slice()) {
        (_, []) => Err(Problem::new("the file has no matrix")),
        (Some(wanted), names) if names.iter().any(|name| name == wanted) => Ok(wanted.to_owned()),
        (Some(wanted), _) => Err(Problem::new(format!("the file has no matrix \"{wanted}\"")).hint(list())),
        (None, [only]) => Ok(only.clone()),
        (None, names) => Err(Problem::new(format!("the file has {} matrices and none is chosen", names.len()))
            .hint(format!("name one in traffic.demand_matrix: {}", list()))),
    }
}

/// The zone id of each row, from the lookup with the likeliest name or from the only one.
fn zone_lookup(omx: &Omx, matrix: &Matrix) -> Result<Option<(String, Vec<i64>)>, Problem> {
    let mut usable = Vec::new();
    for name in omx.lookup_names()? {
        if let Some(ids) = omx.lookup(&name, matrix.n_zones)? {
            usable.push((name, ids));
        }
    }
    let rank = |name: &str| ZONE_LOOKUPS.iter().position(|known| name.eq_ignore_ascii_case(known));
    let likeliest = (0..usable.len()).filter(|at| rank(&usable[*at].0).is_some()).min_by_key(|at| rank(&usable[*at].0));
    match (likeliest, usable.len()) {
        (Some(at), _) => Ok(Some(usable.swap_remove(at))),
        (None, 0 | 1) => Ok(usable.pop()),
        (None, _) => {
            let names: Vec<&str> = usable.iter().map(|(name, _)| name.as_str()).collect();
            Err(Problem::new(format!("none of the lookups {} is known to hold zone ids", names.join(", ")))
                .hint("call the one with the network's zone ids zone_id"))
        }
    }
}

fn match_zones(lookup: &str, ids: &[i64], network: &RoadNetwork, findings: &mut Findings<'_>) -> Vec<u32> {
    let zones = Ids::new(&network.zone_id);
    let mut row_of = vec![None; network.n_zones()];
    let mut matched = Vec::with_capacity(ids.len());
    for (row, id) in ids.iter().enumerate() {
        let Some(zone) = zones.find(*id) else {
            findings.at_record("unknown zone", row + 1, || {
                Problem::new(format!("the network has no zone {id}"))
                    .of_key(format!("lookup/{lookup}"))
                    .hint(zones.hint("zones", *id))
            });
            continue;
        };
        if let Some(earlier) = row_of[zone as usize].replace(row) {
            findings.at_record("repeated zone", row + 1, || {
                Problem::new(format!("zone {id} stands here and in row {}", earlier + 1))
                    .of_key(format!("lookup/{lookup}"))
            });
        }
        matched.push(zone);
    }
    matched
}

fn zones_without_row(ids: &[i64], network: &RoadNetwork) -> Option<Warning> {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    let n_without = network.zone_id.iter().filter(|zone| sorted.binary_search(zone).is_err()).count();
    let message = || format!("{n_without} zones of the network are not in the matrix and have no demand");
    (n_without > 0).then(|| Warning::new("zones_without_demand_row", n_without, message()))
}

fn zones_in_order(matrix: &Matrix, network: &RoadNetwork, name: &str) -> Result<Vec<u32>, Problem> {
    if matrix.n_zones == network.n_zones() {
        return Ok((0..matrix.n_zones as u32).collect());
    }
    Err(Problem::new(format!("{} rows, but the network has {} zones", matrix.n_zones, network.n_zones()))
        .of_key(name)
        .hint("without a lookup of zone ids, row and column k are the network's k-th zone"))
}

fn read_block(
    first: usize,
    block: ArrayView2<'_, f64>,
    zones: &[u32],
    name: &str,
    rows: &mut TripRows,
    findings: &mut Findings<'_>,
) {
    for (offset, row) in block.rows().into_iter().enumerate() {
        let record = first + offset + 1;
        for (column, trips) in row.iter().enumerate() {
            if trips.is_finite() && *trips >= 0.0 {
                rows.push([zones[first + offset], zones[column]], *trips, record);
                continue;
            }
            let kind = if *trips < 0.0 { "negative value" } else { "not finite" };
            findings.at_record(kind, record, || {
                Problem::new(format!("expected a finite number not below zero, found {trips} in column {}", column + 1))
                    .of_key(name)
            });
        }
    }
}
