//! Small amounts in place of dry days, so that ratios and ranks are defined.
//!
//! Values below a trace are replaced by numbers evenly spread below it (A. J. Cannon, S. R. Sobie and T. Q. Murdock, Journal of
//! Climate 28, 2015, section 3; Gergel et al. 2024, section 2.3, with 0.5 to 1 mm/d, after Hempel et al., Earth System Dynamics 4,
//! 2013) and set to 0 when all is done. Each number follows from the seed, the cell and the day alone, never from the order of
//! work or from what else is adjusted.

use crate::days::Days;
use crate::draw;
use crate::sample::Sample;

/// What stands for dry days while ratios are taken. To keep the mean over fine cells, fill these before the coarse cell is made
/// of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DryDays {
    /// Least amount of a wet day, in the unit of the series, above 0.
    pub wet_from: f64,
    /// Least amount that a dry day gets, from 0 to `wet_from`.
    pub filled_from: f64,
    /// Where the numbers come from.
    pub draws: Draws,
}

/// Where numbers above 0 and below 1 come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Draws {
    /// A hash of a seed, the cell and the number of the day.
    Hashed {
        /// Seed of the run.
        seed: u64,
    },
    /// Fractions of multiples of the golden ratio, by the index of the value in its series.
    GoldenRatio,
}

/// Fraction of the golden ratio.
const GOLDEN_RATIO: f64 = 0.618_033_988_749_894_9;

impl DryDays {
    /// Fills dry days of a cell; missing days stay missing.
    ///
    /// # Panics
    /// If the series has not as many values as there are days.
    pub fn fill<T: Sample>(&self, cell: u64, days: &Days, series: &mut [T]) {
        assert_eq!(series.len(), days.len(), "the days are of another series");
        for (index, (value, &number)) in series.iter_mut().zip(days.numbers()).enumerate() {
            if value.to_f64() < self.wet_from {
                let share = self.draws.share(cell, index, number);
                let filled = T::from_f64(self.filled_from + share * (self.wet_from - self.filled_from));
                // Rounded to fewer digits it can be wet.
                *value = if filled.to_f64() < self.wet_from { filled } else { T::from_f64(self.filled_from) };
            }
        }
    }

    /// Sets dry days to 0.
    pub fn clear<T: Sample>(&self, series: &mut [T]) {
        let dry = series.iter_mut().filter(|value| value.to_f64() < self.wet_from);
        dry.for_each(|value| *value = T::from_f64(0.0));
    }
}

impl Draws {
    fn share(self, cell: u64, index: usize, number: i64) -> f64 {
        match self {
            Draws::Hashed { seed } => draw::uniform(seed, cell, number.cast_unsigned()),
            Draws::GoldenRatio => {
                let turned = (index + 1) as f64 * GOLDEN_RATIO;
                turned - turned.floor()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;

    const DRY: DryDays = DryDays { wet_from: 1.0, filled_from: 0.5, draws: Draws::Hashed { seed: 3 } };

    #[test]
    fn dry_days_are_filled_and_cleared() {
        let days = Days::of_years(Calendar::Day360, 1991, 2015);
        for draws in [DRY.draws, Draws::GoldenRatio] {
            let dry = DryDays { draws, ..DRY };
            let series: Vec<f32> = (0..9000).map(|day| [0.0, 0.99, 1.0, 7.5, f32::NAN, -1e-9][day % 6]).collect();
            let mut filled = series.clone();
            dry.fill(5, &days, &mut filled);
            let mut sum = 0.0;
            for (&before, &after) in series.iter().zip(&filled) {
                if before < 1.0 {
                    assert!((0.5..1.0).contains(&after));
                    sum += f64::from(after);
                } else {
                    assert_eq!(before.to_bits(), after.to_bits());
                }
            }
            // The mean of 4500 even numbers between 0.5 and 1 has a standard error of 0.0022.
            assert!((sum / 4500.0 - 0.75).abs() < 0.009, "{}", sum / 4500.0);
            dry.clear(&mut filled);
            for (&before, &after) in series.iter().zip(&filled) {
                assert!(if before < 1.0 { after == 0.0 } else { before.to_bits() == after.to_bits() });
            }
        }
    }

    #[test]
    fn numbers_follow_from_cell_and_day_alone() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2002);
        let later = Days::of_years(Calendar::NoLeap, 2002, 2002);
        let made = |dry: DryDays, days: &Days, cell| {
            let mut series = vec![0.0_f64; days.len()];
            dry.fill(cell, days, &mut series);
            series
        };
        assert_eq!(made(DRY, &days, 1)[365..], made(DRY, &later, 1));
        assert_ne!(made(DRY, &later, 1), made(DRY, &later, 2));
        let other = DryDays { draws: Draws::Hashed { seed: 4 }, ..DRY };
        assert_ne!(made(other, &later, 1), made(DRY, &later, 1));
    }

    #[test]
    fn golden_numbers_are_as_published() {
        let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
        let mut series = vec![0.0_f64; 365];
        DryDays { wet_from: 1.0, filled_from: 0.0, draws: Draws::GoldenRatio }.fill(0, &days, &mut series);
        // Fractions of 0.618..., 1.236..., 1.854...
        for (found, expected) in series.iter().zip([0.618_033_988_75, 0.236_067_977_5, 0.854_101_966_25]) {
            assert!((found - expected).abs() < 1e-11);
        }
    }
}
