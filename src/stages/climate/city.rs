//! Indices at places of the city: the days of the cell that a place lies in, moved by what the place is.

mod population;
mod written;

use std::collections::BTreeMap;

use conurb_climate::city_layer::{CovariateEffect, Gradients, PlaceOffsets, keep_in_order};
use conurb_climate::days::Days;

use super::grid::TargetGrid;
use super::indices::{CellDays, IndexDays, IndexPlan, IndexScratch};
use super::nearest::Nearest;
use super::output::Layout;
use crate::error::{Error, Problem, Warning};
use crate::inputs::CityInputs;
use crate::scenario::{CityLayer, ClimateVariable};

pub use population::People;

/// Places of the city.
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    inputs: CityInputs,
    gradients: Gradients,
    /// Cell of the climate that each takes its days from.
    cell: Vec<usize>,
    /// Height of each above its cell (m).
    height_m: Vec<f64>,
    /// Places of each cell that has any.
    of_cell: BTreeMap<usize, Vec<usize>>,
    /// Shape of values: indices, periods, simulations.
    shape: [usize; 3],
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
    /// The places with the cells that they lie in or nearest to.
    ///
    /// # Errors
    /// The height of a cell is not known.
    pub fn new(
        layer: &CityLayer,
        inputs: CityInputs,
        (grid, nearest): (&TargetGrid, &Nearest),
        layout: &Layout,
        warnings: &mut Vec<Warning>,
    ) -> Result<Places, Error> {
        let found: Vec<(usize, bool)> =
            inputs.lat.iter().zip(&inputs.lon).map(|(&lat, &lon)| nearest.cell(lat, lon)).collect();
        let outside = found.iter().filter(|(_, is_inside)| !is_inside).count();
        if outside > 0 {
            let message = format!("{outside} places of climate.city lie outside of all cells and take the nearest");
            warnings.push(Warning::new("outside_of_cells", outside, message));
        }
        let cell: Vec<usize> = found.into_iter().map(|(cell, _)| cell).collect();
        let mut height_m = Vec::with_capacity(cell.len());
        let mut of_cell = BTreeMap::<usize, Vec<usize>>::new();
        for (place, &cell) in cell.iter().enumerate() {
            let of_grid = || grid.elevation_m.as_ref().map(|heights| heights[cell]).filter(|height| !height.is_nan());
            let reference = layer.reference_elevation_m.or_else(of_grid).ok_or_else(|| unknown_height(grid, cell))?;
            height_m.push(inputs.elevation_m[place] - reference);
            of_cell.entry(cell).or_default().push(place);
        }
        let effect = |covariate: &crate::scenario::Covariate| CovariateEffect {
            at_reference: covariate.at_reference,
            tasmin_k: covariate.tasmin_k,
            tasmax_k: covariate.tasmax_k,
        };
        let gradients = Gradients {
            temperature_k_per_km: layer.temperature_gradient_k_per_km,
            precipitation_per_km: layer.precipitation_gradient_per_km,
            covariates: layer.covariates.iter().map(effect).collect(),
        };
        let shape = [layout.indices.len(), layout.periods.len(), layout.simulations.len()];
        Ok(Places { inputs, gradients, cell, height_m, of_cell, shape })
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.cell.len()
    }

    /// Bytes of the places and of their indices on every rank, on the way into the file.
    pub fn bytes(&self) -> u64 {
        let of_values: usize = self.shape.iter().product::<usize>() * (2 * size_of::<PlaceValue>() + size_of::<f32>());
        let of_place = BYTES_PER_PLACE + self.gradients.covariates.len() * size_of::<f64>();
        (self.len() * (of_values + of_place)) as u64
    }

    /// Computes the indices of all places of a cell for some simulations with the same days, periods from `first_period` on.
    ///
    /// # Errors
    /// Series of other lengths than their days.
    pub fn compute(
        &self,
        (cell, first_period, simulations): (usize, usize, std::ops::Range<usize>),
        (plan, prepared): (&IndexPlan, &IndexDays),
        (reference, series): (Series<'_>, Series<'_>),
        variables: &[ClimateVariable],
        scratch: &mut CityScratch,
    ) -> Result<Vec<PlaceValue>, Error> {
        let [_, n_periods, n_simulations] = self.shape;
        let mut found = Vec::new();
        for &place in self.of_cell.get(&cell).into_iter().flatten() {
            let offsets = self.gradients.offsets(self.height_m[place], &self.inputs.covariates[place]);
            moved(&offsets, variables, reference, &mut scratch.reference);
            moved(&offsets, variables, series, &mut scratch.moved);
            let CityScratch { reference, moved, index } = &mut *scratch;
            let mut own = CellDays::default();
            let mut base = CellDays::default();
            for (number, variable) in variables.iter().enumerate() {
                own.set(*variable, &moved[number]);
                base.set(*variable, &reference[number]);
            }
            plan.compute(prepared, (&base, &own), index, |index, _, means| {
                for (period, mean) in means.enumerate() {
                    for simulation in simulations.clone() {
                        let at = (index * n_periods + first_period + period) * n_simulations + simulation;
                        found.push(PlaceValue { place: place as u32, at: at as u32, mean: mean as f32 });
                    }
                }
            })?;
        }
        Ok(found)
    }
}

