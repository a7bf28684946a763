//! Methods by means and quantiles: one variable of a cell, trained once and applied to all its futures.

use std::ops::Range;
use std::sync::Arc;

use conurb_climate::calendar::Date;
use conurb_climate::days::Days;
use conurb_climate::detrended::Detrended;
use conurb_climate::dry_days::{Draws, DryDays};
use conurb_climate::empirical::{self, Mapping};
use conurb_climate::grouping::{Grouping, Pool};
use conurb_climate::groups::Groups;
use conurb_climate::kind::Kind;
use conurb_climate::local_intensity::LocalIntensity;
use conurb_climate::quantile_delta;
use conurb_climate::scaling::Scaling;
use conurb_climate::training::{self, QuantileSettings, Training as Quantiles};

use super::{Cell, Training, days_of};
use crate::scenario::{
    AdjustmentMethod, BiasKind, Climate, ClimateGrouping, ClimateVariable, Interpolation, RankAmong, WindowPool,
};
use crate::stages::climate::axes::ModelAxes;

/// A variable that is adjusted by means or quantiles.
pub struct Alone {
    variable: usize,
    by: By,
    settings: QuantileSettings,
    wet_day: f64,
    /// What stands for days without precipitation while ratios are taken: of the reference, the past and the future.
    dry_days: Option<[DryDays; 3]>,
    models: Arc<[ModelGroups]>,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// Ranks among the days of the future.
    Rank,
    /// Values with those of the past.
    Value,
    /// Values without their trend.
    ValueWithoutTrend,
    /// Wet days and what falls on them.
    Intensity,
    /// Means, each day by its group.
    Mean,
    /// Means of months, each day between two of them.
    MeanBetweenMonths,
    /// Means of past and future, which move the reference.
    Change,
}

/// Groups of the days of a model.
pub struct ModelGroups {
    /// Of the reference period.
    pub training: Groups,
    training_days: Days,
    /// Of each future period.
    pub periods: Vec<PeriodGroups>,
}

/// Groups of the days of a future period.
pub struct PeriodGroups {
    /// The groups.
    pub groups: Groups,
    days: Days,
    /// The day of the reference period that each day stands for where the reference is moved.
    of_reference: Vec<u32>,
}

/// What was learnt of a cell.
enum Learnt {
    Quantiles(Quantiles),
    Mapping(Quantiles, Mapping),
    Detrended(Detrended),
    Intensity(LocalIntensity),
    Means(Scaling),
}

/// What a thread keeps of a cell.
pub struct Memory {
    learnt: Learnt,
    /// Number of groups that there is room for.
    n_groups: usize,
    scratch: training::Scratch<f32>,
    reference: Vec<f32>,
    historical: Vec<f32>,
    future: Vec<f32>,
    moved: Vec<f32>,
}

impl ModelGroups {
    /// Groups of all models, shared by all variables: they are as many numbers as days times the length of a window.
    pub fn of(climate: &Climate, models: &[ModelAxes]) -> Arc<[ModelGroups]> {
        let grouping = grouping(climate);
        let of_period = |axes: &ModelAxes, period: &Range<usize>| {
            let days = days_of(axes, period);
            PeriodGroups {
                groups: Groups::new(&days, grouping),
                of_reference: days_of_reference(&axes.training, &days, &axes.reference_gaps()),
                days,
            }
        };
        let of_model = |axes: &ModelAxes| ModelGroups {
            training: Groups::new(&axes.training, grouping),
            training_days: axes.training.clone(),
            periods: axes.periods.iter().map(|period| of_period(axes, period)).collect(),
        };
        models.iter().map(of_model).collect()
    }
}

/// The days that are adjusted together, in the words of the kernels.
pub fn grouping(climate: &Climate) -> Grouping {
    match climate.grouping {
        ClimateGrouping::All => Grouping::All,
        ClimateGrouping::Month => Grouping::Month,
        ClimateGrouping::DayOfYear { window, pool } => Grouping::DayOfYear {
            window,
            pool: match pool {
                WindowPool::Contiguous => Pool::Contiguous,
                WindowPool::Circular => Pool::Circular,
            },
        },
    }
}

/// Whether biases of a variable are differences or ratios, in the words of the kernels.
pub fn kind(kind: BiasKind) -> Kind {
    match kind {
        BiasKind::Additive => Kind::Additive,
        BiasKind::Multiplicative => Kind::Multiplicative,
    }
}

/// What stands for dry days of a variable while ratios are taken, if anything does.
fn dry_days(climate: &Climate, number: usize, seed: u64) -> Option<[DryDays; 3]> {
    let variable = &climate.variables[number];
    let is_spread = variable.variable == ClimateVariable::Pr && variable.kind == BiasKind::Multiplicative;
    let wet_from = climate.jitter_below_mm;
    (is_spread && wet_from > 0.0).then(|| {
        let draws = |which| Draws::Hashed { seed: seed.wrapping_add(which) };
        [0, 1, 2].map(|which| DryDays { wet_from, filled_from: 0.0, draws: draws(which) })
    })
}

