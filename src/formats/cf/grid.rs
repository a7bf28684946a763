//! Where the cells of a variable lie.
//!
//! CF Conventions 1.11, chapters 4 to 7 (coordinates, coordinate systems, cell boundaries), 9 (points).

use super::decode::{Decoding, Quantity};
use super::description::{Description, ValueKind, Variable};
use super::file::CfFile;
use super::time;
use crate::error::{Error, Problem};

/// Cells of a variable, those of a grid row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct CfGrid {
    /// Its form.
    pub form: GridForm,
    /// Rows and columns, or the number of points.
    pub shape: Vec<usize>,
    /// Latitude (degrees north): per row, or per cell where rows do not follow it.
    pub lat: Vec<f64>,
    /// Longitude (degrees east): per column, or per cell.
    pub lon: Vec<f64>,
    /// Borders of the cells, where the file gives them.
    pub bounds: Option<CellBounds>,
    /// Coordinates of the projection, where the file gives them.
    pub projected: Option<Projected>,
    /// Names of the points, where the file gives them.
    pub names: Option<Vec<String>>,
    /// Height of the ground (m) per cell, where the file gives it.
    pub elevation: Option<Vec<f64>>,
}

/// Form of a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GridForm {
    /// Rows of equal latitude, columns of equal longitude.
    Regular,
    /// Rows and columns of which each cell has a latitude and a longitude of its own.
    Curvilinear,
    /// Points without neighbours.
    Points,
}

/// Borders or corners of cells.
#[derive(Debug, Clone, PartialEq)]
pub struct CellBounds {
    /// Numbers per entry of `lat`: 2 borders, or as many corners as a cell has.
    pub per_cell: usize,
    /// Latitudes, those of an entry one after the other.
    pub lat: Vec<f64>,
    /// Longitudes.
    pub lon: Vec<f64>,
}

/// Coordinates of a projection.
#[derive(Debug, Clone, PartialEq)]
pub struct Projected {
    /// CF's name of the projection, for example `rotated_latitude_longitude`, if the file gives it.
    pub name: Option<String>,
    /// Coordinate of each row, in the file's unit.
    pub y: Vec<f64>,
    /// Coordinate of each column.
    pub x: Vec<f64>,
}

/// Which dimension of a variable is what; all others have the length 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axes {
    /// Days.
    pub time: Option<usize>,
    /// Rows; none for points.
    pub y: Option<usize>,
    /// Columns, or points; none for a single point.
    pub x: Option<usize>,
}

impl CfGrid {
    /// The cells of a variable, and which of its dimensions they lie along.
    ///
    /// # Errors
    /// Latitude or longitude cannot be found or are no such numbers, or the variable has a further dimension.
    pub fn of(file: &CfFile, variable: &Variable) -> Result<(CfGrid, Axes), Error> {
        let seen = Seen { file, description: file.description(), variable };
        let time = seen.time_dimension();
        let lat = seen.horizontal(Horizontal::Latitude)?;
        let lon = seen.horizontal(Horizontal::Longitude)?;
        let place = |name: &String| variable.dimensions.iter().position(|own| own == name);
        let (form, y, x) = match (lat.dimensions.as_slice(), lon.dimensions.as_slice()) {
            ([], []) => (GridForm::Points, None, None),
            ([of_lat], [of_lon]) if of_lat == of_lon => (GridForm::Points, None, place(of_lon)),
            ([of_lat], [of_lon]) => (GridForm::Regular, place(of_lat), place(of_lon)),
            ([row, column], other) if other == lat.dimensions && row != column => {
                (GridForm::Curvilinear, place(row), place(column))
            }
            (of_lat, of_lon) => {
                let message = format!("latitude is along {of_lat:?}, longitude along {of_lon:?}");
                return Err(file.wrong(variable, &message));
            }
        };
        let axes = Axes { time, y, x };
        seen.refuse_others(axes)?;
        let length = |axis: Option<usize>| axis.map_or(1, |axis| variable.shape[axis]);
        let shape = if form == GridForm::Points { vec![length(x)] } else { vec![length(y), length(x)] };
        let grid = CfGrid {
            form,
            lat: seen.degrees(lat, Horizontal::Latitude, form)?,
            lon: seen.degrees(lon, Horizontal::Longitude, form)?,
            bounds: seen.bounds(lat, lon)?,
            projected: seen.projected(form, axes)?,
            names: if form == GridForm::Points { seen.names(axes)? } else { None },
            elevation: seen.elevation(axes)?,
            shape,
        };
        Ok((grid, axes))
    }

    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Latitude and longitude of a cell.
    pub fn place(&self, cell: usize) -> [f64; 2] {
        match self.form {
            GridForm::Regular => [self.lat[cell / self.shape[1]], self.lon[cell % self.shape[1]]],
            GridForm::Curvilinear | GridForm::Points => [self.lat[cell], self.lon[cell]],
        }
    }

