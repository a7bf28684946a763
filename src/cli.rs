//! The command line's arguments, and how errors and output are printed.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, RangedU64ValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::error::{Error, Problem};
use crate::progress::ProgressMode;
use crate::scenario::{AdjustmentMethod, ClimateVariable, ExportFormat, Fidelity, LoadOptions};

/// Scenario simulation for cities: one scenario file in, one run folder out.
#[derive(Debug, Parser)]
#[command(name = "conurb", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scenario; under mpirun or srun the ranks share the work
    Run(RunArgs),
    /// Check a scenario and print its plan, sizes and memory, without computing anything
    Check(ScenarioArgs),
    /// Write a commented scenario file to start from
    New(NewArgs),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Translate a finished run into another format
    Export(ExportArgs),
    /// Print what differs between finished runs
    Compare(CompareArgs),
    /// Recompute the checksum of a finished run from its files
    Checksum(ChecksumArgs),
    /// Run a standard suite on given inputs and print case,quantity,unit,value as CSV
    Validate(ValidateArgs),
    /// Print what this machine, its threads, MPI and HDF5 look like
    Doctor(DoctorArgs),
    /// Measure speed and scaling
    Bench(BenchArgs),
}

/// A scenario file and what the command line adds to it.
#[derive(Debug, Clone, Args)]
pub struct ScenarioArgs {
    /// Scenario file
    pub file: PathBuf,
    /// Set a key of the scenario, for example traffic.demand_factor=1.1; paths start from the working directory
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub overrides: Vec<(String, String)>,
    /// Let the scenario read files in this folder, outside its own
    #[arg(long = "allow-path", value_name = "DIR")]
    pub allow_paths: Vec<PathBuf>,
}

impl ScenarioArgs {
    /// What the command line adds to the scenario file.
    pub fn options(&self) -> LoadOptions {
        LoadOptions { overrides: self.overrides.clone(), allow_paths: self.allow_paths.clone() }
    }
}

/// Arguments of `conurb run`.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// Run folder [default: runs/STEM, where STEM.toml is the scenario file]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Threads of each rank [default: Slurm's variables, else the cores this process may use]
    #[arg(long, value_name = "N", value_parser = count())]
    pub threads: Option<usize>,
    /// Ranks within this process
    #[arg(long, value_name = "N", value_parser = count())]
    pub local_ranks: Option<usize>,
    /// Go on with an unfinished run
    #[arg(long, conflicts_with = "force")]
    pub resume: bool,
    /// Overwrite what is in the run folder
    #[arg(long)]
    pub force: bool,
    /// How progress is told
    #[arg(long, value_enum, default_value_t = ProgressMode::Auto)]
    pub progress: ProgressMode,
}

impl RunArgs {
    /// The run folder: as given, else `runs/<scenario file stem>`.
    pub fn folder(&self) -> PathBuf {
        let stem = || self.scenario.file.file_stem().unwrap_or_default();
        self.out.clone().unwrap_or_else(|| Path::new("runs").join(stem()))
    }
}

/// Arguments of `conurb new`.
#[derive(Debug, Clone, Args)]
pub struct NewArgs {
    /// Name of the scenario; NAME.toml is written
    pub name: PathBuf,
}

/// Arguments of `conurb export`.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// Folder of a finished run
    pub run: PathBuf,
    /// Format to translate to
    #[arg(long = "to", value_name = "FORMAT", value_parser = export_format())]
    pub format: ExportFormat,
    /// File to write, or folder to write into; a folder gets all tables of a run as CSV
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    /// Field that a picture shows, for example cell_annual_irradiation [default: annual irradiation of roofs, else of cells]
    #[arg(long, value_name = "NAME")]
    pub field: Option<String>,
    /// Width of a picture in pixels [default: 1600]
    #[arg(long, value_name = "PIXELS")]
    pub width: Option<usize>,
    /// Period of the day whose links are written, of a run with periods [default: that with the largest volumes]
    #[arg(long, value_name = "NAME")]
    pub period: Option<String>,
}

