//! Surfaces of a run as CSV: units in the names of the columns, an empty cell where there is no value.

use std::io::{self, Write};
use std::path::Path;

use super::csv::cell;
use super::file::{Existing, write_file};
use crate::error::Error;
use crate::report::solar::city::City;
use crate::report::solar::columns::{Column, surface_columns};
use crate::report::solar::notes::SolarNotes;
use crate::store::read::RunReader;

/// Writes one row per surface: how the sky was modelled, what it belongs to, and its results.
///
/// # Errors
/// The run has no surfaces or is damaged, or the file cannot be written.
pub fn write_surfaces(run: &RunReader, path: &Path, existing: Existing) -> Result<(), Error> {
    let notes = SolarNotes::read(run)?;
    let city = City::read(run)?;
    let columns = surface_columns(run, &city, &notes)?;
    let rows = (0..city.n_surfaces()).map(|surface| {
        [
            surface.to_string(),
            city.building_id[city.surface_building[surface]].clone(),
            city.object_id[city.surface_object[surface]].clone(),
            city.surface_type[surface].name().to_owned(),
        ]
    });
    let names = ["surface", "building_id", "object_id", "surface_type"];
    write_file(path, existing, |out| write_rows(out, &notes, names, rows, &columns))
}

fn write_rows<const N: usize>(
    out: impl Write,
    notes: &SolarNotes,
    names: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    columns: &[Column],
) -> io::Result<()> {
    let sky_model = notes.sky_model.as_deref().unwrap_or_default();
    let mut table = ::csv::Writer::from_writer(out);
    let headings = names.into_iter().chain(columns.iter().map(|column| column.name.as_str()));
    table.write_record(std::iter::once("sky_model").chain(headings))?;
    for (row, words) in rows.enumerate() {
        let cells = words.into_iter().chain(columns.iter().map(|column| cell(column.values[row])));
        table.write_record(std::iter::once(sky_model.to_owned()).chain(cells))?;
    }
    table.flush()
}
