//! Shadow rays over a height field of two million triangles, and points that look at the whole sky.

use std::hint::black_box;
use std::time::Duration;

use conurb_solar::rays::{Direction, LANES, NO_SURFACE, Packet, Scene, Triangle};
use criterion::{Criterion, Throughput};

/// Cells along each side of the height field; each has two triangles of 1 m.
const SIDE: usize = 1000;
/// Packets of 4 x 4 points, spread over the field.
const PACKETS: usize = 256;
/// Reach of the rays [m], about that of the field.
const REACH_M: f32 = 1000.0;

/// Registers the benches of this file.
pub fn benches(bench: &mut Criterion) {
    let heights = city(SIDE + 1);
    let triangles = triangles(&heights);
    let mut group = bench.benchmark_group("rays");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    group.bench_function("build_2m_triangles", |bench| bench.iter(|| Scene::new(black_box(&triangles)).unwrap()));
    let scene = Scene::new(&triangles).unwrap();
    let directions = sky(145);
    let packets = packets(&heights);
    group.throughput(Throughput::Elements((PACKETS * LANES * directions.len()) as u64));
    group.bench_function("occluded_145_directions", |bench| {
        bench.iter(|| {
            let mut blocked = 0;
            for packet in &packets {
                for direction in &directions {
                    blocked += scene.occluded(packet, direction, REACH_M).count_ones();
                }
            }
            blocked
        })
    });
    group.bench_function("closest_145_directions", |bench| {
        bench.iter(|| {
            let mut met = 0;
            for packet in &packets {
                for direction in &directions {
                    met += scene.closest(packet, direction, REACH_M).distances.iter().filter(|d| d.is_finite()).count();
                }
            }
            met
        })
    });
    group.finish();
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

/// Directions spread evenly over the upper half of the sky.
fn sky(count: usize) -> Vec<Direction> {
    (0..count)
        .map(|index| {
            let up = (index as f32 + 0.5) / count as f32;
            let azimuth = index as f32 * 2.399_963_2;
            let level = (1.0 - up * up).sqrt();
            Direction::new([level * azimuth.sin(), level * azimuth.cos(), up])
        })
        .collect()
}

fn packets(heights: &[f32]) -> Vec<Packet> {
    (0..PACKETS)
        .map(|packet| {
            let (row, column) = (100 + packet / 16 * 50, 100 + packet % 16 * 50 + packet / 16);
            let points: Vec<[f32; 3]> = (0..LANES)
                .map(|lane| {
                    let [x, y, z] = corner(heights, row + lane / 4, column + lane % 4);
                    [x, y, z + 0.02]
                })
                .collect();
            Packet::new(&points)
        })
        .collect()
}
