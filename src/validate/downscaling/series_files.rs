//! Adjusted series as tables: a line per day, a column per case, in the form of the reference series.

use std::io::Write;
use std::path::Path;

use super::AdjustedSeries;
use crate::error::{Error, Problem};
use crate::export::file::{Existing, refuse_existing, write_file};

/// Writes one file for each that the series name, into a folder that may be new.
///
/// # Errors
/// A file exists, or cannot be written, or its columns are of other days; nothing is written if that can be known before.
pub fn write(folder: &Path, series: &[AdjustedSeries<f64>]) -> Result<(), Error> {
    let mut files: Vec<(&str, Vec<&AdjustedSeries<f64>>)> = Vec::new();
    for one in series {
        match files.iter_mut().find(|(file, _)| *file == one.file) {
            Some((_, columns)) => columns.push(one),
            None => files.push((&one.file, vec![one])),
        }
    }
    for (file, columns) in &files {
        refuse_existing(&folder.join(file), Existing::Refuse)?;
        if let Some(other) = columns.iter().find(|column| column.days != columns[0].days) {
            let message = format!("the column {} has other days than {}", other.column, columns[0].column);
            return Err(Problem::new(message).in_file(folder.join(file)).hint("give it a file of its own").into());
        }
    }
    files.iter().try_for_each(|(file, columns)| write_table(&folder.join(file), columns))
}

fn write_table(file: &Path, columns: &[&AdjustedSeries<f64>]) -> Result<(), Error> {
    write_file(file, Existing::Refuse, |out| {
        write!(out, "date")?;
        columns.iter().try_for_each(|column| write!(out, ",{}", column.column))?;
        writeln!(out)?;
        for (day, date) in columns[0].days.dates().iter().enumerate() {
            write!(out, "{:04}-{:02}-{:02}", date.year, date.month, date.day)?;
            for column in columns {
                let value = column.values[day];
                if value.is_nan() { write!(out, ",")? } else { write!(out, ",{value}")? }
            }
            writeln!(out)?;
        }
        Ok(())
    })
}
