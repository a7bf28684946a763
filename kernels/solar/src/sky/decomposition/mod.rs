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
    if zenith > GREATEST_ZENITH || dni <= 0.0 {
        return Irradiance { ghi, dni: 0.0, dhi: ghi };
    }
    let cosine = sin_cos_degrees(zenith).1;
    let dni = dni.min(ghi / cosine);
    Irradiance { ghi, dni, dhi: (ghi - dni * cosine).max(0.0) }
}
