//! Runs of the program, and small scenarios to run.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use conurb::report::json::Report;
use conurb::store::read::RunReader;

/// The paradox of Braess: four nodes, two zones, five links, six trips. Zones 1 and 2 are its only origin and destination.
pub const BRAESS_NET: &str = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 4\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 5\n\
    <END OF METADATA>\n\n~ init_node term_node capacity length free_flow_time b power speed toll link_type ;\n\
    1 3 1 1 0.00000001 1000000000 1 0 0 1 ;\n1 4 1 1 50 0.02 1 0 0 1 ;\n3 2 1 1 50 0.02 1 0 0 1 ;\n\
    3 4 1 1 10 0.1 1 0 0 1 ;\n4 2 1 1 0.00000001 1000000000 1 0 0 1 ;\n";
/// Its demand.
pub const BRAESS_TRIPS: &str =
    "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 6.0\n<END OF METADATA>\n\nOrigin 1\n    1 : 0.0;    2 : 6.0;\n";
/// A scenario of both.
pub const BRAESS_SCENARIO: &str = "[traffic]\nnetwork = \"braess_net.tntp\"\ndemand = \"braess_trips.tntp\"\n\
    time_unit = \"min\"\nperiod_h = 1.0\n[traffic.assignment]\nrelative_gap = 1e-10\n";

/// The quickstart scenario of the repository.
pub fn quickstart() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/quickstart.toml")
}

/// A folder with the paradox of Braess as `braess.toml`.
pub fn braess() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in
        [("braess_net.tntp", BRAESS_NET), ("braess_trips.tntp", BRAESS_TRIPS), ("braess.toml", BRAESS_SCENARIO)]
    {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// What `conurb` does in `folder` with these arguments.
pub fn conurb<S: AsRef<std::ffi::OsStr>>(folder: &Path, arguments: &[S]) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("conurb"));
    command.args(arguments).current_dir(folder).env_remove("SLURM_CPUS_PER_TASK").output().unwrap()
}

/// Standard output of a command that must end well.
pub fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = conurb(folder, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Exit code and standard error of a command that must fail and print no data.
pub fn refused(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = conurb(folder, arguments);
    assert!(output.stdout.is_empty(), "{arguments:?} printed {}", text(&output.stdout));
    let code = output.status.code().unwrap();
    assert_ne!(code, 0, "{arguments:?} ended well");
    (code, text(&output.stderr))
}

/// Output as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The report of a finished run.
pub fn report(run: &Path) -> Report {
    Report::parse(&fs::read_to_string(run.join("report.json")).unwrap(), run).unwrap()
}

/// All values of a field of a finished run.
pub fn field(run: &Path, name: &str) -> Vec<f64> {
    RunReader::open(run).unwrap().f64(name).unwrap().iter().copied().collect()
}
