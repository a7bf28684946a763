//! The weather of a year, hour by hour, from the adjusted days of one cell.

use conurb_climate::days::Days;
use conurb_climate::hourly::{
    DailyWeather, HourlyYear, LocalClock, SunYear, Variable, WeatherHours, analogue, days_of_local_year, geometry,
    mean_midnight_jump,
};
use conurb_climate::morphing::{MonthlyChange, morph};
use conurb_climate::typical_year::typical_year;
use conurb_solar::sky::{decompose_erbs, pressure_from_altitude};
use ndarray::ArrayView1;

use crate::error::{Error, Problem, Warning};
use crate::field::{FieldSpec, Values, climate as field};
use crate::formats::weather::{HOURS, WeatherYear, gaps};
use crate::scenario::{ClimateVariable, DownscaledWeather, HourlyMethod, WeatherOfYear};
use crate::stages::solar::{cosines_of_hours, extraterrestrial_of_hours};
use crate::stages::writing::write_f64;
use crate::stages::{FieldSink, Metric};

/// Half the window of days of the year from which analogues are taken.
const HALF_WINDOW: usize = 15;
/// Instants of the sun within an hour.
const SUNS_PER_HOUR: usize = 6;

/// Days of the cell whose weather is wanted, in the units of the run.
pub struct WeatherDays<'a> {
    /// The days.
    pub days: &'a Days,
    /// The series by variable.
    pub series: Vec<(ClimateVariable, Vec<f32>)>,
    /// Mean temperature, where it had to be made of minimum and maximum.
    pub mean: Option<Vec<f32>>,
}

/// The fields of a weather year.
pub fn fields() -> Vec<FieldSpec> {
    field::WEATHER.iter().cloned().chain([field::WEATHER_TIME, field::WEATHER_SITE]).collect()
}

impl<'a> WeatherDays<'a> {
    /// Series beside their days; the mean is (minimum + maximum) / 2 where there is none.
    pub fn new(days: &'a Days, series: Vec<(ClimateVariable, Vec<f32>)>) -> Self {
        let of = |wanted| series.iter().find(|(variable, _)| *variable == wanted).map(|(_, series)| series);
        let mean = match (of(ClimateVariable::Tas), of(ClimateVariable::Tasmin), of(ClimateVariable::Tasmax)) {
            (None, Some(low), Some(high)) => Some(low.iter().zip(high).map(|(low, high)| 0.5 * (low + high)).collect()),
            _ => None,
        };
        WeatherDays { days, series, mean }
    }

    fn of(&self, wanted: ClimateVariable) -> Option<&[f32]> {
        self.series.iter().find(|(variable, _)| *variable == wanted).map(|(_, series)| &series[..])
    }

    fn daily(&self) -> Result<DailyWeather<'_, f32>, Error> {
        let tas = self.of(ClimateVariable::Tas).or(self.mean.as_deref());
        Ok(DailyWeather {
            tas: tas.ok_or_else(|| told("hours need tas, or tasmin and tasmax".to_owned()))?,
            tasmin: self.of(ClimateVariable::Tasmin),
            tasmax: self.of(ClimateVariable::Tasmax),
            rsds: self.of(ClimateVariable::Rsds),
            hurs: self.of(ClimateVariable::Hurs),
            huss: self.of(ClimateVariable::Huss),
            sfc_wind: self.of(ClimateVariable::SfcWind),
            ps: self.of(ClimateVariable::Ps),
        })
    }
}

/// What became of a year.
pub struct Downscaled {
    /// It, as other stages take it.
    pub year: WeatherYear,
    /// How it was made, for report and file.
    pub metrics: Vec<(String, Metric)>,
    /// What it lacks.
    pub warnings: Vec<Warning>,
}

/// Makes a year of hours out of the days of a period; `site` has place and clock.
///
/// # Errors
/// Days that a year cannot be made of; none with a temperature.
pub fn downscale(
    wanted: &DownscaledWeather,
    site: &WeatherYear,
    donor: Option<&WeatherYear>,
    days: (&WeatherDays<'_>, &WeatherDays<'_>),
    sun_year: i32,
) -> Result<Downscaled, Error> {
    let (hours, metrics) = hours(wanted, site, donor, days, sun_year)?;
    let mut year = as_weather(site, &hours, sun_year)?;
    if year.temp_air.iter().all(|value| value.is_nan()) {
        let problem =
            Problem::new("the cell that the weather's place lies in has no temperature").of_key("climate.weather");
        return Err(problem
            .hint("cells without values in a reference or a model are masked; choose another place")
            .into());
    }
    let warnings = gaps(&mut year, "the downscaled weather");
    Ok(Downscaled { year, metrics, warnings })
}

