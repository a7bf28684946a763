//! Which buses of a pandapower network are one, and which of them the external grid feeds at which voltage.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

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
    index: Vec<i64>,
    nominal_kv: Vec<f64>,
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
        let mut buses = Buses { rows: BTreeMap::new(), first: Vec::new(), index: Vec::new(), nominal_kv: Vec::new() };
        for row in (0..frame.n_rows()).filter(|row| frame.is_in_service(*row)) {
            let kv = frame.number(row, "vn_kv", 0.01..=MOST_KV, findings)?;
            let place = buses.index.len();
            if buses.rows.insert(frame.index(row), place).is_some() {
                let problem = Problem::new(format!("index {} stands there twice", frame.index(row)));
                findings.push("index", problem.of_key("bus"));
                return None;
            }
            buses.first.push(place);
            buses.index.push(frame.index(row));
            buses.nominal_kv.push(kv);
        }
        if buses.index.is_empty() {
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

    pub(super) fn n_in_service(&self) -> usize {
        self.index.len()
    }
    /// The row that stands for a bus in service.
    pub(super) fn group(&self, index: i64) -> Option<usize> {
        self.rows.get(&index).map(|row| self.first[*row])
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

/// Indices of lines (`l`) or transformers (`t`) that a switch disconnects.
pub(super) fn open_branches(switches: &Frame, element: &str) -> BTreeSet<i64> {
    let is_open = |row: &usize| switches.text(*row, "et") == element && !switches.flag(*row, "closed", true);
    (0..switches.n_rows()).filter(is_open).filter_map(|row| switches.whole(row, "element")).collect()
}

/// Walks from the external grid over `branches`; none if one ends at a bus that there is not.
pub(super) fn walk(buses: &Buses, branches: &[Branch], from: i64, findings: &mut Findings<'_>) -> Option<Walk> {
    let mut at_bus: BTreeMap<usize, Vec<(usize, &Branch)>> = BTreeMap::new();
    for branch in branches {
        // A branch at a bus out of service is out of service itself.
        if let [Some(one), Some(other)] = branch.buses.map(|bus| buses.group(bus)) {
            at_bus.entry(one).or_default().push((other, branch));
            at_bus.entry(other).or_default().push((one, branch));
            if branch.windings.is_none() && buses.nominal_kv[one] != buses.nominal_kv[other] {
                let message = format!(
                    "{} joins buses of {} and {} kV",
                    branch.name, buses.nominal_kv[one], buses.nominal_kv[other]
                );
                findings.push("voltages", Problem::new(message).hint("only transformers change the voltage"));
                return None;
            }
        }
    }
    let start = buses.group(from)?;
    let mut reached: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    reached.insert(start, (buses.nominal_kv[start], 0.0));
    let mut next = VecDeque::from([start]);
    while let Some(bus) = next.pop_front() {
        let (kv, shift) = reached[&bus];
        for (other, branch) in at_bus.get(&bus).into_iter().flatten() {
            if reached.contains_key(other) {
                continue;
            }
            let is_forward = buses.group(branch.buses[0]) == Some(bus);
            let there = match (branch.windings, is_forward) {
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
    pub(super) fn buses_of(&self, buses: &Buses, branch: &Branch) -> Option<[usize; 2]> {
        let [one, other] = branch.buses.map(|bus| self.bus_of(buses, bus));
        Some([one?, other?])
    }
    /// Name of each bus.
    pub(super) fn names(&self, buses: &Buses) -> Vec<String> {
        self.number.keys().map(|row| buses.index[*row].to_string()).collect()
    }
    /// Names of buses that are one with others.
    pub(super) fn aliases(&self, buses: &Buses) -> Vec<(String, usize)> {
        let others = buses.index.iter().enumerate().filter(|(row, _)| buses.first[*row] != *row);
        others.filter_map(|(_, index)| Some((index.to_string(), self.bus_of(buses, *index)?))).collect()
    }
}
