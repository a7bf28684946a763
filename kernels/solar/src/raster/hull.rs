//! Upper hulls of lines, and tangents from cells to them.
//!
//! The hull of all points up to one is kept as a tree: a point's parent is the next point of the hull that ends with it.
//! Pushing a point passes over points that it hides for good, so all pushes of a line take two steps a point at most
//! (Timonen and Westerholm, Scalable height field self-shadowing, Computer Graphics Forum 29(2), 2010). A tree, unlike a
//! stack, lets cells look at the hull as it was some steps before them, and from another height than the line's.
//!
//! Lines are independent and each is a chain of loads that wait for each other, so some are worked on in turn, without a
//! branch that depends on heights. What comes next on a line is loaded before it is known whether it is needed. Whether a
//! line is done is looked at now and then; until then it goes on over rows that nobody asks for.

use std::hint::select_unpredictable;
use std::ops::Range;

use super::gather::{LANES, Lane, higher};

/// Lines that are worked on in turn.
const WAYS: usize = 4;

/// Steps between looks at whether lines are done.
pub(super) const BURST: usize = 16;

/// Buffers of the hulls of lines side by side.
#[derive(Debug, Default)]
pub(super) struct Hulls {
    /// Points of lines; row 0 is the root and its own parent.
    points: Vec<[Point; LANES]>,
    /// Looks of cells, then what they found.
    looks: Vec<[Look; LANES]>,
}

/// A point of a line.
#[derive(Debug, Clone, Copy, Default)]
struct Point {
    /// NaN: hides nothing and is never passed over.
    height: f32,
    /// Flat index of the point before it in the hull that ends with it.
    parent: u32,
}

/// The look of a cell at a hull.
#[derive(Debug, Clone, Copy)]
struct Look {
    height: f32,
    /// The greatest tangent so far.
    tangent: f32,
    /// Flat index of the point to try next.
    next: u32,
}

/// A point that is being pushed.
#[derive(Clone, Copy)]
struct Push {
    point: usize,
    height: f32,
    /// End of the hull so far, its tangent from the point, and the point before it.
    top: usize,
    tangent: f32,
    next: usize,
}

/// A cell that looks.
#[derive(Clone, Copy)]
struct Walk {
    cell: usize,
    height: f32,
    tangent: f32,
    next: usize,
}

impl Hulls {
    /// Finds the parents of points in `rows`, where rows before hide nothing.
    #[inline(always)]
    pub(super) fn push(&mut self, heights: &[Lane], inverse_distances: &[f32], rows: Range<usize>) {
        let needed = rows.end + BURST + 1;
        self.points.resize(self.points.len().max(needed), [Point::default(); LANES]);
        self.points[..rows.start].fill(std::array::from_fn(|lane| Point { height: f32::NAN, parent: lane as u32 }));
        for (points, heights) in self.points[rows.start..needed].iter_mut().zip(&heights[rows.start..]) {
            for lane in 0..LANES {
                points[lane] = Point { height: heights[lane], parent: lane as u32 };
            }
        }
        push_lines(self.points[..needed].as_flattened_mut(), inverse_distances, &rows);
    }

    /// Looks from `observers` in `rows` at what is at least `gap` rows before, with `near` for what is seen already.
    #[inline(always)]
    pub(super) fn look(
        &mut self,
        (heights, observers, near): (&[Lane], &[Lane], &[Lane]),
        inverse_distances: &[f32],
        rows: Range<usize>,
        gap: usize,
    ) {
        let nothing = Look { height: 0.0, tangent: f32::MAX, next: 0 };
        let needed = rows.end + BURST + 1;
        self.looks.resize(self.looks.len().max(needed), [nothing; LANES]);
        self.looks[rows.end..needed].fill([nothing; LANES]);
        let closest = inverse_distances[gap];
        let mut highest = [f32::MIN; LANES];
        for line_heights in &heights[..rows.start - gap] {
            highest = both(&highest, line_heights);
        }
        for row in rows.clone() {
            let (tops, own, near) = (&self.points[row - gap], &observers[row], &near[row]);
            let top_heights = &heights[row - gap];
            highest = both(&highest, top_heights);
            let looks = &mut self.looks[row];
            for lane in 0..LANES {
                // Where not even the highest point so far, at the nearest place, is above what is seen nearby, there is
                // nothing to walk for.
                let hidden = (highest[lane] - own[lane]) * closest <= near[lane];
                let tangent = (top_heights[lane] - own[lane]) * closest;
                let tangent = if hidden { near[lane] } else { tangent };
                looks[lane] = Look { height: own[lane], tangent, next: tops[lane].parent };
            }
        }
        look_from_lines(self.points.as_flattened(), self.looks[..needed].as_flattened_mut(), inverse_distances, &rows);
    }

