//! What of the sky does not depend on the plane it falls on.

use super::SkyError;
use super::air::relative_air_mass;
use super::extraterrestrial::extraterrestrial_from_distance;
use super::perez::brightness;
use crate::sun::SunPosition;

/// How diffuse irradiance is spread over the sky.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transposition {
    /// All parts of the sky are equally bright (Hottel & Woertz 1942; Liu & Jordan, Sol. Energy 4, 1960).
    Isotropic,
    /// The share dni / E0 comes from the sun (Hay & Davies, Calculation of the solar radiation incident on an inclined surface, 1980).
    HayDavies,
    /// Shares come from the sun and the horizon: Perez et al. 1990 with the all-sites composite coefficients.
    Perez,
}

impl Transposition {
    /// The name that results carry.
    pub fn name(self) -> &'static str {
        match self {
            Transposition::Isotropic => "isotropic",
            Transposition::HayDavies => "hay_davies",
            Transposition::Perez => "perez_1990",
        }
    }
}

/// Sun and weather of time steps, series of one length.
#[derive(Debug, Clone, Copy)]
pub struct SkySeries<'a> {
    /// Where the sun stands, mid-step.
    pub sun: &'a [SunPosition],
    /// Global horizontal irradiance, 0 to 5000 W/m².
    pub ghi: &'a [f64],
    /// Direct normal irradiance, 0 to 5000 W/m².
    pub dni: &'a [f64],
    /// Diffuse horizontal irradiance, 0 to 5000 W/m².
    pub dhi: &'a [f64],
}

/// Time steps of a sky, ready for any number of planes; all series have one length.
///
/// A plane receives, with θ the angle to the sun, β its tilt and cos⁺ θ = max(cos θ, 0):
///
/// (dni + circumsolar) cos⁺ θ + isotropic (1 + cos β) / 2 + horizon sin β + ghi albedo (1 − cos β) / 2
///
/// and every model of [`Transposition`] is a choice of `isotropic`, `circumsolar` and `horizon`. What shades the sun takes
/// the first term, what hides sky, horizon or ground the others.
#[derive(Debug, Clone, Default)]
pub struct SkyHours {
    /// East component of the unit vector to the sun (apparent zenith).
    pub east: Vec<f64>,
    /// North component.
    pub north: Vec<f64>,
    /// Upward component, the cosine of the apparent zenith.
    pub up: Vec<f64>,
    /// Direct normal irradiance, W/m².
    pub dni: Vec<f64>,
    /// Circumsolar irradiance normal to the sun, W/m²: F1 dhi / max(cos z, cos 85°) for Perez.
    pub circumsolar: Vec<f64>,
    /// Diffuse irradiance of an even sky on the horizontal, W/m²: (1 − F1) dhi for Perez.
    pub isotropic: Vec<f64>,
    /// Irradiance of the horizon on a vertical plane, W/m²: F2 dhi for Perez; may be negative.
    pub horizon: Vec<f64>,
    /// Global horizontal irradiance, which the ground reflects, W/m².
    pub ghi: Vec<f64>,
}

/// Diffuse irradiance of one time step in its three parts.
struct Diffuse {
    circumsolar: f64,
    isotropic: f64,
    horizon: f64,
}

impl SkyHours {
    /// Takes apart the diffuse irradiance of `series` as `model` says.
    ///
    /// Without a sun above the horizon Hay-Davies still knows an even sky, while Perez has none: the diffuse irradiance of
    /// twilight is 0 there, as its air mass is not defined.
    ///
    /// # Errors
    /// Series of different lengths; irradiance out of its range or not a number; a sun without a finite direction.
    pub fn new(series: &SkySeries<'_>, model: Transposition) -> Result<Self, SkyError> {
        let n = series.sun.len();
        for (what, values) in [("ghi", series.ghi), ("dni", series.dni), ("dhi", series.dhi)] {
            check(what, values, n)?;
        }
        let mut hours = SkyHours::default();
        for (index, sun) in series.sun.iter().enumerate() {
            check_sun(index, sun)?;
            let (dni, dhi) = (series.dni[index], series.dhi[index]);
            let direction = sun.direction();
            let diffuse = diffuse(model, sun, direction[2], dni, dhi);
            hours.east.push(direction[0]);
            hours.north.push(direction[1]);
            hours.up.push(direction[2]);
            hours.dni.push(dni);
            hours.circumsolar.push(diffuse.circumsolar);
            hours.isotropic.push(diffuse.isotropic);
            hours.horizon.push(diffuse.horizon);
            hours.ghi.push(series.ghi[index]);
        }
        Ok(hours)
    }

