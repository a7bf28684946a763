//! Energy kernels: heat in buildings, heat pumps, retrofit, low-voltage feeders.
//!
//! A [`zone::Zone`] is a building, or a variant of one, as heat sees it; a [`climate::Climate`] is the year that all zones
//! of a city share; a [`profile::Profile`] is how their users behave. Zones are computed side by side in lanes, each by
//! itself: results follow from a zone alone, not from its neighbours in the block. [`multi_node`] computes them after ISO
//! 52016-1, [`five_r1c`] faster and more simply after ISO 13790, both from the same zone; both tell, when asked, where the
//! heat went ([`balance`]).

pub mod balance;
pub mod climate;
pub mod five_r1c;
mod gains;
pub mod hourly;
pub mod multi_node;
pub mod profile;
#[cfg(test)]
mod samples;
pub mod series;
mod services;
mod wide;
pub mod zone;
