//! Made buildings, elevation and weather in a folder, and runs of the sun on them.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::fs;
use std::path::{Path, PathBuf};

use conurb::error::Warning;
use conurb::formats::geotiff::{RasterText, write_geotiff};
use conurb::formats::raster::RasterFrame;
use conurb::store::read::RunReader;
use serde_json::{Value, json};

use crate::runs::{conurb, text};

/// Where made cities begin: the origin of the Dutch grid, whose north is true there.
pub const ORIGIN: [f64; 2] = [155_000.0, 463_000.0];
/// Reference system of made cities.
pub const CRS: &str = "EPSG:28992";
/// Buildings and weather and nothing else.
pub const PLAIN: &str = "[weather]\nepw = \"weather.epw.gz\"\n[buildings]\ncityjson = [\"city.json\"]\n[solar]\n";

/// A point in metres from [`ORIGIN`].
pub type Point = [f64; 3];

/// A polygon with what it is: `RoofSurface`, `WallSurface` or `GroundSurface`.
#[derive(Debug, Clone)]
pub struct Face {
    pub kind: &'static str,
    pub ring: Vec<Point>,
}

/// A building of one object.
#[derive(Debug, Clone)]
pub struct House {
    pub id: String,
    /// `Solid` or `MultiSurface`.
    pub geometry: &'static str,
    pub faces: Vec<Face>,
}

impl House {
    /// A block with a flat roof: the roof first, then walls to the south, east, north and west, then the ground.
    pub fn block(id: &str, [x, y]: [f64; 2], [width, depth]: [f64; 2], height: f64) -> House {
        let corners = [[x, y], [x + width, y], [x + width, y + depth], [x, y + depth]];
        House::prism(id, &corners, height)
    }

    /// Walls over a footprint that runs anticlockwise, with a flat roof, in the order of [`House::block`].
    pub fn prism(id: &str, footprint: &[[f64; 2]], height: f64) -> House {
        let at = |z: f64| -> Vec<Point> { footprint.iter().map(|&[x, y]| [x, y, z]).collect() };
        let (low, top) = (at(0.0), at(height));
        let mut faces = vec![Face { kind: "RoofSurface", ring: top.clone() }];
        for (corner, _) in footprint.iter().enumerate() {
            let next = (corner + 1) % footprint.len();
            faces.push(Face { kind: "WallSurface", ring: vec![low[corner], low[next], top[next], top[corner]] });
        }
        faces.push(Face { kind: "GroundSurface", ring: low.into_iter().rev().collect() });
        House { id: id.to_owned(), geometry: "Solid", faces }
    }

    /// One polygon that stands alone, seen from where it runs anticlockwise.
    pub fn lone(id: &str, kind: &'static str, ring: &[Point]) -> House {
        House { id: id.to_owned(), geometry: "MultiSurface", faces: vec![Face { kind, ring: ring.to_vec() }] }
    }

    /// The same with all rings the other way round.
    pub fn inside_out(mut self) -> House {
        self.faces.iter_mut().for_each(|face| face.ring.reverse());
        self
    }
}

