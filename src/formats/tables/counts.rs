//! Counted volumes: `link_id,count` and, if wanted, `class,period,screenline`.

use super::links::{LinkColumns, LinkFinder};
use super::report_repeated;
use crate::error::{Error, Problem, Warning};
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::links::quantity;
use crate::formats::table::{Layout, Row};
use crate::formats::text::shown;
use crate::formats::{RoadNetwork, Source};

const LINK: LinkColumns = LinkColumns { id: 0, from_node: 1, to_node: 2 };
const COUNT: usize = 3;
const CLASS: usize = 4;
const PERIOD: usize = 5;
const SCREENLINE: usize = 6;
const COLUMNS: Columns =
    Columns::of(&["link_id", "from_node", "to_node", "count", "class", "period", "screenline"], &[COUNT]);

/// Counted volumes, one entry per row of the file in all columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CountTable {
    /// The link that was counted.
    pub link: Vec<u32>,
    /// Vehicles per hour.
    pub count: Vec<f64>,
    /// The class that was counted, as an index; none for all classes together.
    pub class: Vec<Option<u32>>,
    /// The period that was counted, as an index; none for the mean of the day, or the only period there is.
    pub period: Vec<Option<u32>>,
    /// Name of the screenline that the count belongs to, if any.
    pub screenline: Vec<Option<String>>,
}

/// Reads counts of links of `network`, of `classes` and `periods` by name.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint; two counts of the same link, class and period too.
pub fn read_counts(
    source: Source<'_>,
    network: &RoadNetwork,
    classes: &[String],
    periods: &[String],
) -> Result<(CountTable, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let finder = LinkFinder::new(network);
    let mut table = CountTable::default();
    let mut lines = Vec::new();
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let link = finder.of_row(row, layout, LINK, line, findings);
        let count = quantity(row, layout, (COUNT, 0.0), line, findings);
        let class = named(row, layout, (CLASS, classes), line, findings);
        let period = named(row, layout, (PERIOD, periods), line, findings);
        let screenline = layout.position(SCREENLINE).map_or(&b""[..], |position| row.field(position));
        if let (Some(link), Some(count), Some(class), Some(period)) = (link, count, class, period) {
            table.link.push(link);
            table.count.push(count);
            table.class.push(class);
            table.period.push(period);
            let name = (!screenline.is_empty()).then(|| String::from_utf8_lossy(screenline).into_owned());
            table.screenline.push(name);
            lines.push(line);
        }
    });
    let read = read.and_then(|layout| LINK.required(&layout).map(|()| layout));
    let keys = (0..lines.len()).map(|row| ((table.link[row], table.class[row], table.period[row]), lines[row]));
    report_repeated(keys, &mut findings, |(link, _, _)| {
        format!("a count of link {} for this class and period", finder.shown(link))
    });
    let layout = findings.conclude(read)?;
    Ok((table, csv_table::ignored_columns(source.file, &layout).into_iter().collect()))
}

/// The index of the name in a column, none inside where it is empty or absent; the outer none is a problem.
fn named(
    row: Row<'_>,
    layout: &Layout,
    (column, names): (usize, &[String]),
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<Option<u32>> {
    let field = layout.position(column).map_or(&b""[..], |position| row.field(position));
    if field.is_empty() {
        return Some(None);
    }
    let index = names.iter().position(|name| name.as_bytes() == field);
    if index.is_none() {
        findings.at(layout.name(column), line, || {
            let what = layout.name(column);
            let problem = Problem::new(format!("the scenario has no {what} {}", shown(field))).of_key(what);
            match names {
                [] => problem.hint(format!("leave the {what} empty")),
                names => problem.hint(format!("there are {}", names.join(", "))),
            }
        });
    }
    index.map(|index| Some(index as u32))
}
