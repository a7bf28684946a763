//! Bad input of the sun, end to end: named with the building, the rest computed; or refused with exit code 2.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/runs.rs"]
mod runs;

use std::fs;
use std::io::{Read, Write};

use made_city::{CRS, Face, House, PLAIN, Ran, Site, example};

/// A sound neighbour that is too far away for its sun to depend on what is wrong elsewhere.
const GOOD: &str = "good";
const FAR: f64 = 3000.0;
const RESULTS: [&str; 5] = [
    "annual_irradiation",
    "annual_unshaded_irradiation",
    "annual_facade_irradiation",
    "surface_exposed_area",
    "surface_sky_factor",
];

fn good() -> House {
    House::block(GOOD, [0.0, FAR], [12.0, 9.0], 7.0)
}

fn plain() -> House {
    House::block("odd", [0.0, 0.0], [10.0, 8.0], 6.0)
}

/// All results of a building, or of some of its surfaces.
fn results(ran: &Ran, building: &str) -> Vec<Vec<f64>> {
    RESULTS.iter().map(|field| ran.of_building(field, building)).collect()
}

#[track_caller]
fn assert_same_results(found: &[Vec<f64>], expected: &[Vec<f64>], share: f64) {
    for ((found, expected), field) in found.iter().zip(expected).zip(RESULTS) {
        assert_eq!(found.len(), expected.len(), "{field}");
        for (found, expected) in found.iter().zip(expected) {
            let is_same = (found.is_nan() && expected.is_nan()) || (found - expected).abs() <= share * expected.abs();
            assert!(is_same, "{field}: {found}, expected {expected}");
        }
    }
}

/// Runs a building that is not sound beside one that is: it is named with `expected`, and the other is as if alone.
#[track_caller]
fn assert_named(odd: House, expected: &[&str]) -> Ran {
    let alone = results(&Site::with(&[plain(), good()]).run(PLAIN, &[]), GOOD);
    let ran = Site::with(&[odd, good()]).run(PLAIN, &[]);
    assert_same_results(&results(&ran, GOOD), &alone, 0.0);
    assert_eq!(ran.findings(GOOD), "", "nothing is wrong with it");
    let findings = ran.findings("odd");
    let warnings = ran.warnings("unsound_geometry");
    assert!(warnings.len() == 1 && warnings[0].count == 1, "{warnings:?}");
    for words in [&["odd"], expected].concat() {
        assert!(findings.contains(words), "no \"{words}\" in: {findings}");
        assert!(warnings[0].message.contains(words), "no \"{words}\" in: {}", warnings[0].message);
    }
    ran
}

#[test]
fn an_open_solid() {
    let mut open = plain();
    open.faces.remove(2);
    let ran = assert_named(open, &["the solid is open at 4 edges"]);
    let whole = Site::with(&[plain(), good()]).run(PLAIN, &[]);
    // What is left of it is computed: the roof, and walls that see the same as before.
    let (found, expected) =
        (ran.of_building("annual_irradiation", "odd"), whole.of_building("annual_irradiation", "odd"));
    assert_eq!(found.len(), expected.len() - 1);
    assert_eq!((found[0], found[1]), (expected[0], expected[1]));
}

/// A footprint like an hourglass: roof and ground cross themselves.
#[test]
fn a_solid_that_crosses_itself() {
    let crossed = House::prism("odd", &[[0.0, 0.0], [9.0, 6.0], [9.0, 0.0], [0.0, 12.0]], 6.0);
    let ran = assert_named(crossed, &["crosses itself"]);
    let area = ran.of_building("surface_area", "odd");
    // Two triangles that meet at (6, 4), of bases 12 and 6 and heights 6 and 3: all that the ring winds around.
    assert!((area[0] - 45.0).abs() < 1e-6, "{area:?}");
    let annual = ran.of_building("annual_irradiation", "odd");
    assert!(annual[..5].iter().all(|annual| *annual > 0.0), "{annual:?}");
}

