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

use crate::delay::LinkDelays;
use crate::graph::Graph;
use crate::overlay::Overlay;
use crate::tree::TreeSearch;

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

/// Paths of an origin's pairs from an earlier solution, pair after pair, as far as they are still valid.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KnownPaths {
    links: Vec<u32>,
    paths: Vec<KnownPath>,
    /// End of each pair's paths.
    pair_end: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct KnownPath {
    flow: f64,
    turn_cost: f64,
    /// End of its links.
    end: usize,
}

impl KnownPaths {
    /// Adds a path of the pair at hand: its links, what its turns cost, its flow.
    pub fn push(&mut self, links: &[u32], turn_cost: f64, flow: f64) {
        self.links.extend_from_slice(links);
        self.paths.push(KnownPath { flow, turn_cost, end: self.links.len() });
    }
    /// Goes on to the next pair.
    pub fn end_pair(&mut self) {
        self.pair_end.push(self.paths.len() as u32);
    }
    /// The paths of a pair: links, what the turns cost, flow.
    pub fn of(&self, pair: usize) -> impl ExactSizeIterator<Item = (&[u32], f64, f64)> + DoubleEndedIterator {
        let end_before = |index: usize, ends: &dyn Fn(usize) -> usize| if index == 0 { 0 } else { ends(index - 1) };
        let first = end_before(pair, &|before| self.pair_end[before] as usize);
        (first..self.pair_end[pair] as usize).map(move |index| {
            let path = &self.paths[index];
            let start = if index == 0 { 0 } else { self.paths[index - 1].end };
            (&self.links[start..path.end], path.turn_cost, path.flow)
        })
    }
    /// Whether every pair has a path with flow.
    pub fn is_complete(&self) -> bool {
        (0..self.pair_end.len()).all(|pair| self.of(pair).any(|(.., flow)| flow > 0.0))
    }
    /// Adds flows scaled to `trips` by pair to `volumes`.
    pub fn load(&self, trips: &[f64], volumes: &mut [f64]) {
        for (pair, &trips) in trips.iter().enumerate() {
            let total: f64 = self.of(pair).map(|(.., flow)| flow).sum();
            for (links, _, flow) in self.of(pair).filter(|(.., flow)| *flow > 0.0) {
                let share = flow / total * trips;
                links.iter().for_each(|&link| volumes[link as usize] += share);
            }
        }
    }
}

/// What growing the path sets of an origin found.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Growth {
    /// Σ trips × least cost over reachable pairs.
    pub shortest_path_travel_time: f64,
    /// Σ flow × fixed cost over the paths as they were.
    pub fixed_cost: f64,
    /// Trips of reachable pairs.
    pub reachable_trips: f64,
    /// Trips of pairs that no path joins.
    pub unreachable_trips: f64,
    /// Pairs that no path joins.
    pub unreachable_pairs: u64,
    /// Paths added.
    pub new_paths: u64,
    /// Paths in use, basic ones included.
    pub paths: u64,
}

/// The paths of one origin have more links than can be numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the paths of one origin have more than 2^32 - 1 links")]
pub struct TooManyPathLinks;

/// Working memory for growing path sets.
#[derive(Debug, Clone)]
pub struct PathScratch {
    basic_links: Vec<u32>,
    basic_end: Vec<u32>,
    basic_fixed: Vec<f64>,
    alternatives: Vec<Alternative>,
    segments: Vec<u32>,
    candidate: Vec<u32>,
    rebuilt: Vec<u32>,
    /// Which links the basic path of the pair at hand has, and which an alternative has not.
    on_basic: Vec<bool>,
    is_lost: Vec<bool>,
}

impl PathScratch {
    /// Working memory for `graph`.
    pub fn new(graph: &Graph) -> Self {
        PathScratch {
            basic_links: Vec::new(),
            basic_end: Vec::new(),
            basic_fixed: Vec::new(),
            alternatives: Vec::new(),
            segments: Vec::new(),
            candidate: Vec::new(),
            rebuilt: Vec::new(),
            on_basic: vec![false; graph.n_links()],
            is_lost: vec![false; graph.n_links()],
        }
    }

    fn clear(&mut self) {
        self.basic_links.clear();
        self.basic_end.clear();
        self.basic_fixed.clear();
        self.alternatives.clear();
        self.segments.clear();
    }

