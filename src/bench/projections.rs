//! Made projections: a reference, a model's past and its future on one grid, written as files that a scenario can name.
//!
//! Temperature is a level, a year's wave and noise that remembers yesterday (AR(1) with 0.7); precipitation falls on some
//! days at random, in amounts of a gamma distribution (of shape 1). All is noise packed as well as noise can be: real files
//! are smaller and faster to read.

use std::f64::consts::TAU;
use std::ops::Range;

use conurb_climate::calendar::{Calendar, Date};
use conurb_climate::days::Days;
use ndarray::{Array2, Array3, ArrayD, ArrayView1};

use crate::buildings::random;
use crate::cli::MadeChunks;
use crate::error::Error;
use crate::field::climate::{self as field, CellAxes, Simulations};
use crate::field::{FieldSpec, Values};
use crate::scenario::ClimateVariable;
use crate::stages::{Context, FieldSink, Stage, StageReport};

/// Which of the three series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What was measured.
    Reference,
    /// What the model gives for the same years.
    Historical,
    /// What it gives for later years.
    Future,
}

/// Share of yesterday's noise that is left today.
const MEMORY: f64 = 0.7;
/// Degrees from one cell to the next.
const SPACING_DEG: f64 = 0.01;
/// North and east of the first cell (degrees).
const CORNER_DEG: [f64; 2] = [45.0, 5.0];
/// Rows and columns of a chunk that holds all days.
const CELL_CHUNK: [usize; 2] = [8, 8];
/// Columns that are made at a time where chunks hold all days.
const CELLS_AT_A_TIME: usize = 64;
/// Values that are made at a time where chunks hold a day.
const VALUES_AT_A_TIME: usize = 1 << 20;

impl Part {
    /// All of them.
    pub const ALL: [Part; 3] = [Part::Reference, Part::Historical, Part::Future];

    /// Name in a scenario.
    pub fn name(self) -> &'static str {
        match self {
            Part::Reference => "reference",
            Part::Historical => "historical",
            Part::Future => "future",
        }
    }

    /// First of its years.
    pub fn first_year(self) -> i32 {
        match self {
            Part::Reference | Part::Historical => 1981,
            Part::Future => 2041,
        }
    }

    /// Level of temperature (K), amplitude of its year (K), spread of its noise (K) and trend (K per year).
    fn temperature(self) -> [f64; 4] {
        match self {
            Part::Reference => [283.0, 8.0, 2.5, 0.02],
            Part::Historical => [284.5, 9.0, 3.0, 0.02],
            Part::Future => [287.0, 9.0, 3.2, 0.04],
        }
    }

    /// Share of wet days, and what falls on them on average (mm/d).
    fn precipitation(self) -> [f64; 2] {
        match self {
            Part::Reference => [0.35, 6.0],
            Part::Historical => [0.5, 4.0],
            Part::Future => [0.45, 5.0],
        }
    }
}

/// Rows and columns of a grid of so many cells, as square as it can be.
pub fn grid_of(n_cells: usize) -> [usize; 2] {
    let rows = (1..=n_cells.isqrt()).rev().find(|rows| n_cells.is_multiple_of(*rows)).unwrap_or(1);
    [rows, n_cells / rows]
}

/// Makes one of the series.
pub struct MadeProjection {
    /// Which.
    pub part: Part,
    /// The variable, temperature or precipitation.
    pub variable: ClimateVariable,
    /// Number of cells.
    pub n_cells: usize,
    /// Number of years.
    pub n_years: usize,
    /// How the file is cut.
    pub chunks: MadeChunks,
    /// Seed.
    pub seed: u64,
}

/// A box of days and cells.
struct Bounds {
    days: Range<usize>,
    rows: Range<usize>,
    columns: Range<usize>,
}

impl MadeProjection {
    fn days(&self) -> Days {
        let first = self.part.first_year();
        Days::of_years(Calendar::NoLeap, first, first + self.n_years as i32 - 1)
    }

    fn spec(&self) -> FieldSpec {
        field::daily(self.variable, CellAxes::Grid, Simulations::One)
    }

    /// Days, rows and columns of a chunk.
    fn chunk(&self, n_days: usize) -> [usize; 3] {
        let [rows, columns] = grid_of(self.n_cells);
        match self.chunks {
            MadeChunks::Maps => [1, rows, columns],
            MadeChunks::Cells => [n_days, CELL_CHUNK[0].min(rows), CELL_CHUNK[1].min(columns)],
        }
    }

    /// Boxes of whole chunks that are made at a time; the days of each cell in order.
    fn rounds(&self, n_days: usize) -> Vec<Bounds> {
        let [n_rows, n_columns] = grid_of(self.n_cells);
        let [days, rows, columns] = match self.chunks {
            MadeChunks::Maps => [(VALUES_AT_A_TIME / self.n_cells).clamp(1, n_days), n_rows, n_columns],
            MadeChunks::Cells => [n_days, CELL_CHUNK[0], CELLS_AT_A_TIME],
        };
        let mut rounds = Vec::new();
        for days in cut(0..n_days, days) {
            for rows in cut(0..n_rows, rows) {
                let of_rows = cut(0..n_columns, columns);
                rounds.extend(of_rows.map(|columns| Bounds { days: days.clone(), rows: rows.clone(), columns }));
            }
        }
        rounds
    }

