//! Dry days in series that are adjusted by ratios.

use crate::draw;
use crate::sample::Sample;

/// What stands for dry days while ratios are taken: random numbers below the least amount of a wet day, which are
/// cleared when all is done (Gergel et al. 2024, section 2.3, after Hempel et al., Earth System Dynamics 4, 2013; theirs are 1
/// and 0.5 mm/d). To keep the mean over the fine cells, fill these before the coarse cell is made of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DryDays {
    /// Least amount of a wet day, in the unit of the series, above 0.
    pub wet_from: f64,
    /// Least amount that a dry day gets, from 0 to `wet_from`.
    pub filled_from: f64,
    /// What the numbers are drawn from, with the cell and the day.
    pub seed: u64,
}

impl DryDays {
    /// Fills dry days of a cell; days are counted from the first of the series.
    pub fn fill<T: Sample>(&self, cell: u64, series: &mut [T]) {
        for (value, day) in series.iter_mut().zip(0..) {
            if value.to_f64() < self.wet_from {
                let share = draw::uniform(self.seed, cell, day);
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

#[cfg(test)]
mod tests {
    use super::*;

    const DRY: DryDays = DryDays { wet_from: 1.0, filled_from: 0.5, seed: 3 };

    #[test]
    fn dry_days_are_filled_and_cleared() {
        let series: Vec<f32> = (0..9000).map(|day| [0.0, 0.99, 1.0, 7.5, f32::NAN, -1e-9][day % 6]).collect();
        let mut filled = series.clone();
        DRY.fill(5, &mut filled);
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
        let mut other = series.clone();
        DRY.fill(6, &mut other);
        assert_ne!(other[0], filled[0]);
        DRY.clear(&mut filled);
        for (&before, &after) in series.iter().zip(&filled) {
            assert!(if before < 1.0 { after == 0.0 } else { before.to_bits() == after.to_bits() });
        }
    }
}
