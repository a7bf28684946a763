//! The file as written: a tree of values, each of which knows its line or that it was set on the command line.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::Problem;

/// Where a value was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Origin {
    /// In the scenario file, at a 1-based line.
    Line(usize),
    /// On the command line, with `--set`.
    Set,
}

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// The value.
    pub value: Value,
    /// Where it was written.
    pub origin: Origin,
}

/// A value as written.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// A string.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A float, NaN and infinities included.
    Number(f64),
    /// A boolean.
    Flag(bool),
    /// An array.
    List(Vec<Node>),
    /// A table.
    Table(Vec<Entry>),
    /// Anything that no key takes, as written: dates, integers beyond 64 bits.
    Other(String),
}

/// A key of a table with its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Name of the key.
    pub name: String,
    /// Where the key was written.
    pub origin: Origin,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// The value as people see it, cut short.
    pub(super) fn shown(&self) -> String {
        match &self.value {
            Value::Text(text) => format!("\"{}\"", shortened(text)),
            Value::Integer(number) => number.to_string(),
            Value::Number(number) if number.is_nan() => "nan".to_owned(),
            Value::Number(number) => format!("{number:?}"),
            Value::Flag(flag) => flag.to_string(),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
            Value::Other(text) => shortened(text),
        }
    }
    /// The entries of a table; none of anything else.
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }
    /// The entry of that name in a table.
    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.name == name)
    }
    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }
    /// The text of a string.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
    /// A number, whole or not.
    pub(super) fn number(&self) -> Option<f64> {
        match self.value {
            Value::Integer(number) => Some(number as f64),
            Value::Number(number) => Some(number),
            _ => None,
        }
    }
    /// The value at a path of keys.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, name| node.entry(name).map(|entry| &entry.node))
    }
}

/// The tree of a file, and a problem for everything in it that is not TOML.
pub(super) fn grow(text: &str, file: &Path) -> (Node, Vec<Problem>) {
    let lines = Lines::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let problems = errors.iter().map(|error| lines.syntax_problem(text, error).in_file(file)).collect();
    let value = table_value(table.into_inner(), &|start| Origin::Line(lines.line(start)));
    (Node { value, origin: Origin::Line(1) }, problems)
}

/// The value that a TOML text such as `1e-6` or `["a"]` stands for.
pub(super) fn value(text: &str) -> Option<Node> {
    let parsed = DeValue::parse(text).ok()?;
    Some(node(parsed, Origin::Set, &|_| Origin::Set))
}

/// Puts a value from the command line into the tree; text that is no TOML value stands for itself.
pub(super) fn set(root: &mut Node, key: &str, text: &str) -> Result<(), Problem> {
    let path = key_path(key).ok_or_else(|| {
        Problem::new("expected keys joined by dots")
            .of_key(format!("--set {key}"))
            .hint("--set traffic.demand_factor=1.1")
    })?;
    let new = value(text).unwrap_or_else(|| Node { value: Value::Text(text.to_owned()), origin: Origin::Set });
    let mut at = root;
    for name in path {
        let found = at.shown();
        let Value::Table(entries) = &mut at.value else {
            return Err(Problem::new(format!("cannot set a key within {found}")).of_key(format!("--set {key}")));
        };
        let position = entries.iter().position(|entry| entry.name == name).unwrap_or_else(|| {
            let node = Node { value: Value::Table(Vec::new()), origin: Origin::Set };
            entries.push(Entry { name, origin: Origin::Set, node });
            entries.len() - 1
        });
        at = &mut entries[position].node;
    }
    *at = new;
    Ok(())
}

/// Cuts text to a length that fits a message.
pub(super) fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let escaped: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    let escaped = escaped.replace("\\\"", "\"").replace("\\'", "'");
    if text.chars().nth(LONGEST).is_some() { format!("{escaped}…") } else { escaped }
}

/// The names that a dotted key such as `sources."a.tntp".licence` goes through.
fn key_path(key: &str) -> Option<Vec<String>> {
    if key.contains(['\n', '\r', '#']) || key.trim_start().starts_with('[') {
        return None;
    }
    let line = format!("{key} = 0");
    let mut table = DeTable::parse(&line).ok()?.into_inner();
    let mut path = Vec::new();
    while let Some((name, value)) = table.into_iter().next() {
        path.push(name.into_inner().into_owned());
        table = match value.into_inner() {
            DeValue::Table(inner) => inner,
            _ => return Some(path),
        };
    }
    None
}

