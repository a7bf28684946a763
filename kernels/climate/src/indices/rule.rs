//! What an index does with the days of a year.

use super::{Index, Thresholds, Variable, ZERO_CELSIUS};
use crate::sample::Sample;

/// What is made of the days of a year, limits in the type of the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rule<T> {
    Mean(Variable),
    Minimum(Variable),
    Maximum(Variable),
    Total(Variable),
    /// Days for which the condition holds.
    Days(Condition<T>),
    /// Spells of at least so many days for which it holds.
    Spells {
        of: Condition<T>,
        at_least: u32,
        count: Spells,
    },
    /// How far the mean temperature is below the base (K).
    DegreesBelow(f64),
    /// How far it is above.
    DegreesAbove(f64),
    /// Mean of the days from this precipitation on.
    Intensity(T),
    /// Greatest sum over five days.
    FiveDays(Variable),
}

/// What holds on a day or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Condition<T> {
    Above(Variable, T),
    Below(Variable, T),
    AtLeast(Variable, T),
    /// Minimum and maximum of temperature are both above.
    NightAndDayAbove(T, T),
    /// The maximum is above the limit of its day of the year.
    AboveDayLimit,
}

/// What of spells is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spells {
    Events,
    Days,
    Longest,
}

impl<T: Sample> Rule<T> {
    pub fn new(index: Index, limits: &Thresholds) -> Rule<T> {
        let celsius = |limit: f64| T::from_f64(limit + ZERO_CELSIUS);
        let wet = T::from_f64(limits.wet_day);
        let at_least = u32::from(limits.heat_wave_length).max(1);
        let hot = Condition::NightAndDayAbove(celsius(limits.heat_wave_night), celsius(limits.heat_wave_day));
        let heat_waves = |count| Rule::Spells { of: hot, at_least, count };
        let warm_spells = |count| Rule::Spells { of: Condition::AboveDayLimit, at_least, count };
        let longest = |of| Rule::Spells { of, at_least: 1, count: Spells::Longest };
        match index {
            Index::MeanTemperature => Rule::Mean(Variable::Tas),
            Index::ColdestNight => Rule::Minimum(Variable::Tasmin),
            Index::HottestDay => Rule::Maximum(Variable::Tasmax),
            Index::TropicalNights => Rule::Days(Condition::Above(Variable::Tasmin, celsius(limits.tropical_night))),
            Index::SummerDays => Rule::Days(Condition::Above(Variable::Tasmax, celsius(limits.summer_day))),
            Index::HotDays => Rule::Days(Condition::Above(Variable::Tasmax, celsius(limits.hot_day))),
            Index::FrostDays => Rule::Days(Condition::Below(Variable::Tasmin, celsius(0.0))),
            Index::IceDays => Rule::Days(Condition::Below(Variable::Tasmax, celsius(0.0))),
            Index::HeatWaves => heat_waves(Spells::Events),
            Index::HeatWaveDays => heat_waves(Spells::Days),
            Index::LongestHeatWave => heat_waves(Spells::Longest),
            Index::WarmDays => Rule::Days(Condition::AboveDayLimit),
            Index::WarmSpells => warm_spells(Spells::Events),
            Index::WarmSpellDays => warm_spells(Spells::Days),
            Index::LongestWarmSpell => warm_spells(Spells::Longest),
            Index::HeatingDegreeDays => Rule::DegreesBelow(limits.heating_base + ZERO_CELSIUS),
            Index::CoolingDegreeDays => Rule::DegreesAbove(limits.cooling_base + ZERO_CELSIUS),
            Index::TotalPrecipitation => Rule::Total(Variable::Pr),
            Index::WetDays => Rule::Days(Condition::AtLeast(Variable::Pr, wet)),
            Index::WetDayIntensity => Rule::Intensity(wet),
            Index::WettestDay => Rule::Maximum(Variable::Pr),
            Index::WettestFiveDays => Rule::FiveDays(Variable::Pr),
            Index::LongestDrySpell => longest(Condition::Below(Variable::Pr, wet)),
            Index::LongestWetSpell => longest(Condition::AtLeast(Variable::Pr, wet)),
        }
    }
}
