//! Low-voltage feeders: what loads do to voltages and currents of a radial network.
//!
//! A [`Feeder`] is a tree of lines below one bus of given voltage, in balanced three-phase operation. [`sweep`] solves its load
//! flow for [`LANES`] sets of loads at once, [`screen`] a year of them, and [`host`] finds how many buses may get a
//! technology before a limit is passed. Per-unit values have a base of 1 MVA and the feeder's voltage.

mod draw;
mod error;
mod hosting;
mod network;
mod observe;
mod screening;
mod sweep;
#[cfg(test)]
mod tests;

pub use draw::order_of;
pub use error::FeederError;
pub use hosting::{Added, Hosted, Hosting, host};
pub use network::{Feeder, Line};
pub use screening::{Cause, LoadSeries, OperatingLimits, Screening, screen};
pub use sweep::{Accuracy, End, Flow, LOWEST_VOLTAGE, Outcome, sweep};

/// Sets of loads that are swept side by side.
pub const LANES: usize = 8;
/// One value for each set of loads.
pub type Lane = [f64; LANES];
