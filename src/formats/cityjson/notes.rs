//! What is told of a city model that is read all the same: findings of one kind in one warning that names objects.

use crate::error::Warning;

/// How many objects a warning names; the rest are counted.
const NAMED: usize = 20;

/// Findings by kind, in the order in which kinds appear.
#[derive(Default)]
pub(super) struct Notes(Vec<Note>);

struct Note {
    code: &'static str,
    what: &'static str,
    count: usize,
    n_names: usize,
    named: Vec<String>,
}

impl Notes {
    /// Notes an item; `name` is put into words only where it is kept.
    pub(super) fn add(&mut self, code: &'static str, what: &'static str, name: impl FnOnce() -> String) {
        self.add_several(code, what, 1, name);
    }
    /// Notes `count` items that have one name.
    pub(super) fn add_several(
        &mut self,
        code: &'static str,
        what: &'static str,
        count: usize,
        name: impl FnOnce() -> String,
    ) {
        let at = self.0.iter().position(|note| note.code == code).unwrap_or_else(|| {
            self.0.push(Note { code, what, count: 0, n_names: 0, named: Vec::new() });
            self.0.len() - 1
        });
        let note = &mut self.0[at];
        note.count += count;
        note.n_names += 1;
        if note.named.len() < NAMED {
            note.named.push(name());
        }
    }
    /// One warning for each kind.
    pub(super) fn into_warnings(self) -> Vec<Warning> {
        self.0.into_iter().map(Note::into_warning).collect()
    }
}

impl Note {
    fn into_warning(self) -> Warning {
        let rest = match self.n_names - self.named.len() {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let message = format!("{} {}: {}{rest}", self.count, self.what, self.named.join("; "));
        Warning::new(self.code, self.count, message)
    }
}

/// An id or word of a file as a message quotes it: short, printable.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut short: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    format!("\"{short}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_names_some_and_counts_all() {
        let mut notes = Notes::default();
        for item in 0..25 {
            notes.add("odd", "objects are odd", || format!("b{item}"));
        }
        notes.add("other", "objects are other", || "x".to_owned());
        let warnings = notes.into_warnings();
        assert_eq!((warnings[0].count, warnings[1].count), (25, 1));
        assert!(warnings[0].message.starts_with("25 objects are odd: b0; b1; "), "{}", warnings[0].message);
        assert!(warnings[0].message.ends_with("b19; and 5 more"), "{}", warnings[0].message);
    }

    #[test]
    fn quotes_are_short_and_printable() {
        assert_eq!(quoted("a\nb"), "\"a\\nb\"");
        assert_eq!(quoted(&"é".repeat(500)).chars().count(), 83);
    }
}
