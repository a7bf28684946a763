//! A tree of boxes, to find those near another.

use crate::vector::Point;

/// Boxes that a leaf holds at most.
const LEAF: usize = 8;

/// A box along the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Extent {
    pub(crate) low: Point,
    pub(crate) high: Point,
}

/// Boxes in a binary tree, halved by number along the longest side of their middles.
pub(crate) struct BoxTree {
    boxes: Vec<Extent>,
    order: Vec<u32>,
    nodes: Vec<Node>,
}

struct Node {
    extent: Extent,
    first: u32,
    count: u32,
    /// The second of two children, the first follows the node itself; 0 for leaves.
    second: u32,
}

impl Extent {
    const EMPTY: Extent = Extent { low: [f64::INFINITY; 3], high: [f64::NEG_INFINITY; 3] };

    pub(crate) fn of<'a>(points: impl IntoIterator<Item = &'a Point>) -> Self {
        points.into_iter().fold(Extent::EMPTY, |extent, point| extent.with(&Extent { low: *point, high: *point }))
    }
    pub(crate) fn grown(&self, by: f64) -> Self {
        Extent { low: self.low.map(|value| value - by), high: self.high.map(|value| value + by) }
    }
    fn with(&self, other: &Extent) -> Self {
        Extent {
            low: std::array::from_fn(|axis| self.low[axis].min(other.low[axis])),
            high: std::array::from_fn(|axis| self.high[axis].max(other.high[axis])),
        }
    }
    fn meets(&self, other: &Extent) -> bool {
        (0..3).all(|axis| self.low[axis] <= other.high[axis] && other.low[axis] <= self.high[axis])
    }
    fn middle(&self, axis: usize) -> f64 {
        0.5 * (self.low[axis] + self.high[axis])
    }
}

impl BoxTree {
    pub(crate) fn new(boxes: Vec<Extent>) -> Self {
        let order = (0..boxes.len() as u32).collect();
        let mut tree = BoxTree { boxes, order, nodes: Vec::new() };
        if !tree.order.is_empty() {
            tree.split(0, tree.order.len());
        }
        tree
    }

    /// Numbers of the boxes that meet another, ascending.
    pub(crate) fn near(&self, wanted: &Extent) -> Vec<u32> {
        let mut found = Vec::new();
        let mut open = if self.nodes.is_empty() { Vec::new() } else { vec![0] };
        while let Some(number) = open.pop() {
            let node: &Node = &self.nodes[number];
            if !node.extent.meets(wanted) {
                continue;
            }
            if node.second != 0 {
                open.extend([number + 1, node.second as usize]);
                continue;
            }
            let (first, end) = (node.first as usize, (node.first + node.count) as usize);
            found.extend(self.order[first..end].iter().filter(|&&one| self.boxes[one as usize].meets(wanted)));
        }
        found.sort_unstable();
        found
    }

    fn split(&mut self, first: usize, end: usize) {
        let number = self.nodes.len();
        let boxes = &self.boxes;
        let items = &mut self.order[first..end];
        let extent = items.iter().fold(Extent::EMPTY, |extent, &one| extent.with(&boxes[one as usize]));
        let count = items.len();
        self.nodes.push(Node { extent, first: first as u32, count: count as u32, second: 0 });
        if count <= LEAF {
            return;
        }
        let spread = |axis: usize| {
            let middles = items.iter().map(|&one| boxes[one as usize].middle(axis));
            let (low, high) = middles.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), m| (a.min(m), b.max(m)));
            high - low
        };
        let longest = (0..3).max_by(|a, b| spread(*a).total_cmp(&spread(*b))).expect("there are three axes");
        let middle = |one: u32| boxes[one as usize].middle(longest);
        items.select_nth_unstable_by(count / 2, |a, b| middle(*a).total_cmp(&middle(*b)).then(a.cmp(b)));
        self.split(first, first + count / 2);
        self.nodes[number].second = self.nodes.len() as u32;
        self.split(first + count / 2, end);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn extent() -> impl Strategy<Value = Extent> {
        ([0.0..100.0_f64, 0.0..100.0, 0.0..20.0], [0.0..20.0_f64, 0.0..20.0, 0.0..20.0])
            .prop_map(|(low, size)| Extent { low, high: std::array::from_fn(|axis| low[axis] + size[axis]) })
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_a_search_of_all_finds(
            boxes in proptest::collection::vec(extent(), 0..120),
            wanted in extent(),
        ) {
            let all: Vec<u32> = (0..boxes.len() as u32).filter(|&one| boxes[one as usize].meets(&wanted)).collect();
            prop_assert_eq!(BoxTree::new(boxes).near(&wanted), all);
        }
    }

    #[test]
    fn equal_boxes_are_all_found() {
        let one = Extent { low: [1.0; 3], high: [2.0; 3] };
        assert_eq!(BoxTree::new(vec![one; 100]).near(&one.grown(0.1)).len(), 100);
        assert!(BoxTree::new(vec![one; 100]).near(&Extent { low: [3.0; 3], high: [4.0; 3] }).is_empty());
    }
}
