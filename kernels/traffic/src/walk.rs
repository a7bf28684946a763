//! Paths as sequences: from the set of a path's links to their order, and what the turns of a sequence cost.

use crate::graph::Graph;

/// What the turns of a path cost from `origin` to `end`, two states; none if the links do not lead there or a turn is not allowed.
pub fn turn_cost_along(graph: &Graph, path: &[u32], origin: u32, end: u32) -> Option<f64> {
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
    /// Arcs taken so far, and for each the arc to try next at its tail.
    taken: Vec<(u32, u32)>,
}

impl OrderScratch {
    /// Working memory for `graph`.
    pub fn new(graph: &Graph) -> Self {
        OrderScratch { waits: vec![false; graph.n_links()], taken: Vec::new() }
    }
}

/// Puts the links of a path from `origin` to `end`, two states, in the order they are used; false if there is none that uses all.
///
/// Where a path comes by a node several times there can be more than one order; the first in the order of arcs is taken.
pub fn in_order(graph: &Graph, path: &mut [u32], (origin, end): (u32, u32), scratch: &mut OrderScratch) -> bool {
    path.iter().for_each(|&link| scratch.waits[link as usize] = true);
    scratch.taken.clear();
    let (mut state, mut from) = (origin, graph.out(origin).start);
    let found = loop {
        if scratch.taken.len() == path.len() && state == end {
            break true;
        }
        let is_last = scratch.taken.len() + 1 == path.len();
        let fits = |arc: &usize| {
            let head = graph.head[*arc];
            let leads_on = if is_last { head == end } else { (head as usize) < graph.n_through };
            leads_on && scratch.waits[graph.link_of(*arc)]
        };
        if let Some(arc) = (from..graph.out(state).end).find(fits) {
            scratch.waits[graph.link_of(arc)] = false;
            scratch.taken.push((arc as u32, arc as u32 + 1));
            state = graph.head[arc];
            from = graph.out(state).start;
        } else if let Some((arc, next)) = scratch.taken.pop() {
            scratch.waits[graph.link_of(arc as usize)] = true;
            state = graph.tail[arc as usize];
            from = next as usize;
        } else {
            break false;
        }
    };
    path.iter().for_each(|&link| scratch.waits[link as usize] = false);
    if found {
        path.iter_mut().zip(&scratch.taken).for_each(|(link, (arc, _))| *link = graph.link_of(*arc as usize) as u32);
    }
    found
}
