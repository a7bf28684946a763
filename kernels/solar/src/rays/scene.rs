//! Triangles in a tree, and the rays that walk it.

use super::build::{Item, binary_tree};
use super::hit::{NO_HIT, distances};
use super::packet::{Direction, LANES, Packet};
use super::triangle::{NO_SURFACE, SceneError, Triangle, padded_bounds};
use super::wide::{Approach, Child, Node, STACK, wide_tree};

/// Triangles that stand in the way.
#[derive(Clone)]
pub struct Scene {
    nodes: Vec<Node>,
    /// In the order of the leaves.
    triangles: Vec<Triangle>,
    arch: pulp::Arch,
}

/// What the rays of a packet meet first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hits {
    /// The surface met by each lane, [`NO_SURFACE`] for triangles of none.
    pub surfaces: [u32; LANES],
    /// Its distance in lengths of the direction, infinite where nothing is met.
    pub distances: [f32; LANES],
}

impl Scene {
    /// Builds the tree over `triangles`; none at all is a scene too.
    ///
    /// # Errors
    /// A coordinate out of range, or more triangles than indices.
    pub fn new(triangles: &[Triangle]) -> Result<Self, SceneError> {
        if triangles.len() > Triangle::MOST {
            return Err(SceneError::TooMany { n_triangles: triangles.len() });
        }
        let mut items = Vec::with_capacity(triangles.len());
        for (index, triangle) in triangles.iter().enumerate() {
            triangle.check(index)?;
            items.push(Item { bounds: padded_bounds(&triangle.corners), triangle: index as u32 });
        }
        let binary = binary_tree(&mut items);
        Ok(Scene {
            nodes: wide_tree(&binary),
            triangles: items.iter().map(|item| triangles[item.triangle as usize]).collect(),
            arch: pulp::Arch::new(),
        })
    }

    /// How many triangles stand in the way.
    pub fn n_triangles(&self) -> usize {
        self.triangles.len()
    }

    /// Memory of the tree and its triangles (bytes).
    pub fn n_bytes(&self) -> usize {
        size_of_val(&self.nodes[..]) + size_of_val(&self.triangles[..])
    }

    /// The rays of `packet` towards `direction` that meet a triangle within `reach` lengths of the direction: one bit each.
    pub fn occluded(&self, packet: &Packet, direction: &Direction, reach: f32) -> u16 {
        self.arch.dispatch(Occluded { scene: self, packet, direction, reach })
    }

    /// What each ray of `packet` towards `direction` meets first within `reach`; of surfaces met at one distance the
    /// lowest number.
    pub fn closest(&self, packet: &Packet, direction: &Direction, reach: f32) -> Hits {
        self.arch.dispatch(Closest { scene: self, packet, direction, reach })
    }

    #[inline(always)]
    fn occluded_lanes(&self, packet: &Packet, direction: &Direction, reach: f32) -> u16 {
        let approach = Approach::new(packet, direction);
        let mut waiting = [Child::default(); STACK];
        let mut n_waiting = 1;
        // Lanes without an origin need not be blocked.
        let mut blocked = [0_u32; LANES];
        for (lane, blocked) in blocked.iter_mut().enumerate() {
            *blocked = !(packet.lanes >> lane) & 1;
        }
        while n_waiting > 0 {
            n_waiting -= 1;
            let child = waiting[n_waiting];
            if child.count == 0 {
                let node = &self.nodes[child.first as usize];
                let entries = node.entries(&approach, reach);
                for (&child, &entry) in node.children.iter().zip(&entries) {
                    // Written always and counted only if crossed: no branch to guess.
                    waiting[n_waiting] = child;
                    n_waiting += usize::from(entry < f32::INFINITY);
                }
                continue;
            }
            for triangle in self.leaf(child) {
                if let Some(distances) = distances(packet, direction, &triangle.corners, reach) {
                    for (blocked, distance) in blocked.iter_mut().zip(distances) {
                        *blocked |= u32::from(distance < NO_HIT);
                    }
                    if blocked.iter().fold(1, |all, lane| all & lane) == 1 {
                        return packet.lanes as u16;
                    }
                }
            }
        }
        let bits = blocked.iter().enumerate().fold(0, |bits, (lane, blocked)| bits | blocked << lane);
        (bits & packet.lanes) as u16
    }

