//! Hours of the measured day that is most alike.
//!
//! For each projected day the days measured around the same day of the year are compared by rank: the rank that each daily
//! value would have among theirs with the rank of their own value, summed over the variables that both have. The day
//! of the least sum gives all variables, so that what belongs together stays together; its hours are then made to keep
//! what was projected.
//!
//! Source: Zabel & Poschlod, The Teddy tool v1.1: temporal disaggregation of daily climate model data for climate impact
//! analysis, Geosci. Model Dev. 16, 2023, 5383, <https://doi.org/10.5194/gmd-16-5383-2023> (the idea; ranks as above).

use super::fit::{extremes, mean};
use super::joints::{before, smooth};
use super::transfer::{Place, temperature, transfer};
use super::{
    DAYS, DailyWeather, Day, DayHours, DayWeather, HOURS_OF_DAY, HourlyError, HourlyYear, LocalClock, SunYear,
    Variable, WeatherHours,
};
use crate::sample::Sample;

/// Most days on either side of a day that are looked at.
const MOST_HALF_WINDOW: usize = 182;
/// How many daily values are compared: temperature (mean, least, greatest), radiation, humidity, wind, pressure.
const N_COMPARED: usize = 7;
/// What a donor must have all day, if any donor has it.
const NEEDED: [Variable; 5] =
    [Variable::TempAir, Variable::RelativeHumidity, Variable::WindSpeed, Variable::Ghi, Variable::Pressure];

/// Measured days, ready to be compared.
#[derive(Debug, Clone)]
pub struct Donors {
    clock: LocalClock,
    days: Vec<DayWeather>,
    pools: Vec<Pool>,
    pressure: f64,
}

/// The days around a day of the year.
#[derive(Debug, Clone)]
struct Pool {
    /// Which days, ascending.
    donors: Vec<usize>,
    /// Their values, sorted; none of a variable that was not measured.
    sorted: [Vec<f64>; N_COMPARED],
    /// Rank of each of them, doubled.
    ranks: [Vec<usize>; N_COMPARED],
}

