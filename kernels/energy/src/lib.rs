//! Energy kernels: heat in buildings, heat pumps, retrofit, low-voltage feeders.
//!
//! A [`zone::Zone`] is a building, or a variant of one, as heat sees it; a [`climate::Climate`] is the year that all zones
//! of a city share; a [`profile::Profile`] is how their users behave. Zones are computed side by side in lanes, each by
//! itself: results follow from a zone alone, not from its neighbours in the block. [`multi_node`] computes them after ISO
//! 52016-1, [`five_r1c`] faster and more simply after ISO 13790, both from the same zone; both tell, when asked, where the
//! heat went ([`balance`]).

pub mod affordability;
pub mod balance;
pub mod budget;
pub mod carriers;
pub mod climate;
pub mod demand;
mod dispatch;
pub mod economics;
pub mod feeder;
pub mod five_r1c;
mod gains;
pub mod heat_pump;
pub mod heating_curve;
pub mod hot_water;
pub mod hourly;
pub mod kpi;
pub mod load_duration;
pub mod measures;
pub mod multi_node;
pub mod parameter;
pub mod prebound;
pub mod profile;
#[cfg(test)]
mod samples;
pub mod savings;
pub mod series;
mod services;
mod wide;
pub mod zone;
