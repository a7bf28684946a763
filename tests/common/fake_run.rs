//! Small made-up run folders, written with the HDF5 library directly so that no test depends on the engine's writer.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a made-up run that cannot be written fails its test")]

use std::fs;
use std::path::Path;

use conurb::error::Warning;
use conurb::report::json::{Engine, InputFile, Report, ScenarioInfo, SourceCredit, StageEntry};
use conurb::report::machine::Machine;
use conurb::stages::{Metric, Phases, StageReport};
use hdf5::File;
use hdf5::types::FixedAscii;
use ndarray::{Array1, Array2, Array3};

/// A made-up run: a grid of streets, two links for each neighbouring pair of nodes.
pub struct FakeRun {
    /// Nodes in each row of the grid.
    pub columns: usize,
    /// Rows of the grid.
    pub rows: usize,
    /// Whether the nodes have coordinates.
    pub placed: Placed,
    /// Factor on every volume, so that runs differ.
    pub volume_factor: f64,
    /// Title of the scenario.
    pub title: String,
    /// Added to every link id.
    pub first_link_id: i64,
    /// Names of the user classes.
    pub classes: Vec<String>,
    /// Checksum that the report states.
    pub checksum: String,
    /// Whether the solver reached its gap.
    pub converged: bool,
}

/// Where the nodes of a made-up run are.
#[derive(Clone, Copy, PartialEq)]
pub enum Placed {
    /// Nowhere.
    Nowhere,
    /// In metres.
    Metres,
    /// In degrees of longitude and latitude.
    Degrees,
}

impl Default for FakeRun {
    fn default() -> Self {
        FakeRun {
            columns: 4,
            rows: 6,
            placed: Placed::Metres,
            volume_factor: 1.0,
            title: "A made-up town".to_owned(),
            first_link_id: 1,
            classes: vec!["car".to_owned()],
            checksum: "0123456789abcdef".repeat(4),
            converged: true,
        }
    }
}

impl FakeRun {
    /// Tail and head of each link.
    pub fn ends(&self) -> Vec<[i32; 2]> {
        let node = |column: usize, row: usize| (row * self.columns + column) as i32;
        let mut ends = Vec::new();
        for row in 0..self.rows {
            for column in 0..self.columns {
                if column + 1 < self.columns {
                    ends.push([node(column, row), node(column + 1, row)]);
                    ends.push([node(column + 1, row), node(column, row)]);
                }
                if row + 1 < self.rows {
                    ends.push([node(column, row), node(column, row + 1)]);
                    ends.push([node(column, row + 1), node(column, row)]);
                }
            }
        }
        ends
    }

    /// Volume of each link: greatest in the middle of the town, and different on each link.
    pub fn volume(&self) -> Vec<f64> {
        let middle = (self.columns * self.rows / 2) as f64;
        let volume = |(link, [tail, head]): (usize, &[i32; 2])| {
            let off = (f64::from(tail + head) / 2.0 - middle).abs() / middle;
            let wave = 1.0 + 0.5 * (f64::from(*tail) * 0.7).sin() * (f64::from(*head) * 0.11).cos();
            self.volume_factor * (2400.0 * (1.0 - 0.8 * off) * wave + link as f64 / 1000.0)
        };
        self.ends().iter().enumerate().map(volume).collect()
    }

    /// Writes the run folder.
    pub fn write(&self, dir: &Path) {
        fs::create_dir_all(dir).unwrap();
        let file = File::create(dir.join("traffic.nc")).unwrap();
        self.write_nodes(&file);
        self.write_links(&file);
        self.write_zones(&file);
        write_convergence(&file);
        drop(file);
        fs::write(dir.join("scenario.toml"), self.scenario_toml()).unwrap();
        fs::write(dir.join("report.json"), self.report().to_json().unwrap()).unwrap();
    }

    fn write_nodes(&self, file: &File) {
        let n_nodes = self.columns * self.rows;
        put(file, "node_id", &Array1::from_iter((0..n_nodes).map(|node| node as i64 + 101)));
        let ([west, south], [step_x, step_y]) = match self.placed {
            Placed::Nowhere => return,
            Placed::Metres => ([500_000.0, 5_600_000.0], [400.0, 400.0]),
            Placed::Degrees => ([8.5, 50.0], [1.0 / 200.0, 1.0 / 300.0]),
        };
        let bend = |node: usize| ((node * 7919) % 100) as f64 / 250.0;
        let column = |node: usize| (node % self.columns) as f64 + bend(node);
        let row = |node: usize| (node / self.columns) as f64 + bend(node + 1);
        put(file, "node_x", &Array1::from_iter((0..n_nodes).map(|node| west + step_x * column(node))));
        put(file, "node_y", &Array1::from_iter((0..n_nodes).map(|node| south + step_y * row(node))));
    }

