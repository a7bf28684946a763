//! Weather by the hour and by the day.

use super::{DAYS, DayHours, HOURS, HOURS_OF_DAY, HourlyError, LocalClock};
use crate::humidity::{ZERO_CELSIUS, relative_humidity, relative_humidity_at_dew_point};
use crate::sample::Sample;

/// A variable of hourly weather.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variable {
    /// Air temperature (°C).
    TempAir,
    /// Relative humidity (%).
    RelativeHumidity,
    /// Dew point (°C).
    DewPoint,
    /// Station pressure (Pa).
    Pressure,
    /// Wind speed (m/s).
    WindSpeed,
    /// Where the wind comes from (° clockwise from north).
    WindDirection,
    /// Global horizontal irradiance (W/m²).
    Ghi,
    /// Direct normal irradiance (W/m²).
    Dni,
    /// Diffuse horizontal irradiance (W/m²).
    Dhi,
    /// Infrared radiation from the sky on a horizontal plane (W/m²).
    SkyInfrared,
}

/// How many variables hourly weather has.
const N_VARIABLES: usize = 10;

impl Variable {
    /// All of them.
    pub const ALL: [Variable; N_VARIABLES] = [
        Variable::TempAir,
        Variable::RelativeHumidity,
        Variable::DewPoint,
        Variable::Pressure,
        Variable::WindSpeed,
        Variable::WindDirection,
        Variable::Ghi,
        Variable::Dni,
        Variable::Dhi,
        Variable::SkyInfrared,
    ];

    /// What it is, in words.
    pub fn name(self) -> &'static str {
        match self {
            Variable::TempAir => "air temperature",
            Variable::RelativeHumidity => "relative humidity",
            Variable::DewPoint => "dew point",
            Variable::Pressure => "pressure",
            Variable::WindSpeed => "wind speed",
            Variable::WindDirection => "wind direction",
            Variable::Ghi => "global irradiance",
            Variable::Dni => "direct irradiance",
            Variable::Dhi => "diffuse irradiance",
            Variable::SkyInfrared => "infrared radiation of the sky",
        }
    }
}

/// A year of hours as weather files give it: 8760 values of each variable, or none; a missing hour is NaN.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WeatherHours<'a> {
    /// Air temperature (°C).
    pub temp_air: &'a [f32],
    /// Relative humidity (%).
    pub relative_humidity: &'a [f32],
    /// Dew point (°C).
    pub dew_point: &'a [f32],
    /// Station pressure (Pa).
    pub pressure: &'a [f32],
    /// Wind speed (m/s).
    pub wind_speed: &'a [f32],
    /// Where the wind comes from (° clockwise from north).
    pub wind_direction: &'a [f32],
    /// Global horizontal irradiance (W/m²).
    pub ghi: &'a [f32],
    /// Direct normal irradiance (W/m²).
    pub dni: &'a [f32],
    /// Diffuse horizontal irradiance (W/m²).
    pub dhi: &'a [f32],
    /// Infrared radiation from the sky on a horizontal plane (W/m²).
    pub sky_infrared: &'a [f32],
}

impl<'a> WeatherHours<'a> {
    /// Hours of a variable; none where it is not given.
    pub fn of(&self, variable: Variable) -> &'a [f32] {
        match variable {
            Variable::TempAir => self.temp_air,
            Variable::RelativeHumidity => self.relative_humidity,
            Variable::DewPoint => self.dew_point,
            Variable::Pressure => self.pressure,
            Variable::WindSpeed => self.wind_speed,
            Variable::WindDirection => self.wind_direction,
            Variable::Ghi => self.ghi,
            Variable::Dni => self.dni,
            Variable::Dhi => self.dhi,
            Variable::SkyInfrared => self.sky_infrared,
        }
    }

    /// Refuses lengths other than 0 and 8760, infinite values, and weather without any temperature.
    pub(crate) fn check(&self) -> Result<(), HourlyError> {
        for variable in Variable::ALL {
            let (what, hours) = (variable.name(), self.of(variable));
            if !hours.is_empty() && hours.len() != HOURS {
                return Err(HourlyError::Length { what, len: hours.len(), expected: HOURS });
            }
            if let Some(index) = hours.iter().position(|hour| hour.is_infinite()) {
                let (value, expected) = (f64::from(hours[index]), "a finite number");
                return Err(HourlyError::Value { what, index, value, expected });
            }
        }
        if !self.has(Variable::TempAir) {
            return Err(HourlyError::Missing { what: Variable::TempAir.name() });
        }
        Ok(())
    }

    /// Whether any hour of a variable is given.
    pub(crate) fn has(&self, variable: Variable) -> bool {
        self.of(variable).iter().any(|hour| !hour.is_nan())
    }

    /// Relative humidity of an hour (%), from the dew point where it is not given.
    pub(crate) fn humidity(&self, slot: usize) -> f64 {
        let given = self.hour(Variable::RelativeHumidity, slot);
        if !given.is_nan() {
            return given;
        }
        relative_humidity_at_dew_point(self.hour(Variable::TempAir, slot), self.hour(Variable::DewPoint, slot))
    }

    /// An hour of a variable, NaN where it is not given.
    pub(crate) fn hour(&self, variable: Variable, slot: usize) -> f64 {
        self.of(variable).get(slot).map_or(f64::NAN, |&hour| f64::from(hour))
    }
}