    /// Values of a cell; `noise` is what is left of the day before.
    fn values(&self, cell: usize, days: Range<usize>, noise: &mut f64) -> Vec<f32> {
        let of_cell = random(self.seed, cell, u64::MAX);
        let first = (self.part as u64) << 32;
        let draw = |day: usize, which: u64| random(self.seed, cell, first + 2 * day as u64 + which);
        match self.variable {
            ClimateVariable::Pr => {
                let [wet, mean] = self.part.precipitation();
                let amount = |day| -mean * (0.8 + 0.4 * of_cell) * conurb_numerics::ln(1.0 - draw(day, 1));
                days.map(|day| if draw(day, 0) < wet { amount(day) as f32 } else { 0.0 }).collect()
            }
            _ => {
                let [level, amplitude, spread, trend] = self.part.temperature();
                let fresh = spread * (1.0 - MEMORY * MEMORY).sqrt();
                let of_day = |day: usize| {
                    let radius = (-2.0 * conurb_numerics::ln(1.0 - draw(day, 0))).sqrt();
                    *noise = MEMORY * *noise + fresh * radius * conurb_numerics::sin_cos(TAU * draw(day, 1)).1;
                    let years = day as f64 / 365.0;
                    let wave = conurb_numerics::sin_cos(TAU * (years.fract() - 0.3)).0;
                    (level + 4.0 * of_cell + amplitude * wave + trend * years + *noise) as f32
                };
                days.map(of_day).collect()
            }
        }
    }

    /// The chunks of a box.
    fn chunks_of(&self, context: &Context<'_>, round: &Bounds, noise: &mut [f64]) -> Vec<(Vec<usize>, ArrayD<f32>)> {
        let [n_rows, n_columns] = grid_of(self.n_cells);
        let is_inside =
            |cell: usize| round.rows.contains(&(cell / n_columns)) && round.columns.contains(&(cell % n_columns));
        debug_assert_eq!(noise.len(), n_rows * n_columns);
        let cells = noise.iter_mut().enumerate().filter(|(cell, _)| is_inside(*cell));
        let made = context.runtime.share(cells, |(cell, noise)| self.values(cell, round.days.clone(), noise));
        let value = |day: usize, row: usize, column: usize| {
            let cell = (row - round.rows.start) * round.columns.len() + column - round.columns.start;
            made[cell][day - round.days.start]
        };
        let [days, rows, columns] = self.chunk(self.days().len());
        let mut chunks = Vec::new();
        for days in cut(round.days.clone(), days) {
            for rows in cut(round.rows.clone(), rows) {
                for columns in cut(round.columns.clone(), columns) {
                    let start = vec![days.start, rows.start, columns.start];
                    let shape = (days.len(), rows.len(), columns.len());
                    let at = |(day, row, column)| value(start[0] + day, start[1] + row, start[2] + column);
                    let values = Array3::from_shape_fn(shape, at).into_dyn();
                    chunks.push((start, values));
                }
            }
        }
        chunks
    }
}

impl Stage for MadeProjection {
    fn name(&self) -> &'static str {
        self.part.name()
    }

    fn reads(&self) -> Vec<FieldSpec> {
        Vec::new()
    }

    fn writes(&self) -> Vec<FieldSpec> {
        vec![
            field::time(Calendar::NoLeap),
            field::TIME_BOUNDS,
            field::lat(CellAxes::Grid),
            field::lon(CellAxes::Grid),
            self.spec(),
        ]
    }

    fn sizes(&self) -> Vec<(&'static str, u64)> {
        vec![("cells", self.n_cells as u64)]
    }

    fn memory(&self, _: usize, _: usize) -> u64 {
        (self.n_cells * size_of::<f64>() + 3 * VALUES_AT_A_TIME * size_of::<f32>()) as u64
    }

    fn run(&self, context: &mut Context<'_>) -> Result<StageReport, Error> {
        let (days, spec) = (self.days(), self.spec());
        write_axes(context.sink, &days, grid_of(self.n_cells))?;
        let [rows, columns] = grid_of(self.n_cells);
        context.sink.create_tiled(&spec, &[days.len(), rows, columns], &self.chunk(days.len()))?;
        let mut noise = vec![0.0; self.n_cells];
        for round in self.rounds(days.len()) {
            // Days follow from the day before, so one rank makes them all.
            let is_maker = context.runtime.is_root();
            let chunks = if is_maker { self.chunks_of(context, &round, &mut noise) } else { Vec::new() };
            let parts: Vec<_> =
                chunks.iter().map(|(start, values)| (start.clone(), Values::F32(values.view()))).collect();
            context.sink.write_tiles(&spec, &parts)?;
        }
        Ok(StageReport::default())
    }
}