    fn write_links(&self, file: &File) {
        let (ends, volume) = (self.ends(), Array1::from(self.volume()));
        let n_links = ends.len();
        put(file, "link_id", &Array1::from_iter((0..n_links).map(|link| self.first_link_id + link as i64)));
        put(file, "link_nodes", &Array2::from(ends));
        put(file, "link_length", &Array1::from_elem(n_links, 400.0));
        put(file, "link_capacity", &Array1::from_elem(n_links, 2000.0));
        put(file, "link_free_flow_time", &Array1::from_elem(n_links, 36.0));
        put(file, "link_closed", &Array1::from_elem(n_links, 0_i32));
        let ratio = &volume / 2000.0;
        let time = ratio.mapv(|ratio: f64| 36.0 * (1.0 + 0.15 * ratio.powi(4)));
        let share = 1.0 / self.classes.len() as f64;
        put(
            file,
            "link_volume",
            &Array2::from_shape_fn((self.classes.len(), n_links), |(_, link)| volume[link] * share),
        );
        put(file, "link_volume_pcu", &volume);
        put(file, "volume_capacity_ratio", &ratio);
        put(file, "link_cost", &(&time / 60.0));
        put(file, "link_travel_time", &time);
        let units = file.dataset("link_travel_time").unwrap();
        let units = units.new_attr::<FixedAscii<1>>().create("units").unwrap();
        units.write_scalar(&FixedAscii::<1>::from_ascii("s").unwrap()).unwrap();
        let length = self.classes.iter().map(String::len).max().unwrap_or(1);
        let letters = Array2::from_shape_fn((self.classes.len(), length), |(class, index)| {
            let letter = self.classes[class].as_bytes().get(index).copied().unwrap_or(0);
            FixedAscii::<1>::from_ascii(&[letter]).unwrap()
        });
        put(file, "class_name", &letters);
    }

    fn write_zones(&self, file: &File) {
        let n_zones = 3;
        put(file, "zone_id", &Array1::from_iter(1..=n_zones as i64));
        put(file, "zone_node", &Array1::from_iter(0..n_zones as i32));
        let shape = (self.classes.len(), n_zones, n_zones);
        let value =
            |(class, origin, destination): (usize, usize, usize)| (100 * class + 10 * origin + destination) as f64;
        put(file, "demand", &Array3::from_shape_fn(shape, value));
        put(file, "skim_cost", &Array3::from_shape_fn(shape, |index| value(index) as f32));
    }

    fn scenario_toml(&self) -> String {
        let crs = if self.placed == Placed::Degrees { "EPSG:4326" } else { "EPSG:25832" };
        format!(
            "[scenario]\ntitle = {:?}\nseed = 1\ncrs = \"{crs}\"\n\n[traffic]\ndemand_factor = {:?}\n\n\
             [traffic.assignment]\nsolver = \"gradient_projection\"\nrelative_gap = 1e-6\nmax_iterations = 500\n",
            self.title, self.volume_factor
        )
    }

    fn report(&self) -> Report {
        let vehicle_seconds: f64 = self.volume().iter().map(|volume| volume * 40.0).sum();
        let metrics = [
            ("relative_gap", Metric::Number(3.4e-7)),
            ("beckmann_objective", Metric::Number(4_231_335.287_1)),
            ("total_system_travel_time", Metric::Number(vehicle_seconds / 60.0)),
            ("total_travel_time", Metric::Number(vehicle_seconds)),
            ("vkt", Metric::Number(vehicle_seconds / 100.0)),
            ("vht", Metric::Number(vehicle_seconds / 3600.0)),
            ("iterations", Metric::Count(12)),
            ("converged", Metric::Flag(self.converged)),
        ];
        let stage = StageReport {
            metrics: metrics.map(|(name, metric)| (name.to_owned(), metric)).to_vec(),
            warnings: vec![Warning::new("unused_nodes", 3, "3 nodes have no links and were left out")],
            phases: Phases { read: 0.02, compute: 1.25, communicate: 0.0, write: 0.11 },
            throughput: Some(("origins/s".to_owned(), 1830.0)),
        };
        Report {
            scenario: ScenarioInfo { title: self.title.clone(), file: "town.toml".into(), seed: 1, crs: None },
            engine: Engine::this(),
            machine: Machine::here(),
            threads: 2,
            ranks: 1,
            inputs: vec![InputFile { path: "links.csv".into(), sha256: "ab".repeat(32) }],
            sources: vec![SourceCredit {
                input: "links.csv".into(),
                licence: Some("ODbL-1.0".into()),
                attribution: Some("© OpenStreetMap contributors, https://www.openstreetmap.org/copyright".into()),
            }],
            checksum: self.checksum.clone(),
            peak_memory_bytes: 123_456_789,
            stages: vec![StageEntry::new("traffic.assignment", 1.4, stage)],
        }
    }
}

fn write_convergence(file: &File) {
    let gap = Array1::from_iter((0..12).map(|iteration| 0.8 * 0.29_f64.powi(iteration)));
    put(file, "beckmann_objective", &gap.mapv(|gap| 4_231_335.0 * (1.0 + gap)));
    put(file, "average_excess_cost", &(&gap * 11.0));
    put(file, "relative_gap_sptt", &gap.mapv(|gap| gap / (1.0 - gap)));
    put(file, "relative_gap", &gap);
}

fn put<T: hdf5::H5Type, D: ndarray::Dimension>(file: &File, name: &str, values: &ndarray::Array<T, D>) {
    file.new_dataset_builder().with_data(values.view()).create(name).unwrap();
}
