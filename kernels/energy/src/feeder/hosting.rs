//! How many buses may get a technology before a feeder passes a limit.

use std::ops::Range;

use super::observe::extremes;
use super::screening::check_loads;
use super::{Accuracy, Cause, Feeder, FeederError, Flow, LANES, Lane, LoadSeries, OperatingLimits, order_of, sweep};

/// What one unit of a technology adds to the load of its bus; below 0 what it feeds in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Added<'a> {
    /// The same at every bus, hour by hour.
    Alike {
        /// Active power, −1e9 to 1e9 kW.
        p_kw: &'a [f64],
        /// Reactive power, −1e9 to 1e9 kvar.
        q_kvar: &'a [f64],
    },
    /// Each bus its own.
    ByBus(LoadSeries<'a>),
}

/// A question of hosting capacity: photovoltaics, heat pumps, charging or any mix that `added` stands for.
#[derive(Debug, Clone)]
pub struct Hosting<'a> {
    /// Loads before.
    pub base: LoadSeries<'a>,
    /// What a unit adds.
    pub added: Added<'a>,
    /// Buses that may get one, each once and not the slack.
    pub candidates: &'a [usize],
    /// What must not be passed in any hour.
    pub limits: OperatingLimits,
    /// Of the load flows.
    pub accuracy: Accuracy,
    /// Key of the random orders in which candidates get theirs.
    pub seed: u64,
    /// Which of the orders; each is computed by itself.
    pub draws: Range<u64>,
}

/// What a feeder hosts in one draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hosted {
    /// The draw.
    pub draw: u64,
    /// Candidates that may get a unit, the first of the draw's order; none if a limit is passed without any.
    pub n_hosted: Option<usize>,
    /// The same as a share of the candidates, 0 to 1; 0 for none.
    pub share: f64,
    /// What one candidate more passes, and in which hour first; none if all are hosted.
    pub limit: Option<(Cause, usize)>,
}

/// The hosting capacity of each draw.
///
/// In a draw, candidates get their units in a fixed random order, so a larger share contains the smaller ones; the largest share
/// within limits is found by bisection over their number, which takes for granted that what passes a limit also does with
/// more units. Where units help each other (photovoltaics beside heat pumps) the result is one border of several. All draws
/// and technologies of a seed share their orders (common random numbers), so that differences are those of the
/// technology.
///
/// # Errors
/// Series that do not fit the feeder or each other, loads or settings out of range, candidates that are none.
pub fn host(feeder: &Feeder, hosting: &Hosting<'_>) -> Result<Vec<Hosted>, FeederError> {
    let n_hours = check(feeder, hosting)?;
    let mut search = Search::new(feeder, hosting, n_hours);
    Ok(hosting.draws.clone().map(|draw| search.draw(draw)).collect())
}

/// Memory of the searches of a feeder.
struct Search<'a> {
    feeder: &'a Feeder,
    hosting: &'a Hosting<'a>,
    n_hours: usize,
    p: Vec<Lane>,
    q: Vec<Lane>,
    flow: Flow,
    /// Block of hours that passed a limit last, and is tried before the others.
    critical: usize,
}

impl<'a> Search<'a> {
    fn new(feeder: &'a Feeder, hosting: &'a Hosting<'a>, n_hours: usize) -> Self {
        let none = vec![[0.0; LANES]; feeder.n_buses()];
        Search { feeder, hosting, n_hours, p: none.clone(), q: none, flow: Flow::new(feeder), critical: 0 }
    }

    fn draw(&mut self, draw: u64) -> Hosted {
        let candidates = self.hosting.candidates;
        let order: Vec<usize> =
            order_of(self.hosting.seed, draw, candidates.len()).into_iter().map(|place| candidates[place]).collect();
        let hosted = |n_hosted: Option<usize>, limit| {
            let share = n_hosted.unwrap_or(0) as f64 / candidates.len().max(1) as f64;
            Hosted { draw, n_hosted, share, limit }
        };
        if self.is_within(&order) {
            return hosted(Some(order.len()), None);
        }
        if !self.is_within(&[]) {
            return hosted(None, self.first_limit(&[]));
        }
        let (mut within, mut beyond) = (0, order.len());
        while beyond - within > 1 {
            let middle = within + (beyond - within) / 2;
            if self.is_within(&order[..middle]) {
                within = middle;
            } else {
                beyond = middle;
            }
        }
        hosted(Some(within), self.first_limit(&order[..beyond]))
    }

    /// Whether no hour passes a limit if `units` have one each.
    fn is_within(&mut self, units: &[usize]) -> bool {
        let n_blocks = self.n_hours.div_ceil(LANES);
        let critical = self.critical;
        for block in std::iter::once(critical).chain((0..n_blocks).filter(|block| *block != critical)) {
            if block < n_blocks && self.limit_in(block, units).is_some() {
                self.critical = block;
                return false;
            }
        }
        true
    }

    /// The first hour that passes a limit, and which.
    fn first_limit(&mut self, units: &[usize]) -> Option<(Cause, usize)> {
        (0..self.n_hours.div_ceil(LANES)).find_map(|block| self.limit_in(block, units))
    }

    fn limit_in(&mut self, block: usize, units: &[usize]) -> Option<(Cause, usize)> {
        let first = block * LANES;
        let hosting = self.hosting;
        hosting.base.fill(first, self.n_hours, &mut self.p, &mut self.q);
        for lane in 0..LANES {
            let hour = (first + lane).min(self.n_hours - 1);
            for &bus in units {
                let (p, q) = hosting.added.at(hour, bus, self.p.len());
                self.p[bus][lane] += p;
                self.q[bus][lane] += q;
            }
        }
        sweep(self.feeder, &self.p, &self.q, &hosting.accuracy, &mut self.flow);
        let found = extremes(self.feeder, &self.flow);
        let used = LANES.min(self.n_hours - first);
        (0..used).find_map(|lane| {
            let cause = hosting.limits.passed(self.feeder, &self.flow, &found, lane)?;
            Some((cause, first + lane))
        })
    }
}

impl Added<'_> {
    fn at(&self, hour: usize, bus: usize, n_buses: usize) -> (f64, f64) {
        match self {
            Added::Alike { p_kw, q_kvar } => (p_kw[hour], q_kvar[hour]),
            Added::ByBus(series) => (series.p_kw[hour * n_buses + bus], series.q_kvar[hour * n_buses + bus]),
        }
    }
}

/// The number of hours.
fn check(feeder: &Feeder, hosting: &Hosting<'_>) -> Result<usize, FeederError> {
    hosting.accuracy.check()?;
    hosting.limits.check()?;
    let n_buses = feeder.n_buses();
    let n_hours = hosting.base.check(n_buses)?;
    let (p_kw, q_kvar, per_hour) = match hosting.added {
        Added::Alike { p_kw, q_kvar } => (p_kw, q_kvar, 1),
        Added::ByBus(LoadSeries { p_kw, q_kvar }) => (p_kw, q_kvar, n_buses),
    };
    for (what, series) in [("added active loads", p_kw), ("added reactive loads", q_kvar)] {
        if series.len() != n_hours * per_hour {
            return Err(FeederError::Length { what, found: series.len(), expected: n_hours * per_hour });
        }
        check_loads(what, series)?;
    }
    let mut is_free = vec![true; n_buses];
    is_free[feeder.slack()] = false;
    for (index, bus) in hosting.candidates.iter().enumerate() {
        match is_free.get_mut(*bus) {
            Some(is_free) if *is_free => *is_free = false,
            _ => return Err(FeederError::Candidate { index, bus: *bus }),
        }
    }
    Ok(n_hours)
}
