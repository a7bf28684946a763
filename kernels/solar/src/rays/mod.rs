//! Rays against triangles: what stands between a point and the sky.
//!
//! A [`Scene`] holds triangles in a tree of boxes. Rays come in packets of up to [`LANES`] neighbouring origins that share
//! one direction, because the sun and every sky patch are the same direction for all points: boxes are then tested once
//! per packet, and a triangle once per packet with all lanes side by side.
//!
//! Whether a ray hits a triangle follows from that ray and that triangle alone, to the bit: tests of boxes only leave out
//! what the test of the triangle itself would refuse. Two scenes that share a triangle therefore agree on it, whatever
//! else they hold.

mod build;
mod elevation;
mod hit;
mod packet;
mod scene;
#[cfg(test)]
mod tests;
mod triangle;
mod wide;

pub use elevation::{Elevation, mark_covered, triangles_of};
pub use packet::{Direction, LANES, Packet};
pub use scene::{Hits, Scene};
pub use triangle::{NO_SURFACE, SceneError, Triangle};
