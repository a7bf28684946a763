//! Least-cost trees from one origin to all nodes.
//!
//! A label-correcting search over buckets of a fixed width of cost: nodes are scanned bucket by bucket, and a node whose
//! label falls after its scan is scanned again. Labels are the same as Dijkstra's to the last bit, because addition is
//! monotone and both end at the least fixed point; buckets merely order the work at a fraction of a heap's cost. What lies
//! beyond the last bucket waits in a heap. (Dial, Algorithm 360, CACM 12, 1969, <https://doi.org/10.1145/363269.363610>;
//! Cherkassky, Goldberg and Radzik, Shortest paths algorithms, Math. Prog. 73, 1996, <https://doi.org/10.1007/BF02592101>.)

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::graph::Graph;

/// No link, no entry.
pub(crate) const NONE: u32 = u32::MAX;

/// Link costs laid out for searches.
#[derive(Debug, Clone)]
pub struct SearchCosts {
    arcs: Vec<Arc>,
    bucket_width: f64,
    /// The same costs without heads, for sums along paths.
    costs: Vec<f64>,
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
    /// Lays out `cost` of each link of `graph`, all ≥ 0 and finite.
    pub fn new(graph: &Graph, cost: impl Fn(usize) -> f64) -> Self {
        let arcs = (0..graph.n_links()).map(|link| Arc { cost: cost(link), head: graph.head[link] }).collect();
        let mut costs = SearchCosts { arcs, bucket_width: 1.0, costs: Vec::new(), positive: Vec::new() };
        costs.choose_width();
        costs
    }
    /// Replaces all costs.
    pub fn refresh(&mut self, cost: impl Fn(usize) -> f64) {
        self.arcs.iter_mut().enumerate().for_each(|(link, arc)| arc.cost = cost(link));
        self.choose_width();
    }
    /// Cost of a link.
    pub fn of(&self, link: usize) -> f64 {
        self.costs[link]
    }

    /// The width follows from the costs alone, because it decides between paths of equal cost.
    fn choose_width(&mut self) {
        self.costs.clear();
        self.costs.extend(self.arcs.iter().map(|arc| arc.cost));
        self.positive.clear();
        self.positive.extend(self.arcs.iter().map(|arc| arc.cost).filter(|&cost| cost > 0.0));
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
    /// Link by which the node is reached.
    link: u32,
    scanned: bool,
}

const UNREACHED: Label = Label { cost: f64::INFINITY, link: NONE, scanned: false };

#[derive(Debug, Clone, Copy)]
struct Entry {
    node: u32,
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

/// Scans per node after which the heap takes over: within a bucket the order is any, and costs can be made up that
/// repeat scans without end.
const MOST_SCANS_PER_NODE: usize = 8;

/// Buckets per through node: beyond them a heap takes over.
const BUCKETS_PER_NODE: usize = 4;

impl TreeSearch {
    /// Working memory for searches on `graph`.
    pub fn new(graph: &Graph) -> Self {
        TreeSearch {
            labels: vec![UNREACHED; graph.n_nodes()],
            buckets: vec![NONE; BUCKETS_PER_NODE * graph.n_through + 64],
            entries: Vec::new(),
            beyond: BinaryHeap::new(),
            scans: Vec::new(),
            origin: NONE,
            n_buckets: 0,
        }
    }

    /// Grows the least-cost tree from node `origin`, which may be one that paths may not pass through.
    pub fn grow(&mut self, graph: &Graph, costs: &SearchCosts, origin: u32) {
        self.labels.fill(UNREACHED);
        self.scans.clear();
        self.entries.clear();
        self.origin = origin;
        self.n_buckets = self.buckets.len();
        self.labels[origin as usize].cost = 0.0;
        let to_bucket = 1.0 / costs.bucket_width;
        self.scan(graph, costs, origin, to_bucket);
        let most_scans = MOST_SCANS_PER_NODE * graph.n_nodes();
        let mut bucket = 0;
        while bucket < self.n_buckets {
            while self.buckets[bucket] != NONE {
                if self.scans.len() > most_scans {
                    self.leave_buckets(bucket);
                    break;
                }
                let Entry { node, next } = self.entries[self.buckets[bucket] as usize];
                self.buckets[bucket] = next;
                if !self.labels[node as usize].scanned {
                    self.scan(graph, costs, node, to_bucket);
                }
            }
            bucket += 1;
        }
        while let Some(Reverse((_, node))) = self.beyond.pop() {
            if !self.labels[node as usize].scanned {
                self.scan(graph, costs, node, to_bucket);
            }
        }
        self.reach_terminals(graph, costs);
    }

    /// Moves the nodes that still wait in buckets from `first` on to the heap, which then finishes the tree.
    fn leave_buckets(&mut self, first: usize) {
        for bucket in &mut self.buckets[first..] {
            let mut entry = std::mem::replace(bucket, NONE);
            while entry != NONE {
                let Entry { node, next } = self.entries[entry as usize];
                let label = self.labels[node as usize];
                if !label.scanned {
                    self.beyond.push(Reverse((label.cost.to_bits(), node)));
                }
                entry = next;
            }
        }
        self.n_buckets = 0;
    }

