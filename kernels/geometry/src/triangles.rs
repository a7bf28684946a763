//! Polygons become triangles.

use earcut::Earcut;
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::overlay::FloatOverlay;

use crate::frame::{Frame, twice_area};
use crate::plane::Plane;
use crate::vector::{Point, cross, length, subtract};

/// Corners of a triangle, anticlockwise seen from the side to which the normal of its surface points.
pub type Triangle = [[f64; 3]; 3];

/// Outer rings with their holes, in coordinates of a plane; outer rings anticlockwise, holes clockwise.
pub type Region = Vec<Vec<Vec<[f64; 2]>>>;

/// Areas that differ by less than this share are the same.
const SAME_AREA: f64 = 1e-6;
/// Areas that differ by less than this are the same, however small they are (m²).
const SAME_AREA_M2: f64 = 1e-6;
/// Triangles of less than half of this are corners in a line but for rounding, and left out (m²).
const LEAST_TRIANGLE: f64 = 1e-8;

/// A polygon cut into triangles.
#[derive(Debug, Clone, PartialEq)]
pub struct Triangulation {
    /// The triangles, of area together `area`.
    pub triangles: Vec<Triangle>,
    /// The polygon in coordinates of its frame, self-crossings mended.
    pub region: Region,
    /// Area (m²).
    pub area: f64,
    /// Whether a ring crosses itself or another: the polygon is then all that any of its rings winds around.
    pub is_crossed: bool,
}

/// Why a polygon has no triangles.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum TriangulationError {
    /// Triangles leave out some of the polygon, or cover some of it twice.
    #[error("the triangles have {triangles} m², the polygon has {polygon} m²")]
    Area {
        /// Sum of the areas of triangles (m²).
        triangles: f64,
        /// Area of the polygon (m²).
        polygon: f64,
    },
}

/// Cuts a polygon into triangles by ear clipping, holes joined to the outer ring by bridges.
///
/// Triangles of a simple polygon have its own vertices as corners, so neighbours share edges bit by bit. Source: Held
/// (2001), "FIST: Fast industrial-strength triangulation of polygons", Algorithmica 30, as in the earcut library.
///
/// # Errors
/// The areas of the triangles do not sum to that of the polygon.
pub fn triangulate(rings: &[Vec<[f64; 3]>], plane: &Plane, frame: &Frame) -> Result<Triangulation, TriangulationError> {
    let flat = frame.flatten(rings);
    if !is_convex(&flat) {
        let mended = overlay(&vec![flat.clone()], &Region::new(), OverlayRule::Subject);
        let area = region_area(&mended);
        if !is_same(area, plane.area) {
            let triangles = region_triangles(&mended, frame)?;
            return Ok(Triangulation { triangles, region: mended, area, is_crossed: true });
        }
    }
    let corners: Vec<Point> = rings.iter().flatten().copied().collect();
    let projected: Vec<Vec<[f64; 2]>> =
        rings.iter().map(|ring| ring.iter().map(|vertex| frame.project(*vertex)).collect()).collect();
    let cut = cut(&projected, plane.area)?;
    let triangles = cut.into_iter().map(|triangle| triangle.map(|corner| corners[corner])).collect();
    Ok(Triangulation { triangles, region: vec![flat], area: plane.area, is_crossed: false })
}

/// Triangles of a region, in space.
///
/// # Errors
/// The areas of the triangles do not sum to that of the region.
pub fn region_triangles(region: &Region, frame: &Frame) -> Result<Vec<Triangle>, TriangulationError> {
    let mut triangles = Vec::new();
    for shape in region {
        let corners: Vec<[f64; 2]> = shape.iter().flatten().copied().collect();
        let cut = cut(shape, shape_area(shape))?;
        triangles.extend(cut.into_iter().map(|triangle| triangle.map(|corner| frame.lift(corners[corner]))));
    }
    Ok(triangles)
}

/// Area of a region in the units of its coordinates.
pub fn region_area(region: &Region) -> f64 {
    region.iter().map(|shape| shape_area(shape)).sum()
}