/// A surface that is a line, one that is a point, and one of two vertices' worth: left out, the others as they were.
#[test]
fn surfaces_without_an_area() {
    let mut odd = plain();
    let line = vec![[0.0, 0.0, 0.0], [5.0, 0.0, 0.0], [10.0, 0.0, 0.0]];
    let point = vec![[3.0, 3.0, 6.0]; 3];
    odd.faces.push(Face { kind: "WallSurface", ring: line });
    odd.faces.push(Face { kind: "RoofSurface", ring: point });
    odd.geometry = "MultiSurface";
    let ran = assert_named(odd, &["left out"]);
    let whole = Site::with(&[plain(), good()]).run(PLAIN, &[]);
    assert_same_results(&results(&ran, "odd"), &results(&whole, "odd"), 0.0);
}

/// A building of which nothing is left is still a building, without results.
#[test]
fn a_building_without_any_area() {
    let line = [[0.0, 0.0, 0.0], [5.0, 0.0, 0.0], [10.0, 0.0, 0.0]];
    let ran = assert_named(House::lone("odd", "WallSurface", &line), &["left out"]);
    assert!(ran.surfaces_of("odd").is_empty());
    assert_eq!(ran.figure("buildings"), 2.0);
}

/// A building 5000 km away, as by a slip in its coordinates: named and left out, the others as without it.
#[test]
fn a_building_that_is_on_another_continent() {
    let ran = assert_named(House::block("odd", [5e6, 0.0], [10.0, 8.0], 6.0), &["left out: 5000 km from"]);
    assert!(ran.surfaces_of("odd").is_empty());
}

/// Buildings at the origin of the reference system, 487 km away, neither blur the others nor turn their north.
#[test]
fn a_building_that_is_elsewhere_does_not_change_the_others() {
    let near_ones = [plain(), good(), House::block("third", [30.0, 0.0], [10.0, 8.0], 9.0)];
    let alone = Site::with(&near_ones).run(PLAIN, &[]);
    let away = House::block("away", [-made_city::ORIGIN[0], -made_city::ORIGIN[1]], [10.0, 8.0], 6.0);
    let ran = Site::with(&[&near_ones[..], &[away]].concat()).run(PLAIN, &[]);
    for building in ["odd", GOOD, "third"] {
        assert_same_results(&results(&ran, building), &results(&alone, building), 2e-5);
    }
    assert!(ran.of_building("annual_irradiation", "away").is_empty());
    assert!(ran.findings("away").contains("km from the middle of the city"), "{}", ran.findings("away"));
}

#[test]
fn a_vertex_that_is_elsewhere() {
    let mut odd = plain();
    // The corner that roof and two walls share stays, but for the roof.
    odd.faces[0].ring[2] = [9000.0, 8.0, 6.0];
    assert_named(odd, &["it is 9 km long"]);
}

#[test]
fn solids_that_are_inside_out_are_turned_round() {
    let right = Site::with(&[plain(), good()]).run(PLAIN, &[]);
    let turned = Site::with(&[plain().inside_out(), good()]).run(PLAIN, &[]);
    for building in ["odd", GOOD] {
        // A ring that begins elsewhere is cut into other triangles: the points differ by rounding.
        assert_same_results(&results(&turned, building), &results(&right, building), 5e-3);
    }
    assert_eq!(turned.of_building("surface_tilt", "odd"), right.of_building("surface_tilt", "odd"));
    assert_eq!(turned.of_building("surface_azimuth", "odd"), right.of_building("surface_azimuth", "odd"));
    assert!(right.warnings("turned_surfaces").is_empty());
    assert_eq!(turned.warnings("turned_surfaces")[0].count, 6);
}

#[test]
fn one_wall_that_looks_inside_is_turned_round() {
    let right = Site::with(&[plain(), good()]).run(PLAIN, &[]);
    let mut odd = plain();
    odd.faces[1].ring.reverse();
    let turned = Site::with(&[odd, good()]).run(PLAIN, &[]);
    assert_same_results(&results(&turned, "odd"), &results(&right, "odd"), 5e-3);
    assert_eq!(turned.warnings("turned_surfaces")[0].count, 1);
}

