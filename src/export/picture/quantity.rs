//! What a picture shows.

use crate::error::{Error, Problem};
use crate::field::{FieldSpec, solar};
use crate::report::solar::{has_raster, has_surfaces};
use crate::store::read::RunReader;

/// What carries the values of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// Roofs of buildings.
    Roofs,
    /// Cells of a raster.
    Cells,
}

/// A quantity that can be drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// Its field.
    pub field: &'static FieldSpec,
    /// Its name for people.
    pub label: &'static str,
    /// Its unit for people; `CUR` stands for the currency.
    pub unit: &'static str,
    /// What carries it.
    pub carrier: Carrier,
}

const fn on_roofs(field: &'static FieldSpec, label: &'static str, unit: &'static str) -> Quantity {
    Quantity { field, label, unit, carrier: Carrier::Roofs }
}

const fn in_cells(field: &'static FieldSpec, label: &'static str, unit: &'static str) -> Quantity {
    Quantity { field, label, unit, carrier: Carrier::Cells }
}

/// All that can be drawn; of those that a run has, the first is drawn if none is asked for.
const QUANTITIES: &[Quantity] = &[
    on_roofs(&solar::ANNUAL_IRRADIATION, "Annual irradiation of roofs", "kWh/m²"),
    in_cells(&solar::CELL_ANNUAL_IRRADIATION, "Annual irradiation", "kWh/m²"),
    on_roofs(&solar::ANNUAL_UNSHADED_IRRADIATION, "Annual irradiation of roofs without shadows", "kWh/m²"),
    on_roofs(&solar::ANNUAL_BEAM_IRRADIATION, "Annual irradiation of roofs from the sun", "kWh/m²"),
    on_roofs(&solar::ANNUAL_SKY_IRRADIATION, "Annual irradiation of roofs from the sky", "kWh/m²"),
    on_roofs(&solar::SURFACE_SKY_FACTOR, "Sky factor of roofs", "share"),
    on_roofs(&solar::SURFACE_TILT, "Tilt of roofs", "°"),
    on_roofs(&solar::SURFACE_PV_CAPACITY, "Photovoltaic capacity of roofs", "kWp"),
    on_roofs(&solar::SURFACE_PV_YIELD, "Photovoltaic yield of roofs in the first year", "kWh"),
    on_roofs(&solar::SURFACE_PV_SPECIFIC_YIELD, "Photovoltaic yield of roofs per capacity", "kWh/kWp"),
    on_roofs(&solar::SURFACE_PV_LEVELISED_COST, "Levelised cost of electricity from roofs", "CUR/kWh"),
    on_roofs(&solar::SURFACE_PV_NET_PRESENT_VALUE, "Net present value of photovoltaics on roofs", "CUR"),
    on_roofs(&solar::SURFACE_PV_PAYBACK_TIME, "Payback time of photovoltaics on roofs", "years"),
    in_cells(&solar::CELL_ANNUAL_BEAM_IRRADIATION, "Annual irradiation from the sun", "kWh/m²"),
    in_cells(&solar::CELL_SKY_VIEW_FACTOR, "Sky-view factor", "share"),
    in_cells(&solar::CELL_TILTED_SKY_VIEW_FACTOR, "Sky-view factor of sloped cells", "share"),
    in_cells(&solar::CELL_HEIGHT, "Height", "m"),
    in_cells(&solar::CELL_TILT, "Tilt", "°"),
];

/// The quantity that is drawn: the one asked for, else the first that the run has.
///
/// # Errors
/// The run has nothing to draw, or not this.
pub fn choose(run: &RunReader, field: Option<&str>) -> Result<Quantity, Error> {
    let is_there = |quantity: &Quantity| {
        run.has(quantity.field.name)
            && match quantity.carrier {
                Carrier::Roofs => has_surfaces(run),
                Carrier::Cells => has_raster(run),
            }
    };
    let there: Vec<Quantity> = QUANTITIES.iter().copied().filter(is_there).collect();
    let Some(&first) = there.first() else {
        return Err(Problem::new("the run has nothing to draw: neither roofs nor a raster")
            .in_file(run.dir())
            .hint("the scenario needs a [solar] table for this")
            .into());
    };
    let Some(name) = field else { return Ok(first) };
    there.iter().copied().find(|quantity| quantity.field.name == name).ok_or_else(|| {
        let names: Vec<&str> = there.iter().map(|quantity| quantity.field.name).collect();
        Problem::new(format!("the run has no field {name:?} that can be drawn"))
            .of_key("--field")
            .in_file(run.dir())
            .hint(format!("there are {}", names.join(", ")))
            .into()
    })
}
