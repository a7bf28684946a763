//! Days beyond a threshold, told apart.
//!
//! ISIMIP3BASD gives them random values between threshold and bound, in the order of the values that they had. Here they get
//! values that are evenly spread, and a random number, made of seed, cell and day alone, decides only between days that
//! are alike: which of the dry days become wet where the reference has more of these.

use super::settings::Settings;

/// Spreads the values of a series that lie beyond a threshold.
pub(super) fn spread(settings: &Settings, cell: u64, series: &mut [f64], beyond: &mut Vec<(f64, u64, u32)>) {
    if let Some(edge) = settings.lower {
        collect(series, beyond, |value| value <= edge.threshold, |day| random_bits(settings.seed, cell, day));
        assign(series, beyond, edge.bound, edge.threshold);
    }
    if let Some(edge) = settings.upper {
        collect(series, beyond, |value| value >= edge.threshold, |day| random_bits(settings.seed, cell, day));
        assign(series, beyond, edge.threshold, edge.bound);
    }
}

fn collect(
    series: &[f64],
    beyond: &mut Vec<(f64, u64, u32)>,
    is_beyond: impl Fn(f64) -> bool,
    random: impl Fn(u64) -> u64,
) {
    beyond.clear();
    let days = series.iter().enumerate().filter(|&(_, &value)| is_beyond(value));
    beyond.extend(days.map(|(day, &value)| (value, random(day as u64), day as u32)));
    beyond.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
}

fn assign(series: &mut [f64], beyond: &[(f64, u64, u32)], from: f64, to: f64) {
    let step = (to - from) / beyond.len() as f64;
    for (rank, &(_, _, day)) in beyond.iter().enumerate() {
        series[day as usize] = from + (rank as f64 + 0.5) * step;
    }
}

/// A random number that follows from seed, cell and day.
///
/// Finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014), once for each.
fn random_bits(seed: u64, cell: u64, day: u64) -> u64 {
    let mix = |state: u64| {
        let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    mix(mix(mix(seed) ^ cell) ^ day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isimip::Variable;

    #[test]
    fn values_beyond_a_threshold_are_spread_in_their_order() {
        let settings = Settings::of(Variable::RelativeHumidity);
        let mut series = [101.0, 50.0, 0.004, f64::NAN, -3.0, 0.01, 100.0, 99.99];
        spread(&settings, 1, &mut series, &mut Vec::new());
        let step = 0.01 / 3.0;
        let expected = [
            100.0 - 0.5 * step,
            50.0,
            1.5 * step,
            f64::NAN,
            0.5 * step,
            2.5 * step,
            100.0 - 1.5 * step,
            100.0 - 2.5 * step,
        ];
        for (found, expected) in series.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12 || found.is_nan() && expected.is_nan(), "{found} {expected}");
        }
    }

    #[test]
    fn alike_days_lie_in_any_order_of_seed_and_cell() {
        let order = |seed, cell| {
            let mut series = [0.0; 200];
            spread(&Settings { seed, ..Settings::of(Variable::Precipitation) }, cell, &mut series, &mut Vec::new());
            series
        };
        assert_eq!(order(1, 2), order(1, 2));
        assert_ne!(order(1, 2), order(2, 2));
        assert_ne!(order(1, 2), order(1, 3));
        let sorted = order(1, 2).windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((70..130).contains(&sorted), "{sorted}");
    }
}
