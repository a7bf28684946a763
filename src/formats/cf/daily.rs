//! Daily series of one variable, from one file or several that follow each other.

use std::ops::Range;
use std::path::{Path, PathBuf};

use conurb_climate::calendar::Calendar;
use conurb_climate::days::Days;
use conurb_climate::sample::Sample;

use super::decode::{Decoding, Quantity};
use super::description::{Layout, Variable};
use super::file::{Block, CfFile, Scratch};
use super::grid::{Axes, CfGrid, GridForm};
use super::time::TimeUnits;
use super::transpose::{Order, to_series};
use super::units::Conversion;
use crate::error::{Error, Problem};

/// Relative humidity without a unit is a share of 1 unless a value is above this.
const LARGEST_SHARE: f64 = 1.5;
/// Blocks, and values of each, that are looked through for it.
const BLOCKS_SEEN: usize = 16;
const VALUES_SEEN: usize = 1 << 16;
/// Values of the cells of a chunk over all days that are read in one go.
const MOST_TILE_VALUES: usize = 1 << 24;
/// Values that are read before they are turned to series.
const TURNED_VALUES: usize = 1 << 20;

/// A variable of daily values in the engine's unit, from files that follow each other.
#[derive(Debug)]
pub struct DailyVariable {
    /// Its cells.
    pub grid: CfGrid,
    /// Its days.
    pub days: Days,
    /// What it measures.
    pub quantity: Quantity,
    parts: Vec<Part>,
}

/// The variable in one file.
#[derive(Debug)]
struct Part {
    file: CfFile,
    variable: Variable,
    decoding: Decoding,
    axes: Axes,
    time: usize,
    /// Its days among all.
    days: Range<usize>,
}

/// Some cells on some days, whole chunks of one file: a unit of work that threads can share out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Which of the days.
    pub days: Range<usize>,
    /// Rows of the grid; one for points.
    pub rows: Range<usize>,
    /// Columns of the grid, or points.
    pub columns: Range<usize>,
    part: usize,
}

/// Opens the files of a daily variable.
///
/// # Errors
/// As [`CfFile::open`] and [`DailyVariable::of`].
pub fn open_daily(paths: &[PathBuf], name: &str, quantity: Quantity) -> Result<DailyVariable, Error> {
    let files = paths.iter().map(|path| CfFile::open(path)).collect::<Result<Vec<_>, _>>()?;
    DailyVariable::of(files, name, quantity)
}

impl DailyVariable {
    /// A variable in files that are open, in any order.
    ///
    /// # Errors
    /// No such variable, no days, grids or calendars that differ, days that stand in two files, a unit that is not one
    /// of the quantity.
    pub fn of(files: Vec<CfFile>, name: &str, quantity: Quantity) -> Result<DailyVariable, Error> {
        let mut opened =
            files.into_iter().map(|file| Opened::new(file, name, quantity)).collect::<Result<Vec<_>, _>>()?;
        // By date: day numbers of different calendars cannot be compared.
        opened.sort_by_key(|opened| opened.calendar.date(opened.numbers[0]));
        for pair in opened.windows(2) {
            refuse_apart(&pair[0], &pair[1])?;
        }
        let Some(first) = opened.first() else {
            return Err(Problem::new(format!("there is no file of {name}")).into());
        };
        let (calendar, grid) = (first.calendar, first.grid.clone());
        let conversion = match first.conversion {
            Some(conversion) => conversion,
            None => humidity_conversion(&first.part)?,
        };
        let (mut numbers, mut parts) = (Vec::new(), Vec::new());
        for mut opened in opened {
            let first_day = numbers.len();
            numbers.extend(&opened.numbers);
            opened.part.days = first_day..numbers.len();
            opened.part.decoding.conversion = opened.conversion.unwrap_or(conversion);
            parts.push(opened.part);
        }
        let days = Days::new(calendar, numbers).expect("files follow each other and each ascends");
        Ok(DailyVariable { grid, days, quantity, parts })
    }

    /// The files, in order of time.
    pub fn files(&self) -> impl Iterator<Item = &CfFile> {
        self.parts.iter().map(|part| &part.file)
    }

    /// From the first file's unit to that of the engine.
    pub fn conversion(&self) -> Conversion {
        self.parts[0].decoding.conversion
    }

