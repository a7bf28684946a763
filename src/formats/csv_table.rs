//! The project's own CSV tables: a header line, comma-separated rows, `#` comment lines.

use std::ops::Range;
use std::path::Path;

use super::Source;
use super::findings::Findings;
use super::links::has_all_columns;
use super::table::{Layout, Row};
use super::text::Lines;
use crate::error::{Problem, Warning};

/// Which columns a table may and must have.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    wanted: &'static [&'static str],
    needed: &'static [usize],
    synonyms: &'static [(&'static str, &'static str)],
}

impl Columns {
    pub(super) const fn of(wanted: &'static [&'static str], needed: &'static [usize]) -> Self {
        Columns { wanted, needed, synonyms: &[] }
    }
    /// The same, with other names that headers give to wanted columns.
    pub(super) const fn also(self, synonyms: &'static [(&'static str, &'static str)]) -> Self {
        Columns { synonyms, ..self }
    }
}

/// Reads a table; `each` gets every row that has all its columns, with its line.
pub(super) fn read(
    source: Source<'_>,
    columns: Columns,
    findings: &mut Findings<'_>,
    mut each: impl FnMut(Row<'_>, &Layout, usize, &mut Findings<'_>),
) -> Result<Layout, Problem> {
    let mut lines = Lines::open(source)?;
    let mut layout: Option<Layout> = None;
    let mut splitter = Splitter::default();
    while let Some((line, text)) = lines.next()? {
        let text = text.trim_ascii();
        if text.is_empty() || text.starts_with(b"#") {
            continue;
        }
        let row = match splitter.split(text) {
            Ok(row) => row,
            Err(problem) => {
                findings.at("quotes", line, || problem);
                continue;
            }
        };
        match &layout {
            None => layout = Some(header(row, columns).map_err(|problem| problem.at_line(line))?),
            Some(layout) => {
                if has_all_columns(row, layout, line, findings) {
                    each(row, layout, line, findings);
                }
            }
        }
    }
    layout.ok_or_else(|| {
        let expected: Vec<&str> = columns.needed.iter().map(|column| columns.wanted[*column]).collect();
        Problem::new("the file has no header line")
            .hint(format!("the first line names the columns {}", expected.join(",")))
    })
}

/// A warning that names the columns that were not used.
pub(super) fn ignored_columns(file: &Path, layout: &Layout) -> Option<Warning> {
    let ignored = &layout.ignored;
    let message = || format!("{}: columns that are not used: {}", file.display(), ignored.join(", "));
    (!ignored.is_empty()).then(|| Warning::new("ignored_columns", ignored.len(), message()))
}

fn header(row: Row<'_>, columns: Columns) -> Result<Layout, Problem> {
    let given: Vec<String> =
        (0..row.len()).map(|position| String::from_utf8_lossy(row.field(position)).trim().to_lowercase()).collect();
    // Where the wanted column is there itself, one of another name is another column.
    let wanted = |name: &String| {
        columns.synonyms.iter().find(|(synonym, wanted)| synonym == name && !given.iter().any(|name| name == wanted))
    };
    let names: Vec<String> = given
        .iter()
        .map(|name| wanted(name).map_or_else(|| name.clone(), |(_, wanted)| (*wanted).to_owned()))
        .collect();
    let layout = Layout::of_header(columns.wanted, &names)?.having(columns.needed);
    layout.map_err(|problem| match names.as_slice() {
        [only] if only.contains([';', '\t']) => problem.hint("separate fields by commas"),
        _ => problem,
    })
}

/// Splits lines at commas, without blanks around fields and without quotes.
#[derive(Default)]
pub(super) struct Splitter {
    fields: Vec<Range<usize>>,
    unquoted: Vec<u8>,
}

impl Splitter {
    pub(super) fn split<'a>(&'a mut self, text: &'a [u8]) -> Result<Row<'a>, Problem> {
        self.fields.clear();
        if text.contains(&b'"') {
            return self.split_quoted(text);
        }
        let mut start = 0;
        for field in text.split(|byte| *byte == b',') {
            let blanks = field.len() - field.trim_ascii_start().len();
            self.fields.push(start + blanks..start + blanks + field.trim_ascii().len());
            start += field.len() + 1;
        }
        Ok(Row::new(text, &self.fields))
    }

    fn split_quoted(&mut self, text: &[u8]) -> Result<Row<'_>, Problem> {
        if text.iter().filter(|byte| **byte == b'"').count() % 2 == 1 {
            return Err(Problem::new("a quoted field is not closed in its line")
                .hint("fields with line breaks are not read; write a quote within a field twice"));
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(text);
        let mut record = csv::ByteRecord::new();
        reader.read_byte_record(&mut record).map_err(|error| Problem::new(error.to_string()))?;
        self.fields.extend((0..record.len()).filter_map(|position| record.range(position)));
        self.unquoted.clear();
        self.unquoted.extend_from_slice(record.as_slice());
        Ok(Row::new(&self.unquoted, &self.fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    const COLUMNS: Columns = Columns::of(&["a", "b", "c"], &[0, 1]);

    /// Line, column a and column b of each row.
    type Rows = Vec<(usize, String, String)>;

    fn rows(text: &str) -> Result<(Rows, Layout), Error> {
        let file = Path::new("t.csv");
        let mut findings = Findings::new(file);
        let mut found = Vec::new();
        let source = Source { file, bytes: text.as_bytes() };
        let read = read(source, COLUMNS, &mut findings, |row, layout, line, _| {
            let field = |column| String::from_utf8_lossy(row.field(layout.position(column).unwrap())).into_owned();
            found.push((line, field(0), field(1)));
        });
        findings.conclude(read).map(|layout| (found, layout))
    }

    #[test]
    fn columns_come_in_any_order_between_comments() {
        let (found, layout) =
            rows("# made by hand\n\n B ,note,A\r\n1,x, 2\n # more\n\n3,\"x, \"\"y\"\"\",\"4 5\" \n").unwrap();
        assert_eq!(found, [(4, "2".into(), "1".into()), (7, "4 5".into(), "3".into())]);
        assert_eq!(
            ignored_columns(Path::new("t.csv"), &layout).unwrap().message,
            "t.csv: columns that are not used: note"
        );
    }

    #[test]
    fn what_is_wrong_names_its_line() {
        for (text, expected) in [
            ("a,b\n1\n", "t.csv:2: b: expected 2 columns, found 1"),
            ("a,b\n1,2,3\n", "t.csv:2: expected 2 columns, found 3"),
            ("a,b\n1,\"2\n", "t.csv:2: a quoted field is not closed"),
            ("a,x\n1,2\n", "t.csv:1: the header lacks b\n  hint: needed are a, b; not understood were x"),
            ("a,b,a\n", "t.csv:1: a: this column stands there twice"),
            ("a;b\n1;2\n", "t.csv:1: the header lacks a, b\n  hint: separate fields by commas"),
            ("# nothing\n", "t.csv: the file has no header line\n  hint: the first line names the columns a,b"),
        ] {
            let error = rows(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
