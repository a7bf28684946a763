//! Buses and lines of a radial feeder, in the order in which sweeps pass them.

use super::FeederError;

/// Power that one per-unit power stands for (kVA).
pub(super) const BASE_KVA: f64 = 1000.0;
/// Most buses of a feeder.
const MOST_BUSES: usize = 1_000_000;
const NOBODY: u32 = u32::MAX;

/// A line or a transformer as a π of one phase: a series impedance, and a shunt admittance of which each end has half.
///
/// A transformer stands in it with the impedance that its low-voltage side sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Bus that it starts at; which of the two is nearer to the slack does not matter.
    pub from: usize,
    /// Bus that it ends at.
    pub to: usize,
    /// Series resistance, 0 to 1e6 Ω.
    pub r_ohm: f64,
    /// Series reactance, 0 to 1e6 Ω; both may be 0.
    pub x_ohm: f64,
    /// Shunt conductance of both ends together, 0 to 1e3 S.
    pub g_siemens: f64,
    /// Shunt susceptance of both ends together, −1e3 to 1e3 S: ωC of a cable, below 0 of what magnetises a transformer.
    pub b_siemens: f64,
    /// Current that it bears, above 0 kA; infinite if nothing limits it.
    pub max_i_ka: f64,
}

/// A radial network of buses that hang on one slack, in balanced three-phase operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Feeder {
    pub(super) lines: Vec<Line>,
    /// All buses but the slack, none before the one that feeds it.
    pub(super) steps: Vec<Step>,
    /// Whether any bus has a shunt.
    pub(super) shunts: Shunts,
    /// Conductance and susceptance of the line ends at the slack, per unit.
    pub(super) slack_shunt: [f64; 2],
    pub(super) slack: usize,
    pub(super) slack_pu: f64,
    v_base_kv: f64,
    /// The step of each line.
    step_of_line: Vec<u32>,
}

/// A bus and the line that feeds it, per unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub bus: u32,
    /// The bus that feeds it.
    pub upstream: u32,
    pub line: u32,
    pub r: f64,
    pub x: f64,
    /// Conductance of all line ends at the bus.
    pub g: f64,
    /// Susceptance of all line ends at the bus.
    pub b: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shunts {
    None,
    Some,
}

impl Feeder {
    /// A feeder of `n_buses` buses, 1 to 1e6, joined by `lines` into a tree.
    ///
    /// `slack` is held at `slack_pu`, 0.5 to 1.5, of `v_base_kv`, 0.01 to 1000 kV between phases, at angle 0. Buses are passed
    /// in breadth-first order, lines at a bus by their index.
    ///
    /// # Errors
    /// The lines are no tree over the buses, or values are out of range; the first finding by line, then by bus.
    pub fn new(
        n_buses: usize,
        lines: &[Line],
        slack: usize,
        v_base_kv: f64,
        slack_pu: f64,
    ) -> Result<Feeder, FeederError> {
        check_slack(n_buses, slack, v_base_kv, slack_pu)?;
        for (line, values) in lines.iter().enumerate() {
            check_line(line, values, n_buses)?;
        }
        check_tree(n_buses, lines)?;
        let mut feeder = Feeder {
            lines: lines.to_vec(),
            steps: Vec::with_capacity(n_buses - 1),
            shunts: Shunts::None,
            slack_shunt: [0.0; 2],
            slack,
            slack_pu,
            v_base_kv,
            step_of_line: vec![NOBODY; lines.len()],
        };
        feeder.walk(n_buses)?;
        feeder.add_shunts(n_buses);
        Ok(feeder)
    }

