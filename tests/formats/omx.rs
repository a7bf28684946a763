//! OMX in and out, also against the reference implementation in Python.

use std::path::{Path, PathBuf};
use std::process::Command;

use conurb::error::{Error, Warning};
use conurb::formats::omx::OmxWriter;
use conurb::formats::{RoadNetwork, Source, TripTable, read_trips};
use ndarray::{Array2, array, s};
use proptest::prelude::*;

use super::{assert_told, codes, zones};

fn read(path: &Path, network: &RoadNetwork, matrix: Option<&str>) -> Result<(TripTable, Vec<Warning>), Error> {
    read_trips(Source { file: path, bytes: &std::fs::read(path).unwrap() }, network, matrix)
}

fn write(path: &Path, zone_ids: &[i64], matrices: &[(&str, &Array2<f64>)]) {
    let mut writer = OmxWriter::create(path, zone_ids).unwrap();
    for (name, values) in matrices {
        writer.matrix(name, "test").unwrap();
        writer.write_rows(name, 0, &values.view()).unwrap();
    }
    writer.finish().unwrap();
}

fn dense(table: &TripTable, n_zones: usize) -> Array2<f64> {
    let mut dense = Array2::zeros((n_zones, n_zones));
    for origin in 0..n_zones {
        for entry in table.origin_start[origin] as usize..table.origin_start[origin + 1] as usize {
            dense[[origin, table.destination[entry] as usize]] = table.trips[entry];
        }
    }
    dense
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn what_is_written_is_read_back(
        n_zones in 1..20_usize,
        values in prop::collection::vec(prop_oneof![Just(0.0), 0.0..1e6_f64, Just(f64::MIN_POSITIVE)], 400),
        block in 1..20_usize,
        reversed in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.omx");
        let matrix = Array2::from_shape_fn((n_zones, n_zones), |(row, column)| values[row * 20 + column]);
        let zone_ids: Vec<i64> = (0..n_zones as i64).map(|zone| 10 * zone + 3).collect();
        let file_ids: Vec<i64> = if reversed { zone_ids.iter().rev().copied().collect() } else { zone_ids.clone() };
        let mut writer = OmxWriter::create(&path, &file_ids).unwrap();
        writer.matrix("car", "trips by car").unwrap();
        for first in (0..n_zones).step_by(block) {
            let last = (first + block).min(n_zones);
            writer.write_rows("car", first, &matrix.slice(s![first..last, ..])).unwrap();
        }
        writer.finish().unwrap();
        let (table, warnings) = read(&path, &zones(&zone_ids), None).unwrap();
        prop_assert!(warnings.is_empty());
        let expected = if reversed { matrix.slice(s![..;-1, ..;-1]).to_owned() } else { matrix };
        prop_assert_eq!(dense(&table, n_zones), expected);
        prop_assert!(table.trips.iter().all(|trips| *trips > 0.0));
    }
}

#[test]
fn a_matrix_is_chosen_by_name_or_because_it_is_the_only_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.omx");
    let (car, truck) = (array![[0.0, 1.0], [2.0, 0.0]], array![[0.0, 3.0], [4.0, 5.0]]);
    write(&path, &[1, 2], &[("truck", &truck), ("car", &car)]);
    let network = zones(&[1, 2]);
    assert_eq!(dense(&read(&path, &network, Some("truck")).unwrap().0, 2), truck);
    assert_eq!(dense(&read(&path, &network, Some("car")).unwrap().0, 2), car);
    assert_told(read(&path, &network, None), &["a.omx: the file has 2 matrices and none is chosen", "car, truck"]);
    assert_told(
        read(&path, &network, Some("bus")),
        &["the file has no matrix \"bus\"\n  hint: its matrices are car, truck"],
    );
}

#[test]
fn zones_are_matched_by_value() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.omx");
    write(&path, &[20, 10], &[("car", &array![[1.0, 2.0], [3.0, 4.0]])]);
    let (table, warnings) = read(&path, &zones(&[10, 15, 20]), None).unwrap();
    assert_eq!(dense(&table, 3), array![[4.0, 0.0, 3.0], [0.0, 0.0, 0.0], [2.0, 0.0, 1.0]]);
    assert_eq!(codes(&warnings), [("zones_without_demand_row", 1)]);
    assert_told(read(&path, &zones(&[10, 15]), None), &["a.omx: record 1: lookup/zone_id: the network has no zone 20"]);
    write(&path, &[10, 10], &[("car", &array![[1.0, 2.0], [3.0, 4.0]])]);
    assert_told(
        read(&path, &zones(&[10]), None),
        &["a.omx: record 2: lookup/zone_id: zone 10 stands here and in row 1"],
    );
}

#[test]
fn values_that_are_no_trips_are_problems() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.omx");
    write(&path, &[1, 2], &[("car", &array![[1.0, f64::NAN], [-3.0, f64::INFINITY]])]);
    assert_told(
        read(&path, &zones(&[1, 2]), None),
        &[
            "a.omx: record 1: car: expected a finite number not below zero, found NaN in column 2",
            "a.omx: record 2: car: expected a finite number not below zero, found -3 in column 1",
            "found inf in column 2",
        ],
    );
}

