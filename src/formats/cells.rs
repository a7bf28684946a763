//! The fields of one row of a table, by column and checked.

use super::findings::Findings;
use super::table::{Layout, Row};
use super::text::{Fault, finite, integer, shown};
use crate::error::Problem;

/// What tables write where they have no value.
const NO_VALUE: [&[u8]; 5] = [b"", b"-", b"#N/A", b"NA", b"#WERT!"];

/// One row; problems of its fields go to the findings.
pub(super) struct Cells<'a, 'b, 'f> {
    row: Row<'a>,
    layout: &'b Layout,
    pub(super) line: usize,
    findings: &'b mut Findings<'f>,
}

impl<'a, 'b, 'f> Cells<'a, 'b, 'f> {
    pub(super) fn new(row: Row<'a>, layout: &'b Layout, line: usize, findings: &'b mut Findings<'f>) -> Self {
        Cells { row, layout, line, findings }
    }
    fn field(&self, column: usize) -> &'a [u8] {
        self.layout.position(column).map_or(&b""[..], |position| self.row.field(position))
    }
    /// The text of a field; empty where the column is absent.
    pub(super) fn text(&self, column: usize) -> String {
        String::from_utf8_lossy(self.field(column)).into_owned()
    }
    /// The text of a field that may hold no value.
    pub(super) fn optional_text(&self, column: usize) -> Option<String> {
        let field = self.field(column);
        (!NO_VALUE.contains(&field)).then(|| String::from_utf8_lossy(field).into_owned())
    }
    /// A number from `least` to `most`.
    pub(super) fn number(&mut self, column: usize, least: f64, most: f64) -> Option<f64> {
        let field = self.field(column);
        match finite(field) {
            Ok(value) if (least..=most).contains(&value) => Some(value),
            Ok(_) => {
                self.problem("out of range", column, format!("expected {least} to {most}, found {}", shown(field)))
            }
            Err(fault) => self.fault(fault, column, field),
        }
    }
    /// A number from `least` to `most`, or no value; the outer option is none for a field that is wrong.
    pub(super) fn optional_number(&mut self, column: usize, least: f64, most: f64) -> Option<Option<f64>> {
        if NO_VALUE.contains(&self.field(column)) {
            return Some(None);
        }
        self.number(column, least, most).map(Some)
    }
    /// A year.
    pub(super) fn year(&mut self, column: usize) -> Option<i32> {
        let field = self.field(column);
        match integer(field) {
            Some(year @ 0..=9999) => Some(year as i32),
            _ => self.problem("year", column, format!("expected a year from 0 to 9999, found {}", shown(field))),
        }
    }
    /// One of some things by its name.
    pub(super) fn choice<T: Copy>(&mut self, column: usize, all: &[T], name: fn(T) -> &'static str) -> Option<T> {
        let field = self.field(column);
        let found = all.iter().copied().find(|one| name(*one).as_bytes().eq_ignore_ascii_case(field));
        found.or_else(|| {
            let names = all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ");
            self.problem("unknown name", column, format!("expected one of {names}, found {}", shown(field)))
        })
    }
    /// Tells what is wrong with a field; gives none.
    pub(super) fn problem<T>(&mut self, kind: &'static str, column: usize, message: String) -> Option<T> {
        let name = self.layout.name(column);
        self.findings.at(kind, self.line, || Problem::new(message).of_key(name));
        None
    }
    fn fault<T>(&mut self, fault: Fault, column: usize, field: &[u8]) -> Option<T> {
        let name = self.layout.name(column);
        self.findings.at(fault.kind(), self.line, || fault.problem(name, field));
        None
    }
}
