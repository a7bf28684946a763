//! Buildings and their parts as objects of CityJSON.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value, json};

use super::vertices::Quantised;
use crate::error::{Error, Problem};
use crate::field::solar;
use crate::report::energy::stock::Stock;
use crate::report::energy::{columns as energy, has_energy};
use crate::report::solar::city::{City, Rings, SurfaceType};
use crate::report::solar::columns::{Column, building_columns, building_findings, surface_columns};
use crate::report::solar::misfit;
use crate::report::solar::notes::SolarNotes;
use crate::store::read::RunReader;

/// Levels of detail that CityJSON knows.
const LEVELS: [&str; 20] = [
    "0", "1", "2", "3", "0.0", "0.1", "0.2", "0.3", "1.0", "1.1", "1.2", "1.3", "2.0", "2.1", "2.2", "2.3", "3.0",
    "3.1", "3.2", "3.3",
];
/// What stands for a level of detail that CityJSON does not know: roofs and walls are told apart.
const USUAL_LEVEL: &str = "2";
/// Types of objects that belong to a building (CityJSON 2.0, chapter 2).
const PARTS: [&str; 3] = ["BuildingPart", "BuildingInstallation", "BuildingConstructiveElement"];

/// The buildings of a run with all that is written of them.
pub struct CityObjects<'a> {
    city: &'a City,
    rings: &'a Rings,
    object_type: Vec<String>,
    object_lod: Vec<String>,
    object_attributes: Vec<Map<String, Value>>,
    /// Objects of each building, in their order.
    objects_of: Vec<Vec<usize>>,
    /// Surfaces of each object, in their order.
    surfaces_of: Vec<Vec<usize>>,
    surface_columns: Vec<Column>,
    building_columns: Vec<Column>,
    findings: Vec<String>,
    /// Energy of each building.
    energy: Vec<Column>,
    /// Words about the energy of each building; empty where there are none.
    energy_words: Vec<(&'static str, Vec<String>)>,
    /// How the sun was computed, attributes of every building.
    notes: Vec<(&'static str, Value)>,
}

impl<'a> CityObjects<'a> {
    /// Reads what a run tells of its buildings.
    ///
    /// # Errors
    /// Its fields do not fit together, or an id stands for two objects.
    pub fn read(
        run: &RunReader,
        city: &'a City,
        rings: &'a Rings,
        notes: &SolarNotes,
    ) -> Result<CityObjects<'a>, Error> {
        refuse_doubles(run, city)?;
        let n_objects = city.object_id.len();
        let mut objects_of = vec![Vec::new(); city.building_id.len()];
        city.object_building.iter().enumerate().for_each(|(object, &building)| objects_of[building].push(object));
        let mut surfaces_of = vec![Vec::new(); n_objects];
        city.surface_object.iter().enumerate().for_each(|(surface, &object)| surfaces_of[object].push(surface));
        let (energy, energy_words) = energy_of(run, city, notes)?;
        Ok(CityObjects {
            city,
            rings,
            object_type: texts(run, solar::OBJECT_TYPE.name, n_objects)?,
            object_lod: texts(run, solar::OBJECT_LOD.name, n_objects)?,
            object_attributes: read_attributes(run, n_objects)?,
            objects_of,
            surfaces_of,
            surface_columns: surface_columns(run, city, notes)?,
            building_columns: building_columns(run, city, notes)?,
            findings: building_findings(run, city)?,
            energy,
            energy_words,
            notes: note_attributes(notes),
        })
    }

    /// Number of buildings.
    pub fn n_buildings(&self) -> usize {
        self.objects_of.len()
    }

    /// Id of a building.
    pub fn building_id(&self, building: usize) -> &str {
        &self.city.building_id[building]
    }

    /// A building and its parts, each with its id; `used` tells where a place stands in the list of vertices.
    pub fn of_building(
        &self,
        building: usize,
        vertices: &Quantised,
        used: &mut impl FnMut(usize) -> usize,
    ) -> Vec<(String, Value)> {
        let id = self.building_id(building);
        let (own, parts): (Vec<usize>, Vec<usize>) =
            self.objects_of[building].iter().partition(|&&object| self.city.object_id[object] == id);
        let own = own.first().copied();
        let mut attributes = own.map_or_else(Map::new, |object| self.object_attributes[object].clone());
        attributes.extend(self.totals(building));
        let mut first = Map::new();
        first.insert("type".to_owned(), "Building".into());
        first.insert("attributes".to_owned(), attributes.into());
        if !parts.is_empty() {
            let children: Vec<&str> = parts.iter().map(|&part| self.city.object_id[part].as_str()).collect();
            first.insert("children".to_owned(), json!(children));
        }
        if let Some(geometry) = own.and_then(|object| self.geometry(object, vertices, used)) {
            first.insert("geometry".to_owned(), json!([geometry]));
        }
        let mut objects = vec![(id.to_owned(), Value::Object(first))];
        for part in parts {
            let kind = PARTS.into_iter().find(|known| *known == self.object_type[part]).unwrap_or(PARTS[0]);
            let mut object = Map::new();
            object.insert("type".to_owned(), kind.into());
            object.insert("attributes".to_owned(), self.object_attributes[part].clone().into());
            object.insert("parents".to_owned(), json!([id]));
            if let Some(geometry) = self.geometry(part, vertices, used) {
                object.insert("geometry".to_owned(), json!([geometry]));
            }
            objects.push((self.city.object_id[part].clone(), Value::Object(object)));
        }
        objects
    }

    /// Results of a whole building and how they were computed.
    fn totals(&self, building: usize) -> Map<String, Value> {
        let mut totals = Map::new();
        for (name, value) in &self.notes {
            totals.insert((*name).to_owned(), value.clone());
        }
        for column in &self.building_columns {
            if let Some(value) = number(column, building) {
                totals.insert(format!("solar_{}", column.name), value);
            }
        }
        for column in &self.energy {
            if let Some(value) = number(column, building) {
                totals.insert(format!("conurb_{}", column.name), value);
            }
        }
        for (name, words) in self.energy_words.iter().filter(|(_, words)| !words[building].is_empty()) {
            totals.insert(format!("conurb_{name}"), words[building].clone().into());
        }
        if !self.findings[building].is_empty() {
            totals.insert("solar_findings".to_owned(), self.findings[building].clone().into());
        }
        totals
    }

    /// The polygons of an object with a semantic surface each; none if no polygon is left.
    fn geometry(&self, object: usize, vertices: &Quantised, used: &mut impl FnMut(usize) -> usize) -> Option<Value> {
        let (mut boundaries, mut surfaces) = (Vec::new(), Vec::new());
        for &surface in &self.surfaces_of[object] {
            if let Some(polygon) = self.polygon(surface, vertices, used) {
                boundaries.push(polygon);
                surfaces.push(self.semantics(surface));
            }
        }
        let lod = LEVELS.into_iter().find(|level| *level == self.object_lod[object]).unwrap_or(USUAL_LEVEL);
        let values: Vec<usize> = (0..surfaces.len()).collect();
        (!boundaries.is_empty()).then(|| {
            json!({
                "type": "MultiSurface",
                "lod": lod,
                "boundaries": boundaries,
                "semantics": {"surfaces": surfaces, "values": values},
            })
        })
    }

    /// The rings of a surface; none if nothing of its outer ring is left at millimetres, and without such holes.
    fn polygon(
        &self,
        surface: usize,
        vertices: &Quantised,
        used: &mut impl FnMut(usize) -> usize,
    ) -> Option<Vec<Vec<usize>>> {
        let mut polygon: Vec<Vec<usize>> = Vec::new();
        for corners in self.rings.corners_of(surface) {
            let mut ring: Vec<usize> = corners.map(|corner| vertices.place_of(corner)).collect();
            ring.dedup();
            while ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            if ring.len() >= 3 {
                polygon.push(ring);
            } else if polygon.is_empty() {
                return None;
            }
        }
        polygon.iter_mut().flatten().for_each(|place| *place = used(*place));
        (!polygon.is_empty()).then_some(polygon)
    }

    fn semantics(&self, surface: usize) -> Value {
        let kind = match self.city.surface_type[surface] {
            SurfaceType::Roof => "RoofSurface",
            SurfaceType::Wall => "WallSurface",
            SurfaceType::Ground => "GroundSurface",
        };
        let mut members = Map::new();
        members.insert("type".to_owned(), kind.into());
        for column in &self.surface_columns {
            if let Some(value) = number(column, surface) {
                members.insert(column.name.clone(), value);
            }
        }
        members.into()
    }
}

