//! How cells are tilted.

use super::window::{Cells, RasterError, Window};

/// Unit normals and tilts of cells.
#[derive(Debug, Clone, PartialEq)]
pub struct CellPlanes {
    /// East component of the unit normal, which points up; NaN where a cell has no height.
    pub east: Vec<f32>,
    /// North component.
    pub north: Vec<f32>,
    /// Upward component, the cosine of the tilt.
    pub up: Vec<f32>,
}

/// How cells are taken as planes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tilt {
    /// All cells lie flat.
    Flat,
    /// As the heights around tell.
    FromHeights {
        /// A cell steeper than this, the edge of a roof more often than a slope, is held at this tilt, degrees, 0 to 90.
        steepest_degrees: f64,
    },
}

impl CellPlanes {
    /// Tilt of a cell, degrees from horizontal.
    pub fn surface_tilt(&self, cell: usize) -> f32 {
        libm::acosf(self.up[cell].clamp(-1.0, 1.0)).to_degrees()
    }

    /// Azimuth towards which a cell faces, degrees clockwise from north, 0 to 360; 180 where it lies flat.
    pub fn surface_azimuth(&self, cell: usize) -> f32 {
        let (east, north) = (self.east[cell], self.north[cell]);
        if east == 0.0 && north == 0.0 {
            return 180.0;
        }
        let azimuth = libm::atan2f(east, north).to_degrees();
        if azimuth < 0.0 { azimuth + 360.0 } else { azimuth }
    }
}

/// Finds the plane of each cell from its 3 × 3 neighbours, dz/dx = Σ w (z_east − z_west) / (8 c), weights 1, 2, 1.
///
/// Heights that are missing, beyond the raster or NaN, are mirrored at the cell, 2 z − z_opposite. Where the opposite
/// is missing as well, a neighbour is as high as the cell, and one across a corner follows from the two beside it; so a plane
/// at the border keeps its slope. The window must hold the neighbours.
///
/// Source: Horn, Hill shading and the reflectance map, Proc. IEEE 69(1), 1981, pages 14-47.
///
/// # Errors
/// A cell size or tilt out of range, or a window without all neighbours of its cells.
pub fn cell_planes(window: &Window<'_>, cells: &Cells, cell_m: f64, tilt: Tilt) -> Result<CellPlanes, RasterError> {
    if !(cell_m.is_finite() && cell_m > 0.0) {
        return Err(RasterError::Parameter { what: "cell size", value: cell_m, expected: "a finite number above 0" });
    }
    let steepest = steepest_rise(tilt)?;
    window.check(cells, 1)?;
    let n_cells = cells.len();
    let mut planes = CellPlanes {
        east: Vec::with_capacity(n_cells),
        north: Vec::with_capacity(n_cells),
        up: Vec::with_capacity(n_cells),
    };
    let inverse = 1.0 / (8.0 * cell_m);
    for row in cells.rows.clone() {
        for column in cells.columns.clone() {
            let (rise_east, rise_north) = match tilt {
                Tilt::Flat => flat(window, row, column),
                Tilt::FromHeights { .. } => rises(window, row, column, inverse),
            };
            let rise = (rise_east * rise_east + rise_north * rise_north).sqrt();
            let held = if rise > steepest { steepest / rise } else { 1.0 };
            let (rise_east, rise_north) = (rise_east * held, rise_north * held);
            let up = 1.0 / (1.0 + rise_east * rise_east + rise_north * rise_north).sqrt();
            planes.east.push((-rise_east * up) as f32);
            planes.north.push((-rise_north * up) as f32);
            planes.up.push(up as f32);
        }
    }
    Ok(planes)
}

/// Tangent of the steepest tilt.
fn steepest_rise(tilt: Tilt) -> Result<f64, RasterError> {
    let Tilt::FromHeights { steepest_degrees: value } = tilt else { return Ok(0.0) };
    if !(0.0..=90.0).contains(&value) {
        return Err(RasterError::Parameter { what: "steepest tilt", value, expected: "from 0 to 90 degrees" });
    }
    // The tangent of 90° is a great number, not infinite.
    Ok(libm::tan(value.to_radians()))
}

fn flat(window: &Window<'_>, row: usize, column: usize) -> (f64, f64) {
    // 0, or NaN where there is no height.
    let rise = f64::from(window.heights[window.index(row, column)]) * 0.0;
    (rise, rise)
}

