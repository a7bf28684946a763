//! Radiance of each sky patch by the all-weather model.
//!
//! Perez, Seals and Michalsky, All-weather model for sky luminance distribution — preliminary configuration and
//! validation, Solar Energy 50(3), 235–245, 1993, with its erratum, Solar Energy 51(5), 423, 1993. The distribution of
//! luminance is taken for that of radiance, as is common, and scaled so that a free horizontal plane gains exactly the
//! diffuse horizontal irradiance.

use std::f64::consts::FRAC_PI_2;

use super::patches::{Patches, SkyPart};

/// Sun and irradiance at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PerezSky {
    /// Unit vector to the sun, east, north, up.
    pub sun: [f64; 3],
    /// Direct normal irradiance (W/m²), ≥ 0.
    pub dni: f64,
    /// Diffuse horizontal irradiance (W/m²), ≥ 0.
    pub dhi: f64,
    /// Extraterrestrial normal irradiance (W/m²), > 0.
    pub dni_extra: f64,
    /// Relative optical air mass, ≥ 1.
    pub air_mass: f64,
}

/// Upper ends of the bins of clearness (Table 1).
const CLEARNESS: [f64; 7] = [1.065, 1.230, 1.500, 1.950, 2.800, 4.500, 6.200];

/// Coefficients 1 to 4 of a, b, c, d and e in each bin of clearness (Table 1).
const COEFFICIENTS: [[[f64; 4]; 5]; 8] = [
    [
        [1.3525, -0.2576, -0.2690, -1.4366],
        [-0.7670, 0.0007, 1.2734, -0.1233],
        [2.8000, 0.6004, 1.2375, 1.0000],
        [1.8734, 0.6297, 0.9738, 0.2809],
        [0.0356, -0.1246, -0.5718, 0.9938],
    ],
    [
        [-1.2219, -0.7730, 1.4148, 1.1016],
        [-0.2054, 0.0367, -3.9128, 0.9156],
        [6.9750, 0.1774, 6.4477, -0.1239],
        [-1.5798, -0.5081, -1.7812, 0.1080],
        [0.2624, 0.0672, -0.2190, -0.4285],
    ],
    [
        [-1.1000, -0.2515, 0.8952, 0.0156],
        [0.2782, -0.1812, -4.5000, 1.1766],
        [24.7219, -13.0812, -37.7000, 34.8438],
        [-5.0000, 1.5218, 3.9229, -2.6204],
        [-0.0156, 0.1597, 0.4199, -0.5562],
    ],
    [
        [-0.5484, -0.6654, -0.2672, 0.7117],
        [0.7234, -0.6219, -5.6812, 2.6297],
        [33.3389, -18.3000, -62.2500, 52.0781],
        [-3.5000, 0.0016, 1.1477, 0.1062],
        [0.4659, -0.3296, -0.0876, -0.0329],
    ],
    [
        [-0.6000, -0.3566, -2.5000, 2.3250],
        [0.2937, 0.0496, -5.6812, 1.8415],
        [21.0000, -4.7656, -21.5906, 7.2492],
        [-3.5000, -0.1554, 1.4062, 0.3988],
        [0.0032, 0.0766, -0.0656, -0.1294],
    ],
    [
        [-1.0156, -0.3670, 1.0078, 1.4051],
        [0.2875, -0.5328, -3.8500, 3.3750],
        [14.0000, -0.9999, -7.1406, 7.5469],
        [-3.4000, -0.1078, -1.0750, 1.5702],
        [-0.0672, 0.4016, 0.3017, -0.4844],
    ],
    [
        [-1.0000, 0.0211, 0.5025, -0.5119],
        [-0.3000, 0.1922, 0.7023, -1.6317],
        [19.0000, -5.0000, 1.2438, -1.9094],
        [-4.0000, 0.0250, 0.3844, 0.2656],
        [1.0468, -0.3788, -2.4517, 1.4656],
    ],
    [
        [-1.0500, 0.0289, 0.4260, 0.3590],
        [-0.3250, 0.1156, 0.7781, 0.0025],
        [31.0625, -14.5000, -46.1148, 55.3750],
        [-7.2312, 0.4050, 13.3500, 0.6234],
        [1.5000, -0.6426, 1.8564, 0.5636],
    ],
];

/// Range of brightness for which the model holds.
const BRIGHTNESS: [f64; 2] = [0.01, 0.6];

/// Least brightness in the intermediate bins, below which b turns positive and the horizon grows without bound.
const BRIGHTNESS_INTERMEDIATE: f64 = 0.2;

