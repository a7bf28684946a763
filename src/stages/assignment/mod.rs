//! The stage `traffic.assignment`: trips find their routes until no one can do better alone.

mod frank_wolfe;
mod gradient_projection;
mod groups;
mod problem;
mod results;
mod solution;
mod stage;

pub use problem::AssignmentProblem;
pub use solution::{LogEntry, Solution, evaluate};
pub use stage::AssignmentStage;

use crate::error::Error;
use crate::parallel::Runtime;
use crate::scenario::{Assignment, Solver};

/// When to stop, and how many origins move at once.
pub type Target = Assignment;

/// What a solver calls after each evaluation of the gap, with the 1-based iteration.
pub type Watch<'a> = &'a dyn Fn(usize, &LogEntry);

/// Solves `problem` with the solver and to the gap that `target` names.
///
/// # Errors
/// A rank that does not answer.
pub fn solve(
    runtime: &Runtime,
    problem: &AssignmentProblem,
    target: &Target,
    watch: Watch<'_>,
) -> Result<Solution, Error> {
    match target.solver {
        Solver::GradientProjection => gradient_projection::solve(runtime, problem, target, watch),
        Solver::BiConjugateFrankWolfe | Solver::Msa => frank_wolfe::solve(runtime, problem, target, watch),
    }
}
