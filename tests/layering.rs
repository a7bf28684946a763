//! What may know of what: crate by crate through their dependencies, module by module through their text.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates that a kernel may depend on, other than `conurb-numerics`.
const KERNEL_DEPENDENCIES: [&str; 7] = ["earcut", "i_overlay", "libm", "ndarray", "petgraph", "pulp", "thiserror"];
/// Modules that may call foreign functions.
const UNSAFE_MODULES: [&str; 5] = [
    "src/doctor/disk.rs",
    "src/formats/cf/hdf5_calls.rs",
    "src/formats/omx/image.rs",
    "src/formats/probe/limits.rs",
    "src/store/hdf5_extra.rs",
];
/// Lines that no source file may exceed.
const MOST_LINES: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Dependencies of each package of the workspace, those of tests and benches left out.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version", "1", "--no-deps", "--offline"];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |value: &serde_json::Value| value["name"].as_str().unwrap().to_owned();
    let of = |package: &serde_json::Value| {
        let all = package["dependencies"].as_array().unwrap().iter();
        (name(package), all.filter(|dependency| dependency["kind"].is_null()).map(name).collect())
    };
    metadata["packages"].as_array().unwrap().iter().map(of).collect()
}

/// Rust sources below some folders of the repository, by path, without comments.
fn sources(folders: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = waiting.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code =
                    text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
                found.push((path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned(), code));
            }
        }
    }
    assert!(found.len() > 5, "{folders:?} hold sources");
    found.sort();
    found
}

/// Files of `folders` whose code has one of `words`, but for those that `may`.
fn offenders(folders: &[&str], words: &[&str], may: impl Fn(&str) -> bool) -> Vec<String> {
    let all = sources(folders).into_iter();
    all.filter(|(path, code)| !may(path) && words.iter().any(|word| code.contains(word)))
        .map(|(path, _)| path)
        .collect()
}

#[test]
fn kernels_depend_on_numerics_alone() {
    let all = dependencies();
    let kernels: Vec<_> = all.iter().filter(|(name, _)| name.starts_with("conurb-")).collect();
    assert!(kernels.len() >= 2, "{all:?}");
    for (name, needed) in kernels {
        for other in needed {
            let is_allowed = KERNEL_DEPENDENCIES.contains(&other.as_str()) || other == "conurb-numerics";
            assert!(is_allowed && other != name, "{name} depends on {other}");
        }
    }
}

#[test]
fn kernels_print_and_read_nothing() {
    let words =
        ["println!", "print!(", "dbg!", "std::fs", "std::env", "std::thread", "std::time", "std::io", "std::process"];
    assert_eq!(
        offenders(
            &[
                "kernels/traffic/src",
                "kernels/numerics/src",
                "kernels/geometry/src",
                "kernels/solar/src",
                "kernels/energy/src"
            ],
            &words,
            |_| false
        ),
        Vec::<String>::new()
    );
}

#[test]
fn threads_and_ranks_are_known_in_one_place() {
    // The store hands the ranks' communicator to the parallel HDF5 library.
    let may = |path: &str| path.starts_with("src/parallel/") || path == "src/store/netcdf.rs";
    assert_eq!(offenders(&["src", "kernels"], &["rayon::", " mpi::", "(mpi::", "mpi_sys"], may), Vec::<String>::new());
    let may = |path: &str| path.starts_with("src/parallel/");
    assert_eq!(offenders(&["src", "kernels"], &["rayon::"], may), Vec::<String>::new());
}

#[test]
fn file_formats_are_known_in_few_places() {
    let of_store = |path: &str| path.starts_with("src/store/") || path.starts_with("src/formats/");
    // The doctor tells the library's version.
    let may = |path: &str| of_store(path) || path == "src/doctor.rs";
    assert_eq!(offenders(&["src", "kernels"], &["hdf5::", "hdf5_sys::"], may), Vec::<String>::new());
    let of_formats = |path: &str| {
        ["src/formats/", "src/export/", "src/compare/", "src/validate/"].iter().any(|of| path.starts_with(of))
    };
    assert_eq!(offenders(&["src", "kernels"], &["csv::Reader", "csv::Writer"], of_formats), Vec::<String>::new());
    // The store packs the chunks of its own files.
    let may_pack = |path: &str| of_formats(path) || path == "src/store/chunks.rs";
    assert_eq!(offenders(&["src", "kernels"], &["flate2::"], may_pack), Vec::<String>::new());
}

#[test]
fn foreign_functions_are_called_in_few_modules() {
    assert_eq!(
        offenders(&["src", "kernels"], &["unsafe"], |path| UNSAFE_MODULES.contains(&path)),
        Vec::<String>::new()
    );
    let every = sources(&["src"]);
    for module in UNSAFE_MODULES {
        assert!(every.iter().any(|(path, code)| path == module && code.contains("unsafe")), "{module} needs none");
    }
}

#[test]
fn only_the_command_line_prints() {
    // Besides: a child process that looks at a file tells its parent, and a rank that aborts the job cannot return.
    let places = ["src/cli.rs", "src/progress.rs", "src/formats/probe.rs", "src/parallel/mpi.rs"];
    let may = |path: &str| places.contains(&path);
    assert_eq!(offenders(&["src"], &["println!", "print!(", "io::stdout", "io::stderr"], may), Vec::<String>::new());
}

#[test]
fn results_do_not_hang_on_the_order_of_hash_maps() {
    assert_eq!(offenders(&["src", "kernels"], &["HashMap", "HashSet"], |_| false), Vec::<String>::new());
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = sources(&["src", "kernels", "tests"])
        .into_iter()
        .filter(|(_, code)| code.lines().count() > MOST_LINES)
        .map(|(path, _)| path)
        .collect();
    assert_eq!(long, Vec::<String>::new());
}
