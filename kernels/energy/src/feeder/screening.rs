//! A year of load flows held against what a feeder may do.

use super::observe::{Extremes, Peaks};
use super::{Accuracy, Feeder, FeederError, Flow, LANES, Lane, Outcome, sweep};

/// Largest load of a bus (kW or kvar).
const MOST_LOAD: f64 = 1e9;

/// What voltages and currents should stay within.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OperatingLimits {
    /// Lowest voltage of a bus, 0.5 to 1 pu.
    pub v_min: f64,
    /// Highest voltage, 1 to 2 pu.
    pub v_max: f64,
    /// Largest share of the current that a line bears, above 0 to 10.
    pub loading: f64,
    /// Power that the transformer before the slack bears, if that is known, above 0 kVA.
    pub transformer_kva: Option<f64>,
}

impl Default for OperatingLimits {
    /// The band of ±10 % that EN 50160 has for means of 10 minutes, and lines as they are rated.
    fn default() -> Self {
        OperatingLimits { v_min: 0.9, v_max: 1.1, loading: 1.0, transformer_kva: None }
    }
}

/// Loads of the buses of a feeder, hour by hour; below 0 where a bus feeds in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadSeries<'a> {
    /// Active power, all buses of an hour beside each other: (hour, bus), −1e9 to 1e9 kW.
    pub p_kw: &'a [f64],
    /// Reactive power in the same order, −1e9 to 1e9 kvar.
    pub q_kvar: &'a [f64],
}

/// What passes a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// There is no solution: the feeder cannot carry the loads.
    NoSolution,
    /// The voltage of this bus, the lowest of all, is too low.
    LowVoltage {
        /// The bus.
        bus: usize,
    },
    /// The voltage of this bus, the highest of all, is too high.
    HighVoltage {
        /// The bus.
        bus: usize,
    },
    /// The current of this line, the one loaded most, is too large.
    LineLoading {
        /// The line.
        line: usize,
    },
    /// The power of the transformer is too large.
    TransformerLoading,
}

/// What a year does to a feeder.
///
/// Means of hours smooth what means of 10 minutes show: hours outside the band find feeders to look at, and say nothing on
/// whether EN 50160 is kept. Hours that pass several limits are counted under each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Screening {
    /// Number of hours.
    pub n_hours: usize,
    /// Hours without a solution; they count nowhere below.
    pub hours_without_solution: usize,
    /// Hours with any bus below the lowest voltage.
    pub hours_low_voltage: usize,
    /// Hours with any bus above the highest.
    pub hours_high_voltage: usize,
    /// Hours with any bus below the lowest or above the highest: fewer than both sums where some are low and others high.
    pub hours_voltage_outside: usize,
    /// Hours with any line loaded beyond the limit.
    pub hours_line_overloaded: usize,
    /// Hours with the transformer beyond its rating; 0 if that is not known.
    pub hours_transformer_overloaded: usize,
    /// Lowest voltage of each bus (pu); empty if no hour has a solution.
    pub v_min: Vec<f64>,
    /// Highest voltage of each bus (pu); empty if no hour has a solution.
    pub v_max: Vec<f64>,
    /// Largest share of the current that each line bears, the larger of its ends; empty if no hour has a solution.
    pub max_loading: Vec<f64>,
    /// Largest power that the slack feeds or takes (kVA).
    pub max_transformer_kva: f64,
    /// Energy lost (kWh).
    pub losses_kwh: f64,
    /// Energy that the slack feeds less what it takes (kWh).
    pub slack_kwh: f64,
}

/// Sweeps every hour of `loads` and sums up.
///
/// Hours are taken in blocks of [`LANES`]; sums run lane by lane and then over lanes, so that equal input gives equal bits.
///
/// # Errors
/// Loads that do not fit the feeder, are no numbers or too large; settings out of range.
pub fn screen(
    feeder: &Feeder,
    loads: LoadSeries<'_>,
    limits: &OperatingLimits,
    accuracy: &Accuracy,
) -> Result<Screening, FeederError> {
    accuracy.check()?;
    limits.check()?;
    let n_buses = feeder.n_buses();
    let n_hours = loads.check(n_buses)?;
    let (mut p, mut q) = (vec![[0.0; LANES]; n_buses], vec![[0.0; LANES]; n_buses]);
    let mut flow = Flow::new(feeder);
    let mut peaks = Peaks::new(feeder);
    let mut found = Screening { n_hours, ..Screening::default() };
    let (mut losses, mut slack) = ([0.0; LANES], [0.0; LANES]);
    for first in (0..n_hours).step_by(LANES) {
        loads.fill(first, n_hours, &mut p, &mut q);
        sweep(feeder, &p, &q, accuracy, &mut flow);
        let extremes = peaks.add(feeder, &flow);
        for lane in 0..LANES.min(n_hours - first) {
            found.count(limits, &flow, &extremes, lane);
            losses[lane] += flow.losses_kw[lane];
            slack[lane] += flow.slack_p_kw[lane];
        }
    }
    found.losses_kwh = losses.iter().sum();
    found.slack_kwh = slack.iter().sum();
    if found.hours_without_solution < n_hours {
        (found.v_min, found.v_max, found.max_loading) = peaks.finish();
    }
    Ok(found)
}

