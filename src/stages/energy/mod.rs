//! Energy in buildings.

pub mod climate;
