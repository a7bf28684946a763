//! A finished run read by the tools that people use.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/runs.rs"]
mod runs;
#[path = "common/town.rs"]
mod town;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use runs::{printed, quickstart, report, text};

/// A program of the Python environment: the folder of `CONURB_PYTHON`, else the one that `scripts/test` makes.
fn python_program(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = std::env::var_os("CONURB_PYTHON").map_or_else(|| root.join("target/venv/bin/python"), PathBuf::from);
    let program = if name == "python" { python } else { python.with_file_name(name) };
    if program.is_file() {
        return Some(program);
    }
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!is_ci, "no {name} in the Python environment: {} (set CONURB_PYTHON)", program.display());
    println!("skipped: no {name} in the Python environment: {} (set CONURB_PYTHON)", program.display());
    None
}

/// A finished run of the quickstart scenario, with lengths and a link closed so that every kind of field is there.
fn finished() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let sets = ["traffic.length_unit=km", "traffic.closed_links=[1]", "scenario.crs=EPSG:32614"];
    let mut arguments = vec!["run".to_owned(), quickstart().to_str().unwrap().to_owned(), "--out".into(), "run".into()];
    arguments.extend(sets.iter().flat_map(|set| ["--set".to_owned(), (*set).to_owned()]));
    printed(folder.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let run = folder.path().join("run");
    (folder, run)
}

fn python_output(script: &str, arguments: &[&Path]) -> Option<Output> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(script);
    Some(Command::new(python_program("python")?).arg(script).args(arguments).output().unwrap())
}

fn python(script: &str, arguments: &[&Path]) -> Option<Output> {
    let output = python_output(script, arguments)?;
    assert!(output.status.success(), "{}\n{}", text(&output.stdout), text(&output.stderr));
    Some(output)
}

#[test]
fn xarray_h5py_netcdf4_and_openmatrix_read_a_run() {
    let (_keep, run) = finished();
    python("read_assignment.py", &[&run]);
}

/// A finished run of two periods and two classes, with counts.
fn finished_town() -> (tempfile::TempDir, PathBuf) {
    let folder = town::town(town::SCENARIO, town::COUNTS);
    printed(folder.path(), &["run", "town.toml", "--out", "run"]);
    let run = folder.path().join("run");
    (folder, run)
}

#[test]
fn xarray_netcdf4_and_openmatrix_read_a_run_of_two_periods() {
    let (keep, run) = finished_town();
    printed(keep.path(), &["export", "run", "--to", "omx", "--out", "m.omx"]);
    python("read_periods.py", &[&run, &keep.path().join("m.omx")]);
}

#[test]
fn frictionless_accepts_the_network_of_a_run_of_two_periods() {
    let (keep, _) = finished_town();
    printed(keep.path(), &["export", "run", "--to", "gmns", "--out", "net", "--period", "pm"]);
    python("validate_package.py", &[&keep.path().join("net/datapackage.json")]);
}

#[test]
fn h5py_recomputes_the_checksum_of_a_run() {
    let (_keep, run) = finished();
    let Some(output) = python("checksum.py", &[&run]) else { return };
    assert_eq!(text(&output.stdout).trim(), report(&run).checksum);
}

#[test]
fn the_compliance_checker_finds_nothing_but_the_mesh() {
    let Some(checker) = python_program("compliance-checker") else { return };
    for (_keep, run) in [finished(), finished_town()] {
        let told = compliance(&checker, &run);
        assert!(told.is_empty(), "{told:?}");
    }
}

/// What the compliance checker has against a run but for the mesh.
fn compliance(checker: &Path, run: &Path) -> Vec<String> {
    let arguments = ["--test=cf:1.11", "--criteria=strict", "--format=text"];
    let output = Command::new(checker).args(arguments).arg(run.join("traffic.nc")).output().unwrap();
    let told = text(&output.stdout);
    // CF-1.11 takes these roles from UGRID (its appendix K); version 6.1.0 of the checker does not know them yet.
    let about_meshes = [
        "* There may only be one variable containing the cf_role attribute.",
        "* edge_node_connectivity is not a valid cf_role value.",
        "* mesh_topology is not a valid cf_role value.",
    ];
    let found = told.lines().filter(|line| line.starts_with("* "));
    assert!(told.contains("Compliance Checker Report"), "{told}");
    found.filter(|line| !about_meshes.iter().any(|known| line.starts_with(known))).map(str::to_owned).collect()
}

#[test]
fn frictionless_accepts_a_network_as_gmns() {
    let (keep, _) = finished();
    printed(keep.path(), &["export", "run", "--to", "gmns", "--out", "net"]);
    let net = keep.path().join("net");
    let tables = ["config", "node", "zone", "link", "link_performance"];
    let arguments = [&[net.join("datapackage.json")][..], &tables.map(PathBuf::from)].concat();
    let arguments: Vec<&Path> = arguments.iter().map(PathBuf::as_path).collect();
    let Some(_) = python("validate_package.py", &arguments) else { return };
    // It looks at more than the form: a link from nowhere is found, and so is a link without an id.
    let table = fs::read_to_string(net.join("link.csv")).unwrap();
    let first = table.lines().nth(1).unwrap();
    for (wrong, kind) in
        [(first.replacen("1,,1,", "999,,99,", 1), "foreign-key"), (first.replacen("1,", ",", 1), "primary-key")]
    {
        fs::write(net.join("link.csv"), format!("{table}{wrong}\n")).unwrap();
        let refused = python_output("validate_package.py", &[&net.join("datapackage.json")]).unwrap();
        assert_eq!(refused.status.code(), Some(1), "{wrong}");
        assert!(text(&refused.stdout).contains(kind), "{}", text(&refused.stdout));
    }
    let set = ["--set", "traffic.turning_volumes=true"];
    printed(keep.path(), &[&["run", quickstart().to_str().unwrap(), "--out", "turns"][..], &set].concat());
    printed(keep.path(), &["export", "turns", "--to", "gmns", "--out", "movements"]);
    let package = keep.path().join("movements/datapackage.json");
    python("validate_package.py", &[&package, Path::new("movement"), Path::new("movement_performance")]);
}

#[test]
fn ncdump_reads_the_header_of_a_run() {
    let (_keep, run) = finished();
    let Ok(output) = Command::new("ncdump").arg("-h").arg(run.join("traffic.nc")).output() else {
        assert!(!std::env::var("CI").is_ok_and(|value| value == "true"), "no ncdump (Debian: netcdf-bin)");
        println!("skipped: no ncdump (Debian: netcdf-bin)");
        return;
    };
    let header = text(&output.stdout);
    for line in ["link = 76 ;", "double link_volume(class, link) ;", "link_volume:units = \"h-1\" ;"] {
        assert!(header.contains(line), "no \"{line}\" in:\n{header}");
    }
}
