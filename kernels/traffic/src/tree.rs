//! Least-cost trees from one origin to all states.
//!
//! A label-correcting search over buckets of a fixed width of cost: states are scanned bucket by bucket, and a state whose
//! label falls after its scan is scanned again. Labels are the same as Dijkstra's to the last bit, because addition is
//! monotone and both end at the least fixed point; buckets merely order the work at a fraction of a heap's cost. What lies
//! beyond the last bucket waits in a heap. (Dial, Algorithm 360, CACM 12, 1969, <https://doi.org/10.1145/363269.363610>;
//! Cherkassky, Goldberg and Radzik, Shortest paths algorithms, Math. Prog. 73, 1996, <https://doi.org/10.1007/BF02592101>.)

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::graph::Graph;

/// No arc, no entry.
const NONE: u32 = u32::MAX;

/// Link costs laid out for searches.
#[derive(Debug, Clone)]
pub struct SearchCosts {
    arcs: Vec<Arc>,
    bucket_width: f64,
    /// Working memory for the width.
    positive: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct Arc {
    cost: f64,
    head: u32,
}

/// Buckets that the median link cost spans: more of them cost visits of empty ones, fewer cost scans that are repeated.
const BUCKETS_PER_MEDIAN_COST: f64 = 8.0;

impl SearchCosts {
    /// Lays out `cost` of each link of `graph`, ≥ 0, infinite where it may not be used; what turns cost is added.
    pub fn new(graph: &Graph, cost: impl Fn(usize) -> f64) -> Self {
        let arcs = (0..graph.n_arcs()).map(|arc| Arc { cost: 0.0, head: graph.head[arc] }).collect();
        let mut costs = SearchCosts { arcs, bucket_width: 1.0, positive: Vec::new() };
        costs.refresh(graph, cost);
        costs
    }
    /// Replaces the costs of all links.
    pub fn refresh(&mut self, graph: &Graph, cost: impl Fn(usize) -> f64) {
        for (index, arc) in self.arcs.iter_mut().enumerate() {
            arc.cost = cost(graph.link_of(index)) + graph.turn_cost(index);
        }
        self.choose_width();
    }

    /// The width follows from the costs alone, because it decides between paths of equal cost.
    fn choose_width(&mut self) {
        self.positive.clear();
        self.positive.extend(self.arcs.iter().map(|arc| arc.cost).filter(|&cost| cost > 0.0 && cost.is_finite()));
        if self.positive.is_empty() {
            self.bucket_width = 1.0;
            return;
        }
        let middle = self.positive.len() / 2;
        let (_, median, _) = self.positive.select_nth_unstable_by(middle, f64::total_cmp);
        self.bucket_width = *median / BUCKETS_PER_MEDIAN_COST;
    }
}

#[derive(Debug, Clone, Copy)]
struct Label {
    cost: f64,
    /// Arc by which the state is reached.
    arc: u32,
    scanned: bool,
}

const UNREACHED: Label = Label { cost: f64::INFINITY, arc: NONE, scanned: false };

#[derive(Debug, Clone, Copy)]
struct Entry {
    state: u32,
    next: u32,
}

/// Working memory of a search, and the tree it grew last.
#[derive(Debug, Clone)]
pub struct TreeSearch {
    labels: Vec<Label>,
    buckets: Vec<u32>,
    entries: Vec<Entry>,
    beyond: BinaryHeap<Reverse<(u64, u32)>>,
    scans: Vec<u32>,
    origin: u32,
    /// Buckets in use: all, or none once too many scans were repeated.
    n_buckets: usize,
}

/// Scans per state after which the heap takes over: within a bucket the order is any, and costs can be made up that
/// repeat scans without end.
const MOST_SCANS_PER_STATE: usize = 8;

/// Buckets per through state: beyond them a heap takes over.
const BUCKETS_PER_STATE: usize = 4;

impl TreeSearch {
    /// Working memory for searches on `graph`.
    pub fn new(graph: &Graph) -> Self {
        TreeSearch {
            labels: vec![UNREACHED; graph.n_states()],
            buckets: vec![NONE; BUCKETS_PER_STATE * graph.n_through + 64],
            entries: Vec::new(),
            beyond: BinaryHeap::new(),
            scans: Vec::new(),
            origin: NONE,
            n_buckets: 0,
        }
    }

