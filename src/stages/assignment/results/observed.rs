//! Modelled volumes beside counted ones.

use conurb_traffic::observed::{Fit, Screenline, geh, screenlines};

use super::output::{put_f64, put_i32, put_text};
use super::{Results, Traffic, TrafficInputs};
use crate::error::Error;
use crate::field::{FieldSpec, traffic as field};
use crate::formats::tables::CountTable;
use crate::scenario::Period;
use crate::stages::{FieldSink, Metric};

/// What a run makes of its counts, period by period.
#[derive(Debug, Clone)]
pub struct Observed<'a> {
    counts: &'a CountTable,
    periods: &'a [Period],
    /// Vehicles per hour of each count; complete after the last period.
    modelled: Vec<f64>,
}

/// Which counts of a screenline may be added up: those of the same class and period.
type Line<'a> = (&'a str, Option<u32>, Option<u32>);

impl<'a> Observed<'a> {
    /// Nothing modelled yet; none where there are no counts.
    pub fn new(inputs: &'a TrafficInputs, traffic: &'a Traffic) -> Option<Self> {
        let counts = inputs.counts.as_ref()?;
        Some(Observed { counts, periods: &traffic.periods, modelled: vec![0.0; counts.link.len()] })
    }

    /// The fields that will be written.
    pub fn fields(inputs: &TrafficInputs) -> Vec<FieldSpec> {
        let Some(counts) = &inputs.counts else { return Vec::new() };
        let mut fields = vec![
            field::COUNT_LINK,
            field::COUNT_CLASS,
            field::COUNT_PERIOD,
            field::COUNT_OBSERVED,
            field::COUNT_MODELLED,
            field::COUNT_GEH,
        ];
        if counts.screenline.iter().any(Option::is_some) {
            fields.extend([
                field::SCREENLINE_NAME,
                field::SCREENLINE_CLASS,
                field::SCREENLINE_PERIOD,
                field::SCREENLINE_OBSERVED,
                field::SCREENLINE_MODELLED,
                field::SCREENLINE_GEH,
            ]);
        }
        fields
    }

    /// Takes the volumes of a period; every period is to come once.
    ///
    /// A count without a period is held against the mean of all periods by their hours.
    pub fn add_period(&mut self, results: &Results<'_>) {
        let n_links = results.problem.network.n_links();
        let volumes = results.class_volumes(results.solution);
        let of_class = |class: usize, link: u32| volumes[class * n_links + link as usize];
        let share = share_of_hours(self.periods, results.period);
        for (count, modelled) in self.modelled.iter_mut().enumerate() {
            let weight = match self.counts.period[count] {
                None => share,
                Some(period) if period as usize == results.period => 1.0,
                Some(_) => continue,
            };
            let link = self.counts.link[count];
            let volume = match self.counts.class[count] {
                Some(class) => of_class(class as usize, link),
                None => (0..results.problem.classes.len()).map(|class| of_class(class, link)).sum(),
            };
            *modelled += weight * volume;
        }
    }

