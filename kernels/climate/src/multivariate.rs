//! MBCn: adjustment of several variables together (Cannon, Climate Dynamics 50, 2018, section 2.3).
//!
//! Adjusting each variable by itself leaves how they go together to the model: that wet days are cool, that sun dries.
//! MBCn adjusts the points of all variables: it turns them by a random rotation, corrects each axis by additive
//! quantile delta mapping, turns them on, and after some tens of rotations the cloud of points of the historical series
//! has the shape of the reference. What it gives to the future is its order only: each variable's own adjusted values
//! are handed out to the days in the order of the transformed points, so that distributions remain those of the
//! variable's own adjustment (ibid., step 5), here within each group of days.
//!
//! Definition, as in xsdba 0.7 but for the last step: in each group the points of the pool are standardised, each series by
//! its own mean and standard deviation; rotation i turns them by M_i M_(i-1)^T; quantiles of type 7 at n nodes (k + 1/2)/n
//! of reference and historical points differ by a correction per node, which is applied to historical and future points by
//! their mean ranks, counted from 0 to 1. With windows, xsdba hands out the values of the whole pool and keeps those
//! of the days in the middle; here the days of the group share their own values, so that nothing but order changes.

mod axis;
mod energy_distance;
mod order;
mod rotation;
mod transform;

pub use energy_distance::energy_distance;
pub use rotation::random_rotations;

use self::transform::{Axis, Points};
use crate::days::Days;
use crate::grouping::Grouping;
use crate::groups::{GroupError, Groups};
use crate::sample::Sample;

/// How a correction between two nodes is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// Linear in the rank between nodes, constant beyond them.
    #[default]
    Linear,
    /// The nearest node's, the lower one's halfway between.
    Nearest,
}

/// How variables are adjusted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Rotations, at least one.
    pub n_iterations: usize,
    /// Nodes of each axis, at least one.
    pub n_nodes: usize,
    /// Corrections between nodes.
    pub interpolation: Interpolation,
    /// Days that are adjusted together.
    pub grouping: Grouping,
    /// Days of the year that share a window, 1 for a window each: the time needed falls with it.
    pub step_days: u16,
    /// What rotations are drawn from.
    pub seed: u64,
}

/// Most variables that are adjusted together.
pub const MOST_VARIABLES: usize = 8;

/// Why variables cannot be adjusted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// None, or too many.
    #[error("from 1 to 8 variables are adjusted together, not {0}")]
    Variables(usize),
    /// Nothing to do.
    #[error("MBCn needs at least one rotation and one node, not {n_iterations} and {n_nodes}")]
    Empty {
        /// Rotations asked for.
        n_iterations: usize,
        /// Nodes asked for.
        n_nodes: usize,
    },
    /// Windows that are none.
    #[error(transparent)]
    Groups(#[from] GroupError),
}

/// What all cells share: rotations and the groups of both training series.
#[derive(Debug, Clone)]
pub struct Plan {
    settings: Settings,
    n_variables: usize,
    /// From each rotation to the next.
    turns: Vec<Vec<f32>>,
    /// From the last rotation back to the variables.
    back: Vec<f32>,
    reference: Groups,
    historical: Groups,
}

/// What was learnt at a cell: corrections for each group, rotation, axis and node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Training {
    corrections: Vec<f32>,
    is_trained: Vec<bool>,
}

/// Working memory of a thread.
#[derive(Debug, Clone, Default)]
pub struct Scratch<T> {
    reference: Points,
    moving: Points,
    axis: Axis,
    order: Vec<(u32, u32)>,
    values: Vec<(T, u32)>,
}

impl Plan {
    /// Prepares for cells whose training series have these days.
    ///
    /// # Errors
    /// Settings out of range.
    pub fn new(settings: Settings, n_variables: usize, reference: &Days, historical: &Days) -> Result<Plan, PlanError> {
        let rotations = random_rotations(n_variables.min(MOST_VARIABLES), settings.n_iterations, settings.seed);
        Plan::with_rotations(settings, &rotations, n_variables, reference, historical)
    }

    /// As [`Plan::new`], with rotations that are given, row by row, instead of drawn.
    ///
    /// # Errors
    /// Settings out of range.
    ///
    /// # Panics
    /// If there are not as many rotations as iterations, or one has not the size of a matrix of the variables.
    pub fn with_rotations(
        settings: Settings,
        rotations: &[Vec<f64>],
        n_variables: usize,
        reference: &Days,
        historical: &Days,
    ) -> Result<Plan, PlanError> {
        let Settings { n_iterations, n_nodes, grouping, step_days, .. } = settings;
        if n_variables == 0 || n_variables > MOST_VARIABLES {
            return Err(PlanError::Variables(n_variables));
        }
        if n_iterations == 0 || n_nodes == 0 {
            return Err(PlanError::Empty { n_iterations, n_nodes });
        }
        assert_eq!(rotations.len(), n_iterations, "each iteration has a rotation");
        assert!(
            rotations.iter().all(|matrix| matrix.len() == n_variables * n_variables),
            "rotations turn all variables"
        );
        let narrow = |matrix: &[f64]| matrix.iter().map(|&x| x as f32).collect::<Vec<f32>>();
        let first = std::iter::once(narrow(&rotations[0]));
        let next = |pair: &[Vec<f64>]| narrow(&rotation::times_transpose(&pair[1], &pair[0], n_variables));
        Ok(Plan {
            settings,
            n_variables,
            turns: first.chain(rotations.windows(2).map(next)).collect(),
            back: narrow(&rotation::transpose(&rotations[n_iterations - 1], n_variables)),
            reference: Groups::stepped(reference, grouping, step_days)?,
            historical: Groups::stepped(historical, grouping, step_days)?,
        })
    }

