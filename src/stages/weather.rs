//! Weather that is known only when the climate has been downscaled.
//!
//! Stages that need weather are made from a year of the right place and clock, with which everything but the weather itself can be
//! checked and planned; before they compute they take the year that the climate stage wrote.

use std::sync::OnceLock;

use crate::error::{Error, Warning};
use crate::field::{FieldSpec, climate as field};
use crate::formats::weather::{HOURS, WeatherYear};
use crate::scenario::{Weather, WeatherFile};
use crate::stages::FieldSource;

/// Something that follows from the weather, and what is to be told of it: at first from a stand-in, then from the real one.
#[derive(Debug)]
pub struct OfWeather<T> {
    planned: (T, Vec<Warning>),
    real: OnceLock<(T, Vec<Warning>)>,
}

impl<T> OfWeather<T> {
    /// What follows from the weather that is known when stages are planned.
    pub fn new((planned, warnings): (T, Vec<Warning>), settings: &Weather) -> Self {
        let is_real = settings.file != WeatherFile::Downscaled;
        OfWeather { planned: (planned, if is_real { warnings } else { Vec::new() }), real: OnceLock::new() }
    }

    /// What follows from the best weather that is known.
    pub fn get(&self) -> &T {
        &self.real.get().unwrap_or(&self.planned).0
    }

    /// What is to be told of the weather; nothing of a stand-in.
    pub fn warnings(&self) -> Vec<Warning> {
        self.real.get().unwrap_or(&self.planned).1.clone()
    }

    /// Takes what follows from the year that the climate stage wrote, if it is to write one.
    ///
    /// # Errors
    /// There is none, or nothing can follow from it.
    pub fn update(
        &self,
        settings: &Weather,
        source: &dyn FieldSource,
        make: impl FnOnce(WeatherYear) -> Result<(T, Vec<Warning>), Error>,
    ) -> Result<(), Error> {
        if settings.file == WeatherFile::Downscaled {
            // A stage that runs twice finds the same year twice.
            let _ = self.real.set(make(read(source)?)?);
        }
        Ok(())
    }
}

/// Fields of the climate stage that a stage with this weather reads.
pub fn fields(settings: &Weather) -> Vec<FieldSpec> {
    match settings.file {
        WeatherFile::Downscaled => field::WEATHER.iter().cloned().chain([field::WEATHER_SITE]).collect(),
        WeatherFile::Epw(_) | WeatherFile::Tmy3(_) => Vec::new(),
    }
}

/// The year that the climate stage wrote.
fn read(source: &dyn FieldSource) -> Result<WeatherYear, Error> {
    let site = source.numbers(&field::WEATHER_SITE, 0..SITE_ENTRIES)?;
    let hours = |spec: &FieldSpec| -> Result<Vec<f32>, Error> {
        Ok(source.numbers(spec, 0..HOURS)?.into_iter().map(|value| value as f32).collect())
    };
    Ok(WeatherYear {
        place: "downscaled".to_owned(),
        latitude: site[0],
        longitude: site[1],
        elevation_m: site[2],
        utc_offset_h: site[3],
        clock_utc_h: site[3],
        sun_offset_h: 0.5,
        first_weekday: (site[4] >= 0.0).then_some(site[4] as u8),
        ghi: hours(&field::WEATHER_GHI)?,
        dni: hours(&field::WEATHER_DNI)?,
        dhi: hours(&field::WEATHER_DHI)?,
        temp_air: hours(&field::WEATHER_TEMP_AIR)?,
        dew_point: hours(&field::WEATHER_DEW_POINT)?,
        relative_humidity: hours(&field::WEATHER_RELATIVE_HUMIDITY)?,
        pressure: hours(&field::WEATHER_PRESSURE)?,
        wind_speed: hours(&field::WEATHER_WIND_SPEED)?,
        wind_direction: hours(&field::WEATHER_WIND_DIRECTION)?,
        sky_infrared: hours(&field::WEATHER_SKY_INFRARED)?,
        missing_hours: Vec::new(),
    })
}

/// Entries of [`field::WEATHER_SITE`].
pub const SITE_ENTRIES: usize = 5;
