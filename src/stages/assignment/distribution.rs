//! Trips that find destinations and routes together: a doubly constrained gravity model fed by the assignment's costs.
//!
//! Each round solves the assignment from the paths of the last, takes least costs between zones, balances the gravity model at
//! them and moves the trips a part of the way there. At the fixed point trips and costs are consistent (Evans 1976 for the
//! exponential function). The part halves whenever the distance to the gravity model grows, so that rounds cannot swing forever.

use conurb_traffic::gravity::{
    BalanceLimits, ColumnBalance, add_column_sums, balance_columns, check_totals, row_factor, row_trips,
};
use conurb_traffic::{Demand, Deterrence, GravityError, TreeSearch};

use super::known::carry_over;
use super::problem::{AssignmentProblem, demand_factor};
use super::solution::{Solution, Sources, link_states, search_costs};
use super::{Start, Target, Watch, solve};
use crate::error::{Error, Problem};
use crate::inputs::TrafficInputs;
use crate::parallel::Runtime;
use crate::scenario::{self, Distribution, Traffic};

/// How the gravity model met its totals, the worst of all classes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct BalanceReport {
    /// Σ |column sum − attraction| / Σ attraction.
    pub residual: f64,
    /// Largest deviation from 1 of the factor that brought attractions to productions.
    pub scaled_by: f64,
    /// Attractions of zones that no trip reaches, passenger-car units.
    pub unreached: f64,
    /// Productions of zones that reach no attraction, passenger-car units.
    pub lost: f64,
}

/// How consistent trips and costs are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Consistency {
    /// Rounds of assignment and gravity model.
    pub rounds: usize,
    /// Σ |trips − gravity model at their own costs| / Σ trips.
    pub distance: f64,
    /// Whether the tolerance was reached.
    pub converged: bool,
    /// How the last gravity model met its totals.
    pub balance: BalanceReport,
}

/// What the part of the way is multiplied by when the distance grew …
const SHORTER: f64 = 0.5;
/// … and when it fell, so that one bad round does not make all others short.
const LONGER: f64 = 1.2;
/// Weights below this, relative to the greatest of an origin, count as no trips: their factors would leave the range of numbers.
const LEAST_WEIGHT: f64 = 1e-300;
/// Rounds of balancing at most: what takes longer has no solution or hardly one, and is told.
const BALANCE: BalanceLimits = BalanceLimits { tolerance: 1e-12, max_iterations: 5000 };

/// The gravity model's functions in the network's time unit.
fn deterrence(function: scenario::Deterrence, traffic: &Traffic) -> Deterrence {
    let per_unit = traffic.time_unit.seconds() / 60.0;
    match function {
        scenario::Deterrence::Exponential { beta_per_min } => Deterrence::Exponential { beta: beta_per_min * per_unit },
        scenario::Deterrence::Power { alpha } => Deterrence::Power { alpha },
        scenario::Deterrence::Combined { alpha, beta_per_min } => {
            Deterrence::Combined { alpha, beta: beta_per_min * per_unit }
        }
    }
}

/// Trips from and to each zone of a class, in passenger-car units.
struct Totals {
    productions: Vec<f64>,
    attractions: Vec<f64>,
}

