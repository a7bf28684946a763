//! What no day can be: values below nothing, air more than full of water, more sun than a clear sky lets through, a minimum
//! above the mean.

use conurb_climate::clear_sky;
use conurb_climate::consistency::{keep_below_days, keep_within};

use super::Cell;
use crate::scenario::{Climate, ClimateVariable};
use crate::stages::climate::axes::ModelAxes;

/// Bounds of the variables of a run.
pub struct Bounds {
    variables: Vec<ClimateVariable>,
    /// Share of the year of each day, by model.
    shares: Vec<Vec<f64>>,
    temperatures: [Option<usize>; 3],
}

impl Bounds {
    /// Bounds of all variables.
    pub fn new(climate: &Climate, models: &[ModelAxes]) -> Self {
        let variables: Vec<ClimateVariable> = climate.variables.iter().map(|variable| variable.variable).collect();
        let share_of_year = |axes: &ModelAxes| {
            let days = axes.future.dates().iter().zip(axes.future.day_of_year());
            days.map(|(date, &day)| (f64::from(day) - 0.5) / f64::from(axes.calendar().days_in_year(date.year)))
                .collect()
        };
        let place = |wanted| variables.iter().position(|&variable| variable == wanted);
        let temperatures = [ClimateVariable::Tas, ClimateVariable::Tasmin, ClimateVariable::Tasmax].map(place);
        Bounds { shares: models.iter().map(share_of_year).collect(), temperatures, variables }
    }

    /// Moves the days of a cell into their bounds; gives how many values were moved.
    pub fn keep(&self, model: usize, cell: &Cell, out: &mut [Vec<f32>]) -> u64 {
        let mut moved = 0;
        for (variable, values) in self.variables.iter().zip(out.iter_mut()) {
            moved += match variable {
                ClimateVariable::Hurs => keep_within(values, 0.0, 100.0).total(),
                ClimateVariable::Huss => keep_within(values, 0.0, 1.0).total(),
                ClimateVariable::Pr | ClimateVariable::SfcWind | ClimateVariable::Ps => {
                    keep_within(values, 0.0, f64::INFINITY).total()
                }
                ClimateVariable::Rsds => {
                    let shares = &self.shares[model];
                    let clear = |day: usize| clear_sky::clear(cell.latitude, cell.elevation_m, shares[day]);
                    keep_below_days(values, 0.0, clear).total()
                }
                ClimateVariable::Tas | ClimateVariable::Tasmin | ClimateVariable::Tasmax => 0,
            };
        }
        moved + self.keep_order(out)
    }

    /// Minimum ≤ mean ≤ maximum, the mean staying as it is; without a mean both ends meet in their middle.
    fn keep_order(&self, out: &mut [Vec<f32>]) -> u64 {
        let [tas, tasmin, tasmax] = self.temperatures;
        let mut moved = 0;
        for day in 0..out.first().map_or(0, Vec::len) {
            let value = |variable: Option<usize>| variable.map_or(f32::NAN, |variable| out[variable][day]);
            let (mean, low, high) = (value(tas), value(tasmin), value(tasmax));
            let middle = if tas.is_none() && low > high { 0.5 * (low + high) } else { mean };
            if let Some(tasmin) = tasmin.filter(|_| low > middle) {
                out[tasmin][day] = middle;
                moved += 1;
            }
            if let Some(tasmax) = tasmax.filter(|_| high < middle) {
                out[tasmax][day] = middle;
                moved += 1;
            }
        }
        moved
    }
}
