//! Which cases a folder holds: networks, their trips and flows, and the weights listed for them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::error::{Error, Problem, Problems};

const NETWORK_SUFFIX: &str = "_net.tntp";
const LIST: &str = "reference_solutions.csv";

/// One network with what belongs to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Case {
    /// File stem before `_net`, or the name in the list where it has several rows for a network.
    pub name: String,
    /// The network.
    pub network: PathBuf,
    /// Its trips, if there are any.
    pub trips: Option<PathBuf>,
    /// Given link flows, if there are any.
    pub flows: Option<PathBuf>,
    /// Whether the flows are an assignment of these trips.
    pub flows_match_trips: bool,
    /// Factor on the trips, from the list.
    pub demand_factor: Option<f64>,
    /// Weights, from the list.
    pub toll_weight: Option<f64>,
    /// See `toll_weight`.
    pub distance_weight: Option<f64>,
}

/// All cases below `directory`, one folder deep, ordered by network and then as listed.
///
/// # Errors
/// There are none, or the list cannot be read.
pub fn find(directory: &Path) -> Result<Vec<Case>, Error> {
    let mut networks = BTreeSet::new();
    for folder in
        std::iter::once(directory.to_path_buf()).chain(entries(directory)?.into_iter().filter(|path| path.is_dir()))
    {
        networks.extend(entries(&folder)?.into_iter().filter(|path| path.to_string_lossy().ends_with(NETWORK_SUFFIX)));
    }
    let mut cases = Vec::new();
    for network in networks {
        let folder = network.parent().unwrap_or(directory).to_path_buf();
        let mut listed = rows_for(&network, directory)?;
        if listed.is_empty() && folder != directory {
            listed = rows_for(&network, &folder)?;
        }
        cases.extend(cases_of(&network, listed));
    }
    if cases.is_empty() {
        let problem = Problem::new(format!("no file *{NETWORK_SUFFIX} here or one folder below"));
        return Err(problem.in_file(directory).into());
    }
    Ok(cases)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let unreadable = |cause| Error::from(Problem::new(format!("cannot be listed: {cause}")).in_file(folder));
    let read = std::fs::read_dir(folder).map_err(unreadable)?;
    let mut paths =
        read.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    paths.sort();
    Ok(paths)
}

/// The cases of one network: one per listed row, or one without weights.
fn cases_of(network: &Path, listed: Vec<Case>) -> Vec<Case> {
    let name = network.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(NETWORK_SUFFIX).unwrap_or(&name).to_owned();
    let beside = |suffix: &str| Some(network.with_file_name(format!("{stem}{suffix}"))).filter(|path| path.is_file());
    let trips = beside("_trips.tntp").or_else(|| beside("_trips.tntp.gz"));
    let flows = beside("_flow.tntp");
    if listed.is_empty() {
        let own = Case {
            name: stem,
            network: network.to_path_buf(),
            flows_match_trips: true,
            trips,
            flows,
            ..Case::default()
        };
        return vec![own];
    }
    let several = listed.len() > 1;
    let complete = |(index, row): (usize, Case)| {
        let own_trips = row.trips.filter(|path| path.is_file()).or_else(|| trips.clone());
        // Flows are published for the network's own trips, not for scaled or other ones.
        let flows_match_trips = own_trips == trips && row.demand_factor.is_none_or(|factor| factor == 1.0);
        Case {
            name: if several && index > 0 { row.name } else { stem.clone() },
            network: network.to_path_buf(),
            flows: flows.clone().filter(|_| flows_match_trips),
            trips: own_trips,
            flows_match_trips,
            ..row
        }
    };
    listed.into_iter().enumerate().map(complete).collect()
}

/// Rows of the list in `folder` that name this network.
fn rows_for(network: &Path, folder: &Path) -> Result<Vec<Case>, Error> {
    let list = folder.join(LIST);
    if !list.is_file() {
        return Ok(Vec::new());
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_path(&list)
        .map_err(|cause| broken(&list, &cause))?;
    let headers = reader.headers().map_err(|cause| broken(&list, &cause))?.clone();
    let column =
        |name: &str| headers.iter().position(|header| header == name || header.starts_with(&format!("{name}_")));
    let missing = |name: &str| Error::from(Problem::new(format!("no column {name}")).in_file(&list).at_line(1));
    let case = column("case").ok_or_else(|| missing("case"))?;
    let net = column("net").ok_or_else(|| missing("net"))?;
    let (mut rows, mut problems) = (Vec::new(), Problems::new());
    for record in reader.records() {
        let record = record.map_err(|cause| broken(&list, &cause))?;
        let text = |column: Option<usize>| column.and_then(|column| record.get(column)).filter(|text| !text.is_empty());
        if Path::new(text(Some(net)).unwrap_or_default()).file_name() != network.file_name() {
            continue;
        }
        let mut number = |name: &str| {
            let text = text(column(name))?;
            let value = text.parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0);
            if value.is_none() {
                let line = record.position().map_or(1, |position| position.line() as usize);
                let problem = Problem::new(format!("expected a number of at least 0, found \"{text}\""));
                problems.push("number", problem.in_file(&list).at_line(line).of_key(name));
            }
            value
        };
        rows.push(Case {
            demand_factor: number("demand_multiplier"),
            toll_weight: number("toll_weight"),
            distance_weight: number("distance_weight"),
            name: text(Some(case)).unwrap_or_default().to_owned(),
            trips: text(column("trips")).map(|trips| folder.join(trips)),
            ..Case::default()
        });
    }
    problems.into_result(rows)
}

fn broken(list: &Path, cause: &csv::Error) -> Error {
    let line = cause.position().map_or(1, |position| position.line() as usize);
    Problem::new(format!("not a CSV table: {cause}")).in_file(list).at_line(line).into()
}
