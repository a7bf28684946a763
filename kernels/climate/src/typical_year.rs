//! A typical year put together from months of several years.
//!
//! For each month of the year its days of all years give a long-term distribution of each variable, and each year one of
//! its own. The Finkelstein-Schafer statistic is the mean distance of the two over the days of that year's month:
//! FS = (1/n) Σ |F(i) − Φ(i)|, F = J / (n + 1), Φ = K / (N + 1), with J and K the ranks of the day's value, equal ones sharing their mean, in the
//! month and in all years. Years are ranked by it for temperature, radiation and humidity; of the three with the least sum of
//! ranks the one whose mean wind is nearest to that of all years is taken.
//!
//! Source: ISO 15927-4 (2005), clause 5.2 (which leaves out 1/n: the same order, but for Februaries of unlike length);
//! Finkelstein & Schafer, Improved goodness-of-fit tests, Biometrika 58, 1971.

use thiserror::Error;

use crate::days::Days;
use crate::hourly::{DailyWeather, HourlyError};
use crate::sample::Sample;

/// Least number of years that a typical one can be chosen from.
pub const LEAST_YEARS: usize = 3;
/// How many years are left to be told apart by their wind.
const N_FINALISTS: usize = 3;

/// Why there is no typical year.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum TypicalYearError {
    /// A variable that years are judged by.
    #[error("{what} is missing")]
    Missing {
        /// Which variable.
        what: &'static str,
    },
    /// Series that do not fit the days.
    #[error(transparent)]
    Series(#[from] HourlyError),
    /// A month with too few years in which it is complete.
    #[error("month {month} is complete in {n_years} years; expected at least {LEAST_YEARS}")]
    TooFewYears {
        /// Month, 1 to 12.
        month: usize,
        /// Years in which no day of it is missing.
        n_years: usize,
    },
}

/// The year that each month is taken from, January first.
///
/// Months that lack a day of any variable are left out. Wind is optional: without it the least sum of ranks decides. Of equal
/// years the earliest is taken. Pressure where nothing else gives it is `pressure` (Pa), for specific humidity.
///
/// # Errors
/// No radiation or humidity, series that do not fit, a month with fewer than [`LEAST_YEARS`] complete years.
pub fn typical_year<T: Sample>(
    days: &Days,
    daily: &DailyWeather<'_, T>,
    pressure: f64,
) -> Result<[i32; 12], TypicalYearError> {
    check(days, daily)?;
    let mut years = [0; 12];
    for (month, year) in years.iter_mut().enumerate() {
        let candidates = candidates(days, daily, pressure, month + 1);
        if candidates.len() < LEAST_YEARS {
            return Err(TypicalYearError::TooFewYears { month: month + 1, n_years: candidates.len() });
        }
        *year = most_typical(&candidates);
    }
    Ok(years)
}

/// A month of one year: its days' temperature, radiation and humidity, and its wind.
#[derive(Debug, Clone)]
struct Candidate {
    year: i32,
    days: [Vec<f64>; 3],
    wind: Vec<f64>,
}

fn check<T: Sample>(days: &Days, daily: &DailyWeather<'_, T>) -> Result<(), TypicalYearError> {
    if daily.rsds.is_none() {
        return Err(TypicalYearError::Missing { what: "rsds" });
    }
    if daily.hurs.is_none() && daily.huss.is_none() {
        return Err(TypicalYearError::Missing { what: "hurs" });
    }
    Ok(daily.check_length(days.len())?)
}

/// Years, ascending, in which a month (1 to 12) is complete.
fn candidates<T: Sample>(days: &Days, daily: &DailyWeather<'_, T>, pressure: f64, month: usize) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for (index, date) in days.dates().iter().enumerate().filter(|(_, date)| usize::from(date.month) == month) {
        if found.last().is_none_or(|last| last.year != date.year) {
            found.push(Candidate { year: date.year, days: Default::default(), wind: Vec::new() });
        }
        let candidate = found.last_mut().expect("one was added");
        let day = daily.day(index, pressure);
        let values = [Some(day.mean), day.ghi, day.relative_humidity];
        for (series, value) in candidate.days.iter_mut().zip(values) {
            series.push(value.unwrap_or(f64::NAN));
        }
        candidate.wind.extend(day.wind_speed);
    }
    let is_known = |series: &Vec<f64>| series.iter().all(|value| !value.is_nan());
    found.retain(|candidate| {
        let n_days = days_of_month(days, candidate.year, month as u8);
        candidate.days[0].len() == n_days && candidate.days.iter().all(is_known) && is_known(&candidate.wind)
    });
    found
}

