//! Tables of the project's own form with one case in each row, checked value by value.

use std::ops::{Range, RangeInclusive};

use super::Source;
use super::csv_table::{self, Columns};
use super::findings::Findings;
use super::table::{Layout, Row};
use super::text::{self, shown};
use crate::error::{Error, Problem};

/// Every column is needed; no table has more.
static ALL: [usize; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// One row while it is read; what is wrong with it is kept with file, line and column.
pub struct CaseRow<'r, 'f> {
    row: Row<'r>,
    layout: &'r Layout,
    line: usize,
    findings: &'r mut Findings<'f>,
}

/// Reads a table that has these columns, and perhaps others; `each` gives a row's case, or none where it found it wrong.
///
/// # Errors
/// The header lacks a column, there are no rows, or rows are wrong; all problems are listed.
///
/// # Panics
/// There are more than 16 columns.
pub fn read_cases<T>(
    source: Source<'_>,
    columns: &'static [&'static str],
    mut each: impl FnMut(&mut CaseRow<'_, '_>) -> Option<T>,
) -> Result<Vec<T>, Error> {
    let mut findings = Findings::new(source.file);
    let mut cases = Vec::new();
    let wanted = Columns::of(columns, &ALL[..columns.len()]);
    let read = csv_table::read(source, wanted, &mut findings, |row, layout, line, findings| {
        cases.extend(each(&mut CaseRow { row, layout, line, findings }));
    });
    if read.is_ok() && cases.is_empty() && findings.is_empty() {
        findings.push("no rows", Problem::new("the table has no rows"));
    }
    findings.conclude(read.map(|_| cases))
}

impl<'r> CaseRow<'r, '_> {
    /// Its line in the file, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The text in a column; empty if it is not UTF-8.
    pub fn text(&self, column: usize) -> &'r str {
        std::str::from_utf8(self.field(column)).unwrap_or_default()
    }

    /// The number in a column, if it is one within `allowed`; `unit` is told with what is.
    pub fn number(&mut self, column: usize, allowed: RangeInclusive<f64>, unit: &str) -> Option<f64> {
        let value = text::finite(self.field(column)).ok().filter(|value| allowed.contains(value));
        if value.is_none() {
            let expected = format!("a number from {} to {}{unit}", allowed.start(), allowed.end());
            self.reject(column, "number", &expected, None);
        }
        value
    }

    /// The integer in a column, if it is one within `allowed`.
    pub fn index(&mut self, column: usize, allowed: Range<usize>) -> Option<usize> {
        let value = text::integer(self.field(column)).and_then(|value| usize::try_from(value).ok());
        let value = value.filter(|value| allowed.contains(value));
        if value.is_none() {
            let last = allowed.end.saturating_sub(1);
            self.reject(column, "integer", &format!("an integer from {} to {last}", allowed.start), None);
        }
        value
    }

    /// Keeps that something else is expected in a column.
    pub fn reject(&mut self, column: usize, kind: &'static str, expected: &str, hint: Option<String>) {
        let (field, name) = (shown(self.field(column)), self.layout.name(column));
        self.findings.at(kind, self.line, || Problem {
            hint,
            ..Problem::new(format!("expected {expected}, found {field}")).of_key(name)
        });
    }

    fn field(&self, column: usize) -> &'r [u8] {
        let position = self.layout.position(column).expect("every column is needed");
        self.row.field(position)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(text: &str) -> Result<Vec<(f64, usize)>, Error> {
        let source = Source { file: Path::new("t.csv"), bytes: text.as_bytes() };
        read_cases(source, &["tilt", "row"], |row| {
            let tilt = row.number(0, 0.0..=180.0, " degrees");
            let index = row.index(1, 0..3);
            Some((tilt?, index?))
        })
    }

    #[test]
    fn rows_keep_their_order_and_other_columns_do_not_matter() {
        assert_eq!(read("note,Row,tilt\nx,2,90\n\n# more\ny,0, 1e1\n").unwrap(), [(90.0, 2), (10.0, 0)]);
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let error = read("tilt,row\n181,3\nnan,-1\n5\n1,x\n").unwrap_err().to_string();
        let expected = "t.csv:2: tilt: expected a number from 0 to 180 degrees, found \"181\"\n\
            t.csv:2: row: expected an integer from 0 to 2, found \"3\"\n\
            t.csv:3: tilt: expected a number from 0 to 180 degrees, found \"nan\"\n\
            t.csv:3: row: expected an integer from 0 to 2, found \"-1\"\n\
            t.csv:4: row: expected 2 columns, found 1\n\
            t.csv:5: row: expected an integer from 0 to 2, found \"x\"";
        assert_eq!(error, expected);
        assert_eq!(read("tilt,row\n").unwrap_err().to_string(), "t.csv: the table has no rows");
        assert!(read("tilt\n1\n").unwrap_err().to_string().starts_with("t.csv:1: the header lacks row"));
    }
}
