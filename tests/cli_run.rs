//! Whole runs through the command line: what a run folder holds, and what the other commands make of it.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/runs.rs"]
mod runs;

use std::fs;
use std::path::Path;

use conurb::stages::Metric;
use runs::{braess, conurb, field, printed, quickstart, refused, report, text};

/// A folder with a finished run of the quickstart scenario as `run`.
fn finished() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    run_to(folder.path(), "run", &[]);
    folder
}

fn run_to(folder: &Path, out: &str, arguments: &[&str]) -> String {
    let file = quickstart();
    printed(folder, &[&["run", file.to_str().unwrap(), "--out", out], arguments].concat())
}

/// Files below a folder, by their paths within it.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_run_folder_holds_what_is_promised_and_nothing_else() {
    let folder = finished();
    let run = folder.path().join("run");
    let expected =
        ["export/links.csv", "export/matrices.omx", "report.html", "report.json", "scenario.toml", "traffic.nc"];
    assert_eq!(files(&run), expected);
    assert!(!run.join(".partial").exists());
    let json: serde_json::Value = serde_json::from_str(&fs::read_to_string(run.join("report.json")).unwrap()).unwrap();
    for key in
        ["scenario", "engine", "machine", "threads", "ranks", "inputs", "checksum", "peak_memory_bytes", "stages"]
    {
        assert!(!json[key].is_null(), "report.json lacks {key}");
    }
    assert_eq!(json["inputs"].as_array().unwrap().len(), 3);
    assert!(json["peak_memory_bytes"].as_u64().unwrap() > 1 << 20);
    let stage = &json["stages"][0];
    assert_eq!(stage["name"], "traffic.assignment");
    for key in ["read", "compute", "communicate", "write"] {
        assert!(stage["phases"][key].as_f64().unwrap() >= 0.0, "phases lack {key}");
    }
    assert!(stage["throughput"]["value"].as_f64().unwrap() > 0.0 && stage["throughput"]["unit"] == "trees/s");
    assert_eq!(stage["metrics"]["converged"], true);
    // LeBlanc, Morlok and Pierskalla's network: the optimum is published as 42.31335287 in units of 1e5.
    let objective = stage["metrics"]["beckmann_objective"].as_f64().unwrap();
    assert!((objective / 4_231_335.287_107_44 - 1.0).abs() < 1e-9, "{objective}");
}

#[test]
fn what_is_written_adds_up_over_links_and_pairs() {
    let folder = finished();
    let run = folder.path().join("run");
    let dot = |left: &str, right: &str| -> f64 {
        field(&run, left).iter().zip(field(&run, right)).map(|(left, right)| left * right).sum()
    };
    let done = report(&run);
    let Some(&Metric::Number(gap)) = done.metric("relative_gap") else { panic!("no relative_gap") };
    let over_links = dot("link_volume_pcu", "link_cost");
    // TSTT - SPTT = gap × TSTT, with TSTT summed over links and SPTT over pairs of zones.
    assert!(((over_links - dot("demand", "skim_cost")) / over_links - gap).abs() < 1e-13, "{over_links}, gap {gap}");
    // Costs are minutes here and times seconds; nothing else is in the costs.
    assert!((dot("demand", "skim_travel_time") / dot("demand", "skim_cost") - 60.0).abs() < 1e-9);
    assert!((dot("link_volume", "link_travel_time") / over_links - 60.0).abs() < 1e-9);
    let ratio = field(&run, "volume_capacity_ratio");
    let by_hand: Vec<f64> =
        field(&run, "link_volume_pcu").iter().zip(field(&run, "link_capacity")).map(|(v, c)| v / c).collect();
    assert!(ratio.iter().zip(by_hand).all(|(found, expected)| (found - expected).abs() <= 1e-15 * expected));
}

