//! How heating need is spread over buildings, and over the months.

use ndarray::Ix2;

use super::super::frame::Frame;
use super::super::markup::{Cell, Html, section, table};
use super::megawatt_hours;
use crate::error::Error;
use crate::field::{FieldSpec, energy as field};
use crate::report::energy::optional;
use crate::report::energy::stock::Stock;
use crate::report::numbers;
use crate::store::read::RunReader;

const HEIGHT: f64 = 260.0;
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Bars that a distribution has at most.
const MOST_BARS: f64 = 25.0;

/// Bars of buildings by heating need per floor area; nothing where none is heated.
pub fn intensity_section(stock: &Stock) -> Html {
    let needs: Vec<f64> = stock.heating_per_area.iter().copied().filter(|need| need.is_finite()).collect();
    if needs.is_empty() {
        return Html::new();
    }
    let (width, counts) = histogram(&needs);
    let frame = Frame::new(HEIGHT, width * counts.len() as f64, counts.iter().copied().max().unwrap_or(0) as f64);
    let words = |bin: usize| {
        let border = |bin: usize| numbers::number(bin as f64 * width);
        format!("{} to {} kWh/m²", border(bin), border(bin + 1))
    };
    let with_buildings = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    let drawn = with_buildings.clone().fold(Html::new(), |drawn, (bin, &count)| {
        let ends = (bin as f64 * width, (bin + 1) as f64 * width);
        drawn.with(frame.bar(ends, count as f64, &format!("{}: {}", words(bin), numbers::count(count))))
    });
    let caption = "Buildings by heating need per conditioned floor area, as calculated for buildings as they are.";
    let names = ("heating need, kWh/m² a year", "buildings");
    let rows = with_buildings.map(|(bin, &count)| vec![Cell::Words(words(bin)), Cell::Number(numbers::count(count))]);
    let as_table = table("Buildings by heating need", &["Heating need", "Buildings"], rows.collect());
    section(
        "heating-need",
        "How heating need is spread",
        figure(frame.drawing("Buildings by heating need per floor area", names, drawn), caption, as_table),
    )
}

/// Width of the bars, one of the round ones, and how many values lie in each; a value on a border belongs above it.
fn histogram(values: &[f64]) -> (f64, Vec<u64>) {
    let greatest = values.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let power = 10_f64.powf((greatest / MOST_BARS).log10().floor()).max(f64::MIN_POSITIVE);
    let fits = |width: &f64| greatest / width < MOST_BARS;
    let width = [1.0, 2.0, 5.0, 10.0, 20.0].map(|digit| digit * power).into_iter().find(fits).unwrap_or(20.0 * power);
    let bin_of = |value: f64| (value / width).clamp(0.0, MOST_BARS - 1.0) as usize;
    let mut counts = vec![0_u64; bin_of(greatest) + 1];
    values.iter().for_each(|&value| counts[bin_of(value)] += 1);
    (width, counts)
}

/// Bars of heating and of cooling by month; nothing where the run has neither.
pub fn months_section(run: &RunReader, stock: &Stock) -> Result<Html, Error> {
    let heating = by_month(run, stock, &field::MONTHLY_HEATING)?;
    let cooling = by_month(run, stock, &field::MONTHLY_COOLING)?;
    let mut body = Html::new();
    let parts = [("Heating need of all buildings", &heating), ("Cooling need of all buildings", &cooling)];
    for (caption, months) in parts {
        if let Some(months) = months.filter(|months| months.iter().any(|need| *need > 0.0)) {
            body = body.with(month_bars(caption, &months));
        }
    }
    Ok(if body == Html::new() { body } else { section("months", "Heating and cooling by month", body) })
}

fn by_month(run: &RunReader, stock: &Stock, spec: &FieldSpec) -> Result<Option<[f64; 12]>, Error> {
    let Some(values) = optional(run, spec, &[12, stock.n_buildings()])? else { return Ok(None) };
    let values = values.into_dimensionality::<Ix2>().expect("the shape was just checked");
    let sum = |month: usize| values.row(month).iter().filter(|need| need.is_finite()).sum();
    Ok(Some(std::array::from_fn(sum)))
}

fn month_bars(caption: &'static str, months: &[f64; 12]) -> Html {
    let greatest = months.iter().copied().fold(0.0, f64::max) / 1000.0;
    let frame = Frame::new(HEIGHT, 12.0, greatest);
    let drawn = months.iter().enumerate().fold(Html::new(), |drawn, (month, &kwh)| {
        let words = format!("{}: {} MWh", MONTHS[month], megawatt_hours(kwh));
        drawn.with(frame.bar((month as f64, month as f64 + 1.0), kwh / 1000.0, &words))
    });
    let rows = months.iter().zip(MONTHS);
    let rows = rows.map(|(&kwh, month)| vec![Cell::Words(month.to_owned()), Cell::Number(megawatt_hours(kwh))]);
    let as_table = table(caption, &["Month", "MWh"], rows.collect());
    figure(frame.drawing(caption, ("end of the month, 1 to 12", "MWh"), drawn), caption, as_table)
}

/// A drawing with its caption and the table of the same numbers.
fn figure(drawing: Html, caption: &str, as_table: Html) -> Html {
    let html = Html::new().raw("<figure class=\"chart\">\n").with(drawing).raw("<figcaption>").text(caption);
    let html = html.raw("</figcaption>\n</figure>\n<details><summary>The same as a table</summary>\n");
    html.with(as_table).raw("</details>\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bars_are_round_and_hold_their_lower_border() {
        assert_eq!(histogram(&[0.0, 9.9, 10.0, 31.0, 240.0]).0, 10.0);
        let (width, counts) = histogram(&[0.0, 0.5, 1.0, 2.4]);
        assert_eq!((width, counts.iter().sum::<u64>()), (0.1, 4));
        assert_eq!(histogram(&[0.0, 20.0, 20.0, 39.9, 40.0, 480.0]), {
            let mut counts = vec![0; 25];
            (counts[0], counts[1], counts[2], counts[24]) = (1, 3, 1, 1);
            (20.0, counts)
        });
    }

    proptest! {
        #[test]
        fn every_value_is_in_a_bar(values in prop::collection::vec(0.0_f64..1e300, 1..40)) {
            let (width, counts) = histogram(&values);
            prop_assert!(width > 0.0 && counts.len() <= MOST_BARS as usize);
            prop_assert_eq!(counts.iter().sum::<u64>(), values.len() as u64);
        }
    }
}