fn days_of_month(days: &Days, year: i32, month: u8) -> usize {
    (1..=31).filter(|&day| days.calendar.has(crate::calendar::Date { year, month, day })).count()
}

fn most_typical(candidates: &[Candidate]) -> i32 {
    let mut scores = vec![0; candidates.len()];
    for variable in 0..3 {
        let mut all: Vec<f64> = candidates.iter().flat_map(|candidate| candidate.days[variable].clone()).collect();
        all.sort_by(f64::total_cmp);
        let distances: Vec<f64> =
            candidates.iter().map(|candidate| finkelstein_schafer(&candidate.days[variable], &all)).collect();
        for (score, distance) in scores.iter_mut().zip(&distances) {
            *score += distances.iter().filter(|&other| other < distance).count();
        }
    }
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|&candidate| (scores[candidate], candidate));
    order.truncate(N_FINALISTS);
    let long_term = mean(candidates.iter().flat_map(|candidate| &candidate.wind));
    // Without wind all are as far from it, and the first of the order stays.
    let departure = |&candidate: &usize| {
        let wind = mean(&candidates[candidate].wind);
        if wind.is_nan() { 0.0 } else { (wind - long_term).abs() }
    };
    let first = order.iter().copied().min_by(|one, other| departure(one).total_cmp(&departure(other)));
    candidates[first.expect("there are at least three")].year
}

/// Mean distance of the distribution of `month` from that of `all`, which is sorted, over the days of the month.
fn finkelstein_schafer(month: &[f64], all: &[f64]) -> f64 {
    let mut sorted = month.to_vec();
    sorted.sort_by(f64::total_cmp);
    let share = |values: &[f64], value: f64| {
        let (below, up_to) =
            (values.partition_point(|&other| other < value), values.partition_point(|&other| other <= value));
        0.5 * (below + up_to + 1) as f64 / (values.len() + 1) as f64
    };
    let sum: f64 = sorted.iter().map(|&value| (share(&sorted, value) - share(all, value)).abs()).sum();
    sum / sorted.len() as f64
}

