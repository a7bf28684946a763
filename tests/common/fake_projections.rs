//! Projections of a made-up climate, written with the HDF5 library directly.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a made-up run that cannot be written fails its test")]

use std::fs;
use std::path::Path;

use conurb::report::json::StageEntry;
use conurb::stages::{Metric, Phases, StageReport};
use hdf5::File;
use ndarray::{Array1, Array2, ArrayD, IxDyn, array};

use crate::fake_climate::write_hours;
use crate::fake_sun::{put, put_text, report};

/// Models, of which a run may have only the first; one has a hostile name.
pub const MODELS: [&str; 3] = ["low", "mid <i>", "high"];
/// Emission scenarios.
pub const FUTURES: [&str; 2] = ["ssp245", "ssp585"];
/// First and last years of the reference and of the periods.
pub const PERIODS: [[i32; 2]; 3] = [[1991, 1993], [1993, 1994], [2061, 2062]];
/// Rows from the south, and columns.
pub const CELLS: (usize, usize) = (2, 3);

/// How the cells of a run lie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Arranged {
    /// In rows and columns.
    Grid,
    /// As a list of places.
    Places,
    /// As a list of one place.
    OnePlace,
}

/// Places of the city beside the cells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum City {
    /// None.
    None,
    /// Cells of a raster.
    Raster,
    /// Stations.
    Stations,
}

/// What a made-up run holds.
#[derive(Clone, Copy)]
pub struct FakeProjections {
    /// Number of models.
    pub n_models: usize,
    /// How cells lie.
    pub arranged: Arranged,
    /// Places of the city.
    pub city: City,
    /// Indices.
    pub indices: bool,
    /// A year of hours.
    pub hours: bool,
}

impl Default for FakeProjections {
    fn default() -> Self {
        FakeProjections { n_models: 3, arranged: Arranged::Grid, city: City::None, indices: true, hours: true }
    }
}

const SCENARIO: &str = "[scenario]\ntitle = \"A made-up town\"\nseed = 1\n\n[climate]\nmethod = \"quantile_delta_mapping\"\n\
    grouping = { day_of_year_window = 31, pool = \"circular\" }\nreference_period = [1991, 1993]\n\
    future_periods = [[1993, 1994], [2061, 2062]]\ncalendar = \"align\"\nregrid = \"bilinear\"\n\
    interpolation = \"linear\"\nquantiles = 50\nwet_day_mm = 1\n\n[climate.variable.tas]\nkind = \"difference\"\n\n\
    [climate.variable.pr]\nkind = \"ratio\"\nmethod = \"local_intensity_scaling\"\n\n[climate.indices]\n\
    tropical_night_c = 20\nhot_day_c = 30.5\n";

impl FakeProjections {
    /// Writes a whole run folder.
    pub fn write(&self, dir: &Path) {
        fs::create_dir_all(dir).unwrap();
        fs::write(dir.join("scenario.toml"), SCENARIO).unwrap();
        let years = "2061 2062 2061 2062 2061 2062 2061 2062 2061 2062 2061 2062";
        let stage = StageReport {
            metrics: vec![
                ("cells".to_owned(), Metric::Count(6)),
                ("values_clamped".to_owned(), Metric::Count(1234)),
                ("weather_years_of_months".to_owned(), Metric::Text(years.to_owned())),
            ],
            warnings: Vec::new(),
            phases: Phases { read: 0.1, compute: 2.0, communicate: 0.0, write: 0.1 },
            throughput: None,
        };
        let mut report = report();
        report.stages = vec![StageEntry::new("climate", 2.2, stage)];
        fs::write(dir.join("report.json"), report.to_json().unwrap()).unwrap();
        if self.hours {
            write_hours(dir);
        } else {
            File::create(dir.join("climate.nc")).unwrap();
        }
        self.write_fields(&File::open_rw(dir.join("climate.nc")).unwrap());
    }

    fn n_simulations(&self) -> usize {
        self.n_models * FUTURES.len()
    }

    fn cells(&self) -> Vec<usize> {
        match self.arranged {
            Arranged::Grid => vec![CELLS.0, CELLS.1],
            Arranged::Places => vec![CELLS.0 * CELLS.1],
            Arranged::OnePlace => vec![1],
        }
    }

