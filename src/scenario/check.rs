//! Holds a tree against the description of all keys and reports every difference.

use std::path::Path;

use super::keys::{Absent, Bound, Built, Choice, FileKinds, Form, Key, ROOT, Table};
use super::tree::{Entry, Node, Origin, Value};
use super::wording::{bracketed, expected, joined, listed, nearest, one_of};
use crate::error::Problem;

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
}

/// Whether `text` is a link written as `a->b`, and which.
pub(super) fn link_between(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once("->")?;
    Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
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
                findings.add(entry.origin, &key_path, message, Some(format!("remove {}", bracketed(&key_path, entry))));
            }
            Some(key) => check_form(&key.form, entry, &key_path, findings),
            None => unknown_key(table, path, entry, findings),
        }
    }
    let is_missing = |key: &&Key| {
        matches!(key.absent, Absent::Required) && !node.entries().iter().any(|entry| entry.name == key.name)
    };
    for key in table.keys.iter().filter(is_missing) {
        let hint = format!("{} = {}", key.name, key.example);
        findings.add_missing(header, &joined(path, key.name), "it is required", hint);
    }
}

fn unknown_key(table: &'static Table, path: &str, entry: &Entry, findings: &mut Findings<'_>) {
    let allowed: Vec<&str> = table.built().map(|key| key.name).collect();
    let like = nearest(&entry.name, table.keys.iter().map(|key| key.name));
    let hint = match like {
        Some(name) => Some(format!("did you mean \"{name}\"?")),
        None => table_of(&entry.name).map(|owner| format!("it belongs in [{owner}]")),
    };
    let message = format!("unknown key, allowed are {}", allowed.join(", "));
    findings.add(entry.origin, &joined(path, &entry.name), message, hint);
}

/// The table that knows a key of that name.
fn table_of(name: &str) -> Option<String> {
    fn search(table: &'static Table, path: &str, name: &str) -> Option<String> {
        table.keys.iter().find_map(|key| match key.form {
            Form::Table(inner) => {
                let inner_path = joined(path, key.name);
                if inner.key(name).is_some() { Some(inner_path) } else { search(inner, &inner_path, name) }
            }
            _ => None,
        })
    }
    search(&ROOT, "", name)
}

fn check_form(form: &'static Form, entry: &Entry, path: &str, findings: &mut Findings<'_>) {
    match form {
        Form::Table(table) => check_table(table, &entry.node, entry.origin, path, findings),
        Form::Named(table) => check_named(table, entry, path, findings),
        Form::List(item) => check_list(item, &entry.node, path, findings),
        Form::Path(kinds) => check_path(kinds, &entry.node, path, findings),
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
        if inner.name.trim().is_empty() || inner.name.contains(char::is_control) {
            let message = "expected a name of one line".to_owned();
            findings.add(inner.origin, &inner_path, message, None);
        }
        check_table(table, &inner.node, inner.origin, &inner_path, findings);
    }
}

fn check_list(item: &'static Form, node: &Node, path: &str, findings: &mut Findings<'_>) {
    let Value::List(items) = &node.value else {
        let message = format!("expected a list, found {}", node.shown());
        return findings.add(node.origin, path, message, Some(format!("{path} = [{}]", node.shown())));
    };
    let mut seen = std::collections::BTreeSet::new();
    for value in items {
        check_value(item, value, path, findings);
        let name = match value.text().and_then(link_between) {
            Some((from, to)) => format!("\"{from}->{to}\""),
            None => value.shown(),
        };
        if matches!(value.value, Value::Text(_) | Value::Integer(_)) && !seen.insert(name) {
            findings.add(value.origin, path, format!("{} is named twice", value.shown()), None);
        }
    }
}

fn check_value(form: &'static Form, node: &Node, path: &str, findings: &mut Findings<'_>) {
    let right = match (form, &node.value) {
        (Form::Text, Value::Text(text)) => is_line(text),
        (Form::Integer(least, most), Value::Integer(number)) => (least..=most).contains(&number),
        (Form::Number(least, most), Value::Integer(number)) => within(*number as f64, *least, *most),
        (Form::Number(least, most), Value::Number(number)) => within(*number, *least, *most),
        (Form::Choice(choices), Value::Text(text)) => return check_choice(choices, text, node, path, findings),
        (Form::Link, Value::Integer(_)) => true,
        (Form::Link, Value::Text(text)) => link_between(text).is_some(),
        _ => false,
    };
    if !right {
        let message = format!("expected {}, found {}", expected(form), node.shown());
        findings.add(node.origin, path, message, value_hint(form, node, path));
    }
}

