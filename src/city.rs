//! The buildings of a city ready for sun and heat: every surface with where it looks, what of it is outside, and triangles.

use conurb_geometry::{Finding, Kind, PreparedObject, PreparedSurface, Surface, Tolerance, What, prepare};

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
    /// Whole metres amid the buildings that are taken off all coordinates, so that 32-bit floats resolve millimetres.
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

/// No building is as long as this: a vertex of one that is must be elsewhere than meant.
const LONGEST_M: f64 = 5000.0;

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
    /// Volume, if its surfaces close it (m³).
    pub volume: Option<f64>,
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
        city.findings = vec![String::new(); city.buildings.len()];
        for (object, &building) in objects.iter_mut().zip(&building_of) {
            city.check_place(object, building);
        }
        let mut order: Vec<usize> = (0..objects.len()).collect();
        order.sort_by_key(|&object| building_of[object]);
        let surfaces: Vec<Vec<Surface<'_>>> = order.iter().map(|&object| surfaces_of(&objects[object])).collect();
        let prepared = prepare(&surfaces, &Tolerance::default());
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
        let warnings = city.warnings(n_turned);
        (city, warnings)
    }

    /// Surfaces of a building.
    pub fn surfaces_of(&self, building: usize) -> std::ops::Range<usize> {
        self.first_surface[building]..self.first_surface[building + 1]
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

    /// Tells of an object that is no place for rays or too long for a building; the former loses its surfaces.
    fn check_place(&mut self, object: &mut CityObject, building: usize) {
        let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
        for vertex in object.surfaces.iter().flat_map(|surface| surface.rings.iter().flatten()) {
            for axis in 0..3 {
                low[axis] = low[axis].min(vertex[axis]);
                high[axis] = high[axis].max(vertex[axis]);
            }
        }
        let farthest = low.iter().chain(&high).map(|value| value.abs()).fold(0.0, f64::max);
        let longest = (0..3).map(|axis| high[axis] - low[axis]).fold(0.0, f64::max);
        if !object.surfaces.is_empty() && farthest > FARTHEST_M {
            object.surfaces.clear();
            let km = farthest / 1000.0;
            self.find(building, &format!("{}: left out: {km:.0} km from the middle of the city", object.id));
        } else if longest > LONGEST_M {
            let km = longest / 1000.0;
            self.find(building, &format!("{}: it is {km:.0} km long, a vertex may be elsewhere than meant", object.id));
        }
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
            volume: prepared.volume,
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

/// Whole metres amid the objects, on each axis the median of where they begin: one that is elsewhere does not move it.
fn origin_of(objects: &[CityObject]) -> [f64; 3] {
    [0, 1, 2].map(|axis| {
        let begin = |object: &CityObject| {
            let vertices = object.surfaces.iter().flat_map(|surface| surface.rings.iter().flatten());
            vertices.map(|vertex| vertex[axis]).min_by(f64::total_cmp)
        };
        let mut begins: Vec<f64> = objects.iter().filter_map(begin).collect();
        begins.sort_by(f64::total_cmp);
        begins.get(begins.len().saturating_sub(1) / 2).map_or(0.0, |value| value.floor())
    })
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
