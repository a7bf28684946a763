//! Climate files made here: netCDF-4 as the CF conventions have it, with days of any calendar, on a grid or at places.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::fs;
use std::ops::Range;
use std::path::Path;

use conurb_climate::calendar::{Calendar, Date};
use conurb_climate::days::Days;
use hdf5::types::{VarLenArray, VarLenUnicode};
use hdf5::{Dataset, File, H5Type, ObjectReference, ObjectReference1};

/// Where values lie.
pub enum Cells {
    /// Rows of latitudes and columns of longitudes.
    Grid {
        /// Degrees north of the rows.
        lat: Vec<f64>,
        /// Degrees east of the columns.
        lon: Vec<f64>,
    },
    /// Named places.
    Places {
        /// Their names.
        names: Vec<String>,
        /// Degrees north.
        lat: Vec<f64>,
        /// Degrees east.
        lon: Vec<f64>,
    },
}

/// A daily variable to be written.
pub struct Made<'a> {
    /// Its name, such as `tas`.
    pub variable: &'a str,
    /// Its unit, such as `K`.
    pub units: &'a str,
    /// The calendar of its days.
    pub calendar: Calendar,
    /// First and last year, both included.
    pub years: [i32; 2],
    /// Where.
    pub cells: &'a Cells,
    /// Height of each cell (m), if the file tells it.
    pub elevation_m: Option<Vec<f64>>,
    /// Chunks of days by cells (of a grid by whole rows); contiguous if none.
    pub chunk_days: Option<usize>,
    /// Days, counted from the first, that the file does not have at all.
    pub absent: Range<usize>,
}

impl Cells {
    /// A grid.
    pub fn grid(lat: &[f64], lon: &[f64]) -> Cells {
        Cells::Grid { lat: lat.to_vec(), lon: lon.to_vec() }
    }

    /// Places of these names, latitudes and longitudes.
    pub fn places(places: &[(&str, f64, f64)]) -> Cells {
        Cells::Places {
            names: places.iter().map(|place| place.0.to_owned()).collect(),
            lat: places.iter().map(|place| place.1).collect(),
            lon: places.iter().map(|place| place.2).collect(),
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Cells::Grid { lat, lon } => lat.len() * lon.len(),
            Cells::Places { names, .. } => names.len(),
        }
    }
}

