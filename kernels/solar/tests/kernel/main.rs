//! The solar kernels against hand-computed and published values.

mod dirint;
mod sky;
mod sun;