/// Rise towards east and towards north.
fn rises(window: &Window<'_>, row: usize, column: usize, inverse: f64) -> (f64, f64) {
    let own = f64::from(window.heights[window.index(row, column)]);
    let found = |down: isize, right: isize| -> Option<f64> {
        let (row, column) = (row.checked_add_signed(down)?, column.checked_add_signed(right)?);
        if row >= window.raster_rows || column >= window.raster_columns {
            return None;
        }
        let height = window.heights[window.index(row, column)];
        (!height.is_nan()).then_some(f64::from(height))
    };
    let mirrored = |down: isize, right: isize| {
        found(down, right).or_else(|| found(-down, -right).map(|opposite| 2.0 * own - opposite))
    };
    let beside = |down: isize, right: isize| mirrored(down, right).unwrap_or(own);
    let (north, west, east, south) = (beside(-1, 0), beside(0, -1), beside(0, 1), beside(1, 0));
    let corner = |down, right, a: f64, b: f64| mirrored(down, right).unwrap_or(a + b - own);
    let (north_west, north_east) = (corner(-1, -1, north, west), corner(-1, 1, north, east));
    let (south_west, south_east) = (corner(1, -1, south, west), corner(1, 1, south, east));
    let no_height = own * 0.0;
    let rise_east = (north_east + 2.0 * east + south_east) - (north_west + 2.0 * west + south_west);
    let rise_north = (north_west + 2.0 * north + north_east) - (south_west + 2.0 * south + south_east);
    (rise_east * inverse + no_height, rise_north * inverse + no_height)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOF: Tilt = Tilt::FromHeights { steepest_degrees: 90.0 };

    /// A plane that rises by 0.5 per m to the east and by 0.25 per m to the north, in cells of 2 m.
    fn plane() -> Vec<f32> {
        (0..25).map(|cell| (cell % 5) as f32 + 0.5 * (4 - cell / 5) as f32).collect()
    }

    #[test]
    fn a_plane_is_found_in_all_cells_also_at_the_border_and_beside_a_missing_height() {
        let mut heights = plane();
        heights[12] = f32::NAN;
        let planes = cell_planes(&Window::whole(&heights, 5, 5), &Cells::all(5, 5), 2.0, ROOF).expect("valid");
        // Normal (−0.5, −0.25, 1) / √1.3125; tilt arccos(1 / √1.3125) = 29.2059°, azimuth 180 + arctan(2) = 243.4349°.
        for cell in (0..25).filter(|&cell| cell != 12) {
            assert!((planes.up[cell] - 0.872_872).abs() < 1e-6, "cell {cell}: {}", planes.up[cell]);
            assert!((planes.surface_tilt(cell) - 29.205_93).abs() < 1e-3, "cell {cell}: {}", planes.surface_tilt(cell));
            assert!((planes.surface_azimuth(cell) - 243.434_95).abs() < 1e-3, "cell {cell}");
        }
        assert!(planes.up[12].is_nan() && planes.east[12].is_nan());
    }

    #[test]
    fn weights_are_those_of_horn() {
        // Only the north-eastern neighbour is higher, by 8 m of 1 m cells: both rises are 1.
        let heights = [0.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let cells = Cells { rows: 1..2, columns: 1..2 };
        let planes = cell_planes(&Window::whole(&heights, 3, 3), &cells, 1.0, ROOF).expect("valid");
        let third = 1.0 / 3.0_f32.sqrt();
        assert!((planes.east[0] + third).abs() < 1e-6 && (planes.north[0] + third).abs() < 1e-6);
    }

    #[test]
    fn tilt_is_held_or_left_out() {
        let heights = plane();
        let window = Window::whole(&heights, 5, 5);
        let flat = cell_planes(&window, &Cells::all(5, 5), 2.0, Tilt::Flat).expect("valid");
        assert!(flat.up.iter().all(|&up| up == 1.0));
        let held = Tilt::FromHeights { steepest_degrees: 20.0 };
        let planes = cell_planes(&window, &Cells::all(5, 5), 2.0, held).expect("valid");
        assert!((planes.surface_tilt(7) - 20.0).abs() < 1e-3 && (planes.surface_azimuth(7) - 243.434_95).abs() < 1e-3);
        assert!(cell_planes(&window, &Cells::all(5, 5), f64::NAN, held).is_err());
        let wrong = Tilt::FromHeights { steepest_degrees: f64::NAN };
        assert!(cell_planes(&window, &Cells::all(5, 5), 1.0, wrong).is_err());
    }
}
