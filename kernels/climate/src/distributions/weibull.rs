//! The Weibull distribution above a lower end.

use super::sum_of;

/// A Weibull distribution: P(X ≤ x) = 1 − exp(−((x − lower)/scale)^shape).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weibull {
    /// Shape, > 0.
    pub shape: f64,
    /// Scale, > 0.
    pub scale: f64,
    /// Lower end.
    pub lower: f64,
}

/// Steps after which Newton's method has long converged.
const MOST_STEPS: usize = 50;
/// Deviation of ln x of a Weibull distribution of shape 1: π/√6.
const LOG_DEVIATION: f64 = 1.282_549_830_161_864;
/// No values of a series are spread as little as this shape would have them.
const LARGEST_SHAPE: f64 = 1e6;

impl Weibull {
    /// The most likely shape and scale; nothing if values are all alike or one is not above the lower end.
    ///
    /// Σ y^k ln y / Σ y^k − 1/k = mean ln y by Newton's method in 1/k from the moments of ln y (Cohen, Technometrics 7, 1965,
    /// equation 4).
    pub fn fit(values: &[f64], lower: f64) -> Option<Weibull> {
        if values.iter().any(|&value| value <= lower) {
            return None;
        }
        let n = values.len() as f64;
        let mean_log = sum_of(values, |value| conurb_numerics::ln(value - lower)) / n;
        let square = |value: f64| {
            let off = conurb_numerics::ln(value - lower) - mean_log;
            off * off
        };
        let deviation = (sum_of(values, square) / n).sqrt();
        let mut shape = LOG_DEVIATION / deviation;
        if !(shape > 0.0 && shape < LARGEST_SHAPE) {
            return None;
        }
        for _ in 0..MOST_STEPS {
            // Values relative to their geometric mean, so that their powers stay small.
            let log = |value: f64| conurb_numerics::ln(value - lower) - mean_log;
            let sum_0 = sum_of(values, |value| conurb_numerics::exp(shape * log(value)));
            let sum_1 = sum_of(values, |value| log(value) * conurb_numerics::exp(shape * log(value)));
            let sum_2 = sum_of(values, |value| log(value) * log(value) * conurb_numerics::exp(shape * log(value)));
            let centre = sum_1 / sum_0;
            let off = centre - 1.0 / shape;
            let slope = sum_2 / sum_0 - centre * centre + 1.0 / (shape * shape);
            let next = (shape - off / slope).clamp(0.5 * shape, 2.0 * shape);
            let step = (next - shape).abs();
            shape = next;
            if step <= 1e-8 * shape {
                break;
            }
        }
        let mean_power =
            sum_of(values, |value| conurb_numerics::exp(shape * (conurb_numerics::ln(value - lower) - mean_log))) / n;
        let scale = libm::exp(mean_log + libm::log(mean_power) / shape);
        (shape < LARGEST_SHAPE && scale.is_finite()).then_some(Weibull { shape, scale, lower })
    }

    /// Probability of a value up to `x`.
    pub fn cdf(&self, x: f64) -> f64 {
        if x <= self.lower { 0.0 } else { -libm::expm1(-libm::pow((x - self.lower) / self.scale, self.shape)) }
    }

    /// The value that is not exceeded with probability `p`, 0 < p < 1.
    pub fn quantile(&self, p: f64) -> f64 {
        self.lower + self.scale * libm::pow(-libm::log1p(-p), 1.0 / self.shape)
    }
}
