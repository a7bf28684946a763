//! One row per link, for spreadsheets: units in the names of the columns, an empty cell where there is no value.

use std::io::{self, Write};
use std::path::Path;

use super::file::{Existing, write_file};
use crate::error::Error;
use crate::report::links::LinkTable;
use crate::report::period::PeriodChoice;
use crate::store::read::RunReader;

/// Writes the links of a run as CSV.
///
/// # Errors
/// The run has no links or is damaged, or the file cannot be written.
pub fn write(run: &RunReader, path: &Path, existing: Existing, period: PeriodChoice<'_>) -> Result<(), Error> {
    let links = LinkTable::read(run, period)?;
    let columns = columns(&links);
    write_file(path, existing, |out| write_rows(&links, &columns, out))
}

/// Writes a header and one row per link: its id, its nodes, and its entry of each column.
///
/// # Errors
/// It cannot be written.
pub fn write_rows(links: &LinkTable, columns: &[(String, Vec<f64>)], out: impl Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    let ids = ["link_id", "from_node", "to_node"].into_iter().map(str::to_owned);
    rows.write_record(ids.chain(columns.iter().map(|(name, _)| name.clone())))?;
    for link in 0..links.n_links() {
        let ids = [links.link_id[link], links.from_node[link], links.to_node[link]].map(|id| id.to_string());
        rows.write_record(ids.into_iter().chain(columns.iter().map(|(_, values)| cell(values[link]))))?;
    }
    rows.flush()
}

/// A number as every spreadsheet reads it, with all its digits.
pub fn cell(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        String::new()
    } else if size == 0.0 {
        "0".to_owned()
    } else if (1e-5..1e15).contains(&size) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// A word as part of a column's name: a name from a scenario must not become a formula or a second column.
pub fn column_word(word: &str) -> String {
    word.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}

/// Every column of floats with its name, unit included.
pub fn columns(links: &LinkTable) -> Vec<(String, Vec<f64>)> {
    let mut columns: Vec<(String, Vec<f64>)> = Vec::new();
    let mut add = |name: &str, values: &[f64]| columns.push((name.to_owned(), values.to_vec()));
    let given = [
        ("length_m", &links.length),
        ("capacity_pcu_per_h", &links.capacity),
        ("free_flow_time_s", &links.free_flow_time),
    ];
    for (name, values) in given {
        if let Some(values) = values {
            add(name, values);
        }
    }
    if let Some(closed) = &links.closed {
        add("closed", &closed.iter().map(|flag| *flag as f64).collect::<Vec<_>>());
    }
    for (class, volume) in &links.class_volume {
        add(&format!("volume_{}_veh_per_h", column_word(class)), volume);
    }
    add("volume_pcu_per_h", &links.volume_pcu);
    add("volume_capacity_ratio", &links.volume_capacity_ratio);
    add("travel_time_s", &links.travel_time);
    if let Some(cost) = &links.cost {
        add("cost_in_network_units", cost);
    }
    for (class, cost) in &links.class_cost {
        add(&format!("cost_{}_in_network_units", column_word(class)), cost);
    }
    columns
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_are_plain() {
        assert_eq!(
            [0.0, -0.0, 1.5, 1e-7, 2e20, f64::NAN, f64::INFINITY].map(cell),
            ["0", "0", "1.5", "1e-7", "2e20", "", ""]
        );
        assert_eq!(column_word("=cmd(\"x\"),ü"), "_cmd__x____");
    }

    proptest! {
        #[test]
        fn no_digit_is_lost(value in prop::num::f64::NORMAL) {
            prop_assert_eq!(cell(value).parse::<f64>().unwrap(), value);
        }
    }
}
