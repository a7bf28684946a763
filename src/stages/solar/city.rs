//! The buildings of a city ready for the sun: every surface with where it looks, what of it is outside, and triangles.

use conurb_geometry::{Finding, Kind, PreparedObject, PreparedSurface, Surface, Tolerance, What, prepare};

use super::tiles::Extent;
use crate::error::Warning;
use crate::formats::city::{CityObject, SurfaceKind};

/// Farthest that a vertex may lie from the middle of a city (m): there 32-bit floats resolve 8 mm, and points stand 2 cm
/// off their surfaces.
const FARTHEST_M: f64 = 100_000.0;
/// How many objects or buildings a warning names.
const NAMED: usize = 3;
/// Findings of a building are cut behind this many bytes, because each building has as much room as the longest.
const LONGEST_FINDINGS: usize = 500;
/// Attributes longer than this are left out, for the same reason.
const LONGEST_ATTRIBUTES: usize = 8192;

/// Objects and surfaces in the order of their buildings, in metres from `origin`.
#[derive(Debug, Clone, Default)]
pub struct City {
    /// Whole metres that are taken off all coordinates, so that 32-bit floats resolve millimetres.
    pub origin: [f64; 3],
    /// Id of each building, in order of first mention.
    pub buildings: Vec<String>,
    /// Buildings and parts with a geometry, those of one building together.
    pub objects: Vec<CityPart>,
    /// Surfaces with an area, those of one object together.
    pub surfaces: Vec<CityFace>,
    /// Where the surfaces of each building begin; one entry more than buildings.
    pub first_surface: Vec<usize>,
    /// What is wrong with each building, one sentence; empty where nothing is.
    pub findings: Vec<String>,
}

/// A building or a part of one.
#[derive(Debug, Clone)]
pub struct CityPart {
    /// Id in the file.
    pub id: String,
    /// Its building.
    pub building: usize,
    /// `Building`, `BuildingPart`, …
    pub kind: String,
    /// Level of detail.
    pub lod: String,
    /// Attributes as JSON.
    pub attributes: String,
}

/// A surface of a building.
#[derive(Debug, Clone)]
pub struct CityFace {
    /// Its object.
    pub object: usize,
    /// Its building.
    pub building: usize,
    /// Its rings as in the file, the outer one first, anticlockwise seen from outside.
    pub rings: Vec<Vec<[f64; 3]>>,
    /// Everything else.
    pub shape: PreparedSurface,
}

impl City {
    /// Prepares buildings; what is odd about them is told for each, and counted.
    pub fn new(mut objects: Vec<CityObject>) -> (City, Vec<Warning>) {
        let mut city = City { origin: origin_of(&objects), ..City::default() };
        let mut warnings: Vec<Warning> = leave_out_far(&mut objects, city.origin).into_iter().collect();
        let mut building_of = Vec::with_capacity(objects.len());
        let mut known = std::collections::BTreeMap::new();
        for object in &mut objects {
            let next = known.len();
            building_of.push(*known.entry(object.building.clone()).or_insert(next));
            for vertex in object.surfaces.iter_mut().flat_map(|surface| surface.rings.iter_mut().flatten()) {
                vertex.iter_mut().zip(city.origin).for_each(|(value, origin)| *value -= origin);
            }
        }
        city.buildings = vec![String::new(); known.len()];
        for (id, building) in known {
            city.buildings[building] = id;
        }
        let mut order: Vec<usize> = (0..objects.len()).collect();
        order.sort_by_key(|&object| building_of[object]);
        let surfaces: Vec<Vec<Surface<'_>>> = order.iter().map(|&object| surfaces_of(&objects[object])).collect();
        let prepared = prepare(&surfaces, &Tolerance::default());
        city.findings = vec![String::new(); city.buildings.len()];
        let mut n_turned = 0;
        for (&object, prepared) in order.iter().zip(prepared) {
            n_turned += prepared.n_turned;
            city.add(&objects[object], building_of[object], prepared);
        }
        let mut first = 0;
        for building in 0..city.buildings.len() {
            city.first_surface.push(first);
            first += city.surfaces[first..].iter().take_while(|face| face.building == building).count();
        }
        city.first_surface.push(first);
        warnings.extend(city.warnings(n_turned));
        (city, warnings)
    }

    /// Surfaces of a building.
    pub fn surfaces_of(&self, building: usize) -> std::ops::Range<usize> {
        self.first_surface[building]..self.first_surface[building + 1]
    }

    /// What each building covers.
    pub fn extents(&self) -> Vec<Extent> {
        let extent = |building: usize| {
            let mut extent = Extent::EMPTY;
            for face in &self.surfaces[self.surfaces_of(building)] {
                face.rings.iter().flatten().for_each(|&[x, y, _]| extent.add([x, y]));
            }
            extent
        };
        (0..self.buildings.len()).map(extent).collect()
    }

    /// Adds something that is wrong with a building; of very many things the first ones are enough.
    pub fn find(&mut self, building: usize, what: &str) {
        let known = &mut self.findings[building];
        if known.len() > LONGEST_FINDINGS {
            return;
        }
        if !known.is_empty() {
            known.push_str("; ");
        }
        known.push_str(what);
    }

