//! Where the cells and the places of a downscaled climate are, and what indices are there.

use super::{Projections, has_places};
use crate::error::Error;
use crate::field::FieldSpec;
use crate::field::climate::{self as field, CellAxes};
use crate::field::climate_indices::{self as indices, Told};
use crate::report::energy::misfit;
use crate::store::read::RunReader;

/// Reasons why a cell has no values, by the number of its state; the first is that it has some.
pub const STATES: [&str; 5] =
    ["adjusted", "outside of a model’s grid", "no reference", "no values of a model", "no days to be adjusted by"];

/// Which of a run's arrangements a map shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Cells of the climate.
    Cells,
    /// Places of the city.
    Places,
}

/// Places on a plane, from the north-west on.
#[derive(Debug, Clone, PartialEq)]
pub struct Sites {
    /// What they are.
    pub of: Of,
    /// Distance from the west and from the north, in units of [`Sites::side`] or in degrees.
    pub at: Vec<[f64; 2]>,
    /// Width and height of a cell; none where places are points.
    pub side: Option<[f64; 2]>,
    /// Name of each.
    pub names: Vec<String>,
    /// Lengths of the axes of values.
    pub shape: Vec<usize>,
}

impl Sites {
    /// The places of the city where the run has them, else the cells of the climate.
    ///
    /// # Errors
    /// Fields that do not fit together.
    pub fn read(run: &RunReader, projections: &Projections) -> Result<Sites, Error> {
        if has_places(run) {
            return of_places(run);
        }
        let lat_spec = field::lat(projections.axes);
        let (lat, lon) = (run.numbers_of(&lat_spec)?, run.numbers_of(&field::lon(projections.axes))?);
        let n_axes = if projections.axes == CellAxes::Grid { 2 } else { 1 };
        if lat.shape() != lon.shape() || lat.ndim() != n_axes || lat.is_empty() {
            return Err(misfit(run, &lat_spec, format!("has shape {:?}, lon has {:?}", lat.shape(), lon.shape())));
        }
        let shape = lat.shape().to_vec();
        let (lat, lon): (Vec<f64>, Vec<f64>) = (lat.into_iter().collect(), lon.into_iter().collect());
        Ok(match projections.axes {
            CellAxes::Grid => grid(shape, &lat, &lon),
            CellAxes::Places => points(Of::Cells, &lat, &lon, run.text_of(&field::LOCATION_NAME)?),
        })
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// Values of a field at all of them; `at` is the place on its first two axes.
    ///
    /// # Errors
    /// The field has another shape or cannot be read.
    pub fn values(&self, run: &RunReader, spec: &FieldSpec, at: [usize; 2]) -> Result<Vec<f64>, Error> {
        let shape = run.shape(spec.name)?;
        if shape.get(2..) != Some(&self.shape[..]) {
            let what = format!("has shape {shape:?}, expected {:?} at its end", self.shape);
            return Err(misfit(run, spec, what));
        }
        let values = match self.shape[..] {
            [rows, _] => run.rows_at(spec.name, &at, 0..rows)?,
            _ => run.rows_at(spec.name, &at[..1], at[1]..at[1] + 1)?,
        };
        Ok(values.into_iter().collect())
    }

    /// What is told of an index at these places.
    pub fn told(&self, axes: CellAxes) -> Told {
        match self.of {
            Of::Cells => Told::OfCells(axes),
            Of::Places => Told::OfPlaces,
        }
    }
}

/// Cells by state; states of another version count as the last.
///
/// # Errors
/// The field cannot be read.
pub fn cells_by_state(run: &RunReader, axes: CellAxes) -> Result<[u64; STATES.len()], Error> {
    let mut counts = [0; STATES.len()];
    for &state in &run.numbers_of(&field::cell_state(axes))? {
        counts[(state.max(0.0) as usize).min(STATES.len() - 1)] += 1;
    }
    Ok(counts)
}

/// Cells in rows and columns; those of the north come first.
fn grid(shape: Vec<usize>, lat: &[f64], lon: &[f64]) -> Sites {
    let (rows, columns) = (shape[0], shape[1]);
    let cell = |row: usize, column: usize| row * columns + column;
    let from_south = lat[cell(rows - 1, 0)] > lat[0];
    let from_east = lon[cell(0, columns - 1)] < lon[0];
    let at = (0..lat.len()).map(|number| {
        let (row, column) = (number / columns, number % columns);
        let (row, column) =
            (if from_south { rows - 1 - row } else { row }, if from_east { columns - 1 - column } else { column });
        [column as f64, row as f64]
    });
    let step = |values: &[f64], last: usize, n: usize| match n {
        0 | 1 => f64::NAN,
        n => (values[last] - values[0]).abs() / (n - 1) as f64,
    };
    let (up, across) = (step(lat, cell(rows - 1, 0), rows), step(lon, cell(0, columns - 1), columns));
    let ratio = across * cosine(lat[lat.len() / 2]) / up;
    // Cells of one row or column, and those over the date line, are drawn as squares.
    let width = if (0.2..=5.0).contains(&ratio) { ratio } else { 1.0 };
    let names = (0..lat.len()).map(|number| format!("row {}, column {}", number / columns + 1, number % columns + 1));
    Sites { of: Of::Cells, at: at.collect(), side: Some([width, 1.0]), names: names.collect(), shape }
}

fn points(of: Of, lat: &[f64], lon: &[f64], names: Vec<String>) -> Sites {
    let north = lat.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let west = lon.iter().copied().fold(f64::INFINITY, f64::min);
    let shrink = cosine(north);
    let at = lat.iter().zip(lon).map(|(&lat, &lon)| [(lon - west) * shrink, north - lat]).collect();
    let names = if names.len() == lat.len() { names } else { (1..=lat.len()).map(|place| place.to_string()).collect() };
    Sites { of, at, side: None, names, shape: vec![lat.len()] }
}

fn of_places(run: &RunReader) -> Result<Sites, Error> {
    let column = |spec: &FieldSpec| -> Result<Vec<f64>, Error> { Ok(run.numbers_of(spec)?.into_iter().collect()) };
    let (lat, lon) = (column(&indices::PLACE_LAT)?, column(&indices::PLACE_LON)?);
    let n_places = lat.len();
    if lon.len() != n_places || n_places == 0 {
        return Err(misfit(run, &indices::PLACE_LON, format!("has {} entries for {n_places} places", lon.len())));
    }
    let is_raster = run.has_field(&indices::PLACE_ROW) && run.has_field(&indices::PLACE_COLUMN);
    if !is_raster {
        let has_names = run.has_field(&indices::PLACE_NAME);
        let names = if has_names { run.text_of(&indices::PLACE_NAME)? } else { Vec::new() };
        return Ok(points(Of::Places, &lat, &lon, names));
    }
    let (row, column) = (column(&indices::PLACE_ROW)?, column(&indices::PLACE_COLUMN)?);
    if row.len() != n_places || column.len() != n_places {
        return Err(misfit(run, &indices::PLACE_ROW, format!("has {} entries for {n_places} places", row.len())));
    }
    let names = row.iter().zip(&column).map(|(row, column)| format!("row {}, column {}", row + 1.0, column + 1.0));
    let names = names.collect();
    let at = column.iter().zip(&row).map(|(&column, &row)| [column, row]).collect();
    Ok(Sites { of: Of::Places, at, side: Some([1.0, 1.0]), names, shape: vec![n_places] })
}

fn cosine(degrees: f64) -> f64 {
    conurb_numerics::sin_cos_degrees(degrees).1.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_north_west_comes_first() {
        // Two rows from the south, three columns from the east, at the equator: cells twice as wide as high.
        let lat = [-0.5, -0.5, -0.5, 0.5, 0.5, 0.5];
        let lon = [4.0, 2.0, 0.0, 4.0, 2.0, 0.0];
        let sites = grid(vec![2, 3], &lat, &lon);
        assert_eq!((sites.at[0], sites.at[5]), ([2.0, 1.0], [0.0, 0.0]));
        let width = sites.side.unwrap()[0];
        assert!((width - 2.0).abs() < 1e-3, "{width}");
        assert_eq!(sites.names[5], "row 2, column 3");
        assert_eq!(grid(vec![1, 1], &[52.0], &[5.0]).side, Some([1.0, 1.0]));
    }

    #[test]
    fn points_lie_as_on_the_ground() {
        let sites = points(Of::Cells, &[60.0, 59.0], &[10.0, 12.0], Vec::new());
        // cos 60° = 1/2
        assert!((sites.at[1][0] - 1.0).abs() < 1e-12 && sites.at[1][1] == 1.0 && sites.at[0] == [0.0, 0.0]);
        assert_eq!(sites.names, ["1", "2"]);
    }
}
