//! A tree without problems → [`Scenario`], defaults taken from the description of all keys.

mod analyses;
mod climate;
mod energy;
mod shared;
mod solar;
mod traffic;
mod view;

use std::path::Path;

use super::files::folder_of;
use super::keys::{Form, ROOT};
use super::tree::{Entry, Node};
use super::{ExportFormat, Observed, People, Scenario, Source};
use climate::climate;
use energy::{energy, feeder};
use shared::{buildings, economy, weather};
use solar::solar;
use traffic::traffic;
use view::View;

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
        traffic: root.asked("traffic").map(|view| traffic(&view)),
        people: root.asked("people").map(|view| People { districts: view.needed_path("districts") }),
        observed: root.asked("observed").map(|view| Observed { counts: view.needed_path("counts") }),
        weather: root.asked("weather").map(|view| weather(&view)),
        buildings: root.asked("buildings").map(|view| buildings(&view)),
        solar: root.asked("solar").map(|view| solar(&view)),
        energy: root.asked("energy").map(|view| energy(&view)),
        climate: root.asked("climate").map(|view| climate(&view)),
        feeder: root.asked("feeder").map(|view| feeder(&view)),
        economy: root.asked("economy").map(|view| economy(&view)),
        sources: sources(&root),
        exports: root.inner("output").choices("exports", &ExportFormat::ALL, ExportFormat::name),
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
