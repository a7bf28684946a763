//! What is told of the energy of each building, under which name and in which unit: one list for tables and city models.

use ndarray::{Axis, Slice};

use super::stock::Stock;
use super::{of_buildings, optional};
use crate::error::Error;
use crate::export::csv::column_word;
use crate::field::{FieldSpec, energy as field};
use crate::report::solar::columns::Column;
use crate::store::read::RunReader;

/// Fields of the building as it is and their names, units included.
const OF_BUILDINGS: &[(&FieldSpec, &str)] = &[
    (&field::YEAR, "construction_year"),
    (&field::FLOOR_AREA, "conditioned_floor_area_m2"),
    (&field::WALL_AREA, "outer_wall_area_m2"),
    (&field::WINDOW_AREA, "window_area_m2"),
    (&field::ROOF_AREA, "roof_area_without_windows_m2"),
    (&field::HEATING_NEED, "heating_need_kWh"),
    (&field::COOLING_NEED, "cooling_need_kWh"),
    (&field::HOT_WATER_NEED, "hot_water_need_kWh"),
    (&field::APPLIANCES, "appliance_electricity_kWh"),
    (&field::SOLAR_GAINS, "solar_gains_kWh"),
    (&field::PEAK_HEATING, "peak_heating_W"),
    (&field::PEAK_COOLING, "peak_cooling_W"),
    (&field::HOURS_TOO_WARM, "hours_above_first_limit_h"),
    (&field::HOURS_FAR_TOO_WARM, "hours_above_second_limit_h"),
    (&field::DEGREE_HOURS, "degree_hours_above_first_limit_Kh"),
    (&field::COLDEST, "lowest_operative_temperature_degC"),
    (&field::WARMEST, "highest_operative_temperature_degC"),
    (&field::UNMET_HEATING, "unmet_heating_hours_h"),
    (&field::CHOSEN, "package_chosen"),
];

/// Fields of packages that mean something of the building as it is, too; `CUR` stands for the currency.
const OF_PACKAGES: &[(&FieldSpec, &str)] = &[
    (&field::EXPECTED_HEATING, "expected_heating_need_kWh"),
    (&field::PEAK_ELECTRICITY, "peak_electricity_W"),
    (&field::PV_YIELD, "pv_yield_kWh"),
    (&field::PV_USED, "pv_used_kWh"),
    (&field::PRIMARY_ENERGY, "primary_energy_kWh"),
    (&field::EMISSIONS, "emissions_kg"),
    (&field::ENERGY_COST, "energy_cost_CUR"),
    (&field::ENERGY_COST_SHARE, "energy_cost_share"),
    (&field::TWICE_MEDIAN, "energy_cost_above_twice_median"),
];

/// Fields that only packages of measures have, or that the first list has of the building as it is.
const OF_MEASURES: &[(&FieldSpec, &str)] = &[
    (&field::PACKAGE_HEATING, "heating_need_kWh"),
    (&field::PACKAGE_COOLING, "cooling_need_kWh"),
    (&field::PACKAGE_PEAK_HEATING, "peak_heating_W"),
    (&field::PACKAGE_PEAK_COOLING, "peak_cooling_W"),
    (&field::PACKAGE_HOURS_TOO_WARM, "hours_above_first_limit_h"),
    (&field::INVESTMENT, "investment_CUR"),
    (&field::NET_PRESENT_VALUE, "net_present_value_CUR"),
    (&field::PAYBACK, "payback_time_years"),
    (&field::ABATEMENT_COST, "abatement_cost_CUR_t"),
    (&field::SAVED_PER_COST, "saving_per_investment_kWh_CUR"),
    (&field::RANK_BY_EMISSIONS, "rank_by_abatement_cost"),
    (&field::RANK_BY_SAVING, "rank_by_saving_per_investment"),
];

/// What the run tells of each building as it is.
///
/// # Errors
/// Its fields do not fit together.
pub fn building_columns(run: &RunReader, stock: &Stock, currency: Option<&str>) -> Result<Vec<Column>, Error> {
    let mut columns = Vec::new();
    for &(spec, name) in OF_BUILDINGS {
        let values = of_buildings(run, spec, stock.n_buildings())?;
        columns.extend(values.map(|values| Column { field: spec, name: name.to_owned(), values }));
    }
    columns.extend(package(run, stock, currency, 0, &[OF_PACKAGES])?);
    Ok(columns)
}

/// What the run tells of each building after each package of measures.
///
/// # Errors
/// As [`building_columns`].
pub fn package_columns(run: &RunReader, stock: &Stock, currency: Option<&str>) -> Result<Vec<Column>, Error> {
    let mut columns = Vec::new();
    for (index, name) in stock.packages.iter().enumerate().skip(1) {
        // Two names may become one word; their numbers tell them apart.
        let prefix = format!("package{index}_{}_", column_word(name));
        let of_package = package(run, stock, currency, index, &[OF_MEASURES, OF_PACKAGES])?;
        columns.extend(of_package.into_iter().map(|column| Column { name: prefix.clone() + &column.name, ..column }));
    }
    Ok(columns)
}

/// The fields of one package, among them the energy bought of each carrier.
fn package(
    run: &RunReader,
    stock: &Stock,
    currency: Option<&str>,
    package: usize,
    lists: &[&'static [(&'static FieldSpec, &'static str)]],
) -> Result<Vec<Column>, Error> {
    let currency = column_word(currency.unwrap_or("currency"));
    let (n_packages, n) = (stock.packages.len(), stock.n_buildings());
    let mut columns = Vec::new();
    if package >= n_packages {
        return Ok(columns);
    }
    let own = Slice::from(package..package + 1);
    for &(field, name) in lists.iter().copied().flatten() {
        if let Some(values) = optional(run, field, &[n_packages, n])? {
            let values = values.slice_axis(Axis(0), own).iter().copied().collect();
            columns.push(Column { field, name: name.replace("CUR", &currency), values });
        }
    }
    if let Some(bought) = optional(run, &field::FINAL_ENERGY, &[stock.carriers.len(), n_packages, n])? {
        for (carrier, values) in stock.carriers.iter().zip(bought.outer_iter()) {
            let values = values.slice_axis(Axis(0), own).iter().copied().collect();
            let name = format!("final_energy_{}_kWh", column_word(carrier));
            columns.push(Column { field: &field::FINAL_ENERGY, name, values });
        }
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_there_once_and_suits_its_unit() {
        let of_measures = [OF_PACKAGES, OF_MEASURES].concat();
        let as_it_is = [OF_BUILDINGS, OF_PACKAGES].concat();
        for list in [as_it_is, of_measures] {
            let mut names: Vec<&str> = list.iter().map(|(_, name)| *name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), list.len());
            for (field, name) in list {
                let ending = match field.unit {
                    Some("m2") => "_m2",
                    Some("kW h") if field.name != field::SAVED_PER_COST.name => "_kWh",
                    Some("kg") => "_kg",
                    Some("W") => "_W",
                    Some("h") => "_h",
                    Some("K h") => "_Kh",
                    Some("degC") => "_degC",
                    Some("year") => "_years",
                    _ => "",
                };
                assert!(name.ends_with(ending), "{name} is in {:?}", field.unit);
            }
        }
    }
}
