//! Made buildings whose areas and volumes are known.

use serde_json::{Value, json};

use super::*;
use crate::city::City;
use crate::formats::city::{CityObject, CitySurface, SurfaceKind};
use crate::scenario::AttributeNames;

const DEFAULTS: BuildingDefaults = BuildingDefaults { year: 1970, usage: Usage::Residential, storey_height: 3.0 };

type Point = [f64; 3];

fn surface(kind: SurfaceKind, ring: &[Point]) -> CitySurface {
    CitySurface { kind, rings: vec![ring.to_vec()] }
}

/// A prism over a footprint that runs anticlockwise, from `low` to `high`: roof, walls, ground.
fn prism(footprint: &[[f64; 2]], low: f64, high: f64) -> Vec<CitySurface> {
    let at = |z: f64| -> Vec<Point> { footprint.iter().map(|&[x, y]| [x, y, z]).collect() };
    let (bottom, top) = (at(low), at(high));
    let mut all = vec![surface(SurfaceKind::Roof, &top)];
    for corner in 0..footprint.len() {
        let next = (corner + 1) % footprint.len();
        all.push(surface(SurfaceKind::Wall, &[bottom[corner], bottom[next], top[next], top[corner]]));
    }
    all.push(surface(SurfaceKind::Ground, &bottom.into_iter().rev().collect::<Vec<_>>()));
    all
}

fn block([x, y]: [f64; 2], [width, depth]: [f64; 2], low: f64, high: f64) -> Vec<CitySurface> {
    prism(&[[x, y], [x + width, y], [x + width, y + depth], [x, y + depth]], low, high)
}

/// A house 10 m × 8 m with eaves at 6 m and its ridge, from west to east, at 8 m.
fn gabled() -> Vec<CitySurface> {
    let (south_west, south_east, north_east, north_west) = ([0.0, 0.0], [10.0, 0.0], [10.0, 8.0], [0.0, 8.0]);
    let at = |[x, y]: [f64; 2], z: f64| [x, y, z];
    let (west, east) = ([0.0, 4.0, 8.0], [10.0, 4.0, 8.0]);
    let wall = |ring: &[Point]| surface(SurfaceKind::Wall, ring);
    vec![
        surface(SurfaceKind::Roof, &[at(south_west, 6.0), at(south_east, 6.0), east, west]),
        surface(SurfaceKind::Roof, &[at(north_east, 6.0), at(north_west, 6.0), west, east]),
        wall(&[at(south_west, 0.0), at(south_east, 0.0), at(south_east, 6.0), at(south_west, 6.0)]),
        wall(&[at(south_east, 0.0), at(north_east, 0.0), at(north_east, 6.0), east, at(south_east, 6.0)]),
        wall(&[at(north_east, 0.0), at(north_west, 0.0), at(north_west, 6.0), at(north_east, 6.0)]),
        wall(&[at(north_west, 0.0), at(south_west, 0.0), at(south_west, 6.0), west, at(north_west, 6.0)]),
        surface(
            SurfaceKind::Ground,
            &[at(south_west, 0.0), at(north_west, 0.0), at(north_east, 0.0), at(south_east, 0.0)],
        ),
    ]
}

fn object(id: &str, building: &str, surfaces: Vec<CitySurface>, attributes: Value) -> CityObject {
    let attributes = attributes.as_object().cloned().unwrap_or_default();
    let (id, building) = (id.to_owned(), building.to_owned());
    CityObject { id, building, kind: "Building".into(), lod: "2.2".into(), attributes, is_solid: false, surfaces }
}

fn energy(objects: Vec<CityObject>, convergence_deg: f64, names: &AttributeNames) -> CityBuildings {
    from_city(&City::new(objects).0, convergence_deg, names, &DEFAULTS)
}

fn one(surfaces: Vec<CitySurface>, attributes: Value) -> (Building, Vec<String>) {
    let mut all = energy(vec![object("b", "b", surfaces, attributes)], 0.0, &AttributeNames::default());
    (all.buildings.remove(0), codes(&all))
}

