//! Which cells are computed together, and how their series lie in the file.
//!
//! A tile is a rectangle of the grid over all days; in the file it is a column of chunks. Its size follows from the shape of
//! the field alone.

use std::ops::Range;

use super::places::GridShape;

/// Values that a chunk of the file aims at.
const CHUNK_VALUES: usize = 1 << 15;
/// Values of all cells over the days of a chunk at most: whoever reads the field in order keeps as many.
const SLAB_VALUES: usize = 1 << 22;
/// Days of a chunk.
const CHUNK_DAYS: Range<usize> = 16..512;
/// Bytes of the results of a tile.
const TILE_BYTES: usize = 128 << 20;
/// Cells of a tile.
const TILE_CELLS: Range<usize> = 16..1024;

/// A rectangle of the grid; of a list of places one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Its rows.
    pub rows: Range<usize>,
    /// Its columns.
    pub columns: Range<usize>,
}

/// The tiles of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiling {
    /// Rows and columns of the grid; of a list of places one row.
    pub rows_columns: [usize; 2],
    /// Days of a chunk.
    pub chunk_days: usize,
    /// Rows and columns of a tile.
    pub tile: [usize; 2],
    /// The tiles, row by row.
    pub tiles: Vec<Tile>,
}

impl Tile {
    /// Number of cells.
    pub fn n_cells(&self) -> usize {
        self.rows.len() * self.columns.len()
    }
}

impl Tiling {
    /// Tiles for a field of `n_days` on a grid, of whose results each cell takes some bytes; `asked` is how many cells a tile
    /// may have, if that was asked for.
    pub fn new(shape: &GridShape, n_days: usize, bytes_per_cell: usize, asked: Option<usize>) -> Tiling {
        let [n_rows, n_columns] = shape.rows_columns();
        let n_cells = (n_rows * n_columns).max(1);
        let chunk_days = (SLAB_VALUES / n_cells).clamp(CHUNK_DAYS.start, CHUNK_DAYS.end).min(n_days.max(1));
        let most = (TILE_BYTES / bytes_per_cell.max(1)).clamp(TILE_CELLS.start, TILE_CELLS.end);
        let cells = asked.unwrap_or((CHUNK_VALUES / chunk_days).clamp(TILE_CELLS.start, most)).min(n_cells);
        let columns = n_columns.clamp(1, cells.max(1));
        let rows = (cells / columns).clamp(1, n_rows.max(1));
        let starts = |n: usize, size: usize| (0..n).step_by(size).map(move |start| start..(start + size).min(n));
        let tiles = starts(n_rows, rows)
            .flat_map(|rows| starts(n_columns, columns).map(move |columns| Tile { rows: rows.clone(), columns }))
            .collect();
        Tiling { rows_columns: [n_rows, n_columns], chunk_days, tile: [rows, columns], tiles }
    }

    /// Cells of a tile, in the order of the grid.
    pub fn cells(&self, tile: &Tile) -> impl Iterator<Item = usize> + use<> {
        let (n_columns, columns) = (self.rows_columns[1], tile.columns.clone());
        tile.rows.clone().flat_map(move |row| columns.clone().map(move |column| row * n_columns + column))
    }

    /// Cells of the largest tile.
    pub fn most_cells(&self) -> usize {
        self.tile[0] * self.tile[1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_every_cell_once() {
        for (shape, cells) in [
            (GridShape::Grid { rows: 50, columns: 50 }, None),
            (GridShape::Grid { rows: 7, columns: 2000 }, None),
            (GridShape::Grid { rows: 9, columns: 5 }, Some(7)),
            (GridShape::Grid { rows: 1, columns: 1 }, None),
            (GridShape::Places(3), Some(1)),
            (GridShape::Places(100_000), None),
        ] {
            let tiling = Tiling::new(&shape, 10_950, 1, cells);
            let mut found: Vec<usize> = tiling.tiles.iter().flat_map(|tile| tiling.cells(tile)).collect();
            found.sort_unstable();
            assert!(found.into_iter().eq(0..shape.n_cells()), "{shape:?}");
            assert!(tiling.tiles.iter().all(|tile| tile.n_cells() <= cells.unwrap_or(TILE_CELLS.end)));
        }
    }

    #[test]
    fn chunks_stay_small_however_many_cells() {
        // 2,500 cells: 512 days of 64 cells, in whole rows of 50.
        let small = Tiling::new(&GridShape::Grid { rows: 50, columns: 50 }, 10_950, 1, None);
        assert_eq!((small.chunk_days, small.tile), (512, [1, 50]));
        let large = Tiling::new(&GridShape::Places(1_000_000), 10_950, 1, None);
        assert_eq!((large.chunk_days, large.tile), (16, [1, 1024]));
    }
}
