//! How often loads reach a level: percentiles of a year's hours without keeping them.

use crate::hourly::{LANES, Lanes};

/// Levels per octave: an answer is at most 1/32 (3.1 %) above the load it stands for.
const PER_OCTAVE: usize = 32;
const OCTAVES: usize = 24;
/// One level for less than 1 W, then those of 1 W to 2^24 W (17 MW), the last of which takes all above.
const N_LEVELS: usize = 1 + PER_OCTAVE * OCTAVES;
/// Bits of a number's fraction that its level does not depend on.
const DROPPED_BITS: u32 = f64::MANTISSA_DIGITS - 1 - PER_OCTAVE.trailing_zeros();

/// Counts of hours by level of load, for a block of zones.
///
/// Levels divide each octave evenly: level 0 is below 1 W, level 1 + 32 k + m begins at 2^k (1 + m / 32) W. Counts are whole
/// numbers, so the order of hours is of no matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadDuration {
    counts: Vec<[u16; LANES]>,
    n_hours: usize,
}

impl Default for LoadDuration {
    fn default() -> Self {
        LoadDuration { counts: vec![[0; LANES]; N_LEVELS], n_hours: 0 }
    }
}

impl LoadDuration {
    /// Hours that can be counted, seven years.
    pub const MOST_HOURS: usize = u16::MAX as usize;

    /// Counts the hours of `series` (W, ≥ 0).
    ///
    /// # Panics
    /// With more than [`LoadDuration::MOST_HOURS`] in all.
    pub fn add(&mut self, series: &[Lanes]) {
        self.n_hours += series.len();
        assert!(self.n_hours <= Self::MOST_HOURS, "counts hold {} hours", Self::MOST_HOURS);
        for loads in series {
            for (lane, load) in loads.iter().enumerate() {
                self.counts[level(*load)][lane] += 1;
            }
        }
    }

    /// Load of `lane` (W) that a `share` (0 to 1) of its hours does not exceed: upper end of the level that holds it, 0 for
    /// what is below 1 W; none without hours or for loads above 2^24 W.
    pub fn percentile(&self, lane: usize, share: f64) -> Option<f64> {
        let wanted = (share.clamp(0.0, 1.0) * self.n_hours as f64).ceil().max(1.0) as usize;
        let mut below = 0;
        for (level, counts) in self.counts.iter().enumerate() {
            below += usize::from(counts[lane]);
            if below >= wanted {
                return (level < N_LEVELS - 1).then(|| upper_end(level));
            }
        }
        None
    }
}

/// Level of a load; that of what is not a number is the highest, so that it cannot hide.
#[inline(always)]
fn level(load: f64) -> usize {
    if load < 1.0 {
        return 0;
    }
    // The exponent and the first bits of the fraction, read as one number, count the levels.
    let steps = (load.to_bits() - 1.0_f64.to_bits()) >> DROPPED_BITS;
    1 + (steps as usize).min(N_LEVELS - 2)
}

fn upper_end(level: usize) -> f64 {
    if level == 0 {
        return 0.0;
    }
    f64::from_bits(1.0_f64.to_bits() + ((level as u64) << DROPPED_BITS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn levels_of_known_loads() {
        // 1 W begins level 1; 1 + 1/32 W the next; 2 W that after 32 of them; 2^24 W is above all.
        assert_eq!((level(0.0), level(0.999), level(1.0), level(1.031_25), level(2.0)), (0, 0, 1, 2, 33));
        assert_eq!((upper_end(0), upper_end(1), upper_end(33)), (0.0, 1.031_25, 2.062_5));
        assert_eq!((level(1e9), level(f64::NAN), level(f64::INFINITY)), (N_LEVELS - 1, N_LEVELS - 1, N_LEVELS - 1));
    }

    #[test]
    fn a_ramp_has_its_percentiles() {
        // Hour h of 1000 has a load of h W: 990 W is not exceeded by 99.1 %; levels there are 16 W wide.
        let series: Vec<Lanes> = (0..1000).map(|hour| [f64::from(hour); LANES]).collect();
        let mut duration = LoadDuration::default();
        duration.add(&series[..300]);
        duration.add(&series[300..]);
        let p99 = duration.percentile(3, 0.99).unwrap();
        assert!((990.0..=1006.0).contains(&p99), "{p99}");
        assert_eq!(duration.percentile(0, 0.0), Some(0.0));
        assert_eq!(LoadDuration::default().percentile(0, 0.5), None);
    }

    proptest! {
        #[test]
        fn a_percentile_is_above_its_load_by_a_level_at_most(
            mut loads in proptest::collection::vec(1.0_f64..1e6, 1..200), share in 0.0_f64..=1.0,
        ) {
            let mut duration = LoadDuration::default();
            duration.add(&loads.iter().map(|load| [*load; LANES]).collect::<Vec<_>>());
            loads.sort_by(f64::total_cmp);
            let rank = (share * loads.len() as f64).ceil().max(1.0) as usize;
            let (found, exact) = (duration.percentile(5, share).unwrap(), loads[rank - 1]);
            prop_assert!(found >= exact && found <= exact * (1.0 + 1.0 / 32.0) + 1e-9, "{} {}", found, exact);
        }
    }
}
