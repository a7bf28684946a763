//! The stage `climate`: from a global projection to the city's days and hours.

mod align;
mod places;
mod scratch;
mod tiles;
