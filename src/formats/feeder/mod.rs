//! Low-voltage feeders: buses, lines and loads, from tables of the project's own form or from pandapower.

mod csv;
mod pandapower;

use conurb_energy::feeder::{Feeder, FeederError};

use crate::error::Problem;

pub use csv::read_csv;
pub use pandapower::read_pandapower;

/// A radial feeder as read: what is computed, and what its parts are called.
#[derive(Debug, Clone, PartialEq)]
pub struct FeederModel {
    /// Its name.
    pub name: String,
    /// Name of each bus.
    pub buses: Vec<String>,
    /// Further names of buses: those that closed switches make one with others.
    pub aliases: Vec<(String, usize)>,
    /// Name of each line of `feeder`.
    pub lines: Vec<String>,
    /// The network; all its values are seen from the voltage of the slack.
    pub feeder: Feeder,
    /// Loads, several at a bus if so given; below 0 what is fed in.
    pub loads: Vec<BusLoad>,
    /// Factor from a voltage of `feeder` to one per unit of the bus's own nominal voltage; 1 without transformers.
    pub voltage_factor: Vec<f64>,
    /// What is added to angles of `feeder`: the vector groups of transformers on the way, and the slack's own angle (°).
    pub angle_offset: Vec<f64>,
    /// Factor from a current of `feeder` to that in the line, on the low-voltage side of transformers; 1 without these.
    pub current_factor: Vec<f64>,
    /// Transformers, which are lines of `feeder` too.
    pub transformers: Vec<Transformer>,
}

/// What a load takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BusLoad {
    /// Bus that it is connected to.
    pub bus: usize,
    /// Active power (kW).
    pub p_kw: f64,
    /// Reactive power (kvar).
    pub q_kvar: f64,
}

/// A transformer of two windings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transformer {
    /// Line of the feeder that stands for it.
    pub line: usize,
    /// Rated power of all its units together (kVA).
    pub rated_kva: f64,
}

/// The bus that feeds a network of CSV tables, and its voltage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slack<'a> {
    /// Name of the bus.
    pub bus: &'a str,
    /// Nominal voltage of the network between phases (kV).
    pub base_kv: f64,
    /// Voltage of the bus (pu).
    pub pu: f64,
}

impl Default for Slack<'_> {
    /// Bus 0 at 1.02 of 0.4 kV.
    fn default() -> Self {
        Slack { bus: "0", base_kv: 0.4, pu: 1.02 }
    }
}

impl FeederModel {
    /// Index of a bus by its name.
    pub fn bus(&self, name: &str) -> Option<usize> {
        let alias = || self.aliases.iter().find(|(alias, _)| alias == name).map(|(_, bus)| *bus);
        self.buses.iter().position(|bus| bus == name).or_else(alias)
    }

    /// Active and reactive power of each bus, loads added in their order.
    pub fn load_of_buses(&self) -> (Vec<f64>, Vec<f64>) {
        let (mut p_kw, mut q_kvar) = (vec![0.0; self.buses.len()], vec![0.0; self.buses.len()]);
        for load in &self.loads {
            p_kw[load.bus] += load.p_kw;
            q_kvar[load.bus] += load.q_kvar;
        }
        (p_kw, q_kvar)
    }
}

/// Susceptance of a cable (S) by its capacitance (nF) and the frequency (Hz).
fn susceptance(c_nf: f64, hz: f64) -> f64 {
    const FARAD_PER_NANOFARAD: f64 = 1e-9;
    2.0 * std::f64::consts::PI * hz * c_nf * FARAD_PER_NANOFARAD
}

/// The line that an error is about.
fn line_of(error: &FeederError) -> Option<usize> {
    match *error {
        FeederError::UnknownBus { line, .. }
        | FeederError::Loop { line, .. }
        | FeederError::Duplicate { line, .. }
        | FeederError::Ring { line }
        | FeederError::Line { line, .. } => Some(line),
        _ => None,
    }
}

/// An error with the names of what it numbers.
fn worded(error: FeederError, buses: &[String], lines: &[String]) -> Problem {
    match error {
        FeederError::Island { bus } => Problem::new(format!("no line leads from the slack to bus {}", buses[bus]))
            .hint("a feeder is one tree of lines"),
        FeederError::Duplicate { first, line } => {
            Problem::new(format!("{} and {} join the same buses", lines[first], lines[line]))
                .hint("give parallel lines as one, with half the impedance and twice the current")
        }
        FeederError::Ring { line } => Problem::new(format!("{} closes a ring", lines[line]))
            .hint("only radial feeders are computed; leave out lines with open switches"),
        FeederError::Loop { line, .. } => Problem::new(format!("{} starts and ends at the same bus", lines[line])),
        FeederError::Line { line, what, value, expected } => {
            Problem::new(format!("{what} of {} is {value}; expected {expected}", lines[line]))
        }
        other => Problem::new(other.to_string()),
    }
}
