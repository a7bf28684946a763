use proptest::prelude::*;

use super::*;
use crate::calendar::{Calendar, Date};
use crate::days::Days;

/// One year of 365 days, 0 °C and dry but for what is set.
struct Year {
    tas: Vec<f64>,
    tasmin: Vec<f64>,
    tasmax: Vec<f64>,
    pr: Vec<f64>,
}

impl Year {
    fn new(n: usize) -> Year {
        let cold = vec![ZERO_CELSIUS; n];
        Year { tas: cold.clone(), tasmin: cold.clone(), tasmax: cold, pr: vec![0.0; n] }
    }

    /// Sets days from `first` on to a minimum and a maximum (°C).
    fn heat(&mut self, first: usize, n: usize, [night, day]: [f64; 2]) {
        self.tasmin[first..first + n].fill(night + ZERO_CELSIUS);
        self.tasmax[first..first + n].fill(day + ZERO_CELSIUS);
    }

    fn series(&self) -> DailySeries<'_, f64> {
        DailySeries {
            tas: Some(&self.tas),
            tasmin: Some(&self.tasmin),
            tasmax: Some(&self.tasmax),
            pr: Some(&self.pr),
            tasmax_limits: None,
        }
    }
}

fn no_leap(first: i32, last: i32) -> Years {
    Years::new(&Days::of_years(Calendar::NoLeap, first, last))
}

fn of<T: Sample>(index: Index, series: &DailySeries<'_, T>, years: &Years) -> Vec<f64> {
    let mut out = vec![-1.0; years.len()];
    yearly(index, series, years, &Thresholds::default(), &mut out).unwrap();
    out
}

#[test]
fn heat_waves_are_three_hot_days_with_hot_nights() {
    let mut year = Year::new(365);
    year.heat(100, 2, [25.0, 35.0]);
    year.heat(110, 3, [20.5, 30.5]);
    year.heat(120, 5, [21.0, 31.0]);
    // The night is at its limit, not above.
    year.heat(130, 4, [20.0, 35.0]);
    // Two waves with one cool night between.
    year.heat(140, 7, [22.0, 33.0]);
    year.heat(143, 1, [12.0, 33.0]);
    let found = |index| of(index, &year.series(), &no_leap(2001, 2001))[0];
    assert_eq!(found(Index::HeatWaves), 4.0);
    assert_eq!(found(Index::HeatWaveDays), 3.0 + 5.0 + 3.0 + 3.0);
    assert_eq!(found(Index::LongestHeatWave), 5.0);
    assert_eq!(found(Index::TropicalNights), 2.0 + 3.0 + 5.0 + 6.0);
    assert_eq!(found(Index::HotDays), 2.0 + 3.0 + 5.0 + 4.0 + 7.0);
    assert_eq!(found(Index::HottestDay), 35.0);
}

#[test]
fn spells_are_cut_at_new_year() {
    let mut year = Year::new(3 * 365);
    // Four days of which two are in either year; then five, three of them in the old year.
    year.heat(363, 4, [25.0, 35.0]);
    year.heat(727, 5, [25.0, 35.0]);
    let years = no_leap(2001, 2003);
    assert_eq!(of(Index::HeatWaves, &year.series(), &years), [0.0, 1.0, 0.0]);
    assert_eq!(of(Index::HeatWaveDays, &year.series(), &years), [0.0, 3.0, 0.0]);
    assert_eq!(of(Index::SummerDays, &year.series(), &years), [2.0, 5.0, 2.0]);
    assert_eq!(of(Index::LongestDrySpell, &year.series(), &years), [365.0; 3]);
}

#[test]
fn limits_are_excluded_or_included_in_either_precision() {
    let kelvin = [0.0, 20.0, 25.0, 30.0].map(|celsius| (celsius + ZERO_CELSIUS) as f32);
    let values: Vec<f32> = (0..365).map(|day| kelvin[day % 4]).collect();
    let mm: Vec<f32> = (0..365).map(|day| [0.1, 1.0, 1.5, 0.999_999_9][day % 4]).collect();
    let series = DailySeries {
        tas: Some(values.as_slice()),
        tasmin: Some(values.as_slice()),
        tasmax: Some(values.as_slice()),
        pr: Some(mm.as_slice()),
        tasmax_limits: None,
    };
    let found = |index| of(index, &series, &no_leap(2001, 2001))[0];
    // Days 0, 4, ... are 92; the other three remainders have 91.
    assert_eq!(found(Index::FrostDays), 0.0);
    assert_eq!(found(Index::IceDays), 0.0);
    assert_eq!(found(Index::TropicalNights), 182.0);
    assert_eq!(found(Index::SummerDays), 91.0);
    assert_eq!(found(Index::HotDays), 0.0);
    assert_eq!(found(Index::WetDays), 182.0);
    assert_eq!(found(Index::LongestWetSpell), 2.0);
    assert_eq!(found(Index::LongestDrySpell), 2.0);
    assert!((found(Index::WetDayIntensity) - 1.25).abs() < 1e-12);
}

