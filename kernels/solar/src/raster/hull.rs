//! Upper hulls of lines, and tangents from cells to them.
//!
//! The hull of all points up to one is kept as a tree: a point's parent is the next point of the hull that ends with it.
//! Pushing a point passes over points that it hides for good, so all pushes of a line take two steps a point at most
//! (Timonen and Westerholm, Scalable height field self-shadowing, Computer Graphics Forum 29(2), 2010). A tree, unlike a
//! stack, lets cells look at the hull as it was some steps before them, and from another height than the line's.
//!
//! Lines are independent and each is a chain of loads that wait for each other, so some are worked on in turn, without a
//! branch that depends on heights.

use std::hint::select_unpredictable;
use std::ops::Range;

use super::gather::{LANES, Lane, higher};

/// Lines that are worked on in turn.
const WAYS: usize = 4;

/// Iterations between looks at whether all lines are done.
const BURST: usize = 16;

/// Buffers of the hulls of lines side by side.
#[derive(Debug, Default)]
pub(super) struct Hulls {
    /// Flat index of each point's parent; row 0 is the root and its own parent.
    parents: Vec<[u32; LANES]>,
    /// Tangents before the walk.
    starts: Vec<Lane>,
    /// Tangents from cells.
    pub tangents: Vec<Lane>,
}

impl Hulls {
    /// Finds the parents of points in `rows`, where rows before hide nothing.
    #[inline(always)]
    pub(super) fn push(&mut self, heights: &[Lane], inverse_distances: &[f32], rows: Range<usize>) {
        self.parents.resize(heights.len(), [0; LANES]);
        let root: [u32; LANES] = std::array::from_fn(|lane| lane as u32);
        self.parents[..rows.start].fill(root);
        for first in (0..LANES).step_by(WAYS) {
            push_lines(heights.as_flattened(), self.parents.as_flattened_mut(), inverse_distances, &rows, first);
        }
    }

    /// Finds tangents from `observers` in `rows` to what is at least `gap` rows before; at least `near` where nothing is higher.
    #[inline(always)]
    pub(super) fn look(
        &mut self,
        heights: &[Lane],
        (ceiling, observers, near): (&[Lane], &[Lane], &[Lane]),
        inverse_distances: &[f32],
        rows: Range<usize>,
        gap: usize,
    ) {
        self.starts.resize(heights.len(), [0.0; LANES]);
        self.tangents.resize(heights.len(), [0.0; LANES]);
        let closest = inverse_distances[gap];
        for row in rows.clone() {
            let (top, highest, own) = (&heights[row - gap], &ceiling[row - gap], &observers[row]);
            for lane in 0..LANES {
                // Where not even the highest point so far, at the nearest place, is above what is seen nearby, there is
                // nothing to walk for.
                let hidden = (highest[lane] - own[lane]) * closest <= near[row][lane];
                let tangent = (top[lane] - own[lane]) * closest;
                self.starts[row][lane] = if hidden { near[row][lane] } else { tangent };
            }
        }
        let tree = Tree { heights: heights.as_flattened(), parents: self.parents.as_flattened(), inverse_distances };
        for first in (0..LANES).step_by(WAYS) {
            let (observers, starts) = (observers.as_flattened(), self.starts.as_flattened());
            look_from_lines(&tree, observers, starts, self.tangents.as_flattened_mut(), (&rows, gap), first);
        }
        for row in rows {
            for lane in 0..LANES {
                self.tangents[row][lane] = higher(self.tangents[row][lane], near[row][lane]);
            }
        }
    }
}

/// Points of lines and who their parents are.
struct Tree<'a> {
    heights: &'a [f32],
    parents: &'a [u32],
    inverse_distances: &'a [f32],
}

#[inline(always)]
fn push_lines(heights: &[f32], parents: &mut [u32], inverse_distances: &[f32], rows: &Range<usize>, first: usize) {
    let one = inverse_distances[1];
    let end: [usize; WAYS] = std::array::from_fn(|way| rows.end * LANES + first + way);
    let mut point: [usize; WAYS] = std::array::from_fn(|way| rows.start * LANES + first + way);
    let mut top = point.map(|index| index - LANES);
    let mut tangent: [f32; WAYS] = std::array::from_fn(|way| (heights[top[way]] - heights[point[way]]) * one);
    while (0..WAYS).any(|way| point[way] < end[way]) {
        for _ in 0..BURST {
            for way in 0..WAYS {
                let (here, before) = (point[way], top[way]);
                let next = parents[before] as usize;
                let height = heights[here];
                let further = (heights[next] - height) * inverse_distances[(here - next) / LANES];
                let pop = (further >= tangent[way]) & (next < before);
                parents[here] = before as u32;
                // A line that is done pushes the row after its last for ever.
                let following = select_unpredictable(here < end[way], here + LANES, here);
                let to_come = select_unpredictable(pop, here, following);
                let fresh = (heights[to_come - LANES] - heights[to_come]) * one;
                point[way] = to_come;
                top[way] = select_unpredictable(pop, next, to_come - LANES);
                tangent[way] = select_unpredictable(pop, further, fresh);
            }
        }
    }
}

#[inline(always)]
fn look_from_lines(
    tree: &Tree<'_>,
    observers: &[f32],
    starts: &[f32],
    tangents: &mut [f32],
    (rows, gap): (&Range<usize>, usize),
    first: usize,
) {
    let end: [usize; WAYS] = std::array::from_fn(|way| rows.end * LANES + first + way);
    let mut cell: [usize; WAYS] = std::array::from_fn(|way| rows.start * LANES + first + way);
    let mut point = cell.map(|index| index - gap * LANES);
    let mut tangent = cell.map(|index| starts[index]);
    while (0..WAYS).any(|way| cell[way] < end[way]) {
        for _ in 0..BURST {
            for way in 0..WAYS {
                let here = cell[way];
                let next = tree.parents[point[way]] as usize;
                let further = (tree.heights[next] - observers[here]) * tree.inverse_distances[(here - next) / LANES];
                let walk = further > tangent[way];
                tangents[here] = tangent[way];
                // A line that is done looks from the row after its last for ever.
                let following = select_unpredictable(here < end[way], here + LANES, here);
                let to_come = select_unpredictable(walk, here, following);
                cell[way] = to_come;
                point[way] = select_unpredictable(walk, next, to_come - gap * LANES);
                tangent[way] = select_unpredictable(walk, further, starts[to_come]);
            }
        }
    }
}
