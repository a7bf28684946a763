//! A binary tree of boxes by the surface area heuristic over bins.
//!
//! Wald, On fast construction of SAH-based bounding volume hierarchies, IEEE Symposium on Interactive Ray Tracing 2007.
//! The order of the triangles alone decides the tree; hits do not depend on it.

use super::triangle::{Bounds, greatest, least};

/// Most triangles of a leaf.
pub(super) const LEAF: usize = 4;

/// Places where a box may be split, along each axis.
const BINS: usize = 16;

/// Depth from which halves of equal count bound the depth of the tree: 2^30 triangles add 30 levels at most.
const DEEPEST_UNEVEN: usize = 34;

/// A triangle's box and its index.
#[derive(Clone, Copy)]
pub(super) struct Item {
    pub(super) bounds: Bounds,
    pub(super) triangle: u32,
}

/// A box of the binary tree.
#[derive(Clone, Copy)]
pub(super) struct BinaryNode {
    pub(super) bounds: Bounds,
    pub(super) content: Content,
}

/// What a box holds.
#[derive(Clone, Copy)]
pub(super) enum Content {
    /// Two boxes: this one and the next.
    Pair { first: u32 },
    /// Items from here on.
    Leaf { first: u32, count: u32 },
}

/// Builds the tree over `items`, whose order becomes that of the leaves. The root is the first node.
pub(super) fn binary_tree(items: &mut [Item]) -> Vec<BinaryNode> {
    let placeholder = BinaryNode { bounds: Bounds::EMPTY, content: Content::Leaf { first: 0, count: 0 } };
    let mut nodes = Vec::with_capacity(items.len().max(1) * 2);
    nodes.push(placeholder);
    let mut open = vec![(0_usize, 0..items.len(), 0_usize)];
    while let Some((node, range, depth)) = open.pop() {
        let part = &mut items[range.clone()];
        let mut bounds = Bounds::EMPTY;
        for item in part.iter() {
            bounds.grow(&item.bounds);
        }
        if part.len() <= LEAF {
            let content = Content::Leaf { first: range.start as u32, count: part.len() as u32 };
            nodes[node] = BinaryNode { bounds, content };
            continue;
        }
        let middle = range.start + split(part, depth);
        let first = nodes.len();
        nodes[node] = BinaryNode { bounds, content: Content::Pair { first: first as u32 } };
        nodes.extend([placeholder; 2]);
        open.push((first + 1, middle..range.end, depth + 1));
        open.push((first, range.start..middle, depth + 1));
    }
    nodes
}

/// Twice the centre of a box.
#[inline(always)]
fn centre(bounds: &Bounds, axis: usize) -> f32 {
    bounds.low[axis] + bounds.high[axis]
}

/// Orders `items` so that the cheapest split stands at the returned place, which leaves none of both sides empty.
fn split(items: &mut [Item], depth: usize) -> usize {
    let mut centres = Bounds::EMPTY;
    for item in items.iter() {
        for axis in 0..3 {
            centres.low[axis] = least(centres.low[axis], centre(&item.bounds, axis));
            centres.high[axis] = greatest(centres.high[axis], centre(&item.bounds, axis));
        }
    }
    let best = if depth < DEEPEST_UNEVEN { cheapest(items, &centres) } else { None };
    match best {
        Some((axis, bin)) => {
            let bins = Bins::of(&centres, axis);
            partition(items, |item| bins.bin(&item.bounds) <= bin)
        }
        None => halve(items, &centres),
    }
}

/// Halves of equal count along the longest axis.
fn halve(items: &mut [Item], centres: &Bounds) -> usize {
    let extent = |axis: usize| centres.high[axis] - centres.low[axis];
    let mut longest = 0;
    for axis in 1..3 {
        if extent(axis) > extent(longest) {
            longest = axis;
        }
    }
    let middle = items.len() / 2;
    items.select_nth_unstable_by(middle, |a, b| {
        centre(&a.bounds, longest).total_cmp(&centre(&b.bounds, longest)).then(a.triangle.cmp(&b.triangle))
    });
    middle
}

/// Where centres fall along one axis.
struct Bins {
    axis: usize,
    low: f32,
    scale: f32,
}

impl Bins {
    fn of(centres: &Bounds, axis: usize) -> Self {
        let extent = centres.high[axis] - centres.low[axis];
        let scale = if extent > 0.0 { BINS as f32 / extent } else { 0.0 };
        Bins { axis, low: centres.low[axis], scale: if scale.is_finite() { scale } else { 0.0 } }
    }

    #[inline(always)]
    fn bin(&self, bounds: &Bounds) -> usize {
        (((centre(bounds, self.axis) - self.low) * self.scale) as usize).min(BINS - 1)
    }
}

/// The axis and the last bin of the left side that make Σ area × count least.
fn cheapest(items: &[Item], centres: &Bounds) -> Option<(usize, usize)> {
    let axes = [0, 1, 2].map(|axis| Bins::of(centres, axis));
    let mut boxes = [[Bounds::EMPTY; BINS]; 3];
    let mut counts = [[0_u32; BINS]; 3];
    for item in items {
        for (axis, bins) in axes.iter().enumerate() {
            let bin = bins.bin(&item.bounds);
            boxes[axis][bin].grow(&item.bounds);
            counts[axis][bin] += 1;
        }
    }
    let mut best = None;
    let mut least_cost = f32::INFINITY;
    for axis in 0..3 {
        if axes[axis].scale == 0.0 {
            continue;
        }
        let costs = costs(&boxes[axis], &counts[axis]);
        for (bin, &cost) in costs.iter().enumerate() {
            if cost < least_cost {
                least_cost = cost;
                best = Some((axis, bin));
            }
        }
    }
    best
}

/// Cost of a split after each bin but the last; infinite where a side is empty.
fn costs(boxes: &[Bounds; BINS], counts: &[u32; BINS]) -> [f32; BINS - 1] {
    let mut costs = [f32::INFINITY; BINS - 1];
    let (mut right, mut n_right) = (Bounds::EMPTY, 0);
    for bin in (1..BINS).rev() {
        right.grow(&boxes[bin]);
        n_right += counts[bin];
        costs[bin - 1] = if n_right > 0 { right.half_area() * n_right as f32 } else { f32::INFINITY };
    }
    let (mut left, mut n_left) = (Bounds::EMPTY, 0);
    for bin in 0..BINS - 1 {
        left.grow(&boxes[bin]);
        n_left += counts[bin];
        costs[bin] += if n_left > 0 { left.half_area() * n_left as f32 } else { f32::INFINITY };
    }
    costs
}

/// Moves the items that are `left` to the front and tells how many they are.
fn partition(items: &mut [Item], left: impl Fn(&Item) -> bool) -> usize {
    let (mut next, mut end) = (0, items.len());
    while next < end {
        if left(&items[next]) {
            next += 1;
        } else {
            end -= 1;
            items.swap(next, end);
        }
    }
    next
}
