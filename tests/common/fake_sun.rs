//! A small made-up run folder with the sun on three buildings and a raster, written with the HDF5 library directly.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a made-up run that cannot be written fails its test")]

use std::fs;
use std::path::Path;

use conurb::report::json::{Engine, InputFile, Report, ScenarioInfo, SourceCredit, StageEntry};
use conurb::report::machine::Machine;
use conurb::stages::{Metric, Phases, StageReport};
use hdf5::File;
use hdf5::types::FixedAscii;
use ndarray::{Array, Array1, Array2, Array3, Dimension};

/// Where the made-up town starts.
pub const ORIGIN: [f64; 3] = [155_000.0, 463_000.0, 10.0];
/// Annual irradiation of each surface, kWh/m².
pub const ANNUAL: [f64; 9] = [1000.0, 700.0, 500.0, f64::NAN, 800.0, 400.0, 300.0, f64::NAN, f64::NAN];
/// Cells of the raster, rows and columns.
pub const CELLS: (usize, usize) = (4, 6);

/// What a made-up run holds.
#[derive(Clone, Copy)]
pub struct FakeSun {
    /// Buildings with their surfaces.
    pub surfaces: bool,
    /// A raster.
    pub raster: bool,
    /// Photovoltaics with money, on the surfaces.
    pub pv: bool,
}

impl Default for FakeSun {
    fn default() -> Self {
        FakeSun { surfaces: true, raster: true, pv: true }
    }
}

type Ring = Vec<[f64; 3]>;

fn level(west: f64, south: f64, side: f64, z: f64) -> Ring {
    vec![[west, south, z], [west + side, south, z], [west + side, south + side, z], [west, south + side, z]]
}

/// Rings of each surface: a roof with a court, two walls and the ground of b1; a high roof, a lower one that it hides
/// in part, and a wall of b2; a roof without a value and a wall without area of b3.
pub fn surfaces() -> Vec<Vec<Ring>> {
    let mut court = level(8.0, 8.0, 4.0, 6.0);
    court.reverse();
    let wall = |from: [f64; 2], to: [f64; 2], z: f64| {
        vec![[from[0], from[1], 0.0], [to[0], to[1], 0.0], [to[0], to[1], z], [from[0], from[1], z]]
    };
    let mut ground = level(0.0, 0.0, 20.0, 0.0);
    ground.reverse();
    vec![
        vec![level(0.0, 0.0, 20.0, 6.0), court],
        vec![wall([0.0, 0.0], [20.0, 0.0], 6.0)],
        vec![wall([20.0, 0.0], [20.0, 20.0], 6.0)],
        vec![ground],
        vec![level(50.0, 0.0, 20.0, 9.0)],
        vec![level(40.0, 0.0, 20.0, 3.0)],
        vec![wall([40.0, 0.0], [50.0, 0.0], 3.0)],
        vec![level(0.0, 40.0, 20.0, 5.0)],
        vec![vec![[0.0, 40.0, 0.0], [0.0001, 40.0, 0.0], [0.0001, 40.0002, 0.0]]],
    ]
}

impl FakeSun {
    /// Writes a whole run folder.
    pub fn write(&self, dir: &Path) {
        self.write_fields(dir);
        let scenario =
            "[scenario]\ntitle = \"A made-up town\"\nseed = 1\n\n[economy]\ncurrency = \"EUR\"\nprice_year = 2025\n";
        fs::write(dir.join("scenario.toml"), scenario).unwrap();
        fs::write(dir.join("report.json"), report().to_json().unwrap()).unwrap();
    }

    /// Writes the fields alone, as into the folder of a run that has others.
    pub fn write_fields(&self, dir: &Path) {
        fs::create_dir_all(dir).unwrap();
        let file = File::create(dir.join("solar.nc")).unwrap();
        for (name, value) in
            [("sky_model", "perez_1990"), ("radiation", "file"), ("weather_file", "town.epw"), ("sun_year", "2023")]
        {
            put_attribute(&file, name, value);
        }
        if self.surfaces {
            write_buildings(&file);
            write_surfaces(&file);
        }
        if self.surfaces && self.pv {
            write_pv(&file);
        }
        if self.raster {
            write_raster(&file);
        }
    }
}

