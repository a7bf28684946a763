//! Numerical building blocks shared by the kernels: sums, powers and elementary functions whose bits follow from their
//! arguments alone.

mod exp;
mod power;
mod sum;
mod trig;
#[cfg(test)]
mod ulp;

pub use exp::{exp, ln};
pub use power::Exponent;
pub use sum::pairwise_sum;
pub use trig::{acos, asin, atan2, atan2_degrees, sin_cos, sin_cos_degrees};
