//! Small tables: turns, tolls, counts, totals of zones and districts of a network; buildings, what measures on them
//! cost, and the buses they hang at; places of a city and who lives there.

mod buildings;
mod connections;
mod counts;
mod districts;
mod links;
mod measures;
mod places;
mod population;
mod tolls;
mod turns;
mod zone_totals;

pub use buildings::{BuildingRow, read_buildings};
pub use connections::{Connection, read_connections};
pub use counts::{CountTable, read_counts};
pub use districts::{District, read_districts};
pub use measures::{MeasureCosts, read_measure_costs};
pub use places::{Station, read_stations};
pub use population::{Inhabitants, InhabitedPlace, read_population};
pub use tolls::read_tolls;
pub use turns::{TurnRow, read_turns};
pub use zone_totals::{ZoneTotals, read_zone_totals};

use super::findings::Findings;
use super::table::{Layout, Row};
use super::text::{finite, flag, non_negative, shown};
use crate::error::Problem;

/// A yes or no, or `default` where the column is absent or the field empty.
fn yes_or_no(
    row: Row<'_>,
    layout: &Layout,
    (column, default): (usize, bool),
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<bool> {
    let field = layout.position(column).map_or(&b""[..], |position| row.field(position));
    if field.is_empty() {
        return Some(default);
    }
    let value = flag(field);
    if value.is_none() {
        findings.at("yes or no", line, || {
            Problem::new(format!("expected 0 or 1, found {}", shown(field)))
                .of_key(layout.name(column))
                .hint("true, false, yes and no are understood too")
        });
    }
    value
}

/// A number not below zero, or `default` where the column is absent or the field empty.
fn number_or(
    row: Row<'_>,
    layout: &Layout,
    (column, default): (usize, f64),
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<f64> {
    let field = layout.position(column).map_or(&b""[..], |position| row.field(position));
    if field.is_empty() {
        return Some(default);
    }
    match non_negative(field) {
        Ok(value) => Some(value),
        Err(fault) => {
            findings.at(fault.kind(), line, || fault.problem(layout.name(column), field));
            None
        }
    }
}

/// A number from `least` to `most`, both included.
fn number_within(
    row: Row<'_>,
    layout: &Layout,
    (column, [least, most]): (usize, [f64; 2]),
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<f64> {
    let name = layout.name(column);
    let field = layout.position(column).map_or(&b""[..], |position| row.field(position));
    match finite(field) {
        Ok(value) if (least..=most).contains(&value) => Some(value),
        Ok(_) => {
            findings.at("out of range", line, || {
                Problem::new(format!("expected a number from {least} to {most}, found {}", shown(field))).of_key(name)
            });
            None
        }
        Err(fault) => {
            findings.at(fault.kind(), line, || fault.problem(name, field));
            None
        }
    }
}

/// A name that says something.
fn name_of(row: Row<'_>, layout: &Layout, column: usize, line: usize, findings: &mut Findings<'_>) -> Option<String> {
    let field = layout.position(column).map_or(&b""[..], |position| row.field(position));
    match std::str::from_utf8(field) {
        Ok(name) if !name.is_empty() && !name.contains(char::is_control) => Some(name.to_owned()),
        _ => {
            findings.at("name", line, || {
                Problem::new(format!("expected a name, found {}", shown(field))).of_key(layout.name(column))
            });
            None
        }
    }
}

/// Degrees north.
const LATITUDES: [f64; 2] = [-90.0, 90.0];
/// Degrees east, by either way of counting.
const LONGITUDES: [f64; 2] = [-180.0, 360.0];

/// Reports keys that stand in a table twice; `words` says what is repeated.
fn report_repeated<K: Ord + Copy>(
    rows: impl Iterator<Item = (K, usize)>,
    findings: &mut Findings<'_>,
    words: impl Fn(K) -> String,
) {
    let mut rows: Vec<(K, usize)> = rows.collect();
    rows.sort_unstable();
    for pair in rows.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        findings.at("repeated row", pair[1].1, || {
            Problem::new(format!("{} stands here and in line {}", words(pair[1].0), pair[0].1))
        });
    }
}
