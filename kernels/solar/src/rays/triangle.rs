//! Triangles that stand in the way, and the boxes around them.

use thiserror::Error;

/// What a ray meets that belongs to no surface of interest, as terrain does; also "nothing met".
pub const NO_SURFACE: u32 = u32::MAX;

/// A triangle that stops light from both sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Triangle {
    /// Corners (m), x east, y north, z up, relative to one origin of the whole problem.
    pub corners: [[f32; 3]; 3],
    /// The surface that it is a part of, by a number of the whole problem, or [`NO_SURFACE`].
    pub surface: u32,
}

/// Why triangles make no scene.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum SceneError {
    /// A coordinate is not a number, or farther than [`Triangle::FARTHEST_M`] from the origin.
    #[error("triangle {triangle}: coordinate {value} is not within ±{} m", Triangle::FARTHEST_M)]
    Coordinate {
        /// Index of the triangle.
        triangle: usize,
        /// The coordinate.
        value: f32,
    },
    /// More triangles than an index can tell apart.
    #[error("{n_triangles} triangles are more than {}", Triangle::MOST)]
    TooMany {
        /// How many were given.
        n_triangles: usize,
    },
}

/// A box along the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub(super) low: [f32; 3],
    pub(super) high: [f32; 3],
}

impl Triangle {
    /// Farthest coordinate that a scene takes (m); there `f32` resolves 6 cm.
    pub const FARTHEST_M: f32 = 1.0e6;
    /// Most triangles of a scene.
    pub const MOST: usize = 1 << 28;

    /// Share of a coordinate by which a box is larger than its triangle, eight times the rounding of that coordinate.
    const PADDING: f32 = 1.0 / 1_048_576.0;

    pub(super) fn check(&self, triangle: usize) -> Result<(), SceneError> {
        for value in self.corners.into_iter().flatten() {
            if !(-Self::FARTHEST_M..=Self::FARTHEST_M).contains(&value) {
                return Err(SceneError::Coordinate { triangle, value });
            }
        }
        Ok(())
    }
}

/// The box of a triangle, padded so that rounding of a ray's coordinates along it cannot push a hit out of the box.
#[inline(always)]
pub(super) fn padded_bounds(corners: &[[f32; 3]; 3]) -> Bounds {
    let mut bounds = Bounds::EMPTY;
    let mut farthest = 0.0_f32;
    for corner in corners {
        for (axis, &coordinate) in corner.iter().enumerate() {
            bounds.low[axis] = least(bounds.low[axis], coordinate);
            bounds.high[axis] = greatest(bounds.high[axis], coordinate);
            farthest = greatest(farthest, coordinate.abs());
        }
    }
    let padding = farthest * Triangle::PADDING;
    for axis in 0..3 {
        bounds.low[axis] -= padding;
        bounds.high[axis] += padding;
    }
    bounds
}

impl Bounds {
    pub(super) const EMPTY: Bounds = Bounds { low: [f32::INFINITY; 3], high: [f32::NEG_INFINITY; 3] };

    #[inline(always)]
    pub(super) fn grow(&mut self, other: &Bounds) {
        for axis in 0..3 {
            self.low[axis] = least(self.low[axis], other.low[axis]);
            self.high[axis] = greatest(self.high[axis], other.high[axis]);
        }
    }

    /// Half the surface of the box, 0 if it is empty.
    #[inline(always)]
    pub(super) fn half_area(&self) -> f32 {
        let side = |axis: usize| greatest(self.high[axis] - self.low[axis], 0.0);
        side(0) * side(1) + side(1) * side(2) + side(2) * side(0)
    }
}

/// The lesser of two numbers by one comparison, which vectorises where `f32::min` minds NaN.
#[inline(always)]
pub(super) fn least(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// The greater of two numbers by one comparison.
#[inline(always)]
pub(super) fn greatest(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}
