//! Throughput of the solar kernels: `cargo bench -p conurb-solar`.

mod raster;
mod rays;
mod sun_sky;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, sun_sky::benches, raster::benches, rays::benches);
criterion_main!(benches);