    fn end_basic(&mut self, fixed: f64) {
        self.basic_end.push(self.basic_links.len() as u32);
        self.basic_fixed.push(fixed);
    }
}

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
    /// Adds the paths of `tree` where they are cheaper than all known ones by more than `tolerance` relative, drops unused paths
    /// and makes the cheapest path of each such pair its basic path.
    ///
    /// `destinations` are states of the graph with their trips, the same ones at every call; `costs` those the tree was grown with.
    ///
    /// # Errors
    /// The paths have more links than 32 bits number; the paths stay as they were.
    pub fn grow(
        &mut self,
        graph: &Graph,
        costs: LinkCosts<'_>,
        tree: &TreeSearch,
        destinations: impl ExactSizeIterator<Item = (u32, f64)>,
        tolerance: f64,
        scratch: &mut PathScratch,
    ) -> Result<Growth, TooManyPathLinks> {
        let mut growth = Growth::default();
        let first_time = self.basic_end.is_empty();
        scratch.clear();
        let (mut basic_start, mut old, mut segment_start) = (0, 0, 0);
        for (pair, (state, trips)) in destinations.enumerate() {
            let least = tree.cost(state);
            if !least.is_finite() {
                growth.unreachable_pairs += 1;
                growth.unreachable_trips += trips;
                scratch.end_basic(0.0);
                continue;
            }
            growth.shortest_path_travel_time += trips * least;
            growth.reachable_trips += trips;
            growth.paths += 1;
            if first_time {
                let fixed = add_tree_path(graph, costs, tree, state, scratch);
                growth.fixed_cost += trips * fixed;
                growth.new_paths += 1;
                continue;
            }
            let basic_end = self.basic_end[pair] as usize;
            let basic = Basic { links: &self.basic_links[basic_start..basic_end], fixed: self.basic_fixed[pair] };
            basic_start = basic_end;
            let first = old;
            while old < self.alternatives.len() && self.alternatives[old].pair as usize == pair {
                old += 1;
            }
            let known = Known { alternatives: &self.alternatives[first..old], segments: &self.segments, segment_start };
            segment_start = self.alternatives[..old].last().map_or(0, |last| last.lost_end as usize);
            growth.fixed_cost += trips * basic.fixed + known.fixed_excess();
            let at = Pair { index: pair as u32, state, trips };
            growth.new_paths +=
                u64::from(renew_pair(graph, costs, tree, &at, (&basic, &known), tolerance, scratch) == Cheapest::New);
        }
        growth.paths += scratch.alternatives.len() as u64;
        self.take(scratch)?;
        Ok(growth)
    }

    /// Takes the paths of an earlier solution, flows scaled to the trips of today; pairs without any get that of `tree`.
    ///
    /// The paths `known` are valid for the graph and these users. `destinations` and `costs` as for `grow`.
    ///
    /// # Errors
    /// The paths have more links than 32 bits number; the paths stay as they were.
    pub fn restore(
        &mut self,
        graph: &Graph,
        costs: LinkCosts<'_>,
        tree: &TreeSearch,
        destinations: impl ExactSizeIterator<Item = (u32, f64)>,
        known: &KnownPaths,
        scratch: &mut PathScratch,
    ) -> Result<(), TooManyPathLinks> {
        scratch.clear();
        for (pair, (state, trips)) in destinations.enumerate() {
            let total: f64 = known.of(pair).map(|(.., flow)| flow).sum();
            // The first of the greatest flow, so that the choice is always the same.
            let greatest = known.of(pair).enumerate().rev().max_by(|(_, one), (_, other)| one.2.total_cmp(&other.2));
            if let Some((chosen, (links, turn_cost, _))) = greatest.filter(|_| total > 0.0) {
                let (start, fixed) = (scratch.basic_links.len(), costs.fixed_of(links) + turn_cost);
                scratch.basic_links.extend_from_slice(links);
                scratch.end_basic(fixed);
                links.iter().for_each(|&link| scratch.on_basic[link as usize] = true);
                let others = known.of(pair).enumerate().filter(|(index, path)| *index != chosen && path.2 > 0.0);
                for (_, (other, turn_cost, flow)) in others {
                    let excess = costs.fixed_of(other) + turn_cost - fixed;
                    describe(pair as u32, other, (flow / total * trips, excess), start, scratch);
                }
                links.iter().for_each(|&link| scratch.on_basic[link as usize] = false);
            } else if tree.cost(state).is_finite() {
                add_tree_path(graph, costs, tree, state, scratch);
            } else {
                scratch.end_basic(0.0);
            }
        }
        self.take(scratch)
    }

    /// Shows each used path to `visit`: pair, flow, fixed cost and links, those of a pair one after the other.
    pub fn for_each_path(
        &self,
        trips: &[f64],
        scratch: &mut PathScratch,
        mut visit: impl FnMut(usize, f64, f64, &[u32]),
    ) {
        let (mut basic_start, mut next, mut segment_start) = (0, 0, 0);
        let mut path = std::mem::take(&mut scratch.rebuilt);
        for (pair, (&basic_end, &trips)) in self.basic_end.iter().zip(trips).enumerate() {
            let basic = &self.basic_links[basic_start..basic_end as usize];
            basic_start = basic_end as usize;
            let first = next;
            next += self.alternatives[first..].iter().take_while(|other| other.pair as usize == pair).count();
            let known =
                Known { alternatives: &self.alternatives[first..next], segments: &self.segments, segment_start };
            segment_start = self.alternatives[..next].last().map_or(0, |last| last.lost_end as usize);
            let flow = trips - known.flow();
            if flow > 0.0 && !basic.is_empty() {
                visit(pair, flow, self.basic_fixed[pair], basic);
            }
            for (alternative, gained, lost) in known.iter().filter(|(alternative, ..)| alternative.flow > 0.0) {
                rebuild_path(basic, (gained, lost), &mut scratch.is_lost, &mut path);
                visit(pair, alternative.flow, self.basic_fixed[pair] + alternative.fixed_excess, &path);
            }
        }
        scratch.rebuilt = path;
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

    /// Bytes held.
    pub fn n_bytes(&self) -> usize {
        4 * (self.basic_links.len() + self.basic_end.len() + self.segments.len())
            + 8 * self.basic_fixed.len()
            + size_of::<Alternative>() * self.alternatives.len()
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

/// A pair: its index, the state of its destination, its trips.
struct Pair {
    index: u32,
    state: u32,
    trips: f64,
}

/// The basic path of a pair as it stands.
struct Basic<'a> {
    links: &'a [u32],
    fixed: f64,
}

/// The alternatives of one pair as they stand.
struct Known<'a> {
    alternatives: &'a [Alternative],
    segments: &'a [u32],
    segment_start: usize,
}

