//! The run folder: reading a finished run.

pub mod read;
