//! Indices at places of the city: the days of the cell that a place lies in, moved by what the place is.

use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub struct PlaceOffsets {
    pub tas: [f64; 12],
    pub tasmin: [f64; 12],
    pub tasmax: [f64; 12],
    pub pr_factor: f64,
}
use conurb_climate::days::Days;

use super::indices::{CellDays, IndexDays, IndexPlan, IndexScratch};
use crate::error::Error;
use crate::scenario::ClimateVariable;

/// Places of the city.
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    /// Name of each, where they are stations.
    pub names: Vec<String>,
    /// Row and column of each, where they are cells of a raster.
    pub raster: Vec<[usize; 2]>,
    /// Degrees north of each.
    pub lat: Vec<f64>,
    /// Degrees east of each.
    pub lon: Vec<f64>,
    /// Metres above sea level of each.
    pub elevation_m: Vec<f64>,
    /// Cell of the climate that each takes its days from.
    pub cell: Vec<usize>,
    /// What each adds to the days of its cell.
    pub offsets: Vec<PlaceOffsets>,
    /// Places of each cell that has any.
    pub of_cell: BTreeMap<usize, Vec<usize>>,
    /// Shape of values: indices, periods, simulations.
    pub shape: [usize; 3],
}

/// The mean of an index at a place.
#[derive(Debug, Clone, Copy, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct PlaceValue {
    /// The place.
    pub place: u32,
    /// Index, period and simulation as one number, in this order.
    pub at: u32,
    /// The mean.
    pub mean: f32,
}

/// Working memory of a thread.
#[derive(Default)]
pub struct CityScratch {
    reference: Vec<Vec<f32>>,
    moved: Vec<Vec<f32>>,
    index: IndexScratch,
}

/// Series of a cell, by variable, and their days.
#[derive(Clone, Copy)]
pub struct Series<'a> {
    /// The series.
    pub values: &'a [Vec<f32>],
    /// Their days.
    pub days: &'a Days,
}

impl Places {
    /// Computes the indices of all places of a cell for a simulation, periods from `first_period` on.
    ///
    /// # Errors
    /// Series of other lengths than their days.
    pub fn compute(
        &self,
        (cell, first_period, simulation): (usize, usize, usize),
        (plan, prepared): (&IndexPlan, &IndexDays),
        (reference, series): (Series<'_>, Series<'_>),
        variables: &[ClimateVariable],
        scratch: &mut CityScratch,
    ) -> Result<Vec<PlaceValue>, Error> {
        let [_, n_periods, n_simulations] = self.shape;
        let mut found = Vec::new();
        for &place in self.of_cell.get(&cell).into_iter().flatten() {
            let offsets = &self.offsets[place];
            moved(offsets, variables, reference, &mut scratch.reference);
            moved(offsets, variables, series, &mut scratch.moved);
            let CityScratch { reference, moved, index } = &mut *scratch;
            let mut own = CellDays::default();
            let mut base = CellDays::default();
            for (number, variable) in variables.iter().enumerate() {
                own.set(*variable, &moved[number]);
                base.set(*variable, &reference[number]);
            }
            plan.compute(prepared, (&base, &own), index, |index, _, means| {
                for (period, mean) in means.enumerate() {
                    let at = (index * n_periods + first_period + period) * n_simulations + simulation;
                    found.push(PlaceValue { place: place as u32, at: at as u32, mean: mean as f32 });
                }
            })?;
        }
        Ok(found)
    }
}

/// The days of a cell as they are at a place.
fn moved(offsets: &PlaceOffsets, variables: &[ClimateVariable], series: Series<'_>, out: &mut Vec<Vec<f32>>) {
    out.resize(variables.len(), Vec::new());
    for ((variable, values), out) in variables.iter().zip(series.values).zip(out) {
        let by_month = match variable {
            ClimateVariable::Tas => Some(&offsets.tas),
            ClimateVariable::Tasmin => Some(&offsets.tasmin),
            ClimateVariable::Tasmax => Some(&offsets.tasmax),
            _ => None,
        };
        out.clear();
        match (by_month, variable) {
            (Some(by_month), _) => {
                let months = series.days.dates().iter().map(|date| by_month[usize::from(date.month - 1)]);
                out.extend(values.iter().zip(months).map(|(&value, offset)| (f64::from(value) + offset) as f32));
            }
            (None, ClimateVariable::Pr) => {
                out.extend(values.iter().map(|&value| (f64::from(value) * offsets.pr_factor) as f32));
            }
            _ => out.extend_from_slice(values),
        }
    }
}
