//! Elevation rasters as GeoTIFF (OGC 19-008r4): one band in a projected system in metres.

mod keys;
mod read;

pub use read::GeoTiff;
