//! Reading the places of a city and who lives there.

use std::ops::Range;
use std::path::Path;

use super::super::Reader;
use super::super::place::{Elevation, Located, common_crs};
use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::geotiff::GeoTiff;
use crate::formats::projection::Projection;
use crate::formats::tables::{InhabitedPlace, read_population, read_stations};
use crate::scenario::{CityLayer, CityPlaces, Scenario};

/// Places of a city.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CityInputs {
    /// Name of each, where they are stations.
    pub names: Vec<String>,
    /// Row from the north and column from the west of each, where they are cells of a raster.
    pub raster: Vec<[usize; 2]>,
    /// Degrees north of each.
    pub lat: Vec<f64>,
    /// Degrees east of each.
    pub lon: Vec<f64>,
    /// Metres above sea level of each.
    pub elevation_m: Vec<f64>,
    /// Covariates of each, in the order of the scenario.
    pub covariates: Vec<Vec<f64>>,
}

/// Who lives where.
#[derive(Debug, Clone, PartialEq)]
pub enum Population {
    /// People by the name of a place.
    Named(Vec<(String, f64)>),
    /// Degrees north, degrees east and people.
    At(Vec<[f64; 3]>),
}

/// Most cells of a city.
const MOST_PLACES: f64 = 4e6;
/// Share of a cell that a raster may reach beyond its last one by rounding.
const ROUNDING: f64 = 1e-6;

impl Reader<'_> {
    /// Reads the places that `[climate.city]` names.
    ///
    /// # Errors
    /// Everything wrong with the files; rasters in different reference systems.
    pub(super) fn city(
        &mut self,
        scenario: &Scenario,
        layer: &CityLayer,
        warnings: &mut Vec<Warning>,
    ) -> Result<CityInputs, Error> {
        match &layer.places {
            CityPlaces::Stations(file) => {
                let names: Vec<&str> = layer.covariates.iter().map(|covariate| &*covariate.name).collect();
                let read = read_stations(Source { file, bytes: &self.bytes(file)? }, &names);
                let (stations, more) = self.runtime.agree(read)?;
                warnings.extend(more);
                let mut city = CityInputs::default();
                for station in stations {
                    city.names.push(station.name);
                    city.push([station.latitude, station.longitude], station.elevation_m, station.covariates);
                }
                Ok(city)
            }
            CityPlaces::Raster { elevation, cell_m } => {
                let of_covariates = layer.covariates.iter().filter_map(|covariate| covariate.raster.as_deref());
                let files = std::iter::once(("climate.city.elevation", &**elevation))
                    .chain(of_covariates.map(|file| ("climate.city.covariate", file)));
                let mut located = Vec::new();
                let mut rasters = Vec::new();
                for (key, file) in files {
                    rasters.push(self.raster(key, file, &mut located)?);
                }
                let crs = common_crs(scenario.crs.as_deref(), &located, warnings)?;
                self.runtime.agree(cells_of(&rasters, *cell_m, &crs, elevation))
            }
        }
    }

    /// Reads the inhabitants that `climate.indices.population` names.
    ///
    /// # Errors
    /// Everything wrong with the file.
    pub(super) fn population(
        &mut self,
        scenario: &Scenario,
        file: &Path,
        warnings: &mut Vec<Warning>,
    ) -> Result<Population, Error> {
        let ending = file.extension().map(|ending| ending.to_ascii_lowercase());
        if ending.is_some_and(|ending| ending == "tif" || ending == "tiff") {
            let mut located = Vec::new();
            let raster = self.raster("climate.indices.population", file, &mut located)?;
            let crs = common_crs(scenario.crs.as_deref(), &located, warnings)?;
            return self.runtime.agree(people_of(&raster, &crs, file));
        }
        let read = read_population(Source { file, bytes: &self.bytes(file)? });
        let (rows, more) = self.runtime.agree(read)?;
        warnings.extend(more);
        let (mut named, mut at) = (Vec::new(), Vec::new());
        for row in rows {
            match row.place {
                InhabitedPlace::Named(name) => named.push((name, row.people)),
                InhabitedPlace::At { latitude, longitude } => at.push([latitude, longitude, row.people]),
            }
        }
        Ok(if named.is_empty() { Population::At(at) } else { Population::Named(named) })
    }

    fn raster<'a>(
        &mut self,
        key: &'static str,
        file: &'a Path,
        located: &mut Vec<Located<'a>>,
    ) -> Result<Elevation, Error> {
        let bytes = self.bytes(file)?;
        let raster = self.runtime.agree(GeoTiff::open(file, bytes))?;
        located.push(Located { key, file, crs: raster.frame().crs.clone() });
        Ok(raster)
    }
}

