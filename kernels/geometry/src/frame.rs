//! Two axes in a plane.

use crate::plane::Plane;
use crate::vector::{Point, add, cross, dot, length, scale, subtract};

/// Axes of a plane: u horizontal, v up the slope, u × v = normal; on a wall seen from outside, u points to the right.
///
/// The axes of horizontal planes are those of the map: u east, v north facing up and south facing down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Where both coordinates are zero.
    pub origin: [f64; 3],
    /// Unit vector of the first coordinate.
    pub u: [f64; 3],
    /// Unit vector of the second coordinate.
    pub v: [f64; 3],
    /// Unit normal.
    pub normal: [f64; 3],
}

impl Frame {
    /// The frame of a plane.
    pub fn of(plane: &Plane) -> Self {
        let normal = plane.normal;
        let up = subtract([0.0, 0.0, 1.0], scale(normal, normal[2]));
        let slope = length(up);
        if slope < 1e-9 {
            let u = [1.0, 0.0, 0.0];
            return Frame { origin: plane.origin, u, v: cross(normal, u), normal };
        }
        let v = scale(up, 1.0 / slope);
        Frame { origin: plane.origin, u: cross(v, normal), v, normal }
    }
    /// Coordinates in the plane of a point, along the normal.
    pub fn project(&self, point: [f64; 3]) -> [f64; 2] {
        let offset = subtract(point, self.origin);
        [dot(offset, self.u), dot(offset, self.v)]
    }
    /// Distance of a point from the plane, positive on the side of the normal (m).
    pub fn height(&self, point: [f64; 3]) -> f64 {
        dot(subtract(point, self.origin), self.normal)
    }
    /// The point of the plane at coordinates of it.
    pub fn lift(&self, [u, v]: [f64; 2]) -> [f64; 3] {
        add(self.origin, add(scale(self.u, u), scale(self.v, v)))
    }
    /// All rings in coordinates of the plane, the outer one anticlockwise, holes clockwise.
    pub(crate) fn flatten(&self, rings: &[Vec<Point>]) -> Vec<Vec<[f64; 2]>> {
        let flat = rings.iter().map(|ring| ring.iter().map(|vertex| self.project(*vertex)).collect());
        flat.enumerate().map(|(number, ring)| wound(ring, number == 0)).collect()
    }
}

/// Twice the area of a ring in the plane, positive if it runs anticlockwise.
pub(crate) fn twice_area(ring: &[[f64; 2]]) -> f64 {
    let Some(&[x, y]) = ring.first() else { return 0.0 };
    ring.windows(2).map(|edge| (edge[0][0] - x) * (edge[1][1] - y) - (edge[0][1] - y) * (edge[1][0] - x)).sum()
}

fn wound(mut ring: Vec<[f64; 2]>, anticlockwise: bool) -> Vec<[f64; 2]> {
    if (twice_area(&ring) > 0.0) != anticlockwise {
        ring.reverse();
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(normal: Point) -> Frame {
        Frame::of(&Plane { normal, origin: [1.0, 2.0, 3.0], area: 1.0, deviation: 0.0 })
    }

    #[test]
    fn a_south_wall_has_east_to_the_right() {
        let south = frame([0.0, -1.0, 0.0]);
        assert_eq!((south.u, south.v), ([1.0, 0.0, 0.0], [0.0, 0.0, 1.0]));
        assert_eq!(south.project([4.0, 0.0, 7.0]), [3.0, 4.0]);
        assert_eq!(south.height([4.0, 0.0, 7.0]), 2.0);
        assert_eq!(south.lift([3.0, 4.0]), [4.0, 2.0, 7.0]);
    }

    #[test]
    fn axes_are_right_handed_everywhere() {
        for normal in [[0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [0.6, 0.0, 0.8], [0.48, -0.64, -0.6], [0.0, 1.0, 0.0]] {
            let frame = frame(normal);
            let found = cross(frame.u, frame.v);
            assert!(length(subtract(found, normal)) < 1e-15, "{normal:?} {found:?}");
            assert!(frame.u[2].abs() < 1e-15);
            assert!(frame.v[2] >= 0.0);
        }
    }
}
