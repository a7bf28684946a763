//! Trend-preserving adjustment of ISIMIP3.
//!
//! Lange, S. (2019): Trend-preserving bias adjustment and statistical downscaling with ISIMIP3BASD (v1.0), Geosci. Model Dev. 12,
//! 3055–3070, <https://doi.org/10.5194/gmd-12-3055-2019>, with the changes up to version 3.0 (Lange 2021, 2022). In windows
//! of the year: significant trends are taken out; the change that the model simulates for each quantile is carried over to the
//! reference, which makes the reference of the future; the future model is mapped to it, by fitted distributions or ranks; as many
//! days are set to the bounds as the reference has, with the model's change; the future's trend is put back.
//!
//! Differences to ISIMIP3BASD, none of which moves a mean: days beyond a threshold are spread evenly, not at random; of reference
//! values that are alike all have the last's probability; there is no trend of fewer than three years.

mod beyond;
mod mapping;
mod pool;
mod season;
mod settings;
#[cfg(test)]
mod tests;
mod transfer;
mod trend;
mod windows;

pub use settings::{Carried, Change, Detrending, Edge, Frequency, IsimipError, Mapping, Settings, Variable};

use crate::days::Days;
use crate::distributions::student_t_critical;
use crate::sample::Sample;
use pool::{Pool, SeriesDays};
use windows::Pair;

/// Which days are adjusted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// All.
    All,
    /// The days of each month of the year.
    Month,
    /// Days of the year, from those around them in all years, the last of December beside the first of January.
    DayOfYear {
        /// Days of the window, odd.
        days: u16,
        /// Days that are adjusted from one window, odd, at most those of the window.
        step: u16,
    },
}

/// What has been done to a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether one of the three series has no value at all; all results are then missing.
    pub is_masked: bool,
    /// Windows mapped by fitted distributions.
    pub fitted: u32,
    /// Windows mapped by ranks.
    pub by_rank: u32,
    /// Windows whose values stayed as they were (but for those set to bounds), for want of values to map to.
    pub left: u32,
    /// Days of windows in which the reference or the historical series has no value; their results are missing.
    pub days_untrained: u32,
}

/// Significance of trends.
const TREND_P: f64 = 0.05;

/// Adjustment of one set of three periods, prepared for all cells.
#[derive(Debug, Clone)]
pub struct IsimipPlan {
    settings: Settings,
    pairs: Vec<Pair>,
    days: [SeriesDays; 3],
    critical: Vec<f64>,
}

/// Working memory of a thread.
#[derive(Debug, Clone)]
pub struct Scratch {
    series: [Vec<f64>; 3],
    pools: [Pool; 3],
    stretched: transfer::Stretched,
    pseudo: Vec<f64>,
    centre: Vec<usize>,
    beyond: Vec<(f64, u64, u32)>,
    bounds: [Vec<f64>; 3],
    adjusted_bounds: Vec<f64>,
}

impl IsimipPlan {
    /// Prepares the adjustment of series of these days.
    ///
    /// # Errors
    /// Settings or a window that make no sense.
    pub fn new(
        settings: Settings,
        window: Window,
        reference: &Days,
        historical: &Days,
        future: &Days,
    ) -> Result<IsimipPlan, IsimipError> {
        check_window(window)?;
        settings.check()?;
        let days = [reference, historical, future].map(|days| {
            let (slot, n_slots) = windows::slots(window, days);
            let years: Vec<i32> = days.dates().iter().map(|date| date.year).collect();
            SeriesDays::new(slot, n_slots, &years)
        });
        let most_years = days.iter().map(|days| days.years.len()).max().unwrap_or(0);
        let critical = match settings.detrending {
            Detrending::Significant => (3..=most_years).map(|n| student_t_critical((n - 2) as f64, TREND_P)).collect(),
            Detrending::Never => Vec::new(),
        };
        Ok(IsimipPlan { settings, pairs: windows::pairs(window, &days[2].slot), days, critical })
    }

    /// Working memory for one thread.
    pub fn scratch(&self) -> Scratch {
        Scratch {
            series: [const { Vec::new() }; 3],
            pools: [Pool::new(), Pool::new(), Pool::new()],
            stretched: transfer::Stretched::default(),
            pseudo: Vec::new(),
            centre: Vec::new(),
            beyond: Vec::new(),
            bounds: [const { Vec::new() }; 3],
            adjusted_bounds: Vec::new(),
        }
    }