    /// Whether another grid has the same cells in the same order, to a ten-thousandth of a degree.
    pub fn is_same(&self, other: &CfGrid) -> bool {
        const DEGREES: f64 = 1e-4;
        let near = |own: &[f64], other: &[f64]| {
            let is_near = |(own, other): (&f64, &f64)| (own - other).abs() <= DEGREES || own.is_nan() && other.is_nan();
            own.len() == other.len() && own.iter().zip(other).all(is_near)
        };
        self.form == other.form
            && self.shape == other.shape
            && near(&self.lat, &other.lat)
            && near(&self.lon, &other.lon)
    }
}

/// The two coordinates that every cell has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Horizontal {
    Latitude,
    Longitude,
}

impl Horizontal {
    fn name(self) -> &'static str {
        match self {
            Horizontal::Latitude => "latitude",
            Horizontal::Longitude => "longitude",
        }
    }

    /// CF tells them by their units, other files by their names.
    fn is(self, variable: &Variable) -> bool {
        let (unit, short) = match self {
            Horizontal::Latitude => (["degrees_north", "degree_north", "degrees_n", "degree_n", "degreesn"], "lat"),
            Horizontal::Longitude => (["degrees_east", "degree_east", "degrees_e", "degree_e", "degreese"], "lon"),
        };
        let has_unit = variable.text("units").is_some_and(|text| unit.contains(&text.to_ascii_lowercase().as_str()));
        let named = |name: &str| name.eq_ignore_ascii_case(short) || name.eq_ignore_ascii_case(self.name());
        match variable.text("standard_name") {
            Some(standard_name) => standard_name == self.name(),
            None => has_unit || named(&variable.name),
        }
    }

    fn is_valid(self, degrees: f64) -> bool {
        match self {
            Horizontal::Latitude => (-90.0..=90.0).contains(&degrees),
            Horizontal::Longitude => (-360.0..=720.0).contains(&degrees),
        }
    }
}

/// A variable in its file.
struct Seen<'a> {
    file: &'a CfFile,
    description: &'a Description,
    variable: &'a Variable,
}

impl<'a> Seen<'a> {
    fn time_dimension(&self) -> Option<usize> {
        self.variable.dimensions.iter().position(|name| {
            let coordinate = self.description.variable(name);
            coordinate.is_some_and(|coordinate| coordinate.text("units").is_some_and(time::is_time))
        })
    }

