//! What the stage writes: days and indices of cells tile by tile, coordinates and names at once.

use conurb_climate::calendar::Date;
use conurb_climate::days::Days;
use conurb_climate::indices::Index;
use ndarray::{Array1, Array2, ArrayD, IxDyn};

use super::grid::TargetGrid;
use super::tiles::{Tile, Tiling};
use crate::error::Error;
use crate::field::climate::{self as field, CellAxes, Simulations};
use crate::field::climate_indices::{self, Told};
use crate::field::{FieldSpec, Values};
use crate::scenario::ClimateVariable;
use crate::stages::FieldSink;
use crate::stages::writing::{write_f64, write_i32};

/// A run of a model into the future, by the places of both in the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulation {
    /// The model.
    pub model: usize,
    /// The emission scenario.
    pub emission: usize,
}

/// Which fields a run writes, and how large they are.
pub struct Layout {
    /// How cells are arranged.
    pub axes: CellAxes,
    /// The variables whose days are written.
    pub daily: Vec<ClimateVariable>,
    /// Days of the future, where days are written.
    pub days: Option<Days>,
    /// The indices.
    pub indices: Vec<Index>,
    /// The simulations, emission scenario by emission scenario.
    pub simulations: Vec<Simulation>,
    /// Names of models and emission scenarios.
    pub names: (Vec<String>, Vec<String>),
    /// First and last year of the reference and of each period.
    pub periods: Vec<[i32; 2]>,
    /// Years of the reference and of all periods.
    pub years: Vec<i32>,
}

/// What was computed of a tile.
pub struct TileResult {
    /// The tile.
    pub tile: Tile,
    /// What became of its cells, as in the field `cell_state`.
    pub states: Vec<i32>,
    /// Days by variable, simulation and cell.
    pub days: Vec<Vec<Vec<f32>>>,
    /// Means of indices by index, period, simulation and cell.
    pub means: Vec<f32>,
    /// Percentiles and agreement by index, kind, period, emission scenario and cell; empty without ensembles.
    pub ensembles: Vec<f32>,
}

/// Kinds of [`TileResult::ensembles`].
pub const ENSEMBLE_KINDS: usize = 4;

impl Layout {
    /// Whether models are compared.
    pub fn has_ensembles(&self) -> bool {
        self.names.0.len() >= super::indices::LEAST_MODELS
    }

    fn has_several(&self) -> Simulations {
        if self.simulations.len() > 1 { Simulations::Several } else { Simulations::One }
    }

    fn daily_fields(&self) -> Vec<FieldSpec> {
        let is_written = self.days.is_some();
        let field = |&variable: &ClimateVariable| field::daily(variable, self.axes, self.has_several());
        self.daily.iter().filter(|_| is_written).map(field).collect()
    }

    fn ensemble_fields(&self, index: Index) -> [FieldSpec; ENSEMBLE_KINDS] {
        let axes = self.axes;
        [Told::Percentile10(axes), Told::Percentile50(axes), Told::Percentile90(axes), Told::Agreement(axes)]
            .map(|told| climate_indices::index(index, told))
    }

    /// The fields that are written.
    pub fn fields(&self) -> Vec<FieldSpec> {
        let axes = self.axes;
        let mut fields = vec![field::lat(axes), field::lon(axes), field::cell_state(axes)];
        fields.extend([field::SIMULATION_MODEL, field::SIMULATION_FUTURE]);
        fields.extend([field::PERIOD_FIRST_YEAR, field::PERIOD_LAST_YEAR]);
        if axes == CellAxes::Places {
            fields.push(field::LOCATION_NAME);
        }
        if let Some(days) = &self.days {
            fields.extend([field::time(days.calendar), field::TIME_BOUNDS]);
        }
        fields.extend(self.daily_fields());
        for &index in &self.indices {
            fields.push(climate_indices::index(index, Told::OfCells(axes)));
            fields.push(climate_indices::index(index, Told::OfYears));
            if self.has_ensembles() {
                fields.extend(self.ensemble_fields(index));
            }
        }
        if !self.indices.is_empty() {
            fields.push(climate_indices::CLIMATE_YEAR);
            fields.extend(self.has_ensembles().then_some(climate_indices::EMISSION_NAME));
        }
        fields
    }

