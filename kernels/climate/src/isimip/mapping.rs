//! Future values of a window mapped to the pseudo-future reference.

use crate::distributions::{Distribution, Support, fits_within, fits_within_unsorted};

use super::settings::{Edge, Frequency, Mapping, Settings};
use super::transfer::{Places, place_of_last, value_at};

/// How many of the smallest and of the largest future values are set to the bounds.
///
/// Where both together exceed the future's number, they are reduced in proportion.
pub(super) fn numbers_at_bounds(settings: &Settings, [reference, historical, future]: [&[f64]; 3]) -> (usize, usize) {
    let number = |n_beyond: fn(&Settings, &[f64]) -> usize| {
        let share = |values: &[f64]| n_beyond(settings, values) as f64 / values.len() as f64;
        let share = match settings.frequency {
            Frequency::Changed => changed_share(share(reference), share(historical), share(future)),
            Frequency::OfReference => share(reference),
        };
        (future.len() as f64 * share).round_ties_even() as usize
    };
    let (low, high) = (number(Settings::n_low), number(Settings::n_high));
    if low + high <= future.len() {
        return (low, high);
    }
    let reduced = |part: usize| ((part * future.len()) as f64 / (low + high) as f64).round_ties_even() as usize;
    (reduced(low), future.len() - reduced(low))
}

/// Share of days at a bound in the future (Lange 2021, ISIMIP3BASD 2.5: as a bounded change between 0 and 1).
fn changed_share(reference: f64, historical: f64, future: f64) -> f64 {
    if (historical - reference).abs() <= 1e-8 + 1e-5 * reference {
        future
    } else if future <= historical && historical > reference {
        reference * future / historical
    } else if future >= historical && historical < reference {
        1.0 - (1.0 - reference) * (1.0 - future) / (1.0 - historical)
    } else {
        reference + future - historical
    }
}

/// How the future values that are at neither bound are mapped, all lists ascending.
pub(super) struct ValueMap<'a> {
    /// Future values that are not set to a bound.
    free: &'a [f64],
    /// Those that are between the thresholds.
    future: &'a [f64],
    /// What they are mapped to: values of the pseudo-future reference between the thresholds, at least one; in any order if
    /// a distribution stands for them.
    pseudo: &'a [f64],
    fits: Option<(Distribution, Distribution)>,
    has_threshold: bool,
}

