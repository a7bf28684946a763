//! Layers of constructions in the form of TEASER (RWTH Aachen, MIT): `MaterialTemplates` and `TypeElements` as JSON.
//!
//! Materials are listed by id with `density` (kg/m³), `thermal_conduc` (W/mK) and `heat_capac` (kJ/kgK); elements name
//! theirs from the room outwards, so that what a retrofit adds comes last. Here they run from outside to inside.

mod documents;
mod elements;

pub use elements::{ElementKind, TypeElement, TypeElements, read_teaser};
