//! Solar kernels: where the sun stands, what the sky sends, what stands in the way, and what photovoltaics make of it.
//!
//! [`sun`] and [`sky`] describe one place through a year; [`raster`] finds horizons of every cell of an elevation
//! raster; [`rays`] and [`surface`] find what points on roofs and walls see; [`pv`] turns irradiance into yield and
//! money. Pure functions over arrays: no files, no threads, the same bits on every machine of one instruction set.
//! Angles are degrees at the borders; azimuths run clockwise from north; irradiance is W/m².

pub mod pv;
pub mod raster;
pub mod rays;
pub mod sky;
pub mod sun;
pub mod surface;

mod vectorised;
