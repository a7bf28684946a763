//! CSV: one file for each table of a run.

use std::path::{Path, PathBuf};

use super::file::refuse_existing;
use super::{Options, buildings_csv, climate_csv, csv, solar_csv};
use crate::error::{Error, Problem};
use crate::field::traffic;
use crate::report::climate::{has_indices, has_places};
use crate::report::energy::has_energy;
use crate::report::solar::has_surfaces;
use crate::store::read::RunReader;

/// A table of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    /// One row per link.
    Links,
    /// One row per surface of a building.
    Surfaces,
    /// One row per building.
    Buildings,
    /// One row per climate index, period and simulation.
    ClimateIndices,
    /// One row per place of the city, period and simulation.
    ClimatePlaces,
}

impl Table {
    const ALL: [Table; 5] =
        [Table::Links, Table::Surfaces, Table::Buildings, Table::ClimateIndices, Table::ClimatePlaces];

    fn file_name(self) -> &'static str {
        match self {
            Table::Links => "links.csv",
            Table::Surfaces => "surfaces.csv",
            Table::Buildings => "buildings.csv",
            Table::ClimateIndices => "climate_indices.csv",
            Table::ClimatePlaces => "climate_places.csv",
        }
    }

    fn is_in(self, run: &RunReader) -> bool {
        match self {
            Table::Links => run.has(traffic::LINK_ID.name),
            Table::Surfaces => has_surfaces(run),
            Table::Buildings => has_surfaces(run) || has_energy(run),
            Table::ClimateIndices => has_indices(run),
            Table::ClimatePlaces => has_places(run),
        }
    }

    fn write(self, run: &RunReader, path: &Path, options: &Options<'_>) -> Result<(), Error> {
        match self {
            Table::Links => csv::write(run, path, options.existing, options.period),
            Table::Surfaces => solar_csv::write_surfaces(run, path, options.existing),
            Table::Buildings => buildings_csv::write(run, path, options.existing),
            Table::ClimateIndices => climate_csv::write_indices(run, path, options.existing),
            Table::ClimatePlaces => climate_csv::write_places(run, path, options.existing),
        }
    }
}

/// Writes every table of a run into a folder, or none if one of the files is in the way; gives the files.
///
/// # Errors
/// The run has no tables, something is in the way, or a file cannot be written.
pub fn write_all(run: &RunReader, folder: &Path, options: &Options<'_>) -> Result<Vec<PathBuf>, Error> {
    let tables = tables_of(run)?;
    let files: Vec<PathBuf> = tables.iter().map(|table| folder.join(table.file_name())).collect();
    files.iter().try_for_each(|path| refuse_existing(path, options.existing))?;
    tables.iter().zip(&files).try_for_each(|(table, path)| table.write(run, path, options))?;
    Ok(files)
}

/// Writes one table of a run to a file: that whose usual name the file has, else the first.
///
/// # Errors
/// The run has no such table, something is in the way, or the file cannot be written.
pub fn write_one(run: &RunReader, path: &Path, options: &Options<'_>) -> Result<(), Error> {
    let first = tables_of(run)?[0];
    let named = Table::ALL.into_iter().find(|table| path.file_name().is_some_and(|name| name == table.file_name()));
    refuse_existing(path, options.existing)?;
    named.unwrap_or(first).write(run, path, options)
}

/// The tables that a run has, at least one.
fn tables_of(run: &RunReader) -> Result<Vec<Table>, Error> {
    let tables: Vec<Table> = Table::ALL.into_iter().filter(|table| table.is_in(run)).collect();
    match tables.is_empty() {
        false => Ok(tables),
        true => Err(Problem::new("the run has no tables: no road links, no buildings, no climate indices")
            .in_file(run.dir())
            .hint("the scenario needs a [traffic], [solar], [energy] or [climate] table for this")
            .into()),
    }
}