    /// Tangents that the cells of a row found; lower than what was seen before where nothing is higher.
    #[inline(always)]
    pub(super) fn tangents(&self, row: usize) -> Lane {
        let looks = &self.looks[row];
        let mut tangents = [0.0; LANES];
        for lane in 0..LANES {
            tangents[lane] = looks[lane].tangent;
        }
        tangents
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
fn push_lines(points: &mut [Point], inverse_distances: &[f32], rows: &Range<usize>) {
    let (start, end) = (rows.start * LANES, rows.end * LANES);
    let one = inverse_distances[1];
    let mut lines = start..start + LANES;
    let mut ways = [Push::new(points, end, one); WAYS];
    loop {
        let mut is_done = true;
        for way in &mut ways {
            if way.point >= end {
                *way = Push::new(points, lines.next().unwrap_or(end), one);
            }
            is_done &= way.point >= end;
        }
        if is_done {
            return;
        }
        for _ in 0..BURST {
            for way in &mut ways {
                way.step(points, inverse_distances, one);
            }
        }
    }
}

#[inline(always)]
fn look_from_lines(points: &[Point], looks: &mut [Look], inverse_distances: &[f32], rows: &Range<usize>) {
    let (start, end) = (rows.start * LANES, rows.end * LANES);
    let mut lines = start..start + LANES;
    let mut ways = [Walk::new(looks, end); WAYS];
    loop {
        let mut is_done = true;
        for way in &mut ways {
            if way.cell >= end {
                *way = Walk::new(looks, lines.next().unwrap_or(end));
            }
            is_done &= way.cell >= end;
        }
        if is_done {
            return;
        }
        for _ in 0..BURST {
            for way in &mut ways {
                way.step(points, looks, inverse_distances);
            }
        }
    }
}

impl Push {
    #[inline(always)]
    fn new(points: &[Point], point: usize, inverse_step: f32) -> Self {
        let (height, top) = (points[point].height, point - LANES);
        let tangent = (points[top].height - height) * inverse_step;
        Push { point, height, top, tangent, next: points[top].parent as usize }
    }

    /// Passes over a point of the hull, or ends the hull with the point and goes on to the one after.
    #[inline(always)]
    fn step(&mut self, points: &mut [Point], inverse_distances: &[f32], inverse_step: f32) {
        let Push { point, height, top, tangent, next } = *self;
        let candidate = points[next];
        let further = (candidate.height - height) * inverse_distances[(point - next) / LANES];
        let hides = further >= tangent;
        points[point].parent = top as u32;
        let following = point + LANES;
        let following_height = points[following].height;
        let fresh = (height - following_height) * inverse_step;
        self.point = select_unpredictable(hides, point, following);
        self.height = select_unpredictable(hides, height, following_height);
        self.top = select_unpredictable(hides, next, point);
        self.tangent = select_unpredictable(hides, further, fresh);
        self.next = select_unpredictable(hides, candidate.parent as usize, top);
    }
}

impl Walk {
    #[inline(always)]
    fn new(looks: &[Look], cell: usize) -> Self {
        let look = looks[cell];
        Walk { cell, height: look.height, tangent: look.tangent, next: look.next as usize }
    }

    /// Goes back along the hull, or ends the look and goes on to the next cell of the line.
    #[inline(always)]
    fn step(&mut self, points: &[Point], looks: &mut [Look], inverse_distances: &[f32]) {
        let Walk { cell, height, tangent, next } = *self;
        let candidate = points[next];
        let further = (candidate.height - height) * inverse_distances[(cell - next) / LANES];
        let rises = further > tangent;
        looks[cell].tangent = tangent;
        let following = cell + LANES;
        let look = looks[following];
        self.cell = select_unpredictable(rises, cell, following);
        self.height = select_unpredictable(rises, height, look.height);
        self.tangent = select_unpredictable(rises, further, look.tangent);
        self.next = select_unpredictable(rises, candidate.parent as usize, look.next as usize);
    }
}
