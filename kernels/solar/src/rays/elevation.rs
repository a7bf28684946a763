//! Elevation rasters as triangles: the land and what stands on it, as it shades buildings.

use super::triangle::{NO_SURFACE, Triangle};

/// A window of an elevation raster, in metres relative to the origin of the whole problem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Elevation<'a> {
    /// Heights of cells relative to the origin, row by row from the north; NaN where there is no data.
    pub heights: &'a [f32],
    /// Number of columns.
    pub columns: usize,
    /// First row and column of the window, in cells of the raster.
    pub first_cell: [usize; 2],
    /// Easting and northing of the centre of the raster's first cell, wherever the window begins: cells then have the
    /// same coordinates to the bit in every window.
    pub corner: [f64; 2],
    /// Side of the cells.
    pub cell_m: f64,
}

impl Elevation<'_> {
    fn x(&self, column: usize) -> f64 {
        self.corner[0] + (self.first_cell[1] + column) as f64 * self.cell_m
    }

    fn y(&self, row: usize) -> f64 {
        self.corner[1] - (self.first_cell[0] + row) as f64 * self.cell_m
    }

    /// Rows and columns of the cells whose centres lie in a box, as half-open ranges.
    fn cells_within(&self, low: [f64; 2], high: [f64; 2]) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let rows = self.heights.len() / self.columns;
        let clamp = |value: f64, most: usize| (value.max(0.0) as usize).min(most);
        let first_column = clamp(((low[0] - self.x(0)) / self.cell_m).ceil(), self.columns);
        let last_column = clamp(((high[0] - self.x(0)) / self.cell_m).floor() + 1.0, self.columns);
        let first_row = clamp(((self.y(0) - high[1]) / self.cell_m).ceil(), rows);
        let last_row = clamp(((self.y(0) - low[1]) / self.cell_m).floor() + 1.0, rows);
        (first_row..last_row, first_column..last_column)
    }
}

/// Marks the cells whose centres lie within `margin_m` of the plan of any of `triangles`, corners [x, y, z] in metres
/// relative to the same origin: there the raster shows the building itself, which must not shade its own walls.
///
/// # Panics
/// `covered` does not have one entry per cell.
pub fn mark_covered(elevation: &Elevation<'_>, triangles: &[[[f64; 3]; 3]], margin_m: f64, covered: &mut [bool]) {
    assert_eq!(covered.len(), elevation.heights.len(), "one mark per cell");
    for triangle in triangles {
        let corners = triangle.map(|[x, y, _]| [x, y]);
        let low = [0, 1].map(|axis| corners.iter().map(|corner| corner[axis]).fold(f64::INFINITY, f64::min) - margin_m);
        let high =
            [0, 1].map(|axis| corners.iter().map(|corner| corner[axis]).fold(f64::NEG_INFINITY, f64::max) + margin_m);
        let (rows, columns) = elevation.cells_within(low, high);
        for row in rows {
            for column in columns.clone() {
                let centre = [elevation.x(column), elevation.y(row)];
                if distance_to_triangle(centre, &corners) <= margin_m {
                    covered[row * elevation.columns + column] = true;
                }
            }
        }
    }
}

/// Adds two triangles for every four neighbouring cells, cut from north-west to south-east; those with a covered
/// corner or one without data are left out.
///
/// # Panics
/// `covered` does not have one entry per cell.
pub fn triangles_of(elevation: &Elevation<'_>, covered: &[bool], into: &mut Vec<Triangle>) {
    assert_eq!(covered.len(), elevation.heights.len(), "one mark per cell");
    let rows = elevation.heights.len() / elevation.columns;
    let is_there = |cell: usize| !covered[cell] && elevation.heights[cell].is_finite();
    for row in 1..rows {
        for column in 1..elevation.columns {
            let south_east = row * elevation.columns + column;
            let cells =
                [south_east - elevation.columns - 1, south_east - elevation.columns, south_east - 1, south_east];
            let corner = |index: usize| {
                let (down, right) = (index / 2, index % 2);
                [
                    elevation.x(column + right - 1) as f32,
                    elevation.y(row + down - 1) as f32,
                    elevation.heights[cells[index]],
                ]
            };
            for half in [[0, 2, 3], [0, 3, 1]] {
                if half.iter().all(|&index| is_there(cells[index])) {
                    into.push(Triangle { corners: half.map(corner), surface: NO_SURFACE });
                }
            }
        }
    }
}