fn value_hint(form: &Form, node: &Node, path: &str) -> Option<String> {
    match (form, &node.value) {
        (Form::Text, Value::Integer(_) | Value::Number(_) | Value::Other(_)) => Some(match node.origin {
            Origin::Line(_) => format!("put it in quotes: \"{}\"", node.shown()),
            Origin::Set => format!("quote it for the shell too: --set '{path}=\"{}\"'", node.shown()),
        }),
        (Form::Integer(..) | Form::Number(..), Value::Text(text)) if text.trim().parse::<f64>().is_ok() => {
            Some(format!("write it without quotes: {}", text.trim()))
        }
        (Form::Link, _) => Some("write 12, or \"3->4\" for the link from node 3 to node 4".to_owned()),
        _ => None,
    }
}

fn check_choice(choices: &[Choice], found: &str, node: &Node, path: &str, findings: &mut Findings<'_>) {
    let choice = choices.iter().find(|choice| choice.name == found);
    if choice.is_some_and(|choice| choice.built == Built::Now) {
        return;
    }
    let allowed = one_of(choices);
    match choice {
        Some(_) => {
            let message = format!("\"{found}\" is not available in this version, expected {allowed}");
            findings.add(node.origin, path, message, None);
        }
        None => {
            let names = || choices.iter().map(|choice| choice.name);
            // "minutes" means "min".
            let start = || names().filter(|name| found.starts_with(name)).max_by_key(|name| name.len());
            let like = nearest(found, names()).or_else(start);
            let hint = like.map(|name| format!("did you mean \"{name}\"?"));
            findings.add(node.origin, path, format!("expected {allowed}, found {}", node.shown()), hint);
        }
    }
}

fn check_path(kinds: &'static FileKinds, node: &Node, path: &str, findings: &mut Findings<'_>) {
    let endings = listed(kinds.endings.iter().map(|ending| (*ending).to_owned()).collect());
    let Some(text) = node.text().filter(|text| is_line(text)) else {
        let message = format!("expected a file name ending in {endings}, found {}", node.shown());
        return findings.add(node.origin, path, message, None);
    };
    if let Some((_, what)) = kinds.later.iter().find(|(ending, _)| text.ends_with(ending)) {
        let message = format!("{what} are not available in this version, found {}", node.shown());
        return findings.add(node.origin, path, message, Some(format!("give a file ending in {endings}")));
    }
    if kinds.endings.iter().any(|ending| text.ends_with(ending)) {
        let file = NamedFile { key: path.to_owned(), origin: node.origin, path: text.to_owned(), kinds };
        return findings.files.push(file);
    }
    let hint = kinds.folder.map(|what| format!("{what} are not available in this version"));
    let message = format!("expected a file name ending in {endings}, found {}", node.shown());
    findings.add(node.origin, path, message, hint);
}

/// Rules that hold between keys.
fn check_rules(root: &Node, findings: &mut Findings<'_>) {
    let names_a_stage = root.entries().iter().any(|entry| !["scenario", "sources", "output"].contains(&&*entry.name));
    let Some(traffic) = root.at(&["traffic"]) else {
        if !names_a_stage {
            let why = "no other table asks for anything to be computed";
            findings.add_missing(Origin::Line(1), "traffic", why, "add a [traffic] table".to_owned());
        }
        return;
    };
    let skims = traffic.at(&["skims"]).map(|skims| &skims.value);
    if let (Some(Value::List(skims)), None) = (skims, traffic.at(&["length_unit"]))
        && let Some(distance) = skims.iter().find(|skim| skim.text() == Some("distance"))
    {
        let message = "\"distance\" needs traffic.length_unit".to_owned();
        findings.add(distance.origin, "traffic.skims", message, Some("length_unit = \"km\"".to_owned()));
    }
    let ends = |key: &str, endings: &[&str]| {
        let text = traffic.at(&[key]).and_then(Node::text);
        text.map(|text| endings.iter().any(|ending| text.ends_with(ending)))
    };
    if let (Some(network), Some(true), None) =
        (traffic.at(&["network"]), ends("network", &[".csv", ".csv.gz"]), traffic.at(&["nodes"]))
    {
        let hint = "nodes = \"nodes.csv\"".to_owned();
        findings.add_missing(network.origin, "traffic.nodes", "a network in CSV needs it", hint);
    }
    if let (Some(matrix), Some(false)) = (traffic.at(&["demand_matrix"]), ends("demand", &[".omx"])) {
        let message = "only an .omx file has named matrices".to_owned();
        findings.add(matrix.origin, "traffic.demand_matrix", message, Some("remove it".to_owned()));
    }
}

fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(char::is_control)
}

fn within(number: f64, least: Bound, most: Bound) -> bool {
    let above = match least {
        Bound::Included(bound) => number >= bound,
        Bound::Excluded(bound) => number > bound,
    };
    let below = match most {
        Bound::Included(bound) => number <= bound,
        Bound::Excluded(bound) => number < bound,
    };
    above && below
}
