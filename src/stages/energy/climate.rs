//! The year that all zones share, from the weather file and the sun.
//!
//! Everything is the mean of its hour, as the zone models take it: spot values at the stamps are averaged over the hour
//! between them, and the sun is followed within the hour where radiation is a mean over it.

use std::f64::consts::TAU;

use conurb_energy::climate::{Climate, NO_BIN};
use conurb_solar::sky::{SkyHours, SkySeries, Transposition};
use conurb_solar::surface::SunBins;

use crate::error::{Error, Problem};
use crate::formats::weather::WeatherYear;
use crate::scenario::{SkyModel, SkyTemperature, Weather};
use crate::stages::solar::{SolarYear, without_gaps};

/// Positions of the sun within an hour whose radiation is a mean.
const SUNS_PER_HOUR: usize = 6;
/// Where the sun stands in hours whose radiation is a mean; files of instants have another offset.
const MIDDLE_OF_HOUR: f64 = 0.5;
/// Air minus sky temperature of intermediate climates (K), ISO 52016-1:2017 table B.13 ff.
const FIXED_SKY_DROP: f64 = 11.0;
/// Stefan-Boltzmann constant (W/m²K⁴), CODATA 2018.
const STEFAN_BOLTZMANN: f64 = 5.670_374_419e-8;
const ZERO_CELSIUS: f64 = 273.15;
/// Depth of the ground whose temperature floors feel (m).
const GROUND_DEPTH_M: f64 = 1.0;
/// Depth at which the year's swing is 1/e of that above (m), sand or gravel in ISO 13370:2017 annex H.
const PENETRATION_DEPTH_M: f64 = 3.2;

/// How weather becomes a climate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClimateOptions {
    /// How diffuse irradiance is spread over the sky; a sky of patches counts as [`SkyModel::Perez1990`], whose three parts
    /// are what facades need.
    pub sky_model: SkyModel,
    /// How cold the sky is.
    pub sky_temperature: SkyTemperature,
    /// Direction of grid north, clockwise from true north (°).
    pub convergence_deg: f64,
}

/// The climate of a weather file; all hours are without sun bin until [`set_sun_bins`].
///
/// - Beam: the mean over the hour of beam times unit vector is one vector B, which stands for the hour: any plane that sees
///   the sun all hour long receives exactly n · B, however far the sun moved. While only a part of the hour has the sun, the
///   hour's irradiance belongs to that part.
/// - Sky temperature from the file: (IR / σ)^¼ with its infrared irradiance of the horizontal.
/// - Ground: Kusuda and Achenbach 1965 (ASHRAE Trans. 71) with mean, amplitude and phase of the file's own year,
///   T = mean + amplitude e^(−z/δ) cos(2π t/8760 − phase − z/δ), 1 m deep in ground of δ = 3.2 m.
///
/// # Errors
/// Irradiance out of its range, or a sky temperature that the file does not give.
pub fn climate(
    weather: &WeatherYear,
    year: &SolarYear,
    settings: &Weather,
    options: &ClimateOptions,
) -> Result<Climate, Error> {
    let are_means = weather.sun_offset_h == MIDDLE_OF_HOUR;
    let hourly = |spots: &[f64]| hour_means(spots, are_means);
    let temp_air = hourly(&year.temp_air);
    let sky_drop = match options.sky_temperature {
        SkyTemperature::Fixed => vec![FIXED_SKY_DROP; temp_air.len()],
        SkyTemperature::Weather => {
            let sky = hourly(&sky_temperatures(weather)?);
            temp_air.iter().zip(sky).map(|(air, sky)| air - sky).collect()
        }
    };
    let mut climate = Climate {
        temp_ground: ground_temperatures(&temp_air),
        wind_speed: hourly(&year.wind_speed),
        sky_drop,
        sun_bin: vec![NO_BIN; temp_air.len()],
        ghi: year.ghi.clone(),
        temp_air,
        ..Climate::default()
    };
    let offsets: Vec<f64> = match are_means {
        true => (0..SUNS_PER_HOUR).map(|step| (step as f64 + 0.5) / SUNS_PER_HOUR as f64).collect(),
        false => vec![weather.sun_offset_h],
    };
    let mut suns = Suns::new(year.ghi.len());
    for offset in offsets {
        let sun = SolarYear::suns_after(weather, settings, offset)?;
        let series = SkySeries { sun: &sun, ghi: &year.ghi, dni: &year.dni, dhi: &year.dhi };
        let hours = SkyHours::new(&series, transposition(options.sky_model))
            .map_err(|cause| Error::Failed(format!("the weather cannot be used: {cause}")))?;
        suns.add(&hours);
    }
    suns.finish(year, options.convergence_deg, &mut climate);
    Ok(climate)
}

