//! Cells per second of methods by quantiles, training and one future of 30 years of days each, one thread.

use std::hint::black_box;

use conurb_climate::calendar::Calendar;
use conurb_climate::days::Days;
use conurb_climate::detrended::Detrended;
use conurb_climate::empirical::{self, Mapping};
use conurb_climate::grouping::{Grouping, Pool};
use conurb_climate::groups::Groups;
use conurb_climate::kind::Kind;
use conurb_climate::quantile_delta;
use conurb_climate::training::{Interpolation, QuantileSettings, RankAmong, Scratch, Training};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Cells of a bench, each of its own values.
const CELLS: usize = 16;
const SETTINGS: QuantileSettings = QuantileSettings {
    kind: Kind::Additive,
    n_quantiles: 50,
    interpolation: Interpolation::Linear,
    rank_among: RankAmong::Pool,
};
const GROUPINGS: [(&str, Grouping); 4] = [
    ("doy31 contiguous", Grouping::DayOfYear { window: 31, pool: Pool::Contiguous }),
    ("doy31 circular", Grouping::DayOfYear { window: 31, pool: Pool::Circular }),
    ("month", Grouping::Month),
    ("all", Grouping::All),
];

/// Reference, historical and future series of a cell.
type Cell = [Vec<f32>; 3];

/// Uniform numbers, 0 to 1.
fn random(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Level, yearly cycle, and a noise that remembers 0.7 of the day before.
fn temperature(days: &Days, level: f64, uniform: &mut impl FnMut() -> f64) -> Vec<f32> {
    let mut noise = 0.0;
    let values = days.day_of_year().iter().map(|&day| {
        noise = 0.7 * noise + 2.5 * ((0..12).map(|_| uniform()).sum::<f64>() - 6.0);
        (level - 10.0 * libm::cos(f64::from(day) / 58.1) + noise) as f32
    });
    values.collect()
}

/// Rain on 45 % of the days, gamma distributed (of shape 1), in mm/d: most days are tied.
fn rain(days: &Days, scale: f64, uniform: &mut impl FnMut() -> f64) -> Vec<f32> {
    let values = (0..days.len()).map(|_| match uniform() {
        place if place < 0.45 => (-scale * libm::log(1.0 - uniform())) as f32,
        _ => 0.0,
    });
    values.collect()
}

fn benches(bench: &mut Criterion) {
    let days = Days::of_years(Calendar::NoLeap, 1981, 2010);
    let mut uniform = random(20_240_501);
    let warm: Vec<Cell> =
        (0..CELLS).map(|_| [280.0, 282.0, 284.0].map(|level| temperature(&days, level, &mut uniform))).collect();
    let wet: Vec<Cell> = (0..CELLS).map(|_| [4.0, 3.0, 5.0].map(|scale| rain(&days, scale, &mut uniform))).collect();
    let mut group = bench.benchmark_group("quantile");
    group.sample_size(10);
    group.throughput(Throughput::Elements(CELLS as u64));
    for (name, grouping) in GROUPINGS {
        let groups = Groups::new(&days, grouping);
        for (variable, cells) in [("tas", &warm), ("pr", &wet)] {
            group.bench_function(format!("qdm {name} {variable}"), |bench| {
                bench.iter(|| quantile_delta_cells(cells, &groups));
            });
        }
        group.bench_function(format!("eqm {name} tas"), |bench| bench.iter(|| empirical_cells(&warm, &groups)));
        group.bench_function(format!("dqm {name} tas"), |bench| bench.iter(|| detrended_cells(&warm, &days, &groups)));
    }
    group.finish();
}

fn quantile_delta_cells(cells: &[Cell], groups: &Groups) {
    let mut training = Training::new(SETTINGS, groups.len());
    let (mut scratch, mut out) = (Scratch::default(), vec![0.0; groups.days()]);
    for [reference, historical, future] in cells {
        training.train((reference, groups), (historical, groups), &mut scratch);
        black_box(quantile_delta::adjust(&training, future, groups, &mut out, &mut scratch));
    }
}

fn empirical_cells(cells: &[Cell], groups: &Groups) {
    let mut training = Training::new(SETTINGS, groups.len());
    let mut mapping = Mapping::new(&training);
    let (mut scratch, mut out) = (Scratch::default(), vec![0.0; groups.days()]);
    for [reference, historical, future] in cells {
        empirical::train(&mut training, &mut mapping, (reference, groups), (historical, groups), &mut scratch);
        black_box(mapping.adjust(future, groups, &mut out));
    }
}

fn detrended_cells(cells: &[Cell], days: &Days, groups: &Groups) {
    let mut detrended = Detrended::new(SETTINGS, groups.len());
    let (mut scratch, mut out) = (Scratch::default(), vec![0.0; groups.days()]);
    for [reference, historical, future] in cells {
        detrended.train((reference, groups), (historical, groups), &mut scratch);
        black_box(detrended.adjust(future, days, groups, &mut out));
    }
}

criterion_group!(quantile, benches);
criterion_main!(quantile);
