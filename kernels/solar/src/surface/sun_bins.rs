//! Suns of a year that stand close together share one ray.
//!
//! The same place in the sky is passed on two days of a year and, from one day to the next, within half a degree. Bins over
//! declination and hour angle therefore cut the rays of a year to a fraction. Their middle is where their energy is.

use std::collections::BTreeMap;

use super::plane::dot;

/// Bin of an hour whose sun is not above the horizon.
pub const NO_BIN: u32 = u32::MAX;

/// Which suns share a ray.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BinStep {
    /// None: every hour has its own.
    Hourly,
    /// Those within the same steps, both > 0.
    Degrees {
        /// Step of the declination (°).
        declination: f64,
        /// Step of the hour angle (°).
        hour_angle: f64,
    },
}

/// Directions that stand for the suns of all hours.
#[derive(Debug, Clone, PartialEq)]
pub struct SunBins {
    /// Unit vectors (east, north, up), in order of declination and hour angle.
    pub directions: Vec<[f64; 3]>,
    /// Bin of each hour, [`NO_BIN`] at night.
    pub bin_of_hour: Vec<u32>,
}

impl BinStep {
    /// Steps that keep a year of beam within 2 % on roofs and 5 % on walls of a ray for each hour.
    pub const DEFAULT: BinStep = BinStep::Degrees { declination: 1.5, hour_angle: 4.0 };
}

impl SunBins {
    /// Bins the `suns`, unit vectors (east, north, up) seen from `latitude` (°), by their `energies` ≥ 0 (such as direct
    /// normal irradiance); a bin without energy has its plain middle. Hours with up ≤ 0 or no number have no bin.
    ///
    /// # Panics
    /// If there are not as many energies as suns.
    pub fn new(suns: &[[f64; 3]], energies: &[f64], latitude: f64, step: BinStep) -> Self {
        assert_eq!(suns.len(), energies.len(), "an energy for each sun");
        let mut hours_of_bin: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
        for (hour, sun) in suns.iter().enumerate() {
            if sun[2] > 0.0 && sun.iter().all(|component| component.is_finite()) {
                hours_of_bin.entry(key(*sun, latitude, step, hour)).or_default().push(hour);
            }
        }
        let mut bins = SunBins { directions: Vec::new(), bin_of_hour: vec![NO_BIN; suns.len()] };
        for hours in hours_of_bin.into_values() {
            let bin = bins.directions.len() as u32;
            bins.directions.push(middle(&hours, suns, energies));
            for hour in hours {
                bins.bin_of_hour[hour] = bin;
            }
        }
        bins
    }

    /// How many rays stand for all suns.
    pub fn n_bins(&self) -> usize {
        self.directions.len()
    }
}

/// Steps of declination and hour angle; for hourly bins the hour itself.
fn key(sun: [f64; 3], latitude: f64, step: BinStep, hour: usize) -> (i64, i64) {
    let BinStep::Degrees { declination, hour_angle } = step else { return (hour as i64, 0) };
    let [east, north, up] = sun;
    let (sine, cosine) = (libm::sin(latitude.to_radians()), libm::cos(latitude.to_radians()));
    let sun_declination = libm::asin((sine * up + cosine * north).clamp(-1.0, 1.0)).to_degrees();
    // Afternoon suns stand in the west and have hour angles above 0.
    let sun_hour_angle = libm::atan2(-east, cosine * up - sine * north).to_degrees();
    (libm::floor(sun_declination / declination) as i64, libm::floor(sun_hour_angle / hour_angle) as i64)
}

/// Unit vector to the mean of the suns, weighted by energy.
fn middle(hours: &[usize], suns: &[[f64; 3]], energies: &[f64]) -> [f64; 3] {
    let weight = |hour: usize| if energies[hour] > 0.0 && energies[hour].is_finite() { energies[hour] } else { 0.0 };
    let lit: f64 = hours.iter().map(|&hour| weight(hour)).sum();
    let mut mean = [0.0; 3];
    for &hour in hours {
        let weight = if lit > 0.0 { weight(hour) } else { 1.0 };
        for axis in 0..3 {
            mean[axis] += weight * suns[hour][axis];
        }
    }
    let length = dot(mean, mean).sqrt();
    mean.map(|component| component / length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::tests::sun_at;

    #[test]
    fn suns_of_equal_declination_and_hour_angle_share_a_bin() {
        let latitude = 52.0;
        let suns = [(10.6, 20.5), (11.0, 21.5), (10.6, -20.5), (-20.0, 90.0), (10.9, 23.9)]
            .map(|(declination, hour_angle)| sun_at(latitude, declination, hour_angle));
        let step = BinStep::Degrees { declination: 1.5, hour_angle: 4.0 };
        let bins = SunBins::new(&suns, &[100.0, 300.0, 1.0, 1.0, 0.0], latitude, step);
        assert_eq!(bins.bin_of_hour, [1, 1, 0, NO_BIN, 1], "the fourth is below the horizon");
        // By energy: a quarter of the first sun and three quarters of the second.
        let mean = [0, 1, 2].map(|axis| 0.25 * suns[0][axis] + 0.75 * suns[1][axis]);
        let unit = mean.map(|component| component / dot(mean, mean).sqrt());
        assert!(bins.directions[1].iter().zip(unit).all(|(a, b)| (a - b).abs() < 1e-12));
    }

    #[test]
    fn hourly_suns_keep_their_direction() {
        let suns = [sun_at(45.0, 0.0, 15.0), [0.0, 1.0, -0.5], sun_at(45.0, 0.0, 15.0)];
        let bins = SunBins::new(&suns, &[0.0, 0.0, 5.0], 45.0, BinStep::Hourly);
        assert_eq!(bins.bin_of_hour, [0, NO_BIN, 1]);
        assert!(bins.directions[0].iter().zip(suns[0]).all(|(a, b)| (a - b).abs() < 1e-12));
    }

    #[test]
    fn what_is_no_number_has_no_bin() {
        let suns = [[f64::NAN, 0.0, 0.5], [0.0, 0.0, f64::NAN], [0.0, 0.0, 1.0]];
        let bins = SunBins::new(&suns, &[1.0, 1.0, f64::NAN], 0.0, BinStep::DEFAULT);
        assert_eq!(bins.bin_of_hour, [NO_BIN, NO_BIN, 0]);
        assert_eq!(bins.directions, [[0.0, 0.0, 1.0]]);
    }
}
