//! City models of real places, from file to prepared surfaces.
//!
//! Data and their origins: `docs/reference-data.md`, folder `solar`. Areas and volumes to compare with are attributes of the
//! 3DBAG (version 2024.04.20), which its own tools computed: `b3_volume_lod22`, `b3_opp_grond` (ground), `b3_opp_dak_plat`
//! and `b3_opp_dak_schuin` (flat and sloping roof).

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::path::Path;

use conurb::error::Warning;
use conurb::formats::Source;
use conurb::formats::city::{CityModel, CityObject, SurfaceKind};
use conurb::formats::cityjson::read_cityjson;
use conurb_geometry::{Kind, PreparedObject, Surface, Tolerance, Triangle, prepare, triangle_area};

fn read(file: &str, lod: Option<&str>) -> Option<(CityModel, Vec<Warning>)> {
    let path = common::data_dir()?.join("solar").join(file);
    let bytes = std::fs::read(&path).unwrap();
    Some(read_cityjson(Source { file: Path::new(file), bytes: &bytes }, lod).unwrap())
}

fn prepared(model: &CityModel) -> Vec<PreparedObject> {
    let kind = |kind| match kind {
        SurfaceKind::Roof => Kind::Roof,
        SurfaceKind::Wall => Kind::Wall,
        SurfaceKind::Ground => Kind::Ground,
        SurfaceKind::Interior => Kind::Interior,
        SurfaceKind::Unknown => Kind::Unknown,
    };
    let objects: Vec<Vec<Surface<'_>>> = model
        .objects
        .iter()
        .map(|object| object.surfaces.iter().map(|one| Surface { kind: kind(one.kind), rings: &one.rings }).collect())
        .collect();
    prepare(&objects, &Tolerance::default())
}

fn area(object: &PreparedObject, kind: Kind) -> f64 {
    object.surfaces.iter().filter(|surface| surface.kind == kind).map(|surface| surface.area).sum()
}

const DELFT: &str = "3dbag_v20240420_delft_10buildings.city.jsonl";
const TILE: &str = "3dbag_v210908_tile901_52buildings.city.jsonl";
const ROTTERDAM: &str = "rotterdam_subset_lod2.city.json";

fn attribute(object: &CityObject, name: &str) -> f64 {
    object.attributes[name].as_f64().unwrap()
}

fn party_area(object: &PreparedObject, with: usize) -> f64 {
    let party = object.surfaces.iter().flat_map(|surface| &surface.party);
    party.filter(|party| party.object == with).map(|party| party.area).sum()
}

/// Volumes of the 3DBAG are those of its vertices before they were rounded to millimetres: 0.1 %.
#[test]
fn volumes_and_areas_are_those_that_the_3dbag_states() {
    let Some((model, warnings)) = read(DELFT, None) else { return };
    assert_eq!((model.crs.as_deref(), model.objects.len(), warnings), (Some("EPSG:28992"), 10, vec![]));
    for (object, found) in model.objects.iter().zip(prepared(&model)) {
        assert_eq!((&*object.lod, object.is_solid, &*object.kind), ("2.2", true, "BuildingPart"));
        assert_eq!((found.n_open_edges, found.n_turned, found.findings.len()), (0, 0, 0), "{}", object.id);
        let close = |value: f64, name: &str, of: f64, tolerance: f64| {
            assert!((value - of).abs() <= tolerance, "{}: {name} {value}, the file has {of}", object.id);
        };
        let volume = attribute(object, "b3_volume_lod22");
        close(found.volume.unwrap(), "volume", volume, 1e-3 * volume);
        close(area(&found, Kind::Ground), "ground", attribute(object, "b3_opp_grond"), 0.02);
        // Outer walls and those shared with neighbours that the file leaves out.
        let walls = attribute(object, "b3_opp_buitenmuur") + attribute(object, "b3_opp_scheidingsmuur");
        close(area(&found, Kind::Wall), "walls", walls, 0.02);
        let roofs = attribute(object, "b3_opp_dak_plat") + attribute(object, "b3_opp_dak_schuin");
        // The roof of this one has parts that the file does not count twice.
        if !object.id.ends_with("5156-0") {
            close(area(&found, Kind::Roof), "roofs", roofs, 0.05);
        }
    }
}

