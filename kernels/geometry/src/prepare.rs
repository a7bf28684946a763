//! Objects of a city model become surfaces with all that is asked of them.

use std::borrow::Cow;

use crate::frame::Frame;
use crate::party::{Exposure, Party, PartyWalls, Tolerance};
use crate::plane::{Plane, PlaneError, newell, plane, tilt_and_azimuth};
use crate::solid::{Expected, Face, Solid, solid};
use crate::triangles::{Region, Triangle, TriangulationError, triangulate};
use crate::vector::{Point, dot, scale};

/// Surfaces of unknown kind that tilt less than this are roofs (°).
pub const ROOF_BELOW: f64 = 60.0;
/// Surfaces of unknown kind that tilt more than this are grounds; between the two are walls (°).
pub const GROUND_ABOVE: f64 = 120.0;
/// Vertices farther than this from their plane are told of (m): the tolerance of Ledoux (2018), "val3dity: validation of
/// 3D GIS primitives according to the international standards", Open Geospatial Data, Software and Standards 3:1.
pub const FLAT_WITHIN: f64 = 0.01;

/// What a surface is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A roof.
    Roof,
    /// An outer wall.
    Wall,
    /// What the object stands on, and undersides.
    Ground,
    /// Not outside; it has no exposed part.
    Interior,
    /// To be told from its tilt.
    Unknown,
}

/// A polygon of an object.
#[derive(Debug, Clone, Copy)]
pub struct Surface<'a> {
    /// What it is.
    pub kind: Kind,
    /// The outer ring, then holes; none closed by a repeated vertex.
    pub rings: &'a [Vec<[f64; 3]>],
}

/// A building or a part of one, ready for sun and heat.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedObject {
    /// Its surfaces, in the order given, those without an area left out.
    pub surfaces: Vec<PreparedSurface>,
    /// Volume, if its surfaces close it (m³).
    pub volume: Option<f64>,
    /// Edges at which surfaces are missing.
    pub n_open_edges: usize,
    /// How many surfaces were turned round to look outside.
    pub n_turned: usize,
    /// What is to be told of its surfaces.
    pub findings: Vec<Finding>,
}

/// A surface of an object, looking outside.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedSurface {
    /// Its number among the surfaces given.
    pub source: usize,
    /// What it is, never unknown.
    pub kind: Kind,
    /// Unit normal to the outside.
    pub normal: [f64; 3],
    /// 0 facing up, 90 for walls, 180 facing down (°).
    pub tilt: f64,
    /// Clockwise from grid north, 0 if horizontal (°).
    pub azimuth: f64,
    /// Area (m²).
    pub area: f64,
    /// All of it.
    pub triangles: Vec<Triangle>,
    /// Area of what no other object covers; zero for interior ones (m²).
    pub exposed_area: f64,
    /// What no other object covers.
    pub exposed_triangles: Vec<Triangle>,
    /// Objects that cover some of it, ascending, with how much.
    pub party: Vec<Party>,
    /// Axes in its plane.
    pub frame: Frame,
    /// The polygon in coordinates of the frame.
    pub region: Region,
}

/// Something to be told of a surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// Its number among the surfaces given.
    pub surface: usize,
    /// What it is.
    pub what: What,
}

/// What is to be told of a surface.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum What {
    /// It has no plane and is left out.
    #[error("left out: {0}")]
    NoPlane(PlaneError),
    /// It cannot be cut into triangles and is left out.
    #[error("left out: {0}")]
    NoTriangles(TriangulationError),
    /// It is used as if all vertices were in its plane.
    #[error("a vertex is {deviation} m off its plane")]
    NotFlat {
        /// Largest distance of a vertex from the plane (m).
        deviation: f64,
    },
    /// A ring crosses itself or another.
    #[error("a ring crosses itself, all that it winds around is used")]
    Crossed,
    /// It is used as it is.
    #[error("the outside cannot be told from its neighbours nor its place")]
    Undecided,
    /// What others leave of it cannot be cut into triangles, all of it counts as exposed.
    #[error("shared parts are not taken off: {0}")]
    NotShared(TriangulationError),
}

