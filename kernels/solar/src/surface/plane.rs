//! What a tilted plane sees of the sky when nothing stands in its way.

use std::f64::consts::PI;

use crate::sky::{Patches, SkyPart};

/// Weights of the sky's rays for one plane.
///
/// A ray's weight is ∫ max(0, cos aoi) dω over its part of the sky (sr): each of its cells counts as one direction with
/// its exact ∫ direction dω, and the sum over the sky is scaled to π (1 + cos tilt) / 2, the view of a free plane. The half
/// below the horizon is the same sky upside down, scaled to π (1 − cos tilt) / 2.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaneSky {
    /// ∫ max(0, cos aoi) dω of each ray of the sky (sr).
    pub weights: Vec<f64>,
    /// Share of each ray of the lowest row in the horizon that the plane faces; they sum to 1.
    pub horizon: Vec<f64>,
}

/// Half of all directions, by the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// The sky.
    Upper,
    /// Its mirror image.
    Lower,
}

/// Level part of a normal below which a plane faces all of the horizon alike.
const NEARLY_LEVEL: f64 = 1e-9;

impl PlaneSky {
    /// Weights for the plane of unit `normal` (east, north, up).
    pub fn new(patches: &Patches, normal: [f64; 3]) -> Self {
        PlaneSky { weights: half_weights(patches, normal, Half::Upper), horizon: horizon(patches, normal) }
    }
}

impl Half {
    /// A vector of the sky, seen in this half.
    pub fn turn(self, [east, north, up]: [f64; 3]) -> [f64; 3] {
        match self {
            Half::Upper => [east, north, up],
            Half::Lower => [east, north, -up],
        }
    }

    /// ∫ max(0, cos aoi) dω (sr) of a free plane over this half.
    pub fn whole(self, normal: [f64; 3]) -> f64 {
        match self {
            Half::Upper => PI * (1.0 + normal[2]) / 2.0,
            Half::Lower => PI * (1.0 - normal[2]) / 2.0,
        }
    }
}

/// Weights of all rays of one half for a plane.
pub fn half_weights(patches: &Patches, normal: [f64; 3], half: Half) -> Vec<f64> {
    let facing = half.turn(normal);
    let mut weights = Vec::with_capacity(patches.n_rays());
    for ray in 0..patches.n_rays() {
        weights.push(patches.cells(ray).iter().map(|&cell| dot(cell, facing).max(0.0)).sum::<f64>());
    }
    let sum: f64 = weights.iter().sum();
    let scale = if sum > 0.0 { half.whole(normal) / sum } else { 0.0 };
    for weight in &mut weights {
        *weight *= scale;
    }
    weights
}

/// Where to look for the part of `ray` that a plane sees: its centre, unless the plane cuts it.
pub fn look_at(patches: &Patches, ray: usize, normal: [f64; 3], half: Half) -> LookAt {
    let facing = half.turn(normal);
    let cells = patches.cells(ray);
    let n_seen = cells.iter().filter(|&&cell| dot(cell, facing) > 0.0).count();
    if n_seen == 0 {
        return LookAt::Nowhere;
    }
    if n_seen == cells.len() {
        return LookAt::Centre;
    }
    let mut seen = [0.0; 3];
    for &cell in cells.iter().filter(|&&cell| dot(cell, facing) > 0.0) {
        for axis in 0..3 {
            seen[axis] += cell[axis];
        }
    }
    LookAt::Aside(half.turn(seen))
}

/// Where a ray goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LookAt {
    /// The plane turns its back on that part of the sky.
    Nowhere,
    /// To the centre.
    Centre,
    /// To the middle of what the plane sees of the part, as a vector of any length.
    Aside([f64; 3]),
}

/// Shares max(0, cos(azimuth difference)) of the lowest row's rays, or equal shares for a level plane.
fn horizon(patches: &Patches, normal: [f64; 3]) -> Vec<f64> {
    let lowest = &patches.looked_at()[..patches.n_lowest() * patches.rays_per_patch()];
    let level = (normal[0] * normal[0] + normal[1] * normal[1]).sqrt();
    let facing = |part: &SkyPart| {
        let [east, north, _] = part.centre();
        if level > NEARLY_LEVEL { (east * normal[0] + north * normal[1]).max(0.0) } else { 1.0 }
    };
    let mut shares: Vec<_> = lowest.iter().map(facing).collect();
    let sum: f64 = shares.iter().sum();
    for share in &mut shares {
        *share /= sum;
    }
    shares
}