/// Distance of a point from a triangle in the plane; 0 inside. A triangle seen edge-on is its longest edge.
fn distance_to_triangle(point: [f64; 2], corners: &[[f64; 2]; 3]) -> f64 {
    let mut nearest = f64::INFINITY;
    let (mut left, mut right) = (false, false);
    for edge in 0..3 {
        let (from, to) = (corners[edge], corners[(edge + 1) % 3]);
        let along = [to[0] - from[0], to[1] - from[1]];
        let offset = [point[0] - from[0], point[1] - from[1]];
        let side = along[0] * offset[1] - along[1] * offset[0];
        left |= side >= 0.0;
        right |= side <= 0.0;
        let length = along[0] * along[0] + along[1] * along[1];
        let share =
            if length > 0.0 { ((along[0] * offset[0] + along[1] * offset[1]) / length).clamp(0.0, 1.0) } else { 0.0 };
        let gap = [offset[0] - share * along[0], offset[1] - share * along[1]];
        nearest = nearest.min((gap[0] * gap[0] + gap[1] * gap[1]).sqrt());
    }
    let has_area = {
        let [a, b, c] = corners;
        (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) != 0.0
    };
    // On one side of all three edges, whichever way round they run.
    if has_area && left != right { 0.0 } else { nearest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(rows: usize, columns: usize) -> Vec<f32> {
        vec![1.0; rows * columns]
    }

    fn over(heights: &[f32], columns: usize) -> Elevation<'_> {
        Elevation { heights, columns, first_cell: [2, 3], corner: [-2.5, 11.5], cell_m: 1.0 }
    }

    #[test]
    fn four_cells_give_two_triangles_that_face_up() {
        let heights = [1.0, 2.0, 3.0, 4.0];
        let mut triangles = Vec::new();
        triangles_of(&over(&heights, 2), &[false; 4], &mut triangles);
        let corners: Vec<_> = triangles.iter().map(|triangle| triangle.corners).collect();
        let (nw, ne, sw, se) = ([0.5, 9.5, 1.0], [1.5, 9.5, 2.0], [0.5, 8.5, 3.0], [1.5, 8.5, 4.0]);
        assert_eq!(corners, [[nw, sw, se], [nw, se, ne]]);
        for [a, b, c] in corners {
            assert!((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0.0);
        }
    }

    #[test]
    fn cells_without_data_or_below_buildings_have_no_triangles() {
        let mut heights = level(3, 3);
        heights[0] = f32::NAN;
        let mut triangles = Vec::new();
        triangles_of(&over(&heights, 3), &[false; 9], &mut triangles);
        // Both halves of the north-western quad need its north-western corner.
        assert_eq!(triangles.len(), 6);
        let mut covered = vec![false; 9];
        covered[4] = true;
        triangles.clear();
        triangles_of(&over(&level(3, 3), 3), &covered, &mut triangles);
        // The middle cell is a corner of both halves of two quads and of one half of the other two.
        assert_eq!(triangles.len(), 2);
    }

    #[test]
    fn a_building_covers_the_cells_within_its_margin() {
        let heights = level(10, 10);
        let elevation = over(&heights, 10);
        // Four centres lie in the square; the ring around it is half a metre off, its corners 0.71 m.
        let square = [[3.0, 3.0, 0.0], [5.0, 3.0, 0.0], [5.0, 5.0, 0.0], [3.0, 5.0, 0.0]];
        let triangles = [[square[0], square[1], square[2]], [square[0], square[2], square[3]]];
        let count = |margin_m: f64| {
            let mut covered = vec![false; 100];
            mark_covered(&elevation, &triangles, margin_m, &mut covered);
            covered.iter().filter(|covered| **covered).count()
        };
        assert_eq!(count(0.0), 4);
        assert_eq!(count(0.5), 12);
        assert_eq!(count(0.75), 16);
        // A wall seen from above is a line.
        let wall = [[[3.0, 3.0, 0.0], [5.0, 3.0, 0.0], [5.0, 3.0, 9.0]]];
        let mut covered = vec![false; 100];
        mark_covered(&elevation, &wall, 0.5, &mut covered);
        assert_eq!(covered.iter().filter(|covered| **covered).count(), 4);
    }

    #[test]
    fn what_lies_outside_covers_nothing() {
        let heights = level(4, 4);
        let mut covered = vec![false; 16];
        let far = [[[500.0, 500.0, 0.0], [501.0, 500.0, 0.0], [500.0, 501.0, 0.0]]];
        mark_covered(&over(&heights, 4), &far, 2.0, &mut covered);
        assert!(!covered.contains(&true));
    }
}
