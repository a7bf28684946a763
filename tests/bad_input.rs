//! Bad input and bad luck, end to end: the exit code, what is told, and that nothing half-written keeps a final name.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/runs.rs"]
mod runs;

use std::fs;
use std::io::Write;
use std::path::Path;

use conurb::store::read::RunReader;
use runs::{BRAESS_NET, BRAESS_TRIPS, braess, conurb, printed, refused, report, text};

/// Runs the paradox of Braess with one of its files changed; it must exit with 2, say `expected` and leave no results.
#[track_caller]
fn assert_refused(file: &str, content: &[u8], expected: &[&str]) {
    let folder = braess();
    fs::write(folder.path().join(file), content).unwrap();
    assert_refused_in(folder.path(), &[], expected);
}

#[track_caller]
fn assert_refused_in(folder: &Path, arguments: &[&str], expected: &[&str]) {
    for command in [&["check", "braess.toml"][..], &["run", "braess.toml", "--out", "run"]] {
        let (code, message) = refused(folder, &[command, arguments].concat());
        assert_eq!(code, 2, "{command:?}: {message}");
        for words in expected {
            assert!(message.contains(words), "{command:?}: no \"{words}\" in:\n{message}");
        }
    }
    for name in ["report.json", "traffic.nc", "report.html", ".partial"] {
        assert!(!folder.join("run").join(name).exists(), "{name} is left behind");
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_negative_capacity() {
    assert_refused(
        "braess_net.tntp",
        BRAESS_NET.replace("1 4 1 1 50", "1 4 -1 1 50").as_bytes(),
        &["braess_net.tntp:9: capacity", "found \"-1\"", "1 problem in "],
    );
}

#[test]
fn every_broken_row_is_told() {
    let broken = BRAESS_NET.replace("1 4 1 1 50", "1 4 -1 1 50").replace("3 2 1 1 50", "3 2 nan 1 50");
    assert_refused(
        "braess_net.tntp",
        broken.as_bytes(),
        &["braess_net.tntp:9:", "braess_net.tntp:10:", "2 problems in "],
    );
}

#[test]
fn a_zone_that_does_not_exist() {
    assert_refused(
        "braess_trips.tntp",
        BRAESS_TRIPS.replace("2 : 6.0", "7 : 6.0").as_bytes(),
        &["braess_trips.tntp:6:", "7"],
    );
}

#[test]
fn a_header_that_promises_a_hundred_billion_links() {
    let promised = BRAESS_NET.replace("<NUMBER OF LINKS> 5", "<NUMBER OF LINKS> 100000000000");
    assert_refused("braess_net.tntp", promised.as_bytes(), &["100000000000 links promised, 5 rows"]);
}

#[test]
fn a_truncated_gzip_file() {
    let folder = braess();
    let whole = gzip(&format!("{BRAESS_TRIPS}{}", "~ 8c1f comment to make it longer 7d\n".repeat(200)));
    fs::write(folder.path().join("braess_trips.tntp.gz"), &whole).unwrap();
    let demand = ["--set", "traffic.demand=braess_trips.tntp.gz"];
    printed(folder.path(), &[&["run", "braess.toml", "--out", "whole"], &demand[..]].concat());
    for length in [0, 5, whole.len() / 2, whole.len() - 4] {
        fs::write(folder.path().join("braess_trips.tntp.gz"), &whole[..length]).unwrap();
        assert_refused_in(folder.path(), &demand, &["braess_trips.tntp.gz"]);
    }
}

#[test]
fn closed_links_that_do_not_exist_or_are_not_unique() {
    let folder = braess();
    let closed = ["--set", "traffic.closed_links=[99, \"2->1\"]"];
    assert_refused_in(folder.path(), &closed, &["no link 99 in", "no link \"2->1\" in", "link ids run from 1 to 5"]);
    let twice = BRAESS_NET.replace("NUMBER OF LINKS> 5", "NUMBER OF LINKS> 6") + "1 3 1 1 7 0.1 1 0 0 1 ;\n";
    fs::write(folder.path().join("braess_net.tntp"), twice).unwrap();
    let closed = ["--set", "traffic.closed_links=[\"1->3\"]"];
    assert_refused_in(folder.path(), &closed, &["2 links match \"1->3\"", "name one by its id: 1, 6"]);
    printed(folder.path(), &["check", "braess.toml", "--set", "traffic.closed_links=[6]"]);
}

#[test]
fn factors_that_are_no_numbers() {
    let folder = braess();
    for factor in ["nan", "inf", "-1", "1e300"] {
        let set = format!("traffic.demand_factor={factor}");
        assert_refused_in(folder.path(), &["--set", &set], &["traffic.demand_factor"]);
    }
}

#[test]
fn costs_beyond_all_numbers() {
    let folder = braess();
    fs::write(folder.path().join("braess_net.tntp"), BRAESS_NET.replace("0.02 1 0 0 1", "0.02 900 0 0 1")).unwrap();
    let (code, message) =
        refused(folder.path(), &["run", "braess.toml", "--out", "run", "--set", "traffic.demand_factor=9"]);
    assert!(code == 2 && message.contains("no finite travel time"), "{code}: {message}");
    assert!(!folder.path().join("run/report.json").exists() && !folder.path().join("run/traffic.nc").exists());
}

#[test]
fn demand_without_a_path_is_counted_and_written_as_missing() {
    let folder = braess();
    let trips = BRAESS_TRIPS.replace("6.0\n<END", "10.0\n<END") + "Origin 2\n    1 : 3.0;    2 : 1.0;\n";
    fs::write(folder.path().join("braess_trips.tntp"), trips).unwrap();
    let told = printed(folder.path(), &["run", "braess.toml", "--out", "run"]);
    assert!(told.contains("warning: 3.00 trips of 1 zone pairs have no path"), "{told}");
    let run = folder.path().join("run");
    let codes: Vec<String> = report(&run).stages[0].warnings.iter().map(|warning| warning.code.clone()).collect();
    for code in ["unreachable_demand", "intrazonal_demand"] {
        assert!(codes.iter().any(|known| known == code), "no {code} in {codes:?}");
    }
    let skim = RunReader::open(&run).unwrap().f64("skim_cost").unwrap();
    assert!(skim[[0, 1, 0]].is_nan() && (skim[[0, 0, 1]] - 92.0).abs() < 1e-6 && skim[[0, 1, 1]] == 0.0, "{skim}");
}

#[test]
fn a_run_folder_that_cannot_be_written() {
    let folder = braess();
    fs::write(folder.path().join("file"), "in the way").unwrap();
    for out in ["file", "file/run", "/proc/run"] {
        let output = conurb(folder.path(), &["run", "braess.toml", "--out", out]);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{out}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(out.split('/').next_back().unwrap()), "{}", text(&output.stderr));
    }
    assert_eq!(fs::read(folder.path().join("file")).unwrap(), b"in the way");
}

#[test]
fn a_disk_that_fills_up_leaves_nothing_under_a_final_name() {
    let folder = braess();
    let out = folder.path().join("run");
    // The shell's limit on the size of files, in blocks of 1024 bytes, stands for a full disk: traffic.nc is larger.
    let command = format!(
        "ulimit -f 8; trap '' XFSZ; exec {} run braess.toml --out run",
        assert_cmd::cargo::cargo_bin!("conurb").display()
    );
    let output = std::process::Command::new("bash").args(["-c", &command]).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("\nerror: cannot "), "{}", text(&output.stderr));
    for name in ["report.json", "traffic.nc", "report.html", "scenario.toml"] {
        assert!(!out.join(name).exists(), "{name} is left behind");
    }
    printed(folder.path(), &["run", "braess.toml", "--out", "run", "--force"]);
    assert!(out.join("report.json").exists());
}

#[test]
fn files_outside_of_the_scenarios_folder_need_leave() {
    let folder = braess();
    fs::create_dir(folder.path().join("sub")).unwrap();
    let text = fs::read_to_string(folder.path().join("braess.toml")).unwrap().replace("\"braess_", "\"../braess_");
    fs::write(folder.path().join("sub/braess.toml"), text).unwrap();
    let (code, message) = refused(folder.path(), &["run", "sub/braess.toml", "--out", "run"]);
    assert!(code == 2 && message.contains("hint: allow it with --allow-path"), "{message}");
    printed(folder.path(), &["run", "sub/braess.toml", "--out", "run", "--allow-path", "."]);
}