fn write_buildings(file: &File) {
    put_text(file, "building_id", &["b1", "b2", "b3"]);
    put_text(file, "object_id", &["b1", "b2-1", "b2-2", "b3"]);
    put(file, "object_building", &Array1::from(vec![0_i32, 1, 1, 2]));
    put_text(file, "object_type", &["Building", "BuildingPart", "BuildingPart", "Building"]);
    put_text(file, "object_lod", &["2.2", "2.2", "", "1.3"]);
    put_text(file, "object_attributes", &["{\"year\":1962,\"use\":\"a \\\"b\\\" <c>\"}", "{\"floors\":3}", "", "{}"]);
    put_text(file, "building_findings", &["", "", "the solid is open; 1 surface has no area"]);
    put(file, "building_roof_area", &Array1::from(vec![384.0, 800.0, 400.0]));
    put(file, "building_roof_irradiation", &Array1::from(vec![384_000.0, 480_000.0, 0.0]));
    put(file, "building_wall_area", &Array1::from(vec![240.0, 30.0, 0.0]));
    put(file, "building_wall_irradiation", &Array1::from(vec![144_000.0, 9_000.0, 0.0]));
}

fn write_surfaces(file: &File) {
    put(file, "surface_object", &Array1::from(vec![0_i32, 0, 0, 0, 1, 2, 2, 3, 3]));
    put(file, "surface_building", &Array1::from(vec![0_i32, 0, 0, 0, 1, 1, 1, 2, 2]));
    put(file, "surface_type", &Array1::from(vec![0_i32, 1, 1, 2, 0, 0, 1, 0, 1]));
    put(file, "surface_tilt", &Array1::from(vec![0.0, 90.0, 90.0, 180.0, 0.0, 0.0, 90.0, 0.0, f64::NAN]));
    put(file, "surface_azimuth", &Array1::from(vec![0.0, 180.0, 90.0, 0.0, 0.0, 0.0, 180.0, 0.0, f64::NAN]));
    let area = vec![384.0, 120.0, 120.0, 400.0, 400.0, 400.0, 30.0, 400.0, 0.0];
    put(file, "surface_exposed_area", &Array1::from(area.clone()));
    put(file, "surface_area", &Array1::from(area));
    put(file, "annual_irradiation", &Array1::from(ANNUAL.to_vec()));
    put(file, "surface_sky_factor", &Array1::from(ANNUAL.map(|annual| annual / 1000.0).to_vec()));
    put(file, "surface_sample_points", &Array1::from(vec![400_i32, 30, 30, 0, 400, 400, 8, 0, 0]));
    let by_hour = |(_, hour, surface): (usize, usize, usize)| match (6..18).contains(&hour) {
        true => (ANNUAL[surface] / 144.0) as f32,
        false => ANNUAL[surface] as f32 * 0.0,
    };
    put(file, "month_hour_irradiation", &Array3::from_shape_fn((12, 24, ANNUAL.len()), by_hour));
    let rings: Vec<(usize, Ring)> = surfaces()
        .into_iter()
        .enumerate()
        .flat_map(|(surface, rings)| rings.into_iter().map(move |ring| (surface, ring)))
        .collect();
    put(file, "ring_surface", &Array1::from_iter(rings.iter().map(|(surface, _)| *surface as i32)));
    put(file, "ring_length", &Array1::from_iter(rings.iter().map(|(_, ring)| ring.len() as i32)));
    let vertices: Vec<[f64; 3]> = rings.into_iter().flat_map(|(_, ring)| ring).collect();
    for (axis, name) in ["vertex_x", "vertex_y", "vertex_z"].into_iter().enumerate() {
        put(file, name, &Array1::from_iter(vertices.iter().map(|vertex| ORIGIN[axis] + vertex[axis])));
    }
}

