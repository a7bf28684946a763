//! The convergence curve: relative gap by iteration on a logarithmic scale, with its numbers beside it.

use super::markup::{self, Cell, Html, table};
use crate::error::Error;
use crate::field::{FieldSpec, traffic};
use crate::report::numbers;
use crate::report::period::ShownPeriod;
use crate::store::read::RunReader;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 44.0;
/// Decades shown at most; a gap below the last one is drawn on the axis.
const MAX_DECADES: i32 = 16;
/// Rows of the table beside the curve; of more iterations some are left out.
const MAX_ROWS: usize = 40;

/// The curve and the table of a run that has a convergence history, of several periods that of one; nothing otherwise.
pub fn section(run: &RunReader, period: Option<&ShownPeriod>) -> Result<Html, Error> {
    if !run.has(traffic::RELATIVE_GAP.name) {
        return Ok(Html::new());
    }
    let shown = shown_entries(run, period)?;
    let gap = entries_of(run, &traffic::RELATIVE_GAP, &shown)?;
    if gap.is_empty() {
        return Ok(Html::new());
    }
    let wanted = super::method::wanted_gap(run)?;
    let of_period = period.map_or_else(Html::new, |period| {
        Html::new().paragraph(&format!("These are the iterations of period {}.", period.name))
    });
    let body = of_period
        .raw("<figure class=\"chart\">\n")
        .with(curve(&gap, wanted))
        .raw("<figcaption>Relative gap after each iteration; each line down is ten times closer to equilibrium.</figcaption>\n")
        .raw("</figure>\n<details><summary>The same as a table</summary>\n")
        .with(history_table(run, &gap, &shown)?)
        .raw("</details>\n");
    Ok(markup::section("convergence", "How the traffic settled", body))
}

/// Entries of the history that belong to the period; all where there is but one.
fn shown_entries(run: &RunReader, period: Option<&ShownPeriod>) -> Result<Vec<usize>, Error> {
    let n_entries = run.shape(traffic::RELATIVE_GAP.name)?.iter().product();
    match period {
        Some(period) if run.has(traffic::ITERATION_PERIOD.name) => {
            let periods = run.i64(traffic::ITERATION_PERIOD.name)?;
            let is_shown = |(_, of): &(usize, &i64)| usize::try_from(**of) == Ok(period.index);
            Ok(periods.iter().enumerate().filter(is_shown).map(|(entry, _)| entry).collect())
        }
        _ => Ok((0..n_entries).collect()),
    }
}

/// Those entries of a field over the history.
fn entries_of(run: &RunReader, field: &FieldSpec, shown: &[usize]) -> Result<Vec<f64>, Error> {
    let all: Vec<f64> = run.f64(field.name)?.into_iter().collect();
    Ok(shown.iter().filter_map(|&entry| all.get(entry).copied()).collect())
}

struct Axes {
    n_points: usize,
    top_decade: i32,
    bottom_decade: i32,
}

impl Axes {
    fn new(gap: &[f64], wanted: Option<f64>) -> Axes {
        let positive = || gap.iter().copied().chain(wanted).filter(|gap| *gap > 0.0 && gap.is_finite());
        let decade = |gap: Option<f64>| gap.unwrap_or(1.0).log10();
        let top_decade = decade(positive().reduce(f64::max)).ceil() as i32;
        let lowest = decade(positive().reduce(f64::min)).floor() as i32;
        let bottom_decade = lowest.clamp(top_decade - MAX_DECADES, top_decade - 1);
        Axes { n_points: gap.len(), top_decade, bottom_decade }
    }

    fn x(&self, index: usize) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * index as f64 / (self.n_points.max(2) - 1) as f64
    }

    fn y(&self, gap: f64) -> f64 {
        let (top, bottom) = (f64::from(self.top_decade), f64::from(self.bottom_decade));
        let decade = if gap > 0.0 { gap.log10().clamp(bottom, top) } else { bottom };
        TOP + (HEIGHT - TOP - BOTTOM) * (top - decade) / (top - bottom)
    }
}

