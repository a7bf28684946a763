//! Load flows of a year, a screened year, and a hosting capacity.

use std::hint::black_box;

use conurb_energy::feeder::{
    Accuracy, Added, Feeder, Flow, Hosting, LANES, Lane, Line, LoadSeries, OperatingLimits, host, order_of, screen,
    sweep,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const BUSES: usize = 100;
const HOURS: usize = 8760;

fn feeders(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("feeder");
    let feeder = feeder_of(BUSES);
    let (p, q) = year(BUSES);
    let accuracy = Accuracy::default();
    let blocks: Vec<_> = (0..HOURS / LANES).map(|block| (lanes(&p, block), lanes(&q, block))).collect();
    let mut flow = Flow::new(&feeder);
    let iterations = |(p, q): &(Vec<Lane>, Vec<Lane>)| {
        sweep(&feeder, p, q, &accuracy, &mut flow);
        flow.iterations.iter().sum::<u32>()
    };
    let iterations = f64::from(blocks.iter().map(iterations).sum::<u32>()) / HOURS as f64;
    group.sample_size(20);
    group.throughput(Throughput::Elements(HOURS as u64));
    group.bench_function(format!("sweep, 100 buses, hours of a year, {iterations:.1} iterations each"), |b| {
        b.iter(|| {
            for (p, q) in black_box(&blocks) {
                sweep(&feeder, p, q, &accuracy, &mut flow);
            }
        });
    });
    let series = LoadSeries { p_kw: &p, q_kvar: &q };
    let limits = OperatingLimits::default();
    group.bench_function("screen, 100 buses, hours of a year", |b| {
        b.iter(|| screen(&feeder, black_box(series), &limits, &accuracy).expect("valid loads"));
    });
    let noon: Vec<f64> = (0..HOURS).map(|hour| if (9..15).contains(&(hour % 24)) { -4.0 } else { 0.0 }).collect();
    let candidates: Vec<usize> = (1..BUSES).collect();
    let hosting = Hosting {
        base: series,
        added: Added::Alike { p_kw: &noon, q_kvar: &vec![0.0; HOURS] },
        candidates: &candidates,
        limits,
        accuracy,
        seed: 1,
        draws: 0..1,
    };
    group.throughput(Throughput::Elements(1));
    group.bench_function("host, 100 buses, a draw over the year", |b| {
        b.iter(|| host(&feeder, black_box(&hosting)).expect("valid loads"));
    });
    group.finish();
}

/// Three streets of buses, with side branches.
fn feeder_of(n_buses: usize) -> Feeder {
    let parent = |bus: usize| {
        if bus <= 3 {
            0
        } else if bus.is_multiple_of(7) {
            bus - 4
        } else {
            bus - 3
        }
    };
    let line = |bus| Line {
        from: parent(bus),
        to: bus,
        r_ohm: 0.208 * 0.025,
        x_ohm: 0.08 * 0.025,
        g_siemens: 0.0,
        b_siemens: 0.0,
        max_i_ka: 0.27,
    };
    let lines: Vec<Line> = (1..n_buses).map(line).collect();
    Feeder::new(n_buses, &lines, 0, 0.4, 1.02).expect("a tree")
}

/// Loads of −1 to 3 kW and a quarter of that in kvar, in a mixed order.
fn year(n_buses: usize) -> (Vec<f64>, Vec<f64>) {
    let n = HOURS * n_buses;
    let p: Vec<f64> = order_of(5, 0, n).into_iter().map(|place| 4.0 * place as f64 / n as f64 - 1.0).collect();
    let q = p.iter().map(|p| 0.25 * p).collect();
    (p, q)
}

fn lanes(series: &[f64], block: usize) -> Vec<Lane> {
    let hour = |lane: usize| &series[(block * LANES + lane) * BUSES..][..BUSES];
    (0..BUSES).map(|bus| std::array::from_fn(|lane| hour(lane)[bus])).collect()
}

criterion_group!(all, feeders);
criterion_main!(all);
