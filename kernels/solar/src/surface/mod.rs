//! Roofs and walls: sample points, visibility of sky and sun, irradiation.

mod bits;
mod gemm;
mod plane;
mod points;
mod sun_bins;
mod view;

#[cfg(test)]
mod tests;

pub use bits::BitRows;
pub use gemm::irradiance_of_blocks;
pub use plane::PlaneSky;
pub use points::{PointsError, SamplePoints, sample_points};
pub use sun_bins::{BinStep, NO_BIN, SunBins};
pub use view::{Bounce, PointEnergies, Reflector, SurfaceView, ViewRays};
