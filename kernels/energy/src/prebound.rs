//! What people are expected to burn, which is not what is calculated.
//!
//! Poor buildings are heated less than standard calculations take for granted, so retrofit saves less than calculated. Source:
//! Sunikka-Blank & Galvin, Introducing the prebound effect: the gap between performance and actual energy consumption,
//! Building Research & Information 40(3), 260-273, 2012, <https://doi.org/10.1080/09613218.2012.690952>: 3400 German homes.

use crate::parameter::{ParameterError, check_all};

/// Expected over calculated energy for heating and hot water, by the rating.
#[derive(Debug, Clone, PartialEq)]
pub struct Prebound {
    /// Ratings (kWh/m² a), ascending and > 0.
    ratings: Vec<f64>,
    /// What is expected at each (kWh/m² a).
    expected: Vec<f64>,
}

impl Default for Prebound {
    /// Of the study: 17 % less than a rating of 150 kWh/m² a, 30 % less than 225, 40 % less than 300 and 60 % less than 500;
    /// as rated up to 100, below which it found no such gap.
    fn default() -> Self {
        let points = [(100.0, 1.0), (150.0, 0.83), (225.0, 0.70), (300.0, 0.60), (500.0, 0.40)];
        Prebound::new(&points).expect("the points ascend")
    }
}

impl Prebound {
    /// Takes points of (rating > 0 in kWh/m² a, factor 0 to 2), ratings ascending.
    ///
    /// # Errors
    /// No points, ratings that do not ascend, a value out of its range.
    pub fn new(points: &[(f64, f64)]) -> Result<Prebound, ParameterError> {
        let (ratings, factors): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        check_all("rating", &ratings, f64::MIN_POSITIVE..=1e5, "more than 0 kWh/m² a")?;
        check_all("prebound factor", &factors, 0.0..=2.0, "0 to 2")?;
        if ratings.is_empty() {
            return Err(ParameterError::Length { what: "prebound table", found: 0, expected: 1 });
        }
        if let Some(index) = (1..ratings.len()).find(|next| ratings[*next] <= ratings[next - 1]) {
            let value = ratings[index];
            return Err(ParameterError::Entry { index, what: "rating", value, expected: "more than the one before" });
        }
        let expected = points.iter().map(|(rating, factor)| rating * factor).collect();
        Ok(Prebound { ratings, expected })
    }

    /// Everyone uses what is calculated.
    pub fn none() -> Prebound {
        Prebound::new(&[(1.0, 1.0)]).expect("one point")
    }

    /// Expected over calculated energy of a building with `rating` ≥ 0 (kWh/m² a).
    ///
    /// Between points, the energy expected (not the factor) is linear, so that a better building is not expected to use more as
    /// long as no point is; before the first and after the last point their factors hold.
    pub fn factor(&self, rating: f64) -> f64 {
        let after = self.ratings.partition_point(|point| *point <= rating);
        if after == 0 || after == self.ratings.len() {
            let nearest = after.saturating_sub(1);
            return self.expected[nearest] / self.ratings[nearest];
        }
        let (from, to) = (self.ratings[after - 1], self.ratings[after]);
        let share = (rating - from) / (to - from);
        (self.expected[after - 1] + share * (self.expected[after] - self.expected[after - 1])) / rating
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn factors_of_the_study() {
        let prebound = Prebound::default();
        for (rating, factor) in [(150.0, 0.83), (225.0, 0.70), (300.0, 0.60), (500.0, 0.40)] {
            assert!((prebound.factor(rating) - factor).abs() < 1e-12);
        }
        // Half way from 150 · 0.83 = 124.5 to 225 · 0.70 = 157.5: 141 of 187.5.
        assert!((prebound.factor(187.5) - 141.0 / 187.5).abs() < 1e-12);
        assert_eq!((prebound.factor(0.0), prebound.factor(60.0), prebound.factor(900.0)), (1.0, 1.0, 0.4));
        assert_eq!((Prebound::none().factor(0.2), Prebound::none().factor(400.0)), (1.0, 1.0));
    }

    #[test]
    fn bad_tables_are_refused() {
        assert!(Prebound::new(&[]).is_err());
        assert!(Prebound::new(&[(100.0, 1.0), (100.0, 0.9)]).is_err());
        assert!(Prebound::new(&[(100.0, f64::NAN)]).is_err());
        assert!(Prebound::new(&[(0.0, 1.0)]).is_err());
    }

    proptest! {
        #[test]
        fn a_worse_building_is_never_expected_to_use_less(rating in 0.0_f64..800.0, more in 0.0_f64..100.0) {
            let prebound = Prebound::default();
            let (better, worse) = (rating * prebound.factor(rating), (rating + more) * prebound.factor(rating + more));
            prop_assert!(better <= worse + 1e-9);
        }
    }
}