impl Donors {
    /// Prepares years of hours by the clock of a place that is `clock` ahead of UTC, to give days up to `half_window` (0 to
    /// 182) days away from the projected one's day of the year, December beside January. Mean pressure where nothing else
    /// gives it is that of the donors, or 101 325 Pa.
    ///
    /// Days that lack an hour of temperature, humidity, wind, global radiation or pressure, which others have, are no donors.
    /// Humidity comes from the dew point where it is not given itself.
    ///
    /// # Errors
    /// Hours of the wrong number, infinite ones, no temperature, a window too wide, a day of the year without a donor.
    pub fn new(years: &[WeatherHours<'_>], clock: LocalClock, half_window: usize) -> Result<Donors, HourlyError> {
        if half_window > MOST_HALF_WINDOW {
            let (what, expected) = ("half a window", "0 to 182 days");
            return Err(HourlyError::Value { what, index: 0, value: half_window as f64, expected });
        }
        years.iter().try_for_each(WeatherHours::check)?;
        let cut = |year| (0..DAYS).map(move |day| DayWeather::cut(year, clock, day));
        let days: Vec<DayWeather> = years.iter().flat_map(cut).collect();
        let is_known = |day: &DayWeather, variable: Variable| !mean(day.of(variable)).is_nan();
        let needed: Vec<Variable> =
            NEEDED.into_iter().filter(|&variable| days.iter().any(|day| is_known(day, variable))).collect();
        let is_donor: Vec<bool> =
            days.iter().map(|day| needed.iter().all(|&variable| is_known(day, variable))).collect();
        let daily: Vec<[f64; N_COMPARED]> = days.iter().map(|day| compared(&of_hours(day))).collect();
        let pools: Vec<Pool> = (0..DAYS).map(|day| Pool::new(day, half_window, &is_donor, &daily)).collect();
        if let Some(day) = pools.iter().position(|pool| pool.donors.is_empty()) {
            return Err(HourlyError::NoDonor { day: day + 1, half_window });
        }
        let pressure = mean_pressure(&days);
        Ok(Donors { clock, days, pools, pressure })
    }

    /// The measured day most like a projected one on day `day_of_year` (0 to 364) of the year, the earliest of several.
    ///
    /// The number counts days through all years of donors in turn.
    pub fn choose(&self, day: &Day, day_of_year: usize) -> usize {
        let pool = &self.pools[day_of_year];
        let mut distances = vec![0; pool.donors.len()];
        for (variable, value) in compared(day).into_iter().enumerate() {
            if value.is_nan() || pool.sorted[variable].is_empty() {
                continue;
            }
            let rank = doubled_rank(&pool.sorted[variable], value);
            for (distance, &of_donor) in distances.iter_mut().zip(&pool.ranks[variable]) {
                *distance += rank.abs_diff(of_donor);
            }
        }
        let nearest = distances.iter().zip(&pool.donors).min();
        *nearest.expect("a pool without donors was refused").1
    }

    /// Hours of a local year out of days of a series: `days[k]` is the day of the series that is day `k` of the year.
    ///
    /// Each day, which is one of UTC, keeps its mean of each variable, its least and greatest temperature ([`super::fit`]).
    /// Where two days meet, temperature steps about as it did in the donors; all else is as the donors were there.
    ///
    /// # Errors
    /// Series of different lengths, days outside of them, another number of days than 365.
    pub fn hours<T: Sample>(
        &self,
        daily: &DailyWeather<'_, T>,
        days: &[usize],
        sun: &SunYear,
    ) -> Result<HourlyYear, HourlyError> {
        daily.check_year(days)?;
        let wanted: Vec<Day> = days.iter().map(|&index| daily.day(index, self.pressure)).collect();
        let chosen: Vec<usize> = wanted.iter().enumerate().map(|(day, wanted)| self.choose(wanted, day)).collect();
        let course = |&donor: &usize| self.days[donor].of(Variable::TempAir);
        let mut temperatures: Vec<DayHours> =
            chosen.iter().zip(&wanted).map(|(donor, wanted)| temperature(course(donor), wanted)).collect();
        smooth(&mut temperatures, &wanted, &self.steps(&chosen));
        let mut year = HourlyYear::unknown();
        for (day, &temp_air) in temperatures.iter().enumerate() {
            let place = Place { sun, clock: self.clock, day };
            year.set_day(self.clock, day, &transfer(&self.days[chosen[day]], &wanted[day], temp_air, place));
        }
        Ok(year)
    }

    /// Steps of temperature (K) to be expected at the start of each day: between that with which its donor began and that
    /// with which the donor of the day before ended.
    fn steps(&self, chosen: &[usize]) -> Vec<f64> {
        let step_into = |donor: usize| {
            let earlier = donor - donor % DAYS + before(donor % DAYS);
            let last = self.days[earlier].of(Variable::TempAir)[HOURS_OF_DAY - 1];
            let step = self.days[donor].of(Variable::TempAir)[0] - last;
            // The day before may be no donor itself.
            if step.is_nan() { 0.0 } else { step }
        };
        let step_out_of = |donor: usize| step_into(donor - donor % DAYS + (donor % DAYS + 1) % DAYS);
        (0..DAYS).map(|day| 0.5 * (step_into(chosen[day]) + step_out_of(chosen[before(day)]))).collect()
    }
}

impl Pool {
    fn new(day: usize, half_window: usize, is_donor: &[bool], daily: &[[f64; N_COMPARED]]) -> Pool {
        let is_near = |donor: usize| {
            let apart = (donor % DAYS).abs_diff(day);
            apart.min(DAYS - apart) <= half_window
        };
        let donors: Vec<usize> = (0..daily.len()).filter(|&donor| is_donor[donor] && is_near(donor)).collect();
        let values = |variable: usize| donors.iter().map(move |&donor| daily[donor][variable]);
        let sorted: [Vec<f64>; N_COMPARED] = std::array::from_fn(|variable| {
            let mut sorted: Vec<f64> = values(variable).filter(|value| !value.is_nan()).collect();
            sorted.sort_by(f64::total_cmp);
            sorted
        });
        let ranks = std::array::from_fn(|variable| {
            values(variable).map(|value| doubled_rank(&sorted[variable], value)).collect()
        });
        Pool { donors, sorted, ranks }
    }
}

/// Twice the mean rank of a value: the number of those below and, once more, of those not above.
fn doubled_rank(sorted: &[f64], value: f64) -> usize {
    sorted.partition_point(|&other| other < value) + sorted.partition_point(|&other| other <= value)
}

fn compared(day: &Day) -> [f64; N_COMPARED] {
    let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
    [
        day.mean,
        or_nan(day.least),
        or_nan(day.greatest),
        or_nan(day.ghi),
        or_nan(day.relative_humidity),
        or_nan(day.wind_speed),
        or_nan(day.pressure),
    ]
}

/// What the hours of a day come to.
fn of_hours(day: &DayWeather) -> Day {
    let (least, greatest) = extremes(day.of(Variable::TempAir));
    let mean = |variable| mean(day.of(variable));
    Day {
        mean: mean(Variable::TempAir),
        least: Some(least),
        greatest: Some(greatest),
        ghi: Some(mean(Variable::Ghi)),
        relative_humidity: Some(mean(Variable::RelativeHumidity)),
        wind_speed: Some(mean(Variable::WindSpeed)),
        pressure: Some(mean(Variable::Pressure)),
    }
}

/// Mean pressure of all days that have it (Pa), else that of the standard atmosphere at sea level.
fn mean_pressure(days: &[DayWeather]) -> f64 {
    let known = days.iter().map(|day| mean(day.of(Variable::Pressure))).filter(|pressure| !pressure.is_nan());
    let (sum, n_days) = known.fold((0.0, 0.0), |(sum, n_days), pressure| (sum + pressure, n_days + 1.0));
    if n_days > 0.0 { sum / n_days } else { 101_325.0 }
}

#[cfg(test)]
mod tests;
