//! Volume-delay functions: travel time of a link as a function of its volume.

mod akcelik;
mod bpr;
mod check;
mod conical;
mod power;

pub use akcelik::AkcelikDelay;
pub use bpr::BprDelay;
pub use conical::ConicalDelay;

use conurb_numerics::Exponent;
use power::PowerCurve;

use crate::network::NetworkError;

/// Travel time of one link as a function of its volume: finite at any volume, and never falling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum VolumeDelay {
    /// BPR.
    Bpr(BprDelay),
    /// BPR with the power 2 p beyond capacity.
    ///
    /// Its marginal cost jumps at capacity from t0 (1 + b (1 + p)) to t0 (1 + b (1 + 2 p)). Total travel time is convex all the
    /// same, but where the optimum leaves such a link just full, no gap of marginal costs closes.
    Bpr2(BprDelay),
    /// Spiess.
    Conical(ConicalDelay),
    /// Akçelik.
    Akcelik(AkcelikDelay),
}

/// Volume, cost and cost derivative of one link, side by side because they are read together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LinkState {
    /// Volume, vehicles per period.
    pub volume: f64,
    /// Cost at that volume, time units.
    pub cost: f64,
    /// d cost / d volume.
    pub slope: f64,
}

/// Cost functions of links, in the order they were given, ready for hot loops.
///
/// The cost is either the travel time t(v) or, after [`LinkDelays::marginal`], t(v) + v t'(v).
#[derive(Debug, Clone)]
pub struct LinkDelays {
    /// Curves of links whose function is one power; an exponent of 0 marks the others.
    curves: Vec<PowerCurve>,
    functions: Vec<VolumeDelay>,
    measure: CostMeasure,
}

/// Which cost of a link counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CostMeasure {
    /// t(v), what each vehicle bears.
    Average,
    /// t(v) + v t'(v), what one more vehicle costs all.
    Marginal,
}

/// Time and its derivatives at one volume.
#[derive(Debug, Clone, Copy)]
struct Shape {
    time: f64,
    /// t'.
    slope: f64,
    /// v t''.
    bend: f64,
}

/// No curve that rises has this exponent, so that it can mark links whose function is not one power.
const NOT_ONE_POWER: f64 = 0.0;

impl From<BprDelay> for VolumeDelay {
    fn from(delay: BprDelay) -> Self {
        VolumeDelay::Bpr(delay)
    }
}

impl VolumeDelay {
    /// Checks that time is finite and, where the function depends on volume at all, strictly rises; errors name `link`.
    ///
    /// # Errors
    /// A parameter out of its range, or so extreme that cost or slope is not finite at volumes from 0 to capacity.
    pub fn check(&self, link: usize) -> Result<(), NetworkError> {
        let capacity = match self {
            VolumeDelay::Bpr(delay) | VolumeDelay::Bpr2(delay) => delay.check(link).map(|()| delay.capacity),
            VolumeDelay::Conical(delay) => delay.check(link).map(|()| delay.capacity),
            VolumeDelay::Akcelik(delay) => delay.check(link).map(|()| delay.capacity),
        }?;
        for volume in [0.0, capacity] {
            let state = self.state(CostMeasure::Marginal, volume);
            if !(state.cost.is_finite() && state.slope.is_finite()) {
                let (what, expected) = ("capacity", "one at which marginal cost and its slope are finite");
                return Err(NetworkError::Value { link, what, value: capacity, expected });
            }
        }
        Ok(())
    }

    /// Travel time at `volume`; volumes below 0 take what the empty link takes.
    pub fn time(&self, volume: f64) -> f64 {
        self.state(CostMeasure::Average, volume).cost
    }

    /// The curve where the function is one power or constant, else one with the exponent [`NOT_ONE_POWER`].
    fn curve(&self, measure: CostMeasure) -> PowerCurve {
        let not_one_power =
            PowerCurve { rise: 1.0, exponent: Exponent::new(NOT_ONE_POWER), ..PowerCurve::constant(0.0) };
        match self {
            VolumeDelay::Bpr(delay) => delay.curve(measure),
            VolumeDelay::Bpr2(delay) if !delay.congestible() => delay.curve(measure),
            VolumeDelay::Conical(delay) if delay.free_flow_time == 0.0 => PowerCurve::constant(0.0),
            _ => not_one_power,
        }
    }