    /// Announces all fields of cells and writes their coordinates.
    ///
    /// # Errors
    /// The store cannot take them.
    pub fn create(&self, sink: &mut dyn FieldSink, grid: &TargetGrid, tiling: &Tiling) -> Result<(), Error> {
        let cells = self.cell_shape(tiling);
        let of_cells = |values: &[f64]| ArrayD::from_shape_vec(IxDyn(&cells), values.to_vec());
        for (spec, values) in [(field::lat(self.axes), &grid.lat), (field::lon(self.axes), &grid.lon)] {
            let values = of_cells(values).expect("a place for each cell");
            sink.write(&spec, Values::F64(values.view()))?;
        }
        if self.axes == CellAxes::Places {
            sink.write(&field::LOCATION_NAME, Values::Text(&grid.names))?;
        }
        let models: Vec<String> =
            self.simulations.iter().map(|simulation| self.names.0[simulation.model].clone()).collect();
        let futures: Vec<String> =
            self.simulations.iter().map(|simulation| self.names.1[simulation.emission].clone()).collect();
        sink.write(&field::SIMULATION_MODEL, Values::Text(&models))?;
        sink.write(&field::SIMULATION_FUTURE, Values::Text(&futures))?;
        let years = |end: usize| self.periods.iter().map(|period| period[end]).collect::<Vec<i32>>();
        write_i32(sink, &field::PERIOD_FIRST_YEAR, &years(0))?;
        write_i32(sink, &field::PERIOD_LAST_YEAR, &years(1))?;
        sink.create_tiled(&field::cell_state(self.axes), &cells, &self.tile_shape(tiling))?;
        if let Some(days) = &self.days {
            write_times(sink, days)?;
            let several = if self.simulations.len() > 1 { vec![self.simulations.len()] } else { Vec::new() };
            let one = if self.simulations.len() > 1 { vec![1] } else { Vec::new() };
            let shape = [several, vec![days.len()], cells.clone()].concat();
            let tile = [one, vec![tiling.chunk_days], self.tile_shape(tiling)].concat();
            self.daily_fields().iter().try_for_each(|spec| sink.create_tiled(spec, &shape, &tile))?;
        }
        self.create_indices(sink, tiling)
    }

    fn create_indices(&self, sink: &mut dyn FieldSink, tiling: &Tiling) -> Result<(), Error> {
        if self.indices.is_empty() {
            return Ok(());
        }
        write_i32(sink, &climate_indices::CLIMATE_YEAR, &self.years)?;
        let cells = self.cell_shape(tiling);
        let tile = |n: [usize; 2]| [n.to_vec(), self.tile_shape(tiling)].concat();
        let of_simulations = [self.periods.len(), self.simulations.len()];
        let of_emissions = [self.periods.len(), self.names.1.len()];
        for &index in &self.indices {
            let spec = climate_indices::index(index, Told::OfCells(self.axes));
            sink.create_tiled(&spec, &[of_simulations.to_vec(), cells.clone()].concat(), &tile(of_simulations))?;
            for spec in self.ensemble_fields(index).iter().filter(|_| self.has_ensembles()) {
                sink.create_tiled(spec, &[of_emissions.to_vec(), cells.clone()].concat(), &tile(of_emissions))?;
            }
        }
        if self.has_ensembles() {
            sink.write(&climate_indices::EMISSION_NAME, Values::Text(&self.names.1))?;
        }
        Ok(())
    }

    /// Writes some tiles of this rank; collective, with any number of tiles.
    ///
    /// # Errors
    /// The store cannot take them.
    pub fn write(&self, sink: &mut dyn FieldSink, tiling: &Tiling, results: &[TileResult]) -> Result<(), Error> {
        let states: Vec<_> = results
            .iter()
            .map(|result| (self.start(&result.tile), self.block(&[], &result.tile, result.states.clone())))
            .collect();
        let parts: Vec<_> = states.iter().map(|(start, block)| (start.clone(), Values::I32(block.view()))).collect();
        sink.write_tiles(&field::cell_state(self.axes), &parts)?;
        for (variable, spec) in self.daily_fields().iter().enumerate() {
            let blocks: Vec<(Vec<usize>, ArrayD<f32>)> =
                results.iter().flat_map(|result| self.daily_blocks(tiling, result, variable)).collect();
            let parts: Vec<_> =
                blocks.iter().map(|(start, block)| (start.clone(), Values::F32(block.view()))).collect();
            sink.write_tiles(spec, &parts)?;
        }
        for (number, &index) in self.indices.iter().enumerate() {
            let spec = climate_indices::index(index, Told::OfCells(self.axes));
            let shape = [self.periods.len(), self.simulations.len()];
            self.write_index(sink, &spec, results, shape, |result| (&result.means, number))?;
            let shape = [self.periods.len(), self.names.1.len()];
            for (kind, spec) in self.ensemble_fields(index).iter().enumerate().filter(|_| self.has_ensembles()) {
                let place = number * ENSEMBLE_KINDS + kind;
                self.write_index(sink, spec, results, shape, |result| (&result.ensembles, place))?;
            }
        }
        Ok(())
    }

