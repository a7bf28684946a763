//! Which buses of a pandapower network are one, and which of them the external grid feeds at which voltage.

use std::collections::{BTreeMap, VecDeque};

use super::branch::Branch;
use super::frame::Frame;
use crate::error::Problem;
use crate::formats::findings::Findings;

/// Largest nominal voltage of a bus (kV).
const MOST_KV: f64 = 1000.0;

/// Buses in service, joined by closed switches to groups.
pub(super) struct Buses {
    /// Row of each index of pandapower.
    rows: BTreeMap<i64, usize>,
    /// Row that stands for the group of each row: its first.
    first: Vec<usize>,
    names: Vec<String>,
    nominal_kv: Vec<f64>,
    /// Rows of the table; those beyond are open ends of lines and transformers.
    n_given: usize,
}

/// A branch between groups of buses.
pub(super) struct Placed {
    /// What it is.
    pub branch: Branch,
    /// Rows that stand for the groups at its ends.
    pub ends: [usize; 2],
}

/// What the external grid reaches, numbered anew in the order of the table of buses.
pub(super) struct Walk {
    /// New number of each row that stands for a group.
    number: BTreeMap<usize, usize>,
    /// Nominal voltage of each bus (kV).
    pub nominal_kv: Vec<f64>,
    /// Voltage that each would have without any load if the external grid had its nominal one (kV).
    pub kv: Vec<f64>,
    /// By how much each lags behind the external grid then (°).
    pub shift_degree: Vec<f64>,
}

impl Buses {
    /// The buses of a network; none if its tables are wrong.
    pub(super) fn of(frame: &Frame, switches: &Frame, findings: &mut Findings<'_>) -> Option<Buses> {
        let mut buses =
            Buses { rows: BTreeMap::new(), first: Vec::new(), names: Vec::new(), nominal_kv: Vec::new(), n_given: 0 };
        for row in (0..frame.n_rows()).filter(|row| frame.is_in_service(*row)) {
            let kv = frame.number(row, "vn_kv", 0.01..=MOST_KV, findings)?;
            if buses.rows.insert(frame.index(row), buses.names.len()).is_some() {
                let problem = Problem::new(format!("index {} stands there twice", frame.index(row)));
                findings.push("index", problem.of_key("bus"));
                return None;
            }
            buses.add(frame.index(row).to_string(), kv);
        }
        buses.n_given = buses.names.len();
        if buses.names.is_empty() {
            findings.push("no rows", Problem::new("there are no buses in service").of_key("bus"));
            return None;
        }
        for row in 0..switches.n_rows() {
            buses.join(switches, row, findings)?;
        }
        // None stands before the one it leads to, so that one step is left to each.
        for row in 0..buses.first.len() {
            buses.first[row] = buses.first[buses.first[row]];
        }
        Some(buses)
    }

    /// Puts a branch between its buses; one of which `open` switches disconnect it gets a bus of its own there.
    ///
    /// None if it joins nothing: a bus is out of service, both ends are open, or one is and nothing flows to it.
    pub(super) fn place(&mut self, branch: Branch, open: &[i64]) -> Option<Placed> {
        let [Some(one), Some(other)] = branch.buses.map(|bus| self.group(bus)) else { return None };
        let is_open = branch.buses.map(|bus| open.contains(&bus));
        let mut ends = [one, other];
        if is_open != [false; 2] {
            if is_open == [true; 2] || branch.shunt == [0.0; 2] {
                return None;
            }
            let end = usize::from(is_open[1]);
            ends[end] = self.add(format!("open end of {}", branch.name), self.nominal_kv[ends[end]]);
        }
        Some(Placed { branch, ends })
    }

    /// The row that stands for a bus in service.
    pub(super) fn group(&self, index: i64) -> Option<usize> {
        self.rows.get(&index).map(|row| self.first[*row])
    }

    fn add(&mut self, name: String, nominal_kv: f64) -> usize {
        let row = self.names.len();
        self.first.push(row);
        self.names.push(name);
        self.nominal_kv.push(nominal_kv);
        row
    }

    /// Joins the two buses of a closed switch between buses.
    fn join(&mut self, switches: &Frame, row: usize, findings: &mut Findings<'_>) -> Option<()> {
        if switches.text(row, "et") != "b" || !switches.flag(row, "closed", true) {
            return Some(());
        }
        let ends = [switches.reference(row, "bus", findings)?, switches.reference(row, "element", findings)?];
        if switches.optional(row, ("z_ohm", 0.0), f64::MIN..=f64::MAX, findings)? > 0.0 {
            switches.reject(row, "z_ohm", "switches with an impedance are not read: expected 0", findings);
            return None;
        }
        let [Some(one), Some(other)] = ends.map(|bus| self.rows.get(&bus).copied()) else { return Some(()) };
        let (one, other) = (self.leader(one), self.leader(other));
        if self.nominal_kv[one] != self.nominal_kv[other] {
            switches.reject(row, "element", "expected a bus of the same nominal voltage", findings);
            return None;
        }
        self.first[one.max(other)] = one.min(other);
        Some(())
    }

