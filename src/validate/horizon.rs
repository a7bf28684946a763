//! The suite `horizon`: how high the surroundings of a raster's cells stand, and what sky is left, as CSV.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use conurb_solar::raster::{Cells, HorizonParameters, Window, halo_cells, horizons};

use crate::error::{Error, Problem, Problems};
use crate::formats::Source;
use crate::formats::cases::read_cases;
use crate::formats::geotiff::GeoTiff;

use super::settings::settings;
use super::{CSV_HEADER, in_file, read};

const FILE: &str = "cells.csv";
const COLUMNS: [&str; 2] = ["row", "col"];
const DSM: &str = "dsm.tif";
const KEYS: [&str; 3] = ["solar.raster.reach_m", "solar.raster.directions", "solar.raster.tile_cells"];
const SCENARIO: &str = "[weather]\nepw = \"weather.epw\"\n[solar.raster]\ndsm = \"dsm.tif\"\n";
/// Names of the horizons that are told, a quarter of a turn apart from north clockwise.
const QUARTERS: [&str; 4] = ["horizon_n", "horizon_e", "horizon_s", "horizon_w"];

/// A cell that is asked for, and the line that does.
#[derive(Debug, Clone, Copy)]
struct Cell {
    line: usize,
    row: usize,
    column: usize,
}

/// What a cell sees.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    sky_view_factor: f32,
    /// Horizons of [`QUARTERS`], degrees.
    horizons: [f32; 4],
}

/// Runs the suite on `cells.csv` and a raster in `directory` and gives the lines `case,quantity,unit,value`; a case is a row, from 1.
///
/// The raster is `dsm.tif`, or the only `.tif` there is; rows and columns count from 0 in its north-west corner.
///
/// # Errors
/// The cells or the raster are wrong, or `overrides` name unknown keys.
pub fn horizon(directory: &Path, overrides: &[(String, String)]) -> Result<String, Error> {
    let settings = settings(SCENARIO, &KEYS, directory, overrides)?;
    let settings = settings.solar.and_then(|solar| solar.raster).expect("the text has this table");
    if !settings.directions.is_multiple_of(QUARTERS.len()) {
        let message = format!("expected a multiple of 4, found {}", settings.directions);
        let problem = Problem::new(message).of_key("--set solar.raster.directions");
        return Err(problem.hint("horizons are told to the north, east, south and west").into());
    }
    let dsm = raster_of(directory)?;
    let raster = GeoTiff::open(&dsm, read(&dsm)?)?;
    let cells = read_cells(&directory.join(FILE), &raster)?;
    let frame = raster.frame();
    let parameters = HorizonParameters {
        cell_m: frame.cell_m,
        directions: settings.directions,
        reach_m: settings.reach_m,
        ..HorizonParameters::default()
    };
    let mut seen = vec![Seen::default(); cells.len()];
    for cases in cases_by_tile(&cells, settings.tile_cells).values() {
        let of_tile =
            look(&raster, &parameters, cases.iter().map(|case| &cells[*case])).map_err(|error| in_file(error, &dsm))?;
        cases.iter().zip(of_tile).for_each(|(case, of_cell)| seen[*case] = of_cell);
    }
    check_heights(&seen, &cells, &directory.join(FILE))?;
    let mut text = String::from(CSV_HEADER);
    for (index, seen) in seen.iter().enumerate() {
        text.push_str(&format!("{},svf,1,{:?}\n", index + 1, seen.sky_view_factor));
        for (quantity, horizon) in QUARTERS.iter().zip(seen.horizons) {
            text.push_str(&format!("{},{quantity},deg,{horizon:?}\n", index + 1));
        }
    }
    Ok(text)
}

/// The raster of a suite's folder.
fn raster_of(directory: &Path) -> Result<PathBuf, Error> {
    let named = directory.join(DSM);
    if named.is_file() {
        return Ok(named);
    }
    let unreadable = |cause| Error::from(Problem::new(format!("cannot be listed: {cause}")).in_file(directory));
    let entries = std::fs::read_dir(directory).map_err(unreadable)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    let is_raster = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        ["tif", "tiff"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    };
    let mut rasters: Vec<PathBuf> = paths.map_err(unreadable)?.into_iter().filter(is_raster).collect();
    let message = match rasters.len() {
        1 => return Ok(rasters.remove(0)),
        0 => format!("no {DSM} here"),
        several => format!("no {DSM} here, and {several} other rasters"),
    };
    Err(Problem::new(message).in_file(directory).hint(format!("name the raster of heights {DSM}")).into())
}

fn read_cells(file: &Path, raster: &GeoTiff) -> Result<Vec<Cell>, Error> {
    let frame = raster.frame();
    read_cases(Source { file, bytes: &read(file)? }, &COLUMNS, |row| {
        let (in_rows, in_columns) = (row.index(0, 0..frame.rows), row.index(1, 0..frame.columns));
        Some(Cell { line: row.line(), row: in_rows?, column: in_columns? })
    })
}

/// Which cases lie in which tile: horizons of all cells between those of a tile are held at once.
fn cases_by_tile(cells: &[Cell], tile_cells: usize) -> BTreeMap<(usize, usize), Vec<usize>> {
    let mut tiles: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (case, cell) in cells.iter().enumerate() {
        tiles.entry((cell.row / tile_cells, cell.column / tile_cells)).or_default().push(case);
    }
    tiles
}

/// What cells of a tile see, in their order.
fn look<'a>(
    raster: &GeoTiff,
    parameters: &HorizonParameters,
    cells: impl Iterator<Item = &'a Cell> + Clone,
) -> Result<Vec<Seen>, Error> {
    let frame = raster.frame();
    let asked = Cells {
        rows: spanned(cells.clone().map(|cell| cell.row)),
        columns: spanned(cells.clone().map(|cell| cell.column)),
    };
    let halo = halo_cells(parameters);
    let around =
        |range: &Range<usize>, end: usize| range.start.saturating_sub(halo)..range.end.saturating_add(halo).min(end);
    let read = raster.window(around(&asked.rows, frame.rows), around(&asked.columns, frame.columns))?;
    let window = Window {
        heights: &read.values,
        first_row: read.first_row,
        first_column: read.first_column,
        rows: read.rows,
        columns: read.columns,
        raster_rows: frame.rows,
        raster_columns: frame.columns,
    };
    let map = horizons(&window, &asked, parameters).map_err(|cause| Problem::new(cause.to_string()))?;
    let quarter = parameters.directions / QUARTERS.len();
    let seen = |cell: &Cell| {
        let index = (cell.row - asked.rows.start) * asked.columns.len() + (cell.column - asked.columns.start);
        let horizons = [0, 1, 2, 3].map(|turns| map.horizons.degrees(turns * quarter, index));
        Seen { sky_view_factor: map.sky_view_factors[index], horizons }
    };
    Ok(cells.map(seen).collect())
}

/// The least range that holds all of some indices.
fn spanned(indices: impl Iterator<Item = usize> + Clone) -> Range<usize> {
    indices.clone().min().unwrap_or_default()..indices.max().map_or(0, |last| last + 1)
}

/// Reports cells without height, which see nothing.
fn check_heights(seen: &[Seen], cells: &[Cell], file: &Path) -> Result<(), Error> {
    let mut problems = Problems::new();
    for (cell, _) in cells.iter().zip(seen).filter(|(_, seen)| seen.sky_view_factor.is_nan()) {
        let message = format!("the raster has no height in row {}, column {}", cell.row, cell.column);
        problems.push("no height", Problem::new(message).in_file(file).at_line(cell.line));
    }
    problems.into_result(())
}
