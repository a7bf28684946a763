//! The plane of a polygon in space.

use crate::vector::{Point, add, cross, dot, length, scale, subtract};

/// Polygons thinner than this (twice the area over the perimeter) have no plane that can be told, metres.
pub const THINNEST: f64 = 1e-4;

/// The plane that fits a polygon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// Unit vector to the side from which the outer ring runs anticlockwise.
    pub normal: [f64; 3],
    /// Mean of the vertices of the outer ring, a point of the plane.
    pub origin: [f64; 3],
    /// Area of the outer ring less that of the holes, seen along the normal (m²).
    pub area: f64,
    /// Largest distance of a vertex from the plane (m).
    pub deviation: f64,
}

/// Why a polygon has no plane.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PlaneError {
    /// A coordinate is infinite or not a number.
    #[error("vertex {vertex} of ring {ring} is not finite")]
    NotFinite {
        /// Number of the ring.
        ring: usize,
        /// Number of the vertex in it.
        vertex: usize,
    },
    /// There is no outer ring, or it has fewer than three vertices.
    #[error("the outer ring has {n_vertices} vertices")]
    TooFewVertices {
        /// How many it has.
        n_vertices: usize,
    },
    /// More vertices than any surface of a building has; cutting it into triangles would take minutes.
    #[error("it has {n_vertices} vertices, more than {MOST_VERTICES}")]
    TooManyVertices {
        /// How many all its rings have.
        n_vertices: usize,
    },
    /// The polygon is a line or a point, or holes take all of it.
    #[error("the area is {area} m²")]
    NoArea {
        /// Area of the outer ring less that of the holes (m²).
        area: f64,
    },
}

/// Most vertices of a polygon with all its holes.
pub const MOST_VERTICES: usize = 20_000;

/// The plane of a polygon: an outer ring and holes, none closed by a repeated vertex.
///
/// The normal is Newell's, n = ½ Σ pᵢ × pᵢ₊₁ over the outer ring, about its first vertex so that large coordinates lose
/// nothing; the area of a hole counts against it whichever way the hole runs. Source: Newell, Newell and Sancha (1972),
/// "A solution to the hidden surface problem", as in Sutherland, Sproull and Schumacker (1974), p. 15.
///
/// # Errors
/// Fewer than three vertices or more than [`MOST_VERTICES`], a coordinate that is not finite, or no area (see [`THINNEST`]).
pub fn plane(rings: &[Vec<[f64; 3]>]) -> Result<Plane, PlaneError> {
    let outer = rings.first().map_or(&[][..], Vec::as_slice);
    if outer.len() < 3 {
        return Err(PlaneError::TooFewVertices { n_vertices: outer.len() });
    }
    let n_vertices = rings.iter().map(Vec::len).sum();
    if n_vertices > MOST_VERTICES {
        return Err(PlaneError::TooManyVertices { n_vertices });
    }
    for (ring, vertices) in rings.iter().enumerate() {
        if let Some(vertex) = vertices.iter().position(|vertex| !vertex.iter().all(|value| value.is_finite())) {
            return Err(PlaneError::NotFinite { ring, vertex });
        }
    }
    let twice = newell(outer);
    let of_outer = 0.5 * length(twice);
    let normal = scale(twice, 0.5 / of_outer);
    let of_holes: f64 = rings[1..].iter().map(|hole| 0.5 * dot(newell(hole), normal).abs()).sum();
    let area = of_outer - of_holes;
    let is_thin = 2.0 * of_outer <= THINNEST * perimeter(outer);
    // Coordinates may be so large that their products are not finite.
    if is_thin || !area.is_finite() || area <= of_outer * 1e-9 {
        return Err(PlaneError::NoArea { area });
    }
    let origin = mean(outer);
    let distance = |vertex: &Point| dot(subtract(*vertex, origin), normal).abs();
    let deviation = rings.iter().flatten().map(distance).fold(0.0, f64::max);
    Ok(Plane { normal, origin, area, deviation })
}

/// Tilt and azimuth of a surface from its unit normal (°).
///
/// The tilt is 0 facing up, 90 for walls, 180 facing down; the azimuth counts clockwise from grid north (+y), from 0 to
/// less than 360, and is 0 for horizontal surfaces.
pub fn tilt_and_azimuth(normal: [f64; 3]) -> (f64, f64) {
    let [east, north, up] = normal;
    let horizontal = (east * east + north * north).sqrt();
    let tilt = libm::atan2(horizontal, up).to_degrees();
    if horizontal < 1e-9 {
        return (tilt, 0.0);
    }
    let azimuth = libm::atan2(east, north).to_degrees();
    let positive = if azimuth < 0.0 { azimuth + 360.0 } else { azimuth };
    (tilt, if positive >= 360.0 { 0.0 } else { positive })
}

