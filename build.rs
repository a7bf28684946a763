//! Tells the library which commit it is built from; "unknown" outside a git checkout, such as in a source archive.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=CONURB_COMMIT");
    println!("cargo::rerun-if-changed=build.rs");
    let commit = std::env::var("CONURB_COMMIT").ok().or_else(commit_of_this_checkout);
    println!("cargo::rustc-env=CONURB_COMMIT={}", commit.as_deref().unwrap_or("unknown"));
}

fn commit_of_this_checkout() -> Option<String> {
    // A source archive unpacked inside another project's checkout must not report that project's commit.
    let top = git(&["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != Path::new(env!("CARGO_MANIFEST_DIR")).canonicalize().ok()? {
        return None;
    }
    for file in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--git-path", file])?;
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    git(&["rev-parse", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