    /// The row that stands for a group while groups grow, halving the way to it.
    fn leader(&mut self, mut row: usize) -> usize {
        while self.first[row] != row {
            self.first[row] = self.first[self.first[row]];
            row = self.first[row];
        }
        row
    }
}

/// Indices of lines (`l`) or transformers (`t`) with open switches, and the buses that these disconnect them from.
pub(super) fn open_branches(switches: &Frame, element: &str) -> BTreeMap<i64, Vec<i64>> {
    let mut open: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for row in (0..switches.n_rows()).filter(|row| switches.text(*row, "et") == element) {
        let ends = (switches.whole(row, "element"), switches.whole(row, "bus"));
        if let ((Some(branch), Some(bus)), false) = (ends, switches.flag(row, "closed", true)) {
            open.entry(branch).or_default().push(bus);
        }
    }
    open
}

/// Walks from the external grid over `branches`; none if a line joins different voltages.
pub(super) fn walk(buses: &Buses, branches: &[Placed], from: i64, findings: &mut Findings<'_>) -> Option<Walk> {
    let mut at_bus: BTreeMap<usize, Vec<(usize, &Placed)>> = BTreeMap::new();
    for placed in branches {
        let [one, other] = placed.ends;
        at_bus.entry(one).or_default().push((other, placed));
        at_bus.entry(other).or_default().push((one, placed));
        let [here, there] = [buses.nominal_kv[one], buses.nominal_kv[other]];
        if placed.branch.windings.is_none() && here != there {
            let problem = Problem::new(format!("{} joins buses of {here} and {there} kV", placed.branch.name));
            findings.push("voltages", problem.hint("only transformers change the voltage"));
            return None;
        }
    }
    let start = buses.group(from)?;
    let mut reached: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    reached.insert(start, (buses.nominal_kv[start], 0.0));
    let mut next = VecDeque::from([start]);
    while let Some(bus) = next.pop_front() {
        let (kv, shift) = reached[&bus];
        for (other, placed) in at_bus.get(&bus).into_iter().flatten() {
            if reached.contains_key(other) {
                continue;
            }
            let is_forward = placed.ends[0] == bus;
            let there = match (placed.branch.windings, is_forward) {
                (None, _) => (kv, shift),
                (Some(windings), true) => (kv * windings.ratio, shift + windings.shift_degree),
                (Some(windings), false) => (kv / windings.ratio, shift - windings.shift_degree),
            };
            reached.insert(*other, there);
            next.push_back(*other);
        }
    }
    Some(Walk {
        number: reached.keys().enumerate().map(|(number, row)| (*row, number)).collect(),
        nominal_kv: reached.keys().map(|row| buses.nominal_kv[*row]).collect(),
        kv: reached.values().map(|(kv, _)| *kv).collect(),
        shift_degree: reached.values().map(|(_, shift)| *shift).collect(),
    })
}

impl Walk {
    /// New number of a bus, if it is reached.
    pub(super) fn bus_of(&self, buses: &Buses, index: i64) -> Option<usize> {
        self.number.get(&buses.group(index)?).copied()
    }
    /// New numbers of both ends of a branch.
    pub(super) fn buses_of(&self, placed: &Placed) -> Option<[usize; 2]> {
        let [one, other] = placed.ends.map(|row| self.number.get(&row).copied());
        Some([one?, other?])
    }
    /// How many buses of the table in service are not reached.
    pub(super) fn n_unfed(&self, buses: &Buses) -> usize {
        buses.first[..buses.n_given].iter().filter(|row| !self.number.contains_key(row)).count()
    }
    /// Name of each bus.
    pub(super) fn names(&self, buses: &Buses) -> Vec<String> {
        self.number.keys().map(|row| buses.names[*row].clone()).collect()
    }
    /// Names of buses that are one with others.
    pub(super) fn aliases(&self, buses: &Buses) -> Vec<(String, usize)> {
        let others = buses.names.iter().enumerate().filter(|(row, _)| buses.first[*row] != *row);
        others.filter_map(|(row, name)| Some((name.clone(), *self.number.get(&buses.first[row])?))).collect()
    }
}
