//! What packages cost and save: money, emissions, primary energy, and what people are expected to use.

use conurb_energy::carriers::{CarrierFactors as Factors, CarrierTable};
use conurb_energy::demand::BuildingDemand;
use conurb_energy::economics::{Outlay, Terms, appraise_package};
use conurb_energy::measures::Sizes;
use conurb_energy::prebound::Prebound;
use conurb_energy::savings::{Purchase, purchase, saving};

use super::rows::{OfBuilding, Row};
use super::zones::Areas;
use crate::error::{Error, Problem};
use crate::field::energy as field;
use crate::formats::tables::MeasureCosts;
use crate::scenario::{Carrier, Economy, Energy, MeasureKind, Package, RankBy, Scenario};

/// Years that packages are looked at: 30 for homes in Commission Delegated Regulation (EU) 244/2012.
const YEARS: u32 = 30;

/// How packages are appraised.
pub struct Appraisal {
    packages: Vec<Package>,
    prebound: Prebound,
    rank_by: RankBy,
    table: CarrierTable,
    costs: Option<MeasureCosts>,
    discount_rate: f64,
    feed_in_price: f64,
}

/// What one variant of a building comes to; NaN where nothing tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worth {
    /// Heating need that people are expected to have (kWh).
    pub expected_heating: f64,
    /// Primary energy (kWh).
    pub primary_energy: f64,
    /// Emissions (kg).
    pub emissions: f64,
    /// Cost of energy in a year.
    pub energy_cost: f64,
    /// Investment.
    pub investment: f64,
    /// Net present value.
    pub net_present_value: f64,
    /// Simple payback time (a).
    pub payback_years: f64,
    /// Cost of a tonne of saved emissions.
    pub abatement_cost: f64,
    /// Final energy saved in a year per investment (kWh).
    pub saved_per_investment: f64,
    /// Final energy saved in a year (kWh).
    pub saved_energy: f64,
    /// Emissions saved in a year (kg).
    pub saved_emissions: f64,
}

impl Worth {
    /// Of what buys nothing and is not renewed.
    pub const NONE: Worth = Worth {
        expected_heating: 0.0,
        primary_energy: 0.0,
        emissions: 0.0,
        energy_cost: 0.0,
        investment: f64::NAN,
        net_present_value: f64::NAN,
        payback_years: f64::NAN,
        abatement_cost: f64::NAN,
        saved_per_investment: f64::NAN,
        saved_energy: f64::NAN,
        saved_emissions: f64::NAN,
    };
}

impl Appraisal {
    /// As a scenario wants it.
    ///
    /// # Errors
    /// A factor out of its range.
    pub fn new(scenario: &Scenario, energy: &Energy, costs: Option<MeasureCosts>) -> Result<Self, Error> {
        let economy = scenario.economy.as_ref();
        let table = economy.map_or_else(CarrierTable::default, carrier_table);
        table.check().map_err(|error| Error::from(Problem::new(error.to_string()).of_key("economy.carriers")))?;
        let prebound = match energy.expected_per_calculated {
            Some(factor) => Prebound::new(&[(1.0, factor)]).map_err(|error| {
                Error::from(Problem::new(error.to_string()).of_key("energy.expected_per_calculated"))
            })?,
            None => Prebound::default(),
        };
        let pv_costs = scenario.solar.as_ref().and_then(|solar| solar.pv.as_ref()?.costs);
        Ok(Appraisal {
            packages: energy.retrofit.clone(),
            prebound,
            rank_by: energy.rank_by,
            table,
            costs,
            discount_rate: economy.map_or(0.0, |economy| economy.discount_rate),
            feed_in_price: pv_costs.map_or(0.0, |costs| costs.feed_in_price_per_kwh),
        })
    }

    /// Whether packages have costs.
    pub fn has_costs(&self) -> bool {
        self.costs.is_some()
    }

    /// Whether any price is known.
    pub fn has_prices(&self) -> bool {
        self.table.0.iter().any(|factors| factors.price.is_some())
    }

    /// Whether emissions are known.
    pub fn has_emissions(&self) -> bool {
        self.table.0.iter().any(|factors| factors.emissions.is_some())
    }

    /// The fields that are written of each package, and where their values stand.
    pub fn fields(&self) -> Vec<OfBuilding> {
        let has = |factor: fn(&Factors) -> Option<f64>| self.table.0.iter().any(|factors| factor(factors).is_some());
        let mut fields: Vec<OfBuilding> = vec![(field::EXPECTED_HEATING, |row| row.worth.expected_heating)];
        if has(|factors| factors.primary_total) {
            fields.push((field::PRIMARY_ENERGY, |row| row.worth.primary_energy));
        }
        if self.has_emissions() {
            fields.push((field::EMISSIONS, |row| row.worth.emissions));
        }
        if self.has_prices() {
            fields.push((field::ENERGY_COST, |row| row.worth.energy_cost));
        }
        if self.has_costs() {
            fields.extend::<[OfBuilding; 4]>([
                (field::INVESTMENT, |row| row.worth.investment),
                (field::NET_PRESENT_VALUE, |row| row.worth.net_present_value),
                (field::PAYBACK, |row| row.worth.payback_years),
                (field::SAVED_PER_COST, |row| row.worth.saved_per_investment),
            ]);
        }
        if self.has_costs() && self.has_emissions() {
            fields.push((field::ABATEMENT_COST, |row| row.worth.abatement_cost));
        }
        fields
    }

