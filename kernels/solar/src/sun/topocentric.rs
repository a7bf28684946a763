//! The sun as seen from a place on the ground.

use conurb_numerics::{atan2_degrees, sin_cos, sin_cos_degrees};

use super::Site;

/// Numbers of a place that do not change with time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Horizon {
    longitude: f64,
    sin_latitude: f64,
    cos_latitude: f64,
    /// Distance from the earth's axis and height over the equator's plane, equatorial radii: report eq. 35 and 36.
    from_axis: f64,
    over_equator: f64,
    /// Refraction over cot of the angle, °: report eq. 42.
    refraction: f64,
}

/// Zenith without and with refraction, and azimuth, °.
#[derive(Debug, Clone, Copy)]
pub(super) struct Topocentric {
    pub zenith: f64,
    pub apparent_zenith: f64,
    pub azimuth: f64,
}

/// Polar over equatorial radius of the earth.
const FLATTENING: f64 = 0.996_647_19;
const EQUATORIAL_RADIUS_M: f64 = 6_378_140.0;
/// Half the sun's disc and refraction at the horizon, °: lower than this below the horizon nothing of it is seen.
const LOWEST_REFRACTED: f64 = -(0.266_67 + 0.5667);

impl Horizon {
    pub(super) fn new(site: &Site) -> Self {
        let (sin_latitude, cos_latitude) = sin_cos_degrees(site.latitude);
        // u = atan(0.99664719 tan φ), report eq. 34, without the tangent that is infinite at poles.
        let norm = ((FLATTENING * sin_latitude) * (FLATTENING * sin_latitude) + cos_latitude * cos_latitude).sqrt();
        let (sin_u, cos_u) = (FLATTENING * sin_latitude / norm, cos_latitude / norm);
        let height = site.elevation_m / EQUATORIAL_RADIUS_M;
        Horizon {
            longitude: site.longitude,
            sin_latitude,
            cos_latitude,
            from_axis: cos_u + height * cos_latitude,
            over_equator: FLATTENING * sin_u + height * sin_latitude,
            refraction: site.pressure_pa / 101_000.0 * (283.0 / (273.0 + site.temperature_c)) * (1.02 / 60.0),
        }
    }

    /// Report sections 3.11 to 3.14, in rectangular coordinates: the vector to the sun's centre less that to the place.
    ///
    /// That is the same as eq. 37 to 41 and 45: tan Δα and tan δ' there are ratios of these coordinates.
    #[inline(always)]
    pub(super) fn see(&self, greenwich_hour_angle: f64, declination: f64, distance: f64) -> Topocentric {
        const PARALLAX_AT_1_AU: f64 = 8.794 / 3600.0 * (core::f64::consts::PI / 180.0);
        let (sin_h, cos_h) = sin_cos_degrees(greenwich_hour_angle + self.longitude);
        let (sin_delta, cos_delta) = sin_cos_degrees(declination);
        let xi = PARALLAX_AT_1_AU / distance;
        let sin_xi = xi - xi * xi * xi / 6.0;
        let to_meridian = cos_delta * cos_h - self.from_axis * sin_xi;
        let to_west = cos_delta * sin_h;
        let to_pole = sin_delta - self.over_equator * sin_xi;
        let up = self.sin_latitude * to_pole + self.cos_latitude * to_meridian;
        let north = self.cos_latitude * to_pole - self.sin_latitude * to_meridian;
        let elevation = atan2_degrees(up, (north * north + to_west * to_west).sqrt());
        let azimuth = atan2_degrees(-to_west, north);
        Topocentric {
            zenith: 90.0 - elevation,
            apparent_zenith: 90.0 - (elevation + self.refraction_at(elevation)),
            azimuth: if azimuth < 0.0 { azimuth + 360.0 } else { azimuth },
        }
    }

    /// Report eq. 42, °; 0 where the whole disc is below the horizon.
    #[inline(always)]
    fn refraction_at(&self, elevation: f64) -> f64 {
        const RADIANS_PER_DEGREE: f64 = core::f64::consts::PI / 180.0;
        // Only angles that refract enter the formula, which has a pole at −5.11°.
        let above = elevation.max(LOWEST_REFRACTED);
        let (sine, cosine) = sin_cos((above + 10.3 / (above + 5.11)) * RADIANS_PER_DEGREE);
        let refracted = self.refraction * cosine / sine;
        if elevation >= LOWEST_REFRACTED { refracted } else { 0.0 }
    }
}