    /// Number of buses.
    pub fn n_buses(&self) -> usize {
        self.steps.len() + 1
    }
    /// Its lines as given.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
    /// The bus whose voltage is given.
    pub fn slack(&self) -> usize {
        self.slack
    }
    /// Base voltage between phases (kV).
    pub fn v_base_kv(&self) -> f64 {
        self.v_base_kv
    }
    /// The bus at the far end of a line, seen from the slack.
    pub fn downstream_bus(&self, line: usize) -> usize {
        self.steps[self.step_of_line[line] as usize].bus as usize
    }
    /// The bus at the near end of a line, seen from the slack.
    pub fn upstream_bus(&self, line: usize) -> usize {
        self.steps[self.step_of_line[line] as usize].upstream as usize
    }
    /// Current that one per-unit current stands for (kA).
    pub fn base_ka(&self) -> f64 {
        BASE_KVA / 1000.0 / (3.0_f64.sqrt() * self.v_base_kv)
    }
    /// Impedance that one per-unit impedance stands for (Ω).
    pub(super) fn base_ohm(&self) -> f64 {
        self.v_base_kv * self.v_base_kv / (BASE_KVA / 1000.0)
    }

    /// Fills `steps` from the slack on.
    fn walk(&mut self, n_buses: usize) -> Result<(), FeederError> {
        let at_bus = Neighbours::new(n_buses, &self.lines);
        let base_ohm = self.base_ohm();
        let mut is_reached = vec![false; n_buses];
        is_reached[self.slack] = true;
        let mut reached = Vec::with_capacity(n_buses);
        reached.push(self.slack);
        let mut next = 0;
        while let Some(&upstream) = reached.get(next) {
            next += 1;
            for &line in at_bus.of(upstream) {
                let Line { from, to, r_ohm, x_ohm, .. } = self.lines[line as usize];
                let bus = if from == upstream { to } else { from };
                if is_reached[bus] {
                    continue;
                }
                is_reached[bus] = true;
                reached.push(bus);
                self.step_of_line[line as usize] = self.steps.len() as u32;
                let (r, x) = (r_ohm / base_ohm, x_ohm / base_ohm);
                self.steps.push(Step { bus: bus as u32, upstream: upstream as u32, line, r, x, g: 0.0, b: 0.0 });
            }
        }
        match is_reached.iter().position(|is_reached| !is_reached) {
            Some(bus) => Err(FeederError::Island { bus }),
            None => Ok(()),
        }
    }

    fn add_shunts(&mut self, n_buses: usize) {
        let (mut g, mut b) = (vec![0.0; n_buses], vec![0.0; n_buses]);
        for line in &self.lines {
            for bus in [line.from, line.to] {
                g[bus] += 0.5 * line.g_siemens;
                b[bus] += 0.5 * line.b_siemens;
            }
        }
        let base_ohm = self.base_ohm();
        for step in &mut self.steps {
            step.g = g[step.bus as usize] * base_ohm;
            step.b = b[step.bus as usize] * base_ohm;
        }
        self.slack_shunt = [g[self.slack] * base_ohm, b[self.slack] * base_ohm];
        if self.lines.iter().any(|line| line.g_siemens != 0.0 || line.b_siemens != 0.0) {
            self.shunts = Shunts::Some;
        }
    }
}

/// Lines at each bus, ascending.
struct Neighbours {
    start: Vec<u32>,
    lines: Vec<u32>,
}

impl Neighbours {
    fn new(n_buses: usize, lines: &[Line]) -> Self {
        let mut start = vec![0; n_buses + 1];
        for bus in lines.iter().flat_map(|line| [line.from, line.to]) {
            start[bus + 1] += 1;
        }
        for bus in 0..n_buses {
            start[bus + 1] += start[bus];
        }
        let (mut next, mut at_bus) = (start.clone(), vec![0; 2 * lines.len()]);
        for (index, line) in lines.iter().enumerate() {
            for bus in [line.from, line.to] {
                at_bus[next[bus] as usize] = index as u32;
                next[bus] += 1;
            }
        }
        Neighbours { start, lines: at_bus }
    }
    fn of(&self, bus: usize) -> &[u32] {
        &self.lines[self.start[bus] as usize..self.start[bus + 1] as usize]
    }
}

