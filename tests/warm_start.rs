//! Runs that start from the paths of an earlier one: the same equilibrium, sooner; and earlier runs that are damaged.
//!
//! Tolerance: volumes of rising links agree to 1e-5 of the greatest where both runs have a relative gap of 1e-10.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/oracle.rs"]
mod oracle;
#[path = "common/runs.rs"]
mod runs;
#[path = "common/sketch.rs"]
mod sketch;

use std::fs;
use std::path::Path;

use conurb::store::read::RunReader;
use oracle::{UsedPath, used_paths};
use sketch::{Finished, assert_close, fails, finish, grid, on_town, sioux_falls};

const PATHS: &str = "path_flows = true\n";

fn assignment(more: &str) -> String {
    format!("[traffic.assignment]\nrelative_gap = 1e-10\n{more}")
}

fn iterations(run: &Finished) -> f64 {
    run.number("iterations")
}

#[test]
fn an_unchanged_scenario_needs_one_iteration() {
    let folder = sioux_falls();
    let first = finish(folder.path(), "first", &on_town(PATHS, &assignment("")), &[]);
    let again = finish(folder.path(), "again", &on_town(PATHS, &assignment("warm_start = \"first\"\n")), &[]);
    assert!(iterations(&first) > 3.0 && iterations(&again) == 1.0, "{}", iterations(&again));
    assert_close(&again.values("link_volume"), &first.values("link_volume"), 1e-9, "volumes");
    // The same paths with the same flows; which of a pair's paths stands first may differ.
    let by_links = |run: &Finished| {
        let mut paths = used_paths(run);
        paths.sort_by(|one, other| (one.key, &one.links).cmp(&(other.key, &other.links)));
        paths
    };
    let (found, expected) = (by_links(&again), by_links(&first));
    let flows = |paths: &[UsedPath]| paths.iter().map(|path| path.flow).collect::<Vec<f64>>();
    assert_close(&flows(&found), &flows(&expected), 1e-9, "flows of paths");
    assert!(found.iter().zip(&expected).all(|(found, expected)| found.links == expected.links));
    assert_eq!(again.warned("dropped_paths"), 0);
    // The earlier run is an input of the later one, told by its checksum.
    let reader = RunReader::open(&again.dir).unwrap();
    let input = reader.report().inputs.iter().find(|input| input.path.ends_with("first")).unwrap().sha256.clone();
    assert_eq!(input, first.checksum());
}

#[test]
fn other_demand_and_closed_links_end_at_the_equilibrium_of_a_cold_start() {
    let folder = sioux_falls();
    let first = finish(folder.path(), "first", &on_town(PATHS, &assignment("")), &[]);
    let (ends, node) = (first.indices("link_nodes"), first.integers("node_id"));
    let named = |link: usize| format!("{}->{}", node[ends[2 * link]], node[ends[2 * link + 1]]);
    let id = |name: &str| 1 + (0..76).find(|&link| named(link) == name).unwrap();
    for (name, keys) in [
        ("more", "demand_factor = 1.15\n"),
        ("less", "demand_factor = 0.4\n"),
        ("closed", "closed_links = [3, \"10->15\", \"20->21\"]\n"),
    ] {
        let cold = finish(folder.path(), &format!("{name}_cold"), &on_town(keys, &assignment("")), &[]);
        let warm = assignment("warm_start = \"first\"\n");
        let warm = finish(folder.path(), name, &on_town(keys, &warm), &[]);
        assert!(warm.converged() && cold.converged());
        assert!(iterations(&warm) <= iterations(&cold), "{name}: {} and {}", iterations(&warm), iterations(&cold));
        assert_close(&warm.values("link_volume"), &cold.values("link_volume"), 1e-5, name);
        assert!((warm.number("beckmann_objective") / cold.number("beckmann_objective") - 1.0).abs() < 1e-9, "{name}");
        assert!((warm.number("assigned_demand") / cold.number("assigned_demand") - 1.0).abs() < 1e-12, "{name}");
        let closed: Vec<usize> = if name == "closed" { vec![3, id("10->15"), id("20->21")] } else { Vec::new() };
        let is_lost = |path: &&UsedPath| path.links.iter().any(|link| closed.contains(&(link + 1)));
        assert_eq!(warm.warned("dropped_paths"), used_paths(&first).iter().filter(is_lost).count(), "{name}");
    }
}

