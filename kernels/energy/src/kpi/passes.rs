//! Passes over the hours of a chunk, one for each series, so that what is summed stays in registers.

use super::{Controls, HourOf, N_LIMITS, Spread};
use crate::dispatch::{Sweep, dispatch};
use crate::hourly::{Hourly, LANES, Lanes};
use crate::zone::Supply;

/// Largest value so far and its hour.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Peak {
    value: Lanes,
    hour: Lanes,
}

/// Sum, least and greatest so far.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Extremes {
    sum: Lanes,
    min: Lanes,
    max: Lanes,
}

/// Temperatures and how far they exceed limits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Temperatures {
    limits: [f64; N_LIMITS],
    pub extremes: Extremes,
    pub hours_above: [Lanes; N_LIMITS],
    pub degree_hours_above: [Lanes; N_LIMITS],
}

/// Hours that systems cannot serve.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unmet {
    /// Twice the radiant share of what thermostats feel: they feel air + this (operative − air).
    radiant: Lanes,
    pub heating: UnmetSupply,
    pub cooling: UnmetSupply,
}

/// Hours that heating, or cooling, cannot serve.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UnmetSupply {
    /// Power from which on it counts as full (W); infinite where there is none.
    full: Lanes,
    /// Temperature that full power must reach, the tolerance taken off (°C).
    bound: Lanes,
    pub hours: Lanes,
}

struct AddSum<'a>(&'a [Lanes], &'a mut Lanes);
struct AddPeak<'a>(&'a [Lanes], f64, &'a mut Lanes, &'a mut Peak);
struct AddExtremes<'a>(&'a [Lanes], &'a mut Extremes);
struct AddTemperatures<'a>(&'a [Lanes], &'a mut Temperatures);
struct AddUnmet<'a>(&'a Hourly, &'a mut Unmet);

/// Adds each hour of `series` to `sum`.
pub(super) fn add_sum(series: &[Lanes], sum: &mut Lanes) {
    dispatch(AddSum(series, sum));
}

impl Peak {
    pub fn none() -> Self {
        Peak { value: [0.0; LANES], hour: [0.0; LANES] }
    }

    /// Adds `series` from hour `first_hour` on, and to `sum`.
    pub fn add(&mut self, series: &[Lanes], first_hour: usize, sum: &mut Lanes) {
        dispatch(AddPeak(series, first_hour as f64, sum, self));
    }

    pub fn of(&self, lane: usize) -> Option<HourOf> {
        (self.value[lane] > 0.0).then(|| HourOf { value: self.value[lane], hour: self.hour[lane] as usize })
    }
}

impl Extremes {
    pub fn none() -> Self {
        Extremes { sum: [0.0; LANES], min: [f64::INFINITY; LANES], max: [f64::NEG_INFINITY; LANES] }
    }

    pub fn add(&mut self, series: &[Lanes]) {
        dispatch(AddExtremes(series, self));
    }

    pub fn spread(&self, lane: usize, hours: f64) -> Spread {
        Spread { min: self.min[lane], mean: self.sum[lane] / hours, max: self.max[lane] }
    }

    #[inline(always)]
    fn take(&mut self, now: &Lanes) {
        for (lane, now) in now.iter().enumerate() {
            self.sum[lane] += now;
            self.min[lane] = if *now < self.min[lane] { *now } else { self.min[lane] };
            self.max[lane] = if *now > self.max[lane] { *now } else { self.max[lane] };
        }
    }
}

impl Temperatures {
    pub fn new(limits: [f64; N_LIMITS]) -> Self {
        let zeros = [[0.0; LANES]; N_LIMITS];
        Temperatures { limits, extremes: Extremes::none(), hours_above: zeros, degree_hours_above: zeros }
    }

    pub fn add(&mut self, series: &[Lanes]) {
        dispatch(AddTemperatures(series, self));
    }
}

impl Unmet {
    pub fn new(zones: &[Controls], tolerance: f64) -> Self {
        let mut radiant = [0.0; LANES];
        for (radiant, zone) in radiant.iter_mut().zip(zones) {
            *radiant = 2.0 * zone.radiant_share;
        }
        let heating = UnmetSupply::new(zones, |zone| zone.heating, -tolerance);
        let cooling = UnmetSupply::new(zones, |zone| zone.cooling, tolerance);
        Unmet { radiant, heating, cooling }
    }

    pub fn add(&mut self, hourly: &Hourly) {
        dispatch(AddUnmet(hourly, self));
    }
}