impl<'a> Made<'a> {
    /// A temperature in kelvin or another variable in its unit, without elevation, contiguous.
    pub fn new(variable: &'a str, units: &'a str, calendar: Calendar, years: [i32; 2], cells: &'a Cells) -> Made<'a> {
        Made { variable, units, calendar, years, cells, elevation_m: None, chunk_days: None, absent: 0..0 }
    }

    /// Its days.
    pub fn days(&self) -> Days {
        let mut numbers = Days::of_years(self.calendar, self.years[0], self.years[1]).numbers().to_vec();
        numbers.drain(self.absent.clone());
        Days::new(self.calendar, numbers).unwrap()
    }

    /// Writes it with a value for each day and cell, NaN where there is none (`_FillValue` 1e20).
    pub fn write(&self, path: &Path, value: impl Fn(usize, Date, usize) -> f64) {
        // Processes that other tests start meanwhile inherit open files of the library, and with them their locks.
        let draft = path.with_extension("draft");
        self.write_draft(&draft, value);
        fs::copy(&draft, path).unwrap();
        fs::remove_file(&draft).unwrap();
    }

    fn write_draft(&self, path: &Path, value: impl Fn(usize, Date, usize) -> f64) {
        let days = self.days();
        let file = File::create(path).unwrap();
        text(&file, "Conventions", "CF-1.8");
        let epoch = self.calendar.day_number(Date { year: 1850, month: 1, day: 1 }).unwrap();
        let times: Vec<f64> = days.numbers().iter().map(|number| (number - epoch) as f64 + 0.5).collect();
        let time = scale(&file, "time", &times);
        text(&time, "units", "days since 1850-01-01 00:00:00");
        text(&time, "calendar", self.calendar.cf_name());
        text(&time, "standard_name", "time");
        let (names, lengths) = self.cell_scales(&file);
        if let Some(heights) = &self.elevation_m {
            let orography = file.new_dataset::<f64>().shape(&lengths[..]).create("orog").unwrap();
            orography.write_raw(heights).unwrap();
            text(&orography, "units", "m");
            text(&orography, "standard_name", "surface_altitude");
            attach(&file, &orography, &names);
        }
        let values: Vec<f32> = (0..days.len())
            .flat_map(|day| (0..self.cells.len()).map(move |cell| (day, cell)))
            .map(|(day, cell)| value(day, days.dates()[day], cell) as f32)
            .map(|value| if value.is_nan() { FILL } else { value })
            .collect();
        let shape = [vec![days.len()], lengths.clone()].concat();
        let made = match self.chunk_days {
            Some(days) => file.new_dataset::<f32>().chunk([vec![days], lengths].concat()).deflate(1),
            None => file.new_dataset::<f32>(),
        };
        let made = made.shape(&shape[..]).create(self.variable).unwrap();
        made.write_raw(&values).unwrap();
        text(&made, "units", self.units);
        text(&made, "coordinates", "lat lon");
        made.new_attr::<f32>().shape(1).create("_FillValue").unwrap().write_raw(&[FILL]).unwrap();
        attach(&file, &made, &[vec!["time"], names].concat());
    }

    /// Writes the scales of the cells; their names and lengths.
    fn cell_scales(&self, file: &File) -> (Vec<&'static str>, Vec<usize>) {
        match self.cells {
            Cells::Grid { lat, lon } => {
                degrees(&scale(file, "lat", lat), "degrees_north");
                degrees(&scale(file, "lon", lon), "degrees_east");
                (vec!["lat", "lon"], vec![lat.len(), lon.len()])
            }
            Cells::Places { names, lat, lon } => {
                let names: Vec<VarLenUnicode> = names.iter().map(|name| name.parse().unwrap()).collect();
                scale(file, "location", &names);
                for (name, units, values) in [("lat", "degrees_north", lat), ("lon", "degrees_east", lon)] {
                    let of_places = file.new_dataset::<f64>().shape(values.len()).create(name).unwrap();
                    of_places.write_raw(values).unwrap();
                    degrees(&of_places, units);
                    attach(file, &of_places, &["location"]);
                }
                (vec!["location"], vec![names.len()])
            }
        }
    }
}

/// A number from 0 to 1 that looks random.
pub fn noise(day: usize, cell: usize, stream: u64) -> f64 {
    let mut state = (day as u64) << 20 ^ (cell as u64) << 8 ^ stream;
    state = state.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((state ^ state >> 31) >> 11) as f64 / (1_u64 << 53) as f64
}

/// What stands for missing values.
const FILL: f32 = 1e20;

/// A dataset that is a dimension.
fn scale<T: H5Type>(file: &File, name: &str, values: &[T]) -> Dataset {
    let dataset = file.new_dataset::<T>().shape(values.len()).create(name).unwrap();
    dataset.write_raw(values).unwrap();
    text(&dataset, "CLASS", "DIMENSION_SCALE");
    text(&dataset, "NAME", name);
    dataset
}

/// Says which dimensions a dataset has.
fn attach(file: &File, dataset: &Dataset, scales: &[&str]) {
    let reference = |name: &&str| ObjectReference1::create(file, name).unwrap();
    let lists: Vec<VarLenArray<ObjectReference1>> =
        scales.iter().map(|name| VarLenArray::from_slice(&[reference(name)])).collect();
    let list = dataset.new_attr::<VarLenArray<ObjectReference1>>().shape(scales.len()).create("DIMENSION_LIST");
    list.unwrap().write_raw(&lists).unwrap();
}

fn degrees(dataset: &Dataset, units: &str) {
    text(dataset, "units", units);
}

fn text(of: &hdf5::Location, name: &str, value: &str) {
    let value: VarLenUnicode = value.parse().unwrap();
    of.new_attr::<VarLenUnicode>().create(name).unwrap().write_scalar(&value).unwrap();
}