#[test]
fn periods_and_units_change_what_is_written_and_not_what_is_solved() {
    let folder = finished();
    run_to(folder.path(), "half", &["--set", "traffic.period_h=0.5", "--set", "traffic.time_unit=s"]);
    run_to(folder.path(), "km", &["--set", "traffic.length_unit=km"]);
    let [run, half, km] = ["run", "half", "km"].map(|name| folder.path().join(name));
    let twice: Vec<f64> = field(&run, "link_volume").iter().map(|volume| 2.0 * volume).collect();
    assert_eq!(field(&half, "link_volume"), twice, "vehicles per hour, from vehicles per half an hour");
    let sixtieth: Vec<f64> = field(&run, "link_travel_time").iter().map(|time| time / 60.0).collect();
    let near = |(found, expected): (&f64, &f64)| (found - expected).abs() <= 1e-14 * expected;
    assert!(field(&half, "link_travel_time").iter().zip(&sixtieth).all(near));
    assert_eq!(field(&half, "link_cost"), field(&run, "link_cost"));
    assert!(report(&km).metric("vkt").is_some() && report(&run).metric("vkt").is_none());
    assert_eq!(field(&km, "skim_distance").len(), 24 * 24);
}

#[test]
fn the_resolved_scenario_gives_the_same_run() {
    let folder = finished();
    let run = folder.path().join("run");
    let again = quickstart().with_file_name("resolved_by_a_test.toml");
    // Its paths start from the folder of the original, so it is put there for a moment.
    fs::copy(run.join("scenario.toml"), &again).unwrap();
    let output = conurb(folder.path(), &["run", again.to_str().unwrap(), "--out", "again"]);
    fs::remove_file(&again).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(report(&folder.path().join("again")).checksum, report(&run).checksum);
    let resolved = |run: &str| fs::read_to_string(folder.path().join(run).join("scenario.toml")).unwrap();
    let without_head = |text: String| text.split_once('\n').unwrap().1.to_owned();
    assert_eq!(without_head(resolved("again")), without_head(resolved("run")));
}

#[test]
fn a_finished_run_is_overwritten_only_by_force() {
    let folder = finished();
    let before = fs::read(folder.path().join("run/report.json")).unwrap();
    let file = quickstart();
    let arguments = ["run", file.to_str().unwrap(), "--out", "run"];
    let (code, message) = refused(folder.path(), &arguments);
    assert_eq!(code, 2);
    assert!(message.contains("holds a finished run") && message.contains("hint: run with --force"), "{message}");
    assert_eq!(fs::read(folder.path().join("run/report.json")).unwrap(), before);
    run_to(folder.path(), "run", &["--force", "--set", "traffic.demand_factor=0.5"]);
    let Some(&Metric::Number(demand)) = report(&folder.path().join("run")).metric("assigned_demand") else { panic!() };
    assert!((demand - 180_300.0).abs() < 1e-6);
}

#[test]
fn the_usual_run_folder_has_the_name_of_the_scenario() {
    let folder = braess();
    printed(folder.path(), &["run", "braess.toml"]);
    assert!(folder.path().join("runs/braess/report.json").exists());
}

#[test]
fn check_prints_the_plan_and_computes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let told = printed(folder.path(), &["check", quickstart().to_str().unwrap()]);
    for words in
        ["stage 1: traffic.assignment", "zones: 24", "links: 76", "zone pairs: 528", "link_volume", "memory: about"]
    {
        assert!(told.contains(words), "no \"{words}\" in:\n{told}");
    }
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

#[test]
fn data_goes_to_standard_output_and_progress_to_standard_error() {
    let folder = braess();
    let output = conurb(folder.path(), &["run", "braess.toml", "--progress", "plain"]);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(out.starts_with("traffic.assignment (") && out.contains("\nchecksum: "), "{out}");
    assert!(err.lines().all(|line| line.starts_with("traffic.assignment: ")), "{err}");
    assert!(err.contains("100 %, iteration "), "{err}");
    let silent = conurb(folder.path(), &["run", "braess.toml", "--force", "--progress", "never"]);
    assert_eq!(text(&silent.stderr), "");
}

#[test]
fn too_few_iterations_are_a_warning() {
    let folder = braess();
    let told = printed(folder.path(), &["run", "braess.toml", "--set", "traffic.assignment.max_iterations=1"]);
    assert!(told.contains("converged: no") && told.contains("warning: relative gap "), "{told}");
    let done = report(&folder.path().join("runs/braess"));
    assert_eq!(done.metric("converged"), Some(&Metric::Flag(false)));
    assert_eq!(done.metric("iterations"), Some(&Metric::Count(1)));
    assert!(done.stages[0].warnings.iter().any(|warning| warning.code == "not_converged"));
}

