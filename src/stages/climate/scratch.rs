//! Series cell by cell: files lie map after map as a rule, methods need all days of one cell.
//!
//! Each input is brought once into a file of its own in which the days of a cell stand together, decoded and in the units of
//! the engine; only the days and cells that the run needs. Ranks share the work and the file.

use std::fs::{File, OpenOptions};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::parallel::{Chunks, Runtime};

/// Bytes that a piece of the work aims at: the values of one read, which stay in memory until they are written.
const PIECE_BYTES: usize = 8 << 20;
/// Days of a piece where there is a choice: each becomes one write per cell.
const PIECE_DAYS: usize = 512;

/// A daily variable of a file, in the units of the engine, missing values as NaN.
pub trait Series: Sync {
    /// Number of days, rows and columns; a list of places is one row.
    fn shape(&self) -> [usize; 3];
    /// Days, rows and columns that the file stores together.
    fn stored_together(&self) -> [usize; 3];
    /// Reads a box; `values` holds all days of the first cell, then those of the next, row by row.
    ///
    /// # Errors
    /// The file cannot be read, or holds something else than it promised.
    fn read(&self, part: &Part, values: &mut [f32]) -> Result<(), Error>;
}

/// A box of a daily variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its days.
    pub days: Range<usize>,
    /// Its rows.
    pub rows: Range<usize>,
    /// Its columns.
    pub columns: Range<usize>,
}

impl Part {
    fn n_values(&self) -> usize {
        self.days.len() * self.rows.len() * self.columns.len()
    }
}

/// Series of the cells of a box, the days of each together.
#[derive(Debug)]
pub struct CellSeries {
    path: PathBuf,
    file: File,
    part: Part,
    n_columns: usize,
}

impl CellSeries {
    /// Brings a part of a variable into the file `path`; collective. Also gives the bytes that were written.
    ///
    /// # Errors
    /// The input cannot be read, the disk is full.
    pub fn transpose(runtime: &Runtime, source: &dyn Series, part: Part, path: &Path) -> Result<(Self, u64), Error> {
        let n_bytes = part.n_values() as u64 * size_of::<f32>() as u64;
        let made = if runtime.is_root() { make(path, n_bytes) } else { Ok(()) };
        runtime.agree(made)?;
        let file = OpenOptions::new().write(true).open(path).map_err(|cause| Error::file("open", path, cause));
        let file = runtime.agree(file)?;
        let pieces = pieces(&part, source.stored_together());
        let chunks = Chunks::contiguous(pieces.len(), runtime.size());
        let all: Vec<usize> = (0..pieces.len()).collect();
        let scratch = runtime.scratch(Vec::new);
        let write = |piece: usize, (): &mut (), values: &mut Vec<f32>| -> Result<(), Error> {
            let piece = &pieces[piece];
            values.clear();
            values.resize(piece.n_values(), 0.0);
            source.read(piece, values)?;
            put(&file, &part, piece, values).map_err(|cause| Error::file("write", path, cause))
        };
        let written = runtime.map(&chunks, &all, &mut vec![(); pieces.len()], &scratch, write);
        drop(file);
        runtime.agree(written.into_iter().collect::<Result<Vec<()>, Error>>())?;
        let file = runtime.agree(File::open(path).map_err(|cause| Error::file("open", path, cause)))?;
        let n_columns = source.shape()[2];
        Ok((CellSeries { path: path.to_path_buf(), file, part, n_columns }, n_bytes))
    }

    /// Days of each series.
    pub fn n_days(&self) -> usize {
        self.part.days.len()
    }

    /// First day of the variable that is there.
    pub fn first_day(&self) -> usize {
        self.part.days.start
    }

    /// The series of a cell of the variable's grid, which is one of the box.
    ///
    /// # Errors
    /// The file cannot be read.
    ///
    /// # Panics
    /// If the cell is none of the box.
    pub fn read(&self, cell: usize, values: &mut [f32]) -> Result<(), Error> {
        let (row, column) = (cell / self.n_columns, cell % self.n_columns);
        assert!(self.part.rows.contains(&row) && self.part.columns.contains(&column), "cell {cell} was not asked for");
        let at = place(&self.part, row, column, self.part.days.start);
        self.file
            .read_exact_at(bytemuck::cast_slice_mut(values), at)
            .map_err(|cause| Error::file("read", &self.path, cause))
    }
}

impl Drop for CellSeries {
    fn drop(&mut self) {
        // The first rank to come removes it; open files stay readable, and what is left goes with the unfinished run.
        let _ = std::fs::remove_file(&self.path);
    }
}

fn make(path: &Path, n_bytes: u64) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|cause| Error::file("create", folder, cause))?;
    }
    File::create(path).and_then(|file| file.set_len(n_bytes)).map_err(|cause| Error::file("create", path, cause))
}

/// Offset of a value in the file.
fn place(part: &Part, row: usize, column: usize, day: usize) -> u64 {
    let cell = (row - part.rows.start) * part.columns.len() + column - part.columns.start;
    ((cell * part.days.len() + day - part.days.start) * size_of::<f32>()) as u64
}

