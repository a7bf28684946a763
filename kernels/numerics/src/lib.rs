//! Numerical building blocks shared by the kernels: sums and powers whose bits follow from their arguments alone.

mod power;
mod sum;

pub use power::Exponent;
pub use sum::pairwise_sum;
