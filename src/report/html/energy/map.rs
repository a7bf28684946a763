//! The map of buildings by heating need, on the roofs that the sun was computed for.

use super::super::markup::{Html, section as page_section};
use super::super::solar::roofs::{Look, figure};
use crate::error::Error;
use crate::field::solar;
use crate::report::energy::stock::Stock;
use crate::report::solar::city::{City, Rings};
use crate::report::solar::{column, has_surfaces};
use crate::store::read::RunReader;

/// Roofs in the colours of the heating need of their buildings; nothing where the run has no geometry.
pub fn section(run: &RunReader, stock: &Stock) -> Result<Html, Error> {
    if !has_surfaces(run) {
        return Ok(Html::new());
    }
    let city = City::read(run)?;
    let rows = stock.rows_of(&city.building_id);
    let need = |building: usize| rows[building].map_or(f64::NAN, |row| stock.heating_per_area[row]);
    let values: Vec<f64> = city.surface_building.iter().map(|&building| need(building)).collect();
    let area = column(run, &solar::SURFACE_EXPOSED_AREA, city.n_surfaces())?;
    let rings = Rings::read(run, city.n_surfaces())?;
    let look = Look {
        summary: "Map of roofs by the heating need of their buildings",
        description: "Buildings from above. Colour shows the heating need over the conditioned floor area, kWh/m² a \
                      year, from dark for little to light for much; grey is not heated. Point at a roof for its \
                      building and its value.",
        legend: "Heating need of buildings, kWh/m² a year; share of roof area",
    };
    let body = figure(&city, &rings, (&values, &area), &look);
    Ok(page_section("need-map", "Where heating need is", body))
}
