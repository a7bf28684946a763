//! What integration tests share.

use std::path::PathBuf;

/// The folder of public reference data (`docs/reference-data.md`): `CONURB_DATA`, else `../shared/data`.
///
/// Without it a test says that it was skipped and why; where `CI` is `true` it fails instead.
pub fn data_dir() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let dir = std::env::var_os("CONURB_DATA").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    if dir.is_dir() {
        return Some(dir);
    }
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!is_ci, "reference data missing: {} (set CONURB_DATA)", dir.display());
    println!("skipped: no reference data in {} (set CONURB_DATA; see docs/reference-data.md)", dir.display());
    None
}
