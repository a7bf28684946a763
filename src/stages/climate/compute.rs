//! A tile of cells: from the series of the files to adjusted days and indices.

use std::time::Instant;

use super::axes::{ModelAxes, ReferenceAxes};
use super::city::{CityScratch, PlaceValue, Places, Series};
use super::coarse::{Coarse, CoarseMeans};
use super::indices::{CellDays, IndexDays, IndexPlan, IndexScratch, ensemble};
use super::methods::{Cell, MethodScratch, Methods, Training};
use super::output::{ENSEMBLE_KINDS, Layout, TileResult};
use super::source::{Source, SourceScratch};
use super::sums::YearSums;
use super::tiles::{Tile, Tiling};
use crate::error::Error;
use crate::scenario::ClimateVariable;

/// Series of all variables, cell by cell.
pub struct Sources<'a> {
    /// References by variable.
    pub references: Vec<Source<'a>>,
    /// Pasts by variable and model.
    pub historical: Vec<Vec<Source<'a>>>,
    /// Futures by variable, model and emission scenario.
    pub futures: Vec<Vec<Vec<Source<'a>>>>,
}

/// What all tiles share.
pub struct Shared<'a> {
    /// The variables.
    pub variables: &'a [ClimateVariable],
    /// Where series come from.
    pub sources: Sources<'a>,
    /// Days of the reference.
    pub reference: &'a ReferenceAxes,
    /// Days of the models.
    pub models: &'a [ModelAxes],
    /// How they are adjusted.
    pub methods: &'a Methods,
    /// What is written.
    pub layout: &'a Layout,
    /// The indices, days of the reference, and days of each model.
    pub indices: (&'a IndexPlan, &'a IndexDays, &'a [IndexDays]),
    /// The cells.
    pub cells: &'a [Cell],
    /// Weight of each cell in means of the city.
    pub weights: &'a [f64],
    /// Share of each cell in the area of a cell of a model, whoever lives there.
    pub areas: &'a [f64],
    /// The reference on the cells of models, by variable and model, where methods need it.
    pub coarse: &'a [Vec<Option<Coarse>>],
    /// Places of the city, if asked for.
    pub places: Option<&'a Places>,
}

/// What became of a cell, as in the field `cell_state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CellState {
    /// All variables were adjusted.
    Adjusted = 0,
    /// A model does not reach it.
    OutsideOfModel = 1,
    /// A reference has no value there.
    WithoutReference = 2,
    /// A model has no value there.
    WithoutModel = 3,
    /// Some days have no days to be adjusted by.
    WithoutTraining = 4,
}

impl CellState {
    /// All of them, in the order of their numbers.
    pub const ALL: [CellState; 5] = [
        CellState::Adjusted,
        CellState::OutsideOfModel,
        CellState::WithoutReference,
        CellState::WithoutModel,
        CellState::WithoutTraining,
    ];
}

/// What a tile gives besides its fields.
pub struct TileSums {
    /// Sums over cells of indices by year.
    pub years: YearSums,
    /// Indices at places of the city.
    pub places: Vec<PlaceValue>,
    /// Seconds of reading.
    pub read_seconds: f64,
    /// Values that were moved into their physical range.
    pub n_clamped: u64,
    /// Cells by what became of them.
    pub n_cells: [u64; CellState::ALL.len()],
}

/// Working memory of a thread.
#[derive(Default)]
pub struct Scratch {
    source: SourceScratch,
    methods: Option<MethodScratch>,
    index: IndexScratch,
    city: CityScratch,
    coarse: CoarseMeans,
    raw: Vec<Vec<f32>>,
    steps: Vec<f32>,
    reference: Vec<Vec<f32>>,
    training: Vec<Training>,
    future: Vec<Vec<f32>>,
    out: Vec<Vec<f32>>,
}

