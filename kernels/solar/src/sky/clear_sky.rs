//! Irradiance of a cloudless sky.

use conurb_numerics::{exp, sin_cos_degrees};

use super::air::{absolute_air_mass, relative_air_mass};

/// Irradiance on the ground, W/m².
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Irradiance {
    /// Global on the horizontal.
    pub ghi: f64,
    /// Direct normal to the sun's rays.
    pub dni: f64,
    /// Diffuse on the horizontal.
    pub dhi: f64,
}

/// Clear sky of Ineichen and Perez from Linke turbidity (1 to 10, at air mass 2) and altitude (−500 to 9000 m).
///
/// ghi = (5.09e-5 h + 0.868) E0 cos z exp(−(3.92e-5 h + 0.0387) AM (f1 + f2 (TL − 1))), f1 = exp(−h / 8000),
/// f2 = exp(−h / 1250); dni = E0 (0.664 + 0.163 / f1) exp(−0.09 AM (TL − 1)), at most what ghi leaves; dhi = ghi − dni cos z.
/// All are 0 with the sun below the horizon. `pressure_pa` makes AM absolute; `dni_extra` is E0 in W/m².
///
/// Source: Ineichen & Perez, A new airmass independent formulation for the Linke turbidity coefficient, Sol. Energy 73,
/// 2002, eq. 4 to 8, <https://doi.org/10.1016/S0038-092X(02)00045-2>, without the later factor exp(0.01 AM^1.8).
pub fn clear_sky_ineichen(
    apparent_zenith: f64,
    linke_turbidity: f64,
    altitude_m: f64,
    pressure_pa: f64,
    dni_extra: f64,
) -> Irradiance {
    let cosine = sin_cos_degrees(apparent_zenith).1.max(0.0);
    let air_mass = match relative_air_mass(apparent_zenith) {
        Some(relative) if cosine > 0.0 => absolute_air_mass(relative, pressure_pa),
        _ => return Irradiance::default(),
    };
    let excess = linke_turbidity - 1.0;
    let (f1, f2) = (exp(-altitude_m / 8000.0), exp(-altitude_m / 1250.0));
    let (cg1, cg2) = (5.09e-5 * altitude_m + 0.868, 3.92e-5 * altitude_m + 0.0387);
    let ghi = cg1 * dni_extra * cosine * exp(-cg2 * air_mass * (f1 + f2 * excess));
    let beam = dni_extra * (0.664 + 0.163 / f1) * exp(-0.09 * air_mass * excess);
    let diffuse_share = (0.1 - 0.2 * exp(-linke_turbidity)) / (0.1 + 0.882 / f1);
    let dni = beam.min(ghi * ((1.0 - diffuse_share) / cosine).clamp(0.0, 1e20));
    Irradiance { ghi, dni, dhi: ghi - dni * cosine }
}
