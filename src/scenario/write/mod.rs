//! A resolved scenario as the text of a scenario file, every default spelled out.

mod climate;
mod energy;
mod solar;
mod traffic;

use std::fmt::{Display, Write};
use std::path::Path;

use super::files::folder_of;
use super::{Scenario, Source};
use climate::write_climate;
use energy::write_energy_tables;
use solar::write_solar_tables;
use traffic::write_traffic;

impl Scenario {
    /// The scenario as TOML with every default spelled out.
    ///
    /// Paths are relative to the scenario file where they were, else absolute. Parsed again under the name of the
    /// scenario file it gives the same scenario, in which no key is defaulted any more.
    pub fn to_toml(&self) -> String {
        let mut out = format!(
            "# Resolved scenario of {}; relative paths start from the folder of that file.\n",
            quoted(&self.file.to_string_lossy())
        );
        table(&mut out, "scenario");
        line(&mut out, "title", Some(quoted(&self.title)));
        line(&mut out, "seed", Some(self.seed));
        line(&mut out, "crs", self.crs.as_deref().map(quoted));
        line(&mut out, "timezone", self.timezone.as_deref().map(quoted));
        if let Some(traffic) = &self.traffic {
            write_traffic(&mut out, traffic, folder_of(&self.file));
        }
        if let Some(people) = &self.people {
            table(&mut out, "people");
            line(&mut out, "districts", Some(relative(&people.districts, folder_of(&self.file))));
        }
        if let Some(observed) = &self.observed {
            table(&mut out, "observed");
            line(&mut out, "counts", Some(relative(&observed.counts, folder_of(&self.file))));
        }
        write_solar_tables(&mut out, self, folder_of(&self.file));
        write_energy_tables(&mut out, self, folder_of(&self.file));
        if let Some(climate) = &self.climate {
            write_climate(&mut out, climate, folder_of(&self.file));
        }
        for source in &self.sources {
            write_source(&mut out, source);
        }
        table(&mut out, "output");
        line(&mut out, "exports", Some(list(self.exports.iter().map(|format| quoted(format.name())))));
        out
    }
}

fn write_source(out: &mut String, source: &Source) {
    table(out, &format!("sources.{}", quoted(&source.input)));
    line(out, "licence", source.licence.as_deref().map(quoted));
    line(out, "attribution", source.attribution.as_deref().map(quoted));
}

fn table(out: &mut String, name: &str) {
    writeln!(out, "\n[{name}]").expect("text takes any line");
}

/// The header of one table of an array.
fn next_table(out: &mut String, name: &str) {
    writeln!(out, "\n[[{name}]]").expect("text takes any line");
}

fn line(out: &mut String, key: &str, value: Option<impl Display>) {
    match value {
        Some(value) => writeln!(out, "{key} = {value}"),
        None => writeln!(out, "# {key} is not set"),
    }
    .expect("text takes any line");
}

fn relative(path: &Path, folder: &Path) -> String {
    let absolute = || std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let shown = path.strip_prefix(folder).map_or_else(|_| absolute(), Path::to_path_buf);
    // The scenario's own folder, which can be a network.
    if shown.as_os_str().is_empty() { quoted(".") } else { quoted(&shown.to_string_lossy()) }
}

/// The shortest text that reads back as the same number.
fn number(number: f64) -> String {
    format!("{number:?}")
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// Values under names, `{ "weekday" = 250.0 }`.
fn named(entries: impl Iterator<Item = (String, String)>) -> String {
    let entries: Vec<String> = entries.map(|(name, value)| format!("{} = {value}", quoted(&name))).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}

/// A TOML basic string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => write!(out, "\\u{:04X}", u32::from(c)).expect("text takes any character"),
            c => out.push(c),
        }
    }
    out + "\""
}
