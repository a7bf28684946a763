//! Holds a tree against the description of all keys and reports every difference.

mod analyses;
mod climate;
mod demand;
mod energy;
mod feeder;
mod rules;
mod solar;
mod values;

use std::path::Path;

use super::files::folder_of;
use super::keys::{Absent, FileKinds, Form, Key, MOST_TABLES, ROOT, Table};
use super::tree::{Entry, Node, Origin, Value};
use super::wording::{as_written, joined, listed, nearest};
use crate::error::Problem;
use climate::check_climate;
use energy::check_energy;
use feeder::check_feeder;
use rules::check_rules;
use solar::check_solar;
use values::{check_file_or_files, check_list, check_path, check_paths, check_value, check_word_or_path, is_line};

pub(in crate::scenario) use values::{link_between, years};

/// What is wrong with a scenario, as found.
pub(super) struct Findings<'a> {
    file: &'a Path,
    /// Keys that are missing, which may only follow from a syntax error.
    pub missing: Vec<Problem>,
    /// Everything else found so far.
    pub problems: Vec<Problem>,
    /// Paths of files that are well formed: key, origin, and text as written.
    pub files: Vec<NamedFile>,
}

/// A file that a scenario names.
#[derive(Debug, Clone)]
pub(super) struct NamedFile {
    /// The key that names it.
    pub key: String,
    /// Where the key's value was written.
    pub origin: Origin,
    /// The path as written.
    pub path: String,
    /// What the key reads.
    pub kinds: &'static FileKinds,
}

impl<'a> Findings<'a> {
    /// Nothing found yet in `file`.
    pub(super) fn new(file: &'a Path) -> Self {
        Findings { file, missing: Vec::new(), problems: Vec::new(), files: Vec::new() }
    }
    /// Adds a problem with the value of a key.
    pub(super) fn add(&mut self, origin: Origin, key: &str, message: String, hint: Option<String>) {
        self.problems.push(self.problem(origin, key, message, hint));
    }
    /// Folder that relative paths start from.
    fn folder(&self) -> &'a Path {
        folder_of(self.file)
    }
    /// Adds a key that is missing from the table or beside the value at `origin`.
    fn add_missing(&mut self, origin: Origin, key: &str, why: &str, hint: String) {
        self.missing.push(self.problem(origin, key, format!("missing, {why}"), Some(hint)));
    }
    fn problem(&self, origin: Origin, key: &str, message: String, hint: Option<String>) -> Problem {
        let problem = Problem { hint, ..Problem::new(message) };
        match origin {
            Origin::Line(line) => problem.in_file(self.file).at_line(line).of_key(key),
            Origin::Set => problem.of_key(format!("--set {key}")),
        }
    }
}

/// Reports everything in the tree that the description does not allow.
pub(super) fn check(root: &Node, findings: &mut Findings<'_>) {
    check_table(&ROOT, root, root.origin, "", findings);
    check_rules(root, findings);
    check_solar(root, findings);
    check_energy(root, findings);
    check_feeder(root, findings);
    check_climate(root, findings);
}

/// `header` is where the table begins, and where a missing key would stand.
fn check_table(table: &'static Table, node: &Node, header: Origin, path: &str, findings: &mut Findings<'_>) {
    if !matches!(node.value, Value::Table(_)) {
        return findings.add(node.origin, path, format!("expected a table, found {}", node.shown()), None);
    }
    for entry in node.entries() {
        let key_path = joined(path, &entry.name);
        match table.key(&entry.name) {
            Some(key) if matches!(key.form, Form::Later) => {
                let message = "not available in this version".to_owned();
                findings.add(
                    entry.origin,
                    &key_path,
                    message,
                    Some(format!("remove {}", as_written(&key_path, entry))),
                );
            }
            Some(key) => check_form(&key.form, entry, &key_path, findings),
            None => unknown_key(table, path, entry, findings),
        }
    }
    let is_missing = |key: &&Key| {
        matches!(key.absent, Absent::Required) && !node.entries().iter().any(|entry| entry.name == key.name)
    };
    for key in table.keys.iter().filter(is_missing) {
        let key_path = joined(path, key.name);
        let hint = match key.form {
            Form::Table(_) => format!("add [{key_path}]"),
            _ => format!("{} = {}", key.name, key.example),
        };
        findings.add_missing(header, &key_path, "it is required", hint);
    }
}

