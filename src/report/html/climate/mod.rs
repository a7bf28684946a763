//! The climate to come: what it means to people, every index, year by year, where in the city, and the year of hours.

mod every;
mod headline;
mod map;
mod method;
mod plot;
mod weather;
mod yearly;

use super::markup::Html;
use crate::error::Error;
use crate::report::climate::city::{CityIndex, CityYears, city_indices};
use crate::report::climate::words::Limits;
use crate::report::climate::{Projections, has_indices, has_projections, hours};
use crate::store::read::RunReader;

/// What sections about indices share.
struct Told<'a> {
    projections: &'a Projections,
    years: &'a CityYears,
    indices: &'a [CityIndex],
    limits: &'a Limits,
}

/// All sections about the climate; nothing where the run has none.
pub fn sections(run: &RunReader) -> Result<Html, Error> {
    let mut body = Html::new();
    if has_projections(run) {
        let projections = Projections::read(run)?;
        if has_indices(run) {
            let years = CityYears::read(run, &projections)?;
            let indices = city_indices(run, &projections, &years)?;
            let limits = Limits::read(run)?;
            let told = Told { projections: &projections, years: &years, indices: &indices, limits: &limits };
            body = body.with(headline::section(&told)).with(yearly::section(&told));
            body = body.with(map::section(run, &told)?).with(every::section(&told));
        }
        body = body.with(weather::section(run)?).with(method::section(run, &projections)?);
    } else if hours::has_hours(run) {
        body = body.with(weather::section(run)?);
    }
    Ok(body)
}