/// The hours of a year, and how they were made.
fn hours(
    wanted: &DownscaledWeather,
    site: &WeatherYear,
    donor: Option<&WeatherYear>,
    (reference, future): (&WeatherDays<'_>, &WeatherDays<'_>),
    sun_year: i32,
) -> Result<(HourlyYear, Vec<(String, Metric)>), Error> {
    let clock = LocalClock::new(site.utc_offset_h).map_err(|error| told(error.to_string()))?;
    let sun = sun(site, sun_year)?;
    let pressure = pressure_from_altitude(site.elevation_m);
    let daily = future.daily()?;
    let mut metrics = Vec::new();
    if wanted.method == HourlyMethod::Morphing {
        let donor = donor.expect("morphing has a donor");
        let (from, to) = ((reference.days, &reference.daily()?), (future.days, &daily));
        let change = MonthlyChange::between(from, to, pressure).map_err(|error| told(error.to_string()))?;
        let mean = change.months.iter().map(|month| month.mean).sum::<f64>() / 12.0;
        metrics.push(("weather_temperature_change_k".into(), Metric::Number(mean)));
        let hours = morph(&hours_of(donor), &change, &sun).map_err(|error| told(error.to_string()))?;
        return Ok((hours, metrics));
    }
    let years = match wanted.year {
        WeatherOfYear::Projected(year) => [year; 12],
        WeatherOfYear::Typical => {
            typical_year(future.days, &daily, pressure).map_err(|error| told(error.to_string()))?
        }
    };
    let named = years.iter().map(i32::to_string).collect::<Vec<_>>().join(" ");
    metrics.push(("weather_years_of_months".into(), Metric::Text(named)));
    let days = days_of_local_year(future.days, &years).map_err(|error| told(error.to_string()))?;
    let hours = match wanted.method {
        HourlyMethod::Analogue => {
            let donor = hours_of(donor.expect("analogues have a donor"));
            let donors =
                analogue::Donors::new(&[donor], clock, HALF_WINDOW).map_err(|error| told(error.to_string()))?;
            let hours = donors.hours(&daily, &days, &sun).map_err(|error| told(error.to_string()))?;
            let donor: Vec<f64> = donor.temp_air.iter().map(|&value| f64::from(value)).collect();
            let of_both = [("weather_midnight_jump_k", hours.of(Variable::TempAir)), ("donor_midnight_jump_k", &donor)];
            let jump = |(name, hours): (&str, &[f64])| {
                mean_midnight_jump(hours, clock).map(|jump| (name.to_owned(), Metric::Number(jump)))
            };
            metrics.extend(of_both.into_iter().filter_map(jump));
            hours
        }
        _ => geometry::hours(&daily, &days, &sun, clock, pressure).map_err(|error| told(error.to_string()))?,
    };
    Ok((hours, metrics))
}

/// Writes the hours of a year.
///
/// # Errors
/// The store cannot take them.
pub fn write(sink: &mut dyn FieldSink, site: &WeatherYear, year: &WeatherYear) -> Result<(), Error> {
    let ends: Vec<f64> = (1..=HOURS).map(|hour| hour as f64).collect();
    write_f64(sink, &field::WEATHER_TIME, &ends)?;
    let weekday = site.first_weekday.map_or(-1.0, f64::from);
    let of_site = [site.latitude, site.longitude, site.elevation_m, site.utc_offset_h, weekday];
    write_f64(sink, &field::WEATHER_SITE, &of_site)?;
    let series = [
        &year.ghi,
        &year.dni,
        &year.dhi,
        &year.temp_air,
        &year.dew_point,
        &year.relative_humidity,
        &year.pressure,
        &year.wind_speed,
        &year.wind_direction,
        &year.sky_infrared,
    ];
    for (spec, values) in field::WEATHER.iter().zip(series) {
        sink.write(spec, Values::F32(ArrayView1::from(values.as_slice()).into_dyn()))?;
    }
    Ok(())
}

/// The hours as other stages take them; radiation that is not split yet is split after Erbs 1982. What nothing tells stays missing.
///
/// # Errors
/// A place that is not on Earth.
fn as_weather(site: &WeatherYear, hours: &HourlyYear, sun_year: i32) -> Result<WeatherYear, Error> {
    let of = |variable| hours.of(variable).iter().map(|&value| value as f32).collect::<Vec<f32>>();
    let (ghi, mut dni, mut dhi) = (of(Variable::Ghi), of(Variable::Dni), of(Variable::Dhi));
    for (hour, (zenith, extra)) in extraterrestrial_of_hours(site, sun_year)?.into_iter().enumerate() {
        if ghi[hour].is_finite() && !(dni[hour].is_finite() && dhi[hour].is_finite()) {
            let split = decompose_erbs(f64::from(ghi[hour]), zenith, extra);
            (dni[hour], dhi[hour]) = (split.dni as f32, split.dhi as f32);
        }
    }
    Ok(WeatherYear {
        ghi,
        dni,
        dhi,
        temp_air: of(Variable::TempAir),
        dew_point: of(Variable::DewPoint),
        relative_humidity: of(Variable::RelativeHumidity),
        pressure: of(Variable::Pressure),
        wind_speed: of(Variable::WindSpeed),
        wind_direction: of(Variable::WindDirection),
        sky_infrared: of(Variable::SkyInfrared),
        ..site.clone()
    })
}

fn hours_of(year: &WeatherYear) -> WeatherHours<'_> {
    WeatherHours {
        temp_air: &year.temp_air,
        relative_humidity: &year.relative_humidity,
        dew_point: &year.dew_point,
        pressure: &year.pressure,
        wind_speed: &year.wind_speed,
        wind_direction: &year.wind_direction,
        ghi: &year.ghi,
        dni: &year.dni,
        dhi: &year.dhi,
        sky_infrared: &year.sky_infrared,
    }
}

fn sun(site: &WeatherYear, sun_year: i32) -> Result<SunYear, Error> {
    let cosines = cosines_of_hours(site, sun_year, SUNS_PER_HOUR)?;
    let extra: Vec<f64> = extraterrestrial_of_hours(site, sun_year)?.into_iter().map(|(_, extra)| extra).collect();
    SunYear::new(&cosines, &extra).map_err(|error| told(error.to_string()))
}

fn told(message: String) -> Error {
    Problem::new(message).of_key("climate.weather").into()
}