/// Area of a triangle (m²).
pub fn triangle_area([a, b, c]: &Triangle) -> f64 {
    0.5 * length(cross(subtract(*b, *a), subtract(*c, *a)))
}

/// What a rule leaves of two regions; either may be empty.
pub(crate) fn overlay(subject: &Region, clip: &Region, rule: OverlayRule) -> Region {
    FloatOverlay::<[f64; 2], i64>::from_subj_and_clip(subject, clip).overlay(rule, FillRule::NonZero)
}

pub(crate) fn shape_area(shape: &[Vec<[f64; 2]>]) -> f64 {
    let ring_area = |ring: &Vec<[f64; 2]>| 0.5 * twice_area(ring).abs();
    shape.first().map_or(0.0, ring_area) - shape.iter().skip(1).map(ring_area).sum::<f64>()
}

/// Corners of anticlockwise triangles, as numbers of the vertices of all rings in sequence.
fn cut(rings: &[Vec<[f64; 2]>], area: f64) -> Result<Vec<[usize; 3]>, TriangulationError> {
    let corners: Vec<[f64; 2]> = rings.iter().flatten().copied().collect();
    let mut starts = Vec::with_capacity(rings.len());
    let mut n_before = 0_usize;
    for ring in rings {
        starts.push(n_before);
        n_before += ring.len();
    }
    let mut indices: Vec<usize> = Vec::new();
    Earcut::new().earcut(corners.iter().copied(), starts.get(1..).unwrap_or_default(), &mut indices);
    let mut sum = 0.0;
    let mut triangles = Vec::with_capacity(indices.len() / 3);
    for triangle in indices.chunks_exact(3) {
        let twice = twice_area(&[corners[triangle[0]], corners[triangle[1]], corners[triangle[2]]]);
        sum += 0.5 * twice.abs();
        match twice {
            none if none.abs() < LEAST_TRIANGLE => {}
            anticlockwise if anticlockwise > 0.0 => triangles.push([triangle[0], triangle[1], triangle[2]]),
            _ => triangles.push([triangle[0], triangle[2], triangle[1]]),
        }
    }
    if is_same(sum, area) { Ok(triangles) } else { Err(TriangulationError::Area { triangles: sum, polygon: area }) }
}

fn is_same(area: f64, other: f64) -> bool {
    (area - other).abs() <= SAME_AREA * other.abs() + SAME_AREA_M2
}

