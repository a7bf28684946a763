//! The run folder as others see it: read by the tools people use, the same for any number of ranks, whole or not there.

// The whole file is a test.
#![allow(clippy::unwrap_used)]

#[path = "store/faults.rs"]
mod faults;
mod sample_run;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use conurb::error::Error;
use conurb::field::{Values, solar, traffic};
use conurb::parallel::{LaunchOptions, Runtime, launch};
use conurb::stages::FieldSink;
use conurb::store::{OpenMode, RunFolder, checksum};
use ndarray::{Array1, Array2, Array3, s};
use sample_run::{N_LINKS, header, identity, write_run};

fn over<T: Send>(ranks: usize, threads: usize, body: impl Fn(&Runtime) -> Result<T, Error> + Sync) -> Result<T, Error> {
    launch(&LaunchOptions { threads: Some(threads), local_ranks: Some(ranks) }, body)
}

/// A finished sample run and its checksum.
fn sample(ranks: usize, threads: usize) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("runs/sample");
    let checksum = over(ranks, threads, |runtime| write_run(runtime, &path)).unwrap();
    (folder, checksum)
}

fn run_path(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("runs/sample")
}

/// A program of the Python environment: the folder of `CONURB_PYTHON`, else the one that `scripts/test` makes.
fn python_program(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = std::env::var_os("CONURB_PYTHON").map_or_else(|| root.join("target/venv/bin/python"), PathBuf::from);
    let program = python.with_file_name(name);
    if program.is_file() {
        return Some(if name == "python" { python } else { program });
    }
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!is_ci, "no {name} in the Python environment: {} (set CONURB_PYTHON)", program.display());
    println!("skipped: no {name} in the Python environment: {} (set CONURB_PYTHON)", program.display());
    None
}

/// What a program prints, which must end well.
fn output_of(program: impl AsRef<OsStr>, arguments: &[&OsStr]) -> String {
    let output = Command::new(program.as_ref()).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(name)
}

#[test]
fn any_number_of_ranks_and_threads_gives_the_same_checksum() {
    let (_folder, expected) = sample(1, 1);
    for (ranks, threads) in [(1, 2), (2, 1), (3, 2), (4, 1), (7, 1)] {
        assert_eq!(sample(ranks, threads).1, expected, "{ranks} ranks, {threads} threads");
    }
}

#[test]
fn a_finished_run_holds_its_files_and_nothing_else() {
    let (folder, _) = sample(2, 1);
    let mut names: Vec<_> =
        std::fs::read_dir(run_path(&folder)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["report.html", "report.json", "scenario.toml", "traffic.nc"]);
}

#[test]
fn python_readers_see_every_value() {
    let Some(python) = python_program("python") else { return };
    for ranks in [1, 3] {
        let (folder, _) = sample(ranks, 1);
        let found = output_of(&python, &[script("read_run.py").as_ref(), run_path(&folder).as_ref()]);
        assert_eq!(found, "ok\n");
    }
}

#[test]
fn h5py_recomputes_the_checksum() {
    let Some(python) = python_program("python") else { return };
    let (folder, expected) = sample(1, 1);
    let found = output_of(&python, &[script("checksum.py").as_ref(), run_path(&folder).as_ref()]);
    assert_eq!(found.trim(), expected);
}

#[test]
fn the_compliance_checker_finds_nothing_but_the_mesh() {
    let Some(checker) = python_program("compliance-checker") else { return };
    let (folder, _) = sample(1, 1);
    let file = run_path(&folder).join("traffic.nc");
    let arguments = ["--test=cf:1.11", "--criteria=strict", "--format=text"].map(OsStr::new);
    let output = Command::new(checker).args(arguments).arg(&file).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    // CF-1.11 takes these roles from UGRID (its appendix K); version 6.1.0 of the checker does not know them yet.
    let about_meshes = [
        "* There may only be one variable containing the cf_role attribute.",
        "* edge_node_connectivity is not a valid cf_role value.",
        "* mesh_topology is not a valid cf_role value.",
    ];
    let found: Vec<&str> = text.lines().filter(|line| line.starts_with("* ")).collect();
    let other: Vec<_> = found.iter().filter(|line| !about_meshes.iter().any(|known| line.starts_with(known))).collect();
    assert!(text.contains("Compliance Checker Report") && other.is_empty(), "{text}");
}