/// Σ pᵢ × pᵢ₊₁ about the first vertex: twice the area times the normal.
pub(crate) fn newell(ring: &[Point]) -> Point {
    let Some(&first) = ring.first() else { return [0.0; 3] };
    ring.windows(2).fold([0.0; 3], |sum, edge| add(sum, cross(subtract(edge[0], first), subtract(edge[1], first))))
}

fn perimeter(ring: &[Point]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(from, to)| length(subtract(*to, *from))).sum()
}

fn mean(ring: &[Point]) -> Point {
    let sum = ring.iter().fold([0.0; 3], |sum, vertex| add(sum, subtract(*vertex, ring[0])));
    add(ring[0], scale(sum, 1.0 / ring.len() as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [Point; 4] = [[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [2.0, 3.0, 0.0], [0.0, 3.0, 0.0]];

    #[test]
    fn holes_count_against_the_area_whichever_way_they_run() {
        let mut hole = vec![[0.5, 0.5, 0.0], [1.5, 0.5, 0.0], [1.5, 1.5, 0.0], [0.5, 1.5, 0.0]];
        for _ in 0..2 {
            let plane = plane(&[SQUARE.to_vec(), hole.clone()]).unwrap();
            assert_eq!((plane.area, plane.normal, plane.deviation), (5.0, [0.0, 0.0, 1.0], 0.0));
            assert_eq!(plane.origin, [1.0, 1.5, 0.0]);
            hole.reverse();
        }
    }

    #[test]
    fn large_coordinates_lose_nothing() {
        let far: Vec<Point> = SQUARE.iter().map(|vertex| add(*vertex, [4e6, 5e6, 100.0])).collect();
        assert!((plane(&[far]).unwrap().area - 6.0).abs() < 1e-8);
    }

    #[test]
    fn what_has_no_plane_is_refused() {
        assert_eq!(plane(&[]), Err(PlaneError::TooFewVertices { n_vertices: 0 }));
        let long = vec![SQUARE.iter().copied().cycle().take(MOST_VERTICES + 1).collect::<Vec<_>>()];
        assert_eq!(plane(&long), Err(PlaneError::TooManyVertices { n_vertices: MOST_VERTICES + 1 }));
        assert_eq!(plane(&[SQUARE[..2].to_vec()]), Err(PlaneError::TooFewVertices { n_vertices: 2 }));
        let line = vec![[0.0; 3], [1.0, 1.0, 1.0], [2.0, 2.0, 2.0]];
        assert!(matches!(plane(&[line]), Err(PlaneError::NoArea { .. })));
        assert!(matches!(plane(&[vec![[1.0; 3]; 3]]), Err(PlaneError::NoArea { .. })));
        assert!(matches!(plane(&[SQUARE.to_vec(), SQUARE.to_vec()]), Err(PlaneError::NoArea { .. })));
        let mut odd = SQUARE.to_vec();
        odd[2][1] = f64::NAN;
        assert_eq!(plane(&[odd]), Err(PlaneError::NotFinite { ring: 0, vertex: 2 }));
        let huge = vec![[0.0; 3], [1e200, 0.0, 0.0], [0.0, 1e200, 0.0]];
        assert!(plane(&[huge]).is_err());
    }

    #[test]
    fn a_bent_polygon_tells_by_how_much() {
        let mut bent = SQUARE.to_vec();
        bent[2][2] = 0.4;
        let deviation = plane(&[bent]).unwrap().deviation;
        // Four corners, one lifted by h: all lie h/4 off a plane through their mean, less the tilt of the normal.
        assert!((0.09..0.1).contains(&deviation), "{deviation}");
    }

    #[test]
    fn tilt_and_azimuth_of_the_compass() {
        let close = |(tilt, azimuth): (f64, f64), expected: (f64, f64)| {
            assert!((tilt - expected.0).abs() < 1e-12 && (azimuth - expected.1).abs() < 1e-12, "{tilt} {azimuth}");
        };
        close(tilt_and_azimuth([0.0, 0.0, 1.0]), (0.0, 0.0));
        close(tilt_and_azimuth([0.0, 0.0, -1.0]), (180.0, 0.0));
        close(tilt_and_azimuth([0.0, 1.0, 0.0]), (90.0, 0.0));
        close(tilt_and_azimuth([1.0, 0.0, 0.0]), (90.0, 90.0));
        close(tilt_and_azimuth([0.0, -1.0, 0.0]), (90.0, 180.0));
        close(tilt_and_azimuth([-1.0, 0.0, 0.0]), (90.0, 270.0));
        let south_35 = [0.0, -libm::sin(35f64.to_radians()), libm::cos(35f64.to_radians())];
        close(tilt_and_azimuth(south_35), (35.0, 180.0));
        assert_eq!(tilt_and_azimuth([-1e-17, 1.0, 0.0]).1, 0.0);
    }
}
