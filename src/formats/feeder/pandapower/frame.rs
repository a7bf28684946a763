//! Tables of a pandapower file.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::error::Problem;
use crate::formats::findings::Findings;

/// Rows of a table by the names of their columns; a table that is not there has none.
pub(super) struct Frame {
    name: &'static str,
    columns: Vec<String>,
    index: Vec<i64>,
    rows: Vec<Vec<Value>>,
}

/// A data frame as pandas writes it in the orientation "split".
#[derive(serde::Deserialize)]
struct Split {
    columns: Vec<String>,
    index: Vec<i64>,
    data: Vec<Vec<Value>>,
}

impl Frame {
    /// The table of a name: `{"_class": "DataFrame", "_object": …, "orient": "split"}`, the object as text or itself.
    pub(super) fn of(net: &Map<String, Value>, name: &'static str) -> Result<Frame, Problem> {
        let Some(table) = net.get(name) else {
            return Ok(Frame { name, columns: Vec::new(), index: Vec::new(), rows: Vec::new() });
        };
        let broken = |message: String| {
            Problem::new(message).of_key(name).hint("write the network with pandapower.to_json of version 2 or 3")
        };
        let split: Result<Split, _> = match table.get("_object") {
            Some(Value::String(text)) => serde_json::from_str(text),
            Some(object) => serde_json::from_value(object.clone()),
            None => return Err(broken("the table has no \"_object\"".to_owned())),
        };
        let split = split.map_err(|cause| broken(format!("the table is not in the orientation \"split\": {cause}")))?;
        let n_columns = split.columns.len();
        if split.index.len() != split.data.len() || split.data.iter().any(|row| row.len() != n_columns) {
            return Err(broken("rows, index and columns of the table do not fit".to_owned()));
        }
        Ok(Frame { name, columns: split.columns, index: split.index, rows: split.data })
    }

    pub(super) fn n_rows(&self) -> usize {
        self.rows.len()
    }
    /// What pandapower calls a row.
    pub(super) fn index(&self, row: usize) -> i64 {
        self.index[row]
    }
    /// Whether the table has a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|known| known == column)
    }
    /// A cell; null where the table has no such column.
    pub(super) fn cell(&self, row: usize, column: &str) -> &Value {
        const NULL: &Value = &Value::Null;
        self.columns.iter().position(|known| known == column).map_or(NULL, |column| &self.rows[row][column])
    }
    /// A text, empty if there is none.
    pub(super) fn text(&self, row: usize, column: &str) -> &str {
        self.cell(row, column).as_str().unwrap_or_default()
    }
    /// Whether a row is in service; it is where nothing is said.
    pub(super) fn is_in_service(&self, row: usize) -> bool {
        self.flag(row, "in_service", true)
    }
    /// Yes or no, or `default` where neither is said.
    pub(super) fn flag(&self, row: usize, column: &str, default: bool) -> bool {
        match self.cell(row, column) {
            Value::Bool(flag) => *flag,
            Value::Number(number) => number.as_f64() != Some(0.0),
            _ => default,
        }
    }
    /// A number, or the default where nothing is said.
    pub(super) fn optional(
        &self,
        row: usize,
        (column, default): (&str, f64),
        allowed: RangeInclusive<f64>,
        findings: &mut Findings<'_>,
    ) -> Option<f64> {
        if self.cell(row, column).is_null() { Some(default) } else { self.number(row, column, allowed, findings) }
    }
    /// A number that has to be there.
    pub(super) fn number(
        &self,
        row: usize,
        column: &str,
        allowed: RangeInclusive<f64>,
        findings: &mut Findings<'_>,
    ) -> Option<f64> {
        let value = self.cell(row, column).as_f64().filter(|value| allowed.contains(value));
        if value.is_none() {
            let expected = format!("expected a number from {} to {}", allowed.start(), allowed.end());
            self.reject(row, column, &expected, findings);
        }
        value
    }
    /// The index of a row of another table.
    pub(super) fn reference(&self, row: usize, column: &str, findings: &mut Findings<'_>) -> Option<i64> {
        let value = self.whole(row, column);
        if value.is_none() {
            self.reject(row, column, "expected the index of a row", findings);
        }
        value
    }
    /// A whole number, also where a column with gaps made it one with a decimal point.
    pub(super) fn whole(&self, row: usize, column: &str) -> Option<i64> {
        let cell = self.cell(row, column);
        let decimal = || cell.as_f64().filter(|value| value.fract() == 0.0 && value.abs() < 1e15);
        cell.as_i64().or_else(|| decimal().map(|value| value as i64))
    }
    /// Keeps that something else is expected in a cell.
    pub(super) fn reject(&self, row: usize, column: &str, expected: &str, findings: &mut Findings<'_>) {
        let problem = match self.cell(row, column) {
            Value::Null => Problem::new(format!("{expected}, found nothing at index {}", self.index[row])),
            cell => {
                let found: String = cell.to_string().chars().take(40).collect();
                Problem::new(format!("{expected}, found {found} at index {}", self.index[row]))
            }
        };
        findings.push("wrong cell", problem.of_key(format!("{}.{column}", self.name)));
    }
}