/// Weight of Z³ in the clearness, Z in rad.
const CLEARNESS_ZENITH: f64 = 1.041;

/// Parameters a to e of one time.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Shape {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    e: f64,
}

/// Radiance of every patch (W/m²/sr) at every time: one row per patch, one column per time.
///
/// Σ radiance × [`Patches::horizontal_weights`] of a column is its dhi. A column without diffuse irradiance, or with any
/// that is not a number, is 0; where the sun is not above the horizon or the air mass is not finite, the sky is uniform.
pub fn patch_radiances(patches: &Patches, skies: &[PerezSky]) -> Vec<f32> {
    let weights = patches.horizontal_weights();
    let centres: Vec<_> = patches.patches().iter().map(SkyPart::centre).collect();
    let mut radiances = vec![0.0; weights.len() * skies.len()];
    let mut relative = vec![0.0; weights.len()];
    for (column, sky) in skies.iter().enumerate() {
        if !(sky.dhi > 0.0 && sky.dhi.is_finite() && sky.dni.is_finite()) {
            continue;
        }
        relative_radiances(sky, &centres, &mut relative);
        let on_plane: f64 = relative.iter().zip(&weights).map(|(radiance, weight)| radiance * weight).sum();
        let scale = sky.dhi / on_plane;
        for (patch, radiance) in relative.iter().enumerate() {
            radiances[patch * skies.len() + column] = (radiance * scale) as f32;
        }
    }
    radiances
}

/// Equation 1 for every centre; 1 where the model is not defined or gives nothing.
fn relative_radiances(sky: &PerezSky, centres: &[[f64; 3]], relative: &mut [f64]) {
    let Some(shape) = Shape::of(sky) else {
        relative.fill(1.0);
        return;
    };
    for (radiance, centre) in relative.iter_mut().zip(centres) {
        let cosine = sky.sun[0] * centre[0] + sky.sun[1] * centre[1] + sky.sun[2] * centre[2];
        *radiance = shape.radiance(centre[2], cosine.clamp(-1.0, 1.0));
    }
    if !relative.iter().any(|&radiance| radiance > 0.0) || !relative.iter().all(|radiance| radiance.is_finite()) {
        relative.fill(1.0);
    }
}

impl Shape {
    /// `None` where the sun is not above the horizon or an input is not finite.
    fn of(sky: &PerezSky) -> Option<Self> {
        let zenith = libm::acos(sky.sun[2].clamp(-1.0, 1.0));
        let brightness = sky.dhi * sky.air_mass / sky.dni_extra;
        if !(zenith < FRAC_PI_2 && brightness.is_finite()) {
            return None;
        }
        let clearness = clearness(zenith, sky.dni.max(0.0), sky.dhi);
        let bin = CLEARNESS.iter().take_while(|&&end| clearness >= end).count();
        let intermediate = clearness > CLEARNESS[0] && clearness < CLEARNESS[4];
        let least = if intermediate { BRIGHTNESS_INTERMEDIATE } else { BRIGHTNESS[0] };
        Some(Shape::in_bin(bin, zenith, brightness.clamp(least, BRIGHTNESS[1])))
    }

    /// Equations 4 to 8: x = x1 + x2 Z + Δ (x3 + x4 Z), but for c and d of the first bin.
    fn in_bin(bin: usize, zenith: f64, brightness: f64) -> Self {
        let linear = |x: &[f64; 4]| x[0] + x[1] * zenith + brightness * (x[2] + x[3] * zenith);
        let [a, b, c, d, e] = &COEFFICIENTS[bin];
        let (circumsolar, width) = if bin == 0 {
            (
                libm::exp(libm::pow(brightness * (c[0] + c[1] * zenith), c[2])) - c[3],
                -libm::exp(brightness * (d[0] + d[1] * zenith)) + d[2] + brightness * d[3],
            )
        } else {
            (linear(c), linear(d))
        };
        Shape { a: linear(a), b: linear(b), c: circumsolar, d: width, e: linear(e) }
    }

    /// Equation 1 at a place `up` = cos ζ in the sky, `cosine` from the sun; never below 0.
    fn radiance(&self, up: f64, cosine: f64) -> f64 {
        let from_sun = libm::acos(cosine);
        let gradation = 1.0 + self.a * libm::exp(self.b / up);
        let indicatrix = 1.0 + self.c * libm::exp(self.d * from_sun) + self.e * cosine * cosine;
        (gradation * indicatrix).max(0.0)
    }
}

