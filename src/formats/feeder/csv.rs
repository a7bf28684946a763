//! Feeders in the project's CSV form: a table of lines and one of loads.

use std::collections::BTreeMap;
use std::path::Path;

use conurb_energy::feeder::{Feeder, Line};

use super::{BusLoad, FeederModel, Slack, line_of, susceptance, worded};
use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::table::{Layout, Row};
use crate::formats::text::{finite, non_negative, shown};

/// Frequency of the grid that capacitances are for (Hz).
const HZ: f64 = 50.0;
/// Longest name of a bus.
const LONGEST_NAME: usize = 64;

const FROM: usize = 0;
const TO: usize = 1;
const LENGTH: usize = 2;
const R: usize = 3;
const X: usize = 4;
const C: usize = 5;
const MAX_I: usize = 6;
const LINES: Columns = Columns::of(
    &["from_bus", "to_bus", "length_km", "r_ohm_per_km", "x_ohm_per_km", "c_nf_per_km", "max_i_ka"],
    &[FROM, TO, LENGTH, R, X],
);

const BUS: usize = 0;
const P: usize = 1;
const Q: usize = 2;
const LOADS: Columns = Columns::of(&["bus", "p_kw", "q_kvar"], &[BUS, P, Q]);

/// Buses in the order of their first lines, and what joins them.
#[derive(Default)]
struct Network {
    buses: Vec<String>,
    index: BTreeMap<String, usize>,
    lines: Vec<Line>,
    /// Line of the file that each line stands in.
    at: Vec<usize>,
}

/// Reads a feeder of two tables; `c_nf_per_km` and `max_i_ka` may be left out: no capacitance, no limit.
///
/// Lines are named by their rows from 0, buses by any text; loads below 0 feed in.
///
/// # Errors
/// Everything wrong with the tables, each with file, line, column and hint; lines that are no tree below the slack.
pub fn read_csv(
    name: &str,
    lines: Source<'_>,
    loads: Source<'_>,
    slack: &Slack<'_>,
) -> Result<(FeederModel, Vec<Warning>), Error> {
    let (network, ignored) = read_lines(lines)?;
    let names: Vec<String> = (0..network.lines.len()).map(|line| line.to_string()).collect();
    let feeder = network.feeder(lines.file, slack)?;
    let (loads, also_ignored) = read_loads(loads, &network)?;
    let (n_buses, n_lines) = (network.buses.len(), network.lines.len());
    let model = FeederModel {
        name: name.to_owned(),
        buses: network.buses,
        aliases: Vec::new(),
        lines: names,
        feeder,
        loads,
        voltage_factor: vec![1.0; n_buses],
        angle_offset: vec![0.0; n_buses],
        current_factor: vec![1.0; n_lines],
        transformers: Vec::new(),
    };
    Ok((model, ignored.into_iter().chain(also_ignored).collect()))
}

impl Network {
    fn bus(&mut self, name: &str) -> usize {
        if let Some(bus) = self.index.get(name) {
            return *bus;
        }
        let bus = self.buses.len();
        self.buses.push(name.to_owned());
        self.index.insert(name.to_owned(), bus);
        bus
    }

    fn feeder(&self, file: &Path, slack: &Slack<'_>) -> Result<Feeder, Error> {
        let Some(&bus) = self.index.get(slack.bus) else {
            let problem = Problem::new(format!("no line joins bus {}, which feeds the network", slack.bus));
            return Err(problem.in_file(file).hint("the slack is to be one of the buses").into());
        };
        Feeder::new(self.buses.len(), &self.lines, bus, slack.base_kv, slack.pu).map_err(|error| {
            let names: Vec<String> = self.at.iter().map(|at| format!("the line of row {at}")).collect();
            let problem = worded(error, &self.buses, &names).in_file(file);
            match line_of(&error) {
                Some(line) => problem.at_line(self.at[line]).into(),
                None => problem.into(),
            }
        })
    }
}

fn read_lines(source: Source<'_>) -> Result<(Network, Option<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut network = Network::default();
    let read = csv_table::read(source, LINES, &mut findings, |row, layout, at, findings| {
        let from = bus_name(row, layout, FROM, at, findings);
        let to = bus_name(row, layout, TO, at, findings);
        let [length, r, x, c] = [LENGTH, R, X, C].map(|column| quantity(row, layout, column, at, findings));
        let max_i_ka = limit(row, layout, at, findings);
        let (Some(from), Some(to), Some(length), Some(r), Some(x), Some(c), Some(max_i_ka)) =
            (from, to, length, r, x, c, max_i_ka)
        else {
            return;
        };
        let (from, to) = (network.bus(from), network.bus(to));
        network.lines.push(Line {
            from,
            to,
            r_ohm: r * length,
            x_ohm: x * length,
            g_siemens: 0.0,
            b_siemens: susceptance(c * length, HZ),
            max_i_ka,
        });
        network.at.push(at);
    });
    if read.is_ok() && network.lines.is_empty() && findings.is_empty() {
        findings.push("no rows", Problem::new("the table has no rows"));
    }
    findings.conclude(read.map(|layout| (network, csv_table::ignored_columns(source.file, &layout))))
}