fn write_axes(sink: &mut dyn FieldSink, days: &Days, [rows, columns]: [usize; 2]) -> Result<(), Error> {
    let epoch = days.calendar.day_number(Date { year: field::EPOCH_YEAR, month: 1, day: 1 }).expect("all years begin");
    let starts: Vec<f64> = days.numbers().iter().map(|number| (number - epoch) as f64).collect();
    let times = ArrayView1::from(&starts).into_dyn();
    sink.write(&field::time(days.calendar), Values::F64(times))?;
    let bounds = Array2::from_shape_fn((starts.len(), 2), |(day, end)| starts[day] + end as f64);
    sink.write(&field::TIME_BOUNDS, Values::F64(bounds.view().into_dyn()))?;
    let degrees = |axis: usize| {
        Array2::from_shape_fn((rows, columns), |(row, column)| {
            CORNER_DEG[axis] + SPACING_DEG * [row, column][axis] as f64
        })
    };
    sink.write(&field::lat(CellAxes::Grid), Values::F64(degrees(0).view().into_dyn()))?;
    sink.write(&field::lon(CellAxes::Grid), Values::F64(degrees(1).view().into_dyn()))
}

fn cut(range: Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(size).map(move |start| start..(start + size).min(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(variable: ClimateVariable, part: Part) -> MadeProjection {
        MadeProjection { part, variable, n_cells: 12, n_years: 30, chunks: MadeChunks::Maps, seed: 7 }
    }

    fn series(variable: ClimateVariable, part: Part, cell: usize) -> Vec<f64> {
        let values = made(variable, part).values(cell, 0..10_950, &mut 0.0);
        values.into_iter().map(f64::from).collect()
    }

    fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
        let n = values.len() as f64;
        values.sum::<f64>() / n
    }

    #[test]
    fn temperature_has_its_level_and_remembers_yesterday() {
        let of = |part| series(ClimateVariable::Tas, part, 3);
        // Levels are 1.5 K apart; noise of 3 K with a memory of 0.7 has 30 years' means within 0.07 K, twice that in 95 %.
        let apart = mean(of(Part::Historical).into_iter()) - mean(of(Part::Reference).into_iter());
        assert!((apart - 1.5).abs() < 0.4, "{apart}");
        let projection = made(ClimateVariable::Tas, Part::Reference);
        let season = |day: usize| 8.0 * (TAU * (day as f64 / 365.0 - 0.3)).sin() + 0.02 * day as f64 / 365.0;
        let left: Vec<f64> = of(Part::Reference).iter().enumerate().map(|(day, value)| value - season(day)).collect();
        let level = mean(left.iter().copied());
        let product =
            |lag: usize| mean(left.iter().zip(&left[lag..]).map(|(one, other)| (one - level) * (other - level)));
        assert!((product(1) / product(0) - 0.7).abs() < 0.03, "{}", product(1) / product(0));
        assert!((product(0).sqrt() - 2.5).abs() < 0.1, "{}", product(0).sqrt());
        // Made in pieces it is the same.
        let mut noise = 0.0;
        let [early, late] = [0..400, 400..10_950].map(|days| projection.values(3, days, &mut noise));
        let whole = projection.values(3, 0..10_950, &mut 0.0);
        assert_eq!([early, late].concat(), whole);
    }

    #[test]
    fn precipitation_falls_on_its_share_of_days() {
        let days = series(ClimateVariable::Pr, Part::Historical, 5);
        let wet: Vec<f64> = days.iter().copied().filter(|&day| day > 0.0).collect();
        assert!((wet.len() as f64 / days.len() as f64 - 0.5).abs() < 0.02);
        let own = 4.0 * (0.8 + 0.4 * random(7, 5, u64::MAX));
        assert!((mean(wet.into_iter()) / own - 1.0).abs() < 0.06);
    }

    #[test]
    fn grids_are_as_square_as_they_can_be() {
        assert_eq!([2500, 12, 7, 1].map(grid_of), [[50, 50], [3, 4], [1, 7], [1, 1]]);
    }

    #[test]
    fn rounds_are_whole_chunks() {
        for chunks in [MadeChunks::Maps, MadeChunks::Cells] {
            let projection = MadeProjection { n_cells: 10_000, chunks, ..made(ClimateVariable::Tas, Part::Future) };
            let rounds = projection.rounds(10_950);
            let n: usize = rounds.iter().map(|one| one.days.len() * one.rows.len() * one.columns.len()).sum();
            assert_eq!(n, 10_950 * 10_000);
            let chunk = projection.chunk(10_950);
            let begins = |one: &Bounds| [one.days.start, one.rows.start, one.columns.start];
            assert!(rounds.iter().all(|one| begins(one).iter().zip(chunk).all(|(at, size)| at.is_multiple_of(size))));
        }
    }
}
