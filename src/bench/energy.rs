//! `conurb bench energy`: the whole run of a made town, from the weather file to the finished run folder.

use std::path::Path;
use std::time::Instant;

use super::folder::{BenchFolder, remove};
use super::shadows::MadeShadows;
use super::{choices_of_threads, require_one_result, sorted, warn_of_few};
use crate::archetypes::Archetypes;
use crate::buildings::{Building, synthetic};
use crate::cli::BenchEnergyArgs;
use crate::error::{Error, Problem};
use crate::inputs::{EnergyInputs, Reader};
use crate::parallel::{LaunchOptions, Runtime, launch, machine};
use crate::progress::{ProgressMode, Reporter};
use crate::report::json::Report;
use crate::run::{complete, run_stages};
use crate::scenario::{Country, LoadOptions, Measure, Scenario, parse};
use crate::stages::energy::{EnergyStage, Light};
use crate::stages::{Phases, Stage};
use crate::store::{FileHeader, Identity, OpenMode, RunFolder};

/// Name of the stage that is measured.
const STAGE: &str = "energy";
/// What the stage says of its size.
const WORK: &str = "building-hours";

/// One run.
#[derive(Debug, Clone)]
struct Measurement {
    /// From the weather file to the finished run folder; shadows were there before.
    wall_seconds: f64,
    cpu_seconds: f64,
    stage_seconds: f64,
    phases: Phases,
    building_hours: u64,
    peak_memory_bytes: u64,
    checksum: String,
}

/// Measures and gives a CSV table; `tell` gets doubts about it.
///
/// # Errors
/// Weather that cannot be used, a wrong key, a failure, results that differ between measurements.
pub fn energy(args: &BenchEnergyArgs, tell: &dyn Fn(&str)) -> Result<String, Error> {
    let (mut table, mut checksums) = (String::from(HEADER), Vec::new());
    let folder = BenchFolder::default();
    for threads in choices_of_threads(&args.runs.threads)? {
        let options = LaunchOptions { threads, local_ranks: args.runs.local_ranks };
        let (ranks, threads, measured) = launch(&options, |runtime| measure_all(runtime, args, &folder))?;
        table.push_str(&row(args, (ranks, threads), &measured));
        checksums.extend(measured.into_iter().map(|one| one.checksum));
    }
    require_one_result(checksums)?;
    warn_of_few(args.runs.repeat, tell);
    Ok(table)
}

const HEADER: &str = "buildings,variants,fidelity,faces,ranks,threads,repetitions,wall_min_s,wall_median_s,wall_max_s,\
                      cpu_median_s,stage_median_s,compute_median_s,write_median_s,building_hours,building_hours_per_s,\
                      peak_memory_mb,checksum\n";

fn measure_all(
    runtime: &Runtime,
    args: &BenchEnergyArgs,
    folder: &BenchFolder,
) -> Result<(usize, usize, Vec<Measurement>), Error> {
    let scenario = scenario(args)?;
    let town = synthetic(args.buildings, args.seed);
    let (folder, _) = folder.find(runtime, args.scratch.as_deref())?;
    let measure = |number: usize| {
        let folder = folder.join(number.to_string());
        let measured = measure(runtime, args, (&scenario, town.clone()), &folder);
        runtime.agree(if runtime.is_root() { remove(&folder) } else { Ok(()) })?;
        measured
    };
    let measured = (0..args.runs.repeat).map(measure).collect::<Result<Vec<_>, _>>()?;
    Ok((runtime.size(), runtime.threads(), measured))
}

/// The scenario that a person would write for the town.
fn scenario(args: &BenchEnergyArgs) -> Result<Scenario, Error> {
    let Some(name) = args.epw.file_name().and_then(|name| name.to_str()) else {
        return Err(Problem::new("not the name of a file").in_file(&args.epw).of_key("--epw").into());
    };
    let packages: Vec<String> =
        Measure::all().take(args.packages).map(|measure| toml::Value::from(measure.name()).to_string()).collect();
    let text = format!(
        "[scenario]\ntitle = \"A made town\"\n[weather]\nepw = {}\n[buildings]\ntable = \"made.csv\"\n\
         archetypes = \"{}\"\n[energy]\nfidelity = \"{}\"\nretrofit = [{}]\n",
        toml::Value::from(name),
        COUNTRY.name(),
        args.fidelity.name(),
        packages.join(", "),
    );
    let options = LoadOptions { overrides: args.overrides.clone(), allow_paths: Vec::new() };
    parse(&text, &args.epw.with_file_name("bench_energy.toml"), &options)
}

