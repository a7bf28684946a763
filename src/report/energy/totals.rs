//! What a city comes to: sums over its buildings as they are and after each package of measures.

use ndarray::{Array2, Array3, ArrayD, Axis, Ix2, Ix3};

use super::stock::Stock;
use super::{of_buildings, optional};
use crate::error::Error;
use crate::field::{FieldSpec, energy as field};
use crate::store::read::RunReader;

/// What a package comes to if all buildings have it; none where the run does not tell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PackageTotals {
    /// Heating need (kWh a year).
    pub heating: Option<f64>,
    /// Heating need that people are expected to have (kWh a year).
    pub expected_heating: Option<f64>,
    /// Energy bought of each carrier (kWh a year).
    pub final_energy: Option<Vec<f64>>,
    /// Primary energy (kWh a year).
    pub primary_energy: Option<f64>,
    /// Emissions (kg a year).
    pub emissions: Option<f64>,
    /// Cost of what is bought, in the currency of the run, a year.
    pub energy_cost: Option<f64>,
    /// Investment in the currency of the run.
    pub investment: Option<f64>,
    /// Net present value in the currency of the run.
    pub net_present_value: Option<f64>,
    /// Cost of a tonne of saved emissions: that of each building that saves some, by what it saves.
    pub abatement_cost: Option<f64>,
    /// Mean hours above the first limit of heated buildings.
    pub hours_too_warm: Option<f64>,
    /// Buildings whose measures the city's budget pays for.
    pub chosen: Option<u64>,
}

/// Fields over packages and buildings that sums are taken of.
struct Sums {
    heating: Option<Array2<f64>>,
    expected: Option<Array2<f64>>,
    primary: Option<Array2<f64>>,
    emissions: Option<Array2<f64>>,
    cost: Option<Array2<f64>>,
    investment: Option<Array2<f64>>,
    value: Option<Array2<f64>>,
    abatement: Option<Array2<f64>>,
    too_warm: Option<Array2<f64>>,
    bought: Option<Array3<f64>>,
    chosen: Option<Vec<f64>>,
}

impl PackageTotals {
    /// The totals of each package of a run, the buildings as they are first.
    ///
    /// # Errors
    /// The run's fields do not fit together.
    pub fn read(run: &RunReader, stock: &Stock) -> Result<Vec<PackageTotals>, Error> {
        let sums = Sums::read(run, stock)?;
        Ok((0..stock.packages.len()).map(|package| sums.of_package(package)).collect())
    }

    /// All energy bought (kWh a year).
    pub fn bought(&self) -> Option<f64> {
        self.final_energy.as_ref().map(|carriers| carriers.iter().sum())
    }
}

impl Sums {
    fn read(run: &RunReader, stock: &Stock) -> Result<Sums, Error> {
        let (n_packages, n) = (stock.packages.len(), stock.n_buildings());
        let table = |spec: &FieldSpec| -> Result<Option<Array2<f64>>, Error> {
            let values = optional(run, spec, &[n_packages, n])?;
            Ok(values.map(|values| values.into_dimensionality::<Ix2>().expect("the shape was just checked")))
        };
        let of_carriers = |values: ArrayD<f64>| values.into_dimensionality::<Ix3>().expect("as above");
        Ok(Sums {
            heating: table(&field::PACKAGE_HEATING)?,
            expected: table(&field::EXPECTED_HEATING)?,
            primary: table(&field::PRIMARY_ENERGY)?,
            emissions: table(&field::EMISSIONS)?,
            cost: table(&field::ENERGY_COST)?,
            investment: table(&field::INVESTMENT)?,
            value: table(&field::NET_PRESENT_VALUE)?,
            abatement: table(&field::ABATEMENT_COST)?,
            too_warm: table(&field::PACKAGE_HOURS_TOO_WARM)?,
            bought: optional(run, &field::FINAL_ENERGY, &[stock.carriers.len(), n_packages, n])?.map(of_carriers),
            chosen: of_buildings(run, &field::CHOSEN, n)?,
        })
    }

    fn of_package(&self, package: usize) -> PackageTotals {
        let sum = |table: &Option<Array2<f64>>| table.as_ref().map(|table| known_sum(table.row(package)).0);
        let mean = |table: &Array2<f64>| {
            let (sum, count) = known_sum(table.row(package));
            if count > 0 { sum / count as f64 } else { f64::NAN }
        };
        PackageTotals {
            heating: sum(&self.heating),
            expected_heating: sum(&self.expected),
            final_energy: self.bought.as_ref().map(|bought| {
                bought.outer_iter().map(|carrier| known_sum(carrier.index_axis(Axis(0), package)).0).collect()
            }),
            primary_energy: sum(&self.primary),
            emissions: sum(&self.emissions),
            energy_cost: sum(&self.cost),
            investment: sum(&self.investment),
            net_present_value: sum(&self.value),
            abatement_cost: self.abatement.as_ref().zip(self.emissions.as_ref()).map(|(cost, emissions)| {
                let saved = &emissions.row(0) - &emissions.row(package);
                weighted_mean(cost.row(package).iter().copied().zip(saved))
            }),
            hours_too_warm: self.too_warm.as_ref().map(mean),
            chosen: self
                .chosen
                .as_ref()
                .map(|chosen| chosen.iter().filter(|chosen| **chosen == package as f64).count() as u64),
        }
    }
}

/// Sum and number of what is known.
fn known_sum<'a>(values: impl IntoIterator<Item = &'a f64>) -> (f64, u64) {
    let known = values.into_iter().filter(|value| value.is_finite());
    known.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1))
}

/// Mean of values by weights above zero; NaN where there are none.
fn weighted_mean(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let known = pairs.filter(|(value, weight)| value.is_finite() && weight.is_finite() && *weight > 0.0);
    let (sum, total) = known.fold((0.0, 0.0), |(sum, total), (value, weight)| (sum + value * weight, total + weight));
    if total > 0.0 { sum / total } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_left_out() {
        assert_eq!(known_sum(&[1.0, f64::NAN, 2.5]), (3.5, 2));
        // (100 · 2 + 40 · 6) / 8
        let pairs = [(100.0, 2.0), (f64::NAN, 5.0), (40.0, 6.0), (900.0, -1.0)];
        assert_eq!(weighted_mean(pairs.into_iter()), 55.0);
        assert!(weighted_mean([(1.0, 0.0)].into_iter()).is_nan());
    }
}