fn check_slack(n_buses: usize, slack: usize, v_base_kv: f64, slack_pu: f64) -> Result<(), FeederError> {
    if !(1..=MOST_BUSES).contains(&n_buses) {
        return Err(FeederError::Size(n_buses));
    }
    if slack >= n_buses {
        return Err(FeederError::UnknownSlack { slack, n_buses });
    }
    if !(0.01..=1000.0).contains(&v_base_kv) {
        return Err(FeederError::Voltage { what: "the base voltage", value: v_base_kv, expected: "0.01 to 1000 kV" });
    }
    if !(0.5..=1.5).contains(&slack_pu) {
        return Err(FeederError::Voltage { what: "the slack voltage", value: slack_pu, expected: "0.5 to 1.5 pu" });
    }
    Ok(())
}

fn check_line(line: usize, values: &Line, n_buses: usize) -> Result<(), FeederError> {
    for bus in [values.from, values.to] {
        if bus >= n_buses {
            return Err(FeederError::UnknownBus { line, bus, n_buses });
        }
    }
    if values.from == values.to {
        return Err(FeederError::Loop { line, bus: values.from });
    }
    for (what, value, range, expected) in [
        ("the resistance", values.r_ohm, 0.0..=1e6, "0 to 1e6 ohm"),
        ("the reactance", values.x_ohm, 0.0..=1e6, "0 to 1e6 ohm"),
        ("the shunt conductance", values.g_siemens, 0.0..=1e3, "0 to 1e3 S"),
        ("the shunt susceptance", values.b_siemens, -1e3..=1e3, "-1e3 to 1e3 S"),
        ("the current limit", values.max_i_ka, f64::MIN_POSITIVE..=f64::INFINITY, "above 0 kA"),
    ] {
        if !range.contains(&value) {
            return Err(FeederError::Line { line, what, value, expected });
        }
    }
    Ok(())
}

/// Refuses a second line between two buses, and lines that close rings.
fn check_tree(n_buses: usize, lines: &[Line]) -> Result<(), FeederError> {
    let mut pairs: Vec<_> =
        lines.iter().enumerate().map(|(index, line)| (line.from.min(line.to), line.from.max(line.to), index)).collect();
    pairs.sort_unstable();
    let twice = pairs.windows(2).filter(|two| (two[0].0, two[0].1) == (two[1].0, two[1].1));
    if let Some((first, line)) = twice.map(|two| (two[0].2, two[1].2)).min_by_key(|(_, line)| *line) {
        return Err(FeederError::Duplicate { first, line });
    }
    let mut leader: Vec<u32> = (0..n_buses as u32).collect();
    for (index, line) in lines.iter().enumerate() {
        let (from, to) = (leader_of(&mut leader, line.from), leader_of(&mut leader, line.to));
        if from == to {
            return Err(FeederError::Ring { line: index });
        }
        leader[to.max(from)] = to.min(from) as u32;
    }
    Ok(())
}

