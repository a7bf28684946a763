//! Small positive values in place of dry days, so that ratios and ranks are defined.
//!
//! A. J. Cannon, S. R. Sobie and T. Q. Murdock, Journal of Climate 28, 2015, section 3: values below a trace are replaced by
//! numbers evenly spread below it. Here each number follows from the cell and the day alone, never from the order of work.

use crate::days::Days;
use crate::draw;
use crate::sample::Sample;

/// Where the numbers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Jitter {
    /// A hash of a seed, the cell and the number of the day.
    Hashed {
        /// Seed of the run.
        seed: u64,
        /// Number of the cell.
        cell: u64,
    },
    /// Fractions of multiples of the golden ratio, by the index of the value in its series.
    GoldenRatio,
}

/// Fraction of the golden ratio.
const GOLDEN_RATIO: f64 = 0.618_033_988_749_894_9;

/// Replaces all values below a threshold by the threshold times a number above 0 and below 1; missing days stay missing.
///
/// # Panics
/// If the series has not as many values as there are days.
pub fn jitter<T: Sample>(series: &mut [T], days: &Days, threshold: f64, jitter: Jitter) {
    assert_eq!(series.len(), days.len(), "the days are of another series");
    for (index, (value, &number)) in series.iter_mut().zip(days.numbers()).enumerate() {
        if value.to_f64() < threshold {
            *value = T::from_f64(threshold * uniform(jitter, index, number));
        }
    }
}

fn uniform(jitter: Jitter, index: usize, number: i64) -> f64 {
    match jitter {
        Jitter::Hashed { seed, cell } => draw::uniform(seed, cell, number.cast_unsigned()),
        Jitter::GoldenRatio => {
            let turned = (index + 1) as f64 * GOLDEN_RATIO;
            turned - turned.floor()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;

    #[test]
    fn dry_days_become_positive_and_wet_ones_stay() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2002);
        for kind in [Jitter::Hashed { seed: 7, cell: 3 }, Jitter::GoldenRatio] {
            let mut series = vec![0.0_f32; days.len()];
            series[3] = f32::NAN;
            series[4] = 0.05;
            series[5] = -1e-10;
            jitter(&mut series, &days, 0.05, kind);
            assert!(series[3].is_nan());
            assert_eq!(series[4], 0.05);
            assert!(series.iter().all(|&value| value.is_nan() || value > 0.0 && value <= 0.05));
        }
    }

    #[test]
    fn numbers_follow_from_cell_and_day_alone() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2002);
        let later = Days::of_years(Calendar::NoLeap, 2002, 2002);
        let made = |days: &Days, cell| {
            let mut series = vec![0.0_f64; days.len()];
            jitter(&mut series, days, 1.0, Jitter::Hashed { seed: 7, cell });
            series
        };
        assert_eq!(made(&days, 1)[365..], made(&later, 1));
        assert_ne!(made(&later, 1), made(&later, 2));
    }

    #[test]
    fn golden_numbers_are_as_published() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
        let mut series = vec![0.0_f64; 365];
        jitter(&mut series, &days, 1.0, Jitter::GoldenRatio);
        // Fractions of 0.618..., 1.236..., 1.854...
        for (found, expected) in series.iter().zip([0.618_033_988_75, 0.236_067_977_5, 0.854_101_966_25]) {
            assert!((found - expected).abs() < 1e-11);
        }
    }
}
