//! Kernels of traffic assignment on a synthetic city: a least-cost tree, a sweep over one origin's paths, all delays.
//!
//! `cargo bench -p conurb-traffic`; 40 × 40 crossings are 6,240 links, 120 × 120 are 57,120.

mod grid;
#[allow(dead_code, reason = "the benches use a part of it")]
#[path = "../tests/kernel/solver.rs"]
mod solver;

use std::hint::black_box;

use conurb_traffic::{
    AkcelikDelay, BprDelay, ConicalDelay, Graph, LinkDelays, Overlay, SearchCosts, TreeSearch, VolumeDelay,
};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use solver::Solver;

const SEED: u64 = 1;
/// Side of the grids, and at every how many-th crossing trips start.
const CITIES: [(u32, usize); 2] = [(40, 8), (120, 24)];

fn tree(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("tree");
    for (side, spacing) in CITIES {
        let (network, _) = grid::grid(side, spacing, SEED);
        let graph = Graph::new(&network);
        let delays = LinkDelays::new(graph.source_link().iter().map(|&link| network.delay()[link as usize]));
        let costs = SearchCosts::new(&graph, |link| delays.cost(link, 0.0));
        let mut tree = TreeSearch::new(&graph);
        group.throughput(Throughput::Elements(graph.n_states() as u64));
        group.bench_function(BenchmarkId::from_parameter(graph.n_links()), |bencher| {
            bencher.iter(|| {
                tree.grow(&graph, &costs, 0);
                black_box(tree.cost(1))
            });
        });
    }
    group.finish();
}

fn sweep(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("sweep");
    for (side, spacing) in CITIES {
        let (network, rows) = grid::grid(side, spacing, SEED);
        let mut solver = Solver::new(&network, &rows);
        for _ in 0..3 {
            solver.grow(0.0);
            solver.sweep_together();
        }
        let (trips, mut overlay) = (solver.trips(0), Overlay::new(&solver.states));
        group.throughput(Throughput::Elements(trips.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(network.n_links()), |bencher| {
            bencher.iter(|| {
                let swept = solver.paths[0].sweep(&solver.delays, &trips, &mut overlay);
                // Everything is put back, so that each repetition does the same work.
                overlay.take_changes(&solver.states, |link, volume| {
                    black_box((link, volume));
                });
                solver.paths[0].scale_last_sweep(0.0);
                black_box(swept)
            });
        });
    }
    group.finish();
}

fn delay(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("delay");
    let (network, _) = grid::grid(120, 24, SEED);
    let street = |delay: &VolumeDelay| match *delay {
        VolumeDelay::Bpr(street) => street,
        other => unreachable!("streets of the grid have BPR delays: {other:?}"),
    };
    let streets: Vec<BprDelay> = network.delay().iter().map(street).collect();
    group.throughput(Throughput::Elements(streets.len() as u64));
    let mut all_states = |name, delays: LinkDelays| {
        group.bench_function(name, |bencher| {
            bencher.iter(|| (0..delays.len()).map(|link| delays.state(link, 700.0).slope).sum::<f64>());
        });
    };
    let of_each =
        |function: fn(BprDelay) -> VolumeDelay| LinkDelays::new(streets.iter().map(|&street| function(street)));
    all_states("bpr_power_4", of_each(VolumeDelay::Bpr));
    all_states("bpr2_power_4", of_each(VolumeDelay::Bpr2));
    all_states(
        "conical",
        of_each(|BprDelay { free_flow_time, capacity, .. }| {
            VolumeDelay::Conical(ConicalDelay { free_flow_time, alpha: 4.0, capacity })
        }),
    );
    all_states(
        "akcelik",
        of_each(|BprDelay { free_flow_time, capacity, .. }| {
            let (delay_parameter, demand_period, analysis_period) = (0.4, 60.0, 60.0);
            VolumeDelay::Akcelik(AkcelikDelay {
                free_flow_time,
                delay_parameter,
                capacity,
                demand_period,
                analysis_period,
            })
        }),
    );
    group.finish();
}

criterion_group!(benches, tree, sweep, delay);
criterion_main!(benches);
