//! Which period of the day a table of a finished run is about.

use ndarray::{ArrayD, Axis};

use crate::error::{Error, Problem};
use crate::field::traffic;
use crate::store::read::RunReader;

/// A period of a run that has periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownPeriod {
    /// Its index.
    pub index: usize,
    /// Its name.
    pub name: String,
}

/// Which period is wanted; runs without periods have nothing to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodChoice<'a> {
    /// That with the largest sum of volumes over all links.
    Busiest,
    /// The one of this name.
    Named(&'a str),
    /// The one of this name where there is one, else the busiest.
    Preferred(&'a str),
}

impl ShownPeriod {
    /// The period of a run that is wanted; none where the run has no periods.
    ///
    /// # Errors
    /// There is no period of that name, or the run is damaged.
    pub fn choose(run: &RunReader, choice: PeriodChoice<'_>) -> Result<Option<ShownPeriod>, Error> {
        let names = names(run)?;
        let named = |name: &str| names.iter().position(|known| known == name);
        let index = match choice {
            PeriodChoice::Named(name) => named(name).ok_or_else(|| no_period(run, name, &names))?,
            _ if names.is_empty() => return Ok(None),
            PeriodChoice::Busiest => busiest(run, names.len())?,
            PeriodChoice::Preferred(name) => match named(name) {
                Some(index) => index,
                None => busiest(run, names.len())?,
            },
        };
        Ok(Some(ShownPeriod { index, name: names[index].clone() }))
    }

    /// The part of values by period that is about this one.
    fn part_of(&self, values: ArrayD<f64>) -> ArrayD<f64> {
        values.index_axis_move(Axis(0), self.index)
    }
}

/// Names of the periods of a run, none where it has no periods.
///
/// # Errors
/// The run is damaged.
pub fn names(run: &RunReader) -> Result<Vec<String>, Error> {
    if run.has(traffic::PERIOD_NAME.name) { run.text(traffic::PERIOD_NAME.name) } else { Ok(Vec::new()) }
}

/// A field as it is in a period, in the given shape of one period; a field that has no periods as a whole.
///
/// # Errors
/// The field has another shape or cannot be read.
pub fn values_in(
    run: &RunReader,
    name: &str,
    period: Option<&ShownPeriod>,
    shape: &[usize],
) -> Result<ArrayD<f64>, Error> {
    let all = run.f64(name)?;
    let found = all.shape().to_vec();
    let values = match period {
        Some(period) if all.ndim() == shape.len() + 1 && period.index < found[0] => period.part_of(all),
        _ => all,
    };
    if values.shape() != shape {
        return Err(misfit(run, format!("field {name} has shape {found:?} instead of {shape:?}")));
    }
    Ok(values)
}

/// What a day has of a field: the sum over periods of what an hour has times their hours; an hour where there are no periods.
///
/// # Errors
/// The field does not fit the periods, or cannot be read.
pub fn sum_of_day(run: &RunReader, name: &str) -> Result<ArrayD<f64>, Error> {
    let values = run.f64(name)?;
    if !run.has(traffic::PERIOD_HOURS.name) {
        return Ok(values);
    }
    let hours = run.f64(traffic::PERIOD_HOURS.name)?;
    if values.ndim() == 0 || values.len_of(Axis(0)) != hours.len() {
        let message = format!("field {name} has shape {:?}, but there are {} periods", values.shape(), hours.len());
        return Err(misfit(run, message));
    }
    let mut sum = ArrayD::zeros(&values.shape()[1..]);
    values.outer_iter().zip(&hours).for_each(|(of_period, &hours)| sum.scaled_add(hours, &of_period));
    Ok(sum)
}

/// A run whose fields do not fit together.
pub(crate) fn misfit(run: &RunReader, message: String) -> Error {
    Problem::new(message)
        .in_file(run.dir().join(traffic::LINK_ID.file))
        .hint("the run folder is damaged or was written by another version; run the scenario again")
        .into()
}

fn busiest(run: &RunReader, n_periods: usize) -> Result<usize, Error> {
    let name = traffic::LINK_VOLUME_PCU.name;
    let volumes = run.f64(name)?;
    if volumes.ndim() != 2 || volumes.len_of(Axis(0)) != n_periods {
        let message = format!("field {name} has shape {:?}, but there are {n_periods} periods", volumes.shape());
        return Err(misfit(run, message));
    }
    let sums: Vec<f64> = volumes.outer_iter().map(|of_period| of_period.sum()).collect();
    Ok((0..n_periods).reduce(|most, other| if sums[other] > sums[most] { other } else { most }).unwrap_or(0))
}

fn no_period(run: &RunReader, name: &str, names: &[String]) -> Problem {
    match names {
        [] => Problem::new("the run has no periods").in_file(run.dir()).hint("leave out --period"),
        names => Problem::new(format!("the run has no period {name:?}"))
            .in_file(run.dir())
            .hint(format!("there are {}", names.join(", "))),
    }
}
