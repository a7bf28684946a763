//! Copies of a window in which a step is one run of memory.

use std::ops::Range;

use super::direction::Axis;
use super::gather::Lane;
use super::window::{Cells, Window};

/// Height of what hides nothing: where there is no cell, and where a cell has no height.
pub(super) const NO_OBSTACLE_M: f32 = -1e9;

/// Heights by step and by cell across, with a rim that hides nothing.
#[derive(Debug)]
pub(super) struct Plane {
    values: Vec<f32>,
    /// Distance of two steps in `values`.
    stride: usize,
    rim: usize,
    /// Steps of the raster that are at hand.
    pub steps: Range<usize>,
    /// Cells across that are at hand.
    pub across: Range<usize>,
}

impl Plane {
    /// Turns a window so that steps run along `axis`, with `rim` cells around.
    pub(super) fn new(window: &Window<'_>, axis: Axis, rim: usize) -> Self {
        let (rows, columns) = (window.row_range(), window.column_range());
        let (steps, across) = match axis {
            Axis::Rows => (rows, columns),
            Axis::Columns => (columns, rows),
        };
        let stride = across.len() + 2 * rim;
        let mut values = vec![NO_OBSTACLE_M; stride * (steps.len() + 2 * rim)];
        let inside = rim * stride + rim;
        match axis {
            Axis::Rows => {
                for (row, heights) in window.heights.chunks_exact(window.columns.max(1)).enumerate() {
                    values[inside + row * stride..][..heights.len()].copy_from_slice(heights);
                }
            }
            Axis::Columns => transpose(window.heights, window.columns, &mut values[inside..], stride, window.rows),
        }
        for value in &mut values {
            *value = if value.is_nan() { NO_OBSTACLE_M } else { *value };
        }
        Self { values, stride, rim, steps, across }
    }

    /// Where a step and a cell across of the raster are, at most the rim outside.
    #[inline(always)]
    pub(super) fn position(&self, step: usize, across: i64) -> usize {
        let column = (across - self.across.start as i64 + self.rim as i64) as usize;
        (step - self.steps.start + self.rim) * self.stride + column
    }

    /// Distance of positions that differ by some steps and cells across.
    #[inline(always)]
    pub(super) fn offset(&self, steps: i64, across: i64) -> isize {
        steps as isize * self.stride as isize + across as isize
    }

    /// Heights from a position on.
    #[inline(always)]
    pub(super) fn lanes(&self, position: usize) -> &Lane {
        self.values[position..].first_chunk().expect("the rim is wider than the lanes")
    }
}

/// Ranges of steps and of cells across that `cells` are.
pub(super) fn oriented(cells: &Cells, axis: Axis) -> (Range<usize>, Range<usize>) {
    match axis {
        Axis::Rows => (cells.rows.clone(), cells.columns.clone()),
        Axis::Columns => (cells.columns.clone(), cells.rows.clone()),
    }
}

/// Writes `from`, rows of `columns` values, as `columns` rows of `rows` values each `stride` apart.
pub(super) fn transpose<T: Copy>(from: &[T], columns: usize, to: &mut [T], stride: usize, rows: usize) {
    // Blocks that fit the nearest cache both ways.
    const BLOCK: usize = 32;
    for first_row in (0..rows).step_by(BLOCK) {
        let last_row = (first_row + BLOCK).min(rows);
        for first_column in (0..columns).step_by(BLOCK) {
            let last_column = (first_column + BLOCK).min(columns);
            for column in first_column..last_column {
                let run = &mut to[column * stride + first_row..column * stride + last_row];
                for (value, row) in run.iter_mut().zip(first_row..last_row) {
                    *value = from[row * columns + column];
                }
            }
        }
    }
}