#[test]
fn degree_days_and_means() {
    let mut year = Year::new(360);
    year.tas[0..10].fill(ZERO_CELSIUS + 28.0);
    year.tas[10..360].fill(ZERO_CELSIUS + 15.0);
    year.tasmin[50] = ZERO_CELSIUS - 7.5;
    let years = Years::new(&Days::of_years(Calendar::Day360, 2050, 2050));
    let found = |index| of(index, &year.series(), &years)[0];
    assert!((found(Index::CoolingDegreeDays) - 100.0).abs() < 1e-9);
    assert!((found(Index::HeatingDegreeDays) - 350.0 * 3.0).abs() < 1e-9);
    assert!((found(Index::MeanTemperature) - (280.0 + 5250.0) / 360.0).abs() < 1e-9);
    assert!((found(Index::ColdestNight) + 7.5).abs() < 1e-9);
    assert_eq!((found(Index::FrostDays), found(Index::IceDays)), (1.0, 0.0));
}

#[test]
fn precipitation() {
    let mut year = Year::new(2 * 365);
    year.pr[10..13].copy_from_slice(&[4.0, 0.0, 6.0]);
    year.pr[200] = 9.0;
    // Over New Year: five days that end on 3 January.
    year.pr[363..368].copy_from_slice(&[5.0, 5.0, 0.5, 5.0, 5.0]);
    let years = no_leap(2001, 2002);
    let found = |index| of(index, &year.series(), &years);
    assert_eq!(found(Index::TotalPrecipitation), [29.0, 10.5]);
    assert_eq!(found(Index::WettestDay), [9.0, 5.0]);
    assert_eq!(found(Index::WettestFiveDays), [10.0, 20.5]);
    assert_eq!(found(Index::WetDays), [5.0, 2.0]);
    assert_eq!(found(Index::WetDayIntensity), [29.0 / 5.0, 5.0]);
    assert_eq!(found(Index::LongestWetSpell), [2.0, 2.0]);
    assert_eq!(found(Index::LongestDrySpell), [187.0, 362.0]);
    assert_eq!(of(Index::WetDayIntensity, &Year::new(365).series(), &no_leap(1, 1)), [0.0]);
}

#[test]
fn years_that_lack_a_day_have_no_value() {
    let mut year = Year::new(3 * 365);
    year.pr[365 + 364] = f64::NAN;
    year.pr[365 + 362] = 30.0;
    year.tasmin[5] = f64::NAN;
    let years = no_leap(2001, 2003);
    for index in Index::ALL.into_iter().filter(|index| !index.needs_day_limits()) {
        let missing = of(index, &year.series(), &years).iter().map(|value| value.is_nan()).collect::<Vec<_>>();
        let expected = if index.needs().contains(&Variable::Pr) {
            [false, true, false]
        } else if index.needs().contains(&Variable::Tasmin) {
            [true, false, false]
        } else {
            [false; 3]
        };
        assert_eq!(missing, expected, "{index:?}");
    }
    // The day that lacks breaks the sum that would reach the 30 mm.
    assert_eq!(of(Index::WettestFiveDays, &year.series(), &years)[2], 0.0);
    let mean = mean_of_years(&[2.0, f64::NAN, 6.0]);
    assert_eq!(mean, MeanOfYears { mean: 4.0, years: 2 });
    assert!(mean_of_years(&[f64::NAN]).mean.is_nan());
}

#[test]
fn nothing_infinite_comes_in_or_out() {
    let mut year = Year::new(2 * 365);
    year.tas[3] = f64::INFINITY;
    year.tasmax[4] = f64::NEG_INFINITY;
    year.pr[5..9].fill(1e308);
    let years = no_leap(2001, 2002);
    for index in [Index::MeanTemperature, Index::IceDays, Index::TotalPrecipitation, Index::WettestFiveDays] {
        let found = of(index, &year.series(), &years);
        assert!(found[0].is_nan() && found[1].is_finite(), "{index:?} {found:?}");
    }
}

#[test]
fn years_that_begin_late_have_no_value_and_lend_their_last_days() {
    let start = Calendar::Standard.day_number(Date { year: 2003, month: 12, day: 28 }).unwrap();
    let days = |numbers: Vec<i64>| Years::new(&Days::new(Calendar::Standard, numbers).unwrap());
    let whole = days((start..start + 4 + 366).collect());
    let mut pr = vec![0.0_f32; 370];
    pr[0] = 50.0;
    let series = DailySeries { pr: Some(pr.as_slice()), ..DailySeries::default() };
    let found = of(Index::WettestFiveDays, &series, &whole);
    assert!(found[0].is_nan() && of(Index::TotalPrecipitation, &series, &whole)[0].is_nan());
    assert_eq!(found[1], 50.0);
    // The same, but one day lacks in December.
    let gap = days((start..start + 4 + 366).filter(|day| *day != start + 2).collect());
    let series = DailySeries { pr: Some(&pr[..369]), ..DailySeries::default() };
    assert_eq!(of(Index::WettestFiveDays, &series, &gap)[1], 0.0);
}

