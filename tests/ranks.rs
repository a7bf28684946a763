//! Whole runs over any number of threads and ranks: the same bits, the same end.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/runs.rs"]
mod runs;

use std::path::Path;

use runs::{braess, conurb, field, quickstart, refused, report, text};

const THREADS: [usize; 3] = [1, 2, 4];
const RANKS: [usize; 5] = [1, 2, 3, 4, 7];

/// Runs a scenario and gives its checksum and the bits of its volumes.
fn run(folder: &Path, scenario: &[&str], threads: usize, ranks: usize) -> (String, Vec<u64>) {
    let (threads_text, ranks_text) = (threads.to_string(), ranks.to_string());
    let numbers = ["--threads", &threads_text, "--local-ranks", &ranks_text, "--out", "run", "--force"];
    let output = conurb(folder, &[&["run"], scenario, &numbers].concat());
    assert_eq!(output.status.code(), Some(0), "{threads} threads, {ranks} ranks: {}", text(&output.stderr));
    let done = report(&folder.join("run"));
    assert_eq!((done.threads, done.ranks), (threads, ranks));
    let volumes = field(&folder.join("run"), "link_volume").iter().map(|volume| volume.to_bits()).collect();
    (done.checksum, volumes)
}

fn assert_same(folder: &Path, scenario: &[&str], numbers: impl Iterator<Item = (usize, usize)>) {
    let expected = run(folder, scenario, 1, 1);
    for (threads, ranks) in numbers {
        let found = run(folder, scenario, threads, ranks);
        assert!(found == expected, "{threads} threads and {ranks} ranks give other bits than one of each");
    }
}

fn all() -> impl Iterator<Item = (usize, usize)> {
    THREADS.into_iter().flat_map(|threads| RANKS.into_iter().map(move |ranks| (threads, ranks)))
}

#[test]
fn braess_with_more_ranks_than_origins() {
    assert_same(braess().path(), &["braess.toml"], all());
}

#[test]
fn sioux_falls() {
    let folder = tempfile::tempdir().unwrap();
    // Six groups of its 24 origins, so that groups and ranks cut them differently.
    let file = quickstart();
    let scenario = [file.to_str().unwrap(), "--set", "traffic.assignment.group_size=4"];
    assert_same(folder.path(), &scenario, all());
}

#[test]
fn sioux_falls_by_frank_wolfe() {
    let folder = tempfile::tempdir().unwrap();
    let solver = "traffic.assignment.solver=bi_conjugate_frank_wolfe";
    let scenario = [quickstart().to_str().unwrap().to_owned(), "--set".into(), solver.into()];
    let fewer = ["--set", "traffic.assignment.relative_gap=1e-3"];
    let scenario: Vec<&str> = scenario.iter().map(String::as_str).chain(fewer).collect();
    assert_same(folder.path(), &scenario, [(2, 1), (1, 3), (2, 7)].into_iter());
}

/// A folder with a scenario of Chicago-Sketch to 1e-8, and the arguments that run it; none without the reference data.
fn chicago_sketch() -> Option<(tempfile::TempDir, [String; 3])> {
    let data = common::data_dir()?.canonicalize().unwrap().join("traffic/Chicago-Sketch");
    let folder = tempfile::tempdir().unwrap();
    let scenario = format!(
        "[traffic]\nnetwork = \"{0}/ChicagoSketch_net.tntp\"\ndemand = \"{0}/ChicagoSketch_trips.tntp\"\n\
         time_unit = \"min\"\nlength_unit = \"mi\"\nperiod_h = 1.0\ntoll_weight = 0.02\ndistance_weight = 0.04\n\
         [traffic.assignment]\nrelative_gap = 1e-8\n[output]\nexports = []\n",
        data.display()
    );
    std::fs::write(folder.path().join("chicago.toml"), scenario).unwrap();
    Some((folder, ["chicago.toml".to_owned(), "--allow-path".to_owned(), data.to_str().unwrap().to_owned()]))
}

