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
    /// Points of lines; row 0 is the root and its own parent.
    points: Vec<[Point; LANES]>,
    /// Tangents from cells.
    pub tangents: Vec<Lane>,
}

/// A point of a line.
#[derive(Debug, Clone, Copy, Default)]
struct Point {
    height: f32,
    /// Flat index of the point before it in the hull that ends with it.
    parent: u32,
}

impl Hulls {
    /// Finds the parents of points in `rows`, where rows before hide nothing.
    #[inline(always)]
    pub(super) fn push(&mut self, heights: &[Lane], inverse_distances: &[f32], rows: Range<usize>) {
        self.points.resize(self.points.len().max(rows.end + 1), [Point::default(); LANES]);
        for (points, heights) in self.points.iter_mut().zip(&heights[..=rows.end]) {
            for lane in 0..LANES {
                points[lane] = Point { height: heights[lane], parent: lane as u32 };
            }
        }
        for first in (0..LANES).step_by(WAYS) {
            push_lines(self.points.as_flattened_mut(), inverse_distances, &rows, first);
        }
    }

    /// Finds tangents from `observers` in `rows` to what is at least `gap` rows before; at least `near` where nothing is higher.
    #[inline(always)]
    pub(super) fn look(
        &mut self,
        (heights, observers, near): (&[Lane], &[Lane], &[Lane]),
        inverse_distances: &[f32],
        rows: Range<usize>,
        gap: usize,
    ) {
        self.tangents.resize(self.tangents.len().max(rows.end + 1), [0.0; LANES]);
        let closest = inverse_distances[gap];
        let mut highest = [f32::MIN; LANES];
        for line_heights in &heights[..rows.start - gap] {
            highest = both(&highest, line_heights);
        }
        for row in rows.clone() {
            let (own, near, top_heights) = (&observers[row], &near[row], &heights[row - gap]);
            highest = both(&highest, top_heights);
            let mut tangents = [0.0; LANES];
            for lane in 0..LANES {
                // Where not even the highest point so far, at the nearest place, is above what is seen nearby, there is
                // nothing to walk for.
                let hidden = (highest[lane] - own[lane]) * closest <= near[lane];
                let tangent = (top_heights[lane] - own[lane]) * closest;
                tangents[lane] = if hidden { near[lane] } else { tangent };
            }
            self.tangents[row] = tangents;
        }
        let (points, observers) = (self.points.as_flattened(), observers.as_flattened());
        for first in (0..LANES).step_by(WAYS) {
            let tangents = self.tangents.as_flattened_mut();
            look_from_lines(points, observers, tangents, inverse_distances, (&rows, gap), first);
        }
    }
}

/// The higher of each.
#[inline(always)]
fn both(a: &Lane, b: &Lane) -> Lane {
    let mut highest = *a;
    for lane in 0..LANES {
        highest[lane] = higher(highest[lane], b[lane]);
    }
    highest
}

#[inline(always)]
fn push_lines(points: &mut [Point], inverse_distances: &[f32], rows: &Range<usize>, first: usize) {
    let one = inverse_distances[1];
    let end: [usize; WAYS] = std::array::from_fn(|way| rows.end * LANES + first + way);
    let mut point: [usize; WAYS] = std::array::from_fn(|way| rows.start * LANES + first + way);
    let mut top = point.map(|index| index - LANES);
    let mut next = top.map(|index| points[index].parent as usize);
    let mut height = point.map(|index| points[index].height);
    let mut tangent: [f32; WAYS] = std::array::from_fn(|way| (points[top[way]].height - height[way]) * one);
    while (0..WAYS).any(|way| point[way] < end[way]) {
        for _ in 0..BURST {
            for way in 0..WAYS {
                let (here, before, candidate) = (point[way], top[way], points[next[way]]);
                let further = (candidate.height - height[way]) * inverse_distances[(here - next[way]) / LANES];
                let pop = (further >= tangent[way]) & (next[way] < before);
                points[here].parent = before as u32;
                // A line that is done pushes the row after its last for ever. What comes next is loaded before it is known
                // whether it is needed, so that loads do not wait for each other.
                let following = (here + LANES).min(end[way]);
                let height_to_come = points[following].height;
                let fresh = (height[way] - height_to_come) * one;
                point[way] = select_unpredictable(pop, here, following);
                tangent[way] = select_unpredictable(pop, further, fresh);
                height[way] = select_unpredictable(pop, height[way], height_to_come);
                top[way] = select_unpredictable(pop, next[way], here);
                next[way] = select_unpredictable(pop, candidate.parent as usize, before);
            }
        }
    }
}

#[inline(always)]
fn look_from_lines(
    points: &[Point],
    observers: &[f32],
    tangents: &mut [f32],
    inverse_distances: &[f32],
    (rows, gap): (&Range<usize>, usize),
    first: usize,
) {
    let behind = gap * LANES;
    let end: [usize; WAYS] = std::array::from_fn(|way| rows.end * LANES + first + way);
    let mut cell: [usize; WAYS] = std::array::from_fn(|way| rows.start * LANES + first + way);
    let mut height = cell.map(|index| observers[index]);
    let mut tangent = cell.map(|index| tangents[index]);
    let mut next = cell.map(|index| points[index - behind].parent as usize);
    while (0..WAYS).any(|way| cell[way] < end[way]) {
        for _ in 0..BURST {
            for way in 0..WAYS {
                let (here, candidate) = (cell[way], points[next[way]]);
                // A line that is done looks from the row after its last for ever. What comes next is loaded in advance, as above.
                let following = (here + LANES).min(end[way]);
                let (next_height, next_tangent) = (observers[following], tangents[following]);
                let next_parent = points[following - behind].parent as usize;
                let further = (candidate.height - height[way]) * inverse_distances[(here - next[way]) / LANES];
                let walk = further > tangent[way];
                tangents[here] = tangent[way];
                cell[way] = select_unpredictable(walk, here, following);
                height[way] = select_unpredictable(walk, height[way], next_height);
                tangent[way] = select_unpredictable(walk, further, next_tangent);
                next[way] = select_unpredictable(walk, candidate.parent as usize, next_parent);
            }
        }
    }
}