#[test]
fn ncdump_reads_the_header() {
    if Command::new("ncdump").output().is_err() {
        assert!(!std::env::var("CI").is_ok_and(|value| value == "true"), "no ncdump (Debian: netcdf-bin)");
        println!("skipped: no ncdump (Debian: netcdf-bin)");
        return;
    }
    let (folder, _) = sample(1, 1);
    let file = run_path(&folder).join("traffic.nc");
    assert_eq!(output_of("ncdump", &[OsStr::new("-k"), file.as_ref()]), "netCDF-4\n");
    let header = output_of("ncdump", &[OsStr::new("-h"), file.as_ref()]);
    for line in ["link = 11 ;", "double link_volume(class, link) ;", "char class_name(class, string6) ;", "int road ;"]
    {
        assert!(header.contains(line), "no \"{line}\" in:\n{header}");
    }
}

/// The message of whatever went wrong while a stage wrote.
fn refusal(ranks: usize, write: impl Fn(&Runtime, &mut dyn FieldSink) -> Result<(), Error> + Sync) -> String {
    let folder = tempfile::tempdir().unwrap();
    let refused = over(ranks, 1, |runtime| {
        let mut run = RunFolder::open(runtime, folder.path(), OpenMode::New, &identity(), header())?;
        let mut sink = run.stage_sink("traffic.assignment");
        write(runtime, &mut sink)?;
        run.finish_stage(sink, serde_json::Value::Null)
    });
    refused.unwrap_err().to_string()
}

#[test]
fn nan_and_infinity_never_pass() {
    for bad in [f64::NAN, f64::INFINITY] {
        let told = refusal(2, |runtime, sink| {
            let mut volume = Array1::zeros(N_LINKS).into_dyn();
            volume[3] = bad;
            sink.create(&traffic::LINK_VOLUME_PCU, &[2 * N_LINKS])?;
            let ranks = [vec![], vec![(vec![N_LINKS], Values::F64(volume.view()))]];
            sink.write_parts(&traffic::LINK_VOLUME_PCU, &ranks[runtime.rank()])
        });
        let expected =
            format!("field link_volume_pcu of traffic.nc has the value {bad} at 3 of the values given at [11]");
        assert_eq!(told, expected);
    }
    let told = refusal(1, |_, sink| {
        let cost = Array3::from_elem((1, 2, 2), f64::INFINITY).into_dyn();
        sink.write(&traffic::SKIM_COST, Values::F64(cost.view()))
    });
    assert!(told.contains("has the value inf at 0"), "{told}");
}

#[test]
fn what_a_stage_does_wrong_is_told() {
    let two = Array1::from(vec![1.0, 2.0]).into_dyn();
    let two = || Values::F64(two.view());
    let incomplete = refusal(2, |_, sink| {
        sink.create(&traffic::LINK_COST, &[5])?;
        sink.write_parts(&traffic::LINK_COST, &[])
    });
    assert_eq!(incomplete, "stage traffic.assignment wrote 0 of the 5 values of link_cost");
    let overlap = refusal(1, |_, sink| {
        sink.create(&traffic::LINK_COST, &[5])?;
        sink.write_parts(&traffic::LINK_COST, &[(vec![0], two()), (vec![1], two())])
    });
    assert_eq!(overlap, "two parts of link_cost hold its value 1");
    let outside = refusal(1, |_, sink| {
        sink.create(&traffic::LINK_COST, &[5])?;
        sink.write_parts(&traffic::LINK_COST, &[(vec![usize::MAX], two())])
    });
    assert!(outside.contains("has shape [5], which values of shape [2] at [18446744073709551615] do not fit"));
    let unannounced = refusal(1, |_, sink| sink.write_parts(&traffic::LINK_COST, &[(vec![0], two())]));
    assert!(unannounced.contains("was not created"), "{unannounced}");
    let kind = refusal(1, |_, sink| sink.write(&traffic::LINK_ID, two()));
    assert!(kind.contains("holds I64, not F64"), "{kind}");
    let twice = refusal(1, |_, sink| {
        sink.create(&traffic::LINK_COST, &[2])?;
        sink.create(&traffic::LINK_COST, &[2])
    });
    assert_eq!(twice, "field link_cost of traffic.nc is there already");
    let lengths = refusal(3, |_, sink| {
        sink.create(&traffic::LINK_COST, &[2])?;
        sink.create(&traffic::LINK_LENGTH, &[3])
    });
    assert!(lengths.contains("dimension link of") && lengths.contains("has length 2, not 3"), "{lengths}");
}

