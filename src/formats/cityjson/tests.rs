//! Whole files, sound and hostile.

use std::path::Path;

use super::*;
use crate::formats::city::SurfaceKind;

/// A cube of 10 m, its ground at (1000, 2000, 5); the cube at the origin has 1 m vertices.
const VERTICES: &str = "[[0,0,0],[10,0,0],[10,10,0],[0,10,0],[0,0,10],[10,0,10],[10,10,10],[0,10,10]]";
const SHELL: &str = "[[[0,3,2,1]],[[4,5,6,7]],[[0,1,5,4]],[[1,2,6,5]],[[2,3,7,6]],[[3,0,4,7]]]";

fn document(objects: &str) -> String {
    format!(
        r#"{{"type": "CityJSON", "version": "2.0",
        "metadata": {{"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"}},
        "transform": {{"scale": [1, 1, 1], "translate": [1000, 2000, 5]}}, "vertices": {VERTICES},
        "CityObjects": {{{objects}}}}}"#
    )
}

fn solid(id: &str, more: &str) -> String {
    format!(
        r#""{id}": {{"type": "Building"{more}, "geometry": [{{"type": "Solid", "lod": "2", "boundaries": [{SHELL}]}}]}}"#
    )
}

fn read_named(file: &str, text: &str, lod: Option<&str>) -> Result<(CityModel, Vec<Warning>), Error> {
    read_cityjson(Source { file: Path::new(file), bytes: text.as_bytes() }, lod)
}

fn read(text: &str) -> (CityModel, Vec<Warning>) {
    read_named("a.city.json", text, None).unwrap()
}

fn fails(text: &str) -> String {
    read_named("a.city.json", text, None).unwrap_err().to_string()
}

fn warning<'a>(warnings: &'a [Warning], code: &str) -> &'a Warning {
    warnings.iter().find(|warning| warning.code == code).unwrap_or_else(|| panic!("{code} not in {warnings:?}"))
}

#[test]
fn a_cube_is_read_in_metres_of_its_horizontal_system() {
    let (model, warnings) = read(&document(&solid("a", r#", "attributes": {"year": 1990}"#)));
    assert_eq!(warnings, []);
    assert_eq!(model.crs.as_deref(), Some("EPSG:28992"));
    let cube = &model.objects[0];
    assert_eq!((&*cube.id, &*cube.building, &*cube.kind, &*cube.lod, cube.is_solid), ("a", "a", "Building", "2", true));
    assert_eq!(cube.attributes["year"], 1990);
    assert_eq!(cube.surfaces.len(), 6);
    let ground = vec![[1000.0, 2000.0, 5.0], [1000.0, 2010.0, 5.0], [1010.0, 2010.0, 5.0], [1010.0, 2000.0, 5.0]];
    assert_eq!(cube.surfaces[0].rings, [ground]);
    assert_eq!(cube.surfaces[0].kind, SurfaceKind::Unknown);
}

#[test]
fn semantics_follow_the_nesting_of_the_boundaries() {
    let surfaces = r#""surfaces": [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}]"#;
    let cases = [
        ("Solid", format!("[{SHELL}]"), "[[0,1,2,null,2,2]]"),
        ("MultiSurface", SHELL.to_owned(), "[0,1,2,null,2,2]"),
        ("CompositeSurface", SHELL.to_owned(), "[0,1,2,null,2,2]"),
        ("MultiSolid", format!("[[{SHELL}]]"), "[[[0,1,2,null,2,2]]]"),
    ];
    use SurfaceKind::{Ground, Roof, Unknown, Wall};
    for (kind, boundaries, values) in cases {
        let text = format!(
            r#""a": {{"type": "Building", "geometry": [{{"type": "{kind}", "lod": 2.2, "boundaries": {boundaries},
            "semantics": {{{surfaces}, "values": {values}}}}}]}}"#
        );
        let (model, warnings) = read(&document(&text));
        let kinds: Vec<_> = model.objects[0].surfaces.iter().map(|surface| surface.kind).collect();
        assert_eq!(kinds, [Ground, Roof, Wall, Unknown, Wall, Wall], "{kind}");
        assert_eq!((warnings, &*model.objects[0].lod), (vec![], "2.2"), "{kind}");
    }
}

