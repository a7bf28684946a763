//! Objects of one document or feature become buildings and their parts.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::document::{Geometry, Head, ObjectTexts, Transform};
use super::geometry::{self, Polygons};
use super::notes::{Notes, quoted};
use crate::formats::city::{CityObject, CitySurface};

/// Most bytes that an id may have.
const LONGEST_ID: usize = 4096;
/// Most steps from a part to the building that it belongs to.
const MOST_STEPS: usize = 16;
/// Most bytes of attributes that parts take over from what they belong to, in all.
const MOST_INHERITED: usize = 1 << 30;

/// What is read of a city model so far.
pub(super) struct Collected<'a> {
    pub(super) objects: Vec<CityObject>,
    pub(super) notes: Notes,
    wanted_lod: Option<&'a str>,
    ids: BTreeSet<String>,
    inherited: usize,
}

/// Objects that share a list of vertices.
pub(super) struct Batch<'a> {
    pub(super) texts: &'a ObjectTexts<'a>,
    pub(super) vertices: &'a [[f64; 3]],
    pub(super) transform: Transform,
}

/// The heads of a batch with their ids, and where each id stands.
struct Family<'a> {
    heads: Vec<(&'a str, Head<'a>)>,
    by_id: BTreeMap<&'a str, usize>,
}

impl<'a> Collected<'a> {
    pub(super) fn new(wanted_lod: Option<&'a str>) -> Self {
        Collected { objects: Vec::new(), notes: Notes::default(), wanted_lod, ids: BTreeSet::new(), inherited: 0 }
    }

    /// Adds the buildings of a batch; `line` tells the line on which an object stands.
    pub(super) fn add(&mut self, batch: &Batch<'_>, line: impl Fn(&str) -> usize) {
        let family = self.heads(batch, &line);
        let first = self.objects.len();
        for (id, head) in &family.heads {
            match &*head.kind {
                "Building" | "BuildingPart" | "BuildingInstallation" => {}
                other => {
                    let kind = quoted(other);
                    self.notes.add("not_buildings", "objects are no buildings and are left out", || kind);
                    continue;
                }
            }
            self.check_children(id, head, &family);
            let building = self.building(id, head, &family);
            let read = self.geometry(id, head, batch);
            let (lod, is_solid, polygons) = match read {
                Ok(Some(read)) => read,
                Ok(None) => continue,
                Err(what) => {
                    self.leave_out(id, &building, &what, || line(batch_text(batch, id)));
                    continue;
                }
            };
            let attributes = self.attributes(id, head, &family);
            if attributes.iter().any(|(name, value)| name.contains('\0') || value_has_nul(value)) {
                self.leave_out(id, &building, "its attributes hold a NUL character", || line(batch_text(batch, id)));
                continue;
            }
            let (id, kind) = ((*id).to_owned(), head.kind.clone().into_owned());
            let surfaces = polygons.surfaces;
            self.objects.push(CityObject { id, building, kind, lod, attributes, is_solid, surfaces });
        }
        self.drop_coarser_buildings(first);
        self.drop_repeated_buildings(first);
        self.name_empty_buildings(first, &family);
    }

