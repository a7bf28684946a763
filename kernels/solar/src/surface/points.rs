//! Sample points of a planar surface: a regular grid clipped to its polygon.

use thiserror::Error;

use super::plane::dot;

/// Points that stand for a surface.
#[derive(Debug, Clone, PartialEq)]
pub struct SamplePoints {
    /// Coordinates (m), off the surface along its normal; neighbours follow each other.
    pub points: Vec<[f64; 3]>,
    /// Area that each stands for (m²); they sum to the surface's area.
    pub areas: Vec<f64>,
}

/// Why a surface has no points.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum PointsError {
    /// No triangle has an area.
    #[error("an area of {area} m² holds no point")]
    NoArea {
        /// Sum over the triangles.
        area: f64,
    },
    /// The spacing is not above 0.
    #[error("a spacing of {spacing} m is not above 0")]
    Spacing {
        /// The spacing (m).
        spacing: f64,
    },
    /// More points than [`SamplePoints::MOST`].
    #[error("a grid of {n_cells} cells is more than {}", SamplePoints::MOST)]
    TooMany {
        /// Cells of the grid around the surface.
        n_cells: f64,
    },
}

impl SamplePoints {
    /// Most cells of a surface's grid.
    pub const MOST: usize = 1 << 22;
}

/// Cells along each side of the blocks in which points follow each other.
const BLOCK: usize = 4;

/// Places this share of a triangle beyond its edge are still in it.
const EDGE: f64 = 1e-9;

/// Cells with less than this share of a cell's area give it to their neighbour.
const SLIVER: f64 = 0.1;

/// Points of the surface of `triangles` (which do not overlap) with unit mean `normal`, about `spacing` (m) apart and
/// `offset` (m) off `ground` along the normal.
///
/// `ground` is the surface as it stands in the scene; `triangles` may be a part of it, and flat. Surfaces of city models
/// are centimetres off their plane, so that points in one plane lay below some of them: each is raised to the highest
/// triangle of the ground at its place.
///
/// The grid has level rows, and whole cells over the surface's extent both ways, so that a rectangle is sampled evenly.
/// A point stands in the middle of the largest piece of the surface in its cell. Slivers of cells have no point; the
/// neighbour before them takes their area.
///
/// # Errors
/// No area, a coordinate that is no number, a spacing ≤ 0, too many cells.
pub fn sample_points(
    triangles: &[[[f64; 3]; 3]],
    ground: &[[[f64; 3]; 3]],
    normal: [f64; 3],
    spacing: f64,
    offset: f64,
) -> Result<SamplePoints, PointsError> {
    if !(spacing > 0.0 && spacing.is_finite()) {
        return Err(PointsError::Spacing { spacing });
    }
    let frame = Frame::of(triangles, normal);
    let flat: Vec<_> = triangles.iter().map(|corners| corners.map(|corner| frame.flatten(corner))).collect();
    let area: f64 = flat.iter().map(|corners| polygon_area(corners)).sum();
    if !(area > 0.0 && area.is_finite()) {
        return Err(PointsError::NoArea { area });
    }
    let grid = Grid::around(&flat, spacing)?;
    let cells = without_slivers(grid.cells(&flat), grid.sizes[0] * grid.sizes[1]);
    let ground: Vec<_> = ground.iter().map(|corners| Facet::of(corners, &frame)).collect();
    let heights = grid.heights(&cells, &ground);
    Ok(SamplePoints {
        points: cells.iter().zip(heights).map(|(cell, height)| frame.raise(cell.place, height + offset)).collect(),
        areas: cells.iter().map(|cell| cell.area).collect(),
    })
}

/// Axes in the plane of a surface: level, up the slope, along the normal.
struct Frame {
    origin: [f64; 3],
    axes: [[f64; 3]; 3],
}

impl Frame {
    fn of(triangles: &[[[f64; 3]; 3]], normal: [f64; 3]) -> Self {
        let length = (normal[0] * normal[0] + normal[1] * normal[1]).sqrt();
        let level = if length > 1e-9 { [-normal[1] / length, normal[0] / length, 0.0] } else { [1.0, 0.0, 0.0] };
        let [a, b, c] = normal;
        let up = [b * level[2] - c * level[1], c * level[0] - a * level[2], a * level[1] - b * level[0]];
        Frame { origin: triangles.first().map_or([0.0; 3], |corners| corners[0]), axes: [level, up, normal] }
    }

    fn flatten(&self, point: [f64; 3]) -> [f64; 2] {
        let from = [0, 1, 2].map(|axis| point[axis] - self.origin[axis]);
        [dot(from, self.axes[0]), dot(from, self.axes[1])]
    }

    fn height(&self, point: [f64; 3]) -> f64 {
        dot([0, 1, 2].map(|axis| point[axis] - self.origin[axis]), self.axes[2])
    }

