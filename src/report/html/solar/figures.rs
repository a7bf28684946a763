//! Key figures of the sun on a whole city.

use ndarray::ArrayView2;

use super::super::markup::{self, Cell, Html, table};
use crate::error::Error;
use crate::field::{FieldSpec, solar};
use crate::report::numbers;
use crate::report::solar::city::{City, SurfaceType};
use crate::report::solar::columns::Column;
use crate::report::solar::notes::SolarNotes;
use crate::report::solar::raster;
use crate::store::read::RunReader;

/// Cells that are read at a time.
const BLOCK_CELLS: usize = 1 << 22;

/// A figure: what, how much, in which unit, and what it means.
type Figure = (&'static str, String, String, &'static str);

/// Sums over all buildings.
pub fn section(city: &City, columns: &[Column], notes: &SolarNotes, surfaces: (&[f64], &[f64])) -> Html {
    let mut figures: Vec<Figure> =
        vec![("Buildings", numbers::count(city.building_id.len() as u64), String::new(), "with a geometry")];
    for (kind, of_area, of_mean) in [
        (SurfaceType::Roof, "Area of roofs", "Mean annual irradiation of roofs"),
        (SurfaceType::Wall, "Area of walls", "Mean annual irradiation of walls"),
    ] {
        let (area, irradiation) = sums(city, kind, surfaces);
        figures.push((of_area, numbers::number(area), "m²".to_owned(), "that no other building covers"));
        let mean = if area > 0.0 { irradiation / area } else { f64::NAN };
        figures.push((of_mean, numbers::number(mean), "kWh/m²".to_owned(), "with the shadows of the surroundings"));
    }
    figures.extend(photovoltaics(columns, notes));
    let rows = figures.into_iter().map(|(what, value, unit, meaning)| {
        vec![Cell::Words(what.to_owned()), Cell::Number(value), Cell::Words(unit), Cell::Words(meaning.to_owned())]
    });
    let body = table("The sun on all buildings", &["Figure", "Value", "Unit", "Meaning"], rows.collect());
    markup::section("sun", "Solar potential", body)
}

/// Area of a kind of surfaces that has irradiation, and its irradiation in kWh.
fn sums(city: &City, kind: SurfaceType, (annual, area): (&[f64], &[f64])) -> (f64, f64) {
    let of_kind = (0..city.n_surfaces()).filter(|&surface| city.surface_type[surface] == kind);
    let known = of_kind.filter(|&surface| annual[surface].is_finite() && area[surface].is_finite());
    known.fold((0.0, 0.0), |(areas, sum), surface| (areas + area[surface], sum + area[surface] * annual[surface]))
}

fn photovoltaics(columns: &[Column], notes: &SolarNotes) -> Vec<Figure> {
    let column = |field: &FieldSpec| columns.iter().find(|column| column.field.name == field.name);
    let sum = |field: &FieldSpec| {
        column(field).map(|column| column.values.iter().filter(|value| value.is_finite()).sum::<f64>())
    };
    let money = notes.currency.clone().unwrap_or_else(|| "currency".to_owned());
    let of_year = notes.price_year.map_or_else(String::new, |year| format!(", prices of {year}"));
    let mut figures: Vec<Figure> = Vec::new();
    let mut add = |what, value: Option<f64>, unit: String, meaning| {
        if let Some(value) = value {
            figures.push((what, numbers::number(value), unit, meaning));
        }
    };
    let capacity = sum(&solar::BUILDING_PV_CAPACITY);
    let yield_kwh = sum(&solar::BUILDING_PV_YIELD);
    add("Photovoltaic capacity", capacity, "kWp".to_owned(), "peak power of modules on all suitable surfaces");
    add("Photovoltaic yield", yield_kwh, "kWh a year".to_owned(), "of the first year, AC");
    let specific = capacity.zip(yield_kwh).filter(|(capacity, _)| *capacity > 0.0);
    let specific = specific.map(|(capacity, yield_kwh)| yield_kwh / capacity);
    add("Yield per capacity", specific, "kWh/kWp".to_owned(), "of the first year");
    add("Investment", sum(&solar::BUILDING_PV_INVESTMENT), format!("{money}{of_year}"), "in all modules");
    let cost = column(&solar::BUILDING_PV_LEVELISED_COST).zip(column(&solar::BUILDING_PV_YIELD));
    let cost = cost.map(|(cost, yields)| mean_weighted(&cost.values, &yields.values));
    let meaning = "mean over buildings, by their yield";
    add("Levelised cost of electricity", cost, format!("{money} per kWh{of_year}"), meaning);
    let value = sum(&solar::BUILDING_PV_NET_PRESENT_VALUE);
    add("Net present value", value, format!("{money}{of_year}"), "of all modules, those that lose money included");
    let saved = sum(&solar::BUILDING_PV_AVOIDED_EMISSIONS).map(|kg| kg / 1000.0);
    add("Emissions avoided", saved, "t CO₂e".to_owned(), "over the lifetime of modules; in a year where none is given");
    figures
}

