//! Modelled volumes beside counted ones.

use super::frame::Frame;
use super::map::{Map, link_button};
use super::markup::{Cell, Html, section, table};
use super::metric_number;
use crate::error::Error;
use crate::field::{FieldSpec, traffic};
use crate::report::links::LinkTable;
use crate::report::numbers;
use crate::report::period::{self, misfit};
use crate::store::read::RunReader;

/// Rows of the table of the worst counts.
const WORST: usize = 20;
/// Points of the scatter; of more counts some are left out.
const MOST_POINTS: usize = 2000;
const HEIGHT: f64 = 420.0;

/// Counts as a run holds them.
struct Counts {
    link: Vec<usize>,
    /// Class and period in words.
    counted: Vec<[String; 2]>,
    observed: Vec<f64>,
    modelled: Vec<f64>,
    geh: Vec<f64>,
}

/// How well counts are met; nothing where the run has none.
pub fn counts_section(run: &RunReader, links: &LinkTable, map: Option<&Map>) -> Result<Html, Error> {
    if !run.has(traffic::COUNT_LINK.name) {
        return Ok(Html::new());
    }
    let counts = Counts::read(run, links)?;
    if counts.link.is_empty() {
        return Ok(section("counts", "Against counts", Html::new().paragraph("The file of counts holds none.")));
    }
    let body = Html::new()
        .with(fit_table(run))
        .with(scatter(&counts, links))
        .with(worst_table(&counts, links, map))
        .with(screenlines_table(run)?);
    Ok(section("counts", "Against counts", body))
}

impl Counts {
    fn read(run: &RunReader, links: &LinkTable) -> Result<Counts, Error> {
        let name = traffic::COUNT_LINK.name;
        let link = run.i64(name)?.into_iter().map(|link| {
            let known = usize::try_from(link).ok().filter(|link| *link < links.n_links());
            known.ok_or_else(|| misfit(run, format!("field {name} names link {link} of {}", links.n_links())))
        });
        let link = link.collect::<Result<Vec<usize>, Error>>()?;
        let n_counts = link.len();
        Ok(Counts {
            link,
            counted: counted(run, &traffic::COUNT_CLASS, &traffic::COUNT_PERIOD, n_counts)?,
            observed: column(run, &traffic::COUNT_OBSERVED, n_counts)?,
            modelled: column(run, &traffic::COUNT_MODELLED, n_counts)?,
            geh: column(run, &traffic::COUNT_GEH, n_counts)?,
        })
    }
}

fn column(run: &RunReader, field: &FieldSpec, length: usize) -> Result<Vec<f64>, Error> {
    let values: Vec<f64> = run.f64(field.name)?.into_iter().collect();
    match values.len() {
        found if found == length => Ok(values),
        found => Err(misfit(run, format!("field {} has {found} entries instead of {length}", field.name))),
    }
}

/// Class and period of each entry in words.
fn counted(run: &RunReader, class: &FieldSpec, period: &FieldSpec, length: usize) -> Result<Vec<[String; 2]>, Error> {
    let (class_names, period_names) = (run.text(traffic::CLASS_NAME.name)?, period::names(run)?);
    let words = |names: &[String], index: i64, all: &str| {
        usize::try_from(index).ok().and_then(|index| names.get(index)).map_or_else(|| all.to_owned(), String::clone)
    };
    let (class, period) = (run.i64(class.name)?, run.i64(period.name)?);
    if class.len() != length || period.len() != length {
        return Err(misfit(run, format!("{} classes and {} periods of {length} counts", class.len(), period.len())));
    }
    let of_day = if period_names.is_empty() { "" } else { "mean of all" };
    let both = class.iter().zip(&period);
    Ok(both
        .map(|(&class, &period)| [words(&class_names, class, "all"), words(&period_names, period, of_day)])
        .collect())
}

/// A figure: its metric, its label, and how its value is shown.
type Figure = (&'static str, &'static str, fn(f64) -> String);

const FIGURES: [Figure; 6] = [
    ("counts", "Counts", numbers::number),
    ("geh_below_5", "GEH below 5", percent),
    ("geh_below_10", "GEH below 10", percent),
    ("percent_rmse", "Root mean square error, share of the mean count", |value| percent(value / 100.0)),
    ("count_slope", "Slope of modelled over counted", |value| numbers::fixed(value, 3)),
    ("count_r_squared", "R², squared correlation of both", |value| numbers::fixed(value, 3)),
];