    /// Groups of a series that is to be adjusted, to be shared by all cells.
    pub fn groups(&self, future: &Days) -> Groups {
        let Settings { grouping, step_days, .. } = self.settings;
        Groups::stepped(future, grouping, step_days).expect("the training series were grouped alike")
    }

    /// Learns from a cell: one slice of each variable, in the same order in both series.
    ///
    /// # Panics
    /// If variables or days are not those of the plan.
    pub fn train<T: Sample>(
        &self,
        reference: &[&[T]],
        historical: &[&[T]],
        training: &mut Training,
        scratch: &mut Scratch<T>,
    ) {
        self.check(reference, &self.reference);
        self.check(historical, &self.historical);
        let n_groups = self.reference.len();
        training.corrections.resize(n_groups * self.n_corrections(), 0.0);
        training.is_trained.clear();
        if self.n_variables == 1 {
            training.is_trained.resize(n_groups, false);
            return;
        }
        for (group, corrections) in training.corrections.chunks_exact_mut(self.n_corrections()).enumerate() {
            let Scratch { reference: target, moving, axis, .. } = scratch;
            target.gather(reference, self.reference.pool(group));
            moving.gather(historical, self.historical.pool(group));
            let is_enough = target.days.len() >= 2 && moving.days.len() >= 2;
            training.is_trained.push(is_enough);
            if is_enough {
                self.learn(target, moving, corrections, axis);
            }
        }
    }

    /// Rearranges values that were adjusted variable by variable: within each group the days get them in the order of the
    /// transformed points. Days on which a variable is missing keep theirs, as do groups whose pools have fewer than two
    /// days without gaps, and a single variable.
    ///
    /// # Panics
    /// If variables or days are not those of the plan and the groups.
    pub fn adjust<T: Sample>(
        &self,
        training: &Training,
        groups: &Groups,
        future: &[&[T]],
        adjusted: &mut [&mut [T]],
        scratch: &mut Scratch<T>,
    ) {
        self.check(future, groups);
        assert_eq!(adjusted.len(), self.n_variables, "each variable was adjusted by itself");
        assert!(adjusted.iter().all(|values| values.len() == groups.days()), "adjusted series have the future's days");
        assert_eq!(training.is_trained.len(), groups.len(), "the training has the same groups");
        for number in 0..groups.len() {
            if !training.is_trained[number] || groups.own(number).is_empty() {
                continue;
            }
            scratch.moving.gather(future, groups.pool(number));
            if scratch.moving.days.len() >= 2 {
                let corrections = &training.corrections[number * self.n_corrections()..][..self.n_corrections()];
                self.transform(&mut scratch.moving, corrections, &mut scratch.axis);
                rearrange(groups.own(number), adjusted, scratch);
            }
        }
    }

    fn check<T>(&self, series: &[&[T]], groups: &Groups) {
        assert_eq!(series.len(), self.n_variables, "each variable has a series");
        assert!(series.iter().all(|values| values.len() == groups.days()), "each day has a value of each variable");
    }

    /// Numbers that are learnt for a group.
    fn n_corrections(&self) -> usize {
        self.turns.len() * self.n_variables * self.settings.n_nodes
    }

    fn learn(&self, target: &mut Points, moving: &mut Points, corrections: &mut [f32], room: &mut Axis) {
        let Settings { n_nodes, interpolation, .. } = self.settings;
        target.prepare(n_nodes, interpolation);
        moving.prepare(n_nodes, interpolation);
        for (turn, corrections) in self.turns.iter().zip(corrections.chunks_exact_mut(self.n_variables * n_nodes)) {
            target.rotate(turn);
            moving.rotate(turn);
            for (axis, corrections) in corrections.chunks_exact_mut(n_nodes).enumerate() {
                moving.learn(axis, target, corrections, room);
            }
        }
    }

    fn transform(&self, points: &mut Points, corrections: &[f32], room: &mut Axis) {
        let Settings { n_nodes, interpolation, .. } = self.settings;
        points.prepare(n_nodes, interpolation);
        for (turn, corrections) in self.turns.iter().zip(corrections.chunks_exact(self.n_variables * n_nodes)) {
            points.rotate(turn);
            for (axis, corrections) in corrections.chunks_exact(n_nodes).enumerate() {
                points.correct(axis, corrections, room);
            }
        }
        points.rotate(&self.back);
    }
}

/// Hands out the values of days to the same days in the order of their points, equal ones in the order of days.
fn rearrange<T: Sample>(days: &[u32], adjusted: &mut [&mut [T]], scratch: &mut Scratch<T>) {
    let Scratch { moving, order, values, .. } = scratch;
    for (variable, adjusted) in adjusted.iter_mut().enumerate() {
        order.clear();
        values.clear();
        let mut from = 0;
        for &day in days {
            from += moving.days[from..].iter().take_while(|&&known| known < day).count();
            if moving.days.get(from) == Some(&day) && !adjusted[day as usize].is_missing() {
                order.push((moving.variable(variable)[from].key(), day));
                values.push((adjusted[day as usize], day));
            }
        }
        order.sort_unstable();
        values.sort_unstable_by_key(|&(value, day)| (value.key(), day));
        for (&(_, day), &(value, _)) in order.iter().zip(&*values) {
            adjusted[day as usize] = value;
        }
    }
}

#[cfg(test)]
mod tests;