#[test]
fn an_elevation_raster_that_does_not_cover_a_building() {
    let site = Site::with(&[plain(), good()]);
    site.elevation("part.tif", ([-50.0, -50.0], 1.0), [120, 120], CRS, |_, _| 0.0);
    for key in ["surroundings", "terrain"] {
        let ran = site.run(&format!("{PLAIN}{key} = \"part.tif\"\n"), &[]);
        let expected = format!("not covered by solar.{key}");
        assert!(ran.findings(GOOD).contains(&expected), "{}", ran.findings(GOOD));
        assert_eq!(ran.findings("odd"), "");
        let warnings = ran.warnings("raster_does_not_cover");
        assert!(warnings.len() == 1 && warnings[0].count == 1 && warnings[0].message.contains(GOOD), "{warnings:?}");
        let alone = site.run(PLAIN, &[]);
        assert_same_results(&results(&ran, GOOD), &results(&alone, GOOD), 0.0);
    }
}

/// A code of no data that the file does not declare is no height.
#[test]
fn elevation_rasters_with_heights_that_no_land_has() {
    let site = Site::with(&[plain()]);
    for height in [-3.4e38, -9999.0, 99_999.0] {
        let hole = |x: f64, y: f64| if x < 20.0 && y < 0.0 { height } else { 0.0 };
        site.elevation("holes.tif", ([-50.0, -50.0], 1.0), [120, 120], CRS, hole);
        for key in ["surroundings", "terrain"] {
            let told = site.refused(&format!("{PLAIN}{key} = \"holes.tif\"\n"), &[]);
            for words in [&*format!("solar.{key}"), "is no height of land", "hint: declare"] {
                assert!(told.contains(words), "no \"{words}\" in: {told}");
            }
        }
        let raster = PLAIN.replace("[buildings]\ncityjson = [\"city.json\"]\n", "");
        let told = site.refused(&format!("{raster}[solar.raster]\ndsm = \"holes.tif\"\n"), &[]);
        assert!(told.contains("solar.raster.dsm") && told.contains("is no height of land"), "{told}");
    }
}

#[test]
fn rasters_in_another_reference_system_are_refused() {
    let site = Site::with(&[plain()]);
    site.elevation("other.tif", ([-50.0, -50.0], 1.0), [120, 120], "EPSG:32631", |_, _| 0.0);
    site.elevation("own.tif", ([-50.0, -50.0], 1.0), [120, 120], CRS, |_, _| 0.0);
    for (scenario, more) in [
        ("terrain = \"own.tif\"\nsurroundings = \"other.tif\"\n", &[][..]),
        ("surroundings = \"other.tif\"\n", &["--set", "scenario.crs=EPSG:28992"]),
    ] {
        let told = site.refused(&format!("{PLAIN}{scenario}"), more);
        for words in ["other.tif", "the raster is in EPSG:32631, the run in EPSG:28992", "hint: reproject"] {
            assert!(told.contains(words), "no \"{words}\" in: {told}");
        }
    }
    // Alone it decides, buildings are moved to it; here they come to lie beside it, which is told.
    let ran = site.run(&format!("{PLAIN}surroundings = \"other.tif\"\n"), &[]);
    assert_eq!((ran.warnings("reprojected").len(), ran.warnings("raster_does_not_cover").len()), (1, 1));
}