    /// Text of an attribute of the variable in the first file.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.parts[0].variable.text(name)
    }

    /// Rows and columns of cells that are best read together, whole days through: those of a chunk.
    pub fn tile(&self) -> [usize; 2] {
        let length = |part: &Part, axis: Option<usize>| match (&part.variable.layout, axis) {
            (Layout::Chunked { chunk, .. }, Some(axis)) => chunk[axis].min(part.variable.shape[axis]),
            _ => 1,
        };
        let rows = self.parts.iter().map(|part| length(part, part.axes.y)).max();
        let columns = self.parts.iter().map(|part| length(part, part.axes.x)).max();
        [rows, columns].map(|length| length.unwrap_or(1))
    }

    /// Whether a tile of cells can be read over all days in a small memory, each chunk unpacked once.
    ///
    /// Otherwise [`DailyVariable::pieces`] are read once and turned in scratch.
    pub fn is_time_contiguous(&self) -> bool {
        let tile_values = self.tile().iter().product::<usize>().saturating_mul(self.days.len());
        self.parts.iter().all(|part| match &part.variable.layout {
            Layout::Strided { strides, .. } => {
                let is_near = strides[part.time] == part.variable.kind.n_bytes() as u64;
                is_near || part.variable.len() <= MOST_TILE_VALUES
            }
            Layout::Chunked { .. } => tile_values <= MOST_TILE_VALUES,
            _ => true,
        })
    }

    /// Values of cells on days, the series of a cell one after the other; missing ones are NaN.
    ///
    /// # Errors
    /// A file cannot be read or is damaged.
    ///
    /// # Panics
    /// There are no such cells or days, or `out` has another length.
    pub fn read_cells<T: Sample>(
        &self,
        cells: Range<usize>,
        days: Range<usize>,
        scratch: &mut DailyScratch<T>,
        out: &mut [T],
    ) -> Result<(), Error> {
        assert!(cells.end <= self.grid.len() && days.end <= self.days.len(), "cells {cells:?}, days {days:?}");
        assert_eq!(out.len(), cells.len() * days.len(), "cells {cells:?}, days {days:?}");
        let (_, n_columns) = self.rows_and_columns();
        for part in &self.parts {
            let own = part.days.start.max(days.start)..part.days.end.min(days.end);
            if own.is_empty() {
                continue;
            }
            for (rows, columns) in rectangles(cells.clone(), n_columns) {
                let first_cell = rows.start * n_columns + columns.start - cells.start;
                let n_cells = rows.len() * columns.len();
                let per_read = (TURNED_VALUES / n_cells).max(part.chunk_days());
                for from in own.clone().step_by(per_read) {
                    let days_read = from..own.end.min(from + per_read);
                    let place = first_cell * days.len() + days_read.start - days.start;
                    let end = place + (n_cells - 1) * days.len() + days_read.len();
                    part.read(days_read, rows.clone(), columns.clone(), scratch, &mut out[place..end], days.len())?;
                }
            }
        }
        Ok(())
    }

    /// All values once, in whole chunks and about `n_values` values at a time.
    pub fn pieces(&self, n_values: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (number, part) in self.parts.iter().enumerate() {
            for block in part.file.blocks(&part.variable, n_values) {
                let along = |axis: Option<usize>| match axis {
                    Some(axis) => block.start[axis]..block.start[axis] + block.count[axis],
                    None => 0..1,
                };
                let days = along(Some(part.time));
                let days = days.start + part.days.start..days.end + part.days.start;
                pieces.push(Piece { days, rows: along(part.axes.y), columns: along(part.axes.x), part: number });
            }
        }
        pieces
    }

    /// Values of a piece, row by row and column by column the series of its days; missing ones are NaN.
    ///
    /// # Errors
    /// A file cannot be read or is damaged.
    ///
    /// # Panics
    /// `out` has another length.
    pub fn decode<T: Sample>(&self, piece: &Piece, scratch: &mut DailyScratch<T>, out: &mut [T]) -> Result<(), Error> {
        assert_eq!(out.len(), piece.len(), "{piece:?}");
        let Piece { days, rows, columns, part } = piece.clone();
        self.parts[part].read(days.clone(), rows, columns, scratch, out, days.len())
    }

    fn rows_and_columns(&self) -> (usize, usize) {
        match (self.grid.form, self.grid.shape.as_slice()) {
            (GridForm::Points, [n]) => (1, *n),
            (_, [rows, columns]) => (*rows, *columns),
            _ => unreachable!("grids have rows and columns"),
        }
    }
}

