//! The traffic kernels from outside: hand-computed values, properties, and oracles that do the same the slow way.

#![allow(clippy::unwrap_used)]

mod connectivity;
mod delay;
mod equilibrium;
mod gravity;
mod network;
mod overlay;
mod paths;
mod random;
mod solver;
mod tree;
mod volume_delay;