impl<'a> Known<'a> {
    /// Each alternative with its gained and lost links.
    fn iter(&self) -> impl Iterator<Item = (&'a Alternative, &'a [u32], &'a [u32])> {
        let segments = self.segments;
        self.alternatives.iter().scan(self.segment_start, move |start, alternative| {
            let (gained_end, lost_end) = (alternative.gained_end as usize, alternative.lost_end as usize);
            let segment = (alternative, &segments[*start..gained_end], &segments[gained_end..lost_end]);
            *start = lost_end;
            Some(segment)
        })
    }
    /// Flow on all of them.
    fn flow(&self) -> f64 {
        self.alternatives.iter().map(|alternative| alternative.flow).sum()
    }
    /// Σ flow × fixed cost over that of the basic path.
    fn fixed_excess(&self) -> f64 {
        self.alternatives.iter().map(|alternative| alternative.flow * alternative.fixed_excess).sum()
    }
}

/// Which path of a pair is the cheapest.
#[derive(Clone, Copy, PartialEq)]
enum Cheapest {
    Basic,
    Known(usize),
    New,
}

/// Appends the tree's path to `state` as a basic path; its fixed cost.
fn add_tree_path(graph: &Graph, costs: LinkCosts<'_>, tree: &TreeSearch, state: u32, scratch: &mut PathScratch) -> f64 {
    let turn_cost = tree.path_to(graph, state, &mut scratch.candidate);
    let fixed = costs.fixed_of(&scratch.candidate) + turn_cost;
    scratch.basic_links.extend_from_slice(&scratch.candidate);
    scratch.end_basic(fixed);
    fixed
}

