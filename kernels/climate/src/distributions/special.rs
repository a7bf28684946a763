//! Special functions that fits need: derivatives of the logarithm of Γ, the incomplete Γ and B functions, Student's t.

/// From here on the asymptotic series of ψ and ψ′ hold to rounding.
const ASYMPTOTIC: f64 = 10.0;
/// Relative size of the last term of a series or continued fraction.
const LAST_TERM: f64 = 1e-16;
/// More terms than any argument needs: about ten times the root of the largest shape.
const MOST_TERMS: usize = 100_000;

/// ψ(x) = d ln Γ(x)/dx for x > 0.
///
/// Recurrence and asymptotic series: Abramowitz and Stegun (1964), 6.3.5 and 6.3.18.
pub fn digamma(x: f64) -> f64 {
    let (mut shift, mut x) = (0.0, x);
    while x < ASYMPTOTIC {
        shift += 1.0 / x;
        x += 1.0;
    }
    let s = 1.0 / (x * x);
    let series = s
        * (1.0 / 12.0
            - s * (1.0 / 120.0 - s * (1.0 / 252.0 - s * (1.0 / 240.0 - s * (1.0 / 132.0 - s * (691.0 / 32760.0))))));
    libm::log(x) - 0.5 / x - series - shift
}

/// ψ′(x) for x > 0.
///
/// Abramowitz and Stegun (1964), 6.4.6 and 6.4.12.
pub fn trigamma(x: f64) -> f64 {
    let (mut shift, mut x) = (0.0, x);
    while x < ASYMPTOTIC {
        shift += 1.0 / (x * x);
        x += 1.0;
    }
    let s = 1.0 / (x * x);
    let series = s
        * (1.0 / 6.0
            - s * (1.0 / 30.0 - s * (1.0 / 42.0 - s * (1.0 / 30.0 - s * (5.0 / 66.0 - s * (691.0 / 2730.0))))));
    1.0 / x + 0.5 * s + series / x + shift
}

/// x^a e^−x / Γ(a + 1), x > 0.
///
/// For large a by Stirling's series (Abramowitz and Stegun 6.1.41), as there the parts are large and nearly cancel.
pub(crate) fn gamma_term(a: f64, log_gamma_1: f64, x: f64) -> f64 {
    if a < ASYMPTOTIC {
        return libm::exp(a * libm::log(x) - x - log_gamma_1);
    }
    let off = (x - a) / a;
    let s = 1.0 / (a * a);
    let correction = (1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0)))) / a;
    libm::exp(a * (libm::log1p(off) - off) - correction) / (2.0 * core::f64::consts::PI * a).sqrt()
}

/// P(a, x) and 1 − P(a, x), the shares of Γ(a) below and above x ≥ 0; `term` = x^a e^−x / Γ(a + 1).
///
/// By the series (Abramowitz and Stegun 6.5.29) up to a + 1, beyond by the continued fraction of the complement (6.5.31)
/// in Lentz's form (Thompson and Barnett, J. Comput. Phys. 64, 1986).
pub(crate) fn incomplete_gamma(a: f64, x: f64, term: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x >= a + 1.0 {
        let above = if term > 0.0 { term * a * upper_fraction(a, x) } else { 0.0 };
        return (1.0 - above, above);
    }
    let (mut sum, mut part, mut n) = (1.0, 1.0, a);
    for _ in 0..MOST_TERMS {
        n += 1.0;
        part *= x / n;
        sum += part;
        if part < sum * LAST_TERM {
            break;
        }
    }
    let below = (term * sum).min(1.0);
    (below, 1.0 - below)
}

/// 1/(x + 1 − a − 1·(1 − a)/(x + 3 − a − …)).
fn upper_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = 1e300;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for i in 1..MOST_TERMS {
        let i = i as f64;
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / (numerator * d + b);
        c = b + numerator / c;
        let factor = c * d;
        fraction *= factor;
        if (factor - 1.0).abs() < 4.0 * LAST_TERM {
            break;
        }
    }
    fraction
}

/// I_x(a, b), the share of B(a, b) below x, 0 ≤ x ≤ 1.
///
/// By the continued fraction 26.5.8 of Abramowitz and Stegun in Lentz's form, on the side on which it converges fast.
pub(crate) fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    let front = libm::exp(a * libm::log(x) + b * libm::log1p(-x) - log_beta);
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(a, b, x) / a
    } else {
        1.0 - front * beta_fraction(b, a, 1.0 - x) / b
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..MOST_TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        fraction *= c * d;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        let factor = c * d;
        fraction *= factor;
        if (factor - 1.0).abs() < 4.0 * LAST_TERM {
            break;
        }
    }
    fraction
}

/// The value that |t| of Student's distribution with `freedom` ≥ 1 degrees exceeds with probability `p`, 0 < p < 1.
///
/// P(|T| > t) = I_{ν/(ν + t²)}(ν/2, ½) (Abramowitz and Stegun 26.7.1), solved by halving.
pub fn student_t_critical(freedom: f64, p: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    // x = ν/(ν + t²), in which the probability grows.
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if incomplete_beta(0.5 * freedom, 0.5, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    (freedom * (1.0 - low) / low).sqrt()
}
