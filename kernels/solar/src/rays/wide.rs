//! The tree that rays walk: nodes of eight boxes, tested side by side.

use super::build::{BinaryNode, Content};
use super::hit::WIDENING;
use super::packet::{Direction, Packet};
use super::triangle::{greatest, least};

/// Boxes of a node.
pub(super) const WIDTH: usize = 8;

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

    /// Distances at which the packet enters each box; infinite for boxes that no ray of it crosses within `reach`.
    ///
    /// The packet is taken as the box of its origins: a ray that crosses a box of its own crosses it here too.
    #[inline(always)]
    pub(super) fn entries(&self, packet: &Packet, direction: &Direction, reach: f32) -> [f32; WIDTH] {
        let mut near = [0.0; WIDTH];
        let mut far = [f32::INFINITY; WIDTH];
        for axis in 0..3 {
            let inverse = direction.inverse[axis];
            let (low, high) = (packet.bounds.low[axis], packet.bounds.high[axis]);
            let (near_bounds, near_origin, far_bounds, far_origin) = if direction.falls[axis] {
                (&self.bounds[axis + 3], low, &self.bounds[axis], high)
            } else {
                (&self.bounds[axis], high, &self.bounds[axis + 3], low)
            };
            for place in 0..WIDTH {
                near[place] = greatest(near[place], (near_bounds[place] - near_origin) * inverse);
                far[place] = least(far[place], (far_bounds[place] - far_origin) * inverse);
            }
        }
        for place in 0..WIDTH {
            let crossed = near[place] <= least(far[place] * WIDENING, reach);
            near[place] = if crossed { near[place] } else { f32::INFINITY };
        }
        near
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
