//! The used paths of one origin, and gradient projection between them.
//!
//! Each pair has a basic path, stored as its links, and alternatives, each stored as the links it has and the basic
//! path has not (`gained`) and the other way round (`lost`). Flow moves between an alternative and the basic path, and
//! exactly these links see it, so a sweep reads nothing else. The basic path carries what the alternatives leave, so that
//! demand is conserved by construction. What does not depend on volumes, tolls and the like and turns, is one number per path.
//!
//! A path is known as the set of its links, each of which it has once; [`crate::in_order`] gives their order.
//!
//! Source of the method: Jayakrishnan, Tsai, Prashker and Rajadhyaksha, A faster path-based algorithm for traffic
//! assignment, Transp. Res. Rec. 1443, 1994; Florian, Constantin and Florian, A new look at projected gradient method for
//! equilibrium assignment, Transp. Res. Rec. 2090, 2009, <https://doi.org/10.3141/2090-02>.

mod grow;
mod known;
mod scratch;

pub use grow::Growth;
pub use known::KnownPaths;
pub use scratch::PathScratch;

use crate::delay::LinkDelays;
use crate::overlay::Overlay;

/// Paths and path flows from one origin; pairs are the origin's pairs in the demand.
#[derive(Debug, Clone, Default)]
pub struct OriginPaths {
    /// Links of basic paths, from origin to destination, pair after pair.
    basic_links: Box<[u32]>,
    /// End of each pair's basic path.
    basic_end: Box<[u32]>,
    /// Fixed cost of each pair's basic path.
    basic_fixed: Box<[f64]>,
    alternatives: Box<[Alternative]>,
    /// Gained, then lost links of each alternative.
    segments: Box<[u32]>,
}

#[derive(Debug, Clone, Copy)]
struct Alternative {
    /// Flow, and flow before the last sweep.
    flow: f64,
    previous_flow: f64,
    /// Fixed cost over that of the basic path.
    fixed_excess: f64,
    pair: u32,
    /// End of the gained and of the lost links.
    gained_end: u32,
    lost_end: u32,
}

/// What links cost the users of one origin's paths.
#[derive(Debug, Clone, Copy)]
pub struct LinkCosts<'a> {
    /// Cost of each link that depends on its volume, at the volumes at hand.
    pub volume_dependent: &'a [f64],
    /// Cost of each link that does not: tolls and distance in time units; infinite on links they may not use.
    pub fixed: &'a [f64],
}

/// The paths of one origin have more links than can be numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the paths of one origin have more than 2^32 - 1 links")]
pub struct TooManyPathLinks;

/// Total of one sweep over an origin's paths.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sweep {
    /// Σ flow on the dearer path × cost difference over alternatives, each before its move: what the restricted
    /// problem contributes to TSTT − SPTT.
    pub excess_cost: f64,
    /// By how much the moves change Σ flow × fixed cost.
    pub fixed_change: f64,
}

impl OriginPaths {
    /// Moves flow once between each alternative and its basic path, by a Newton step on the difference of their costs.
    ///
    /// Each move is seen by the next through `overlay`. `trips` are the origin's trips by pair.
    pub fn sweep(&mut self, delays: &LinkDelays, trips: &[f64], overlay: &mut Overlay) -> Sweep {
        let mut sweep = Sweep::default();
        let (mut index, mut start) = (0, 0);
        while index < self.alternatives.len() {
            let pair = self.alternatives[index].pair;
            let end = index + self.alternatives[index..].iter().take_while(|other| other.pair == pair).count();
            let mut basic_flow =
                trips[pair as usize] - self.alternatives[index..end].iter().map(|other| other.flow).sum::<f64>();
            for alternative in &mut self.alternatives[index..end] {
                let gained = &self.segments[start..alternative.gained_end as usize];
                let lost = &self.segments[alternative.gained_end as usize..alternative.lost_end as usize];
                start = alternative.lost_end as usize;
                alternative.previous_flow = alternative.flow;
                let fixed_excess = alternative.fixed_excess;
                let Some((excess, slope)) = difference(overlay, gained, lost, fixed_excess) else { continue };
                // Flow to move onto the basic path; negative the other way.
                let wanted = if slope > 0.0 { excess / slope } else { excess * f64::INFINITY };
                let moved = wanted.clamp(-basic_flow.max(0.0), alternative.flow);
                sweep.excess_cost += if excess > 0.0 { alternative.flow * excess } else { basic_flow * -excess };
                if moved == 0.0 {
                    continue;
                }
                alternative.flow -= moved;
                basic_flow += moved;
                sweep.fixed_change -= moved * fixed_excess;
                gained.iter().for_each(|&link| overlay.add(delays, link, -moved));
                lost.iter().for_each(|&link| overlay.add(delays, link, moved));
            }
            index = end;
        }
        sweep
    }