/// Puts the bins of `suns`, those of the hours `lit`, into a climate.
///
/// # Panics
/// If there is not a bin for each of the hours.
pub fn set_sun_bins(climate: &mut Climate, lit: &[usize], suns: &SunBins) {
    assert_eq!(lit.len(), suns.bin_of_hour.len(), "a bin for each lit hour");
    climate.sun_bin.fill(NO_BIN);
    for (&hour, &bin) in lit.iter().zip(&suns.bin_of_hour) {
        climate.sun_bin[hour] = if bin == conurb_solar::surface::NO_BIN { NO_BIN } else { bin };
    }
    climate.n_sun_bins = suns.n_bins();
}

fn transposition(model: SkyModel) -> Transposition {
    match model {
        SkyModel::Isotropic => Transposition::Isotropic,
        SkyModel::HayDavies => Transposition::HayDavies,
        SkyModel::Perez1990 | SkyModel::Perez1993 => Transposition::Perez,
    }
}

/// Sums over the suns of each hour that stand above the horizon.
struct Suns {
    beam: Vec<[f64; 3]>,
    isotropic: Vec<f64>,
    horizon: Vec<f64>,
    n_up: Vec<f64>,
}

impl Suns {
    fn new(n_hours: usize) -> Self {
        let zeros = || vec![0.0; n_hours];
        Suns { beam: vec![[0.0; 3]; n_hours], isotropic: zeros(), horizon: zeros(), n_up: zeros() }
    }

    fn add(&mut self, hours: &SkyHours) {
        for hour in (0..hours.len()).filter(|&hour| hours.up[hour] > 0.0) {
            let beam = hours.dni[hour] + hours.circumsolar[hour];
            let direction = [hours.east[hour], hours.north[hour], hours.up[hour]];
            for (sum, component) in self.beam[hour].iter_mut().zip(direction) {
                *sum += beam * component;
            }
            self.isotropic[hour] += hours.isotropic[hour];
            self.horizon[hour] += hours.horizon[hour];
            self.n_up[hour] += 1.0;
        }
    }

    /// Means into a climate; an hour without sun has an even sky.
    fn finish(self, year: &SolarYear, convergence_deg: f64, climate: &mut Climate) {
        let angle = convergence_deg.to_radians();
        let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
        for hour in 0..self.n_up.len() {
            let n_up = self.n_up[hour].max(1.0);
            let [east, north, up] = self.beam[hour].map(|sum| sum / n_up);
            let beam = (east * east + north * north + up * up).sqrt();
            let per_beam = if beam > 0.0 { 1.0 / beam } else { 0.0 };
            climate.sun_east.push((east * cosine - north * sine) * per_beam);
            climate.sun_north.push((north * cosine + east * sine) * per_beam);
            climate.sun_up.push(up * per_beam);
            climate.beam.push(beam);
            let has_sun = self.n_up[hour] > 0.0;
            climate.isotropic.push(if has_sun { self.isotropic[hour] / n_up } else { year.dhi[hour] });
            climate.horizon.push(self.horizon[hour] / n_up);
        }
    }
}

/// Means of hours from spot values: at their ends where radiation is a mean over the hour, else at their starts. The year
/// goes round.
fn hour_means(spots: &[f64], at_ends: bool) -> Vec<f64> {
    let n = spots.len();
    let other = |hour: usize| if at_ends { (hour + n - 1) % n } else { (hour + 1) % n };
    (0..n).map(|hour| 0.5 * (spots[hour] + spots[other(hour)])).collect()
}

/// Temperature of the sky at each stamp, after its infrared radiation (°C).
///
/// # Errors
/// The file gives none.
pub fn sky_temperatures(weather: &WeatherYear) -> Result<Vec<f64>, Error> {
    if !weather.sky_infrared.iter().any(|value| *value > 0.0) {
        let problem = Problem::new("the weather file gives no infrared radiation of the sky");
        return Err(problem.of_key("energy.sky_temperature").hint("set it to \"fixed\"").into());
    }
    let known: Vec<f32> =
        weather.sky_infrared.iter().map(|&value| if value > 0.0 { value } else { f32::NAN }).collect();
    Ok(without_gaps(&known).iter().map(|value| (value / STEFAN_BOLTZMANN).sqrt().sqrt() - ZERO_CELSIUS).collect())
}