/// Arguments of `conurb compare`.
#[derive(Debug, Clone, Args)]
pub struct CompareArgs {
    /// Folders of finished runs; the first is what the others are compared with
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Folder for a table and a report of the differences
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Arguments of `conurb checksum`.
#[derive(Debug, Clone, Args)]
pub struct ChecksumArgs {
    /// Folder of a finished run
    pub run: PathBuf,
}

/// Arguments of `conurb validate`.
#[derive(Debug, Clone, Args)]
pub struct ValidateArgs {
    /// Suite to run
    pub suite: Suite,
    /// Folder of the suite's inputs
    pub dir: PathBuf,
    /// Set a key where the inputs do not, for example traffic.toll_weight=0.02
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub overrides: Vec<(String, String)>,
    /// File for the hours of every case, of plane-irradiance
    #[arg(long, value_name = "OUT.csv")]
    pub hourly: Option<PathBuf>,
    /// Folder for the adjusted series, of downscaling
    #[arg(long, value_name = "OUTDIR")]
    pub series: Option<PathBuf>,
    /// Threads [default: the cores this process may use]
    #[arg(long, value_name = "N", value_parser = count())]
    pub threads: Option<usize>,
}

/// A standard suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Suite {
    /// Static traffic assignment on TNTP networks
    Assignment,
    /// Sun positions at the times and places of spa_pairs.csv
    SolarPosition,
    /// Annual irradiation and photovoltaic yield of the planes of planes.csv
    PlaneIrradiance,
    /// Horizons and sky-view factors of the cells of cells.csv in an elevation raster
    Horizon,
    /// Voltages and currents of radial low-voltage feeders
    Feeder,
    /// Heating, cooling and temperatures of the rooms of cases.csv (BESTEST, ASHRAE 140)
    Bestest,
    /// Series adjusted by the methods of cases.json, from the netCDF files beside it
    Downscaling,
}

/// Arguments of `conurb doctor`.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    /// Threads of each rank, as for a run
    #[arg(long, value_name = "N", value_parser = count())]
    pub threads: Option<usize>,
    /// Ranks within this process, as for a run
    #[arg(long, value_name = "N", value_parser = count())]
    pub local_ranks: Option<usize>,
    /// Folder that runs go to
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
}

/// Arguments of `conurb bench`.
#[derive(Debug, Clone, Args)]
pub struct BenchArgs {
    /// What to measure.
    #[command(subcommand)]
    pub what: BenchCommand,
}

/// What `conurb bench` measures.
#[derive(Debug, Clone, Subcommand)]
pub enum BenchCommand {
    /// Whole runs of traffic assignment
    Assignment(BenchAssignmentArgs),
    /// Whole runs of energy in the buildings of a made town
    Energy(BenchEnergyArgs),
    /// Whole runs of downscaling a made projection
    Climate(BenchClimateArgs),
}

/// Arguments of `conurb bench assignment`.
#[derive(Debug, Clone, Args)]
pub struct BenchAssignmentArgs {
    /// The scenario whose assignment is measured
    #[command(flatten)]
    pub scenario: ScenarioArgs,
    /// How often it is measured, over what
    #[command(flatten)]
    pub runs: MeasuredRuns,
    /// Print the gap of every iteration with its time instead of a summary
    #[arg(long)]
    pub trace: bool,
}

/// How often `conurb bench` measures, over what.
#[derive(Debug, Clone, Args)]
pub struct MeasuredRuns {
    /// Threads of each rank, a list: one measurement each
    #[arg(long, value_name = "N,N", value_delimiter = ',', value_parser = count())]
    pub threads: Vec<usize>,
    /// Ranks within this process
    #[arg(long, value_name = "N", value_parser = count())]
    pub local_ranks: Option<usize>,
    /// Times that each measurement is repeated
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = count())]
    pub repeat: usize,
}

