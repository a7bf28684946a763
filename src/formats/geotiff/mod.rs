//! Elevation rasters as GeoTIFF (OGC 19-008r4): one band in a projected system in metres.

mod cache;
mod keys;
mod padded;
mod read;
mod write;

pub use read::GeoTiff;
pub use write::{RasterText, write_geotiff};

#[cfg(test)]
mod tests;
