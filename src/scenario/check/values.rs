//! Single values and lists of them, held against their forms.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::{Findings, NamedFile};
use crate::scenario::keys::{Bound, Built, Choice, FileKinds, Form, YEARS};
use crate::scenario::tree::{Node, Origin, Value, shortened};
use crate::scenario::wording::{expected, nearest, one_of};

/// Whether `text` is a link written as `a->b`, and which.
pub(in crate::scenario) fn link_between(text: &str) -> Option<(i64, i64)> {
    let (from, to) = text.split_once("->")?;
    Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
}

pub(super) fn check_list(item: &'static Form, node: &Node, path: &str, findings: &mut Findings<'_>) {
    let Value::List(items) = &node.value else {
        let message = format!("expected a list, found {}", node.shown());
        return findings.add(node.origin, path, message, Some(format!("{path} = [{}]", node.shown())));
    };
    let mut seen = BTreeSet::new();
    for value in items {
        check_value(item, value, path, findings);
        if identity(item, value).is_some_and(|identity| !seen.insert(identity)) {
            findings.add(value.origin, path, format!("{} is named twice", value.shown()), None);
        }
    }
}

pub(super) fn check_paths(kinds: &'static FileKinds, node: &Node, path: &str, findings: &mut Findings<'_>) {
    let expected = || expected(&Form::Files(kinds));
    match &node.value {
        Value::List(items) if items.is_empty() => {
            findings.add(node.origin, path, format!("expected {}, found an empty list", expected()), None);
        }
        Value::List(items) => {
            let mut seen = BTreeSet::new();
            for item in items {
                check_path(kinds, item, path, findings);
                if item.text().is_some_and(|text| !seen.insert(plain(text))) {
                    findings.add(item.origin, path, format!("{} is named twice", item.shown()), None);
                }
            }
        }
        _ => {
            let hint = node.text().map(|_| format!("{path} = [{}]", node.shown()));
            findings.add(node.origin, path, format!("expected {}, found {}", expected(), node.shown()), hint);
        }
    }
}

/// A path without the parts that lead nowhere.
fn plain(text: &str) -> PathBuf {
    Path::new(text).components().filter(|part| *part != Component::CurDir).collect()
}

/// What makes two items of a list the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Identity<'a> {
    Integer(i64),
    Between(i64, i64),
    Text(&'a str),
}

fn identity<'a>(form: &Form, node: &'a Node) -> Option<Identity<'a>> {
    match (&node.value, form) {
        (Value::Integer(number), _) => Some(Identity::Integer(*number)),
        (Value::Text(text), Form::Link) => link_between(text).map(|(from, to)| Identity::Between(from, to)),
        (Value::Text(text), _) => Some(Identity::Text(text)),
        _ => None,
    }
}

pub(super) fn check_value(form: &'static Form, node: &Node, path: &str, findings: &mut Findings<'_>) {
    let right = match (form, &node.value) {
        (Form::Flag, Value::Flag(_)) => true,
        (Form::Text, Value::Text(text)) => is_line(text),
        (Form::Shaped(shape), Value::Text(text)) => (shape.holds)(text),
        (Form::Integer(least, most), Value::Integer(number)) => (least..=most).contains(&number),
        (Form::OneOf(numbers), Value::Integer(number)) => numbers.contains(number),
        (Form::Number(least, most), Value::Integer(number)) => within(*number as f64, *least, *most),
        (Form::Number(least, most), Value::Number(number)) => within(*number, *least, *most),
        (Form::Choice(choices), Value::Text(text)) => return check_choice(choices, text, node, path, findings),
        (Form::Years, Value::List(_)) => return check_years(node, path, findings),
        (Form::WordOrInteger(_, least, most), Value::Integer(number)) => (least..=most).contains(&number),
        (Form::WordOrInteger(words, ..) | Form::WordOrTable(words, _), Value::Text(text)) => {
            words.iter().any(|word| word.name == text)
        }
        (Form::NumberOrMonths(least, most), Value::List(items)) => {
            return check_months((*least, *most), items, node, path, findings);
        }
        (Form::NumberOrMonths(least, most), _) => node.number().is_some_and(|number| within(number, *least, *most)),
        (Form::Link, Value::Integer(_)) => true,
        (Form::Link, Value::Text(text)) => link_between(text).is_some(),
        _ => false,
    };
    if !right {
        let message = format!("expected {}, found {}", expected(form), node.shown());
        findings.add(node.origin, path, message, value_hint(form, node, path));
    }
}

/// The two years of a period, if it is one.
pub(in crate::scenario) fn years(node: &Node) -> Option<[i32; 2]> {
    let year = |node: &Node| match node.value {
        Value::Integer(year) if YEARS.contains(&year) => i32::try_from(year).ok(),
        _ => None,
    };
    match node.items() {
        [first, last] => Some([year(first)?, year(last)?]).filter(|[first, last]| first <= last),
        _ => None,
    }
}