    #[inline(always)]
    fn closest_lanes(&self, packet: &Packet, direction: &Direction, reach: f32) -> Hits {
        let mut hits = Hits { surfaces: [NO_SURFACE; LANES], distances: [NO_HIT; LANES] };
        let mut farthest = reach;
        let approach = Approach::new(packet, direction);
        let mut waiting = [(Child::default(), 0.0_f32); STACK];
        let mut n_waiting = 1;
        while n_waiting > 0 {
            n_waiting -= 1;
            let (child, entry) = waiting[n_waiting];
            if entry > farthest {
                continue;
            }
            if child.count == 0 {
                let node = &self.nodes[child.first as usize];
                let entries = node.entries(&approach, farthest);
                let first_new = n_waiting;
                for (&child, &entry) in node.children.iter().zip(&entries) {
                    if entry < f32::INFINITY {
                        waiting[n_waiting] = (child, entry);
                        n_waiting += 1;
                    }
                }
                farthest_first(&mut waiting[first_new..n_waiting]);
                continue;
            }
            for triangle in self.leaf(child) {
                if let Some(distances) = distances(packet, direction, &triangle.corners, reach) {
                    hits.take(triangle.surface, &distances);
                    farthest = hits.farthest(packet.lanes, reach);
                }
            }
        }
        hits
    }

    #[inline(always)]
    fn leaf(&self, child: Child) -> &[Triangle] {
        &self.triangles[child.first as usize..][..child.count as usize]
    }
}

/// The arguments of [`Scene::occluded`]: unlike a closure, what is implemented for a type is sure to be compiled for the
/// vectors of the processor.
struct Occluded<'a> {
    scene: &'a Scene,
    packet: &'a Packet,
    direction: &'a Direction,
    reach: f32,
}

impl pulp::WithSimd for Occluded<'_> {
    type Output = u16;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _simd: S) -> u16 {
        self.scene.occluded_lanes(self.packet, self.direction, self.reach)
    }
}

/// The arguments of [`Scene::closest`].
struct Closest<'a> {
    scene: &'a Scene,
    packet: &'a Packet,
    direction: &'a Direction,
    reach: f32,
}

impl pulp::WithSimd for Closest<'_> {
    type Output = Hits;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _simd: S) -> Hits {
        self.scene.closest_lanes(self.packet, self.direction, self.reach)
    }
}

impl Hits {
    /// Keeps the nearer of what is known and the triangle at `distances`.
    #[inline(always)]
    fn take(&mut self, surface: u32, distances: &[f32; LANES]) {
        for (lane, &distance) in distances.iter().enumerate() {
            let known = (self.distances[lane], self.surfaces[lane]);
            let nearer = distance < known.0 || (distance == known.0 && distance < NO_HIT && surface < known.1);
            self.distances[lane] = if nearer { distance } else { known.0 };
            self.surfaces[lane] = if nearer { surface } else { known.1 };
        }
    }

    /// Beyond this distance nothing can change the hits of `lanes`.
    #[inline(always)]
    fn farthest(&self, lanes: u32, reach: f32) -> f32 {
        let mut farthest = 0.0_f32;
        for (lane, &distance) in self.distances.iter().enumerate() {
            if lanes >> lane & 1 == 1 {
                farthest = farthest.max(distance);
            }
        }
        farthest.min(reach)
    }
}

/// Sorts the few boxes of a node so that the nearest is taken first.
#[inline(always)]
fn farthest_first(boxes: &mut [(Child, f32)]) {
    for end in 1..boxes.len() {
        let mut place = end;
        while place > 0 && boxes[place - 1].1 < boxes[place].1 {
            boxes.swap(place - 1, place);
            place -= 1;
        }
    }
}
