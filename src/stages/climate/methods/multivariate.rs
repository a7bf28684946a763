//! Variables that are adjusted together: each by its quantiles, then put into the order of the transformed points.

use std::ops::Range;
use std::sync::Arc;

use conurb_climate::groups::Groups;
use conurb_climate::multivariate::{Interpolation as Between, Plan, Scratch, Settings, Training as Learnt};

use super::quantile::{self, Alone, ModelGroups, grouping};
use super::{Cell, Training, days_of};
use crate::error::{Error, Problem};
use crate::scenario::{Climate, Interpolation};
use crate::stages::climate::axes::ModelAxes;

/// Variables of a run that are adjusted together.
pub struct Together {
    variables: Vec<usize>,
    each: Vec<Alone>,
    models: Vec<ModelPlan>,
}

/// What all cells share for a model.
struct ModelPlan {
    plan: Plan,
    periods: Vec<Groups>,
}

/// What a thread keeps of a cell.
pub struct Memory {
    each: Vec<quantile::Memory>,
    learnt: Learnt,
    scratch: Scratch<f32>,
}

impl Together {
    /// Prepares the variables at these places.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn new(
        climate: &Climate,
        (variables, seed): (Vec<usize>, u64),
        models: &[ModelAxes],
        groups: &Arc<[ModelGroups]>,
    ) -> Result<Self, Error> {
        let settings = Settings {
            n_iterations: climate.iterations,
            n_nodes: climate.quantiles,
            interpolation: match climate.interpolation {
                Interpolation::Linear => Between::Linear,
                Interpolation::Nearest => Between::Nearest,
            },
            grouping: grouping(climate),
            step_days: 1,
            seed,
        };
        let plan = |axes: &ModelAxes| {
            let plan = Plan::new(settings, variables.len(), &axes.training, &axes.training)
                .map_err(|error| Error::from(Problem::new(error.to_string()).of_key("climate.method")))?;
            let periods = axes.periods.iter().map(|period| plan.groups(&days_of(axes, period))).collect();
            Ok(ModelPlan { plan, periods })
        };
        let models_planned = models.iter().map(plan).collect::<Result<_, Error>>()?;
        let each = variables.iter().map(|&variable| {
            Alone::new(climate, variable, seed, groups).expect("the multivariate method is one by quantiles first")
        });
        Ok(Together { each: each.collect(), models: models_planned, variables })
    }

    /// Working memory for one thread.
    pub fn memory(&self) -> Memory {
        Memory {
            each: self.each.iter().map(Alone::memory).collect(),
            learnt: Learnt::default(),
            scratch: Scratch::default(),
        }
    }

    /// Learns from the series of a cell.
    pub fn train(&self, model: usize, cell: &Cell, training: &[Training], memory: &mut Memory) {
        for (one, memory) in self.each.iter().zip(&mut memory.each) {
            one.train(model, cell, training, memory);
        }
        let series = |of: fn(&Training) -> &[f32]| -> Vec<&[f32]> {
            self.variables.iter().map(|&variable| of(&training[variable])).collect()
        };
        let (reference, historical) = (series(|one| &one.reference), series(|one| &one.historical));
        self.models[model].plan.train(&reference, &historical, &mut memory.learnt, &mut memory.scratch);
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
        let mut untrained = 0;
        for (one, memory) in self.each.iter().zip(&mut memory.each) {
            untrained += one.adjust((model, cell), (training, future), periods, out, memory);
        }
        let ModelPlan { plan, periods: groups } = &self.models[model];
        for (period, groups) in periods.iter().zip(groups) {
            let future: Vec<&[f32]> =
                self.variables.iter().map(|&variable| &future[variable][period.clone()]).collect();
            let is_own = |(variable, _): &(usize, &mut Vec<f32>)| self.variables.contains(variable);
            let mut adjusted: Vec<&mut [f32]> =
                out.iter_mut().enumerate().filter(is_own).map(|(_, days)| &mut days[period.clone()]).collect();
            plan.adjust(&memory.learnt, groups, &future, &mut adjusted, &mut memory.scratch);
        }
        untrained
    }
}