fn check_years(node: &Node, path: &str, findings: &mut Findings<'_>) {
    if years(node).is_some() {
        return;
    }
    let found = match node.items() {
        [first, last] => format!("[{}, {}]", first.shown(), last.shown()),
        items => format!("a list of {}", items.len()),
    };
    findings.add(node.origin, path, format!("expected {}, found {found}", expected(&Form::Years)), None);
}

fn check_months((least, most): (Bound, Bound), items: &[Node], node: &Node, path: &str, findings: &mut Findings<'_>) {
    let expected = expected(&Form::NumberOrMonths(least, most));
    let is_wrong = |item: &&Node| !item.number().is_some_and(|number| within(number, least, most));
    if items.len() != 12 {
        findings.add(node.origin, path, format!("expected {expected}, found a list of {}", items.len()), None);
    } else if let Some(item) = items.iter().find(is_wrong) {
        findings.add(item.origin, path, format!("expected {expected}, found {} in it", item.shown()), None);
    }
}

pub(super) fn check_file_or_files(kinds: &'static FileKinds, node: &Node, path: &str, findings: &mut Findings<'_>) {
    match node.value {
        Value::Text(_) => check_path(kinds, node, path, findings),
        Value::List(_) => check_paths(kinds, node, path, findings),
        _ => {
            let message = format!("expected {}, found {}", expected(&Form::FileOrFiles(kinds)), node.shown());
            findings.add(node.origin, path, message, None);
        }
    }
}

fn value_hint(form: &Form, node: &Node, path: &str) -> Option<String> {
    match (form, &node.value) {
        (Form::Text | Form::Shaped(_), Value::Integer(_) | Value::Number(_) | Value::Flag(_) | Value::Other(_)) => {
            Some(match node.origin {
                Origin::Line(_) => format!("put it in quotes: \"{}\"", node.shown()),
                Origin::Set => format!("quote it for the shell too: --set '{path}=\"{}\"'", node.shown()),
            })
        }
        (Form::Integer(..) | Form::OneOf(_) | Form::Number(..), Value::Text(text))
            if text.trim().parse::<f64>().is_ok() =>
        {
            Some(format!("write it without quotes: {}", text.trim()))
        }
        (Form::Flag, Value::Text(text)) if ["true", "false"].contains(&text.trim()) => {
            Some(format!("write it without quotes: {}", text.trim()))
        }
        (Form::WordOrInteger(words, ..) | Form::WordOrTable(words, _), Value::Text(text)) => {
            let like = nearest(text, words.iter().map(|word| word.name));
            like.map(|name| format!("did you mean \"{name}\"?"))
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

pub(super) fn check_path(kinds: &'static FileKinds, node: &Node, path: &str, findings: &mut Findings<'_>) {
    let Some(text) = node.text().filter(|text| is_line(text)) else {
        let message = format!("expected {}, found {}", kinds.described(), node.shown());
        return findings.add(node.origin, path, message, None);
    };
    if let Some((_, what)) = kinds.later.iter().find(|(ending, _)| text.ends_with(ending)) {
        let message = format!("{what} are not available in this version, found {}", node.shown());
        return findings.add(node.origin, path, message, Some(format!("give {}", kinds.described())));
    }
    if kinds.is_folder(text) || kinds.endings.iter().any(|ending| text.ends_with(ending)) {
        let file = NamedFile { key: path.to_owned(), origin: node.origin, path: text.to_owned(), kinds };
        return findings.files.push(file);
    }
    let message = format!("expected {}, found {}", kinds.described(), node.shown());
    findings.add(node.origin, path, message, None);
}

/// A word, or a path that is no misspelt word.
pub(super) fn check_word_or_path(
    (words, kinds): (&'static [Choice], &'static FileKinds),
    node: &Node,
    path: &str,
    findings: &mut Findings<'_>,
) {
    let text = node.text().filter(|text| is_line(text));
    if words.iter().any(|word| Some(word.name) == text) {
        return;
    }
    // `tabula_nl` and `TABULA-NL` mean a word, `tabula` and `./tabula_nl` a folder.
    let begins_as = |text: &str, word: &Choice| {
        let start = word.name.split('_').next().unwrap_or_default();
        text.len() > start.len() && text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
    };
    let is_bare = |text: &str| !text.contains(['/', '.']);
    let is_misspelt = |text: &str| is_bare(text) && words.iter().any(|word| begins_as(text, word));
    match text {
        Some(text) if !is_misspelt(text) => check_path(kinds, node, path, findings),
        _ => {
            let message = format!("expected {}, found {}", expected(&Form::WordOrPath(words, kinds)), node.shown());
            let hint = text.map(|text| format!("a folder of that name is \"./{}\"", shortened(text)));
            findings.add(node.origin, path, message, hint);
        }
    }
}

/// Whether a text says something on one line.
pub(super) fn is_line(text: &str) -> bool {
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
