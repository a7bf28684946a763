//! A tree without problems → [`Scenario`], defaults taken from the description of all keys.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::check::{NamedFile, link_between};
use super::files::{anchored, folder_of};
use super::keys::{Absent, Form, ROOT, Table};
use super::tree::{self, Entry, Node, Value};
use super::{
    Assignment, ExportFormat, LengthUnit, LinkReference, Movements, Scenario, Skim, Solver, Source, TimeUnit, Traffic,
    Turns, UTurns, UserClass,
};

/// The scenario of a tree in which `check` found nothing wrong.
pub(super) fn resolve(root: &Node, file: &Path) -> Scenario {
    let root = View { table: &ROOT, entries: root.entries(), folder: folder_of(file) };
    let general = root.inner("scenario");
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    Scenario {
        file: file.to_path_buf(),
        title: general.text("title").or(stem).unwrap_or_default(),
        seed: general.integer("seed"),
        crs: general.text("crs"),
        timezone: general.text("timezone"),
        traffic: root.given("traffic").map(|_| traffic(&root.inner("traffic"))),
        people: None,
        observed: None,
        sources: sources(&root),
        exports: root.inner("output").choices("exports", &ExportFormat::ALL, ExportFormat::name),
    }
}

fn traffic(view: &View<'_>) -> Traffic {
    let length_unit = view.choice("length_unit", &LengthUnit::ALL, LengthUnit::name);
    let skims = match (view.given("skims"), length_unit) {
        (Some(_), _) => view.choices("skims", &Skim::ALL, Skim::name),
        (None, Some(_)) => vec![Skim::Cost, Skim::TravelTime, Skim::Distance],
        (None, None) => vec![Skim::Cost, Skim::TravelTime],
    };
    Traffic {
        network: view.path("network").expect("a required key is there"),
        nodes: view.path("nodes"),
        classes: vec![UserClass {
            name: "car".to_owned(),
            demand: view.path("demand").expect("a required key is there"),
            demand_matrix: view.text("demand_matrix"),
            demand_factor: 1.0,
            pce: 1.0,
            value_of_time_per_h: None,
            cost_per_km: 0.0,
            tolls: None,
            banned_links: Vec::new(),
            banned_link_types: Vec::new(),
        }],
        time_unit: view.choice("time_unit", &TimeUnit::ALL, TimeUnit::name).expect("it has a default"),
        length_unit,
        period_h: view.number("period_h").expect("it has a default"),
        demand_factor: view.number("demand_factor").expect("it has a default"),
        toll_weight: view.number("toll_weight"),
        distance_weight: view.number("distance_weight"),
        closed_links: view.items("closed_links").iter().map(link).collect(),
        volume_delays: Vec::new(),
        turns: Turns {
            file: None,
            movements: Movements::Penalties,
            u_turns: UTurns::Allowed,
            left_turn_s: 0.0,
            right_turn_s: 0.0,
            u_turn_s: 0.0,
        },
        periods: Vec::new(),
        assignment: assignment(&view.inner("assignment")),
        distribution: None,
        system_optimum: None,
        braess: None,
        selections: Vec::new(),
        skims,
        path_flows: false,
        turning_volumes: false,
        defaulted: ["time_unit", "period_h"].into_iter().filter_map(|name| view.defaulted("traffic", name)).collect(),
    }
}

fn assignment(view: &View<'_>) -> Assignment {
    Assignment {
        solver: view.choice("solver", &Solver::ALL, Solver::name).expect("it has a default"),
        relative_gap: view.number("relative_gap").expect("it has a default"),
        max_iterations: view.integer("max_iterations") as usize,
        group_size: view.integer("group_size") as usize,
        warm_start: None,
    }
}

fn sources(root: &View<'_>) -> Vec<Source> {
    let Some((Form::Named(table), node)) = root.given("sources") else {
        return Vec::new();
    };
    let source = |entry: &Entry| {
        let view = View { table, entries: entry.node.entries(), folder: root.folder };
        Source { input: entry.name.clone(), licence: view.text("licence"), attribution: view.text("attribution") }
    };
    node.entries().iter().map(source).collect()
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

/// A table of the tree beside its description.
struct View<'a> {
    table: &'static Table,
    entries: &'a [Entry],
    folder: &'a Path,
}

impl<'a> View<'a> {
    /// The form and value of a key that was written.
    fn given(&self, name: &str) -> Option<(Form, &'a Node)> {
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
    fn defaulted(&self, path: &str, name: &str) -> Option<String> {
        match (self.given(name), self.table.key(name)?.absent) {
            (None, Absent::Means(text)) => Some(format!("{path}.{name} = {text}")),
            _ => None,
        }
    }

    fn inner(&self, name: &str) -> View<'a> {
        let Some(Form::Table(table)) = self.table.key(name).map(|key| key.form) else {
            unreachable!("every table that is read is described");
        };
        View { table, entries: self.given(name).map_or(&[], |(_, node)| node.entries()), folder: self.folder }
    }

    fn text(&self, name: &str) -> Option<String> {
        self.value(name)?.text().map(str::to_owned)
    }

    fn number(&self, name: &str) -> Option<f64> {
        match self.value(name)?.value {
            Value::Integer(number) => Some(number as f64),
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    fn integer(&self, name: &str) -> u64 {
        match self.value(name).map(|node| node.value.clone()) {
            Some(Value::Integer(number)) => number.unsigned_abs(),
            _ => unreachable!("whole numbers that are read have a default and were checked"),
        }
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        let (Form::Path(kinds), node) = self.given(name)? else { return None };
        let path = node.text()?.to_owned();
        Some(anchored(self.folder, &NamedFile { key: name.to_owned(), origin: node.origin, path, kinds }))
    }

    fn items(&self, name: &str) -> Vec<Node> {
        match self.value(name).map(Cow::into_owned) {
            Some(Node { value: Value::List(items), .. }) => items,
            _ => Vec::new(),
        }
    }

    fn choice<T: Copy>(&self, name: &str, all: &[T], name_of: fn(T) -> &'static str) -> Option<T> {
        self.value(name)?.text().map(|text| named(text, all, name_of))
    }

    fn choices<T: Copy>(&self, name: &str, all: &[T], name_of: fn(T) -> &'static str) -> Vec<T> {
        self.items(name).iter().filter_map(Node::text).map(|text| named(text, all, name_of)).collect()
    }
}

fn named<T: Copy>(text: &str, all: &[T], name_of: fn(T) -> &'static str) -> T {
    let known = all.iter().copied().find(|value| name_of(*value) == text);
    known.expect("the words of a key are the names of its type")
}