    fn raise(&self, place: [f64; 2], height: f64) -> [f64; 3] {
        [0, 1, 2].map(|axis| {
            self.origin[axis]
                + place[0] * self.axes[0][axis]
                + place[1] * self.axes[1][axis]
                + height * self.axes[2][axis]
        })
    }
}

/// A triangle in the axes of a frame.
struct Facet {
    flat: [[f64; 2]; 3],
    heights: [f64; 3],
}

impl Facet {
    fn of(corners: &[[f64; 3]; 3], frame: &Frame) -> Self {
        Facet { flat: corners.map(|corner| frame.flatten(corner)), heights: corners.map(|corner| frame.height(corner)) }
    }

    /// How far inside a place is (its least barycentric coordinate, below 0 outside) and the height there; of places
    /// outside, that of a point on the rim. None of a triangle seen from its side.
    fn at(&self, place: [f64; 2]) -> Option<(f64, f64)> {
        let cross =
            |a: [f64; 2], b: [f64; 2], c: [f64; 2]| (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        let [a, b, c] = self.flat;
        let all = cross(a, b, c);
        let weights = [cross(b, c, place), cross(c, a, place), cross(a, b, place)].map(|part| part / all);
        let inside = weights.iter().copied().fold(f64::INFINITY, f64::min);
        let clamped = weights.map(|weight| weight.max(0.0));
        let sum: f64 = clamped.iter().sum();
        let height = dot(clamped, self.heights) / sum;
        (all != 0.0 && inside.is_finite() && height.is_finite()).then_some((inside, height))
    }
}

/// A piece of a surface that a point stands for.
#[derive(Clone, Copy)]
struct Cell {
    row: usize,
    column: usize,
    area: f64,
    /// Area and middle of its largest piece.
    largest: f64,
    place: [f64; 2],
}

/// Equal cells over the extent of a surface.
struct Grid {
    low: [f64; 2],
    sizes: [f64; 2],
    counts: [usize; 2],
}

impl Grid {
    fn around(flat: &[[[f64; 2]; 3]], spacing: f64) -> Result<Self, PointsError> {
        let mut low = [f64::INFINITY; 2];
        let mut high = [f64::NEG_INFINITY; 2];
        for corner in flat.iter().flatten() {
            for axis in 0..2 {
                low[axis] = low[axis].min(corner[axis]);
                high[axis] = high[axis].max(corner[axis]);
            }
        }
        let extents = [high[0] - low[0], high[1] - low[1]];
        let counts = extents.map(|extent| libm::round(extent / spacing).max(1.0));
        let n_cells = counts[0] * counts[1];
        if n_cells > SamplePoints::MOST as f64 {
            return Err(PointsError::TooMany { n_cells });
        }
        let sizes = [extents[0] / counts[0], extents[1] / counts[1]];
        Ok(Grid { low, sizes, counts: counts.map(|count| count as usize) })
    }

    /// All cells that hold a piece of the surface, in blocks of neighbours.
    fn cells(&self, flat: &[[[f64; 2]; 3]]) -> Vec<Cell> {
        let mut cells: Vec<Option<Cell>> = vec![None; self.counts[0] * self.counts[1]];
        for triangle in flat {
            let [columns, rows] = [0, 1].map(|axis| self.span(triangle, axis));
            for row in rows {
                for column in columns.clone() {
                    let piece = self.piece(triangle, row, column);
                    let area = polygon_area(&piece);
                    if area <= 0.0 {
                        continue;
                    }
                    let cell = cells[row * self.counts[0] + column].get_or_insert(Cell {
                        row,
                        column,
                        area: 0.0,
                        largest: 0.0,
                        place: [0.0; 2],
                    });
                    cell.area += area;
                    if area > cell.largest {
                        (cell.largest, cell.place) = (area, middle(&piece));
                    }
                }
            }
        }
        let mut cells: Vec<_> = cells.into_iter().flatten().collect();
        cells.sort_by_key(|cell| (cell.row / BLOCK, cell.column / BLOCK, cell.row, cell.column));
        cells
    }

    /// Height of the ground at the place of each cell: of the highest facet there, else of the one that is nearest to
    /// holding it; 0, the plane, where no facet is near.
    fn heights(&self, cells: &[Cell], ground: &[Facet]) -> Vec<f64> {
        let mut numbers = vec![None; self.counts[0] * self.counts[1]];
        for (number, cell) in cells.iter().enumerate() {
            numbers[cell.row * self.counts[0] + cell.column] = Some(number);
        }
        let mut found = vec![(f64::NEG_INFINITY, 0.0); cells.len()];
        for facet in ground {
            let [columns, rows] = [0, 1].map(|axis| self.span(&facet.flat, axis));
            for row in rows {
                for number in columns.clone().filter_map(|column| numbers[row * self.counts[0] + column]) {
                    let Some((inside, height)) = facet.at(cells[number].place) else { continue };
                    // Places on an edge are inside both its facets.
                    let here = (inside.min(-EDGE), height);
                    if here.0 > found[number].0 || (here.0 == found[number].0 && here.1 > found[number].1) {
                        found[number] = here;
                    }
                }
            }
        }
        found.into_iter().map(|(_, height)| height).collect()
    }

