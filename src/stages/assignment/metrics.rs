//! Figures and warnings that a run of the assignment ends with.

use conurb_traffic::Histogram;

use super::braess::Closing;
use super::distribution::Consistency;
use super::problem::AssignmentProblem;
use super::results::trip_lengths::TripLengths;
use super::results::{Results, Totals};
use super::solution::{LogEntry, Solution};
use super::system_optimum::Optimum;
use crate::error::Warning;
use crate::scenario::{Period, Traffic};
use crate::stages::Metric;

/// What one period came to.
#[derive(Debug, Clone, Default)]
pub struct PeriodOutcome {
    log: Vec<LogEntry>,
    converged: bool,
    totals: Totals,
    class_vkt: Vec<f64>,
    /// Vehicles between zones that a path joins, within zones, and that no path joins.
    assigned: f64,
    intrazonal: f64,
    unreachable: f64,
    n_unreachable: u64,
    n_paths: Option<u64>,
    n_pairs: usize,
    consistency: Option<Consistency>,
    /// The system optimum, where it was asked for.
    pub optimum: Option<Optimum>,
    /// Trips by length, of each class.
    pub trip_lengths: Vec<TripLengths>,
    paradox: Option<Paradox>,
    /// Least-cost trees grown.
    pub trees: u64,
}

/// Links whose closing lowers the total.
#[derive(Debug, Clone, Default)]
struct Paradox {
    n_candidates: usize,
    n_links: usize,
    /// Id of the link whose closing lowers it most, and by how much.
    best: Option<(i64, f64)>,
}

impl PeriodOutcome {
    /// The figures of a solved period.
    pub fn new(results: &Results<'_>, consistency: Option<Consistency>) -> Self {
        let (problem, solution) = (results.problem, results.solution);
        let intrazonal: Vec<f64> =
            problem.classes.iter().flat_map(|class| class.intrazonal_trips.iter().copied()).collect();
        let of_class = |class: &super::ClassProblem| conurb_numerics::pairwise_sum(&class.demand.trips) / class.pce;
        let demand: f64 = problem.classes.iter().map(of_class).sum();
        PeriodOutcome {
            assigned: demand - solution.unreachable_trips,
            log: solution.log.clone(),
            converged: solution.converged && consistency.is_none_or(|consistency| consistency.converged),
            totals: results.totals(),
            class_vkt: results.class_vkt(),
            intrazonal: conurb_numerics::pairwise_sum(&intrazonal),
            unreachable: solution.unreachable_trips,
            n_unreachable: solution.unreachable_pairs,
            n_paths: solution.n_paths,
            n_pairs: problem.classes.iter().map(|class| class.demand.n_pairs()).sum(),
            consistency,
            optimum: None,
            trip_lengths: Vec::new(),
            paradox: None,
            trees: solution.trees,
        }
    }

    /// Takes what closing links came to.
    pub fn set_closings(&mut self, candidates: &[usize], closings: &[Closing], link_id: &[i64]) {
        let found = || candidates.iter().zip(closings).filter(|(_, closing)| closing.is_paradox);
        self.trees += closings.iter().map(|closing| closing.trees).sum::<u64>();
        let best = found().min_by(|(_, one), (_, other)| one.change.total_cmp(&other.change));
        self.paradox = Some(Paradox {
            n_candidates: candidates.len(),
            n_links: found().count(),
            best: best.map(|(&link, closing)| (link_id[link], closing.change)),
        });
    }

    fn last(&self) -> LogEntry {
        self.log.last().copied().unwrap_or_default()
    }
}

type Named = (String, Metric);

fn number(name: &str, value: f64) -> Named {
    (name.to_owned(), Metric::Number(value))
}

fn count(name: &str, value: usize) -> Named {
    (name.to_owned(), Metric::Count(value as u64))
}

/// The figures of a run; of several periods the gap is the largest, and totals are those of a day.
pub fn of_run(traffic: &Traffic, problem: &AssignmentProblem, outcomes: &[PeriodOutcome]) -> Vec<Named> {
    let mut metrics = if let [outcome] = outcomes
        && traffic.periods.is_empty()
    {
        of_period(traffic, outcome)
    } else {
        of_periods(traffic, outcomes)
    };
    let several = problem.classes.len() > 1;
    for class in &problem.classes {
        let name = |what: &str| if several { format!("{}.{what}", class.name) } else { what.to_owned() };
        metrics.extend([
            number(&name("toll_weight"), class.toll_weight),
            number(&name("distance_weight"), class.distance_weight),
        ]);
    }
    metrics.extend([
        count("zones", problem.network.n_zones()),
        count("nodes", problem.network.n_nodes()),
        count("links", problem.network.n_links()),
        count("closed_links", problem.network.n_links() - problem.graph.n_links()),
    ]);
    if problem.graph.has_turns() {
        let banned = problem.network.turns().iter().filter(|turn| turn.penalty.is_infinite()).count();
        metrics
            .extend([count("banned_turns", banned), count("turn_penalties", problem.network.turns().len() - banned)]);
    }
    metrics.push(count("zone_pairs", outcomes.iter().map(|outcome| outcome.n_pairs).max().unwrap_or(0)));
    metrics.push(count("trees", outcomes.iter().map(|outcome| outcome.trees as usize).sum()));
    let paths: Option<u64> = outcomes.iter().map(|outcome| outcome.n_paths).sum();
    metrics.extend(paths.map(|paths| count("paths", paths as usize)));
    metrics
}

