//! Boundaries become polygons.

use serde_json::Value;

use super::document::{Geometry, Transform};
use super::nesting::{Item, Items};
use super::semantics;
use crate::formats::city::{CitySurface, SurfaceKind};

/// Why a geometry cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum Fault {
    #[error("the {kind} has no boundaries")]
    NoBoundaries { kind: String },
    #[error("the boundaries are not nested as those of a {kind}")]
    Nesting { kind: String },
    #[error("a boundary holds something that is no index of a vertex")]
    NotAnIndex,
    #[error("a boundary names vertex {index} of {n_vertices}")]
    NoVertex { index: u32, n_vertices: usize },
    #[error("the coordinates of vertex {index} are not finite")]
    NotFinite { index: u32 },
}

/// Polygons of a geometry.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Polygons {
    pub(super) surfaces: Vec<CitySurface>,
    /// Polygons left out because their outer ring has no three different vertices in sequence.
    pub(super) too_few_vertices: usize,
    /// Surfaces for which the semantics are missing or point nowhere, though there are semantics.
    pub(super) without_semantics: usize,
}

/// Whether a geometry is of a type that has surfaces, and how many lists are around them.
pub(super) fn lists_around_surfaces(kind: &str) -> Option<usize> {
    match kind {
        "MultiSurface" | "CompositeSurface" => Some(1),
        "Solid" => Some(2),
        "MultiSolid" | "CompositeSolid" => Some(3),
        _ => None,
    }
}

/// The level of detail of a geometry as text: `2.2`, `2`; empty if the file does not say.
pub(super) fn lod(geometry: &Geometry<'_>) -> String {
    match &geometry.lod {
        Some(Value::String(lod)) => lod.clone(),
        Some(Value::Number(lod)) => match lod.as_f64() {
            Some(value) => value.to_string(),
            None => lod.to_string(),
        },
        _ => String::new(),
    }
}

/// Levels of detail in order: numbers by value, before them what is no number.
pub(super) fn lod_rank(lod: &str) -> f64 {
    lod.parse().ok().filter(|value: &f64| value.is_finite()).unwrap_or(f64::NEG_INFINITY)
}

/// All polygons of a geometry, whose `lists` are around each.
pub(super) fn polygons(
    geometry: &Geometry<'_>,
    lists: usize,
    vertices: &[[f64; 3]],
    transform: &Transform,
) -> Result<Polygons, Fault> {
    let kind = || geometry.kind.chars().take(40).collect::<String>();
    let boundaries = geometry.boundaries.as_ref().ok_or_else(|| Fault::NoBoundaries { kind: kind() })?;
    let kinds = semantics::kinds(geometry.semantics.as_ref());
    let values = geometry.semantics.as_ref().and_then(|semantics| semantics.values.as_ref());
    let mut reading = Reading {
        boundaries: boundaries.items(),
        values: values.map(|values| values.items()),
        kinds: &kinds,
        vertices,
        transform,
        found: Polygons::default(),
        has_semantics: geometry.semantics.is_some(),
    };
    let misnested = || Fault::Nesting { kind: kind() };
    reading.list(lists, misnested)?;
    Ok(reading.found)
}

struct Reading<'a> {
    boundaries: Items<'a>,
    /// Semantics in step with the boundaries; none inside a list for which the file has `null` or nothing.
    values: Option<Items<'a>>,
    kinds: &'a [SurfaceKind],
    vertices: &'a [[f64; 3]],
    transform: &'a Transform,
    found: Polygons,
    has_semantics: bool,
}

impl Reading<'_> {
    /// A list of surfaces, or of `lists - 1` lists around them.
    fn list(&mut self, lists: usize, misnested: impl Fn() -> Fault + Copy) -> Result<(), Fault> {
        if self.boundaries.next() != Item::Open {
            return Err(misnested());
        }
        let after = self.values.clone().map(|mut values| {
            values.skip();
            values
        });
        self.values = self.values.take().and_then(|mut values| (values.next() == Item::Open).then_some(values));
        loop {
            match self.boundaries.peek() {
                Item::Close => break,
                Item::Open if lists > 1 => self.list(lists - 1, misnested)?,
                Item::Open => self.surface(misnested)?,
                Item::Null | Item::Index(_) | Item::Strange => return Err(misnested()),
            }
        }
        self.boundaries.next();
        self.values = after;
        Ok(())
    }

    fn surface(&mut self, misnested: impl Fn() -> Fault) -> Result<(), Fault> {
        let kind = self.kind();
        self.boundaries.next();
        let mut rings = Vec::new();
        let mut is_outer = true;
        let mut has_outer = false;
        while self.boundaries.peek() != Item::Close {
            if self.boundaries.next() != Item::Open {
                return Err(misnested());
            }
            let ring = self.ring(&misnested)?;
            if ring.len() >= 3 {
                has_outer |= is_outer;
                rings.push(ring);
            }
            is_outer = false;
        }
        self.boundaries.next();
        if has_outer {
            self.found.surfaces.push(CitySurface { kind, rings });
        } else {
            self.found.too_few_vertices += 1;
        }
        Ok(())
    }

    fn kind(&mut self) -> SurfaceKind {
        let value = match &mut self.values {
            Some(values) if values.peek() != Item::Close => {
                let value = values.peek();
                values.skip();
                value
            }
            Some(_) | None => Item::Strange,
        };
        let kind = match value {
            Item::Index(index) => self.kinds.get(index as usize).copied(),
            Item::Null => Some(SurfaceKind::Unknown),
            Item::Open | Item::Close | Item::Strange => None,
        };
        if kind.is_none() && self.has_semantics {
            self.found.without_semantics += 1;
        }
        kind.unwrap_or(SurfaceKind::Unknown)
    }

    /// The vertices of a ring; those equal to the one before are left out, the last if it is equal to the first.
    fn ring(&mut self, misnested: impl Fn() -> Fault) -> Result<Vec<[f64; 3]>, Fault> {
        let mut ring: Vec<[f64; 3]> = Vec::new();
        loop {
            let index = match self.boundaries.next() {
                Item::Close => break,
                Item::Index(index) => index,
                Item::Open => return Err(misnested()),
                Item::Null | Item::Strange => return Err(Fault::NotAnIndex),
            };
            let n_vertices = self.vertices.len();
            let vertex = self.vertices.get(index as usize).ok_or(Fault::NoVertex { index, n_vertices })?;
            let at = self.transform.apply(*vertex);
            if !at.iter().all(|value| value.is_finite()) {
                return Err(Fault::NotFinite { index });
            }
            if ring.last() != Some(&at) {
                ring.push(at);
            }
        }
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        ring.shrink_to_fit();
        Ok(ring)
    }
}
