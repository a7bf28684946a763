//! The values of a table by name, defaults included.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::scenario::LinkReference;
use crate::scenario::check::link_between;
use crate::scenario::files::anchored;
use crate::scenario::keys::{Absent, Form, Table};
use crate::scenario::tree::{self, Entry, Node, Value};

/// A table of the tree beside its description.
pub(super) struct View<'a> {
    pub table: &'static Table,
    pub entries: &'a [Entry],
    pub folder: &'a Path,
}

impl<'a> View<'a> {
    /// The form and value of a key that was written.
    pub(super) fn given(&self, name: &str) -> Option<(Form, &'a Node)> {
        let key = self.table.key(name).expect("every key that is read is described");
        self.entries.iter().find(|entry| entry.name == name).map(|entry| (key.form, &entry.node))
    }

    /// The value of a key, or its default.
    fn value(&self, name: &str) -> Option<Cow<'a, Node>> {
        if let Some((_, node)) = self.given(name) {
            return Some(Cow::Borrowed(node));
        }
        match self.table.key(name)?.absent {
            Absent::Means(text) => Some(Cow::Owned(tree::value(text).expect("a described default is TOML"))),
            Absent::Required | Absent::Unset(_) => None,
        }
    }

    /// `table.key = default` for a key that was not written.
    pub(super) fn defaulted(&self, path: &str, name: &str) -> Option<String> {
        match (self.given(name), self.table.key(name)?.absent) {
            (None, Absent::Means(text)) => Some(format!("{path}.{name} = {text}")),
            _ => None,
        }
    }

    /// A table, empty where it was not written.
    pub(super) fn inner(&self, name: &str) -> View<'a> {
        self.asked(name).unwrap_or(View { table: self.described(name), entries: &[], folder: self.folder })
    }

    /// A table that was written.
    pub(super) fn asked(&self, name: &str) -> Option<View<'a>> {
        let (_, node) = self.given(name)?;
        Some(View { table: self.described(name), entries: node.entries(), folder: self.folder })
    }

    /// The tables of an array.
    pub(super) fn tables(&self, name: &str) -> Vec<View<'a>> {
        let items = self.given(name).map_or(&[][..], |(_, node)| node.items());
        let view = |node: &'a Node| View { table: self.described(name), entries: node.entries(), folder: self.folder };
        items.iter().map(view).collect()
    }

    /// Tables under names that the author chose.
    pub(super) fn all_named(&self, name: &str) -> Vec<(String, View<'a>)> {
        let entries = self.given(name).map_or(&[][..], |(_, node)| node.entries());
        let view = |entry: &'a Entry| {
            let view = View { table: self.described(name), entries: entry.node.entries(), folder: self.folder };
            (entry.name.clone(), view)
        };
        entries.iter().map(view).collect()
    }

    /// What `of` makes of a table that has a default.
    pub(super) fn with_table<T>(&self, name: &str, of: impl FnOnce(&View<'_>) -> T) -> T {
        let node = self.value(name).expect("it has a default");
        of(&View { table: self.described(name), entries: node.entries(), folder: self.folder })
    }

    fn described(&self, name: &str) -> &'static Table {
        match self.table.key(name).map(|key| key.form) {
            Some(Form::Table(table) | Form::Tables(table) | Form::Named(table) | Form::WordOrTable(_, table)) => table,
            _ => unreachable!("every table that is read is described"),
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.value(name)?.text().map(str::to_owned)
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.value(name)?.number()
    }

    /// A number that has a default or is required.
    pub(super) fn known_number(&self, name: &str) -> f64 {
        self.number(name).expect("it has a default or is required")
    }

    pub(super) fn integer(&self, name: &str) -> u64 {
        match self.value(name).map(|node| node.value.clone()) {
            Some(Value::Integer(number)) => number.unsigned_abs(),
            _ => unreachable!("whole numbers that are read have a default and were checked"),
        }
    }

    pub(super) fn path(&self, name: &str) -> Option<PathBuf> {
        let (_, node) = self.given(name)?;
        Some(anchored(self.folder, node.origin, node.text()?))
    }

    pub(super) fn paths(&self, name: &str) -> Vec<PathBuf> {
        let items = self.given(name).map_or(&[][..], |(_, node)| node.items());
        items.iter().filter_map(|item| Some(anchored(self.folder, item.origin, item.text()?))).collect()
    }

    /// The paths of a key that names one file or several.
    pub(super) fn path_or_paths(&self, name: &str) -> Vec<PathBuf> {
        self.given(name).map_or_else(Vec::new, |(_, node)| files(self.folder, node))
    }

    pub(super) fn needed_path(&self, name: &str) -> PathBuf {
        self.path(name).expect("a required key is there")
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.value(name).map(Cow::into_owned), Some(Node { value: Value::Flag(true), .. }))
    }

    /// Values under names of the author's choice, in the order in which they are written.
    pub(super) fn named<T>(&self, name: &str, of: impl Fn(&Node) -> Option<T>) -> Vec<(String, T)> {
        let entries = self.given(name).map_or(&[][..], |(_, node)| node.entries());
        entries.iter().filter_map(|entry| Some((entry.name.clone(), of(&entry.node)?))).collect()
    }

    pub(super) fn links(&self, name: &str) -> Vec<LinkReference> {
        self.items(name).iter().map(link).collect()
    }

    pub(super) fn integers(&self, name: &str) -> Vec<i64> {
        let integer = |node: &Node| match node.value {
            Value::Integer(number) => Some(number),
            _ => None,
        };
        self.items(name).iter().filter_map(integer).collect()
    }

    /// Two numbers of a list that has a default.
    pub(super) fn pair(&self, name: &str) -> [f64; 2] {
        let numbers: Vec<f64> = self.items(name).iter().filter_map(Node::number).collect();
        numbers.try_into().expect("lists of two are checked to be some")
    }

    /// A number for each month, which may be one for all.
    pub(super) fn months(&self, name: &str) -> [f64; 12] {
        match self.number(name) {
            Some(number) => [number; 12],
            None => {
                let numbers: Vec<f64> = self.items(name).iter().filter_map(Node::number).collect();
                numbers.try_into().expect("lists of months are checked to have twelve numbers")
            }
        }
    }

    pub(super) fn items(&self, name: &str) -> Vec<Node> {
        match self.value(name).map(Cow::into_owned) {
            Some(Node { value: Value::List(items), .. }) => items,
            _ => Vec::new(),
        }
    }

    pub(super) fn choice<T: Copy>(&self, name: &str, all: &[T], name_of: fn(T) -> &'static str) -> Option<T> {
        self.value(name)?.text().map(|text| meant(text, all, name_of))
    }

    /// A choice that has a default or is required.
    pub(super) fn known_choice<T: Copy>(&self, name: &str, all: &[T], name_of: fn(T) -> &'static str) -> T {
        self.choice(name, all, name_of).expect("it has a default or is required")
    }

    pub(super) fn choices<T: Copy>(&self, name: &str, all: &[T], name_of: fn(T) -> &'static str) -> Vec<T> {
        self.items(name).iter().filter_map(Node::text).map(|text| meant(text, all, name_of)).collect()
    }
}

/// The files that a path or a list of paths names.
pub(super) fn files(folder: &Path, node: &Node) -> Vec<PathBuf> {
    let paths = if node.text().is_some() { std::slice::from_ref(node) } else { node.items() };
    paths.iter().filter_map(|path| Some(anchored(folder, path.origin, path.text()?))).collect()
}

/// The value of that name.
pub(super) fn meant<T: Copy>(text: &str, all: &[T], name_of: fn(T) -> &'static str) -> T {
    let known = all.iter().copied().find(|value| name_of(*value) == text);
    known.expect("the words of a key are the names of its type")
}

fn link(node: &Node) -> LinkReference {
    match &node.value {
        Value::Integer(id) => LinkReference::Id(*id),
        _ => {
            let (from, to) = node.text().and_then(link_between).expect("a link is an id or a->b");
            LinkReference::Between(from, to)
        }
    }
}
