//! The tree that rays walk: nodes of eight boxes, tested side by side.

use super::build::{BinaryNode, Content};
use super::hit::WIDENING;
use super::packet::{Direction, Packet};
use super::triangle::{greatest, least};

/// Boxes of a node.
pub(super) const WIDTH: usize = 16;

/// Most levels of a tree: those of the binary tree.
const DEEPEST: usize = 66;

/// Room for all boxes that wait on the way down.
pub(super) const STACK: usize = DEEPEST * (WIDTH - 1) + WIDTH;

/// Eight boxes; places without one hold an empty box, which no ray crosses.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Node {
    /// Low x, y, z, then high x, y, z.
    pub(super) bounds: [[f32; WIDTH]; 6],
    pub(super) children: [Child; WIDTH],
}

/// What a box holds: triangles from `first` on, or the node `first` if `count` is 0.
#[derive(Clone, Copy, Default)]
pub(super) struct Child {
    pub(super) first: u32,
    pub(super) count: u32,
}

impl Node {
    const EMPTY: Node = Node {
        bounds: [
            [f32::INFINITY; WIDTH],
            [f32::INFINITY; WIDTH],
            [f32::INFINITY; WIDTH],
            [f32::NEG_INFINITY; WIDTH],
            [f32::NEG_INFINITY; WIDTH],
            [f32::NEG_INFINITY; WIDTH],
        ],
        children: [Child { first: 0, count: 0 }; WIDTH],
    };

    /// Distances at which a packet enters each box; infinite for boxes that no ray of it crosses within `reach`.
    #[inline(always)]
    pub(super) fn entries(&self, approach: &Approach, reach: f32) -> [f32; WIDTH] {
        let [near_x, near_y, near_z] = approach.near.rows.map(|row| &self.bounds[row]);
        let [far_x, far_y, far_z] = approach.far.rows.map(|row| &self.bounds[row]);
        let [x, y, z] = approach.inverse;
        let (entered, left) = (&approach.near.origins, &approach.far.origins);
        let mut entries = [0.0; WIDTH];
        // One loop, because its body is then vectorised as a whole.
        for place in 0..WIDTH {
            let near_level = greatest((near_x[place] - entered[0]) * x, (near_y[place] - entered[1]) * y);
            let near = greatest(near_level, greatest((near_z[place] - entered[2]) * z, 0.0));
            let far_level = least((far_x[place] - left[0]) * x, (far_y[place] - left[1]) * y);
            let far = least(far_level, (far_z[place] - left[2]) * z) * WIDENING;
            entries[place] = if near <= least(far, reach) { near } else { f32::INFINITY };
        }
        entries
    }
}

/// How a packet meets boxes: it is taken as the box of its origins, so that a ray which crosses a box by itself crosses it
/// here too.
pub(super) struct Approach {
    inverse: [f32; 3],
    near: Side,
    far: Side,
}

/// The side of boxes by which rays enter or leave, and the origins that make them do so first or last.
struct Side {
    rows: [usize; 3],
    origins: [f32; 3],
}

impl Approach {
    #[inline(always)]
    pub(super) fn new(packet: &Packet, direction: &Direction) -> Self {
        let low = Side { rows: [0, 1, 2], origins: packet.bounds.high };
        let high = Side { rows: [3, 4, 5], origins: packet.bounds.low };
        let mut approach = Approach { inverse: direction.inverse, near: low, far: high };
        for axis in 0..3 {
            if direction.falls[axis] {
                let Approach { near, far, .. } = &mut approach;
                std::mem::swap(&mut near.rows[axis], &mut far.rows[axis]);
                std::mem::swap(&mut near.origins[axis], &mut far.origins[axis]);
            }
        }
        approach
    }
}

/// Folds the binary tree into nodes of eight: the child with the largest surface is opened until a node is full.
pub(super) fn wide_tree(binary: &[BinaryNode]) -> Vec<Node> {
    let mut nodes = vec![Node::EMPTY];
    let mut open = vec![(0_usize, 0_u32)];
    while let Some((node, root)) = open.pop() {
        let members = members(binary, root);
        for (place, member) in members.into_iter().flatten().enumerate() {
            let BinaryNode { bounds, content } = binary[member as usize];
            for axis in 0..3 {
                nodes[node].bounds[axis][place] = bounds.low[axis];
                nodes[node].bounds[axis + 3][place] = bounds.high[axis];
            }
            nodes[node].children[place] = match content {
                Content::Leaf { first, count } => Child { first, count },
                Content::Pair { .. } => {
                    let first = nodes.len() as u32;
                    nodes.push(Node::EMPTY);
                    open.push((first as usize, member));
                    Child { first, count: 0 }
                }
            };
        }
    }
    nodes
}

/// The boxes under `root` that become one node.
fn members(binary: &[BinaryNode], root: u32) -> [Option<u32>; WIDTH] {
    let mut members = [None; WIDTH];
    members[0] = Some(root);
    for free in 1..WIDTH {
        let mut largest: Option<(usize, u32, f32)> = None;
        for (place, member) in members[..free].iter().enumerate() {
            let BinaryNode { bounds, content } = binary[member.map_or(0, |member| member as usize)];
            if let Content::Pair { first } = content
                && largest.is_none_or(|(_, _, area)| bounds.half_area() > area)
            {
                largest = Some((place, first, bounds.half_area()));
            }
        }
        let Some((place, first, _)) = largest else { break };
        members[place] = Some(first);
        members[free] = Some(first + 1);
    }
    members
}
