//! Backward-forward sweeps over lanes of loads.

use super::network::{BASE_KVA, Feeder, Shunts, Step};
use super::{FeederError, LANES, Lane};

/// Voltages below this are no operation of a feeder (pu): what converged there is counted as collapsed.
pub const LOWEST_VOLTAGE: f64 = 0.5;

/// When a sweep ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// Most that a voltage changes in the last iteration, 1e-14 to 1e-2 pu.
    pub tolerance: f64,
    /// Most iterations, 1 to 1000; what has not converged by then is told as such.
    pub max_iterations: u32,
}

impl Default for Accuracy {
    /// 1e-8 pu, 30 iterations.
    fn default() -> Self {
        Accuracy { tolerance: 1e-8, max_iterations: 30 }
    }
}

impl Accuracy {
    /// Checks both values.
    ///
    /// # Errors
    /// One is out of its range.
    pub fn check(&self) -> Result<(), FeederError> {
        if !(1e-14..=1e-2).contains(&self.tolerance) {
            let value = self.tolerance;
            return Err(FeederError::Setting { what: "the tolerance", value, expected: "1e-14 to 1e-2 pu" });
        }
        if !(1..=1000).contains(&self.max_iterations) {
            let value = f64::from(self.max_iterations);
            return Err(FeederError::Setting { what: "the number of iterations", value, expected: "1 to 1000" });
        }
        Ok(())
    }
}

/// How the load flow of a lane ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outcome {
    /// All voltages settled within the tolerance.
    #[default]
    Converged,
    /// They did not: the feeder cannot carry these loads, or only just.
    NotConverged,
    /// They settled, some below [`LOWEST_VOLTAGE`].
    Collapsed,
}

/// Voltages and currents of a feeder under [`LANES`] sets of loads; memory of a sweep, used again by the next.
///
/// Lanes that did not converge or collapsed hold zeros: no number of theirs is a result.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Flow {
    /// Real part of the voltage of each bus (pu).
    pub v_re: Vec<Lane>,
    /// Imaginary part (pu).
    pub v_im: Vec<Lane>,
    /// Real part of the current through the series impedance that feeds each bus; of the slack, what it feeds (pu).
    pub i_re: Vec<Lane>,
    /// Imaginary part (pu).
    pub i_im: Vec<Lane>,
    /// How each lane ended.
    pub outcome: [Outcome; LANES],
    /// Iterations of each lane.
    pub iterations: [u32; LANES],
    /// Power lost in lines and their shunts (kW).
    pub losses_kw: Lane,
    /// Active power that the slack feeds, the load at the slack itself included (kW).
    pub slack_p_kw: Lane,
    /// Reactive power that it feeds (kvar).
    pub slack_q_kvar: Lane,
}

/// Which end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Where it starts.
    From,
    /// Where it ends.
    To,
}

impl Flow {
    /// Memory for sweeps of `feeder`.
    pub fn new(feeder: &Feeder) -> Self {
        let mut flow = Flow::default();
        flow.resize(feeder.n_buses());
        flow
    }

    /// Magnitude of the voltage of a bus in a lane (pu).
    pub fn voltage(&self, bus: usize, lane: usize) -> f64 {
        let (re, im) = (self.v_re[bus][lane], self.v_im[bus][lane]);
        (re * re + im * im).sqrt()
    }

    /// Angle of the voltage of a bus against the slack in a lane, −180 to 180°.
    pub fn angle(&self, bus: usize, lane: usize) -> f64 {
        conurb_numerics::atan2_degrees(self.v_im[bus][lane], self.v_re[bus][lane])
    }

    /// Magnitudes of the current into a line at one of its ends (kA).
    #[inline(always)]
    pub fn current_ka(&self, feeder: &Feeder, line: usize, end: End) -> Lane {
        let values = &feeder.lines[line];
        let bus = feeder.downstream_bus(line);
        let at = match end {
            End::From => values.from,
            End::To => values.to,
        };
        // Into the line where the current enters its impedance, out of it at the far end.
        let sign = if at == bus { -1.0 } else { 1.0 };
        let half = 0.5 * feeder.base_ohm();
        let (g, b) = (half * values.g_siemens, half * values.b_siemens);
        let mut magnitude = [0.0; LANES];
        for (lane, magnitude) in magnitude.iter_mut().enumerate() {
            let (v_re, v_im) = (self.v_re[at][lane], self.v_im[at][lane]);
            let re = sign * self.i_re[bus][lane] + (g * v_re - b * v_im);
            let im = sign * self.i_im[bus][lane] + (g * v_im + b * v_re);
            *magnitude = (re * re + im * im).sqrt() * feeder.base_ka();
        }
        magnitude
    }