    fn heads<'b>(&mut self, batch: &Batch<'b>, line: &impl Fn(&str) -> usize) -> Family<'b> {
        let mut family = Family { heads: Vec::new(), by_id: BTreeMap::new() };
        for (id, text) in &batch.texts.0 {
            let at = || line(text.get());
            if id.len() > LONGEST_ID {
                self.leave_out(id, "", &format!("its id has more than {LONGEST_ID} bytes"), at);
                continue;
            }
            if has_control(id) {
                self.leave_out(id, "", "its id has a control character", at);
                continue;
            }
            if !self.ids.insert(id.clone().into_owned()) {
                self.leave_out(id, "", "its id is used before", at);
                continue;
            }
            match serde_json::from_str::<Head<'b>>(text.get()) {
                Ok(head) => {
                    family.by_id.insert(id, family.heads.len());
                    family.heads.push((id, head));
                }
                Err(error) => self.leave_out(id, "", &format!("it is no object as expected: {}", cause(&error)), at),
            }
        }
        family
    }

    fn leave_out(&mut self, id: &str, building: &str, what: &str, line: impl FnOnce() -> usize) {
        self.notes.add("objects_left_out", "objects cannot be used and are left out", || {
            let of = match building {
                "" => String::new(),
                same if same == id => String::new(),
                other => format!(" of {}", quoted(other)),
            };
            format!("{}{of} (line {}): {what}", quoted(id), line())
        });
    }

    /// Id of the building that an object belongs to.
    fn building(&mut self, id: &str, head: &Head<'_>, family: &Family<'_>) -> String {
        let (mut current_id, mut current) = (id, head);
        for _ in 0..MOST_STEPS {
            let Some(parent) = first_parent(current) else { return current_id.to_owned() };
            match family.get(parent) {
                // Buildings may themselves belong to a group or site.
                Some((_, above)) if !matches!(&*above.kind, "Building" | "BuildingPart" | "BuildingInstallation") => {
                    return current_id.to_owned();
                }
                Some((parent_id, above)) => (current_id, current) = (parent_id, above),
                None => {
                    let name = || format!("{} names {}", quoted(current_id), quoted(parent));
                    self.notes.add("missing_parents", "objects belong to something that is not in the file", name);
                    return current_id.to_owned();
                }
            }
        }
        let name = || quoted(id);
        self.notes.add("circular_parents", "objects belong to themselves or are nested too deep", name);
        id.to_owned()
    }

    fn check_children(&mut self, id: &str, head: &Head<'_>, family: &Family<'_>) {
        for child in head.children.iter().flatten().filter(|child| family.get(child).is_none()) {
            let name = || format!("{} names {}", quoted(id), quoted(child));
            self.notes.add("missing_children", "parts of buildings are not in the file or left out", name);
        }
    }

    /// The polygons of the best geometry of an object with its level of detail, and whether it is a solid.
    fn geometry(
        &mut self,
        id: &str,
        head: &Head<'_>,
        batch: &Batch<'_>,
    ) -> Result<Option<(String, bool, Polygons)>, String> {
        let Some(text) = head.geometry else { return Ok(None) };
        let geometries: Vec<Geometry<'_>> = serde_json::from_str(text.get())
            .map_err(|error| format!("its geometry cannot be read: {}", cause(&error)))?;
        let Some((chosen, lists)) = self.choose(id, &geometries) else { return Ok(None) };
        let polygons =
            geometry::polygons(chosen, lists, batch.vertices, &batch.transform).map_err(|f| f.to_string())?;
        if polygons.too_few_vertices > 0 {
            let count = polygons.too_few_vertices;
            let what = "surfaces have fewer than three different vertices and are left out";
            self.notes.add_several("surfaces_left_out", what, count, || format!("{count} of {}", quoted(id)));
        }
        if polygons.without_semantics > 0 {
            let name = || format!("{} of {}", polygons.without_semantics, quoted(id));
            self.notes.add("semantics_mismatch", "objects have surfaces that their semantics do not describe", name);
        }
        if polygons.surfaces.is_empty() {
            return Err("its geometry has no surface".to_owned());
        }
        Ok(Some((geometry::lod(chosen), lists > 1, polygons)))
    }

    /// The wanted level of detail, else the highest; the first geometry of several. Level 0 is no building in space.
    fn choose<'b>(&mut self, id: &str, geometries: &'b [Geometry<'b>]) -> Option<(&'b Geometry<'b>, usize)> {
        let mut best: Option<(&Geometry<'_>, usize, f64)> = None;
        let mut wanted = None;
        for geometry in geometries {
            let Some(lists) = geometry::lists_around_surfaces(&geometry.kind) else {
                let name = || format!("{} of {}", quoted(&geometry.kind), quoted(id));
                self.notes.add("other_geometries", "geometries without surfaces of their own are left out", name);
                continue;
            };
            let lod = geometry::lod(geometry);
            let rank = geometry::lod_rank(&lod);
            if (0.0..1.0).contains(&rank) {
                continue;
            }
            if wanted.is_none() && self.wanted_lod.is_some_and(|wanted| is_same_lod(wanted, &lod)) {
                wanted = Some((geometry, lists));
            }
            if best.is_none_or(|(.., highest)| rank > highest) {
                best = Some((geometry, lists, rank));
            }
        }
        let best = best.map(|(geometry, lists, _)| (geometry, lists));
        if let (Some(lod), None, Some((highest, _))) = (self.wanted_lod, wanted, best) {
            let name = || format!("{} has {}", quoted(id), quoted(&geometry::lod(highest)));
            let what = "objects lack the wanted level of detail and are used with their highest";
            self.notes.add("other_level_of_detail", what, || format!("{} for {}", name(), quoted(lod)));
        }
        wanted.or(best)
    }

    /// Attributes of the object on top of those of what it belongs to.
    fn attributes(&mut self, id: &str, head: &Head<'_>, family: &Family<'_>) -> Map<String, Value> {
        let mut lineage = vec![(id, head)];
        while let Some(above) = first_parent(lineage[lineage.len() - 1].1).and_then(|parent| family.get(parent)) {
            if lineage.len() > MOST_STEPS {
                break;
            }
            lineage.push(above);
        }
        let mut merged = Map::new();
        for (level, (owner, head)) in lineage.iter().enumerate().rev() {
            let Some(text) = head.attributes else { continue };
            self.inherited += if level > 0 { text.get().len() } else { 0 };
            if level > 0 && self.inherited > MOST_INHERITED {
                let what = "objects do not take over attributes, which are too large";
                self.notes.add("attributes_not_inherited", what, || quoted(id));
                continue;
            }
            match serde_json::from_str::<Option<Map<String, Value>>>(text.get()) {
                Ok(attributes) => merged.extend(attributes.into_iter().flatten()),
                Err(_) => {
                    let what = "attributes of objects cannot be read and are left out";
                    self.notes.add("attributes_left_out", what, || quoted(owner));
                }
            }
        }
        merged
    }

    /// Leaves out the geometry of buildings whose parts have a finer one: the same walls would stand twice.
    fn drop_coarser_buildings(&mut self, first: usize) {
        let mut finest: BTreeMap<String, f64> = BTreeMap::new();
        for part in self.objects[first..].iter().filter(|object| object.kind == "BuildingPart") {
            let rank = geometry::lod_rank(&part.lod);
            finest.entry(part.building.clone()).and_modify(|best| *best = best.max(rank)).or_insert(rank);
        }
        let mut kept = Vec::with_capacity(self.objects.len() - first);
        for object in self.objects.drain(first..) {
            let rank = geometry::lod_rank(&object.lod);
            if object.kind == "Building" && finest.get(&object.id).is_some_and(|best| *best > rank) {
                let what = "buildings have parts of a finer level of detail, their own geometry is left out";
                self.notes.add("coarser_than_parts", what, || quoted(&object.id));
            } else {
                kept.push(object);
            }
        }
        self.objects.extend(kept);
    }

    /// Leaves out the geometry of buildings that their parts repeat at the same level: it would count twice.
    fn drop_repeated_buildings(&mut self, first: usize) {
        let of_batch = &self.objects[first..];
        let mut parts: BTreeMap<&str, Vec<&CityObject>> = BTreeMap::new();
        for part in of_batch.iter().filter(|object| object.kind == "BuildingPart") {
            parts.entry(&part.building).or_default().push(part);
        }
        let is_repeated = |object: &CityObject| {
            let Some(parts) = parts.get(&*object.id).filter(|_| object.kind == "Building") else { return false };
            let same_level = parts.iter().filter(|part| is_same_lod(&part.lod, &object.lod));
            let of_parts: BTreeSet<_> = same_level.flat_map(|part| &part.surfaces).map(vertices_of).collect();
            object.surfaces.iter().all(|surface| of_parts.contains(&vertices_of(surface)))
        };
        let repeated: Vec<bool> = of_batch.iter().map(is_repeated).collect();
        let mut kept = Vec::with_capacity(repeated.len());
        for (object, is_repeated) in self.objects.drain(first..).zip(repeated) {
            if is_repeated {
                let what = "buildings have parts with the same surfaces, their own geometry is left out";
                self.notes.add("repeated_geometry", what, || quoted(&object.id));
            } else {
                kept.push(object);
            }
        }
        self.objects.extend(kept);
    }

    fn name_empty_buildings(&mut self, first: usize, family: &Family<'_>) {
        let with_geometry: BTreeSet<&str> = self.objects[first..].iter().map(|object| &*object.building).collect();
        for (id, _) in family.heads.iter().filter(|(id, head)| head.kind == "Building" && !with_geometry.contains(id)) {
            let what = "buildings have no usable geometry above level of detail 0";
            self.notes.add("buildings_without_geometry", what, || quoted(id));
        }
    }
}

