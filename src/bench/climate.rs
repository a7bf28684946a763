//! `conurb bench climate`: the whole run of a made projection, from its files to the finished run folder.

use std::fs;
use std::path::Path;
use std::time::Instant;

use super::folder::{BenchFolder, remove};
use super::projections::{MadeProjection, Part};
use super::{choices_of_threads, require_one_result, sorted, warn_of_few};
use crate::cli::BenchClimateArgs;
use crate::error::Error;
use crate::inputs::Reader;
use crate::parallel::{LaunchOptions, Runtime, launch, machine};
use crate::progress::{ProgressMode, Reporter};
use crate::report::json::{Report, StageEntry};
use crate::run::{complete, run_stages};
use crate::scenario::{LoadOptions, Scenario, parse};
use crate::stages::climate::ClimateStage;
use crate::stages::{Metric, Phases, Stage};
use crate::store::{FileHeader, Identity, OpenMode, RunFolder};

/// Name of the stage that is measured.
const STAGE: &str = "climate";
/// What the stage says of its size.
const WORK: &str = "adjusted values";
/// What it says of turning maps into series.
const TRANSPOSING: &str = "transpose_seconds";
/// File that results and made projections are in.
const FILE: &str = "climate.nc";

/// One run.
#[derive(Debug, Clone)]
struct Measurement {
    /// From the files of the projection to the finished run folder.
    wall_seconds: f64,
    cpu_seconds: f64,
    stage_seconds: f64,
    phases: Phases,
    transpose_seconds: f64,
    /// Checksum and report.
    finish_seconds: f64,
    adjusted_values: u64,
    peak_memory_bytes: u64,
    checksum: String,
}

/// What was measured with one number of threads.
struct Measured {
    ranks: usize,
    threads: usize,
    input_bytes: u64,
    runs: Vec<Measurement>,
}

/// Measures and gives a CSV table; `tell` gets doubts about it.
///
/// # Errors
/// A wrong key, a method that cannot do with one variable, a failure, results that differ between measurements.
pub fn climate(args: &BenchClimateArgs, tell: &dyn Fn(&str)) -> Result<String, Error> {
    let (mut table, mut checksums) = (String::from(HEADER), Vec::new());
    let folder = BenchFolder::default();
    for threads in choices_of_threads(&args.runs.threads)? {
        let options = LaunchOptions { threads, local_ranks: args.runs.local_ranks };
        let measured = launch(&options, |runtime| measure_all(runtime, args, &folder))?;
        table.push_str(&row(args, &measured));
        checksums.extend(measured.runs.into_iter().map(|one| one.checksum));
    }
    require_one_result(checksums)?;
    warn_of_few(args.runs.repeat, tell);
    Ok(table)
}

const HEADER: &str = "cells,years,variable,method,layout,ranks,threads,repetitions,wall_min_s,wall_median_s,wall_max_s,\
                      cpu_median_s,stage_median_s,read_median_s,transpose_median_s,compute_median_s,write_median_s,\
                      communicate_median_s,finish_median_s,adjusted_values,adjusted_values_per_s,cells_per_s,input_mb,\
                      peak_memory_mb,checksum\n";

fn measure_all(runtime: &Runtime, args: &BenchClimateArgs, made: &BenchFolder) -> Result<Measured, Error> {
    let (folder, is_new) = made.find(runtime, args.scratch.as_deref())?;
    if is_new {
        Part::ALL.into_iter().try_for_each(|part| make(runtime, args, part, &folder))?;
    }
    let scenario = scenario(args, &folder)?;
    let measure = |number: usize| {
        let own = folder.join(number.to_string());
        let measured = measure(runtime, &scenario, &own);
        runtime.agree(if runtime.is_root() { remove(&own) } else { Ok(()) })?;
        measured
    };
    let runs = (0..args.runs.repeat).map(measure).collect::<Result<Vec<_>, _>>()?;
    let size = |part: Part| {
        let path = folder.join(file_name(part));
        fs::metadata(&path).map(|found| found.len()).map_err(|cause| Error::file("read", &path, cause))
    };
    let input_bytes = Part::ALL.into_iter().map(size).sum::<Result<u64, _>>()?;
    Ok(Measured { ranks: runtime.size(), threads: runtime.threads(), input_bytes, runs })
}

/// Writes one of the files; collective.
fn make(runtime: &Runtime, args: &BenchClimateArgs, part: Part, folder: &Path) -> Result<(), Error> {
    let made = MadeProjection {
        part,
        variable: args.variable,
        n_cells: args.cells,
        n_years: args.years,
        chunks: args.layout,
        seed: args.seed,
    };
    let own = folder.join(part.name());
    let header = FileHeader { title: "A made projection".to_owned(), crs: None };
    let mut run_folder = RunFolder::open(runtime, &own, OpenMode::New, &Identity::default(), header)?;
    let progress = Reporter::new(ProgressMode::Never, runtime.rank());
    run_stages(runtime, &[Box::new(made)], &mut run_folder, &progress)?;
    let path = run_folder.assemble()?.join(FILE);
    let keep = || fs::rename(&path, folder.join(file_name(part))).map_err(|cause| Error::file("rename", &path, cause));
    runtime.agree(if runtime.is_root() { keep() } else { Ok(()) })?;
    drop(run_folder);
    runtime.agree(if runtime.is_root() { remove(&own) } else { Ok(()) })
}