/// A year of hours that was computed; what is not known is NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct HourlyYear {
    hours: [Vec<f64>; N_VARIABLES],
}

impl HourlyYear {
    /// The 8760 hours of a variable.
    pub fn of(&self, variable: Variable) -> &[f64] {
        &self.hours[variable as usize]
    }
    pub(crate) fn unknown() -> HourlyYear {
        HourlyYear { hours: std::array::from_fn(|_| vec![f64::NAN; HOURS]) }
    }
    pub(crate) fn set(&mut self, variable: Variable, slot: usize, value: f64) {
        self.hours[variable as usize][slot] = value;
    }
    /// Puts a day of UTC where it lies in the local year.
    pub(super) fn set_day(&mut self, clock: LocalClock, day: usize, weather: &DayWeather) {
        for variable in Variable::ALL {
            for (hour, &value) in weather.of(variable).iter().enumerate() {
                self.set(variable, clock.slot(day, hour), value);
            }
        }
    }
}

/// Hours of one day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayWeather {
    hours: [DayHours; N_VARIABLES],
}

impl DayWeather {
    /// The hours of a variable.
    pub fn of(&self, variable: Variable) -> &DayHours {
        &self.hours[variable as usize]
    }
    pub(super) fn unknown() -> DayWeather {
        DayWeather { hours: [[f64::NAN; HOURS_OF_DAY]; N_VARIABLES] }
    }
    pub(super) fn set(&mut self, variable: Variable, hours: DayHours) {
        self.hours[variable as usize] = hours;
    }
    /// A UTC day out of a local year.
    pub(super) fn cut(year: &WeatherHours<'_>, clock: LocalClock, day: usize) -> DayWeather {
        let hours = |variable| std::array::from_fn(|hour| year.hour(variable, clock.slot(day, hour)));
        let mut cut = DayWeather { hours: Variable::ALL.map(hours) };
        cut.set(Variable::RelativeHumidity, std::array::from_fn(|hour| year.humidity(clock.slot(day, hour))));
        cut
    }
}

/// Daily series of one cell in CMIP's units, beside days that all of them share; a missing day is NaN.
///
/// A variable that is `None` is not projected at all: hours then come from the donor as they are, or stay unknown.
#[derive(Debug, Clone, Copy)]
pub struct DailyWeather<'a, T> {
    /// Mean temperature (K).
    pub tas: &'a [T],
    /// Least temperature (K).
    pub tasmin: Option<&'a [T]>,
    /// Greatest temperature (K).
    pub tasmax: Option<&'a [T]>,
    /// Global irradiance, mean of 24 h (W/m²).
    pub rsds: Option<&'a [T]>,
    /// Relative humidity (%).
    pub hurs: Option<&'a [T]>,
    /// Specific humidity (kg/kg), where there is no `hurs`.
    pub huss: Option<&'a [T]>,
    /// Wind speed (m/s).
    pub sfc_wind: Option<&'a [T]>,
    /// Pressure (Pa).
    pub ps: Option<&'a [T]>,
}

/// What a day is projected to be; a variable that is not projected is `None`, one that is missing on this day NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// Mean temperature (°C).
    pub mean: f64,
    /// Least temperature (°C).
    pub least: Option<f64>,
    /// Greatest temperature (°C).
    pub greatest: Option<f64>,
    /// Global irradiance, mean of 24 h (W/m², ≥ 0).
    pub ghi: Option<f64>,
    /// Relative humidity (%, 0 to 100).
    pub relative_humidity: Option<f64>,
    /// Wind speed (m/s, ≥ 0).
    pub wind_speed: Option<f64>,
    /// Pressure (Pa).
    pub pressure: Option<f64>,
}

