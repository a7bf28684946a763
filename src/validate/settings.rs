//! What `--set` changes in a suite, checked as in a scenario.

use std::path::Path;

use crate::error::{Error, Problem};
use crate::scenario::{self, LoadOptions, Scenario};

/// The scenario of `text` with `overrides`, which may name `keys` alone.
///
/// # Errors
/// Another key, or a value that a scenario would not take either.
pub(super) fn settings(
    text: &str,
    keys: &[&str],
    directory: &Path,
    overrides: &[(String, String)],
) -> Result<Scenario, Error> {
    check_keys(keys, overrides)?;
    let options = LoadOptions { overrides: overrides.to_vec(), allow_paths: Vec::new() };
    scenario::parse(text, &directory.join("--set"), &options)
}

/// Reports every key of `overrides` that is none of `keys`.
pub(super) fn check_keys(keys: &[&str], overrides: &[(String, String)]) -> Result<(), Error> {
    let others = overrides.iter().filter(|(key, _)| !keys.contains(&key.as_str()));
    let problems: Vec<Problem> = others.map(|(key, _)| refusal(key, keys)).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Input(problems)) }
}

fn refusal(key: &str, keys: &[&str]) -> Problem {
    let problem = Problem::new("this key cannot be set here").of_key(format!("--set {key}"));
    let allowed = keys.join(", ");
    problem.hint(if keys.is_empty() { "this suite sets none".to_owned() } else { format!("allowed: {allowed}") })
}
