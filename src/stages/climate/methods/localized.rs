//! A variable that is adjusted where the model's cells are, then brought to the cells of the reference by the patterns of days that
//! were measured.

use std::ops::Range;
use std::sync::Arc;

use conurb_climate::localized::{Analogues, Factors, Ranked, References, Scratch, downscale};

use super::quantile::{self, Alone, ModelGroups, kind};
use super::{Cell, Training};
use crate::scenario::Climate;

/// Largest ratio of a fine cell to its coarse cell: more is a shower that nearly missed the coarse cell.
const LARGEST_RATIO: f64 = 10.0;

/// A variable on two grids.
pub struct Localized {
    variable: usize,
    coarse: Alone,
    factors: Factors,
    models: Arc<[ModelGroups]>,
}

/// What a thread keeps of a cell.
pub struct Memory {
    coarse: quantile::Memory,
    scratch: Scratch<f32>,
    ranked: Option<Ranked>,
    adjusted: Vec<Vec<f32>>,
}

impl Localized {
    /// Prepares a variable.
    pub fn new(climate: &Climate, (number, seed): (usize, u64), models: &Arc<[ModelGroups]>) -> Self {
        Localized {
            variable: number,
            coarse: Alone::new(climate, number, seed, models).expect("analogues follow a method by quantiles"),
            factors: Factors { kind: kind(climate.variables[number].kind), largest_ratio: LARGEST_RATIO },
            models: Arc::clone(models),
        }
    }

    /// Working memory for one thread.
    pub fn memory(&self) -> Memory {
        Memory { coarse: self.coarse.memory(), scratch: Scratch::default(), ranked: None, adjusted: Vec::new() }
    }

    /// Learns from the series of a coarse cell.
    pub fn train(&self, model: usize, cell: &Cell, training: &[Training], memory: &mut Memory) {
        let coarse = coarse_cell(cell, &training[self.variable]);
        self.coarse.train(model, &coarse, training, &mut memory.coarse);
        let reference = &training[self.variable].reference;
        memory.ranked = Some(Ranked::new(reference, &self.models[model].training, &mut memory.scratch));
    }

    /// Adjusts the future of a cell; gives how many days have none to be adjusted by.
    pub fn adjust(
        &self,
        (model, cell): (usize, &Cell),
        (training, future): (&[Training], &[Vec<f32>]),
        periods: &[Range<usize>],
        out: &mut [Vec<f32>],
        memory: &mut Memory,
    ) -> usize {
        let Memory { coarse, scratch, ranked, adjusted } = memory;
        let own = &training[self.variable];
        adjusted.resize(out.len(), Vec::new());
        adjusted[self.variable].resize(out[self.variable].len(), 0.0);
        let untrained =
            self.coarse.adjust((model, &coarse_cell(cell, own)), (training, future), periods, adjusted, coarse);
        let ranked = ranked.as_ref().expect("a cell is trained before it is adjusted");
        let references = References { coarse: &own.reference[..], fine: &own.fine };
        for (period, of_period) in periods.iter().zip(&self.models[model].periods) {
            let of_coarse = &adjusted[self.variable][period.clone()];
            let analogues: Analogues = ranked.analogues(of_coarse, &of_period.groups, scratch);
            let out = &mut out[self.variable][period.clone()];
            downscale(&self.factors, references, ranked, &analogues, of_coarse, out);
        }
        untrained
    }
}

/// The cell that random draws are keyed by: all fine cells of a coarse cell share its days.
fn coarse_cell(cell: &Cell, training: &Training) -> Cell {
    Cell { number: training.coarse, ..*cell }
}
