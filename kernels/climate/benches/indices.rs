//! Cost of all indices of a cell, of limits of its days and of percentiles over simulations:
//! `cargo bench -p conurb-climate --bench indices`.

use std::hint::black_box;

use conurb_climate::calendar::Calendar;
use conurb_climate::days::Days;
use conurb_climate::ensemble::percentiles;
use conurb_climate::indices::{DailySeries, DayLimits, Index, Thresholds, Years, ZERO_CELSIUS, yearly};
use criterion::{Criterion, criterion_group, criterion_main};

criterion_group!(benches, of_cell, of_simulations);
criterion_main!(benches);

/// Numbers between 0 and 1 without order.
fn unordered(day: usize) -> f64 {
    (day as f64 * 0.618_033_988_749_894_9).fract()
}

fn of_cell(bench: &mut Criterion) {
    let days = Days::of_years(Calendar::NoLeap, 2041, 2070);
    let years = Years::new(&days);
    let season = |day: usize| 15.0 - 10.0 * libm::cos((day % 365) as f64 * std::f64::consts::TAU / 365.0);
    let kelvin = |shift: f64| -> Vec<f32> {
        (0..days.len()).map(|day| (ZERO_CELSIUS + season(day) + 8.0 * unordered(day) + shift) as f32).collect()
    };
    let (tas, tasmin, tasmax) = (kelvin(0.0), kelvin(-5.0), kelvin(5.0));
    let pr: Vec<f32> = (0..days.len()).map(|day| (40.0 * (unordered(3 * day) - 0.7)).max(0.0) as f32).collect();
    let plan = DayLimits::new(&days, &days).expect("the reference has all days");
    let (mut limits, mut scratch) = (vec![0.0; plan.len()], Vec::new());
    plan.of_cell(&tasmax, 0.9, &mut limits, &mut scratch).expect("lengths fit");
    let series = DailySeries {
        tas: Some(tas.as_slice()),
        tasmin: Some(tasmin.as_slice()),
        tasmax: Some(tasmax.as_slice()),
        pr: Some(pr.as_slice()),
        tasmax_limits: Some(limits.as_slice()),
    };
    let mut out = vec![0.0; years.len()];
    let mut group = bench.benchmark_group("30 years");
    group.bench_function("all indices", |b| {
        b.iter(|| {
            for index in Index::ALL {
                yearly(index, black_box(&series), &years, &Thresholds::default(), &mut out).expect("all is given");
            }
        });
    });
    for index in
        [Index::SummerDays, Index::HeatWaves, Index::WarmDays, Index::HeatingDegreeDays, Index::WettestFiveDays]
    {
        group.bench_function(format!("{index:?}"), |b| {
            b.iter(|| yearly(index, black_box(&series), &years, &Thresholds::default(), &mut out));
        });
    }
    let mut found = limits.clone();
    group.bench_function("limits of days", |b| {
        b.iter(|| plan.of_cell(black_box(&tasmax), 0.9, &mut found, &mut scratch));
    });
    group.finish();
}

fn of_simulations(bench: &mut Criterion) {
    let values: Vec<f64> = (0..30).map(unordered).collect();
    let (mut out, mut scratch) = ([0.0; 3], Vec::new());
    bench.bench_function("percentiles of 30 simulations", |b| {
        b.iter(|| percentiles(black_box(&values), &[0.1, 0.5, 0.9], 3, &mut out, &mut scratch));
    });
}