fn curve(gap: &[f64], wanted: Option<f64>) -> Html {
    let axes = Axes::new(gap, wanted);
    let last = *gap.last().expect("the caller has at least one iteration");
    let summary = format!(
        "Relative gap over {} iterations, from {} to {}",
        gap.len(),
        numbers::number(gap[0]),
        numbers::number(last)
    );
    let mut svg = Html::new()
        .raw("<svg viewBox=\"0 0 720 300\" role=\"img\" aria-label=\"")
        .text(&summary)
        .raw("\">\n<title>")
        .text(&summary)
        .raw("</title>\n");
    svg = decades(svg, &axes);
    svg = iterations(svg, &axes);
    if let Some(wanted) = wanted {
        svg = wanted_line(svg, axes.y(wanted), wanted);
    }
    svg = svg.raw("<polyline class=\"curve\" points=\"");
    for (index, gap) in gap.iter().enumerate().filter(|(_, gap)| gap.is_finite()) {
        svg = svg.coordinate(axes.x(index)).raw(",").coordinate(axes.y(*gap)).raw(" ");
    }
    svg = svg.raw("\"/>\n");
    if gap.len() <= 2 * MAX_ROWS {
        for (index, gap) in gap.iter().enumerate().filter(|(_, gap)| gap.is_finite()) {
            svg = svg.raw("<circle r=\"3\" cx=\"").coordinate(axes.x(index)).raw("\" cy=\"").coordinate(axes.y(*gap));
            let hint = format!("iteration {}: {}", index + 1, numbers::number(*gap));
            svg = svg.raw("\"><title>").text(&hint).raw("</title></circle>\n");
        }
    }
    svg.raw("</svg>\n")
}

fn decades(mut svg: Html, axes: &Axes) -> Html {
    let step = 1 + (axes.top_decade - axes.bottom_decade) / 9;
    for decade in (axes.bottom_decade..=axes.top_decade).rev().step_by(step as usize) {
        let y = axes.y(10_f64.powi(decade));
        svg = svg.raw("<line class=\"grid\" x1=\"64\" x2=\"704\" y1=\"").coordinate(y).raw("\" y2=\"").coordinate(y);
        svg = svg
            .raw("\"/><text class=\"end\" x=\"56\" y=\"")
            .coordinate(y + 4.0)
            .raw("\">10<tspan dy=\"-5\" font-size=\"9\">");
        svg = svg.text(&decade.to_string().replace('-', "\u{2212}")).raw("</tspan></text>\n");
    }
    svg
}

fn iterations(mut svg: Html, axes: &Axes) -> Html {
    let step = (axes.n_points / 10).max(1);
    for index in (0..axes.n_points).step_by(step) {
        svg = svg.raw("<text class=\"middle\" y=\"274\" x=\"").coordinate(axes.x(index)).raw("\">");
        svg = svg.text(&(index + 1).to_string()).raw("</text>\n");
    }
    svg.raw("<text class=\"middle\" x=\"384\" y=\"294\">iteration</text>\n")
}

fn wanted_line(svg: Html, y: f64, wanted: f64) -> Html {
    svg.raw("<line class=\"wanted\" x1=\"64\" x2=\"704\" y1=\"")
        .coordinate(y)
        .raw("\" y2=\"")
        .coordinate(y)
        .raw("\"/><text class=\"start\" x=\"70\" y=\"")
        .coordinate(y - 6.0)
        .raw("\">wanted: ")
        .text(&numbers::number(wanted))
        .raw("</text>\n")
}

fn history_table(run: &RunReader, gap: &[f64], shown: &[usize]) -> Result<Html, Error> {
    let fields = [&traffic::RELATIVE_GAP_SPTT, &traffic::AVERAGE_EXCESS_COST, &traffic::OBJECTIVE];
    let mut headings = vec!["Iteration", "Relative gap"];
    let mut columns = vec![gap.to_vec()];
    for (field, heading) in fields.iter().zip(["Gap against least-cost total", "Average excess cost", "Objective"]) {
        if run.has(field.name) {
            let column = entries_of(run, field, shown)?;
            if column.len() == gap.len() {
                headings.push(heading);
                columns.push(column);
            }
        }
    }
    let step = gap.len().div_ceil(MAX_ROWS);
    // Counted back from the last iteration, which must not be the one that is left out.
    let listed: Vec<usize> = (0..gap.len()).rev().step_by(step).collect();
    let rows = listed.iter().rev().map(|index| {
        let mut row = vec![Cell::Number((index + 1).to_string())];
        row.extend(columns.iter().map(|column| Cell::Number(numbers::number(column[*index]))));
        row
    });
    let caption = match step {
        1 => "Convergence by iteration".to_owned(),
        _ => format!("Convergence, one row for every {step} iterations; all are in traffic.nc"),
    };
    Ok(table(&caption, &headings, rows.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decades_frame_the_values() {
        let axes = Axes::new(&[0.5, 0.02, 3e-5], Some(1e-6));
        assert_eq!((axes.top_decade, axes.bottom_decade), (0, -6));
        assert_eq!(axes.y(1.0), TOP);
        assert_eq!(axes.y(1e-6), HEIGHT - BOTTOM);
        // Half the decades, half the height.
        assert!((axes.y(1e-3) - (TOP + (HEIGHT - TOP - BOTTOM) / 2.0)).abs() < 1e-9);
    }

    #[test]
    fn zero_negative_and_missing_gaps_are_drawn_or_left_out() {
        for gap in [vec![0.0], vec![f64::NAN, 0.0, -1e-17], vec![0.1, 0.0, f64::NAN, 1e-300]] {
            let svg = curve(&gap, None).into_string();
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }
}