    fn write_index(
        &self,
        sink: &mut dyn FieldSink,
        spec: &FieldSpec,
        results: &[TileResult],
        shape: [usize; 2],
        values: impl Fn(&TileResult) -> (&Vec<f32>, usize),
    ) -> Result<(), Error> {
        let block = |result: &TileResult| {
            let (values, number) = values(result);
            let n_values = shape[0] * shape[1] * result.tile.n_cells();
            let own = values[number * n_values..(number + 1) * n_values].to_vec();
            ([vec![0, 0], self.start(&result.tile)].concat(), self.block(&shape, &result.tile, own))
        };
        let blocks: Vec<(Vec<usize>, ArrayD<f32>)> = results.iter().map(block).collect();
        let parts: Vec<_> = blocks.iter().map(|(start, block)| (start.clone(), Values::F32(block.view()))).collect();
        sink.write_tiles(spec, &parts)
    }

    /// Days of a variable in a tile as chunks of the file: all cells of a day, then those of the next.
    fn daily_blocks(&self, tiling: &Tiling, result: &TileResult, variable: usize) -> Vec<(Vec<usize>, ArrayD<f32>)> {
        let n_days = self.days.as_ref().map_or(0, Days::len);
        let n_cells = result.tile.n_cells();
        let mut blocks = Vec::new();
        for (simulation, series) in result.days[variable].iter().enumerate() {
            for first in (0..n_days).step_by(tiling.chunk_days) {
                let days = first..(first + tiling.chunk_days).min(n_days);
                let mut values = vec![0.0; days.len() * n_cells];
                for (cell, series) in series.chunks_exact(n_days).enumerate() {
                    for (row, &value) in values.chunks_exact_mut(n_cells).zip(&series[days.clone()]) {
                        row[cell] = value;
                    }
                }
                let several = self.simulations.len() > 1;
                let (start, shape) = match several {
                    true => (vec![simulation, first], vec![1, days.len()]),
                    false => (vec![first], vec![days.len()]),
                };
                let start = [start, self.start(&result.tile)].concat();
                blocks.push((start, self.block(&shape, &result.tile, values)));
            }
        }
        blocks
    }

    /// Values of a tile behind other axes.
    fn block<T>(&self, before: &[usize], tile: &Tile, values: Vec<T>) -> ArrayD<T> {
        let cells = match self.axes {
            CellAxes::Grid => vec![tile.rows.len(), tile.columns.len()],
            CellAxes::Places => vec![tile.columns.len()],
        };
        let shape = [before.to_vec(), cells].concat();
        ArrayD::from_shape_vec(IxDyn(&shape), values).expect("a value for each cell")
    }

    fn start(&self, tile: &Tile) -> Vec<usize> {
        match self.axes {
            CellAxes::Grid => vec![tile.rows.start, tile.columns.start],
            CellAxes::Places => vec![tile.columns.start],
        }
    }

    fn cell_shape(&self, tiling: &Tiling) -> Vec<usize> {
        match self.axes {
            CellAxes::Grid => tiling.rows_columns.to_vec(),
            CellAxes::Places => vec![tiling.rows_columns[1]],
        }
    }

    fn tile_shape(&self, tiling: &Tiling) -> Vec<usize> {
        match self.axes {
            CellAxes::Grid => tiling.tile.to_vec(),
            CellAxes::Places => vec![tiling.tile[1]],
        }
    }

    /// Writes yearly means of the city by index, simulation and year.
    ///
    /// # Errors
    /// The store cannot take them.
    pub fn write_years(&self, sink: &mut dyn FieldSink, means: &[f64]) -> Result<(), Error> {
        let shape = (self.simulations.len(), self.years.len());
        for (&index, values) in self.indices.iter().zip(means.chunks_exact((shape.0 * shape.1).max(1))) {
            let values = Array2::from_shape_vec(shape, values.to_vec()).expect("a value for each year");
            let spec = climate_indices::index(index, Told::OfYears);
            sink.write(&spec, Values::F64(values.view().into_dyn()))?;
        }
        Ok(())
    }
}

fn write_times(sink: &mut dyn FieldSink, days: &Days) -> Result<(), Error> {
    let epoch = Date { year: field::EPOCH_YEAR, month: 1, day: 1 };
    let epoch = days.calendar.day_number(epoch).expect("all years begin");
    let starts: Vec<f64> = days.numbers().iter().map(|number| (number - epoch) as f64).collect();
    write_f64(sink, &field::time(days.calendar), &starts)?;
    let bounds = Array1::from_iter(starts.iter().flat_map(|start| [*start, start + 1.0]));
    let bounds = bounds.into_shape_with_order((starts.len(), 2)).expect("two ends of each day");
    sink.write(&field::TIME_BOUNDS, Values::F64(bounds.view().into_dyn()))
}