fn assert_chicago_sketch_same(threads: usize) {
    let Some((folder, scenario)) = chicago_sketch() else { return };
    let numbers = RANKS.into_iter().map(|ranks| (threads, ranks));
    assert_same(folder.path(), &scenario.each_ref().map(String::as_str), numbers);
}

#[test]
fn chicago_sketch_over_ranks() {
    assert_chicago_sketch_same(1);
}

#[test]
fn chicago_sketch_over_ranks_of_two_threads() {
    assert_chicago_sketch_same(2);
}

#[test]
fn chicago_sketch_over_ranks_of_four_threads() {
    assert_chicago_sketch_same(4);
}

#[test]
fn bad_input_is_the_end_of_all_ranks() {
    let folder = braess();
    let file = folder.path().join("braess_net.tntp");
    let broken = std::fs::read_to_string(&file).unwrap().replace("1 4 1 1 50", "1 4 -1 1 50");
    std::fs::write(&file, broken).unwrap();
    let mut told: Vec<String> = ["1", "3"]
        .map(|ranks| {
            let (code, message) =
                refused(folder.path(), &["run", "braess.toml", "--local-ranks", ranks, "--out", "run"]);
            assert_eq!(code, 2, "{message}");
            message
        })
        .to_vec();
    told.dedup();
    assert!(told.len() == 1 && told[0].contains("braess_net.tntp:9: capacity"), "{told:?}");
    assert!(!folder.path().join("run/report.json").exists());
}

#[cfg(feature = "mpi")]
mod mpi {
    use std::process::{Command, Output};

    use super::*;

    fn run_over_mpi(folder: &Path, ranks: usize, scenario: &[&str]) -> Output {
        Command::new(std::env::var("CONURB_MPIRUN").unwrap_or_else(|_| "mpirun".to_owned()))
            .args(["--oversubscribe", "--bind-to", "none", "-n", &ranks.to_string()])
            .arg(assert_cmd::cargo::cargo_bin!("conurb"))
            .args([&["run"], scenario, &["--threads", "1", "--out", "run", "--force"]].concat())
            .current_dir(folder)
            // Open MPI refuses root, which containers run as, unless told twice.
            .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
            .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
            .output()
            .unwrap()
    }

    fn assert_serial(folder: &Path, scenario: &[&str]) {
        let expected = run(folder, scenario, 1, 1);
        for ranks in [1, 2, 3, 4] {
            let output = run_over_mpi(folder, ranks, scenario);
            assert_eq!(output.status.code(), Some(0), "{ranks} ranks: {}", text(&output.stderr));
            let done = report(&folder.join("run"));
            assert_eq!((done.ranks, &done.checksum), (ranks, &expected.0), "{ranks} ranks");
            assert_eq!(text(&output.stdout).matches("checksum: ").count(), 1, "one rank speaks");
        }
    }

    #[test]
    fn braess_with_more_mpi_ranks_than_origins() {
        assert_serial(braess().path(), &["braess.toml"]);
    }

    #[test]
    fn sioux_falls_over_mpi_ranks() {
        let folder = tempfile::tempdir().unwrap();
        assert_serial(folder.path(), &[quickstart().to_str().unwrap()]);
    }

    #[test]
    fn chicago_sketch_over_mpi_ranks() {
        let Some((folder, scenario)) = chicago_sketch() else { return };
        assert_serial(folder.path(), &scenario.each_ref().map(String::as_str));
    }

    #[test]
    fn bad_input_is_the_end_of_all_mpi_ranks() {
        let folder = braess();
        let output = run_over_mpi(folder.path(), 3, &["braess.toml", "--set", "traffic.closed_links=[99]"]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert_eq!(text(&output.stderr).matches("no link 99 in").count(), 1, "{}", text(&output.stderr));
    }
}