#[test]
fn runs_are_exported_to_every_format() {
    let folder = finished();
    for (format, name, start) in
        [("csv", "links.csv", "link_id,from_node,"), ("report", "report.html", "<!doctype html>"), ("omx", "m.omx", "")]
    {
        let output = conurb(folder.path(), &["export", "run", "--to", format, "--out", name]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("wrote ") && output.stdout.is_empty());
        let bytes = fs::read(folder.path().join(name)).unwrap();
        assert!(bytes.to_ascii_lowercase().starts_with(start.as_bytes()), "{format}");
        let (code, message) = refused(folder.path(), &["export", "run", "--to", format, "--out", name]);
        assert!(code == 2 && message.contains("something of this name already"), "{message}");
    }
    assert_eq!(
        fs::read(folder.path().join("links.csv")).unwrap(),
        fs::read(folder.path().join("run/export/links.csv")).unwrap()
    );
    let (code, message) = refused(folder.path(), &["export", "run", "--to", "geojson", "--out", "links.geojson"]);
    assert!(code == 2 && message.contains("the scenario names no crs"), "{message}");
    assert!(!folder.path().join("links.geojson").exists());
    let (code, _) = refused(folder.path(), &["export", "nowhere", "--to", "csv", "--out", "x.csv"]);
    assert!(code == 2 && !folder.path().join("x.csv").exists());
}

#[test]
fn longitudes_and_latitudes_are_exported_as_geojson() {
    let folder = tempfile::tempdir().unwrap();
    run_to(folder.path(), "run", &["--set", "scenario.crs=EPSG:4326"]);
    printed(folder.path(), &["export", "run", "--to", "geojson", "--out", "links.geojson"]);
    let collection = fs::read_to_string(folder.path().join("links.geojson")).unwrap();
    let collection: serde_json::Value = serde_json::from_str(&collection).unwrap();
    let links = collection["features"].as_array().unwrap();
    assert_eq!(links.len(), 76);
    assert_eq!(links[0]["geometry"]["type"], "LineString");
    assert_eq!(links[0]["properties"]["volume_pcu_per_h"], field(&folder.path().join("run"), "link_volume_pcu")[0]);
}

#[test]
fn a_variant_is_compared_with_the_base() {
    let folder = finished();
    run_to(folder.path(), "closed", &["--set", "traffic.closed_links=[1]"]);
    let told = printed(folder.path(), &["compare", "run", "closed", "--out", "compared"]);
    for words in
        ["results: different", "traffic.closed_links  ", "links: 76 in both runs", "greatest changes of volume"]
    {
        assert!(told.contains(words), "no \"{words}\" in:\n{told}");
    }
    assert_eq!(files(&folder.path().join("compared")), ["compare.csv", "compare.html"]);
    let closed = folder.path().join("closed");
    assert_eq!(field(&closed, "link_volume")[0], 0.0);
    assert!(field(&closed, "link_travel_time")[0].is_nan(), "a closed link has no travel time");
    assert_eq!(report(&closed).metric("closed_links"), Some(&Metric::Count(1)));
    let same = printed(folder.path(), &["compare", "run", "run"]);
    assert!(same.contains("results: equal"), "{same}");
}

#[test]
fn the_checksum_is_that_of_the_report_until_a_value_changes() {
    let folder = finished();
    let expected = report(&folder.path().join("run")).checksum;
    assert_eq!(printed(folder.path(), &["checksum", "run"]), format!("{expected}\n"));
    let file = hdf5::File::open_rw(folder.path().join("run/traffic.nc")).unwrap();
    let volumes = file.dataset("link_volume_pcu").unwrap();
    let mut values: Vec<f64> = volumes.read_raw().unwrap();
    values[7] = f64::from_bits(values[7].to_bits() + 1);
    volumes.write_raw(&values).unwrap();
    drop((volumes, file));
    assert_ne!(printed(folder.path(), &["checksum", "run"]), format!("{expected}\n"));
    let (code, _) = refused(folder.path(), &["checksum", "nowhere"]);
    assert_eq!(code, 2);
}