fn mean_weighted(values: &[f64], weights: &[f64]) -> f64 {
    let known = values.iter().zip(weights).filter(|(value, weight)| value.is_finite() && weight.is_finite());
    let (sum, total) = known.fold((0.0, 0.0), |(sum, total), (value, weight)| (sum + value * weight, total + weight));
    if total > 0.0 { sum / total } else { f64::NAN }
}

/// Size of the raster and means of its fields.
pub fn raster_section(run: &RunReader) -> Result<Html, Error> {
    let frame = raster::frame(run, None)?;
    let size = format!("{} × {}", numbers::count(frame.columns as u64), numbers::count(frame.rows as u64));
    let mut rows = vec![
        ("Cells".to_owned(), size, String::new()),
        ("Side of a cell".to_owned(), numbers::number(frame.cell_m), "m".to_owned()),
    ];
    let fields: [(&FieldSpec, &str, &str); 3] = [
        (&solar::CELL_ANNUAL_IRRADIATION, "Mean annual irradiation", "kWh/m²"),
        (&solar::CELL_ANNUAL_BEAM_IRRADIATION, "of it straight from the sun", "kWh/m²"),
        (&solar::CELL_SKY_VIEW_FACTOR, "Mean sky-view factor", "share"),
    ];
    for (field, label, unit) in fields.into_iter().filter(|(field, ..)| run.has(field.name)) {
        rows.push((label.to_owned(), numbers::number(mean_of_cells(run, field.name)?), unit.to_owned()));
    }
    let rows =
        rows.into_iter().map(|(what, value, unit)| vec![Cell::Words(what), Cell::Number(value), Cell::Words(unit)]);
    let body = table("The sun on the raster", &["Figure", "Value", "Unit"], rows.collect()).paragraph(
        "The maps are in solar.nc; conurb export writes them as GeoTIFF, or as a picture with --to png --field \
         cell_annual_irradiation.",
    );
    Ok(markup::section("raster", "Sun on the ground", body))
}

/// Mean of the cells of a field that have a value, read in bounded parts.
fn mean_of_cells(run: &RunReader, name: &str) -> Result<f64, Error> {
    let shape = run.shape(name)?;
    let (rows, columns) = (shape.first().copied().unwrap_or(0), shape.get(1).copied().unwrap_or(0));
    let step = (BLOCK_CELLS / columns.max(1)).max(1);
    let mut sum = (0.0, 0_u64);
    for first in (0..rows).step_by(step) {
        let part = run.rows_at(name, &[], first..(first + step).min(rows))?;
        sum = add_known(sum, part.view());
    }
    Ok(if sum.1 > 0 { sum.0 / sum.1 as f64 } else { f64::NAN })
}

fn add_known(sum: (f64, u64), part: ArrayView2<'_, f64>) -> (f64, u64) {
    part.iter().filter(|value| value.is_finite()).fold(sum, |(sum, count), value| (sum + value, count + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_leave_out_what_is_not_known() {
        // (0.1 · 100 + 0.2 · 300) / 400
        assert_eq!(mean_weighted(&[0.1, f64::NAN, 0.2], &[100.0, 50.0, 300.0]), 0.175);
        assert!(mean_weighted(&[f64::NAN], &[1.0]).is_nan());
        let part = ndarray::array![[1.0, f64::NAN], [2.0, f64::INFINITY]];
        assert_eq!(add_known((0.0, 0), part.view()), (3.0, 2));
    }
}