fn codes(all: &CityBuildings) -> Vec<String> {
    all.warnings.iter().map(|warning| warning.code.clone()).collect()
}

/// Area of the face of a kind that looks closest to a direction.
fn area_towards(building: &Building, kind: FaceKind, direction: Point) -> f64 {
    let towards = |face: &&Face| face.normal.iter().zip(direction).map(|(a, b)| a * b).sum::<f64>();
    let faces = building.faces.iter().filter(|face| face.kind == kind);
    let closest = faces.max_by(|a, b| towards(a).total_cmp(&towards(b))).unwrap();
    assert!(towards(&closest) > 0.99, "{:?}", building.faces);
    closest.area
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{found} instead of {expected}");
}

const NORTH: Point = [0.0, 1.0, 0.0];
const EAST: Point = [1.0, 0.0, 0.0];
const SOUTH: Point = [0.0, -1.0, 0.0];
const WEST: Point = [-1.0, 0.0, 0.0];
const UP: Point = [0.0, 0.0, 1.0];
const DOWN: Point = [0.0, 0.0, -1.0];

#[test]
fn a_block_has_the_areas_of_a_block() {
    let (building, codes) = one(block([0.0, 0.0], [10.0, 8.0], 1.0, 7.0), json!({}));
    assert_eq!(codes, ["default_year", "default_use"]);
    assert_eq!(building.faces.len(), 5);
    for (direction, area) in [(NORTH, 60.0), (SOUTH, 60.0), (EAST, 48.0), (WEST, 48.0)] {
        near(area_towards(&building, FaceKind::Wall, direction), area);
    }
    near(area_towards(&building, FaceKind::Roof, UP), 80.0);
    near(building.ground_area, 80.0);
    near(building.volume, 480.0);
    assert_eq!(building.party_area, 0.0);
    assert_eq!(building.storeys, Known::estimated(2.0));
    // Two storeys of 80 m², of which 85 %.
    near(building.floor_area.value, 136.0);
    near(building.conditioned_floor_area(0.8), 128.0);
    assert_eq!(building.size_class, Known::estimated(SizeClass::SingleFamily));
    assert_eq!(building.year, Known::default_of(1970));
    assert!(building.faces.iter().all(|face| face.window_area.is_none() && face.surfaces.len() == 1));
}

#[test]
fn walls_of_an_l_that_look_the_same_way_are_one_face() {
    let footprint = [[0.0, 0.0], [12.0, 0.0], [12.0, 5.0], [5.0, 5.0], [5.0, 9.0], [0.0, 9.0]];
    let (building, _) = one(prism(&footprint, 0.0, 3.0), json!({}));
    assert_eq!(building.faces.len(), 5);
    // North: 7 m and 5 m; east: 5 m and 4 m; each 3 m high. Footprint 12 · 5 + 5 · 4.
    near(area_towards(&building, FaceKind::Wall, NORTH), 36.0);
    near(area_towards(&building, FaceKind::Wall, EAST), 27.0);
    near(area_towards(&building, FaceKind::Wall, SOUTH), 36.0);
    near(area_towards(&building, FaceKind::Wall, WEST), 27.0);
    near(building.ground_area, 80.0);
    near(building.volume, 240.0);
    let north = building.faces.iter().find(|face| face.normal[1] > 0.99).unwrap();
    assert_eq!(north.surfaces.len(), 2);
}

#[test]
fn terraced_houses_share_a_wall() {
    let objects = vec![
        object("a", "a", block([0.0, 0.0], [6.0, 10.0], 0.0, 6.0), json!({})),
        object("b", "b", block([6.0, 0.0], [6.0, 10.0], 0.0, 4.0), json!({})),
    ];
    let all = energy(objects, 0.0, &AttributeNames::default());
    let [high, low] = all.buildings.as_slice() else { panic!("{all:?}") };
    // 10 m × 4 m are shared; 2 m above the lower house stay outside.
    near(high.party_area, 40.0);
    near(low.party_area, 40.0);
    near(area_towards(high, FaceKind::Wall, EAST), 20.0);
    assert_eq!(low.faces.iter().filter(|face| face.kind == FaceKind::Wall).count(), 3);
    assert_eq!(high.size_class.value, SizeClass::Terraced);
    assert_eq!(all.of_city, [0, 1]);
}