/// Whether a polygon is a triangle, or a quadrilateral that turns left at each corner: neither can cross itself.
fn is_convex(rings: &[Vec<[f64; 2]>]) -> bool {
    let [ring] = rings else { return false };
    let n = ring.len();
    n == 3 || (n == 4 && (0..n).all(|i| twice_area(&[ring[i], ring[(i + 1) % n], ring[(i + 2) % n]]) > 0.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plane::plane;

    fn triangulated(rings: &[Vec<Point>]) -> Triangulation {
        let plane = plane(rings).unwrap();
        triangulate(rings, &plane, &Frame::of(&plane)).unwrap()
    }

    fn total(triangles: &[Triangle]) -> f64 {
        triangles.iter().map(triangle_area).sum()
    }

    #[test]
    fn a_wall_with_a_window_and_a_notch() {
        // 10 x 4 less a window of 2 x 1 less a notch of 1 x 1 at the top: 40 - 2 - 1.
        let outer = vec![
            [0., 0., 0.],
            [10., 0., 0.],
            [10., 0., 4.],
            [6., 0., 4.],
            [6., 0., 3.],
            [5., 0., 3.],
            [5., 0., 4.],
            [0., 0., 4.],
        ];
        let window = vec![[1., 0., 1.], [1., 0., 2.], [3., 0., 2.], [3., 0., 1.]];
        let found = triangulated(&[outer, window]);
        assert!((total(&found.triangles) - 37.0).abs() < 1e-12);
        assert_eq!((found.area, found.is_crossed), (37.0, false));
        for [a, b, c] in &found.triangles {
            assert!(cross(subtract(*b, *a), subtract(*c, *a))[1] < 0.0, "all face south as the wall does");
        }
    }

    #[test]
    fn a_crossed_ring_becomes_all_that_it_winds_around() {
        // Edges cross in (4/3, 8/3): a triangle of base 4 and height 8/3 runs one way, one of 10/3 m² the other.
        let bow = vec![[0., 0., 0.], [4., 0., 0.], [0., 4., 0.], [3., 6., 0.]];
        let found = triangulated(&[bow]);
        assert!(found.is_crossed);
        assert!((found.area - 26.0 / 3.0).abs() < 1e-9, "{}", found.area);
        assert!((total(&found.triangles) - found.area).abs() < 1e-9);
        // A square of 4 m without a strip of 1 m by 0.5 m, whose ring goes round a square of 2 m inside it once more.
        let flat =
            [[0., 0.], [4., 0.], [4., 4.], [0., 4.], [0., 1.], [3., 1.], [3., 3.], [1., 3.], [1., 0.5], [0., 0.5]];
        let found = triangulated(&[flat.map(|[x, y]| [x, y, 0.0]).to_vec()]);
        assert!(found.is_crossed);
        assert!((found.area - 15.5).abs() < 1e-9, "{}", found.area);
        assert!((total(&found.triangles) - found.area).abs() < 1e-9);
    }

    #[test]
    fn a_ring_that_touches_itself_is_sound() {
        // A keyhole: the hole is joined to the outer ring by an edge run both ways; 16 - 4.
        let keyhole = vec![
            [0., 0., 0.],
            [4., 0., 0.],
            [4., 4., 0.],
            [0., 4., 0.],
            [0., 0., 0.],
            [1., 1., 0.],
            [1., 3., 0.],
            [3., 3., 0.],
            [3., 1., 0.],
            [1., 1., 0.],
        ];
        let found = triangulated(&[keyhole]);
        assert!(!found.is_crossed);
        assert!((total(&found.triangles) - 12.0).abs() < 1e-12);
    }

    /// A star-shaped polygon with a star-shaped hole on a tilted plane far from the origin.
    fn star() -> impl Strategy<Value = (Vec<Vec<Point>>, f64)> {
        let radii = proptest::collection::vec(3.0..9.0_f64, 3..30);
        let hole = proptest::collection::vec(0.1..1.0_f64, 3..12);
        (radii, hole, -1.0..1.0_f64, -1.0..1.0_f64).prop_map(|(radii, hole, slope_x, slope_y)| {
            let ring = |radii: &[f64]| -> Vec<[f64; 2]> {
                let angle = |i: usize| std::f64::consts::TAU * i as f64 / radii.len() as f64;
                radii.iter().enumerate().map(|(i, r)| [r * libm::cos(angle(i)), r * libm::sin(angle(i))]).collect()
            };
            let (outer, hole) = (ring(&radii), ring(&hole));
            let lifted = |ring: &[[f64; 2]]| -> Vec<Point> {
                ring.iter().map(|[x, y]| [85_000.0 + x, 447_000.0 + y, 5.0 + slope_x * x + slope_y * y]).collect()
            };
            let steepness = (1.0 + slope_x * slope_x + slope_y * slope_y).sqrt();
            let area = 0.5 * (twice_area(&outer) - twice_area(&hole)) * steepness;
            (vec![lifted(&outer), lifted(&hole)], area)
        })
    }

    proptest! {
        #[test]
        fn triangles_sum_to_the_polygon((rings, area) in star()) {
            // A triangle of radius 3 at least holds a circle of 1.5, less where neighbours are far apart in angle.
            prop_assume!(area > 0.0 && rings[0].len() > 4);
            let found = triangulated(&rings);
            prop_assert!(!found.is_crossed);
            prop_assert!((total(&found.triangles) - area).abs() < 1e-6 * area, "{} {}", total(&found.triangles), area);
            prop_assert!((found.area - area).abs() < 1e-6 * area);
        }
    }
}