/// Clearness ε of Perez et al. (Solar Energy 44(5), 271–289, 1990, equation 1): 1 under clouds, above 6 when clear.
fn clearness(zenith: f64, dni: f64, dhi: f64) -> f64 {
    let weight = CLEARNESS_ZENITH * zenith * zenith * zenith;
    ((dhi + dni) / dhi + weight) / (1.0 + weight)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::sky::patches::{RaysPerPatch, Subdivision};

    fn sky(elevation: f64, dni: f64, dhi: f64) -> PerezSky {
        let up = libm::sin(elevation.to_radians());
        PerezSky { sun: [0.0, -libm::cos(elevation.to_radians()), up], dni, dhi, dni_extra: 1366.1, air_mass: 1.0 / up }
    }

    #[test]
    fn a_clear_sky_has_the_radiance_worked_out_by_hand() {
        // Last bin, Z = 0.5, Δ = 0.1: a = -0.975, b = -0.189265, c = 21.96977, d = -5.66253, e = 1.39252.
        // At cos ζ = 0.5, γ = 1: (1 - 0.975 exp(-0.37853)) (1 + 21.96977 exp(-5.66253) + 1.39252 cos² 1) = 0.49268.
        let shape = Shape::in_bin(7, 0.5, 0.1);
        assert!(
            (shape.radiance(0.5, libm::cos(1.0)) - 0.49268).abs() < 2e-5,
            "{}",
            shape.radiance(0.5, libm::cos(1.0))
        );
    }

    #[test]
    fn an_overcast_sky_has_the_radiance_worked_out_by_hand() {
        // First bin, Z = 1, Δ = 0.2: c = exp((0.2 × 3.4004)^1.2375) - 1 = 0.85999,
        // d = -exp(0.2 × 2.5031) + 0.9738 + 0.2 × 0.2809 = -0.61976.
        let shape = Shape::in_bin(0, 1.0, 0.2);
        assert!((shape.c - 0.85999).abs() < 2e-5, "{}", shape.c);
        assert!((shape.d + 0.61976).abs() < 2e-5, "{}", shape.d);
    }

    #[test]
    fn a_horizontal_plane_gains_the_diffuse_irradiance() {
        let skies = [
            sky(5.0, 10.0, 30.0),
            sky(30.0, 0.0, 180.0),
            sky(60.0, 900.0, 80.0),
            sky(45.0, 300.0, 300.0),
            sky(-3.0, 0.0, 4.0),
        ];
        for subdivision in [Subdivision::Tregenza145, Subdivision::Reinhart577] {
            let patches = Patches::new(subdivision, RaysPerPatch::One);
            let radiances = patch_radiances(&patches, &skies);
            for (column, sky) in skies.iter().enumerate() {
                let on_plane: f64 = patches
                    .horizontal_weights()
                    .iter()
                    .enumerate()
                    .map(|(patch, weight)| f64::from(radiances[patch * skies.len() + column]) * weight)
                    .sum();
                assert!((on_plane / sky.dhi - 1.0).abs() < 1e-6, "{on_plane} instead of {}", sky.dhi);
            }
        }
    }

    #[test]
    fn a_clear_sky_is_brightest_around_the_sun() {
        let patches = Patches::new(Subdivision::Reinhart577, RaysPerPatch::One);
        let clear = sky(40.0, 850.0, 90.0);
        let radiances = patch_radiances(&patches, &[clear]);
        let brightest = (0..577).max_by(|&a, &b| radiances[a].total_cmp(&radiances[b])).unwrap();
        let centre = patches.patches()[brightest].centre();
        let cosine: f64 = centre.iter().zip(&clear.sun).map(|(a, b)| a * b).sum();
        assert!(libm::acos(cosine).to_degrees() < 5.0, "{centre:?}");
    }

    #[test]
    fn without_a_sun_the_sky_is_uniform_and_without_light_dark() {
        let patches = Patches::new(Subdivision::Tregenza145, RaysPerPatch::One);
        let mut dark = sky(30.0, 0.0, 0.0);
        let no_number = sky(30.0, 100.0, f64::NAN);
        let radiances = patch_radiances(&patches, &[sky(-2.0, 0.0, 10.0), dark, no_number]);
        for row in radiances.chunks(3) {
            assert!((f64::from(row[0]) - 10.0 / PI).abs() < 1e-5);
            assert_eq!(row[1..], [0.0, 0.0]);
        }
        dark.dhi = 10.0;
        dark.air_mass = f64::INFINITY;
        assert!((f64::from(patch_radiances(&patches, &[dark])[7]) - 10.0 / PI).abs() < 1e-5);
    }
}