    /// Latitude or longitude along dimensions of the variable: those it names first, then coordinate variables.
    fn horizontal(&self, wanted: Horizontal) -> Result<&'a Variable, Error> {
        let own = self.variable;
        let is_along = |of: &Variable| of.dimensions.iter().all(|name| own.dimensions.contains(name));
        let named: Vec<&str> = own.text("coordinates").unwrap_or_default().split_whitespace().collect();
        let rank = |of: &Variable| {
            let is_named = named.contains(&of.name.as_str());
            let is_axis = of.dimensions == [of.name.clone()];
            (!is_named, of.dimensions.is_empty(), !is_axis)
        };
        let candidates = self.description.variables.iter().filter(|candidate| {
            candidate.kind.is_number() && wanted.is(candidate) && is_along(candidate) && candidate.name != own.name
        });
        candidates.min_by_key(|candidate| rank(candidate)).ok_or_else(|| {
            let message = format!("its {} is not in the file", wanted.name());
            let problem = Problem::new(message).in_file(self.file.path()).of_key(&own.name);
            problem.hint("CF tells it by the units degrees_north and degrees_east").into()
        })
    }

    fn refuse_others(&self, axes: Axes) -> Result<(), Error> {
        let known = [axes.time, axes.y, axes.x];
        for (dimension, (name, &length)) in self.variable.dimensions.iter().zip(&self.variable.shape).enumerate() {
            if length != 1 && !known.contains(&Some(dimension)) {
                let message = format!("it has the further dimension {name} of length {length}");
                let problem = Problem::new(message).in_file(self.file.path()).of_key(&self.variable.name);
                return Err(problem.hint("give a file of one level").into());
            }
        }
        Ok(())
    }

    fn degrees(&self, of: &Variable, what: Horizontal, form: GridForm) -> Result<Vec<f64>, Error> {
        let degrees = self.decoded(of)?;
        let may_lack = form == GridForm::Curvilinear;
        let is_right = |degrees: f64| what.is_valid(degrees) || may_lack && degrees.is_nan();
        match degrees.iter().position(|&degrees| !is_right(degrees)) {
            None => Ok(degrees),
            Some(at) => {
                let message = format!("entry {} is {}, which is no {}", at + 1, degrees[at], what.name());
                Err(self.file.wrong(of, &message))
            }
        }
    }

    fn decoded(&self, of: &Variable) -> Result<Vec<f64>, Error> {
        let decoding = Decoding::of(of).map_err(|problem| problem.in_file(self.file.path()))?;
        Ok(self.file.read_all(of)?.into_iter().map(|value| decoding.value(value)).collect())
    }

    /// Borders that both coordinates name, of the same form.
    fn bounds(&self, lat: &Variable, lon: &Variable) -> Result<Option<CellBounds>, Error> {
        let of = |coordinate: &Variable| {
            let bounds = self.description.variable(coordinate.text("bounds")?.trim())?;
            let (last, rest) = bounds.shape.split_last()?;
            (bounds.kind.is_number() && rest == coordinate.shape && *last > 1).then_some((bounds, *last))
        };
        let (Some((of_lat, per_cell)), Some((of_lon, same))) = (of(lat), of(lon)) else { return Ok(None) };
        if per_cell != same {
            return Ok(None);
        }
        Ok(Some(CellBounds { per_cell, lat: self.decoded(of_lat)?, lon: self.decoded(of_lon)? }))
    }

    fn projected(&self, form: GridForm, axes: Axes) -> Result<Option<Projected>, Error> {
        let (GridForm::Curvilinear, Some(y), Some(x)) = (form, axes.y, axes.x) else { return Ok(None) };
        let coordinate = |axis: usize| {
            let name = &self.variable.dimensions[axis];
            self.description.variable(name).filter(|found| found.dimensions == [name.clone()] && found.kind.is_number())
        };
        let (Some(y), Some(x)) = (coordinate(y), coordinate(x)) else { return Ok(None) };
        let mapping = self.variable.text("grid_mapping").and_then(|name| self.description.variable(name.trim()));
        let name = mapping.and_then(|mapping| mapping.text("grid_mapping_name")).map(str::to_owned);
        Ok(Some(Projected { name, y: self.decoded(y)?, x: self.decoded(x)? }))
    }

    /// Texts along the points: the identifier that CF marks, else those named as the dimension, else the first.
    fn names(&self, axes: Axes) -> Result<Option<Vec<String>>, Error> {
        let Some(points) = axes.x else { return Ok(None) };
        let name = &self.variable.dimensions[points];
        let is_along = |of: &&Variable| match of.kind {
            ValueKind::Texts => of.dimensions == [name.clone()],
            ValueKind::Text(1) => of.dimensions.len() == 2 && of.dimensions[0] == *name,
            ValueKind::Text(_) => of.dimensions == [name.clone()],
            _ => false,
        };
        let rank = |of: &&Variable| (of.text("cf_role") != Some("timeseries_id"), of.name != *name);
        let found = self.description.variables.iter().filter(is_along).min_by_key(rank);
        found.map(|found| self.file.read_texts(found)).transpose()
    }

    fn elevation(&self, axes: Axes) -> Result<Option<Vec<f64>>, Error> {
        let along = |axis: Option<usize>| axis.map(|axis| self.variable.dimensions[axis].clone());
        let dimensions: Vec<String> = [along(axes.y), along(axes.x)].into_iter().flatten().collect();
        let is_elevation = |of: &&Variable| {
            let is_named = of.text("standard_name") == Some("surface_altitude") || of.name == "orog";
            is_named && of.kind.is_number() && of.dimensions == dimensions
        };
        let Some(found) = self.description.variables.iter().find(is_elevation) else { return Ok(None) };
        let Some(conversion) = found.text("units").and_then(|units| Quantity::Length.conversion_from(units)) else {
            return Ok(None);
        };
        Ok(Some(self.decoded(found)?.into_iter().map(|height| conversion.apply(height)).collect()))
    }
}
