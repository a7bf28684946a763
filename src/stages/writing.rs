//! What stages share that compute in waves and write each before the next.

use std::ops::Range;
use std::time::Instant;

use ndarray::ArrayView1;

use super::FieldSink;
use crate::error::Error;
use crate::field::{FieldSpec, Values};
use crate::parallel::Runtime;

/// Adds up the time that something takes.
#[derive(Debug, Default)]
pub struct Stopwatch {
    /// Wall seconds so far.
    pub seconds: f64,
}

impl Stopwatch {
    /// Runs `work` and adds its time.
    pub fn run<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let done = work();
        self.seconds += start.elapsed().as_secs_f64();
        done
    }
}

/// Runs of this rank's blocks or tiles that are computed and then written; every rank gets as many runs, some of them empty.
///
/// # Errors
/// A rank that has ended.
pub fn waves(runtime: &Runtime, n_own: usize, per_thread: usize) -> Result<Vec<Range<usize>>, Error> {
    let size = runtime.threads() * per_thread;
    let counts = runtime.all_gather(Ok((n_own.div_ceil(size) as u64).to_le_bytes().to_vec()))?;
    let count = |bytes: &Vec<u8>| bytes.as_slice().try_into().map_or(0, u64::from_le_bytes) as usize;
    let most = counts.iter().map(count).max().unwrap_or(0);
    Ok((0..most).map(|wave| (wave * size).min(n_own)..((wave + 1) * size).min(n_own)).collect())
}

/// Writes a field of floats over one axis that every rank holds.
///
/// # Errors
/// The store cannot take it.
pub fn write_f64(sink: &mut dyn FieldSink, spec: &FieldSpec, values: &[f64]) -> Result<(), Error> {
    sink.write(spec, Values::F64(ArrayView1::from(values).into_dyn()))
}

/// As [`write_f64`], for whole numbers.
///
/// # Errors
/// The store cannot take it.
pub fn write_i32(sink: &mut dyn FieldSink, spec: &FieldSpec, values: &[i32]) -> Result<(), Error> {
    sink.write(spec, Values::I32(ArrayView1::from(values).into_dyn()))
}