/// Arguments of `conurb bench energy`.
#[derive(Debug, Clone, Args)]
pub struct BenchEnergyArgs {
    /// Weather of the year
    #[arg(long, value_name = "FILE")]
    pub epw: PathBuf,
    /// Buildings of the town
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = RangedU64ValueParser::<usize>::new().range(1..=10_000_000))]
    pub buildings: usize,
    /// Seed of the town
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub seed: u64,
    /// Zone model
    #[arg(long, value_name = "MODEL", default_value = Fidelity::MultiNode.name(), value_parser = fidelity())]
    pub fidelity: Fidelity,
    /// Houses stand before the faces of each building
    #[arg(long)]
    pub shaded: bool,
    /// Retrofit packages beside the buildings as they are
    #[arg(long, value_name = "K", default_value_t = 0, value_parser = RangedU64ValueParser::<usize>::new().range(..=16))]
    pub packages: usize,
    /// Set a key of the scenario, for example energy.hourly=true
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub overrides: Vec<(String, String)>,
    /// How often it is measured, over what
    #[command(flatten)]
    pub runs: MeasuredRuns,
    /// Folder that run folders are made in, and removed from [default: the system's for temporary files]
    #[arg(long, value_name = "DIR")]
    pub scratch: Option<PathBuf>,
}

/// How the made files of `conurb bench climate` are cut into chunks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MadeChunks {
    /// One day of all cells
    Maps,
    /// All days of 8 x 8 cells
    Cells,
}

impl MadeChunks {
    /// Name on the command line and in tables.
    pub fn name(self) -> &'static str {
        match self {
            MadeChunks::Maps => "maps",
            MadeChunks::Cells => "cells",
        }
    }
}

/// Arguments of `conurb bench climate`.
#[derive(Debug, Clone, Args)]
pub struct BenchClimateArgs {
    /// Cells of the grid
    #[arg(long, value_name = "N", default_value_t = 2500, value_parser = RangedU64ValueParser::<usize>::new().range(1..=10_000_000))]
    pub cells: usize,
    /// Years of 365 days of each of reference, past and future
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = RangedU64ValueParser::<usize>::new().range(1..=100))]
    pub years: usize,
    /// What is adjusted
    #[arg(long, value_name = "NAME", default_value = ClimateVariable::Tas.name(), value_parser = made_variable())]
    pub variable: ClimateVariable,
    /// How it is adjusted
    #[arg(long, value_name = "METHOD", default_value = AdjustmentMethod::QuantileDeltaMapping.name(), value_parser = adjustment_method())]
    pub method: AdjustmentMethod,
    /// Chunks of the files
    #[arg(long, value_enum, default_value_t = MadeChunks::Maps)]
    pub layout: MadeChunks,
    /// Seed of the projection
    #[arg(long, value_name = "S", default_value_t = 0)]
    pub seed: u64,
    /// Set a key of the scenario, for example climate.daily=false
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub overrides: Vec<(String, String)>,
    /// How often it is measured, over what
    #[command(flatten)]
    pub runs: MeasuredRuns,
    /// Folder that files and run folders are made in, and removed from [default: the system's for temporary files]
    #[arg(long, value_name = "DIR")]
    pub scratch: Option<PathBuf>,
}

/// Prints data on standard output; a reader that has enough is no error.
///
/// # Errors
/// Standard output cannot be written.
pub fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => {
            Err(Error::Failed(format!("cannot write to standard output: {cause}")))
        }
        _ => Ok(()),
    }
}

