//! DISC: direct irradiance from air mass and clearness.

use conurb_numerics::{exp, sin_cos_degrees};

use super::super::air::{absolute_air_mass, relative_air_mass_1965};
use super::super::extraterrestrial::extraterrestrial_spencer;
use super::{Irradiance, clearness, closed};

/// What DISC finds before the balance is closed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disc {
    /// W/m²; may be negative.
    pub dni: f64,
    /// kt.
    pub clearness: f64,
    /// Absolute air mass, at most 12; `None` with the sun below the horizon.
    pub air_mass: Option<f64>,
}

/// Splits `ghi`, W/m², by dni = E0 (Kn_c − (a + b exp(c AM))) with a, b, c polynomials of the clearness index.
///
/// E0 is that of Spencer for `day_of_year` with 1370 W/m², on which the fit rests; AM is the air mass of Kasten 1965 at
/// `pressure_pa`, at most 12. All is diffuse for zenith > 87°; dhi closes the balance. Source: Maxwell, A quasi-physical
/// model for converting hourly global horizontal to direct normal insolation, SERI/TR-215-3087, 1987.
pub fn decompose_disc(ghi: f64, zenith: f64, day_of_year: f64, pressure_pa: f64) -> Irradiance {
    closed(ghi, disc(ghi, zenith, day_of_year, pressure_pa).dni, zenith)
}

pub(super) fn disc(ghi: f64, zenith: f64, day_of_year: f64, pressure_pa: f64) -> Disc {
    const SOLAR_CONSTANT_OF_THE_FIT: f64 = 1370.0;
    const GREATEST_AIR_MASS: f64 = 12.0;
    let dni_extra = extraterrestrial_spencer(day_of_year, SOLAR_CONSTANT_OF_THE_FIT);
    let clearness = clearness(ghi, sin_cos_degrees(zenith).1, dni_extra);
    let air_mass =
        relative_air_mass_1965(zenith).map(|relative| absolute_air_mass(relative, pressure_pa).min(GREATEST_AIR_MASS));
    let dni = air_mass.map_or(0.0, |air_mass| dni_extra * transmittance(clearness, air_mass));
    Disc { dni, clearness, air_mass }
}

/// Kn: report eq. 2 to 5.
fn transmittance(kt: f64, air_mass: f64) -> f64 {
    let (a, b, c) = if kt <= 0.6 {
        (0.512 + kt * (-1.56 + kt * (2.286 - 2.222 * kt)), 0.37 + 0.962 * kt, -0.28 + kt * (0.932 - 2.048 * kt))
    } else {
        (
            -5.743 + kt * (21.77 + kt * (-27.49 + 11.56 * kt)),
            41.4 + kt * (-118.5 + kt * (66.05 + 31.9 * kt)),
            -47.01 + kt * (184.2 + kt * (-222.0 + 73.81 * kt)),
        )
    };
    let am = air_mass;
    let clear = 0.866 + am * (-0.122 + am * (0.0121 + am * (-0.000_653 + 1.4e-5 * am)));
    clear - (a + b * exp(c * am))
}
