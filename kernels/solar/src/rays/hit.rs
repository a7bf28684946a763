//! The test of a ray against a triangle: the definition of a hit.
//!
//! Edges by the watertight test of Woop, Benthin and Wald (Watertight ray/triangle intersection, J. Computer Graphics
//! Techniques 2(1), 2013): corners are moved to the ray's origin and sheared so that the ray becomes an axis; the signs of
//! three edge functions tell whether the axis runs through the triangle. Two triangles that share an edge compute the same
//! number for it with opposite sign, so that no ray slips between them. A point on an edge belongs to both.
//!
//! A ray must also cross the padded box of the triangle: far from a triangle that is seen edge-on, the signs are rounding
//! alone. That is also what makes boxes of a tree exact: every step of the test of a box rises or falls with the box's
//! bounds, in rounded numbers too, so a ray that crosses a box crosses all that enclose it.

use super::packet::{Direction, LANES, Packet};
use super::triangle::{greatest, least, padded_bounds};

/// Widening of the far end of a box, above the rounding of two multiplications and two differences.
pub(super) const WIDENING: f32 = 1.0 + 1.0 / 1_048_576.0;

/// Distance of lanes that meet nothing.
pub(super) const NO_HIT: f32 = f32::INFINITY;

/// Distance, in lengths of the direction, to the triangle for each lane; [`NO_HIT`] where it is missed, behind or beyond
/// `reach`. `None` if no lane hits.
#[inline(always)]
pub(super) fn distances(
    packet: &Packet,
    direction: &Direction,
    corners: &[[f32; 3]; 3],
    reach: f32,
) -> Option<[f32; LANES]> {
    let edges = Edges::of(packet, direction, corners);
    if !edges.any_inside() {
        return None;
    }
    let depths = Depths::of(packet, direction, corners, &edges);
    if !depths.any_ahead(&edges) {
        return None;
    }
    Some(within_box(packet, direction, corners, reach, &edges, &depths))
}

/// Edge functions of all lanes.
struct Edges {
    first: [f32; LANES],
    second: [f32; LANES],
    third: [f32; LANES],
}

impl Edges {
    #[inline(always)]
    fn of(packet: &Packet, direction: &Direction, corners: &[[f32; 3]; 3]) -> Self {
        let [x, y, z] = direction.axes;
        let [shear_x, shear_y, _] = direction.shear;
        let (origin_x, origin_y, origin_z) = (&packet.origins[x], &packet.origins[y], &packet.origins[z]);
        let [a, b, c] = corners;
        let mut edges = Edges { first: [0.0; LANES], second: [0.0; LANES], third: [0.0; LANES] };
        for lane in 0..LANES {
            let (from_x, from_y, from_z) = (origin_x[lane], origin_y[lane], origin_z[lane]);
            let (a_z, b_z, c_z) = (a[z] - from_z, b[z] - from_z, c[z] - from_z);
            let (a_x, a_y) = ((a[x] - from_x) - shear_x * a_z, (a[y] - from_y) - shear_y * a_z);
            let (b_x, b_y) = ((b[x] - from_x) - shear_x * b_z, (b[y] - from_y) - shear_y * b_z);
            let (c_x, c_y) = ((c[x] - from_x) - shear_x * c_z, (c[y] - from_y) - shear_y * c_z);
            edges.first[lane] = c_x * b_y - c_y * b_x;
            edges.second[lane] = a_x * c_y - a_y * c_x;
            edges.third[lane] = b_x * a_y - b_y * a_x;
        }
        edges
    }

    /// At least 0 where no two edge functions differ in sign: the lane's ray runs through the triangle.
    #[inline(always)]
    fn inside(&self, lane: usize) -> f32 {
        let (first, second, third) = (self.first[lane], self.second[lane], self.third[lane]);
        greatest(least(least(first, second), third), -greatest(greatest(first, second), third))
    }

    #[inline(always)]
    fn any_inside(&self) -> bool {
        let mut inside = [0.0; LANES];
        for (lane, inside) in inside.iter_mut().enumerate() {
            *inside = self.inside(lane);
        }
        let mut any = 0_u32;
        for inside in inside {
            any |= u32::from(inside >= 0.0);
        }
        any != 0
    }
}

/// Distances along the rays to the triangle's plane as fractions, by weighing the corners with the edge functions.
struct Depths {
    weighted: [f32; LANES],
    /// Sum of the weights, 0 where the ray runs in the plane.
    weight: [f32; LANES],
}

impl Depths {
    #[inline(always)]
    fn of(packet: &Packet, direction: &Direction, corners: &[[f32; 3]; 3], edges: &Edges) -> Self {
        let along = direction.axes[2];
        let scale = direction.shear[2];
        let origins = &packet.origins[along];
        let mut depths = Depths { weighted: [0.0; LANES], weight: [0.0; LANES] };
        for lane in 0..LANES {
            let (first, second, third) = (edges.first[lane], edges.second[lane], edges.third[lane]);
            depths.weighted[lane] = first * (scale * (corners[0][along] - origins[lane]))
                + second * (scale * (corners[1][along] - origins[lane]))
                + third * (scale * (corners[2][along] - origins[lane]));
            depths.weight[lane] = first + second + third;
        }
        depths
    }

    /// Whether a ray that is inside all edges has the triangle before it; most that is met lies behind, as a surface does
    /// under its own points.
    #[inline(always)]
    fn any_ahead(&self, edges: &Edges) -> bool {
        let mut ahead = [-1.0; LANES];
        for (lane, ahead) in ahead.iter_mut().enumerate() {
            let (weighted, weight) = (self.weighted[lane], self.weight[lane]);
            let same_sign = ((weighted > 0.0) & (weight > 0.0)) | ((weighted < 0.0) & (weight < 0.0));
            *ahead = if same_sign { edges.inside(lane) } else { -1.0 };
        }
        let mut any = 0_u32;
        for ahead in ahead {
            any |= u32::from(ahead >= 0.0);
        }
        any != 0
    }
}

/// Distances where the lane is inside all edges, in front of its origin and in the triangle's own box within `reach`.
#[inline(always)]
fn within_box(
    packet: &Packet,
    direction: &Direction,
    corners: &[[f32; 3]; 3],
    reach: f32,
    edges: &Edges,
    depths: &Depths,
) -> [f32; LANES] {
    let bounds = padded_bounds(corners);
    let mut near_bounds = bounds.low;
    let mut far_bounds = bounds.high;
    for axis in 0..3 {
        if direction.falls[axis] {
            (near_bounds[axis], far_bounds[axis]) = (bounds.high[axis], bounds.low[axis]);
        }
    }
    let mut distances = [NO_HIT; LANES];
    for lane in 0..LANES {
        let mut near = 0.0;
        let mut far = f32::INFINITY;
        for axis in 0..3 {
            let (origin, inverse) = (packet.origins[axis][lane], direction.inverse[axis]);
            near = greatest(near, (near_bounds[axis] - origin) * inverse);
            far = least(far, (far_bounds[axis] - origin) * inverse);
        }
        far *= WIDENING;
        let depth = depths.weighted[lane] / depths.weight[lane];
        // A hit is never nearer than its own box, so that trees may leave out boxes beyond the nearest hit.
        let distance = greatest(depth, near);
        let hit = (edges.inside(lane) >= 0.0) & (depth > 0.0) & (near <= least(far, reach)) & (distance <= reach);
        distances[lane] = if hit { distance } else { NO_HIT };
    }
    distances
}