/// Prepares all objects of a model: each by itself, then the parts that others cover.
pub fn prepare(objects: &[Vec<Surface<'_>>], tolerance: &Tolerance) -> Vec<PreparedObject> {
    let mut prepared: Vec<PreparedObject> = objects.iter().map(|surfaces| prepare_object(surfaces)).collect();
    let walls = PartyWalls::new(&prepared, *tolerance);
    let exposures: Vec<_> = (0..prepared.len()).map(|object| walls.exposures(&prepared, object)).collect();
    for (object, exposures) in prepared.iter_mut().zip(exposures) {
        object.set_exposed(exposures);
    }
    prepared
}

/// Prepares an object by itself: all of its surfaces count as exposed, but for interior ones.
pub fn prepare_object(surfaces: &[Surface<'_>]) -> PreparedObject {
    let planes: Vec<Result<Plane, PlaneError>> = surfaces.iter().map(|surface| plane(surface.rings)).collect();
    let is_finite = |plane: &Result<Plane, PlaneError>| !matches!(plane, Err(PlaneError::NotFinite { .. }));
    let rings: Vec<Cow<'_, [Vec<Point>]>> =
        surfaces.iter().zip(&planes).map(|(surface, plane)| with_turned_holes(surface.rings, plane)).collect();
    // What is too thin for a plane may still be what closes a solid.
    let faces: Vec<Face<'_>> = surfaces
        .iter()
        .zip(&rings)
        .zip(&planes)
        .map(|((surface, rings), plane)| {
            let rings: &[Vec<Point>] = if is_finite(plane) { rings } else { &[] };
            Face { rings, expected: expected(surface.kind) }
        })
        .collect();
    let solid = solid(&faces);
    let mut findings: Vec<Finding> = solid
        .undecided
        .iter()
        .filter(|&&at| planes[at].is_ok())
        .map(|&surface| Finding { surface, what: What::Undecided })
        .collect();
    let mut prepared = Vec::with_capacity(surfaces.len());
    for (number, plane) in planes.into_iter().enumerate() {
        match prepare_surface(number, surfaces[number].kind, &rings[number], plane, &solid) {
            Ok((surface, told)) => {
                prepared.push(surface);
                findings.extend(told.into_iter().map(|what| Finding { surface: number, what }));
            }
            Err(what) => findings.push(Finding { surface: number, what }),
        }
    }
    findings.sort_by_key(|finding| finding.surface);
    let n_turned = prepared.iter().filter(|surface| solid.is_turned[surface.source]).count();
    PreparedObject { surfaces: prepared, volume: solid.volume, n_open_edges: solid.n_open_edges, n_turned, findings }
}

impl PreparedObject {
    /// Replaces what is exposed of each surface.
    pub fn set_exposed(&mut self, exposures: Vec<Exposure>) {
        for (surface, exposure) in self.surfaces.iter_mut().zip(exposures) {
            match exposure {
                Exposure::All => {}
                Exposure::Some { area, triangles, party } => {
                    (surface.exposed_area, surface.exposed_triangles, surface.party) = (area, triangles, party);
                }
                Exposure::Uncut(error) => {
                    self.findings.push(Finding { surface: surface.source, what: What::NotShared(error) });
                }
            }
        }
    }
}

fn prepare_surface(
    source: usize,
    kind: Kind,
    rings: &[Vec<Point>],
    plane: Result<Plane, PlaneError>,
    solid: &Solid,
) -> Result<(PreparedSurface, Vec<What>), What> {
    let mut plane = plane.map_err(What::NoPlane)?;
    let mut rings = Cow::Borrowed(rings);
    if solid.is_turned[source] {
        plane.normal = scale(plane.normal, -1.0);
        rings.to_mut().iter_mut().for_each(|ring| ring.reverse());
    }
    let frame = Frame::of(&plane);
    let cut = triangulate(&rings, &plane, &frame).map_err(What::NoTriangles)?;
    let (tilt, azimuth) = tilt_and_azimuth(plane.normal);
    let kind = classified(kind, tilt);
    let deviation = plane.deviation;
    let told = [(deviation > FLAT_WITHIN, What::NotFlat { deviation }), (cut.is_crossed, What::Crossed)];
    let is_interior = kind == Kind::Interior;
    let surface = PreparedSurface {
        source,
        kind,
        normal: plane.normal,
        tilt,
        azimuth,
        area: cut.area,
        exposed_area: if is_interior { 0.0 } else { cut.area },
        exposed_triangles: if is_interior { Vec::new() } else { cut.triangles.clone() },
        triangles: cut.triangles,
        party: Vec::new(),
        frame,
        region: cut.region,
    };
    Ok((surface, told.into_iter().filter(|(holds, _)| *holds).map(|(_, what)| what).collect()))
}

/// What a surface of unknown kind is, by its tilt.
fn classified(kind: Kind, tilt: f64) -> Kind {
    match kind {
        Kind::Unknown if tilt < ROOF_BELOW => Kind::Roof,
        Kind::Unknown if tilt > GROUND_ABOVE => Kind::Ground,
        Kind::Unknown => Kind::Wall,
        Kind::Roof | Kind::Wall | Kind::Ground | Kind::Interior => kind,
    }
}

fn expected(kind: Kind) -> Expected {
    match kind {
        Kind::Roof => Expected::Up,
        Kind::Ground => Expected::Down,
        Kind::Wall | Kind::Interior | Kind::Unknown => Expected::Outside,
    }
}

/// Rings of which the holes run the other way than the outer one.
fn with_turned_holes<'a>(rings: &'a [Vec<Point>], plane: &Result<Plane, PlaneError>) -> Cow<'a, [Vec<Point>]> {
    let mut rings = Cow::Borrowed(rings);
    let Ok(plane) = plane else { return rings };
    for hole in 1..rings.len() {
        if dot(newell(&rings[hole]), plane.normal) > 0.0 {
            rings.to_mut()[hole].reverse();
        }
    }
    rings
}