#[test]
fn chicago_sketch_with_three_links_closed_takes_fewer_iterations() {
    let Some(data) = common::data_dir() else { return };
    let data = data.canonicalize().unwrap().join("traffic/Chicago-Sketch");
    let folder = tempfile::tempdir().unwrap();
    let scenario = |keys: &str, warm: &str| {
        format!(
            "[traffic]\nnetwork = \"{0}/ChicagoSketch_net.tntp\"\ndemand = \"{0}/ChicagoSketch_trips.tntp\"\n\
             toll_weight = 0.02\ndistance_weight = 0.04\nskims = []\n{keys}\n[output]\nexports = []\n\
             [traffic.assignment]\nrelative_gap = 1e-8\n{warm}",
            data.display()
        )
    };
    let allow = ["--allow-path", data.to_str().unwrap()];
    let closed = "closed_links = [1700, 1900, 2300]\n";
    let first = finish(folder.path(), "first", &scenario(PATHS, ""), &allow);
    let used = first.values("link_volume");
    assert!([1700, 1900, 2300].iter().all(|id: &usize| used[id - 1] > 100.0), "links that matter");
    let cold = finish(folder.path(), "cold", &scenario(closed, ""), &allow);
    let warm = finish(folder.path(), "warm", &scenario(closed, "warm_start = \"first\"\n"), &allow);
    assert!(warm.converged() && warm.warned("dropped_paths") > 0);
    assert!(iterations(&warm) < iterations(&cold), "{} and {}", iterations(&warm), iterations(&cold));
    let (found, expected) = (warm.values("link_volume"), cold.values("link_volume"));
    // Connectors and links of constant time may differ; others have one volume at equilibrium.
    let time = |run: &Finished| run.values("link_travel_time");
    let rises: Vec<usize> =
        (0..found.len()).filter(|&link| time(&cold)[link] > first.values("link_free_flow_time")[link]).collect();
    let of = |values: &[f64]| rises.iter().map(|&link| values[link]).collect::<Vec<f64>>();
    assert!(rises.len() > 1000);
    assert_close(&of(&found), &of(&expected), 1e-3, "volumes");
}

#[test]
fn paths_of_classes_that_are_gone_are_counted_and_new_classes_start_cold() {
    let folder = sioux_falls();
    let classes = |names: [&str; 2]| {
        let class = |name: &str, part: f64| format!("[[traffic.class]]\nname = \"{name}\"\ndemand_factor = {part}\n");
        format!("{}{}", class(names[0], 0.7), class(names[1], 0.3))
    };
    let (before, now) = (classes(["car", "truck"]), classes(["van", "car"]));
    let first = finish(folder.path(), "first", &on_town(PATHS, &format!("{}{before}", assignment(""))), &[]);
    let warm = assignment("warm_start = \"first\"\n");
    let warm = finish(folder.path(), "warm", &on_town(PATHS, &format!("{warm}{now}")), &[]);
    let of_trucks = first.indices("path_class").iter().filter(|&&class| class == 1).count();
    assert!(of_trucks > 500);
    assert_eq!(warm.warned("dropped_paths"), of_trucks);
    let cold = finish(folder.path(), "cold", &on_town("", &format!("{}{now}", assignment(""))), &[]);
    assert_close(&warm.values("link_volume_pcu"), &cold.values("link_volume_pcu"), 1e-5, "volumes");
    let demand = |run: &Finished| run.values("demand");
    assert_eq!(demand(&warm), demand(&cold));
}

#[test]
fn paths_with_turns_that_are_banned_now_are_left() {
    let town = grid(3, 4, 2);
    let folder = town.folder();
    let first =
        finish(folder.path(), "first", &on_town("path_flows = true\nturning_volumes = true\n", &assignment("")), &[]);
    let id = first.integers("link_id");
    let busiest = first.values("turn_volume");
    let turn = (0..busiest.len()).max_by(|&one, &other| busiest[one].total_cmp(&busiest[other])).unwrap();
    let [from, to] = ["turn_from_link", "turn_to_link"].map(|name| id[first.indices(name)[turn]]);
    fs::write(folder.path().join("turns.csv"), format!("from_link,to_link,banned\n{from},{to},1\n")).unwrap();
    let turns = "[traffic.turns]\nfile = \"turns.csv\"\n";
    let warm = format!("{}{turns}", assignment("warm_start = \"first\"\n"));
    let warm = finish(folder.path(), "warm", &on_town("", &warm), &[]);
    let cold = finish(folder.path(), "cold", &on_town("", &format!("{}{turns}", assignment(""))), &[]);
    assert!(warm.converged() && warm.warned("dropped_paths") > 0);
    assert_close(&warm.values("link_volume"), &cold.values("link_volume"), 1e-5, "volumes");
    // The other way: paths of a network with bans hold where everything is allowed.
    let with_paths = format!("{}{turns}", assignment(""));
    finish(folder.path(), "banned", &on_town(PATHS, &with_paths), &[]);
    let free = finish(folder.path(), "free", &on_town("", &assignment("warm_start = \"banned\"\n")), &[]);
    assert!(free.converged() && free.warned("dropped_paths") == 0);
    assert_close(&free.values("link_volume"), &first.values("link_volume"), 1e-5, "volumes");
}

