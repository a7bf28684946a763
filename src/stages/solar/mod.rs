//! Solar potential: what roofs, walls and ground receive, and what photovoltaics make of it.

mod city;
mod context;
mod tiles;
mod year;

pub use year::SolarYear;