    #[inline]
    fn scan(&mut self, graph: &Graph, costs: &SearchCosts, node: u32, to_bucket: f64) {
        let label = &mut self.labels[node as usize];
        label.scanned = true;
        let reached = label.cost;
        self.scans.push(node);
        let links = graph.first_out[node as usize] as usize..graph.through_out_end[node as usize] as usize;
        let first = links.start;
        for (offset, arc) in costs.arcs[links].iter().enumerate() {
            let cost = reached + arc.cost;
            let link = (first + offset) as u32;
            let label = &mut self.labels[arc.head as usize];
            // A node that hangs on this link is scanned again after its parent even if rounding left its label as it
            // was: the order of last scans then leads from parents to children.
            if cost < label.cost || (label.link == link && label.scanned) {
                *label = Label { cost, link, scanned: false };
                // A float too large for usize saturates, so that it lands beyond the last bucket.
                let bucket = (cost * to_bucket) as usize;
                if bucket < self.n_buckets {
                    let entry = self.entries.len() as u32;
                    self.entries.push(Entry { node: arc.head, next: self.buckets[bucket] });
                    self.buckets[bucket] = entry;
                } else {
                    self.beyond.push(Reverse((cost.to_bits(), arc.head)));
                }
            }
        }
    }

    /// Nodes that end paths get their label from the links into them, after the search, since no path goes on from there.
    fn reach_terminals(&mut self, graph: &Graph, costs: &SearchCosts) {
        for terminal in 0..graph.first_into_terminal.len() - 1 {
            let node = graph.n_through + terminal;
            if node == self.origin as usize {
                continue;
            }
            let links = graph.first_into_terminal[terminal] as usize..graph.first_into_terminal[terminal + 1] as usize;
            let mut best = UNREACHED;
            for &link in &graph.into_terminal[links] {
                let tail = graph.tail[link as usize];
                if tail as usize >= graph.n_through && tail != self.origin {
                    continue;
                }
                let cost = self.labels[tail as usize].cost + costs.arcs[link as usize].cost;
                if cost < best.cost {
                    best = Label { cost, link, scanned: true };
                }
            }
            self.labels[node] = best;
        }
    }

    /// Least cost from the origin to `node`, infinite where no path leads there.
    pub fn cost(&self, node: u32) -> f64 {
        self.labels[node as usize].cost
    }

    /// Link by which the tree reaches `node`; none for the origin and where no path leads there.
    pub fn link_into(&self, node: u32) -> Option<u32> {
        let link = self.labels[node as usize].link;
        (link != NONE).then_some(link)
    }

    /// Replaces `path` with the links from the origin to `node`, which must be reached.
    pub fn path_to(&self, graph: &Graph, node: u32, path: &mut Vec<u32>) {
        path.clear();
        let mut node = node;
        while let Some(link) = self.link_into(node) {
            path.push(link);
            node = graph.tail[link as usize];
        }
        path.reverse();
    }

    /// Carries `values[node]` down the tree: each reached node's value becomes its parent's plus `step(link)`.
    ///
    /// The origin gets 0, unreached nodes get NaN.
    pub fn accumulate(&self, graph: &Graph, values: &mut [f64], step: impl Fn(usize) -> f64) {
        values.fill(f64::NAN);
        values[self.origin as usize] = 0.0;
        let mut follow = |node: u32| {
            if let Some(link) = self.link_into(node) {
                values[node as usize] = values[graph.tail[link as usize] as usize] + step(link as usize);
            }
        };
        // A node scanned twice is set twice; what its last scan set is what its children read.
        self.scans.iter().for_each(|&node| follow(node));
        (graph.n_through as u32..graph.n_nodes() as u32).filter(|&node| node != self.origin).for_each(follow);
    }

    /// Loads `trips` to each destination node on the tree: adds them to `volumes` of the links used.
    ///
    /// `node_flow` is working memory of one zero per node and is zero again afterwards; unreached destinations are skipped.
    pub fn load(
        &self,
        graph: &Graph,
        trips: impl Iterator<Item = (u32, f64)>,
        node_flow: &mut [f64],
        volumes: &mut [f64],
    ) {
        for (node, trips) in trips {
            if self.labels[node as usize].cost.is_finite() {
                node_flow[node as usize] += trips;
            }
        }
        let mut push_up = |node: u32| {
            let flow = std::mem::take(&mut node_flow[node as usize]);
            if flow > 0.0
                && let Some(link) = self.link_into(node)
            {
                volumes[link as usize] += flow;
                node_flow[graph.tail[link as usize] as usize] += flow;
            }
        };
        (graph.n_through as u32..graph.n_nodes() as u32).filter(|&node| node != self.origin).for_each(&mut push_up);
        self.scans.iter().rev().filter(|&&node| node != self.origin).for_each(|&node| push_up(node));
        node_flow[self.origin as usize] = 0.0;
    }
}
