//! Energy of four buildings and a feeder of a made-up run folder, written with the HDF5 library directly.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a made-up run that cannot be written fails its test")]

use std::fs;
use std::path::Path;

use conurb::report::json::StageEntry;
use conurb::stages::{Metric, Phases, StageReport};
use hdf5::File;
use ndarray::{Array1, Array2, Array3, array};

use crate::fake_sun::{put, put_text, report};

const NAN: f64 = f64::NAN;
/// Buildings: two that the made-up sun shines on, in another order, one whose id is hostile, and a shed.
pub const IDS: [&str; 4] = ["b3", "b1", "<i>x", "shed"];
/// Heating need of each (kWh).
pub const HEATING: [f64; 4] = [30_000.0, 40_000.0, 5_000.0, 0.0];

/// What a made-up run holds.
#[derive(Clone, Copy)]
pub struct FakeEnergy {
    /// Packages of measures beside the buildings as they are.
    pub packages: bool,
    /// Emissions, costs and a budget.
    pub economy: bool,
    /// A feeder.
    pub feeder: bool,
}

impl Default for FakeEnergy {
    fn default() -> Self {
        FakeEnergy { packages: true, economy: true, feeder: true }
    }
}

impl FakeEnergy {
    /// Writes a whole run folder.
    pub fn write(&self, dir: &Path) {
        fs::create_dir_all(dir).unwrap();
        let scenario = "[scenario]\ntitle = \"A made-up town\"\nseed = 1\n\n[energy]\nfidelity = \"multi_node\"\n\
                        overheating_above_c = [26.0, 27.5]\n\n[economy]\ncurrency = \"EUR\"\nprice_year = 2025\n";
        fs::write(dir.join("scenario.toml"), scenario).unwrap();
        let metric = |name: &str, value| (name.to_owned(), Metric::Number(value));
        let stage = StageReport {
            metrics: vec![metric("heating_need_gwh", 0.075), metric("deep <b>.saved_final_energy_gwh", 0.071)],
            warnings: Vec::new(),
            phases: Phases { read: 0.1, compute: 2.0, communicate: 0.0, write: 0.1 },
            throughput: None,
        };
        let mut report = report();
        report.stages = vec![StageEntry::new("energy", 2.2, stage)];
        fs::write(dir.join("report.json"), report.to_json().unwrap()).unwrap();
        self.write_fields(dir);
    }

    /// Writes the fields alone, as into the folder of a run that has others.
    pub fn write_fields(&self, dir: &Path) {
        let file = File::create(dir.join("buildings.nc")).unwrap();
        write_buildings(&file);
        write_packages(&file, self.n_packages());
        if self.economy {
            write_economy(&file, self.n_packages());
        }
        if self.feeder {
            write_feeder(&File::create(dir.join("feeder.nc")).unwrap(), self.n_packages());
        }
    }

    fn n_packages(&self) -> usize {
        if self.packages { 3 } else { 1 }
    }
}

fn write_buildings(file: &File) {
    put_text(file, "building_id", &IDS);
    put_text(file, "archetype", &["NL.old", "NL.old", "NL.new", ""]);
    put_text(file, "building_use", &["residential", "office", "residential", "unheated"]);
    put(file, "construction_year", &array![1950_i32, 1962, 2015, 1980]);
    put(file, "construction_year_quality", &array![0_i32, 0, 1, 2]);
    put(file, "conditioned_floor_area", &array![200.0, 500.0, 100.0, 0.0]);
    put(file, "heating_need", &Array1::from(HEATING.to_vec()));
    put(file, "cooling_need", &array![1000.0, 0.0, 0.0, 0.0]);
    put(file, "hot_water_need", &array![2400.0, 800.0, 1200.0, 0.0]);
    put(file, "peak_heating", &array![15_000.0, 21_000.0, 4_000.0, 0.0]);
    put(file, "hours_above_first_limit", &array![120.0, 30.0, 0.0, NAN]);
    put(file, "hours_above_second_limit", &array![10.0, 2.0, 0.0, NAN]);
    put(file, "solar_gains", &array![1.0 / 3.0, 1e-7, 12_345.678_9, NAN]);
    // Half of the heat in January, half in December; all cooling in July.
    let heating =
        |(month, building): (usize, usize)| if [0, 11].contains(&month) { HEATING[building] / 2.0 } else { 0.0 };
    put(file, "monthly_heating_need", &Array2::from_shape_fn((12, 4), heating));
    let cooling = |place: (usize, usize)| if place == (6, 0) { 1000.0 } else { 0.0 };
    put(file, "monthly_cooling_need", &Array2::from_shape_fn((12, 4), cooling));
}

