//! Series cell by cell: files lie map after map as a rule, methods need all days of one cell.
//!
//! Each input is brought once into a file of its own in which the days of a cell stand together, decoded and in the units of
//! the engine; only the days and cells that the run needs. Ranks share the work and the file.

use std::fs::{File, OpenOptions};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::formats::cf::{DailyScratch, DailyVariable, Piece};
use crate::parallel::{Chunks, Runtime};

/// Values of a piece of the work: as many are read before they are written cell by cell.
const PIECE_VALUES: usize = 4 << 20;

/// A daily variable whose pieces can be read at the same time.
pub trait Series: Sync {
    /// Columns of its grid; all cells of a list of places.
    fn n_columns(&self) -> usize;
    /// Boxes that cover it once, such that nothing of the file is read twice.
    fn pieces(&self, n_values: usize) -> Vec<Piece>;
    /// Reads a piece: all days of the first cell, then those of the next, row by row; missing values are NaN.
    ///
    /// # Errors
    /// The file cannot be read, or holds something else than it promised.
    fn decode(&self, piece: &Piece, scratch: &mut DailyScratch<f32>, values: &mut [f32]) -> Result<(), Error>;
}

impl Series for DailyVariable {
    fn n_columns(&self) -> usize {
        *self.grid.shape.last().expect("grids have an axis")
    }
    fn pieces(&self, n_values: usize) -> Vec<Piece> {
        self.pieces(n_values)
    }
    fn decode(&self, piece: &Piece, scratch: &mut DailyScratch<f32>, values: &mut [f32]) -> Result<(), Error> {
        self.decode(piece, scratch, values)
    }
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

    /// What it shares with a piece.
    fn within(&self, piece: &Piece) -> Part {
        let both = |own: &Range<usize>, other: &Range<usize>| {
            let start = own.start.max(other.start);
            start..own.end.min(other.end).max(start)
        };
        Part {
            days: both(&self.days, &piece.days),
            rows: both(&self.rows, &piece.rows),
            columns: both(&self.columns, &piece.columns),
        }
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
        let mut pieces = source.pieces(PIECE_VALUES);
        pieces.retain(|piece| part.within(piece).n_values() > 0);
        let chunks = Chunks::contiguous(pieces.len(), runtime.size());
        let all: Vec<usize> = (0..pieces.len()).collect();
        let scratch = runtime.scratch(Default::default);
        let write = |number: usize, (): &mut (), memory: &mut (DailyScratch<f32>, Vec<f32>)| -> Result<(), Error> {
            let (scratch, values) = memory;
            let piece = &pieces[number];
            values.resize(piece.len(), 0.0);
            source.decode(piece, scratch, values)?;
            put(&file, &part, piece, values).map_err(|cause| Error::file("write", path, cause))
        };
        let written = runtime.map(&chunks, &all, &mut vec![(); pieces.len()], &scratch, write);
        drop(file);
        runtime.agree(written.into_iter().collect::<Result<Vec<()>, Error>>())?;
        let file = runtime.agree(File::open(path).map_err(|cause| Error::file("open", path, cause)))?;
        let n_columns = source.n_columns();
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

fn put(file: &File, part: &Part, piece: &Piece, values: &[f32]) -> std::io::Result<()> {
    let own = part.within(piece);
    for row in own.rows.clone() {
        for column in own.columns.clone() {
            let cell = (row - piece.rows.start) * piece.columns.len() + column - piece.columns.start;
            let first = cell * piece.days.len() + own.days.start - piece.days.start;
            let days = &values[first..first + own.days.len()];
            file.write_all_at(bytemuck::cast_slice(days), place(part, row, column, own.days.start))?;
        }
    }
    Ok(())
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
        fn n_columns(&self) -> usize {
            self.shape[2]
        }
        fn pieces(&self, _: usize) -> Vec<Piece> {
            let cut = |axis: usize| {
                let (n, size) = (self.shape[axis], self.together[axis]);
                (0..n).step_by(size).map(move |start| start..(start + size).min(n)).collect::<Vec<_>>()
            };
            let mut pieces = Vec::new();
            for days in cut(0) {
                for rows in cut(1) {
                    for columns in cut(2) {
                        pieces.push(Piece::new(days.clone(), rows.clone(), columns));
                    }
                }
            }
            pieces
        }
        fn decode(&self, piece: &Piece, _: &mut DailyScratch<f32>, values: &mut [f32]) -> Result<(), Error> {
            let mut values = values.iter_mut();
            for row in piece.rows.clone() {
                for column in piece.columns.clone() {
                    for day in piece.days.clone() {
                        *values.next().unwrap() = value(day, row, column);
                    }
                }
            }
            Ok(())
        }
    }

    #[test]
    fn every_cell_has_its_days_for_any_ranks() {
        let source = Made { shape: [1200, 6, 7], together: [100, 4, 3] };
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
