//! Cost of key figures per hour and building: `cargo bench -p conurb-energy --bench kpi`.

use std::hint::black_box;

use conurb_energy::hourly::{Hourly, LANES, Lanes};
use conurb_energy::kpi::{Controls, Kpi, Limits, MONTH_STARTS};
use conurb_energy::load_duration::LoadDuration;
use conurb_energy::zone::Supply;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// A month, which stays in cache as it does behind the zone model.
const HOURS: usize = 744;

criterion_group!(benches, of_key_figures);
criterion_main!(benches);

fn of_key_figures(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("key figures");
    group.throughput(Throughput::Elements((HOURS * LANES) as u64));
    let hourly = Hourly {
        heating: series(|x| 4000.0 * x),
        cooling: series(|x| 900.0 * (0.5 - x).max(0.0)),
        temp_air: series(|x| 18.0 + 9.0 * x),
        temp_operative: series(|x| 18.0 + 10.0 * x),
        solar_gains: series(|x| 500.0 * x),
    };
    let supply = Supply { setpoint: 20.0, setback: 18.0, max_power: 3000.0, convective_share: 1.0 };
    let controls = [Controls { heating: supply, cooling: supply, radiant_share: 0.5 }; LANES];
    let limits = Limits { month_starts: MONTH_STARTS, overheating: [26.0, 27.0], tolerance: 0.5 };
    let mut kpi = Kpi::new(&controls, limits);
    group.bench_function("sums, peaks, temperatures, unmet", |b| b.iter(|| kpi.add(black_box(&hourly), 0)));
    group.bench_function("load duration", |b| {
        b.iter(|| {
            let mut duration = LoadDuration::default();
            duration.add(black_box(&hourly.heating));
            duration
        });
    });
    group.finish();
}

/// Values that look like weather but need none.
fn series(of: impl Fn(f64) -> f64) -> Vec<Lanes> {
    (0..HOURS).map(|hour| std::array::from_fn(|lane| of(((hour * 7 + lane * 13) % 101) as f64 / 101.0))).collect()
}
