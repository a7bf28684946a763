//! The solar kernels against hand-computed and published values.

mod sky;
mod sun;
