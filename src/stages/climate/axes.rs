//! The days of a run: those of the training and of the future in the calendar of each model, and which steps of the files they are.

use std::ops::Range;

use conurb_climate::calendar::Calendar;
use conurb_climate::days::Days;

use super::align::{self, Alignment, NO_STEP};
use crate::error::{Error, Problem, Warning};
use crate::formats::cf::DailyVariable;
use crate::inputs::VariableInputs;
use crate::scenario::{CalendarRule, Climate};

/// Days of the reference in its own calendar, for indices of what was measured.
#[derive(Debug)]
pub struct ReferenceAxes {
    /// All days of the reference period.
    pub days: Days,
    /// Steps of each variable's reference.
    pub steps: Vec<Alignment>,
}

/// Days in the calendar of a model.
#[derive(Debug)]
pub struct ModelAxes {
    /// All days of the reference period.
    pub training: Days,
    /// All days of the future periods, one after the other.
    pub future: Days,
    /// Where the periods stand in it.
    pub periods: Vec<Range<usize>>,
    /// Steps of each variable's files.
    pub variables: Vec<VariableAxes>,
}

/// Steps of a variable's files that are the days of a model.
#[derive(Debug)]
pub struct VariableAxes {
    /// Those of the reference, brought into the model's calendar.
    pub reference: Alignment,
    /// Those of the model's past.
    pub historical: Alignment,
    /// Those of its futures, by emission scenario and period.
    pub futures: Vec<Vec<Alignment>>,
}

/// Share of days that may be missing before a period counts as not covered.
const MOST_MISSING: f64 = 0.5;

impl ReferenceAxes {
    /// The days of the reference period.
    ///
    /// # Errors
    /// A reference that does not cover the period.
    pub fn new(climate: &Climate, variables: &[VariableInputs], warnings: &mut Vec<Warning>) -> Result<Self, Error> {
        let calendar = variables[0].reference.days.calendar;
        let steps = variables.iter().map(|variable| {
            let steps = Alignment::new(&variable.reference.days, calendar, climate.reference_period);
            require_covered(&variable.reference, &steps, climate.reference_period, warnings)?;
            Ok(steps)
        });
        let steps = steps.collect::<Result<Vec<_>, Error>>()?;
        Ok(ReferenceAxes { days: steps[0].days.clone(), steps })
    }
}

impl ModelAxes {
    /// The days of a model.
    ///
    /// # Errors
    /// Calendars that differ where they may not, periods that a file does not cover.
    pub fn new(
        climate: &Climate,
        variables: &[VariableInputs],
        model: usize,
        warnings: &mut Vec<Warning>,
    ) -> Result<Self, Error> {
        let calendar = variables[0].models[model].futures[0].days.calendar;
        let years = climate.reference_period;
        let mut axes = Vec::new();
        for variable in variables {
            let of_model = &variable.models[model];
            let mut covered = |series: &DailyVariable, years: [i32; 2]| -> Result<Alignment, Error> {
                require_calendar(climate, series, calendar)?;
                let steps = Alignment::new(&series.days, calendar, years);
                require_covered(series, &steps, years, warnings)?;
                Ok(steps)
            };
            let historical = covered(&of_model.historical, years)?;
            let of_future = |future| climate.future_periods.iter().map(|&years| covered(future, years)).collect();
            let futures = of_model.futures.iter().map(of_future).collect::<Result<Vec<Vec<_>>, Error>>()?;
            require_calendar(climate, &variable.reference, calendar)?;
            let reference = Alignment::new(&variable.reference.days, calendar, years);
            axes.push(VariableAxes { reference, historical, futures });
        }
        let periods = axes[0].futures[0].iter().map(|steps| &steps.days);
        let numbers: Vec<i64> = periods.clone().flat_map(|days| days.numbers()).copied().collect();
        let mut end = 0;
        let ranges = periods.map(|days| {
            end += days.len();
            end - days.len()..end
        });
        let ranges = ranges.collect();
        let future = Days::new(calendar, numbers)
            .map_err(|error| Error::from(Problem::new(error.to_string()).of_key("climate.future_periods")))?;
        Ok(ModelAxes { training: axes[0].historical.days.clone(), future, periods: ranges, variables: axes })
    }

    /// Which days of the training the files of a reference do not have.
    pub fn reference_gaps(&self) -> Vec<bool> {
        let is_gap = |day: usize| self.variables.iter().any(|axes| axes.reference.steps[day] == NO_STEP);
        (0..self.training.len()).map(is_gap).collect()
    }

    /// The calendar of the model.
    pub fn calendar(&self) -> Calendar {
        self.future.calendar
    }
}

fn require_calendar(climate: &Climate, series: &DailyVariable, calendar: Calendar) -> Result<(), Error> {
    let own = series.days.calendar;
    if climate.calendar == CalendarRule::Align || align::is_same(own, calendar) {
        return Ok(());
    }
    let message = format!("its calendar is {}, that of the model is {}", own.cf_name(), calendar.cf_name());
    let problem = Problem::new(message).in_file(first_file(series)).of_key("climate.calendar");
    Err(problem.hint("calendar = \"align\" brings one into the other").into())
}

fn require_covered(
    series: &DailyVariable,
    steps: &Alignment,
    [first, last]: [i32; 2],
    warnings: &mut Vec<Warning>,
) -> Result<(), Error> {
    let (missing, all) = (steps.n_missing(), steps.days.len());
    let name = first_file(series);
    if missing as f64 > MOST_MISSING * all as f64 {
        let there = series.days.dates();
        let (from, to) = (there[0].year, there[there.len() - 1].year);
        let message = match missing == all {
            true => format!("it has no day of the years {first} to {last}, only of {from} to {to}"),
            false => format!("it lacks {missing} of the {all} days of the years {first} to {last}"),
        };
        let problem = Problem::new(message).in_file(name);
        return Err(problem.hint("choose periods that the files cover, or name further files").into());
    }
    let leap_days = usize::try_from(last - first + 1).unwrap_or(0).div_ceil(4);
    if missing > leap_days {
        let message = format!("{} lacks {missing} of the {all} days of the years {first} to {last}", name.display());
        if !warnings.iter().any(|warning| warning.message == message) {
            warnings.push(Warning::new("missing_days", missing, message));
        }
    }
    Ok(())
}

fn first_file(series: &DailyVariable) -> std::path::PathBuf {
    series.files().next().map_or_else(std::path::PathBuf::new, |file| file.path().to_path_buf())
}