impl Alone {
    /// Prepares a variable; none for methods that are not by quantiles.
    pub fn new(climate: &Climate, number: usize, seed: u64, models: &Arc<[ModelGroups]>) -> Option<Self> {
        let variable = &climate.variables[number];
        let by = match variable.method.unwrap_or(climate.method) {
            AdjustmentMethod::QuantileDeltaMapping
            | AdjustmentMethod::Multivariate
            | AdjustmentMethod::QuantilePreservingLocalizedAnalogues => By::Rank,
            AdjustmentMethod::EmpiricalQuantileMapping => By::Value,
            AdjustmentMethod::DetrendedQuantileMapping => By::ValueWithoutTrend,
            AdjustmentMethod::LocalIntensityScaling => By::Intensity,
            AdjustmentMethod::DeltaChange => By::Change,
            AdjustmentMethod::LinearScaling => match (climate.grouping, climate.interpolation) {
                (ClimateGrouping::Month, Interpolation::Linear) => By::MeanBetweenMonths,
                _ => By::Mean,
            },
            AdjustmentMethod::Isimip3 | AdjustmentMethod::Isimip3Nonparametric => return None,
        };
        let settings = QuantileSettings {
            kind: kind(variable.kind),
            n_quantiles: climate.quantiles,
            interpolation: match climate.interpolation {
                Interpolation::Linear => training::Interpolation::Linear,
                Interpolation::Nearest => training::Interpolation::Nearest,
            },
            rank_among: match climate.rank_among {
                RankAmong::Window => training::RankAmong::Pool,
                RankAmong::SameDay => training::RankAmong::SameGroupDay,
            },
        };
        let needs_wet_days = matches!(by, By::Rank | By::Value | By::ValueWithoutTrend);
        let dry_days = dry_days(climate, number, seed).filter(|_| needs_wet_days);
        let (wet_day, models) = (climate.wet_day_mm, Arc::clone(models));
        Some(Alone { variable: number, by, settings, wet_day, dry_days, models })
    }

    /// Working memory for one thread.
    pub fn memory(&self) -> Memory {
        let n_groups = self.models[0].training.len();
        let none = Vec::new;
        Memory {
            learnt: self.nothing_learnt(n_groups),
            n_groups,
            scratch: training::Scratch::default(),
            reference: none(),
            historical: none(),
            future: none(),
            moved: none(),
        }
    }

    fn nothing_learnt(&self, n_groups: usize) -> Learnt {
        match self.by {
            By::Rank => Learnt::Quantiles(Quantiles::new(self.settings, n_groups)),
            By::Value => {
                let quantiles = Quantiles::new(self.settings, n_groups);
                let mapping = Mapping::new(&quantiles);
                Learnt::Mapping(quantiles, mapping)
            }
            By::ValueWithoutTrend => Learnt::Detrended(Detrended::new(self.settings, n_groups)),
            By::Intensity => Learnt::Intensity(LocalIntensity::new(self.wet_day, n_groups)),
            By::Mean | By::MeanBetweenMonths | By::Change => Learnt::Means(Scaling::new(self.settings.kind, n_groups)),
        }
    }

    /// Learns from the series of a cell.
    pub fn train(&self, model: usize, cell: &Cell, training: &[Training], memory: &mut Memory) {
        let ModelGroups { training: groups, training_days: days, .. } = &self.models[model];
        if groups.len() != memory.n_groups {
            // Models of other calendars have other days of the year.
            memory.n_groups = groups.len();
            memory.learnt = self.nothing_learnt(groups.len());
        }
        let Memory { learnt, scratch, reference, historical, .. } = memory;
        let series = &training[self.variable];
        let reference = (self.spread((0, cell, days), &series.reference, reference), groups);
        let historical = (self.spread((1, cell, days), &series.historical, historical), groups);
        match learnt {
            Learnt::Quantiles(quantiles) => quantiles.train(reference, historical, scratch),
            Learnt::Mapping(quantiles, mapping) => {
                empirical::train(quantiles, mapping, reference, historical, scratch);
            }
            Learnt::Detrended(detrended) => detrended.train(reference, historical, scratch),
            Learnt::Intensity(intensity) => intensity.train(reference, historical, scratch),
            Learnt::Means(means) if self.by != By::Change => means.train(historical, reference),
            // What changes shows only in the future.
            Learnt::Means(_) => {}
        }
    }