impl<'a> Family<'a> {
    fn get(&self, id: &str) -> Option<(&'a str, &Head<'a>)> {
        self.by_id.get(id).map(|&at| (self.heads[at].0, &self.heads[at].1))
    }
}

fn first_parent<'b>(head: &'b Head<'_>) -> Option<&'b str> {
    head.parents.as_ref()?.first().map(Cow::as_ref)
}

fn batch_text<'b>(batch: &Batch<'b>, id: &str) -> &'b str {
    batch.texts.0.iter().find(|(known, _)| known == id).map_or("", |(_, text)| text.get())
}

/// Coordinates of all vertices of a surface as bits, in an order that does not depend on where its rings start.
fn vertices_of(surface: &CitySurface) -> Vec<[u64; 3]> {
    // 0 and -0 are one.
    let bits = |vertex: &[f64; 3]| vertex.map(|coordinate| (coordinate + 0.0).to_bits());
    let mut vertices: Vec<_> = surface.rings.iter().flatten().map(bits).collect();
    vertices.sort_unstable();
    vertices
}

/// Whether an id holds what no store keeps.
fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

fn value_has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(value_has_nul),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || value_has_nul(value)),
        _ => false,
    }
}

fn is_same_lod(one: &str, other: &str) -> bool {
    let (rank, other_rank) = (geometry::lod_rank(one), geometry::lod_rank(other));
    one == other || (rank.is_finite() && rank == other_rank)
}

/// What a JSON error says, without the place within the object.
fn cause(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(cause, _)| cause.to_owned())
}
