//! The beta distribution between two ends.

use super::special::{digamma, incomplete_beta, trigamma};
use super::{Support, sum_of};

/// A beta distribution: density ∝ y^(a − 1) (1 − y)^(b − 1), y = (x − lower)/width within 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    /// Shape at the lower end, > 0.
    pub a: f64,
    /// Shape at the upper end, > 0.
    pub b: f64,
    /// The ends.
    pub support: Support,
}

/// Steps after which Newton's method has long converged.
const MOST_STEPS: usize = 100;
/// Shapes are searched up to here; beyond, values are all alike.
const LARGEST_SHAPE: f64 = 1e6;

impl Beta {
    /// The most likely shapes; nothing if values are all alike or one is not inside the ends.
    ///
    /// ψ(a) − ψ(a + b) = mean ln y and ψ(b) − ψ(a + b) = mean ln (1 − y) by Newton's method from the moments (Johnson,
    /// Kotz and Balakrishnan, Continuous Univariate Distributions 2, 1995, section 25.4).
    pub fn fit(values: &[f64], support: Support) -> Option<Beta> {
        let Support { lower, width } = support;
        let upper = lower + width;
        if values.iter().any(|&value| value <= lower || value >= upper) {
            return None;
        }
        let n = values.len() as f64;
        let mean = sum_of(values, |value| (value - lower) / width) / n;
        let square = |value: f64| ((value - lower) / width - mean) * ((value - lower) / width - mean);
        let variance = sum_of(values, square) / n;
        let size = mean * (1.0 - mean) / variance - 1.0;
        if !(size > 0.0 && size < LARGEST_SHAPE) {
            return None;
        }
        let log_below = sum_of(values, |value| conurb_numerics::ln((value - lower) / width)) / n;
        let log_above = sum_of(values, |value| conurb_numerics::ln((upper - value) / width)) / n;
        let (a, b) = most_likely(mean * size, (1.0 - mean) * size, log_below, log_above)?;
        Some(Beta { a, b, support })
    }

    /// Probability of a value up to `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        incomplete_beta(self.a, self.b, (x - self.support.lower) / self.support.width)
    }

    /// The value that is not exceeded with probability `p`, 0 < p < 1: Newton's steps, kept in an interval.
    pub fn quantile(&self, p: f64) -> f64 {
        let log_beta = libm::lgamma(self.a) + libm::lgamma(self.b) - libm::lgamma(self.a + self.b);
        let (mut low, mut high) = (0.0, 1.0);
        let mut y = self.start(p, log_beta);
        for _ in 0..MOST_STEPS {
            let off = incomplete_beta(self.a, self.b, y) - p;
            if off < 0.0 {
                low = y;
            } else {
                high = y;
            }
            let log_density = (self.a - 1.0) * libm::log(y) + (self.b - 1.0) * libm::log1p(-y) - log_beta;
            let mut next = y - off / libm::exp(log_density);
            if !(next >= low && next <= high) {
                next = if low > 0.0 { 0.5 * (low + high) } else { 0.1 * high };
            }
            let step = (next - y).abs();
            y = next;
            if step <= 1e-15 * y || off == 0.0 {
                break;
            }
        }
        self.support.lower + self.support.width * y
    }

    /// A start for the quantile: the first term of the series at the end that is near, or the mean.
    fn start(&self, p: f64, log_beta: f64) -> f64 {
        const NEAR: f64 = 0.1;
        let distance = |p: f64, shape: f64| libm::exp((libm::log(p * shape) + log_beta) / shape);
        let (below, above) = (distance(p, self.a), distance(1.0 - p, self.b));
        if below < NEAR {
            below.max(f64::MIN_POSITIVE)
        } else if above < NEAR {
            1.0 - above.max(f64::EPSILON)
        } else {
            self.a / (self.a + self.b)
        }
    }
}

fn most_likely(a: f64, b: f64, log_below: f64, log_above: f64) -> Option<(f64, f64)> {
    let (mut a, mut b) = (a, b);
    for _ in 0..MOST_STEPS {
        let both = digamma(a + b);
        let (off_a, off_b) = (digamma(a) - both - log_below, digamma(b) - both - log_above);
        let shared = trigamma(a + b);
        let (of_a, of_b) = (trigamma(a) - shared, trigamma(b) - shared);
        let determinant = of_a * of_b - shared * shared;
        let step_a = (off_a * of_b + off_b * shared) / determinant;
        let step_b = (off_b * of_a + off_a * shared) / determinant;
        let next = ((a - step_a).clamp(0.1 * a, 10.0 * a), (b - step_b).clamp(0.1 * b, 10.0 * b));
        let step = ((next.0 - a) / a).abs().max(((next.1 - b) / b).abs());
        (a, b) = next;
        if step <= 1e-10 {
            return (a < LARGEST_SHAPE && b < LARGEST_SHAPE).then_some((a, b));
        }
    }
    None
}
