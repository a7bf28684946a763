//! The gamma distribution above a lower end.

use super::special::{digamma, gamma_term, incomplete_gamma, trigamma};
use super::{normal, sum_of};

/// A gamma distribution: density ∝ y^(shape − 1) e^−y, y = (x − lower)/scale > 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gamma {
    /// Shape, > 0.
    pub shape: f64,
    /// Scale, > 0.
    pub scale: f64,
    /// Lower end.
    pub lower: f64,
    /// ln Γ(shape + 1).
    log_gamma_1: f64,
}

/// Steps after which Newton's method has long converged from any start used here.
const MOST_STEPS: usize = 100;

impl Gamma {
    /// A gamma distribution of this shape, scale and lower end.
    pub fn new(shape: f64, scale: f64, lower: f64) -> Gamma {
        Gamma { shape, scale, lower, log_gamma_1: libm::lgamma(shape + 1.0) }
    }

    /// The most likely shape and scale; nothing if values are all alike or one is not above the lower end.
    ///
    /// ln a − ψ(a) = ln mean − mean ln; steps of Minka (2002), Estimating a Gamma distribution, equation 10.
    pub fn fit(values: &[f64], lower: f64) -> Option<Gamma> {
        if values.iter().any(|&value| value <= lower) {
            return None;
        }
        let n = values.len() as f64;
        let (sum, sum_log) = pulp::Arch::new().dispatch(Sums { values, lower });
        let (mean, mean_log) = (sum / n, sum_log / n);
        let spread = libm::log(mean) - mean_log;
        if !(1e-14..f64::INFINITY).contains(&spread) {
            return None;
        }
        let shape = shape_of_spread(spread);
        Some(Gamma::new(shape, mean / shape, lower))
    }

    /// Probability of a value up to `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        self.tails(x).0
    }

    /// The value that is not exceeded with probability `p`, 0 < p < 1.
    pub fn quantile(&self, p: f64) -> f64 {
        self.quantile_of_tails(p, 1.0 - p)
    }

    /// Probabilities of a value up to `x` and above it, each with all its digits.
    pub fn tails(&self, x: f64) -> (f64, f64) {
        let y = (x - self.lower) / self.scale;
        if y > 0.0 { self.standard_tails(y).0 } else { (0.0, 1.0) }
    }

    /// The value that is not exceeded with probability `below` > 0 and exceeded with `above` > 0: Halley's steps from a start
    /// of the right size; the root is kept in an interval.
    pub fn quantile_of_tails(&self, below: f64, above: f64) -> f64 {
        let mut y = self.start(below);
        let (mut low, mut high) = (0.0, f64::INFINITY);
        for _ in 0..MOST_STEPS {
            let ((found_below, found_above), term) = self.standard_tails(y);
            let off = if below < above { found_below - below } else { above - found_above };
            if off < 0.0 {
                low = y;
            } else {
                high = y;
            }
            let newton = off * y / (term * self.shape);
            let halley = newton / (1.0 - 0.5 * (newton * ((self.shape - 1.0) / y - 1.0)).clamp(-1.0, 1.0));
            let mut next = y - halley;
            if !(next >= low && next <= high) {
                next = if high < f64::INFINITY { 0.5 * (low + high) } else { 2.0 * y };
            }
            let step = (next - y).abs();
            y = next;
            // The error after a step is of the third power of the step.
            if step <= 1e-6 * y {
                break;
            }
        }
        self.lower + self.scale * y
    }

    fn standard_tails(&self, y: f64) -> ((f64, f64), f64) {
        let term = gamma_term(self.shape, self.log_gamma_1, y);
        (incomplete_gamma(self.shape, y, term), term)
    }

    /// A start for the quantile: the cube of a normal (Wilson and Hilferty, PNAS 17, 1931), or the first term of the
    /// series where that is too near to 0.
    fn start(&self, p: f64) -> f64 {
        let ninth = 1.0 / (9.0 * self.shape);
        let cube = 1.0 - ninth + normal::standard_quantile(p) * ninth.sqrt();
        let near_zero = libm::exp((libm::log(p) + self.log_gamma_1) / self.shape);
        let start = if cube > 0.3 && self.shape > 0.3 { self.shape * cube * cube * cube } else { near_zero };
        start.clamp(f64::MIN_POSITIVE, 1e300)
    }
}

/// Sums of values above a lower end and of their logarithms.
struct Sums<'a> {
    values: &'a [f64],
    lower: f64,
}

impl pulp::WithSimd for Sums<'_> {
    type Output = (f64, f64);
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> (f64, f64) {
        let Sums { values, lower } = self;
        (sum_of(values, |value| value - lower), sum_of(values, |value| conurb_numerics::ln(value - lower)))
    }
}

/// The shape whose ln a − ψ(a) is `spread`.
fn shape_of_spread(spread: f64) -> f64 {
    // Minka (2002), equation 9.
    let mut shape = (3.0 - spread + ((spread - 3.0) * (spread - 3.0) + 24.0 * spread).sqrt()) / (12.0 * spread);
    for _ in 0..MOST_STEPS {
        let off = libm::log(shape) - digamma(shape) - spread;
        let next = 1.0 / (1.0 / shape + off / (shape * shape * (1.0 / shape - trigamma(shape))));
        let step = (next - shape).abs();
        shape = next;
        if step <= 1e-8 * shape {
            break;
        }
    }
    shape
}
