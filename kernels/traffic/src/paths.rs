//! The used paths of one origin, and gradient projection between them.
//!
//! Each pair has a basic path, stored as its links, and alternatives, each stored as the links it has and the basic
//! path has not (`gained`) and the other way round (`lost`). Flow moves between an alternative and the basic path, and
//! exactly these links see it, so a sweep reads nothing else. The basic path carries what the alternatives leave, so that
//! demand is conserved by construction.
//!
//! Source of the method: Jayakrishnan, Tsai, Prashker and Rajadhyaksha, A faster path-based algorithm for traffic
//! assignment, Transp. Res. Rec. 1443, 1994; Florian, Constantin and Florian, A new look at projected gradient method for
//! equilibrium assignment, Transp. Res. Rec. 2090, 2009, <https://doi.org/10.3141/2090-02>.

use crate::delay::LinkDelays;
use crate::graph::Graph;
use crate::overlay::Overlay;
use crate::tree::{NONE, SearchCosts, TreeSearch};

/// Paths and path flows from one origin; pairs are the origin's pairs in the demand.
#[derive(Debug, Clone, Default)]
pub struct OriginPaths {
    /// Links of basic paths, from origin to destination, pair after pair.
    basic_links: Box<[u32]>,
    /// End of each pair's basic path.
    basic_end: Box<[u32]>,
    alternatives: Box<[Alternative]>,
    /// Gained, then lost links of each alternative.
    segments: Box<[u32]>,
}

#[derive(Debug, Clone, Copy)]
struct Alternative {
    /// Flow, and flow before the last sweep.
    flow: f64,
    previous_flow: f64,
    pair: u32,
    /// End of the gained and of the lost links.
    gained_end: u32,
    lost_end: u32,
}

/// What growing the path sets of an origin found.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Growth {
    /// Σ trips × least cost over reachable pairs.
    pub shortest_path_travel_time: f64,
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
    alternatives: Vec<Alternative>,
    segments: Vec<u32>,
    candidate: Vec<u32>,
    rebuilt: Vec<u32>,
    /// Which links the basic path of the pair at hand has, and the link a path leaves each node by.
    on_basic: Vec<bool>,
    next_link: Vec<u32>,
}

impl PathScratch {
    /// Working memory for `graph`.
    pub fn new(graph: &Graph) -> Self {
        PathScratch {
            basic_links: Vec::new(),
            basic_end: Vec::new(),
            alternatives: Vec::new(),
            segments: Vec::new(),
            candidate: Vec::new(),
            rebuilt: Vec::new(),
            on_basic: vec![false; graph.n_links()],
            next_link: vec![NONE; graph.n_nodes()],
        }
    }
}

/// Total of one sweep over an origin's paths.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sweep {
    /// Σ flow on the dearer path × cost difference over alternatives, each before its move: what the restricted
    /// problem contributes to TSTT − SPTT.
    pub excess_cost: f64,
}

impl OriginPaths {
    /// Adds the paths of `tree` where they are cheaper than all known ones by more than `tolerance` relative, drops unused paths
    /// and makes the cheapest path of each such pair its basic path.
    ///
    /// `destinations` are nodes of the graph with their trips, the same ones at every call; `costs` those the tree was grown with.
    ///
    /// # Errors
    /// The paths have more links than 32 bits number; the paths stay as they were.
    pub fn grow(
        &mut self,
        graph: &Graph,
        costs: &SearchCosts,
        tree: &TreeSearch,
        destinations: impl ExactSizeIterator<Item = (u32, f64)>,
        tolerance: f64,
        scratch: &mut PathScratch,
    ) -> Result<Growth, TooManyPathLinks> {
        let mut growth = Growth::default();
        let first_time = self.basic_end.is_empty();
        scratch.basic_links.clear();
        scratch.basic_end.clear();
        scratch.alternatives.clear();
        scratch.segments.clear();
        let (mut basic_start, mut old, mut segment_start) = (0, 0, 0);
        for (pair, (node, trips)) in destinations.enumerate() {
            let least = tree.cost(node);
            if !least.is_finite() {
                growth.unreachable_pairs += 1;
                growth.unreachable_trips += trips;
                scratch.basic_end.push(scratch.basic_links.len() as u32);
                continue;
            }
            growth.shortest_path_travel_time += trips * least;
            growth.reachable_trips += trips;
            if first_time {
                tree.path_to(graph, node, &mut scratch.candidate);
                scratch.basic_links.extend_from_slice(&scratch.candidate);
                scratch.basic_end.push(scratch.basic_links.len() as u32);
                growth.new_paths += 1;
                growth.paths += 1;
                continue;
            }
            let basic_end = self.basic_end[pair] as usize;
            let basic = &self.basic_links[basic_start..basic_end];
            basic_start = basic_end;
            let first = old;
            while old < self.alternatives.len() && self.alternatives[old].pair as usize == pair {
                old += 1;
            }
            let known = Known { alternatives: &self.alternatives[first..old], segments: &self.segments, segment_start };
            segment_start = self.alternatives[..old].last().map_or(0, |last| last.lost_end as usize);
            let added = renew_pair(graph, costs, tree, (pair as u32, node, trips), (basic, &known), tolerance, scratch);
            growth.new_paths += u64::from(added);
            growth.paths += 1;
        }
        growth.paths += scratch.alternatives.len() as u64;
        if scratch.basic_links.len().max(scratch.segments.len()) > u32::MAX as usize {
            return Err(TooManyPathLinks);
        }
        self.take(scratch);
        Ok(growth)
    }