/// The bus that stands for all that are joined with `bus`, halving the way to it.
fn leader_of(leader: &mut [u32], mut bus: usize) -> usize {
    while leader[bus] as usize != bus {
        leader[bus] = leader[leader[bus] as usize];
        bus = leader[bus] as usize;
    }
    bus
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(from: usize, to: usize) -> Line {
        Line { from, to, r_ohm: 0.1, x_ohm: 0.05, g_siemens: 0.0, b_siemens: 0.0, max_i_ka: 0.27 }
    }

    fn of(n_buses: usize, lines: &[Line]) -> Result<Feeder, FeederError> {
        Feeder::new(n_buses, lines, 0, 0.4, 1.0)
    }

    #[test]
    fn no_bus_comes_before_the_one_that_feeds_it() {
        // 3 - 0 - 1 - 2, 1 - 4, with lines in any direction.
        let feeder = of(5, &[line(2, 1), line(4, 1), line(1, 0), line(0, 3)]).unwrap();
        let order: Vec<_> = feeder.steps.iter().map(|step| (step.upstream, step.bus, step.line)).collect();
        assert_eq!(order, [(0, 1, 2), (0, 3, 3), (1, 2, 0), (1, 4, 1)]);
        assert_eq!((feeder.upstream_bus(0), feeder.downstream_bus(0)), (1, 2));
        // 1 MVA at 0.4 kV: 0.16 ohm, 1.443 kA.
        assert!((feeder.steps[0].r - 0.625).abs() < 1e-15 && (feeder.base_ka() - 1.443_375_67).abs() < 1e-8);
        assert_eq!(of(1, &[]).unwrap().n_buses(), 1);
    }

    #[test]
    fn shunts_are_halved_between_ends() {
        let cable = Line { b_siemens: 2.0, g_siemens: 4.0, ..line(0, 1) };
        let feeder = of(3, &[cable, Line { b_siemens: 6.0, ..line(1, 2) }]).unwrap();
        // 0.16 ohm of base times 2 / 2 + 6 / 2 and 4 / 2.
        assert!((feeder.steps[0].b - 0.64).abs() < 1e-15 && (feeder.steps[0].g - 0.32).abs() < 1e-15);
        assert_eq!((feeder.shunts, of(2, &[line(0, 1)]).unwrap().shunts), (Shunts::Some, Shunts::None));
    }

    #[test]
    fn what_is_no_tree_is_told() {
        assert_eq!(of(0, &[]), Err(FeederError::Size(0)));
        assert_eq!(of(usize::MAX, &[]), Err(FeederError::Size(usize::MAX)));
        assert_eq!(of(2, &[]), Err(FeederError::Island { bus: 1 }));
        assert_eq!(of(4, &[line(0, 1), line(2, 3)]), Err(FeederError::Island { bus: 2 }));
        assert_eq!(of(2, &[line(0, 2)]), Err(FeederError::UnknownBus { line: 0, bus: 2, n_buses: 2 }));
        assert_eq!(of(2, &[line(0, 1), line(1, 1)]), Err(FeederError::Loop { line: 1, bus: 1 }));
        assert_eq!(of(2, &[line(0, 1), line(1, 0)]), Err(FeederError::Duplicate { first: 0, line: 1 }));
        assert_eq!(of(3, &[line(0, 1), line(1, 2), line(2, 0)]), Err(FeederError::Ring { line: 2 }));
        assert_eq!(Feeder::new(2, &[line(0, 1)], 2, 0.4, 1.0), Err(FeederError::UnknownSlack { slack: 2, n_buses: 2 }));
    }

    #[test]
    fn values_out_of_range_are_told() {
        for wrong in [
            Line { r_ohm: -0.1, ..line(0, 1) },
            Line { x_ohm: f64::NAN, ..line(0, 1) },
            Line { x_ohm: -0.01, ..line(0, 1) },
            Line { g_siemens: -1.0, ..line(0, 1) },
            Line { b_siemens: f64::INFINITY, ..line(0, 1) },
            Line { max_i_ka: 0.0, ..line(0, 1) },
            Line { max_i_ka: f64::NAN, ..line(0, 1) },
        ] {
            assert!(matches!(of(2, &[wrong]), Err(FeederError::Line { line: 0, .. })), "{wrong:?}");
        }
        let harmless = Line { r_ohm: 0.0, x_ohm: 0.0, max_i_ka: f64::INFINITY, ..line(0, 1) };
        assert!(of(2, &[harmless]).is_ok());
        for (base, slack) in [(0.0, 1.0), (f64::NAN, 1.0), (0.4, 0.0), (0.4, f64::NAN), (0.4, 2.0)] {
            let found = Feeder::new(2, &[line(0, 1)], 0, base, slack);
            assert!(matches!(found, Err(FeederError::Voltage { .. })), "{base} {slack}");
        }
        let told = of(2, &[Line { r_ohm: -1.0, ..line(0, 1) }]).unwrap_err().to_string();
        assert_eq!(told, "the resistance of line 0 is -1; expected 0 to 1e6 ohm");
    }
}
