//! The tables of buildings, energy, feeder and money of a resolved scenario.

use std::path::Path;

use super::{line, list, named, number, quoted, relative, table};
use crate::scenario::{ArchetypeSource, Buildings, Economy, Energy, FeederFiles, FeederScenario, Scenario};

/// Writes those of the tables that the scenario has.
pub(super) fn write_energy_tables(out: &mut String, scenario: &Scenario, folder: &Path) {
    if let Some(buildings) = &scenario.buildings {
        table(out, "buildings");
        let models = list(buildings.cityjson.iter().map(|file| relative(file, folder)));
        line(out, "cityjson", buildings.have_surfaces().then_some(models));
        line(out, "lod", buildings.lod.as_deref().map(quoted));
        // Without energy these keys are refused, as they would change nothing.
        if scenario.energy.is_some() {
            write_buildings(out, buildings, folder);
        }
    }
    if let Some(energy) = &scenario.energy {
        write_energy(out, energy);
    }
    if let Some(feeder) = &scenario.feeder {
        write_feeder(out, feeder, folder);
    }
    if let Some(economy) = &scenario.economy {
        write_economy(out, economy, folder);
    }
}

fn write_buildings(out: &mut String, buildings: &Buildings, folder: &Path) {
    let (archetypes, country) = match &buildings.archetypes {
        Some(ArchetypeSource::Country(country)) => (Some(quoted(country.name())), None),
        Some(ArchetypeSource::Table(file)) => (Some(relative(file, folder)), None),
        Some(ArchetypeSource::Tabula { folder: tables, country }) => {
            let shown = relative(tables, folder);
            // A bare name could be taken for that of a built-in table.
            let is_bare = !shown.contains(['/', '.']);
            let shown = if is_bare { shown.replacen('"', "\"./", 1) } else { shown };
            (Some(shown), Some(quoted(country)))
        }
        None => (None, None),
    };
    line(out, "table", buildings.table.as_deref().map(|file| relative(file, folder)));
    line(out, "archetypes", archetypes);
    line(out, "archetype_country", country);
    line(out, "layers", buildings.layers.as_deref().map(|layers| relative(layers, folder)));
    line(out, "default_year", Some(buildings.default_year));
    line(out, "default_use", Some(quoted(buildings.default_use.name())));
    line(out, "storey_height_m", Some(number(buildings.storey_height_m)));
    let names = &buildings.attributes;
    table(out, "buildings.attributes");
    line(out, "id", names.id.as_deref().map(quoted));
    line(out, "year", names.year.as_deref().map(quoted));
    line(out, "use", names.usage.as_deref().map(quoted));
    line(out, "storeys", names.storeys.as_deref().map(quoted));
    let usages = names.usages.iter().map(|(value, usage)| (value.clone(), quoted(usage.name())));
    line(out, "uses", Some(named(usages)));
}

fn write_energy(out: &mut String, energy: &Energy) {
    table(out, "energy");
    line(out, "fidelity", Some(quoted(energy.fidelity.name())));
    line(out, "retrofit", Some(list(energy.retrofit.iter().map(|package| quoted(&package.name)))));
    line(out, "exterior_convection", Some(quoted(energy.exterior_convection.name())));
    line(out, "sky_temperature", Some(quoted(energy.sky_temperature.name())));
    line(out, "control", Some(quoted(energy.control.name())));
    line(out, "heating_setpoint_c", energy.heating_setpoint_c.map(number));
    line(out, "heating_setback_c", energy.heating_setback_c.map(number));
    line(out, "cooled", Some(list(energy.cooled.iter().map(|usage| quoted(usage.name())))));
    line(out, "cooling_setpoint_c", energy.cooling_setpoint_c.map(number));
    line(out, "heating_power_w_m2", energy.heating_power_w_m2.map(number));
    line(out, "cooling_power_w_m2", energy.cooling_power_w_m2.map(number));
    line(out, "night_ventilation_per_h", Some(number(energy.night_ventilation_per_h)));
    line(out, "blinds_above_w_m2", energy.blinds_above_w_m2.map(number));
    line(out, "blinds_factor", Some(number(energy.blinds_factor)));
    line(out, "overheating_above_c", Some(list(energy.overheating_above_c.into_iter().map(number))));
    line(out, "warm_up_days", Some(energy.warm_up_days));
    line(out, "hourly", Some(energy.hourly));
    line(out, "heating_system", Some(quoted(energy.heating_system.name())));
    line(out, "heat_pump_efficiency", Some(number(energy.heat_pump_efficiency)));
    line(out, "cooling_efficiency", Some(number(energy.cooling_efficiency)));
    line(out, "rank_by", Some(quoted(energy.rank_by.name())));
    line(out, "expected_per_calculated", energy.expected_per_calculated.map(number));
    line(out, "budget", energy.budget.map(number));
}

fn write_feeder(out: &mut String, feeder: &FeederScenario, folder: &Path) {
    table(out, "feeder");
    match &feeder.network {
        FeederFiles::Csv { lines, loads } => {
            line(out, "lines", Some(relative(lines, folder)));
            line(out, "loads", loads.as_deref().map(|file| relative(file, folder)));
            line(out, "slack_pu", Some(number(feeder.slack_pu)));
            line(out, "base_kv", Some(number(feeder.base_kv)));
        }
        // It has its own voltages, and those here are refused.
        FeederFiles::Pandapower(file) => line(out, "pandapower", Some(relative(file, folder))),
    }
    line(out, "connections", feeder.connections.as_deref().map(|file| relative(file, folder)));
    line(out, "voltage_limits_pu", Some(list(feeder.voltage_limits_pu.into_iter().map(number))));
    line(out, "hosting", Some(list(feeder.hosting.iter().map(|technology| quoted(technology.name())))));
    line(out, "hosting_draws", Some(feeder.hosting_draws));
    line(out, "pv_kwp", Some(number(feeder.pv_kwp)));
    line(out, "ev_kw", Some(number(feeder.ev_kw)));
    line(out, "ev_kwh_per_day", Some(number(feeder.ev_kwh_per_day)));
    line(out, "power_factor", Some(number(feeder.power_factor)));
}

fn write_economy(out: &mut String, economy: &Economy, folder: &Path) {
    table(out, "economy");
    line(out, "currency", Some(quoted(&economy.currency)));
    line(out, "price_year", Some(economy.price_year));
    line(out, "discount_rate", Some(number(economy.discount_rate)));
    line(out, "measure_costs", economy.measure_costs.as_deref().map(|file| relative(file, folder)));
    for (carrier, factors) in &economy.carriers {
        table(out, &format!("economy.carriers.{}", carrier.name()));
        line(out, "price_per_kwh", factors.price_per_kwh.map(number));
        line(out, "kg_co2_per_kwh", factors.kg_co2_per_kwh.map(number));
        line(out, "primary_energy_factor", factors.primary_energy_factor.map(number));
    }
}