fn of_period(traffic: &Traffic, outcome: &PeriodOutcome) -> Vec<Named> {
    let last = outcome.last();
    let mut metrics = vec![
        ("converged".to_owned(), Metric::Flag(outcome.converged)),
        count("iterations", outcome.log.len()),
        number("relative_gap", last.gaps.relative_gap()),
        number("relative_gap_sptt", last.gaps.relative_gap_sptt()),
        number("average_excess_cost", last.gaps.average_excess_cost()),
        number("beckmann_objective", last.objective),
        number("total_system_travel_time", last.gaps.total_system_travel_time),
        number("total_travel_time", outcome.totals.total_travel_time),
        number("vht", outcome.totals.vht),
    ];
    if let Some(vkt) = outcome.totals.vkt {
        metrics.push(number("vkt", vkt));
        if outcome.class_vkt.len() > 1 {
            let named = traffic.classes.iter().zip(&outcome.class_vkt);
            metrics.extend(named.map(|(class, &vkt)| number(&format!("{}.vkt", class.name), vkt)));
        }
    }
    metrics.extend([
        number("assigned_demand", outcome.assigned),
        number("intrazonal_demand", outcome.intrazonal),
        number("unreachable_demand", outcome.unreachable),
    ]);
    metrics.extend(of_trip_lengths(traffic, outcome));
    metrics.extend(of_analyses(outcome));
    metrics
}

fn of_trip_lengths(traffic: &Traffic, outcome: &PeriodOutcome) -> Vec<Named> {
    let mut metrics = Vec::new();
    for (class, lengths) in traffic.classes.iter().zip(&outcome.trip_lengths) {
        let (distance, time) = (lengths.distance_km.as_ref(), &lengths.time_min);
        let figures = [
            ("mean_trip_length_km", distance.and_then(Histogram::mean)),
            ("median_trip_length_km", distance.and_then(Histogram::median)),
            ("mean_trip_time_min", time.mean()),
            ("median_trip_time_min", time.median()),
        ];
        let name = |what: &str| match traffic.classes.len() {
            1 => what.to_owned(),
            _ => format!("{}.{what}", class.name),
        };
        metrics.extend(figures.iter().filter_map(|(what, value)| value.map(|value| number(&name(what), value))));
    }
    metrics
}

fn of_analyses(outcome: &PeriodOutcome) -> Vec<Named> {
    let mut metrics = Vec::new();
    if let Some(consistency) = outcome.consistency {
        metrics.extend([
            count("distribution_rounds", consistency.rounds),
            number("distribution_distance", consistency.distance),
        ]);
    }
    if let Some(optimum) = outcome.optimum {
        metrics.extend([
            number("system_optimum_total_system_travel_time", optimum.total_system_travel_time),
            number("system_optimum_relative_gap", optimum.relative_gap),
            number("price_of_anarchy", optimum.price_of_anarchy),
        ]);
    }
    if let Some(paradox) = &outcome.paradox {
        metrics.extend([count("braess_candidates", paradox.n_candidates), count("braess_links", paradox.n_links)]);
        if let Some((link, change)) = paradox.best {
            metrics.push(("braess_best_link".to_owned(), Metric::Text(link.to_string())));
            metrics.push(number("braess_best_change", change));
        }
    }
    metrics
}

fn of_periods(traffic: &Traffic, outcomes: &[PeriodOutcome]) -> Vec<Named> {
    let named = || traffic.periods.iter().zip(outcomes);
    let gap = |outcome: &PeriodOutcome| outcome.last().gaps.relative_gap();
    let mut metrics = vec![
        ("converged".to_owned(), Metric::Flag(outcomes.iter().all(|outcome| outcome.converged))),
        count("iterations", outcomes.iter().map(|outcome| outcome.log.len()).sum()),
        number("relative_gap", outcomes.iter().map(gap).fold(0.0, f64::max)),
    ];
    let total = |of: &dyn Fn(&Period, &PeriodOutcome) -> f64| -> f64 {
        named().map(|(period, outcome)| of(period, outcome) * period.hours / traffic.period_h).sum()
    };
    let has_days = traffic.periods.iter().any(|period| !period.annual_days.is_empty());
    metrics.push(number("vht", total(&|_, outcome| outcome.totals.vht)));
    if has_days {
        metrics.push(number("annual_vht", total(&|period, outcome| outcome.totals.vht * period.days_per_year())));
    }
    if traffic.length_unit.is_some() {
        let vkt = |outcome: &PeriodOutcome| outcome.totals.vkt.unwrap_or(0.0);
        metrics.push(number("vkt", total(&|_, outcome| vkt(outcome))));
        if has_days {
            metrics.push(number("annual_vkt", total(&|period, outcome| vkt(outcome) * period.days_per_year())));
        }
    }
    for (period, outcome) in named() {
        let prefixed = |(name, value): Named| (format!("{}.{name}", period.name), value);
        metrics.extend(of_period(traffic, outcome).into_iter().map(prefixed));
    }
    metrics
}

