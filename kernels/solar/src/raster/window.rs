//! What part of a raster is at hand, and what is asked for.

use std::ops::Range;

use thiserror::Error;

use super::direction::MAX_DIRECTIONS;

/// Highest absolute height that is taken, m: far above any ground, and low enough that no slope overflows.
pub(super) const MAX_HEIGHT_M: f32 = 100_000.0;

/// Most steps next to a cell that may be sampled for it alone.
pub(super) const MAX_EXACT_STEPS: usize = 64;

/// Segments shorter than this would spend more on warming up than on cells.
const MIN_SEGMENT_STEPS: usize = 64;

/// How horizons are found.
#[derive(Debug, Clone, PartialEq)]
pub struct HorizonParameters {
    /// Side of a cell, m, > 0.
    pub cell_m: f64,
    /// Number of azimuths, even, 2 to 3600; direction d looks to 360° d / N, clockwise from north.
    pub directions: usize,
    /// Obstacles nearer than this are always seen, those beyond perhaps, m, > 0; none: as far as the raster goes.
    pub reach_m: Option<f64>,
    /// Within so many steps (rows or columns) obstacles are looked up along the exact line of each cell, 1 to 64; beyond,
    /// along the line that all cells near it share.
    pub exact_steps: usize,
}

/// Heights of a rectangle of a raster.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    /// Heights, m, row by row from north to south, each from west to east; NaN where there is none.
    pub heights: &'a [f32],
    /// Row of the raster that the first row of the window is.
    pub first_row: usize,
    /// Column of the raster that the first column of the window is.
    pub first_column: usize,
    /// Rows of the window.
    pub rows: usize,
    /// Columns of the window.
    pub columns: usize,
    /// Rows of the whole raster.
    pub raster_rows: usize,
    /// Columns of the whole raster.
    pub raster_columns: usize,
}

/// A rectangle of cells, by rows and columns of the whole raster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    /// Rows.
    pub rows: Range<usize>,
    /// Columns.
    pub columns: Range<usize>,
}

/// Why a raster cannot be computed.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum RasterError {
    /// A parameter is out of its range.
    #[error("{what} is {value}, but must be {expected}")]
    Parameter {
        /// Name of the parameter.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// An array has another length than its rows and columns say.
    #[error("{what} has {found} values where {expected} are needed")]
    Length {
        /// Which array.
        what: &'static str,
        /// Values that it has.
        found: usize,
        /// Values that it must have.
        expected: usize,
    },
    /// A height that no ground has.
    #[error("height of row {row}, column {column} is {value} m, but must lie within ±100 km or be NaN")]
    Height {
        /// Row in the raster.
        row: usize,
        /// Column in the raster.
        column: usize,
        /// The height.
        value: f32,
    },
    /// A sample of the sun that cannot be.
    #[error("sun sample {index} has {value}, but must have {expected}")]
    Sun {
        /// Its index.
        index: usize,
        /// Its value.
        value: f32,
        /// What it may be.
        expected: &'static str,
    },
    /// The window leaves the raster, or cells see beyond the window.
    #[error("{what} {start}..{end} must lie within {needed_start}..{needed_end}")]
    Extent {
        /// Rows or columns of what.
        what: &'static str,
        /// First row or column.
        start: usize,
        /// One past the last.
        end: usize,
        /// First row or column that is allowed.
        needed_start: usize,
        /// One past the last that is allowed.
        needed_end: usize,
    },
}

impl Default for HorizonParameters {
    fn default() -> Self {
        Self { cell_m: 1.0, directions: 36, reach_m: None, exact_steps: 4 }
    }
}

impl HorizonParameters {
    /// Checks every value.
    ///
    /// # Errors
    /// The first parameter that is out of its range.
    pub fn check(&self) -> Result<(), RasterError> {
        let above_0 = |what, value: f64| {
            let fits = value.is_finite() && value > 0.0;
            if fits { Ok(()) } else { Err(RasterError::Parameter { what, value, expected: "a finite number above 0" }) }
        };
        above_0("cell size", self.cell_m)?;
        self.reach_m.map_or(Ok(()), |reach_m| above_0("reach", reach_m))?;
        if self.directions < 2 || self.directions > MAX_DIRECTIONS || !self.directions.is_multiple_of(2) {
            let (value, expected) = (self.directions as f64, "even and from 2 to 3600");
            return Err(RasterError::Parameter { what: "number of directions", value, expected });
        }
        if !(1..=MAX_EXACT_STEPS).contains(&self.exact_steps) {
            let (value, expected) = (self.exact_steps as f64, "from 1 to 64");
            return Err(RasterError::Parameter { what: "number of exact steps", value, expected });
        }
        Ok(())
    }