impl<'a> ValueMap<'a> {
    /// Fits what is to be fitted; `pseudo` comes in an order that is nearly ascending.
    pub fn new(settings: &Settings, free: &'a [f64], future: &'a [f64], pseudo: &'a mut [f64]) -> ValueMap<'a> {
        let fits = match settings.mapping {
            Mapping::Ranks => None,
            Mapping::Fitted { family, worst_fit } => {
                let lower = settings.lower.map_or(0.0, |edge: Edge| edge.threshold);
                let upper = settings.upper.map_or(1.0, |edge: Edge| edge.threshold);
                let support = Support { lower, width: upper - lower };
                let of_future = Distribution::fit(family, future, support)
                    .filter(|fit| fits_within(future, worst_fit, |x| fit.cdf(x)));
                let of_pseudo = of_future.and_then(|_| Distribution::fit(family, pseudo, support)).filter(|fit| {
                    fits_within_unsorted(pseudo, worst_fit, |x| fit.cdf(x)) || {
                        sort_nearly_sorted(pseudo);
                        fits_within(pseudo, worst_fit, |x| fit.cdf(x))
                    }
                });
                of_future.zip(of_pseudo)
            }
        };
        if fits.is_none() {
            sort_nearly_sorted(pseudo);
        }
        ValueMap { free, future, pseudo, fits, has_threshold: settings.lower.is_some() || settings.upper.is_some() }
    }

    /// Whether values are mapped by fitted distributions.
    pub fn is_fitted(&self) -> bool {
        self.fits.is_some()
    }

    /// The value that a free value is mapped to.
    pub fn value(&self, index: usize) -> f64 {
        match &self.fits {
            Some((from, to)) => from.map(to, self.between_thresholds(index)),
            None => self.of_rank(index),
        }
    }

    /// A free value as one between the thresholds: the value of its rank (Lange 2021, ISIMIP3BASD 2.5), counted from 0, its
    /// mean where values are alike, and divided by the number of values.
    fn between_thresholds(&self, index: usize) -> f64 {
        if !self.has_threshold {
            return self.free[index];
        }
        let (first, last) = self.alike(index);
        let rank = 0.5 * (first + last) as f64;
        value_at(self.future, rank / self.free.len() as f64 * (self.future.len() as f64 - 1.0))
    }

    /// The value of the same rank; the middle one if all are alike.
    fn of_rank(&self, index: usize) -> f64 {
        let (first, last) = self.alike(index);
        if last - first + 1 == self.free.len() {
            return value_at(self.pseudo, 0.5 * (self.pseudo.len() as f64 - 1.0));
        }
        Places::new(self.free.len(), self.pseudo.len()).value(self.pseudo, place_of_last(self.free, last))
    }

    /// First and last of the free values that equal one.
    fn alike(&self, index: usize) -> (usize, usize) {
        let value = self.free[index];
        let before = self.free[..index].iter().rev().take_while(|&&other| other == value).count();
        let after = self.free[index + 1..].iter().take_while(|&&other| other == value).count();
        (index - before, index + after)
    }
}

/// Sorts values most of which are near their place.
fn sort_nearly_sorted(values: &mut [f64]) {
    // Moves a value, after which sorting from nothing is faster.
    const MOST_MOVES: usize = 16;
    let mut left = MOST_MOVES * values.len();
    for from in 1..values.len() {
        let value = values[from];
        let mut to = from;
        while to > 0 && values[to - 1] > value {
            values[to] = values[to - 1];
            to -= 1;
        }
        values[to] = value;
        left = left.saturating_sub(from - to);
        if left == 0 {
            values.sort_unstable_by(f64::total_cmp);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isimip::Variable;

    #[test]
    fn shares_change_within_0_and_1() {
        for (reference, historical, future, expected) in [
            (0.3, 0.3, 0.5, 0.5),
            // Too often and rarer: 0.3 · 0.4/0.6. Too rare and more often: 1 − 0.4 · 0.5/0.7. Otherwise the difference.
            (0.3, 0.6, 0.4, 0.2),
            (0.6, 0.3, 0.5, 1.0 - 0.4 * 0.5 / 0.7),
            (0.3, 0.6, 0.7, 0.4),
            (0.6, 0.3, 0.2, 0.5),
        ] {
            let found = changed_share(reference, historical, future);
            assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
        }
    }

    #[test]
    fn numbers_at_bounds_fit_into_the_future() {
        let settings = Settings::of(Variable::TemperatureSkewness);
        let reference = [0.0, 0.0, 0.0, 0.5, 1.0, 1.0];
        let other = [0.0, 0.0, 0.5, 1.0];
        let numbers = numbers_at_bounds(&settings, [&reference, &reference, &other]);
        assert_eq!(numbers, (2, 1));
        // Half and two sixths of five values: 2.5 is rounded to the even 2.
        let of_reference = Settings { frequency: Frequency::OfReference, ..settings };
        assert_eq!(numbers_at_bounds(&of_reference, [&reference, &other, &[0.5; 5]]), (2, 2));
        // Three eighths and seven eighths of eight are ten, of which eight remain.
        let both =
            [&[0.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.5, 1.0][..], &[0.5; 8], &[0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0]];
        let (low, high) = numbers_at_bounds(&settings, both);
        assert!(low + high <= 8 && low > 0 && high > 0, "{low} {high}");
    }

    #[test]
    fn ranks_are_mapped() {
        let settings = Settings { mapping: Mapping::Ranks, ..Settings::of(Variable::Unbounded) };
        let mut pseudo = [10.0, 40.0, 20.0];
        let map = ValueMap::new(&settings, &[1.0, 5.0, 5.0, 7.0, 9.0], &[], &mut pseudo);
        let found: Vec<f64> = (0..5).map(|index| map.value(index)).collect();
        assert_eq!(found, [10.0, 20.0, 20.0, 30.0, 40.0]);
        let mut pseudo = [10.0, 20.0, 60.0];
        let map = ValueMap::new(&settings, &[3.0; 4], &[], &mut pseudo);
        assert_eq!(map.value(3), 20.0);
    }

    #[test]
    fn free_values_take_the_place_of_wet_ones() {
        // Ranks 0, 1.5, 1.5 and 3 of four, of which quarters are taken, among three values: places 0, ¾, ¾ and 1½.
        let settings = Settings::of(Variable::Precipitation);
        let mut pseudo = [1.0];
        let map = ValueMap::new(&settings, &[0.01, 0.02, 0.02, 5.0], &[1.0, 2.0, 6.0], &mut pseudo);
        let found: Vec<f64> = (0..4).map(|index| map.between_thresholds(index)).collect();
        assert_eq!(found, [1.0, 1.75, 1.75, 4.0]);
    }

    #[test]
    fn bad_fits_give_way_to_ranks() {
        let settings = Settings::of(Variable::Unbounded);
        let ramp: Vec<f64> = (0..100).map(f64::from).collect();
        let two: Vec<f64> =
            (0..100).map(|index| if index < 50 { 0.01 * f64::from(index) } else { 1e3 + f64::from(index) }).collect();
        assert!(ValueMap::new(&settings, &ramp, &ramp, &mut ramp.clone()).is_fitted());
        assert!(!ValueMap::new(&settings, &ramp, &ramp, &mut two.clone()).is_fitted());
        assert!(!ValueMap::new(&settings, &two, &two, &mut ramp.clone()).is_fitted());
    }
}
