//! The stage `climate`: from a global projection to the city's days and hours.

mod align;
mod indices;
mod places;
mod scratch;
mod tiles;