/// What to know about how a period was solved.
pub fn outcome_warnings(results: &Results<'_>, outcome: &PeriodOutcome) -> Vec<Warning> {
    let traffic = results.traffic;
    let mut warnings = Vec::new();
    let of_period =
        traffic.periods.get(results.period).map_or(String::new(), |period| format!(", period {}", period.name));
    if outcome.n_unreachable > 0 {
        let message = format!(
            "{:.2} trips of {} zone pairs have no path and are not assigned{of_period}",
            outcome.unreachable, outcome.n_unreachable
        );
        warnings.push(Warning::new("unreachable_demand", outcome.n_unreachable as usize, message));
    }
    if !results.solution.converged {
        let message = format!(
            "relative gap {:.2e} after {} iterations, {:.0e} was asked for{of_period}",
            outcome.log.last().map_or(1.0, |entry| entry.gaps.relative_gap()),
            outcome.log.len(),
            traffic.assignment.relative_gap
        );
        warnings.push(Warning::new("not_converged", 1, message));
    }
    warnings.extend(outcome.consistency.iter().flat_map(|consistency| balance_warnings(consistency, &of_period)));
    if let Some(Consistency { rounds, distance, converged: false, .. }) = outcome.consistency {
        let message = format!("trips differ from the gravity model by {distance:.1e} after {rounds} rounds{of_period}");
        warnings.push(Warning::new("distribution_not_converged", 1, message));
    }
    if let Some(Optimum { converged: false, relative_gap, .. }) = outcome.optimum {
        let message = format!("the system optimum was found to a relative gap of {relative_gap:.1e} only{of_period}");
        warnings.push(Warning::new("system_optimum_not_converged", 1, message));
    }
    warnings.extend(overloaded_connectors(results));
    warnings
}

/// Residual of balancing, and deviation of totals, from which on they are told.
const BADLY_BALANCED: f64 = 1e-6;

fn balance_warnings(consistency: &Consistency, of_period: &str) -> Vec<Warning> {
    let balance = &consistency.balance;
    let told = |code, message: String| Warning::new(code, 1, message);
    let mut warnings = Vec::new();
    if balance.residual > BADLY_BALANCED {
        let message = format!(
            "attractions are missed by {:.1e} of their sum: no matrix has these totals{of_period}",
            balance.residual
        );
        warnings.push(told("unbalanced_totals", message));
    }
    if balance.scaled_by > BADLY_BALANCED {
        let message =
            format!("attractions were scaled by up to {:.1e} to add up to productions{of_period}", balance.scaled_by);
        warnings.push(told("scaled_attractions", message));
    }
    if balance.lost > 0.0 {
        let message = format!(
            "{:.2} productions lie in zones that reach no attraction and are not assigned{of_period}",
            balance.lost
        );
        warnings.push(told("lost_productions", message));
    }
    if balance.unreached > 0.0 {
        let message = format!("{:.2} attractions lie in zones that no trip reaches{of_period}", balance.unreached);
        warnings.push(told("unreached_attractions", message));
    }
    warnings
}

/// Volume over capacity from which a connector is told.
const OVERLOADED: f64 = 1.0;
/// Connectors told by id.
const MOST_TOLD: usize = 5;

/// Links at zones that carry more than their capacity: capped or missing detail where trips enter the network.
fn overloaded_connectors(results: &Results<'_>) -> Option<Warning> {
    let (problem, solution): (_, &Solution) = (results.problem, results.solution);
    let network = &problem.network;
    let mut is_zone = vec![false; network.n_nodes()];
    network.zone_node().iter().for_each(|&node| is_zone[node as usize] = true);
    let ends_paths = |node: u32| is_zone[node as usize] && !network.through()[node as usize];
    let volumes = solution.flows.total();
    let mut overloaded: Vec<(f64, usize)> = problem
        .graph
        .source_link()
        .iter()
        .zip(&volumes)
        .map(|(&link, volume)| (volume / results.inputs.roads.capacity[link as usize], link as usize))
        .filter(|&(ratio, link)| {
            let is_connector = ends_paths(network.tail()[link]) || ends_paths(network.head()[link]);
            is_connector && ratio.is_finite() && ratio > OVERLOADED
        })
        .collect();
    overloaded.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let told: Vec<String> = overloaded
        .iter()
        .take(MOST_TOLD)
        .map(|(ratio, link)| format!("{} ({ratio:.2})", problem.link_id[*link]))
        .collect();
    let message = format!(
        "{} connectors carry more than their capacity, most of all links {} (volume over capacity)",
        overloaded.len(),
        told.join(", ")
    );
    (!overloaded.is_empty()).then(|| Warning::new("overloaded_connectors", overloaded.len(), message))
}