/// Country of the archetypes.
const COUNTRY: Country = Country::Netherlands;

fn measure(
    runtime: &Runtime,
    args: &BenchEnergyArgs,
    (scenario, mut town): (&Scenario, Vec<Building>),
    folder: &Path,
) -> Result<Measurement, Error> {
    let progress = Reporter::new(ProgressMode::Never, runtime.rank());
    let header = FileHeader { title: scenario.title.clone(), crs: None };
    let mut folder = RunFolder::open(runtime, folder, OpenMode::New, &Identity::default(), header)?;
    if args.shaded {
        let settings = scenario.weather.as_ref().expect("the scenario names its weather");
        let weather = Reader::new(runtime).place(scenario)?.weather;
        let shadows = MadeShadows::new(&mut town, args.seed, (&weather, settings))?;
        run_stages(runtime, &[Box::new(shadows)], &mut folder, &progress)?;
    }
    let cpu = || machine::cpu_seconds().unwrap_or(f64::NAN);
    let (start, cpu_start) = (Instant::now(), cpu());
    let mut reader = Reader::new(runtime);
    let stage = stage(&mut reader, args, (scenario, town))?;
    let building_hours = stage.sizes().iter().find(|(what, _)| *what == WORK).map_or(0, |(_, count)| *count);
    let entries = run_stages(runtime, &[Box::new(stage)], &mut folder, &progress)?;
    let report = complete(runtime, (scenario, None), reader.files, (folder, entries))?;
    let (wall_seconds, cpu_seconds) = (start.elapsed().as_secs_f64(), cpu() - cpu_start);
    Ok(measurement(report, (wall_seconds, cpu_seconds), building_hours))
}

fn stage(
    reader: &mut Reader<'_>,
    args: &BenchEnergyArgs,
    (scenario, buildings): (&Scenario, Vec<Building>),
) -> Result<EnergyStage, Error> {
    let place = reader.place(scenario)?;
    let inputs = EnergyInputs {
        buildings,
        archetypes: Archetypes::built_in(COUNTRY),
        costs: None,
        connected: Vec::new(),
        warnings: place.warnings,
        seconds: place.seconds,
    };
    let light = if args.shaded { Light::Shaded } else { Light::Open };
    let energy = scenario.energy.as_ref().expect("the scenario has [energy]");
    EnergyStage::new(scenario, energy, place.weather, inputs, light)
}

fn measurement(report: Report, (wall_seconds, cpu_seconds): (f64, f64), building_hours: u64) -> Measurement {
    let entry = report.stages.iter().find(|entry| entry.name == STAGE).expect("the stage has run");
    Measurement {
        wall_seconds,
        cpu_seconds,
        stage_seconds: entry.wall_seconds,
        phases: entry.phases,
        building_hours,
        peak_memory_bytes: report.peak_memory_bytes,
        checksum: report.checksum,
    }
}

fn row(args: &BenchEnergyArgs, (ranks, threads): (usize, usize), measured: &[Measurement]) -> String {
    let sorted = |of: fn(&Measurement) -> f64| sorted(measured.iter().map(of));
    // Of an even number the upper of the two in the middle: the slower one.
    let (middle, last) = (measured.len() / 2, measured.len() - 1);
    let median = |of: fn(&Measurement) -> f64| sorted(of)[middle];
    let (wall, stage) = (sorted(|one| one.wall_seconds), median(|one| one.stage_seconds));
    format!(
        "{},{},{},{},{ranks},{threads},{},{:.3},{:.3},{:.3},{:.3},{stage:.3},{:.3},{:.3},{},{:.0},{},{}\n",
        args.buildings,
        args.packages + 1,
        args.fidelity.name(),
        if args.shaded { "shaded" } else { "open" },
        measured.len(),
        wall[0],
        wall[middle],
        wall[last],
        median(|one| one.cpu_seconds),
        median(|one| one.phases.compute),
        median(|one| one.phases.write),
        measured[0].building_hours,
        measured[0].building_hours as f64 / stage,
        measured.iter().map(|one| one.peak_memory_bytes).max().unwrap_or(0) >> 20,
        measured[0].checksum,
    )
}