#[test]
fn one_bit_of_one_value_changes_the_checksum_and_an_attribute_does_not() {
    let (folder, expected) = sample(1, 1);
    let again = || over(1, 1, |runtime| checksum(runtime, &run_path(&folder))).unwrap();
    let file = hdf5::File::open_rw(run_path(&folder).join("traffic.nc")).unwrap();
    file.new_attr::<i32>().create("note").unwrap().write_scalar(&1).unwrap();
    drop(file);
    assert_eq!(again(), expected);
    let file = hdf5::File::open_rw(run_path(&folder).join("traffic.nc")).unwrap();
    let volume = file.dataset("link_volume").unwrap();
    let mut values = volume.read_2d::<f64>().unwrap();
    values[[1, 10]] = f64::from_bits(values[[1, 10]].to_bits() + 1);
    volume.write(&values).unwrap();
    drop((file, volume));
    assert_ne!(again(), expected);
}

/// Checksum of a run that holds one raster; ranks write their shares of its tiles, or all of it where there are none.
fn raster_in_tiles(ranks: usize, tile: Option<[usize; 2]>) -> (tempfile::TempDir, String) {
    let raster = Array2::from_shape_fn((10, 7), |(y, x)| if y == x { f32::NAN } else { (y * 100 + x) as f32 });
    let folder = tempfile::tempdir().unwrap();
    let sum = over(ranks, 2, |runtime| {
        let mut run = RunFolder::open(runtime, folder.path(), OpenMode::New, &identity(), header())?;
        let mut sink = run.stage_sink("solar.raster");
        match tile {
            None => sink.write(&solar::CELL_HEIGHT, Values::F32(raster.view().into_dyn()))?,
            Some([rows, columns]) => {
                sink.create_tiled(&solar::CELL_HEIGHT, &[10, 7], &[rows, columns])?;
                let starts = (0..10).step_by(rows).flat_map(|y| (0..7).step_by(columns).map(move |x| [y, x]));
                let own = starts.enumerate().filter(|(tile, _)| tile % runtime.size() == runtime.rank());
                let part = |[y, x]: [usize; 2]| {
                    let part = raster.slice(s![y..(y + rows).min(10), x..(x + columns).min(7)]);
                    (vec![y, x], Values::F32(part.into_dyn()))
                };
                let parts: Vec<_> = own.map(|(_, start)| part(start)).collect();
                sink.write_tiles(&solar::CELL_HEIGHT, &parts)?;
            }
        }
        run.finish_stage(sink, serde_json::Value::Null)?;
        checksum(runtime, &run.assemble()?)
    });
    (folder, sum.unwrap())
}

#[test]
fn a_field_in_tiles_is_the_field() {
    let (_, expected) = raster_in_tiles(1, None);
    for (ranks, tile) in [(1, [4, 3]), (3, [4, 3]), (2, [10, 7]), (7, [1, 1]), (3, [100, 2])] {
        let (folder, sum) = raster_in_tiles(ranks, Some(tile));
        assert_eq!(sum, expected, "{ranks} ranks, tiles of {tile:?}");
        // The library's own filters read what the engine packed.
        let file = hdf5::File::open(folder.path().join(".partial/assembled/solar.nc")).unwrap();
        let read = file.dataset("cell_height").unwrap().read_2d::<f32>().unwrap();
        assert!(read[[3, 3]].is_nan());
        assert_eq!(read[[9, 6]], 906.0);
    }
}

#[test]
fn a_part_that_is_no_tile_is_told() {
    let told = refusal(1, |_, sink| {
        sink.create_tiled(&solar::CELL_HEIGHT, &[10, 7], &[4, 7])?;
        let rows = Array2::<f32>::zeros((3, 7)).into_dyn();
        sink.write_tiles(&solar::CELL_HEIGHT, &[(vec![4, 0], Values::F32(rows.view()))])
    });
    assert_eq!(told, "[3, 7] values at [4, 0] of cell_height are no chunk of [4, 7]");
}
