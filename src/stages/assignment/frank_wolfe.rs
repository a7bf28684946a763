//! Solvers that keep link flows only, so that memory does not grow with demand: bi-conjugate Frank-Wolfe and, as the textbook
//! has it, the method of successive averages.

use conurb_traffic::frank_wolfe::ConjugatePoints;
use conurb_traffic::{SearchCosts, rising_root};

use super::problem::AssignmentProblem;
use super::solution::{
    AllOrNothing, Flows, LogEntry, Solution, Sources, all_or_nothing, check_costs, link_states, log_entry,
    refresh_search, search_costs, total_volumes,
};
use super::{Target, Watch};
use crate::error::Error;
use crate::parallel::Runtime;

/// Relative width to which the exact line search determines a step.
const STEP_WIDTH: f64 = 1e-6;

/// How far to go, and towards what.
pub enum Averaging {
    /// To the least objective along directions that are conjugate to the last two.
    BiConjugate(ConjugatePoints),
    /// 1 / (n + 1) of the way to all-or-nothing flows in iteration n (Powell and Sheffi, The convergence of equilibrium
    /// algorithms with predetermined step sizes, Transp. Sci. 16(1), 1982, <https://doi.org/10.1287/trsc.16.1.45>).
    Successive,
}

/// Steps from all-or-nothing flows at free-flow costs to equilibrium.
///
/// # Errors
/// A rank that does not answer.
pub fn solve(
    runtime: &Runtime,
    problem: &AssignmentProblem,
    target: &Target,
    mut averaging: Averaging,
    watch: Watch<'_>,
) -> Result<Solution, Error> {
    let sources = Sources::new(problem, runtime);
    let free_flow = link_states(problem, &vec![0.0; problem.graph.n_links()]);
    let mut search: Vec<SearchCosts> = search_costs(problem, &free_flow);
    let mut solution = Solution::default();
    let mut flows = all_or_nothing(runtime, problem, &sources, &search)?.flows;
    for iteration in 1..=target.max_iterations {
        let states = link_states(problem, &flows.total());
        check_costs(problem, &states)?;
        refresh_search(problem, &states, &mut search);
        let loaded = all_or_nothing(runtime, problem, &sources, &search)?;
        let entry = log_entry(problem, &flows, &states, &loaded);
        note(&mut solution, entry, &loaded, target);
        watch(iteration, &entry);
        if solution.converged || iteration == target.max_iterations {
            break;
        }
        let slopes: Vec<f64> = states.iter().map(|state| state.slope).collect();
        match averaging.step(problem, (&flows, &loaded.flows), &slopes, iteration) {
            Some(next) => flows = next,
            // Not even the plain direction descends: this is as close as numbers get.
            None => break,
        }
    }
    solution.trees = sources.with_demand.len() as u64 * (solution.log.len() as u64 + 1);
    solution.flows = flows;
    Ok(solution)
}

fn note(solution: &mut Solution, entry: LogEntry, loaded: &AllOrNothing, target: &Target) {
    solution.log.push(entry);
    solution.unreachable_trips = loaded.unreachable_trips;
    solution.unreachable_pairs = loaded.unreachable_pairs;
    solution.converged = entry.gaps.relative_gap() <= target.relative_gap;
}

impl Averaging {
    /// The flows of the next iteration; none if no direction descends.
    fn step(
        &mut self,
        problem: &AssignmentProblem,
        (flows, target): (&Flows, &Flows),
        slopes: &[f64],
        iteration: usize,
    ) -> Option<Flows> {
        let Averaging::BiConjugate(points) = self else {
            return Some(between(problem, flows, target.values(), 1.0 / (iteration as f64 + 1.0)));
        };
        let total = |values: &[f64]| total_volumes(values, problem.graph.n_links());
        let mut point = points.next(flows.values(), target.values(), slopes, total);
        let mut step = best_step(problem, flows, &point);
        if step == 0.0 {
            // A conjugate direction that does not descend: the plain one does.
            points.restart();
            point = target.values().to_vec();
            step = best_step(problem, flows, &point);
        }
        let next = between(problem, flows, &point, step);
        points.remember(point, step);
        (step > 0.0).then_some(next)
    }
}

/// Flows the part `step` of the way to `point`.
fn between(problem: &AssignmentProblem, flows: &Flows, point: &[f64], step: f64) -> Flows {
    let values = flows.values().iter().zip(point).map(|(from, to)| from + step * (to - from));
    Flows::new(problem, values.collect())
}

/// The step in [0, 1] from `flows` towards `point` that minimises the Beckmann objective.
fn best_step(problem: &AssignmentProblem, flows: &Flows, point: &[f64]) -> f64 {
    let point = Flows::new(problem, point.to_vec());
    let fixed_change = point.fixed_cost() - flows.fixed_cost();
    let (volumes, to) = (flows.total(), point.total());
    let derivative = |step: f64| -> f64 {
        let terms = volumes
            .iter()
            .zip(&to)
            .enumerate()
            .map(|(link, (&volume, &to))| (to - volume) * problem.delays.cost(link, volume + step * (to - volume)));
        terms.sum::<f64>() + fixed_change
    };
    let at_whole = derivative(1.0);
    if at_whole <= 0.0 { 1.0 } else { rising_root(derivative(0.0), at_whole, STEP_WIDTH, derivative) }
}