#[test]
fn a_pitched_roof_counts_in_volume_and_storeys() {
    let (building, _) = one(gabled(), json!({ "yearOfConstruction": "1931", "function": "1000" }));
    // 10 · 8 · 6 + ½ · 8 · 2 · 10; 7 m on average are two storeys of 3 m.
    near(building.volume, 560.0);
    assert_eq!(building.storeys.value, 2.0);
    let slope = [0.0, -2.0 / 20.0f64.sqrt(), 4.0 / 20.0f64.sqrt()];
    near(area_towards(&building, FaceKind::Roof, slope), 10.0 * 20.0f64.sqrt());
    // A gable: 8 · 6 + ½ · 8 · 2.
    near(area_towards(&building, FaceKind::Wall, WEST), 56.0);
    assert_eq!((building.year, building.usage), (Known::measured(1931), Known::measured(Usage::Residential)));
}

#[test]
fn parts_on_top_of_each_other_are_one_building() {
    let objects = vec![
        object("p1", "b", block([0.0, 0.0], [10.0, 10.0], 0.0, 3.0), json!({})),
        object("p2", "b", block([0.0, 0.0], [5.0, 10.0], 3.0, 6.0), json!({})),
    ];
    let all = energy(objects, 0.0, &AttributeNames::default());
    let [building] = all.buildings.as_slice() else { panic!("{all:?}") };
    near(building.ground_area, 100.0);
    near(building.volume, 450.0);
    near(area_towards(building, FaceKind::Roof, UP), 100.0);
    near(building.floor_area.value, 2.0 * 100.0 * 0.85);
    assert_eq!(building.party_area, 0.0);
    assert!(building.faces.iter().all(|face| face.normal[2] > -0.1));
}

#[test]
fn parts_beside_each_other_share_no_party_wall() {
    let objects = vec![
        object("p1", "b", block([0.0, 0.0], [5.0, 10.0], 0.0, 3.0), json!({})),
        object("p2", "b", block([5.0, 0.0], [5.0, 10.0], 0.0, 3.0), json!({})),
    ];
    let all = energy(objects, 0.0, &AttributeNames::default());
    assert_eq!(all.buildings[0].party_area, 0.0);
    near(all.buildings[0].faces.iter().filter(|face| face.kind == FaceKind::Wall).map(|face| face.area).sum(), 120.0);
}

#[test]
fn an_overhang_has_a_floor_above_outdoor_air() {
    let overhanging = |low: f64| {
        let objects = vec![
            object("p1", "b", block([0.0, 0.0], [5.0, 10.0], 0.0, low), json!({})),
            object("p2", "b", block([0.0, 0.0], [10.0, 10.0], low, 6.0), json!({})),
        ];
        energy(objects, 0.0, &AttributeNames::default()).buildings.remove(0)
    };
    let building = overhanging(3.0);
    near(building.ground_area, 50.0);
    near(area_towards(&building, FaceKind::Wall, DOWN), 50.0);
    let underside = building.faces.iter().find(|face| face.normal[2] < -0.9).unwrap();
    assert_eq!(underside.window_area, Some(0.0));
    // Seen from below it is 100 m²; 450 m³ on them are 4.5 m.
    near(building.floor_area.value, 2.0 * 100.0 * 0.85);
    near(overhanging(1.5).ground_area, 100.0);
}

