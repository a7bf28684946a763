//! Names and units of climate indices, as people read them and as tables have them.

use conurb_climate::indices::Index;

use crate::error::Error;
use crate::report::numbers;
use crate::store::read::RunReader;

/// Limits of the indices, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits(toml::Table);

impl Limits {
    /// The limits of a run's scenario.
    ///
    /// # Errors
    /// The scenario is not readable.
    pub fn read(run: &RunReader) -> Result<Limits, Error> {
        let scenario = run.scenario()?;
        let of_climate = scenario.get("climate").and_then(toml::Value::as_table);
        let of_indices = of_climate.and_then(|climate| climate.get("indices")).and_then(toml::Value::as_table);
        let mut limits = of_indices.cloned().unwrap_or_default();
        limits.extend(
            of_climate.and_then(|climate| climate.get("wet_day_mm")).map(|mm| ("wet_day_mm".to_owned(), mm.clone())),
        );
        Ok(Limits(limits))
    }

    /// Whether means of the city are over its inhabitants.
    pub fn is_over_people(&self) -> bool {
        self.0.contains_key("population")
    }

    fn number(&self, key: &str) -> String {
        let number = self.0.get(key);
        let number = number.and_then(|value| value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64)));
        number.map_or_else(|| "the limit".to_owned(), numbers::number)
    }

    fn celsius(&self, key: &str) -> String {
        format!("{} °C", self.number(key))
    }

    /// What an index counts.
    pub fn meaning(&self, index: Index) -> String {
        let spell = || format!("at least {} days in turn", self.number("heat_wave_days"));
        let heat_wave = || {
            let (night, day) = (self.celsius("heat_wave_tasmin_c"), self.celsius("heat_wave_tasmax_c"));
            format!("{} with nights above {night} and days above {day}", spell())
        };
        let warm = || {
            format!("warmer than {} % of the days of this time of the year were", self.number("heat_wave_percentile"))
        };
        let wet = || format!("with at least {} mm", self.number("wet_day_mm"));
        match index {
            Index::MeanTemperature => "mean of days and nights".to_owned(),
            Index::ColdestNight => "lowest temperature of the year".to_owned(),
            Index::HottestDay => "highest temperature of the year".to_owned(),
            Index::TropicalNights => format!("nights that stay above {}", self.celsius("tropical_night_c")),
            Index::SummerDays => format!("days that get above {}", self.celsius("summer_day_c")),
            Index::HotDays => format!("days that get above {}", self.celsius("hot_day_c")),
            Index::FrostDays => "days with a minimum below 0 °C".to_owned(),
            Index::IceDays => "days that stay below 0 °C".to_owned(),
            Index::HeatWaves | Index::HeatWaveDays | Index::LongestHeatWave => heat_wave(),
            Index::WarmDays => format!("days {}", warm()),
            Index::WarmSpells | Index::WarmSpellDays | Index::LongestWarmSpell => format!("{} {}", spell(), warm()),
            Index::HeatingDegreeDays => format!("how far days are below {}, summed", self.celsius("heating_base_c")),
            Index::CoolingDegreeDays => format!("how far days are above {}, summed", self.celsius("cooling_base_c")),
            Index::TotalPrecipitation => "of the year".to_owned(),
            Index::WetDays => format!("days {}", wet()),
            Index::WetDayIntensity => format!("mean of days {}", wet()),
            Index::WettestDay => "most precipitation of one day".to_owned(),
            Index::WettestFiveDays => "most precipitation of five days in turn".to_owned(),
            Index::LongestDrySpell => format!("days in turn without any {}", wet()),
            Index::LongestWetSpell => format!("days in turn {}", wet()),
        }
    }
}

/// Name of an index for people.
pub fn label(index: Index) -> &'static str {
    match index {
        Index::MeanTemperature => "Mean temperature",
        Index::ColdestNight => "Coldest night",
        Index::HottestDay => "Hottest day",
        Index::TropicalNights => "Tropical nights",
        Index::SummerDays => "Summer days",
        Index::HotDays => "Hot days",
        Index::FrostDays => "Frost days",
        Index::IceDays => "Ice days",
        Index::HeatWaves => "Heat waves",
        Index::HeatWaveDays => "Days in heat waves",
        Index::LongestHeatWave => "Longest heat wave",
        Index::WarmDays => "Warm days for their season",
        Index::WarmSpells => "Warm spells",
        Index::WarmSpellDays => "Days in warm spells",
        Index::LongestWarmSpell => "Longest warm spell",
        Index::HeatingDegreeDays => "Heating degree days",
        Index::CoolingDegreeDays => "Cooling degree days",
        Index::TotalPrecipitation => "Precipitation",
        Index::WetDays => "Wet days",
        Index::WetDayIntensity => "Precipitation of wet days",
        Index::WettestDay => "Wettest day",
        Index::WettestFiveDays => "Wettest five days",
        Index::LongestDrySpell => "Longest dry spell",
        Index::LongestWetSpell => "Longest wet spell",
    }
}

/// Its unit for people.
pub fn unit(index: Index) -> &'static str {
    match index.unit() {
        "degC" => "°C",
        "d" if index == Index::TropicalNights => "nights",
        "d" => "days",
        "K d" => "K days",
        "mm d-1" => "mm a day",
        "mm" => "mm",
        _ => "a year",
    }
}

/// Its unit at the end of the name of a column.
pub fn unit_suffix(index: Index) -> &'static str {
    match index.unit() {
        "degC" => "_degC",
        "d" => "_d",
        "K d" => "_Kd",
        "mm d-1" => "_mm_per_d",
        "mm" => "_mm",
        _ => "",
    }
}

/// A value of an index.
pub fn value_text(index: Index, value: f64) -> String {
    rounded(value, decimals(index))
}

/// A difference between two values of an index.
pub fn change_text(index: Index, change: f64) -> String {
    let text = rounded(change, decimals(index));
    if text.starts_with(|first: char| first.is_ascii_digit()) && text.chars().any(|digit| ('1'..='9').contains(&digit))
    {
        format!("+{text}")
    } else {
        text
    }
}

fn decimals(index: Index) -> usize {
    match index {
        Index::HeatingDegreeDays | Index::CoolingDegreeDays | Index::TotalPrecipitation => 0,
        _ => 1,
    }
}

/// A number with a fixed number of decimals that has no sign where it is zero.
fn rounded(value: f64, decimals: usize) -> String {
    let unit = 10_f64.powi(decimals as i32);
    let value = if value.abs() < 0.5 / unit { 0.0 } else { value };
    numbers::fixed(value, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_a_sign_unless_they_are_zero() {
        let told = |change| change_text(Index::MeanTemperature, change);
        assert_eq!([1.24, -0.56, 0.04, -0.04, f64::NAN].map(told), ["+1.2", "\u{2212}0.6", "0.0", "0.0", "–"]);
        assert_eq!(value_text(Index::HeatingDegreeDays, 2849.6), "2850");
    }

    #[test]
    fn every_index_has_a_name_of_its_own() {
        let mut labels: Vec<&str> = Index::ALL.into_iter().map(label).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), Index::ALL.len());
    }
}
