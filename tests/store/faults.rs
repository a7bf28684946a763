//! What bad luck leaves behind: kills, full disks, other runs, files of other people.

use std::fs;
use std::path::Path;
use std::process::Command;

use conurb::error::Error;
use conurb::parallel::Runtime;
use conurb::store::{Identity, OpenMode, RunFolder};

use crate::over;
use crate::sample_run::{header, identity, write_network, write_run};

fn open(directory: &Path, mode: OpenMode, identity: &Identity) -> Result<Vec<bool>, Error> {
    over(2, 1, |runtime| {
        let folder = RunFolder::open(runtime, directory, mode, identity, header())?;
        Ok(["traffic.assignment", "traffic.skims"].map(|stage| folder.finished_stage(stage).is_some()).to_vec())
    })
}

fn refused(directory: &Path, mode: OpenMode) -> String {
    let error = open(directory, mode, &identity()).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    error.to_string()
}

/// A run that ends after its first stage.
fn half_a_run(runtime: &Runtime, directory: &Path) -> Result<(), Error> {
    let mut folder = RunFolder::open(runtime, directory, OpenMode::New, &identity(), header())?;
    let mut sink = folder.stage_sink("traffic.assignment");
    write_network(&mut sink)?;
    folder.finish_stage(sink, serde_json::json!({ "iterations": 4 }))?;
    write_network(&mut folder.stage_sink("traffic.skims")).map(drop).or(Ok(()))
}

#[test]
fn a_finished_run_is_replaced_only_by_force() {
    let folder = tempfile::tempdir().unwrap();
    over(1, 1, |runtime| write_run(runtime, folder.path())).unwrap();
    for mode in [OpenMode::New, OpenMode::Resume] {
        assert!(refused(folder.path(), mode).contains("holds a finished run\n  hint: run with --force"));
        assert!(folder.path().join("report.json").exists());
    }
    fs::write(folder.path().join("thesis.docx"), "years of work").unwrap();
    let told = refused(folder.path(), OpenMode::Force);
    assert!(told.contains("holds files that are not of a run: thesis.docx"), "{told}");
    assert!(folder.path().join("report.json").exists(), "a refusal removes nothing");
    fs::remove_file(folder.path().join("thesis.docx")).unwrap();
    assert_eq!(open(folder.path(), OpenMode::Force, &identity()).unwrap(), [false, false]);
    let left = |name: &str| folder.path().join(name).exists();
    assert!(!left("report.json") && !left("traffic.nc") && !left("report.html"));
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["a", "b", "c", "d", "e", "f", "g"] {
        fs::write(folder.path().join(file), "mine").unwrap();
    }
    for mode in [OpenMode::New, OpenMode::Force, OpenMode::Resume] {
        assert!(refused(folder.path(), mode).contains("not of a run: a, b, c, d, e and 2 more"));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 7, "not even a lock stays");
}

#[test]
fn an_unfinished_run_goes_on_from_its_finished_stages() {
    let folder = tempfile::tempdir().unwrap();
    over(2, 1, |runtime| half_a_run(runtime, folder.path())).unwrap();
    assert!(!folder.path().join("report.json").exists() && !folder.path().join("traffic.nc").exists());
    assert!(refused(folder.path(), OpenMode::New).contains("holds an unfinished run\n  hint: run with --resume"));
    assert_eq!(open(folder.path(), OpenMode::Resume, &identity()).unwrap(), [true, false]);
    // The stage that was not finished has left nothing to trip over.
    assert!(!folder.path().join(".partial/traffic.skims/traffic.nc").exists());
    // A stage whose file is gone runs again.
    fs::remove_file(folder.path().join(".partial/traffic.assignment/traffic.nc")).unwrap();
    assert_eq!(open(folder.path(), OpenMode::Resume, &identity()).unwrap(), [false, false]);
    assert_eq!(open(folder.path(), OpenMode::Force, &identity()).unwrap(), [false, false]);
}

#[test]
fn an_empty_folder_can_be_resumed_into() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(open(folder.path(), OpenMode::Resume, &identity()).unwrap(), [false, false]);
}

