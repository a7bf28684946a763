//! Energy in buildings: what a city needs, what packages of measures save, which buildings stand out, what the feeder sees.

mod chart;
mod feeder;
mod figures;
mod map;
mod method;
mod packages;
mod standouts;

use super::markup::Html;
use crate::error::Error;
use crate::report::energy::has_energy;
use crate::report::energy::stock::Stock;
use crate::report::energy::totals::PackageTotals;
use crate::report::solar::notes::SolarNotes;
use crate::store::read::RunReader;

/// All sections about energy; nothing where the run has none.
pub fn sections(run: &RunReader) -> Result<Html, Error> {
    let mut body = Html::new();
    if has_energy(run) {
        let notes = SolarNotes::read(run)?;
        let stock = Stock::read(run)?;
        let totals = PackageTotals::read(run, &stock)?;
        body = body.with(figures::section(run, &stock, &totals, &notes)?);
        body = body.with(packages::section(&stock, &totals, &notes));
        body = body.with(chart::intensity_section(&stock)).with(chart::months_section(run, &stock)?);
        body = body.with(standouts::need_section(run, &stock)?).with(standouts::warm_section(run, &stock)?);
        body = body.with(map::section(run, &stock)?);
    }
    body = body.with(feeder::section(run)?);
    if has_energy(run) {
        body = body.with(method::section(run)?);
    }
    Ok(body)
}

/// Kilowatt-hours as megawatt-hours, as people read them.
fn megawatt_hours(kwh: f64) -> String {
    crate::report::numbers::number(kwh / 1000.0)
}
