//! The methods of a run: which variables are adjusted together, and by what; prepared for all cells.

mod bounds;
mod isimip;

use std::ops::Range;

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
}

/// Working memory of a thread.
#[derive(Default)]
pub struct MethodScratch {
    isimip: isimip::Memory,
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
                _ => return Err(Error::Failed("not yet".to_owned())),
            });
        }
        Ok(Methods { steps, bounds: Bounds::new(climate, models) })
    }

    /// Working memory for one thread.
    pub fn scratch(&self) -> MethodScratch {
        MethodScratch::default()
    }

    /// Learns from the series of a cell; gives whether all days have days to be adjusted by.
    pub fn train(&self, _: usize, _: &Cell, _: &[Training], _: &mut MethodScratch) -> bool {
        true
    }

    /// Adjusts the future of a cell, all periods of it; gives how many values were moved into their physical range.
    pub fn adjust(
        &self,
        model: usize,
        cell: &Cell,
        (training, future): (&[Training], &[Vec<f32>]),
        periods: &[Range<usize>],
        out: &mut [Vec<f32>],
        scratch: &mut MethodScratch,
    ) -> u64 {
        let mut moved = 0;
        for step in &self.steps {
            let series = (training, future);
            match step {
                Step::Isimip(one) => one.adjust(model, cell, series, periods, out, &mut scratch.isimip),
                Step::Temperatures(three) => {
                    moved += three.adjust(model, cell, series, periods, out, &mut scratch.isimip);
                }
            }
        }
        moved + self.bounds.keep(model, cell, out)
    }
}
