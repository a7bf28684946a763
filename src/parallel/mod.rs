//! Threads and ranks; the only module that knows rayon or MPI.
//!
//! A stage sees a [`Runtime`]. `map` runs chunks of independent items, each on the rank that owns it; `sum` adds
//! one vector per chunk along a fixed tree; `gather` hands every rank the results of all chunks in chunk order.
//! Chunks and their order never depend on threads or ranks, owners change no bits. [`launch`] starts the ranks:
//! one, several threads of this process, or the processes of an MPI launcher.

mod chunks;
mod comm;
#[cfg(any(feature = "mpi", test))]
mod hello;
mod launch;
mod launcher;
mod local;
pub mod machine;
#[cfg(feature = "mpi")]
mod mpi;
mod packet;
mod runtime;
mod threads;
mod tree;

pub use chunks::{Chunks, Scratch};
pub use comm::{Comm, Serial};
pub use launch::{LaunchOptions, launch, mpi_library, thread_choice};
pub use launcher::{Launcher, speaks_for_job, tell_for_job};
pub use runtime::Runtime;
pub use threads::ThreadChoice;