    /// Grows the least-cost tree from state `origin`, which may be one that paths may not pass through.
    pub fn grow(&mut self, graph: &Graph, costs: &SearchCosts, origin: u32) {
        self.labels.fill(UNREACHED);
        self.scans.clear();
        self.entries.clear();
        self.origin = origin;
        self.n_buckets = self.buckets.len();
        self.labels[origin as usize].cost = 0.0;
        let to_bucket = 1.0 / costs.bucket_width;
        self.scan(graph, costs, origin, to_bucket);
        let most_scans = MOST_SCANS_PER_STATE * graph.n_states();
        let mut bucket = 0;
        while bucket < self.n_buckets {
            while self.buckets[bucket] != NONE {
                if self.scans.len() > most_scans {
                    self.leave_buckets(bucket);
                    break;
                }
                let Entry { state, next } = self.entries[self.buckets[bucket] as usize];
                self.buckets[bucket] = next;
                if !self.labels[state as usize].scanned {
                    self.scan(graph, costs, state, to_bucket);
                }
            }
            bucket += 1;
        }
        while let Some(Reverse((_, state))) = self.beyond.pop() {
            if !self.labels[state as usize].scanned {
                self.scan(graph, costs, state, to_bucket);
            }
        }
        self.reach_terminals(graph, costs);
    }

    /// Moves the states that still wait in buckets from `first` on to the heap, which then finishes the tree.
    fn leave_buckets(&mut self, first: usize) {
        for bucket in &mut self.buckets[first..] {
            let mut entry = std::mem::replace(bucket, NONE);
            while entry != NONE {
                let Entry { state, next } = self.entries[entry as usize];
                let label = self.labels[state as usize];
                if !label.scanned {
                    self.beyond.push(Reverse((label.cost.to_bits(), state)));
                }
                entry = next;
            }
        }
        self.n_buckets = 0;
    }

    #[inline]
    fn scan(&mut self, graph: &Graph, costs: &SearchCosts, state: u32, to_bucket: f64) {
        let label = &mut self.labels[state as usize];
        label.scanned = true;
        let reached = label.cost;
        self.scans.push(state);
        let arcs = graph.first_out[state as usize] as usize..graph.through_out_end[state as usize] as usize;
        let first = arcs.start;
        for (offset, out) in costs.arcs[arcs].iter().enumerate() {
            let cost = reached + out.cost;
            let arc = (first + offset) as u32;
            let label = &mut self.labels[out.head as usize];
            // A state that hangs on this arc is scanned again after its parent even if rounding left its label as it
            // was: the order of last scans then leads from parents to children.
            if cost < label.cost || (label.arc == arc && label.scanned) {
                *label = Label { cost, arc, scanned: false };
                // A float too large for usize saturates, so that it lands beyond the last bucket.
                let bucket = (cost * to_bucket) as usize;
                if bucket < self.n_buckets {
                    let entry = self.entries.len() as u32;
                    self.entries.push(Entry { state: out.head, next: self.buckets[bucket] });
                    self.buckets[bucket] = entry;
                } else {
                    self.beyond.push(Reverse((cost.to_bits(), out.head)));
                }
            }
        }
    }

