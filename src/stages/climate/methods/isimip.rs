//! ISIMIP3: single variables, and temperatures through range and skewness.

use std::ops::Range;

use conurb_climate::consistency::{DailyTemperatures, extremes, range_and_skewness};
use conurb_climate::isimip::{IsimipPlan, Mapping, Scratch, Settings, Variable, Window};

use super::{Adjusted, Cell, Training, days_of};
use crate::error::{Error, Problem};
use crate::scenario::{AdjustmentMethod, Climate, ClimateGrouping, ClimateVariable};
use crate::stages::climate::axes::ModelAxes;

/// A variable that is adjusted by itself.
pub struct Alone {
    variable: usize,
    plans: Plans,
}

/// Mean, minimum and maximum of temperature.
pub struct Temperatures {
    variables: [usize; 3],
    mean: Plans,
    range: Plans,
    skewness: Plans,
}

/// Plans by model and period.
struct Plans(Vec<Vec<IsimipPlan>>);

/// Working memory of a thread.
#[derive(Default)]
pub struct Memory {
    scratch: Option<Scratch>,
    /// Range and skewness of the reference, the past, the future, and as adjusted.
    parts: [[Vec<f32>; 2]; 4],
}

/// How a method maps values, if it is one of ISIMIP3.
pub fn mapping_of(method: AdjustmentMethod) -> Option<Option<Mapping>> {
    match method {
        AdjustmentMethod::Isimip3 => Some(None),
        AdjustmentMethod::Isimip3Nonparametric => Some(Some(Mapping::Ranks)),
        _ => None,
    }
}

impl Alone {
    /// Prepares a variable.
    ///
    /// # Errors
    /// Windows that make no sense.
    pub fn new(climate: &Climate, number: usize, seed: u64, models: &[ModelAxes]) -> Result<Self, Error> {
        let of = match climate.variables[number].variable {
            ClimateVariable::Pr => Variable::Precipitation,
            ClimateVariable::SfcWind => Variable::WindSpeed,
            ClimateVariable::Hurs => Variable::RelativeHumidity,
            ClimateVariable::Rsds => Variable::ShortwaveRadiation,
            ClimateVariable::Tas
            | ClimateVariable::Tasmin
            | ClimateVariable::Tasmax
            | ClimateVariable::Huss
            | ClimateVariable::Ps => Variable::Unbounded,
        };
        Ok(Alone { variable: number, plans: Plans::new(climate, (number, of), seed, models)? })
    }

    /// Adjusts the future of a cell; gives how many days have none to be adjusted by.
    pub fn adjust(
        &self,
        model: usize,
        cell: &Cell,
        (training, future): (&[Training], &[Vec<f32>]),
        periods: &[Range<usize>],
        out: &mut [Vec<f32>],
        memory: &mut Memory,
    ) -> u64 {
        let Training { reference, historical, .. } = &training[self.variable];
        let series = [&reference[..], historical, &future[self.variable]];
        self.plans.adjust(model, cell, series, periods, &mut out[self.variable], &mut memory.scratch)
    }
}

impl Temperatures {
    /// Prepares mean, minimum and maximum, at these places among the variables.
    ///
    /// # Errors
    /// Windows that make no sense.
    pub fn new(climate: &Climate, variables: [usize; 3], seed: u64, models: &[ModelAxes]) -> Result<Self, Error> {
        let plans = |number, of| Plans::new(climate, (number, of), seed, models);
        let [tas, tasmin, tasmax] = variables;
        Ok(Temperatures {
            variables,
            mean: plans(tas, Variable::Unbounded)?,
            range: plans(tasmax, Variable::TemperatureRange)?,
            skewness: plans(tasmin, Variable::TemperatureSkewness)?,
        })
    }