    /// Appraises all variants of a building, the first of them as it is.
    ///
    /// # Errors
    /// Numbers out of their ranges.
    pub fn appraise(&self, rows: &mut [Row], areas: &Areas) -> Result<(), Error> {
        let mut as_built: Option<Purchase> = None;
        for (variant, row) in rows.iter_mut().enumerate() {
            let Some(demand) = row.demand else { return Ok(()) };
            let rating = (row.heating + row.hot_water) / areas.conditioned;
            let expected = self.prebound.factor(rating);
            let factor = match self.rank_by {
                RankBy::Expected => expected,
                RankBy::Calculated => 1.0,
            };
            let bought = self.purchase(&demand, factor);
            row.worth = Worth {
                expected_heating: row.heating * expected,
                primary_energy: bought.bill.primary_total.unwrap_or(f64::NAN),
                emissions: bought.bill.emissions.unwrap_or(f64::NAN),
                energy_cost: bought.bill.cost.unwrap_or(f64::NAN),
                ..Worth::NONE
            };
            match &as_built {
                None => as_built = Some(bought),
                Some(before) => self.weigh(variant - 1, row, areas, (before, &bought))?,
            }
        }
        Ok(())
    }

    fn purchase(&self, demand: &BuildingDemand, factor: f64) -> Purchase {
        purchase(demand, factor, &self.table, self.feed_in_price)
    }

    /// Holds what a package saves against what it costs.
    fn weigh(
        &self,
        package: usize,
        row: &mut Row,
        areas: &Areas,
        (before, after): (&Purchase, &Purchase),
    ) -> Result<(), Error> {
        row.worth.saved_energy = before.energy.total() - after.energy.total();
        if let (Some(before), Some(after)) = (before.bill.emissions, after.bill.emissions) {
            row.worth.saved_emissions = before - after;
        }
        let (Some(costs), Some(saving)) = (&self.costs, saving(before, after)) else { return Ok(()) };
        let failed = |error: &dyn std::fmt::Display| Error::Failed(format!("appraisal of packages: {error}"));
        let mut outlays: Vec<Outlay> = Vec::new();
        for &measure in &self.packages[package].measures {
            let cost = costs.of(measure).expect("the table of costs has every measure of the packages");
            outlays.push(cost.outlay(&sizes(measure.kind, row, areas)).map_err(|error| failed(&error))?);
        }
        let terms = Terms { years: YEARS, discount_rate: self.discount_rate, price_growth: 0.0 };
        let found = appraise_package(&outlays, &saving, &terms).map_err(|error| failed(&error))?;
        row.worth.investment = found.capex;
        row.worth.net_present_value = found.npv;
        row.worth.payback_years = found.simple_payback_years.unwrap_or(f64::NAN);
        row.worth.abatement_cost = found.cost_per_tonne.unwrap_or(f64::NAN);
        row.worth.saved_per_investment = found.energy_per_capex.unwrap_or(f64::NAN);
        Ok(())
    }
}

fn sizes(kind: MeasureKind, row: &Row, areas: &Areas) -> Sizes {
    let element_area = match kind {
        MeasureKind::Wall => areas.wall,
        MeasureKind::Roof => areas.roof,
        MeasureKind::Floor => areas.floor,
        MeasureKind::Window => areas.window,
        MeasureKind::Airtightness | MeasureKind::HeatRecovery | MeasureKind::HeatPump => areas.conditioned,
        MeasureKind::Photovoltaics => areas.roof,
    };
    Sizes { element_area, floor_area: areas.conditioned, heat_power: row.design_load_kw, peak_power: row.modules_kw }
}

fn carrier_table(economy: &Economy) -> CarrierTable {
    let mut table = CarrierTable::default();
    for (carrier, factors) in &economy.carriers {
        let number = Carrier::ALL.iter().position(|known| known == carrier).expect("all carriers are listed");
        table.0[number] = Factors {
            price: factors.price_per_kwh,
            emissions: factors.kg_co2_per_kwh,
            primary_total: factors.primary_energy_factor,
            primary_non_renewable: None,
        };
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriers_stand_in_the_order_of_the_kernel() {
        let kernel = conurb_energy::carriers::Carrier::ALL.map(|carrier| format!("{carrier:?}"));
        assert_eq!(Carrier::ALL.map(|carrier| format!("{carrier:?}")), kernel);
    }
}
