use std::io::Cursor;
use std::path::Path;

use proptest::prelude::*;

use super::keys::{Georeference, frame};
use super::{GeoTiff, RasterText, write_geotiff};
use crate::error::Error;
use crate::formats::raster::RasterFrame;

/// Scale 2 m, column 10 and row 20 at (1000, 5000).
fn tied() -> Georeference {
    Georeference {
        pixel_scale: Some(vec![2.0, 2.0, 0.0]),
        tiepoints: Some(vec![10.0, 20.0, 0.0, 1000.0, 5000.0, 0.0]),
        transformation: None,
        keys: keys(&[(1024, 1), (1025, 1), (3072, 28992), (3076, 9001)]),
    }
}

fn keys(entries: &[(u16, u16)]) -> Option<Vec<u16>> {
    let entries_flat = entries.iter().flat_map(|(key, value)| [*key, 0, 1, *value]);
    Some([1, 1, 0, entries.len() as u16].into_iter().chain(entries_flat).collect())
}

#[test]
fn the_corner_follows_from_a_tie_point_or_a_matrix() {
    // Column 0 is 10 cells to the west of the tie point, row 0 is 20 cells to the north of it.
    let expected =
        RasterFrame { rows: 3, columns: 4, west: 980.0, north: 5040.0, cell_m: 2.0, crs: Some("EPSG:28992".into()) };
    assert_eq!(frame(&tied(), 3, 4).unwrap(), expected);
    let mut matrix = vec![0.0; 16];
    (matrix[0], matrix[3], matrix[5], matrix[7], matrix[15]) = (2.0, 980.0, -2.0, 5040.0, 1.0);
    let by_matrix = Georeference { pixel_scale: None, tiepoints: None, transformation: Some(matrix), ..tied() };
    assert_eq!(frame(&by_matrix, 3, 4).unwrap(), expected);
    // Where coordinates name centres, corners are half a cell to the north-west.
    let by_centre = Georeference { keys: keys(&[(1025, 2), (3072, 32767)]), ..tied() };
    let found = frame(&by_centre, 3, 4).unwrap();
    assert_eq!((found.west, found.north, found.crs), (979.0, 5041.0, None));
    assert_eq!(frame(&Georeference { keys: None, ..tied() }, 3, 4).unwrap().crs, None);
}

#[test]
fn a_place_that_cannot_be_used_is_told() {
    let matrix = |values: [f64; 4]| {
        let mut matrix = vec![0.0; 16];
        (matrix[0], matrix[1], matrix[4], matrix[5]) = (values[0], values[1], values[2], values[3]);
        Georeference { transformation: Some(matrix), ..tied() }
    };
    let scale = |scale: [f64; 2]| Georeference { pixel_scale: Some(scale.to_vec()), ..tied() };
    for (georeference, expected) in [
        (scale([2.0, 2.1]), "expected square cells, found 2 by 2.1"),
        (scale([2.0, 0.0]), "the raster is mirrored or upside down"),
        (scale([f64::NAN, 2.0]), "the place of the raster is no finite number"),
        (scale([1e9, 1e9]), "the raster lies farther away than the Earth is large"),
        (matrix([1.0, 0.1, -0.1, -1.0]), "the raster is rotated"),
        (matrix([1.0, 0.0, 0.0, 1.0]), "the raster is mirrored or upside down"),
        (Georeference { pixel_scale: None, ..tied() }, "the file does not say where the raster lies"),
        (
            Georeference { pixel_scale: None, tiepoints: Some(vec![0.0; 24]), ..tied() },
            "the raster is tied to control points",
        ),
        (Georeference { keys: keys(&[(2048, 4326)]), ..tied() }, "the raster is in degrees, not in"),
        (Georeference { keys: keys(&[(1024, 3)]), ..tied() }, "the raster is in no plane, not in"),
        (Georeference { keys: keys(&[(3076, 9002)]), ..tied() }, "the coordinates are in the unit EPSG:9002"),
        (Georeference { keys: keys(&[(4099, 9003)]), ..tied() }, "the heights are in the unit EPSG:9003"),
        // New York Long Island in US feet, without a key of the unit.
        (Georeference { keys: keys(&[(3072, 2263)]), ..tied() }, "the coordinates of EPSG:2263 are not in metres"),
        (Georeference { keys: keys(&[(3072, 3857)]), ..tied() }, "the raster is in Web Mercator"),
        (Georeference { keys: Some(vec![1, 1, 0, 2, 1024, 0, 1, 1]), ..tied() }, "the directory of GeoKeys has 1 of 2"),
    ] {
        let problem = frame(&georeference, 3, 4).unwrap_err();
        assert!(problem.message.starts_with(expected), "{problem}");
    }
}