/// Prints a message on standard error; nobody may be reading.
pub fn tell(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

/// What standard error says about an error: each problem, then how many there are and where.
pub fn complaint(error: &Error) -> String {
    let Error::Input(problems) = error else {
        return format!("error: {error}");
    };
    let mut lines: Vec<String> = problems.iter().map(|problem| format!("error: {problem}")).collect();
    lines.push(summary(problems));
    lines.join("\n")
}

fn summary(problems: &[Problem]) -> String {
    let mut files: Vec<&Path> = problems.iter().filter_map(|problem| problem.file.as_deref()).collect();
    files.sort();
    files.dedup();
    let count = match problems.iter().map(|problem| problem.stands_for).sum() {
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    };
    match files[..] {
        [] => count,
        [file] => format!("{count} in {}", file.display()),
        _ => format!("{count} in {} files", files.len()),
    }
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}

fn count() -> impl TypedValueParser<Value = usize> {
    RangedU64ValueParser::<usize>::new().range(1..=4096)
}

fn export_format() -> impl TypedValueParser<Value = ExportFormat> {
    PossibleValuesParser::new(ExportFormat::ALL.map(ExportFormat::name)).map(|name| {
        let known = ExportFormat::ALL.into_iter().find(|format| format.name() == name);
        known.expect("the parser takes names of formats only")
    })
}

fn fidelity() -> impl TypedValueParser<Value = Fidelity> {
    PossibleValuesParser::new(Fidelity::ALL.map(Fidelity::name)).map(|name| {
        let known = Fidelity::ALL.into_iter().find(|fidelity| fidelity.name() == name);
        known.expect("the parser takes names of zone models only")
    })
}

fn made_variable() -> impl TypedValueParser<Value = ClimateVariable> {
    const MADE: [ClimateVariable; 2] = [ClimateVariable::Tas, ClimateVariable::Pr];
    PossibleValuesParser::new(MADE.map(ClimateVariable::name)).map(|name| {
        let known = MADE.into_iter().find(|variable| variable.name() == name);
        known.expect("the parser takes names of variables that are made only")
    })
}

fn adjustment_method() -> impl TypedValueParser<Value = AdjustmentMethod> {
    PossibleValuesParser::new(AdjustmentMethod::ALL.map(AdjustmentMethod::name)).map(|name| {
        let known = AdjustmentMethod::ALL.into_iter().find(|method| method.name() == name);
        known.expect("the parser takes names of methods only")
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn run_takes_all_its_options() {
        let line = "conurb run a/b.toml --out o --threads 2 --local-ranks 3 --set x.y=1=2 --set z=3 --force \
                    --allow-path p --allow-path q --progress plain";
        let Command::Run(run) = Cli::try_parse_from(line.split_whitespace()).unwrap().command else { panic!() };
        assert_eq!(run.scenario.overrides[0], ("x.y".to_owned(), "1=2".to_owned()));
        assert_eq!(run.scenario.options().allow_paths.len(), 2);
        assert_eq!((run.threads, run.local_ranks, run.progress), (Some(2), Some(3), ProgressMode::Plain));
        assert_eq!(run.folder(), Path::new("o"));
    }

    #[test]
    fn the_run_folder_has_the_scenarios_name() {
        let Command::Run(run) = Cli::try_parse_from(["conurb", "run", "a/b.toml"]).unwrap().command else { panic!() };
        assert_eq!(run.folder(), Path::new("runs/b"));
    }

    #[test]
    fn wrong_arguments_are_usage_errors() {
        for line in [
            "conurb",
            "conurb run",
            "conurb run a --threads 0",
            "conurb run a --set =1",
            "conurb run a --set x",
            "conurb run a --resume --force",
            "conurb compare a",
            "conurb export a --to pdf --out b",
            "conurb validate nothing a",
        ] {
            assert_eq!(Cli::try_parse_from(line.split_whitespace()).unwrap_err().exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn a_complaint_counts_what_its_lines_stand_for() {
        let mut rest = Problem::new("7 more of the kind \"x\"").in_file("b.tntp");
        rest.stands_for = 7;
        let error = Error::Input(vec![Problem::new("wrong").in_file("b.tntp").at_line(3).hint("mend it"), rest]);
        let expected =
            "error: b.tntp:3: wrong\n  hint: mend it\nerror: b.tntp: 7 more of the kind \"x\"\n8 problems in b.tntp";
        assert_eq!(complaint(&error), expected);
        assert_eq!(complaint(&Error::Failed("no".to_owned())), "error: no");
    }
}
