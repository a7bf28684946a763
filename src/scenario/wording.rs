//! How problems of a scenario file are worded.

use super::keys::{Bound, Built, Choice, Form, YEARS};
use super::tree::{Entry, Value, shortened};

/// The candidate most like `found`, if one is alike enough to be meant.
pub(super) fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 80;
    const ALIKE: f64 = 0.6;
    if found.len() > LONGEST {
        return None;
    }
    let found = found.to_lowercase();
    candidates
        .into_iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(&found, name), name))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}

/// Path of a key within a table, `sources."a b".licence`.
pub(super) fn joined(path: &str, name: &str) -> String {
    let is_bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let name = if is_bare { shortened(name) } else { format!("\"{}\"", shortened(name)) };
    if path.is_empty() { name } else { format!("{path}.{name}") }
}

/// A key as it is written, `[[traffic.class]]` for the header of a table.
pub(super) fn as_written(path: &str, entry: &Entry) -> String {
    match &entry.node.value {
        Value::List(items) if items.iter().any(|item| matches!(item.value, Value::Table(_))) => format!("[[{path}]]"),
        Value::Table(_) => format!("[{path}]"),
        _ => entry.name.clone(),
    }
}

/// What a form takes, `a number above 0 and below 1`.
pub(super) fn expected(form: &Form) -> String {
    match form {
        Form::Text => "text of one line".to_owned(),
        Form::Shaped(shape) => shape.described.to_owned(),
        Form::Flag => "true or false".to_owned(),
        Form::Integer(i64::MIN, i64::MAX) => "a whole number".to_owned(),
        Form::Integer(least, i64::MAX) => format!("a whole number of at least {least}"),
        Form::Integer(least, most) => format!("a whole number from {least} to {most}"),
        Form::OneOf(numbers) => listed(numbers.iter().map(i64::to_string).collect()),
        Form::Number(least, most) => {
            let least = match least {
                Bound::Included(bound) => format!("of at least {bound}"),
                Bound::Excluded(bound) => format!("above {bound}"),
            };
            let most = match most {
                Bound::Included(bound) => format!("at most {bound}"),
                Bound::Excluded(bound) => format!("below {bound}"),
            };
            format!("a number {least} and {most}")
        }
        Form::Choice(choices) => one_of(choices),
        Form::Link => "a link id or \"a->b\"".to_owned(),
        Form::Path(kinds) => kinds.described(),
        Form::WordOrPath(words, kinds) => format!("{} or {}", one_of(words), kinds.described()),
        Form::Files(kinds) => format!("a list of files, each {}", kinds.described()),
        Form::FileOrFiles(kinds) => format!("{}, or a list of such names", kinds.described()),
        Form::Years => {
            let (least, most) = (YEARS.start(), YEARS.end());
            format!("the first and the last year such as [1981, 2010], from {least} to {most}")
        }
        Form::WordOrInteger(words, least, most) => {
            format!("{} or {}", one_of(words), expected(&Form::Integer(*least, *most)))
        }
        Form::WordOrTable(words, table) => {
            let key = table.keys.first().map_or("", |key| key.name);
            format!("{} or a table such as {{ {key} = … }}", one_of(words))
        }
        Form::NumberOrMonths(least, most) => {
            format!("{}, or a list of one for each month", expected(&Form::Number(*least, *most)))
        }
        Form::List(_) => "a list".to_owned(),
        Form::Tables(_) => "tables".to_owned(),
        Form::Table(_) | Form::Named(_) | Form::NamedValues(_) | Form::Later => "a table".to_owned(),
    }
}

/// The words that can be chosen, `"s", "min" or "h"`.
pub(super) fn one_of(choices: &[Choice]) -> String {
    let built = choices.iter().filter(|choice| choice.built == Built::Now);
    listed(built.map(|choice| format!("\"{}\"", choice.name)).collect())
}

/// `a, b or c`.
pub(super) fn listed(mut names: Vec<String>) -> String {
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} or {last}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_alike_is_suggested() {
        let keys = ["network", "nodes", "demand", "demand_matrix"];
        assert_eq!(nearest("Netwrok", keys), Some("network"));
        assert_eq!(nearest("demand_matrx", keys), Some("demand_matrix"));
        assert_eq!(nearest("flow", keys), None);
        assert_eq!(nearest(&"network".repeat(100), keys), None);
    }

    #[test]
    fn keys_are_quoted_where_toml_needs_it() {
        assert_eq!(joined("", "traffic"), "traffic");
        assert_eq!(joined("sources", "a b.tntp"), "sources.\"a b.tntp\"");
    }
}
