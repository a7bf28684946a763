//! Geometry of city models: polygons in space, solids, walls that buildings share.
//!
//! Coordinates are metres, x east, y north, z up, in the projected reference system of the run. Pure functions: no
//! files, no threads, the same bits on every machine of one instruction set.

mod frame;
mod plane;
#[cfg(test)]
mod samples;
mod solid;
mod triangles;
mod vector;
mod weld;

pub use frame::Frame;
pub use plane::{Plane, PlaneError, THINNEST, plane, tilt_and_azimuth};
pub use solid::{Expected, Face, Solid, solid};
pub use triangles::{
    Region, Triangle, Triangulation, TriangulationError, region_area, region_triangles, triangle_area, triangulate,
};
pub use weld::WELD;