/// Mean, NaN of nothing.
fn mean<'a>(values: impl IntoIterator<Item = &'a f64>) -> f64 {
    let (sum, n_values) = values.into_iter().fold((0.0, 0.0), |(sum, n_values), value| (sum + value, n_values + 1.0));
    sum / n_values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Calendar;

    struct Made {
        days: Days,
        tas: Vec<f64>,
        rsds: Vec<f64>,
        hurs: Vec<f64>,
        wind: Vec<f64>,
    }

    /// Years 2001 to 2001 + `shifts.len()` − 1 of the same days, each shifted by so much.
    fn made(calendar: Calendar, shifts: &[f64]) -> Made {
        let days = Days::of_years(calendar, 2001, 2000 + shifts.len() as i32);
        let series = |value: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
            let of = |index: usize| {
                value(f64::from(days.day_of_year()[index]), shifts[(days.dates()[index].year - 2001) as usize])
            };
            (0..days.len()).map(of).collect()
        };
        let wave = |day: f64, period: f64| conurb_numerics::sin_cos_degrees(360.0 * day / period).0;
        Made {
            tas: series(&|day, shift| 283.0 + 5.0 * wave(day, 9.0) + shift),
            rsds: series(&|day, shift| 150.0 + 50.0 * wave(day, 7.0) + 10.0 * shift),
            hurs: series(&|day, shift| 60.0 + 10.0 * wave(day, 5.0) + shift),
            wind: series(&|_, _| 3.0),
            days,
        }
    }

    impl Made {
        fn daily(&self) -> DailyWeather<'_, f64> {
            DailyWeather {
                tas: &self.tas,
                tasmin: None,
                tasmax: None,
                rsds: Some(&self.rsds),
                hurs: Some(&self.hurs),
                huss: None,
                sfc_wind: None,
                ps: None,
            }
        }
        fn set(series: &mut [f64], days: &Days, year: i32, month: u8, value: f64) {
            for (index, _) in
                days.dates().iter().enumerate().filter(|(_, date)| (date.year, date.month) == (year, month))
            {
                series[index] = value;
            }
        }
    }

    /// Month 1, 3 against all of 1, 2, 3, 4: F = 1/3, 2/3; Φ = 1/5, 3/5; FS = (2/15 + 1/15) / 2 = 0.1.
    #[test]
    fn statistic_by_hand() {
        assert!((finkelstein_schafer(&[3.0, 1.0], &[1.0, 2.0, 3.0, 4.0]) - 0.1).abs() < 1e-15);
        // Ties: 2, 2 against 1, 2, 2, 2, 5: F = 1.5 / 3, Φ = 3 / 6; 2, 2, 2 against 1, 1, 2, 2, 2: F = 2 / 4, Φ = 4 / 6.
        assert_eq!(finkelstein_schafer(&[2.0, 2.0], &[1.0, 2.0, 2.0, 2.0, 5.0]), 0.0);
        assert!((finkelstein_schafer(&[2.0; 3], &[1.0, 1.0, 2.0, 2.0, 2.0]) - 1.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn the_middle_year_is_typical() {
        for calendar in [Calendar::NoLeap, Calendar::ProlepticGregorian, Calendar::Day360] {
            let made = made(calendar, &[-3.0, 1.5, 0.0, -1.5, 3.0]);
            assert_eq!(typical_year(&made.days, &made.daily(), 1e5), Ok([2003; 12]), "{calendar:?}");
        }
    }

    #[test]
    fn wind_decides_between_the_best_three() {
        let mut made = made(Calendar::NoLeap, &[-4.0, 0.6, 0.0, -0.5, 4.0]);
        for (year, wind) in [(2001, 4.0), (2002, 3.1), (2003, 6.0), (2004, 5.0), (2005, 3.0)] {
            Made::set(&mut made.wind, &made.days, year, 7, wind);
        }
        // Mean wind of July is 4.22: 2002, 2003, 2004 depart from it by 1.12, 1.78, 0.78; 2001 by 0.22, but its other values
        // are too far from the rest.
        let daily = DailyWeather { sfc_wind: Some(&made.wind), ..made.daily() };
        let mut expected = [2003; 12];
        expected[6] = 2004;
        assert_eq!(typical_year(&made.days, &daily, 1e5), Ok(expected));
    }

    #[test]
    fn months_that_lack_a_day_are_left_out() {
        let mut made = made(Calendar::NoLeap, &[-3.0, 1.5, 0.0, -1.5, 3.0]);
        made.hurs[2 * 365 + 40] = f64::NAN;
        let found = typical_year(&made.days, &made.daily(), 1e5).unwrap();
        assert_ne!(found[1], 2003);
        assert!(found.iter().enumerate().all(|(month, &year)| month == 1 || year == 2003));
        // A day that is not in the series at all.
        let numbers: Vec<i64> = made.days.numbers().iter().copied().skip(1).collect();
        let days = Days::new(Calendar::NoLeap, numbers).unwrap();
        let cut = DailyWeather {
            tas: &made.tas[1..],
            rsds: Some(&made.rsds[1..]),
            hurs: Some(&made.hurs[1..]),
            ..made.daily()
        };
        assert_eq!(
            candidates(&days, &cut, 1e5, 1).iter().map(|one| one.year).collect::<Vec<_>>(),
            [2002, 2003, 2004, 2005]
        );
    }

    #[test]
    fn too_little_is_an_error() {
        let mut made = made(Calendar::NoLeap, &[0.0, 1.0, 2.0]);
        made.tas[400] = f64::NAN;
        let error = typical_year(&made.days, &made.daily(), 1e5).unwrap_err();
        assert_eq!(error, TypicalYearError::TooFewYears { month: 2, n_years: 2 });
        let without = DailyWeather { rsds: None, ..made.daily() };
        assert_eq!(typical_year(&made.days, &without, 1e5), Err(TypicalYearError::Missing { what: "rsds" }));
        let short = DailyWeather { hurs: Some(&made.hurs[1..]), ..made.daily() };
        let error = typical_year(&made.days, &short, 1e5).unwrap_err();
        let expected = HourlyError::Length { what: "hurs", len: 3 * 365 - 1, expected: 3 * 365 };
        assert_eq!(error, TypicalYearError::Series(expected));
    }

    #[test]
    fn equal_years_give_the_earliest() {
        let made = made(Calendar::NoLeap, &[0.0; 4]);
        assert_eq!(typical_year(&made.days, &made.daily(), 1e5), Ok([2001; 12]));
    }
}