#[test]
fn a_resume_with_something_else_names_every_difference() {
    let folder = tempfile::tempdir().unwrap();
    over(1, 1, |runtime| half_a_run(runtime, folder.path())).unwrap();
    let other = Identity {
        scenario_sha256: "f00".to_owned(),
        inputs: vec![("net.tntp".to_owned(), "1".to_owned()), ("trips.csv".to_owned(), "2".to_owned())],
        engine_version: "0.2.0".to_owned(),
    };
    let error = open(folder.path(), OpenMode::Resume, &other).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    for word in [
        "was started by version 0.1.0, this is version 0.2.0",
        "with another scenario",
        "the input net.tntp has changed since",
        "did not read the input trips.csv",
    ] {
        assert!(error.to_string().contains(word), "{error}");
    }
    let fewer = Identity { inputs: Vec::new(), ..identity() };
    let error = open(folder.path(), OpenMode::Resume, &fewer).unwrap_err().to_string();
    assert!(error.contains("also read the input net.tntp"), "{error}");
}

#[test]
fn a_damaged_record_is_told() {
    let folder = tempfile::tempdir().unwrap();
    over(1, 1, |runtime| half_a_run(runtime, folder.path())).unwrap();
    let record = folder.path().join(".partial/stages.json");
    fs::write(&record, &fs::read(&record).unwrap()[..20]).unwrap();
    let told = refused(folder.path(), OpenMode::Resume);
    assert!(told.contains("stages.json: cannot read it: EOF") && told.contains("--force"), "{told}");
}

#[test]
fn two_runs_do_not_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::serial(1).unwrap();
    let first = RunFolder::open(&runtime, folder.path(), OpenMode::New, &identity(), header()).unwrap();
    for mode in [OpenMode::New, OpenMode::Force, OpenMode::Resume] {
        let told = refused(folder.path(), mode);
        assert!(told.contains(&format!("is in use by process {}", std::process::id())), "{told}");
    }
    drop(first);
    assert!(refused(folder.path(), OpenMode::New).contains("holds an unfinished run"));
}

/// Names the test below that a child process runs, with the folder it works in.
const CHILD_FOLDER: &str = "CONURB_TEST_STORE_CHILD";

fn child(test: &str, directory: &Path, shell: &str) -> std::process::Output {
    let program = std::env::current_exe().unwrap();
    let run = format!("{shell} exec \"$0\" --exact --nocapture {test}");
    let mut command = Command::new("sh");
    command.args(["-c", &run]).arg(program).env(CHILD_FOLDER, directory).output().unwrap()
}

#[test]
fn a_file_that_cannot_grow_leaves_no_final_name() {
    if let Some(directory) = std::env::var_os(CHILD_FOLDER) {
        let error = over(2, 1, |runtime| write_run(runtime, Path::new(&directory))).unwrap_err();
        println!("child: {error}");
        return;
    }
    // Sizes at which different writes fail: 8 blocks of 512 bytes or of 1024, by shell.
    for blocks in [1, 8, 32, 64] {
        let folder = tempfile::tempdir().unwrap();
        // The limit comes as a signal unless that is ignored, then as an error like that of a full disk.
        let limits = format!("trap '' XFSZ; ulimit -f {blocks};");
        let output = child("faults::a_file_that_cannot_grow_leaves_no_final_name", folder.path(), &limits);
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{blocks} blocks: {text}");
        assert!(text.contains("File too large"), "{blocks} blocks: {text}");
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [".partial"], "{blocks} blocks: {text}");
    }
}

#[test]
fn a_killed_run_is_an_unfinished_one() {
    if let Some(directory) = std::env::var_os(CHILD_FOLDER) {
        let directory = Path::new(&directory);
        let runtime = Runtime::serial(1).unwrap();
        let mut folder = RunFolder::open(&runtime, directory, OpenMode::New, &identity(), header()).unwrap();
        let mut sink = folder.stage_sink("traffic.assignment");
        write_network(&mut sink).unwrap();
        folder.finish_stage(sink, serde_json::Value::Null).unwrap();
        write_network(&mut folder.stage_sink("traffic.skims")).unwrap_err();
        // As a kill does: nothing is tidied up.
        std::process::abort();
    }
    let folder = tempfile::tempdir().unwrap();
    let output = child("faults::a_killed_run_is_an_unfinished_one", folder.path(), "ulimit -c 0;");
    assert!(!output.status.success());
    assert!(folder.path().join(".lock").exists(), "a killed run leaves its lock behind");
    assert!(!folder.path().join("traffic.nc").exists());
    assert!(refused(folder.path(), OpenMode::New).contains("holds an unfinished run"));
    assert_eq!(open(folder.path(), OpenMode::Resume, &identity()).unwrap(), [true, false]);
}
