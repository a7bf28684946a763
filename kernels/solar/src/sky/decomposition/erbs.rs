//! The diffuse share of Erbs.

use conurb_numerics::sin_cos_degrees;

use super::{Irradiance, clearness, closed};

/// Splits `ghi`, W/m², by the clearness index kt = ghi / (E0 cos z): dhi / ghi is 1 − 0.09 kt up to kt = 0.22, 0.165 beyond
/// 0.8, and 0.9511 − 0.1604 kt + 4.388 kt² − 16.638 kt³ + 12.336 kt⁴ between; all is diffuse for zenith > 87°.
///
/// `dni_extra` is E0 in W/m². Source: Erbs, Klein & Duffie, Estimation of the diffuse radiation fraction for hourly, daily
/// and monthly-average global radiation, Sol. Energy 28(4), 1982, eq. 1, <https://doi.org/10.1016/0038-092X(82)90302-4>.
pub fn decompose_erbs(ghi: f64, zenith: f64, dni_extra: f64) -> Irradiance {
    let cosine = sin_cos_degrees(zenith).1;
    let kt = clearness(ghi, cosine, dni_extra);
    let share = if kt <= 0.22 {
        1.0 - 0.09 * kt
    } else if kt <= 0.8 {
        0.9511 + kt * (-0.1604 + kt * (4.388 + kt * (-16.638 + kt * 12.336)))
    } else {
        0.165
    };
    closed(ghi, ghi * (1.0 - share) / cosine, zenith)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ranges() {
        // kt = 0.2, 0.5 and 0.9 with the sun in the zenith and E0 = 1000.
        let at = |ghi: f64| decompose_erbs(ghi, 0.0, 1000.0);
        assert!((at(200.0).dhi - 200.0 * 0.982).abs() < 1e-9);
        // 0.9511 − 0.0802 + 1.097 − 2.07975 + 0.771 = 0.65915
        assert!((at(500.0).dhi - 500.0 * 0.659_15).abs() < 1e-9);
        assert!((at(900.0).dhi - 900.0 * 0.165).abs() < 1e-9);
        assert!((at(900.0).dni - 900.0 * 0.835).abs() < 1e-9);
    }

    #[test]
    fn a_low_sun_gives_no_beam() {
        assert_eq!(decompose_erbs(30.0, 88.0, 1367.0), Irradiance { ghi: 30.0, dni: 0.0, dhi: 30.0 });
        assert_eq!(decompose_erbs(-1.0, 40.0, 1367.0), Irradiance::default());
    }
}
