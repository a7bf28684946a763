//! Values in the order of a file turned into series.

use conurb_climate::sample::Sample;

/// Days and cells that are turned at a time, so that both sides stay in the cache.
const DAYS: usize = 64;
const CELLS: usize = 16;

/// Distances of values in a block as read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    /// From one day to the next.
    pub(super) day: usize,
    /// From one row to the next.
    pub(super) row: usize,
    /// From one column to the next.
    pub(super) column: usize,
}

/// Turns a block of rows, columns and days into series, cell by cell; they begin `stride` values apart in `out`.
pub(super) fn to_series<T: Sample>(
    values: &[T],
    order: Order,
    [rows, columns, days]: [usize; 3],
    out: &mut [T],
    stride: usize,
) {
    let n_cells = rows * columns;
    let first = |cell: usize| cell / columns * order.row + cell % columns * order.column;
    if order.day == 1 || days == 1 {
        for cell in 0..n_cells {
            let from = first(cell);
            out[cell * stride..cell * stride + days].copy_from_slice(&values[from..from + days]);
        }
        return;
    }
    for some_cells in (0..n_cells).step_by(CELLS) {
        for some_days in (0..days).step_by(DAYS) {
            let end = days.min(some_days + DAYS);
            for cell in some_cells..n_cells.min(some_cells + CELLS) {
                let from = first(cell);
                for (day, out) in (some_days..end).zip(&mut out[cell * stride + some_days..]) {
                    *out = values[from + day * order.day];
                }
            }
        }
    }
}
