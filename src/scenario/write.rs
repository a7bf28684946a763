//! A resolved scenario as the text of a scenario file, every default spelled out.

use std::fmt::{Display, Write};
use std::path::Path;

use super::files::folder_of;
use super::{LinkReference, Scenario, Source, Traffic};

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
        for source in &self.sources {
            write_source(&mut out, source);
        }
        table(&mut out, "output");
        line(&mut out, "exports", Some(list(self.exports.iter().map(|format| quoted(format.name())))));
        out
    }
}

fn write_traffic(out: &mut String, traffic: &Traffic, folder: &Path) {
    table(out, "traffic");
    line(out, "network", Some(relative(&traffic.network, folder)));
    line(out, "nodes", traffic.nodes.as_deref().map(|nodes| relative(nodes, folder)));
    line(out, "demand", Some(relative(&traffic.classes[0].demand, folder)));
    line(out, "demand_matrix", traffic.classes[0].demand_matrix.as_deref().map(quoted));
    line(out, "time_unit", Some(quoted(traffic.time_unit.name())));
    line(out, "length_unit", traffic.length_unit.map(|unit| quoted(unit.name())));
    line(out, "period_h", Some(number(traffic.period_h)));
    line(out, "demand_factor", Some(number(traffic.demand_factor)));
    line(out, "toll_weight", traffic.toll_weight.map(number));
    line(out, "distance_weight", traffic.distance_weight.map(number));
    let link = |link: &LinkReference| match link {
        LinkReference::Id(id) => id.to_string(),
        LinkReference::Between(from, to) => quoted(&format!("{from}->{to}")),
    };
    line(out, "closed_links", Some(list(traffic.closed_links.iter().map(link))));
    line(out, "skims", Some(list(traffic.skims.iter().map(|skim| quoted(skim.name())))));
    table(out, "traffic.assignment");
    line(out, "solver", Some(quoted(traffic.assignment.solver.name())));
    line(out, "relative_gap", Some(number(traffic.assignment.relative_gap)));
    line(out, "max_iterations", Some(traffic.assignment.max_iterations));
    line(out, "group_size", Some(traffic.assignment.group_size));
}

fn write_source(out: &mut String, source: &Source) {
    table(out, &format!("sources.{}", quoted(&source.input)));
    line(out, "licence", source.licence.as_deref().map(quoted));
    line(out, "attribution", source.attribution.as_deref().map(quoted));
}

fn table(out: &mut String, name: &str) {
    writeln!(out, "\n[{name}]").expect("text takes any line");
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
    quoted(&shown.to_string_lossy())
}

/// The shortest text that reads back as the same number.
fn number(number: f64) -> String {
    format!("{number:?}")
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
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