/// Writes the renewed paths of one pair to `scratch`; which one is the cheapest.
fn renew_pair(
    graph: &Graph,
    costs: LinkCosts<'_>,
    tree: &TreeSearch,
    pair: &Pair,
    (basic, known): (&Basic<'_>, &Known<'_>),
    tolerance: f64,
    scratch: &mut PathScratch,
) -> Cheapest {
    let basic_cost = costs.volume_dependent_of(basic.links) + basic.fixed;
    let (mut least, mut cheapest) = (basic_cost, Cheapest::Basic);
    for (index, (alternative, gained, lost)) in known.iter().enumerate() {
        let difference = costs.volume_dependent_of(gained) - costs.volume_dependent_of(lost);
        let cost = basic_cost + (difference + alternative.fixed_excess);
        if cost < least * (1.0 - ROUNDING) {
            (least, cheapest) = (cost, Cheapest::Known(index));
        }
    }
    if least - tree.cost(pair.state) > tolerance.max(ROUNDING) * tree.cost(pair.state) {
        cheapest = Cheapest::New;
    }
    if cheapest == Cheapest::Basic {
        scratch.basic_links.extend_from_slice(basic.links);
        scratch.end_basic(basic.fixed);
        for (alternative, gained, lost) in known.iter().filter(|(alternative, ..)| alternative.flow > 0.0) {
            scratch.segments.extend_from_slice(gained);
            let gained_end = scratch.segments.len() as u32;
            scratch.segments.extend_from_slice(lost);
            let lost_end = scratch.segments.len() as u32;
            scratch.alternatives.push(Alternative { gained_end, lost_end, ..*alternative });
        }
    } else {
        rebase_pair(graph, costs, tree, pair, (basic, known), cheapest, scratch);
    }
    cheapest
}

/// Costs closer than this, relative, may differ only by rounding: sums of a hundred terms in different orders.
const ROUNDING: f64 = 1e-13;

/// Makes the cheapest path the basic one and describes the used others against it.
fn rebase_pair(
    graph: &Graph,
    costs: LinkCosts<'_>,
    tree: &TreeSearch,
    pair: &Pair,
    (basic, known): (&Basic<'_>, &Known<'_>),
    cheapest: Cheapest,
    scratch: &mut PathScratch,
) {
    let start = scratch.basic_links.len();
    let fixed = match cheapest {
        Cheapest::Known(index) => {
            let (alternative, gained, lost) = known.iter().nth(index).expect("the cheapest alternative is one of them");
            rebuild_path(basic.links, (gained, lost), &mut scratch.is_lost, &mut scratch.candidate);
            scratch.basic_links.extend_from_slice(&scratch.candidate);
            let fixed = basic.fixed + alternative.fixed_excess;
            scratch.end_basic(fixed);
            fixed
        }
        _ => add_tree_path(graph, costs, tree, pair.state, scratch),
    };
    let new_basic = std::mem::take(&mut scratch.candidate);
    let mut path = std::mem::take(&mut scratch.rebuilt);
    new_basic.iter().for_each(|&link| scratch.on_basic[link as usize] = true);
    let basic_flow = pair.trips - known.flow();
    if basic_flow > 0.0 {
        describe(pair.index, basic.links, (basic_flow, basic.fixed - fixed), start, scratch);
    }
    for (index, (alternative, gained, lost)) in known.iter().enumerate() {
        if alternative.flow > 0.0 && cheapest != Cheapest::Known(index) {
            rebuild_path(basic.links, (gained, lost), &mut scratch.is_lost, &mut path);
            let excess = basic.fixed + alternative.fixed_excess - fixed;
            describe(pair.index, &path, (alternative.flow, excess), start, scratch);
        }
    }
    new_basic.iter().for_each(|&link| scratch.on_basic[link as usize] = false);
    scratch.candidate = new_basic;
    scratch.rebuilt = path;
}

/// The links of an alternative: those of the basic path that it has not lost, then those gained.
fn rebuild_path(basic: &[u32], (gained, lost): (&[u32], &[u32]), is_lost: &mut [bool], path: &mut Vec<u32>) {
    lost.iter().for_each(|&link| is_lost[link as usize] = true);
    path.clear();
    path.extend(basic.iter().filter(|&&link| !is_lost[link as usize]));
    path.extend_from_slice(gained);
    lost.iter().for_each(|&link| is_lost[link as usize] = false);
}

/// Appends `path` as an alternative to the basic path that starts at `basic_start` and whose links are marked.
fn describe(pair: u32, path: &[u32], (flow, fixed_excess): (f64, f64), basic_start: usize, scratch: &mut PathScratch) {
    scratch.segments.extend(path.iter().filter(|&&link| !scratch.on_basic[link as usize]));
    let gained_end = scratch.segments.len() as u32;
    // Links of the path itself are unmarked for a moment, so that those left are the lost ones.
    path.iter().for_each(|&link| scratch.on_basic[link as usize] = false);
    let basic = &scratch.basic_links[basic_start..];
    scratch.segments.extend(basic.iter().filter(|&&link| scratch.on_basic[link as usize]));
    basic.iter().for_each(|&link| scratch.on_basic[link as usize] = true);
    let lost_end = scratch.segments.len() as u32;
    scratch.alternatives.push(Alternative { flow, previous_flow: flow, fixed_excess, pair, gained_end, lost_end });
}
