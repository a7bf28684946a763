//! The search form of a network: nodes and links renumbered so that a search walks through near memory, and nodes at which
//! turns are not all free split by the link that leads to them.
//!
//! A *state* is a node, or a node as reached by one link where a turn from that link costs something or is not allowed; an
//! *arc* leads from one state to another along one link. Where all turns are free, states are nodes and arcs are links. A
//! split node at which trips start or end has one more state, its end, from which every link can be taken and at which every
//! link arrives.
//!
//! A tree uses no link twice on the way to a state: it reaches each state once, all arcs of a link that lead on lead to the same
//! state, and an end is reached as the search reached the state of the link that leads there.

use crate::layout::{Layout, NONE, search_order, starts};
use crate::network::Network;

/// A forward star over the open links of a network.
///
/// States are numbered breadth-first, those that paths may not pass through last; arcs are sorted by tail, and
/// within a tail those to through states come first. Everything the solvers keep per link is in the graph's order of links;
/// [`Graph::source_link`] leads back to the network.
#[derive(Debug, Clone)]
pub struct Graph {
    pub(crate) first_out: Vec<u32>,
    /// End of the out-arcs to through states.
    pub(crate) through_out_end: Vec<u32>,
    pub(crate) head: Vec<u32>,
    pub(crate) tail: Vec<u32>,
    pub(crate) n_through: usize,
    /// In-arcs of each state that is not through, indexed from `n_through`.
    pub(crate) first_into_terminal: Vec<u32>,
    pub(crate) into_terminal: Vec<u32>,
    /// For each of them, the arc of the same link and tail that leads on; none but at ends of split nodes. Empty without splits.
    onward_twin: Vec<u32>,
    /// Link of each arc, and what the turn onto it costs; both empty where states are nodes and arcs are links.
    arc_link: Vec<u32>,
    turn_cost: Vec<f64>,
    source_link: Vec<u32>,
    zone_state: Vec<u32>,
}

impl Graph {
    /// Builds the search form of `network`.
    pub fn new(network: &Network) -> Self {
        let rank = search_order(network);
        let source_link = ordered_links(network, &rank);
        let layout = Layout::new(network, &rank, &source_link);
        let mut arcs = layout.arcs(network, &source_link);
        let n_through = layout.n_through;
        arcs.sort_by_key(|arc| (arc.tail, arc.head as usize >= n_through, arc.head, arc.link));
        let tail: Vec<u32> = arcs.iter().map(|arc| arc.tail).collect();
        let head: Vec<u32> = arcs.iter().map(|arc| arc.head).collect();
        let n_states = layout.n_states;
        let first_out = starts(n_states, tail.iter().copied());
        let through_out_end: Vec<u32> = (0..n_states)
            .map(|state| {
                let arcs = first_out[state] as usize..first_out[state + 1] as usize;
                first_out[state] + head[arcs].partition_point(|&head| (head as usize) < n_through) as u32
            })
            .collect();
        let mut into_terminal: Vec<u32> =
            (0..head.len() as u32).filter(|&arc| head[arc as usize] as usize >= n_through).collect();
        into_terminal.sort_by_key(|&arc| (head[arc as usize], arc));
        let terminal = |&arc: &u32| head[arc as usize] - n_through as u32;
        let first_into_terminal = starts(n_states - n_through, into_terminal.iter().map(terminal));
        let (arc_link, turn_cost): (Vec<u32>, Vec<f64>) = if layout.splits {
            (arcs.iter().map(|arc| arc.link).collect(), arcs.iter().map(|arc| arc.turn_cost).collect())
        } else {
            (Vec::new(), Vec::new())
        };
        let twin_of = |&arc: &u32| {
            let tail = tail[arc as usize] as usize;
            let mut onward = first_out[tail]..through_out_end[tail];
            onward.find(|&other| arc_link[other as usize] == arc_link[arc as usize]).unwrap_or(NONE)
        };
        let onward_twin = if layout.splits { into_terminal.iter().map(twin_of).collect() } else { Vec::new() };
        let zone_state = network.zone_node().iter().map(|&node| layout.end_state[node as usize]).collect();
        Graph {
            first_out,
            through_out_end,
            head,
            tail,
            n_through,
            first_into_terminal,
            into_terminal,
            onward_twin,
            arc_link,
            turn_cost,
            source_link,
            zone_state,
        }
    }

    /// Number of open links.
    pub fn n_links(&self) -> usize {
        self.source_link.len()
    }
    /// Number of states, which are the nodes where all turns are free.
    pub fn n_states(&self) -> usize {
        self.first_out.len() - 1
    }
    /// Number of arcs, which are the links where all turns are free.
    pub fn n_arcs(&self) -> usize {
        self.head.len()
    }
    /// Link of the network for each link of the graph.
    pub fn source_link(&self) -> &[u32] {
        &self.source_link
    }
    /// State at which trips of each zone start and end.
    pub fn zone_state(&self) -> &[u32] {
        &self.zone_state
    }
    /// Link of an arc.
    #[inline]
    pub fn link_of(&self, arc: usize) -> usize {
        if self.arc_link.is_empty() { arc } else { self.arc_link[arc] as usize }
    }
    /// What the turn onto an arc costs, time units.
    #[inline]
    pub fn turn_cost(&self, arc: usize) -> f64 {
        if self.turn_cost.is_empty() { 0.0 } else { self.turn_cost[arc] }
    }
    /// Whether some turn costs something or is not allowed.
    pub fn has_turns(&self) -> bool {
        !self.arc_link.is_empty()
    }
    /// The arc that leads on along the link by which the `index`-th arc into terminals ends.
    #[inline]
    pub(crate) fn onward_twin(&self, index: usize) -> Option<u32> {
        self.onward_twin.get(index).copied().filter(|&twin| twin != NONE)
    }
    /// The arcs out of a state.
    pub(crate) fn out(&self, state: u32) -> std::ops::Range<usize> {
        self.first_out[state as usize] as usize..self.first_out[state as usize + 1] as usize
    }
}

/// The open links by tail, those to through nodes first, then by head.
fn ordered_links(network: &Network, rank: &[u32]) -> Vec<u32> {
    let mut links: Vec<u32> = (0..network.n_links() as u32).filter(|&link| network.open()[link as usize]).collect();
    links.sort_by_key(|&link| {
        let (tail, head) = (network.tail()[link as usize] as usize, network.head()[link as usize] as usize);
        (rank[tail], !network.through()[head], rank[head], link)
    });
    links
}
