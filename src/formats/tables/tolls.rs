//! Tolls of links, for a class that pays others than the network says: `link_id,toll`.

use super::links::{LinkColumns, LinkFinder};
use super::report_repeated;
use crate::error::{Error, Warning};
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::links::quantity;
use crate::formats::{RoadNetwork, Source};

const LINK: LinkColumns = LinkColumns { id: 0, from_node: 1, to_node: 2 };
const TOLL: usize = 3;
const COLUMNS: Columns = Columns::of(&["link_id", "from_node", "to_node", "toll"], &[TOLL]);

/// Reads the toll of each link, 0 where it is not listed; links by `link_id` or by `from_node,to_node`.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint.
pub fn read_tolls(source: Source<'_>, network: &RoadNetwork) -> Result<(Vec<f64>, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let finder = LinkFinder::new(network);
    let mut rows = Vec::new();
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let link = finder.of_row(row, layout, LINK, line, findings);
        let toll = quantity(row, layout, (TOLL, 0.0), line, findings);
        if let (Some(link), Some(toll)) = (link, toll) {
            rows.push((link, toll, line));
        }
    });
    let read = read.and_then(|layout| LINK.required(&layout).map(|()| layout));
    report_repeated(rows.iter().map(|(link, _, line)| (*link, *line)), &mut findings, |link| {
        format!("link {}", finder.shown(link))
    });
    let layout = findings.conclude(read)?;
    let mut tolls = vec![0.0; network.n_links()];
    rows.iter().for_each(|(link, toll, _)| tolls[*link as usize] = *toll);
    Ok((tolls, csv_table::ignored_columns(source.file, &layout).into_iter().collect()))
}
