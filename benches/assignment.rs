//! Whole solves to a gap of 1e-6 on one thread: the quickstart network and a synthetic city from a seed.
//!
//! `cargo bench --bench assignment`. Whole runs, threads and ranks are measured by `conurb bench assignment`.

#[path = "../kernels/traffic/benches/grid/mod.rs"]
mod grid;

use std::path::Path;

use conurb::inputs::{Reader, read_scenario};
use conurb::parallel::Runtime;
use conurb::scenario::LoadOptions;
use conurb::stages::assignment::{AssignmentProblem, ClassProblem, Start, Target, solve};
use conurb_traffic::{Demand, Graph, LinkDelays};
use criterion::{Criterion, criterion_group, criterion_main};

const SEED: u64 = 1;

fn quickstart(runtime: &Runtime) -> (AssignmentProblem, Target) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml");
    let scenario = read_scenario(runtime, &file, &LoadOptions::default()).expect("the quickstart scenario is valid");
    let traffic = scenario.traffic.clone().expect("the quickstart scenario has traffic");
    let inputs = Reader::new(runtime).traffic(&scenario, &traffic).expect("its files are beside it");
    let problem = AssignmentProblem::new(&inputs, &traffic, 0).expect("its files are a problem");
    (problem, Target { relative_gap: 1e-6, ..traffic.assignment })
}

fn synthetic(side: u32, spacing: usize) -> AssignmentProblem {
    let (network, rows) = grid::grid(side, spacing, SEED);
    let mut demand = Demand { origin_start: vec![0], ..Demand::default() };
    let mut rows = rows.into_iter().peekable();
    for zone in 0..network.n_zones() as u32 {
        if let Some((_, row)) = rows.next_if(|(origin, _)| *origin == zone) {
            demand.destination.extend(row.iter().map(|&(node, _)| node));
            demand.trips.extend(row.iter().map(|&(_, trips)| trips));
        }
        demand.origin_start.push(demand.destination.len());
    }
    let graph = Graph::new(&network);
    let delays = LinkDelays::new(graph.source_link().iter().map(|&link| network.delay()[link as usize]));
    let class = ClassProblem {
        name: "car".to_owned(),
        pce: 1.0,
        fixed_cost: vec![0.0; graph.n_links()],
        toll: vec![0.0; network.n_links()],
        demand,
        intrazonal_trips: vec![0.0; network.n_zones()],
        toll_weight: 0.0,
        distance_weight: 0.0,
    };
    AssignmentProblem {
        travel_times: delays.clone(),
        delays,
        classes: vec![class],
        link_id: (1..=network.n_links() as i64).collect(),
        zone_id: (1..=network.n_zones() as i64).collect(),
        warnings: Vec::new(),
        network,
        graph,
    }
}

fn solves(bench: &mut Criterion) {
    let runtime = Runtime::serial(1).expect("one thread always starts");
    let (quickstart, target) = quickstart(&runtime);
    let mut group = bench.benchmark_group("assignment");
    group.sample_size(10);
    for (name, problem) in [("quickstart", quickstart), ("grid of 40", synthetic(40, 4))] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let solution =
                    solve(&runtime, &problem, &target, Start::Cold, &|_, _| ()).expect("one rank always answers");
                assert!(solution.converged, "{name} does not converge");
                solution.log.len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, solves);
criterion_main!(benches);
