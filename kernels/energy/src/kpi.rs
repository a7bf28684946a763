//! What a year of hours comes to: needs, peaks, temperatures, hours that are too warm, hours that systems cannot serve.

mod passes;

use thiserror::Error;

use crate::hourly::{Hourly, LANES, Lanes};
use crate::zone::{Supply, Zone};
use passes::{Extremes, Peak, Temperatures, Unmet};

/// Number of months.
pub const N_MONTHS: usize = 12;
/// First hour of each month and the end of the year, for 365 days from the first of January.
pub const MONTH_STARTS: [usize; N_MONTHS + 1] =
    [0, 744, 1416, 2160, 2880, 3624, 4344, 5088, 5832, 6552, 7296, 8016, 8760];
/// The same for 366 days.
pub const MONTH_STARTS_LEAP: [usize; N_MONTHS + 1] =
    [0, 744, 1440, 2184, 2904, 3648, 4368, 5112, 5856, 6576, 7320, 8040, 8784];
/// Number of operative temperatures above which hours are counted.
pub const N_LIMITS: usize = 2;

/// What hours are judged by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// First hour of each month and the end of the year; ascending. A month that is left out begins where it ends.
    pub month_starts: [usize; N_MONTHS + 1],
    /// Operative temperatures above which an hour is too warm (°C). EN 16798-1 (2019, annex B) takes 26 °C for category II of
    /// cooled rooms; DIN 4108-2 (2013) sums degree-hours above 25, 26 or 27 °C, by region.
    pub overheating: [f64; N_LIMITS],
    /// How far a temperature may be from its setpoint before the hour counts as not served (K).
    pub tolerance: f64,
}

/// What a zone's systems are told and able to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Controls {
    /// Heating; hours count as unmet in which its full power leaves the zone below `setpoint`.
    pub heating: Supply,
    /// Cooling.
    pub cooling: Supply,
    /// What thermostats feel besides air: 0 for air temperature, 0.5 for operative temperature.
    pub radiant_share: f64,
}

/// Sums, peaks and counts of a block of zones; hours come in order, in chunks of any length.
#[derive(Debug, Clone, PartialEq)]
pub struct Kpi {
    limits: Limits,
    n_hours: usize,
    heating: [Lanes; N_MONTHS],
    cooling: [Lanes; N_MONTHS],
    solar_gains: [Lanes; N_MONTHS],
    peak_heating: Peak,
    peak_cooling: Peak,
    operative: Temperatures,
    air: Extremes,
    unmet: Unmet,
}

/// What one zone comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZoneKpi {
    /// Hours that were counted.
    pub n_hours: usize,
    /// Heat that heating gave (Wh).
    pub heating_need: f64,
    /// The same month by month (Wh).
    pub heating_by_month: [f64; N_MONTHS],
    /// Heat that cooling took (Wh).
    pub cooling_need: f64,
    /// The same month by month (Wh).
    pub cooling_by_month: [f64; N_MONTHS],
    /// Solar heat that came in through windows (Wh).
    pub solar_gains: f64,
    /// The same month by month (Wh).
    pub solar_gains_by_month: [f64; N_MONTHS],
    /// Largest heating (W) and the first hour that had it; none without heating.
    pub peak_heating: Option<HourOf>,
    /// Largest cooling (W) and the first hour that had it; none without cooling.
    pub peak_cooling: Option<HourOf>,
    /// Operative temperature (°C).
    pub temp_operative: Spread,
    /// Air temperature (°C).
    pub temp_air: Spread,
    /// Hours above each of [`Limits::overheating`] (h).
    pub hours_above: [f64; N_LIMITS],
    /// Sum of the excess over each of them (K h).
    pub degree_hours_above: [f64; N_LIMITS],
    /// Hours in which heating at its full power leaves it colder than the setpoint (h).
    pub unmet_heating: f64,
    /// Hours in which cooling at its full power leaves it warmer than the setpoint (h).
    pub unmet_cooling: f64,
}

/// A value and its hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourOf {
    /// The value (W).
    pub value: f64,
    /// Hour of the year, from 0.
    pub hour: usize,
}

/// Least, mean and greatest of a temperature (°C).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Least.
    pub min: f64,
    /// Mean of all hours.
    pub mean: f64,
    /// Greatest.
    pub max: f64,
}

/// Why a zone has no results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KpiError {
    /// An hour that is not a number.
    #[error("{what} of lane {lane} is not a number")]
    NotANumber {
        /// Which zone of the block.
        lane: usize,
        /// Which series.
        what: &'static str,
    },
    /// No hours were added.
    #[error("no hours to count")]
    NoHours,
}