    /// Writes counts and screenlines beside what was modelled.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn write(&self, sink: &mut dyn FieldSink) -> Result<(), Error> {
        let (counts, n_counts) = (self.counts, self.counts.link.len());
        let links: Vec<i32> = counts.link.iter().map(|&link| link as i32).collect();
        put_i32(sink, &field::COUNT_LINK, &[n_counts], &links)?;
        put_i32(sink, &field::COUNT_CLASS, &[n_counts], &indices(counts.class.iter().copied()))?;
        put_i32(sink, &field::COUNT_PERIOD, &[n_counts], &indices(counts.period.iter().copied()))?;
        put_f64(sink, &field::COUNT_OBSERVED, &counts.count)?;
        put_f64(sink, &field::COUNT_MODELLED, &self.modelled)?;
        let both = self.modelled.iter().zip(&counts.count);
        put_f64(sink, &field::COUNT_GEH, &both.map(|(&modelled, &count)| geh(modelled, count)).collect::<Vec<_>>())?;
        self.write_screenlines(sink)
    }

    fn write_screenlines(&self, sink: &mut dyn FieldSink) -> Result<(), Error> {
        let counts = self.counts;
        let (lines, line_of) = lines(counts);
        if lines.is_empty() {
            return Ok(());
        }
        let sums = screenlines(&line_of, lines.len(), &self.modelled, &counts.count);
        let names: Vec<String> = lines.iter().map(|line| line.0.to_owned()).collect();
        put_text(sink, &field::SCREENLINE_NAME, &names)?;
        put_i32(sink, &field::SCREENLINE_CLASS, &[lines.len()], &indices(lines.iter().map(|line| line.1)))?;
        put_i32(sink, &field::SCREENLINE_PERIOD, &[lines.len()], &indices(lines.iter().map(|line| line.2)))?;
        let all = |of: fn(&Screenline) -> f64| sums.iter().map(of).collect::<Vec<f64>>();
        put_f64(sink, &field::SCREENLINE_OBSERVED, &all(|line| line.counted))?;
        put_f64(sink, &field::SCREENLINE_MODELLED, &all(|line| line.modelled))?;
        put_f64(sink, &field::SCREENLINE_GEH, &all(Screenline::geh))
    }

    /// How well all counts are met; without figures that no number can hold.
    pub fn metrics(&self) -> Vec<(String, Metric)> {
        let number = |name: &str, value: f64| (name.to_owned(), Metric::Number(value));
        let mut metrics = vec![("counts".to_owned(), Metric::Count(self.counts.link.len() as u64))];
        let Some(fit) = Fit::new(&self.modelled, &self.counts.count) else { return metrics };
        metrics.extend([number("geh_below_5", fit.geh_below_5), number("geh_below_10", fit.geh_below_10)]);
        metrics.extend(fit.percent_rmse.map(|percent| number("percent_rmse", percent)));
        metrics.extend(fit.line.map(|line| number("count_slope", line.slope)));
        metrics.extend(fit.line.and_then(|line| line.r_squared).map(|r| number("count_r_squared", r)));
        metrics.retain(|(_, metric)| !matches!(metric, Metric::Number(value) if !value.is_finite()));
        metrics
    }
}

/// Part of the hours of all periods that a period lasts; 1 for the only one there is.
fn share_of_hours(periods: &[Period], period: usize) -> f64 {
    let hours: f64 = periods.iter().map(|period| period.hours).sum();
    periods.get(period).map_or(1.0, |period| period.hours / hours)
}

/// The screenlines in order of their first count, and which of them each count belongs to.
fn lines(counts: &CountTable) -> (Vec<Line<'_>>, Vec<Option<usize>>) {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut known = std::collections::BTreeMap::new();
    let mut line_of = Vec::with_capacity(counts.link.len());
    for (count, name) in counts.screenline.iter().enumerate() {
        line_of.push(name.as_deref().map(|name| {
            let line = (name, counts.class[count], counts.period[count]);
            *known.entry(line).or_insert_with(|| {
                lines.push(line);
                lines.len() - 1
            })
        }));
    }
    (lines, line_of)
}

/// Indices as fields hold them, -1 for all.
fn indices(indices: impl Iterator<Item = Option<u32>>) -> Vec<i32> {
    indices.map(|index| index.map_or(-1, |index| index as i32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_weigh_by_their_hours() {
        let period = |hours| Period {
            name: String::new(),
            hours,
            demand_factor: 1.0,
            annual_days: Vec::new(),
            demand: Vec::new(),
            demand_matrix: Vec::new(),
        };
        let periods = [period(3.0), period(1.0)];
        assert_eq!([share_of_hours(&periods, 0), share_of_hours(&periods, 1)], [0.75, 0.25]);
        assert_eq!(share_of_hours(&[], 0), 1.0);
    }

    #[test]
    fn counts_add_up_along_a_line_where_they_count_the_same() {
        let name = |name: &str| Some(name.to_owned());
        let counts = CountTable {
            link: vec![0, 1, 2, 3, 4],
            count: vec![1.0; 5],
            class: vec![None, None, Some(1), None, None],
            period: vec![None, Some(0), None, None, None],
            screenline: vec![name("river"), name("river"), name("river"), None, name("river")],
        };
        let (lines, line_of) = lines(&counts);
        assert_eq!(lines, [("river", None, None), ("river", None, Some(0)), ("river", Some(1), None)]);
        assert_eq!(line_of, [Some(0), Some(1), Some(2), None, Some(0)]);
        assert_eq!(indices(counts.class.iter().copied()), [-1, -1, 1, -1, -1]);
    }
}