    fn write_fields(&self, file: &File) {
        let simulations = 0..self.n_simulations();
        let models: Vec<&str> = simulations.clone().map(|one| MODELS[one % self.n_models]).collect();
        let futures: Vec<&str> = simulations.map(|one| FUTURES[one / self.n_models]).collect();
        put_text(file, "simulation_model", &models);
        put_text(file, "simulation_future", &futures);
        let years = |end: usize| Array1::from_iter(PERIODS.iter().map(|period| period[end]));
        put(file, "period_first_year", &years(0));
        put(file, "period_last_year", &years(1));
        let cells = self.cells();
        let of_cells = |value: &dyn Fn(usize) -> f64| {
            let n: usize = cells.iter().product();
            ArrayD::from_shape_vec(IxDyn(&cells), (0..n).map(value).collect()).unwrap()
        };
        put(file, "lat", &of_cells(&|cell| 52.0 + 0.1 * (cell / CELLS.1) as f64));
        put(file, "lon", &of_cells(&|cell| 5.0 + 0.1 * (cell % CELLS.1) as f64));
        // The last cell has no reference.
        put(file, "cell_state", &of_cells(&|cell| if cell == 5 { 2.0 } else { 0.0 }).mapv(|state| state as i32));
        if self.arranged != Arranged::Grid {
            put_text(file, "location_name", &["<b>1", "2", "3", "4", "5", "6"][..cells[0]]);
        }
        if self.indices {
            let years: Vec<i32> = PERIODS.iter().flat_map(|&[first, last]| first..=last).collect();
            put(file, "climate_year", &Array1::from(years));
            for name in ["mean_temperature", "tropical_nights", "hot_days", "wettest_day"] {
                self.write_index(file, name, &cells);
            }
            self.write_places(file);
        }
    }

    fn write_index(&self, file: &File, name: &str, cells: &[usize]) {
        let n_models = self.n_models;
        let mean = |period: usize, simulation: usize| mean(name, period, simulation % n_models, simulation / n_models);
        // Years lie around their mean.
        let offsets: [f64; 7] = [-0.5, 0.0, 0.5, -0.5, 0.5, -0.5, 0.5];
        let period_of = [0, 0, 0, 1, 1, 2, 2];
        let year = |(simulation, year): (usize, usize)| mean(period_of[year], simulation) + offsets[year];
        put(file, &format!("{name}_yearly"), &Array2::from_shape_fn((self.n_simulations(), 7), year));
        let n_cells: usize = cells.iter().product();
        let shape = |second: usize| [&[PERIODS.len(), second], cells].concat();
        let cell_value = |cell: usize, mean: f64| if cell == 5 { f32::NAN } else { mean as f32 + cell as f32 };
        let all = (0..PERIODS.len()).flat_map(|period| (0..self.n_simulations()).map(move |one| (period, one)));
        let values = all.flat_map(|(period, one)| (0..n_cells).map(move |cell| cell_value(cell, mean(period, one))));
        put(file, name, &ArrayD::from_shape_vec(IxDyn(&shape(self.n_simulations())), values.collect()).unwrap());
        if self.n_models > 1 {
            let all = (0..PERIODS.len()).flat_map(|period| (0..FUTURES.len()).map(move |future| (period, future)));
            let values = all.flat_map(|(period, future)| {
                (0..n_cells).map(move |cell| cell_value(cell, mean(period, future * n_models + 1)))
            });
            let values = ArrayD::from_shape_vec(IxDyn(&shape(FUTURES.len())), values.collect()).unwrap();
            put(file, &format!("{name}_p50"), &values);
        }
    }

    fn write_places(&self, file: &File) {
        if self.city == City::None {
            return;
        }
        put(file, "place_lat", &array![52.01, 52.01, 52.02, 52.02]);
        put(file, "place_lon", &array![5.01, 5.02, 5.01, 5.02]);
        put(file, "place_elevation", &array![10.0, 20.0, f64::NAN, 40.0]);
        if self.city == City::Raster {
            put(file, "place_row", &array![1_i32, 1, 0, 0]);
            put(file, "place_column", &array![0_i32, 1, 0, 1]);
        } else {
            put_text(file, "place_name", &["harbour", "<u>hill", "park", "=1+1"]);
        }
        let n_models = self.n_models;
        for name in ["mean_temperature", "tropical_nights"] {
            let value = |at: IxDyn| {
                mean(name, at[0], at[1] % n_models, at[1] / n_models) as f32 + [0.25, 0.5, f32::NAN, 1.0][at[2]]
            };
            let shape = [PERIODS.len(), self.n_simulations(), 4];
            let values = ArrayD::from_shape_fn(IxDyn(&shape), value);
            put(file, &format!("place_{name}"), &values);
        }
    }
}

/// The mean of an index over the city and a period.
pub fn mean(name: &str, period: usize, model: usize, future: usize) -> f64 {
    let (period_number, model, future) = (period as f64, model as f64, future as f64);
    match (name, period) {
        ("tropical_nights", 0) => 5.0,
        // 10, 12 and 14 in the first period, 5 more with more emissions, 10 more in the second.
        ("tropical_nights", _) => 10.0 * period_number + 2.0 * model + 5.0 * future,
        ("mean_temperature", 0) => 10.0,
        // One model becomes colder.
        ("mean_temperature", _) => 10.0 + period_number * (model - 0.5) + future,
        ("wettest_day", 0) => 40.0,
        ("wettest_day", _) => 50.0,
        _ => 0.0,
    }
}
