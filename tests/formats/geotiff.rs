//! Rasters of public files against what rasterio 1.4 reads in them.

use std::fs;
use std::path::Path;

use conurb::formats::geotiff::GeoTiff;
use conurb::formats::raster::{RasterFrame, RasterWindow};

use crate::common::data_dir;

/// Rows, columns, west, north, crs, least, greatest, sum, and values at (17, 101), (100, 100) and the last cell.
type Expected = (usize, usize, f64, f64, &'static str, [f64; 3], [f32; 3]);

const FILES: [(&str, Expected); 4] = [
    (
        "goteborg_kronenhuset_dem_1m.tif",
        (
            223,
            234,
            147_720.0,
            6_398_780.0,
            "EPSG:3007",
            [0.006800193805247545, 23.205501556396484, 219147.4090838777],
            [4.898_899_6, 4.339_199_5, 0.228_299_63],
        ),
    ),
    (
        "goteborg_kronenhuset_dsm_1m.tif",
        (
            223,
            234,
            147_720.0,
            6_398_780.0,
            "EPSG:3007",
            [0.0, 58.07035827636719, 603708.2192882054],
            [18.093_935, 22.164_034, 0.004_202_537_7],
        ),
    ),
    (
        "synthetic_dsm_500.tif",
        (
            500,
            500,
            92_000.0,
            438_000.0,
            "EPSG:28992",
            [1.5000535249710083, 58.52545928955078, 1559517.3652749062],
            [17.413_296, 15.372_275, 3.127_590_7],
        ),
    ),
    (
        "synthetic_dsm_1000.tif",
        (
            1000,
            1000,
            92_000.0,
            438_000.0,
            "EPSG:28992",
            [1.5000535249710083, 60.57154846191406, 6613438.193407297],
            [17.413_296, 12.116_891, 2.738_690_6],
        ),
    ),
];

fn open(file: &str) -> Option<GeoTiff> {
    let bytes = fs::read(data_dir()?.join("solar").join(file)).unwrap();
    Some(GeoTiff::open(Path::new(file), bytes).unwrap())
}

fn whole(raster: &GeoTiff) -> RasterWindow {
    raster.window(0..raster.frame().rows, 0..raster.frame().columns).unwrap()
}

#[test]
fn values_and_frames_are_those_that_rasterio_reads() {
    for (file, (rows, columns, west, north, crs, [least, greatest, sum], cells)) in FILES {
        let Some(raster) = open(file) else { return };
        let expected = RasterFrame { rows, columns, west, north, cell_m: 1.0, crs: Some(crs.to_owned()) };
        assert_eq!(raster.frame(), &expected, "{file}");
        let values = whole(&raster).values;
        let of = |pick: fn(f32, f32) -> f32| f64::from(values.iter().copied().reduce(pick).unwrap());
        assert_eq!((of(f32::min), of(f32::max)), (least, greatest), "{file}");
        let found: f64 = values.iter().map(|value| f64::from(*value)).sum();
        assert!((found - sum).abs() < 1e-6, "{file}: {found}");
        let cell = |row: usize, column: usize| values[row * columns + column];
        assert_eq!([cell(17, 101), cell(100, 100), cell(rows - 1, columns - 1)], cells, "{file}");
    }
}

#[test]
fn windows_are_parts_of_the_whole() {
    let Some(raster) = open("goteborg_kronenhuset_dsm_1m.tif") else { return };
    let all = whole(&raster);
    for (rows, columns) in [(0..1, 0..1), (7..9, 100..234), (222..223, 0..234), (5..200, 33..34), (3..3, 0..9)] {
        let window = raster.window(rows.clone(), columns.clone()).unwrap();
        let expected: Vec<f32> = rows
            .clone()
            .flat_map(|row| all.values[row * 234 + columns.start..row * 234 + columns.end].to_vec())
            .collect();
        assert_eq!(window.values, expected, "{rows:?} {columns:?}");
        assert_eq!((window.first_row, window.first_column), (rows.start, columns.start));
        assert_eq!((window.rows, window.columns), (rows.len(), columns.len()));
    }
}
