//! `conurb bench assignment`: the solve of a scenario's assignment, measured for the threads and ranks asked for.

use std::cell::RefCell;
use std::hint::black_box;
use std::time::Instant;

use conurb_traffic::{SearchCosts, TreeSearch};

use super::{choices_of_threads, require_one_result, sorted, warn_of_few};
use crate::cli::BenchAssignmentArgs;
use crate::error::Error;
use crate::inputs::{Reader, TrafficInputs, read_scenario};
use crate::parallel::{LaunchOptions, Runtime, launch, machine};
use crate::scenario::Traffic;
use crate::stages::assignment::{AssignmentProblem, LogEntry, first_start, solve};

/// One solve.
#[derive(Debug, Clone)]
struct Measurement {
    wall_seconds: f64,
    cpu_seconds: f64,
    communicate_seconds: f64,
    iterations: usize,
    trees: u64,
    relative_gap: f64,
    /// Milliseconds of one thread per least-cost tree at the final costs, paths left aside.
    tree_milliseconds: f64,
    /// Bits of all volumes folded into one number: equal for equal results.
    fingerprint: u64,
    trace: Vec<(LogEntry, f64, f64)>,
}

/// Measures and gives a CSV table; `tell` gets doubts about it.
///
/// Times are those of rank 0's process; under MPI every process has the same number of threads.
///
/// # Errors
/// All problems of the scenario, or a failure.
pub fn assignment(args: &BenchAssignmentArgs, tell: &dyn Fn(&str)) -> Result<String, Error> {
    let (mut table, mut fingerprints) = (String::new(), Vec::new());
    for threads in choices_of_threads(&args.runs.threads)? {
        let options = LaunchOptions { threads, local_ranks: args.runs.local_ranks };
        let (ranks, threads, measured) = launch(&options, |runtime| measure_all(runtime, args))?;
        append(&mut table, (ranks, threads), &measured, args, &mut fingerprints);
    }
    require_one_result(fingerprints.iter().map(|one| format!("{one:x}")).collect())?;
    warn_of_few(args.runs.repeat, tell);
    Ok(table)
}

fn measure_all(runtime: &Runtime, args: &BenchAssignmentArgs) -> Result<(usize, usize, Vec<Measurement>), Error> {
    let scenario = read_scenario(runtime, &args.scenario.file, &args.scenario.options())?;
    let traffic = scenario.traffic.clone().ok_or_else(|| Error::Failed("the scenario has no [traffic]".to_owned()))?;
    let inputs = Reader::new(runtime).traffic(&scenario, &traffic)?;
    let problem = AssignmentProblem::new(&inputs, &traffic, 0)?;
    let measured = (0..args.runs.repeat)
        .map(|_| measure(runtime, &problem, (&inputs, &traffic)))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((runtime.size(), runtime.threads(), measured))
}

fn measure(
    runtime: &Runtime,
    problem: &AssignmentProblem,
    (inputs, traffic): (&TrafficInputs, &Traffic),
) -> Result<Measurement, Error> {
    let cpu = || machine::cpu_seconds().unwrap_or(f64::NAN);
    let (start, cpu_start, waited) = (Instant::now(), cpu(), runtime.communication_seconds());
    let trace = RefCell::new(Vec::new());
    let (from, _) = first_start(runtime, inputs.earlier.as_ref(), problem, 0)?;
    let solution = solve(runtime, problem, &traffic.assignment, from, &|_, entry| {
        trace.borrow_mut().push((*entry, start.elapsed().as_secs_f64(), cpu() - cpu_start));
    })?;
    let wall_seconds = start.elapsed().as_secs_f64();
    let cpu_seconds = cpu() - cpu_start;
    let communicate_seconds = runtime.communication_seconds() - waited;
    let fold = |hash: u64, volume: &f64| (hash ^ volume.to_bits()).wrapping_mul(0x0100_0000_01b3).rotate_left(17);
    Ok(Measurement {
        wall_seconds,
        cpu_seconds,
        communicate_seconds,
        tree_milliseconds: tree_milliseconds(problem, &solution.flows.total()),
        iterations: solution.log.len(),
        trees: solution.trees,
        relative_gap: solution.log.last().map_or(1.0, |entry| entry.gaps.relative_gap()),
        fingerprint: solution.flows.values().iter().fold(0xcbf2_9ce4_8422_2325, fold),
        trace: trace.into_inner(),
    })
}

/// Grows the tree of every origin with demand once, on one thread.
fn tree_milliseconds(problem: &AssignmentProblem, volumes: &[f64]) -> f64 {
    let graph = &problem.graph;
    let costs =
        SearchCosts::new(graph, |link| problem.delays.cost(link, volumes[link]) + problem.classes[0].fixed_cost[link]);
    let mut tree = TreeSearch::new(graph);
    let origins: Vec<usize> =
        (0..problem.network.n_zones()).filter(|&origin| !problem.classes[0].demand.of(origin).0.is_empty()).collect();
    let cpu = || machine::cpu_seconds().unwrap_or(f64::NAN);
    let start = cpu();
    for &origin in &origins {
        tree.grow(graph, &costs, graph.zone_state()[origin]);
        black_box(tree.cost(0));
    }
    (cpu() - start) * 1e3 / origins.len().max(1) as f64
}

fn append(
    table: &mut String,
    (ranks, threads): (usize, usize),
    measured: &[Measurement],
    args: &BenchAssignmentArgs,
    fingerprints: &mut Vec<u64>,
) {
    fingerprints.extend(measured.iter().map(|one| one.fingerprint));
    if args.trace {
        if table.is_empty() {
            table.push_str("ranks,threads,iteration,relative_gap,wall_seconds,cpu_seconds_of_this_process\n");
        }
        for (index, (entry, wall, cpu)) in measured[0].trace.iter().enumerate() {
            let gap = entry.gaps.relative_gap();
            table.push_str(&format!("{ranks},{threads},{},{gap:.3e},{wall:.3},{cpu:.3}\n", index + 1));
        }
        return;
    }
    if table.is_empty() {
        table.push_str(
            "ranks,threads,repetitions,wall_min_s,wall_median_s,wall_max_s,cpu_median_s,communicate_median_s,\
             iterations,relative_gap,trees,trees_per_s,tree_median_ms,volumes\n",
        );
    }
    let sorted = |of: fn(&Measurement) -> f64| sorted(measured.iter().map(of));
    let (wall, cpu, waited) =
        (sorted(|one| one.wall_seconds), sorted(|one| one.cpu_seconds), sorted(|one| one.communicate_seconds));
    // Of an even number the upper of the two in the middle: the slower one.
    let (middle, last) = (measured.len() / 2, measured.len() - 1);
    let first = &measured[0];
    table.push_str(&format!(
        "{ranks},{threads},{},{:.3},{:.3},{:.3},{:.3},{:.3},{},{:.3e},{},{:.0},{:.3},{:016x}\n",
        measured.len(),
        wall[0],
        wall[middle],
        wall[last],
        cpu[middle],
        waited[middle],
        first.iterations,
        first.relative_gap,
        first.trees,
        first.trees as f64 / wall[middle],
        sorted(|one| one.tree_milliseconds)[middle],
        first.fingerprint,
    ));
}
