//! Small networks in CSV form, runs of scenarios on them, and what came of the runs.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use conurb::stages::Metric;
use conurb::store::read::RunReader;
use ndarray::ArrayD;

use crate::runs::{conurb, printed, text};

/// One row of `links.csv`; times in minutes, lengths in kilometres.
#[derive(Clone, Copy)]
pub struct Street {
    /// `link_id`.
    pub id: i64,
    /// `from_node` and `to_node`.
    pub ends: [i64; 2],
    /// `capacity`, per period.
    pub capacity: f64,
    /// `free_flow_time`.
    pub time: f64,
    /// `length`.
    pub length: f64,
    /// `b` and `power` of BPR.
    pub bpr: [f64; 2],
    /// `toll`.
    pub toll: f64,
    /// `link_type`.
    pub link_type: i32,
}

/// A street of 10 minutes, 1 km and 100 vehicles whose time doubles at capacity.
pub const STREET: Street =
    Street { id: 1, ends: [1, 2], capacity: 100.0, time: 10.0, length: 1.0, bpr: [1.0, 1.0], toll: 0.0, link_type: 1 };

/// One row of `nodes.csv`.
#[derive(Clone, Copy)]
pub struct Junction {
    /// `node_id`.
    pub id: i64,
    /// `x` and `y`.
    pub xy: [f64; 2],
    /// `zone_id`, if trips start and end there.
    pub zone: Option<i64>,
    /// `through`.
    pub through: bool,
}

/// A junction in the south-west corner without a zone.
pub const JUNCTION: Junction = Junction { id: 1, xy: [0.0, 0.0], zone: None, through: true };

/// A network with its demand.
#[derive(Clone, Default)]
pub struct Town {
    /// Nodes.
    pub junctions: Vec<Junction>,
    /// Links.
    pub streets: Vec<Street>,
    /// Origin, destination, trips.
    pub trips: Vec<(i64, i64, f64)>,
}

impl Town {
    /// Writes `links.csv`, `nodes.csv` and `trips.csv`.
    pub fn write(&self, folder: &Path) {
        let mut links =
            String::from("link_id,from_node,to_node,capacity,free_flow_time,length,b,power,toll,link_type\n");
        for street in &self.streets {
            let Street { id, ends: [from, to], capacity, time, length, bpr: [b, power], toll, link_type } = street;
            writeln!(links, "{id},{from},{to},{capacity},{time},{length},{b},{power},{toll},{link_type}").unwrap();
        }
        let mut nodes = String::from("node_id,x,y,zone_id,through\n");
        for Junction { id, xy: [x, y], zone, through } in &self.junctions {
            let zone = zone.map_or_else(String::new, |zone| zone.to_string());
            writeln!(nodes, "{id},{x},{y},{zone},{}", i32::from(*through)).unwrap();
        }
        fs::write(folder.join("links.csv"), links).unwrap();
        fs::write(folder.join("nodes.csv"), nodes).unwrap();
        fs::write(folder.join("trips.csv"), trips_csv(&self.trips)).unwrap();
    }

    /// A new folder with its files.
    pub fn folder(&self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        self.write(folder.path());
        folder
    }
}

/// A demand file.
pub fn trips_csv(trips: &[(i64, i64, f64)]) -> String {
    let mut csv = String::from("origin,destination,trips\n");
    trips.iter().for_each(|(from, to, trips)| writeln!(csv, "{from},{to},{trips}").unwrap());
    csv
}

/// Zones 1 and 2 at nodes of the same ids, joined by parallel streets only.
pub fn two_zones(streets: &[Street], trips: f64) -> Town {
    let junction = |id, x| Junction { id, xy: [x, 0.0], zone: Some(id), through: true };
    Town { junctions: vec![junction(1, 0.0), junction(2, 1.0)], streets: streets.to_vec(), trips: vec![(1, 2, trips)] }
}

/// A scenario of a town's files: further keys of `[traffic]`, then further tables.
pub fn on_town(keys: &str, tables: &str) -> String {
    format!(
        "[traffic]\nnetwork = \"links.csv\"\nnodes = \"nodes.csv\"\ndemand = \"trips.csv\"\ntime_unit = \"min\"\n\
         length_unit = \"km\"\n{keys}\n{tables}\n[output]\nexports = []\n"
    )
}

/// A new folder with the repository's own files of Sioux Falls under the names of a town's.
pub fn sioux_falls() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/siouxfalls");
    for (from, to) in [("links.csv", "links.csv"), ("nodes.csv", "nodes.csv"), ("demand.csv", "trips.csv")] {
        fs::copy(source.join(from), folder.path().join(to)).unwrap();
    }
    folder
}

/// Runs a scenario, with more arguments if wanted, into the folder `name`.
pub fn finish(folder: &Path, name: &str, scenario: &str, arguments: &[&str]) -> Finished {
    let file = format!("{name}.toml");
    fs::write(folder.join(&file), scenario).unwrap();
    printed(folder, &[&["run", &file, "--out", name], arguments].concat());
    Finished::open(&folder.join(name))
}

