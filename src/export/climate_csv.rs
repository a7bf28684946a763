//! Climate indices of a run as CSV, of the city and of its places: an empty cell where there is no value; what was measured
//! in the reference period has neither a model nor an emission scenario.

use std::io;
use std::path::Path;

use ndarray::Axis;

use super::csv::cell;
use super::file::{Existing, write_file};
use crate::error::Error;
use crate::field::FieldSpec;
use crate::field::climate::cell_state;
use crate::field::climate_indices::{self, Told};
use crate::report::climate::Projections;
use crate::report::climate::cells::Sites;
use crate::report::climate::city::{CityYears, city_indices};
use crate::report::climate::words::unit_suffix;
use crate::report::energy::{misfit, optional};
use crate::store::read::RunReader;

/// Writes one row per index, period and simulation: the mean of the city, and the least and the greatest value of its cells.
///
/// # Errors
/// The run has no indices or is damaged, or the file cannot be written.
pub fn write_indices(run: &RunReader, path: &Path, existing: Existing) -> Result<(), Error> {
    let projections = Projections::read(run)?;
    let years = CityYears::read(run, &projections)?;
    let mut rows = Vec::new();
    for city in city_indices(run, &projections, &years)? {
        let spec = climate_indices::index(city.index, Told::OfCells(projections.axes));
        let ends = ends_of_cells(run, &projections, &spec)?;
        for (period, simulation) in simulations_of_periods(&projections) {
            let [low, high] = ends[period * projections.n_simulations() + simulation];
            let mut row = vec![spec.name.to_owned(), city.index.unit().to_owned()];
            row.extend(who(&projections, period, simulation));
            row.extend([city.means[[period, simulation]], low, high].map(cell));
            rows.push(row);
        }
    }
    let headings = ["index", "unit", FIRST_YEAR, LAST_YEAR, MODEL, FUTURE, "city_mean", "cell_minimum", "cell_maximum"];
    write_file(path, existing, |out| {
        let mut table = ::csv::Writer::from_writer(out);
        table.write_record(headings)?;
        rows.iter().try_for_each(|row| table.write_record(row))?;
        table.flush()
    })
}

/// Writes one row per place of the city, period and simulation, with a column for each index.
///
/// # Errors
/// The run has no places or is damaged, or the file cannot be written.
pub fn write_places(run: &RunReader, path: &Path, existing: Existing) -> Result<(), Error> {
    let projections = Projections::read(run)?;
    let sites = Sites::read(run, &projections)?;
    let places = [&climate_indices::PLACE_LAT, &climate_indices::PLACE_LON, &climate_indices::PLACE_ELEVATION];
    let places = places.into_iter().map(|spec| {
        let values = optional(run, spec, &[sites.len()])?;
        Ok(values.map_or_else(|| vec![f64::NAN; sites.len()], |values| values.into_iter().collect()))
    });
    let places = places.collect::<Result<Vec<Vec<f64>>, Error>>()?;
    let specs = projections.indices.iter().map(|&index| (index, climate_indices::index(index, Told::OfPlaces)));
    let specs: Vec<_> = specs.filter(|(_, spec)| run.has_field(spec)).collect();
    let names = specs.iter().map(|(index, _)| {
        climate_indices::index(*index, Told::OfYears).name.trim_end_matches("_yearly").to_owned() + unit_suffix(*index)
    });
    let first = ["place", "latitude_degN", "longitude_degE", "elevation_m", FIRST_YEAR, LAST_YEAR, MODEL, FUTURE];
    let headings: Vec<String> = first.map(str::to_owned).into_iter().chain(names).collect();
    // Read before anything is written, so that a damaged run leaves no file; all rows of a large city would not fit into memory.
    for (_, spec) in &specs {
        sites.values(run, spec, [0, 0])?;
    }
    write_file(path, existing, |out| {
        let mut table = ::csv::Writer::from_writer(out);
        table.write_record(&headings)?;
        for (period, simulation) in simulations_of_periods(&projections) {
            let who = who(&projections, period, simulation);
            let columns = specs.iter().map(|(_, spec)| sites.values(run, spec, [period, simulation]));
            let columns =
                columns.collect::<Result<Vec<_>, Error>>().map_err(|error| io::Error::other(error.to_string()))?;
            for place in 0..sites.len() {
                let of_place = places.iter().map(|values| cell(values[place]));
                let cells = columns.iter().map(|values| cell(values[place]));
                let row = std::iter::once(sites.names[place].clone()).chain(of_place);
                table.write_record(row.chain(who.iter().cloned()).chain(cells))?;
            }
        }
        table.flush()
    })
}

const FIRST_YEAR: &str = "period_first_year";
const LAST_YEAR: &str = "period_last_year";
const MODEL: &str = "model";
const FUTURE: &str = "future";

/// Periods with their simulations; the reference once, as all of them share it.
fn simulations_of_periods(projections: &Projections) -> impl Iterator<Item = (usize, usize)> {
    let (n_periods, n_simulations) = (projections.periods.len(), projections.n_simulations());
    let futures = (1..n_periods).flat_map(move |period| (0..n_simulations).map(move |simulation| (period, simulation)));
    std::iter::once((0, 0)).chain(futures)
}

/// Period, model and emission scenario.
fn who(projections: &Projections, period: usize, simulation: usize) -> [String; 4] {
    let [first, last] = projections.periods[period].map(|year| year.to_string());
    match period {
        0 => [first, last, String::new(), String::new()],
        _ => [first, last, projections.models[simulation].clone(), projections.futures[simulation].clone()],
    }
}

/// Least and greatest value over cells, by period and simulation; NaN where none has one.
fn ends_of_cells(run: &RunReader, projections: &Projections, spec: &FieldSpec) -> Result<Vec<[f64; 2]>, Error> {
    let cells = run.shape(cell_state(projections.axes).name)?;
    let shape = [vec![projections.periods.len(), projections.n_simulations()], cells].concat();
    let values = optional(run, spec, &shape)?.ok_or_else(|| misfit(run, spec, "is not there".to_owned()))?;
    let ends = values.axis_iter(Axis(0)).flat_map(|of_period| {
        let of_simulation = |values: ndarray::ArrayViewD<'_, f64>| {
            // min and max leave out what is no number.
            values.iter().fold([f64::NAN; 2], |[low, high], &value| [low.min(value), high.max(value)])
        };
        of_period.axis_iter(Axis(0)).map(of_simulation).collect::<Vec<_>>()
    });
    Ok(ends.collect())
}