    fn resize(&mut self, n_buses: usize) {
        for values in [&mut self.v_re, &mut self.v_im, &mut self.i_re, &mut self.i_im] {
            values.resize(n_buses, [0.0; LANES]);
        }
    }
}

/// Load flows of a feeder under [`LANES`] sets of constant powers, each by itself.
///
/// With S = P + jQ the power that a bus takes and Y its shunts, the current that feeds it is, from the leaves up,
///
/// J = (S / V)* + Y V + Σ J of the buses that it feeds,
///
/// and its voltage, from the slack down, V = V of the bus that feeds it − Z J, from a flat start, until no voltage changes by
/// more than the tolerance. A lane that has converged is not touched any more, so that its numbers do not depend on the other
/// lanes; currents follow from the last voltages.
///
/// `p_kw` and `q_kvar` are three-phase powers by bus, below 0 where it feeds in; finite, ≤ 1e9 in magnitude. Source:
/// Shirmohammadi, Hong, Semlyen & Luo, A compensation-based power flow method for weakly meshed distribution and
/// transmission networks, IEEE Trans. Power Syst. 3(2), 1988, 753–762, eq. 1 to 4, <https://doi.org/10.1109/59.192932>.
///
/// # Panics
/// Loads are not one for each bus.
pub fn sweep(feeder: &Feeder, p_kw: &[Lane], q_kvar: &[Lane], accuracy: &Accuracy, flow: &mut Flow) {
    let n_buses = feeder.n_buses();
    assert!(p_kw.len() == n_buses && q_kvar.len() == n_buses, "one load for each bus");
    flow.resize(n_buses);
    pulp::Arch::new().dispatch(Sweep { feeder, p_kw, q_kvar, accuracy, flow });
}

struct Sweep<'a> {
    feeder: &'a Feeder,
    p_kw: &'a [Lane],
    q_kvar: &'a [Lane],
    accuracy: &'a Accuracy,
    flow: &'a mut Flow,
}

impl pulp::WithSimd for Sweep<'_> {
    type Output = ();
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Sweep { feeder, p_kw, q_kvar, accuracy, flow } = self;
        match feeder.shunts {
            Shunts::None => iterate::<false>(feeder, p_kw, q_kvar, accuracy, flow),
            Shunts::Some => iterate::<true>(feeder, p_kw, q_kvar, accuracy, flow),
        }
        conclude(feeder, p_kw, q_kvar, flow);
    }
}

#[inline(always)]
fn iterate<const SHUNTS: bool>(feeder: &Feeder, p_kw: &[Lane], q_kvar: &[Lane], accuracy: &Accuracy, flow: &mut Flow) {
    flow.v_re.fill([feeder.slack_pu; LANES]);
    flow.v_im.fill([0.0; LANES]);
    flow.iterations = [accuracy.max_iterations; LANES];
    let settled = accuracy.tolerance * accuracy.tolerance;
    // 1 while a lane iterates, then 0.
    let mut active = [1.0; LANES];
    for iteration in 1..=accuracy.max_iterations {
        backward::<SHUNTS>(feeder, p_kw, q_kvar, flow);
        let change = forward(&feeder.steps, &active, flow);
        for lane in 0..LANES {
            if active[lane] > 0.0 && change[lane] <= settled {
                active[lane] = 0.0;
                flow.iterations[lane] = iteration;
            }
        }
        if active == [0.0; LANES] {
            break;
        }
    }
    flow.outcome = active.map(|active| if active > 0.0 { Outcome::NotConverged } else { Outcome::Converged });
    backward::<SHUNTS>(feeder, p_kw, q_kvar, flow);
}

