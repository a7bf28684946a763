//! The methods of a run: which variables are adjusted together, and by what; prepared for all cells.

use std::ops::Range;

use conurb_climate::isimip::{self, IsimipPlan, Settings};

use super::axes::ModelAxes;
use crate::error::{Error, Problem};
use crate::scenario::{AdjustedVariable, AdjustmentMethod, Climate, ClimateGrouping, ClimateVariable};

/// Series of a variable in the reference period, in the calendar of a model.
#[derive(Debug, Clone, Default)]
pub struct Training {
    /// What was measured.
    pub reference: Vec<f32>,
    /// What the model gives.
    pub historical: Vec<f32>,
}

/// The methods of a run.
pub struct Methods {
    steps: Vec<Step>,
}

/// Variables that are adjusted together.
enum Step {
    /// A variable by ISIMIP3; plans by model and period.
    Isimip { variable: usize, plans: Vec<Vec<IsimipPlan>> },
}

/// Working memory of a thread.
pub struct MethodScratch {
    isimip: Option<isimip::Scratch>,
}

impl Methods {
    /// Prepares the methods of a scenario.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn new(climate: &Climate, seed: u64, models: &[ModelAxes]) -> Result<Methods, Error> {
        let steps = climate.variables.iter().enumerate().map(|(number, variable)| {
            let method = variable.method.unwrap_or(climate.method);
            match method {
                AdjustmentMethod::Isimip3 | AdjustmentMethod::Isimip3Nonparametric => {
                    isimip_step(climate, (number, variable), seed, models)
                }
                _ => Err(Error::Failed("not yet".to_owned())),
            }
        });
        Ok(Methods { steps: steps.collect::<Result<_, _>>()? })
    }

    /// Working memory for one thread.
    pub fn scratch(&self) -> MethodScratch {
        MethodScratch { isimip: None }
    }

    /// Learns from the series of a cell; gives whether all days have days to be adjusted by.
    pub fn train(&self, _: usize, _: u64, _: &[Training], _: &mut MethodScratch) -> bool {
        true
    }

    /// Adjusts the future of a cell, all periods of it; gives how many values were moved into their physical range.
    pub fn adjust(
        &self,
        (model, _): (usize, usize),
        cell: u64,
        (training, future): (&[Training], &mut [Vec<f32>]),
        periods: &[Range<usize>],
        out: &mut [Vec<f32>],
        scratch: &mut MethodScratch,
    ) -> u64 {
        for step in &self.steps {
            match step {
                Step::Isimip { variable, plans } => {
                    for (plan, period) in plans[model].iter().zip(periods) {
                        let memory = scratch.isimip.get_or_insert_with(|| plan.scratch());
                        let series = &training[*variable];
                        let series = [&series.reference[..], &series.historical, &future[*variable][period.clone()]];
                        plan.adjust(series, cell, &mut out[*variable][period.clone()], memory);
                    }
                }
            }
        }
        0
    }
}

fn isimip_step(
    climate: &Climate,
    (number, variable): (usize, &AdjustedVariable),
    seed: u64,
    models: &[ModelAxes],
) -> Result<Step, Error> {
    let window = match climate.grouping {
        ClimateGrouping::All => isimip::Window::All,
        ClimateGrouping::Month => isimip::Window::Month,
        ClimateGrouping::DayOfYear { window, .. } => isimip::Window::DayOfYear { days: window, step: 1 },
    };
    let mut settings = Settings::of(match variable.variable {
        ClimateVariable::Pr => isimip::Variable::Precipitation,
        ClimateVariable::SfcWind => isimip::Variable::WindSpeed,
        ClimateVariable::Hurs => isimip::Variable::RelativeHumidity,
        ClimateVariable::Rsds => isimip::Variable::ShortwaveRadiation,
        _ => isimip::Variable::Unbounded,
    });
    settings.seed = seed;
    let plan = |axes: &ModelAxes, period: &Range<usize>| {
        let numbers = axes.future.numbers()[period.clone()].to_vec();
        let days = conurb_climate::days::Days::new(axes.calendar(), numbers).expect("days of a period ascend");
        IsimipPlan::new(settings, window, &axes.training, &axes.training, &days)
            .map_err(|error| Error::from(Problem::new(error.to_string()).of_key("climate.grouping")))
    };
    let plans = models.iter().map(|axes| axes.periods.iter().map(|period| plan(axes, period)).collect());
    Ok(Step::Isimip { variable: number, plans: plans.collect::<Result<_, Error>>()? })
}