    fn add(&mut self, object: &CityObject, building: usize, prepared: PreparedObject) {
        let number = self.objects.len();
        let mut attributes = serde_json::Value::Object(object.attributes.clone()).to_string();
        if attributes.len() > LONGEST_ATTRIBUTES {
            self.find(building, &format!("{}: {} bytes of attributes are left out", object.id, attributes.len()));
            attributes = "{}".to_owned();
        }
        self.objects.push(CityPart {
            id: object.id.clone(),
            building,
            kind: object.kind.clone(),
            lod: object.lod.clone(),
            attributes,
        });
        if object.is_solid && prepared.n_open_edges > 0 {
            self.find(building, &format!("{}: the solid is open at {} edges", object.id, prepared.n_open_edges));
        }
        for text in findings_of(&prepared.findings) {
            self.find(building, &format!("{}: {text}", object.id));
        }
        for shape in prepared.surfaces {
            let mut rings = object.surfaces[shape.source].rings.clone();
            if turned(&rings[0], shape.normal) {
                rings.iter_mut().for_each(|ring| ring.reverse());
            }
            self.surfaces.push(CityFace { object: number, building, rings, shape });
        }
    }

    fn warnings(&self, n_turned: usize) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let found: Vec<usize> =
            (0..self.buildings.len()).filter(|&building| !self.findings[building].is_empty()).collect();
        if !found.is_empty() {
            let told: Vec<String> = found.iter().take(NAMED).map(|&building| self.findings[building].clone()).collect();
            let rest = if found.len() > NAMED { "; and more in building_findings" } else { "" };
            let message =
                format!("{} buildings have a geometry that is not sound: {}{rest}", found.len(), told.join("; "));
            warnings.push(Warning::new("unsound_geometry", found.len(), message));
        }
        if n_turned > 0 {
            let message = format!("{n_turned} surfaces looked inside and were turned round");
            warnings.push(Warning::new("turned_surfaces", n_turned, message));
        }
        warnings
    }
}

/// Whole metres near the middle vertex of all, which no stray building moves.
fn origin_of(objects: &[CityObject]) -> [f64; 3] {
    [0, 1, 2].map(|axis| {
        let mut values: Vec<f64> = vertices_of(objects).map(|vertex| vertex[axis]).collect();
        let middle = values.len() / 2;
        match values.is_empty() {
            true => 0.0,
            false => values.select_nth_unstable_by(middle, f64::total_cmp).1.floor(),
        }
    })
}

fn vertices_of(objects: &[CityObject]) -> impl Iterator<Item = &[f64; 3]> {
    objects.iter().flat_map(|object| &object.surfaces).flat_map(|surface| surface.rings.iter().flatten())
}

/// Removes objects so far from the others that 32-bit floats resolve them no longer.
fn leave_out_far(objects: &mut Vec<CityObject>, origin: [f64; 3]) -> Option<Warning> {
    let is_far =
        |vertex: &[f64; 3]| vertex.iter().zip(origin).any(|(value, origin)| (value - origin).abs() > FARTHEST_M);
    let mut far = Vec::new();
    objects.retain(|object| {
        let stays = !vertices_of(std::slice::from_ref(object)).any(is_far);
        if !stays {
            far.push(object.id.clone());
        }
        stays
    });
    let named = far.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let message = format!(
        "{} objects lie more than {} km from the middle of the others and are left out: {named}",
        far.len(),
        FARTHEST_M / 1000.0
    );
    (!far.is_empty()).then(|| Warning::new("far_away_objects", far.len(), message))
}

fn surfaces_of(object: &CityObject) -> Vec<Surface<'_>> {
    let kind = |kind: SurfaceKind| match kind {
        SurfaceKind::Roof => Kind::Roof,
        SurfaceKind::Wall => Kind::Wall,
        SurfaceKind::Ground => Kind::Ground,
        SurfaceKind::Interior => Kind::Interior,
        SurfaceKind::Unknown => Kind::Unknown,
    };
    object.surfaces.iter().map(|surface| Surface { kind: kind(surface.kind), rings: &surface.rings }).collect()
}

/// Each kind of finding once, with how often it was made.
fn findings_of(findings: &[Finding]) -> Vec<String> {
    let mut told: Vec<(String, std::mem::Discriminant<What>, usize)> = Vec::new();
    for finding in findings {
        let kind = std::mem::discriminant(&finding.what);
        match told.iter_mut().find(|(_, known, _)| *known == kind) {
            Some((_, _, count)) => *count += 1,
            None => told.push((format!("surface {}: {}", finding.surface, finding.what), kind, 1)),
        }
    }
    let text = |(text, _, count): (String, _, usize)| match count {
        1 => text,
        more => format!("{text} (and {} more such surfaces)", more - 1),
    };
    told.into_iter().map(text).collect()
}

/// Whether a ring runs clockwise seen from where `normal` points to (sum of cross products after Newell).
fn turned(ring: &[[f64; 3]], normal: [f64; 3]) -> bool {
    let mut sum = 0.0;
    for (index, a) in ring.iter().enumerate() {
        let b = ring[(index + 1) % ring.len()];
        for (axis, component) in normal.iter().enumerate() {
            let (u, v) = ((axis + 1) % 3, (axis + 2) % 3);
            sum += component * (a[u] - b[u]) * (a[v] + b[v]);
        }
    }
    sum < 0.0
}