impl<T: Sample> DailyWeather<'_, T> {
    /// Day `index` of the series; specific humidity becomes relative at the mean temperature and, without `ps`, `pressure` (Pa).
    ///
    /// Radiation, wind and humidity below 0, which rounding leaves in models' output, are 0; humidity above 100 % is 100 %;
    /// infinite values are missing.
    pub fn day(&self, index: usize, pressure: f64) -> Day {
        let value = |series: &[T]| {
            let value = series[index].to_f64();
            if value.is_finite() { value } else { f64::NAN }
        };
        let celsius = |series: &[T]| value(series) - ZERO_CELSIUS;
        let between = |value: f64, most: f64| if value.is_nan() { value } else { value.clamp(0.0, most) };
        let mean = celsius(self.tas);
        let ps = self.ps.map(value);
        let from_specific = |huss: &[T]| relative_humidity(mean, value(huss).max(0.0), ps.unwrap_or(pressure));
        Day {
            mean,
            least: self.tasmin.map(celsius),
            greatest: self.tasmax.map(celsius),
            ghi: self.rsds.map(|series| between(value(series), f64::INFINITY)),
            relative_humidity: match self.hurs {
                Some(series) => Some(between(value(series), 100.0)),
                None => self.huss.map(from_specific),
            },
            wind_speed: self.sfc_wind.map(|series| between(value(series), f64::INFINITY)),
            pressure: ps,
        }
    }

    /// Refuses series of other lengths.
    pub(crate) fn check_length(&self, expected: usize) -> Result<(), HourlyError> {
        for (what, series) in [
            ("tas", Some(self.tas)),
            ("tasmin", self.tasmin),
            ("tasmax", self.tasmax),
            ("rsds", self.rsds),
            ("hurs", self.hurs),
            ("huss", self.huss),
            ("sfcWind", self.sfc_wind),
            ("ps", self.ps),
        ] {
            if let Some(len) = series.map(<[T]>::len).filter(|&len| len != expected) {
                return Err(HourlyError::Length { what, len, expected });
            }
        }
        Ok(())
    }

    /// Refuses series of different lengths and days of a year that are not 365 of theirs.
    pub(crate) fn check_year(&self, days: &[usize]) -> Result<(), HourlyError> {
        let n_days = self.tas.len();
        self.check_length(n_days)?;
        if days.len() != DAYS {
            return Err(HourlyError::Length { what: "the year", len: days.len(), expected: DAYS });
        }
        match days.iter().position(|&day| day >= n_days) {
            Some(index) => {
                let (what, expected) = ("day of the year", "a day of the series");
                Err(HourlyError::Value { what, index, value: days[index] as f64, expected })
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Celsius from kelvin, what rounding or a model leaves beyond a range, specific humidity without pressure.
    #[test]
    fn days_come_from_series_as_models_write_them() {
        let series = |value: f64| [290.0, value];
        let (tas, low, below, above) = (series(283.15), series(278.15), series(-5e-10), series(103.0));
        let endless = series(f64::INFINITY);
        let daily = DailyWeather {
            tas: &tas[..],
            tasmin: Some(&low[..]),
            tasmax: Some(&endless[..]),
            rsds: Some(&below[..]),
            hurs: Some(&above[..]),
            huss: None,
            sfc_wind: Some(&below[..]),
            ps: None,
        };
        let day = daily.day(1, 1e5);
        assert!((day.mean - 10.0).abs() < 1e-9 && (day.least.unwrap() - 5.0).abs() < 1e-9);
        assert!(day.greatest.unwrap().is_nan());
        assert_eq!((day.ghi, day.relative_humidity, day.wind_speed), (Some(0.0), Some(100.0), Some(0.0)));
        assert_eq!(day.pressure, None);
        let specific = series(0.004);
        let moist = DailyWeather { hurs: None, huss: Some(&specific[..]), ..daily };
        assert_eq!(moist.day(1, 9e4).relative_humidity, Some(relative_humidity(day.mean, 0.004, 9e4)));
        let pressure = series(8e4);
        let thin = DailyWeather { ps: Some(&pressure[..]), ..moist };
        assert_eq!(thin.day(1, 9e4).relative_humidity, Some(relative_humidity(day.mean, 0.004, 8e4)));
    }
}
