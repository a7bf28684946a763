//! Key figures of the energy of a whole city.

use super::super::markup::{Cell, Html, section as page_section, table};
use super::{megawatt_hours, method};
use crate::error::Error;
use crate::field::{FieldSpec, energy as field};
use crate::report::energy::of_buildings;
use crate::report::energy::stock::Stock;
use crate::report::energy::totals::PackageTotals;
use crate::report::numbers;
use crate::report::solar::notes::SolarNotes;
use crate::store::read::RunReader;

/// A figure: what, how much, in which unit, and what it means.
type Figure = (String, String, String, String);

/// Sums over all buildings as they are.
pub fn section(run: &RunReader, stock: &Stock, totals: &[PackageTotals], notes: &SolarNotes) -> Result<Html, Error> {
    let as_it_is = totals.first().cloned().unwrap_or_default();
    let mut figures = whole_stock(stock);
    figures.extend(needs(run, stock, &as_it_is)?);
    figures.extend(bought(stock, &as_it_is, notes));
    figures.extend(warmth(run, stock)?);
    let rows = figures.into_iter().map(|(what, value, unit, meaning)| {
        vec![Cell::Words(what), Cell::Number(value), Cell::Words(unit), Cell::Words(meaning)]
    });
    let body = table("All buildings as they are, in a year", &["Figure", "Value", "Unit", "Meaning"], rows.collect());
    Ok(page_section("energy", "Energy in buildings", body))
}

fn figure(what: &str, value: String, unit: &str, meaning: &str) -> Figure {
    (what.to_owned(), value, unit.to_owned(), meaning.to_owned())
}

fn whole_stock(stock: &Stock) -> Vec<Figure> {
    let area: f64 = stock.heated().map(|building| stock.floor_area[building]).sum();
    vec![
        figure("Buildings", numbers::count(stock.n_buildings() as u64), "", "in the inputs"),
        figure("Heated or cooled", numbers::count(stock.heated().count() as u64), "", "buildings with a heat balance"),
        figure("Conditioned floor area", numbers::number(area), "m²", "of these"),
    ]
}

fn needs(run: &RunReader, stock: &Stock, as_it_is: &PackageTotals) -> Result<Vec<Figure>, Error> {
    let area: f64 = stock.heated().map(|building| stock.floor_area[building]).sum();
    let mut figures = Vec::new();
    let mut add = |what: &str, kwh: Option<f64>, meaning: &str| {
        figures.extend(kwh.map(|kwh| figure(what, megawatt_hours(kwh), "MWh", meaning)));
    };
    let heating = sum(run, stock, &field::HEATING_NEED)?;
    add("Heating need", heating, "heat that heating gives, as calculated");
    add("Expected heating need", as_it_is.expected_heating, "what people are expected to heat, see below");
    add("Cooling need", sum(run, stock, &field::COOLING_NEED)?, "heat that cooling takes");
    add("Hot water", sum(run, stock, &field::HOT_WATER_NEED)?, "heat");
    add("Appliances and light", sum(run, stock, &field::APPLIANCES)?, "electricity");
    if let (Some(heating), true) = (heating, area > 0.0) {
        let per_area = numbers::number(heating / area);
        figures.push(figure("Heating need per floor area", per_area, "kWh/m²", "all heat over all floor area"));
    }
    Ok(figures)
}

fn bought(stock: &Stock, as_it_is: &PackageTotals, notes: &SolarNotes) -> Vec<Figure> {
    let mut figures = Vec::new();
    if let Some(carriers) = &as_it_is.final_energy {
        for (carrier, kwh) in stock.carriers.iter().zip(carriers).filter(|(_, kwh)| **kwh != 0.0) {
            let what = format!("Bought {}", carrier.replace('_', " "));
            figures.push(figure(&what, megawatt_hours(*kwh), "MWh", "final energy"));
        }
        let all = megawatt_hours(carriers.iter().sum());
        figures.push(figure("All energy bought", all, "MWh", "final energy of all carriers"));
    }
    if let Some(kwh) = as_it_is.primary_energy {
        figures.push(figure("Primary energy", megawatt_hours(kwh), "MWh", "by the factors of the scenario"));
    }
    if let Some(kg) = as_it_is.emissions {
        figures.push(figure("Emissions", numbers::number(kg / 1000.0), "t CO₂e", "of what is bought"));
    }
    if let Some(cost) = as_it_is.energy_cost {
        let money = notes.currency.as_deref().unwrap_or("currency");
        let of_year = notes.price_year.map_or_else(String::new, |year| format!(", prices of {year}"));
        figures.push(figure("Cost", numbers::number(cost), &format!("{money}{of_year}"), "of what is bought"));
    }
    figures
}

/// How warm it gets: a mean over heated buildings for each limit.
fn warmth(run: &RunReader, stock: &Stock) -> Result<Vec<Figure>, Error> {
    let limits = method::warmth_limits(run)?;
    let mut figures = Vec::new();
    for (spec, limit) in [&field::HOURS_TOO_WARM, &field::HOURS_FAR_TOO_WARM].into_iter().zip(limits) {
        let Some(hours) = of_buildings(run, spec, stock.n_buildings())? else { continue };
        let known: Vec<f64> = hours.into_iter().filter(|hours| hours.is_finite()).collect();
        if !known.is_empty() {
            let mean = known.iter().sum::<f64>() / known.len() as f64;
            let most = known.iter().copied().fold(0.0, f64::max);
            let meaning = format!("mean of heated buildings; {} in the warmest", numbers::number(most));
            let what = format!("Hours above {limit}");
            figures.push(figure(&what, numbers::number(mean), "h", &meaning));
        }
    }
    Ok(figures)
}

fn sum(run: &RunReader, stock: &Stock, spec: &FieldSpec) -> Result<Option<f64>, Error> {
    let values = of_buildings(run, spec, stock.n_buildings())?;
    Ok(values.map(|values| values.iter().filter(|value| value.is_finite()).sum()))
}
