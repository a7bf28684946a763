//! What was measured, as cells of a model see it: means over the cells of the reference in each.

use std::collections::BTreeMap;

use super::source::{NO_CELL, Source, SourceScratch};
use crate::error::Error;

/// Cells of the reference by the cell of the model that is nearest to them.
#[derive(Debug, Clone, PartialEq)]
pub struct Coarse {
    of_cell: Vec<u32>,
    members: BTreeMap<u32, Vec<u32>>,
}

/// Means that a thread has found already, by variable and cell of the model.
#[derive(Debug, Default)]
pub struct CoarseMeans {
    found: BTreeMap<(usize, usize, u32), Vec<f32>>,
    steps: Vec<f32>,
}

impl Coarse {
    /// Cells of the reference with the cell of the model of each.
    pub fn new(of_cell: &[u32]) -> Coarse {
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (cell, &coarse) in of_cell.iter().enumerate().filter(|(_, coarse)| **coarse != NO_CELL) {
            members.entry(coarse).or_default().push(cell as u32);
        }
        Coarse { of_cell: of_cell.to_vec(), members }
    }

    /// The model's cell of a cell, if it has one.
    pub fn cell(&self, cell: usize) -> Option<u32> {
        Some(self.of_cell[cell]).filter(|&coarse| coarse != NO_CELL)
    }
}

impl CoarseMeans {
    /// Forgets all means.
    pub fn clear(&mut self) {
        self.found.clear();
    }

    /// Mean of the reference over a cell of the model, step by step: over the cells that have a value, by their weight.
    ///
    /// # Errors
    /// The reference cannot be read.
    pub fn of(
        &mut self,
        (variable, model): (usize, usize),
        (coarse, cell): (&Coarse, u32),
        (source, weights): (&Source<'_>, &[f64]),
        scratch: &mut SourceScratch,
    ) -> Result<&[f32], Error> {
        let key = (variable, model, cell);
        if !self.found.contains_key(&key) {
            let (mut sums, mut total): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
            for &member in coarse.members.get(&cell).into_iter().flatten() {
                source.read(member as usize, &mut self.steps, scratch)?;
                sums.resize(self.steps.len(), 0.0);
                total.resize(self.steps.len(), 0.0);
                let weight = weights[member as usize];
                for ((sum, total), &value) in sums.iter_mut().zip(&mut total).zip(&self.steps) {
                    if !value.is_nan() {
                        *sum += weight * f64::from(value);
                        *total += weight;
                    }
                }
            }
            let mean = |(sum, total): (&f64, &f64)| if *total > 0.0 { (sum / total) as f32 } else { f32::NAN };
            self.found.insert(key, sums.iter().zip(&total).map(mean).collect());
        }
        Ok(&self.found[&key])
    }
}