fn a_frame(rows: usize, columns: usize) -> RasterFrame {
    let crs = Some("EPSG:25832".to_owned());
    RasterFrame { rows, columns, west: 569_000.5, north: 5_934_000.25, cell_m: 0.5, crs }
}

fn text() -> RasterText {
    RasterText {
        description: "sun <of> a \"year\" & more".to_owned(),
        unit: "kWh/m²".to_owned(),
        items: vec![("sky_model".to_owned(), "perez_1990".to_owned())],
    }
}

/// The value of a cell: no data here and there.
fn value(row: usize, column: usize) -> f32 {
    if (row + column) % 97 == 5 { f32::NAN } else { row as f32 * 0.25 - column as f32 * 3.5 }
}

fn written(frame: &RasterFrame) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut next = 0;
    write_geotiff(&mut out, frame, &text(), |rows, values| {
        assert_eq!(rows.start, next);
        next = rows.end;
        for (cell, target) in values.iter_mut().enumerate() {
            *target = value(rows.start + cell / frame.columns, cell % frame.columns);
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(next, frame.rows);
    out.into_inner()
}

#[test]
fn what_is_written_reads_back() {
    // Several strips, the last one shorter: 65536 cells make a strip.
    for (rows, columns) in [(1, 1), (300, 700), (3, 70_000)] {
        let frame = RasterFrame { crs: Some("EPSG:7415".to_owned()), ..a_frame(rows, columns) };
        let bytes = written(&frame);
        let raster = GeoTiff::open(Path::new("a.tif"), bytes.as_slice()).unwrap();
        assert_eq!(raster.frame(), &RasterFrame { crs: Some("EPSG:28992".to_owned()), ..frame });
        let window = raster.window(0..rows, 0..columns).unwrap();
        for (cell, found) in window.values.iter().enumerate() {
            let expected = value(cell / columns, cell % columns);
            assert!(*found == expected || found.is_nan() && expected.is_nan(), "{cell}: {found} {expected}");
        }
    }
}

#[test]
fn a_raster_that_a_file_cannot_hold_is_refused() {
    let mut out = Cursor::new(Vec::new());
    for frame in [a_frame(0, 5), a_frame(5, 0), a_frame(1 << 33, 1)] {
        assert!(write_geotiff(&mut out, &frame, &text(), |_, _| panic!("nothing is asked for")).is_err());
    }
    let failing = write_geotiff(&mut out, &a_frame(5, 5), &text(), |_, _| Err(std::io::Error::other("no rows")));
    assert_eq!(failing.unwrap_err().to_string(), "no rows");
}

fn read_all(bytes: &[u8]) -> Result<Vec<f32>, Error> {
    let raster = GeoTiff::open(Path::new("a.tif"), bytes)?;
    let (rows, columns) = (raster.frame().rows, raster.frame().columns);
    Ok(raster.window(0..rows.min(64), 0..columns.min(64))?.values)
}

#[test]
fn a_truncated_file_is_told() {
    let bytes = written(&a_frame(20, 30));
    for length in 0..bytes.len() - 1 {
        let error = read_all(&bytes[..length]).unwrap_err();
        assert!(matches!(error, Error::Input(_)), "{length}");
    }
    assert!(read_all(b"not a raster").unwrap_err().to_string().starts_with("a.tif: the file is no sound TIFF"));
}

#[test]
fn dimensions_that_the_file_cannot_hold_allocate_nothing() {
    let bytes = written(&a_frame(20, 30));
    // Entries of a directory: tag, type 4 (32 bits), count 1, value.
    let entry = |tag: u16, value: u32| {
        [&tag.to_le_bytes()[..], &4_u16.to_le_bytes(), &1_u32.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let mut changed = bytes.clone();
    for (tag, from) in [(256, 30), (257, 20), (278, 20)] {
        let place = bytes.windows(12).position(|window| window == entry(tag, from)).unwrap();
        changed[place..place + 12].copy_from_slice(&entry(tag, u32::MAX));
    }
    let error = read_all(&changed).unwrap_err().to_string();
    assert!(error.contains("the file is too small for 18446744065119617025 cells"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn damaged_files_never_panic(changes in proptest::collection::vec((0_usize..1 << 16, any::<u8>()), 1..6)) {
        let mut bytes = written(&a_frame(20, 30));
        let length = bytes.len();
        changes.iter().for_each(|(place, value)| bytes[place % length] = *value);
        let _ = read_all(&bytes);
    }
}