#[test]
fn a_run_without_paths_is_refused() {
    let folder = sioux_falls();
    finish(folder.path(), "first", &on_town("", ""), &[]);
    let (code, message) = fails(folder.path(), "warm", &on_town("", &assignment("warm_start = \"first\"\n")));
    assert_eq!(code, 2, "{message}");
    assert!(message.contains("holds no paths to start from"), "{message}");
    assert!(message.contains("hint: run it again with path_flows = true"), "{message}");
}

#[test]
fn what_is_no_run_folder_is_refused() {
    let folder = sioux_falls();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("file"), "text").unwrap();
    for name in ["empty", "file", "nowhere"] {
        let warm = format!("warm_start = \"{name}\"\n");
        let (code, message) = fails(folder.path(), "warm", &on_town("", &assignment(&warm)));
        assert!(code == 2 && message.contains(name), "{name}: {code}, {message}");
    }
}

/// Puts other values in place of a field of a run.
fn replace<T: hdf5::H5Type>(run: &Path, field: &str, values: &[T]) {
    let file = hdf5::File::open_rw(run.join("traffic.nc")).unwrap();
    file.unlink(field).unwrap();
    file.new_dataset_builder().with_data(values).create(field).unwrap();
}

fn integers(run: &Path, field: &str) -> Vec<i32> {
    let values = RunReader::open(run).unwrap().i64(field).unwrap();
    values.iter().map(|&value| i32::try_from(value).unwrap()).collect()
}

fn numbers(run: &Path, field: &str) -> Vec<f64> {
    RunReader::open(run).unwrap().f64(field).unwrap().iter().copied().collect()
}

