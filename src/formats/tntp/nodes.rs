//! TNTP node files: coordinates by node id.

use super::{header, split_row_end, without_comment};
use crate::error::{Error, Problem};
use crate::formats::Source;
use crate::formats::findings::Findings;
use crate::formats::links::{Coordinates, coordinate, has_all_columns, id, unique_coordinates};
use crate::formats::table::{Layout, Row, split_blanks};
use crate::formats::text::Lines;

const COLUMNS: &[&str] = &["node", "x", "y"];
const NODE: usize = 0;
const X: usize = 1;
const Y: usize = 2;

/// Reads the coordinates of nodes.
pub(in crate::formats) fn read_coordinates(source: Source<'_>) -> Result<Vec<Coordinates>, Error> {
    let mut findings = Findings::new(source.file);
    let read = Lines::open(source).and_then(|mut lines| {
        let rows = read_rows(&mut lines, &mut findings)?;
        Ok(unique_coordinates(rows, &mut findings))
    });
    findings.conclude(read)
}

fn read_rows(lines: &mut Lines<'_>, findings: &mut Findings<'_>) -> Result<Vec<(Coordinates, usize)>, Problem> {
    let mut rows = Vec::new();
    let mut layout: Option<Layout> = None;
    let mut fields = Vec::new();
    while let Some((line, text)) = lines.next()? {
        if layout.is_none()
            && let Some(announced) = header::parse(text, COLUMNS, &[NODE, X, Y])
        {
            layout = Some(announced.map_err(|problem| problem.at_line(line))?);
            continue;
        }
        let (row, _) = split_row_end(without_comment(text));
        if row.is_empty() || row.starts_with(b"<") {
            continue;
        }
        split_blanks(row, &mut fields);
        let row = Row::new(row, &fields);
        let layout = layout.get_or_insert_with(|| Layout::in_order(COLUMNS));
        if !has_all_columns(row, layout, line, findings) {
            continue;
        }
        let node = id(row, layout, NODE, line, findings);
        let x = coordinate(row, layout, X, line, findings);
        let y = coordinate(row, layout, Y, line, findings);
        if let (Some(node), Some(x), Some(y)) = (node, x, y) {
            rows.push(((node, [x, y]), line));
        }
    }
    Ok(rows)
}