fn file_name(part: Part) -> String {
    format!("{}.nc", part.name())
}

/// The scenario that a person would write for the files.
fn scenario(args: &BenchClimateArgs, folder: &Path) -> Result<Scenario, Error> {
    let period = |part: Part| [part.first_year(), part.first_year() + args.years as i32 - 1];
    let [reference, historical, future] = Part::ALL.map(file_name);
    let text = format!(
        "[scenario]\ntitle = \"A made projection\"\n[climate]\nmethod = \"{}\"\n\
         grouping = {{ day_of_year_window = 31 }}\nreference_period = {:?}\nfuture_periods = [{:?}]\n\
         regrid = \"none\"\n[climate.variable.{}]\nreference = \"{reference}\"\nhistorical = \"{historical}\"\n\
         future = {{ made = \"{future}\" }}\n",
        args.method.name(),
        period(Part::Reference),
        period(Part::Future),
        args.variable.name(),
    );
    let options = LoadOptions { overrides: args.overrides.clone(), allow_paths: Vec::new() };
    parse(&text, &folder.join("bench_climate.toml"), &options)
}

fn measure(runtime: &Runtime, scenario: &Scenario, folder: &Path) -> Result<Measurement, Error> {
    let progress = Reporter::new(ProgressMode::Never, runtime.rank());
    let header = FileHeader { title: scenario.title.clone(), crs: None };
    let mut folder = RunFolder::open(runtime, folder, OpenMode::New, &Identity::default(), header)?;
    let cpu = || machine::cpu_seconds().unwrap_or(f64::NAN);
    let (start, cpu_start) = (Instant::now(), cpu());
    let climate = scenario.climate.as_ref().expect("the scenario has [climate]");
    let mut reader = Reader::new(runtime);
    let inputs = reader.climate(scenario, climate)?;
    let stage = ClimateStage::new(scenario, climate, inputs)?;
    let adjusted_values = stage.sizes().iter().find(|(what, _)| *what == WORK).map_or(0, |(_, count)| *count);
    let entries = run_stages(runtime, &[Box::new(stage)], &mut folder, &progress)?;
    let finishing = Instant::now();
    let report = complete(runtime, (scenario, None), reader.files, (folder, entries))?;
    let finish_seconds = finishing.elapsed().as_secs_f64();
    let (wall_seconds, cpu_seconds) = (start.elapsed().as_secs_f64(), cpu() - cpu_start);
    Ok(measurement(report, (wall_seconds, cpu_seconds, finish_seconds), adjusted_values))
}

fn measurement(report: Report, seconds: (f64, f64, f64), adjusted_values: u64) -> Measurement {
    let (wall_seconds, cpu_seconds, finish_seconds) = seconds;
    let entry = report.stages.iter().find(|entry| entry.name == STAGE).expect("the stage has run");
    Measurement {
        wall_seconds,
        cpu_seconds,
        stage_seconds: entry.wall_seconds,
        phases: entry.phases,
        transpose_seconds: transposing(entry),
        finish_seconds,
        adjusted_values,
        peak_memory_bytes: report.peak_memory_bytes,
        checksum: report.checksum,
    }
}

fn transposing(entry: &StageEntry) -> f64 {
    let metric = entry.metrics.0.iter().find(|(name, _)| name == TRANSPOSING);
    match metric {
        Some((_, Metric::Number(seconds))) => *seconds,
        _ => unreachable!("the stage tells {TRANSPOSING}"),
    }
}

fn row(args: &BenchClimateArgs, measured: &Measured) -> String {
    let runs = &measured.runs;
    let sorted = |of: fn(&Measurement) -> f64| sorted(runs.iter().map(of));
    // Of an even number the upper of the two in the middle: the slower one.
    let (middle, last) = (runs.len() / 2, runs.len() - 1);
    let median = |of: fn(&Measurement) -> f64| sorted(of)[middle];
    let (wall, stage) = (sorted(|one| one.wall_seconds), median(|one| one.stage_seconds));
    let seconds = [
        wall[0],
        wall[middle],
        wall[last],
        median(|one| one.cpu_seconds),
        stage,
        median(|one| one.phases.read),
        median(|one| one.transpose_seconds),
        median(|one| one.phases.compute),
        median(|one| one.phases.write),
        median(|one| one.phases.communicate),
        median(|one| one.finish_seconds),
    ];
    let seconds = seconds.map(|seconds| format!("{seconds:.3}")).join(",");
    format!(
        "{},{},{},{},{},{},{},{},{seconds},{},{:.0},{:.1},{},{},{}\n",
        args.cells,
        args.years,
        args.variable.name(),
        args.method.name(),
        args.layout.name(),
        measured.ranks,
        measured.threads,
        runs.len(),
        runs[0].adjusted_values,
        runs[0].adjusted_values as f64 / stage,
        args.cells as f64 / stage,
        measured.input_bytes >> 20,
        runs.iter().map(|one| one.peak_memory_bytes).max().unwrap_or(0) >> 20,
        runs[0].checksum,
    )
}
