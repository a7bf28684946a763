//! Extremes of load flows, over buses and over time.

use super::{End, Feeder, Flow, LANES, Lane, Outcome};

/// Extremes over the buses and lines of a feeder in each lane; of lanes without a solution they mean nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extremes {
    /// Lowest voltage (pu).
    pub v_min: Lane,
    /// Highest voltage (pu).
    pub v_max: Lane,
    /// Largest share of the current that a line bears.
    pub loading: Lane,
    /// Power of the slack (kVA).
    pub slack_kva: Lane,
}

/// Extremes over time of each bus and line, lane by lane.
#[derive(Debug, Clone)]
pub(super) struct Peaks {
    v_min: Vec<Lane>,
    v_max: Vec<Lane>,
    loading: Vec<Lane>,
}

impl Peaks {
    pub(super) fn new(feeder: &Feeder) -> Self {
        let n_buses = feeder.n_buses();
        Peaks {
            v_min: vec![[f64::INFINITY; LANES]; n_buses],
            v_max: vec![[0.0; LANES]; n_buses],
            loading: vec![[0.0; LANES]; feeder.lines.len()],
        }
    }

    /// Takes in all lanes that have a solution.
    pub(super) fn add(&mut self, feeder: &Feeder, flow: &Flow) -> Extremes {
        pulp::Arch::new().dispatch(Add { feeder, flow, peaks: self })
    }

    /// Lowest and highest voltage of each bus, largest loading of each line.
    pub(super) fn finish(self) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
        let least = |of: Vec<Lane>| of.iter().map(|lanes| lanes.iter().fold(f64::INFINITY, |a, b| a.min(*b))).collect();
        let most = |of: Vec<Lane>| of.iter().map(|lanes| lanes.iter().fold(0.0, |a: f64, b| a.max(*b))).collect();
        (least(self.v_min), most(self.v_max), most(self.loading))
    }
}

/// Extremes of one flow.
pub(super) fn extremes(feeder: &Feeder, flow: &Flow) -> Extremes {
    pulp::Arch::new().dispatch(OfFlow { feeder, flow })
}

/// Share of the current that a line bears, at the end where it is larger.
#[inline(always)]
pub(super) fn loading(feeder: &Feeder, flow: &Flow, line: usize) -> Lane {
    let (from, to) = (flow.current_ka(feeder, line, End::From), flow.current_ka(feeder, line, End::To));
    let mut share = [0.0; LANES];
    for lane in 0..LANES {
        let larger = if from[lane] > to[lane] { from[lane] } else { to[lane] };
        share[lane] = larger / feeder.lines[line].max_i_ka;
    }
    share
}

struct OfFlow<'a> {
    feeder: &'a Feeder,
    flow: &'a Flow,
}

struct Add<'a> {
    feeder: &'a Feeder,
    flow: &'a Flow,
    peaks: &'a mut Peaks,
}

impl pulp::WithSimd for OfFlow<'_> {
    type Output = Extremes;
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Extremes {
        visit(self.feeder, self.flow, |_, _| {}, |_, _| {})
    }
}

impl pulp::WithSimd for Add<'_> {
    type Output = Extremes;
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Extremes {
        let Add { feeder, flow, peaks: Peaks { v_min, v_max, loading } } = self;
        let is_solved = flow.outcome.map(|outcome| if outcome == Outcome::Converged { 1.0 } else { 0.0 });
        visit(
            feeder,
            flow,
            #[inline(always)]
            |bus, voltage| {
                keep_extreme::<true>(&mut v_min[bus], &voltage, &is_solved);
                keep_extreme::<false>(&mut v_max[bus], &voltage, &is_solved);
            },
            #[inline(always)]
            |line, share| keep_extreme::<false>(&mut loading[line], &share, &is_solved),
        )
    }
}

/// Passes the voltages of all buses and the loadings of all lines, and gives their extremes.
#[inline(always)]
fn visit(
    feeder: &Feeder,
    flow: &Flow,
    mut of_bus: impl FnMut(usize, Lane),
    mut of_line: impl FnMut(usize, Lane),
) -> Extremes {
    const ALL: Lane = [1.0; LANES];
    let mut found =
        Extremes { v_min: [f64::INFINITY; LANES], v_max: [0.0; LANES], loading: [0.0; LANES], slack_kva: [0.0; LANES] };
    for bus in 0..feeder.n_buses() {
        let (re, im) = (&flow.v_re[bus], &flow.v_im[bus]);
        let mut voltage = [0.0; LANES];
        for lane in 0..LANES {
            voltage[lane] = (re[lane] * re[lane] + im[lane] * im[lane]).sqrt();
        }
        keep_extreme::<true>(&mut found.v_min, &voltage, &ALL);
        keep_extreme::<false>(&mut found.v_max, &voltage, &ALL);
        of_bus(bus, voltage);
    }
    for line in 0..feeder.lines.len() {
        let share = loading(feeder, flow, line);
        keep_extreme::<false>(&mut found.loading, &share, &ALL);
        of_line(line, share);
    }
    for lane in 0..LANES {
        let (p, q) = (flow.slack_p_kw[lane], flow.slack_q_kvar[lane]);
        found.slack_kva[lane] = (p * p + q * q).sqrt();
    }
    found
}

/// Replaces lanes that `counts` by `values` where those are smaller (`LEAST`) or larger.
#[inline(always)]
fn keep_extreme<const LEAST: bool>(kept: &mut Lane, values: &Lane, counts: &Lane) {
    for lane in 0..LANES {
        let is_beyond = if LEAST { values[lane] < kept[lane] } else { values[lane] > kept[lane] };
        kept[lane] = if is_beyond & (counts[lane] > 0.0) { values[lane] } else { kept[lane] };
    }
}
