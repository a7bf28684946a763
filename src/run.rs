//! The main loop: scenario → plan → stages → run folder → exports.

use std::path::{Path, PathBuf};
use std::time::Instant;

use sha2::{Digest, Sha256};

use crate::error::{Error, Problem};
use crate::export::{self, Existing};
use crate::inputs::{Reader, read_scenario};
use crate::parallel::Runtime;
use crate::plan::Plan;
use crate::report::json::{Engine, InputFile, Report, ScenarioInfo, SourceCredit, StageEntry};
use crate::report::machine::{Machine, peak_memory_bytes};
use crate::scenario::{ExportFormat, LoadOptions, Scenario};
use crate::stages::{Context, Metric, Progress, Stage};
use crate::store::read::RunReader;
use crate::store::{FileHeader, Identity, OpenMode, RunFolder, checksum};

/// What to run, and where to.
#[derive(Debug, Clone)]
pub struct Job {
    /// Scenario file.
    pub file: PathBuf,
    /// What the command line adds to it.
    pub options: LoadOptions,
    /// Run folder.
    pub folder: PathBuf,
    /// What to do with a folder that is not empty.
    pub mode: OpenMode,
}

/// Runs a scenario on all ranks and tells what it wrote.
///
/// # Errors
/// All problems of the input, or a failure; the run folder then holds no file under a final name.
pub fn run(runtime: &Runtime, job: &Job, progress: &dyn Progress) -> Result<Vec<PathBuf>, Error> {
    runtime.enter_stage("reading inputs");
    let scenario = read_scenario(runtime, &job.file, &job.options)?;
    let mut reader = Reader::new(runtime);
    let plan = Plan::new(&scenario, &mut reader)?;
    plan.check_memory(runtime)?;

    let identity = identity(&scenario, &reader.files);
    let header = FileHeader { title: scenario.title.clone(), crs: plan.crs.clone() };
    let mut folder = RunFolder::open(runtime, &job.folder, job.mode, &identity, header)?;
    let entries = run_stages(runtime, &plan.stages, &mut folder, progress)?;
    let directory = folder.directory().to_path_buf();
    complete(runtime, (&scenario, plan.crs), reader.files, (folder, entries))?;
    let exported = if runtime.is_root() { export_all(&directory, &scenario.exports) } else { Ok(Vec::new()) };
    runtime.agree(exported)
}

/// Runs stages one after the other, those left out that the folder has finished; collective.
///
/// # Errors
/// Input that only shows itself here, or a failure.
pub fn run_stages(
    runtime: &Runtime,
    stages: &[Box<dyn Stage>],
    folder: &mut RunFolder<'_>,
    progress: &dyn Progress,
) -> Result<Vec<StageEntry>, Error> {
    let mut entries = Vec::new();
    for stage in stages {
        runtime.enter_stage(stage.name());
        if let Some(finished) = folder.finished_stage(stage.name()) {
            entries.push(entry_from(finished)?);
            continue;
        }
        let start = Instant::now();
        let mut sink = folder.stage_sink(stage.name());
        let source = folder.finished_fields();
        let scratch = folder.scratch();
        let report =
            stage.run(&mut Context { runtime, sink: &mut sink, source: &source, progress, scratch: &scratch })?;
        let entry = StageEntry::new(stage.name(), start.elapsed().as_secs_f64(), report);
        folder.finish_stage(sink, serde_json::to_value(&entry).expect("a stage entry always becomes JSON"))?;
        entries.push(entry);
    }
    Ok(entries)
}

