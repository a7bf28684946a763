//! Paths as sequences: from the set of a path's links to their order, and what the turns of a sequence cost.

use crate::graph::Graph;

/// What the turns of a path cost from `origin` to `end`, two states; none if the links do not lead there or a turn is not allowed.
pub fn turn_cost_along(graph: &Graph, path: &[u32], origin: u32, end: u32) -> Option<f64> {
    if !graph.has_turns() {
        // Arcs are links.
        let joined = |state: u32, (position, &link): (usize, &u32)| {
            let may_go_on = position == 0 || (state as usize) < graph.n_through;
            (may_go_on && graph.tail[link as usize] == state).then(|| graph.head[link as usize])
        };
        return path.iter().enumerate().try_fold(origin, joined).filter(|&last| last == end).map(|_| 0.0);
    }
    let (mut state, mut cost) = (origin, 0.0);
    for (position, &link) in path.iter().enumerate() {
        // The arcs of a link lead on, and some also end there.
        let wants_end = position + 1 == path.len();
        let may_pass = |state: u32| (state as usize) < graph.n_through;
        let mut arcs = graph.out(state).filter(|&arc| graph.link_of(arc) == link as usize);
        let arc = arcs.find(|&arc| if wants_end { graph.head[arc] == end } else { may_pass(graph.head[arc]) })?;
        cost += graph.turn_cost(arc);
        state = graph.head[arc];
    }
    (state == end).then_some(cost)
}

/// Working memory for putting links in order.
#[derive(Debug, Clone)]
pub struct OrderScratch {
    /// Whether a link is in the path and not yet used.
    waits: Vec<bool>,
    taken: Vec<Taken>,
    /// Links of the cheapest order so far.
    cheapest: Vec<u32>,
}

/// An arc taken, the arc to try next at its tail, and what turns cost up to there.
#[derive(Debug, Clone, Copy)]
struct Taken {
    arc: usize,
    next: usize,
    cost_before: f64,
}

/// Steps of the search for a cheaper order once there is one: enough for six rounds at one node, whose orders are as many as
/// can be tried.
const MOST_STEPS_TO_IMPROVE: usize = 10_000;

impl OrderScratch {
    /// Working memory for `graph`.
    pub fn new(graph: &Graph) -> Self {
        OrderScratch { waits: vec![false; graph.n_links()], taken: Vec::new(), cheapest: Vec::new() }
    }
}

/// Puts the links of a path from `origin` to `end`, two states, in the order they are used; false if there is none that uses
/// each once.
///
/// Where a path comes by a node several times there can be more than one order. A least-cost path has that whose turns cost
/// least, and so this is taken; the first in the order of arcs where several cost the same.
pub fn in_order(graph: &Graph, path: &mut [u32], ends: (u32, u32), scratch: &mut OrderScratch) -> bool {
    let mut first_time = |&link: &u32| !std::mem::replace(&mut scratch.waits[link as usize], true);
    let found = path.iter().filter(|link| first_time(link)).count() == path.len()
        && find_order(graph, path.len(), ends, scratch);
    path.iter().for_each(|&link| scratch.waits[link as usize] = false);
    if found {
        path.copy_from_slice(&scratch.cheapest);
    }
    found
}

/// Leaves the cheapest order of the `n_links` links that wait in `scratch.cheapest`; false if there is none.
fn find_order(graph: &Graph, n_links: usize, (origin, end): (u32, u32), scratch: &mut OrderScratch) -> bool {
    scratch.taken.clear();
    let (mut state, mut from, mut cost) = (origin, graph.out(origin).start, 0.0);
    let (mut least, mut steps_left) = (f64::INFINITY, usize::MAX);
    while steps_left > 0 {
        steps_left -= 1;
        let n_taken = scratch.taken.len();
        if n_taken == n_links && state == end && cost < least {
            (least, steps_left) = (cost, steps_left.min(MOST_STEPS_TO_IMPROVE));
            scratch.cheapest.clear();
            scratch.cheapest.extend(scratch.taken.iter().map(|taken| graph.link_of(taken.arc) as u32));
        }
        let fits = |&arc: &usize| {
            let head = graph.head[arc];
            let leads_on = if n_taken + 1 == n_links { head == end } else { (head as usize) < graph.n_through };
            leads_on && scratch.waits[graph.link_of(arc)] && cost + graph.turn_cost(arc) < least
        };
        if let Some(arc) = (from..graph.out(state).end).find(fits) {
            scratch.waits[graph.link_of(arc)] = false;
            scratch.taken.push(Taken { arc, next: arc + 1, cost_before: cost });
            cost += graph.turn_cost(arc);
            state = graph.head[arc];
            from = graph.out(state).start;
        } else if let Some(Taken { arc, next, cost_before }) = scratch.taken.pop() {
            scratch.waits[graph.link_of(arc)] = true;
            (state, from, cost) = (graph.tail[arc], next, cost_before);
        } else {
            break;
        }
    }
    least.is_finite()
}