    /// Steps that cover the reach in any direction; none: no limit.
    pub(super) fn reach_steps(&self) -> Option<usize> {
        // A float beyond what usize holds becomes its greatest value, and a step is never shorter than a cell.
        let steps = |reach_m: f64| (reach_m / self.cell_m).ceil() as usize;
        self.reach_m.map(|reach_m| steps(reach_m).max(self.exact_steps + 1))
    }

    /// Steps of the raster after which hulls start anew; none: never.
    pub(super) fn segment_steps(&self) -> Option<usize> {
        self.reach_steps().map(|reach| reach.max(MIN_SEGMENT_STEPS))
    }
}

/// How many cells around those asked for a window must hold, where the raster has them; `usize::MAX`: all of the raster.
///
/// It is reach and a segment, about twice the reach, because hulls start anew at fixed places of the raster.
pub fn halo_cells(parameters: &HorizonParameters) -> usize {
    // One more for heights between the cells, one more for the neighbour of that.
    const NEIGHBOURS: usize = 2;
    match (parameters.reach_steps(), parameters.segment_steps()) {
        (Some(reach), Some(segment)) => reach.saturating_add(segment).saturating_add(NEIGHBOURS),
        _ => usize::MAX,
    }
}

impl Cells {
    /// All cells of a raster.
    pub fn all(rows: usize, columns: usize) -> Self {
        Self { rows: 0..rows, columns: 0..columns }
    }

    /// Number of cells; results are in this order: row by row.
    pub fn len(&self) -> usize {
        self.rows.len() * self.columns.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() || self.columns.is_empty()
    }
}

impl<'a> Window<'a> {
    /// A window that is the whole raster.
    pub fn whole(heights: &'a [f32], rows: usize, columns: usize) -> Self {
        Self { heights, first_row: 0, first_column: 0, rows, columns, raster_rows: rows, raster_columns: columns }
    }

    /// Checks that the window lies within the raster, holds finite heights or NaN, and reaches `halo` around `cells`.
    pub(super) fn check(&self, cells: &Cells, halo: usize) -> Result<(), RasterError> {
        let expected = self.rows.saturating_mul(self.columns);
        if self.heights.len() != expected {
            return Err(RasterError::Length { what: "window", found: self.heights.len(), expected });
        }
        let (rows, columns) = (self.row_range(), self.column_range());
        within("rows of the window", &rows, &(0..self.raster_rows))?;
        within("columns of the window", &columns, &(0..self.raster_columns))?;
        within("rows of cells", &cells.rows, &(0..self.raster_rows))?;
        within("columns of cells", &cells.columns, &(0..self.raster_columns))?;
        if !cells.is_empty() {
            within("rows that cells see", &grown(&cells.rows, halo, self.raster_rows), &rows)?;
            within("columns that cells see", &grown(&cells.columns, halo, self.raster_columns), &columns)?;
        }
        let bad = self.heights.iter().position(|height| height.abs() > MAX_HEIGHT_M);
        bad.map_or(Ok(()), |index| {
            let (row, column) = (self.first_row + index / self.columns, self.first_column + index % self.columns);
            Err(RasterError::Height { row, column, value: self.heights[index] })
        })
    }

    pub(super) fn row_range(&self) -> Range<usize> {
        self.first_row..self.first_row.saturating_add(self.rows)
    }

    pub(super) fn column_range(&self) -> Range<usize> {
        self.first_column..self.first_column.saturating_add(self.columns)
    }

    /// Index of a cell of the raster that the window holds.
    pub(super) fn index(&self, row: usize, column: usize) -> usize {
        (row - self.first_row) * self.columns + (column - self.first_column)
    }
}

fn within(what: &'static str, range: &Range<usize>, allowed: &Range<usize>) -> Result<(), RasterError> {
    if range.start <= range.end && range.start >= allowed.start && range.end <= allowed.end {
        return Ok(());
    }
    let (needed_start, needed_end) = (allowed.start, allowed.end);
    Err(RasterError::Extent { what, start: range.start, end: range.end, needed_start, needed_end })
}

fn grown(range: &Range<usize>, by: usize, limit: usize) -> Range<usize> {
    range.start.saturating_sub(by)..range.end.saturating_add(by).min(limit)
}