    /// Keeps only the part `step` of what the last sweep moved.
    pub fn scale_last_sweep(&mut self, step: f64) {
        for alternative in &mut self.alternatives {
            alternative.flow = alternative.previous_flow + step * (alternative.flow - alternative.previous_flow);
        }
    }

    /// Adds the flows of all paths to `volumes`.
    pub fn load(&self, trips: &[f64], volumes: &mut [f64]) {
        let mut start = 0;
        for (&end, &trips) in self.basic_end.iter().zip(trips) {
            self.basic_links[start..end as usize].iter().for_each(|&link| volumes[link as usize] += trips);
            start = end as usize;
        }
        let mut start = 0;
        for alternative in &self.alternatives {
            let (gained_end, lost_end) = (alternative.gained_end as usize, alternative.lost_end as usize);
            self.segments[start..gained_end].iter().for_each(|&link| volumes[link as usize] += alternative.flow);
            self.segments[gained_end..lost_end].iter().for_each(|&link| volumes[link as usize] -= alternative.flow);
            start = lost_end;
        }
    }

    /// Σ flow × fixed cost over all paths.
    pub fn fixed_cost(&self, trips: &[f64]) -> f64 {
        let basic: f64 = self.basic_fixed.iter().zip(trips).map(|(fixed, trips)| fixed * trips).sum();
        basic + self.alternatives.iter().map(|other| other.flow * other.fixed_excess).sum::<f64>()
    }

    /// Shows each used path to `visit`: pair, flow, fixed cost and links, those of a pair one after the other.
    pub fn for_each_path(
        &self,
        trips: &[f64],
        scratch: &mut PathScratch,
        mut visit: impl FnMut(usize, f64, f64, &[u32]),
    ) {
        for (pair, ((basic, alternatives), &trips)) in self.pairs().zip(trips).enumerate() {
            let flow = trips - alternatives.flow();
            if flow > 0.0 && !basic.links.is_empty() {
                visit(pair, flow, basic.fixed, basic.links);
            }
            for (alternative, gained, lost) in alternatives.used() {
                scratch.rebuild(basic.links, (gained, lost));
                visit(pair, alternative.flow, basic.fixed + alternative.fixed_excess, &scratch.rebuilt);
            }
        }
    }

    /// Bytes held.
    pub fn n_bytes(&self) -> usize {
        4 * (self.basic_links.len() + self.basic_end.len() + self.segments.len())
            + 8 * self.basic_fixed.len()
            + size_of::<Alternative>() * self.alternatives.len()
    }

    /// The paths of each pair as they stand; none before the first growth.
    fn pairs(&self) -> impl Iterator<Item = (Basic<'_>, Alternatives<'_>)> {
        let (mut basic_start, mut first, mut segment_start) = (0, 0, 0);
        self.basic_end.iter().zip(&self.basic_fixed).enumerate().map(move |(pair, (&basic_end, &fixed))| {
            let basic = Basic { links: &self.basic_links[basic_start..basic_end as usize], fixed };
            basic_start = basic_end as usize;
            let n_alternatives =
                self.alternatives[first..].iter().take_while(|other| other.pair as usize == pair).count();
            let all = &self.alternatives[first..first + n_alternatives];
            first += n_alternatives;
            let alternatives = Alternatives { all, segments: &self.segments, segment_start };
            segment_start = all.last().map_or(segment_start, |last| last.lost_end as usize);
            (basic, alternatives)
        })
    }

