//! The stage `traffic.assignment`: trips find their routes until no one can do better alone.

mod braess;
mod distribution;
mod frank_wolfe;
mod gradient_projection;
mod known;
mod links;
mod metrics;
mod problem;
mod results;
mod run;
mod solution;
mod stage;
mod system_optimum;
mod turns;
mod volume_delay;

use conurb_traffic::frank_wolfe::ConjugatePoints;

pub use gradient_projection::Start;
pub use known::first_start;
pub use problem::{AssignmentProblem, ClassProblem};
pub use solution::{Flows, LogEntry, Solution, evaluate};
pub use stage::AssignmentStage;

use crate::error::Error;
use crate::parallel::Runtime;
use crate::scenario::{Assignment, Solver};

/// When to stop, and how many origins move at once.
pub type Target = Assignment;

/// What a solver calls after each evaluation of the gap, with the 1-based iteration.
pub type Watch<'a> = &'a dyn Fn(usize, &LogEntry);

/// Solves `problem` with the solver and to the gap that `target` names; solvers without paths start cold.
///
/// # Errors
/// A rank that does not answer.
pub fn solve(
    runtime: &Runtime,
    problem: &AssignmentProblem,
    target: &Target,
    start: Start,
    watch: Watch<'_>,
) -> Result<Solution, Error> {
    use frank_wolfe::Averaging;
    match target.solver {
        Solver::GradientProjection => gradient_projection::solve(runtime, problem, target, start, watch),
        Solver::BiConjugateFrankWolfe => {
            let averaging = Averaging::BiConjugate(ConjugatePoints::default());
            frank_wolfe::solve(runtime, problem, target, averaging, watch)
        }
        Solver::Msa => frank_wolfe::solve(runtime, problem, target, Averaging::Successive, watch),
    }
}
