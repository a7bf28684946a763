//! What a scenario says of money and of energy that is bought.

use std::path::PathBuf;

/// The `[economy]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Economy {
    /// Currency, for example `EUR`.
    pub currency: String,
    /// Year whose prices are meant.
    pub price_year: i32,
    /// Real discount rate per year.
    pub discount_rate: f64,
    /// CSV of what measures on buildings cost.
    pub measure_costs: Option<PathBuf>,
    /// Price, emissions and primary energy of what is bought, in the order of [`Carrier::ALL`].
    pub carriers: Vec<(Carrier, CarrierFactors)>,
}

/// Energy that is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// Electricity.
    Electricity,
    /// Natural gas.
    NaturalGas,
    /// Heating oil.
    HeatingOil,
    /// Wood pellets.
    Pellets,
    /// District heat.
    DistrictHeat,
}

impl Carrier {
    /// All of them.
    pub const ALL: [Carrier; 5] =
        [Carrier::Electricity, Carrier::NaturalGas, Carrier::HeatingOil, Carrier::Pellets, Carrier::DistrictHeat];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            Carrier::Electricity => "electricity",
            Carrier::NaturalGas => "natural_gas",
            Carrier::HeatingOil => "heating_oil",
            Carrier::Pellets => "pellets",
            Carrier::DistrictHeat => "district_heat",
        }
    }
}

/// The `[economy.carriers.NAME]` table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CarrierFactors {
    /// Price in the currency of `[economy]` per kWh.
    pub price_per_kwh: Option<f64>,
    /// Emissions (kg CO2e/kWh).
    pub kg_co2_per_kwh: Option<f64>,
    /// Primary energy per final energy.
    pub primary_energy_factor: Option<f64>,
}
