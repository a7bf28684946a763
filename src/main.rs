//! The command line, nothing else.

use std::process::ExitCode;

use clap::Parser;
use conurb::cli::{Cli, Command, NewArgs, ScenarioArgs, complaint, print, tell};
use conurb::error::{Error, Problem};
use conurb::scenario;

fn main() -> ExitCode {
    let done = match &Cli::parse().command {
        Command::Check(args) => check(args),
        Command::New(args) => new(args),
        Command::Schema => schema(),
        _ => Err(Problem::new("this command is not available in this version").into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&complaint(&error));
            ExitCode::from(error.exit_code())
        }
    }
}

fn check(args: &ScenarioArgs) -> Result<(), Error> {
    let scenario = scenario::load(&args.file, &args.options())?;
    tell(&format!("no problems in {}", scenario.file.display()));
    Ok(())
}

fn new(args: &NewArgs) -> Result<(), Error> {
    let file = scenario::create(&args.name)?;
    tell(&format!("wrote {}", file.display()));
    Ok(())
}

fn schema() -> Result<(), Error> {
    print(&format!("{:#}\n", scenario::schema()))
}