#[test]
fn normals_are_turned_to_true_north() {
    let objects = vec![object("b", "b", block([0.0, 0.0], [10.0, 8.0], 0.0, 6.0), json!({}))];
    let all = energy(objects, 10.0, &AttributeNames::default());
    // The wall that looks to grid north looks to a true azimuth of 10°.
    let azimuth = 10.0f64.to_radians();
    near(area_towards(&all.buildings[0], FaceKind::Wall, [azimuth.sin(), azimuth.cos(), 0.0]), 60.0);
    let walls = all.buildings[0].faces.iter().filter(|face| face.kind == FaceKind::Wall);
    let north = walls.max_by(|a, b| a.normal[1].total_cmp(&b.normal[1])).unwrap();
    near(libm::atan2(north.normal[0], north.normal[1]).to_degrees(), 10.0);
}

#[test]
fn an_open_building_has_the_volume_below_its_roof() {
    let mut surfaces = gabled();
    surfaces.remove(3);
    let vertices = surfaces.iter_mut().flat_map(|surface| surface.rings.iter_mut().flatten());
    vertices.for_each(|vertex| vertex[2] += 0.75);
    let (building, codes) = one(surfaces, json!({}));
    near(building.volume, 560.0);
    assert!(codes.contains(&"estimated_volume".to_owned()), "{codes:?}");
}

#[test]
fn what_has_no_ground_walls_or_height_is_left_out() {
    let all_of = |keep: &dyn Fn(SurfaceKind) -> bool| -> Vec<CitySurface> {
        block([0.0, 0.0], [10.0, 8.0], 0.0, 6.0).into_iter().filter(|surface| keep(surface.kind)).collect()
    };
    let objects = vec![
        object("no ground", "no ground", all_of(&|kind| kind != SurfaceKind::Ground), json!({})),
        object("no walls", "no walls", all_of(&|kind| kind != SurfaceKind::Wall), json!({})),
        object("no roof", "no roof", all_of(&|kind| kind != SurfaceKind::Roof), json!({})),
        object("tiny", "tiny", block([50.0, 0.0], [0.5, 0.5], 0.0, 2.0), json!({})),
        object("nothing", "nothing", Vec::new(), json!({})),
        object("sound", "sound", block([99.0, 0.0], [10.0, 8.0], 0.0, 6.0), json!({})),
    ];
    let all = energy(objects, 0.0, &AttributeNames::default());
    assert_eq!(all.buildings.iter().map(|building| building.id.as_str()).collect::<Vec<_>>(), ["sound"]);
    assert_eq!((all.of_city.as_slice(), all.left_out.as_slice()), (&[5][..], &[0, 1, 2, 3, 4][..]));
    let left_out: Vec<&str> =
        all.warnings.iter().filter(|one| one.code.starts_with("no_energy")).map(|one| one.message.as_str()).collect();
    assert_eq!(
        left_out,
        [
            "2 buildings have no ground surface and are left out of energy: no ground, nothing",
            "1 buildings have no walls and are left out of energy: no walls",
            "1 buildings have no volume and are left out of energy: no roof",
            "1 buildings have no floor area and are left out of energy: tiny",
        ]
    );
}

#[test]
fn stated_storeys_count_as_far_as_they_fit() {
    let names = AttributeNames { id: Some("key".into()), storeys: Some("n".into()), ..AttributeNames::default() };
    let objects = vec![
        object("a", "a", block([0.0, 0.0], [10.0, 10.0], 0.0, 7.0), json!({ "n": 3, "key": "house" })),
        object("b", "b", block([50.0, 0.0], [10.0, 10.0], 0.0, 5.5), json!({ "n": 20, "key": "house" })),
    ];
    let all = energy(objects, 0.0, &names);
    assert_eq!(all.buildings[0].storeys, Known::measured(3.0));
    near(all.buildings[0].floor_area.value, 3.0 * 100.0 * 0.85);
    // 550 m³ hold 250 m² of storeys that are 2.2 m high.
    near(all.buildings[1].floor_area.value, 250.0 * 0.85);
    assert_eq!(all.buildings.iter().map(|building| building.id.as_str()).collect::<Vec<_>>(), ["house", "b"]);
    assert_eq!(codes(&all), ["default_year", "default_use", "limited_floor_area", "repeated_building_id"]);
}
