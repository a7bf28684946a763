//! Series of a cell of the reference's grid, whatever grid a file is on.

use std::path::Path;

use conurb_climate::regrid::Weights;

use super::scratch::{CellSeries, Part};
use crate::error::Error;
use crate::formats::cf::DailyVariable;
use crate::parallel::Runtime;

/// Least share of the weight of a cell that days with a value need, for the cell to have one.
const LEAST_WEIGHT: f64 = 0.5;

/// From the cells of the reference to those of a file.
#[derive(Debug)]
pub enum Link {
    /// They are the same.
    Same,
    /// Each is a mean of several.
    Weighted(Weights),
    /// Each is another one.
    Picked(Vec<u32>),
}

/// A daily variable, cell by cell of the reference's grid.
pub struct Source<'a> {
    series: CellSeries,
    link: &'a Link,
}

/// Working memory of a thread.
#[derive(Default)]
pub struct SourceScratch {
    steps: Vec<f32>,
    sums: Vec<f64>,
    weights: Vec<f64>,
}

impl<'a> Source<'a> {
    /// Brings some steps of a variable into a file cell by cell; collective. Also gives the bytes that were written.
    ///
    /// # Errors
    /// The input cannot be read, the disk is full.
    pub fn new(
        runtime: &Runtime,
        variable: &DailyVariable,
        link: &'a Link,
        steps: std::ops::Range<usize>,
        path: &Path,
    ) -> Result<(Self, u64), Error> {
        let part = link.part(variable, steps);
        let (series, n_bytes) = CellSeries::transpose(runtime, variable, part, path)?;
        Ok((Source { series, link }, n_bytes))
    }

    /// First step of the variable that is there.
    pub fn first_step(&self) -> usize {
        self.series.first_day()
    }

    /// The steps of a cell; gives whether the file has the cell at all.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(&self, cell: usize, out: &mut Vec<f32>, scratch: &mut SourceScratch) -> Result<bool, Error> {
        out.resize(self.series.n_days(), 0.0);
        let row = match self.link {
            Link::Same => {
                self.series.read(cell, out)?;
                return Ok(true);
            }
            Link::Picked(cells) if cells[cell] == NO_CELL => {
                out.fill(f32::NAN);
                return Ok(false);
            }
            Link::Picked(cells) => {
                self.series.read(cells[cell] as usize, out)?;
                return Ok(true);
            }
            Link::Weighted(weights) => weights.row(cell),
        };
        let (cells, weights) = row;
        let SourceScratch { steps, sums, weights: found } = scratch;
        sums.clear();
        sums.resize(out.len(), 0.0);
        found.clear();
        found.resize(out.len(), 0.0);
        steps.resize(out.len(), 0.0);
        for (&source, &weight) in cells.iter().zip(weights) {
            self.series.read(source as usize, steps)?;
            for ((sum, found), &value) in sums.iter_mut().zip(found.iter_mut()).zip(steps.iter()) {
                let is_there = !value.is_nan();
                *sum += if is_there { weight * f64::from(value) } else { 0.0 };
                *found += if is_there { weight } else { 0.0 };
            }
        }
        for ((out, sum), found) in out.iter_mut().zip(sums.iter()).zip(found.iter()) {
            *out = if *found >= LEAST_WEIGHT { (sum / found) as f32 } else { f32::NAN };
        }
        Ok(!cells.is_empty())
    }
}

/// The cell of a place that has none.
pub const NO_CELL: u32 = u32::MAX;

impl Link {
    /// The box of a file that holds all cells that are needed.
    fn part(&self, variable: &DailyVariable, steps: std::ops::Range<usize>) -> Part {
        let columns = *variable.grid.shape.last().expect("grids have an axis");
        let rows = variable.grid.len() / columns.max(1);
        let mut used: Box<dyn Iterator<Item = u32>> = match self {
            Link::Same => return Part { days: steps, rows: 0..rows, columns: 0..columns },
            Link::Weighted(weights) => {
                Box::new((0..weights.len()).flat_map(|cell| weights.row(cell).0.iter().copied()))
            }
            Link::Picked(cells) => Box::new(cells.iter().copied().filter(|&cell| cell != NO_CELL)),
        };
        let Some(first) = used.next() else { return Part { days: steps, rows: 0..0, columns: 0..0 } };
        let place = |cell: u32| [cell as usize / columns, cell as usize % columns];
        let grown = |[low, high]: [[usize; 2]; 2], cell| {
            let [row, column] = place(cell);
            [[low[0].min(row), low[1].min(column)], [high[0].max(row), high[1].max(column)]]
        };
        let [low, high] = used.fold([place(first); 2], grown);
        Part { days: steps, rows: low[0]..high[0] + 1, columns: low[1]..high[1] + 1 }
    }
}
