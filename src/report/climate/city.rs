//! Indices of the whole city: yearly values, means of periods, and what the models of an emission scenario say together.

use conurb_climate::ensemble;
use conurb_climate::indices::Index;
use ndarray::{Array2, Ix2};

use super::Projections;
use crate::error::Error;
use crate::field::climate_indices::{self, Told};
use crate::report::energy::{misfit, optional};
use crate::store::read::RunReader;

/// Models from which on there are percentiles and agreement.
const LEAST_MODELS: usize = 2;
/// Percentiles that tell a range.
const SHARES: [f64; 3] = [0.1, 0.5, 0.9];

/// Years of a run, and which of them are those of each period.
#[derive(Debug, Clone, PartialEq)]
pub struct CityYears {
    /// The years: those of the reference, then those of all periods.
    pub years: Vec<i32>,
    /// Places of the years of each period; the first period is that of the reference.
    pub of_period: Vec<Vec<usize>>,
}

/// An index of the whole city.
#[derive(Debug, Clone, PartialEq)]
pub struct CityIndex {
    /// The index.
    pub index: Index,
    /// Its value by simulation and year.
    pub yearly: Array2<f64>,
    /// Its mean over the years with a value, by period and simulation; NaN where there is none.
    pub means: Array2<f64>,
}

/// What the models of an emission scenario say together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Models with a value.
    pub n_models: usize,
    /// The tenth percentile over them; NaN for one model.
    pub low: f64,
    /// Their median; the value itself for one model.
    pub median: f64,
    /// The 90th percentile over them; NaN for one model.
    pub high: f64,
    /// Share of the models whose change since the reference has the sign of the median's; NaN for one model.
    pub agreement: f64,
}

impl CityYears {
    /// The years of a run with indices.
    ///
    /// # Errors
    /// They are not those of the periods.
    pub fn read(run: &RunReader, projections: &Projections) -> Result<CityYears, Error> {
        let spec = &climate_indices::CLIMATE_YEAR;
        let years: Vec<i32> = run.numbers_of(spec)?.iter().map(|&year| year as i32).collect();
        let holds = |[first, last]: [i32; 2], year: i32| (first..=last).contains(&year);
        // A year of the reference may be one of a period, too: the former come first.
        let reference = projections.periods[0];
        let n_reference = usize::try_from(reference[1] - reference[0]).map_or(0, |length| length + 1).min(years.len());
        let of = |places: std::ops::Range<usize>, period: [i32; 2]| -> Vec<usize> {
            places.filter(|&place| holds(period, years[place])).collect()
        };
        let mut of_period = vec![of(0..n_reference, reference)];
        of_period.extend(projections.periods[1..].iter().map(|&period| of(n_reference..years.len(), period)));
        match of_period.iter().any(Vec::is_empty) {
            true => Err(misfit(run, spec, "lacks years of a period".to_owned())),
            false => Ok(CityYears { years, of_period }),
        }
    }
}

/// All indices of the whole city.
///
/// # Errors
/// Fields that do not fit together.
pub fn city_indices(run: &RunReader, projections: &Projections, years: &CityYears) -> Result<Vec<CityIndex>, Error> {
    let read = |&index: &Index| {
        let spec = climate_indices::index(index, Told::OfYears);
        let shape = [projections.n_simulations(), years.years.len()];
        let yearly = optional(run, &spec, &shape)?;
        let yearly = yearly.ok_or_else(|| misfit(run, &spec, "is not there".to_owned()))?;
        let yearly = yearly.into_dimensionality::<Ix2>().expect("the shape was just checked");
        let mean = |(period, simulation): (usize, usize)| {
            let values: Vec<f64> = years.of_period[period].iter().map(|&year| yearly[[simulation, year]]).collect();
            ensemble::mean(&values, 1)
        };
        let means = Array2::from_shape_fn((projections.periods.len(), projections.n_simulations()), mean);
        Ok(CityIndex { index, yearly, means })
    };
    projections.indices.iter().map(read).collect()
}

impl CityIndex {
    /// Its mean in the reference period; simulations share it.
    pub fn reference(&self) -> f64 {
        self.means[[0, 0]]
    }

    /// What models say of a period and an emission scenario.
    pub fn spread(&self, projections: &Projections, period: usize, emission: usize) -> Spread {
        let of_models = projections.simulations_of(emission).map(|simulation| self.means[[period, simulation]]);
        spread(&of_models.collect::<Vec<f64>>(), self.reference())
    }

    /// What models say of one year and an emission scenario.
    pub fn spread_of_year(&self, projections: &Projections, year: usize, emission: usize) -> Spread {
        let of_models = projections.simulations_of(emission).map(|simulation| self.yearly[[simulation, year]]);
        spread(&of_models.collect::<Vec<f64>>(), self.reference())
    }
}

fn spread(values: &[f64], reference: f64) -> Spread {
    let mut scratch = Vec::new();
    let mut found = [f64::NAN; 3];
    let n_models = ensemble::percentiles(values, &SHARES, 1, &mut found, &mut scratch);
    let changes: Vec<f64> = values.iter().map(|value| value - reference).collect();
    let agreement = ensemble::agreement(&changes, LEAST_MODELS, &mut scratch);
    let [low, median, high] = found;
    match n_models < LEAST_MODELS {
        true => Spread { n_models, low: f64::NAN, median, high: f64::NAN, agreement },
        false => Spread { n_models, low, median, high, agreement },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_told_by_their_middle_and_their_range() {
        // R: quantile(c(10, 12, 14, 20), c(0.1, 0.5, 0.9)): 10.6, 13, 18.2; three of four are above 11.
        let told = spread(&[14.0, 10.0, f64::NAN, 20.0, 12.0], 11.0);
        assert_eq!(told.n_models, 4);
        for (found, expected) in
            [told.low, told.median, told.high, told.agreement].into_iter().zip([10.6, 13.0, 18.2, 0.75])
        {
            assert!((found - expected).abs() < 1e-12, "{told:?}");
        }
        let alone = spread(&[14.0], 11.0);
        assert!(alone.median == 14.0 && alone.low.is_nan() && alone.high.is_nan() && alone.agreement.is_nan());
        assert!(spread(&[f64::NAN], 11.0).median.is_nan());
    }
}
