//! What a building buys in a year, as calculated or as expected, and what a package saves of it.

use crate::carriers::{Bill, CarrierTable, EnergyByCarrier};
use crate::demand::BuildingDemand;
use crate::economics::YearlySaving;

/// What a building buys in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Purchase {
    /// Final energy by carrier (kWh).
    pub energy: EnergyByCarrier,
    /// What that comes to, electricity fed in taken off its cost.
    pub bill: Bill,
}

/// What `demand` comes to if people use `heat_factor` ≥ 0 of the heat that is calculated: 1 as calculated,
/// [`crate::prebound::Prebound::factor`] of the building's rating as expected.
///
/// Electricity fed in earns `feed_in_price` per kWh. It saves its owner neither emissions nor primary energy: who buys it
/// counts those.
pub fn purchase(demand: &BuildingDemand, heat_factor: f64, table: &CarrierTable, feed_in_price: f64) -> Purchase {
    let energy = demand.bought(heat_factor);
    Purchase { energy, bill: table.bill(energy, demand.fed_in, feed_in_price) }
}

/// What is saved by buying `after` instead of `before`; none if either lacks a price.
pub fn saving(before: &Purchase, after: &Purchase) -> Option<YearlySaving> {
    let emissions = before.bill.emissions.zip(after.bill.emissions).map(|(before, after)| before - after);
    Some(YearlySaving {
        money: before.bill.cost? - after.bill.cost?,
        energy: before.energy.total() - after.energy.total(),
        emissions,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::carriers::{Carrier, CarrierFactors};
    use crate::prebound::Prebound;

    const EMPTY: BuildingDemand = BuildingDemand {
        heat: EnergyByCarrier([0.0; 5]),
        cooling: 0.0,
        appliances: 3000.0,
        hot_water_need: 0.0,
        pump_heat: 0.0,
        pump_electricity: 0.0,
        pv: 0.0,
        pv_used: 0.0,
        fed_in: 0.0,
        peak_import: 0.0,
        peak_export: 0.0,
    };

    fn table() -> CarrierTable {
        let mut table = CarrierTable::default();
        let factors =
            |price, emissions| CarrierFactors { price: Some(price), emissions: Some(emissions), ..Default::default() };
        table.0[Carrier::Electricity as usize] = factors(0.3, 0.4);
        table.0[Carrier::NaturalGas as usize] = factors(0.1, 0.2);
        table
    }

    #[test]
    fn a_heat_pump_and_a_roof_instead_of_gas() {
        // 100 m² at 300 kWh/m² a of gas; afterwards 100 kWh/m² a of heat by a pump at 4, and 500 of 2000 kWh of the sun used.
        let mut before = EMPTY;
        before.heat.put(Carrier::NaturalGas, 30_000.0);
        let mut after = BuildingDemand { pv: 2000.0, pv_used: 500.0, fed_in: 1500.0, ..EMPTY };
        after.heat.put(Carrier::Electricity, 2500.0);
        let calculated =
            saving(&purchase(&before, 1.0, &table(), 0.08), &purchase(&after, 1.0, &table(), 0.08)).unwrap();
        // 3900 € before, 5000 · 0.3 − 120 after; 33 000 and 5000 kWh; 7200 and 2000 kg.
        assert!((calculated.money - (3900.0 - 1380.0)).abs() < 1e-9);
        assert!((calculated.energy - 28_000.0).abs() < 1e-9);
        assert!((calculated.emissions.unwrap() - 5200.0).abs() < 1e-9);
        let prebound = Prebound::default();
        let as_expected = |demand, rating| purchase(demand, prebound.factor(rating), &table(), 0.08);
        let expected = saving(&as_expected(&before, 300.0), &as_expected(&after, 100.0)).unwrap();
        // 40 % of 30 000 kWh of gas were never burnt.
        assert!((expected.energy - 16_000.0).abs() < 1e-9 && (expected.money - 1320.0).abs() < 1e-9);
    }

    #[test]
    fn without_a_price_there_is_no_saving() {
        let mut oil = EMPTY;
        oil.heat.put(Carrier::HeatingOil, 1.0);
        let (oil, other) = (purchase(&oil, 1.0, &table(), 0.0), purchase(&EMPTY, 1.0, &table(), 0.0));
        assert_eq!((saving(&oil, &other), saving(&other, &oil)), (None, None));
        let mut no_emissions = table();
        no_emissions.0[0].emissions = None;
        let bought = purchase(&EMPTY, 1.0, &no_emissions, 0.0);
        assert_eq!(saving(&bought, &bought).unwrap().emissions, None);
    }
}
