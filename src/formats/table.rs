//! Rows of fields and what stands in which column.

use std::ops::Range;

use crate::error::Problem;

/// The fields of one row.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    text: &'a [u8],
    fields: &'a [Range<usize>],
}

impl<'a> Row<'a> {
    pub(super) fn new(text: &'a [u8], fields: &'a [Range<usize>]) -> Self {
        Row { text, fields }
    }
    pub(super) fn len(self) -> usize {
        self.fields.len()
    }
    pub(super) fn field(self, position: usize) -> &'a [u8] {
        self.fields.get(position).map_or(b"", |field| &self.text[field.clone()])
    }
}

/// Splits a text at blanks and tabs into `fields`.
pub(super) fn split_blanks(text: &[u8], fields: &mut Vec<Range<usize>>) {
    fields.clear();
    let mut start = None;
    for (position, byte) in text.iter().enumerate() {
        match (byte.is_ascii_whitespace(), start) {
            (true, Some(from)) => {
                fields.push(from..position);
                start = None;
            }
            (false, None) => start = Some(position),
            _ => {}
        }
    }
    if let Some(from) = start {
        fields.push(from..text.len());
    }
}

/// Which position of a row holds which wanted column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    wanted: &'static [&'static str],
    position: Vec<Option<usize>>,
    /// How many fields each row has.
    pub(super) n_columns: usize,
    /// Columns of the file that are not wanted.
    pub(super) ignored: Vec<String>,
}

impl Layout {
    /// The wanted columns and nothing else, in their order.
    pub(super) fn in_order(wanted: &'static [&'static str]) -> Self {
        let position = (0..wanted.len()).map(Some).collect();
        Layout { wanted, position, n_columns: wanted.len(), ignored: Vec::new() }
    }

    /// The columns that a header names; a wanted name that stands there twice is a problem.
    pub(super) fn of_header(wanted: &'static [&'static str], header: &[String]) -> Result<Self, Problem> {
        let mut layout =
            Layout { wanted, position: vec![None; wanted.len()], n_columns: header.len(), ignored: Vec::new() };
        for (position, name) in header.iter().enumerate() {
            match wanted.iter().position(|known| known == name) {
                None => layout.ignored.push(name.clone()),
                Some(column) if layout.position[column].is_some() => {
                    return Err(Problem::new("this column stands there twice").of_key(name.clone()));
                }
                Some(column) => layout.position[column] = Some(position),
            }
        }
        Ok(layout)
    }

    /// The position of a wanted column, if the file has it.
    pub(super) fn position(&self, column: usize) -> Option<usize> {
        self.position[column]
    }
    /// The positions of columns of a name that is not wanted of every file.
    pub(super) fn positions_named(&self, name: &str) -> Vec<usize> {
        let others = (0..self.n_columns).filter(|position| !self.position.contains(&Some(*position)));
        let named = others.zip(&self.ignored).filter(|(_, ignored)| *ignored == name);
        named.map(|(position, _)| position).collect()
    }
    /// The name of a wanted column.
    pub(super) fn name(&self, column: usize) -> &'static str {
        self.wanted[column]
    }
    /// The name of the column at a position, if it is a wanted one.
    pub(super) fn name_at(&self, position: usize) -> Option<&'static str> {
        self.position.iter().position(|known| *known == Some(position)).map(|column| self.wanted[column])
    }
    /// The layout, if the file has all of these columns.
    pub(super) fn having(self, needed: &[usize]) -> Result<Self, Problem> {
        let names = |columns: &mut dyn Iterator<Item = &usize>| {
            columns.map(|column| self.wanted[*column]).collect::<Vec<_>>().join(", ")
        };
        let missing = names(&mut needed.iter().filter(|column| self.position[**column].is_none()));
        if missing.is_empty() {
            return Ok(self);
        }
        let needed = names(&mut needed.iter());
        let problem = Problem::new(format!("the header lacks {missing}"));
        Err(match self.ignored.as_slice() {
            [] => problem.hint(format!("needed are {needed}")),
            ignored => problem.hint(format!("needed are {needed}; not understood were {}", ignored.join(", "))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_of_any_number_and_kind_separate_fields() {
        let mut fields = Vec::new();
        let text = b"\t1 \t 20  x;";
        split_blanks(text, &mut fields);
        let row = Row::new(text, &fields);
        assert_eq!((0..row.len()).map(|field| row.field(field)).collect::<Vec<_>>(), [&b"1"[..], b"20", b"x;"]);
        assert_eq!(row.field(3), b"");
        split_blanks(b" \t ", &mut fields);
        assert!(fields.is_empty());
    }

    #[test]
    fn a_layout_follows_the_header() {
        let header = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let layout = Layout::of_header(&["a", "b", "c"], &header(&["b", "x", "a"])).unwrap();
        assert_eq!([layout.position(0), layout.position(1), layout.position(2)], [Some(2), Some(0), None]);
        assert_eq!(layout.ignored, ["x"]);
        assert_eq!([layout.positions_named("x"), layout.positions_named("a")], [vec![1], vec![]]);
        let twice = Layout::of_header(&["a"], &header(&["x", "y", "a", "x"])).unwrap();
        assert_eq!(twice.positions_named("x"), [0, 3]);
        let problem = layout.clone().having(&[0, 2]).unwrap_err();
        assert_eq!(problem.message, "the header lacks c");
        assert_eq!(problem.hint.unwrap(), "needed are a, c; not understood were x");
        assert!(layout.clone().having(&[1, 0]).is_ok());
        assert_eq!([layout.name_at(0), layout.name_at(1)], [Some("b"), None]);
        assert_eq!(Layout::of_header(&["a"], &header(&["a", "a"])).unwrap_err().key.unwrap(), "a");
    }
}
