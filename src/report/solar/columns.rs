//! What is told of each surface and each building, under which name and in which unit: one list for tables and city models.

use super::city::City;
use super::column;
use super::notes::SolarNotes;
use crate::error::Error;
use crate::field::solar;
use crate::field::{FieldSpec, Kind};
use crate::store::read::RunReader;

/// One quantity of each surface or building.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The field it is from.
    pub field: &'static FieldSpec,
    /// Its name, unit included.
    pub name: String,
    /// Its values; NaN where there is none.
    pub values: Vec<f64>,
}

impl Column {
    /// Whether its values are whole numbers.
    pub fn is_whole(&self) -> bool {
        matches!(self.field.kind, Kind::I32 | Kind::I64)
    }
}

/// Fields of surfaces and their names, units included; `CUR` stands for the currency.
const OF_SURFACES: &[(&FieldSpec, &str)] = &[
    (&solar::SURFACE_TILT, "tilt_deg"),
    (&solar::SURFACE_AZIMUTH, "azimuth_deg"),
    (&solar::SURFACE_AREA, "area_m2"),
    (&solar::SURFACE_EXPOSED_AREA, "exposed_area_m2"),
    (&solar::ANNUAL_IRRADIATION, "annual_irradiation_kWh_m2"),
    (&solar::ANNUAL_UNSHADED_IRRADIATION, "annual_unshaded_irradiation_kWh_m2"),
    (&solar::ANNUAL_BEAM_IRRADIATION, "annual_beam_irradiation_kWh_m2"),
    (&solar::ANNUAL_SKY_IRRADIATION, "annual_sky_irradiation_kWh_m2"),
    (&solar::ANNUAL_GROUND_IRRADIATION, "annual_ground_irradiation_kWh_m2"),
    (&solar::ANNUAL_FACADE_IRRADIATION, "annual_facade_irradiation_kWh_m2"),
    (&solar::SURFACE_SKY_FACTOR, "sky_factor"),
    (&solar::SURFACE_POINTS, "sample_points"),
    (&solar::SURFACE_SAMPLING_CHANGE, "sampling_change"),
    (&solar::SURFACE_PV_SUITABLE, "pv_suitable"),
    (&solar::SURFACE_PV_AREA, "pv_area_m2"),
    (&solar::SURFACE_PV_CAPACITY, "pv_capacity_kW"),
    (&solar::SURFACE_PV_YIELD, "pv_yield_kWh"),
    (&solar::SURFACE_PV_SPECIFIC_YIELD, "pv_specific_yield_kWh_kW"),
    (&solar::SURFACE_PV_AVOIDED_EMISSIONS, "pv_avoided_emissions_kg"),
    (&solar::SURFACE_PV_INVESTMENT, "pv_investment_CUR"),
    (&solar::SURFACE_PV_LEVELISED_COST, "pv_levelised_cost_CUR_kWh"),
    (&solar::SURFACE_PV_NET_PRESENT_VALUE, "pv_net_present_value_CUR"),
    (&solar::SURFACE_PV_PAYBACK_TIME, "pv_payback_time_years"),
    (&solar::SURFACE_PV_RANK, "pv_rank"),
];

/// Fields of buildings and their names, as above.
const OF_BUILDINGS: &[(&FieldSpec, &str)] = &[
    (&solar::BUILDING_ROOF_AREA, "roof_area_m2"),
    (&solar::BUILDING_ROOF_IRRADIATION, "roof_irradiation_kWh"),
    (&solar::BUILDING_WALL_AREA, "wall_area_m2"),
    (&solar::BUILDING_WALL_IRRADIATION, "wall_irradiation_kWh"),
    (&solar::BUILDING_PV_AREA, "pv_area_m2"),
    (&solar::BUILDING_PV_CAPACITY, "pv_capacity_kW"),
    (&solar::BUILDING_PV_YIELD, "pv_yield_kWh"),
    (&solar::BUILDING_PV_AVOIDED_EMISSIONS, "pv_avoided_emissions_kg"),
    (&solar::BUILDING_PV_INVESTMENT, "pv_investment_CUR"),
    (&solar::BUILDING_PV_LEVELISED_COST, "pv_levelised_cost_CUR_kWh"),
    (&solar::BUILDING_PV_NET_PRESENT_VALUE, "pv_net_present_value_CUR"),
    (&solar::BUILDING_PV_PAYBACK_TIME, "pv_payback_time_years"),
    (&solar::BUILDING_PV_RANK, "pv_rank"),
];

/// What the run tells of each surface.
///
/// # Errors
/// Its fields do not fit together.
pub fn surface_columns(run: &RunReader, city: &City, notes: &SolarNotes) -> Result<Vec<Column>, Error> {
    columns(run, OF_SURFACES, city.n_surfaces(), notes)
}

/// What the run tells of each building.
///
/// # Errors
/// Its fields do not fit together.
pub fn building_columns(run: &RunReader, city: &City, notes: &SolarNotes) -> Result<Vec<Column>, Error> {
    columns(run, OF_BUILDINGS, city.building_id.len(), notes)
}

/// What is wrong with the geometry of each building; empty where nothing is.
///
/// # Errors
/// The field does not fit the buildings.
pub fn building_findings(run: &RunReader, city: &City) -> Result<Vec<String>, Error> {
    let name = solar::BUILDING_FINDINGS.name;
    if !run.has(name) {
        return Ok(vec![String::new(); city.building_id.len()]);
    }
    let findings = run.text(name)?;
    match findings.len() == city.building_id.len() {
        true => Ok(findings),
        false => Err(super::misfit(run, format!("field {name} does not fit {} buildings", city.building_id.len()))),
    }
}

fn columns(
    run: &RunReader,
    list: &'static [(&'static FieldSpec, &'static str)],
    length: usize,
    notes: &SolarNotes,
) -> Result<Vec<Column>, Error> {
    // A currency is a word of the scenario: it must not become a second column or a formula.
    let currency: String = notes.currency.as_deref().unwrap_or("currency").chars().map(plain).collect();
    let there = list.iter().filter(|(field, _)| run.has(field.name));
    let read = there.map(|&(field, name)| {
        Ok(Column { field, name: name.replace("CUR", &currency), values: column(run, field, length)? })
    });
    read.collect()
}

fn plain(letter: char) -> char {
    if letter.is_ascii_alphanumeric() { letter } else { '_' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_there_once_and_suits_its_unit() {
        for list in [OF_SURFACES, OF_BUILDINGS] {
            let mut names: Vec<&str> = list.iter().map(|(_, name)| *name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), list.len());
            for (field, name) in list {
                let ending = match field.unit {
                    Some("degree") => "_deg",
                    Some("m2") => "_m2",
                    Some("kW h m-2") => "_kWh_m2",
                    Some("kW h kW-1") => "_kWh_kW",
                    Some("kW h") => "_kWh",
                    Some("kW") => "_kW",
                    Some("kg") => "_kg",
                    _ => "",
                };
                assert!(name.ends_with(ending), "{name} is in {:?}", field.unit);
            }
        }
    }
}