#[test]
fn other_types_and_files_without_lookup_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.omx");
    let file = hdf5::File::create(&path).unwrap();
    let data = file.create_group("data").unwrap();
    data.new_dataset_builder().with_data(&array![[0.5_f32, 1.0], [2.0, 3.0]]).create("f32").unwrap();
    data.new_dataset_builder().with_data(&array![[0_u16, 1], [2, 3]]).create("u16").unwrap();
    data.new_dataset_builder().with_data(&array![[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]).create("wide").unwrap();
    data.new_dataset_builder().with_data(&[1.0, 2.0]).create("row").unwrap();
    data.link_external("/etc/hostname", "/x", "elsewhere").unwrap();
    drop((data, file));
    let network = zones(&[7, 9]);
    assert_eq!(dense(&read(&path, &network, Some("f32")).unwrap().0, 2), array![[0.5, 1.0], [2.0, 3.0]]);
    assert_eq!(dense(&read(&path, &network, Some("u16")).unwrap().0, 2), array![[0.0, 1.0], [2.0, 3.0]]);
    assert_told(read(&path, &network, Some("wide")), &["a.omx: wide: expected a square matrix, found 2 x 3"]);
    assert_told(read(&path, &network, Some("row")), &["a.omx: row: expected a matrix, found 1 dimensions"]);
    assert_told(read(&path, &network, Some("elsewhere")), &["the file has no matrix \"elsewhere\""]);
    assert_told(read(&path, &zones(&[7]), Some("f32")), &["a.omx: f32: 2 rows, but the network has 1 zones"]);
}

#[test]
fn a_matrix_that_promises_too_much_allocates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.omx");
    let file = hdf5::File::create(&path).unwrap();
    let data = file.create_group("data").unwrap();
    let side = 2_000_000_000_usize;
    data.new_dataset_builder().chunk((1, 1000)).empty::<f64>().shape((side, side)).create("car").unwrap();
    drop((data, file));
    assert_told(read(&path, &zones(&[1]), None), &["a.omx: car: 2000000000 rows, but the network has 1 zones"]);
}

#[test]
fn bytes_that_are_no_hdf5_are_a_problem() {
    let network = zones(&[1]);
    for bytes in [&b""[..], b"x", &[0; 4096], b"\x89HDF\r\n\x1a\n"] {
        let source = Source { file: Path::new("a.omx"), bytes };
        assert_told(read_trips(source, &network, None), &["a.omx: not readable as HDF5"]);
    }
}

#[test]
fn an_unfinished_file_has_no_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.omx");
    std::fs::write(&path, "older").unwrap();
    let mut writer = OmxWriter::create(&path, &[1, 2]).unwrap();
    writer.matrix("car", "").unwrap();
    let rows = array![[1.0, 2.0]];
    for (name, first) in [("car", 2), ("bus", 0)] {
        assert_eq!(writer.write_rows(name, first, &rows.view()).unwrap_err().exit_code(), 1);
    }
    assert!(writer.matrix("car", "").is_err(), "a name stands for one matrix");
    drop(writer);
    assert_eq!(std::fs::read(&path).unwrap(), b"older");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    assert!(OmxWriter::create(&path, &[]).is_err());
    assert!(OmxWriter::create(&folder.path().join("none/a.omx"), &[1]).is_err());
}

/// The Python with openmatrix: `CONURB_PYTHON`, else the one that `scripts/test` puts under `target`.
fn python() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = std::env::var_os("CONURB_PYTHON").map_or_else(|| root.join("target/venv/bin/python"), PathBuf::from);
    if python.is_file() {
        return Some(python);
    }
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!is_ci, "no Python with openmatrix: {} (set CONURB_PYTHON)", python.display());
    println!("skipped: no Python with openmatrix in {} (set CONURB_PYTHON)", python.display());
    None
}

#[test]
fn openmatrix_reads_what_is_written_and_is_read() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let [written, returned] = ["written.omx", "returned.omx"].map(|name| folder.path().join(name));
    let matrix = Array2::from_shape_fn((500, 500), |(row, column)| match (row, column) {
        (3, 4) => f64::NAN,
        _ => row as f64 * 1000.0 + column as f64 + 0.25,
    });
    let zone_ids: Vec<i64> = (0..500).map(|zone| 5000 - 2 * zone).collect();
    write(&written, &zone_ids, &[("travel_time", &matrix), ("copy", &matrix)]);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/openmatrix_round_trip.py");
    let output = Command::new(python).arg(script).args([&written, &returned]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // The script wrote trips = row * 1000 + column as 32-bit floats, for zones 1 to 30 in reverse.
    let zone_ids: Vec<i64> = (1..=30).collect();
    let (table, warnings) = read(&returned, &zones(&zone_ids), None).unwrap();
    assert!(warnings.is_empty());
    let expected = Array2::from_shape_fn((30, 30), |(row, column)| (29 - row) as f64 * 1000.0 + (29 - column) as f64);
    assert_eq!(dense(&table, 30), expected);
}
