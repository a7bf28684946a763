//! Indices of a cell, from the days as they are adjusted: nothing of a series is kept.

use conurb_climate::days::Days;
use conurb_climate::ensemble;
use conurb_climate::indices::{DailySeries, DayLimits, Index, Thresholds, Variable, Years, mean_of_years, yearly};

use crate::error::Error;
use crate::scenario::{ClimateVariable, Indices};

/// Percentiles over the models of an ensemble.
pub const SHARES: [f64; 3] = [0.1, 0.5, 0.9];
/// Models from which on an emission scenario has percentiles and agreement.
pub const LEAST_MODELS: usize = 2;

/// The indices that the variables of a run allow.
pub struct IndexPlan {
    /// The indices.
    pub indices: Vec<Index>,
    thresholds: Thresholds,
    share: f64,
}

/// Days whose indices are computed, prepared for all cells.
pub struct IndexDays {
    years: Years,
    /// First and one after the last year of each period among the years.
    periods: Vec<std::ops::Range<usize>>,
    limits: Option<DayLimits>,
}

/// Days of a cell; none for variables that the run does not have.
#[derive(Clone, Copy, Default)]
pub struct CellDays<'a> {
    series: [Option<&'a [f32]>; 4],
}

/// Working memory of a thread.
#[derive(Default)]
pub struct IndexScratch {
    yearly: Vec<f64>,
    limits: Vec<f64>,
    sorted: Vec<f32>,
    finite: Vec<f64>,
}

/// The variables that indices are made of.
const VARIABLES: [(ClimateVariable, Variable); 4] = [
    (ClimateVariable::Tas, Variable::Tas),
    (ClimateVariable::Tasmin, Variable::Tasmin),
    (ClimateVariable::Tasmax, Variable::Tasmax),
    (ClimateVariable::Pr, Variable::Pr),
];

impl IndexPlan {
    /// All indices that can be made of these variables.
    pub fn new(settings: &Indices, wet_day_mm: f64, variables: &[ClimateVariable]) -> IndexPlan {
        let has = |needed: &Variable| {
            VARIABLES.iter().any(|(variable, index)| index == needed && variables.contains(variable))
        };
        IndexPlan {
            indices: Index::ALL.into_iter().filter(|index| index.needs().iter().all(has)).collect(),
            thresholds: Thresholds {
                tropical_night: settings.tropical_night_c,
                summer_day: settings.summer_day_c,
                hot_day: settings.hot_day_c,
                heat_wave_night: settings.heat_wave_tasmin_c,
                heat_wave_day: settings.heat_wave_tasmax_c,
                heat_wave_length: settings.heat_wave_days,
                heating_base: settings.heating_base_c,
                cooling_base: settings.cooling_base_c,
                wet_day: wet_day_mm,
            },
            share: settings.heat_wave_percentile / 100.0,
        }
    }

    /// Whether limits by day of the year are needed.
    fn has_day_limits(&self) -> bool {
        self.indices.iter().any(|index| index.needs_day_limits())
    }

    /// Prepares days that follow each other period by period; limits come from the days of the reference.
    ///
    /// # Errors
    /// Calendars between which there are no limits.
    pub fn days(&self, reference: &Days, days: &Days, periods: &[[i32; 2]]) -> Result<IndexDays, Error> {
        let limits = DayLimits::new(reference, days);
        let limits = limits.map_err(|error| Error::Failed(format!("percentiles of days: {error}")))?;
        let years = Years::new(days);
        let periods = periods.iter().map(|&[first, last]| years.of_period(first, last)).collect();
        Ok(IndexDays { years, periods, limits: self.has_day_limits().then_some(limits) })
    }

    /// Computes all indices of a cell; `told` gets each index by its place in the list, with its values by year and its means by
    /// period.
    ///
    /// # Errors
    /// Series of other lengths than the days.
    pub fn compute(
        &self,
        prepared: &IndexDays,
        (reference, days): (&CellDays<'_>, &CellDays<'_>),
        scratch: &mut IndexScratch,
        mut told: impl FnMut(usize, &[f64], &mut dyn Iterator<Item = f64>),
    ) -> Result<(), Error> {
        let failed = |error: String| Error::Failed(format!("indices: {error}"));
        let IndexScratch { yearly: values, limits, sorted, .. } = scratch;
        if let (Some(day_limits), Some(series)) = (&prepared.limits, reference.of(Variable::Tasmax)) {
            limits.resize(day_limits.len(), 0.0);
            let made = day_limits.of_cell(series, self.share, limits, sorted);
            made.map_err(|error| failed(error.to_string()))?;
        }
        let series = DailySeries {
            tas: days.of(Variable::Tas),
            tasmin: days.of(Variable::Tasmin),
            tasmax: days.of(Variable::Tasmax),
            pr: days.of(Variable::Pr),
            tasmax_limits: prepared.limits.is_some().then_some(&limits[..]),
        };
        values.resize(prepared.years.len(), 0.0);
        for (number, &index) in self.indices.iter().enumerate() {
            yearly(index, &series, &prepared.years, &self.thresholds, values)
                .map_err(|error| failed(error.to_string()))?;
            let mut means = prepared.periods.iter().map(|period| mean_of_years(&values[period.clone()]).mean);
            told(number, values, &mut means);
        }
        Ok(())
    }
}

impl IndexDays {
    /// Numbers of the years.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.numbers()
    }
}

impl<'a> CellDays<'a> {
    /// Adds the days of a variable; those that no index is made of are left out.
    pub fn set(&mut self, variable: ClimateVariable, days: &'a [f32]) {
        if let Some(at) = VARIABLES.iter().position(|(known, _)| *known == variable) {
            self.series[at] = Some(days);
        }
    }

    fn of(&self, variable: Variable) -> Option<&'a [f32]> {
        VARIABLES.iter().position(|(_, known)| *known == variable).and_then(|at| self.series[at])
    }
}

/// Percentiles over models, and the share of them whose change since the reference goes where the median goes.
pub fn ensemble(values: &[f64], reference: f64, scratch: &mut IndexScratch) -> ([f64; 3], f64) {
    let mut percentiles = [f64::NAN; 3];
    ensemble::percentiles(values, &SHARES, LEAST_MODELS, &mut percentiles, &mut scratch.finite);
    let changes: Vec<f64> = values.iter().map(|value| value - reference).collect();
    (percentiles, ensemble::agreement(&changes, LEAST_MODELS, &mut scratch.finite))
}
