//! Shadow rays.

use criterion::Criterion;

/// Registers the benches of this file.
pub fn benches(_bench: &mut Criterion) {}
