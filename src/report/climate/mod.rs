//! Downscaled climate of a finished run as checked tables, for the report and the exports.

pub mod cells;
pub mod city;
pub mod hours;
pub mod words;

use conurb_climate::indices::Index;

use crate::error::Error;
use crate::field::climate::{self as field, CellAxes};
use crate::field::climate_indices::{self, Told};
use crate::report::energy::misfit;
use crate::store::read::RunReader;

/// Whether a run has projections of the climate.
pub fn has_projections(run: &RunReader) -> bool {
    run.has_field(&field::SIMULATION_MODEL)
}

/// Whether a run has indices of the climate.
pub fn has_indices(run: &RunReader) -> bool {
    has_projections(run) && run.has_field(&climate_indices::CLIMATE_YEAR)
}

/// Whether a run has indices at places of the city.
pub fn has_places(run: &RunReader) -> bool {
    has_indices(run) && run.has_field(&climate_indices::PLACE_LAT)
}

/// What was projected: by which models, for which emissions, and for when.
#[derive(Debug, Clone, PartialEq)]
pub struct Projections {
    /// How cells are arranged.
    pub axes: CellAxes,
    /// Climate model of each simulation.
    pub models: Vec<String>,
    /// Emission scenario of each simulation.
    pub futures: Vec<String>,
    /// Name of each emission scenario, in the order of the simulations.
    pub emissions: Vec<String>,
    /// First and last year of the reference and of each period.
    pub periods: Vec<[i32; 2]>,
    /// The indices that the run has.
    pub indices: Vec<Index>,
}

impl Projections {
    /// The projections of a run that has them.
    ///
    /// # Errors
    /// Its fields do not fit together.
    pub fn read(run: &RunReader) -> Result<Projections, Error> {
        let models = run.text_of(&field::SIMULATION_MODEL)?;
        let futures = run.text_of(&field::SIMULATION_FUTURE)?;
        if futures.len() != models.len() || models.is_empty() {
            let what = format!("has {} entries for {} simulations", futures.len(), models.len());
            return Err(misfit(run, &field::SIMULATION_FUTURE, what));
        }
        let axes = if run.has_field(&field::LOCATION_NAME) { CellAxes::Places } else { CellAxes::Grid };
        let is_there = |index: &Index| run.has_field(&climate_indices::index(*index, Told::OfYears));
        let indices = Index::ALL.into_iter().filter(|_| has_indices(run)).filter(is_there).collect();
        let mut emissions: Vec<String> = Vec::new();
        for future in &futures {
            if !emissions.contains(future) {
                emissions.push(future.clone());
            }
        }
        Ok(Projections { axes, models, futures, emissions, periods: periods(run)?, indices })
    }

    /// Number of simulations.
    pub fn n_simulations(&self) -> usize {
        self.models.len()
    }

    /// Simulations of an emission scenario.
    pub fn simulations_of(&self, emission: usize) -> impl Iterator<Item = usize> + '_ {
        let wanted = &self.emissions[emission];
        self.futures.iter().enumerate().filter(move |(_, future)| *future == wanted).map(|(simulation, _)| simulation)
    }

    /// A simulation by model and emission scenario.
    pub fn name(&self, simulation: usize) -> String {
        format!("{}, {}", self.models[simulation], self.futures[simulation])
    }
}

/// A period as people write it.
pub fn years_text([first, last]: [i32; 2]) -> String {
    format!("{first}–{last}")
}

fn periods(run: &RunReader) -> Result<Vec<[i32; 2]>, Error> {
    let years = |spec| -> Result<Vec<i32>, Error> {
        let values = run.numbers_of(spec)?;
        Ok(values.iter().map(|&year| year as i32).collect())
    };
    let (first, last) = (years(&field::PERIOD_FIRST_YEAR)?, years(&field::PERIOD_LAST_YEAR)?);
    let periods: Vec<[i32; 2]> = first.iter().zip(&last).map(|(&first, &last)| [first, last]).collect();
    let are_periods = first.len() == last.len() && periods.iter().all(|[first, last]| first <= last);
    match are_periods && !periods.is_empty() {
        true => Ok(periods),
        false => {
            let what = format!("does not end the {} periods", first.len());
            Err(misfit(run, &field::PERIOD_LAST_YEAR, what))
        }
    }
}
