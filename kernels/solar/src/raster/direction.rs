//! The lines of a direction: which cells lie on one, and where heights between the cells are taken.

/// Most azimuths.
pub(super) const MAX_DIRECTIONS: usize = 3600;

/// Along which axis of the raster a line makes its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    /// A step is a row, and lines shift across columns.
    Rows,
    /// A step is a column, and lines shift across rows.
    Columns,
}

/// Lines of one azimuth below 180° and of the one opposite.
///
/// A line passes step n at `line + slope * n` across; the cell nearest to it there, `line + shift(n)`, is the one that
/// lies on the line. All follows from indices of the whole raster.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lines {
    /// Axis along which steps are made.
    pub axis: Axis,
    /// Index of the azimuth in which steps fall.
    pub lower: usize,
    /// Index of the azimuth in which steps rise.
    pub higher: usize,
    /// Change across per step, −1 to 1.
    slope: f64,
    /// Length of a step, m.
    pub step_m: f64,
}

/// The height of a line at one step: the highest of three, each between the cell nearest to the line and one more.
///
/// A line crosses the edges of a triangulated raster three times: along the step, across, and on the diagonal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LineStep {
    /// Cells across by which the line has moved from step 0.
    pub shift: i64,
    /// Steps and cells across to the other cell of each, and its weight.
    pub others: [(i64, i64, f32); 3],
}

/// A height near a cell on its exact line, between two cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct NearSample {
    /// Steps and cells across to the first cell.
    pub first: (i64, i64),
    /// Steps and cells across to the second cell.
    pub second: (i64, i64),
    /// Weight of the second.
    pub weight: f32,
    /// 1 / distance, 1/m.
    pub inverse_distance: f32,
}

impl Lines {
    /// Lines of direction `pair` of `directions`, `pair` in the first half.
    pub(super) fn new(pair: usize, directions: usize, cell_m: f64) -> Self {
        let azimuth = 2.0 * core::f64::consts::PI * pair as f64 / directions as f64;
        let (east, south) = (libm::sin(azimuth), -libm::cos(azimuth));
        let opposite = pair + directions / 2;
        // Ties go to columns whatever the rounding of sine and cosine.
        let (axis, along, across) =
            if east.abs() >= south.abs() - 1e-12 { (Axis::Columns, east, south) } else { (Axis::Rows, south, east) };
        let (lower, higher) = if along > 0.0 { (opposite, pair) } else { (pair, opposite) };
        let slope = snapped(across / along);
        Self { axis, lower, higher, slope, step_m: cell_m * (1.0 + slope * slope).sqrt() }
    }

    /// Cells across by which the line has moved at step `n` of the raster.
    pub(super) fn shift(&self, n: usize) -> i64 {
        (self.slope * n as f64 + 0.5).floor() as i64
    }

    /// Where the line's height at step `n` of the raster comes from.
    pub(super) fn step(&self, n: usize) -> LineStep {
        let shift = self.shift(n);
        let offset = self.slope * n as f64 - shift as f64;
        let side = if offset < 0.0 { -1 } else { 1 };
        // A line that crosses no other edge near this step has the first height thrice.
        let mut others = [(0, side, offset.abs() as f32); 3];
        // Steps from n to where the line crosses the row or column of the cell nearest to it, and to its diagonal.
        for (other, speed, diagonal) in [(1, self.slope, 0), (2, 1.0 + self.slope, 1)] {
            let ahead = -offset;
            if speed.abs() < 1e-9 || ahead.abs() > 0.5 * speed.abs() {
                continue;
            }
            let steps = ahead / speed;
            let way = if steps < 0.0 { -1 } else { 1 };
            others[other] = (way, -way * diagonal, steps.abs() as f32);
        }
        LineStep { shift, others }
    }

    /// Heights up to `steps` and a half away from a cell towards higher steps; lower ones are their mirror image.
    pub(super) fn near(&self, steps: usize) -> Vec<NearSample> {
        let limit = steps as f64 + 0.5;
        let mut samples = Vec::new();
        for (speed, family) in [(1.0, 0), (self.slope, 1), (1.0 + self.slope, 2)] {
            if speed.abs() < 1e-9 {
                continue;
            }
            for crossing in 1.. {
                let at = f64::from(crossing) / speed.abs();
                if at > limit {
                    break;
                }
                samples.push(self.near_sample(family, at, f64::from(crossing) * speed.signum()));
            }
        }
        samples
    }

    /// The sample `at` steps ahead, where the coordinate of its family has moved by `moved` whole cells.
    fn near_sample(&self, family: usize, at: f64, moved: f64) -> NearSample {
        let inverse_distance = (1.0 / (at * self.step_m)) as f32;
        let whole = moved as i64;
        let (first, second, weight) = match family {
            0 => {
                let across = self.slope * at;
                let low = across.floor();
                ((whole, low as i64), (whole, low as i64 + 1), across - low)
            }
            1 => {
                let low = at.floor();
                ((low as i64, whole), (low as i64 + 1, whole), at - low)
            }
            _ => {
                let low = at.floor();
                ((low as i64, whole - low as i64), (low as i64 + 1, whole - low as i64 - 1), at - low)
            }
        };
        NearSample { first, second, weight: weight as f32, inverse_distance }
    }
}

/// Whole slopes are exact, so that lines along rows, columns and diagonals pass through centres of cells.
fn snapped(slope: f64) -> f64 {
    let whole = (slope + 0.5).floor();
    if (slope - whole).abs() < 1e-12 { whole } else { slope }
}