fn write_pv(file: &File) {
    let nan = f64::NAN;
    put(file, "surface_pv_suitable", &Array1::from(vec![1_i32, 0, 0, 0, 1, 0, 0, 0, 0]));
    put(file, "pv_yield", &Array1::from(vec![24_000.0, 0.0, 0.0, 0.0, 18_000.0, 0.0, 0.0, 0.0, 0.0]));
    put(file, "surface_pv_capacity", &Array1::from(vec![28.0, 0.0, 0.0, 0.0, 22.0, 0.0, 0.0, 0.0, 0.0]));
    put(file, "surface_pv_levelised_cost", &Array1::from(vec![0.081, nan, nan, nan, 0.094, nan, nan, nan, nan]));
    put(file, "building_pv_capacity", &Array1::from(vec![28.0, 22.0, 0.0]));
    put(file, "building_pv_yield", &Array1::from(vec![24_000.0, 18_000.0, 0.0]));
    put(file, "building_pv_investment", &Array1::from(vec![33_600.0, 26_400.0, 0.0]));
    put(file, "building_pv_levelised_cost", &Array1::from(vec![0.081, 0.094, nan]));
    put(file, "building_pv_avoided_emissions", &Array1::from(vec![160_000.0, 120_000.0, 0.0]));
    put(file, "building_pv_rank", &Array1::from(vec![1_i32, 2, 0]));
}

/// Irradiation of a cell: 400 in the west to 900 in the east, nothing known in the north-western corner.
pub fn cell(row: usize, column: usize) -> f32 {
    if (row, column) == (0, 0) { f32::NAN } else { 400.0 + 100.0 * column as f32 }
}

fn write_raster(file: &File) {
    let (rows, columns) = CELLS;
    let centre = |index: usize| 5.0 + 10.0 * index as f64;
    put(file, "x", &Array1::from_iter((0..columns).map(|column| ORIGIN[0] + centre(column))));
    put(file, "y", &Array1::from_iter((0..rows).map(|row| ORIGIN[1] + 10.0 * rows as f64 - centre(row))));
    put(file, "cell_annual_irradiation", &Array2::from_shape_fn(CELLS, |(row, column)| cell(row, column)));
    put(file, "sky_view_factor", &Array2::from_shape_fn(CELLS, |(row, column)| cell(row, column) / 1000.0));
    put(
        file,
        "cell_month_irradiation",
        &Array3::from_shape_fn((12, rows, columns), |(month, row, column)| {
            cell(row, column) * (month + 1) as f32 / 78.0
        }),
    );
}

/// The `report.json` of the run.
pub fn report() -> Report {
    let stage = StageReport {
        metrics: vec![("buildings".to_owned(), Metric::Count(3))],
        warnings: Vec::new(),
        phases: Phases { read: 0.1, compute: 2.0, communicate: 0.0, write: 0.1 },
        throughput: None,
    };
    let credit = |input: &str, attribution: &str| SourceCredit {
        input: input.into(),
        licence: Some("CC-BY-4.0".into()),
        attribution: Some(attribution.into()),
    };
    Report {
        scenario: ScenarioInfo {
            title: "A made-up town".to_owned(),
            file: "town.toml".into(),
            seed: 1,
            crs: Some("EPSG:28992".into()),
        },
        engine: Engine::this(),
        machine: Machine::here(),
        threads: 2,
        ranks: 1,
        inputs: vec![InputFile { path: "town.city.json".into(), sha256: "ab".repeat(32) }],
        sources: vec![credit("town.city.json", "© Town survey"), credit("town.epw", "© Weather service")],
        checksum: "0123456789abcdef".repeat(4),
        peak_memory_bytes: 123_456_789,
        stages: vec![StageEntry::new("solar.surfaces", 2.2, stage)],
    }
}

/// Writes a field of text in place of one that may be there.
pub fn put_text(file: &File, name: &str, texts: &[&str]) {
    let length = texts.iter().map(|text| text.len()).max().unwrap().max(1);
    let letters = Array2::from_shape_fn((texts.len(), length), |(entry, index)| {
        let letter = texts[entry].as_bytes().get(index).copied().unwrap_or(0);
        FixedAscii::<1>::from_ascii(&[letter]).unwrap()
    });
    put(file, name, &letters);
}

fn put_attribute(file: &File, name: &str, value: &str) {
    let attribute = file.new_attr::<FixedAscii<64>>().create(name).unwrap();
    attribute.write_scalar(&FixedAscii::<64>::from_ascii(value).unwrap()).unwrap();
}

/// Writes one field in place of one that may be there.
pub fn put<T: hdf5::H5Type, D: Dimension>(file: &File, name: &str, values: &Array<T, D>) {
    if file.link_exists(name) {
        file.unlink(name).unwrap();
    }
    file.new_dataset_builder().with_data(values.view()).create(name).unwrap();
}