fn read_loads(source: Source<'_>, network: &Network) -> Result<(Vec<BusLoad>, Option<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut loads = Vec::new();
    // Line of the load of each bus.
    let mut given: BTreeMap<usize, usize> = BTreeMap::new();
    let read = csv_table::read(source, LOADS, &mut findings, |row, layout, at, findings| {
        let bus = known_bus(row, layout, network, at, findings);
        let [p, q] = [P, Q].map(|column| power(row, layout, column, at, findings));
        let Some(bus) = bus else { return };
        if let Some(first) = given.insert(bus, at) {
            findings.at("load given twice", at, || {
                let problem = Problem::new(format!("bus {} has a load in line {first} already", network.buses[bus]));
                problem.of_key("bus").hint("add loads of a bus up")
            });
        }
        if let (Some(p_kw), Some(q_kvar)) = (p, q) {
            loads.push(BusLoad { bus, p_kw, q_kvar });
        }
    });
    findings.conclude(read.map(|layout| (loads, csv_table::ignored_columns(source.file, &layout))))
}

fn bus_name<'a>(
    row: Row<'a>,
    layout: &Layout,
    column: usize,
    at: usize,
    findings: &mut Findings<'_>,
) -> Option<&'a str> {
    let field = row.field(layout.position(column)?);
    let is_name = |name: &&str| {
        !name.is_empty()
            && name.len() <= LONGEST_NAME
            && !name.chars().any(|letter| letter.is_control() || matches!(letter, ',' | '"'))
    };
    let name = std::str::from_utf8(field).ok().filter(is_name);
    if name.is_none() {
        findings.at("bus name", at, || {
            let problem = Problem::new(format!("expected the name of a bus, found {}", shown(field)));
            let hint = format!("1 to {LONGEST_NAME} letters or digits, without commas and quotes");
            problem.of_key(layout.name(column)).hint(hint)
        });
    }
    name
}

fn known_bus(
    row: Row<'_>,
    layout: &Layout,
    network: &Network,
    at: usize,
    findings: &mut Findings<'_>,
) -> Option<usize> {
    let name = bus_name(row, layout, BUS, at, findings)?;
    let bus = network.index.get(name).copied();
    if bus.is_none() {
        findings.at("unknown bus", at, || {
            let known = network.buses.iter().map(String::as_str);
            let nearest = known.min_by_key(|known| strsim::levenshtein(known, name)).unwrap_or_default();
            let problem = Problem::new(format!("no line joins bus {name}")).of_key("bus");
            problem.hint(format!("the nearest name is {nearest}"))
        });
    }
    bus
}

/// A finite number not below zero; 0 where the file has no such column.
fn quantity(row: Row<'_>, layout: &Layout, column: usize, at: usize, findings: &mut Findings<'_>) -> Option<f64> {
    let Some(position) = layout.position(column) else { return Some(0.0) };
    let field = row.field(position);
    let value = non_negative(field);
    if let Err(fault) = value {
        findings.at(fault.kind(), at, || fault.problem(layout.name(column), field));
    }
    value.ok()
}

/// The largest current, infinite where the file has no such column.
fn limit(row: Row<'_>, layout: &Layout, at: usize, findings: &mut Findings<'_>) -> Option<f64> {
    if layout.position(MAX_I).is_none() {
        return Some(f64::INFINITY);
    }
    let value = quantity(row, layout, MAX_I, at, findings)?;
    if value == 0.0 {
        findings.at("current limit", at, || {
            let problem = Problem::new("expected a current above 0").of_key(layout.name(MAX_I));
            problem.hint("leave the column out if nothing limits the lines")
        });
    }
    (value > 0.0).then_some(value)
}

/// A finite power, which no feeder exceeds.
fn power(row: Row<'_>, layout: &Layout, column: usize, at: usize, findings: &mut Findings<'_>) -> Option<f64> {
    const MOST: f64 = 1e9;
    let field = row.field(layout.position(column)?);
    match finite(field) {
        Ok(value) if value.abs() <= MOST => Some(value),
        Ok(_) => {
            findings.at("power", at, || {
                Problem::new(format!("expected -1e9 to 1e9, found {}", shown(field))).of_key(layout.name(column))
            });
            None
        }
        Err(fault) => {
            findings.at(fault.kind(), at, || fault.problem(layout.name(column), field));
            None
        }
    }
}
