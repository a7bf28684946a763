//! Energy that is bought: what it costs, emits and takes from nature.

use std::ops::{Add, Mul, Sub};

use crate::parameter::{ParameterError, check};

/// Energy that is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// Electricity.
    Electricity,
    /// Natural gas, by its net calorific value.
    NaturalGas,
    /// Heating oil.
    HeatingOil,
    /// Wood pellets.
    Pellets,
    /// District heat.
    DistrictHeat,
}

/// Number of carriers.
pub const N_CARRIERS: usize = 5;

/// Energy of each carrier (kWh).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct EnergyByCarrier(pub [f64; N_CARRIERS]);

/// What a kWh of a carrier stands for; none where it is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CarrierFactors {
    /// Price (any one currency per kWh).
    pub price: Option<f64>,
    /// Emissions over its life (kg CO2e/kWh).
    pub emissions: Option<f64>,
    /// Primary energy, renewable and not (kWh/kWh).
    pub primary_total: Option<f64>,
    /// Primary energy that does not renew (kWh/kWh), as in ISO 52000-1 (2017, 9.6).
    pub primary_non_renewable: Option<f64>,
}

/// Factors of all carriers, in the order of [`Carrier::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CarrierTable(pub [CarrierFactors; N_CARRIERS]);

/// What energy comes to; none where a carrier that is used lacks its factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bill {
    /// Cost, in the currency of the prices.
    pub cost: Option<f64>,
    /// Emissions (kg CO2e).
    pub emissions: Option<f64>,
    /// Primary energy, renewable and not (kWh).
    pub primary_total: Option<f64>,
    /// Primary energy that does not renew (kWh).
    pub primary_non_renewable: Option<f64>,
}

impl Carrier {
    /// All, in the order of their numbers.
    pub const ALL: [Carrier; N_CARRIERS] =
        [Carrier::Electricity, Carrier::NaturalGas, Carrier::HeatingOil, Carrier::Pellets, Carrier::DistrictHeat];
}

impl EnergyByCarrier {
    /// That of one carrier.
    pub fn of(self, carrier: Carrier) -> f64 {
        self.0[carrier as usize]
    }

    /// Adds `energy` (kWh) of `carrier`.
    pub fn put(&mut self, carrier: Carrier, energy: f64) {
        self.0[carrier as usize] += energy;
    }

    /// All carriers together (kWh): final energy.
    pub fn total(self) -> f64 {
        self.0.iter().sum()
    }

    fn each(self, other: Self, of: impl Fn(f64, f64) -> f64) -> Self {
        EnergyByCarrier(std::array::from_fn(|carrier| of(self.0[carrier], other.0[carrier])))
    }
}

impl Add for EnergyByCarrier {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.each(other, |a, b| a + b)
    }
}

impl Sub for EnergyByCarrier {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.each(other, |a, b| a - b)
    }
}

impl Mul<f64> for EnergyByCarrier {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        EnergyByCarrier(self.0.map(|energy| energy * factor))
    }
}

impl CarrierTable {
    /// Checks every factor that is there.
    ///
    /// # Errors
    /// The first value out of its range.
    pub fn check(&self) -> Result<(), ParameterError> {
        for factors in &self.0 {
            check("price of energy", factors.price.unwrap_or(0.0), -1e6..=1e6, "-1e6 to 1e6 per kWh")?;
            check("emissions of energy", factors.emissions.unwrap_or(0.0), -10.0..=10.0, "-10 to 10 kg/kWh")?;
            for primary in [factors.primary_total, factors.primary_non_renewable] {
                check("primary energy factor", primary.unwrap_or(0.0), 0.0..=20.0, "0 to 20")?;
            }
        }
        Ok(())
    }

    /// What `energy` comes to, less what electricity fed in earns: `fed_in` kWh ≥ 0 at `feed_in_price` each. Emissions and
    /// primary energy count what is bought alone.
    pub fn bill(&self, energy: EnergyByCarrier, fed_in: f64, feed_in_price: f64) -> Bill {
        let sum = |factor: fn(&CarrierFactors) -> Option<f64>| {
            let mut sum = 0.0;
            for (factors, energy) in self.0.iter().zip(energy.0) {
                if energy != 0.0 {
                    sum += energy * factor(factors)?;
                }
            }
            Some(sum)
        };
        Bill {
            cost: sum(|factors| factors.price).map(|cost| cost - fed_in * feed_in_price),
            emissions: sum(|factors| factors.emissions),
            primary_total: sum(|factors| factors.primary_total),
            primary_non_renewable: sum(|factors| factors.primary_non_renewable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> CarrierTable {
        let mut table = CarrierTable::default();
        table.0[Carrier::Electricity as usize] = CarrierFactors {
            price: Some(0.30),
            emissions: Some(0.4),
            primary_total: Some(2.5),
            primary_non_renewable: Some(1.8),
        };
        table.0[Carrier::NaturalGas as usize] =
            CarrierFactors { price: Some(0.1), emissions: Some(0.2), primary_total: Some(1.1), ..Default::default() };
        table
    }

    #[test]
    fn a_house_with_gas_and_a_roof() {
        let mut energy = EnergyByCarrier::default();
        energy.put(Carrier::Electricity, 2000.0);
        energy.put(Carrier::NaturalGas, 10_000.0);
        let bill = table().bill(energy, 1000.0, 0.08);
        // 600 + 1000 − 80; 800 + 2000; 5000 + 11000; natural gas has no second factor.
        assert!((bill.cost.unwrap() - 1520.0).abs() < 1e-9);
        assert!((bill.emissions.unwrap() - 2800.0).abs() < 1e-9);
        assert!((bill.primary_total.unwrap() - 16_000.0).abs() < 1e-9);
        assert_eq!(bill.primary_non_renewable, None);
        assert_eq!(energy.total(), 12_000.0);
    }

    #[test]
    fn what_is_not_used_needs_no_price() {
        let mut energy = EnergyByCarrier::default();
        energy.put(Carrier::HeatingOil, 1.0);
        assert_eq!(table().bill(energy, 0.0, 0.0).cost, None);
        assert_eq!(table().bill(EnergyByCarrier::default(), 0.0, 0.0).cost, Some(0.0));
    }

    #[test]
    fn carriers_are_numbered_as_listed() {
        for (number, carrier) in Carrier::ALL.into_iter().enumerate() {
            assert_eq!(carrier as usize, number);
        }
        let mut bad = table();
        bad.0[3].primary_total = Some(f64::NAN);
        assert!(bad.check().is_err());
        table().check().unwrap();
    }
}
