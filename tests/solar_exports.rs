//! City models, tables and pictures of the sun on made-up run folders.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/fake_run.rs"]
mod fake_run;
#[path = "common/fake_sun.rs"]
mod fake_sun;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use conurb::export::{Existing, Options, export, export_with};
use conurb::scenario::ExportFormat;
use conurb::store::read::RunReader;
use fake_run::FakeRun;
use fake_sun::{ANNUAL, FakeSun, ORIGIN, put};
use hdf5::File;
use ndarray::Array1;
use serde_json::Value;

fn run_folder(fake: FakeSun) -> (tempfile::TempDir, PathBuf) {
    let keep = tempfile::tempdir().unwrap();
    let path = keep.path().join("run");
    fake.write(&path);
    (keep, path)
}

fn exported(run: &Path, format: ExportFormat, name: &str) -> PathBuf {
    let out = run.join(name);
    export(&RunReader::open(run).unwrap(), format, &out, Existing::Refuse).unwrap().remove(0)
}

fn city(run: &Path) -> Value {
    let path = exported(run, ExportFormat::CityJson, "x.city.json");
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Checks what the specification asks beyond the schema, as cjval does: parents and children name each other, indices
/// lie in the list, semantics are as many as polygons, no vertex is there twice or unused.
fn check_model(objects: &serde_json::Map<String, Value>, vertices: &[Value]) {
    let mut used = BTreeSet::new();
    for (id, object) in objects {
        for child in object["children"].as_array().into_iter().flatten() {
            assert_eq!(objects[child.as_str().unwrap()]["parents"], serde_json::json!([id]), "{id}");
        }
        for parent in object["parents"].as_array().into_iter().flatten() {
            let children = objects[parent.as_str().unwrap()]["children"].as_array().unwrap();
            assert!(children.contains(&id.as_str().into()), "{id}");
        }
        assert_eq!(object["type"] == "BuildingPart", object.get("parents").is_some(), "{id}");
        for geometry in object["geometry"].as_array().into_iter().flatten() {
            let polygons = geometry["boundaries"].as_array().unwrap();
            let semantics = &geometry["semantics"];
            assert_eq!(semantics["values"].as_array().unwrap().len(), polygons.len());
            assert_eq!(semantics["surfaces"].as_array().unwrap().len(), polygons.len());
            let rings = polygons.iter().flat_map(|polygon| polygon.as_array().unwrap());
            for ring in rings {
                let ring: Vec<u64> = ring.as_array().unwrap().iter().map(|index| index.as_u64().unwrap()).collect();
                assert!(ring.len() >= 3 && ring.iter().all(|index| (*index as usize) < vertices.len()));
                used.extend(ring);
            }
        }
    }
    assert_eq!(used.len(), vertices.len());
    assert_eq!(vertices.iter().map(Value::to_string).collect::<BTreeSet<_>>().len(), vertices.len());
}

#[test]
fn a_city_model_carries_results_on_its_surfaces() {
    let (_keep, run) = run_folder(FakeSun::default());
    let city = city(&run);
    let objects = city["CityObjects"].as_object().unwrap();
    check_model(objects, city["vertices"].as_array().unwrap());
    assert_eq!((&city["type"], &city["version"]), (&"CityJSON".into(), &"2.0".into()));
    assert_eq!(city["metadata"]["referenceSystem"], "https://www.opengis.net/def/crs/EPSG/0/28992");
    assert_eq!(city["metadata"]["title"], "A made-up town");
    let extent: Vec<f64> =
        city["metadata"]["geographicalExtent"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    assert_eq!(extent, [155_000.0, 463_000.0, 10.0, 155_070.0, 463_060.0, 19.0]);
    assert_eq!(objects.keys().collect::<Vec<_>>(), ["b1", "b2", "b2-1", "b2-2", "b3"]);
    let roof = &objects["b1"]["geometry"][0]["semantics"]["surfaces"][0];
    assert_eq!(roof["type"], "RoofSurface");
    assert_eq!(roof["annual_irradiation_kWh_m2"], 1000.0);
    assert_eq!(roof["pv_yield_kWh"], 24_000.0);
    assert_eq!(roof["pv_levelised_cost_EUR_kWh"], 0.081);
    assert_eq!((&roof["pv_suitable"], &roof["sample_points"]), (&1.into(), &400.into()));
    // The ground has no irradiation, and NaN is no JSON: the attribute is left out.
    let ground = &objects["b1"]["geometry"][0]["semantics"]["surfaces"][3];
    assert!(ground["type"] == "GroundSurface" && ground.get("annual_irradiation_kWh_m2").is_none());
    let building = &objects["b1"]["attributes"];
    assert_eq!((&building["year"], &building["use"]), (&1962.into(), &"a \"b\" <c>".into()));
    assert_eq!(building["solar_roof_irradiation_kWh"], 384_000.0);
    assert_eq!((&building["solar_sky_model"], &building["solar_pv_rank"]), (&"perez_1990".into(), &1.into()));
    // A building without a geometry of its own stands above its parts.
    assert!(objects["b2"].get("geometry").is_none());
    assert_eq!(objects["b2"]["attributes"]["solar_pv_yield_kWh"], 18_000.0);
    assert_eq!(objects["b2-1"]["attributes"], serde_json::json!({"floors": 3}));
    assert_eq!(["b1", "b2-2"].map(|id| objects[id]["geometry"][0]["lod"].as_str().unwrap()), ["2.2", "2"]);
    // The wall without area is gone with its semantics, the finding stays.
    assert_eq!(objects["b3"]["geometry"][0]["boundaries"].as_array().unwrap().len(), 1);
    assert_eq!(objects["b3"]["attributes"]["solar_findings"], "the solid is open; 1 surface has no area");
}

#[test]
fn corners_keep_their_place_and_holes_their_ring() {
    let (_keep, run) = run_folder(FakeSun::default());
    let city = city(&run);
    let translate: Vec<f64> =
        city["transform"]["translate"].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect();
    let corner = |index: &Value| -> [f64; 3] {
        let units = &city["vertices"][index.as_u64().unwrap() as usize];
        std::array::from_fn(|axis| units[axis].as_i64().unwrap() as f64 * 0.001 + translate[axis])
    };
    let rings = city["CityObjects"]["b1"]["geometry"][0]["boundaries"][0].as_array().unwrap();
    for (ring, wanted) in rings.iter().zip(&fake_sun::surfaces()[0]) {
        for (index, wanted) in ring.as_array().unwrap().iter().zip(wanted) {
            let found = corner(index);
            assert!((0..3).all(|axis| (found[axis] - wanted[axis] - ORIGIN[axis]).abs() <= 0.0005), "{found:?}");
        }
    }
    assert_eq!(rings.len(), 2);
}

#[test]
fn lines_hold_a_building_each_with_its_own_vertices() {
    let (_keep, run) = run_folder(FakeSun { pv: false, ..FakeSun::default() });
    let path = exported(&run, ExportFormat::CityJsonSeq, "x.city.jsonl");
    let lines: Vec<Value> =
        fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let header = &lines[0];
    assert_eq!((&header["type"], header["CityObjects"].as_object().unwrap().len()), (&"CityJSON".into(), 0));
    assert_eq!(header["vertices"], serde_json::json!([]));
    assert_eq!(lines[1..].iter().map(|line| line["id"].as_str().unwrap()).collect::<Vec<_>>(), ["b1", "b2", "b3"]);
    for line in &lines[1..] {
        assert_eq!(line["type"], "CityJSONFeature");
        check_model(line["CityObjects"].as_object().unwrap(), line["vertices"].as_array().unwrap());
    }
    let whole = city(&run);
    let mut surfaces = BTreeMap::new();
    for object in lines[1..].iter().flat_map(|line| line["CityObjects"].as_object().unwrap()) {
        surfaces.insert(object.0.clone(), object.1["geometry"][0]["semantics"].clone());
    }
    for (id, object) in whole["CityObjects"].as_object().unwrap() {
        assert_eq!(surfaces[id], object["geometry"][0]["semantics"], "{id}");
    }
}

#[test]
fn what_does_not_fit_together_is_refused_and_leaves_no_file() {
    let refused = |spoil: &dyn Fn(&File)| {
        let (_keep, run) = run_folder(FakeSun::default());
        spoil(&File::open_rw(run.join("solar.nc")).unwrap());
        let out = run.join("x.city.json");
        let error =
            export(&RunReader::open(&run).unwrap(), ExportFormat::CityJson, &out, Existing::Refuse).unwrap_err();
        assert!(error.exit_code() == 2 && !out.exists());
        error.to_string()
    };
    let cases: [(&dyn Fn(&File), &str); 8] = [
        (&|file| put(file, "surface_object", &Array1::from(vec![9_i32; 9])), "surface_object has 9, expected 0 to 3"),
        (&|file| put(file, "surface_type", &Array1::from(vec![7_i32; 9])), "surface_type has 7, expected 0 to 2"),
        (&|file| put(file, "ring_length", &Array1::from(vec![-4_i32; 10])), "ring_length has no lengths"),
        (&|file| put(file, "ring_length", &Array1::from(vec![i32::MAX; 10])), "vertex_x has shape [39]"),
        (
            &|file| put(file, "ring_surface", &Array1::from(vec![1_i32, 0, 2, 3, 4, 5, 6, 7, 8, 8])),
            "ring_surface goes back",
        ),
        (&|file| put(file, "vertex_z", &Array1::from(vec![f64::NAN; 39])), "vertex 0 of the surfaces is not finite"),
        (&|file| put(file, "annual_irradiation", &Array1::from(vec![0.0; 3])), "annual_irradiation has shape [3]"),
        (&|file| put(file, "object_building", &Array1::from(vec![0_i32, 0, 0, -1])), "object_building has -1"),
    ];
    for (spoil, told) in cases {
        let found = refused(spoil);
        assert!(found.contains(told), "{found}");
    }
    let (_keep, run) = run_folder(FakeSun { surfaces: false, ..FakeSun::default() });
    let run = RunReader::open(&run).unwrap();
    let error = export(&run, ExportFormat::CityJson, Path::new("x"), Existing::Refuse).unwrap_err().to_string();
    assert!(error.contains("no surfaces of buildings"), "{error}");
}

fn table(path: &Path) -> (Vec<String>, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    (reader.headers().unwrap().iter().map(str::to_owned).collect(), reader.records().map(Result::unwrap).collect())
}

#[test]
fn a_folder_gets_every_table_and_a_file_the_one_it_names() {
    let keep = tempfile::tempdir().unwrap();
    let path = keep.path().join("run");
    FakeRun::default().write(&path);
    FakeSun::default().write_fields(&path);
    let run = RunReader::open(&path).unwrap();
    let names = |out: &str| {
        let written = export(&run, ExportFormat::Csv, &path.join(out), Existing::Refuse).unwrap();
        written.iter().map(|file| file.strip_prefix(&path).unwrap().display().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names("new/"), ["new/links.csv", "new/surfaces.csv", "new/buildings.csv"]);
    assert_eq!([names("a.csv"), names("buildings.csv")], [["a.csv"], ["buildings.csv"]]);
    assert_eq!(table(&path.join("a.csv")).0[0], "link_id");
    assert_eq!(table(&path.join("buildings.csv")).1.len(), 3);
    // Nothing is written if one of the files is there.
    fs::remove_file(path.join("new/links.csv")).unwrap();
    assert!(export(&run, ExportFormat::Csv, &path.join("new"), Existing::Refuse).is_err());
    assert!(!path.join("new/links.csv").exists());
    let (_keep, sun) = run_folder(FakeSun::default());
    assert_eq!(table(&exported(&sun, ExportFormat::Csv, "x.csv")).0[1], "surface");
    let run = RunReader::open(&sun).unwrap();
    assert!(export(&run, ExportFormat::Csv, &sun.join("links.csv"), Existing::Refuse).is_err());
}

#[test]
fn tables_of_the_sun_have_units_in_their_names_and_the_sky_model_in_each_row() {
    let (_keep, run) = run_folder(FakeSun::default());
    let (names, rows) = table(&exported(&run, ExportFormat::Csv, "surfaces.csv"));
    assert_eq!(
        names.join(" "),
        "sky_model surface building_id object_id surface_type tilt_deg azimuth_deg area_m2 exposed_area_m2 \
         annual_irradiation_kWh_m2 sky_factor sample_points pv_suitable pv_capacity_kW pv_yield_kWh \
         pv_levelised_cost_EUR_kWh"
    );
    assert!(rows.iter().all(|row| &row[0] == "perez_1990"));
    let annual: Vec<f64> = rows.iter().map(|row| row[9].parse().unwrap_or(f64::NAN)).collect();
    assert_eq!(annual.iter().map(|value| value.to_bits()).collect::<Vec<_>>(), ANNUAL.map(f64::to_bits));
    assert_eq!([&rows[5][2], &rows[5][3], &rows[5][4]], ["b2", "b2-2", "roof"]);
    let (names, rows) = table(&exported(&run, ExportFormat::Csv, "buildings.csv"));
    assert_eq!(names[..4], ["sky_model", "building_id", "findings", "roof_area_m2"]);
    assert_eq!(
        rows[2].iter().take(4).collect::<Vec<_>>(),
        ["perez_1990", "b3", "the solid is open; 1 surface has no area", "400"]
    );
}

/// A picture as its width, height and pixels.
struct Picture {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Picture {
    fn read(path: &Path) -> Picture {
        let decoder = png::Decoder::new(std::io::BufReader::new(fs::File::open(path).unwrap()));
        let mut reader = decoder.read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut rgb).unwrap();
        assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
        Picture { width: info.width as usize, height: info.height as usize, rgb }
    }

    fn at(&self, x: f64, y: f64) -> [u8; 3] {
        let start = 3 * (y as usize * self.width + x as usize);
        self.rgb[start..start + 3].try_into().unwrap()
    }

    fn count(&self, colour: [u8; 3]) -> usize {
        self.rgb.chunks_exact(3).filter(|pixel| *pixel == colour).count()
    }
}

fn draw(run: &Path, name: &str, field: Option<&str>, width: usize) -> PathBuf {
    let out = run.join(name);
    let options = Options { field, width, ..Options::usual(Existing::Refuse) };
    export_with(&RunReader::open(run).unwrap(), ExportFormat::Png, &out, &options).unwrap().remove(0)
}

/// Where the point x, y of the made-up town lies in a picture of its roofs: 70 m by 60 m in the middle of a frame of
/// 1180 by 900 pixels at (40, 160) that leaves 27 free, so 846 / 60 pixels per metre.
fn roof_pixel(x: f64, y: f64) -> (f64, f64) {
    let scale = 846.0 / 60.0;
    (40.0 + 1180.0 / 2.0 + (x - 35.0) * scale, 160.0 + 900.0 / 2.0 - (y - 30.0) * scale)
}

const DARK: [u8; 3] = [0x44, 0x01, 0x54];
const LIGHT: [u8; 3] = [0xfd, 0xe7, 0x25];
const WHITE: [u8; 3] = [255; 3];

#[test]
fn roofs_have_the_colour_of_their_class_where_they_lie() {
    let (_keep, run) = run_folder(FakeSun::default());
    let picture = Picture::read(&draw(&run, "a.png", None, 1600));
    assert_eq!((picture.width, picture.height), (1600, 1200));
    let at = |x: f64, y: f64| {
        let (x, y) = roof_pixel(x, y);
        picture.at(x, y)
    };
    // 400 is in the lowest class, 1000 in the highest; the court and the street are white.
    assert_eq!([at(3.0, 3.0), at(17.0, 17.0), at(45.0, 10.0)], [LIGHT, LIGHT, DARK]);
    assert_eq!([at(10.0, 10.0), at(30.0, 10.0)], [WHITE, WHITE]);
    // The high roof hides the part of the low one that lies below it, though its surface comes first.
    assert_eq!(at(55.0, 10.0), at(65.0, 10.0));
    assert!(![DARK, LIGHT, WHITE].contains(&at(65.0, 10.0)), "{:?}", at(65.0, 10.0));
    // The roof without a value is grey with lines over it.
    let without: BTreeSet<[u8; 3]> = (0..40).map(|step| at(5.0 + f64::from(step) / 10.0, 50.0)).collect();
    assert_eq!(without, BTreeSet::from([[0xe4; 3], [0xb4; 3]]));
}

#[test]
fn the_legend_shows_every_class_and_what_has_no_value() {
    let (_keep, run) = run_folder(FakeSun::default());
    let picture = Picture::read(&draw(&run, "a.png", None, 1600));
    // Down through the middle of the swatches, 52 pixels wide from 1250: seven classes of 100 from 400, from light to
    // dark, then what has no value.
    let mut seen: Vec<[u8; 3]> = (160..900).map(|y| picture.at(1276.0, f64::from(y))).collect();
    seen.dedup();
    let mut colours: Vec<[u8; 3]> = Vec::new();
    for run in
        (260..900).map(|y| picture.at(1276.0, f64::from(y))).collect::<Vec<_>>().chunk_by(|one, other| one == other)
    {
        if run.len() >= 25 && run[0] != WHITE {
            colours.push(run[0]);
        }
    }
    assert_eq!(colours.len(), 7, "{colours:?}");
    assert_eq!([colours[0], colours[6]], [LIGHT, DARK]);
    let lightness = |[red, green, blue]: [u8; 3]| {
        0.2126 * f64::from(red).powf(2.2) + 0.7152 * f64::from(green).powf(2.2) + 0.0722 * f64::from(blue).powf(2.2)
    };
    assert!(colours.windows(2).all(|pair| lightness(pair[0]) > lightness(pair[1])), "{colours:?}");
    assert!(seen.contains(&[0xb4; 3]) && seen.contains(&[0xe4; 3]));
    // Title, credits and legend are words: dark pixels in their places, none in the white margin left of them.
    let dark = |left: usize, top: usize, right: usize, bottom: usize| {
        let pixels = (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y)));
        pixels.filter(|(x, y)| picture.at(*x as f64, *y as f64).iter().all(|channel| *channel < 110)).count()
    };
    for (place, least) in [
        ((40, 30, 1200, 90), 800),
        ((40, 100, 1200, 140), 500),
        ((40, 1075, 1560, 1180), 800),
        ((1310, 250, 1560, 700), 500),
    ] {
        assert!(dark(place.0, place.1, place.2, place.3) > least, "{place:?}");
    }
    assert_eq!(dark(0, 0, 38, 1200), 0);
}

#[test]
fn a_raster_is_drawn_cell_by_cell() {
    let (_keep, run) = run_folder(FakeSun { surfaces: false, pv: false, raster: true });
    let picture = Picture::read(&draw(&run, "a.png", None, 1600));
    // 60 m by 40 m in 1180 by 900 pixels: cells of 196.67 pixels, 787 pixels high, centred on y = 610.
    let at = |row: usize, column: usize| {
        let cell = 1180.0 / 6.0;
        picture.at(40.0 + cell * (column as f64 + 0.5), 610.0 + cell * (row as f64 - 2.0 + 0.5))
    };
    let rows: BTreeSet<Vec<[u8; 3]>> = (1..4).map(|row| (0..6).map(|column| at(row, column)).collect()).collect();
    assert_eq!(rows.len(), 1);
    let row = rows.into_iter().next().unwrap();
    assert_eq!(row.iter().collect::<BTreeSet<_>>().len(), 6);
    assert_eq!([row[0], row[5]], [DARK, LIGHT]);
    assert!([[0xe4; 3], [0xb4; 3]].contains(&at(0, 0)), "{:?}", at(0, 0));
    let cell = 196 * 196;
    assert!(picture.count(row[0]) > 3 * cell - 2000 && picture.count(row[3]) > 4 * cell - 2000);
}

#[test]
fn pictures_are_the_same_bytes_and_any_width() {
    let (_keep, run) = run_folder(FakeSun::default());
    let bytes = |name: &str, width| fs::read(draw(&run, name, Some("surface_sky_factor"), width)).unwrap();
    assert_eq!(bytes("a.png", 800), bytes("b.png", 800));
    let large = Picture::read(&draw(&run, "c.png", Some("cell_annual_irradiation"), 2000));
    assert_eq!((large.width, large.height), (2000, 1500));
    assert_eq!(large.at(50.0 + 1475.0 * 0.99, 1125.0), LIGHT);
}

#[test]
fn only_what_can_be_drawn_is_drawn() {
    let (_keep, run) = run_folder(FakeSun { pv: false, ..FakeSun::default() });
    let run = RunReader::open(&run).unwrap();
    let refused = |field, width| {
        let options = Options { field, width, ..Options::usual(Existing::Refuse) };
        export_with(&run, ExportFormat::Png, Path::new("never.png"), &options).unwrap_err().to_string()
    };
    let told = refused(Some("pv_yield"), 1600);
    assert!(told.contains("\"pv_yield\"") && told.contains("cell_annual_irradiation"), "{told}");
    assert!(refused(None, 100).contains("600 to 8000 pixels wide, found 100"));
    assert!(refused(None, usize::MAX).contains("600 to 8000"));
    let keep = tempfile::tempdir().unwrap();
    FakeRun::default().write(keep.path());
    let traffic = RunReader::open(keep.path()).unwrap();
    let told = export(&traffic, ExportFormat::Png, Path::new("never.png"), Existing::Refuse).unwrap_err().to_string();
    assert!(told.contains("nothing to draw"), "{told}");
}