    /// Adjusts the future of a cell; gives how many ranges and skewnesses of its days were moved into their bounds, and how many
    /// days have none to be adjusted by.
    pub fn adjust(
        &self,
        model: usize,
        cell: &Cell,
        (training, future): (&[Training], &[Vec<f32>]),
        periods: &[Range<usize>],
        out: &mut [Vec<f32>],
        memory: &mut Memory,
    ) -> Adjusted {
        let [tas, tasmin, tasmax] = self.variables;
        let Memory { scratch, parts } = memory;
        let [of_reference, of_past, of_future, adjusted] = parts;
        take_apart(self.variables.map(|variable| &training[variable].reference[..]), of_reference);
        take_apart(self.variables.map(|variable| &training[variable].historical[..]), of_past);
        // What is learnt from serves every future: only the days that are adjusted count.
        let mut moved = take_apart(self.variables.map(|variable| &future[variable][..]), of_future);
        let mean = [&training[tas].reference[..], &training[tas].historical, &future[tas]];
        let n_untrained = self.mean.adjust(model, cell, mean, periods, &mut out[tas], scratch);
        for (part, plans) in [&self.range, &self.skewness].into_iter().enumerate() {
            adjusted[part].resize(future[tas].len(), 0.0);
            let series = [&of_reference[part][..], &of_past[part], &of_future[part]];
            plans.adjust(model, cell, series, periods, &mut adjusted[part], scratch);
        }
        let (mut low, mut high) = (std::mem::take(&mut out[tasmin]), std::mem::take(&mut out[tasmax]));
        moved += extremes(&out[tas], &adjusted[0], &adjusted[1], &mut low, &mut high).total();
        (out[tasmin], out[tasmax]) = (low, high);
        Adjusted { n_moved: moved, n_untrained }
    }
}

/// Range and skewness of days; gives how many were moved into their bounds.
fn take_apart([tas, tasmin, tasmax]: [&[f32]; 3], parts: &mut [Vec<f32>; 2]) -> u64 {
    let [range, skewness] = parts;
    range.resize(tas.len(), 0.0);
    skewness.resize(tas.len(), 0.0);
    range_and_skewness(DailyTemperatures { tas, tasmin, tasmax }, range, skewness).total()
}

impl Plans {
    fn new(climate: &Climate, (number, of): (usize, Variable), seed: u64, models: &[ModelAxes]) -> Result<Self, Error> {
        let window = match climate.grouping {
            ClimateGrouping::All => Window::All,
            ClimateGrouping::Month => Window::Month,
            ClimateGrouping::DayOfYear { window, .. } => Window::DayOfYear { days: window, step: 1 },
        };
        let mut settings = Settings { seed, ..Settings::of(of) };
        let method = climate.variables[number].method.unwrap_or(climate.method);
        if let Some(mapping) = mapping_of(method).flatten() {
            settings.mapping = mapping;
        }
        let plan = |axes: &ModelAxes, period: &Range<usize>| {
            IsimipPlan::new(settings, window, &axes.training, &axes.training, &days_of(axes, period))
                .map_err(|error| Error::from(Problem::new(error.to_string()).of_key("climate.grouping")))
        };
        let of_model = |axes: &ModelAxes| axes.periods.iter().map(|period| plan(axes, period)).collect();
        Ok(Plans(models.iter().map(of_model).collect::<Result<_, Error>>()?))
    }

    fn adjust(
        &self,
        model: usize,
        cell: &Cell,
        [reference, historical, future]: [&[f32]; 3],
        periods: &[Range<usize>],
        out: &mut [f32],
        scratch: &mut Option<Scratch>,
    ) -> u64 {
        let mut n_untrained = 0;
        for (plan, period) in self.0[model].iter().zip(periods) {
            let memory = scratch.get_or_insert_with(|| plan.scratch());
            let series = [reference, historical, &future[period.clone()]];
            let outcome = plan.adjust(series, cell.number, &mut out[period.clone()], memory);
            n_untrained += u64::from(outcome.days_untrained);
        }
        n_untrained
    }
}
