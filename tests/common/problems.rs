//! Assignment problems of the public reference networks, as listed in `reference_solutions.csv`.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "reference data that cannot be read fails its test")]

use std::fs;
use std::path::{Path, PathBuf};

use conurb::formats::{RoadNetwork, Source, TripTable, read_network, read_trips, tntp};
use conurb::inputs::TrafficInputs;
use conurb::parallel::Runtime;
use conurb::scenario::{self, LoadOptions, Solver, Traffic};
use conurb::stages::assignment::{AssignmentProblem, Solution, Start, Target, solve};

/// One row of the list, put together.
pub struct Case {
    /// The network as read.
    pub roads: RoadNetwork,
    /// Demand as read.
    pub trips: TripTable,
    /// What is solved.
    pub problem: AssignmentProblem,
    /// Beckmann objective as listed, where it is a number.
    pub objective: Option<f64>,
    /// Total generalised cost and total time as listed.
    pub total_cost: Option<f64>,
    /// See `total_cost`.
    pub total_time: Option<f64>,
    /// Factor on the trips.
    pub demand_factor: f64,
    network: PathBuf,
}

impl Case {
    /// The listed case of that name; none where there is no reference data.
    pub fn listed(data: &Path, name: &str) -> Case {
        Case::with(data, name, |_| ())
    }

    /// The same, with changes to the scenario's table.
    pub fn with(data: &Path, name: &str, change: impl FnOnce(&mut Traffic)) -> Case {
        let folder = data.join("traffic");
        let list = fs::read_to_string(folder.join("reference_solutions.csv")).unwrap();
        let mut rows = csv::Reader::from_reader(list.as_bytes());
        let headers = rows.headers().unwrap().clone();
        let row = rows.records().map(Result::unwrap).find(|row| &row[0] == name).unwrap();
        let text = |column: &str| &row[headers.iter().position(|header| header == column).unwrap()];
        let number = |column: &str| text(column).parse::<f64>().ok();
        let network = folder.join(text("net"));
        let mut traffic = traffic(number("demand_multiplier").unwrap());
        traffic.toll_weight = number("toll_weight_min_per_cent");
        traffic.distance_weight = number("distance_weight_min_per_mile");
        change(&mut traffic);
        let bytes = fs::read(&network).unwrap();
        let (roads, _) = read_network(Source { file: &network, bytes: &bytes }, None).unwrap();
        let file = folder.join(text("trips"));
        let (trips, _) = read_trips(Source { file: &file, bytes: &fs::read(&file).unwrap() }, &roads, None).unwrap();
        let inputs = TrafficInputs {
            roads,
            trips: vec![trips.clone()],
            trips_by_period: vec![vec![0; traffic.classes.len()]],
            ..TrafficInputs::default()
        };
        Case {
            problem: AssignmentProblem::new(&inputs, &traffic, 0).unwrap(),
            roads: inputs.roads,
            trips,
            objective: number("beckmann_objective"),
            total_cost: number("TSTT_generalised"),
            total_time: number("TSTT_time_only"),
            demand_factor: traffic.demand_factor,
            network,
        }
    }

    /// Volumes of the published flow file beside the network, in the graph's order of links.
    pub fn published_volumes(&self) -> Vec<f64> {
        let file = PathBuf::from(self.network.to_string_lossy().replace("_net.tntp", "_flow.tntp"));
        let bytes = fs::read(&file).unwrap();
        let (flows, _) = tntp::read_flow(Source { file: &file, bytes: &bytes }, &self.roads).unwrap();
        self.problem.graph.source_link().iter().map(|&link| flows.volume[link as usize].unwrap()).collect()
    }
}

/// A `[traffic]` table with its defaults.
pub fn traffic(demand_factor: f64) -> Traffic {
    let text = "[traffic]\nnetwork = \"net.tntp\"\ndemand = \"trips.tntp\"\n";
    let scenario = scenario::parse(text, Path::new("case.toml"), &LoadOptions::default()).unwrap();
    Traffic { demand_factor, ..scenario.traffic.unwrap() }
}

/// What the solvers are asked for.
pub fn target(relative_gap: f64) -> Target {
    Target { relative_gap, ..traffic(1.0).assignment }
}

/// Solves on one thread.
pub fn solved(problem: &AssignmentProblem, target: &Target) -> Solution {
    solve(&Runtime::serial(1).unwrap(), problem, target, Start::Cold, &|_, _| ()).unwrap()
}

/// The target for bi-conjugate Frank-Wolfe.
pub fn frank_wolfe(relative_gap: f64) -> Target {
    Target { solver: Solver::BiConjugateFrankWolfe, ..target(relative_gap) }
}

/// Whether the large networks are tested too.
pub fn large_tests() -> bool {
    let wanted = std::env::var("CONURB_LARGE_TESTS").is_ok_and(|value| value == "1");
    if !wanted {
        println!("skipped: the large networks are tested with CONURB_LARGE_TESTS=1");
    }
    wanted
}
