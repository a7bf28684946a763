//! Buildings of a city model.

use std::collections::BTreeSet;

use super::attributes::Attributes;
use super::notes::{Note, Notes};
use super::shape::{Shape, shape_of};
use super::{Building, BuildingDefaults, Known, NET_FLOOR_SHARE, Quality, size_class};
use crate::city::City;
use crate::error::Warning;
use crate::scenario::AttributeNames;

/// Storeys lower than this are none (m): where an attribute states more storeys than fit, the floor area follows the volume.
const LOWEST_STOREY: f64 = 2.2;
/// Buildings with less floor area are none (m²).
const LEAST_FLOOR_AREA: f64 = 1.0;

/// Buildings of a city that have an energy demand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CityBuildings {
    /// The buildings, in the order of the city.
    pub buildings: Vec<Building>,
    /// Which building of the city each of them is.
    pub of_city: Vec<usize>,
    /// Buildings of the city that are left out; a warning says why.
    pub left_out: Vec<usize>,
    /// What was assumed, counted.
    pub warnings: Vec<Warning>,
}

/// Makes one building of all parts of each building of a city.
///
/// Normals are turned from grid to true north by `convergence_deg`, the direction of grid north clockwise from true north.
/// Attributes are looked up by `names`; where the scenario names none, those of CityGML and the 3DBAG are tried. What is
/// taken where nothing is told stands in `docs/numerics/buildings.md`.
pub fn from_city(
    city: &City,
    convergence_deg: f64,
    names: &AttributeNames,
    defaults: &BuildingDefaults,
) -> CityBuildings {
    let mut all = CityBuildings::default();
    let mut notes = Notes::default();
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut object = 0;
    for (number, id) in city.buildings.iter().enumerate() {
        let first = object;
        object += city.objects[first..].iter().take_while(|part| part.building == number).count();
        let parts = city.objects[first..object].iter().map(|part| part.attributes.as_str());
        let shape = shape_of(city, number, convergence_deg);
        match building(id, shape, &Attributes::new(names, id, parts), defaults, &mut notes) {
            Some(mut building) => {
                if !ids.insert(building.id.clone()) {
                    notes.add(Note::RepeatedId, || format!("{id} ({})", building.id));
                    building.id.clone_from(id);
                    ids.insert(building.id.clone());
                }
                all.buildings.push(building);
                all.of_city.push(number);
            }
            None => all.left_out.push(number),
        }
    }
    all.warnings = notes.into_warnings();
    all
}

fn building(
    id: &str,
    shape: Shape,
    attributes: &Attributes<'_>,
    defaults: &BuildingDefaults,
    notes: &mut Notes,
) -> Option<Building> {
    let refused = match () {
        () if shape.footprint <= 0.0 => Some(Note::NoGround),
        () if shape.wall_area <= 0.0 => Some(Note::NoWalls),
        // Not a number fails this as well.
        () if !(shape.volume > 0.0 && shape.volume.is_finite()) => Some(Note::NoVolume),
        () if shape.footprint * NET_FLOOR_SHARE < LEAST_FLOOR_AREA => Some(Note::NoFloorArea),
        () => None,
    };
    if let Some(refused) = refused {
        notes.add(refused, || id.to_owned());
        return None;
    }
    if shape.is_open {
        notes.add(Note::OpenVolume, || id.to_owned());
    }
    let storeys = match attributes.storeys(notes) {
        Some(storeys) => Known::measured(storeys),
        None => Known::estimated((shape.volume / shape.footprint / defaults.storey_height).round().max(1.0)),
    };
    let gross = gross_floor_area(&storeys, &shape, || notes.add(Note::CrampedFloors, || id.to_owned()));
    let floor_area = gross * NET_FLOOR_SHARE;
    Some(Building {
        id: attributes.reported_id().unwrap_or_else(|| id.to_owned()),
        size_class: Known::estimated(size_class(floor_area, storeys.value, shape.party_area / shape.wall_area)),
        faces: shape.faces,
        ground_area: shape.ground_area,
        party_area: shape.party_area,
        volume: shape.volume,
        storeys,
        floor_area: Known::estimated(floor_area),
        year: attributes.year(defaults, notes),
        usage: attributes.usage(defaults, notes),
        households: None,
    })
}

/// Gross floor area (m²); `is_limited` is called where stated storeys do not fit into the volume, as those of a tower on a
/// wide low base.
fn gross_floor_area(storeys: &Known<f64>, shape: &Shape, is_limited: impl FnOnce()) -> f64 {
    let stated = storeys.value * shape.footprint;
    let most = (shape.volume / LOWEST_STOREY).max(shape.footprint);
    if storeys.quality == Quality::Measured && storeys.value > 1.0 && stated > most {
        is_limited();
        return most;
    }
    stated
}
