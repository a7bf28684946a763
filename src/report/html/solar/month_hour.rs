//! The mean roof by month and hour of the day.

use super::super::markup::{self, Cell, Html, table};
use crate::error::Error;
use crate::field::solar;
use crate::report::numbers;
use crate::report::palette::{ColourScale, MISSING, hex};
use crate::report::solar::city::City;
use crate::report::solar::misfit;
use crate::store::read::RunReader;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HOURS: usize = 24;
/// Sides of a field of the chart.
const FIELD: (f64, f64) = (26.0, 22.0);
const LEFT: f64 = 44.0;
const TOP: f64 = 26.0;

/// Irradiation of a mean square metre of roof in each month and hour, in kWh.
type MonthHour = [[f64; HOURS]; 12];

/// The chart with its table; nothing where the run has no months and hours.
pub fn section(run: &RunReader, city: &City, area: &[f64]) -> Result<Html, Error> {
    let name = solar::MONTH_HOUR_IRRADIATION.name;
    if !run.has(name) {
        return Ok(Html::new());
    }
    if run.shape(name)? != [12, HOURS, city.n_surfaces()] {
        return Err(misfit(run, format!("field {name} is not over 12 months, 24 hours and all surfaces")));
    }
    let roofs: Vec<usize> = city.roofs().filter(|&roof| area[roof].is_finite() && area[roof] > 0.0).collect();
    let mut means: MonthHour = [[f64::NAN; HOURS]; 12];
    for (month, of_month) in means.iter_mut().enumerate() {
        let values = run.rows_at(name, &[month], 0..HOURS)?;
        for (mean, of_hour) in of_month.iter_mut().zip(values.rows()) {
            let known = roofs.iter().filter(|&&roof| of_hour[roof].is_finite());
            let (sum, total) =
                known.fold((0.0, 0.0), |(sum, total), &roof| (sum + of_hour[roof] * area[roof], total + area[roof]));
            *mean = if total > 0.0 { sum / total } else { f64::NAN };
        }
    }
    let text = "Irradiation of the mean roof in each month and hour of the day, kWh per m² and month. An hour is that \
                from the hour written to the next, in local standard time.";
    let body = Html::new().raw("<figure class=\"chart\">\n").with(chart(&means)).raw("<figcaption>").text(text);
    let body = body.raw("</figcaption>\n</figure>\n<details><summary>The same as a table</summary>\n");
    Ok(markup::section(
        "month-hour",
        "The mean roof by month and hour",
        body.with(as_table(&means)).raw("</details>\n"),
    ))
}

fn chart(means: &MonthHour) -> Html {
    // Nights would take a class of their own from the day.
    let scale = ColourScale::of(means.iter().flatten().copied().filter(|mean| *mean > 0.0));
    let mut svg = Html::new().raw("<svg viewBox=\"0 0 720 380\" role=\"img\" aria-label=\"");
    svg = svg.raw("Irradiation of the mean roof by month and hour of the day\">\n");
    for hour in (0..HOURS).step_by(3) {
        svg =
            svg.raw("<text class=\"middle\" y=\"18\" x=\"").coordinate(LEFT + (hour as f64 + 0.5) * FIELD.0).raw("\">");
        svg = svg.text(&hour.to_string()).raw("</text>\n");
    }
    for (month, of_month) in means.iter().enumerate() {
        let top = TOP + month as f64 * FIELD.1;
        svg = svg.raw("<text class=\"end\" x=\"38\" y=\"").coordinate(top + 15.0).raw("\">");
        svg = svg.text(MONTHS[month]).raw("</text>\n");
        for (hour, &mean) in of_month.iter().enumerate() {
            let words = format!("{}, {hour} to {}: {}", MONTHS[month], hour + 1, numbers::number(mean));
            let fill = if mean == 0.0 { hex(MISSING) } else { colour(&scale, mean) };
            let place = (LEFT + hour as f64 * FIELD.0, top);
            svg = field(svg, place, (FIELD.0 - 1.0, FIELD.1 - 1.0), &fill, &words);
        }
    }
    for class in 0..scale.n_classes() {
        let x = LEFT + class as f64 * 82.0;
        svg = field(svg, (x, 312.0), (80.0, 16.0), &hex(scale.colour(class)), &scale.label(class));
        svg = svg.raw("<text class=\"start\" y=\"344\" x=\"").coordinate(x).raw("\">").text(&scale.label(class));
        svg = svg.raw("</text>\n");
    }
    svg.raw("<text class=\"start\" x=\"44\" y=\"368\">kWh/m² per month; grey: none</text>\n</svg>\n")
}

fn colour(scale: &ColourScale, mean: f64) -> String {
    scale.class_of(mean).map_or_else(|| hex(MISSING), |class| hex(scale.colour(class)))
}

fn field(svg: Html, (x, y): (f64, f64), (width, height): (f64, f64), fill: &str, words: &str) -> Html {
    let svg = svg.raw("<rect x=\"").coordinate(x).raw("\" y=\"").coordinate(y).raw("\" width=\"").coordinate(width);
    let svg = svg.raw("\" height=\"").coordinate(height).raw("\" fill=\"").text(fill).raw("\"><title>");
    svg.text(words).raw("</title></rect>\n")
}

fn as_table(means: &MonthHour) -> Html {
    let rows = means.iter().enumerate().map(|(month, of_month)| {
        let sum: f64 = of_month.iter().filter(|mean| mean.is_finite()).sum();
        let cells = of_month.iter().map(|&mean| Cell::Number(numbers::fixed(mean, 1)));
        let mut row = vec![Cell::Words(MONTHS[month].to_owned())];
        row.extend(cells.chain([Cell::Number(numbers::fixed(sum, 1))]));
        row
    });
    let hours: Vec<String> = (0..HOURS).map(|hour| hour.to_string()).collect();
    let headings: Vec<&str> =
        ["Month"].into_iter().chain(hours.iter().map(String::as_str)).chain(["All hours"]).collect();
    table("Irradiation of the mean roof by month and hour, kWh/m²", &headings, rows.collect())
}
