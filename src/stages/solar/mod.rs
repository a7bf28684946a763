//! Solar potential: what roofs, walls and ground receive, and what photovoltaics make of it.

mod year;

pub use year::SolarYear;
