//! The suite `assignment`: given link flows and own solutions on standard networks, as CSV.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::formats::{self, RoadNetwork, Source, TripTable};
use crate::inputs::TrafficInputs;
use crate::parallel::Runtime;
use crate::scenario::Traffic;
use crate::stages::assignment::{AssignmentProblem, Flows, LogEntry, Start, evaluate, solve};

use super::CSV_HEADER;
use super::cases::{self, Case};
use super::settings::settings;

/// Gap to which each case is solved.
const RELATIVE_GAP: f64 = 1e-9;
/// Deviation from given volumes that counts, vehicles and relative: below it flow files differ by their own precision.
const DEVIATION: (f64, f64) = (1.0, 1e-3);

/// Runs the suite on the networks in `directory` and gives the lines `case,quantity,unit,value`; notes go to `tell`.
///
/// # Errors
/// No case is found, a file is wrong, or `overrides` name unknown keys.
pub fn assignment(
    runtime: &Runtime,
    directory: &Path,
    overrides: &[(String, String)],
    tell: &dyn Fn(&str),
) -> Result<String, Error> {
    let defaults = defaults(directory, overrides)?;
    let mut text = String::from(CSV_HEADER);
    for case in cases::find(directory)? {
        let mut put = |quantity: &str, unit: &str, value: f64| {
            text.push_str(&format!("{},{quantity},{unit},{value:?}\n", case.name));
        };
        run_case(runtime, &case, &defaults, &mut put, &|note| tell(&format!("{}: {note}", case.name)))?;
    }
    Ok(text)
}

/// What cases whose own files name no weights are run with; `--set` is checked as for a scenario, by putting it into one.
fn defaults(directory: &Path, overrides: &[(String, String)]) -> Result<Traffic, Error> {
    const KEYS: [&str; 3] = ["traffic.toll_weight", "traffic.distance_weight", "traffic.demand_factor"];
    let text = "[traffic]\nnetwork = \"net.tntp\"\ndemand = \"trips.tntp\"\n";
    let mut traffic = settings(text, &KEYS, directory, overrides)?.traffic.expect("the text has this table");
    traffic.assignment.relative_gap = RELATIVE_GAP;
    traffic.defaulted.clear();
    Ok(traffic)
}

fn run_case(
    runtime: &Runtime,
    case: &Case,
    defaults: &Traffic,
    put: &mut dyn FnMut(&str, &str, f64),
    tell: &dyn Fn(&str),
) -> Result<(), Error> {
    let network = read(&case.network)?;
    let (roads, warnings) = formats::read_network(Source { file: &case.network, bytes: &network }, None)?;
    let mut notes: Vec<String> = warnings.into_iter().map(|warning| warning.message).collect();
    let trips = case.trips.as_ref().map(|file| read_trips(file, &roads, &mut notes)).transpose()?;
    let weights = [
        ("toll", case.toll_weight, roads.toll_factor, defaults.toll_weight),
        ("distance", case.distance_weight, roads.distance_factor, defaults.distance_weight),
    ]
    .map(|(what, listed, of_file, set)| {
        listed.or(of_file).or(set).unwrap_or_else(|| {
            notes.push(format!("no {what} weight is given anywhere, taken as 0"));
            0.0
        })
    });
    let traffic = Traffic {
        network: case.network.clone(),
        toll_weight: Some(weights[0]),
        distance_weight: Some(weights[1]),
        demand_factor: case.demand_factor.unwrap_or(defaults.demand_factor),
        ..defaults.clone()
    };
    let has_trips = trips.is_some();
    let trips = trips.unwrap_or_else(|| no_trips(&roads));
    let inputs =
        TrafficInputs { roads, trips: vec![trips], trips_by_period: vec![vec![0]], ..TrafficInputs::default() };
    let problem = AssignmentProblem::new(&inputs, &traffic, 0)?;
    notes.extend(problem.warnings.iter().map(|warning| warning.message.clone()));
    notes.iter().for_each(|note| tell(note));
    let flows = case.flows.as_ref().map(|file| given_volumes(file, &inputs.roads, &problem)).transpose()?;
    if let Some(volumes) = &flows {
        let entry = evaluate(runtime, &problem, &Flows::of_volumes(&problem, volumes))?;
        if has_trips && case.flows_match_trips {
            put("given_relative_gap", "1", entry.gaps.relative_gap());
        }
        put_totals("given", &entry, put);
    }
    if has_trips {
        let solution = solve(runtime, &problem, &traffic.assignment, Start::Cold, &|_, _| {})?;
        let entry = solution.log.last().copied().unwrap_or_default();
        put("solved_relative_gap", "1", entry.gaps.relative_gap());
        put_totals("solved", &entry, put);
        put("iterations", "1", solution.log.len() as f64);
        if let Some(volumes) = flows.filter(|_| case.flows_match_trips) {
            put_deviations(&problem, &volumes, &solution.flows.total(), put);
        }
    }
    Ok(())
}

fn put_totals(prefix: &str, entry: &LogEntry, put: &mut dyn FnMut(&str, &str, f64)) {
    put(&format!("{prefix}_beckmann_objective"), "network_cost_unit", entry.objective);
    put(&format!("{prefix}_total_system_travel_time"), "network_cost_unit", entry.gaps.total_system_travel_time);
}

/// How far solved volumes are from given ones where volumes are unique: on links whose cost rises.
fn put_deviations(problem: &AssignmentProblem, given: &[f64], solved: &[f64], put: &mut dyn FnMut(&str, &str, f64)) {
    let rising = (0..given.len()).filter(|&link| problem.delays.rises(link));
    let deviations: Vec<(f64, f64)> = rising.map(|link| ((solved[link] - given[link]).abs(), given[link])).collect();
    let (vehicles, relative) = DEVIATION;
    let off = deviations.iter().filter(|(deviation, given)| *deviation > vehicles.max(relative * given)).count();
    put("largest_volume_deviation", "vehicles", deviations.iter().map(|(deviation, _)| *deviation).fold(0.0, f64::max));
    put("links_off_given_volume", "1", off as f64);
}

fn read(file: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(file).map_err(|cause| Error::file("read", file, cause))
}

fn read_trips(file: &PathBuf, roads: &RoadNetwork, notes: &mut Vec<String>) -> Result<TripTable, Error> {
    let (trips, warnings) = formats::read_trips(Source { file, bytes: &read(file)? }, roads, None)?;
    notes.extend(warnings.into_iter().map(|warning| warning.message));
    Ok(trips)
}

fn no_trips(roads: &RoadNetwork) -> TripTable {
    TripTable { origin_start: vec![0; roads.n_zones() + 1], ..TripTable::default() }
}

/// Volumes of a flow file in the order of the graph's links.
fn given_volumes(file: &Path, roads: &RoadNetwork, problem: &AssignmentProblem) -> Result<Vec<f64>, Error> {
    let (flows, _) = formats::tntp::read_flow(Source { file, bytes: &read(file)? }, roads)?;
    Ok(problem.graph.source_link().iter().map(|&link| flows.volume[link as usize].unwrap_or(0.0)).collect())
}
