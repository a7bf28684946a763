//! Planes, what lies around them, and what they receive.

use conurb_numerics::sin_cos_degrees;

/// A plane, by its unit normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plane {
    /// East, north and up.
    pub(super) normal: [f64; 3],
}

/// What lies around a plane; each share is 1 where nothing is hidden.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surroundings {
    /// Reflected share of what falls on the ground, 0 to 1.
    pub albedo: f64,
    /// Visible share of the sky's factor (1 + cos β) / 2.
    pub sky_share: f64,
    /// Visible share of the horizon before the plane.
    pub horizon_share: f64,
    /// Visible share of the ground's factor (1 − cos β) / 2.
    pub ground_share: f64,
}

/// Irradiance of one plane in each time step, W/m², by origin; the sum of all is the global irradiance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlaneIrradiance {
    /// poa_direct: the sun's disc.
    pub direct: Vec<f64>,
    /// poa_sky_isotropic: the even sky.
    pub isotropic: Vec<f64>,
    /// poa_circumsolar: the sky around the sun.
    pub circumsolar: Vec<f64>,
    /// poa_horizon: the brighter or darker horizon; may be negative.
    pub horizon: Vec<f64>,
    /// poa_ground: what the ground reflects.
    pub ground: Vec<f64>,
}

/// Sums over time steps by origin, W/m² times steps.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PlaneTotals {
    /// Of the sun's disc.
    pub direct: f64,
    /// Of the even sky.
    pub isotropic: f64,
    /// Of the sky around the sun.
    pub circumsolar: f64,
    /// Of the horizon; may be negative.
    pub horizon: f64,
    /// Of the ground.
    pub ground: f64,
}

impl Plane {
    /// A plane by its tilt (0° facing up, 90° a wall, 180° facing down) and the azimuth that it faces, clockwise from north.
    pub fn new(surface_tilt: f64, surface_azimuth: f64) -> Self {
        let (sin_tilt, cos_tilt) = sin_cos_degrees(surface_tilt);
        let (sin_azimuth, cos_azimuth) = sin_cos_degrees(surface_azimuth);
        Plane { normal: [sin_tilt * sin_azimuth, sin_tilt * cos_azimuth, cos_tilt] }
    }

    /// A plane by its unit normal: east, north, up.
    pub fn from_normal(normal: [f64; 3]) -> Self {
        Plane { normal }
    }

    /// Unit normal: east, north, up.
    pub fn normal(&self) -> [f64; 3] {
        self.normal
    }
}

impl Surroundings {
    /// Nothing is hidden.
    pub fn open(albedo: f64) -> Self {
        Surroundings { albedo, sky_share: 1.0, horizon_share: 1.0, ground_share: 1.0 }
    }
}

impl PlaneIrradiance {
    pub(super) fn resize(&mut self, n_steps: usize) {
        for values in
            [&mut self.direct, &mut self.isotropic, &mut self.circumsolar, &mut self.horizon, &mut self.ground]
        {
            values.resize(n_steps, 0.0);
        }
    }
}

impl PlaneTotals {
    /// All origins together.
    #[inline(always)]
    pub fn global(&self) -> f64 {
        self.direct + ((self.isotropic + self.circumsolar + self.horizon) + self.ground)
    }

    /// A sky whose parts add to 0 or less gives nothing.
    #[inline(always)]
    pub(super) fn without_dark_sky(self) -> Self {
        let lit = self.isotropic + self.circumsolar + self.horizon > 0.0;
        let of_lit = |part: f64| if lit { part } else { 0.0 };
        PlaneTotals {
            isotropic: of_lit(self.isotropic),
            circumsolar: of_lit(self.circumsolar),
            horizon: of_lit(self.horizon),
            ..self
        }
    }
}
