//! What measures cost and do, and which come first.

use crate::economics::Outlay;
use crate::parameter::{ParameterError, check};

/// What a price is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostUnit {
    /// A square metre of the element that is renewed.
    ElementArea,
    /// A square metre of conditioned floor.
    FloorArea,
    /// A kilowatt of heat.
    HeatPower,
    /// A kilowatt of photovoltaics (peak).
    PeakPower,
    /// A building.
    Building,
}

/// What a measure costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasureCost {
    /// Price per unit, ≥ 0 in any one currency.
    pub price: f64,
    /// What it is for.
    pub unit: CostUnit,
    /// 1 to 200 years.
    pub lifetime_years: u32,
    /// Maintenance per year as a share of the cost, 0 to 1.
    pub maintenance_share: f64,
    /// Share of the cost that is due anyway, as scaffolding is where plaster must be renewed; 0 to 1. Appraisals leave it out.
    pub due_anyway_share: f64,
}

/// How large what is renewed is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sizes {
    /// Area of the element (m²).
    pub element_area: f64,
    /// Conditioned floor area (m²).
    pub floor_area: f64,
    /// Heat of the system at the design load (kW).
    pub heat_power: f64,
    /// Photovoltaics (kWp).
    pub peak_power: f64,
}

impl MeasureCost {
    /// What it costs to take the measure in a building of `sizes`.
    ///
    /// # Errors
    /// A value out of its range.
    pub fn outlay(&self, sizes: &Sizes) -> Result<Outlay, ParameterError> {
        check("price of a measure", self.price, 0.0..=1e9, "0 to 1e9")?;
        check("share of maintenance", self.maintenance_share, 0.0..=1.0, "0 to 1")?;
        check("share due anyway", self.due_anyway_share, 0.0..=1.0, "0 to 1")?;
        let size = match self.unit {
            CostUnit::ElementArea => sizes.element_area,
            CostUnit::FloorArea => sizes.floor_area,
            CostUnit::HeatPower => sizes.heat_power,
            CostUnit::PeakPower => sizes.peak_power,
            CostUnit::Building => 1.0,
        };
        check("size of a measure", size, 0.0..=1e8, "0 to 1e8")?;
        let full = self.price * size;
        Ok(Outlay {
            capex: full * (1.0 - self.due_anyway_share),
            opex_per_year: full * self.maintenance_share,
            lifetime_years: self.lifetime_years,
        })
    }
}

/// Places of `keys` from the least on, such as cost per tonne; equal keys stay in order, and what has none comes last.
pub fn ranking(keys: &[Option<f64>]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    places.sort_by(|a, b| match (keys[*a], keys[*b]) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    const WALL: MeasureCost = MeasureCost {
        price: 150.0,
        unit: CostUnit::ElementArea,
        lifetime_years: 40,
        maintenance_share: 0.01,
        due_anyway_share: 0.25,
    };
    const HOUSE: Sizes = Sizes { element_area: 120.0, floor_area: 140.0, heat_power: 8.0, peak_power: 6.0 };

    #[test]
    fn a_wall_and_the_other_units() {
        // 150 · 120 = 18 000, of which a quarter is due anyway.
        let outlay = WALL.outlay(&HOUSE).unwrap();
        assert_eq!((outlay.capex, outlay.opex_per_year, outlay.lifetime_years), (13_500.0, 180.0, 40));
        for (unit, capex) in [
            (CostUnit::FloorArea, 15_750.0),
            (CostUnit::HeatPower, 900.0),
            (CostUnit::PeakPower, 675.0),
            (CostUnit::Building, 112.5),
        ] {
            assert_eq!(MeasureCost { unit, ..WALL }.outlay(&HOUSE).unwrap().capex, capex);
        }
        assert!(WALL.outlay(&Sizes { element_area: f64::NAN, ..HOUSE }).is_err());
        assert!(MeasureCost { price: -1.0, ..WALL }.outlay(&HOUSE).is_err());
    }

    #[test]
    fn ranks_are_stable_and_unknowns_last() {
        assert_eq!(ranking(&[None, Some(3.0), Some(-1.0), None, Some(3.0), Some(0.0)]), [2, 5, 1, 4, 0, 3]);
    }
}
