//! Direct and diffuse irradiance from global irradiance alone.

mod dirint;
mod dirint_table;
mod disc;
mod erbs;

pub use dirint::{DirintHour, decompose_dirint};
pub use disc::decompose_disc;
pub use erbs::decompose_erbs;

use conurb_numerics::sin_cos_degrees;

use super::Irradiance;

/// Beyond this zenith, °, all is taken as diffuse: quotients by cos z only enlarge errors there.
const GREATEST_ZENITH: f64 = 87.0;
/// Least cosine of the zenith in the clearness index, about that of 86.3°.
const LEAST_COSINE: f64 = 0.065;

/// Clearness index kt = ghi / (E0 cos z), 0 to 1.
fn clearness(ghi: f64, cos_zenith: f64, dni_extra: f64) -> f64 {
    (ghi / (dni_extra * cos_zenith.max(LEAST_COSINE))).clamp(0.0, 1.0)
}

/// What closes ghi = dni cos z + dhi for a known `dni`, which is cut so that dhi is not below 0.
fn closed(ghi: f64, dni: f64, zenith: f64) -> Irradiance {
    let ghi = ghi.max(0.0);
    if zenith <= GREATEST_ZENITH && dni > 0.0 {
        let cosine = sin_cos_degrees(zenith).1;
        let dni = dni.min(ghi / cosine);
        return Irradiance { ghi, dni, dhi: (ghi - dni * cosine).max(0.0) };
    }
    Irradiance { ghi, dni: 0.0, dhi: ghi }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_a_number_gives_no_beam() {
        for irradiance in [
            decompose_erbs(f64::NAN, 30.0, 1367.0),
            decompose_erbs(500.0, f64::NAN, 1367.0),
            decompose_disc(500.0, f64::NAN, 100.0, 1e5),
            decompose_disc(f64::NAN, 30.0, 100.0, 1e5),
        ] {
            assert_eq!(irradiance.dni, 0.0);
            assert!(irradiance.dhi.is_finite());
        }
    }

    proptest! {
        #[test]
        fn every_model_closes_the_balance(ghi in 0.0_f64..1400.0, zenith in 0.0_f64..120.0, day in 1.0_f64..366.0) {
            let mut dirint = [Irradiance::default()];
            let hour = DirintHour { ghi, zenith, day_of_year: day, dew_point_c: Some(10.0) };
            decompose_dirint(&[hour], 101_325.0, &mut dirint);
            for found in [decompose_erbs(ghi, zenith, 1367.0), decompose_disc(ghi, zenith, day, 101_325.0), dirint[0]] {
                prop_assert!(found.dni >= 0.0 && found.dhi >= 0.0);
                let sum = found.dhi + found.dni * libm::cos(zenith.to_radians());
                prop_assert!((sum - ghi).abs() < 1e-9, "{sum} {ghi}");
            }
        }
    }
}