/// A value as JSON has it; none where there is none.
fn number(column: &Column, row: usize) -> Option<Value> {
    let value = column.values[row];
    match column.is_whole() {
        true => value.is_finite().then(|| (value as i64).into()),
        false => Number::from_f64(value).map(Value::Number),
    }
}

/// Energy of the buildings of a city model, found by their ids; nothing of those that a run computed none for.
type Energy = (Vec<Column>, Vec<(&'static str, Vec<String>)>);

fn energy_of(run: &RunReader, city: &City, notes: &SolarNotes) -> Result<Energy, Error> {
    if !has_energy(run) {
        return Ok((Vec::new(), Vec::new()));
    }
    let stock = Stock::read(run)?;
    let rows = stock.rows_of(&city.building_id);
    let columns = energy::building_columns(run, &stock, notes.currency.as_deref())?;
    let columns = columns.into_iter().map(|column| {
        let values = rows.iter().map(|row| row.map_or(f64::NAN, |row| column.values[row])).collect();
        Column { values, ..column }
    });
    let words = stock.words.iter().map(|(name, words)| {
        (*name, rows.iter().map(|row| row.map_or_else(String::new, |row| words[row].clone())).collect())
    });
    Ok((columns.collect(), words.collect()))
}

fn note_attributes(notes: &SolarNotes) -> Vec<(&'static str, Value)> {
    let texts = [
        ("solar_sky_model", &notes.sky_model),
        ("solar_radiation", &notes.radiation),
        ("solar_weather_file", &notes.weather_file),
        ("solar_sun_year", &notes.sun_year),
    ];
    let mut attributes: Vec<(&'static str, Value)> =
        texts.into_iter().filter_map(|(name, text)| Some((name, text.clone()?.into()))).collect();
    attributes
        .extend(notes.price_year.filter(|_| notes.currency.is_some()).map(|year| ("solar_price_year", year.into())));
    attributes
}

fn texts(run: &RunReader, name: &str, length: usize) -> Result<Vec<String>, Error> {
    let texts = run.text(name)?;
    match texts.len() == length {
        true => Ok(texts),
        false => Err(misfit(run, format!("field {name} has {} entries instead of {length}", texts.len()))),
    }
}

fn read_attributes(run: &RunReader, n_objects: usize) -> Result<Vec<Map<String, Value>>, Error> {
    let name = solar::OBJECT_ATTRIBUTES.name;
    let parsed = texts(run, name, n_objects)?.into_iter().enumerate().map(|(object, text)| {
        let text = if text.is_empty() { "{}" } else { &text };
        serde_json::from_str(text).map_err(|_| misfit(run, format!("entry {object} of field {name} is no JSON object")))
    });
    parsed.collect()
}

/// Refuses ids that would be two members of one name.
fn refuse_doubles(run: &RunReader, city: &City) -> Result<(), Error> {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let buildings = city.building_id.iter().map(String::as_str);
    let is_part = |object: &usize| city.object_id[*object] != city.building_id[city.object_building[*object]];
    let own: Vec<usize> = (0..city.object_id.len()).filter(|object| !is_part(object)).collect();
    let parts = (0..city.object_id.len()).filter(is_part).map(|object| city.object_id[object].as_str());
    let mut buildings_of_own: Vec<usize> = own.iter().map(|&object| city.object_building[object]).collect();
    buildings_of_own.sort_unstable();
    let double_own = buildings_of_own.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0]);
    let double = buildings.chain(parts).find(|id| !known.insert(id));
    match double.or(double_own.map(|building| city.building_id[building].as_str())) {
        None => Ok(()),
        Some(id) => {
            Err(Problem::new(format!("the id \"{id}\" stands for several objects, and CityJSON needs one each"))
                .in_file(run.dir().join(solar::OBJECT_ID.file))
                .hint("give the objects of the city model ids of their own and run the scenario again")
                .into())
        }
    }
}