    /// States that end paths get their label from the arcs into them, after the search, since no path goes on from there.
    fn reach_terminals(&mut self, graph: &Graph, costs: &SearchCosts) {
        for terminal in 0..graph.first_into_terminal.len() - 1 {
            let state = graph.n_through + terminal;
            if state == self.origin as usize {
                continue;
            }
            let arcs = graph.first_into_terminal[terminal] as usize..graph.first_into_terminal[terminal + 1] as usize;
            let mut best = UNREACHED;
            for index in arcs {
                let arc = graph.into_terminal[index];
                let tail = graph.tail[arc as usize];
                if tail as usize >= graph.n_through && tail != self.origin {
                    continue;
                }
                // Where a round costs nothing, another way to the link could be one that has used it before.
                let as_onward = |twin: u32| self.labels[graph.head[twin as usize] as usize].arc == twin;
                if !graph.onward_twin(index).is_none_or(as_onward) {
                    continue;
                }
                let cost = self.labels[tail as usize].cost + costs.arcs[arc as usize].cost;
                if cost < best.cost {
                    best = Label { cost, arc, scanned: true };
                }
            }
            self.labels[state] = best;
        }
    }

    /// Least cost from the origin to `state`, infinite where no path leads there.
    pub fn cost(&self, state: u32) -> f64 {
        self.labels[state as usize].cost
    }

    /// Arc by which the tree reaches `state`; none for the origin and where no path leads there.
    pub fn arc_into(&self, state: u32) -> Option<u32> {
        let arc = self.labels[state as usize].arc;
        (arc != NONE).then_some(arc)
    }

    /// Replaces `path` with the links from the origin to `state`, which must be reached; what the turns between them cost.
    pub fn path_to(&self, graph: &Graph, state: u32, path: &mut Vec<u32>) -> f64 {
        path.clear();
        let (mut state, mut turn_cost) = (state, 0.0);
        while let Some(arc) = self.arc_into(state) {
            path.push(graph.link_of(arc as usize) as u32);
            turn_cost += graph.turn_cost(arc as usize);
            state = graph.tail[arc as usize];
        }
        path.reverse();
        turn_cost
    }

    /// Carries `values[state]` down the tree: each reached state's value becomes its parent's plus `step(arc)`.
    ///
    /// The origin gets 0, unreached states get NaN.
    pub fn accumulate(&self, graph: &Graph, values: &mut [f64], step: impl Fn(usize) -> f64) {
        values.fill(f64::NAN);
        values[self.origin as usize] = 0.0;
        let mut follow = |state: u32| {
            if let Some(arc) = self.arc_into(state) {
                values[state as usize] = values[graph.tail[arc as usize] as usize] + step(arc as usize);
            }
        };
        // A state scanned twice is set twice; what its last scan set is what its children read.
        self.scans.iter().for_each(|&state| follow(state));
        (graph.n_through as u32..graph.n_states() as u32).filter(|&state| state != self.origin).for_each(follow);
    }

    /// Loads `trips` to each destination state on the tree: adds them to `volumes` of the links used.
    ///
    /// `flow_at` is working memory of one zero per state and is zero again afterwards; unreached destinations are skipped.
    pub fn load(
        &self,
        graph: &Graph,
        trips: impl Iterator<Item = (u32, f64)>,
        flow_at: &mut [f64],
        volumes: &mut [f64],
    ) {
        for (state, trips) in trips {
            if self.labels[state as usize].cost.is_finite() {
                flow_at[state as usize] += trips;
            }
        }
        let mut push_up = |state: u32| {
            let flow = std::mem::take(&mut flow_at[state as usize]);
            if flow > 0.0
                && let Some(arc) = self.arc_into(state)
            {
                volumes[graph.link_of(arc as usize)] += flow;
                flow_at[graph.tail[arc as usize] as usize] += flow;
            }
        };
        (graph.n_through as u32..graph.n_states() as u32).filter(|&state| state != self.origin).for_each(&mut push_up);
        self.scans.iter().rev().filter(|&&state| state != self.origin).for_each(|&state| push_up(state));
        flow_at[self.origin as usize] = 0.0;
    }
}