/// Bytes of where a place lies and of its cell, about.
const BYTES_PER_PLACE: usize = 160;

fn unknown_height(grid: &TargetGrid, cell: usize) -> Error {
    let message = match &grid.elevation_m {
        None => "the files of the reference do not tell how high its cells lie".to_owned(),
        Some(_) => format!("the reference tells no height of its cell at {}, {}", grid.lat[cell], grid.lon[cell]),
    };
    let problem = Problem::new(message).of_key("climate.city.reference_elevation_m");
    problem.hint("set it to the height of the stations that the reference comes from, or add orog to its files").into()
}

/// The days of a cell as they are at a place.
fn moved(offsets: &PlaceOffsets, variables: &[ClimateVariable], series: Series<'_>, out: &mut Vec<Vec<f32>>) {
    use ClimateVariable::{Pr, Tas, Tasmax, Tasmin};
    out.resize(variables.len(), Vec::new());
    for ((variable, values), out) in variables.iter().zip(series.values).zip(&mut *out) {
        out.clear();
        let mut by_month = |offsets: &[f64; 12]| {
            let months = series.days.dates().iter().map(|date| offsets[usize::from(date.month - 1)]);
            out.extend(values.iter().zip(months).map(|(&value, offset)| (f64::from(value) + offset) as f32));
        };
        match variable {
            Tas => by_month(&offsets.tas),
            Tasmin => by_month(&offsets.tasmin),
            Tasmax => by_month(&offsets.tasmax),
            Pr => out.extend(values.iter().map(|&value| (f64::from(value) * offsets.pr_factor) as f32)),
            _ => out.extend_from_slice(values),
        }
    }
    let place = |wanted: ClimateVariable| variables.iter().position(|variable| *variable == wanted);
    if let (Some(low), Some(high)) = (place(Tasmin), place(Tasmax)) {
        let (mut tasmin, mut tasmax) = (std::mem::take(&mut out[low]), std::mem::take(&mut out[high]));
        keep_in_order(place(Tas).map(|mean| &out[mean][..]), &mut tasmin, &mut tasmax);
        (out[low], out[high]) = (tasmin, tasmax);
    }
}

#[cfg(test)]
mod tests {
    use conurb_climate::calendar::Calendar;

    use super::*;

    #[test]
    fn days_are_moved_by_their_month() {
        let days = Days::of_years(Calendar::Day360, 2001, 2001);
        let mut offsets = PlaceOffsets { tas: [0.0; 12], tasmin: [0.0; 12], tasmax: [0.0; 12], pr_factor: 0.5 };
        offsets.tasmin[1] = 2.0;
        offsets.tasmax[1] = -0.5;
        let values = vec![vec![1.0_f32; 360], vec![2.0; 360], vec![4.0; 360]];
        let variables = [ClimateVariable::Tasmin, ClimateVariable::Tasmax, ClimateVariable::Pr];
        let mut out = Vec::new();
        moved(&offsets, &variables, Series { values: &values, days: &days }, &mut out);
        assert_eq!([out[0][29], out[1][29], out[2][29]], [1.0, 2.0, 2.0]);
        // February: 3 and 1.5 meet halfway.
        assert_eq!([out[0][30], out[1][30]], [2.25, 2.25]);
        assert_eq!([out[0][59], out[0][60]], [2.25, 1.0]);
    }
}