fn table_value(table: DeTable<'_>, origin_at: &dyn Fn(usize) -> Origin) -> Value {
    let entry = |(name, value): (Spanned<std::borrow::Cow<'_, str>>, Spanned<DeValue<'_>>)| {
        let origin = origin_at(name.span().start);
        Entry { name: name.into_inner().into_owned(), origin, node: node(value, origin, origin_at) }
    };
    Value::Table(table.into_iter().map(entry).collect())
}

fn node(value: Spanned<DeValue<'_>>, key_origin: Origin, origin_at: &dyn Fn(usize) -> Origin) -> Node {
    // A value that the parser made up to go on after a syntax error has no span of its own.
    let origin = if value.span().is_empty() { key_origin } else { origin_at(value.span().start) };
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::Other(number.as_str().to_owned()),
        },
        // A float too large for 64 bits becomes an infinity, which no key takes.
        DeValue::Float(number) => match number.as_str().parse() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::Other(number.as_str().to_owned()),
        },
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Datetime(date) => Value::Other(date.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(|item| node(item, origin, origin_at)).collect()),
        DeValue::Table(table) => table_value(table, origin_at),
    };
    Node { value, origin }
}

/// Where each line of a text starts.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Lines(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    fn line(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at)
    }

    /// One problem with the line it stands in and a mark below what is wrong.
    fn syntax_problem(&self, text: &str, error: &toml::de::Error) -> Problem {
        let message = error.message().replace('\n', ", ");
        let Some(span) = error.span() else {
            return Problem::new(format!("invalid TOML: {message}"));
        };
        let number = self.line(span.start);
        let start = self.0[number - 1];
        let line = text[start..].lines().next().unwrap_or_default();
        let before = text.get(start..span.start).map_or(0, |part| part.chars().count());
        let marked = text.get(span).map_or(1, |part| part.lines().next().unwrap_or_default().chars().count());
        let problem = Problem::new(if before + marked > 120 {
            format!("invalid TOML: {message}")
        } else {
            let gutter = number.to_string();
            let shown: String = line.chars().take(120).map(|c| if c.is_control() { ' ' } else { c }).collect();
            let blank = " ".repeat(gutter.len());
            let mark = format!("{}{}", " ".repeat(before), "^".repeat(marked.max(1)));
            format!("invalid TOML: {message}\n  {gutter} | {shown}\n  {blank} | {mark}")
        });
        problem.at_line(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_lines() {
        let text = "[traffic]\nnetwork = \"a\"\nclosed_links = [\n  1,\n  2,\n]\n";
        let (root, problems) = grow(text, Path::new("a.toml"));
        assert!(problems.is_empty());
        assert_eq!(root.at(&["traffic", "network"]).unwrap().origin, Origin::Line(2));
        let Value::List(items) = &root.at(&["traffic", "closed_links"]).unwrap().value else { panic!() };
        assert_eq!(items[1].origin, Origin::Line(5));
        assert_eq!(root.entries()[0].origin, Origin::Line(1));
    }

    #[test]
    fn set_reaches_quoted_and_new_keys_and_falls_back_to_text() {
        let (mut root, _) = grow("[traffic]\nperiod_h = 1\n", Path::new("a.toml"));
        set(&mut root, "traffic.period_h", "2.5").unwrap();
        set(&mut root, "sources.\"a.tntp\".licence", "CC0-1.0").unwrap();
        assert!(matches!(root.at(&["traffic", "period_h"]).unwrap().value, Value::Number(x) if x == 2.5));
        assert_eq!(root.at(&["sources", "a.tntp", "licence"]).unwrap().text(), Some("CC0-1.0"));
        assert!(set(&mut root, "traffic.period_h.x", "1").is_err());
        assert!(set(&mut root, "[a]\nb", "1").is_err());
        assert!(set(&mut root, "", "1").is_err());
        assert!(set(&mut root, "a # ", "1").is_err());
    }

    #[test]
    fn numbers_out_of_reach_are_kept_as_written() {
        assert!(matches!(value("99999999999999999999").unwrap().value, Value::Other(_)));
        assert!(matches!(value("1_000").unwrap().value, Value::Integer(1000)));
        assert!(matches!(value("0x10").unwrap().value, Value::Integer(16)));
        assert!(matches!(value("1e999").unwrap().value, Value::Number(x) if x.is_infinite()));
        assert!(value("foo.tntp").is_none());
    }

    #[test]
    fn every_syntax_error_is_told_with_its_line() {
        let (_, problems) = grow("a = 1\na = 2\nb = min\nc = 1\n", Path::new("a.toml"));
        let lines: Vec<_> = problems.iter().map(|problem| problem.place).collect();
        assert_eq!(lines, [2, 3].map(|line| Some(crate::error::Place::Line(line))));
    }
}