fn unknown_key(table: &'static Table, path: &str, entry: &Entry, findings: &mut Findings<'_>) {
    let allowed: Vec<&str> = table.built().map(|key| key.name).collect();
    let like = nearest(&entry.name, table.keys.iter().map(|key| key.name));
    let hint = match like {
        Some(name) => Some(format!("did you mean \"{name}\"?")),
        None => Some(owners(&entry.name))
            .filter(|owners| !owners.is_empty())
            .map(|owners| format!("it belongs in {}", listed(owners))),
    };
    let message = format!("unknown key, allowed are {}", allowed.join(", "));
    findings.add(entry.origin, &joined(path, &entry.name), message, hint);
}

/// Headers of the first tables that know a key of that name.
fn owners(name: &str) -> Vec<String> {
    const MOST_TOLD: usize = 5;
    fn search(table: &'static Table, path: &str, name: &str, into: &mut Vec<String>) {
        for key in table.keys {
            let inner_path = joined(path, key.name);
            let (inner, header) = match key.form {
                Form::Table(inner) => (inner, format!("[{inner_path}]")),
                Form::Tables(inner) => (inner, format!("[[{inner_path}]]")),
                _ => continue,
            };
            if inner.key(name).is_some() {
                into.push(header);
            }
            search(inner, &inner_path, name, into);
        }
    }
    let mut found = Vec::new();
    search(&ROOT, "", name, &mut found);
    // Every variable of the climate has the same keys.
    found.truncate(MOST_TOLD);
    found
}

fn check_form(form: &'static Form, entry: &Entry, path: &str, findings: &mut Findings<'_>) {
    match form {
        Form::Table(table) => check_table(table, &entry.node, entry.origin, path, findings),
        Form::Tables(table) => check_tables(table, entry, path, findings),
        Form::Named(table) => check_named(table, entry, path, findings),
        Form::NamedValues(value) => check_named_values(value, entry, path, findings),
        Form::List(item) => check_list(item, &entry.node, path, findings),
        Form::Path(kinds) => check_path(kinds, &entry.node, path, findings),
        Form::WordOrPath(words, kinds) => check_word_or_path((words, kinds), &entry.node, path, findings),
        Form::Files(kinds) => check_paths(kinds, &entry.node, path, findings),
        Form::FileOrFiles(kinds) => check_file_or_files(kinds, &entry.node, path, findings),
        Form::WordOrTable(_, table) if matches!(entry.node.value, Value::Table(_)) => {
            check_table(table, &entry.node, entry.origin, path, findings);
        }
        _ => check_value(form, &entry.node, path, findings),
    }
}

fn check_named(table: &'static Table, entry: &Entry, path: &str, findings: &mut Findings<'_>) {
    if !matches!(entry.node.value, Value::Table(_)) {
        let message = format!("expected tables, found {}", entry.node.shown());
        return findings.add(entry.node.origin, path, message, Some(format!("[{path}.\"file name\"]")));
    }
    for inner in entry.node.entries() {
        let inner_path = joined(path, &inner.name);
        check_name(inner, &inner_path, findings);
        check_table(table, &inner.node, inner.origin, &inner_path, findings);
    }
}

fn check_tables(table: &'static Table, entry: &Entry, path: &str, findings: &mut Findings<'_>) {
    let Value::List(items) = &entry.node.value else {
        let message = format!("expected tables, found {}", entry.node.shown());
        return findings.add(entry.origin, path, message, Some(format!("[[{path}]]")));
    };
    if items.len() > MOST_TABLES {
        let message = format!("expected at most {MOST_TABLES} tables, found {}", items.len());
        return findings.add(entry.origin, path, message, None);
    }
    for item in items {
        check_table(table, item, item.origin, path, findings);
    }
}

fn check_named_values(form: &'static Form, entry: &Entry, path: &str, findings: &mut Findings<'_>) {
    if !matches!(entry.node.value, Value::Table(_)) {
        let message = format!("expected a table, found {}", entry.node.shown());
        return findings.add(entry.node.origin, path, message, Some(format!("{{ name = {} }}", entry.node.shown())));
    }
    for inner in entry.node.entries() {
        let inner_path = joined(path, &inner.name);
        check_name(inner, &inner_path, findings);
        check_form(form, inner, &inner_path, findings);
    }
}

fn check_name(entry: &Entry, path: &str, findings: &mut Findings<'_>) {
    if !is_line(&entry.name) {
        findings.add(entry.origin, path, "expected a name of one line".to_owned(), None);
    }
}
