//! Parts of surfaces that another object covers: walls that two buildings share, floors between stacked parts.

use i_overlay::core::overlay_rule::OverlayRule;

use crate::boxes::{BoxTree, Extent};
use crate::frame::Frame;
use crate::prepare::{Kind, PreparedObject, PreparedSurface};
use crate::triangles::{Region, Triangle, TriangulationError, overlay, region_area, region_triangles, shape_area};
use crate::vector::dot;

/// Strips thinner than this are rounding, not parts of walls (m).
const THINNEST_PART: f64 = 0.005;

/// Objects overlap by this much where their walls are one, by inaccuracy (m).
const OVERLAP: f64 = 0.05;

/// When two surfaces are one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Largest distance between them, in front or behind (m); 0.25 by default.
    pub distance: f64,
    /// Cosine of the largest angle between them; that of 5° by default.
    pub cosine: f64,
}

/// An object that covers some of a surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Party {
    /// Its number.
    pub object: usize,
    /// How much it covers (m²).
    pub area: f64,
}

/// What other objects leave of a surface.
#[derive(Debug, Clone, PartialEq)]
pub enum Exposure {
    /// All.
    All,
    /// A part or nothing.
    Some {
        /// Its area (m²).
        area: f64,
        /// It.
        triangles: Vec<Triangle>,
        /// Who covers the rest, by ascending object.
        party: Vec<Party>,
    },
    /// What is left cannot be cut into triangles.
    Uncut(TriangulationError),
}

/// The surfaces of all objects, to be searched for those that cover each other.
pub struct PartyWalls {
    tree: BoxTree,
    /// Object and surface of each box.
    owners: Vec<(u32, u32)>,
    tolerance: Tolerance,
}

impl Default for Tolerance {
    fn default() -> Self {
        Tolerance { distance: 0.25, cosine: 0.996_194_698_091_745_5 }
    }
}

impl PartyWalls {
    /// Gathers the surfaces of all objects; interior ones cover nothing.
    pub fn new(objects: &[PreparedObject], tolerance: Tolerance) -> Self {
        let mut owners = Vec::new();
        let mut boxes = Vec::new();
        for (number, object) in objects.iter().enumerate() {
            for (surface, one) in object.surfaces.iter().enumerate().filter(|(_, one)| one.kind != Kind::Interior) {
                owners.push((number as u32, surface as u32));
                boxes.push(Extent::of(one.triangles.iter().flatten()));
            }
        }
        PartyWalls { tree: BoxTree::new(boxes), owners, tolerance }
    }

    /// What is exposed of each surface of an object; `objects` are those that this was made of.
    ///
    /// A part is covered where a surface of another object faces the other way and lies within the tolerance: that
    /// surface is projected along the normal, and the union of all such is taken off exactly (no samples). Objects can
    /// be asked for in any order and at the same time.
    pub fn exposures(&self, objects: &[PreparedObject], object: usize) -> Vec<Exposure> {
        objects[object].surfaces.iter().map(|surface| self.exposure(objects, object, surface)).collect()
    }

    fn exposure(&self, objects: &[PreparedObject], object: usize, surface: &PreparedSurface) -> Exposure {
        if surface.kind == Kind::Interior {
            return Exposure::All;
        }
        let wanted = Extent::of(surface.triangles.iter().flatten()).grown(self.tolerance.distance);
        let mut covers = Region::new();
        let mut party: Vec<Party> = Vec::new();
        let near = self.tree.near(&wanted);
        let owners = near.iter().map(|&number| self.owners[number as usize]);
        let others: Vec<(u32, u32)> = owners.filter(|(owner, _)| *owner as usize != object).collect();
        for of_one in others.chunk_by(|a, b| a.0 == b.0) {
            let owner = of_one[0].0 as usize;
            let mut cover = Region::new();
            for &(_, other) in of_one {
                cover.extend(self.covered(surface, &objects[owner], &objects[owner].surfaces[other as usize]));
            }
            if cover.is_empty() {
                continue;
            }
            let area = if cover.len() == 1 {
                region_area(&cover)
            } else {
                region_area(&overlay(&cover, &Region::new(), OverlayRule::Subject))
            };
            party.push(Party { object: owner, area });
            covers.extend(cover);
        }
        if covers.is_empty() {
            return Exposure::All;
        }
        let mut left = overlay(&surface.region, &covers, OverlayRule::Difference);
        left.retain(|shape| !is_thin(shape));
        match region_triangles(&left, &surface.frame) {
            Ok(triangles) => Exposure::Some { area: region_area(&left), triangles, party },
            Err(error) => Exposure::Uncut(error),
        }
    }