/// Currents from the leaves to the slack.
#[inline(always)]
fn backward<const SHUNTS: bool>(feeder: &Feeder, p_kw: &[Lane], q_kvar: &[Lane], flow: &mut Flow) {
    const TO_PU: f64 = 1.0 / BASE_KVA;
    flow.i_re.fill([0.0; LANES]);
    flow.i_im.fill([0.0; LANES]);
    for step in feeder.steps.iter().rev() {
        let (bus, upstream) = (step.bus as usize, step.upstream as usize);
        let (p, q) = (&p_kw[bus], &q_kvar[bus]);
        let (v_re, v_im) = (&flow.v_re[bus], &flow.v_im[bus]);
        let (mut re, mut im) = (flow.i_re[bus], flow.i_im[bus]);
        let (mut up_re, mut up_im) = (flow.i_re[upstream], flow.i_im[upstream]);
        for lane in 0..LANES {
            // (P - jQ) / (V_re - j V_im) = (P - jQ) (V_re + j V_im) / |V|².
            let inverse = TO_PU / (v_re[lane] * v_re[lane] + v_im[lane] * v_im[lane]);
            let mut load_re = (p[lane] * v_re[lane] + q[lane] * v_im[lane]) * inverse;
            let mut load_im = (p[lane] * v_im[lane] - q[lane] * v_re[lane]) * inverse;
            if SHUNTS {
                load_re += step.g * v_re[lane] - step.b * v_im[lane];
                load_im += step.g * v_im[lane] + step.b * v_re[lane];
            }
            re[lane] += load_re;
            im[lane] += load_im;
            up_re[lane] += re[lane];
            up_im[lane] += im[lane];
        }
        flow.i_re[bus] = re;
        flow.i_im[bus] = im;
        flow.i_re[upstream] = up_re;
        flow.i_im[upstream] = up_im;
    }
}

/// Voltages from the slack to the leaves where `active` is 1; gives the largest square of a change.
#[inline(always)]
fn forward(steps: &[Step], active: &Lane, flow: &mut Flow) -> Lane {
    let mut change = [0.0; LANES];
    for step in steps {
        let (bus, upstream) = (step.bus as usize, step.upstream as usize);
        let (up_re, up_im) = (&flow.v_re[upstream], &flow.v_im[upstream]);
        let (i_re, i_im) = (&flow.i_re[bus], &flow.i_im[bus]);
        let (mut v_re, mut v_im) = (flow.v_re[bus], flow.v_im[bus]);
        for lane in 0..LANES {
            let re = up_re[lane] - (step.r * i_re[lane] - step.x * i_im[lane]);
            let im = up_im[lane] - (step.r * i_im[lane] + step.x * i_re[lane]);
            let (d_re, d_im) = (re - v_re[lane], im - v_im[lane]);
            let squared = d_re * d_re + d_im * d_im;
            // What is not a number replaces what is, and is found again by `conclude` should a later bus hide it.
            change[lane] = if squared <= change[lane] { change[lane] } else { squared };
            v_re[lane] = if active[lane] > 0.0 { re } else { v_re[lane] };
            v_im[lane] = if active[lane] > 0.0 { im } else { v_im[lane] };
        }
        flow.v_re[bus] = v_re;
        flow.v_im[bus] = v_im;
    }
    change
}

