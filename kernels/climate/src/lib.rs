//! Climate kernels: bias adjustment, downscaling, hourly weather, indices.
//!
//! A climate model's day is not a city's day: its values are biased against what was measured, and stand for a cell of
//! a hundred kilometres. All kernels work on the whole time series of one cell, missing days as NaN, with the calendar
//! of the series beside it ([`days::Days`]): results follow from a cell alone, so that cells can be computed anywhere, in any
//! order. What depends on the calendar only is prepared once and shared by all cells.

pub mod calendar;
pub mod city_layer;
pub mod clear_sky;
pub mod consistency;
pub mod days;
pub mod detrended;
pub mod distributions;
mod draw;
pub mod dry_days;
pub mod empirical;
pub mod ensemble;
pub mod grouping;
pub mod groups;
pub mod hourly;
pub mod humidity;
pub mod indices;
pub mod isimip;
pub mod kind;
pub mod local_intensity;
pub mod localized;
pub mod morphing;
pub mod multivariate;
mod order;
pub mod quantile;
pub mod quantile_delta;
pub mod ranking;
pub mod regrid;
pub mod sample;
pub mod scaling;
pub mod training;
pub mod typical_year;