impl Screening {
    fn count(&mut self, limits: &OperatingLimits, flow: &Flow, extremes: &Extremes, lane: usize) {
        if flow.outcome[lane] != Outcome::Converged {
            self.hours_without_solution += 1;
            return;
        }
        let (is_low, is_high) = (extremes.v_min[lane] < limits.v_min, extremes.v_max[lane] > limits.v_max);
        self.hours_low_voltage += usize::from(is_low);
        self.hours_high_voltage += usize::from(is_high);
        self.hours_voltage_outside += usize::from(is_low || is_high);
        self.hours_line_overloaded += usize::from(extremes.loading[lane] > limits.loading);
        let rating = limits.transformer_kva.unwrap_or(f64::INFINITY);
        self.hours_transformer_overloaded += usize::from(extremes.slack_kva[lane] > rating);
        self.max_transformer_kva = self.max_transformer_kva.max(extremes.slack_kva[lane]);
    }
}

impl OperatingLimits {
    /// Checks every limit.
    ///
    /// # Errors
    /// One is out of its range.
    pub fn check(&self) -> Result<(), FeederError> {
        for (what, value, range, expected) in [
            ("the lowest voltage", self.v_min, 0.5..=1.0, "0.5 to 1 pu"),
            ("the highest voltage", self.v_max, 1.0..=2.0, "1 to 2 pu"),
            ("the largest loading", self.loading, f64::MIN_POSITIVE..=10.0, "above 0 to 10"),
            (
                "the rating of the transformer",
                self.transformer_kva.unwrap_or(1.0),
                f64::MIN_POSITIVE..=f64::INFINITY,
                "above 0 kVA",
            ),
        ] {
            if !range.contains(&value) {
                return Err(FeederError::Setting { what, value, expected });
            }
        }
        Ok(())
    }

    /// What a lane passes first: no solution, then voltages, then lines, then the transformer.
    pub(super) fn passed(&self, feeder: &Feeder, flow: &Flow, extremes: &Extremes, lane: usize) -> Option<Cause> {
        if flow.outcome[lane] != Outcome::Converged {
            return Some(Cause::NoSolution);
        }
        let first_bus = |extreme: f64| {
            (0..feeder.n_buses()).find(|bus| flow.voltage(*bus, lane) == extreme).expect("the extreme is that of a bus")
        };
        if extremes.v_min[lane] < self.v_min {
            return Some(Cause::LowVoltage { bus: first_bus(extremes.v_min[lane]) });
        }
        if extremes.v_max[lane] > self.v_max {
            return Some(Cause::HighVoltage { bus: first_bus(extremes.v_max[lane]) });
        }
        if extremes.loading[lane] > self.loading {
            let loading = |line: &usize| super::observe::loading(feeder, flow, *line)[lane] == extremes.loading[lane];
            return Some(Cause::LineLoading {
                line: (0..feeder.lines.len()).find(loading).expect("the extreme is that of a line"),
            });
        }
        (extremes.slack_kva[lane] > self.transformer_kva.unwrap_or(f64::INFINITY)).then_some(Cause::TransformerLoading)
    }
}

impl LoadSeries<'_> {
    /// The number of hours.
    ///
    /// # Errors
    /// The series are no whole hours of `n_buses` buses, not as long as each other, or hold what is no load.
    pub(super) fn check(&self, n_buses: usize) -> Result<usize, FeederError> {
        let n_hours = self.p_kw.len() / n_buses;
        for (what, series) in [("active loads", self.p_kw), ("reactive loads", self.q_kvar)] {
            if series.len() != n_hours * n_buses {
                return Err(FeederError::Length { what, found: series.len(), expected: n_hours * n_buses });
            }
            check_loads(what, series)?;
        }
        Ok(n_hours)
    }

    /// The loads of the hours from `first` on; lanes past the last hour repeat it.
    pub(super) fn fill(&self, first: usize, n_hours: usize, p_kw: &mut [Lane], q_kvar: &mut [Lane]) {
        let n_buses = p_kw.len();
        for lane in 0..LANES {
            let hour = (first + lane).min(n_hours - 1);
            let of_hour = hour * n_buses..(hour + 1) * n_buses;
            let series = self.p_kw[of_hour.clone()].iter().zip(&self.q_kvar[of_hour]);
            for ((p, q), (p_hour, q_hour)) in p_kw.iter_mut().zip(q_kvar.iter_mut()).zip(series) {
                p[lane] = *p_hour;
                q[lane] = *q_hour;
            }
        }
    }
}

/// Refuses what is not a number or larger than any load.
pub(super) fn check_loads(what: &'static str, series: &[f64]) -> Result<(), FeederError> {
    match series.iter().position(|load| !(-MOST_LOAD..=MOST_LOAD).contains(load)) {
        Some(index) => Err(FeederError::Load { what, index, value: series[index] }),
        None => Ok(()),
    }
}
