//! Rasters of public files against what rasterio 1.4 reads in them.

use std::fs;
use std::path::Path;

use conurb::error::Error;
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

/// A raster that GDAL made (`tests/python/make_rasters.py`).
fn made(name: &str) -> Result<GeoTiff, Error> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/formats/rasters/{name}.tif"));
    GeoTiff::open(Path::new(name), fs::read(file).unwrap())
}

#[test]
fn all_forms_that_gdal_writes_hold_the_same() {
    for name in [
        "u8_strips",
        "u16_deflate_tiles",
        "i32_packbits",
        "u32_deflate",
        "u8_lzw_tiles",
        "i16_lzw_tiles",
        "f32_lzw_tiles",
        "f32_lzw_big",
        "f64_lzw_tile",
        "f64_deflate",
        "f32_nan",
        "f32_big",
        "f32_big_endian",
        "u8_point",
        "f32_sparse",
    ] {
        let raster = made(name).unwrap();
        let (west, north, crs) = (569_000.5, 5_934_000.25, Some("EPSG:25832".to_owned()));
        assert_eq!(raster.frame(), &RasterFrame { rows: 40, columns: 50, west, north, cell_m: 0.5, crs }, "{name}");
        for (rows, columns) in [(0..40, 0..50), (15..17, 30..50), (31..40, 2..3)] {
            let window = raster.window(rows.clone(), columns.clone()).unwrap();
            for (cell, found) in window.values.iter().enumerate() {
                let (row, column) = (rows.start + cell / columns.len(), columns.start + cell % columns.len());
                let is_hole = (row, column) == (5, 7) || name == "f32_sparse" && row >= 32;
                let expected = if is_hole { f32::NAN } else { ((3 * row + 2 * column) % 200) as f32 };
                assert_eq!(found.is_nan(), is_hole, "{name} {row} {column}");
                assert!(is_hole || *found == expected, "{name} {row} {column}: {found}");
            }
        }
    }
}

#[test]
fn forms_that_cannot_be_used_are_told() {
    for (name, expected) in [
        ("two_bands", "two_bands: expected one band, found 2"),
        ("degrees", "degrees: the raster is in degrees"),
        ("feet", "feet: the coordinates are in the unit EPSG:9003"),
        ("oblong", "oblong: expected square cells, found 1 by 2"),
        ("rotated", "rotated: the raster is rotated"),
        ("web_mercator", "web_mercator: the raster is in Web Mercator"),
        ("zstd", "zstd: the compression ZSTD is not read"),
    ] {
        let error = made(name).unwrap_err().to_string();
        assert!(error.starts_with(expected) && error.contains("hint"), "{error}");
    }
}

#[test]
fn windows_of_a_large_strip_hold_the_same_on_all_threads() {
    let raster = made("u8_large_strip").unwrap();
    let expected = |row: usize, column: usize| ((3 * row + 2 * column) % 200) as f32;
    std::thread::scope(|scope| {
        for part in 0..8 {
            let raster = &raster;
            scope.spawn(move || {
                let (rows, columns) = (part * 80..(part + 1) * 80, 100..500);
                let window = raster.window(rows.clone(), columns.clone()).unwrap();
                let cells = rows.flat_map(|row| columns.clone().map(move |column| expected(row, column)));
                assert!(window.values.into_iter().eq(cells), "part {part}");
            });
        }
    });
    assert!(raster.clone().window(5..6, 7..8).unwrap().values[0].is_nan());
}