impl UnmetSupply {
    fn new(zones: &[Controls], supply: impl Fn(&Controls) -> Supply, margin: f64) -> Self {
        // Rounding may leave full power a little below itself.
        const NEARLY: f64 = 1.0 - 1e-9;
        let mut unmet = UnmetSupply { full: [f64::INFINITY; LANES], bound: [0.0; LANES], hours: [0.0; LANES] };
        for (lane, zone) in zones.iter().enumerate() {
            let supply = supply(zone);
            if supply.max_power > 0.0 {
                unmet.full[lane] = NEARLY * supply.max_power;
            }
            unmet.bound[lane] = supply.setpoint + margin;
        }
        unmet
    }
}

impl Sweep for AddSum<'_> {
    #[inline(always)]
    fn sweep(self) {
        let mut sum = *self.1;
        for now in self.0 {
            for (sum, now) in sum.iter_mut().zip(now) {
                *sum += now;
            }
        }
        *self.1 = sum;
    }
}

impl Sweep for AddPeak<'_> {
    #[inline(always)]
    fn sweep(self) {
        let AddPeak(series, mut hour, total, peak) = self;
        let (mut sum, mut value, mut hours) = (*total, peak.value, peak.hour);
        for now in series {
            for lane in 0..LANES {
                sum[lane] += now[lane];
                hours[lane] = if now[lane] > value[lane] { hour } else { hours[lane] };
                value[lane] = if now[lane] > value[lane] { now[lane] } else { value[lane] };
            }
            hour += 1.0;
        }
        (*total, *peak) = (sum, Peak { value, hour: hours });
    }
}

impl Sweep for AddExtremes<'_> {
    #[inline(always)]
    fn sweep(self) {
        let mut extremes = self.1.clone();
        for now in self.0 {
            extremes.take(now);
        }
        *self.1 = extremes;
    }
}

impl Sweep for AddTemperatures<'_> {
    #[inline(always)]
    fn sweep(self) {
        let mut all = self.1.clone();
        for now in self.0 {
            all.extremes.take(now);
            for limit in 0..N_LIMITS {
                for (lane, now) in now.iter().enumerate() {
                    let excess = now - all.limits[limit];
                    all.hours_above[limit][lane] += if excess > 0.0 { 1.0 } else { 0.0 };
                    all.degree_hours_above[limit][lane] += if excess > 0.0 { excess } else { 0.0 };
                }
            }
        }
        *self.1 = all;
    }
}

impl Sweep for AddUnmet<'_> {
    #[inline(always)]
    fn sweep(self) {
        let AddUnmet(hourly, unmet) = self;
        let n = hourly.heating.len();
        let (heating, cooling) = (&hourly.heating[..n], &hourly.cooling[..n]);
        let (air, operative) = (&hourly.temp_air[..n], &hourly.temp_operative[..n]);
        let Unmet { radiant, heating: cold, cooling: hot } = unmet.clone();
        let (mut too_cold, mut too_hot) = (cold.hours, hot.hours);
        for hour in 0..n {
            for lane in 0..LANES {
                let felt = air[hour][lane] + radiant[lane] * (operative[hour][lane] - air[hour][lane]);
                let is_cold = (heating[hour][lane] >= cold.full[lane]) & (felt < cold.bound[lane]);
                let is_hot = (cooling[hour][lane] >= hot.full[lane]) & (felt > hot.bound[lane]);
                too_cold[lane] += if is_cold { 1.0 } else { 0.0 };
                too_hot[lane] += if is_hot { 1.0 } else { 0.0 };
            }
        }
        (unmet.heating.hours, unmet.cooling.hours) = (too_cold, too_hot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::run_plainly;

    #[test]
    fn wide_instructions_give_the_bits_of_plain_ones() {
        let value = |hour: usize, lane: usize| 15.0 + 20.0 * (0.618 * (hour * 11 + lane) as f64).fract();
        let series: Vec<Lanes> = (0..300).map(|hour| std::array::from_fn(|lane| value(hour, lane))).collect();
        let temperatures = |run: fn(AddTemperatures<'_>)| {
            let mut all = Temperatures::new([26.0, 27.0]);
            run(AddTemperatures(&series, &mut all));
            all
        };
        assert_eq!(temperatures(|sweep| dispatch(sweep)), temperatures(|sweep| run_plainly(sweep)));
        let peak = |run: fn(AddPeak<'_>)| {
            let (mut sum, mut peak) = ([0.0; LANES], Peak::none());
            run(AddPeak(&series, 5.0, &mut sum, &mut peak));
            (sum, peak)
        };
        assert_eq!(peak(|sweep| dispatch(sweep)), peak(|sweep| run_plainly(sweep)));
    }
}
