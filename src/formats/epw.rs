//! EnergyPlus weather files (EPW).
//!
//! The format is that of the EnergyPlus documentation, *Auxiliary Programs*, "EPW CSV format (in/out)".

mod header;
#[cfg(test)]
mod tests;
mod write;

pub use write::{EpwHead, write_epw};

use super::Source;
use super::csv_table::Splitter;
use super::findings::Findings;
use super::table::Row;
use super::text::{Lines, integer, shown};
use super::weather::WeatherYear;
use super::weather::rows::{Column, N_QUANTITIES, Stamp, YearRows};
use crate::error::{Error, Problem, Warning};
use header::Header;

/// Position of month, day and hour in a row.
const STAMP: [(usize, &str); 3] = [(1, "month"), (2, "day"), (3, "hour")];
/// Position of each quantity in a row, with the specification's name and code of missing values.
const COLUMNS: [(usize, Column<'static>); N_QUANTITIES] = [
    (13, column(0, "global horizontal radiation", 9999.0)),
    (14, column(1, "direct normal radiation", 9999.0)),
    (15, column(2, "diffuse horizontal radiation", 9999.0)),
    (6, column(3, "dry bulb temperature", 99.9)),
    (7, column(4, "dew point temperature", 99.9)),
    (8, column(5, "relative humidity", 999.0)),
    (9, column(6, "atmospheric station pressure", 999_999.0)),
    (21, column(7, "wind speed", 999.0)),
    (20, column(8, "wind direction", 999.0)),
    (12, column(9, "horizontal infrared radiation intensity", 9999.0)),
];
/// Fields up to the last that is read; files differ in how many follow.
const FEWEST_FIELDS: usize = 22;

const fn column(quantity: usize, name: &'static str, missing: f64) -> Column<'static> {
    Column { quantity, name, is_missing: |value, column| value >= column.missing, missing, factor: 1.0 }
}

/// Reads a weather year: `.epw`, also with `.gz`.
///
/// Rows are local standard time and hour-ending, the sun stands in the middle of the hour. Files of PVGIS are told by
/// their comment "Irradiance Time Offset (h)": their rows are UTC, and the sun stands where the offset says, modulo 1 h.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint.
pub fn read_epw(source: Source<'_>) -> Result<(WeatherYear, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let read = read(source, &mut findings);
    findings.conclude(read)
}

fn read(source: Source<'_>, findings: &mut Findings<'_>) -> Result<(WeatherYear, Vec<Warning>), Problem> {
    let mut lines = Lines::open(source)?;
    let mut splitter = Splitter::default();
    let mut header = Header::default();
    while let Some((line, text)) = lines.next()? {
        let text = text.trim_ascii();
        if text.first().is_some_and(u8::is_ascii_digit) {
            lines.unread();
            break;
        }
        if !text.is_empty() {
            header.take(text, line, &mut splitter).map_err(|problem| problem.at_line(line))?;
        }
    }
    let (year, mut warnings) = header.finish()?;
    let mut rows = YearRows::new(year);
    while let Some((line, text)) = lines.next()? {
        let text = text.trim_ascii();
        if text.is_empty() {
            continue;
        }
        match splitter.split(text) {
            Ok(row) => take_row(row, line, &mut rows, findings),
            Err(problem) => findings.at("quotes", line, || problem),
        }
    }
    let (year, found) = rows.finish()?;
    warnings.extend(found);
    Ok((year, warnings))
}

fn take_row(row: Row<'_>, line: usize, rows: &mut YearRows, findings: &mut Findings<'_>) {
    if row.len() < FEWEST_FIELDS {
        return findings.at("wrong number of columns", line, || {
            Problem::new(format!("expected at least {FEWEST_FIELDS} fields, found {}", row.len()))
        });
    }
    let mut stamp = [0; 3];
    for ((position, name), value) in STAMP.into_iter().zip(&mut stamp) {
        match integer(row.field(position)) {
            Some(number) => *value = number,
            None => {
                return findings.at("not an integer", line, || {
                    Problem::new(format!("expected an integer, found {}", shown(row.field(position)))).of_key(name)
                });
            }
        }
    }
    let [month, day, hour] = stamp;
    if let Some(slot) = rows.place(Stamp { month, day, hour }, line, findings) {
        for (position, column) in &COLUMNS {
            rows.set(slot, column, row.field(*position), line, findings);
        }
    }
}