/// Scalar product.
#[inline(always)]
pub fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sky::{RaysPerPatch, Subdivision};

    fn normal(tilt: f64, azimuth: f64) -> [f64; 3] {
        let (tilt, azimuth) = (tilt.to_radians(), azimuth.to_radians());
        [libm::sin(tilt) * libm::sin(azimuth), libm::sin(tilt) * libm::cos(azimuth), libm::cos(tilt)]
    }

    #[test]
    fn the_integral_of_a_free_plane_is_right_before_it_is_scaled() {
        for (subdivision, tolerance) in [(Subdivision::Tregenza145, 1e-4), (Subdivision::Reinhart577, 1e-4)] {
            let patches = Patches::new(subdivision, RaysPerPatch::One);
            for (tilt, azimuth) in [(0.0, 0.0), (20.0, 133.0), (35.0, 180.0), (60.0, 271.0), (90.0, 90.0), (100.0, 7.0)]
            {
                let facing = normal(tilt, azimuth);
                let sum: f64 = (0..patches.n_rays())
                    .flat_map(|ray| {
                        patches.cells(ray).iter().map(|&cell| dot(cell, facing).max(0.0)).collect::<Vec<_>>()
                    })
                    .sum();
                let exact = PI * (1.0 + libm::cos(tilt.to_radians())) / 2.0;
                assert!((sum / exact - 1.0).abs() < tolerance, "tilt {tilt}: {sum} instead of {exact}");
            }
        }
    }

    #[test]
    fn weights_of_both_halves_sum_to_all_that_a_plane_sees() {
        let patches = Patches::new(Subdivision::Tregenza145, RaysPerPatch::Four);
        for (tilt, azimuth) in [(0.0, 0.0), (35.0, 180.0), (90.0, 12.0), (135.0, 300.0)] {
            let facing = normal(tilt, azimuth);
            let upper: f64 = half_weights(&patches, facing, Half::Upper).iter().sum();
            let lower: f64 = half_weights(&patches, facing, Half::Lower).iter().sum();
            assert!((upper - PI * (1.0 + libm::cos(tilt.to_radians())) / 2.0).abs() < 1e-12);
            assert!((upper + lower - PI).abs() < 1e-12);
        }
    }

    #[test]
    fn a_level_plane_weighs_patches_by_their_height() {
        let patches = Patches::new(Subdivision::Tregenza145, RaysPerPatch::One);
        let weights = half_weights(&patches, [0.0, 0.0, 1.0], Half::Upper);
        for (weight, exact) in weights.iter().zip(patches.horizontal_weights()) {
            assert!((weight - exact).abs() < 1e-12);
        }
    }

    #[test]
    fn a_wall_faces_half_of_the_horizon() {
        let patches = Patches::new(Subdivision::Tregenza145, RaysPerPatch::One);
        let shares = horizon(&patches, normal(90.0, 180.0));
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(shares[0], 0.0, "north is behind");
        // Patch 15 lies in the south; Σ cos over the 15 patches before a wall is 1 / sin(6°) by the sum of a cosine series.
        assert!((shares[15] - libm::sin(6.0_f64.to_radians())).abs() < 1e-9, "{}", shares[15]);
    }

    #[test]
    fn rays_do_not_look_behind_a_plane() {
        let patches = Patches::new(Subdivision::Tregenza145, RaysPerPatch::One);
        let wall = normal(90.0, 3.0);
        for ray in 0..patches.n_rays() {
            match look_at(&patches, ray, wall, Half::Upper) {
                LookAt::Nowhere => assert!(dot(patches.looked_at()[ray].centre(), wall) < 0.0),
                LookAt::Centre => assert!(dot(patches.looked_at()[ray].centre(), wall) > 0.0),
                LookAt::Aside(direction) => assert!(dot(direction, wall) > 0.0),
            }
        }
    }
}