fn percent(share: f64) -> String {
    format!("{} %", numbers::fixed(100.0 * share, 1))
}

fn fit_table(run: &RunReader) -> Html {
    let row = |(name, label, shown): Figure| {
        let value = run.report().metric(name).and_then(metric_number)?;
        Some(vec![Cell::Words(label.to_owned()), Cell::Number(shown(value))])
    };
    let caption =
        "How well counts are met; GEH = √(2 (modelled − counted)² ÷ (modelled + counted)) of vehicles per hour";
    table(caption, &["Figure", "Value"], FIGURES.into_iter().filter_map(row).collect())
}

fn scatter(counts: &Counts, links: &LinkTable) -> Html {
    let greatest = counts.observed.iter().chain(&counts.modelled).copied().fold(0.0, f64::max);
    let frame = Frame::new(HEIGHT, greatest, greatest);
    let step = counts.link.len().div_ceil(MOST_POINTS);
    let points = (0..counts.link.len()).step_by(step).fold(frame.diagonal(), |points, count| {
        let (counted, modelled) = (counts.observed[count], counts.modelled[count]);
        let id = links.link_id[counts.link[count]];
        let words = format!("link {id}: counted {}, modelled {}", numbers::number(counted), numbers::number(modelled));
        points.with(frame.point((counted, modelled), &words))
    });
    let summary = format!("Modelled over counted volumes of {} counts", counts.link.len());
    let caption = match step {
        1 => "A point for each count; on the broken line the model meets the count.".to_owned(),
        _ => format!("A point for one of every {step} counts; on the broken line the model meets the count."),
    };
    let drawing = frame.drawing(&summary, ("counted, vehicles per hour", "modelled, vehicles per hour"), points);
    Html::new()
        .raw("<figure class=\"chart\">\n")
        .with(drawing)
        .raw("<figcaption>")
        .text(&caption)
        .raw("</figcaption>\n</figure>\n")
}

fn worst_table(counts: &Counts, links: &LinkTable, map: Option<&Map>) -> Html {
    let worst = LinkTable::descending_by(&counts.geh);
    let rows = worst.iter().take(WORST).map(|&count| {
        let (link, [class, period]) = (counts.link[count], counts.counted[count].clone());
        vec![
            Cell::Piece(link_button(map, links.link_id[link], link)),
            Cell::Words(format!("{} → {}", links.from_node[link], links.to_node[link])),
            Cell::Words(class),
            Cell::Words(period),
            Cell::Number(numbers::number(counts.observed[count])),
            Cell::Number(numbers::number(counts.modelled[count])),
            Cell::Number(numbers::difference(counts.modelled[count] - counts.observed[count])),
            Cell::Number(numbers::fixed(counts.geh[count], 1)),
        ]
    });
    let headings = ["Link", "From node → to node", "Class", "Period", "Counted", "Modelled", "Difference", "GEH"];
    let caption =
        format!("The {} counts that are missed by most, of {}, vehicles per hour", worst.len().min(WORST), worst.len());
    table(&caption, &headings, rows.collect())
}

fn screenlines_table(run: &RunReader) -> Result<Html, Error> {
    if !run.has(traffic::SCREENLINE_NAME.name) {
        return Ok(Html::new());
    }
    let names = run.text(traffic::SCREENLINE_NAME.name)?;
    let counted = counted(run, &traffic::SCREENLINE_CLASS, &traffic::SCREENLINE_PERIOD, names.len())?;
    let fields = [&traffic::SCREENLINE_OBSERVED, &traffic::SCREENLINE_MODELLED, &traffic::SCREENLINE_GEH];
    let columns = fields.map(|field| column(run, field, names.len()));
    let [observed, modelled, geh] = columns;
    let (observed, modelled, geh) = (observed?, modelled?, geh?);
    let rows = names.into_iter().zip(counted).enumerate().map(|(line, (name, [class, period]))| {
        vec![
            Cell::Words(name),
            Cell::Words(class),
            Cell::Words(period),
            Cell::Number(numbers::number(observed[line])),
            Cell::Number(numbers::number(modelled[line])),
            Cell::Number(numbers::percent_difference((modelled[line] - observed[line]) / observed[line])),
            Cell::Number(numbers::fixed(geh[line], 1)),
        ]
    });
    let headings = ["Screenline", "Class", "Period", "Counted", "Modelled", "Difference", "GEH"];
    Ok(table("Sums along screenlines, vehicles per hour", &headings, rows.collect()))
}
