//! The methods of a run: which variables are adjusted together, and by what; prepared for all cells.

mod bounds;
mod isimip;
mod localized;
mod multivariate;
mod quantile;

use std::ops::Range;

use conurb_climate::days::Days;

use bounds::Bounds;
use isimip::{Alone, Temperatures};

use super::axes::ModelAxes;
use crate::error::Error;
use crate::scenario::{AdjustmentMethod, Climate, ClimateVariable};

/// Series of a variable in the reference period, in the calendar of a model.
#[derive(Debug, Clone, Default)]
pub struct Training {
    /// What was measured.
    pub reference: Vec<f32>,
    /// What the model gives.
    pub historical: Vec<f32>,
    /// What was measured at the cell itself, where `reference` is the mean over a cell of the model.
    pub fine: Vec<f32>,
    /// Number of that cell of the model.
    pub coarse: u64,
}

/// The methods of a run.
pub struct Methods {
    steps: Vec<Step>,
    bounds: Bounds,
}

/// Variables that are adjusted together.
enum Step {
    /// One by ISIMIP3.
    Isimip(Alone),
    /// Mean, minimum and maximum of temperature by ISIMIP3.
    Temperatures(Temperatures),
    /// One by its quantiles.
    Quantiles(Box<quantile::Alone>),
    /// One by its quantiles on the model's cells, then by analogues.
    Localized(Box<localized::Localized>),
    /// Several by their quantiles and their order.
    Together(multivariate::Together),
}

/// Working memory of a thread: that of ISIMIP3, and what each step keeps of a cell.
pub struct MethodScratch {
    isimip: isimip::Memory,
    steps: Vec<StepMemory>,
}

/// What a step keeps of a cell.
enum StepMemory {
    Nothing,
    Quantiles(Box<quantile::Memory>),
    Localized(Box<localized::Memory>),
    Together(Box<multivariate::Memory>),
}

/// What a cell is adjusted for.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    /// Its number, for random draws.
    pub number: u64,
    /// Degrees north.
    pub latitude: f64,
    /// Metres above sea level; 0 where nothing tells.
    pub elevation_m: f64,
}