/// Working memory of a thread that reads series.
#[derive(Debug, Default)]
pub struct DailyScratch<T> {
    file: Scratch,
    values: Vec<T>,
}

impl Piece {
    /// A box of the first file, for series that are made.
    #[cfg(test)]
    pub fn new(days: Range<usize>, rows: Range<usize>, columns: Range<usize>) -> Piece {
        Piece { days, rows, columns, part: 0 }
    }
    /// How many values it has.
    pub fn len(&self) -> usize {
        self.days.len() * self.rows.len() * self.columns.len()
    }
    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Part {
    /// Values of a rectangle of cells on some of its days; series begin `stride` values apart in `out`.
    fn read<T: Sample>(
        &self,
        days: Range<usize>,
        rows: Range<usize>,
        columns: Range<usize>,
        scratch: &mut DailyScratch<T>,
        out: &mut [T],
        stride: usize,
    ) -> Result<(), Error> {
        let rank = self.variable.shape.len();
        let mut block = Block { start: vec![0; rank], count: vec![1; rank] };
        let first_day = days.start - self.days.start;
        let wanted = [(Some(self.time), first_day, days.len()), (self.axes.y, rows.start, rows.len())];
        for (axis, start, count) in wanted.into_iter().chain([(self.axes.x, columns.start, columns.len())]) {
            if let Some(axis) = axis {
                (block.start[axis], block.count[axis]) = (start, count);
            }
        }
        // Every value is overwritten.
        scratch.values.resize(block.len(), T::default());
        let decoding = self.decoding;
        let values = &mut scratch.values;
        self.file.read_through(&self.variable, &block, &mut scratch.file, values, |stored| decoding.value(stored))?;
        let step = |axis: Option<usize>| axis.map_or(0, |axis| block.count[axis + 1..].iter().product());
        let order = Order { day: step(Some(self.time)), row: step(self.axes.y), column: step(self.axes.x) };
        to_series(values, order, [rows.len(), columns.len(), days.len()], out, stride);
        Ok(())
    }

    fn chunk_days(&self) -> usize {
        match &self.variable.layout {
            Layout::Chunked { chunk, .. } => chunk[self.time],
            _ => 1,
        }
    }
}

/// A variable in one file, before the files are in order.
struct Opened {
    part: Part,
    grid: CfGrid,
    calendar: Calendar,
    numbers: Vec<i64>,
    /// None where values must tell the unit.
    conversion: Option<Conversion>,
}

impl Opened {
    fn new(file: CfFile, name: &str, quantity: Quantity) -> Result<Opened, Error> {
        let variable = file.variable(name)?.clone();
        if let Layout::NotRead(why) = &variable.layout {
            return Err(file.wrong(&variable, why));
        }
        if !variable.kind.is_number() {
            return Err(file.wrong(&variable, "it is not of numbers"));
        }
        let decoding = Decoding::of(&variable).map_err(|problem| problem.in_file(file.path()))?;
        let conversion = conversion(&file, &variable, quantity)?;
        let (grid, axes) = CfGrid::of(&file, &variable)?;
        let time = axes.time.ok_or_else(|| file.wrong(&variable, "it has no time axis"))?;
        if grid.is_empty() {
            return Err(file.wrong(&variable, "it has no cell"));
        }
        let (calendar, numbers) = day_numbers(&file, &variable.dimensions[time])?;
        let part = Part { file, variable, decoding, axes, time, days: 0..0 };
        Ok(Opened { part, grid, calendar, numbers, conversion })
    }

