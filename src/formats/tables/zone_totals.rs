//! Trips from and to each zone: `zone,productions,attractions`.

use super::report_repeated;
use crate::error::{Error, Problem, Warning};
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::ids::Ids;
use crate::formats::links::{id, quantity};
use crate::formats::{RoadNetwork, Source};

const ZONE: usize = 0;
const PRODUCTIONS: usize = 1;
const ATTRACTIONS: usize = 2;
const COLUMNS: Columns = Columns::of(&["zone", "productions", "attractions"], &[ZONE, PRODUCTIONS, ATTRACTIONS])
    .also(&[("zone_id", "zone")]);
/// Relative difference of the two sums from which on it is told.
const SUMS_DIFFER: f64 = 1e-6;

/// Productions and attractions, one entry per zone of the network each.
pub type ZoneTotals = (Vec<f64>, Vec<f64>);

/// Reads productions and attractions of each zone, 0 where it is not listed.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint.
pub fn read_zone_totals(source: Source<'_>, network: &RoadNetwork) -> Result<(ZoneTotals, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let zones = Ids::new(&network.zone_id);
    let mut rows = Vec::new();
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let zone = id(row, layout, ZONE, line, findings);
        let productions = quantity(row, layout, (PRODUCTIONS, 0.0), line, findings);
        let attractions = quantity(row, layout, (ATTRACTIONS, 0.0), line, findings);
        let Some(zone_id) = zone else { return };
        match (zones.find(zone_id), productions, attractions) {
            (Some(zone), Some(productions), Some(attractions)) => rows.push((zone, [productions, attractions], line)),
            (None, _, _) => findings.at("unknown zone", line, || {
                let problem = Problem::new(format!("there is no zone {zone_id}")).of_key("zone");
                problem.hint(zones.hint("zones", zone_id))
            }),
            _ => {}
        }
    });
    report_repeated(rows.iter().map(|(zone, _, line)| (*zone, *line)), &mut findings, |zone| {
        format!("zone {}", network.zone_id[zone as usize])
    });
    let mut totals = (vec![0.0; network.n_zones()], vec![0.0; network.n_zones()]);
    for (zone, [productions, attractions], _) in &rows {
        totals.0[*zone as usize] = *productions;
        totals.1[*zone as usize] = *attractions;
    }
    let sums = [totals.0.iter().sum::<f64>(), totals.1.iter().sum::<f64>()];
    if sums.iter().any(|sum| !sum.is_finite()) {
        findings.push("sum of trips", Problem::new("the trips add up to more than a number can hold"));
    }
    let layout = findings.conclude(read)?;
    let mut warnings: Vec<Warning> = csv_table::ignored_columns(source.file, &layout).into_iter().collect();
    let n_without = network.n_zones() - rows.len();
    if n_without > 0 {
        let message = format!("{n_without} zones have no row and so no productions and attractions");
        warnings.push(Warning::new("zones_without_totals", n_without, message));
    }
    if (sums[0] - sums[1]).abs() > SUMS_DIFFER * sums[0].max(sums[1]) {
        let message = format!("productions add up to {}, attractions to {}", sums[0], sums[1]);
        warnings.push(Warning::new("zone_totals_differ", 1, message));
    }
    Ok((totals, warnings))
}
