//! The command line as people meet it: exit codes, messages, and what goes where.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const TEN_MISTAKES: &str = r#"[scenario]
tittle = "Ten mistakes"

[traffic]
network = "towm_net.tntp"
demand = "../trips.tntp"
time_unit = "minutes"
period_h = "1.0"
demand_factor = -0.5
closed_links = [1, "2-3"]
relative_gap = 1e-6

[traffic.assignment]
max_iterations = 0

[[variant]]
"#;

const MISTAKES_OF_TRAFFIC: &str = r#"[traffic]
network = "gmns"
nodes = "nodes.csv"
demand = "town_trips.tntp"
path_flows = "true"

[traffic.assignment]
solver = "msa"
warm_start = "runs/base"

[traffic.turns]
u_turn = "never"

[[traffic.class]]
name = "truck"
cost_per_km = 0.3

[[traffic.class]]
name = "truck"
banned_link_types = [3, 3]
value_of_time = 30

[[traffic.volume_delay]]
function = "conical"
power = 4

[[traffic.period]]
name = "am"
hours = 2
annual_days = { weekday = 260, weekend = 115 }
demand = { trucks = "trucks_am.csv" }

[[traffic.select]]
name = "bridge"
require = "most"

[observed]
counts = "counts.xlsx"
"#;

/// A folder with a town's files, which are empty.
fn town() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["town_net.tntp", "town_trips.tntp"] {
        fs::write(folder.path().join(file), "").unwrap();
    }
    folder
}

fn conurb(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(assert_cmd::cargo::cargo_bin!("conurb")).args(arguments).current_dir(folder).output().unwrap()
}

fn scenario(folder: &Path, text: &str) {
    fs::write(folder.join("city.toml"), text).unwrap();
}

/// What `conurb check city.toml` and further arguments say, with the exit code.
fn check(text: &str, arguments: &[&str]) -> String {
    let folder = town();
    scenario(folder.path(), text);
    let output = conurb(folder.path(), &[&["check", "city.toml"], arguments].concat());
    assert!(output.stdout.is_empty(), "messages belong on standard error");
    format!("{}exit code {}", String::from_utf8(output.stderr).unwrap(), output.status.code().unwrap())
}

#[test]
fn ten_mistakes_are_told_at_once() {
    let told = check(TEN_MISTAKES, &[]);
    assert!(told.contains("\n10 problems in city.toml\n"), "{told}");
    insta::assert_snapshot!(told);
}

#[test]
fn mistakes_on_the_command_line_name_it() {
    let text = "[traffic]\nnetwork = \"town_net.tntp\"\ndemand = \"town_trips.tntp\"\n";
    let arguments = [
        "--set",
        "traffic.demand_factor=much",
        "--set",
        "traffic.perod_h=2",
        "--set",
        "scenario.title=2030",
        "--set",
        "a b=1",
    ];
    insta::assert_snapshot!(check(text, &arguments));
}

#[test]
fn syntax_errors_are_marked() {
    insta::assert_snapshot!(check("[traffic]\ntime_unit = min\nperiod_h = 1,5\nseed = 1\nseed = 2\n", &[]));
}

#[test]
fn later_tables_are_not_ignored() {
    let text = "[[traffic.class]]\nname = \"truck\"\n[people]\ngroups = []\n[[variant]]\nname = \"a\"\n";
    insta::assert_snapshot!(check(text, &[]));
}

#[test]
fn mistakes_in_every_new_table_are_told_at_once() {
    insta::assert_snapshot!(check(MISTAKES_OF_TRAFFIC, &["--set", "traffic.braess={ most_loaded = 0 }"]));
}

#[test]
fn an_empty_scenario_asks_for_nothing() {
    insta::assert_snapshot!(check("", &[]));
}

#[test]
fn text_that_is_no_utf_8_is_told_with_its_line() {
    let folder = town();
    fs::write(folder.path().join("city.toml"), b"[traffic]\nnetwork = \"\xff\"\n").unwrap();
    let output = conurb(folder.path(), &["check", "city.toml"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap());
}

#[test]
fn a_file_beyond_four_mebibytes_is_refused() {
    let folder = town();
    scenario(folder.path(), &"#\n".repeat((4 << 20) / 2 + 1));
    let output = conurb(folder.path(), &["check", "city.toml"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap());
}

#[test]
fn paths_on_the_command_line_start_from_the_working_directory() {
    let folder = town();
    fs::create_dir(folder.path().join("sub")).unwrap();
    let text = "[traffic]\nnetwork = \"../town_net.tntp\"\ndemand = \"none.csv\"\n";
    fs::write(folder.path().join("sub/city.toml"), text).unwrap();
    let arguments = ["check", "sub/city.toml", "--set", "traffic.demand=town_trips.tntp"];
    let output = conurb(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("sub/city.toml:2: traffic.network: sub/../town_net.tntp leads out"), "{told}");
    assert!(told.contains("--set traffic.demand: ") && told.contains("\n2 problems in sub/city.toml\n"), "{told}");
}

#[test]
fn a_new_scenario_is_written_once_and_lacks_only_its_files() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(conurb(folder.path(), &["new", "city"]).status.code(), Some(0));
    let again = conurb(folder.path(), &["new", "city"]);
    assert_eq!(again.status.code(), Some(2));
    let checked = conurb(folder.path(), &["check", "city.toml"]);
    assert_eq!(checked.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8([again.stderr, checked.stderr].concat()).unwrap());
}

#[test]
fn the_schema_is_json_on_standard_output() {
    let output = conurb(Path::new("."), &["schema"]);
    assert!(output.status.success() && output.stderr.is_empty());
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    insta::assert_snapshot!(format!("{:#}", schema["properties"]["traffic"]["properties"]["assignment"]));
}

#[test]
fn a_reader_that_has_enough_is_no_error() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("conurb"));
    let output = command.arg("schema").stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}

#[test]
fn wrong_usage_exits_with_2() {
    for arguments in [&["run"][..], &["nothing"], &["run", "a.toml", "--threads", "none"], &["compare", "a"], &[]] {
        assert_eq!(conurb(Path::new("."), arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_scenario_that_does_not_exist_is_told() {
    let output = conurb(Path::new("."), &["check", "none.toml"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap());
}