    /// Takes over the rebuilt paths, in allocations of just their size: there are as many of these as there are origins.
    fn take(&mut self, scratch: &PathScratch) {
        renew(&mut self.basic_links, &scratch.basic_links);
        renew(&mut self.basic_end, &scratch.basic_end);
        renew(&mut self.alternatives, &scratch.alternatives);
        renew(&mut self.segments, &scratch.segments);
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
                let Some((excess, slope)) = difference(overlay, gained, lost) else { continue };
                // Flow to move onto the basic path; negative the other way.
                let wanted = if slope > 0.0 { excess / slope } else { excess * f64::INFINITY };
                let moved = wanted.clamp(-basic_flow.max(0.0), alternative.flow);
                sweep.excess_cost += if excess > 0.0 { alternative.flow * excess } else { basic_flow * -excess };
                if moved == 0.0 {
                    continue;
                }
                alternative.flow -= moved;
                basic_flow += moved;
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

    /// Bytes held.
    pub fn n_bytes(&self) -> usize {
        4 * (self.basic_links.len() + self.basic_end.len() + self.segments.len())
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

/// Cost of an alternative over that of its basic path, and its derivative by the flow moved; none where rounding hides it.
#[inline]
fn difference(overlay: &Overlay, gained: &[u32], lost: &[u32]) -> Option<(f64, f64)> {
    let sum = |links: &[u32]| {
        links.iter().fold((0.0, 0.0), |(cost, slope), &link| {
            let state = overlay.state(link);
            (cost + state.cost, slope + state.slope)
        })
    };
    let (gained_cost, gained_slope) = sum(gained);
    let (lost_cost, lost_slope) = sum(lost);
    let excess: f64 = gained_cost - lost_cost;
    (excess.abs() > ROUNDING_OF_DIFFERENCE * (gained_cost + lost_cost)).then_some((excess, gained_slope + lost_slope))
}

/// Relative rounding error of a sum of some twenty link costs.
const ROUNDING_OF_DIFFERENCE: f64 = 2e-15;

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
}

/// Which path of a pair is the cheapest.
#[derive(Clone, Copy, PartialEq)]
enum Cheapest {
    Basic,
    Known(usize),
    New,
}

/// Writes the renewed paths of one pair to `scratch`; true if the tree gave a new one.
fn renew_pair(
    graph: &Graph,
    costs: &SearchCosts,
    tree: &TreeSearch,
    (pair, node, trips): (u32, u32, f64),
    (basic, known): (&[u32], &Known<'_>),
    tolerance: f64,
    scratch: &mut PathScratch,
) -> bool {
    let cost_of = |links: &[u32]| links.iter().map(|&link| costs.of(link as usize)).sum::<f64>();
    let mut least = cost_of(basic);
    let basic_cost = least;
    let mut cheapest = Cheapest::Basic;
    for (index, (_, gained, lost)) in known.iter().enumerate() {
        let cost = basic_cost + (cost_of(gained) - cost_of(lost));
        if cost < least * (1.0 - ROUNDING) {
            (least, cheapest) = (cost, Cheapest::Known(index));
        }
    }
    if least - tree.cost(node) > tolerance.max(ROUNDING) * tree.cost(node) {
        cheapest = Cheapest::New;
    }
    if cheapest == Cheapest::Basic {
        scratch.basic_links.extend_from_slice(basic);
        scratch.basic_end.push(scratch.basic_links.len() as u32);
        for (alternative, gained, lost) in known.iter().filter(|(alternative, ..)| alternative.flow > 0.0) {
            scratch.segments.extend_from_slice(gained);
            let gained_end = scratch.segments.len() as u32;
            scratch.segments.extend_from_slice(lost);
            let lost_end = scratch.segments.len() as u32;
            scratch.alternatives.push(Alternative { gained_end, lost_end, ..*alternative });
        }
        return false;
    }
    rebase_pair(graph, tree, (pair, node, trips), (basic, known), cheapest, scratch);
    cheapest == Cheapest::New
}

/// Costs closer than this, relative, may differ only by rounding: sums of a hundred terms in different orders.
const ROUNDING: f64 = 1e-13;

/// Makes the cheapest path the basic one and describes the used others against it.
fn rebase_pair(
    graph: &Graph,
    tree: &TreeSearch,
    (pair, node, trips): (u32, u32, f64),
    (basic, known): (&[u32], &Known<'_>),
    cheapest: Cheapest,
    scratch: &mut PathScratch,
) {
    let mut new_basic = std::mem::take(&mut scratch.candidate);
    let mut path = std::mem::take(&mut scratch.rebuilt);
    match cheapest {
        Cheapest::Known(index) => {
            let (_, gained, _) = known.iter().nth(index).expect("the cheapest alternative is one of them");
            rebuild_path(graph, basic, gained, node, &mut scratch.next_link, &mut new_basic);
        }
        _ => tree.path_to(graph, node, &mut new_basic),
    }
    let start = scratch.basic_links.len();
    scratch.basic_links.extend_from_slice(&new_basic);
    scratch.basic_end.push(scratch.basic_links.len() as u32);
    for &link in &new_basic {
        scratch.on_basic[link as usize] = true;
    }
    let basic_flow = trips - known.alternatives.iter().map(|alternative| alternative.flow).sum::<f64>();
    if basic_flow > 0.0 {
        describe(pair, basic, basic_flow, start, scratch);
    }
    for (index, (alternative, gained, _)) in known.iter().enumerate() {
        if alternative.flow > 0.0 && cheapest != Cheapest::Known(index) {
            rebuild_path(graph, basic, gained, node, &mut scratch.next_link, &mut path);
            describe(pair, &path, alternative.flow, start, scratch);
        }
    }
    for &link in &new_basic {
        scratch.on_basic[link as usize] = false;
    }
    scratch.candidate = new_basic;
    scratch.rebuilt = path;
}

/// The links of an alternative in order: at each node the gained link if there is one, else the basic path's.
fn rebuild_path(graph: &Graph, basic: &[u32], gained: &[u32], end: u32, next_link: &mut [u32], path: &mut Vec<u32>) {
    path.clear();
    for &link in basic.iter().chain(gained) {
        next_link[graph.tail[link as usize] as usize] = link;
    }
    let mut node = graph.tail[basic[0] as usize];
    while node != end {
        let link = next_link[node as usize];
        path.push(link);
        node = graph.head[link as usize];
    }
}

/// Appends `path` as an alternative to the basic path that starts at `basic_start` and whose links are marked.
fn describe(pair: u32, path: &[u32], flow: f64, basic_start: usize, scratch: &mut PathScratch) {
    scratch.segments.extend(path.iter().filter(|&&link| !scratch.on_basic[link as usize]));
    let gained_end = scratch.segments.len() as u32;
    // Links of the path itself are unmarked for a moment, so that those left are the lost ones.
    path.iter().for_each(|&link| scratch.on_basic[link as usize] = false);
    let basic = &scratch.basic_links[basic_start..];
    scratch.segments.extend(basic.iter().filter(|&&link| scratch.on_basic[link as usize]));
    basic.iter().for_each(|&link| scratch.on_basic[link as usize] = true);
    let lost_end = scratch.segments.len() as u32;
    scratch.alternatives.push(Alternative { flow, previous_flow: flow, pair, gained_end, lost_end });
}
