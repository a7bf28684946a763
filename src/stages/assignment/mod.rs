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
use crate::stages::Progress;

/// When to stop, and how many origins move at once.
pub type Target = Assignment;

/// Tells how far a solver is, in gap on a logarithmic scale.
pub struct Monitor<'a> {
    /// Where to tell it.
    pub progress: &'a dyn Progress,
    /// Gap asked for.
    pub relative_gap: f64,
}

impl Monitor<'_> {
    fn tell(&self, iteration: usize, entry: &LogEntry) {
        let gap = entry.gaps.relative_gap();
        let done = if gap <= self.relative_gap { 1.0 } else { gap.ln() / self.relative_gap.ln() };
        let text = format!("iteration {iteration}, relative gap {gap:.2e}");
        self.progress.update("traffic.assignment", done.clamp(0.0, 1.0), &text);
    }
}

/// Solves `problem` with the solver and to the gap that `target` names.
///
/// # Errors
/// A rank that does not answer.
pub fn solve(
    runtime: &Runtime,
    problem: &AssignmentProblem,
    target: &Target,
    progress: &dyn Progress,
) -> Result<Solution, Error> {
    let monitor = Monitor { progress, relative_gap: target.relative_gap };
    match target.solver {
        Solver::GradientProjection => gradient_projection::solve(runtime, problem, target, &monitor),
        Solver::BiConjugateFrankWolfe => frank_wolfe::solve(runtime, problem, target, &monitor),
    }
}