    fn path(&self) -> &Path {
        self.part.file.path()
    }
}

/// The change of units; none for relative humidity without a unit.
fn conversion(file: &CfFile, variable: &Variable, quantity: Quantity) -> Result<Option<Conversion>, Error> {
    let units = variable.text("units").unwrap_or_default().trim();
    match (units, quantity) {
        ("", Quantity::RelativeHumidity) => Ok(None),
        ("", Quantity::SpecificHumidity) => Ok(Some(Conversion::NONE)),
        ("", _) => Err(file.wrong(variable, &format!("it has no unit, expected one like {}", quantity.unit()))),
        _ => quantity.conversion_from(units).map(Some).ok_or_else(|| {
            file.wrong(variable, &format!("the unit \"{units}\" cannot be converted to {}", quantity.unit()))
        }),
    }
}

/// Relative humidity without a unit: a share of 1 or per cent, by its first values.
fn humidity_conversion(part: &Part) -> Result<Conversion, Error> {
    let mut scratch = Scratch::default();
    for block in part.file.blocks(&part.variable, VALUES_SEEN).into_iter().take(BLOCKS_SEEN) {
        let mut values = vec![0.0; block.len()];
        let decoding = part.decoding;
        part.file.read_through(&part.variable, &block, &mut scratch, &mut values, |stored| decoding.value(stored))?;
        if values.iter().any(|&value| value > LARGEST_SHARE) {
            return Ok(Conversion::NONE);
        }
    }
    Ok(Conversion { factor: 100.0, offset: 0.0 })
}

/// Numbers of the days of a time axis.
fn day_numbers(file: &CfFile, name: &str) -> Result<(Calendar, Vec<i64>), Error> {
    let axis = file.variable(name)?;
    let units = axis.text("units").unwrap_or_default();
    let parsed = TimeUnits::parse(units, axis.text("calendar"));
    let units = parsed.map_err(|problem| problem.in_file(file.path()).of_key(name))?;
    let decoding = Decoding::of(axis).map_err(|problem| problem.in_file(file.path()))?;
    let times = file.read_all(axis)?;
    if times.is_empty() {
        return Err(file.wrong(axis, "it has no time"));
    }
    let mut moments = Vec::with_capacity(times.len());
    for (index, &time) in times.iter().enumerate() {
        let Some((day, seconds)) = units.day(decoding.value(time)) else {
            return Err(file.wrong(axis, &format!("entry {} is {time}, which is no time", index + 1)));
        };
        moments.push((day, seconds));
    }
    let date = |index: usize| shown(units.calendar, moments[index].0);
    for (index, pair) in moments.windows(2).enumerate() {
        let days = (pair[1].0 - pair[0].0) as f64 + (pair[1].1 - pair[0].1) / 86_400.0;
        if days <= 0.0 {
            let message = format!("entry {} ({}) is not after the one before it", index + 2, date(index + 1));
            return Err(file.wrong(axis, &message));
        }
        if pair[1].0 == pair[0].0 {
            let message = format!("expected daily values, found a step of {:.4} h on {}", days * 24.0, date(index));
            return Err(file.wrong(axis, &message));
        }
    }
    let steps = || moments.windows(2).map(|pair| pair[1].0 - pair[0].0);
    if steps().filter(|&step| step == 1).count() * 2 < moments.len() - 1 {
        let (least, most) = (steps().min().unwrap_or(0), steps().max().unwrap_or(0));
        let message = format!("expected daily values, found steps of {least} to {most} days");
        return Err(file.wrong(axis, &message));
    }
    Ok((units.calendar, moments.into_iter().map(|(day, _)| day).collect()))
}

/// Refuses files that do not follow each other on one grid in one calendar.
fn refuse_apart(one: &Opened, other: &Opened) -> Result<(), Error> {
    let problem = |message: String| -> Error {
        Problem::new(message).in_file(other.path()).of_key(&other.part.variable.name).into()
    };
    let before = one.path().display();
    if one.calendar != other.calendar {
        let (own, of_other) = (other.calendar.cf_name(), one.calendar.cf_name());
        return Err(problem(format!("its calendar is {own}, that of {before} is {of_other}")));
    }
    if !one.grid.is_same(&other.grid) {
        return Err(problem(format!("its cells are not those of {before}")));
    }
    let (last, first) = (one.numbers[one.numbers.len() - 1], other.numbers[0]);
    if first <= last {
        let date = shown(one.calendar, first);
        return Err(problem(format!("{date} is also in {before}, which ends on {}", shown(one.calendar, last))));
    }
    Ok(())
}

fn shown(calendar: Calendar, day: i64) -> String {
    let date = calendar.date(day);
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

/// Rectangles that make up a range of cells: the rest of a row, whole rows, the start of a row.
fn rectangles(cells: Range<usize>, n_columns: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let mut rectangles = Vec::new();
    let mut from = cells.start;
    while from < cells.end {
        let (row, column) = (from / n_columns, from % n_columns);
        let whole_rows = (cells.end - from) / n_columns;
        let (rows, columns) = if column == 0 && whole_rows > 0 {
            (row..row + whole_rows, 0..n_columns)
        } else {
            (row..row + 1, column..n_columns.min(column + cells.end - from))
        };
        from += rows.len() * columns.len();
        rectangles.push((rows, columns));
    }
    rectangles
}