impl CityInputs {
    /// How many they are.
    pub fn len(&self) -> usize {
        self.lat.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lat.is_empty()
    }

    fn push(&mut self, [lat, lon]: [f64; 2], elevation_m: f64, covariates: Vec<f64>) {
        self.lat.push(lat);
        self.lon.push(lon);
        self.elevation_m.push(elevation_m);
        self.covariates.push(covariates);
    }
}

/// The cells of a city: elevation and covariates in cells of `cell_m` from the north-western corner of the elevation on;
/// those where any is missing are left out.
fn cells_of(rasters: &[Elevation], cell_m: f64, crs: &str, file: &Path) -> Result<CityInputs, Error> {
    let frame = rasters[0].frame();
    let count = |n: usize| (n as f64 * frame.cell_m / cell_m - ROUNDING).ceil().max(1.0);
    let (rows, columns) = (count(frame.rows), count(frame.columns));
    if rows * columns > MOST_PLACES {
        let message = format!("{rows} rows and {columns} columns of {cell_m} m are more than {MOST_PLACES} cells");
        let problem = Problem::new(message).in_file(file).of_key("climate.city.cell_m");
        return Err(problem.hint("larger cells, or a smaller raster").into());
    }
    let projection = Projection::to_longitude_latitude(crs).map_err(|problem| problem.in_file(file))?;
    let mut city = CityInputs::default();
    for row in 0..rows as usize {
        let north = frame.north - row as f64 * cell_m;
        let means = rasters.iter().map(|raster| row_means(raster, [frame.west, north], cell_m, columns as usize));
        let means = means.collect::<Result<Vec<_>, Error>>()?;
        for column in 0..columns as usize {
            let values: Vec<f64> = means.iter().map(|means| means[column]).collect();
            if values.iter().any(|value| value.is_nan()) {
                continue;
            }
            let centre = [frame.west + (column as f64 + 0.5) * cell_m, north - 0.5 * cell_m];
            let [lon, lat] = projection.point(centre).ok_or_else(|| no_place(crs, centre, file))?;
            city.raster.push([row, column]);
            city.push([lat, lon], values[0], values[1..].to_vec());
        }
    }
    if city.is_empty() {
        let problem = Problem::new("no cell has an elevation and all covariates").in_file(file);
        return Err(problem.of_key("climate.city.elevation").hint("the rasters must lie over each other").into());
    }
    Ok(city)
}

fn no_place(crs: &str, [x, y]: [f64; 2], file: &Path) -> Problem {
    Problem::new(format!("{x}, {y} of {crs} is no place on Earth")).in_file(file)
}