#[test]
fn warm_days_are_above_the_limit_of_their_day() {
    let mut year = Year::new(365 + 366);
    let mut limits = vec![ZERO_CELSIUS + 1.0; 366];
    limits[40] = ZERO_CELSIUS - 1.0;
    year.heat(100, 6, [0.0, 1.5]);
    year.heat(365 + 365, 1, [0.0, 2.0]);
    let years = Years::new(&Days::of_years(Calendar::Standard, 2003, 2004));
    let series = DailySeries { tasmax_limits: Some(&limits), ..year.series() };
    assert_eq!(of(Index::WarmDays, &series, &years), [7.0, 2.0]);
    assert_eq!(of(Index::WarmSpells, &series, &years), [1.0, 0.0]);
    assert_eq!(of(Index::WarmSpellDays, &series, &years), [6.0, 0.0]);
    assert_eq!(of(Index::LongestWarmSpell, &series, &years), [6.0, 0.0]);
    // A limit that lacks for day 366 is none for the year that has it.
    limits[365] = f64::NAN;
    let series = DailySeries { tasmax_limits: Some(&limits), ..year.series() };
    let found = of(Index::WarmDays, &series, &years);
    assert!(found[0] == 7.0 && found[1].is_nan());
}

#[test]
fn what_does_not_fit_is_refused() {
    let year = Year::new(365);
    let (years, limits) = (no_leap(2001, 2001), Thresholds::default());
    let mut out = [0.0];
    let mut run = |index, series: DailySeries<'_, f64>| yearly(index, &series, &years, &limits, &mut out).unwrap_err();
    let series = DailySeries { tasmin: None, ..year.series() };
    let error = run(Index::HeatWaves, series);
    assert_eq!(error, IndexError::NoSeries { index: Index::HeatWaves, variable: Variable::Tasmin });
    assert_eq!(error.to_string(), "HeatWaves needs Tasmin");
    let series = DailySeries { tasmax: Some(&year.tasmax[1..]), ..year.series() };
    let length = |variable, found| IndexError::Length { variable, found, expected: 365 };
    assert_eq!(run(Index::HeatWaves, series), length(Variable::Tasmax, 364));
    assert_eq!(run(Index::HotDays, series), length(Variable::Tasmax, 364));
    let error = IndexError::NoLimits { index: Index::WarmDays, days: 365, found: 0 };
    assert_eq!(run(Index::WarmDays, year.series()), error);
    let error = yearly(Index::WetDays, &year.series(), &years, &limits, &mut []).unwrap_err();
    assert_eq!(error, IndexError::Years { found: 0, expected: 1 });
    let mut reducer = Reducer::new(Index::WetDays, &limits);
    reducer.add(&year.series(), &years, &mut out).unwrap();
    let error = reducer.add(&year.series(), &years, &mut out).unwrap_err();
    assert_eq!(error, IndexError::TooLong { values: 365, days: 0 });
}

#[test]
fn every_index_is_in_the_list_once() {
    for (at, index) in Index::ALL.into_iter().enumerate() {
        assert_eq!(index as usize, at);
        assert!(!index.needs().is_empty() && !index.unit().is_empty());
    }
}

proptest! {
    #[test]
    fn parts_change_no_bit(
        values in proptest::collection::vec(-5.0_f32..40.0, 2000), mut cuts in proptest::collection::vec(0_usize..2000, 1..30),
        missing in 0_usize..2000, absent in 1_usize..700,
    ) {
        let mut numbers: Vec<i64> = (730_000..732_001).collect();
        numbers.remove(absent);
        let years = Years::new(&Days::new(Calendar::Standard, numbers).unwrap());
        let kelvin = |shift: f32| values.iter().map(|value| value + 273.15 + shift).collect::<Vec<f32>>();
        let (tas, tasmin, mut tasmax) = (kelvin(0.0), kelvin(-4.0), kelvin(4.0));
        tasmax[missing] = f32::NAN;
        let pr: Vec<f32> = values.iter().map(|value| (value - 20.0).max(0.0)).collect();
        let limits = vec![300.0; 366];
        let part = |begin: usize, end: usize| DailySeries {
            tas: Some(&tas[begin..end]),
            tasmin: Some(&tasmin[begin..end]),
            tasmax: Some(&tasmax[begin..end]),
            pr: Some(&pr[begin..end]),
            tasmax_limits: Some(limits.as_slice()),
        };
        cuts.extend([0, 2000]);
        cuts.sort_unstable();
        for index in Index::ALL {
            let whole = of(index, &part(0, 2000), &years);
            let mut found = vec![-1.0; years.len()];
            let mut reducer = Reducer::new(index, &Thresholds::default());
            for pair in cuts.windows(2) {
                reducer.add(&part(pair[0], pair[1]), &years, &mut found).unwrap();
            }
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&found), bits(&whole), "{:?}", index);
            prop_assert!(whole.iter().all(|value| !value.is_infinite()));
        }
    }
}
