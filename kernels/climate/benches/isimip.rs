//! Cells per second of the adjustment of ISIMIP3, 30 years of days, one thread.

use std::hint::black_box;

use conurb_climate::calendar::Calendar;
use conurb_climate::days::Days;
use conurb_climate::isimip::{IsimipPlan, Settings, Variable, Window};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Cells of a bench, each of its own values.
const CELLS: usize = 8;

/// Uniform numbers, 0 to 1.
fn random(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Level, yearly cycle, a trend and a noise that remembers 0.7 of the day before.
fn temperature(days: &Days, level: f64, trend: f64, seed: u64) -> Vec<f32> {
    let mut uniform = random(seed);
    let mut noise = 0.0;
    let values = days.day_of_year().iter().enumerate().map(|(index, &day)| {
        noise = 0.7 * noise + 2.5 * ((0..12).map(|_| uniform()).sum::<f64>() - 6.0);
        let cycle = -10.0 * libm::cos(f64::from(day) / 58.1);
        (level + cycle + noise + trend * index as f64 / 365.0) as f32
    });
    values.collect()
}

/// Rain on 45 % of the days, gamma distributed (of shape 1), in mm/d.
fn rain(days: &Days, scale: f64, seed: u64) -> Vec<f32> {
    let mut uniform = random(seed);
    let values = (0..days.len()).map(|_| match uniform() {
        place if place < 0.45 => (0.1 - scale * libm::log(1.0 - uniform())) as f32,
        _ => 0.0,
    });
    values.collect()
}

/// A made series of some days, by its level and seed.
type Make = fn(&Days, f64, u64) -> Vec<f32>;

fn benches(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("isimip");
    group.sample_size(10);
    group.throughput(Throughput::Elements(CELLS as u64));
    let past = Days::of_years(Calendar::NoLeap, 1981, 2010);
    let future = Days::of_years(Calendar::NoLeap, 2041, 2070);
    let warm: Make = |days, level, seed| temperature(days, 280.0 + level, 0.03 * level, seed);
    let wet: Make = |days, level, seed| rain(days, 4.0 + level, seed);
    let running = |step| Window::DayOfYear { days: 31, step };
    for (name, variable, make, window) in [
        ("tas w31s1", Variable::Unbounded, warm, running(1)),
        ("tas w31s5", Variable::Unbounded, warm, running(5)),
        ("tas month", Variable::Unbounded, warm, Window::Month),
        ("pr w31s1", Variable::Precipitation, wet, running(1)),
        ("pr w31s5", Variable::Precipitation, wet, running(5)),
    ] {
        let plan = IsimipPlan::new(Settings::of(variable), window, &past, &past, &future)
            .expect("the settings are those made");
        let cells: Vec<[Vec<f32>; 3]> = (0..CELLS as u64)
            .map(|cell| [make(&past, 0.0, 3 * cell), make(&past, 1.0, 3 * cell + 1), make(&future, 2.0, 3 * cell + 2)])
            .collect();
        let mut scratch = plan.scratch();
        let mut out = vec![0.0_f32; future.len()];
        group.bench_function(BenchmarkId::from_parameter(name), |bench| {
            bench.iter(|| {
                for (cell, series) in cells.iter().enumerate() {
                    plan.adjust(series.each_ref().map(|series| &series[..]), cell as u64, &mut out, &mut scratch);
                    black_box(&out);
                }
            });
        });
    }
    group.finish();
}

criterion_group!(isimip, benches);
criterion_main!(isimip);