/// A folder for one scenario.
pub struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// A folder with the invented weather of the example as `weather.epw.gz`.
    pub fn new() -> Site {
        let site = Site { folder: tempfile::tempdir().unwrap() };
        fs::copy(example("town/town.epw.gz"), site.path("weather.epw.gz")).unwrap();
        site
    }

    /// As [`Site::new`], with a city as `city.json`.
    pub fn with(houses: &[House]) -> Site {
        let site = Site::new();
        site.city("city.json", houses, Some(CRS));
        site
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a city of points in metres from [`ORIGIN`].
    pub fn city(&self, name: &str, houses: &[House], crs: Option<&str>) {
        self.city_at(name, houses, crs, (1e-5, ORIGIN));
    }

    /// Writes a city whose coordinates are stored as whole numbers of `scale` from `origin`.
    pub fn city_at(&self, name: &str, houses: &[House], crs: Option<&str>, (scale, origin): (f64, [f64; 2])) {
        let mut vertices: Vec<Value> = Vec::new();
        let mut objects = serde_json::Map::new();
        for house in houses {
            let mut ring = |face: &Face| {
                let first = vertices.len();
                let whole = |point: &Point| point.map(|value| (value / scale).round() as i64);
                vertices.extend(face.ring.iter().map(|point| json!(whole(point))));
                json!([(first..vertices.len()).collect::<Vec<_>>()])
            };
            let rings: Vec<Value> = house.faces.iter().map(&mut ring).collect();
            let kinds = ["RoofSurface", "WallSurface", "GroundSurface"];
            let values: Vec<_> =
                house.faces.iter().map(|face| kinds.iter().position(|kind| *kind == face.kind)).collect();
            let is_solid = house.geometry == "Solid";
            let (boundaries, values) =
                if is_solid { (json!([rings]), json!([values])) } else { (json!(rings), json!(values)) };
            let surfaces = kinds.map(|kind| json!({ "type": kind }));
            let geometry = json!({ "type": house.geometry, "lod": "2.2", "boundaries": boundaries,
                "semantics": { "surfaces": surfaces, "values": values } });
            objects.insert(house.id.clone(), json!({ "type": "Building", "geometry": [geometry] }));
        }
        let system =
            crs.map(|crs| format!("https://www.opengis.net/def/crs/EPSG/0/{}", crs.trim_start_matches("EPSG:")));
        let metadata = system.map_or(json!({}), |system| json!({ "referenceSystem": system }));
        let transform = json!({ "scale": [scale, scale, scale], "translate": [origin[0], origin[1], 0.0] });
        let model = json!({ "type": "CityJSON", "version": "2.0", "transform": transform, "metadata": metadata,
            "CityObjects": objects, "vertices": vertices });
        fs::write(self.path(name), model.to_string()).unwrap();
    }

    /// Writes heights; `corner` is the south-western one in metres from [`ORIGIN`], heights are by the centre of cells.
    pub fn elevation(
        &self,
        name: &str,
        (corner, cell_m): ([f64; 2], f64),
        [columns, rows]: [usize; 2],
        crs: &str,
        height: impl Fn(f64, f64) -> f64,
    ) {
        let north = ORIGIN[1] + corner[1] + rows as f64 * cell_m;
        let frame =
            RasterFrame { rows, columns, west: ORIGIN[0] + corner[0], north, cell_m, crs: Some(crs.to_owned()) };
        let file = fs::File::create(self.path(name)).unwrap();
        write_geotiff(file, &frame, &RasterText::default(), |of_rows, values| {
            for (row, values) in of_rows.zip(values.chunks_exact_mut(columns)) {
                let y = corner[1] + (rows as f64 - row as f64 - 0.5) * cell_m;
                for (column, value) in values.iter_mut().enumerate() {
                    *value = height(corner[0] + (column as f64 + 0.5) * cell_m, y) as f32;
                }
            }
            Ok(())
        })
        .unwrap();
    }

    /// Writes `scenario` without exports as `sun.toml`.
    pub fn scenario(&self, scenario: &str) {
        fs::write(self.path("sun.toml"), format!("{scenario}[output]\nexports = []\n")).unwrap();
    }

    /// Runs a scenario that must end well.
    #[track_caller]
    pub fn run(&self, scenario: &str, more: &[&str]) -> Ran {
        self.scenario(scenario);
        Ran::of(self.folder.path(), Path::new("sun.toml"), more)
    }

    /// Exit code and message of a scenario that must be refused, as `check` and `run` say it, without any results.
    #[track_caller]
    pub fn refused(&self, scenario: &str, more: &[&str]) -> String {
        self.scenario(scenario);
        let (code, told) =
            crate::runs::refused(self.folder.path(), &[&["run", "sun.toml", "--out", "run", "--force"], more].concat());
        assert_eq!(code, 2, "{told}");
        assert!(!self.path("run/report.json").exists() && !self.path("run/solar.nc").exists(), "results are left");
        told
    }
}

/// A finished run.
pub struct Ran {
    pub reader: RunReader,
}

impl Ran {
    /// Runs a scenario in `folder` as `run`; it must end well.
    #[track_caller]
    pub fn of(folder: &Path, scenario: &Path, more: &[&str]) -> Ran {
        let scenario = scenario.to_str().unwrap();
        let arguments = [&["run", scenario, "--out", "run", "--force", "--progress", "never"], more].concat();
        let output = conurb(folder, &arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        Ran { reader: RunReader::open(&folder.join("run")).unwrap() }
    }

    pub fn f64(&self, name: &str) -> Vec<f64> {
        self.reader.f64(name).unwrap().iter().copied().collect()
    }

    pub fn i64(&self, name: &str) -> Vec<i64> {
        self.reader.i64(name).unwrap().iter().copied().collect()
    }

    pub fn checksum(&self) -> &str {
        &self.reader.report().checksum
    }

    /// A number among the figures of a stage.
    #[track_caller]
    pub fn figure(&self, name: &str) -> f64 {
        match self.reader.report().metric(name) {
            Some(conurb::stages::Metric::Number(number)) => *number,
            Some(conurb::stages::Metric::Count(count)) => *count as f64,
            other => panic!("{name} is {other:?}"),
        }
    }

    /// All warnings of a kind.
    pub fn warnings(&self, code: &str) -> Vec<Warning> {
        let stages = &self.reader.report().stages;
        stages.iter().flat_map(|stage| &stage.warnings).filter(|warning| warning.code == code).cloned().collect()
    }

    /// What was found wrong with a building.
    #[track_caller]
    pub fn findings(&self, building: &str) -> String {
        let ids = self.reader.text("building_id").unwrap();
        let at = ids.iter().position(|id| id == building).unwrap();
        self.reader.text("building_findings").unwrap()[at].clone()
    }

    /// Surfaces of a building, in their order.
    #[track_caller]
    pub fn surfaces_of(&self, building: &str) -> Vec<usize> {
        let ids = self.reader.text("building_id").unwrap();
        let at = ids.iter().position(|id| id == building).unwrap() as i64;
        let of = self.i64("surface_building");
        (0..of.len()).filter(|&surface| of[surface] == at).collect()
    }

    /// A field on the surfaces of a building.
    #[track_caller]
    pub fn of_building(&self, field: &str, building: &str) -> Vec<f64> {
        let values = self.f64(field);
        self.surfaces_of(building).into_iter().map(|surface| values[surface]).collect()
    }
}

/// A file among the examples.
pub fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

/// Asserts that a value is within a share of what is expected.
#[track_caller]
pub fn near(found: f64, expected: f64, share: f64, what: &str) {
    assert!((found / expected - 1.0).abs() <= share, "{what}: {found}, expected {expected} within {share}");
}
