//! Random orders whose every value follows from what it is for, not from what was drawn before.

/// 2^64 over the golden ratio, odd: what SplitMix64 adds at each step.
const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// Positions 0 to `n_items` − 1 in a random order, the same for the same `seed` and `draw`.
///
/// Items are sorted by hashes of (seed, draw, item), so that taking the first k gives nested sets as k grows: compared with
/// common random numbers.
pub fn order_of(seed: u64, draw: u64, n_items: usize) -> Vec<usize> {
    let of_draw = split_mix(split_mix(seed, 0), draw);
    let mut items: Vec<(u64, usize)> = (0..n_items).map(|item| (split_mix(of_draw, item as u64), item)).collect();
    items.sort_unstable();
    items.into_iter().map(|(_, item)| item).collect()
}

/// The value at a place, from 0, of the sequence that starts from a seed.
///
/// Source: Steele, Lea & Flood, Fast splittable pseudorandom number generators, OOPSLA 2014, fig. 14 with the finaliser of
/// variant 13 of Stafford, <https://doi.org/10.1145/2660193.2660195>.
fn split_mix(seed: u64, place: u64) -> u64 {
    let z = seed.wrapping_add(GOLDEN_GAMMA.wrapping_mul(place.wrapping_add(1)));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First values of splitmix64.c of Vigna (2015) from the seed 1234567, as Rosetta Code lists them.
    #[test]
    fn the_published_sequence() {
        let found: Vec<u64> = (0..5).map(|place| split_mix(1_234_567, place)).collect();
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn every_item_comes_once_and_first_as_often_as_any() {
        const N: usize = 10;
        let mut first = [0; N];
        for draw in 0..2000 {
            let mut order = order_of(7, draw, N);
            first[order[0]] += 1;
            order.sort_unstable();
            assert_eq!(order, (0..N).collect::<Vec<_>>());
        }
        // 200 each; the standard deviation is 13.4, and 5 of it are 67.
        assert!(first.iter().all(|count| (133..=267).contains(count)), "{first:?}");
        assert_eq!(order_of(7, 3, N), order_of(7, 3, N));
        assert_ne!(order_of(7, 3, N), order_of(8, 3, N));
        assert!(order_of(7, 3, 0).is_empty());
    }
}
