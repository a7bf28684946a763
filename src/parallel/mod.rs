//! Threads and ranks; the only module that knows rayon or MPI.
//!
//! A stage sees a [`Runtime`] with three verbs. `map` runs chunks of independent items, each on the
//! rank that owns it; `sum` adds one vector per chunk along a fixed tree; `gather` hands every rank the results
//! of all chunks in chunk order. Chunks and their order never depend on threads or ranks, owners change no bits.

mod comm;
mod runtime;

pub use comm::{Comm, Serial};
pub use runtime::{Chunks, Runtime, Scratch};