    /// The parts of a surface that another covers, in the frame of the first.
    fn covered(&self, surface: &PreparedSurface, owner: &PreparedObject, other: &PreparedSurface) -> Region {
        if dot(surface.normal, other.normal) > -self.tolerance.cosine {
            return Region::new();
        }
        let corners = other.triangles.iter().flatten().map(|corner| surface.frame.height(*corner));
        let (nearest, farthest) = corners.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), h| (a.min(h), b.max(h)));
        if nearest > self.tolerance.distance || farthest < -self.tolerance.distance {
            return Region::new();
        }
        let mut common = overlay(&surface.region, &projected(other, &surface.frame), OverlayRule::Intersect);
        common.retain(|shape| {
            let gap = gap(shape, surface, other);
            // A face farther behind may be the other side of a slab that ends below this surface.
            !is_thin(shape)
                && self.is_close(shape, surface, other)
                && (gap >= -OVERLAP || self.reaches_out(owner, surface))
        });
        common
    }

    /// Whether the corners of a common part are close to both surfaces on average.
    fn is_close(&self, shape: &[Vec<[f64; 2]>], surface: &PreparedSurface, other: &PreparedSurface) -> bool {
        let heights = shape.iter().flatten().map(|corner| other.frame.height(surface.frame.lift(*corner)).abs());
        let n_corners: usize = shape.iter().map(Vec::len).sum();
        heights.sum::<f64>() <= self.tolerance.distance * n_corners as f64
    }

    /// Whether an object has a body before a surface.
    fn reaches_out(&self, object: &PreparedObject, surface: &PreparedSurface) -> bool {
        let mut corners = object.surfaces.iter().flat_map(|one| one.triangles.iter().flatten());
        corners.any(|corner| surface.frame.height(*corner) > self.tolerance.distance)
    }
}

/// Mean distance from a surface to another that faces it at the corners of a common part (m), below 0 where they overlap.
fn gap(shape: &[Vec<[f64; 2]>], surface: &PreparedSurface, other: &PreparedSurface) -> f64 {
    let heights = shape.iter().flatten().map(|corner| other.frame.height(surface.frame.lift(*corner)));
    heights.sum::<f64>() / shape.iter().map(Vec::len).sum::<usize>() as f64
}

/// A surface seen along the normal of a frame that faces it, outer rings anticlockwise.
fn projected(surface: &PreparedSurface, to: &Frame) -> Region {
    let ring = |ring: &Vec<[f64; 2]>| {
        // Seen from the other side, rings run the other way.
        ring.iter().rev().map(|corner| to.project(surface.frame.lift(*corner))).collect()
    };
    surface.region.iter().map(|shape| shape.iter().map(ring).collect()).collect()
}

fn is_thin(shape: &[Vec<[f64; 2]>]) -> bool {
    let side = |[a, b]: [[f64; 2]; 2]| {
        let (x, y) = (b[0] - a[0], b[1] - a[1]);
        (x * x + y * y).sqrt()
    };
    let around = |ring: &Vec<[f64; 2]>| -> f64 {
        ring.iter().zip(ring.iter().cycle().skip(1)).map(|(a, b)| side([*a, *b])).sum()
    };
    2.0 * shape_area(shape) < THINNEST_PART * shape.iter().map(around).sum::<f64>()
}