impl Methods {
    /// Prepares the methods of a scenario.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn new(climate: &Climate, seed: u64, models: &[ModelAxes]) -> Result<Methods, Error> {
        let mut steps = Vec::new();
        let groups = quantile::ModelGroups::of(climate, models);
        let is_by_isimip = |wanted: ClimateVariable| {
            let found = climate.variables.iter().position(|variable| variable.variable == wanted)?;
            let method = climate.variables[found].method.unwrap_or(climate.method);
            isimip::mapping_of(method).is_some().then_some(found)
        };
        let together = [ClimateVariable::Tas, ClimateVariable::Tasmin, ClimateVariable::Tasmax].map(is_by_isimip);
        let mut together = match together {
            [Some(tas), Some(tasmin), Some(tasmax)] => {
                steps.push(Step::Temperatures(Temperatures::new(climate, [tas, tasmin, tasmax], seed, models)?));
                vec![tas, tasmin, tasmax]
            }
            _ => Vec::new(),
        };
        let methods = climate.variables.iter().map(|variable| variable.method.unwrap_or(climate.method));
        let is_multivariate = |(_, method): &(usize, AdjustmentMethod)| *method == AdjustmentMethod::Multivariate;
        let multivariate: Vec<usize> = methods.enumerate().filter(is_multivariate).map(|(number, _)| number).collect();
        if !multivariate.is_empty() {
            steps.push(Step::Together(multivariate::Together::new(
                climate,
                (multivariate.clone(), seed),
                models,
                &groups,
            )?));
            together.extend(multivariate);
        }
        for (number, variable) in climate.variables.iter().enumerate().filter(|(number, _)| !together.contains(number))
        {
            let method = variable.method.unwrap_or(climate.method);
            steps.push(match method {
                AdjustmentMethod::Isimip3 | AdjustmentMethod::Isimip3Nonparametric => {
                    Step::Isimip(Alone::new(climate, number, seed, models)?)
                }
                AdjustmentMethod::QuantilePreservingLocalizedAnalogues => {
                    Step::Localized(Box::new(localized::Localized::new(climate, (number, seed), &groups)))
                }
                _ => {
                    let one = quantile::Alone::new(climate, number, seed, &groups);
                    Step::Quantiles(Box::new(one.expect("all other methods are by means and quantiles")))
                }
            });
        }
        Ok(Methods { steps, bounds: Bounds::new(climate, models) })
    }

    /// Working memory for one thread.
    pub fn scratch(&self) -> MethodScratch {
        let memory = |step: &Step| match step {
            Step::Isimip(_) | Step::Temperatures(_) => StepMemory::Nothing,
            Step::Quantiles(one) => StepMemory::Quantiles(Box::new(one.memory())),
            Step::Localized(one) => StepMemory::Localized(Box::new(one.memory())),
            Step::Together(all) => StepMemory::Together(Box::new(all.memory())),
        };
        MethodScratch { isimip: isimip::Memory::default(), steps: self.steps.iter().map(memory).collect() }
    }

    /// Learns from the series of a cell.
    pub fn train(&self, model: usize, cell: &Cell, training: &[Training], scratch: &mut MethodScratch) {
        for (step, memory) in self.steps.iter().zip(&mut scratch.steps) {
            match (step, memory) {
                (Step::Quantiles(one), StepMemory::Quantiles(memory)) => one.train(model, cell, training, memory),
                (Step::Localized(one), StepMemory::Localized(memory)) => one.train(model, cell, training, memory),
                (Step::Together(all), StepMemory::Together(memory)) => all.train(model, cell, training, memory),
                // ISIMIP3 looks at all three series at once.
                _ => {}
            }
        }
    }

    /// Adjusts the future of a cell, all periods of it.
    pub fn adjust(
        &self,
        model: usize,
        cell: &Cell,
        (training, future): (&[Training], &[Vec<f32>]),
        periods: &[Range<usize>],
        out: &mut [Vec<f32>],
        scratch: &mut MethodScratch,
    ) -> Adjusted {
        let mut adjusted = Adjusted::default();
        let MethodScratch { isimip, steps } = scratch;
        for (step, memory) in self.steps.iter().zip(steps) {
            let series = (training, future);
            match (step, memory) {
                (Step::Isimip(one), _) => {
                    adjusted.n_untrained += one.adjust(model, cell, series, periods, out, isimip);
                }
                (Step::Temperatures(three), _) => {
                    let three = three.adjust(model, cell, series, periods, out, isimip);
                    adjusted.n_moved += three.n_moved;
                    adjusted.n_untrained += three.n_untrained;
                }
                (Step::Quantiles(one), StepMemory::Quantiles(memory)) => {
                    adjusted.n_untrained += one.adjust((model, cell), series, periods, out, memory) as u64;
                }
                (Step::Localized(one), StepMemory::Localized(memory)) => {
                    adjusted.n_untrained += one.adjust((model, cell), series, periods, out, memory) as u64;
                }
                (Step::Together(all), StepMemory::Together(memory)) => {
                    adjusted.n_untrained += all.adjust((model, cell), series, periods, out, memory) as u64;
                }
                _ => unreachable!("each step has its own memory"),
            }
        }
        adjusted.n_moved += self.bounds.keep(model, cell, out);
        adjusted
    }
}

/// What adjusting a cell came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Adjusted {
    /// Values that were moved into their physical range.
    pub n_moved: u64,
    /// Days that have no days to be adjusted by.
    pub n_untrained: u64,
}

/// The days of a period of a model.
fn days_of(axes: &ModelAxes, period: &Range<usize>) -> Days {
    Days::new(axes.calendar(), axes.future.numbers()[period.clone()].to_vec()).expect("days of a period ascend")
}
