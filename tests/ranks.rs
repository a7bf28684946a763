//! Whole runs over any number of threads and ranks: the same bits, the same end.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/runs.rs"]
mod runs;
#[path = "common/sketch.rs"]
mod sketch;

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

/// Threads and ranks that cut six zones, two classes and two periods in every way.
const SOME: [(usize, usize); 9] = [(2, 1), (4, 1), (1, 2), (1, 3), (2, 3), (1, 4), (4, 4), (1, 7), (4, 7)];

const TWO_CLASSES: &str = "[[traffic.class]]\nname = \"car\"\ndemand_factor = 0.8\nvalue_of_time_per_h = 30.0\n\
    [[traffic.class]]\nname = \"truck\"\ndemand_factor = 0.1\npce = 2.0\nvalue_of_time_per_h = 80.0\n\
    cost_per_km = 0.5\nbanned_links = [110]\n";

/// A small town with a scenario of everything at once but distribution, as `all.toml`.
fn everything() -> tempfile::TempDir {
    let folder = sketch::grid(3, 4, 4).folder();
    let turns = "from_node,via_node,to_node,penalty_s,banned\n5,4,7,20,0\n2,5,8,0,1\n4,5,6,5.5,0\n6,9,6,1,0\n";
    std::fs::write(folder.path().join("turns.csv"), turns).unwrap();
    let keys = "period_h = 0.5\npath_flows = true\nturning_volumes = true\n\
        skims = [\"cost\", \"travel_time\", \"distance\", \"toll\", \"free_flow_time\"]\n";
    let tables = "[traffic.assignment]\nrelative_gap = 1e-8\ngroup_size = 4\n\
        [traffic.turns]\nfile = \"turns.csv\"\nu_turns = \"dead_ends\"\nleft_turn_s = 6.0\n\
        [traffic.system_optimum]\n[traffic.braess]\nlinks = [101, 105]\nmost_loaded = 2\n\
        [[traffic.select]]\nname = \"one\"\nlinks = [104, 109]\n\
        [[traffic.select]]\nname = \"zones\"\norigins = [10]\n\
        [[traffic.volume_delay]]\nfunction = \"conical\"\nalpha = 5.0\n\
        [[traffic.period]]\nname = \"morning\"\nhours = 2.0\n\
        [[traffic.period]]\nname = \"evening\"\nhours = 3.0\ndemand_factor = 0.7\n";
    std::fs::write(folder.path().join("all.toml"), sketch::on_town(keys, &format!("{tables}{TWO_CLASSES}"))).unwrap();
    folder
}

/// The same town, whose trips find their destinations, as `distribution.toml`.
fn distribution() -> tempfile::TempDir {
    let folder = sketch::grid(3, 4, 4).folder();
    let tables = "[traffic.assignment]\nrelative_gap = 1e-8\n[traffic.distribution]\ndeterrence = \"combined\"\n\
        alpha = 0.3\nbeta_per_min = 0.4\ntolerance = 1e-6\n[[traffic.select]]\nname = \"one\"\nlinks = [104]\n";
    let scenario = sketch::on_town("path_flows = true\n", &format!("{tables}{TWO_CLASSES}"));
    std::fs::write(folder.path().join("distribution.toml"), scenario).unwrap();
    folder
}

/// Everything again from the paths of a run on the whole network, with a link closed, as `warm.toml`.
fn warm_start() -> tempfile::TempDir {
    let folder = everything();
    runs::printed(folder.path(), &["run", "all.toml", "--out", "first", "--threads", "2"]);
    let scenario = std::fs::read_to_string(folder.path().join("all.toml")).unwrap();
    let warm = "group_size = 4\nwarm_start = \"first\"\n";
    let scenario = scenario.replace("period_h = 0.5", "period_h = 0.5\nclosed_links = [107]");
    std::fs::write(folder.path().join("warm.toml"), scenario.replace("group_size = 4\n", warm)).unwrap();
    folder
}

#[test]
fn everything_at_once() {
    assert_same(everything().path(), &["all.toml"], SOME.into_iter());
}

#[test]
fn trips_that_find_their_destinations() {
    assert_same(distribution().path(), &["distribution.toml"], SOME.into_iter());
}

#[test]
fn a_start_from_known_paths() {
    let folder = warm_start();
    assert_same(folder.path(), &["warm.toml"], SOME.into_iter());
    let warm = sketch::Finished::open(&folder.path().join("run"));
    assert!(warm.warned("dropped_paths") > 0 && warm.converged());
}

#[test]
fn successive_averages() {
    let folder = sketch::sioux_falls();
    let solver = "[traffic.assignment]\nsolver = \"msa\"\nmax_iterations = 30\n";
    let classes = TWO_CLASSES.replace("[110]", "[10]");
    std::fs::write(folder.path().join("msa.toml"), sketch::on_town("", &format!("{solver}{classes}"))).unwrap();
    assert_same(folder.path(), &["msa.toml"], SOME.into_iter());
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
    fn everything_at_once_over_mpi_ranks() {
        assert_serial(everything().path(), &["all.toml"]);
    }

    #[test]
    fn trips_that_find_their_destinations_over_mpi_ranks() {
        assert_serial(distribution().path(), &["distribution.toml"]);
    }

    #[test]
    fn a_start_from_known_paths_over_mpi_ranks() {
        assert_serial(warm_start().path(), &["warm.toml"]);
    }

    #[test]
    fn bad_input_is_the_end_of_all_mpi_ranks() {
        let folder = braess();
        let output = run_over_mpi(folder.path(), 3, &["braess.toml", "--set", "traffic.closed_links=[99]"]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert_eq!(text(&output.stderr).matches("no link 99 in").count(), 1, "{}", text(&output.stderr));
    }
}