    /// Time steps in which anything shines: about half of a year.
    pub fn lit_steps(&self) -> Vec<usize> {
        let parts = [&self.dni, &self.circumsolar, &self.isotropic, &self.horizon, &self.ghi];
        (0..self.len()).filter(|&step| parts.iter().any(|part| part[step] != 0.0)).collect()
    }

    /// The time steps of `steps`, in that order.
    ///
    /// # Panics
    /// If a step does not exist.
    pub fn select(&self, steps: &[usize]) -> Self {
        let of = |values: &[f64]| steps.iter().map(|&step| values[step]).collect();
        SkyHours {
            east: of(&self.east),
            north: of(&self.north),
            up: of(&self.up),
            dni: of(&self.dni),
            circumsolar: of(&self.circumsolar),
            isotropic: of(&self.isotropic),
            horizon: of(&self.horizon),
            ghi: of(&self.ghi),
        }
    }

    /// Number of time steps.
    pub fn len(&self) -> usize {
        self.ghi.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ghi.is_empty()
    }
}

fn check(what: &'static str, values: &[f64], n_steps: usize) -> Result<(), SkyError> {
    if values.len() != n_steps {
        return Err(SkyError::Length { what, len: values.len(), expected: n_steps });
    }
    match values.iter().position(|value| !(0.0..=5000.0).contains(value)) {
        None => Ok(()),
        Some(index) => Err(SkyError::Value { index, what, value: values[index], expected: "0 to 5000 W/m2" }),
    }
}

fn check_sun(index: usize, sun: &SunPosition) -> Result<(), SkyError> {
    for (what, value, range, expected) in [
        ("apparent zenith", sun.apparent_zenith, 0.0..=180.0, "0 to 180 degrees"),
        ("solar azimuth", sun.azimuth, -360.0..=360.0, "-360 to 360 degrees"),
        ("distance of the sun", sun.distance_au, 0.9..=1.1, "0.9 to 1.1 au"),
    ] {
        if !range.contains(&value) {
            return Err(SkyError::Value { index, what, value, expected });
        }
    }
    Ok(())
}