    /// Adjusts the future of a cell. Results are missing where the future is, and everywhere if one series has no value at all.
    ///
    /// `cell` decides together with the seed which of alike days beyond a threshold come first.
    ///
    /// # Panics
    /// If a series has not one value for each day of the plan.
    pub fn adjust<T: Sample>(
        &self,
        [reference, historical, future]: [&[T]; 3],
        cell: u64,
        out: &mut [T],
        scratch: &mut Scratch,
    ) -> Outcome {
        assert_eq!(out.len(), future.len(), "one result for each day of the future");
        out.fill(T::from_f64(f64::NAN));
        let mut outcome = Outcome::default();
        for (index, series) in [reference, historical, future].into_iter().enumerate() {
            assert_eq!(series.len(), self.days[index].slot.len(), "one value for each day");
            let values = &mut scratch.series[index];
            values.clear();
            values.extend(series.iter().map(|value| value.to_f64()).map(|v| if v.is_finite() { v } else { f64::NAN }));
            outcome.is_masked |= values.iter().all(|value| value.is_nan());
            scratch.pools[index].clear(&self.days[index]);
        }
        if outcome.is_masked {
            return outcome;
        }
        self.prepare(cell, scratch);
        for pair in &self.pairs {
            self.adjust_window(pair, future, out, scratch, &mut outcome);
        }
        outcome
    }

    /// Values relative to the season, and days beyond a threshold told apart.
    fn prepare(&self, cell: u64, scratch: &mut Scratch) {
        // Another plan may have left bounds here that this one does not have.
        scratch.adjusted_bounds.clear();
        for index in 0..3 {
            let (series, days) = (&mut scratch.series[index], &self.days[index]);
            if let Some(window) = self.settings.seasonal_maximum {
                season::upper_bounds(window, days, series, &mut scratch.bounds[index]);
                season::divide(days, &scratch.bounds[index], series);
            }
            beyond::spread(&self.settings, cell, series, &mut scratch.beyond);
        }
        if self.settings.seasonal_maximum.is_some() {
            let [reference, historical, future] = &scratch.bounds;
            season::adjusted_bounds([reference, historical, future], &mut scratch.adjusted_bounds);
        }
    }

    fn adjust_window<T: Sample>(
        &self,
        pair: &Pair,
        original: &[T],
        out: &mut [T],
        scratch: &mut Scratch,
        outcome: &mut Outcome,
    ) {
        let settings = &self.settings;
        let critical = (settings.detrending == Detrending::Significant).then_some(&self.critical[..]);
        for (index, pool) in scratch.pools.iter_mut().enumerate() {
            pool.move_to(pair.pool, &self.days[index], &scratch.series[index], critical);
        }
        let [reference, historical, future] = &scratch.pools;
        find(&mut scratch.centre, future.entries(), |entry| pair.centre.contains(entry.slot()));
        if scratch.centre.is_empty() {
            return;
        }
        let all = [reference.values(), historical.values(), future.values()];
        if all[0].is_empty() || all[1].is_empty() {
            // The results stay missing.
            outcome.days_untrained += scratch.centre.len() as u32;
            return;
        }
        let pseudo = &mut scratch.pseudo;
        pseudo.clear();
        let (low, high) = mapping::numbers_at_bounds(settings, all);
        let carried = if settings.carried == Carried::AllValues { all } else { all.map(|list| settings.between(list)) };
        transfer::pseudo_future(settings, carried, &mut scratch.stretched, pseudo);
        settings.retain_between(pseudo);
        let upper_from = all[2].len() - high;
        let free = &all[2][low..upper_from];
        let between = settings.between(all[2]);
        let map = (!pseudo.is_empty()).then(|| mapping::ValueMap::new(settings, free, between, pseudo));
        outcome.count(map.as_ref());
        for &index in &scratch.centre {
            let entry = future.entries()[index];
            let value = match (&map, settings.lower, settings.upper) {
                (_, Some(edge), _) if index < low => edge.bound,
                (_, _, Some(edge)) if index >= upper_from => edge.bound,
                (Some(map), _, _) => map.value(index - low) + future.trend(entry.year()),
                (None, _, _) => {
                    out[entry.day()] = original[entry.day()];
                    continue;
                }
            };
            let bound = scratch.adjusted_bounds.get(usize::from(entry.slot())).copied().unwrap_or(1.0);
            out[entry.day()] = T::from_f64(value * bound);
        }
    }
}

impl Outcome {
    fn count(&mut self, map: Option<&mapping::ValueMap<'_>>) {
        match map {
            Some(map) if map.is_fitted() => self.fitted += 1,
            Some(_) => self.by_rank += 1,
            None => self.left += 1,
        }
    }
}

fn check_window(window: Window) -> Result<(), IsimipError> {
    match window {
        Window::DayOfYear { days, step } if days % 2 == 0 || step % 2 == 0 || step > days || days > 365 => {
            Err(IsimipError::Window { days, step })
        }
        _ => Ok(()),
    }
}

/// Fills `found` with the indices of what is looked for.
fn find<E>(found: &mut Vec<usize>, list: &[E], is_wanted: impl Fn(&E) -> bool) {
    found.clear();
    found.resize(list.len(), 0);
    let mut n = 0;
    for (index, item) in list.iter().enumerate() {
        found[n] = index;
        n += usize::from(is_wanted(item));
    }
    found.truncate(n);
}