#[test]
fn a_null_stands_for_a_whole_shell_and_the_next_keeps_its_own() {
    let text = format!(
        r#""a": {{"type": "Building", "geometry": [{{"type": "Solid", "lod": "2", "boundaries": [{SHELL}, {SHELL}],
        "semantics": {{"surfaces": [{{"type": "RoofSurface"}}], "values": [null, [0,0,0,0,0,7]]}}}}]}}"#
    );
    let (model, warnings) = read(&document(&text));
    let kinds: Vec<_> = model.objects[0].surfaces.iter().map(|surface| surface.kind).collect();
    assert_eq!(kinds[..6], [SurfaceKind::Unknown; 6]);
    assert_eq!(kinds[6..11], [SurfaceKind::Roof; 5]);
    assert_eq!(kinds[11], SurfaceKind::Unknown);
    assert!(warning(&warnings, "semantics_mismatch").message.contains("7 of \"a\""), "{warnings:?}");
}

#[test]
fn the_wanted_level_of_detail_is_used_else_the_highest() {
    let geometry = |lod: &str, n: usize| {
        let faces = vec!["[[0,1,2]]"; n].join(",");
        format!(r#"{{"type": "MultiSurface", "lod": {lod}, "boundaries": [{faces}]}}"#)
    };
    let all = [geometry("0", 1), geometry("\"1.2\"", 2), geometry("2.2", 4), geometry("\"1.3\"", 3)].join(",");
    let text = document(&format!(r#""a": {{"type": "Building", "geometry": [{all}]}}"#));
    for (lod, n, n_warnings) in
        [(None, 4, 0), (Some("1.2"), 2, 0), (Some("2.20"), 4, 0), (Some("3"), 4, 1), (Some("0"), 4, 1)]
    {
        let (model, warnings) = read_named("a.json", &text, lod).unwrap();
        assert_eq!((model.objects[0].surfaces.len(), warnings.len()), (n, n_warnings), "{lod:?} {warnings:?}");
    }
}

#[test]
fn parts_have_the_attributes_of_their_building_and_their_own() {
    let whole = r#""w": {"type": "Building", "attributes": {"year": 1990, "use": "home"}, "children": ["p", "gone"]}"#;
    let part = solid("p", r#", "parents": ["w"], "attributes": {"use": "shop"}"#).replace("Building", "BuildingPart");
    let (model, warnings) = read(&document(&format!("{part}, {whole}")));
    assert_eq!(model.objects.len(), 1);
    assert_eq!(model.objects[0].building, "w");
    assert_eq!(serde_json::to_string(&model.objects[0].attributes).unwrap(), r#"{"year":1990,"use":"shop"}"#);
    assert!(warning(&warnings, "missing_children").message.contains("\"gone\""));
}

#[test]
fn a_coarse_building_gives_way_to_its_finer_parts() {
    let whole = solid("w", r#", "children": ["p"]"#).replace("\"2\"", "\"1\"");
    let part = solid("p", r#", "parents": ["w"]"#).replace("Building", "BuildingPart");
    let (model, warnings) = read(&document(&format!("{whole}, {part}")));
    assert_eq!(model.objects.iter().map(|object| &*object.id).collect::<Vec<_>>(), ["p"]);
    assert!(warning(&warnings, "coarser_than_parts").message.contains("\"w\""));
}

#[test]
fn a_building_gives_way_to_parts_that_repeat_it() {
    let whole = solid("w", r#", "children": ["p"]"#);
    let part = solid("p", r#", "parents": ["w"]"#).replace("Building", "BuildingPart");
    // The same surfaces from another vertex.
    let part = part.replace("[[0,3,2,1]]", "[[3,2,1,0]]");
    let (model, warnings) = read(&document(&format!("{whole}, {part}")));
    assert_eq!(model.objects.iter().map(|object| &*object.id).collect::<Vec<_>>(), ["p"]);
    assert!(warning(&warnings, "repeated_geometry").message.contains("\"w\""));
    let other = part.replace("[[3,2,1,0]]", "[[3,2,1]]");
    let (model, warnings) = read(&document(&format!("{whole}, {other}")));
    assert_eq!((model.objects.len(), warnings), (2, vec![]));
}

#[test]
fn control_characters_leave_an_object_out() {
    let nul = format!("\\{}", "u0000");
    let texts = [
        solid(&format!("a{nul}b"), ""),
        solid("a", &format!(r#", "attributes": {{"name": "x{nul}"}}"#)),
        solid("a", &format!(r#", "attributes": {{"x{nul}": 1}}"#)),
        solid("a", &format!(r#", "attributes": {{"names": ["{nul}"]}}"#)),
    ];
    for text in texts {
        let (model, warnings) = read(&document(&format!("{text}, {}", solid("good", ""))));
        assert_eq!(model.objects.iter().map(|object| &*object.id).collect::<Vec<_>>(), ["good"], "{text}");
        assert!(warning(&warnings, "objects_left_out").message.contains("\"a"), "{warnings:?}");
    }
}

#[test]
fn one_bad_object_is_named_with_its_line_and_the_rest_is_read() {
    let bad = |geometry: &str| format!("\"bad\": {{\"type\": \"Building\", \"geometry\": {geometry}}}");
    let surface = |boundaries: &str| format!(r#"[{{"type": "MultiSurface", "lod": "2", "boundaries": {boundaries}}}]"#);
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let cases = [
        (surface("[[[0,1,8]]]"), "vertex 8 of 8"),
        (surface("[[[0,1,-1]]]"), "no index"),
        (surface("[[[0,1,99999999999999999999999]]]"), "no index"),
        (surface("[[0,1,2]]"), "not nested"),
        (surface("[[[[0,1,2]]]]"), "not nested"),
        (surface("5"), "not nested"),
        (surface("[]"), "no surface"),
        (surface("[[[0,1]]]"), "no surface"),
        (surface(&deep), "recursion limit"),
        (r#"[{"type": "Solid", "lod": "2"}]"#.to_owned(), "no boundaries"),
        ("7".to_owned(), "cannot be read"),
    ];
    for (geometry, what) in cases {
        let text = document(&format!("{},\n{}", solid("good", ""), bad(&geometry)));
        let (model, warnings) = read(&text);
        assert_eq!(model.objects.iter().map(|object| &*object.id).collect::<Vec<_>>(), ["good"]);
        let message = &warning(&warnings, "objects_left_out").message;
        assert!(message.contains(what) && message.contains("\"bad\" (line 5)"), "{geometry}: {message}");
    }
}

#[test]
fn objects_of_wrong_form_double_ids_and_cycles_are_named() {
    let text = document(&format!(
        r#"{}, "odd": 5, {}, "x": {{"type": "BuildingPart", "parents": ["y"]}}, "y": {{"type": "BuildingPart",
        "parents": ["x"]}}, "orphan": {{"type": "BuildingPart", "parents": ["none"]}}, "tree": {{"type": "PlantCover"}}"#,
        solid("good", ""),
        solid("good", "")
    ));
    let (model, warnings) = read(&text);
    assert_eq!(model.objects.len(), 1);
    let message = &warning(&warnings, "objects_left_out").message;
    assert!(message.contains("used before") && message.contains("\"odd\""), "{message}");
    assert_eq!(warning(&warnings, "circular_parents").count, 2);
    assert!(warning(&warnings, "missing_parents").message.contains("\"none\""));
    assert!(warning(&warnings, "not_buildings").message.contains("PlantCover"));
}

#[test]
fn repeated_vertices_and_holes_without_area_are_left_out() {
    let text = r#""a": {"type": "Building", "geometry": [{"type": "MultiSurface", "lod": "2", "boundaries":
        [[[0,1,1,2,3,0],[4,5,4]], [[6,6,7,7]]]}]}"#;
    let (model, warnings) = read(&document(text));
    assert_eq!(model.objects[0].surfaces.len(), 1);
    assert_eq!(model.objects[0].surfaces[0].rings.iter().map(Vec::len).collect::<Vec<_>>(), [4]);
    assert_eq!(warning(&warnings, "surfaces_left_out").count, 1);
}

#[test]
fn coordinates_beyond_floating_point_are_refused() {
    let text = document(&solid("a", "")).replace("[1, 1, 1]", "[1e308, 1, 1]");
    assert!(fails(&text).contains("not finite"), "{}", fails(&text));
}

#[test]
fn what_is_no_city_model_is_an_error() {
    let cases = [
        ("", "empty"),
        ("{", "EOF"),
        ("[]", "expected struct"),
        ("{}", "expected \"CityJSON\", found nothing"),
        (r#"{"type": "FeatureCollection"}"#, "found \"FeatureCollection\""),
        (r#"{"type": "CityJSON", "version": "0.9"}"#, "found \"0.9\""),
        (r#"{"type": "CityJSON"}"#, "version"),
        (r#"{"type": "CityJSON", "version": "2.0"}"#, "no building"),
        (r#"{"type": "CityJSON", "version": "2.0", "vertices": [[1,2]]}"#, "invalid length 2"),
        (r#"{"type": "CityJSON", "version": "2.0", "vertices": [[1,2,1e999]]}"#, "out of range"),
        (r#"{"type": "CityJSON", "version": "2.0", "vertices": [[1,2,NaN]]}"#, "expected value"),
        (
            r#"{"type": "CityJSON", "version": "2.0", "transform": {"scale": [0,1,1], "translate": [0,0,0]}}"#,
            "transform.scale",
        ),
        (r#"{"type": "CityJSON", "version": "2.0", "metadata": {"referenceSystem": 5}}"#, "metadata.referenceSystem"),
    ];
    for (text, what) in cases {
        assert!(fails(text).contains(what), "{text}: {}", fails(text));
        assert!(fails(text).starts_with("a.city.json"), "{text}: {}", fails(text));
    }
    assert!(read_cityjson(Source { file: Path::new("a.json"), bytes: b"\xff\xfe" }, None).is_err());
}

fn sequence(second: &str) -> String {
    let head = r#"{"type": "CityJSON", "version": "2.0", "transform": {"scale": [0.001, 0.001, 0.001], "translate": [10, 20, 30]},
        "metadata": {"referenceSystem": "EPSG:5555"}, "CityObjects": {}, "vertices": []}"#;
    let feature = |id: &str| {
        let object = solid(id, "");
        format!(r#"{{"type": "CityJSONFeature", "id": "{id}", "CityObjects": {{{object}}}, "vertices": {VERTICES}}}"#)
    };
    format!("{}\n{}\n{second}\n\n{}\n", head.replace('\n', " "), feature("a"), feature("c"))
}

#[test]
fn a_sequence_is_read_whatever_its_name() {
    let text = sequence("");
    for file in ["a.city.jsonl", "a.city.json"] {
        let (model, warnings) = read_named(file, &text, None).unwrap();
        assert_eq!((model.crs.as_deref(), warnings), (Some("EPSG:25832"), vec![]));
        assert_eq!(model.objects.iter().map(|object| &*object.id).collect::<Vec<_>>(), ["a", "c"]);
        let corner = model.objects[1].surfaces[1].rings[0][2];
        assert_eq!(corner, [10.0 + 0.001 * 10.0, 20.0 + 0.001 * 10.0, 30.0 + 0.001 * 10.0]);
    }
}

#[test]
fn a_bad_record_of_a_sequence_is_named_and_the_rest_is_read() {
    for (record, what) in [
        ("{\"type\": \"CityJSONFeature\", ", "line 3: it is no JSON"),
        ("{\"type\": \"CityJSON\"}", "found \"CityJSON\""),
        ("\u{1}\u{2}", "line 3"),
    ] {
        let (model, warnings) = read_named("a.jsonl", &sequence(record), None).unwrap();
        assert_eq!(model.objects.len(), 2);
        assert!(warning(&warnings, "features_left_out").message.contains(what), "{warnings:?}");
    }
}

#[test]
fn hostile_bytes_never_panic() {
    let text = sequence("");
    for cut in 0..text.len() {
        let _ = read_named("a.jsonl", &text[..cut], None);
        let _ = read_named("a.json", &text[..cut], None);
    }
    let mut bytes = document(&solid("a", "")).into_bytes();
    for at in 0..bytes.len() {
        let was = bytes[at];
        for byte in [b'[', b'9', b'"', 0xff] {
            bytes[at] = byte;
            let _ = read_cityjson(Source { file: Path::new("a.json"), bytes: &bytes }, None);
        }
        bytes[at] = was;
    }
}
