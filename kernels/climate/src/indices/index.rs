//! The indices and their limits.

use super::Variable;

/// An index; its limits are in [`Thresholds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Index {
    /// Mean of the mean temperature (°C).
    MeanTemperature,
    /// Lowest minimum (°C), TNn.
    ColdestNight,
    /// Highest maximum (°C), TXx.
    HottestDay,
    /// Nights with a minimum above the limit, TR.
    TropicalNights,
    /// Days with a maximum above the limit, SU.
    SummerDays,
    /// Days with a maximum above the limit of hot days.
    HotDays,
    /// Days with a minimum below 0 °C, FD.
    FrostDays,
    /// Days with a maximum below 0 °C, ID.
    IceDays,
    /// Spells of enough days with both nights and days above their limits.
    HeatWaves,
    /// Days in them.
    HeatWaveDays,
    /// Days of the longest.
    LongestHeatWave,
    /// Days with a maximum above the percentile of their day of the year, TX90p in days.
    WarmDays,
    /// Spells of enough warm days.
    WarmSpells,
    /// Days in them, WSDI if they last six.
    WarmSpellDays,
    /// Days of the longest.
    LongestWarmSpell,
    /// Sum of how far the mean temperature is below the base (K d).
    HeatingDegreeDays,
    /// Sum of how far the mean temperature is above the base (K d).
    CoolingDegreeDays,
    /// Sum of precipitation (mm).
    TotalPrecipitation,
    /// Days of at least the limit, R1mm.
    WetDays,
    /// Mean of wet days (mm d⁻¹), SDII; 0 in a year without any.
    WetDayIntensity,
    /// Greatest precipitation of a day (mm), Rx1day.
    WettestDay,
    /// Greatest precipitation of five days that follow each other (mm), Rx5day.
    WettestFiveDays,
    /// Days of the longest spell below the limit, CDD.
    LongestDrySpell,
    /// Days of the longest spell of wet days, CWD.
    LongestWetSpell,
}

/// Limits of indices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Minimum above which a night is tropical (°C).
    pub tropical_night: f64,
    /// Maximum above which a day is a summer day (°C).
    pub summer_day: f64,
    /// Maximum above which a day is hot (°C).
    pub hot_day: f64,
    /// Minimum above which a night belongs to a heat wave (°C).
    pub heat_wave_night: f64,
    /// Maximum above which a day belongs to a heat wave (°C).
    pub heat_wave_day: f64,
    /// Fewest days of a heat wave or a warm spell, at least 1.
    pub heat_wave_length: u16,
    /// Mean temperature below which heating degree days count (°C).
    pub heating_base: f64,
    /// Mean temperature above which cooling degree days count (°C).
    pub cooling_base: f64,
    /// Precipitation from which on a day is wet (mm d⁻¹).
    pub wet_day: f64,
}

impl Index {
    /// All of them.
    pub const ALL: [Index; 24] = [
        Index::MeanTemperature,
        Index::ColdestNight,
        Index::HottestDay,
        Index::TropicalNights,
        Index::SummerDays,
        Index::HotDays,
        Index::FrostDays,
        Index::IceDays,
        Index::HeatWaves,
        Index::HeatWaveDays,
        Index::LongestHeatWave,
        Index::WarmDays,
        Index::WarmSpells,
        Index::WarmSpellDays,
        Index::LongestWarmSpell,
        Index::HeatingDegreeDays,
        Index::CoolingDegreeDays,
        Index::TotalPrecipitation,
        Index::WetDays,
        Index::WetDayIntensity,
        Index::WettestDay,
        Index::WettestFiveDays,
        Index::LongestDrySpell,
        Index::LongestWetSpell,
    ];

    /// The variables it is made of, at least one.
    pub fn needs(self) -> &'static [Variable] {
        match self {
            Index::MeanTemperature | Index::HeatingDegreeDays | Index::CoolingDegreeDays => &[Variable::Tas],
            Index::ColdestNight | Index::TropicalNights | Index::FrostDays => &[Variable::Tasmin],
            Index::HottestDay | Index::SummerDays | Index::HotDays | Index::IceDays => &[Variable::Tasmax],
            Index::HeatWaves | Index::HeatWaveDays | Index::LongestHeatWave => &[Variable::Tasmin, Variable::Tasmax],
            Index::WarmDays | Index::WarmSpells | Index::WarmSpellDays | Index::LongestWarmSpell => &[Variable::Tasmax],
            Index::TotalPrecipitation
            | Index::WetDays
            | Index::WetDayIntensity
            | Index::WettestDay
            | Index::WettestFiveDays
            | Index::LongestDrySpell
            | Index::LongestWetSpell => &[Variable::Pr],
        }
    }

    /// Whether it needs limits for the days of the year, too.
    pub fn needs_day_limits(self) -> bool {
        matches!(self, Index::WarmDays | Index::WarmSpells | Index::WarmSpellDays | Index::LongestWarmSpell)
    }

    /// Unit of its values, as CF writes it; spells are counted, "1".
    pub fn unit(self) -> &'static str {
        match self {
            Index::MeanTemperature | Index::ColdestNight | Index::HottestDay => "degC",
            Index::HeatWaves | Index::WarmSpells => "1",
            Index::HeatingDegreeDays | Index::CoolingDegreeDays => "K d",
            Index::TotalPrecipitation | Index::WettestDay | Index::WettestFiveDays => "mm",
            Index::WetDayIntensity => "mm d-1",
            Index::TropicalNights
            | Index::SummerDays
            | Index::HotDays
            | Index::FrostDays
            | Index::IceDays
            | Index::HeatWaveDays
            | Index::LongestHeatWave
            | Index::WarmDays
            | Index::WarmSpellDays
            | Index::LongestWarmSpell
            | Index::WetDays
            | Index::LongestDrySpell
            | Index::LongestWetSpell => "d",
        }
    }
}

impl Default for Thresholds {
    /// Tropical nights 20 °C, summer days 25 °C, hot days 30 °C, heat waves 20 °C at night and 30 °C by day on three days, degree
    /// days with base 18 °C, wet days 1 mm.
    fn default() -> Self {
        Thresholds {
            tropical_night: 20.0,
            summer_day: 25.0,
            hot_day: 30.0,
            heat_wave_night: 20.0,
            heat_wave_day: 30.0,
            heat_wave_length: 3,
            heating_base: 18.0,
            cooling_base: 18.0,
            wet_day: 1.0,
        }
    }
}
