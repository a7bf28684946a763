//! Rules of the runs of models: every variable has the same models, every model the same emission scenarios.

use std::collections::BTreeSet;

use super::Variable;
use crate::scenario::ModelRuns;
use crate::scenario::check::Findings;
use crate::scenario::check::solar::table;
use crate::scenario::tree::{Entry, Node, Origin, Value, shortened};
use crate::scenario::wording::joined;

/// Models, and emission scenarios of each, that a scenario can have.
const MOST_NAMES: usize = 200;

/// What models and emission scenarios there are.
#[derive(Debug, Default)]
pub(super) struct Runs<'t> {
    /// Names of models.
    pub models: BTreeSet<&'t str>,
    /// Names of emission scenarios.
    pub futures: BTreeSet<&'t str>,
}

/// Where runs of one model are told.
struct Told<'t> {
    model: &'t str,
    /// The table that tells them.
    table: &'t Node,
    origin: Origin,
    path: String,
}

/// Reports runs that are told twice or not at all, and returns which there are.
pub(super) fn check_models<'t>(variables: &[Variable<'t>], findings: &mut Findings<'_>) -> Runs<'t> {
    let mut runs = Runs::default();
    let mut all: Vec<(&Variable<'t>, Vec<Told<'t>>)> = Vec::new();
    for variable in variables {
        let told = told(variable, findings);
        runs.models.extend(told.iter().map(|told| told.model));
        for model in &told {
            runs.futures.extend(check_futures(model, findings));
        }
        all.push((variable, told));
    }
    // Too many of them are told already.
    if runs.models.len() > MOST_NAMES || runs.futures.len() > MOST_NAMES {
        return runs;
    }
    for (variable, told) in &all {
        check_same(variable, told, &runs, findings);
    }
    runs
}

/// The runs of a variable, of one model or of several.
fn told<'t>(variable: &Variable<'t>, findings: &mut Findings<'_>) -> Vec<Told<'t>> {
    let (node, path) = (&variable.entry.node, variable.path());
    let Some(several) = node.entry("model") else { return vec![only(variable, findings)] };
    for entry in ["historical", "future"].into_iter().filter_map(|name| node.entry(name)) {
        let message = format!("there are tables of several models, {path}.model, which have their own");
        findings.add(entry.origin, &joined(&path, &entry.name), message, Some("remove one of them".to_owned()));
    }
    let path = joined(&path, "model");
    let entries = several.node.entries();
    if matches!(several.node.value, Value::Table(_)) && (entries.is_empty() || entries.len() > MOST_NAMES) {
        let message = format!("expected 1 to {MOST_NAMES} models, found {}", entries.len());
        findings.add(several.origin, &path, message, None);
    }
    let of = |entry: &'t Entry| {
        let path = joined(&path, &entry.name);
        check_name(entry, &path, "a model", findings);
        Some(entry).filter(|entry| matches!(entry.node.value, Value::Table(_))).map(|entry| Told {
            model: &entry.name,
            table: &entry.node,
            origin: entry.origin,
            path,
        })
    };
    entries.iter().filter_map(of).collect()
}

/// The runs of the only model.
fn only<'t>(variable: &Variable<'t>, findings: &mut Findings<'_>) -> Told<'t> {
    let path = variable.path();
    for (name, example) in [("historical", "\"historical.nc\""), ("future", "{ ssp245 = \"ssp245.nc\" }")] {
        if variable.entry.node.entry(name).is_none() {
            let why = format!("and there are no [{path}.model.NAME] either");
            findings.add_missing(variable.entry.origin, &joined(&path, name), &why, format!("{name} = {example}"));
        }
    }
    Told { model: ModelRuns::ONLY, table: &variable.entry.node, origin: variable.entry.origin, path }
}

/// The emission scenarios of a model.
fn check_futures<'t>(told: &Told<'t>, findings: &mut Findings<'_>) -> Vec<&'t str> {
    let Some(future) = table(told.table, "future") else { return Vec::new() };
    let path = joined(&told.path, "future");
    let entries = future.node.entries();
    if entries.is_empty() || entries.len() > MOST_NAMES {
        let message = format!("expected 1 to {MOST_NAMES} emission scenarios, found {}", entries.len());
        findings.add(future.origin, &path, message, Some("future = { ssp245 = \"ssp245.nc\" }".to_owned()));
    }
    for entry in entries {
        check_name(entry, &joined(&path, &entry.name), "an emission scenario", findings);
    }
    entries.iter().map(|entry| &*entry.name).collect()
}

/// Reports a name that could not be part of the name of a field.
fn check_name(entry: &Entry, path: &str, what: &str, findings: &mut Findings<'_>) {
    const LONGEST: usize = 64;
    let is_right = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if entry.name.is_empty() || entry.name.len() > LONGEST || !entry.name.chars().all(is_right) {
        let found = shortened(&entry.name);
        let message = format!("expected a name for {what} of letters, digits, _ and -, found \"{found}\"");
        findings.add(entry.origin, path, message, None);
    }
}

/// Reports models and emission scenarios that others have and this variable has not.
fn check_same(variable: &Variable<'_>, told: &[Told<'_>], runs: &Runs<'_>, findings: &mut Findings<'_>) {
    let own: BTreeSet<&str> = told.iter().map(|told| told.model).collect();
    // What is told without models is told wholly.
    let path = joined(&variable.path(), "model");
    for model in runs.models.difference(&own) {
        let why = "as other variables have that model".to_owned();
        let path = joined(&path, model);
        findings.add_missing(variable.entry.origin, &path, &why, format!("add [{path}]"));
    }
    for told in told {
        let Some(future) = table(told.table, "future").filter(|future| !future.node.entries().is_empty()) else {
            continue;
        };
        let own: BTreeSet<&str> = future.node.entries().iter().map(|entry| &*entry.name).collect();
        let path = joined(&told.path, "future");
        for name in runs.futures.difference(&own) {
            let why = "as other variables or models have that emission scenario";
            findings.add_missing(told.origin, &joined(&path, name), why, format!("{name} = \"{name}.nc\""));
        }
    }
}
