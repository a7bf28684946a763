//! Horizons of an elevation raster: cell-directions per second with angles written, whole rasters and limited reach; cells
//! times suns per second.

use std::hint::black_box;

use conurb_solar::raster::{
    Cells, HorizonParameters, SunSample, Tilt, Window, beam, cell_planes, horizons, sky_factors,
};
use criterion::{BenchmarkId, Criterion, Throughput};

/// Side of a lot and width of the streets between, m.
const LOT_M: usize = 40;
const STREET_M: usize = 12;

/// A made city of 1 m cells: lots of 40 m with streets of 12 m, 12 % of them empty, 15 % with towers, others with houses of
/// 5 to 14 m under flat or 35° gable roofs, on ground that rolls by 2.5 m.
fn city(side: usize) -> Vec<f32> {
    let mut state = 42_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let lots = side.div_ceil(LOT_M);
    let buildings: Vec<(f64, bool)> = (0..lots * lots)
        .map(|_| {
            let (kind, r, gable) = (random(), random(), random() < 0.5);
            match kind {
                kind if kind < 0.12 => (0.0, false),
                kind if kind < 0.27 => (4.0 + 56.0 * r * r * r, false),
                _ => (5.0 + 9.0 * r, gable),
            }
        })
        .collect();
    let height = |row: usize, column: usize| {
        let turn = 2.0 * core::f64::consts::PI;
        let ground = 4.0 + 2.5 * libm::sin(turn * column as f64 / 800.0) * libm::cos(turn * row as f64 / 600.0);
        let (wall, gable) = buildings[row / LOT_M * lots + column / LOT_M];
        let (y, x) = (row % LOT_M, column % LOT_M);
        let inside = wall > 0.0 && (STREET_M / 2..LOT_M - STREET_M / 2).contains(&y);
        if !inside || !(STREET_M / 2..LOT_M - STREET_M / 2).contains(&x) {
            return ground as f32;
        }
        let from_ridge = (y as f64 - 0.5 * LOT_M as f64).abs();
        let half = 0.5 * (LOT_M - STREET_M) as f64;
        let roof = if gable { (half - from_ridge) * libm::tan(35_f64.to_radians()) } else { 0.0 };
        (ground + wall + roof) as f32
    };
    (0..side * side).map(|cell| height(cell / side, cell % side)).collect()
}

/// Registers the benches of this file.
pub fn benches(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("horizons");
    group.sample_size(10);
    for (side, reach_m) in [(1000, None), (2000, None), (2000, Some(300.0))] {
        let heights = city(side);
        let parameters = HorizonParameters { reach_m, ..Default::default() };
        let (window, cells) = (Window::whole(&heights, side, side), Cells::all(side, side));
        let reach = reach_m.map_or("unlimited".to_string(), |reach_m| format!("{reach_m} m"));
        group.throughput(Throughput::Elements((parameters.directions * side * side) as u64));
        group.bench_function(BenchmarkId::new(reach, side), |bencher| {
            bencher.iter(|| black_box(horizons(&window, &cells, &parameters).expect("valid")));
        });
    }
    group.finish();
    irradiated(bench);
}

fn irradiated(bench: &mut Criterion) {
    const SIDE: usize = 500;
    const SUNS: usize = 100;
    let heights = city(SIDE);
    let (window, cells) = (Window::whole(&heights, SIDE, SIDE), Cells::all(SIDE, SIDE));
    let found = horizons(&window, &cells, &HorizonParameters::default()).expect("valid").horizons;
    let planes = cell_planes(&window, &cells, 1.0, Tilt::FromHeights { steepest_degrees: 90.0 }).expect("valid");
    let suns: Vec<SunSample> =
        (0..SUNS).map(|sun| SunSample::new(30.0 + 0.5 * sun as f64, 90.0 + 1.8 * sun as f64, 800.0, 0)).collect();
    let mut group = bench.benchmark_group("irradiation");
    group.throughput(Throughput::Elements((SIDE * SIDE * SUNS) as u64));
    group.bench_function("beam", |bencher| {
        bencher.iter(|| black_box(beam(&planes, &found, &suns, 1).expect("valid")));
    });
    group.throughput(Throughput::Elements((SIDE * SIDE * 36) as u64));
    group.bench_function("sky_factors", |bencher| {
        bencher.iter(|| black_box(sky_factors(&planes, &found).expect("valid")));
    });
    group.finish();
}
