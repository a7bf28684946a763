//! Throughput of the thermal kernels in building-hours per second: `cargo bench -p conurb-energy`.

mod city;

use std::hint::black_box;
use std::time::Duration;

use city::{BINS, HOURS, climate, profile, zones};
use conurb_energy::five_r1c::FiveR1CBlock;
use conurb_energy::hourly::{Hourly, LANES};
use conurb_energy::multi_node::{ExteriorConvection, MultiNodeBlock};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Hours that are computed at a time: the results of a month stay in cache.
const MONTH: usize = 730;

criterion_group!(benches, multi_node, five_r1c);
criterion_main!(benches);

fn multi_node(bench: &mut Criterion) {
    let (climate, profile) = (climate(), profile());
    let mut group = bench.benchmark_group("multi_node");
    group
        .sample_size(20)
        .measurement_time(Duration::from_secs(3))
        .throughput(Throughput::Elements((HOURS * LANES) as u64));
    for (name, shares, exterior) in [
        ("shaded", Some(BINS), ExteriorConvection::Fixed),
        ("unshaded", None, ExteriorConvection::Fixed),
        ("wind", Some(BINS), ExteriorConvection::Wind),
    ] {
        let zones = zones(shares);
        let zones: Vec<_> = zones.iter().collect();
        let mut out = Hourly::with_hours(MONTH);
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let mut block = MultiNodeBlock::new(black_box(&zones), exterior);
                for first in (0..HOURS).step_by(MONTH) {
                    block.advance(&climate, &profile, first..first + MONTH, &mut out);
                }
                out.heating[0][0]
            })
        });
    }
    group.finish();
}

fn five_r1c(bench: &mut Criterion) {
    let (climate, profile) = (climate(), profile());
    let mut group = bench.benchmark_group("five_r1c");
    group
        .sample_size(20)
        .measurement_time(Duration::from_secs(3))
        .throughput(Throughput::Elements((HOURS * LANES) as u64));
    for (name, shares) in [("shaded", Some(BINS)), ("unshaded", None)] {
        let zones = zones(shares);
        let zones: Vec<_> = zones.iter().collect();
        let mut out = Hourly::with_hours(MONTH);
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let mut block = FiveR1CBlock::new(black_box(&zones));
                for first in (0..HOURS).step_by(MONTH) {
                    block.advance(&climate, &profile, first..first + MONTH, &mut out);
                }
                out.heating[0][0]
            })
        });
    }
    group.finish();
}
