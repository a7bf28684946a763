//! The command line, nothing else.

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use conurb::cli::{
    BenchArgs, BenchCommand, ChecksumArgs, Cli, Command, DoctorArgs, ExportArgs, NewArgs, RunArgs, ScenarioArgs, Suite,
    ValidateArgs, complaint, print, tell,
};
use conurb::error::{Error, Problem};
use conurb::export::Existing;
use conurb::formats::probe;
use conurb::parallel::{LaunchOptions, Runtime, launch, speaks_for_job, tell_for_job, thread_choice};
use conurb::progress::Reporter;
use conurb::report::period::{PeriodChoice, ShownPeriod};
use conurb::run::Job;
use conurb::scenario::ExportFormat;
use conurb::store::read::RunReader;
use conurb::store::{OpenMode, checksum as recompute};
use conurb::{bench, compare, doctor, export, run, scenario, validate};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    if let Some(child) = arguments.next().and_then(|argument| probe::child(&argument)) {
        return ended(child(Path::new(&arguments.next().unwrap_or_default())));
    }
    ended(match &Cli::parse().command {
        Command::Run(args) => run(args),
        Command::Check(args) => check(args),
        Command::New(args) => new(args),
        Command::Schema => print(&format!("{:#}\n", scenario::schema())),
        Command::Export(args) => export(args),
        Command::Compare(args) => print_text(compare::run(&args.runs, args.out.as_deref())),
        Command::Checksum(args) => checksum(args),
        Command::Validate(args) => validate(args),
        Command::Doctor(args) => doctor(args),
        Command::Bench(args) => bench(args),
    })
}

/// Exit code and complaint; of several ranks one speaks.
fn ended(done: Result<(), Error>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell_for_job(|| tell(&complaint(&error)));
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(args: &RunArgs) -> Result<(), Error> {
    let mode = match (args.force, args.resume) {
        (true, _) => OpenMode::Force,
        (_, true) => OpenMode::Resume,
        _ => OpenMode::New,
    };
    let job = Job { file: args.scenario.file.clone(), options: args.scenario.options(), folder: args.folder(), mode };
    let options = LaunchOptions { threads: args.threads, local_ranks: args.local_ranks };
    launch(&options, |runtime| {
        let progress = Reporter::new(args.progress, runtime.rank());
        let exported = run::run(runtime, &job, &progress)?;
        if runtime.is_root() {
            print(&run::summary(&job.folder, &exported)?)?;
        }
        Ok(())
    })
}

fn check(args: &ScenarioArgs) -> Result<(), Error> {
    print_text(run::check(&alone(None)?, &args.file, &args.options()))?;
    if speaks_for_job() {
        tell(&format!("no problems in {}", args.file.display()));
    }
    Ok(())
}

fn new(args: &NewArgs) -> Result<(), Error> {
    let file = scenario::create(&args.name)?;
    tell(&format!("wrote {}", file.display()));
    Ok(())
}

fn export(args: &ExportArgs) -> Result<(), Error> {
    let run = RunReader::open(&args.run)?;
    let of_one_period = export::is_of_one_period(args.format);
    if args.period.is_some() && !of_one_period {
        let message = format!("\"{}\" is not of one period", args.format.name());
        return Err(Problem::new(message).of_key("--period").hint("leave it out").into());
    }
    let of_picture = [("--field", args.field.is_some()), ("--width", args.width.is_some())];
    if let Some((option, _)) = of_picture.into_iter().find(|(_, given)| *given && args.format != ExportFormat::Png) {
        let message = format!("\"{}\" is no picture", args.format.name());
        return Err(Problem::new(message).of_key(option).hint("leave it out").into());
    }
    let choice = args.period.as_deref().map_or(PeriodChoice::Busiest, PeriodChoice::Named);
    let options = export::Options {
        period: choice,
        field: args.field.as_deref(),
        width: args.width.unwrap_or(export::picture::USUAL_WIDTH),
        ..export::Options::usual(Existing::Refuse)
    };
    let written = export::export_with(&run, args.format, &args.out, &options)?;
    if let Some(period) = ShownPeriod::choose(&run, choice)?.filter(|_| of_one_period && args.period.is_none()) {
        tell(&format!("period {}, that with the largest volumes; --period NAME writes another", period.name));
    }
    written.iter().for_each(|path| tell(&format!("wrote {}", path.display())));
    Ok(())
}

fn checksum(args: &ChecksumArgs) -> Result<(), Error> {
    RunReader::open(&args.run)?;
    print_text(recompute(&alone(None)?, &args.run).map(|checksum| format!("{checksum}\n")))
}

fn validate(args: &ValidateArgs) -> Result<(), Error> {
    if args.hourly.is_some() && args.suite != Suite::PlaneIrradiance {
        let problem = Problem::new("this suite has no hours to write").of_key("--hourly");
        return Err(problem.hint("leave it out; plane-irradiance has").into());
    }
    if args.series.is_some() && args.suite != Suite::Downscaling {
        let problem = Problem::new("this suite has no series to write").of_key("--series");
        return Err(problem.hint("leave it out; downscaling has").into());
    }
    let (dir, overrides) = (&args.dir, &args.overrides);
    print_text(match args.suite {
        Suite::Assignment => validate::assignment(&alone(args.threads)?, dir, overrides, &tell),
        Suite::SolarPosition => validate::solar_position(dir, overrides),
        Suite::PlaneIrradiance => validate::plane_irradiance(dir, overrides, args.hourly.as_deref(), &tell),
        Suite::Horizon => validate::horizon(dir, overrides),
        Suite::Feeder => validate::feeder(dir, overrides, &tell),
        Suite::Bestest => validate::bestest(dir, overrides, &tell),
        Suite::Downscaling => validate::downscaling(dir, overrides, args.series.as_deref(), &tell),
    })
}

fn doctor(args: &DoctorArgs) -> Result<(), Error> {
    let options = LaunchOptions { threads: args.threads, local_ranks: args.local_ranks };
    let report = doctor::report(&options, &args.out);
    print_text(Ok(report.to_string()))
}

fn bench(args: &BenchArgs) -> Result<(), Error> {
    print_text(match &args.what {
        BenchCommand::Assignment(args) => bench::assignment(args, &tell),
        BenchCommand::Energy(args) => bench::energy(args, &tell),
        BenchCommand::Climate(args) => bench::climate(args, &tell),
    })
}

/// Prints once for all processes of a job.
fn print_text(text: Result<String, Error>) -> Result<(), Error> {
    let text = text?;
    if speaks_for_job() { print(&text) } else { Ok(()) }
}

/// This process alone, for commands that no launcher shares out.
fn alone(threads: Option<usize>) -> Result<Runtime, Error> {
    Runtime::serial(thread_choice(&LaunchOptions { threads, local_ranks: None }).threads)
}