/// What may be wrong with a run folder, and how it gets so.
type Damage = (&'static str, fn(&Path));

const REFUSED: &[Damage] = &[
    ("half of the file", |run| {
        let bytes = fs::read(run.join("traffic.nc")).unwrap();
        fs::write(run.join("traffic.nc"), &bytes[..bytes.len() / 2]).unwrap();
    }),
    ("no file", |run| fs::remove_file(run.join("traffic.nc")).unwrap()),
    ("an empty file", |run| fs::write(run.join("traffic.nc"), "").unwrap()),
    ("no report", |run| fs::remove_file(run.join("report.json")).unwrap()),
    ("too few flows", |run| {
        let flow = numbers(run, "path_flow");
        replace(run, "path_flow", &flow[1..]);
    }),
    ("no flows", |run| replace::<f64>(run, "path_flow", &[])),
    ("flows that are whole numbers", |run| replace(run, "path_flow", &[1_i32, 2])),
    ("too many origins", |run| {
        let origin = integers(run, "path_origin");
        replace(run, "path_origin", &[&origin[..], &[0]].concat());
    }),
    ("a flow that is not a number", |run| {
        let mut flow = numbers(run, "path_flow");
        flow[7] = f64::NAN;
        replace(run, "path_flow", &flow);
    }),
    ("a flow below zero", |run| {
        let mut flow = numbers(run, "path_flow");
        flow[7] = -1.0;
        replace(run, "path_flow", &flow);
    }),
    ("an infinite flow", |run| {
        let mut flow = numbers(run, "path_flow");
        flow[7] = f64::INFINITY;
        replace(run, "path_flow", &flow);
    }),
    ("a zone that there is not", |run| {
        let mut zone = integers(run, "path_destination");
        zone[7] = 24;
        replace(run, "path_destination", &zone);
    }),
    ("a class below zero", |run| {
        let mut class = integers(run, "path_class");
        class[7] = -1;
        replace(run, "path_class", &class);
    }),
    ("a link that there is not", |run| {
        let mut link = integers(run, "path_link");
        link[7] = 76;
        replace(run, "path_link", &link);
    }),
    ("more links than there are", |run| {
        let mut n_links = integers(run, "path_n_links");
        n_links[7] = i32::MAX;
        replace(run, "path_n_links", &n_links);
    }),
    ("fewer links than none", |run| {
        let mut n_links = integers(run, "path_n_links");
        (n_links[7], n_links[8]) = (-1, n_links[7] + n_links[8] + 1);
        replace(run, "path_n_links", &n_links);
    }),
    ("no links", |run| replace::<i32>(run, "path_link", &[])),
];

/// Damage that fits together, so that only the network tells that paths are none; all of them still are carried over or left.
const SURVIVED: &[Damage] = &[
    ("a link twice in a path", |run| {
        let (n_links, mut link) = (integers(run, "path_n_links"), integers(run, "path_link"));
        let mut start = 0;
        for n_links in n_links {
            let end = start + n_links as usize;
            link[end - 1] = link[start];
            start = end;
        }
        replace(run, "path_link", &link);
    }),
    ("links backwards", |run| {
        let (n_links, mut link) = (integers(run, "path_n_links"), integers(run, "path_link"));
        let mut start = 0;
        for n_links in n_links {
            let end = start + n_links as usize;
            link[start..end].reverse();
            start = end;
        }
        replace(run, "path_link", &link);
    }),
    ("any links", |run| {
        let link: Vec<i32> = (0..integers(run, "path_link").len() as i32).map(|entry| entry * 37 % 76).collect();
        replace(run, "path_link", &link);
    }),
    ("paths without links", |run| {
        let mut n_links = integers(run, "path_n_links");
        for two in n_links.chunks_exact_mut(2) {
            (two[0], two[1]) = (0, two[0] + two[1]);
        }
        replace(run, "path_n_links", &n_links);
    }),
    ("origins and destinations changed about", |run| {
        let (origin, destination) = (integers(run, "path_origin"), integers(run, "path_destination"));
        replace(run, "path_origin", &destination);
        replace(run, "path_destination", &origin);
    }),
    ("all paths of one pair", |run| {
        let n_paths = integers(run, "path_origin").len();
        replace(run, "path_origin", &vec![3_i32; n_paths]);
        replace(run, "path_destination", &vec![3_i32; n_paths]);
    }),
    ("no flow on any path", |run| {
        let n_paths = numbers(run, "path_flow").len();
        replace(run, "path_flow", &vec![0.0; n_paths]);
    }),
    ("flows beyond sums", |run| {
        let n_paths = numbers(run, "path_flow").len();
        replace(run, "path_flow", &vec![1e308; n_paths]);
    }),
    ("flows near nothing", |run| {
        let n_paths = numbers(run, "path_flow").len();
        replace(run, "path_flow", &vec![5e-324; n_paths]);
    }),
];

/// A copy of the files of a finished run.
fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir(to).unwrap();
    for name in ["traffic.nc", "report.json", "scenario.toml"] {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

#[test]
fn damaged_runs_are_refused() {
    let folder = sioux_falls();
    let first = finish(folder.path(), "first", &on_town(PATHS, &assignment("")), &[]);
    for (damage, done) in REFUSED {
        let damaged = folder.path().join("damaged");
        copy(&first.dir, &damaged);
        done(&damaged);
        let (code, message) = fails(folder.path(), "warm", &on_town("", &assignment("warm_start = \"damaged\"\n")));
        assert!([1, 2].contains(&code) && message.contains("damaged"), "{damage}: {code}, {message}");
    }
}

#[test]
fn paths_that_are_none_change_nothing() {
    let folder = sioux_falls();
    let first = finish(folder.path(), "first", &on_town(PATHS, &assignment("")), &[]);
    for (damage, done) in SURVIVED {
        let damaged = folder.path().join("damaged");
        copy(&first.dir, &damaged);
        done(&damaged);
        let warm = on_town(PATHS, &assignment("warm_start = \"damaged\"\n"));
        let warm = finish(folder.path(), "warm", &warm, &["--force"]);
        assert!(warm.converged(), "{damage}");
        assert_close(&warm.values("link_volume"), &first.values("link_volume"), 1e-5, damage);
        let shares: f64 = warm.values("path_share").iter().sum();
        assert!((shares / first.values("path_share").iter().sum::<f64>() - 1.0).abs() < 1e-9, "{damage}");
    }
}