#[test]
fn the_doctor_looks_around() {
    let told = printed(Path::new("."), &["doctor", "--threads", "2", "--local-ranks", "3"]);
    for words in ["HDF5 ", "cores ", "ranks          3", "rank 2"] {
        assert!(told.contains(words), "no \"{words}\" in:\n{told}");
    }
}

#[test]
fn the_bench_measures_each_number_of_threads_and_checks_the_bits() {
    let file = quickstart();
    let arguments = ["bench", "assignment", file.to_str().unwrap(), "--threads", "1,2", "--repeat", "1"];
    let told = printed(Path::new("."), &arguments);
    let rows: Vec<Vec<&str>> = told.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!((rows.len(), rows[0][0], rows[1][1], rows[2][1]), (3, "ranks", "1", "2"));
    assert_eq!(rows[1].last(), rows[2].last(), "the same volumes");
}

#[test]
fn the_bench_of_a_made_town_gives_the_same_bits_on_threads_and_ranks() {
    let weather = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/town/town.epw.gz");
    let folder = tempfile::tempdir().unwrap();
    let rows = |more: &[&str]| -> Vec<Vec<String>> {
        let mut arguments = vec!["bench", "energy", "--epw", weather.to_str().unwrap(), "--buildings", "30"];
        arguments.extend(["--repeat", "1", "--scratch", folder.path().to_str().unwrap()]);
        arguments.extend(more);
        let told = printed(Path::new("."), &arguments);
        told.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let shaded = rows(&["--shaded", "--packages", "1", "--threads", "1,2", "--local-ranks", "3"]);
    assert_eq!((shaded.len(), shaded[0][0].as_str(), shaded[0].len()), (3, "buildings", shaded[1].len()));
    assert_eq!(shaded[1][..6], ["30", "2", "multi_node", "shaded", "3", "1"]);
    let open = rows(&["--packages", "1", "--threads", "1"]);
    assert_eq!(rows(&["--shaded", "--packages", "1", "--threads", "1"])[1].last(), shaded[2].last());
    assert_ne!(open[1].last(), shaded[1].last(), "shadows make a difference");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn the_bench_of_a_made_projection_gives_the_same_bits_on_threads_and_ranks_from_any_chunks() {
    let folder = tempfile::tempdir().unwrap();
    let rows = |more: &[&str]| -> Vec<Vec<String>> {
        let mut arguments = vec!["bench", "climate", "--cells", "12", "--years", "4", "--repeat", "1"];
        arguments.extend(["--scratch", folder.path().to_str().unwrap()]);
        arguments.extend(more);
        let told = printed(Path::new("."), &arguments);
        told.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let maps = rows(&["--threads", "1,2", "--local-ranks", "2"]);
    assert_eq!((maps.len(), maps[0][0].as_str(), maps[0].len()), (3, "cells", maps[1].len()));
    assert_eq!(maps[1][..7], ["12", "4", "tas", "quantile_delta_mapping", "maps", "2", "1"]);
    let values = maps[0].iter().position(|name| name == "adjusted_values").unwrap();
    assert_eq!(maps[1][values], (12 * 4 * 365).to_string());
    let cells = rows(&["--threads", "1", "--layout", "cells", "--set", "climate.tile_cells=5"]);
    assert_eq!((cells[1][4].as_str(), cells[1].last()), ("cells", maps[2].last()));
    let other = rows(&["--threads", "1", "--seed", "1"]);
    assert_ne!(other[1].last(), maps[1].last(), "another projection");
    let rain = rows(&["--threads", "1", "--variable", "pr", "--method", "local_intensity_scaling"]);
    assert_eq!(rain[1][2..4], ["pr", "local_intensity_scaling"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    let arguments = ["bench", "climate", "--cells", "1", "--years", "1", "--set", "climate.colour=1"];
    let scratch = ["--scratch", folder.path().to_str().unwrap()];
    assert_eq!(refused(Path::new("."), &[&arguments[..], &scratch].concat()).0, 2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nor after a refusal");
}