/// Sums of each lane, and zeros where there is no result.
#[inline(always)]
fn conclude(feeder: &Feeder, p_kw: &[Lane], q_kvar: &[Lane], flow: &mut Flow) {
    let (mut losses, mut low) = ([0.0; LANES], [0.0; LANES]);
    for step in &feeder.steps {
        let bus = step.bus as usize;
        let (v_re, v_im) = (&flow.v_re[bus], &flow.v_im[bus]);
        let (i_re, i_im) = (&flow.i_re[bus], &flow.i_im[bus]);
        for lane in 0..LANES {
            let v_squared = v_re[lane] * v_re[lane] + v_im[lane] * v_im[lane];
            let i_squared = i_re[lane] * i_re[lane] + i_im[lane] * i_im[lane];
            losses[lane] += step.r * i_squared + step.g * v_squared;
            let is_fine = (LOWEST_VOLTAGE * LOWEST_VOLTAGE..f64::INFINITY).contains(&v_squared);
            low[lane] = if is_fine { low[lane] } else { 1.0 };
        }
    }
    let slack = feeder.slack;
    let [g, b] = feeder.slack_shunt;
    let v_squared = feeder.slack_pu * feeder.slack_pu;
    for lane in 0..LANES {
        // The slack is at angle 0.
        flow.slack_p_kw[lane] =
            p_kw[slack][lane] + (feeder.slack_pu * flow.i_re[slack][lane] + g * v_squared) * BASE_KVA;
        flow.slack_q_kvar[lane] =
            q_kvar[slack][lane] - (feeder.slack_pu * flow.i_im[slack][lane] + b * v_squared) * BASE_KVA;
        flow.losses_kw[lane] = (losses[lane] + g * v_squared) * BASE_KVA;
        if low[lane] > 0.0 && flow.outcome[lane] == Outcome::Converged {
            flow.outcome[lane] = Outcome::Collapsed;
        }
    }
    if flow.outcome != [Outcome::Converged; LANES] {
        clear_failed(flow);
    }
}

fn clear_failed(flow: &mut Flow) {
    for lane in (0..LANES).filter(|lane| flow.outcome[*lane] != Outcome::Converged) {
        for values in [&mut flow.v_re, &mut flow.v_im, &mut flow.i_re, &mut flow.i_im] {
            values.iter_mut().for_each(|of_bus| of_bus[lane] = 0.0);
        }
        flow.losses_kw[lane] = 0.0;
        flow.slack_p_kw[lane] = 0.0;
        flow.slack_q_kvar[lane] = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use pulp::WithSimd;

    use super::super::{Line, order_of};
    use super::*;

    /// Loads of −20 to 60 kW in a mixed order.
    fn loads(n_buses: usize, seed: u64) -> Vec<Lane> {
        let n = n_buses * LANES;
        let mixed: Vec<f64> =
            order_of(seed, 0, n).into_iter().map(|place| 80.0 * place as f64 / n as f64 - 20.0).collect();
        mixed.chunks(LANES).map(|lanes| lanes.try_into().unwrap()).collect()
    }

    #[test]
    fn bits_are_those_of_the_plainest_instructions() {
        let line = |bus: usize| Line {
            from: bus / 2,
            to: bus,
            r_ohm: 0.001 * bus as f64,
            x_ohm: 0.004,
            g_siemens: 0.0,
            b_siemens: 1e-3,
            max_i_ka: 0.27,
        };
        let lines: Vec<Line> = (1..50).map(line).collect();
        let (p_kw, q_kvar) = (loads(50, 1), loads(50, 2));
        for shunts in [1.0, 0.0] {
            let lines: Vec<Line> =
                lines.iter().map(|line| Line { b_siemens: shunts * line.b_siemens, ..*line }).collect();
            let feeder = Feeder::new(50, &lines, 0, 0.4, 1.0).unwrap();
            let accuracy = Accuracy::default();
            let (mut fast, mut plain) = (Flow::new(&feeder), Flow::new(&feeder));
            sweep(&feeder, &p_kw, &q_kvar, &accuracy, &mut fast);
            Sweep { feeder: &feeder, p_kw: &p_kw, q_kvar: &q_kvar, accuracy: &accuracy, flow: &mut plain }
                .with_simd(pulp::Scalar::new());
            assert_eq!(fast, plain);
            assert!(fast.outcome.contains(&Outcome::Converged) && fast.iterations[0] > 3, "{:?}", fast.iterations);
        }
    }

    #[test]
    fn settings_out_of_range_are_told() {
        for wrong in [
            Accuracy { tolerance: 0.0, ..Accuracy::default() },
            Accuracy { tolerance: f64::NAN, ..Accuracy::default() },
            Accuracy { max_iterations: 1001, ..Accuracy::default() },
        ] {
            assert!(matches!(wrong.check(), Err(FeederError::Setting { .. })), "{wrong:?}");
        }
        assert_eq!(Accuracy::default().check(), Ok(()));
    }
}
