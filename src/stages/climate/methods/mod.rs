//! The methods of a run: which variables are adjusted together, and by what; prepared for all cells.

mod bounds;
mod isimip;
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
}

/// Working memory of a thread: that of ISIMIP3, and what each step keeps of a cell.
pub struct MethodScratch {
    isimip: isimip::Memory,
    steps: Vec<StepMemory>,
}

/// What a step keeps of a cell.
enum StepMemory {
    Nothing,
    Quantiles(quantile::Memory),
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
        let is_by_isimip = |wanted: ClimateVariable| {
            let found = climate.variables.iter().position(|variable| variable.variable == wanted)?;
            let method = climate.variables[found].method.unwrap_or(climate.method);
            isimip::mapping_of(method).is_some().then_some(found)
        };
        let together = [ClimateVariable::Tas, ClimateVariable::Tasmin, ClimateVariable::Tasmax].map(is_by_isimip);
        let together = match together {
            [Some(tas), Some(tasmin), Some(tasmax)] => {
                steps.push(Step::Temperatures(Temperatures::new(climate, [tas, tasmin, tasmax], seed, models)?));
                vec![tas, tasmin, tasmax]
            }
            _ => Vec::new(),
        };
        for (number, variable) in climate.variables.iter().enumerate().filter(|(number, _)| !together.contains(number))
        {
            let method = variable.method.unwrap_or(climate.method);
            steps.push(match method {
                AdjustmentMethod::Isimip3 | AdjustmentMethod::Isimip3Nonparametric => {
                    Step::Isimip(Alone::new(climate, number, seed, models)?)
                }
                _ => match quantile::Alone::new(climate, number, seed, models) {
                    Some(one) => Step::Quantiles(Box::new(one)),
                    None => return Err(Error::Failed("not yet".to_owned())),
                },
            });
        }
        Ok(Methods { steps, bounds: Bounds::new(climate, models) })
    }

    /// Working memory for one thread.
    pub fn scratch(&self) -> MethodScratch {
        let memory = |step: &Step| match step {
            Step::Isimip(_) | Step::Temperatures(_) => StepMemory::Nothing,
            Step::Quantiles(one) => StepMemory::Quantiles(one.memory()),
        };
        MethodScratch { isimip: isimip::Memory::default(), steps: self.steps.iter().map(memory).collect() }
    }

    /// Learns from the series of a cell.
    pub fn train(&self, model: usize, cell: &Cell, training: &[Training], scratch: &mut MethodScratch) {
        for (step, memory) in self.steps.iter().zip(&mut scratch.steps) {
            if let (Step::Quantiles(one), StepMemory::Quantiles(memory)) = (step, memory) {
                one.train(model, cell, training, memory);
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
                (Step::Isimip(one), _) => one.adjust(model, cell, series, periods, out, isimip),
                (Step::Temperatures(three), _) => {
                    adjusted.n_moved += three.adjust(model, cell, series, periods, out, isimip);
                }
                (Step::Quantiles(one), StepMemory::Quantiles(memory)) => {
                    adjusted.n_untrained += one.adjust((model, cell), series, periods, out, memory) as u64;
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
