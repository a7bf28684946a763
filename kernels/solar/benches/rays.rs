//! Shadow rays over a height field of two million triangles, and points that look at sky and suns.

use std::hint::black_box;
use std::time::Duration;

use conurb_solar::rays::{Direction, LANES, NO_SURFACE, Packet, Scene, Triangle};
use conurb_solar::sky::{Patches, RaysPerPatch, Subdivision};
use conurb_solar::surface::{BinStep, Bounce, SamplePoints, SunBins, ViewRays};
use criterion::{Criterion, Throughput};

/// Cells along each side of the height field; each has two triangles of 1 m.
const SIDE: usize = 1000;
/// Packets of 4 x 4 points, spread over the field.
const PACKETS: usize = 256;
/// Packets of a surface whose view is taken.
const PACKETS_OF_SURFACE: usize = 16;
/// Reach of the rays (m), about that of the field.
const REACH_M: f32 = 1000.0;
/// Offset of points above the field (m).
const OFFSET_M: f32 = 0.02;
/// Latitude of the suns (°).
const LATITUDE: f64 = 52.0;

/// Registers the benches of this file.
pub fn benches(bench: &mut Criterion) {
    let heights = city(SIDE + 1);
    let triangles = triangles(&heights);
    let mut group = bench.benchmark_group("rays");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    group.bench_function("build_2m_triangles", |bench| {
        bench.iter(|| Scene::new(black_box(&triangles)).expect("finite triangles"))
    });
    let scene = Scene::new(&triangles).expect("finite triangles");
    let sky = Patches::new(Subdivision::Tregenza145, RaysPerPatch::One);
    let directions: Vec<_> = sky.directions().iter().map(|&direction| Direction::new(single(direction))).collect();
    let packets: Vec<_> = (0..PACKETS).map(|index| Packet::new(&points(&heights, corner_of(index)))).collect();
    group.throughput(Throughput::Elements((PACKETS * LANES * directions.len()) as u64));
    group.bench_function("occluded_145_patches", |bench| {
        let of =
            |packet: &Packet| directions.iter().map(|to| scene.occluded(packet, to, REACH_M).count_ones()).sum::<u32>();
        bench.iter(|| packets.iter().map(of).sum::<u32>())
    });
    group.bench_function("closest_145_patches", |bench| {
        let of = |packet: &Packet| {
            directions.iter().map(|to| scene.closest(packet, to, REACH_M).surfaces[0] as u64).sum::<u64>()
        };
        bench.iter(|| packets.iter().map(of).sum::<u64>())
    });
    let suns = suns();
    let rays = ViewRays::new(&scene, &sky, &suns, REACH_M, Bounce::None);
    let surfaces: Vec<_> = (0..8).map(|index| surface(&heights, corner_of(index * 33))).collect();
    group.throughput(Throughput::Elements((surfaces.len() * PACKETS_OF_SURFACE * LANES) as u64));
    group.bench_function(format!("points_145_patches_{}_suns", suns.n_bins()), |bench| {
        bench.iter(|| surfaces.iter().map(|points| rays.view([0.0, 0.0, 1.0], points).f_sky).sum::<f64>())
    });
    group.finish();
}

/// Every hour of a year, binned as by default.
fn suns() -> SunBins {
    let (sine, cosine) = (LATITUDE.to_radians().sin(), LATITUDE.to_radians().cos());
    let sun = |hour: u32| {
        let declination =
            (23.45 * (360.0_f64 / 365.0 * (285.0 + f64::from(hour / 24))).to_radians().sin()).to_radians();
        let turn = (15.0 * (f64::from(hour % 24) - 11.5)).to_radians();
        let level = declination.cos() * turn.cos();
        [
            -declination.cos() * turn.sin(),
            cosine * declination.sin() - sine * level,
            sine * declination.sin() + cosine * level,
        ]
    };
    let suns: Vec<[f64; 3]> = (0..8760).map(sun).collect();
    SunBins::new(&suns, &vec![1.0; suns.len()], LATITUDE, BinStep::DEFAULT)
}

/// Points of a level surface of 16 m by 16 m, neighbours together.
fn surface(heights: &[f32], [row, column]: [usize; 2]) -> SamplePoints {
    let blocks = (0..PACKETS_OF_SURFACE).map(|block| [row + block / 4 * 4, column + block % 4 * 4]);
    let points: Vec<_> = blocks.flat_map(|corner| points(heights, corner)).map(|point| point.map(f64::from)).collect();
    SamplePoints { areas: vec![1.0; points.len()], points }
}

/// Row and column of the corner of a packet, spread over the field.
fn corner_of(packet: usize) -> [usize; 2] {
    [100 + packet / 16 * 50, 100 + packet % 16 * 50 + packet / 16]
}

/// 4 x 4 points above the field.
fn points(heights: &[f32], [row, column]: [usize; 2]) -> Vec<[f32; 3]> {
    let above = |[x, y, z]: [f32; 3]| [x, y, z + OFFSET_M];
    (0..LANES).map(|lane| above(corner(heights, row + lane / 4, column + lane % 4))).collect()
}

fn single(vector: [f64; 3]) -> [f32; 3] {
    vector.map(|component| component as f32)
}

/// Heights of a made city: lots of 40 m with streets of 12 m, towers among low buildings, wavy terrain.
fn city(side: usize) -> Vec<f32> {
    let mut state = 42_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 24) as f32
    };
    let lots = side.div_ceil(40);
    let buildings: Vec<f32> = (0..lots * lots)
        .map(|_| {
            let (kind, size) = (random(), random());
            if kind < 0.12 {
                0.0
            } else if kind < 0.27 {
                4.0 + 56.0 * size * size * size
            } else {
                5.0 + 9.0 * size
            }
        })
        .collect();
    let mut heights = Vec::with_capacity(side * side);
    for row in 0..side {
        for column in 0..side {
            let built = row % 40 >= 6 && row % 40 < 34 && column % 40 >= 6 && column % 40 < 34;
            let terrain = 4.0 + 2.5 * (column as f32 / 127.0).sin() * (row as f32 / 95.0).cos();
            heights.push(terrain + if built { buildings[row / 40 * lots + column / 40] } else { 0.0 });
        }
    }
    heights
}

fn corner(heights: &[f32], row: usize, column: usize) -> [f32; 3] {
    [column as f32, row as f32, heights[row * (SIDE + 1) + column]]
}

fn triangles(heights: &[f32]) -> Vec<Triangle> {
    let mut triangles = Vec::with_capacity(2 * SIDE * SIDE);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let at = |down: usize, right: usize| corner(heights, row + down, column + right);
            for corners in [[at(0, 0), at(0, 1), at(1, 1)], [at(0, 0), at(1, 1), at(1, 0)]] {
                triangles.push(Triangle { corners, surface: NO_SURFACE });
            }
        }
    }
    triangles
}