fn diffuse(model: Transposition, sun: &SunPosition, cos_zenith: f64, dni: f64, dhi: f64) -> Diffuse {
    /// cos 89°, the least of the quotient of Hay-Davies.
    const LEAST_COSINE_HAY_DAVIES: f64 = 0.017_45;
    /// cos 85°, the least of the quotient of Perez.
    const LEAST_COSINE_PEREZ: f64 = 0.087_155_742_747_658_17;
    let dni_extra = extraterrestrial_from_distance(sun.distance_au);
    match model {
        Transposition::Isotropic => Diffuse { circumsolar: 0.0, isotropic: dhi, horizon: 0.0 },
        Transposition::HayDavies => {
            let from_sun = dhi * (dni / dni_extra);
            let circumsolar = from_sun / cos_zenith.max(LEAST_COSINE_HAY_DAVIES);
            Diffuse { circumsolar, isotropic: (dhi - from_sun).max(0.0), horizon: 0.0 }
        }
        Transposition::Perez => match relative_air_mass(sun.apparent_zenith) {
            Some(air_mass) if dhi > 0.0 => {
                let shares = brightness(dhi, dni, sun.apparent_zenith.to_radians(), air_mass, dni_extra);
                Diffuse {
                    circumsolar: dhi * shares.circumsolar / cos_zenith.max(LEAST_COSINE_PEREZ),
                    isotropic: dhi * (1.0 - shares.circumsolar),
                    horizon: dhi * shares.horizon,
                }
            }
            _ => Diffuse { circumsolar: 0.0, isotropic: 0.0, horizon: 0.0 },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUN: SunPosition =
        SunPosition { zenith: 60.0, apparent_zenith: 60.0, azimuth: 90.0, equation_of_time_min: 0.0, distance_au: 1.0 };

    fn hour(sun: SunPosition, dni: f64, dhi: f64, model: Transposition) -> Result<SkyHours, SkyError> {
        SkyHours::new(&SkySeries { sun: &[sun], ghi: &[300.0], dni: &[dni], dhi: &[dhi] }, model)
    }

    #[test]
    fn hay_davies_by_hand() {
        // Anisotropy 683.05 / 1366.1 = 1/2: half of 100 W/m² is even, half comes from the sun, over cos 60° = 1/2.
        let hours = hour(SUN, 683.05, 100.0, Transposition::HayDavies).unwrap();
        assert!((hours.isotropic[0] - 50.0).abs() < 1e-9);
        assert!((hours.circumsolar[0] - 100.0).abs() < 1e-9);
        assert_eq!(hours.horizon[0], 0.0);
        assert!((hours.east[0] - 0.75_f64.sqrt()).abs() < 1e-12 && hours.north[0].abs() < 1e-12);
    }

    #[test]
    fn all_of_the_diffuse_reaches_the_horizontal() {
        for model in [Transposition::Isotropic, Transposition::HayDavies, Transposition::Perez] {
            let hours = hour(SUN, 500.0, 120.0, model).unwrap();
            assert!((hours.isotropic[0] + hours.circumsolar[0] * hours.up[0] - 120.0).abs() < 1e-9, "{}", model.name());
        }
    }

    #[test]
    fn night_and_no_diffuse_are_zero() {
        let night = SunPosition { apparent_zenith: 95.0, ..SUN };
        assert_eq!(hour(night, 0.0, 10.0, Transposition::Perez).unwrap().isotropic, [0.0]);
        assert_eq!(hour(night, 0.0, 10.0, Transposition::Isotropic).unwrap().isotropic, [10.0]);
        for dni in [0.0, 900.0] {
            let hours = hour(SUN, dni, 0.0, Transposition::Perez).unwrap();
            assert_eq!((hours.isotropic[0], hours.circumsolar[0], hours.horizon[0]), (0.0, 0.0, 0.0));
        }
    }

    #[test]
    fn dark_steps_can_be_left_out() {
        let night = SunPosition { apparent_zenith: 120.0, ..SUN };
        let series =
            SkySeries { sun: &[night, SUN, SUN], ghi: &[0.0, 10.0, 0.0], dni: &[0.0; 3], dhi: &[0.0, 10.0, 0.0] };
        let hours = SkyHours::new(&series, Transposition::Perez).unwrap();
        assert_eq!(hours.lit_steps(), [1]);
        let lit = hours.select(&[1]);
        assert_eq!((lit.len(), lit.ghi[0], lit.up[0]), (1, 10.0, hours.up[1]));
        assert_eq!((lit.isotropic[0], lit.circumsolar[0]), (hours.isotropic[1], hours.circumsolar[1]));
    }

    #[test]
    fn bad_weather_is_named() {
        let error = hour(SUN, f64::NAN, 0.0, Transposition::Perez).unwrap_err();
        assert!(matches!(error, SkyError::Value { index: 0, what: "dni", .. }));
        let error = hour(SUN, 0.0, 9999.0, Transposition::Perez).unwrap_err();
        assert_eq!(error.to_string(), "dhi of step 0 is 9999; expected 0 to 5000 W/m2");
        let sun = SunPosition { azimuth: f64::NAN, ..SUN };
        assert!(hour(sun, 0.0, 0.0, Transposition::Isotropic).is_err());
        let uneven = SkySeries { sun: &[SUN], ghi: &[], dni: &[1.0], dhi: &[1.0] };
        let error = SkyHours::new(&uneven, Transposition::Perez).unwrap_err();
        assert_eq!(error, SkyError::Length { what: "ghi", len: 0, expected: 1 });
    }
}