impl From<&Zone> for Controls {
    fn from(zone: &Zone) -> Self {
        Controls { heating: zone.heating, cooling: zone.cooling, radiant_share: zone.control_radiant_share }
    }
}

impl Kpi {
    /// Begins with no hours for a block of `zones`; lanes without a zone stay empty.
    ///
    /// # Panics
    /// With more than [`LANES`] zones or months that descend.
    pub fn new(zones: &[Controls], limits: Limits) -> Kpi {
        assert!(zones.len() <= LANES, "a zone for each lane at most");
        assert!(limits.month_starts.is_sorted(), "months follow each other");
        Kpi {
            limits,
            n_hours: 0,
            heating: [[0.0; LANES]; N_MONTHS],
            cooling: [[0.0; LANES]; N_MONTHS],
            solar_gains: [[0.0; LANES]; N_MONTHS],
            peak_heating: Peak::none(),
            peak_cooling: Peak::none(),
            operative: Temperatures::new(limits.overheating),
            air: Extremes::none(),
            unmet: Unmet::new(zones, limits.tolerance),
        }
    }

    /// Adds the hours of `hourly`, the first of which is hour `first_hour` of the year.
    ///
    /// Each lane is summed hour by hour within a month and month by month in the end, so that results do not depend on where
    /// chunks begin.
    ///
    /// # Panics
    /// If series differ in length or an hour lies outside of all months.
    pub fn add(&mut self, hourly: &Hourly, first_hour: usize) {
        let n_hours = hourly.heating.len();
        let lengths = [&hourly.cooling, &hourly.temp_air, &hourly.temp_operative, &hourly.solar_gains].map(Vec::len);
        assert!(lengths.iter().all(|&length| length == n_hours), "all series of a chunk are of one length");
        let starts = self.limits.month_starts;
        let end = first_hour + n_hours;
        assert!(n_hours == 0 || (first_hour >= starts[0] && end <= starts[N_MONTHS]), "every hour is in a month");
        for month in 0..N_MONTHS {
            let (from, to) = (starts[month].max(first_hour), starts[month + 1].min(end));
            if from < to {
                let hours = from - first_hour..to - first_hour;
                self.peak_heating.add(&hourly.heating[hours.clone()], from, &mut self.heating[month]);
                self.peak_cooling.add(&hourly.cooling[hours.clone()], from, &mut self.cooling[month]);
                passes::add_sum(&hourly.solar_gains[hours], &mut self.solar_gains[month]);
            }
        }
        self.operative.add(&hourly.temp_operative);
        self.air.add(&hourly.temp_air);
        self.unmet.add(hourly);
        self.n_hours += n_hours;
    }

    /// What the zone of `lane` comes to.
    ///
    /// # Errors
    /// Without hours, or if any hour of any of its series was not a number.
    pub fn zone(&self, lane: usize) -> Result<ZoneKpi, KpiError> {
        if self.n_hours == 0 {
            return Err(KpiError::NoHours);
        }
        let months = |sums: &[Lanes; N_MONTHS]| sums.map(|lanes| lanes[lane]);
        let hours = self.n_hours as f64;
        let kpi = ZoneKpi {
            n_hours: self.n_hours,
            heating_need: months(&self.heating).iter().sum(),
            heating_by_month: months(&self.heating),
            cooling_need: months(&self.cooling).iter().sum(),
            cooling_by_month: months(&self.cooling),
            solar_gains: months(&self.solar_gains).iter().sum(),
            solar_gains_by_month: months(&self.solar_gains),
            peak_heating: self.peak_heating.of(lane),
            peak_cooling: self.peak_cooling.of(lane),
            temp_operative: self.operative.extremes.spread(lane, hours),
            temp_air: self.air.spread(lane, hours),
            hours_above: self.operative.hours_above.map(|lanes| lanes[lane]),
            degree_hours_above: self.operative.degree_hours_above.map(|lanes| lanes[lane]),
            unmet_heating: self.unmet.heating.hours[lane],
            unmet_cooling: self.unmet.cooling.hours[lane],
        };
        // Every series has a sum, which no NaN and no infinity leaves finite.
        for (what, sum) in [
            ("heating", kpi.heating_need),
            ("cooling", kpi.cooling_need),
            ("solar gains", kpi.solar_gains),
            ("operative temperature", kpi.temp_operative.mean),
            ("air temperature", kpi.temp_air.mean),
        ] {
            if !sum.is_finite() {
                return Err(KpiError::NotANumber { lane, what });
            }
        }
        Ok(kpi)
    }
}

#[cfg(test)]
mod tests;