/// Assembles the files of all stages, and leaves a finished run with its report; collective.
///
/// # Errors
/// The disk fails.
pub fn complete(
    runtime: &Runtime,
    (scenario, crs): (&Scenario, Option<String>),
    inputs: Vec<InputFile>,
    (folder, entries): (RunFolder<'_>, Vec<StageEntry>),
) -> Result<Report, Error> {
    runtime.enter_stage("writing results");
    let assembled = folder.assemble()?;
    let checksum = checksum(runtime, &assembled)?;
    let report = report(runtime, (scenario, crs), inputs, checksum, entries)?;
    folder.commit(&runtime.agree(report.to_json())?, &scenario.to_toml(), &[])?;
    Ok(report)
}

/// Checks a scenario and its inputs and describes the plan, computing nothing.
///
/// # Errors
/// All problems of the input.
pub fn check(runtime: &Runtime, file: &Path, options: &LoadOptions) -> Result<String, Error> {
    let scenario = read_scenario(runtime, file, options)?;
    let mut reader = Reader::new(runtime);
    let plan = Plan::new(&scenario, &mut reader)?;
    let mut text = format!("scenario: {}\n", scenario.title);
    for file in &reader.files {
        text.push_str(&format!("input: {} (sha256 {})\n", file.path, &file.sha256[..12]));
    }
    text.push_str(&plan.describe(runtime));
    plan.check_memory(runtime)?;
    Ok(text)
}

/// Translates a finished run into each of the formats its scenario asks for.
fn export_all(directory: &Path, formats: &[ExportFormat]) -> Result<Vec<PathBuf>, Error> {
    let run = RunReader::open(directory)?;
    let mut written = Vec::new();
    for &format in formats {
        // The report is what people open first, so it stands at the top of the folder.
        let folder = if format == ExportFormat::Report { directory.to_path_buf() } else { directory.join("export") };
        // With nothing after the slash each file gets its usual name.
        written.extend(export::export(&run, format, &folder.join(""), Existing::Replace)?);
    }
    Ok(written)
}

fn identity(scenario: &Scenario, files: &[InputFile]) -> Identity {
    let digest = Sha256::digest(scenario.to_toml());
    Identity {
        scenario_sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        inputs: files.iter().map(|file| (file.path.clone(), file.sha256.clone())).collect(),
        engine_version: Engine::this().version,
    }
}

fn entry_from(finished: &serde_json::Value) -> Result<StageEntry, Error> {
    serde_json::from_value(finished.clone())
        .map_err(|cause| Problem::new(format!("the unfinished run cannot be read: {cause}")).hint("use --force").into())
}

fn report(
    runtime: &Runtime,
    (scenario, crs): (&Scenario, Option<String>),
    inputs: Vec<InputFile>,
    checksum: String,
    stages: Vec<StageEntry>,
) -> Result<Report, Error> {
    // Local ranks share one process, so its peak is counted once.
    let counts = runtime.is_root() || runtime.comm().backend() == "mpi";
    let own = peak_memory_bytes().filter(|_| counts).unwrap_or(0);
    let peaks = runtime.all_gather(Ok(own.to_le_bytes().to_vec()))?;
    let bytes = |peak: &Vec<u8>| u64::from_le_bytes(peak.as_slice().try_into().expect("each rank sends eight bytes"));
    let credit = |source: &crate::scenario::Source| SourceCredit {
        input: source.input.clone(),
        licence: source.licence.clone(),
        attribution: source.attribution.clone(),
    };
    Ok(Report {
        scenario: ScenarioInfo {
            title: scenario.title.clone(),
            file: scenario.file.display().to_string(),
            seed: scenario.seed,
            crs,
        },
        engine: Engine::this(),
        machine: Machine::here(),
        threads: runtime.threads(),
        ranks: runtime.size(),
        inputs,
        sources: scenario.sources.iter().map(credit).collect(),
        checksum,
        peak_memory_bytes: peaks.iter().map(bytes).sum(),
        stages,
    })
}

/// What a finished run found, in a few lines, and which files to open.
///
/// # Errors
/// The run folder cannot be read.
pub fn summary(directory: &Path, exported: &[PathBuf]) -> Result<String, Error> {
    let run = RunReader::open(directory)?;
    let mut text = String::new();
    for stage in &run.report().stages {
        text.push_str(&format!("{} ({:.2} s)\n", stage.name, stage.wall_seconds));
        for (name, metric) in &stage.metrics.0 {
            text.push_str(&format!("  {name}: {}\n", metric_text(metric)));
        }
        for warning in &stage.warnings {
            text.push_str(&format!("  warning: {}\n", warning.message));
        }
    }
    text.push_str(&format!("checksum: {}\nrun folder: {}\n", run.report().checksum, directory.display()));
    for path in exported {
        text.push_str(&format!("open: {}\n", path.display()));
    }
    Ok(text)
}

/// Figures at a length that people read; `report.json` has all digits.
fn metric_text(metric: &Metric) -> String {
    match metric {
        Metric::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Metric::Count(count) => count.to_string(),
        Metric::Number(number) if *number == 0.0 || (1e-3..1e15).contains(&number.abs()) => format!("{number:.4}"),
        Metric::Number(number) => format!("{number:.3e}"),
        Metric::Text(text) => text.clone(),
    }
}
