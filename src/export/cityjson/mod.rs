//! Buildings of a run as CityJSON 2.0 (OGC 20-072r5): results stand as attributes of the semantic surfaces and buildings.

mod model;
mod vertices;

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use self::model::CityObjects;
use self::vertices::{Quantised, SCALE};
use super::file::{Existing, write_file};
use crate::error::Error;
use crate::report::solar::city::{City, Rings};
use crate::report::solar::notes::SolarNotes;
use crate::store::read::RunReader;

/// How objects are laid out in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// All in one JSON object.
    Whole,
    /// A line for the header, then a line for each building with its parts (CityJSONSeq).
    Lines,
}

/// Writes the buildings of a run.
///
/// # Errors
/// The run has no buildings or is damaged, or the file cannot be written.
pub fn write(run: &RunReader, path: &Path, existing: Existing, layout: Layout) -> Result<(), Error> {
    let notes = SolarNotes::read(run)?;
    let city = City::read(run)?;
    let rings = Rings::read(run, city.n_surfaces())?;
    let vertices = Quantised::new(&rings.vertices).map_err(|message| crate::report::solar::misfit(run, message))?;
    let objects = CityObjects::read(run, &city, &rings, &notes)?;
    let header = Header { vertices: &vertices, metadata: metadata(run, &notes, &vertices) };
    write_file(path, existing, |out| match layout {
        Layout::Whole => write_whole(out, &header, &objects),
        Layout::Lines => write_lines(out, &header, &objects),
    })
}

/// What stands before the objects.
struct Header<'a> {
    vertices: &'a Quantised,
    metadata: Map<String, Value>,
}

impl Header<'_> {
    fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert("type".to_owned(), "CityJSON".into());
        members.insert("version".to_owned(), "2.0".into());
        let transform = json!({"scale": [SCALE, SCALE, SCALE], "translate": self.vertices.translate});
        members.insert("transform".to_owned(), transform);
        members.insert("metadata".to_owned(), Value::Object(self.metadata.clone()));
        members
    }
}

fn metadata(run: &RunReader, notes: &SolarNotes, vertices: &Quantised) -> Map<String, Value> {
    let mut metadata = Map::new();
    if let Some(extent) = vertices.extent() {
        metadata.insert("geographicalExtent".to_owned(), json!(extent));
    }
    if let Some(code) = notes.epsg() {
        let url = format!("https://www.opengis.net/def/crs/EPSG/0/{code}");
        metadata.insert("referenceSystem".to_owned(), url.into());
    }
    metadata.insert("title".to_owned(), run.report().scenario.title.clone().into());
    metadata
}

fn write_whole(out: &mut impl Write, header: &Header<'_>, objects: &CityObjects<'_>) -> io::Result<()> {
    let members = serde_json::to_string(&header.members())?;
    let open = members.strip_suffix('}').expect("an object ends with a brace");
    write!(out, "{open},\"CityObjects\":{{")?;
    let vertices = header.vertices;
    // Corners that no polygon needs, as those of one without area, stay out of the list.
    let mut places = vertices.unused_places();
    for building in 0..objects.n_buildings() {
        let mut used = |vertex: usize| vertices.place(vertex, &mut places);
        for (index, (id, object)) in objects.of_building(building, vertices, &mut used).into_iter().enumerate() {
            out.write_all(if building == 0 && index == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut *out, &id)?;
            out.write_all(b":")?;
            serde_json::to_writer(&mut *out, &object)?;
        }
    }
    out.write_all(b"\n},\"vertices\":")?;
    serde_json::to_writer(&mut *out, &places.vertices)?;
    out.write_all(b"}\n")
}

fn write_lines(out: &mut impl Write, header: &Header<'_>, objects: &CityObjects<'_>) -> io::Result<()> {
    let mut members = header.members();
    members.insert("CityObjects".to_owned(), json!({}));
    members.insert("vertices".to_owned(), json!([]));
    serde_json::to_writer(&mut *out, &members)?;
    out.write_all(b"\n")?;
    let vertices = header.vertices;
    let mut places = vertices.unused_places();
    for building in 0..objects.n_buildings() {
        let mut used = |vertex: usize| vertices.place(vertex, &mut places);
        let of_building: Map<String, Value> = objects.of_building(building, vertices, &mut used).into_iter().collect();
        let feature = json!({
            "type": "CityJSONFeature",
            "id": objects.building_id(building),
            "CityObjects": of_building,
            "vertices": places.vertices,
        });
        serde_json::to_writer(&mut *out, &feature)?;
        out.write_all(b"\n")?;
        places.forget();
    }
    Ok(())
}
