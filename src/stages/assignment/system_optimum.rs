//! The system optimum: least total cost, as the equilibrium at marginal costs.
//!
//! Source: Sheffi, Urban Transportation Networks, 1985, section 3.4. Who pays v t'(v) on each link besides its own cost makes
//! the system optimum an equilibrium; the ratio of the totals is the price of anarchy (Koutsoupias and Papadimitriou 1999).

use conurb_numerics::pairwise_sum;
use conurb_traffic::VolumeDelay;

use super::gradient_projection::{self, Start};
use super::problem::AssignmentProblem;
use super::results::Results;
use super::results::output::Output;
use super::solution::{Flows, Solution};
use super::{Target, Watch};
use crate::error::{Error, Problem};
use crate::field::traffic as field;
use crate::parallel::Runtime;

/// What the system optimum is like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Optimum {
    /// Σ volume × cost + fixed costs at the optimum.
    pub total_system_travel_time: f64,
    /// Gap of the assignment at marginal costs.
    pub relative_gap: f64,
    /// Whether the gap asked for was reached.
    pub converged: bool,
    /// Total at equilibrium over total at the optimum.
    pub price_of_anarchy: f64,
}

/// Refuses functions whose marginal cost jumps: no volumes need exist at which used paths cost the same.
///
/// # Errors
/// A link with such a function.
pub fn check(problem: &AssignmentProblem) -> Result<(), Error> {
    let jumps = |delay: &VolumeDelay| matches!(delay, VolumeDelay::Bpr2(_));
    match problem.network.delay().iter().position(jumps) {
        None => Ok(()),
        Some(link) => {
            let message = format!("link {} has \"bpr2\", whose marginal cost jumps at capacity", problem.link_id[link]);
            Err(Problem::new(message)
                .of_key("traffic.system_optimum")
                .hint("use another function, or leave it out")
                .into())
        }
    }
}

/// Σ volume × travel time + fixed costs.
pub fn total_cost(problem: &AssignmentProblem, flows: &Flows) -> f64 {
    let cost = |(link, &volume): (usize, &f64)| volume * problem.travel_times.cost(link, volume);
    pairwise_sum(&flows.total().iter().enumerate().map(cost).collect::<Vec<_>>()) + flows.fixed_cost()
}

/// Finds the system optimum from the equilibrium in `results` and writes volumes and marginal tolls.
///
/// # Errors
/// A rank that does not answer; the store cannot take the fields.
pub fn solve_and_write(
    runtime: &Runtime,
    results: &Results<'_>,
    target: &Target,
    output: &mut Output<'_>,
    watch: Watch<'_>,
) -> Result<(Optimum, Solution), Error> {
    let (problem, equilibrium) = (results.problem, results.solution);
    let marginal = problem.at_marginal_costs();
    let start = equilibrium.paths.clone().map_or(Start::Cold, Start::Paths);
    let solution = gradient_projection::solve(runtime, &marginal, target, start, watch)?;
    let (n_links, n_classes) = (problem.network.n_links(), problem.classes.len());
    let shape = [n_classes, n_links];
    output.put(results.period, &field::SYSTEM_OPTIMUM_LINK_VOLUME, &shape, results.class_volumes(&solution))?;
    let volumes = solution.flows.total();
    let seconds = results.traffic.time_unit.seconds();
    let toll = |link: usize| volumes[link] * problem.travel_times.state(link, volumes[link]).slope * seconds;
    output.put(results.period, &field::MARGINAL_TOLL, &[n_links], problem.by_source_link(f64::NAN, toll))?;
    let total = total_cost(problem, &solution.flows);
    let at_equilibrium = total_cost(problem, &equilibrium.flows);
    let optimum = Optimum {
        total_system_travel_time: total,
        relative_gap: solution.log.last().map_or(1.0, |entry| entry.gaps.relative_gap()),
        converged: solution.converged,
        price_of_anarchy: if total > 0.0 { at_equilibrium / total } else { 1.0 },
    };
    Ok((optimum, solution))
}