    /// Cost and slope, apart from hot loops over powers.
    #[inline(never)]
    fn state(&self, measure: CostMeasure, volume: f64) -> LinkState {
        match self {
            VolumeDelay::Bpr(delay) => delay.curve(measure).state(volume),
            VolumeDelay::Bpr2(delay) => delay.state_of_two_powers(measure, volume),
            VolumeDelay::Conical(delay) => delay.shape(volume.max(0.0)).state(measure, volume),
            VolumeDelay::Akcelik(delay) => delay.shape(volume.max(0.0)).state(measure, volume),
        }
    }

    /// ∫ time dv from 0 to `volume` ≥ 0.
    fn time_integral(&self, volume: f64) -> f64 {
        match self {
            VolumeDelay::Bpr(delay) => delay.curve(CostMeasure::Average).integral(volume),
            VolumeDelay::Bpr2(delay) => delay.integral_of_two_powers(volume),
            VolumeDelay::Conical(delay) => delay.integral(volume),
            VolumeDelay::Akcelik(delay) => delay.integral(volume),
        }
    }
}

impl Shape {
    fn state(&self, measure: CostMeasure, volume: f64) -> LinkState {
        let (cost, slope) = match measure {
            CostMeasure::Average => (self.time, self.slope),
            CostMeasure::Marginal => (self.time + volume.max(0.0) * self.slope, 2.0 * self.slope + self.bend),
        };
        LinkState { volume, cost, slope }
    }
}

impl LinkDelays {
    /// Travel times of links; each of `functions` is to have passed [`VolumeDelay::check`], as those of a network have.
    pub fn new(functions: impl IntoIterator<Item = VolumeDelay>) -> Self {
        LinkDelays::of(functions.into_iter().collect(), CostMeasure::Average)
    }
    /// Marginal costs t(v) + v t'(v), at whose equilibrium total travel time Σ v t(v) is least; those of marginal costs are the same.
    pub fn marginal(&self) -> Self {
        LinkDelays::of(self.functions.clone(), CostMeasure::Marginal)
    }
    /// Number of links.
    pub fn len(&self) -> usize {
        self.curves.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.curves.is_empty()
    }
    /// Cost and slope of `link` at `volume`; volumes below 0 cost what the empty link costs.
    #[inline]
    pub fn state(&self, link: usize, volume: f64) -> LinkState {
        let curve = &self.curves[link];
        if curve.is_quartic() {
            // Asked first, since nearly all links of most networks are.
            curve.state_quartic(volume)
        } else if curve.rise == 0.0 {
            LinkState { volume, cost: curve.constant, slope: 0.0 }
        } else if curve.exponent.value() == NOT_ONE_POWER {
            self.functions[link].state(self.measure, volume)
        } else {
            curve.state(volume)
        }
    }
    /// Cost of `link` at `volume`.
    #[inline]
    pub fn cost(&self, link: usize, volume: f64) -> f64 {
        self.state(link, volume).cost
    }
    /// ∫ cost dv of `link` from 0 to `volume`: its term of the Beckmann objective; v t(v) for marginal costs.
    pub fn cost_integral(&self, link: usize, volume: f64) -> f64 {
        let curve = &self.curves[link];
        if curve.exponent.value() != NOT_ONE_POWER {
            return curve.integral(volume);
        }
        let function = &self.functions[link];
        if volume <= 0.0 || self.measure == CostMeasure::Marginal {
            return volume * function.time(volume);
        }
        function.time_integral(volume)
    }
    /// Whether the cost of `link` rises with its volume.
    pub fn rises(&self, link: usize) -> bool {
        self.curves[link].rise > 0.0
    }

    fn of(functions: Vec<VolumeDelay>, measure: CostMeasure) -> Self {
        let curves = functions.iter().map(|function| function.curve(measure)).collect();
        LinkDelays { curves, functions, measure }
    }
}