    /// Cells along an axis that a triangle may touch.
    fn span(&self, triangle: &[[f64; 2]; 3], axis: usize) -> std::ops::Range<usize> {
        let at = |corner: &[f64; 2]| (corner[axis] - self.low[axis]) / self.sizes[axis];
        let first = triangle.iter().map(at).fold(f64::INFINITY, f64::min);
        let last = triangle.iter().map(at).fold(0.0, f64::max);
        let end = (libm::floor(last).max(0.0) as usize + 1).min(self.counts[axis]);
        (libm::floor(first).max(0.0) as usize).min(end - 1)..end
    }

    /// The part of a triangle in a cell (Sutherland and Hodgman, Communications of the ACM 17(1), 1974).
    fn piece(&self, triangle: &[[f64; 2]; 3], row: usize, column: usize) -> Vec<[f64; 2]> {
        let mut piece = triangle.to_vec();
        for (axis, index) in [(0, column), (1, row)] {
            let low = self.low[axis] + index as f64 * self.sizes[axis];
            // The last cell ends where the surface does, whatever the rounding of its size.
            let high = if index + 1 == self.counts[axis] {
                f64::INFINITY
            } else {
                self.low[axis] + (index + 1) as f64 * self.sizes[axis]
            };
            piece = kept(&piece, axis, |at| at - low);
            if high.is_finite() {
                piece = kept(&piece, axis, |at| high - at);
            }
        }
        piece
    }
}

/// The part of a polygon where `inside` ≥ 0 of a coordinate.
fn kept(polygon: &[[f64; 2]], axis: usize, inside: impl Fn(f64) -> f64) -> Vec<[f64; 2]> {
    let mut kept = Vec::with_capacity(polygon.len() + 1);
    for (index, &to) in polygon.iter().enumerate() {
        let from = polygon[(index + polygon.len() - 1) % polygon.len()];
        let (before, after) = (inside(from[axis]), inside(to[axis]));
        if (before < 0.0) != (after < 0.0) {
            let share = before / (before - after);
            kept.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
        }
        if after >= 0.0 {
            kept.push(to);
        }
    }
    kept
}

/// Area of a polygon, of either turn.
fn polygon_area(polygon: &[[f64; 2]]) -> f64 {
    let mut twice = 0.0;
    for index in 1..polygon.len().max(2) - 1 {
        let [a, b, c] = [polygon[0], polygon[index], polygon[index + 1]];
        twice += (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    }
    twice.abs() / 2.0
}

/// Mean of the corners, inside any convex polygon.
fn middle(polygon: &[[f64; 2]]) -> [f64; 2] {
    let sum = polygon.iter().fold([0.0; 2], |sum, corner| [sum[0] + corner[0], sum[1] + corner[1]]);
    sum.map(|coordinate| coordinate / polygon.len() as f64)
}

/// Cells worth a point; the others' area goes to the one before them, or to the first.
fn without_slivers(cells: Vec<Cell>, cell_area: f64) -> Vec<Cell> {
    let largest = cells.iter().map(|cell| cell.area).fold(0.0, f64::max);
    let least = largest.min(SLIVER * cell_area);
    let mut kept: Vec<Cell> = Vec::with_capacity(cells.len());
    let mut before_first = 0.0;
    for cell in cells {
        match kept.last_mut() {
            _ if cell.area >= least => kept.push(Cell { area: cell.area + std::mem::take(&mut before_first), ..cell }),
            Some(last) => last.area += cell.area,
            None => before_first += cell.area,
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UP: [f64; 3] = [0.0, 0.0, 1.0];

    fn rectangle(width: f64, height: f64) -> Vec<[[f64; 3]; 3]> {
        let [a, b, c, d] = [[0.0, 0.0, 5.0], [width, 0.0, 5.0], [width, height, 5.0], [0.0, height, 5.0]];
        vec![[a, b, c], [a, c, d]]
    }

    fn on_own_ground(
        triangles: &[[[f64; 3]; 3]],
        normal: [f64; 3],
        spacing: f64,
        offset: f64,
    ) -> Result<SamplePoints, PointsError> {
        sample_points(triangles, triangles, normal, spacing, offset)
    }

    #[test]
    fn points_of_a_flat_part_stand_on_the_warped_ground() {
        // A roof of two triangles, one corner 0.4 m up; the part is its half, flat and below the ground.
        let [a, b, c, d] = [[0.0, 0.0, 0.0], [10.0, 0.0, 0.0], [10.0, 10.0, 0.4], [0.0, 10.0, 0.0]];
        let part = [[[0.0; 3], [10.0, 0.0, 0.0], [10.0, 5.0, 0.0]], [[0.0; 3], [10.0, 5.0, 0.0], [0.0, 5.0, 0.0]]];
        let sampled = sample_points(&part, &[[a, b, c], [a, c, d]], UP, 1.0, 0.02).unwrap();
        assert!((sampled.areas.iter().sum::<f64>() - 50.0).abs() < 1e-9);
        for [x, y, z] in sampled.points {
            // Both halves of the ground rise by 0.04 m for each metre off their level side.
            assert!((z - 0.02 - 0.04 * x.min(y)).abs() < 1e-12, "{x} {y} {z}");
        }
        let none = sample_points(&part, &[], UP, 1.0, 0.02).unwrap();
        assert!(none.points.iter().all(|point| (point[2] - 0.02).abs() < 1e-12));
    }

    #[test]
    fn a_rectangle_is_sampled_evenly() {
        let sampled = on_own_ground(&rectangle(4.0, 3.0), UP, 1.0, 0.02).unwrap();
        assert_eq!(sampled.points.len(), 12);
        assert!(sampled.areas.iter().all(|area| (area - 1.0).abs() < 1e-12), "{:?}", sampled.areas);
        assert!(sampled.points.iter().all(|point| (point[2] - 5.02).abs() < 1e-12));
    }

    #[test]
    fn a_wall_has_points_before_it() {
        // Faces south; 6 m by 4 m.
        let [a, b, c, d] = [[0.0, 2.0, 0.0], [6.0, 2.0, 0.0], [6.0, 2.0, 4.0], [0.0, 2.0, 4.0]];
        let sampled = on_own_ground(&[[a, b, c], [a, c, d]], [0.0, -1.0, 0.0], 2.0, 0.02).unwrap();
        assert_eq!(sampled.points.len(), 6);
        for [x, y, z] in sampled.points {
            assert!((y - 1.98).abs() < 1e-12 && x > 0.0 && x < 6.0 && z > 0.0 && z < 4.0);
        }
    }

    #[test]
    fn a_surface_smaller_than_the_spacing_has_one_point() {
        let sampled = on_own_ground(&rectangle(0.3, 0.1), UP, 2.0, 0.0).unwrap();
        assert_eq!(sampled.points.len(), 1);
        assert!((sampled.areas[0] - 0.03).abs() < 1e-15);
    }

    #[test]
    fn surfaces_without_area_and_grids_without_end_are_told() {
        let error = |triangles: &[[[f64; 3]; 3]], spacing| on_own_ground(triangles, UP, spacing, 0.0).unwrap_err();
        assert!(matches!(error(&[], 1.0), PointsError::NoArea { .. }));
        assert!(matches!(error(&[[[1.0; 3]; 3]], 1.0), PointsError::NoArea { .. }));
        assert!(matches!(error(&[[[f64::NAN; 3]; 3]], 1.0), PointsError::NoArea { .. }));
        assert!(matches!(error(&rectangle(1e6, 1e6), 1e-3), PointsError::TooMany { .. }));
        assert!(matches!(error(&rectangle(1.0, 1.0), 0.0), PointsError::Spacing { .. }));
        assert!(matches!(error(&rectangle(1.0, 1.0), f64::NAN), PointsError::Spacing { .. }));
    }

    proptest! {
        #[test]
        fn areas_sum_to_that_of_the_triangle_and_points_stand_over_it(
            corners in prop::array::uniform3(prop::array::uniform2(-20.0_f64..20.0)),
            spacing in 0.4_f64..9.0,
        ) {
            let [a, b, c] = corners;
            let cross = |p: [f64; 2], q: [f64; 2], r: [f64; 2]| (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
            let exact = cross(a, b, c).abs() / 2.0;
            prop_assume!(exact > 1e-3);
            let sampled = on_own_ground(&[corners.map(|[x, y]| [x, y, 0.0])], UP, spacing, 0.02).unwrap();
            let area: f64 = sampled.areas.iter().sum();
            prop_assert!((area / exact - 1.0).abs() < 1e-9, "{area} instead of {exact}");
            for point in &sampled.points {
                let p = [point[0], point[1]];
                let sides = [cross(a, b, p), cross(b, c, p), cross(c, a, p)];
                let inside = sides.iter().all(|&side| side > -1e-6) || sides.iter().all(|&side| side < 1e-6);
                prop_assert!(inside, "{point:?} outside {corners:?}");
            }
        }
    }
}