/// The first rows of a table of packages.
fn rows(table: &Array2<f64>, n_packages: usize) -> Array2<f64> {
    table.slice(ndarray::s![..n_packages, ..]).to_owned()
}

fn write_packages(file: &File, n: usize) {
    put_text(file, "package_name", &["none", "shell", "deep <b>"][..n]);
    put_text(file, "carrier_name", &["electricity", "natural_gas"]);
    let electricity =
        array![[4000.0, 6000.0, 1000.0, 0.0], [4000.0, 6000.0, 1000.0, 0.0], [12_000.0, 14_000.0, 3000.0, 0.0]];
    let gas = array![[36_000.0, 48_000.0, 5000.0, 0.0], [18_000.0, 30_000.0, 5000.0, 0.0], [0.0, 0.0, 0.0, 0.0]];
    let carriers = [&electricity, &gas];
    let bought =
        Array3::from_shape_fn((2, n, 4), |(carrier, package, building)| carriers[carrier][[package, building]]);
    put(file, "final_energy", &bought);
    let heating = array![HEATING, [15_000.0, 25_000.0, 5000.0, 0.0], [10_000.0, 12_000.0, 4000.0, 0.0]];
    put(file, "package_heating_need", &rows(&heating, n));
}

fn write_economy(file: &File, n: usize) {
    let table = |name: &str, values: [[f64; 4]; 3]| put(file, name, &rows(&Array2::from(values.to_vec()), n));
    table(
        "package_expected_heating_need",
        [[24_000.0, 38_000.0, 5000.0, 0.0], [14_000.0, 25_000.0, 5000.0, 0.0], [10_000.0, 12_000.0, 4000.0, 0.0]],
    );
    table(
        "package_emissions",
        [[9000.0, 12_000.0, 1500.0, 0.0], [5000.0, 8500.0, 1500.0, 0.0], [4000.0, 5000.0, 1000.0, 0.0]],
    );
    table(
        "package_energy_cost",
        [[5000.0, 7000.0, 900.0, 0.0], [3200.0, 5000.0, 900.0, 0.0], [5000.0, 7000.0, 900.0, 0.0]],
    );
    table("package_investment", [[0.0; 4], [20_000.0, 37_000.0, 0.0, 0.0], [50_000.0, 90_000.0, 20_000.0, 0.0]]);
    table("package_abatement_cost", [[NAN; 4], [100.0, 240.0, NAN, NAN], [300.0, 500.0, 900.0, NAN]]);
    put(file, "package_chosen", &array![1_i32, 2, 0, 0]);
}

fn write_feeder(file: &File, n: usize) {
    put_text(file, "bus_id", &["mains", "n1", "<u>n2"]);
    put(file, "line_buses", &array![[0_i32, 1], [1, 2]]);
    put_text(file, "package_name", &["none", "shell", "deep <b>"][..n]);
    put(file, "bus_lowest_voltage", &rows(&array![[1.0, 0.97, 0.951], [1.0, 0.98, 0.962], [1.0, 0.93, 0.887]], n));
    put(file, "hours_low_voltage", &Array1::from(vec![0.0, 0.0, 17.0][..n].to_vec()));
    put(file, "line_largest_loading", &rows(&array![[0.6, 0.3], [0.5, 0.25], [1.234, 0.7]], n));
    put(file, "losses", &Array1::from(vec![1200.0, 900.0, 2400.0][..n].to_vec()));
    put_text(file, "technology_name", &["heat_pump", "pv"]);
    put(file, "hosting_capacity_share", &array![[0.4, 0.1, 0.8, 0.2], [1.0, 1.0, 1.0, 1.0]]);
}