#[test]
fn terraced_houses_share_walls_and_agree_on_how_much() {
    let Some((model, warnings)) = read(TILE, None) else { return };
    assert_eq!((model.objects.len(), warnings.len()), (52, 0));
    let found = prepared(&model);
    for (number, object) in found.iter().enumerate() {
        assert_eq!((object.n_open_edges, object.findings.len()), (0, 0), "{}", model.objects[number].id);
        assert!(object.volume.unwrap() > 0.0);
        for surface in &object.surfaces {
            let sum = |triangles: &[Triangle]| triangles.iter().map(triangle_area).sum::<f64>();
            assert!((sum(&surface.triangles) - surface.area).abs() <= 1e-3 * surface.area + 1e-3);
            let shared: f64 = surface.party.iter().map(|party| party.area).sum();
            assert!((surface.exposed_area + shared - surface.area).abs() <= 0.01 * surface.area + 0.05);
        }
        let parties = object.surfaces.iter().flat_map(|surface| &surface.party);
        for other in parties.map(|party| party.object) {
            let (one, back) = (party_area(object, other), party_area(&found[other], number));
            assert!((one - back).abs() < 0.02 * one + 0.1, "{number} {other}: {one} {back}");
        }
    }
    // Ten houses in a row, numbers ...3917 to ...3925 between two others: two walls of some 70 m² each.
    let at = |id: &str| model.objects.iter().position(|object| object.building.ends_with(id)).unwrap();
    let (first, last) = (at("33917"), at("33925"));
    for (number, house) in found.iter().enumerate().take(last + 1).skip(first) {
        let shared = party_area(house, number - 1) + party_area(house, number + 1);
        assert!((140.0..146.0).contains(&shared), "{number}: {shared}");
    }
}

#[test]
fn the_level_of_detail_can_be_chosen() {
    let Some((model, warnings)) = read(TILE, Some("1.2")) else { return };
    assert!(model.objects.iter().all(|object| object.lod == "1.2"));
    assert_eq!(warnings, []);
    // Blocks: every roof is flat.
    let found = prepared(&model);
    assert!(found.iter().flat_map(|object| &object.surfaces).all(|one| one.kind != Kind::Roof || one.tilt < 0.1));
}

/// A `MultiSurface` model without a reference system, with walls left out between neighbours and needles among surfaces.
#[test]
fn rotterdam_has_no_system_and_surfaces_of_two_vertices() {
    let Some((model, warnings)) = read(ROTTERDAM, None) else { return };
    assert_eq!((model.crs.as_deref(), model.objects.len()), (None, 16));
    assert_eq!(
        warnings.iter().map(|warning| (&*warning.code, warning.count)).collect::<Vec<_>>(),
        [("surfaces_left_out", 12)]
    );
    for (object, found) in model.objects.iter().zip(prepared(&model)) {
        assert!(!object.is_solid && found.volume.is_none() && found.n_open_edges > 0);
        let (roof, ground) = (area(&found, Kind::Roof), area(&found, Kind::Ground));
        assert!(roof > 0.99 * ground, "{}: {roof} {ground}", object.id);
        for surface in &found.surfaces {
            assert!(surface.kind != Kind::Roof || surface.tilt < 90.0);
            assert!(surface.kind != Kind::Ground || surface.tilt > 90.0);
        }
    }
}

#[test]
fn wrong_orientations_are_mended_to_what_the_files_have() {
    for file in [DELFT, TILE, ROTTERDAM] {
        let Some((model, _)) = read(file, None) else { return };
        let sound = prepared(&model);
        for wrong in [1, 2, 3] {
            let mut inverted = model.clone();
            for object in &mut inverted.objects {
                let surfaces = object.surfaces.iter_mut().enumerate().filter(|(at, _)| (at * at + at / 3) % wrong == 0);
                surfaces.for_each(|(_, surface)| surface.rings.iter_mut().for_each(|ring| ring.reverse()));
            }
            let (mut n_wrong, mut n) = (0, 0);
            for (mended, sound) in prepared(&inverted).iter().zip(&sound) {
                for (mended, sound) in mended.surfaces.iter().zip(&sound.surfaces) {
                    let dot: f64 = (0..3).map(|axis| mended.normal[axis] * sound.normal[axis]).sum();
                    n_wrong += usize::from(dot < 0.99);
                    n += 1;
                }
            }
            // Solids mend wholly; of open buildings single walls may have no neighbour that tells.
            let most = if file == ROTTERDAM { n / 50 } else { 0 };
            assert!(n_wrong <= most, "{file} {wrong}: {n_wrong} of {n}");
        }
    }
}
