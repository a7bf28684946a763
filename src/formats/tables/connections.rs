//! Which building hangs at which bus of a feeder: `building_id,bus`.

use std::collections::BTreeMap;

use super::report_repeated;
use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::text::shown;

const BUILDING: usize = 0;
const BUS: usize = 1;
const COLUMNS: Columns = Columns::of(&["building_id", "bus"], &[BUILDING, BUS]);

/// A building at a bus; a bus can have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connection {
    /// Index of the building.
    pub building: usize,
    /// Index of the bus.
    pub bus: usize,
}

/// Reads connections in the order of the file, of `buildings` by their ids and of `buses` by their names.
///
/// Buildings that are not listed load no bus; they are counted in a warning.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint: unknown buildings and buses, a building twice, no rows.
pub fn read_connections(
    source: Source<'_>,
    buildings: &[String],
    buses: &BTreeMap<&str, usize>,
) -> Result<(Vec<Connection>, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let by_id: BTreeMap<&str, usize> = buildings.iter().map(String::as_str).zip(0..).collect();
    let mut rows: Vec<(Connection, usize)> = Vec::new();
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let field = |column| layout.position(column).map_or(&b""[..], |position| row.field(position));
        let building = named(field(BUILDING), (&by_id, "building", "building_id"), line, findings);
        let bus = named(field(BUS), (buses, "bus", "bus"), line, findings);
        if let (Some(building), Some(bus)) = (building, bus) {
            rows.push((Connection { building, bus }, line));
        }
    });
    report_repeated(rows.iter().map(|(row, line)| (row.building, *line)), &mut findings, |building| {
        format!("the building {}", shown(buildings[building].as_bytes()))
    });
    if rows.is_empty() && read.is_ok() && findings.is_empty() {
        findings.push(
            "no rows",
            Problem::new("no building hangs at the feeder").hint("each row has a building_id and a bus"),
        );
    }
    let layout = findings.conclude(read)?;
    let mut warnings: Vec<Warning> = csv_table::ignored_columns(source.file, &layout).into_iter().collect();
    let n_without = by_id.len() - rows.len();
    if n_without > 0 {
        let message = format!("{n_without} buildings hang at no bus of the feeder");
        warnings.push(Warning::new("buildings_without_connection", n_without, message));
    }
    Ok((rows.into_iter().map(|(row, _)| row).collect(), warnings))
}

/// The index of what a field names.
fn named(
    field: &[u8],
    (known, what, column): (&BTreeMap<&str, usize>, &str, &'static str),
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<usize> {
    let index = std::str::from_utf8(field).ok().and_then(|name| known.get(name)).copied();
    if index.is_none() {
        findings.at(column, line, || {
            let problem = Problem::new(format!("there is no {what} {}", shown(field))).of_key(column);
            match (known.keys().next(), known.keys().next_back()) {
                (Some(first), Some(last)) if first == last => problem.hint(format!("there is {first} alone")),
                (Some(first), Some(last)) => {
                    problem.hint(format!("there are {}, from {first} to {last} in the order of text", known.len()))
                }
                _ => problem,
            }
        });
    }
    index
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<(Vec<Connection>, Vec<Warning>), String> {
        let buildings = ["b1", "b 2", "b3"].map(str::to_owned);
        let buses = BTreeMap::from([("0", 0), ("1", 1), ("cabinet 7", 2)]);
        let source = Source { file: Path::new("c.csv"), bytes: text.as_bytes() };
        read_connections(source, &buildings, &buses).map_err(|error| error.to_string())
    }

    #[test]
    fn buildings_hang_at_buses() {
        let (rows, warnings) = read("bus,building_id,note\ncabinet 7,b3,x\n1,b 2,\n").unwrap();
        assert_eq!(rows, [Connection { building: 2, bus: 2 }, Connection { building: 1, bus: 1 }]);
        let told: Vec<(&str, u64)> = warnings.iter().map(|warning| (&*warning.code, warning.count)).collect();
        assert_eq!(told, [("ignored_columns", 1), ("buildings_without_connection", 1)]);
        let (rows, warnings) = read("building_id,bus\nb1,1\nb 2,1\nb3,1\n").unwrap();
        assert!(rows.iter().all(|row| row.bus == 1) && rows.len() == 3 && warnings.is_empty());
    }

    #[test]
    fn what_is_wrong_names_line_and_column() {
        let told = read("building_id,bus\nb1,1\nb4,1\nb3,2\n,0\nb1,0\n").unwrap_err();
        let expected = [
            "c.csv:3: building_id: there is no building \"b4\"\n  hint: there are 3, from b 2 to b3 in the order of text",
            "c.csv:4: bus: there is no bus \"2\"\n  hint: there are 3, from 0 to cabinet 7 in the order of text",
            "c.csv:5: building_id: there is no building nothing\n  hint: there are 3, from b 2 to b3 in the order of text",
            "c.csv:6: the building \"b1\" stands here and in line 2",
        ];
        assert_eq!(told, expected.join("\n"));
        let none = "c.csv: no building hangs at the feeder\n  hint: each row has a building_id and a bus";
        assert_eq!(read("building_id,bus\n").unwrap_err(), none);
        assert!(read("building,bus\nb1,1\n").unwrap_err().contains("the header lacks building_id"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut text = b"building_id,bus\n".to_vec();
            text.extend(bytes);
            let source = Source { file: Path::new("c.csv"), bytes: &text };
            if let Ok((rows, _)) = read_connections(source, &["b1".to_owned()], &BTreeMap::from([("1", 0)])) {
                prop_assert!(rows.len() <= 1);
            }
        }
    }
}