/// See [`climate`]; mean, amplitude and phase are those of the first harmonic of the air.
fn ground_temperatures(temp_air: &[f64]) -> Vec<f64> {
    let n = temp_air.len() as f64;
    let angle = |hour: usize| TAU * (hour as f64 + 0.5) / n;
    let mean = temp_air.iter().sum::<f64>() / n;
    let (mut cosines, mut sines) = (0.0, 0.0);
    for (hour, temperature) in temp_air.iter().enumerate() {
        cosines += temperature * libm::cos(angle(hour)) * 2.0 / n;
        sines += temperature * libm::sin(angle(hour)) * 2.0 / n;
    }
    let depth = GROUND_DEPTH_M / PENETRATION_DEPTH_M;
    let amplitude = (cosines * cosines + sines * sines).sqrt() * libm::exp(-depth);
    let phase = libm::atan2(sines, cosines) + depth;
    (0..temp_air.len()).map(|hour| mean + amplitude * libm::cos(angle(hour) - phase)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::weather::HOURS;

    #[test]
    fn spot_values_become_means_of_their_hours() {
        assert_eq!(hour_means(&[1.0, 2.0, 4.0], true), [2.5, 1.5, 3.0]);
        assert_eq!(hour_means(&[1.0, 2.0, 4.0], false), [1.5, 3.0, 2.5]);
    }

    #[test]
    fn the_ground_swings_less_and_later_than_the_air() {
        let air: Vec<f64> =
            (0..HOURS).map(|hour| 10.0 + 12.0 * libm::cos(TAU * (hour as f64 + 0.5) / HOURS as f64 - 3.4)).collect();
        let ground = ground_temperatures(&air);
        let warmest = |values: &[f64]| (0..HOURS).max_by(|&a, &b| values[a].total_cmp(&values[b])).unwrap();
        // e^(−1/3.2) = 0.7316 of the swing, 1/3.2 of a radian later: 436 hours.
        assert!((ground[warmest(&ground)] - (10.0 + 12.0 * 0.731_616)).abs() < 1e-3);
        assert!((warmest(&ground) as f64 - warmest(&air) as f64 - 435.7).abs() <= 1.0);
        let mean = ground.iter().sum::<f64>() / HOURS as f64;
        assert!((mean - 10.0).abs() < 1e-9, "{mean}");
    }

    #[test]
    fn the_sky_is_as_cold_as_its_radiation() {
        // 315.66 W/m² is a black body at 0 °C by σ T⁴ = 5.670374e-8 × 273.15⁴.
        let mut weather = WeatherYear { sky_infrared: vec![f32::NAN; 3], ..WeatherYear::default() };
        assert!(sky_temperatures(&weather).unwrap_err().to_string().contains("energy.sky_temperature"));
        weather.sky_infrared[1] = 315.66;
        assert!(sky_temperatures(&weather).unwrap().iter().all(|value| value.abs() < 0.01));
        weather.sky_infrared[0] = 0.0;
        assert!(sky_temperatures(&weather).unwrap()[0].abs() < 0.01, "0 W/m² is no sky on Earth");
    }

    #[test]
    fn the_beam_of_an_hour_is_the_mean_of_its_vectors() {
        let hours = |east: f64, up: f64| SkyHours {
            east: vec![east],
            north: vec![0.0],
            up: vec![up],
            dni: vec![90.0],
            circumsolar: vec![10.0],
            isotropic: vec![30.0],
            horizon: vec![-4.0],
            ghi: vec![0.0],
        };
        let mut suns = Suns::new(1);
        suns.add(&hours(0.6, 0.8));
        suns.add(&hours(-0.6, 0.8));
        suns.add(&hours(1.0, -0.1));
        let year = SolarYear { dhi: vec![50.0], ..SolarYear::default() };
        let mut climate = Climate::default();
        suns.finish(&year, 0.0, &mut climate);
        assert!((climate.beam[0] - 80.0).abs() < 1e-12 && (climate.sun_up[0] - 1.0).abs() < 1e-12);
        assert!(climate.sun_east[0].abs() < 1e-12);
        assert_eq!((climate.isotropic[0], climate.horizon[0]), (30.0, -4.0));
        let mut dark = Climate::default();
        Suns::new(1).finish(&year, 0.0, &mut dark);
        assert_eq!((dark.beam[0], dark.isotropic[0], dark.sun_up[0]), (0.0, 50.0, 0.0));
    }
}