fn put(file: &File, part: &Part, piece: &Part, values: &[f32]) -> std::io::Result<()> {
    // Cells whose days are all there follow each other in the file as they do here.
    if piece.days == part.days && piece.columns == part.columns {
        let at = place(part, piece.rows.start, piece.columns.start, piece.days.start);
        return file.write_all_at(bytemuck::cast_slice(values), at);
    }
    let cells = piece.rows.clone().flat_map(|row| piece.columns.clone().map(move |column| (row, column)));
    for ((row, column), days) in cells.zip(values.chunks_exact(piece.days.len())) {
        file.write_all_at(bytemuck::cast_slice(days), place(part, row, column, piece.days.start))?;
    }
    Ok(())
}

/// Cuts a part where the file's own pieces end, so that each of them is read once.
fn pieces(part: &Part, together: [usize; 3]) -> Vec<Part> {
    let [days, rows, columns] = together.map(|length| length.max(1));
    let n_values = PIECE_BYTES / size_of::<f32>();
    let multiple = |of: usize, most: usize| (most / of).max(1) * of;
    let days = multiple(days, PIECE_DAYS.max(days)).min(part.days.end.max(1));
    let columns = multiple(columns, n_values / days.min(part.days.len()).max(1)).min(part.columns.end.max(1));
    let per_row = days.min(part.days.len()).max(1) * columns.min(part.columns.len()).max(1);
    let rows = multiple(rows, n_values / per_row).min(part.rows.end.max(1));
    let mut pieces = Vec::new();
    for rows in cut(&part.rows, rows) {
        for columns in cut(&part.columns, columns) {
            for days in cut(&part.days, days) {
                pieces.push(Part { days, rows: rows.clone(), columns: columns.clone() });
            }
        }
    }
    pieces
}

/// Cuts a range at the multiples of `size`.
fn cut(range: &Range<usize>, size: usize) -> Vec<Range<usize>> {
    let first = range.start / size;
    let bounds = |number: usize| (number * size).max(range.start)..((number + 1) * size).min(range.end);
    (first..range.end.div_ceil(size)).map(bounds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Made {
        shape: [usize; 3],
        together: [usize; 3],
    }

    fn value(day: usize, row: usize, column: usize) -> f32 {
        (day * 10_000 + row * 100 + column) as f32
    }

    impl Series for Made {
        fn shape(&self) -> [usize; 3] {
            self.shape
        }
        fn stored_together(&self) -> [usize; 3] {
            self.together
        }
        fn read(&self, part: &Part, values: &mut [f32]) -> Result<(), Error> {
            let mut values = values.iter_mut();
            for row in part.rows.clone() {
                for column in part.columns.clone() {
                    for day in part.days.clone() {
                        *values.next().unwrap() = value(day, row, column);
                    }
                }
            }
            Ok(())
        }
    }

    #[test]
    fn pieces_cover_a_part_once_and_end_where_the_file_does() {
        let part = Part { days: 100..1700, rows: 1..9, columns: 3..80 };
        for together in [[1, 100, 100], [1700, 1, 1], [365, 4, 50], [1, 1, 2], [10_000, 9, 80]] {
            let pieces = pieces(&part, together);
            assert_eq!(pieces.iter().map(Part::n_values).sum::<usize>(), part.n_values(), "{together:?}");
            for (range, size) in pieces.iter().flat_map(|piece| {
                [(&piece.days, together[0]), (&piece.rows, together[1]), (&piece.columns, together[2])]
            }) {
                assert!(!range.is_empty());
                let starts = range.start.is_multiple_of(size) || [100, 1, 3].contains(&range.start);
                let ends = range.end.is_multiple_of(size) || [1700, 9, 80].contains(&range.end);
                assert!(starts && ends, "{range:?} of {size}");
            }
        }
    }

    #[test]
    fn every_cell_has_its_days_for_any_ranks() {
        let source = Made { shape: [1200, 6, 7], together: [1, 4, 7] };
        let part = Part { days: 30..1100, rows: 1..6, columns: 2..7 };
        let folder = tempfile::tempdir().unwrap();
        for ranks in [1, 3] {
            let path = folder.path().join("a.scratch");
            let options = crate::parallel::LaunchOptions { threads: Some(2), local_ranks: Some(ranks) };
            crate::parallel::launch(&options, |runtime| {
                let (cells, n_bytes) = CellSeries::transpose(runtime, &source, part.clone(), &path)?;
                assert_eq!(n_bytes, 1070 * 25 * 4);
                let mut days = vec![0.0; cells.n_days()];
                for (row, column) in [(1, 2), (3, 5), (5, 6)] {
                    cells.read(row * 7 + column, &mut days)?;
                    assert!(days.iter().zip(30..1100).all(|(&found, day)| found == value(day, row, column)));
                }
                runtime.agree(Ok(()))
            })
            .unwrap();
            assert!(!path.exists());
        }
    }
}
