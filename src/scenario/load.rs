//! From the text of a scenario file to a [`Scenario`], with all problems at once.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::check::{Findings, check};
use super::files::{check_files, folder_of, nodes_beside};
use super::resolve::resolve;
use super::{Scenario, tree};
use crate::error::{Error, Place, Problem};

/// Size in bytes beyond which a scenario file is refused.
pub const MAX_BYTES: usize = 4 << 20;

/// How many problems are told in full; a file with more is not a scenario file.
const MOST_TOLD: usize = 200;

/// What the command line adds to a scenario file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// Keys and values of `--set`, in order; values are TOML, or text where they are no TOML.
    pub overrides: Vec<(String, String)>,
    /// Folders outside the scenario's own that it may read files from.
    pub allow_paths: Vec<PathBuf>,
}

/// Reads a scenario file and checks everything in it, the files it names included.
///
/// # Errors
/// All problems found.
pub fn load(file: &Path, options: &LoadOptions) -> Result<Scenario, Error> {
    parse_and_locate(&read(file)?, file, options)
}

/// The text of a scenario file.
///
/// # Errors
/// The file does not exist, is too large or is not text.
pub fn read(file: &Path) -> Result<String, Error> {
    let opened = File::open(file).map_err(|cause| unreadable(file, &cause))?;
    let mut bytes = Vec::new();
    opened.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|cause| unreadable(file, &cause))?;
    if bytes.len() > MAX_BYTES {
        let message = format!("a scenario file has at most {MAX_BYTES} bytes, this one has more");
        return Err(Problem::new(message).in_file(file).into());
    }
    String::from_utf8(bytes).map_err(|cause| {
        let valid = cause.utf8_error().valid_up_to();
        let line = 1 + cause.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count();
        Problem::new("expected UTF-8 text, found other bytes").in_file(file).at_line(line).into()
    })
}

/// The scenario that a text stands for, without a look at the file system.
///
/// `file` names the text in messages and anchors its relative paths. `traffic.nodes` stays unset where the text does
/// not name it.
///
/// # Errors
/// All problems found.
pub fn parse(text: &str, file: &Path, options: &LoadOptions) -> Result<Scenario, Error> {
    interpret(text, file, options, |_| {})
}

/// As [`parse`], and the files must exist and may be read; node files beside the network are found.
///
/// # Errors
/// All problems found.
pub fn parse_and_locate(text: &str, file: &Path, options: &LoadOptions) -> Result<Scenario, Error> {
    let folder = folder_of(file);
    let mut scenario = interpret(text, file, options, |findings| check_files(folder, &options.allow_paths, findings))?;
    if let Some(traffic) = scenario.traffic.as_mut().filter(|traffic| traffic.nodes.is_none()) {
        traffic.nodes = nodes_beside(&traffic.network, &options.allow_paths);
    }
    Ok(scenario)
}

fn interpret(
    text: &str,
    file: &Path,
    options: &LoadOptions,
    locate: impl FnOnce(&mut Findings<'_>),
) -> Result<Scenario, Error> {
    let (mut root, syntax) = tree::grow(text, file);
    let mut findings = Findings::new(file);
    for (key, value) in &options.overrides {
        if let Err(problem) = tree::set(&mut root, key, value) {
            findings.problems.push(problem);
        }
    }
    check(&root, &mut findings);
    locate(&mut findings);
    let problems = merged(syntax, findings);
    if problems.is_empty() { Ok(resolve(&root, file)) } else { Err(Error::Input(problems)) }
}

/// All problems by line, those of the command line last, without what only follows from a syntax error.
fn merged(mut syntax: Vec<Problem>, findings: Findings<'_>) -> Vec<Problem> {
    let mut broken = BTreeSet::new();
    syntax.retain(|problem| broken.insert(line(problem)));
    let mut problems = findings.problems;
    problems.retain(|problem| !broken.contains(&line(problem)));
    if syntax.is_empty() {
        problems.extend(findings.missing);
    }
    problems.extend(syntax);
    problems.sort_by_key(line);
    if problems.len() > MOST_TOLD {
        let file = problems[0].file.clone();
        let more = problems.len() - MOST_TOLD;
        problems.truncate(MOST_TOLD);
        problems.push(Problem { file, stands_for: more, ..Problem::new(format!("{more} more problems")) });
    }
    problems
}

/// Line of a problem; beyond all lines if it stands in no file.
fn line(problem: &Problem) -> usize {
    match problem.place {
        Some(Place::Line(line) | Place::Record(line)) => line,
        None => usize::MAX,
    }
}

fn unreadable(file: &Path, cause: &std::io::Error) -> Error {
    match cause.kind() {
        ErrorKind::NotFound => {
            let stem = file.display();
            let hint = format!("write a new one with: conurb new {}", stem.to_string().trim_end_matches(".toml"));
            Problem::new("the file does not exist").in_file(file).hint(hint).into()
        }
        ErrorKind::IsADirectory => Problem::new("expected a scenario file, found a folder").in_file(file).into(),
        _ => Problem::new(format!("cannot read the file: {cause}")).in_file(file).into(),
    }
}