#[test]
fn buildings_in_two_reference_systems_are_moved_into_one() {
    let site = Site::with(&[plain()]);
    // In degrees: a block of 20 m by 20 m at 52.2 N 5.4 E, a degree being 111.26 km north and 68.4 km east there.
    let east = |metres: f64| metres / 68_400.0;
    let north = |metres: f64| metres / 111_260.0;
    let mut block = House::block(GOOD, [0.0, 0.0], [20.0, 20.0], 7.0);
    for vertex in block.faces.iter_mut().flat_map(|face| &mut face.ring) {
        // Heights are written by the same scale as the rest.
        *vertex = [east(vertex[0]), north(vertex[1]), vertex[2]];
    }
    site.city_at("degrees.json", &[block], Some("EPSG:4326"), (1e-9, [5.4, 52.2]));
    let scenario = PLAIN.replace("[\"city.json\"]", "[\"city.json\", \"degrees.json\"]");
    let ran = site.run(&scenario, &[]);
    let warnings = ran.warnings("reprojected");
    assert!(warnings.len() == 1 && warnings[0].message.contains("degrees.json"), "{warnings:?}");
    let area = ran.of_building("surface_area", GOOD)[0];
    assert!((area / 400.0 - 1.0).abs() < 0.01, "{area}");
    assert!(ran.of_building("annual_irradiation", GOOD)[0] > 900.0);
}

#[test]
fn a_city_in_degrees_needs_a_projected_system() {
    let site = Site::new();
    site.city_at(
        "city.json",
        &[House::block("a", [0.0, 0.0], [1e-4, 1e-4], 7.0)],
        Some("EPSG:4326"),
        (1e-9, [5.4, 52.2]),
    );
    let told = site.refused(PLAIN, &[]);
    for words in ["EPSG:4326 is in degrees", "scenario.crs", "hint: "] {
        assert!(told.contains(words), "no \"{words}\" in: {told}");
    }
    let ran = site.run(PLAIN, &["--set", "scenario.crs=EPSG:28992"]);
    assert_eq!(ran.figure("buildings"), 1.0);
}

/// The Rotterdam file names no reference system: refused with a hint, and computed with `scenario.crs`.
#[test]
fn a_city_without_a_reference_system() {
    let Some(data) = common::data_dir().map(|data| data.join("solar")) else { return };
    let site = Site::new();
    fs::copy(data.join("rotterdam_subset_lod2.city.json"), site.path("city.json")).unwrap();
    let told = site.refused(PLAIN, &[]);
    for words in ["city.json", "names no coordinate reference system", "hint: set scenario.crs"] {
        assert!(told.contains(words), "no \"{words}\" in: {told}");
    }
    let ran = site.run(PLAIN, &["--set", "scenario.crs=EPSG:28992", "--threads", "2"]);
    assert_eq!(ran.figure("buildings"), 16.0);
    let mean = ran.figure("roof_irradiation_kwh") / ran.figure("roof_area_m2");
    assert!((600.0..1100.0).contains(&mean), "{mean}");
}

/// The invented weather as lines, and a folder where changed lines are `weather.epw.gz`.
fn with_weather(change: impl Fn(usize, &str) -> Option<String>) -> Site {
    let site = Site::with(&[plain(), good()]);
    let mut text = String::new();
    let packed = fs::File::open(example("town/town.epw.gz")).unwrap();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    let lines: Vec<String> = text.lines().enumerate().filter_map(|(number, line)| change(number, line)).collect();
    let out = fs::File::create(site.path("weather.epw.gz")).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
    encoder.write_all((lines.join("\n") + "\n").as_bytes()).unwrap();
    encoder.finish().unwrap();
    site
}

/// Lines before the first hour.
const HEADER: usize = 8;
const GHI_COLUMN: usize = 13;

/// A row with its global, direct and diffuse radiation replaced.
fn with_radiation(line: &str, values: [&str; 3]) -> String {
    let mut cells: Vec<&str> = line.split(',').collect();
    cells[GHI_COLUMN..GHI_COLUMN + 3].copy_from_slice(&values);
    cells.join(",")
}

