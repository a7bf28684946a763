//! City models with results read back by the engine's own reader.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/fake_sun.rs"]
mod fake_sun;

use std::fs;

use conurb::export::{Existing, export};
use conurb::formats::city::{CityModel, SurfaceKind};
use conurb::formats::{Source, cityjson};
use conurb::scenario::ExportFormat;
use conurb::store::read::RunReader;
use fake_sun::{FakeSun, ORIGIN, surfaces};

fn read_back(format: ExportFormat) -> CityModel {
    let keep = tempfile::tempdir().unwrap();
    FakeSun::default().write(keep.path());
    let run = RunReader::open(keep.path()).unwrap();
    let file = export(&run, format, keep.path(), Existing::Refuse).unwrap().remove(0);
    let bytes = fs::read(&file).unwrap();
    cityjson::read_cityjson(Source { file: &file, bytes: &bytes }, None).unwrap().0
}

#[test]
fn both_forms_are_read_back_as_the_same_city() {
    let model = read_back(ExportFormat::CityJson);
    assert_eq!(model, read_back(ExportFormat::CityJsonSeq));
    assert_eq!(model.crs.as_deref(), Some("EPSG:28992"));
    let objects: Vec<[&str; 4]> =
        model.objects.iter().map(|object| [&*object.id, &*object.building, &*object.kind, &*object.lod]).collect();
    assert_eq!(
        objects,
        [
            ["b1", "b1", "Building", "2.2"],
            ["b2-1", "b2", "BuildingPart", "2.2"],
            ["b2-2", "b2", "BuildingPart", "2"],
            ["b3", "b3", "Building", "1.3"],
        ]
    );
    assert_eq!(model.objects[0].attributes["year"], 1962);
    assert_eq!(model.objects[1].attributes["solar_pv_yield_kWh"], 18_000.0);
    let kinds: Vec<SurfaceKind> = model.objects[0].surfaces.iter().map(|surface| surface.kind).collect();
    assert_eq!(kinds, [SurfaceKind::Roof, SurfaceKind::Wall, SurfaceKind::Wall, SurfaceKind::Ground]);
    // The last polygon of the made-up town has no area and is left out.
    let read: Vec<&Vec<Vec<[f64; 3]>>> =
        model.objects.iter().flat_map(|object| object.surfaces.iter().map(|surface| &surface.rings)).collect();
    let written = surfaces();
    assert_eq!(read.len(), written.len() - 1);
    for (read, written) in read.iter().zip(&written) {
        assert_eq!(read.iter().map(Vec::len).collect::<Vec<_>>(), written.iter().map(Vec::len).collect::<Vec<_>>());
        for (found, wanted) in read.iter().flatten().zip(written.iter().flatten()) {
            assert!((0..3).all(|axis| (found[axis] - ORIGIN[axis] - wanted[axis]).abs() <= 0.0005), "{found:?}");
        }
    }
}