    /// Takes over the rebuilt paths, in allocations of just their size: there are as many of these as there are origins.
    fn take(&mut self, scratch: &PathScratch) -> Result<(), TooManyPathLinks> {
        if scratch.basic_links.len().max(scratch.segments.len()) > u32::MAX as usize {
            return Err(TooManyPathLinks);
        }
        renew(&mut self.basic_links, &scratch.basic_links);
        renew(&mut self.basic_end, &scratch.basic_end);
        renew(&mut self.basic_fixed, &scratch.basic_fixed);
        renew(&mut self.alternatives, &scratch.alternatives);
        renew(&mut self.segments, &scratch.segments);
        Ok(())
    }
}

fn renew<T: Copy>(kept: &mut Box<[T]>, rebuilt: &[T]) {
    if kept.len() == rebuilt.len() {
        kept.copy_from_slice(rebuilt);
    } else {
        *kept = Box::default();
        *kept = rebuilt.into();
    }
}

impl LinkCosts<'_> {
    /// Sum of the volume-dependent costs of some links.
    fn volume_dependent_of(&self, links: &[u32]) -> f64 {
        links.iter().map(|&link| self.volume_dependent[link as usize]).sum()
    }
    /// Sum of the fixed costs of some links.
    fn fixed_of(&self, links: &[u32]) -> f64 {
        links.iter().map(|&link| self.fixed[link as usize]).sum()
    }
}

/// Cost of an alternative over that of its basic path, and its derivative by the flow moved; none where rounding hides it.
#[inline]
fn difference(overlay: &Overlay, gained: &[u32], lost: &[u32], fixed_excess: f64) -> Option<(f64, f64)> {
    let sum = |links: &[u32]| {
        links.iter().fold((0.0, 0.0), |(cost, slope), &link| {
            let state = overlay.state(link);
            (cost + state.cost, slope + state.slope)
        })
    };
    let (gained_cost, gained_slope) = sum(gained);
    let (lost_cost, lost_slope) = sum(lost);
    let excess: f64 = gained_cost - lost_cost + fixed_excess;
    let size = gained_cost + lost_cost + fixed_excess.abs();
    (excess.abs() > ROUNDING_OF_DIFFERENCE * size).then_some((excess, gained_slope + lost_slope))
}

/// Relative rounding error of a sum of some twenty link costs.
const ROUNDING_OF_DIFFERENCE: f64 = 2e-15;

/// The basic path of a pair as it stands.
struct Basic<'a> {
    links: &'a [u32],
    fixed: f64,
}

/// The alternatives of one pair as they stand.
struct Alternatives<'a> {
    all: &'a [Alternative],
    segments: &'a [u32],
    segment_start: usize,
}

impl<'a> Alternatives<'a> {
    /// Each alternative with its gained and lost links.
    fn iter(&self) -> impl Iterator<Item = (&'a Alternative, &'a [u32], &'a [u32])> {
        let segments = self.segments;
        self.all.iter().scan(self.segment_start, move |start, alternative| {
            let (gained_end, lost_end) = (alternative.gained_end as usize, alternative.lost_end as usize);
            let segment = (alternative, &segments[*start..gained_end], &segments[gained_end..lost_end]);
            *start = lost_end;
            Some(segment)
        })
    }
    /// Those with flow, as `iter` gives them.
    fn used(&self) -> impl Iterator<Item = (&'a Alternative, &'a [u32], &'a [u32])> {
        self.iter().filter(|(alternative, ..)| alternative.flow > 0.0)
    }
    /// Flow on all of them.
    fn flow(&self) -> f64 {
        self.all.iter().map(|alternative| alternative.flow).sum()
    }
    /// Σ flow × fixed cost over that of the basic path.
    fn fixed_excess(&self) -> f64 {
        self.all.iter().map(|alternative| alternative.flow * alternative.fixed_excess).sum()
    }
}