#[test]
fn weather_with_missing_hours() {
    // 1 July from 10 to 14 h, local standard time: day 181 from 0.
    let missing = HEADER + 181 * 24 + 10..HEADER + 181 * 24 + 14;
    let site = with_weather(|number, line| (!missing.contains(&number)).then(|| line.to_owned()));
    let ran = site.run(PLAIN, &[]);
    let whole = with_weather(|_, line| Some(line.to_owned())).run(PLAIN, &[]);
    let warnings = ran.warnings("weather_missing_hours");
    assert!(warnings.len() == 1 && warnings[0].count == 4, "{warnings:?}");
    assert_eq!(ran.warnings("missing_radiation")[0].count, 4);
    // Exactly these hours are dark, all others as they were.
    let (found, expected) = (ran.f64("ghi"), whole.f64("ghi"));
    let differ: Vec<usize> = (0..8760).filter(|&hour| found[hour] != expected[hour]).collect();
    assert_eq!(differ, (181 * 24 + 10..181 * 24 + 14).collect::<Vec<_>>());
    assert!(differ.iter().all(|&hour| found[hour] == 0.0));
    let lost: f64 = differ.iter().map(|&hour| expected[hour]).sum::<f64>() / 1000.0;
    let (roof, whole_roof) =
        (ran.of_building("annual_irradiation", GOOD)[0], whole.of_building("annual_irradiation", GOOD)[0]);
    assert!((whole_roof - roof - lost).abs() < 0.01 * lost, "{whole_roof} - {roof}, {lost}");
}

#[test]
fn weather_with_radiation_that_is_marked_as_missing() {
    let missing = HEADER + 181 * 24 + 10..HEADER + 181 * 24 + 14;
    let site = with_weather(|number, line| {
        Some(if missing.contains(&number) { with_radiation(line, ["9999"; 3]) } else { line.to_owned() })
    });
    let ran = site.run(PLAIN, &[]);
    assert_eq!(ran.warnings("missing_radiation")[0].count, 4);
    assert!(ran.warnings("weather_missing_values").len() == 3, "{:?}", ran.reader.report().stages[0].warnings);
    assert!(ran.f64("ghi").iter().all(|ghi| *ghi < 1100.0));
}

/// Radiation at midnight of midwinter counts for nothing and is told.
#[test]
fn weather_with_radiation_at_night() {
    let night = HEADER..HEADER + 3;
    let site = with_weather(|number, line| {
        Some(if night.contains(&number) { with_radiation(line, ["500", "700", "100"]) } else { line.to_owned() })
    });
    let ran = site.run(PLAIN, &[]);
    let whole = with_weather(|_, line| Some(line.to_owned())).run(PLAIN, &[]);
    let warnings = ran.warnings("weather_night_radiation");
    assert!(warnings.len() == 1 && warnings[0].count == 3, "{warnings:?}");
    assert!(whole.warnings("weather_night_radiation").is_empty());
    for building in ["odd", GOOD] {
        assert_same_results(&results(&ran, building), &results(&whole, building), 0.0);
    }
}

#[test]
fn weather_without_any_radiation_is_refused() {
    let site = with_weather(|number, line| {
        Some(if number < HEADER { line.to_owned() } else { with_radiation(line, ["9999"; 3]) })
    });
    let told = site.refused(PLAIN, &[]);
    for words in ["lacks global, direct and diffuse radiation", "weather.radiation", "clear_sky"] {
        assert!(told.contains(words), "no \"{words}\" in: {told}");
    }
    site.run(PLAIN, &["--set", "weather.radiation=clear_sky", "--set", "weather.linke_turbidity=3"]);
}

/// With a raster beside the buildings what is odd about files and weather is told once.
#[test]
fn what_is_odd_about_files_is_told_once() {
    let missing = HEADER + 181 * 24 + 10..HEADER + 181 * 24 + 14;
    let site = with_weather(|number, line| (!missing.contains(&number)).then(|| line.to_owned()));
    site.elevation("field.tif", ([0.0, 0.0], 2.0), [20, 20], CRS, |_, _| 0.0);
    let raster = "[solar.raster]\ndsm = \"field.tif\"\n";
    let without_buildings = PLAIN.replace("[buildings]\ncityjson = [\"city.json\"]\n", "");
    for scenario in [format!("{PLAIN}{raster}"), format!("{without_buildings}{raster}")] {
        let ran = site.run(&scenario, &[]);
        for code in ["weather_missing_hours", "missing_radiation"] {
            assert_eq!(ran.warnings(code).len(), 1, "{code}: {scenario}");
        }
    }
}
