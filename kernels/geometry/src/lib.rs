//! Geometry of city models: polygons in space, solids, walls that buildings share.
//!
//! Coordinates are metres, x east, y north, z up, in the projected reference system of the run. Pure functions: no
//! files, no threads, the same bits on every machine of one instruction set.
//!
//! [`prepare()`] does it all; [`prepare_object`] and [`PartyWalls`] are its two halves, for callers that spread the work.

mod boxes;
mod frame;
mod party;
mod plane;
mod prepare;
#[cfg(test)]
mod samples;
mod solid;
#[cfg(test)]
mod tests;
mod triangles;
mod vector;
mod weld;

pub use frame::Frame;
pub use party::{Exposure, Party, PartyWalls, Tolerance};
pub use plane::{MOST_VERTICES, Plane, PlaneError, THINNEST, plane, tilt_and_azimuth};
pub use prepare::{
    FLAT_WITHIN, Finding, GROUND_ABOVE, Kind, PreparedObject, PreparedSurface, ROOF_BELOW, Surface, What, prepare,
    prepare_object,
};
pub use solid::{Expected, Face, Solid, solid};
pub use triangles::{
    Region, Triangle, Triangulation, TriangulationError, region_area, region_triangles, triangle_area, triangulate,
};
pub use weld::WELD;
