//! Random numbers that depend on what they are drawn for alone: no state, the same in any order.

/// 2^64 over the golden ratio, odd: what SplitMix64 adds at each step.
const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// Finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
fn mix(state: u64) -> u64 {
    let z = state.wrapping_add(GOLDEN_GAMMA);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number above 0 and below 1 for a seed, a stream of it and a place in the stream.
pub(crate) fn uniform(seed: u64, stream: u64, place: u64) -> f64 {
    let bits = mix(mix(mix(seed) ^ stream) ^ place);
    // 52 bits and a half, so that neither end is met.
    ((bits >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
}

/// A number of the standard normal distribution (Box and Muller, Annals of Mathematical Statistics 29, 1958).
pub(crate) fn normal(seed: u64, stream: u64, place: u64) -> f64 {
    let radius = (-2.0 * libm::log(uniform(seed, stream, 2 * place))).sqrt();
    let (_, cosine) = conurb_numerics::sin_cos(std::f64::consts::TAU * uniform(seed, stream, 2 * place + 1));
    radius * cosine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mixer_is_splitmix64() {
        // First value of splitmix64.c of Vigna (2015) from the seed 1234567, as Rosetta Code lists it.
        assert_eq!(mix(1_234_567), 6_457_827_717_110_365_317);
    }

    /// Means of 20,000 draws lie within four standard errors of the moments of the distributions.
    #[test]
    fn moments_are_those_of_the_distributions() {
        let n = 20_000_u32;
        let mean = |value: &dyn Fn(u64) -> f64| (0..u64::from(n)).map(value).sum::<f64>() / f64::from(n);
        let tolerance = 4.0 / f64::from(n).sqrt();
        assert!((mean(&|i| uniform(1, 2, i)) - 0.5).abs() < tolerance * 0.29);
        assert!((mean(&|i| uniform(1, 2, i) * uniform(1, 3, i)) - 0.25).abs() < tolerance * 0.22);
        assert!(mean(&|i| normal(1, 2, i)).abs() < tolerance);
        assert!((mean(&|i| normal(1, 2, i).powi(2)) - 1.0).abs() < tolerance * 2.0_f64.sqrt());
        assert!((mean(&|i| normal(1, 2, i).powi(4)) - 3.0).abs() < tolerance * 96.0_f64.sqrt());
    }
}
