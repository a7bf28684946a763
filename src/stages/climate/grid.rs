//! The cells of the reference, and how the cells of a model come onto them.

use std::path::PathBuf;

use conurb_climate::regrid::{Grid, bilinear, conservative, nearest};

use super::methods::Cell;
use super::places::GridShape;
use super::source::{Link, NO_CELL};
use crate::error::{Error, Problem};
use crate::field::climate::CellAxes;
use crate::formats::cf::{CfGrid, DailyVariable, GridForm};
use crate::scenario::Regrid;

/// Cells that results are computed for: those of the reference.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetGrid {
    /// How they are arranged.
    pub shape: GridShape,
    /// Degrees north of each.
    pub lat: Vec<f64>,
    /// Degrees east of each.
    pub lon: Vec<f64>,
    /// Names of places; empty for a grid.
    pub names: Vec<String>,
    /// Metres above sea level of each, where the file tells.
    pub elevation_m: Option<Vec<f64>>,
}

impl TargetGrid {
    /// The cells of a reference.
    pub fn of(reference: &DailyVariable) -> TargetGrid {
        let grid = &reference.grid;
        let places: Vec<[f64; 2]> = (0..grid.len()).map(|cell| grid.place(cell)).collect();
        let shape = match grid.shape.as_slice() {
            &[rows, columns] if grid.form != GridForm::Points => GridShape::Grid { rows, columns },
            _ => GridShape::Places(grid.len()),
        };
        let names = match (shape, &grid.names) {
            (GridShape::Places(_), Some(names)) => names.clone(),
            (GridShape::Places(n), None) => (1..=n).map(|place| place.to_string()).collect(),
            _ => Vec::new(),
        };
        TargetGrid {
            shape,
            lat: places.iter().map(|place| place[0]).collect(),
            lon: places.iter().map(|place| place[1]).collect(),
            names,
            elevation_m: grid.elevation.clone(),
        }
    }

    /// What the methods know of each cell.
    pub fn cells(&self) -> Vec<Cell> {
        let elevation = |cell: usize| self.elevation_m.as_ref().map_or(0.0, |elevations| elevations[cell]);
        let cell = |(number, &latitude): (usize, &f64)| {
            let elevation_m = elevation(number);
            Cell { number: number as u64, latitude, elevation_m: if elevation_m.is_nan() { 0.0 } else { elevation_m } }
        };
        self.lat.iter().enumerate().map(cell).collect()
    }

    /// How the cells give fields their axes.
    pub fn axes(&self) -> CellAxes {
        match self.shape {
            GridShape::Grid { .. } => CellAxes::Grid,
            GridShape::Places(_) => CellAxes::Places,
        }
    }

    /// Weight of each cell in means over all: its share of the sphere on a grid, one for a place.
    pub fn weights(&self) -> Vec<f64> {
        match self.shape {
            GridShape::Grid { .. } => {
                self.lat.iter().map(|lat| conurb_numerics::sin_cos_degrees(*lat).1.max(0.0)).collect()
            }
            GridShape::Places(n) => vec![1.0; n],
        }
    }
}

/// How a model's cells come onto those of the reference.
///
/// # Errors
/// Cells that differ where they may not, or that cannot be brought onto each other in the way that was asked for.
pub fn link(reference: &DailyVariable, model: &DailyVariable, regrid: Regrid) -> Result<Link, Error> {
    if reference.grid.is_same(&model.grid) {
        return Ok(Link::Same);
    }
    let (source, target) = (kernel_grid(&model.grid), kernel_grid(&reference.grid));
    let weights = match regrid {
        Regrid::None => return by_name(reference, model).map(Link::Picked),
        Regrid::Bilinear => bilinear(&source, &target),
        Regrid::Conservative => conservative(&source, &target),
        Regrid::Nearest => nearest(&source, &target),
    };
    weights.map(Link::Weighted).map_err(|error| {
        let problem = Problem::new(error.to_string()).in_file(first_file(model)).of_key("climate.regrid");
        problem.hint("regrid = \"nearest\" needs neither neighbours nor areas").into()
    })
}

/// The model's cell nearest to each cell of the reference.
///
/// # Errors
/// Axes that do not go one way.
pub fn nearest_cells(reference: &DailyVariable, model: &DailyVariable) -> Result<Vec<u32>, Error> {
    let weights = nearest(&kernel_grid(&model.grid), &kernel_grid(&reference.grid));
    let weights = weights.map_err(|error| Problem::new(error.to_string()).in_file(first_file(model)))?;
    Ok((0..weights.len()).map(|cell| weights.row(cell).0.first().copied().unwrap_or(NO_CELL)).collect())
}

/// A grid of a file as the kernels see it.
fn kernel_grid(grid: &CfGrid) -> Grid<'_> {
    let (lat, lon) = (&grid.lat[..], &grid.lon[..]);
    match grid.form {
        GridForm::Regular => Grid::Regular { lat, lon },
        GridForm::Curvilinear => Grid::Curvilinear { columns: grid.shape[1], lat, lon },
        GridForm::Points => Grid::Points { lat, lon },
    }
}

/// The first file of a series, for messages.
pub fn first_file(series: &DailyVariable) -> PathBuf {
    series.files().next().map(|file| file.path().to_path_buf()).unwrap_or_default()
}

/// The place of the same name for each place of the reference.
fn by_name(reference: &DailyVariable, model: &DailyVariable) -> Result<Vec<u32>, Error> {
    let file = first_file(model);
    let refused = |message: String| {
        let problem = Problem::new(message).in_file(&file).of_key("climate.regrid");
        Error::from(
            problem.hint("regrid = \"bilinear\", \"conservative\" or \"nearest\" brings it onto the reference's cells"),
        )
    };
    let (Some(wanted), Some(there)) = (&reference.grid.names, &model.grid.names) else {
        return Err(refused("its cells are not those of the reference".to_owned()));
    };
    let found: Vec<u32> = wanted
        .iter()
        .map(|name| there.iter().position(|known| known == name).map_or(NO_CELL, |cell| cell as u32))
        .collect();
    if found.iter().all(|&cell| cell == NO_CELL) {
        return Err(refused(format!("it has none of the reference's places, such as {}", wanted[0])));
    }
    Ok(found)
}
