//! Numerical building blocks shared by the kernels: sums, powers, elementary functions whose bits follow from their
//! arguments alone, and the value of money over years.

mod exp;
mod money;
mod power;
mod sum;
mod trig;
#[cfg(test)]
mod ulp;

pub use exp::{exp, ln};
pub use money::{Balance, annuity_factor};
pub use power::Exponent;
pub use sum::pairwise_sum;
pub use trig::{acos, asin, atan2, atan2_degrees, sin_cos, sin_cos_degrees};
