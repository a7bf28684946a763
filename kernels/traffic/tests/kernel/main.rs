//! The traffic kernels from outside: hand-computed values, properties, and oracles that do the same the slow way.

#![allow(clippy::unwrap_used)]

mod classes;
mod connectivity;
mod delay;
mod equilibrium;
mod gravity;
mod known;
mod network;
mod oracle;
mod overlay;
mod paths;
mod problem;
mod random;
mod solver;
mod tree;
mod turns;
mod volume_delay;
mod walk;
