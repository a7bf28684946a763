//! Buildings of a run as CSV, with the sun on them and their energy: units in the names of the columns, an empty cell where
//! there is no value.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use super::csv::cell;
use super::file::{Existing, write_file};
use crate::error::Error;
use crate::report::energy::stock::Stock;
use crate::report::energy::{columns as energy, has_energy};
use crate::report::solar::city::City;
use crate::report::solar::columns::{building_columns, building_findings};
use crate::report::solar::has_surfaces;
use crate::report::solar::notes::SolarNotes;
use crate::store::read::RunReader;

/// A table that grows column by column.
struct Table {
    ids: Vec<String>,
    columns: Vec<(String, Cells)>,
}

/// A column; numbers become text only as they are written, as the text of a large city would not fit into memory.
enum Cells {
    Words(Vec<String>),
    Numbers(Vec<f64>),
}

impl Cells {
    fn lengthen(&mut self, length: usize) {
        match self {
            Cells::Words(words) => words.resize(length, String::new()),
            Cells::Numbers(values) => values.resize(length, f64::NAN),
        }
    }

    fn text(&self, row: usize) -> Cow<'_, str> {
        match self {
            Cells::Words(words) => words[row].as_str().into(),
            Cells::Numbers(values) => cell(values[row]).into(),
        }
    }
}

/// Writes one row per building: how the sky was modelled, what the sun does to it, and what energy it needs.
///
/// # Errors
/// The run has no buildings or is damaged, or the file cannot be written.
pub fn write(run: &RunReader, path: &Path, existing: Existing) -> Result<(), Error> {
    let notes = SolarNotes::read(run)?;
    let mut table = Table { ids: Vec::new(), columns: Vec::new() };
    if has_surfaces(run) {
        table.add_sun(run, &notes)?;
    }
    if has_energy(run) {
        table.add_energy(run, &notes)?;
    }
    let sky_model = has_surfaces(run).then(|| notes.sky_model.clone().unwrap_or_default());
    write_file(path, existing, |out| table.write(sky_model.as_deref(), out))
}

impl Table {
    fn add_sun(&mut self, run: &RunReader, notes: &SolarNotes) -> Result<(), Error> {
        let city = City::read(run)?;
        self.columns.push(("findings".to_owned(), Cells::Words(building_findings(run, &city)?)));
        for column in building_columns(run, &city, notes)? {
            self.columns.push((column.name, Cells::Numbers(column.values)));
        }
        self.ids = city.building_id;
        Ok(())
    }

    /// Adds energy by id, and rows for buildings that were not there.
    fn add_energy(&mut self, run: &RunReader, notes: &SolarNotes) -> Result<(), Error> {
        let stock = Stock::read(run)?;
        let mut rows = stock.rows_of(&self.ids);
        let known: BTreeSet<&str> = self.ids.iter().map(String::as_str).collect();
        let new: Vec<usize> =
            (0..stock.n_buildings()).filter(|&row| !known.contains(stock.building_id[row].as_str())).collect();
        rows.extend(new.iter().copied().map(Some));
        self.ids.extend(new.iter().map(|&row| stock.building_id[row].clone()));
        self.columns.iter_mut().for_each(|(_, cells)| cells.lengthen(rows.len()));
        let currency = notes.currency.as_deref();
        for (name, words) in &stock.words {
            let cells = rows.iter().map(|row| row.map_or_else(String::new, |row| words[row].clone()));
            self.columns.push(((*name).to_owned(), Cells::Words(cells.collect())));
        }
        let mut columns = energy::building_columns(run, &stock, currency)?;
        columns.extend(energy::package_columns(run, &stock, currency)?);
        for column in columns {
            let cells = rows.iter().map(|row| row.map_or(f64::NAN, |row| column.values[row]));
            self.columns.push((column.name, Cells::Numbers(cells.collect())));
        }
        Ok(())
    }

    fn write(&self, sky_model: Option<&str>, out: impl Write) -> io::Result<()> {
        let mut table = ::csv::Writer::from_writer(out);
        let names = self.columns.iter().map(|(name, _)| name.as_str());
        table.write_record(sky_model.map(|_| "sky_model").into_iter().chain(["building_id"]).chain(names))?;
        for (row, id) in self.ids.iter().enumerate() {
            let first = sky_model.into_iter().chain([id.as_str()]).map(Cow::from);
            let cells = first.chain(self.columns.iter().map(|(_, cells)| cells.text(row)));
            table.write_record(cells.map(Cow::into_owned))?;
        }
        table.flush()
    }
}
