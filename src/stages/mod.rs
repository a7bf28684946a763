//! One file per stage: options, what it reads and writes, the algorithm.

pub mod assignment;
pub mod climate;
pub mod energy;
pub mod feeder;
pub mod solar;
pub mod weather;
mod writing;

use std::ops::Range;

use crate::error::{Error, Warning};
use crate::field::{FieldSpec, Values};
use crate::parallel::Runtime;

/// Where a stage puts its fields; every call is collective over the ranks.
pub trait FieldSink {
    /// Announces a field and its shape before any of its values.
    ///
    /// # Errors
    /// The store cannot take it.
    fn create(&mut self, spec: &FieldSpec, shape: &[usize]) -> Result<(), Error>;
    /// Announces a field that is written in tiles of this shape, the last ones along each axis as short as need be.
    ///
    /// # Errors
    /// The store cannot take it.
    fn create_tiled(&mut self, spec: &FieldSpec, shape: &[usize], tile: &[usize]) -> Result<(), Error>;
    /// Writes a field that every rank holds as a whole.
    ///
    /// # Errors
    /// The store cannot take it.
    fn write(&mut self, spec: &FieldSpec, values: Values<'_>) -> Result<(), Error>;
    /// Writes parts of a field that this rank alone holds, each with the index of its first element.
    ///
    /// Ranks may come with different numbers of parts, also none.
    ///
    /// # Errors
    /// The store cannot take it.
    fn write_parts(&mut self, spec: &FieldSpec, parts: &[(Vec<usize>, Values<'_>)]) -> Result<(), Error>;
    /// As `write_parts`, each part a whole tile of a field announced with [`FieldSink::create_tiled`].
    ///
    /// # Errors
    /// The store cannot take it.
    fn write_tiles(&mut self, spec: &FieldSpec, parts: &[(Vec<usize>, Values<'_>)]) -> Result<(), Error>;
    /// Sets an attribute of a file of the run folder, on top of those every file has.
    ///
    /// # Errors
    /// The store cannot take it.
    fn attribute(&mut self, file: &str, name: &str, value: &str) -> Result<(), Error>;
}

/// Fields of stages that have finished; every rank reads what it needs, by itself.
pub trait FieldSource {
    /// Lengths of a field's axes.
    ///
    /// # Errors
    /// No finished stage wrote it, or it cannot be read.
    fn shape(&self, spec: &FieldSpec) -> Result<Vec<usize>, Error>;
    /// Floats or 32-bit integers of some entries of the first axis, in C order.
    ///
    /// # Errors
    /// No finished stage wrote it, it holds something else, or it cannot be read.
    fn numbers(&self, spec: &FieldSpec, entries: Range<usize>) -> Result<Vec<f64>, Error>;
    /// The same of 8-bit integers.
    ///
    /// # Errors
    /// No finished stage wrote it, it holds something else, or it cannot be read.
    fn bytes(&self, spec: &FieldSpec, entries: Range<usize>) -> Result<Vec<u8>, Error>;
}

/// What a stage tells besides its fields; the same on every rank but for the times.
#[derive(Debug, Clone, Default)]
pub struct StageReport {
    /// Named figures, in order.
    pub metrics: Vec<(String, Metric)>,
    /// Counted warnings.
    pub warnings: Vec<Warning>,
    /// Wall seconds by phase.
    pub phases: Phases,
    /// Work done per second of the compute phase: unit and value, for example `origins/s`.
    pub throughput: Option<(String, f64)>,
}

/// A named figure of a stage.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Metric {
    /// Yes or no, for example `converged`.
    Flag(bool),
    /// A count.
    Count(u64),
    /// A number.
    Number(f64),
    /// A word.
    Text(String),
}

/// Wall seconds by phase.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Phases {
    /// Reading and parsing inputs.
    pub read: f64,
    /// Computing.
    pub compute: f64,
    /// Waiting for and exchanging with other ranks.
    pub communicate: f64,
    /// Writing results.
    pub write: f64,
}

/// What a stage works with.
pub struct Context<'a> {
    /// Threads and ranks.
    pub runtime: &'a Runtime,
    /// Where its fields go.
    pub sink: &'a mut dyn FieldSink,
    /// Fields of the stages before it.
    pub source: &'a dyn FieldSource,
    /// Where it tells how far it is.
    pub progress: &'a dyn Progress,
    /// Folder for files that no longer count when the stage is done; their names end in `.scratch`.
    pub scratch: &'a std::path::Path,
}

/// Tells a person how far a long stage is; only rank 0 prints.
pub trait Progress {
    /// `done` in 0..=1 of the stage, with a short text such as `iteration 7, relative gap 3.1e-5`.
    fn update(&self, stage: &str, done: f64, text: &str);
}

/// One step of a plan.
pub trait Stage {
    /// Path of its table in the scenario file, for example `traffic.assignment`.
    fn name(&self) -> &'static str;
    /// Fields of other stages it needs.
    fn reads(&self) -> Vec<FieldSpec>;
    /// Fields it writes.
    fn writes(&self) -> Vec<FieldSpec>;
    /// How large its problem is, as (what, count).
    fn sizes(&self) -> Vec<(&'static str, u64)>;
    /// Memory it will take on each of `n_ranks` ranks with `n_threads` threads, an estimate in bytes.
    fn memory(&self, n_ranks: usize, n_threads: usize) -> u64;
    /// Computes and writes; collective over the ranks.
    ///
    /// # Errors
    /// Input that only shows itself here, or a failure.
    fn run(&self, context: &mut Context<'_>) -> Result<StageReport, Error>;
}