impl Shared<'_> {
    /// Computes a tile.
    ///
    /// # Errors
    /// Series cannot be read.
    pub fn tile(&self, tiling: &Tiling, tile: &Tile, scratch: &mut Scratch) -> Result<(TileResult, TileSums), Error> {
        let (layout, n_cells) = (self.layout, tile.n_cells());
        let (n_simulations, n_periods) = (layout.simulations.len(), layout.periods.len());
        let n_days = layout.days.as_ref().map_or(0, |days| days.len());
        let daily = if layout.days.is_some() { layout.daily.len() } else { 0 };
        let mut result = TileResult {
            tile: tile.clone(),
            states: Vec::with_capacity(n_cells),
            days: vec![vec![Vec::with_capacity(n_days * n_cells); n_simulations]; daily],
            means: vec![f32::NAN; layout.indices.len() * n_periods * n_simulations * n_cells],
            ensembles: Vec::new(),
        };
        let mut sums = TileSums::nothing(layout);
        scratch.prepare(self);
        scratch.coarse.clear();
        for (number, cell) in tiling.cells(tile).enumerate() {
            let state = self.cell((number, cell), &mut result, &mut sums, scratch)?;
            sums.n_cells[state as usize] += 1;
            result.states.push(state as i32);
        }
        if layout.has_ensembles() {
            self.ensembles(&mut result, &mut scratch.index);
        }
        Ok((result, sums))
    }

    fn cell(
        &self,
        (number, cell): (usize, usize),
        result: &mut TileResult,
        sums: &mut TileSums,
        scratch: &mut Scratch,
    ) -> Result<CellState, Error> {
        let n_models = self.models.len();
        let mut state = self.read_reference(cell, sums, scratch)?;
        self.index_reference((number, cell), result, sums, scratch)?;
        for (model, axes) in self.models.iter().enumerate() {
            state = state.max(self.read_training(cell, model, sums, scratch)?);
            let methods = scratch.methods.as_mut().expect("it was prepared");
            self.methods.train(model, &self.cells[cell], &scratch.training, methods);
            for emission in 0..self.layout.names.1.len() {
                state = state.max(self.read_future(cell, (model, emission), sums, scratch)?);
                let methods = scratch.methods.as_mut().expect("it was prepared");
                let series = (&scratch.training[..], &scratch.future[..]);
                let adjusted =
                    self.methods.adjust(model, &self.cells[cell], series, &axes.periods, &mut scratch.out, methods);
                sums.n_clamped += adjusted.n_moved;
                if adjusted.n_untrained > 0 && state == CellState::Adjusted {
                    state = CellState::WithoutTraining;
                }
                let simulation = emission * n_models + model;
                for (variable, days) in result.days.iter_mut().enumerate() {
                    days[simulation].extend_from_slice(&scratch.out[variable]);
                }
                self.index_future((number, cell), (model, simulation), result, sums, scratch)?;
            }
        }
        Ok(state)
    }

    /// Adjusts one cell for one simulation; its days stay in the working memory.
    ///
    /// # Errors
    /// Series cannot be read.
    pub fn one_cell(&self, cell: usize, (model, emission): (usize, usize), scratch: &mut Scratch) -> Result<(), Error> {
        scratch.prepare(self);
        let mut sums = TileSums::nothing(self.layout);
        self.read_reference(cell, &mut sums, scratch)?;
        self.read_training(cell, model, &mut sums, scratch)?;
        let methods = scratch.methods.as_mut().expect("it was prepared");
        self.methods.train(model, &self.cells[cell], &scratch.training, methods);
        self.read_future(cell, (model, emission), &mut sums, scratch)?;
        let methods = scratch.methods.as_mut().expect("it was prepared");
        let series = (&scratch.training[..], &scratch.future[..]);
        let periods = &self.models[model].periods;
        self.methods.adjust(model, &self.cells[cell], series, periods, &mut scratch.out, methods);
        Ok(())
    }

    fn read_reference(&self, cell: usize, sums: &mut TileSums, scratch: &mut Scratch) -> Result<CellState, Error> {
        let start = Instant::now();
        let mut state = CellState::Adjusted;
        for (variable, source) in self.sources.references.iter().enumerate() {
            source.read(cell, &mut scratch.raw[variable], &mut scratch.source)?;
            let days = &mut scratch.reference[variable];
            days.resize(self.reference.days.len(), 0.0);
            self.reference.steps[variable].gather(&scratch.raw[variable], source.first_step(), days);
            if days.iter().all(|value| value.is_nan()) {
                state = CellState::WithoutReference;
            }
        }
        sums.read_seconds += start.elapsed().as_secs_f64();
        Ok(state)
    }

    fn read_training(
        &self,
        cell: usize,
        model: usize,
        sums: &mut TileSums,
        scratch: &mut Scratch,
    ) -> Result<CellState, Error> {
        let start = Instant::now();
        let mut state = CellState::Adjusted;
        let axes = &self.models[model];
        for (variable, steps) in axes.variables.iter().enumerate() {
            let training = &mut scratch.training[variable];
            let first = self.sources.references[variable].first_step();
            training.reference.resize(axes.training.len(), 0.0);
            steps.reference.gather(&scratch.raw[variable], first, &mut training.reference);
            if let Some(coarse) = &self.coarse[variable][model] {
                std::mem::swap(&mut training.reference, &mut training.fine);
                training.reference.resize(axes.training.len(), 0.0);
                match coarse.cell(cell) {
                    Some(of_model) => {
                        let source = (&self.sources.references[variable], self.areas);
                        let place = (variable, model);
                        let mean = scratch.coarse.of(place, (coarse, of_model), source, &mut scratch.source)?;
                        steps.reference.gather(mean, first, &mut training.reference);
                        training.coarse = self.cells.len() as u64 + u64::from(of_model);
                    }
                    None => training.reference.fill(f32::NAN),
                }
            }
            let source = &self.sources.historical[variable][model];
            let is_there = source.read(cell, &mut scratch.steps, &mut scratch.source)?;
            training.historical.resize(axes.training.len(), 0.0);
            steps.historical.gather(&scratch.steps, source.first_step(), &mut training.historical);
            state = state.max(state_of(is_there, &training.historical));
        }
        sums.read_seconds += start.elapsed().as_secs_f64();
        Ok(state)
    }

    fn read_future(
        &self,
        cell: usize,
        (model, emission): (usize, usize),
        sums: &mut TileSums,
        scratch: &mut Scratch,
    ) -> Result<CellState, Error> {
        let start = Instant::now();
        let mut state = CellState::Adjusted;
        let axes = &self.models[model];
        for (variable, steps) in axes.variables.iter().enumerate() {
            let source = &self.sources.futures[variable][model][emission];
            let is_there = source.read(cell, &mut scratch.steps, &mut scratch.source)?;
            let days = &mut scratch.future[variable];
            days.resize(axes.future.len(), 0.0);
            for (period, steps) in axes.periods.iter().zip(&steps.futures[emission]) {
                steps.gather(&scratch.steps, source.first_step(), &mut days[period.clone()]);
            }
            scratch.out[variable].resize(axes.future.len(), 0.0);
            state = state.max(state_of(is_there, days));
        }
        sums.read_seconds += start.elapsed().as_secs_f64();
        Ok(state)
    }

    /// Indices of what was measured, the same for every simulation.
    fn index_reference(
        &self,
        (number, cell): (usize, usize),
        result: &mut TileResult,
        sums: &mut TileSums,
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        let (plan, prepared, _) = self.indices;
        let days = self.cell_days(&scratch.reference);
        let n_simulations = self.layout.simulations.len();
        let n_cells = result.tile.n_cells();
        let (n_periods, weight) = (self.layout.periods.len(), self.weights[cell]);
        plan.compute(prepared, (&days, &days), &mut scratch.index, |index, yearly, means| {
            let mean = means.next().unwrap_or(f64::NAN) as f32;
            for simulation in 0..n_simulations {
                result.means[(index * n_periods * n_simulations + simulation) * n_cells + number] = mean;
                sums.years.add((index, simulation), 0, yearly, weight);
            }
        })?;
        if let Some(places) = self.places {
            let series = Series { values: &scratch.reference, days: &self.reference.days };
            let (at, plan) = ((cell, 0, 0..n_simulations), (plan, prepared));
            sums.places.extend(places.compute(at, plan, (series, series), self.variables, &mut scratch.city)?);
        }
        Ok(())
    }

    fn index_future(
        &self,
        (number, cell): (usize, usize),
        (model, simulation): (usize, usize),
        result: &mut TileResult,
        sums: &mut TileSums,
        scratch: &mut Scratch,
    ) -> Result<(), Error> {
        let (plan, _, prepared) = self.indices;
        let (reference, days) = (self.cell_days(&scratch.reference), self.cell_days(&scratch.out));
        let n_simulations = self.layout.simulations.len();
        let n_cells = result.tile.n_cells();
        let (n_periods, weight) = (self.layout.periods.len(), self.weights[cell]);
        let first_year = self.indices.1.years().count();
        plan.compute(&prepared[model], (&reference, &days), &mut scratch.index, |index, yearly, means| {
            for (period, mean) in means.enumerate() {
                let place = (index * n_periods + 1 + period) * n_simulations + simulation;
                result.means[place * n_cells + number] = mean as f32;
            }
            sums.years.add((index, simulation), first_year, yearly, weight);
        })?;
        if let Some(places) = self.places {
            let base = Series { values: &scratch.reference, days: &self.reference.days };
            let series = Series { values: &scratch.out, days: &self.models[model].future };
            let (at, plan) = ((cell, 1, simulation..simulation + 1), (plan, &prepared[model]));
            sums.places.extend(places.compute(at, plan, (base, series), self.variables, &mut scratch.city)?);
        }
        Ok(())
    }

    fn cell_days<'s>(&self, series: &'s [Vec<f32>]) -> CellDays<'s> {
        let mut days = CellDays::default();
        for (variable, series) in self.variables.iter().zip(series) {
            days.set(*variable, series);
        }
        days
    }

    /// Percentiles over models and what they agree on, from the means of the tile.
    fn ensembles(&self, result: &mut TileResult, scratch: &mut IndexScratch) {
        let (n_models, n_emissions) = (self.models.len(), self.layout.names.1.len());
        let (n_periods, n_cells) = (self.layout.periods.len(), result.tile.n_cells());
        let n_simulations = n_models * n_emissions;
        let block = n_periods * n_emissions * n_cells;
        result.ensembles = vec![f32::NAN; self.layout.indices.len() * ENSEMBLE_KINDS * block];
        let mut values = vec![0.0; n_models];
        for index in 0..self.layout.indices.len() {
            let mean = |period: usize, simulation: usize, cell: usize| {
                f64::from(result.means[((index * n_periods + period) * n_simulations + simulation) * n_cells + cell])
            };
            for period in 0..n_periods {
                for emission in 0..n_emissions {
                    for cell in 0..n_cells {
                        for (model, value) in values.iter_mut().enumerate() {
                            *value = mean(period, emission * n_models + model, cell);
                        }
                        let (percentiles, agreement) = ensemble(&values, mean(0, emission * n_models, cell), scratch);
                        let place = (period * n_emissions + emission) * n_cells + cell;
                        let all = percentiles.into_iter().chain([agreement]);
                        for (kind, value) in all.enumerate() {
                            result.ensembles[(index * ENSEMBLE_KINDS + kind) * block + place] = value as f32;
                        }
                    }
                }
            }
        }
    }
}