/// Exit code and messages of a scenario that must not end well; it never panics.
pub fn fails(folder: &Path, name: &str, scenario: &str) -> (i32, String) {
    let file = format!("{name}.toml");
    fs::write(folder.join(&file), scenario).unwrap();
    let output = conurb(folder, &["run", &file, "--out", name]);
    let message = text(&output.stderr);
    assert!(!message.contains("panicked"), "{message}");
    assert!(!folder.join(name).join("report.json").exists(), "{name} ended well");
    (output.status.code().unwrap(), message)
}

/// A finished run.
pub struct Finished {
    /// Its folder.
    pub dir: PathBuf,
    reader: RunReader,
}

impl Finished {
    /// The run in a folder.
    pub fn open(dir: &Path) -> Self {
        Finished { dir: dir.to_path_buf(), reader: RunReader::open(dir).unwrap() }
    }
    /// A field of numbers with its shape.
    pub fn array(&self, field: &str) -> ArrayD<f64> {
        self.reader.f64(field).unwrap()
    }
    /// All its values in order.
    pub fn values(&self, field: &str) -> Vec<f64> {
        self.array(field).iter().copied().collect()
    }
    /// All values of a field of whole numbers.
    pub fn integers(&self, field: &str) -> Vec<i64> {
        self.reader.i64(field).unwrap().iter().copied().collect()
    }
    /// All values of a field of indices.
    pub fn indices(&self, field: &str) -> Vec<usize> {
        self.integers(field).iter().map(|&index| usize::try_from(index).unwrap()).collect()
    }
    /// Whether the run has a field.
    pub fn has(&self, field: &str) -> bool {
        self.reader.has(field)
    }
    /// A figure of the report as a number.
    pub fn number(&self, metric: &str) -> f64 {
        match self.reader.report().metric(metric) {
            Some(Metric::Number(value)) => *value,
            Some(Metric::Count(count)) => *count as f64,
            other => panic!("{metric} is {other:?}"),
        }
    }
    /// A figure of the report as text.
    pub fn told(&self, metric: &str) -> String {
        match self.reader.report().metric(metric) {
            Some(Metric::Text(text)) => text.clone(),
            other => panic!("{metric} is {other:?}"),
        }
    }
    /// Whether the solver reached what it was asked for.
    pub fn converged(&self) -> bool {
        matches!(self.reader.report().metric("converged"), Some(Metric::Flag(true)))
    }
    /// How many of something a warning counts; 0 without the warning.
    pub fn warned(&self, code: &str) -> usize {
        let warnings = self.reader.report().stages.iter().flat_map(|stage| &stage.warnings);
        warnings.filter(|warning| warning.code == code).map(|warning| warning.count as usize).sum()
    }
    /// The checksum of all results.
    pub fn checksum(&self) -> String {
        self.reader.report().checksum.clone()
    }
}

/// Holds numbers against those expected, relative to the greatest of them.
#[track_caller]
pub fn assert_close(found: &[f64], expected: &[f64], relative: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let most = expected.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let near = (found - expected).abs() <= relative * most || (found.is_nan() && expected.is_nan());
        assert!(near, "{what}, entry {index}: {found}, expected {expected}");
    }
}

/// Numbers that look random and are always the same (Knuth's 64-bit linear congruential generator).
pub struct Dice(pub u64);

impl Dice {
    /// A number in [0, 1).
    pub fn number(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.number() * n as f64) as usize
    }
}

/// A grid of two-way streets without two alike, zones at every second node, trips between all of them.
pub fn grid(columns: i64, rows: i64, seed: u64) -> Town {
    let mut dice = Dice(seed);
    let mut town = Town::default();
    let id = |column: i64, row: i64| 1 + row * columns + column;
    for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
        let node = id(column, row);
        let zone = (node % 2 == 1).then_some(10 * node);
        town.junctions.push(Junction { id: node, xy: [column as f64, row as f64], zone, through: true });
        let east = (column + 1 < columns).then(|| id(column + 1, row));
        let north = (row + 1 < rows).then(|| id(column, row + 1));
        for other in east.into_iter().chain(north) {
            for ends in [[node, other], [other, node]] {
                let (time, length) = (1.0 + dice.number(), 0.5 + dice.number());
                let capacity = 60.0 + 60.0 * dice.number();
                let (toll, power) = (dice.number(), 1.0 + dice.below(4) as f64);
                let id = 100 + town.streets.len() as i64;
                town.streets.push(Street { id, ends, capacity, time, length, bpr: [0.5, power], toll, link_type: 1 });
            }
        }
    }
    let zones: Vec<i64> = town.junctions.iter().filter_map(|junction| junction.zone).collect();
    for (from, to) in zones.iter().flat_map(|&from| zones.iter().map(move |&to| (from, to))) {
        town.trips.push((from, to, 5.0 + 20.0 * dice.number()));
    }
    town
}