/// Solves trips and routes together; `problem` gets the trips found.
///
/// # Errors
/// Totals that make no matrix; a rank that does not answer.
pub fn solve_together(
    runtime: &Runtime,
    (inputs, traffic): (&TrafficInputs, &Traffic),
    distribution: &Distribution,
    (problem, period): (&mut AssignmentProblem, usize),
    (target, start, watch): (&Target, Start, Watch<'_>),
) -> Result<(Solution, Consistency), Error> {
    let function = deterrence(distribution.deterrence, traffic);
    let of_class = |class| zone_totals((inputs, traffic), problem, (class, period));
    let totals: Vec<Totals> = (0..problem.classes.len()).map(of_class).collect();
    for totals in &totals {
        check_totals(&totals.productions, &totals.attractions).map_err(|cause| refused(cause, problem))?;
    }
    let mut part = 1.0;
    let mut distance = f64::INFINITY;
    let mut solution = solve(runtime, problem, target, start, watch)?;
    let mut trees = solution.trees;
    for round in 1.. {
        let (wanted, balance) = gravity_trips(runtime, problem, &solution, &function, &totals)?;
        let before = distance;
        distance = distance_between(&problem.classes.iter().map(|class| &class.demand).collect::<Vec<_>>(), &wanted);
        let converged = distance <= distribution.tolerance;
        if converged || round >= distribution.max_rounds {
            solution.trees = trees;
            return Ok((solution, Consistency { rounds: round, distance, converged, balance }));
        }
        part = if distance > before { part * SHORTER } else { (part * LONGER).min(1.0) };
        let old = problem.clone();
        for (class, wanted) in problem.classes.iter_mut().zip(wanted) {
            class.demand = between(&class.demand, &wanted, part);
        }
        let carried = Start::Known(carry_over(runtime, (&old, &solution), problem));
        solution = solve(runtime, problem, target, carried, watch)?;
        trees += solution.trees;
    }
    unreachable!("rounds end at the tolerance or at the most there may be")
}

fn refused(cause: GravityError, problem: &AssignmentProblem) -> Problem {
    let message = match cause {
        GravityError::Trips { zone, what, value } => {
            format!("zone {} has {what} of {value}, expected a finite number of at least 0", problem.zone_id[zone])
        }
        cause => cause.to_string(),
    };
    Problem::new(message).of_key("traffic.distribution")
}

fn unweighable(cause: GravityError, origin: usize, problem: &AssignmentProblem) -> Problem {
    let GravityError::Cost { destination, cost, expected } = cause else { return refused(cause, problem) };
    let (from, to) = (problem.zone_id[origin], problem.zone_id[destination]);
    Problem::new(format!("the cost from zone {from} to zone {to} is {cost}, expected {expected}"))
        .of_key("traffic.distribution.deterrence")
        .hint("the exponential function takes costs of 0")
}

/// Productions and attractions of a class: the file's with the same factors as demand, or the sums of its demand.
///
/// Trips within zones stay as they are, on top of these.
fn zone_totals(
    (inputs, traffic): (&TrafficInputs, &Traffic),
    problem: &AssignmentProblem,
    (class, period): (usize, usize),
) -> Totals {
    let factor = demand_factor(traffic, class, period);
    let class = &problem.classes[class];
    if let Some((productions, attractions)) = &inputs.zone_totals {
        let scaled = |trips: &[f64]| trips.iter().map(|trips| trips * factor * class.pce).collect();
        return Totals { productions: scaled(productions), attractions: scaled(attractions) };
    }
    let n_zones = problem.network.n_zones();
    let (mut productions, mut attractions) = (vec![0.0; n_zones], vec![0.0; n_zones]);
    for (origin, production) in productions.iter_mut().enumerate() {
        let (zones, trips) = class.demand.of(origin);
        *production = conurb_numerics::pairwise_sum(trips);
        zones.iter().zip(trips).for_each(|(&zone, trips)| attractions[zone as usize] += trips);
    }
    Totals { productions, attractions }
}

/// Trips of each class by the gravity model at the costs of a solution, on every rank.
fn gravity_trips(
    runtime: &Runtime,
    problem: &AssignmentProblem,
    solution: &Solution,
    function: &Deterrence,
    totals: &[Totals],
) -> Result<(Vec<Demand>, BalanceReport), Error> {
    let (graph, n_zones) = (&problem.graph, problem.network.n_zones());
    let search = search_costs(problem, &link_states(problem, &solution.flows.total()));
    let sources = Sources::new(problem, runtime);
    let scratch = runtime.scratch(|| TreeSearch::new(graph));
    let all: Vec<usize> = (0..n_zones).collect();
    let (mut demands, mut report) = (Vec::new(), BalanceReport::default());
    for (class, totals) in totals.iter().enumerate() {
        let mut rows = vec![Vec::new(); n_zones];
        let weighed = runtime.map(&sources.origins, &all, &mut rows, &scratch, |origin, row, tree| {
            tree.grow(graph, &search[class], graph.zone_state()[origin]);
            let mut costs: Vec<f64> = graph.zone_state().iter().map(|&state| tree.cost(state)).collect();
            // A zone's trips to itself load no link and are not distributed.
            costs[origin] = f64::INFINITY;
            *row = vec![0.0; n_zones];
            let weighed = function.weigh(&costs, row);
            row.iter_mut().filter(|weight| **weight < LEAST_WEIGHT).for_each(|weight| *weight = 0.0);
            weighed.map_err(|cause| (origin, cause))
        });
        let worded = |(origin, cause)| unweighable(cause, origin, problem).into();
        runtime.agree(weighed.into_iter().collect::<Result<(), _>>().map_err(worded))?;
        let columns = balanced(runtime, &sources, &rows, totals)?;
        if !columns.residual.is_finite() {
            let message = "the gravity model leaves the range of numbers: its costs differ too much";
            return Err(Problem::new(message)
                .of_key("traffic.distribution")
                .hint("take a smaller beta or alpha")
                .into());
        }
        report.residual = report.residual.max(columns.residual);
        report.scaled_by = report.scaled_by.max((columns.attraction_scale - 1.0).abs());
        report.unreached += columns.unreached_attractions;
        let lost = runtime.map(&sources.origins, &all, &mut rows, &scratch, |origin, row, _| {
            let production = totals.productions[origin];
            let reaches_some = row_factor(row, production, &columns.factors) > 0.0;
            vec![if reaches_some { 0.0 } else { production }]
        });
        let lost = runtime.gather(&sources.origins, &all, Ok(lost))?;
        report.lost += conurb_numerics::pairwise_sum(&lost.concat());
        demands.push(gathered(runtime, &sources, &mut rows, (totals, &columns))?);
    }
    Ok((demands, report))
}

/// Column factors, with each rank adding up its own rows.
fn balanced(runtime: &Runtime, sources: &Sources, rows: &[Vec<f64>], totals: &Totals) -> Result<ColumnBalance, Error> {
    let n_classes = sources.chunks.len() / sources.origins.len().max(1);
    balance_columns(&totals.attractions, BALANCE, |factors| {
        runtime.sum(&sources.blocks, totals.attractions.len(), |block, sums| {
            let of_block = sources.in_block(block);
            let origins = of_block.start / n_classes..of_block.end / n_classes;
            for (row, &production) in rows[origins.clone()].iter().zip(&totals.productions[origins]) {
                add_column_sums(row, row_factor(row, production, factors), sums);
            }
        })
    })
}

/// The balanced matrix on every rank, without its zeros.
fn gathered(
    runtime: &Runtime,
    sources: &Sources,
    rows: &mut [Vec<f64>],
    (totals, columns): (&Totals, &ColumnBalance),
) -> Result<Demand, Error> {
    let all: Vec<usize> = (0..rows.len()).collect();
    let scratch = runtime.scratch(|| ());
    let own = runtime.map(&sources.origins, &all, rows, &scratch, |origin, row, ()| {
        let factor = row_factor(row, totals.productions[origin], &columns.factors);
        let mut trips = vec![0.0; row.len()];
        row_trips(row, factor, &columns.factors, &mut trips);
        trips
    });
    let mut demand = Demand { origin_start: vec![0], ..Demand::default() };
    runtime.gather_each(&sources.origins, &all, Ok(&own), |_, row: &[f64]| {
        for (zone, &trips) in row.iter().enumerate().filter(|(_, trips)| **trips > 0.0) {
            demand.destination.push(zone as u32);
            demand.trips.push(trips);
        }
        demand.origin_start.push(demand.destination.len());
    })?;
    Ok(demand)
}

/// Shows every pair that either matrix has, with the trips of both.
fn merged(one: &Demand, other: &Demand, mut visit: impl FnMut(usize, u32, f64, f64)) {
    for origin in 0..one.n_origins().max(other.n_origins()) {
        let ((zones_a, trips_a), (zones_b, trips_b)) = (one.of(origin), other.of(origin));
        let (mut a, mut b) = (0, 0);
        while a < zones_a.len() || b < zones_b.len() {
            let zone = zones_a.get(a).into_iter().chain(zones_b.get(b)).copied().min().expect("one of them goes on");
            let has = |zones: &[u32], at: usize| zones.get(at) == Some(&zone);
            let (in_a, in_b) = (has(zones_a, a), has(zones_b, b));
            visit(origin, zone, if in_a { trips_a[a] } else { 0.0 }, if in_b { trips_b[b] } else { 0.0 });
            a += usize::from(in_a);
            b += usize::from(in_b);
        }
    }
}

/// Trips the part `part` of the way from one matrix to another.
fn between(from: &Demand, to: &Demand, part: f64) -> Demand {
    let mut demand = Demand { origin_start: vec![0; from.n_origins() + 1], ..Demand::default() };
    merged(from, to, |origin, zone, from, to| {
        let trips = from + part * (to - from);
        if trips > 0.0 {
            demand.destination.push(zone);
            demand.trips.push(trips);
            demand.origin_start[origin + 1] = demand.destination.len();
        }
    });
    for origin in 1..demand.origin_start.len() {
        demand.origin_start[origin] = demand.origin_start[origin].max(demand.origin_start[origin - 1]);
    }
    demand
}

/// Σ |difference| / Σ trips of the second matrices.
fn distance_between(one: &[&Demand], other: &[Demand]) -> f64 {
    let (mut differences, mut trips) = (Vec::new(), Vec::new());
    for (one, other) in one.iter().zip(other) {
        merged(one, other, |_, _, from, to| {
            differences.push((from - to).abs());
            trips.push(to);
        });
    }
    let (total, difference) = (conurb_numerics::pairwise_sum(&trips), conurb_numerics::pairwise_sum(&differences));
    if difference > 0.0 { difference / total } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(rows: &[&[(u32, f64)]]) -> Demand {
        let mut demand = Demand { origin_start: vec![0], ..Demand::default() };
        for row in rows {
            demand.destination.extend(row.iter().map(|pair| pair.0));
            demand.trips.extend(row.iter().map(|pair| pair.1));
            demand.origin_start.push(demand.destination.len());
        }
        demand
    }

    #[test]
    fn matrices_mix_pair_by_pair() {
        let (from, to) = (demand(&[&[(1, 4.0)], &[], &[(0, 2.0)]]), demand(&[&[(1, 2.0), (2, 6.0)], &[(0, 1.0)], &[]]));
        assert_eq!(between(&from, &to, 0.5), demand(&[&[(1, 3.0), (2, 3.0)], &[(0, 0.5)], &[(0, 1.0)]]));
        assert_eq!(between(&from, &to, 1.0), to);
        // |4 - 2| + 6 + 1 + 2 over 9.
        assert!((distance_between(&[&from], &[to]) - 11.0 / 9.0).abs() < 1e-15);
    }
}
