//! City models of real places, from file to prepared surfaces.
//!
//! Data and their origins: `docs/reference-data.md`, folder `solar`. Areas and volumes to compare with are attributes of the
//! 3DBAG (version 2024.04.20), which its own tools computed: `b3_volume_lod22`, `b3_opp_grond` (ground), `b3_opp_dak_plat`
//! and `b3_opp_dak_schuin` (flat and sloping roof).

mod common;

use std::path::Path;

use conurb::error::Warning;
use conurb::formats::Source;
use conurb::formats::city::{CityModel, CityObject, SurfaceKind};
use conurb::formats::cityjson::read_cityjson;
use conurb_geometry::{Kind, PreparedObject, Surface, Tolerance, prepare, triangle_area};

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
    let surfaces = |object: &'_ CityObject| -> Vec<(Kind, usize)> {
        object.surfaces.iter().enumerate().map(|(at, surface)| (kind(surface.kind), at)).collect()
    };
    let objects: Vec<Vec<Surface<'_>>> = model
        .objects
        .iter()
        .map(|object| {
            surfaces(object).into_iter().map(|(kind, at)| Surface { kind, rings: &object.surfaces[at].rings }).collect()
        })
        .collect();
    prepare(&objects, &Tolerance::default())
}

fn area(object: &PreparedObject, kind: Kind) -> f64 {
    object.surfaces.iter().filter(|surface| surface.kind == kind).map(|surface| surface.area).sum()
}

#[test]
fn explore() {
    for file in [
        "3dbag_v20240420_delft_10buildings.city.jsonl",
        "3dbag_v210908_tile901_52buildings.city.jsonl",
        "rotterdam_subset_lod2.city.json",
    ] {
        let Some((model, warnings)) = read(file, None) else { return };
        println!("{file} {:?} {} {warnings:?}", model.crs, model.objects.len());
        let start = std::time::Instant::now();
        let found = prepared(&model);
        println!("{:?}", start.elapsed());
        for (object, found) in model.objects.iter().zip(&found) {
            let a = |name: &str| object.attributes.get(name).and_then(|value| value.as_f64()).unwrap_or(f64::NAN);
            println!(
                "{} {} solid {} n {} vol {:?} ({}) open {} turned {} ground {:.2} ({}) roof {:.2} ({:.2}) wall {:.2} exposed {:.2} ({} {}) party {:.2} findings {:?}",
                object.id,
                object.lod,
                object.is_solid,
                found.surfaces.len(),
                found.volume,
                a("b3_volume_lod22"),
                found.n_open_edges,
                found.n_turned,
                area(found, Kind::Ground),
                a("b3_opp_grond"),
                area(found, Kind::Roof),
                a("b3_opp_dak_plat") + a("b3_opp_dak_schuin"),
                area(found, Kind::Wall),
                found.surfaces.iter().filter(|s| s.kind == Kind::Wall).map(|s| s.exposed_area).sum::<f64>(),
                a("b3_opp_buitenmuur"),
                a("b3_opp_scheidingsmuur"),
                found.surfaces.iter().flat_map(|s| &s.party).map(|p| p.area).sum::<f64>(),
                found.findings
            );
            for s in &found.surfaces {
                let sum: f64 = s.triangles.iter().map(triangle_area).sum();
                if (sum - s.area).abs() > 1e-3 * s.area + 1e-3 {
                    println!("   area {} {sum} {}", s.source, s.area);
                }
                let down = s.kind == Kind::Roof && s.tilt > 90.0 || s.kind == Kind::Ground && s.tilt < 90.0;
                if down {
                    println!("   {:?} tilt {} area {}", s.kind, s.tilt, s.area);
                }
            }
        }
    }
}
