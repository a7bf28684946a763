//! User equilibrium by bi-conjugate Frank-Wolfe: link volumes only, so that memory does not grow with demand.

use conurb_traffic::frank_wolfe::ConjugatePoints;
use conurb_traffic::{SearchCosts, rising_root};

use super::problem::AssignmentProblem;
use super::solution::{
    LogEntry, Origins, Solution, all_or_nothing, beckmann_objective, check_costs, gaps, link_states,
};
use super::{Target, Watch};
use crate::error::Error;
use crate::parallel::Runtime;

/// Relative width to which the exact line search determines a step.
const STEP_WIDTH: f64 = 1e-6;

/// Steps from all-or-nothing volumes at free-flow costs to equilibrium.
///
/// # Errors
/// A rank that does not answer.
pub fn solve(
    runtime: &Runtime,
    problem: &AssignmentProblem,
    target: &Target,
    watch: Watch<'_>,
) -> Result<Solution, Error> {
    let origins = Origins::new(problem, runtime);
    let free_flow = link_states(problem, &vec![0.0; problem.graph.n_links()]);
    let mut costs = SearchCosts::new(&problem.graph, |link| free_flow[link].cost);
    let mut solution = Solution::default();
    let mut volumes = all_or_nothing(runtime, problem, &origins, &costs)?.volumes;
    let mut points = ConjugatePoints::default();
    for iteration in 1..=target.max_iterations {
        let states = link_states(problem, &volumes);
        check_costs(problem, &states)?;
        costs.refresh(|link| states[link].cost);
        let loaded = all_or_nothing(runtime, problem, &origins, &costs)?;
        let entry = LogEntry { gaps: gaps(&states, &loaded), objective: beckmann_objective(problem, &volumes) };
        solution.log.push(entry);
        solution.unreachable_trips = loaded.unreachable_trips;
        solution.unreachable_pairs = loaded.unreachable_pairs;
        solution.converged = entry.gaps.relative_gap() <= target.relative_gap;
        watch(iteration, &entry);
        if solution.converged || iteration == target.max_iterations {
            break;
        }
        let slopes: Vec<f64> = states.iter().map(|state| state.slope).collect();
        let mut point = points.next(&volumes, &loaded.volumes, &slopes);
        let mut step = best_step(problem, &volumes, &point);
        if step == 0.0 {
            // A conjugate direction that does not descend: the plain one does.
            points.restart();
            point = loaded.volumes;
            step = best_step(problem, &volumes, &point);
        }
        if step == 0.0 {
            // Not even the plain direction descends: this is as close as numbers get.
            break;
        }
        volumes.iter_mut().zip(&point).for_each(|(volume, &to)| *volume += step * (to - *volume));
        points.remember(point, step);
    }
    solution.trees = origins.with_demand.len() as u64 * (solution.log.len() as u64 + 1);
    solution.volumes = volumes;
    Ok(solution)
}

/// The step in [0, 1] from `volumes` towards `point` that minimises the Beckmann objective.
fn best_step(problem: &AssignmentProblem, volumes: &[f64], point: &[f64]) -> f64 {
    let derivative = |step: f64| -> f64 {
        let terms = volumes
            .iter()
            .zip(point)
            .enumerate()
            .map(|(link, (&volume, &to))| (to - volume) * problem.delays.cost(link, volume + step * (to - volume)));
        terms.sum()
    };
    let at_whole = derivative(1.0);
    if at_whole <= 0.0 { 1.0 } else { rising_root(derivative(0.0), at_whole, STEP_WIDTH, derivative) }
}
