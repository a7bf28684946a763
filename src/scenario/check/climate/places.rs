//! Rules of `[climate.city]`: where the places come from, and what is known of them.

use crate::scenario::check::Findings;
use crate::scenario::check::solar::table;
use crate::scenario::tree::{Entry, Node, Value};
use crate::scenario::wording::joined;

const PATH: &str = "climate.city";

/// Reports places that are told twice or not at all, and covariates without values.
pub(super) fn check_city(climate: &Node, findings: &mut Findings<'_>) {
    let Some(city) = table(climate, "city") else { return };
    let node = &city.node;
    match (node.entry("elevation"), node.entry("stations")) {
        (None, None) => {
            let why = "and there are no climate.city.stations either";
            findings.add_missing(city.origin, "climate.city.elevation", why, "elevation = \"dem.tif\"".to_owned());
        }
        (Some(_), Some(stations)) => {
            let message = "places are cells of a raster or stations, and climate.city.elevation names a raster too";
            let hint = Some("remove one of them".to_owned());
            findings.add(stations.origin, "climate.city.stations", message.to_owned(), hint);
        }
        (Some(elevation), None) if node.entry("cell_m").is_none() => {
            let hint = "cell_m = 100.0".to_owned();
            findings.add_missing(elevation.origin, "climate.city.cell_m", "climate.city.elevation needs it", hint);
        }
        (None, Some(_)) => {
            if let Some(cell) = node.entry("cell_m") {
                let hint = Some("stations have no cells; remove it".to_owned());
                findings.add(cell.origin, "climate.city.cell_m", "needs climate.city.elevation".to_owned(), hint);
            }
        }
        (Some(_), None) => {}
    }
    check_covariates(city, findings);
}

fn check_covariates(city: &Entry, findings: &mut Findings<'_>) {
    const MOST: usize = 100;
    const COLUMNS: [&str; 4] = ["station", "latitude", "longitude", "elevation_m"];
    let Some(covariates) = table(&city.node, "covariate") else { return };
    let path = joined(PATH, "covariate");
    let entries = covariates.node.entries();
    if entries.len() > MOST {
        let message = format!("expected at most {MOST} covariates, found {}", entries.len());
        return findings.add(covariates.origin, &path, message, None);
    }
    let of_cells = city.node.entry("elevation").is_some();
    for entry in entries.iter().filter(|entry| matches!(entry.node.value, Value::Table(_))) {
        let path = joined(&path, &entry.name);
        match entry.node.entry("raster") {
            None if of_cells => {
                let hint = "raster = \"covariate.tif\"".to_owned();
                findings.add_missing(entry.origin, &joined(&path, "raster"), "climate.city.elevation needs it", hint);
            }
            Some(raster) if !of_cells && city.node.entry("stations").is_some() => {
                let hint =
                    format!("stations have a column \"{}\"; remove it", crate::scenario::tree::shortened(&entry.name));
                let message = "needs climate.city.elevation".to_owned();
                findings.add(raster.origin, &joined(&path, "raster"), message, Some(hint));
            }
            _ => {}
        }
        if COLUMNS.contains(&&*entry.name) {
            let message = format!("\"{}\" is another column of stations", entry.name);
            findings.add(entry.origin, &path, message, Some("choose another name".to_owned()));
        }
    }
}