    /// Adjusts the future of a cell; gives how many days have none to be adjusted by.
    pub fn adjust(
        &self,
        (model, cell): (usize, &Cell),
        (training, future): (&[Training], &[Vec<f32>]),
        periods: &[Range<usize>],
        out: &mut [Vec<f32>],
        memory: &mut Memory,
    ) -> usize {
        let Memory { learnt, scratch, future: spread, moved, .. } = memory;
        let of_model = &self.models[model];
        let mut untrained = 0;
        for (period, of_period) in periods.iter().zip(&of_model.periods) {
            let out = &mut out[self.variable][period.clone()];
            let PeriodGroups { groups, days, of_reference } = of_period;
            let series = self.spread((2, cell, days), &future[self.variable][period.clone()], spread);
            untrained += match learnt {
                Learnt::Quantiles(quantiles) => quantile_delta::adjust(quantiles, series, groups, out, scratch),
                Learnt::Mapping(_, mapping) => mapping.adjust(series, groups, out),
                Learnt::Detrended(detrended) => detrended.adjust(series, days, groups, out),
                Learnt::Intensity(intensity) => intensity.adjust(series, groups, out),
                Learnt::Means(means) if self.by == By::Change => {
                    let Training { reference, historical, .. } = &training[self.variable];
                    means.train((historical, &of_model.training), (series, groups));
                    moved.clear();
                    moved.extend(of_reference.iter().map(|&day| reference[day as usize]));
                    means.adjust(moved, groups, out)
                }
                Learnt::Means(means) if self.by == By::MeanBetweenMonths => {
                    means.adjust_between_months(series, days, out)
                }
                Learnt::Means(means) => means.adjust(series, groups, out),
            };
            if let Some([.., of_future]) = &self.dry_days {
                of_future.clear(out);
            }
        }
        untrained
    }

    /// A series whose dry days are spread, if that is what the variable needs; `which` tells the three series apart.
    fn spread<'a>(
        &self,
        (which, cell, days): (usize, &Cell, &Days),
        series: &'a [f32],
        room: &'a mut Vec<f32>,
    ) -> &'a [f32] {
        let Some(dry_days) = self.dry_days else { return series };
        room.clear();
        room.extend_from_slice(series);
        dry_days[which].fill(cell.number, days, room);
        room
    }
}

/// For each day of a future period the day of the reference period that stands for it: that of the same date, in the years
/// of the reference in turn; the 28th where its February has no 29th, the last day of the month in general.
///
/// `is_gap` tells which days of the training the files of the reference do not have: those of a calendar without leap days
/// have no 29 February.
fn days_of_reference(training: &Days, future: &Days, is_gap: &[bool]) -> Vec<u32> {
    let (Some(first), Some(last), Some(begin)) =
        (training.dates().first(), training.dates().last(), future.dates().first())
    else {
        return Vec::new();
    };
    let n_years = last.year - first.year + 1;
    let of_day = |date: &Date| {
        let year = first.year + (date.year - begin.year).rem_euclid(n_years);
        let day = date.day.min(training.calendar.days_in_month(year, date.month));
        let number = training.calendar.day_number(Date { year, day, ..*date });
        let found = number.and_then(|number| training.numbers().binary_search(&number).ok());
        let found = found.expect("the training has all days of its years");
        let is_leap_day = (date.month, day) == (2, 29);
        (found - usize::from(is_leap_day && is_gap[found])) as u32
    };
    future.dates().iter().map(of_day).collect()
}

#[cfg(test)]
mod tests {
    use conurb_climate::calendar::Calendar;

    use super::*;

    #[test]
    fn the_reference_stands_for_the_future_date_by_date() {
        let training = Days::of_years(Calendar::Standard, 2001, 2003);
        let future = Days::of_years(Calendar::Standard, 2047, 2052);
        let found = days_of_reference(&training, &future, &vec![false; training.len()]);
        let at = |year: i32, month: u8, day: u8| {
            let number = Calendar::Standard.day_number(Date { year, month, day }).unwrap();
            let day = future.numbers().binary_search(&number).unwrap();
            training.dates()[found[day] as usize]
        };
        assert_eq!(at(2047, 1, 1), Date { year: 2001, month: 1, day: 1 });
        // 2048 is a leap year, 2002 is not; after three years the reference begins again.
        assert_eq!(at(2048, 2, 29), Date { year: 2002, month: 2, day: 28 });
        assert_eq!(at(2052, 12, 31), Date { year: 2003, month: 12, day: 31 });
        assert_eq!(at(2050, 7, 4), Date { year: 2001, month: 7, day: 4 });
    }

    #[test]
    fn a_leap_day_that_the_files_do_not_have_is_that_before_it() {
        let leap = Days::of_years(Calendar::Standard, 2000, 2000);
        let mut is_gap = vec![false; 366];
        (is_gap[59], is_gap[80]) = (true, true);
        let found = days_of_reference(&leap, &leap, &is_gap);
        assert_eq!((found[58], found[59], found[60], found[80]), (58, 58, 60, 80));
    }
}