impl TileSums {
    /// Adds what another tile gave.
    pub fn join(&mut self, other: TileSums) {
        self.years.join(&other.years);
        self.places.extend(other.places);
        self.read_seconds += other.read_seconds;
        self.n_clamped += other.n_clamped;
        self.n_cells.iter_mut().zip(other.n_cells).for_each(|(own, other)| *own += other);
    }

    /// Sums of nothing.
    pub fn nothing(layout: &Layout) -> Self {
        let years = YearSums::new(layout.indices.len(), layout.simulations.len(), layout.years.len());
        TileSums { years, places: Vec::new(), read_seconds: 0.0, n_clamped: 0, n_cells: [0; CellState::ALL.len()] }
    }
}

impl Scratch {
    /// Days of a cell that was adjusted alone: of the reference, and of the future, by variable.
    pub fn days(&self) -> (&[Vec<f32>], &[Vec<f32>]) {
        (&self.reference, &self.out)
    }

    fn prepare(&mut self, shared: &Shared<'_>) {
        let n = shared.variables.len();
        if self.raw.len() != n {
            for series in [&mut self.raw, &mut self.reference, &mut self.future, &mut self.out] {
                series.resize(n, Vec::new());
            }
            self.training.resize_with(n, Training::default);
            self.methods = Some(shared.methods.scratch());
        }
    }
}

fn state_of(is_there: bool, days: &[f32]) -> CellState {
    if !is_there {
        CellState::OutsideOfModel
    } else if days.iter().all(|value| value.is_nan()) {
        CellState::WithoutModel
    } else {
        CellState::Adjusted
    }
}