/// Means of a raster in a row of cells from a corner on; NaN where it has no value.
fn row_means(raster: &Elevation, [west, north]: [f64; 2], cell_m: f64, columns: usize) -> Result<Vec<f64>, Error> {
    let frame = raster.frame();
    let rows = cells_within(frame.north - north, cell_m, frame.cell_m, frame.rows);
    let columns_of = |column: usize| {
        let from = west + column as f64 * cell_m - frame.west;
        cells_within(from, cell_m, frame.cell_m, frame.columns)
    };
    let all = columns_of(0).start..columns_of(columns - 1).end;
    if rows.is_empty() || all.is_empty() {
        return Ok(vec![f64::NAN; columns]);
    }
    let n_read = all.len();
    let window = raster.window(rows, all.clone())?;
    let mean = |column: usize| {
        let own = columns_of(column);
        let (mut sum, mut n) = (0.0, 0_u32);
        for row in window.values.chunks_exact(n_read) {
            for &value in row.get(own.start.max(all.start) - all.start..own.end - all.start).unwrap_or(&[]) {
                if value.is_finite() {
                    sum += f64::from(value);
                    n += 1;
                }
            }
        }
        if n == 0 { f64::NAN } else { sum / f64::from(n) }
    };
    Ok((0..columns).map(mean).collect())
}

/// Cells of a raster along one axis whose middles lie in a cell of the city; of coarser rasters the one around its middle.
///
/// `from` is where the cell begins, counted from the edge of the raster.
fn cells_within(from: f64, size: f64, raster_cell: f64, n: usize) -> Range<usize> {
    let [first, end] = if raster_cell <= size {
        [from, from + size].map(|edge| (edge / raster_cell - 0.5 - ROUNDING).ceil())
    } else {
        let own = ((from + size / 2.0) / raster_cell).floor();
        [own, own + 1.0]
    };
    let inside = |edge: f64| edge.clamp(0.0, n as f64) as usize;
    inside(first)..inside(end)
}

/// The inhabited cells of a raster.
fn people_of(raster: &Elevation, crs: &str, file: &Path) -> Result<Population, Error> {
    let frame = raster.frame();
    let projection = Projection::to_longitude_latitude(crs).map_err(|problem| problem.in_file(file))?;
    let mut people = Vec::new();
    for row in 0..frame.rows {
        let window = raster.window(row..row + 1, 0..frame.columns)?;
        for (column, &value) in window.values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
            let centre =
                [frame.west + (column as f64 + 0.5) * frame.cell_m, frame.north - (row as f64 + 0.5) * frame.cell_m];
            if value < 0.0 {
                let message = format!("{value} people live in row {} and column {}", row + 1, column + 1);
                let problem = Problem::new(message).in_file(file).of_key("climate.indices.population");
                return Err(problem.hint("cells without data have the value that the file says").into());
            }
            if value > 0.0 {
                let [lon, lat] = projection.point(centre).ok_or_else(|| no_place(crs, centre, file))?;
                people.push([lat, lon, f64::from(value)]);
            }
        }
    }
    Ok(Population::At(people))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_take_the_middles_that_lie_in_them() {
        // Raster cells of 10 m in cells of 25 m: middles 5, 15 | 25 35 45 | 55 65.
        let of = |cell: usize| cells_within(cell as f64 * 25.0, 25.0, 10.0, 7);
        assert_eq!([of(0), of(1), of(2), of(3)], [0..2, 2..5, 5..7, 7..7]);
        // Coarser: the one around the middle.
        let of = |cell: usize| cells_within(cell as f64 * 25.0, 25.0, 60.0, 2);
        assert_eq!([of(0), of(1), of(2), of(4), of(5)], [0..1, 0..1, 1..2, 1..2, 2..2]);
        assert_eq!(cells_within(-30.0, 25.0, 10.0, 7), 0..0);
        assert_eq!(cells_within(-15.0, 25.0, 10.0, 7), 0..1);
    }

    proptest::proptest! {
        /// Each cell of a finer raster belongs to exactly one cell of the city.
        #[test]
        fn middles_belong_to_one_cell(size in 1.0_f64..50.0, share in 0.1_f64..1.0, shift in -100.0_f64..100.0) {
            let mut seen = vec![0; 40];
            for cell in -200..2000 {
                for inside in cells_within(shift + f64::from(cell) * size, size, size * share, 40) {
                    seen[inside] += 1;
                }
            }
            proptest::prop_assert!(seen.iter().all(|&times| times == 1), "{:?}", seen);
        }
    }
}
